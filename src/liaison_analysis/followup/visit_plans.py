"""Plan a quarter's visits: who visits whom in which week."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pandas as pd

from liaison_analysis._messages import message
from liaison_analysis.errors import LiaisonError
from liaison_analysis.followup.facts import count_day
from liaison_analysis.followup.reminders import open_demands
from liaison_analysis.followup.visit_milp import VisitProblem
from liaison_analysis.followup.visits import LINKED, linked_enterprises, quarter_days
from liaison_analysis.ledger import ROLES, as_ledger

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from liaison_analysis.ledger import Ledger

#: Weeks of a quarter; the last has the days that are left over.
WEEKS: Final = 13

# Judgement: a visit by somebody else than the linked officer costs as much as a visit of urgency 1 made a
# whole quarter late.
_STAND_IN: Final = 1.0
# Judgement: days after which an open demand, or the time since a visit, has added 1 to the urgency.
_QUARTER_DAYS: Final = 90
# Judgement: an enterprise that was never visited is as urgent as one not visited for two quarters.
_NEVER_VISITED: Final = 2.0


class NoVisitPlanError(LiaisonError, ValueError):
    """No plan can visit every enterprise; the message says which cannot be visited and why.

    Attributes
    ----------
    problems
        DataFrame[enterprise_id, officers, reason], one row for each enterprise that is part of the conflict.

    Examples
    --------
    >>> import pandas as pd
    >>> raise NoVisitPlanError("2022Q4", "E1 has no officer", pd.DataFrame())
    Traceback (most recent call last):
    ...
    liaison_analysis.followup.visit_plans.NoVisitPlanError: 2022Q4 cannot be planned: E1 has no officer
    """

    def __init__(self, quarter: str, headline: str, problems: pd.DataFrame) -> None:
        self.problems = problems
        super().__init__(f"{quarter} cannot be planned: {headline}")


def plan_visits(
    ledger: Ledger,
    quarter: str,
    *,
    on: Any = None,
    roles: Collection[str] | None = (LINKED,),
    per_week: int = 2,
    unavailable: Mapping[str, Collection[int]] | None = None,
    trip: float = 0.5,
    urgency: Mapping[str, float] | None = None,
) -> pd.DataFrame:
    """Plan who visits whom in which week, so that every linked enterprise is visited in the quarter.

    A mixed-integer program (HiGHS) makes the sum of three costs as small as it can be: the urgency of each
    enterprise times the share of the quarter that passes before its week; ``trip`` for each town that an
    officer goes to in a week, so that visits in one town go together; and, where more than one officer may
    visit an enterprise, the squares of the officers' loads, so that these are even, and 1 for each visit
    that the linked officer does not make. The urgency is the sum over the enterprise's open demands of
    1 + days open / 90, plus the days since its last visit / 90 (2 if it has never been visited).

    Parameters
    ----------
    ledger
        Needs ``links``; ``visits`` and ``demands`` say what is urgent.
    quarter
        Such as ``2023Q1``. If the day of the count lies in it, the weeks up to that day are past and
        enterprises visited in it are left out.
    on
        Day of the count; by default the last date of anything that happened in the ledger, or the day before
        the quarter where it holds none.
    roles
        Which members of the "1+3" team may make the visit; all four if None.
    per_week
        Most visits of one officer in a week.
    unavailable
        Weeks, counted from 1 to 13, in which an officer cannot visit, by officer_id.
    trip
        Cost of each town that an officer goes to in a week; 0 does not group by town.
    urgency
        Urgency by enterprise_id in place of the one above, such as the risk of ``visit_priorities``; an
        enterprise that it does not name keeps its own.

    Returns
    -------
    DataFrame
        Columns week (1–13), week_of (its first day), officer_id, enterprise_id, name, town, role (in which
        the officer comes), open_demands, days_since_visit (missing: never), urgency. By week, officer and
        enterprise. ``attrs``: cost, bound (no plan costs less), gap (their difference as a share of the
        cost; at most 0.009 unless the search ran out of its 2,000 nodes), most (visits of the busiest
        officer), trips.

    Raises
    ------
    LedgerError
        ``links`` has no rows.
    NoVisitPlanError
        There is no plan; the message and ``problems`` say why: an enterprise without an officer, or officers
        with more enterprises than their weeks have room for.
    ValueError
        The quarter, roles, per_week, trip, weeks or officers are not as described, or the quarter is over.

    Examples
    --------
    >>> from liaison_analysis import load_liangjiang
    >>> plan = plan_visits(load_liangjiang(), "2023Q1")
    >>> len(plan), plan["week"].min().item(), plan.attrs["most"], plan.attrs["gap"] < 0.01
    (240, 1, 10, True)
    """
    ledger = as_ledger(ledger)
    start, end = quarter_days(quarter)
    day = count_day(ledger, on, otherwise=start - pd.Timedelta(days=1))
    if day >= end:
        raise ValueError(f"{quarter} is over on {day:%Y-%m-%d}; name a later quarter, or an earlier on=")
    wanted = _enterprises(ledger, start, day)
    if urgency is not None:
        given = wanted["enterprise_id"].map(dict(urgency)).astype("float64")
        if given.lt(0).any() or np.isinf(given).any():
            raise ValueError("urgency: finite numbers, 0 or more, by enterprise_id expected")
        wanted["urgency"] = given.fillna(wanted["urgency"]).round(3)
    pairs = _pairs(ledger, wanted, tuple(ROLES) if roles is None else tuple(roles))
    officers = sorted(set(pairs["officer_id"]))
    free = _free_weeks(ledger, officers, unavailable or {}, start, day)
    if per_week < 1 or trip < 0:
        raise ValueError(
            f"expected per_week of 1 or more and trip of 0 or more; got {per_week!r} and {trip!r}"
        )
    lost = wanted[~wanted["enterprise_id"].isin(pairs["enterprise_id"])]
    if len(lost):
        reason = message("no officer of the allowed roles is linked to it")
        listed = "、".join(lost["enterprise_id"].head(5)) + ("…" if len(lost) > 5 else "")
        raise NoVisitPlanError(
            quarter,
            f"{len(lost)} enterprises have nobody to visit them ({listed}); link one or allow more roles",
            lost[["enterprise_id"]].assign(officers="", reason=reason).reset_index(drop=True),
        )
    firms = wanted["enterprise_id"].tolist()
    place = {firm: i for i, firm in enumerate(firms)}
    who = {officer: i for i, officer in enumerate(officers)}
    numbers = np.column_stack([pairs["enterprise_id"].map(place), pairs["officer_id"].map(who)]).astype(
        np.int64
    )
    problem = VisitProblem(
        pairs=numbers.reshape(-1, 2),
        stand_in=np.where(pairs["role"].eq(LINKED), 0.0, _STAND_IN),
        urgency=wanted["urgency"].to_numpy(np.float64),
        town=wanted["town"].fillna("").astype("category").cat.codes.to_numpy().astype(np.int64),
        free=free,
        per_week=per_week,
        trip=trip,
    )
    crowded = problem.crowded()
    if crowded is not None:
        raise _no_room(quarter, problem, crowded, firms, officers)
    officer, week, cost, bound = problem.solve()
    visitors = pd.Series([officers[i] for i in officer], index=wanted.index, dtype="str")
    plan = wanted.assign(officer_id=visitors, week=week + 1)
    plan["week_of"] = start + pd.to_timedelta(7 * week, unit="D")
    plan = plan.merge(pairs, on=["enterprise_id", "officer_id"], how="left")
    columns = ["week", "week_of", "officer_id", "enterprise_id", "name", "town", "role", "open_demands"]
    plan = plan[[*columns, "days_since_visit", "urgency"]]
    plan = plan.sort_values(["week", "officer_id", "enterprise_id"], ignore_index=True)
    plan.attrs = {
        "cost": cost,
        "bound": bound,
        "gap": (cost - bound) / cost if cost > 1e-9 else 0.0,
        "most": int(plan["officer_id"].value_counts().max()) if len(plan) else 0,
        "trips": len(plan[["week", "officer_id", "town"]].drop_duplicates()),
        "on": day,
    }
    return plan


def _enterprises(ledger: Ledger, start: pd.Timestamp, day: pd.Timestamp) -> pd.DataFrame:
    """Enterprises to be visited, with what makes each urgent."""
    firms = linked_enterprises(ledger).drop_duplicates("enterprise_id")[["enterprise_id"]]
    seen = ledger.visits[ledger.visits["visited_on"].le(day)]
    last = seen.groupby("enterprise_id")["visited_on"].max()
    firms = firms[~firms["enterprise_id"].isin(last.index[last.ge(start)])].reset_index(drop=True)
    waiting = open_demands(ledger, day)
    age = (day - waiting["raised_on"]).dt.days.fillna(0)
    weight = (1 + age / _QUARTER_DAYS).groupby(waiting["enterprise_id"]).sum()
    table = ledger.enterprises.set_index("enterprise_id")
    table = table.reindex(firms["enterprise_id"]).reset_index(drop=True)
    since = (day - last.reindex(firms["enterprise_id"]).reset_index(drop=True)).dt.days
    n = waiting["enterprise_id"].value_counts()
    asked, weight = (values.reindex(firms["enterprise_id"]).fillna(0).to_numpy() for values in (n, weight))
    silence = (since / _QUARTER_DAYS).fillna(_NEVER_VISITED)
    return firms.assign(
        name=table["name"],
        town=table["town"],
        open_demands=asked.astype(np.int64),
        days_since_visit=since.astype("Int64"),
        urgency=(weight + silence.to_numpy()).astype(np.float64).round(3),
    )


def _pairs(ledger: Ledger, wanted: pd.DataFrame, roles: tuple[str, ...]) -> pd.DataFrame:
    """Who may visit whom, in the first of the allowed roles that it has there."""
    unknown = [role for role in roles if role not in ROLES]
    if unknown or not roles:
        raise ValueError(f"roles: some of {', '.join(ROLES)} expected; got {unknown or roles!r}")
    links = ledger.links.assign(role=ledger.links["role"].fillna(LINKED))
    links = links[links["enterprise_id"].isin(wanted["enterprise_id"]) & links["role"].isin(roles)]
    order = links["role"].map({role: i for i, role in enumerate(ROLES)}).rename("order")
    links = links.assign(order=order).sort_values(["enterprise_id", "officer_id", "order"])
    return links.drop_duplicates(["enterprise_id", "officer_id"])[["enterprise_id", "officer_id", "role"]]


def _free_weeks(
    ledger: Ledger,
    officers: list[str],
    unavailable: Mapping[str, Collection[int]],
    start: pd.Timestamp,
    day: pd.Timestamp,
) -> Any:
    """Shape (officers, weeks): weeks to come in which each can visit."""
    strangers = sorted(set(unavailable) - set(ledger.links["officer_id"]))
    weeks = {week for gone in unavailable.values() for week in gone}
    odd = sorted(weeks - set(range(1, WEEKS + 1)))
    if strangers or odd:
        raise ValueError(
            f"unavailable: weeks 1–{WEEKS} by an officer_id of links expected; unknown officers "
            f"{strangers!r}, weeks {odd!r}"
        )
    free = np.ones((len(officers), WEEKS), dtype=bool)
    past = max((day - start).days + 1, 0) // 7 if day >= start else 0
    free[:, : min(past, WEEKS - 1)] = False
    for i, officer in enumerate(officers):
        free[i, [week - 1 for week in unavailable.get(officer, ())]] = False
    return free


def _no_room(
    quarter: str, problem: VisitProblem, crowded: tuple[Any, Any], firms: list[str], officers: list[str]
) -> NoVisitPlanError:
    """Say which officers have more enterprises than room."""
    who, whom = ([officers[i] for i in crowded[1]], [firms[i] for i in crowded[0]])
    room = int(problem.room[crowded[1]].sum())
    listed = "、".join(who[:5]) + ("…" if len(who) > 5 else "")
    headline = (
        f"{len(whom)} enterprises can only be visited by {listed or 'nobody'}, who have room for {room} "
        "visits in the weeks they are free; raise per_week, free a week, or allow more roles"
    )
    problems = pd.DataFrame({"enterprise_id": whom, "officers": "、".join(who), "reason": f"room for {room}"})
    return NoVisitPlanError(quarter, headline, problems)
