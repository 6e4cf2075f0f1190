"""Texts with goods replaced by marks of whose they are: turns of phrase are then alike in all trades."""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING, Final, NamedTuple

from liaison_analysis.demands.noun_pieces import character_pairs, noun_pieces, product_places
from liaison_analysis.products import KIND_STEPS, product_catalogue

if TYPE_CHECKING:
    from collections.abc import Iterable

#: Marks of goods: the enterprise's own, what goes into them, what they go into, and any other known goods.
OWN: Final = "Ⓐ"
INPUT: Final = "Ⓑ"
USER: Final = "Ⓒ"
OTHER: Final = "Ⓓ"
#: All of them.
MARKS: Final = (OWN, INPUT, USER, OTHER)

# A piece is the enterprise's own from this share of its pairs of characters in the business (judgement), and
# longer pieces are no names of goods (judgement).
_SHARED: Final = 0.5
_LONGEST: Final = 14

# Longest run of characters of a marked text that is counted: with 5, fewer intents of nine regions were
# read in the tenth.
_RUN: Final = 4


class _Business(NamedTuple):
    """Products of a business text, their kinds, and what the catalogue has before and after them."""

    products: frozenset[str]
    kinds: frozenset[str]
    inputs: frozenset[str]
    users: frozenset[str]
    pairs: frozenset[str]


def mark_goods(text: str, business: str) -> str:
    """Replace the names of goods in a text by marks of whose they are (delexicalisation).

    Marks are ``OWN``, ``INPUT``, ``USER`` and ``OTHER``: for the enterprise's own goods, what goes into
    these, what these go into (``feeds`` of the product catalogue), and other goods of the catalogue.
    Everything else stays as it is written.

    Parameters
    ----------
    text
        One demand, or a part of it.
    business
        What the enterprise does, in its own words; with ``""`` every known thing is ``OTHER``.

    Returns
    -------
    str
        The text with marks.

    Examples
    --------
    >>> mark_goods("想找一家做谐波减速器的厂", "工业机器人"), mark_goods("谐波减速器卖不动", "谐波减速器")
    ('想找一家做Ⓑ的厂', 'Ⓐ卖不动')
    """
    marked, at = [], 0
    for start, end in noun_pieces(text):
        if end - start <= _LONGEST:
            marked += [text[at:start], piece_mark(text[start:end], business)]
            at = end
    return "".join([*marked, text[at:]])


def runs_of_marked(text: str, business: str) -> list[str]:
    """List the runs of one to four characters of a marked text, with ``~`` before each.

    Examples
    --------
    >>> runs_of_marked("缺轴承", "减速器")
    ['~缺', '~Ⓑ', '~缺Ⓑ']
    """
    marked = mark_goods(text, business)
    runs = [
        marked[start : start + length]
        for length in range(1, _RUN + 1)
        for start in range(len(marked) - length + 1)
    ]
    return ["~" + run for run in runs if not any(map(str.isspace, run))]


# A ledger's sentences and clauses name the same things again.
@functools.lru_cache(maxsize=50_000)
def piece_mark(words: str, business: str) -> str:
    """Mark of one piece of a text; the piece itself where it names no goods."""
    named = product_places(words, product_catalogue())
    if business:
        of_business = _business(business)
        if len(character_pairs(words) & of_business.pairs) >= _SHARED * (len(words) - 1):
            return OWN
        if named:  # a compound's head stands last
            product = named[-1][2]
            kinds = _kinds(product)
            if product in of_business.kinds or kinds & of_business.products:
                return OWN
            if kinds & of_business.inputs:
                return INPUT
            if kinds & of_business.users:
                return USER
    return OTHER if named else words


@functools.lru_cache(maxsize=20_000)
def _business(business: str) -> _Business:
    catalogue = product_catalogue()
    products = frozenset(product for *_, product in product_places(business, catalogue))
    kinds = frozenset[str]().union(*map(_kinds, products))
    inputs, users = (_all_of(links, kinds) for links in (catalogue.inputs, catalogue.users))
    return _Business(products, kinds, inputs, users, character_pairs(business))


def _all_of(links: dict[str, list[str]], products: Iterable[str]) -> frozenset[str]:
    return frozenset[str]().union(*(links.get(product, ()) for product in products))


@functools.lru_cache(maxsize=20_000)
def _kinds(product: str) -> frozenset[str]:
    """Find a product and what it is a kind of, as far as uses are handed down."""
    return frozenset([product, *product_catalogue().kinds_of(product)[:KIND_STEPS]])
