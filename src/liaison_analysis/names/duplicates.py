"""Enterprises that are listed twice in a roster."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import pandas as pd

from liaison_analysis.names.candidates import score_names

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy as np

    from liaison_analysis.names.roster import Roster

    Array = np.ndarray[Any, Any]

#: Judgement: two names that a slip makes of each other differ by two characters at most, and names of three
#: characters that differ by one usually are different firms.
_LONGER: Final = 2
_SHORTEST: Final = 4


def find_duplicates(roster: Roster, *, least: float, weights: Array | None = None) -> pd.DataFrame:
    """List pairs of enterprises that may be one; ``NameIndex.duplicates`` says what the columns are."""
    pairs: dict[tuple[int, int], tuple[float, str]] = {}
    n = len(roster.ids)
    for numbers in roster.codes.values():
        pairs.update(dict.fromkeys(_pairs(numbers), (1.0, "same code")))
    for entries in roster.keys.values():
        for pair in _pairs([e for e in entries if e < n]):
            pairs.setdefault(pair, (1.0, "same name"))
    scored = score_names(roster, roster.parts[:n], [None] * n, weights=weights, without_self=True)
    for number, (ranked, _) in enumerate(scored):
        for other, score in ranked[:1]:
            if score >= least and _may_be_a_slip(roster.parts[number].stem, roster.parts[other].stem):
                pairs.setdefault((min(number, other), max(number, other)), (score, "alike"))
    ids, names = roster.ids, roster.names
    rows = [(ids[a], ids[b], names[a], names[b], round(s, 9), why) for (a, b), (s, why) in pairs.items()]
    columns = ["enterprise_id", "other_id", "name", "other_name", "score", "why"]
    table = pd.DataFrame(rows, columns=columns).astype({"score": "float64"})
    by = ["score", "enterprise_id", "other_id"]
    return table.sort_values(by, ascending=[False, True, True]).reset_index(drop=True)


def _may_be_a_slip(ours: str, theirs: str) -> bool:
    """Whether two names are long enough, and similar enough in length, to differ by a slip only."""
    return abs(len(ours) - len(theirs)) <= _LONGER and min(len(ours), len(theirs)) >= _SHORTEST


def _pairs(numbers: Sequence[int]) -> list[tuple[int, int]]:
    ordered = sorted(set(numbers))
    return [(a, b) for i, a in enumerate(ordered) for b in ordered[i + 1 :]]
