"""How well products of a catalogue answer a search, or go into what others make."""

from __future__ import annotations

import functools
import re
from typing import TYPE_CHECKING, Final

from liaison_analysis.products import find_product_words

if TYPE_CHECKING:
    from liaison_analysis.products import ProductCatalogue

# How well an offer answers a search (judgement, an order): for a hyponym of the product sought, 1–3 steps
# below; for a hypernym, 1–2 steps above.
_KIND: Final = (1.0, 0.85, 0.7, 0.55)
_BROADER: Final = (1.0, 0.6, 0.4)

# Probability that a phrase of business means a product that is its last word, or that occurs inside it
# (judgement).
_HEADED: Final = 0.85
_INSIDE: Final = 0.75

# Share that remains of the probability that makers buy an input, for each step up the kinds of their product.
# Chosen on the development regions of benchmarks/regions.py.
_STEP: Final = 0.8
_UP: Final = 2

# A Latin word of one or two letters between Chinese characters.
_SHORT_LATIN: Final = re.compile(r"(?<=[一-鿿])[A-Za-z]{1,2}(?=[一-鿿])")


@functools.lru_cache(maxsize=4)
def product_matcher(catalogue: ProductCatalogue) -> ProductMatcher:
    """Give the matcher of a catalogue; what it has found is kept for the next caller."""
    return ProductMatcher(catalogue)


class ProductMatcher:
    """Products that words mean, and how they fit each other.

    Parameters
    ----------
    catalogue
        Products, kinds and links.
    """

    def __init__(self, catalogue: ProductCatalogue) -> None:
        self.catalogue = catalogue
        self._meant: dict[str, dict[str, float]] = {}
        self._known: dict[tuple[str, str], float] = {}

    def meant(self, written: str) -> dict[str, float]:
        """Products that some words mean or name, with the probability of each (0–1)."""
        if written not in self._meant:
            self._meant[written] = self._read(written)
        return self._meant[written]

    def _read(self, written: str) -> dict[str, float]:
        whole = self.catalogue.recognise(written)
        named = dict.fromkeys(find_product_words([written], self.catalogue), _INSIDE)
        # AR of 真空镀AR膜 is no headset.
        named = {p: trust for p, trust in named.items() if not _SHORT_LATIN.search(written) or p in written}
        if "废" in written:  # waste of a product is not the product
            named = {product: trust for product, trust in named.items() if "废" in product}
        if whole is not None:
            named[whole.product] = 1.0 if whole.exact else max(_HEADED, named.get(whole.product, 0.0))
        return named

    def answers(self, sought: str, offered: str) -> float:
        """How well an offered product answers a search for another, 0–1."""
        if sought == offered:
            return 1.0
        above = self.catalogue.kinds_of(offered)
        if sought in above:
            step = above.index(sought) + 1
            return _KIND[step] if step < len(_KIND) else 0.0
        above = self.catalogue.kinds_of(sought)
        if offered in above:
            step = above.index(offered) + 1
            return _BROADER[step] if step < len(_BROADER) else 0.0
        return 0.0

    def goes_into(self, product: str, into: str) -> float:
        """Probability that makers of a product buy another."""
        key = (product, into)
        if key not in self._known:
            fits = [
                self.answers(needed, product) * _STEP**step
                for step, kind in enumerate([into, *self.catalogue.kinds_of(into)[:_UP]])
                for needed in self.catalogue.inputs.get(kind, ())
            ]
            self._known[key] = max(fits, default=0.0)
        return self._known[key]
