"""Plan again on the day: guests stay away or come late, and as few meetings as possible change."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd

from liaison_analysis.meeting_checks import pair_key
from liaison_analysis.meetings import schedule_meetings

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
    unavailable: Mapping[Any, Collection[int]] | None = None,
    **options: Any,
) -> pd.DataFrame:
    """Mend a timetable on the day: what can stand does, and gaps are filled as well as they can be.

    Parameters
    ----------
    timetable
        DataFrame[slot, table, a, b, score], from `schedule_meetings`.
    pairs, slots, tables, unavailable
        As they were given to `schedule_meetings`.
    no_shows
        Who does not come.
    late
        The first slot in which a participant is there.
    now
        The first slot that has not begun. Earlier ones stand as they are, even of who does not come any more.
    options
        Further options of `schedule_meetings`, such as ``min_meetings``.

    Returns
    -------
    DataFrame[slot, table, a, b, score, change], sorted by slot and table: ``change`` is "kept", "moved" (the
    same two, at another time) or "new". ``attrs`` as in `schedule_meetings`, for schedules that keep what can
    stand, and ``cancelled``: a list of (slot, a, b) of the meetings that are off.

    Raises
    ------
    ValueError
        As `schedule_meetings`; or if ``late`` names a slot that is none of the event.

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
    gone, late = set(no_shows), {} if late is None else dict(late)
    wrong = {who: slot for who, slot in late.items() if not 0 <= slot <= slots}
    if wrong or not 0 <= now <= slots:
        raise ValueError(f"late and now must be slots from 0 to {slots}, got late={wrong!r}, now={now!r}")
    busy: dict[Any, set[int]] = {who: set(closed) for who, closed in (unavailable or {}).items()}
    for who, first in late.items():
        busy[who] = busy.get(who, set()) | set(range(first))
    ends = list(zip(timetable["slot"], timetable["a"], timetable["b"], strict=True))
    stands = [
        slot < now or all(end not in gone and slot not in busy.get(end, ()) for end in (a, b))
        for slot, a, b in ends
    ]
    kept = timetable[pd.Series(stands, index=timetable.index, dtype=bool)]
    # What has begun stays, whoever has come late since.
    past = {(end, slot) for slot, a, b in ends if slot < now for end in (a, b)}
    busy = {who: {slot for slot in closed if (who, slot) not in past} for who, closed in busy.items()}
    held = {pair_key(a, b) for a, b in zip(kept["a"], kept["b"], strict=True)}
    possible = [
        pair_key(a, b) in held or not {a, b} & gone for a, b in zip(pairs["a"], pairs["b"], strict=True)
    ]
    plan = schedule_meetings(
        pairs[pd.Series(possible, index=pairs.index, dtype=bool)],
        slots=slots, tables=tables, unavailable=busy, breaks=range(now), locked=kept, **options,
    )  # fmt: skip
    before = {pair_key(a, b): slot for slot, a, b in ends}
    change = []
    for slot, a, b in zip(plan["slot"], plan["a"], plan["b"], strict=True):
        old = before.get(pair_key(a, b))
        change.append("new" if old is None else ("kept" if old == slot else "moved"))
    after = {pair_key(a, b) for a, b in zip(plan["a"], plan["b"], strict=True)}
    attrs = plan.attrs
    plan = plan.assign(change=change)
    plan.attrs = attrs | {"cancelled": [(slot, a, b) for slot, a, b in ends if pair_key(a, b) not in after]}
    return plan
