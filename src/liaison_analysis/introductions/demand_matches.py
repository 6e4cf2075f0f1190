"""Demands that answer each other: one enterprise offers what another looks for, in their own words."""

from __future__ import annotations

import math
import re
from collections import Counter
from typing import TYPE_CHECKING, Final, NamedTuple

from liaison_analysis.introductions.phrase_likeness import SINGLE, units

if TYPE_CHECKING:
    from collections.abc import Sequence

    from liaison_analysis.introductions.request_matches import Request
    from liaison_analysis.products import ProductCatalogue

#: Probability of a good introduction where two demands name the same thing: of 29 such pairs of demands in
#: eleven regions, by the labels, 27 were wanted, of 17 as the demands are read 15 (2026-12-01).
ANSWERED: Final = 0.85
#: The same where a firm that supplies labour looks for customers and the other has vacancies: 6 of 9.
STAFFED: Final = 0.5

# How much a thing counts that is a kind of the other, and the least likeness of names (cosine of their
# characters and pairs of characters, the rarer the more): of the pairs from 0.3 on 5 in 6 were wanted.
_OF_KIND: Final = 0.8
_LEAST: Final = 0.3
# Steps up from the thing offered to the one sought, and from that to the one offered.
_STEPS_OFFERED: Final = 2
_STEPS_SOUGHT: Final = 1
# Number of things that have a pair of characters above which it finds none (speed).
_COMMON: Final = 200
# Names are weighed as among so many at least (judgement: among few, what two share would seem common).
_FEWEST: Final = 100

#: What is asked of a firm that supplies labour, and the business of one.
STAFF: Final = "人手"
LABOUR: Final = re.compile("人力资源|劳务|派遣|招聘|猎头")


class Answering(NamedTuple):
    """A demand that offers what another seeks, or the reverse.

    Attributes
    ----------
    asked, answer
        Numbers of the two among those given.
    thing, other
        What each names.
    strength
        1 for the same product, less where the names are only alike.
    """

    asked: int
    answer: int
    thing: str
    other: str
    strength: float


def answering_demands(
    asked: Sequence[Request], others: Sequence[Request], catalogue: ProductCatalogue, *, offers: bool
) -> list[Answering]:
    """Find pairs of demands of different enterprises in which one offers what the other seeks.

    Parameters
    ----------
    asked, others
        Demands of one side and of the other.
    catalogue
        Recognises products and knows what is a kind of what.
    offers
        True where the first ones offer and the others seek.

    Returns
    -------
    list
        The best pair of things for each pair of demands, in the order of the demands.
    """
    mine = [(i, thing) for i, request in enumerate(asked) for thing in request.things]
    theirs = [(j, thing) for j, request in enumerate(others) for thing in request.things]
    names = dict.fromkeys(thing for _, thing in (*mine, *theirs))
    counts = Counter(unit for thing in names for unit in units(thing))
    weights = {thing: _weights(thing, counts, max(len(names), _FEWEST)) for thing in names}
    recognised = {thing: catalogue.recognise(thing) for thing in names}
    product = {thing: found.product if found else "" for thing, found in recognised.items()}
    having: dict[str, list[int]] = {}
    for at, (_, thing) in enumerate(theirs):
        for key in _keys(thing, product[thing], catalogue, counts):
            having.setdefault(key, []).append(at)
    best: dict[tuple[int, int], Answering] = {}
    for i, thing in mine:
        keys = _keys(thing, product[thing], catalogue, counts)
        for at in sorted({at for key in keys for at in having.get(key, ())}):
            j, other = theirs[at]
            if asked[i].enterprise_id == others[j].enterprise_id:
                continue
            offered, sought = (thing, other) if offers else (other, thing)
            strength = max(
                _cosine(weights[thing], weights[other]),
                _same(product[offered], product[sought], catalogue),
            )
            before = best.get((i, j))
            if strength >= _LEAST and (before is None or strength > before.strength):
                best[i, j] = Answering(i, j, thing, other, round(strength, 6))
    return [best[pair] for pair in sorted(best)]


def _same(offered: str, sought: str, catalogue: ProductCatalogue) -> float:
    """How far a product offered is the one sought: itself, a kind of it, or what it is a kind of."""
    if not offered or not sought:
        return 0.0
    if offered == sought:
        return 1.0
    kinds = catalogue.kinds_of(offered)[:_STEPS_OFFERED]
    return _OF_KIND if sought in kinds or offered in catalogue.kinds_of(sought)[:_STEPS_SOUGHT] else 0.0


def _keys(thing: str, product: str, catalogue: ProductCatalogue, counts: Counter[str]) -> list[str]:
    """By what a thing is looked up: its pairs of characters, its product and the kinds of that."""
    kinds = [product, *catalogue.kinds_of(product)[:_STEPS_OFFERED]] if product else []
    pairs = [unit for unit in units(thing) if len(unit) > 1 and counts[unit] <= _COMMON]
    return [*pairs, *(f"={kind}" for kind in kinds)]


def _weights(thing: str, counts: Counter[str], n: int) -> dict[str, float]:
    """Weights of the characters and pairs of a thing's name, scaled to length 1."""
    found = {
        unit: math.log(1 + n / counts[unit]) * (1.0 if len(unit) > 1 else SINGLE) for unit in units(thing)
    }
    length = math.sqrt(sum(weight * weight for weight in found.values())) or 1.0
    return {unit: weight / length for unit, weight in found.items()}


def _cosine(a: dict[str, float], b: dict[str, float]) -> float:
    return sum(weight * b.get(unit, 0.0) for unit, weight in sorted(a.items()))
