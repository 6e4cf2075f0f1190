"""Words for products in running text."""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING

from liaison_analysis._checks import check_kind, is_missing

if TYPE_CHECKING:
    from collections.abc import Iterable

    from liaison_analysis.products.catalogue import ProductCatalogue


def find_product_words(texts: Iterable[object], catalogue: ProductCatalogue) -> list[str]:
    """List the products that texts name by any word for them, the longest where words overlap.

    Parameters
    ----------
    texts
        Chinese texts; missing ones name nothing.
    catalogue
        Whose words are looked for, except everyday words (``affixes``) and words of one character.

    Returns
    -------
    list of str
        Products, each once, sorted.

    Examples
    --------
    >>> from liaison_analysis.products import product_catalogue
    >>> find_product_words(["想找ＲＶ减速机和电芯的厂家", None], product_catalogue())
    ['RV减速器', '电芯']
    """
    check_kind(catalogue, "catalogue", "ProductCatalogue", source="product_catalogue")
    plain = [
        re.sub(r"[\s\-]+", "", unicodedata.normalize("NFKC", str(text))).lower()
        for text in texts
        if not is_missing(text)
    ]
    if not plain:
        return []
    products: set[str] = set()
    for text in plain:
        hits = sorted(
            (
                (end + 1 - length, end + 1, product)
                for end, (length, product) in catalogue.automaton.iter(text)
            ),
            key=lambda hit: (hit[0] - hit[1], hit[0]),
        )
        taken = bytearray(len(text))
        for start, end, product in hits:
            if not any(taken[start:end]) and not _inside_word(text, start, end):
                taken[start:end] = b"\1" * (end - start)
                products.add(product)
    return sorted(products)


def _inside_word(text: str, start: int, end: int) -> bool:
    """Whether a hit cuts a Latin word or a number apart."""

    def joined(a: str, b: str) -> bool:
        return a.isascii() and b.isascii() and a.isalnum() and b.isalnum()

    return (start > 0 and joined(text[start - 1], text[start])) or (
        end < len(text) and joined(text[end - 1], text[end])
    )
