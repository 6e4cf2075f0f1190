"""Counterparts that make or use the products that a demand mentions, by the catalogue of products."""

from __future__ import annotations

import re
from collections import defaultdict
from functools import cached_property
from typing import TYPE_CHECKING, Final, NamedTuple

from liaison_analysis.products import find_product_words

if TYPE_CHECKING:
    from collections.abc import Iterable

    from liaison_analysis.products import ProductCatalogue

# How well an offer answers a search (judgement, an order): for a hyponym of the product sought, 1–3 steps
# below; for a hypernym, 1–2 steps above.
_KIND: Final = (1.0, 0.85, 0.7, 0.55)
_BROADER: Final = (1.0, 0.6, 0.4)

# Probability that a phrase of business means a product that is its last word, or that occurs inside it
# (judgement).
_HEADED: Final = 0.85
_INSIDE: Final = 0.75

# Probability that makers buy an input of their product, for each step up the kinds of the latter; and weight
# of the enterprise's own products where its demand names none, and where it names others. Chosen on the
# development regions of benchmarks/regions.py.
_BUYS: Final = 0.7
_STEP: Final = 0.8
_UNSPOKEN: Final = 0.8
_PASSED_OVER: Final = 0.4
_UP: Final = 2


# A Latin word of one or two letters between Chinese characters.
_SHORT_LATIN: Final = re.compile(r"(?<=[一-鿿])[A-Za-z]{1,2}(?=[一-鿿])")


class Match(NamedTuple):
    """How well a counterpart fits, by which of its products, and by which of the seeker's products."""

    strength: float
    product: str
    own: str = ""


class ProductMatcher:
    """Offers of enterprises as products of a catalogue, matched with the products that texts mention.

    Parameters
    ----------
    catalogue
        Products, kinds and links.
    phrases
        Enterprise id, words and weight (0–1) of each phrase of an enterprise's business or offers.
    """

    def __init__(self, catalogue: ProductCatalogue, phrases: Iterable[tuple[str, str, float]]) -> None:
        self.catalogue = catalogue
        self.made: dict[str, dict[str, tuple[str, float]]] = defaultdict(dict)
        for firm, written, weight in phrases:
            for product, trust in self.meant(written).items():
                if trust * weight > self.made[firm].get(product, ("", 0.0))[1]:
                    self.made[firm][product] = (written, trust * weight)

    def meant(self, written: str) -> dict[str, float]:
        """Products that some words mean or name, with the probability of each (0–1)."""
        whole = self.catalogue.recognise(written)
        named = dict.fromkeys(find_product_words([written], self.catalogue), _INSIDE)
        # AR of 真空镀AR膜 is no headset.
        named = {p: trust for p, trust in named.items() if not _SHORT_LATIN.search(written) or p in written}
        if "废" in written:  # waste of a product is not the product
            named = {product: trust for product, trust in named.items() if "废" in product}
        if whole is not None:
            named[whole.product] = 1.0 if whole.exact else max(_HEADED, named.get(whole.product, 0.0))
        return named

    @cached_property
    def _inputs(self) -> dict[str, list[str]]:
        inputs: dict[str, list[str]] = defaultdict(list)
        feeds = self.catalogue.feeds
        for upstream, downstream in feeds[["upstream", "downstream"]].itertuples(index=False):
            inputs[downstream].append(upstream)
        return inputs

    @cached_property
    def _makers(self) -> dict[str, list[tuple[str, str, float]]]:
        makers: dict[str, list[tuple[str, str, float]]] = defaultdict(list)
        for firm, products in self.made.items():
            for product, (written, trust) in products.items():
                makers[product].append((firm, written, trust))
        return makers

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

    def spoken_of(self, text: str) -> list[str]:
        """Products that a text names."""
        return find_product_words([text], self.catalogue)

    def makers_of(self, sought: Iterable[str]) -> dict[str, Match]:
        """Best match of each enterprise that makes one of some products, or a kind of it."""
        best: dict[str, Match] = {}
        for wanted in sorted(set(sought)):
            for offered, makers in self._makers.items():
                fit = self.answers(wanted, offered)
                for firm, written, trust in makers if fit else ():
                    _keep(best, firm, Match(round(fit * trust, 6), written))
        return best

    def users_of(self, firm: str, spoken: Iterable[str]) -> dict[str, Match]:
        """Best match of each enterprise that makes what products of a firm go into.

        Parameters
        ----------
        firm
            Whose products.
        spoken
            Products that its demand names: these count most.
        """
        named = {kind for product in spoken for kind in (product, *self.catalogue.kinds_of(product)[:1])}
        mine = self.made.get(firm, {})
        silent = _PASSED_OVER if named & set(mine) else _UNSPOKEN
        best: dict[str, Match] = {}
        for own, (own_written, own_trust) in mine.items():
            share = _BUYS * own_trust * (1.0 if own in named else silent)
            for offered, makers in self._makers.items():
                fit = self.goes_into(own, offered)
                for user, written, trust in makers if fit else ():
                    _keep(best, user, Match(round(share * fit * trust, 6), written, own_written))
        return best

    def goes_into(self, product: str, into: str) -> float:
        """Probability that makers of a product buy another."""
        key = (product, into)
        if key not in self._known:
            fits = [
                self.answers(needed, product) * _STEP**step
                for step, kind in enumerate([into, *self.catalogue.kinds_of(into)[:_UP]])
                for needed in self._inputs.get(kind, ())
            ]
            self._known[key] = max(fits, default=0.0)
        return self._known[key]

    @cached_property
    def _known(self) -> dict[tuple[str, str], float]:
        return {}


def _keep(best: dict[str, Match], firm: str, match: Match) -> None:
    if match.strength > best.get(firm, Match(0.0, "")).strength:
        best[firm] = match
