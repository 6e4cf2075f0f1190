"""Probable enterprises of written names: each name by itself, or names that compete for enterprises."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, NamedTuple

import numpy as np

from liaison_analysis.names.features import (
    CANDIDATES,
    FEATURES,
    is_long,
    nearest,
    odds,
    pair_features,
    utilities,
)
from liaison_analysis.names.register import crowd_utilities, matched, standing
from liaison_analysis.names.roster import LATEST

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from liaison_analysis.names.features import Entries
    from liaison_analysis.names.parts import NameParts
    from liaison_analysis.names.roster import Roster

    Array = np.ndarray[Any, Any]

#: Candidates of a name in a crowd, as in ``benchmarks/names_strangers.py``; judgement: further ones have a
#: negligible probability.
_KEPT: Final = 6
_CHUNK: Final = 4_000  # names compared at once: bounds memory, changes no result


class Scored(NamedTuple):
    """Probable enterprises of one name.

    Attributes
    ----------
    ranked
        Enterprises (rows of the roster) with their probabilities, best first.
    containing
        Enterprises whose name contains the written one as a substring, sorted.
    """

    ranked: list[tuple[int, float]]
    containing: list[int]


@dataclass(frozen=True, eq=False, slots=True)
class _Candidates:
    """Nearest entries of some names, (names, candidates), with the features of each pair."""

    places: Array
    firms: Array
    features: Array
    containing: list[list[int]]


def score_names(
    roster: Roster,
    parts: Sequence[NameParts],
    days: Sequence[int | None],
    *,
    weights: Array | None = None,
    without_self: bool = False,
) -> Iterator[Scored]:
    """Give the probable enterprises of each name, independent of the other names.

    Parameters
    ----------
    roster
        Enterprises and their names.
    parts
        Written names.
    days
        Day since 1970 of each name, on which an alias must be valid; None: every alias counts.
    weights
        Weights instead of ``features.WEIGHTS``.
    without_self
        Whether ``parts`` are the roster's own names, of which each looks for another enterprise.
    """
    if roster.entries is None:
        yield from (Scored([], []) for _ in parts)
        return
    for some, pairs in _compared(roster, roster.entries, parts, days, without_self=without_self):
        utility = utilities(pairs.features, pairs.places, roster.owners, is_long(some), weights=weights)
        yield from _ranked(roster, pairs.firms, odds(utility), pairs.containing)


def score_crowd(
    roster: Roster,
    parts: Sequence[NameParts],
    days: Sequence[int | None],
    *,
    weights: Array | None = None,
) -> Iterator[Scored]:
    """Give the same where names compete for enterprises; one name on one day competes once.

    Parameters
    ----------
    roster, parts, days
        As in ``score_names``.
    weights
        Weights instead of ``register.AMONG_STRANGERS``.
    """
    if roster.entries is None:
        yield from (Scored([], []) for _ in parts)
        return
    keys = [(part.stem, day) for part, day in zip(parts, days, strict=True)]
    first = {key: i for i, key in reversed(list(enumerate(keys)))}
    kept = sorted(first.values())
    stands = standing([parts[i] for i in kept])
    firms, fits, containing, at = [np.empty((0, _KEPT), np.int64)], [np.empty((0, _KEPT))], [], 0
    for some, pairs in _compared(roster, roster.entries, [parts[i] for i in kept], [days[i] for i in kept]):
        stand, at = stands[at : at + len(some)], at + len(some)
        utility = crowd_utilities(some, stand, pairs.features, pairs.places, roster.owners, weights=weights)
        best = np.argsort(-utility, axis=1, kind="stable")[:, :_KEPT]
        fits.append(np.take_along_axis(utility, best, axis=1))
        firms.append(np.take_along_axis(pairs.firms, best, axis=1))
        containing += pairs.containing
    everyone = np.concatenate(firms)
    shares = matched(everyone, np.concatenate(fits))
    ranked = dict(zip(kept, _ranked(roster, everyone, shares, containing), strict=True))
    yield from (ranked[first[key]] for key in keys)


def _compared(
    roster: Roster,
    entries: Entries,
    parts: Sequence[NameParts],
    days: Sequence[int | None],
    *,
    without_self: bool = False,
) -> Iterator[tuple[Sequence[NameParts], _Candidates]]:
    """Compare names with their nearest entries, chunk by chunk."""
    for start in range(0, len(parts), _CHUNK):
        some, when = parts[start : start + _CHUNK], days[start : start + _CHUNK]
        places, cosines = nearest([p.stem for p in some], entries, k=CANDIDATES)
        if any(day is not None for day in when):
            on = np.array([LATEST if d is None else d for d in when])[:, None]
            anytime = np.array([d is None for d in when])[:, None]
            fits = (roster.valid[0][places] <= on) & (on <= roster.valid[1][places])
            places = np.where(fits | anytime, places, -1)
        if without_self:
            own = np.arange(start, start + len(some))[:, None]
            places = np.where(roster.owners[places] == own, -1, places)
        features = pair_features(some, entries, places, cosines)
        firms = np.where(places >= 0, roster.owners[places], -1)
        # A name can be a substring only where no character is missing.
        whole = (features[:, :, FEATURES.index("all_found")] > 0) & (places >= 0)
        containing = []
        for row, part in enumerate(some):
            pairs = zip(places[row][whole[row]], firms[row][whole[row]], strict=True)
            containing.append(sorted({int(f) for e, f in pairs if _holds(entries.parts[e], part.stem)}))
        yield some, _Candidates(places, firms, features, containing)


def _holds(name: NameParts, stem: str) -> bool:
    """Whether a text is a substring of a name that starts where the name or its brand starts."""
    return name.stem.startswith(stem) or name.core.startswith(stem)


def _ranked(roster: Roster, firms: Array, shares: Array, containing: Sequence[list[int]]) -> Iterator[Scored]:
    """Sort enterprises by rounded probability, then id; of several names of one the best counts."""
    for numbers, row, held in zip(firms.tolist(), np.round(shares, 9).tolist(), containing, strict=True):
        probability: dict[int, float] = {}
        for number, share in zip(numbers, row, strict=True):
            if number >= 0:
                probability[number] = max(share, probability.get(number, 0.0))
        yield Scored(sorted(probability.items(), key=lambda pair: (-pair[1], roster.ids[pair[0]])), held)
