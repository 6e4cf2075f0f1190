"""Who meets whom in which slot: the best schedule of meetings, and the proof of how good it is."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Literal

import pandas as pd

from liaison_analysis._checks import check_frame
from liaison_analysis.salons.event import Event, per_person
from liaison_analysis.salons.timetable_checks import REFUSED, check_arguments, pair_key

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence


def schedule_meetings(
    pairs: pd.DataFrame,
    *,
    slots: int,
    tables: int,
    unavailable: Mapping[Any, Collection[int]] | None = None,
    breaks: Collection[int] = (),
    min_meetings: int | Mapping[Any, int] | Literal["fair"] = 0,
    max_meetings: int | Mapping[Any, int] | None = None,
    hosts: Mapping[Any, int] | None = None,
    locked: pd.DataFrame | None = None,
    first: Sequence[tuple[Any, Any]] = (),
    rivals: Collection[Any] | None = None,
    compact: bool = True,
) -> pd.DataFrame:
    """Choose the most valuable meetings, give each a slot and a table, and minimise waiting.

    Parameters
    ----------
    pairs
        DataFrame[a, b, score]: who could meet whom and what the meeting is worth. Each two participants
        stand at most once, in either order. A column ``wish`` may say more of a pair: "must" (a promise, as
        those of ``min_meetings``), "meet" or nothing, "no thanks" or "already met" (never scheduled). Other
        columns are ignored.
    slots, tables
        How many slots there are and how many meetings can go on at the same time; both are numbered from 0.
    unavailable
        The slots in which a participant cannot meet; who is not named can always.
    breaks
        Slots in which nobody meets.
    min_meetings
        How many meetings everybody in ``pairs`` is promised, or a number for each participant named. Where
        not all promises can be kept, as few meetings as possible are missing, and only then counts the score.
        "fair" promises everybody the most that all can have who could at all: first the worst-off, then the
        sum.
    max_meetings
        How many meetings a participant has at most, one number for all or one for each participant named.
    hosts
        The table of a participant who stays there: all its meetings are held at it, and others use it only
        when no other is free and the host has no meeting.
    locked
        DataFrame[slot, a, b] and perhaps ``table``: meetings already accepted. They stand as they are, the
        rest is planned around them; each is one of ``pairs``. They count for ``min_meetings`` and
        ``max_meetings`` but are never taken away.
    first
        Pairs whose meetings are promised and come first, in this order: each in the earliest slot in which
        both can, and none at the same time as one named before it with the same participant.
    rivals
        Who meets the second participant of a pair in ``first`` only after the first one has; by default
        everybody else.
    compact
        Whether the meetings move between slots, once they are chosen, so that participants wait less.

    Returns
    -------
    DataFrame[slot, table, a, b, score], sorted by slot and table; in a slot the meetings worth most have the
    first tables that are neither locked nor a host's. ``attrs`` holds floats: ``value`` (the sum of scores),
    ``bound`` (no schedule that misses as few promised meetings can be worth more), ``gap``
    (``(bound - value) / bound``), ``shortfall`` (promised meetings that are missing), ``shortfall_bound``
    (the fewest that any schedule misses), ``min_meetings`` (what "fair" came to, or the least given),
    ``idle`` (slots in which somebody who is there waits between its first and its last meeting, summed over
    all), ``idle_bound`` (how few they are at least for these meetings; 0 where that is not known) and
    ``idle_before`` (how many they were before the second stage).

    Raises
    ------
    ValueError
        If an argument cannot be used, or names who stands in no pair; the message lists every problem, with
        the nearest names.

    Notes
    -----
    First a maximum-weight b-matching chooses meetings such that no participant has more than it has slots:
    its optimum bounds the whole problem. Prices find and prove it (see `price_pairs`), or a mixed-integer
    program, solved by HiGHS, over what they leave open. Then edge colouring places the meetings (see
    `placement`). If some cannot be placed, time-indexed programs over the meetings that the bound leaves open
    improve the schedule and lower the bound. Up to 1,000 possible (pair, slot) the optimum is proven, except
    where the solver's fixed number of nodes runs out; above, the work ends at a gap of 0.1 %; above 60,000
    the programs with slots are left out. Then the meetings move between slots until as few slots as possible
    are idle; none is given up for that (`idle_gaps.close_gaps`; doi:10.1613/jair.1.12670). Where the best
    meetings leave no room for ``first``, these are fixed beforehand, and the bound is that of what can be
    added to them. The same input gives the same schedule, in whatever order the pairs stand.

    Examples
    --------
    >>> pairs = pd.DataFrame(
    ...     [("robot maker", "car maker", 0.9), ("robot maker", "bank", 0.5), ("car maker", "bank", 0.4)],
    ...     columns=["a", "b", "score"],
    ... )
    >>> plan = schedule_meetings(pairs, slots=2, tables=5, unavailable={"bank": {0}})
    >>> print(plan.to_string(index=False))
     slot  table           a         b  score
        0      0 robot maker car maker    0.9
        1      0 robot maker      bank    0.5
    >>> plan.attrs["gap"]
    0.0
    """
    check_frame(pairs, "pairs")
    if locked is not None:
        check_frame(locked, "locked")
    most = slots if max_meetings is None else max_meetings
    least = 0 if min_meetings == "fair" else min_meetings
    locked = pd.DataFrame(columns=["slot", "a", "b"]) if locked is None else locked
    check_arguments(
        pairs, slots=slots, tables=tables, unavailable=unavailable or {}, breaks=breaks, hosts=hosts or {},
        limits={"min_meetings": least, "max_meetings": most}, locked=locked, first=first,
        rivals=rivals or (),
    )  # fmt: skip
    if first:
        pairs = _promise(pairs, first)
    event = Event.of(pairs, locked, slots=slots, tables=tables, unavailable=unavailable or {}, breaks=breaks)
    if min_meetings == "fair":
        least, answer = event.solve_fairly(most)
    else:
        answer = event.solve(per_person(least, event.people, 0), most)
    order = event.order(first, rivals)
    if not event.stands(answer.slot, order):
        arranged = event.arrange(answer, order)
        if arranged is None:
            return schedule_meetings(
                pairs, slots=slots, tables=tables, breaks=breaks, min_meetings=min_meetings,
                max_meetings=max_meetings, hosts=hosts, locked=_with(locked, event.fixed(order)),
                unavailable=event.waiting(unavailable or {}, order), compact=compact,
            )  # fmt: skip
        answer = replace(answer, slot=arranged)
    before = event.idle(answer)
    slot, idle, fewest = event.close_gaps(answer, order) if compact else (answer.slot, before, 0)
    lowest = min(least.values(), default=0) if isinstance(least, Mapping) else least
    frame = event.frame(replace(answer, slot=slot), locked, hosts or {})
    frame.attrs |= {
        "min_meetings": float(lowest),
        "idle": float(idle),
        "idle_bound": float(fewest),
        "idle_before": float(before),
    }
    return frame


def _with(locked: pd.DataFrame, more: pd.DataFrame) -> pd.DataFrame:
    """Lock more meetings, whose tables are open."""
    if "table" in locked:
        locked, more = locked.assign(table=locked["table"].astype(object)), more.assign(table=None)
    return pd.concat([locked, more], ignore_index=True) if len(locked) else more


def _promise(pairs: pd.DataFrame, first: Sequence[tuple[Any, Any]]) -> pd.DataFrame:
    """Mark the pairs that come first as promised, unless they are refused."""
    keys = {pair_key(a, b) for a, b in first}
    wish = pairs["wish"].fillna("meet") if "wish" in pairs else pd.Series("meet", index=pairs.index)
    own = [pair_key(a, b) in keys for a, b in zip(pairs["a"], pairs["b"], strict=True)]
    return pairs.assign(wish=wish.mask(pd.Series(own, index=pairs.index) & ~wish.isin(REFUSED), "must"))
