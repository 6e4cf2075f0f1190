"""Guests shown with what they ask and offer, and who stands in for a guest who declines."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pandas as pd

from liaison_analysis._checks import check_frame
from liaison_analysis.demands import read_requests
from liaison_analysis.ledger import as_ledger
from liaison_analysis.salons.timetable_checks import by_name

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from liaison_analysis.ledger import Ledger
    from liaison_analysis.salons.guest_milp import GuestProblem

#: Columns of `SalonPlan.standby`.
STANDBY: Final = ("place", "enterprise_id", "stands_in_for", "role", "value", "why")
#: Directions of a request that a meeting of enterprises can answer.
_ANSWERED_BY_MEETING: Final = ("sell", "buy", "borrow", "cooperate")
# So many requests and products of a guest fit into a cell that is read at a glance (judgement).
_MOST_REQUESTS: Final = 3
_MOST_PRODUCTS: Final = 4
# Below this an excess over a limit is rounding.
_EXACT: Final = 1e-9


def describe_guests(guests: pd.DataFrame, ledger: Ledger) -> pd.DataFrame:
    """Add what each guest asks for, in the words of its demands, and what it offers.

    Parameters
    ----------
    guests
        DataFrame with a column ``enterprise_id``, such as `SalonPlan.guests`.
    ledger
        Its ``demands`` say what is asked, its ``offers`` (or main business) what is offered.

    Returns
    -------
    DataFrame
        ``guests`` with two more columns. ``asks``: the clauses of its demands that look for a customer, a
        supplier, money, a test or research and are still open, latest demand first, each with the id of the
        demand, at most three; empty where it asks for none of these. ``offers``: its products by share of
        revenue, at most four, or the words of its main business.

    Examples
    --------
    >>> from liaison_analysis import load_liangjiang
    >>> guests = describe_guests(pd.DataFrame({"enterprise_id": ["E092", "E243", "E007"]}), load_liangjiang())
    >>> guests["offers"].tolist()
    ['表面处理加工', '银行授信', '连接器']
    >>> describe_guests(pd.DataFrame({"enterprise_id": ["E100"]}), load_liangjiang()).at[0, "asks"]
    'D288：「八层以内的板子，谁要？」；D123：「温循箱坏了，借台用用。」'
    """
    ledger = as_ledger(ledger)
    check_frame(guests, "guests", ["enterprise_id"], source="plan_salon")
    ids = guests["enterprise_id"]
    demands = ledger.demands[ledger.demands["enterprise_id"].isin(ids)]
    requests = read_requests(demands)
    requests = requests[requests["live"] & requests["direction"].isin(_ANSWERED_BY_MEETING)]
    day = dict(zip(demands["demand_id"], demands["raised_on"], strict=True))
    latest = requests.assign(day=requests["demand_id"].map(day)).drop_duplicates(["demand_id", "sentence"])
    latest = latest.sort_values(["day", "demand_id", "start"], ascending=[False, False, True])
    words = {
        firm: "；".join(
            f"{demand}：「{sentence.strip()}」"
            for demand, sentence in part[["demand_id", "sentence"]].head(_MOST_REQUESTS).to_numpy()
        )
        for firm, part in latest.groupby("enterprise_id", sort=False)
    }
    offers = ledger.completed.offers
    offers = offers[offers["enterprise_id"].isin(ids)]
    offers = offers.sort_values(["weight", "product"], ascending=[False, True], na_position="last")
    made = {
        firm: "、".join(part["product"].head(_MOST_PRODUCTS))
        for firm, part in offers.groupby("enterprise_id", sort=False)
    }
    firms = ledger.enterprises.set_index("enterprise_id")["main_business"].dropna().astype(str).to_dict()
    return guests.assign(
        asks=[words.get(firm, "") for firm in ids],
        offers=[made.get(firm) or firms.get(firm, "") for firm in ids],
    )


def stand_ins(
    problem: GuestProblem,
    people: list[Any],
    invited: NDArray[np.bool_],
    introductions: pd.DataFrame,
    *,
    most: int,
) -> pd.DataFrame:
    """List who is to be asked if a guest declines, and for whom each stands in.

    Parameters
    ----------
    problem, people
        The wishes, and the candidates in the order of their numbers.
    invited
        Who is on the list.
    introductions
        Best first.
    most
        The most stand-ins to name.

    Returns
    -------
    DataFrame
        As `SalonPlan.standby`.

    Examples
    --------
    >>> from liaison_analysis.salons.constraints import GuestWishes, people_of
    >>> introductions = pd.DataFrame(
    ...     [("a", "b", "customer", 0.9, 1, "b buys"), ("a", "c", "customer", 0.4, 2, "c buys")],
    ...     columns=["seeker_id", "counterpart_id", "role", "score", "rank", "reason"],
    ... )
    >>> wishes = GuestWishes(2, 6, (), (), {}, {}, (), None, 0.0)
    >>> problem, _ = wishes.problem(introductions, people_of(introductions, ()))
    >>> invited = np.array([True, True, False])
    >>> print(stand_ins(problem, ["a", "b", "c"], invited, introductions, most=3).to_string(index=False))
     place enterprise_id stands_in_for     role  value    why
         1             c          (b,) customer    0.4 c buys
    """
    if not most:
        return pd.DataFrame(columns=list(STANDBY))
    guests = {person for person, comes in zip(people, invited, strict=True) if comes}
    number = {person: i for i, person in enumerate(people)}
    barred = {person for person, out in zip(people, problem.barred, strict=True) if out}
    sides = _sides(introductions)
    sides = sides[sides["partner"].isin(guests)]
    inside = sides[sides["who"].isin(guests)][["who", "partner", "role", "side"]]
    rows = []
    for person, own in sides[~sides["who"].isin(guests | barred)].groupby("who", sort=False):
        suits: dict[Any, float] = {}
        beside = inside.merge(own[["partner", "role", "side", "score"]], on=["partner", "role", "side"])
        for guest, score in zip(beside["who"], beside["score"], strict=True):
            suits[guest] = suits.get(guest, 0.0) + float(score)
        possible = [guest for guest in suits if _may_replace(problem, invited, number[guest], number[person])]
        possible.sort(key=lambda guest: (-round(suits[guest], 9), by_name(guest)))
        if possible:
            value = float(own["score"].head(problem.meetings).sum())
            best = own.iloc[0]
            role = best["role"] if best["side"] == "counterpart" else "seeker"
            rows.append((person, tuple(possible), role, value, str(best["reason"])))
    rows.sort(key=lambda row: (-round(row[3], 9), by_name(row[0])))
    places = [(place, *row) for place, row in enumerate(rows[:most], start=1)]
    return pd.DataFrame(places, columns=list(STANDBY))


def _sides(introductions: pd.DataFrame) -> pd.DataFrame:
    """See each introduction from both ends: who, partner, role, side (counterpart, seeker), score, reason."""
    columns = ["role", "score", "reason"]
    ends = {"counterpart": ("counterpart_id", "seeker_id"), "seeker": ("seeker_id", "counterpart_id")}
    parts = [
        introductions[[who, partner, *columns]]
        .set_axis(["who", "partner", *columns], axis=1)
        .assign(side=side)
        for side, (who, partner) in ends.items()
    ]
    both = pd.concat(parts, ignore_index=True)
    return both.sort_values("score", ascending=False, kind="stable", ignore_index=True)


def _may_replace(problem: GuestProblem, invited: NDArray[np.bool_], guest: int, person: int) -> bool:
    """Whether the list with one guest replaced keeps required guests, limits of groups and lower limits."""
    if problem.required[guest]:
        return False
    other = invited.copy()
    other[guest], other[person] = False, True
    groups = problem.groups @ other.astype(float)
    if (groups > problem.group_limit + _EXACT).any():
        return False
    both = other[problem.ends].all(axis=1)
    for role, low in zip(problem.roles, problem.low, strict=True):
        if low and np.count_nonzero(role[:, np.flatnonzero(both)].sum(axis=1)) < low:
            return False
    return True
