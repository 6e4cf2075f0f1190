"""Replanning on the day of the event (no-shows, late guests) with as few changes as possible."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from liaison_analysis._checks import check_frame, is_whole
from liaison_analysis._solver import silenced
from liaison_analysis.salons.timetable import schedule_meetings
from liaison_analysis.salons.timetable_checks import REFUSED, pair_key, unknown_names

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping


def replan_meetings(
    timetable: pd.DataFrame,
    pairs: pd.DataFrame,
    *,
    slots: int,
    tables: int,
    no_shows: Iterable[Any] = (),
    late: Mapping[Any, int] | None = None,
    now: int = 0,
    moves: int = 0,
    unavailable: Mapping[Any, Collection[int]] | None = None,
    breaks: Collection[int] = (),
    **options: Any,
) -> pd.DataFrame:
    """Repair a timetable on the day: keep what is possible, move the rest to other slots, and fill gaps.

    Priorities: hold as many agreed meetings as possible, then move as few as possible, then maximise the
    score.

    Parameters
    ----------
    timetable
        DataFrame[slot, table, a, b, score], from `schedule_meetings`.
    pairs, slots, tables, unavailable, breaks
        As they were given to `schedule_meetings`.
    no_shows
        Who does not come.
    late
        The first slot in which a participant is there.
    now
        The first slot that has not begun. Earlier ones stay the same, even for guests who do not come any
        more.
    moves
        How many meetings that could stand may be moved, where that rescues others; see ``rescued``.
    options
        Further options of `schedule_meetings`, such as ``min_meetings``.

    Returns
    -------
    DataFrame[slot, table, a, b, score, change], sorted by slot and table: ``change`` is "kept", "moved" (the
    same two, at another time) or "new". ``attrs`` as in `schedule_meetings`, for schedules that keep what can
    stand and rescue so many; ``cancelled``: a list of (slot, a, b) of the meetings that are
    off; ``moved``: how many that could have stood were moved; and ``rescued``: how many that could not stand
    have found another slot.

    Raises
    ------
    ValueError
        As `schedule_meetings`; if ``late`` names a slot that is none of the event, or ``moves`` is no count.

    Notes
    -----
    A mixed-integer program with a variable for each agreed meeting and slot decides which meetings to move;
    the number of moves is proven to be minimal.

    Examples
    --------
    >>> pairs = pd.DataFrame(
    ...     [
    ...         ("robots", "cars", 0.9), ("robots", "bank", 0.5), ("cars", "parts", 0.4),
    ...         ("parts", "bank", 0.3),
    ...     ],
    ...     columns=["a", "b", "score"],
    ... )
    >>> plan = schedule_meetings(pairs, slots=2, tables=2)
    >>> new = replan_meetings(plan, pairs, slots=2, tables=2, no_shows=["cars"])
    >>> print(new.to_string(index=False))
     slot  table      a    b  score change
        0      1  parts bank    0.3   kept
        1      0 robots bank    0.5   kept
    >>> new.attrs["cancelled"]
    [(0, 'robots', 'cars'), (1, 'cars', 'parts')]
    """
    check_frame(timetable, "timetable", ["slot", "a", "b", "score"], source="schedule_meetings")
    check_frame(pairs, "pairs", ["a", "b", "score"], source="meeting_pairs")
    gone, late = set(no_shows), {} if late is None else dict(late)
    people = {*timetable["a"], *timetable["b"], *pairs["a"], *pairs["b"]}
    strangers = unknown_names({"no_shows": gone, "late": late, "unavailable": unavailable or {}}, people)
    if strangers:
        raise ValueError("\n  ".join(["cannot replan the meetings:", *strangers]))
    wrong = {who: slot for who, slot in late.items() if not 0 <= slot <= slots}
    if wrong or not 0 <= now <= slots:
        raise ValueError(f"late and now must be slots from 0 to {slots}, got late={wrong!r}, now={now!r}")
    if not is_whole(moves, 0):
        raise ValueError(f"moves must be a whole number from 0, got {moves!r}")
    busy: dict[Any, set[int]] = {who: set(closed) for who, closed in (unavailable or {}).items()}
    for who, first in late.items():
        busy[who] = busy.get(who, set()) | set(range(first))
    ends = list(zip(timetable["slot"], timetable["a"], timetable["b"], strict=True))
    stands = [
        slot < now
        or (slot not in breaks and all(end not in gone and slot not in busy.get(end, ()) for end in (a, b)))
        for slot, a, b in ends
    ]
    # Slots that have begun stay the same.
    past = {(end, slot) for slot, a, b in ends if slot < now for end in (a, b)}
    busy = {who: {slot for slot in closed if (who, slot) not in past} for who, closed in busy.items()}
    keys = [pair_key(a, b) for _, a, b in ends]
    refused = _refused(pairs)
    agreed = [
        (slot, a, b, score, stand)
        for (slot, a, b), score, stand in zip(ends, timetable["score"], stands, strict=True)
        if slot >= now and not {a, b} & gone and pair_key(a, b) not in refused
    ]
    closed = {*range(now), *breaks}
    times = {end: set(range(slots)) - closed - busy.get(end, set()) for _, a, b in ends for end in (a, b)}
    anew = _rearranged(agreed, times, tables=tables, moves=moves)
    fixed = [stand and key not in anew for stand, key in zip(stands, keys, strict=True)]
    kept = timetable[pd.Series(fixed, index=timetable.index, dtype=bool)]
    standing = {key for key, stand in zip(keys, stands, strict=True) if stand}
    possible = _promising(pairs, anew, standing, gone)
    here = {*possible["a"], *possible["b"]}
    plan = schedule_meetings(
        possible, slots=slots, tables=tables, breaks=closed, locked=kept,
        unavailable={who: away for who, away in busy.items() if who in here}, **options,
    )  # fmt: skip
    before = dict(zip(keys, timetable["slot"], strict=True))
    after = {pair_key(a, b): slot for slot, a, b in zip(plan["slot"], plan["a"], plan["b"], strict=True)}
    change = [
        "new" if key not in before else "kept" if before[key] == slot else "moved"
        for key, slot in after.items()
    ]
    attrs = plan.attrs
    plan = plan.assign(change=change)
    moved = {key for key, slot in after.items() if key in before and before[key] != slot}
    plan.attrs = attrs | {
        "cancelled": [end for end, key in zip(ends, keys, strict=True) if key not in after],
        "moved": len(moved & standing),
        "rescued": len(moved - standing),
    }
    return plan


def _refused(pairs: pd.DataFrame) -> set[Any]:
    """Pairs that no longer want to meet."""
    refusing = pairs[pairs["wish"].isin(REFUSED)] if "wish" in pairs else pairs.iloc[:0]
    return {pair_key(a, b) for a, b in zip(refusing["a"], refusing["b"], strict=True)}


def _promising(pairs: pd.DataFrame, promised: set[Any], standing: set[Any], gone: set[Any]) -> pd.DataFrame:
    """Keep the pairs that can still meet, those of some meetings agreed as a promise."""
    keys = [pair_key(a, b) for a, b in zip(pairs["a"], pairs["b"], strict=True)]
    here = [not {a, b} & gone for a, b in zip(pairs["a"], pairs["b"], strict=True)]
    before = pairs["wish"] if "wish" in pairs else ["meet"] * len(pairs)
    wish = ["must" if key in promised else stated for key, stated in zip(keys, before, strict=True)]
    possible = [key in standing or present for key, present in zip(keys, here, strict=True)]
    return pairs.assign(wish=wish)[pd.Series(possible, index=pairs.index, dtype=bool)]


def _rearranged(
    agreed: list[tuple[int, Any, Any, float, bool]],
    times: Mapping[Any, set[int]],
    *,
    tables: int,
    moves: int,
) -> set[Any]:
    """Choose which agreed meetings get another slot: most of them rescued, fewest of the others moved."""
    from scipy.optimize import Bounds, LinearConstraint, milp
    from scipy.sparse import csr_array

    options = [
        (i, slot, stand and slot != old)
        for i, (old, a, b, _, stand) in enumerate(agreed)
        for slot in sorted(times[a] & times[b])
        if moves or not stand or slot == old
    ]
    if not options:
        return set()
    rows: dict[tuple[str, Any], list[int]] = {}
    for x, (i, slot, moved) in enumerate(options):
        _, a, b, _, stand = agreed[i]
        for row in (("meeting", (i, stand)), ("tables", slot), ("seat", (a, slot)), ("seat", (b, slot))):
            rows.setdefault(row, []).append(x)
        if moved:
            rows.setdefault(("moves", ""), []).append(x)
    limit = {"tables": tables, "moves": moves}
    most = np.array([limit.get(kind, 1) for kind, _ in rows], dtype=float)
    # A meeting that could stand is held.
    least = np.array([float(kind == "meeting" and what[1]) for kind, what in rows])
    where = [(row, x) for row, members in enumerate(rows.values()) for x in members]
    matrix = csr_array((np.ones(len(where)), tuple(np.array(where).T)), shape=(len(rows), len(options)))
    # A rescue counts more than all moves together, and a move more than all scores.
    dear = 1 + sum(abs(score) for _, _, _, score, _ in agreed)
    cost = [float(m) if agreed[i][4] else -1 - len(agreed) - agreed[i][3] / dear for i, _, m in options]
    with silenced():
        result = milp(
            cost,
            constraints=LinearConstraint(matrix, lb=least, ub=most),
            integrality=np.ones(len(options), dtype=int),
            bounds=Bounds(0, 1),
            options={"mip_rel_gap": 0},
        )
    # Keeping the meetings that are possible is a solution, so there is one.
    taken = [option for option, x in zip(options, np.asarray(result.x), strict=True) if x > 0.5]
    return {pair_key(*agreed[i][1:3]) for i, _, moved in taken if moved or not agreed[i][4]}
