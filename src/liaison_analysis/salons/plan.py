"""Which guests a salon should have, and why each of them comes."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import pandas as pd

from liaison_analysis._checks import check_frame
from liaison_analysis.ledger import as_ledger
from liaison_analysis.salons.constraints import GuestWishes, people_of
from liaison_analysis.salons.guest_list import find_clash, solve_guests
from liaison_analysis.salons.guests import STANDBY, describe_guests, stand_ins
from liaison_analysis.salons.timetable_checks import best_first, by_name, worth_meeting

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from liaison_analysis.ledger import Ledger


# A difference of two sums of scores below this is rounding error.
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
    standby
        DataFrame[place, enterprise_id, stands_in_for, role, value, why]: who to ask if a guest declines, in
        this order. ``stands_in_for`` is a tuple of guests, those first whose partners it suits best: it would
        meet some of them in the guest's role, and the list still fulfils the wishes. ``value`` is the sum of
        its best introductions to guests, ``why`` the reason of the best of them.
    value, bound
        The value of the best meetings among them if nobody holds more than ``meetings`` (two guests meet
        once, for the sum of the scores between them), and its upper bound for all permitted lists.

    See Also
    --------
    schedule_salon : gives the meetings of a plan slots and tables.

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
    >>> print(plan.guests[["enterprise_id", "role", "value"]].to_string(index=False))
    enterprise_id      role  value
           robots    seeker    1.3
             cars  customer    0.9
             bank financier    0.4
    >>> plan.value, plan.gap
    (1.3, 0.0)
    """

    guests: pd.DataFrame
    introductions: pd.DataFrame
    value: float
    bound: float
    standby: pd.DataFrame = field(default_factory=lambda: pd.DataFrame(columns=list(STANDBY)))

    @property
    def gap(self) -> float:
        """Distance of the value from the bound, as a share of the bound."""
        rest = self.bound - self.value
        return rest / self.bound if rest > _EXACT * max(1.0, self.bound) else 0.0


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
    focus: Iterable[Any] = (),
    focus_share: float = 0.0,
    any_of: Iterable[Iterable[Any]] = (),
    least: float = 0.0,
    standby: int = 5,
    ledger: Ledger | None = None,
    quick: bool = False,
) -> SalonPlan:
    """Choose the guests whose meetings with each other have the largest total value.

    Parameters
    ----------
    introductions
        DataFrame[seeker_id, counterpart_id, role, score, rank, reason], as `rank_introductions` returns it,
        for one or several roles; further columns are kept. Scores are not negative, and an introduction
        (seeker, counterpart, role) stands once.
    capacity
        The most guests there may be, the required ones among them.
    meetings
        How many meetings each guest can hold, usually the number of slots. None counts every introduction
        between guests regardless of time; that problem is much harder, and the bound weak.
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
        Columns for quotas and balance, such as ``ledger.enterprises``.
    strong
        Smallest score of an introduction that is a sufficient reason to come.
    competitors_meet
        Whether introductions marked in a column ``competitor`` count and may become meetings; else rivals
        may come to the same salon, but do not sit at one table.
    focus, focus_share
        The enterprises that the salon is for, and their smallest share of the guests, such as .5. If there
        are too few of them, fewer guests than ``capacity`` are invited.
    any_of
        Sets of candidates; at least one of each set is invited.
    least
        Smallest value of a meeting: pairs whose introductions sum to less do not count.
    standby
        The most stand-ins to name.
    ledger
        Adds columns ``asks`` and ``offers`` to the guests, see `describe_guests`.
    quick
        A good list in a fraction of the time, with a far bound: for comparing many lists.

    Returns
    -------
    The plan. The introductions of the plan are all those with both ends invited. Every guest who is not
    required is to hold a meeting that is reason enough to come.

    Raises
    ------
    ValueError
        If an argument cannot be used, with every problem listed; or if no guest list fulfils all wishes,
        with a minimal set of conflicting wishes.

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
    ledger = None if ledger is None else as_ledger(ledger)
    check_frame(introductions, "introductions")
    if profiles is not None:
        check_frame(profiles, "profiles")
    wishes = GuestWishes(
        capacity, meetings, tuple(dict.fromkeys(required)), tuple(dict.fromkeys(excluded)), quotas or {},
        balance or {}, tuple(tuple(pair) for pair in pairs_apart), profiles, strong,
        tuple(dict.fromkeys(focus)), focus_share, tuple(tuple(dict.fromkeys(wish)) for wish in any_of),
    )  # fmt: skip
    wishes.check(introductions)
    introductions = worth_meeting(best_first(introductions, competitors_meet=competitors_meet), least)
    people = people_of(introductions, wishes.required)
    problem, words = wishes.problem(introductions, people)
    solution = solve_guests(problem, quick=quick)
    if solution is None:
        clashing = [words[wish] for wish in find_clash(problem)]
        raise ValueError("\n  ".join(["these wishes clash; give up at least one of them:", *clashing]))
    guests = [person for person, comes in zip(people, solution.invited, strict=True) if comes]
    held = introductions["seeker_id"].isin(guests) & introductions["counterpart_id"].isin(guests)
    chosen = introductions[held].reset_index(drop=True)
    table = _guest_table(guests, chosen)
    return SalonPlan(
        guests=table if ledger is None else describe_guests(table, ledger),
        introductions=chosen,
        value=solution.value,
        bound=solution.bound,
        standby=stand_ins(problem, people, solution.invited, introductions, most=standby),
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
    order = sorted(range(len(table)), key=lambda i: (-round(rows[i][4], 9), by_name(rows[i][0])))
    return table.iloc[order].reset_index(drop=True)
