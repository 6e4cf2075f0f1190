"""Where a sentence names things: its pieces between verbs and function words, and the products it names."""

from __future__ import annotations

import csv
import functools
import re
import unicodedata
from importlib.resources import files
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from liaison_analysis.demands.asking import Span
    from liaison_analysis.products import ProductCatalogue

_NUMBER: Final = "0-9一两二三四五六七八九十百千万几半零"
_SOUGHT: Final = re.compile(
    "(?:找|寻|求购|采购|购|买|做|缺的?是?|差|换成?|要|外协|外发|上|租|收|求|测|检|办|引进|开发|承接|接|卖|推|推广|供|试)"
    "(?:个|家|一家|一批|会|能|的|了|专门|把)*$"
)


def noun_pieces(sentence: str) -> list[Span]:
    """Find the pieces of a sentence between verbs, function words, numbers, times and places.

    Examples
    --------
    >>> text = "显影液、蚀刻液现从华南拉"
    >>> [text[a:b] for a, b in noun_pieces(text)]
    ['显影液', '蚀刻液现', '华南']
    """
    pieces, at = [], 0
    for match in _cuts().finditer(sentence):
        if match.start() - at > 1:
            pieces.append((at, match.start()))
        at = match.end()
    if len(sentence) - at > 1:
        pieces.append((at, len(sentence)))
    return pieces


def stands_sought(sentence: str, start: int) -> bool:
    """Whether the words at a place follow a verb of seeking, buying or selling."""
    return _SOUGHT.search(sentence[max(0, start - 5) : start]) is not None


def product_places(text: str, catalogue: ProductCatalogue) -> list[tuple[int, int, str]]:
    """Places of words for products in a text: (start, end, product), the longest where words overlap."""
    folded = [unicodedata.normalize("NFKC", c).lower() for c in text]
    plain = "".join(c if len(c) == 1 else " " for c in folded)
    hits = [
        (last + 1 - length, last + 1, product) for last, (length, product) in catalogue.automaton.iter(plain)
    ]
    taken = bytearray(len(plain))
    kept = []
    for start, end, product in sorted(hits, key=lambda hit: (hit[0] - hit[1], hit[0])):
        if not any(taken[start:end]):
            taken[start:end] = b"\1" * (end - start)
            kept.append((start, end, product))
    return sorted(kept)


def character_pairs(words: str) -> frozenset[str]:
    """Pairs of neighbouring characters.

    Examples
    --------
    >>> sorted(character_pairs("停车场"))
    ['停车', '车场']
    """
    return frozenset(words[i : i + 2] for i in range(len(words) - 1))


@functools.cache
def words_of(kind: str) -> tuple[str, ...]:
    """Words of one kind of ``object_words.csv``."""
    table = files("liaison_analysis.demands").joinpath("object_words.csv").read_text("utf-8")
    return {row["kind"]: tuple(row["words"].split()) for row in csv.DictReader(table.splitlines())}[kind]


@functools.cache
def _cuts() -> re.Pattern[str]:
    """Pattern of separators between things: marks, amounts, and words that name nothing, longest first."""
    measures = "|".join(words_of("measure"))
    amount = rf"(?:大概|大约|差不多|将近|不到|超过|至少)?[{_NUMBER}.]+(?:{measures})?[多来余半]?"
    kinds = ("people", "place", "time", "adverb", "saying", "moving", "seeking", "doing")
    cut = sorted({word for kind in kinds for word in words_of(kind)}, key=lambda word: (-len(word), word))
    marks = r"[，。；？！,;?!：:、（()）“”\"‘’「」《》\s—]+"
    return re.compile("|".join([marks, amount, *map(re.escape, cut)]))
