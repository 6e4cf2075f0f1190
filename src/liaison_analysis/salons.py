"""Which guests a salon should have, why each of them comes, and whom they meet when."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from liaison_analysis.invitations import GuestProblem
from liaison_analysis.meetings import is_count, schedule_meetings

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping

_COLUMNS = ["seeker_id", "counterpart_id", "role", "score", "rank", "reason"]
_EXACT = 1e-9


@dataclass(frozen=True, eq=False)
class SalonPlan:
    """A guest list with the introductions that it makes possible.

    Attributes
    ----------
    guests
        DataFrame[enterprise_id, why, role, n_introductions, value], worth most first: the reason and role of
        the guest's best introduction (``role`` is what it is as the counterpart of others, "seeker" where it
        is nobody's), in how many introductions it takes part and the sum of their scores. ``why`` is empty
        for a required guest without any.
    introductions
        The introductions with both ends invited, best first; the columns of the input.
    value, bound
        The sum of their scores, and the most that any permitted guest list can reach.
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
        pairs = _merge(self.introductions)
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
        meetings = self.meetings if meetings is None else meetings
        if meetings is None:
            raise ValueError("no timetable yet; call plan.scheduled(slots, tables) first, or give meetings=")
        if guest not in set(self.guests["enterprise_id"]):
            raise ValueError(f"{guest!r} is not on the guest list; see plan.guests")
        own = meetings[(meetings["a"] == guest) | (meetings["b"] == guest)]
        meets = own["b"].where(own["a"] == guest, own["a"])
        columns = ["slot", "table", "meets", "score", "reason"]
        return pd.DataFrame(own.assign(meets=meets), columns=columns).sort_values("slot", ignore_index=True)

    def badge_lists(self) -> dict[Any, pd.DataFrame]:
        """Make the `badge_list` of every guest, in the order of the guest list."""
        return {guest: self.badge_list(guest) for guest in self.guests["enterprise_id"]}


def plan_salon(
    introductions: pd.DataFrame,
    *,
    capacity: int,
    required: Iterable[Any] = (),
    excluded: Iterable[Any] = (),
    quotas: Mapping[str, int | tuple[int, int | None]] | None = None,
) -> SalonPlan:
    """Choose the guests whose introductions to each other are worth most.

    Parameters
    ----------
    introductions
        DataFrame[seeker_id, counterpart_id, role, score, rank, reason], as `rank_introductions` returns it,
        for one or several roles; further columns are kept. Scores are not negative, and an introduction
        (seeker, counterpart, role) stands once.
    capacity
        The most guests there may be, the required ones among them.
    required
        Guests who come in any case, introductions or not (a host, a speaker).
    excluded
        Who is not to be invited.
    quotas
        How many guests are to come in a role: ``{"financier": 1}`` at least one, ``{"customer": (2, 5)}``
        two to five, ``(2, None)`` without an upper limit. A guest counts for a role if at least one
        introduction of the plan names it as the counterpart in that role, and may count for several roles.

    Returns
    -------
    The plan. The introductions of the plan are all those with both ends invited, and every guest who is not
    required takes part in at least one of them.

    Raises
    ------
    ValueError
        If an argument cannot be used, with every problem listed; or if no guest list fulfils all wishes,
        with a set of wishes that clash and of which none can be left out for them to clash.

    Notes
    -----
    A mixed-integer program, see `GuestProblem.solve`; the gap says how far the list may be from the best.

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
    required, excluded = list(dict.fromkeys(required)), list(dict.fromkeys(excluded))
    read = {role: _limits(quota) for role, quota in (quotas or {}).items()}
    _check(introductions, capacity=capacity, quotas=quotas or {}, limits=read)
    limits = {role: limit for role, limit in read.items() if limit is not None}
    introductions = _best_first(introductions)
    people = sorted({*introductions["seeker_id"], *introductions["counterpart_id"], *required}, key=_by_name)
    number = {person: i for i, person in enumerate(people)}
    problem = _problem(introductions, number, limits, capacity=capacity, required=required, excluded=excluded)
    solution = problem.solve()
    if solution is None:
        wishes = [_in_words(wish, people, list(limits.items()), capacity) for wish in problem.clash()]
        raise ValueError("\n  ".join(["these wishes clash; give up at least one of them:", *wishes]))
    invited, bound = solution
    guests = [person for person, comes in zip(people, invited, strict=True) if comes]
    held = introductions["seeker_id"].isin(guests) & introductions["counterpart_id"].isin(guests)
    chosen = introductions[held].reset_index(drop=True)
    value = problem.value(invited)
    return SalonPlan(_guest_table(guests, chosen), chosen, value, max(bound, value))


def _by_name(person: object) -> tuple[str, str]:
    """Order of guests whatever their type."""
    return str(person), type(person).__name__


def _best_first(introductions: pd.DataFrame) -> pd.DataFrame:
    """Introductions by falling score, then by name and role."""
    ends = zip(introductions["seeker_id"], introductions["counterpart_id"], strict=True)
    names = [(*_by_name(seeker), *_by_name(counterpart)) for seeker, counterpart in ends]
    score, roles = introductions["score"].astype(float).round(9).tolist(), introductions["role"].tolist()
    order = sorted(range(len(names)), key=lambda i: (-score[i], names[i], str(roles[i])))
    return introductions.iloc[order].reset_index(drop=True)


def _merge(introductions: pd.DataFrame) -> pd.DataFrame:
    """One row for each two guests: DataFrame[a, b, score, reason], from introductions sorted best first."""
    ends = zip(introductions["seeker_id"], introductions["counterpart_id"], strict=True)
    key = [tuple(sorted(pair, key=_by_name)) for pair in ends]
    groups = introductions.assign(pair=pd.Series(key, index=introductions.index, dtype=object)).groupby(
        "pair", sort=False
    )
    merged = groups.agg(
        a=("seeker_id", "first"),
        b=("counterpart_id", "first"),
        score=("score", "sum"),
        reason=(
            "reason",
            lambda reasons: "; ".join(dict.fromkeys(str(reason) for reason in reasons.dropna())),
        ),
    )
    return merged.reset_index(drop=True)


def _problem(
    introductions: pd.DataFrame,
    number: Mapping[Any, int],
    limits: Mapping[str, tuple[int, float]],
    *,
    capacity: int,
    required: list[Any],
    excluded: list[Any],
) -> GuestProblem:
    """Turn the guest list into a problem of numbers."""
    from scipy.sparse import csr_array

    seeker = introductions["seeker_id"].map(number).to_numpy(dtype=int)
    counterpart = introductions["counterpart_id"].map(number).to_numpy(dtype=int)
    both = np.sort(np.column_stack([seeker, counterpart]), axis=1)
    ends, pair = np.unique(both, axis=0, return_inverse=True)
    pair = pair.ravel()
    roles = []
    for role in limits:
        named = (introductions["role"] == role).to_numpy()
        makes = np.unique(np.column_stack([counterpart[named], pair[named]]), axis=0)
        roles.append(csr_array((np.ones(len(makes)), tuple(makes.T)), shape=(len(number), len(ends))))
    people = pd.Series(list(number), dtype=object)
    return GuestProblem(
        ends=ends,
        score=np.bincount(pair, introductions["score"].to_numpy(dtype=float), minlength=len(ends)).astype(
            float
        ),
        capacity=capacity,
        required=people.isin(required).to_numpy(),
        barred=people.isin(excluded).to_numpy(),
        roles=tuple(roles),
        low=np.array([float(low) for low, _ in limits.values()]),
        high=np.array([high for _, high in limits.values()]),
    )


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
    order = sorted(range(len(table)), key=lambda i: (-round(rows[i][4], 9), _by_name(rows[i][0])))
    return table.iloc[order].reset_index(drop=True)


def _limits(quota: Any) -> tuple[int, float] | None:
    """Read the lower and upper limit that a quota means, None if it means nothing."""
    low, high = quota if isinstance(quota, tuple) and len(quota) == 2 else (quota, None)
    high = math.inf if high is None else high
    counts = [count for count in (low, high) if count != math.inf]
    if not counts or not all(is_count(count, 0) for count in counts) or low > high:
        return None
    return int(low), float(high)


def _in_words(
    wish: tuple[str, int], people: list[Any], limits: list[tuple[str, tuple[int, float]]], capacity: int
) -> str:
    """Put a wish as a user would say it."""
    kind, i = wish
    if kind == "capacity":
        return f"at most {capacity} guest{'s' * (capacity != 1)} (capacity={capacity})"
    if kind == "required":
        return f"{people[i]!r} must come (required)"
    if kind == "barred":
        return f"{people[i]!r} must not come (excluded)"
    role, (low, high) = limits[i]
    few, count = ("at least", low) if kind == "low" else ("at most", int(high))
    return f"{few} {count} guest{'s' * (count != 1)} as {role} (quotas)"


def _check(
    introductions: pd.DataFrame,
    *,
    capacity: int,
    quotas: Mapping[str, object],
    limits: Mapping[str, tuple[int, float] | None],
) -> None:
    """Raise one error that names everything wrong with the arguments."""
    problems = []
    if not is_count(capacity, 1):
        problems.append(f"capacity must be a whole number from 1, got {capacity!r}")
    problems += [
        f"quotas[{role!r}] must be a lower limit or (lower, upper), whole numbers, got {quotas[role]!r}"
        for role, limit in limits.items()
        if limit is None
    ]
    missing = [name for name in _COLUMNS if name not in introductions]
    if missing:
        got = list(introductions.columns)
        problems.append(f"introductions must have the columns {_COLUMNS!r}; {missing!r} missing, got {got!r}")
    else:
        problems += _row_problems(introductions)
    if problems:
        raise ValueError("\n  ".join(["cannot plan the salon:", *problems]))


def _row_problems(introductions: pd.DataFrame) -> list[str]:
    """List what is wrong with rows of the introductions."""
    score = pd.to_numeric(introductions["score"], errors="coerce").astype(float)
    same = introductions["seeker_id"] == introductions["counterpart_id"]
    key = introductions[["seeker_id", "counterpart_id", "role"]]
    faults = {
        "score must be a finite number from 0": ~(score.ge(0) & np.isfinite(score)),
        "seeker_id, counterpart_id and role must not be missing": key.isna().any(axis=1),
        "an enterprise cannot be introduced to itself": same,
        "an introduction (seeker_id, counterpart_id, role) must stand once": key.duplicated(),
    }
    return [
        f"introductions: {reason}; {int(bad.sum())} rows, first {introductions.index[bad][0]!r}; drop or mend"
        for reason, bad in faults.items()
        if bad.any()
    ]
