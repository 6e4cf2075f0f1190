"""From introductions to meetings: which pairs could meet, and when the guests of a plan meet."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd

from liaison_analysis.salons.timetable import schedule_meetings
from liaison_analysis.salons.timetable_checks import best_first, by_name

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from liaison_analysis.salons.plan import SalonPlan


def schedule_salon(
    plan: SalonPlan,
    slots: int,
    tables: int,
    unavailable: Mapping[Any, Collection[int]] | None = None,
    *,
    must: Collection[tuple[Any, Any]] = (),
    **options: Any,
) -> pd.DataFrame:
    """Give the introductions of a plan slots and tables.

    Parameters
    ----------
    plan
        From `plan_salon`.
    slots, tables, unavailable
        As in `schedule_meetings`.
    must
        Pairs of guests, in either order, whose meeting is promised before score counts.
    options
        Further options of `schedule_meetings`.

    Returns
    -------
    DataFrame[slot, table, a, b, score, reason]: two guests who are introduced in both directions, or in
    several roles, meet once, for the sum of the scores; ``a`` is the seeker of the best of these
    introductions, and the reasons stand best first, separated by "; ". ``attrs`` as in
    `schedule_meetings`.

    Raises
    ------
    ValueError
        As `schedule_meetings`, and if two who must meet are not introduced to each other.

    Examples
    --------
    >>> from liaison_analysis.salons import plan_salon
    >>> introductions = pd.DataFrame(
    ...     [("a", "b", "customer", 0.9, 1, "b buys"), ("b", "a", "tester", 0.2, 1, "a tests")],
    ...     columns=["seeker_id", "counterpart_id", "role", "score", "rank", "reason"],
    ... )
    >>> meetings = schedule_salon(plan_salon(introductions, capacity=2), slots=1, tables=1)
    >>> print(meetings.to_string(index=False))
     slot  table a b  score          reason
        0      0 a b    1.1 b buys; a tests
    """
    pairs = meeting_pairs(plan.introductions, competitors_meet=True)
    promised = {frozenset(pair) for pair in must}
    ends = [frozenset(pair) for pair in zip(pairs["a"], pairs["b"], strict=True)]
    strangers = sorted(sorted(map(str, pair)) for pair in promised.difference(ends))
    if strangers:
        names = ", ".join(" and ".join(pair) for pair in strangers)
        raise ValueError(f"must names guests who are not introduced to each other: {names}")
    pairs["wish"] = ["must" if pair in promised else "meet" for pair in ends]
    meetings = schedule_meetings(
        pairs[["a", "b", "score", "wish"]], slots=slots, tables=tables, unavailable=unavailable, **options
    )
    attrs = meetings.attrs
    meetings = meetings.merge(pairs[["a", "b", "reason"]], on=["a", "b"], how="left", validate="one_to_one")
    meetings.attrs = attrs
    return meetings


def guest_timetable(meetings: pd.DataFrame, guest: Any) -> pd.DataFrame:
    """One guest's own timetable.

    Parameters
    ----------
    meetings
        From `schedule_salon`.
    guest
        An ``enterprise_id``.

    Returns
    -------
    DataFrame[slot, table, meets, score, reason], sorted by slot; without rows for who meets nobody.

    Examples
    --------
    >>> meetings = pd.DataFrame(
    ...     [(0, 0, "a", "b", 0.9, "b buys"), (1, 0, "c", "a", 0.2, "a tests")],
    ...     columns=["slot", "table", "a", "b", "score", "reason"],
    ... )
    >>> print(guest_timetable(meetings, "a").to_string(index=False))
     slot  table meets  score  reason
        0      0     b    0.9  b buys
        1      0     c    0.2 a tests
    """
    own = meetings[(meetings["a"] == guest) | (meetings["b"] == guest)]
    meets = own["b"].where(own["a"] == guest, own["a"])
    columns = ["slot", "table", "meets", "score", "reason"]
    return pd.DataFrame(own.assign(meets=meets), columns=columns).sort_values("slot", ignore_index=True)


def meeting_pairs(introductions: pd.DataFrame, *, competitors_meet: bool = False) -> pd.DataFrame:
    """Make pairs for `schedule_meetings` out of introductions.

    Parameters
    ----------
    introductions
        From `rank_introductions`, for one or several roles.
    competitors_meet
        Whether introductions marked in a column ``competitor`` count.

    Returns
    -------
    DataFrame[a, b, score, reason], a row for each two who are introduced in either direction or in several
    roles: the sum of the scores, and the reasons, best first, separated by "; ". Where introductions rest on
    the same column ``path``, as the two directions of one often do, only the best one's reason is given.
    ``a`` is the seeker of the best of these introductions.

    Examples
    --------
    >>> introductions = pd.DataFrame(
    ...     [("a", "b", "customer", 0.9, "b buys"), ("b", "a", "tester", 0.2, "a tests")],
    ...     columns=["seeker_id", "counterpart_id", "role", "score", "reason"],
    ... )
    >>> print(meeting_pairs(introductions).to_string(index=False))
    a b  score          reason
    a b    1.1 b buys; a tests
    """
    introductions = best_first(introductions, competitors_meet=competitors_meet)
    ends = zip(introductions["seeker_id"], introductions["counterpart_id"], strict=True)
    key = [tuple(sorted(pair, key=by_name)) for pair in ends]
    introductions = introductions.assign(pair=pd.Series(key, index=introductions.index, dtype=object))
    if "path" in introductions:
        again = introductions["path"].fillna("").ne("") & introductions.duplicated(["pair", "path"])
        introductions["reason"] = introductions["reason"].mask(again)
    merged = introductions.groupby("pair", sort=False).agg(
        a=("seeker_id", "first"),
        b=("counterpart_id", "first"),
        score=("score", "sum"),
        reason=(
            "reason",
            lambda reasons: "; ".join(dict.fromkeys(str(reason) for reason in reasons.dropna())),
        ),
    )
    return merged.reset_index(drop=True)


def worth_of_guests(
    introductions: pd.DataFrame, guests: Collection[Any], *, slots: int
) -> tuple[float, int, int]:
    """Weigh any guest list: what its best timetable is worth with tables for all.

    Parameters
    ----------
    introductions
        From `rank_introductions`.
    guests
        Enterprise ids.
    slots
        How many slots there are.

    Returns
    -------
    The sum of the scores, the number of meetings, and how many guests have none. The timetable gives as many
    guests as possible a meeting first.

    Examples
    --------
    >>> introductions = pd.DataFrame(
    ...     [("a", "b", "customer", 0.9, "b buys"), ("a", "c", "customer", 0.2, "c buys")],
    ...     columns=["seeker_id", "counterpart_id", "role", "score", "reason"],
    ... )
    >>> worth_of_guests(introductions, ["a", "b", "d"], slots=2)
    (0.9, 1, 1)
    """
    pairs = meeting_pairs(introductions)
    pairs = pairs[pairs["a"].isin(guests) & pairs["b"].isin(guests)]
    held = schedule_meetings(pairs, slots=slots, tables=max(len(guests) // 2, 1), min_meetings=1)
    return float(held["score"].sum()), len(held), len(guests) - len({*held["a"], *held["b"]})
