"""Which guests a salon should have, why each of them comes, and whom they meet when."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import pandas as pd

from liaison_analysis.salons.constraints import GuestWishes, people_of
from liaison_analysis.salons.guest_list import find_clash, solve_guests
from liaison_analysis.salons.timetable import schedule_meetings
from liaison_analysis.salons.timetable_checks import by_name

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping


_EXACT = 1e-9


@dataclass(frozen=True, eq=False)
class SalonPlan:
    """A guest list with the introductions that it makes possible.

    Attributes
    ----------
    guests
        DataFrame[enterprise_id, why, role, n_introductions, value], worth most first: the reason and role of
        the guest's best introduction (``role`` is what it is as the counterpart of others, "seeker" where it
        is not a counterpart), in how many introductions it takes part and the sum of their scores. ``why`` is
        empty for a required guest without any.
    introductions
        The introductions with both ends invited, best first; the columns of the input.
    value, bound
        What the best meetings out of them are worth where nobody holds more than ``meetings`` (two guests
        meet once, for the sum of the scores between them), and the most that any permitted list can reach.
    meetings
        The timetable, where `scheduled` has made one.

    Examples
    --------
    >>> introductions = pd.DataFrame(
    ...     [
    ...         ("robots", "cars", "customer", 0.9, 1, "cars are welded by robots"),
    ...         ("robots", "bank", "financier", 0.4, 1, "asks for a loan"),
    ...         ("robots", "lathes", "supplier", 0.6, 1, "turned parts"),
    ...     ],
    ...     columns=["seeker_id", "counterpart_id", "role", "score", "rank", "reason"],
    ... )
    >>> plan = plan_salon(introductions, capacity=3, quotas={"financier": 1})
    >>> plan = plan.scheduled(2, 1)
    >>> print(plan.badge_list("robots").to_string(index=False))
     slot  table meets  score                    reason
        0      0  cars    0.9 cars are welded by robots
        1      0  bank    0.4           asks for a loan
    """

    guests: pd.DataFrame
    introductions: pd.DataFrame
    value: float
    bound: float
    meetings: pd.DataFrame | None = None

    @property
    def gap(self) -> float:
        """How far the value may be from the best, as a share of the bound."""
        rest = self.bound - self.value
        return rest / self.bound if rest > _EXACT * max(1.0, self.bound) else 0.0

    def timetable(
        self,
        slots: int,
        tables: int,
        unavailable: Mapping[Any, Collection[int]] | None = None,
        *,
        must: Collection[tuple[Any, Any]] = (),
        **options: Any,
    ) -> pd.DataFrame:
        """Give the introductions slots and tables.

        Parameters
        ----------
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
        >>> introductions = pd.DataFrame(
        ...     [("a", "b", "customer", 0.9, 1, "b buys"), ("b", "a", "tester", 0.2, 1, "a tests")],
        ...     columns=["seeker_id", "counterpart_id", "role", "score", "rank", "reason"],
        ... )
        >>> print(plan_salon(introductions, capacity=2).timetable(1, 1).to_string(index=False))
         slot  table a b  score          reason
            0      0 a b    1.1 b buys; a tests
        """
        pairs = meeting_pairs(self.introductions, competitors_meet=True)
        promised = {frozenset(pair) for pair in must}
        ends = [frozenset(pair) for pair in zip(pairs["a"], pairs["b"], strict=True)]
        strangers = sorted(sorted(map(str, pair)) for pair in promised.difference(ends))
        if strangers:
            names = ", ".join(" and ".join(pair) for pair in strangers)
            raise ValueError(f"must names guests who are not introduced to each other: {names}")
        pairs["wish"] = ["must" if pair in promised else "meet" for pair in ends]
        plan = schedule_meetings(
            pairs[["a", "b", "score", "wish"]], slots=slots, tables=tables, unavailable=unavailable, **options
        )
        attrs = plan.attrs
        plan = plan.merge(pairs[["a", "b", "reason"]], on=["a", "b"], how="left", validate="one_to_one")
        plan.attrs = attrs
        return plan

    def scheduled(
        self,
        slots: int,
        tables: int,
        unavailable: Mapping[Any, Collection[int]] | None = None,
        **options: Any,
    ) -> SalonPlan:
        """Add `meetings` to the plan, the `timetable` of these arguments."""
        return replace(self, meetings=self.timetable(slots, tables, unavailable, **options))

    def badge_list(self, guest: Any, meetings: pd.DataFrame | None = None) -> pd.DataFrame:
        """One guest's timetable.

        Parameters
        ----------
        guest
            An ``enterprise_id`` of the guest list.
        meetings
            What `timetable` returned; by default the plan's own `meetings`.

        Returns
        -------
        DataFrame[slot, table, meets, score, reason], sorted by slot.

        Raises
        ------
        ValueError
            If the guest is not on the list, or no timetable has been made yet.
        """
        meetings = self.timed() if meetings is None else meetings
        if guest not in set(self.guests["enterprise_id"]):
            raise ValueError(f"{guest!r} is not on the guest list; see plan.guests")
        own = meetings[(meetings["a"] == guest) | (meetings["b"] == guest)]
        meets = own["b"].where(own["a"] == guest, own["a"])
        columns = ["slot", "table", "meets", "score", "reason"]
        return pd.DataFrame(own.assign(meets=meets), columns=columns).sort_values("slot", ignore_index=True)

    def badge_lists(self) -> dict[Any, pd.DataFrame]:
        """Make the `badge_list` of every guest, in the order of the guest list."""
        return {guest: self.badge_list(guest) for guest in self.guests["enterprise_id"]}

    def timed(self) -> pd.DataFrame:
        """Return the plan's meetings, or raise a ValueError that says how to make them."""
        if self.meetings is None:
            raise ValueError("no timetable yet; call plan.scheduled(slots, tables) first, or give meetings=")
        return self.meetings


def plan_salon(
    introductions: pd.DataFrame,
    *,
    capacity: int,
    meetings: int | None = 6,
    required: Iterable[Any] = (),
    excluded: Iterable[Any] = (),
    quotas: Mapping[Any, int | tuple[int, int | None]] | None = None,
    balance: Mapping[str, float] | None = None,
    pairs_apart: Iterable[tuple[Any, Any]] = (),
    profiles: pd.DataFrame | None = None,
    strong: float = 0.0,
    competitors_meet: bool = False,
) -> SalonPlan:
    """Choose the guests whose meetings with each other are worth most.

    Parameters
    ----------
    introductions
        DataFrame[seeker_id, counterpart_id, role, score, rank, reason], as `rank_introductions` returns it,
        for one or several roles; further columns are kept. Scores are not negative, and an introduction
        (seeker, counterpart, role) stands once.
    capacity
        The most guests there may be, the required ones among them.
    meetings
        How many meetings each guest can hold, the number of slots as a rule. None counts every introduction
        between guests, whether there is time for it or not; that problem is much harder, and the bound weak.
    required
        Guests who come in any case, introductions or not (a host, a speaker).
    excluded
        Who is not to be invited.
    quotas
        How many guests are to come: ``{"financier": 1}`` at least one in this role, ``{"customer": (2, 5)}``
        two to five, ``(2, None)`` without an upper limit; ``{("town", "鱼复"): 3}`` at least three whose
        ``town`` in ``profiles`` is 鱼复. A guest counts for a role if somebody is to meet it in that role
        (lower limit) or could (upper limit), and may count for several.
    balance
        ``{"town": 0.5}``: no town has more than half of the guests. Columns of ``profiles``.
    pairs_apart
        Pairs of whom at most one is invited.
    profiles
        What quotas and balance speak of, such as ``ledger.enterprises``.
    strong
        The least score of an introduction that is reason enough to come.
    competitors_meet
        Whether introductions marked in a column ``competitor`` count and may become meetings; else rivals
        may come to the same salon, but do not sit at one table.

    Returns
    -------
    The plan. The introductions of the plan are all those with both ends invited. Every guest who is not
    required is to hold a meeting that is reason enough to come.

    Raises
    ------
    ValueError
        If an argument cannot be used, with every problem listed; or if no guest list fulfils all wishes,
        with a set of wishes that clash and of which none can be left out for them to clash.

    Notes
    -----
    A mixed-integer program, see `solve_guests`; the gap says how far the list may be from the best.

    Examples
    --------
    >>> introductions = pd.DataFrame(
    ...     [
    ...         ("robots", "cars", "customer", 0.9, 1, "welding"),
    ...         ("robots", "bank", "financier", 0.4, 1, "loan"),
    ...     ],
    ...     columns=["seeker_id", "counterpart_id", "role", "score", "rank", "reason"],
    ... )
    >>> plan = plan_salon(introductions, capacity=2, quotas={"financier": 1})
    >>> print(plan.guests.to_string(index=False))
    enterprise_id  why      role  n_introductions  value
             bank loan financier                1    0.4
           robots loan    seeker                1    0.4
    >>> plan_salon(introductions, capacity=2, required=["cars"], quotas={"financier": 1})
    Traceback (most recent call last):
        ...
    ValueError: these wishes clash; give up at least one of them:
      at most 2 guests (capacity=2)
      'cars' must come (required)
      at least 1 guest as financier (quotas)
    """
    wishes = GuestWishes(
        capacity, meetings, tuple(dict.fromkeys(required)), tuple(dict.fromkeys(excluded)), quotas or {},
        balance or {}, tuple(tuple(pair) for pair in pairs_apart), profiles, strong,
    )  # fmt: skip
    wishes.check(introductions)
    introductions = _best_first(_without_rivals(introductions, competitors_meet=competitors_meet))
    people = people_of(introductions, wishes.required)
    problem, words = wishes.problem(introductions, people)
    solution = solve_guests(problem)
    if solution is None:
        clashing = [words[wish] for wish in find_clash(problem)]
        raise ValueError("\n  ".join(["these wishes clash; give up at least one of them:", *clashing]))
    guests = [person for person, comes in zip(people, solution.invited, strict=True) if comes]
    held = introductions["seeker_id"].isin(guests) & introductions["counterpart_id"].isin(guests)
    chosen = introductions[held].reset_index(drop=True)
    return SalonPlan(_guest_table(guests, chosen), chosen, solution.value, solution.bound)


def _best_first(introductions: pd.DataFrame) -> pd.DataFrame:
    """Introductions by falling score, then by name and role."""
    ends = zip(introductions["seeker_id"], introductions["counterpart_id"], strict=True)
    names = [(*by_name(seeker), *by_name(counterpart)) for seeker, counterpart in ends]
    score, roles = introductions["score"].astype(float).round(9).tolist(), introductions["role"].tolist()
    order = sorted(range(len(names)), key=lambda i: (-score[i], names[i], str(roles[i])))
    return introductions.iloc[order].reset_index(drop=True)


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
    introductions = _best_first(_without_rivals(introductions, competitors_meet=competitors_meet))
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


def _without_rivals(introductions: pd.DataFrame, *, competitors_meet: bool) -> pd.DataFrame:
    """Leave out the introductions of competitors, unless they may meet."""
    if competitors_meet or "competitor" not in introductions:
        return introductions
    return introductions[~introductions["competitor"].fillna(value=False).astype(bool)]


def _guest_table(guests: list[Any], chosen: pd.DataFrame) -> pd.DataFrame:
    """Make the `guests` of a plan from its introductions sorted best first."""
    rows = []
    for guest in guests:
        own = chosen[(chosen["seeker_id"] == guest) | (chosen["counterpart_id"] == guest)]
        asked = own.loc[own["counterpart_id"] == guest, "role"]
        why = str(own["reason"].iloc[0]) if len(own) else ""
        role = asked.iloc[0] if len(asked) else ("seeker" if len(own) else "")
        rows.append((guest, why, role, len(own), float(own["score"].sum())))
    table = pd.DataFrame(rows, columns=["enterprise_id", "why", "role", "n_introductions", "value"])
    order = sorted(range(len(table)), key=lambda i: (-round(rows[i][4], 9), by_name(rows[i][0])))
    return table.iloc[order].reset_index(drop=True)
