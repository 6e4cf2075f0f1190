"""From introductions to meetings: which pairs could meet, and when the guests of a plan meet."""

from __future__ import annotations

import itertools
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final

import pandas as pd

from liaison_analysis._checks import check_frame, check_kind
from liaison_analysis.salons.timetable import schedule_meetings
from liaison_analysis.salons.timetable_checks import best_first, by_name, unknown_names

if TYPE_CHECKING:
    from collections.abc import Collection

    from liaison_analysis.salons.plan import SalonPlan


# Largest number of combinations tried for wishes of "any of these"; each needs a schedule (judgement).
_MOST_CHOICES: Final = 32
#: Columns of introductions that pairs are made of.
PAIRED_COLUMNS: Final = ("seeker_id", "counterpart_id", "role", "score", "reason")


def schedule_salon(
    plan: SalonPlan,
    slots: int,
    tables: int,
    unavailable: Mapping[Any, Collection[int]] | None = None,
    *,
    must: Collection[tuple[Any, Any]] = (),
    any_of: Collection[tuple[Any, Collection[Any]]] = (),
    per_role: Mapping[str, tuple[int, int | None]] | None = None,
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
        Pairs of guests, in either order, whose meeting is promised with priority over the score.
    any_of
        Wishes (guest, guests): the first is promised a meeting with one of the others, the one of most value.
    per_role
        ``{"financier": (1, 4)}``: each guest who comes in this role (see `SalonPlan.guests`) is promised at
        least one meeting and has four at most; None is no upper limit. ``min_meetings`` and ``max_meetings``
        among the options set this for all or for single guests, and override the role.
    options
        Further options of `schedule_meetings`, such as ``first`` and ``rivals``.

    Returns
    -------
    DataFrame[slot, table, a, b, score, reason]: two guests who are introduced in both directions, or in
    several roles, meet once, for the sum of the scores; ``a`` is the seeker of the best of these
    introductions, and the reasons stand best first, separated by "; ". ``attrs`` as in
    `schedule_meetings`; and ``unmet``: the wishes of ``any_of`` for which there was no room.

    Raises
    ------
    ValueError
        As `schedule_meetings`; if an argument has a name of no guest, with the nearest names; or if two
        guests in ``must`` are not introduced to each other.

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
    check_kind(plan, "plan", "SalonPlan", source="plan_salon")
    pairs = meeting_pairs(plan.introductions, competitors_meet=True)
    first = [tuple(pair) for pair in options.get("first", ())]
    wishes = [(guest, list(dict.fromkeys(others))) for guest, others in any_of]
    guests = set(plan.guests["enterprise_id"])
    named: dict[str, Collection[Any]] = {
        "must": [end for pair in must for end in pair],
        "any_of": [end for guest, others in wishes for end in (guest, *others)],
        "first": [end for pair in first for end in pair],
        "unavailable": unavailable or {},
        "rivals": options.get("rivals") or (),
    }
    named |= {
        name: options[name]
        for name in ("hosts", "min_meetings", "max_meetings")
        if isinstance(options.get(name), Mapping)
    }
    problems = unknown_names(named, guests, "guest")
    ends = [frozenset(pair) for pair in zip(pairs["a"], pairs["b"], strict=True)]
    strangers = sorted(
        {
            tuple(sorted(map(str, pair)))
            for pair in map(frozenset, [*must, *first])
            if pair <= guests and pair not in ends
        }
    )
    problems += [f"must: {a} and {b} are not introduced to each other" for a, b in strangers]
    problems += [
        f"any_of: {guest!r} is introduced to none of {others!r}"
        for guest, others in wishes
        if {guest, *others} <= guests and not {frozenset((guest, other)) for other in others} & set(ends)
    ]
    if problems:
        raise ValueError("\n  ".join(["cannot schedule the salon:", *problems]))
    met_by_some = {*pairs["a"], *pairs["b"]}
    for name in ("unavailable", "rivals", "hosts", "min_meetings", "max_meetings"):
        given = unavailable if name == "unavailable" else options.get(name)
        if isinstance(given, Mapping):
            options[name] = {who: limit for who, limit in given.items() if who in met_by_some}
        elif name == "rivals" and given is not None:
            options[name] = [who for who in given if who in met_by_some]
    options |= _limits_by_role(plan, per_role or {}, met_by_some, options)
    meetings = _with_any_of(
        pairs, {frozenset(pair) for pair in must}, wishes, options | {"slots": slots, "tables": tables}
    )
    attrs = meetings.attrs
    meetings = meetings.merge(pairs[["a", "b", "reason"]], on=["a", "b"], how="left", validate="one_to_one")
    meetings.attrs = attrs
    return meetings


def _limits_by_role(
    plan: SalonPlan, per_role: Mapping[str, tuple[int, int | None]], people: set[Any], options: dict[str, Any]
) -> dict[str, Any]:
    """Put limits of a role into limits of each guest who comes in it, unless one of its own is given."""
    if not per_role:
        return {}
    roles = dict(zip(plan.guests["enterprise_id"], plan.guests["role"], strict=True))
    limits: dict[str, Any] = {}
    for name, side in (("min_meetings", 0), ("max_meetings", 1)):
        given = options.get(name)
        every = {} if given is None or isinstance(given, Mapping) else dict.fromkeys(people, given)
        own = {
            who: limit[side]
            for who in people
            if (limit := per_role.get(roles.get(who, ""))) and limit[side] is not None
        }
        limits[name] = {**every, **own, **(given if isinstance(given, Mapping) else {})}
    return {name: limit for name, limit in limits.items() if limit}


def _with_any_of(
    pairs: pd.DataFrame,
    must: set[frozenset[Any]],
    wishes: list[tuple[Any, list[Any]]],
    options: dict[str, Any],
) -> pd.DataFrame:
    """Schedule; where a wish of any of several is not met, promise one of them, the choice worth most."""
    ends = [frozenset(pair) for pair in zip(pairs["a"], pairs["b"], strict=True)]
    possible = [
        [frozenset((guest, other)) for other in others if frozenset((guest, other)) in set(ends)]
        for guest, others in wishes
    ]

    def schedule(promised: set[frozenset[Any]]) -> tuple[pd.DataFrame, list[int]]:
        wish = ["must" if pair in promised else "meet" for pair in ends]
        held = schedule_meetings(pairs[["a", "b", "score"]].assign(wish=wish), **options)
        met = {frozenset(pair) for pair in zip(held["a"], held["b"], strict=True)}
        return held, [i for i, choices in enumerate(possible) if not met & set(choices)]

    best, unmet = schedule(must)
    open_wishes: set[int] = set()
    while set(unmet) - open_wishes:
        open_wishes |= set(unmet)
        choices = itertools.islice(
            itertools.product(*(possible[i] for i in sorted(open_wishes))), _MOST_CHOICES
        )
        tried = [schedule(must | set(choice)) for choice in choices]
        best, unmet = min(
            tried, key=lambda one: (one[0].attrs["shortfall"], len(one[1]), -round(one[0].attrs["value"], 9))
        )
    best.attrs["unmet"] = [wishes[i] for i in unmet]
    return best


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
    DataFrame[slot, table, meets, score, reason], sorted by slot; empty for a guest without meetings.

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
    check_frame(meetings, "meetings", ["a", "b"], source="schedule_salon")
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
    check_frame(introductions, "introductions", PAIRED_COLUMNS, source="rank_introductions")
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
    """Value of a guest list: that of its best timetable with enough tables.

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
    check_frame(introductions, "introductions", PAIRED_COLUMNS, source="rank_introductions")
    inside = introductions["seeker_id"].isin(guests) & introductions["counterpart_id"].isin(guests)
    pairs = meeting_pairs(introductions[inside])
    tables = max(len(guests) // 2, 1)
    held = schedule_meetings(pairs, slots=slots, tables=tables, min_meetings=1, compact=False)
    return float(held["score"].sum()), len(held), len(guests) - len({*held["a"], *held["b"]})
