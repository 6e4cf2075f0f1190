"""What is to be done about each demand: who has to do what next, and by when."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pandas as pd

from liaison_analysis._calendar import WITHIN, Unit, day_numbers, due_days, elapsed_days
from liaison_analysis._messages import message
from liaison_analysis.followup.facts import DONE, closing_days, count_day
from liaison_analysis.followup.reminders import closed_by, open_demands
from liaison_analysis.ledger import CLOSED_UNSOLVED, ROLES, as_ledger

if TYPE_CHECKING:
    from liaison_analysis.ledger import Ledger

#: What has to be done next, by status; a demand beyond the group's remit is passed to a higher level first.
NEXT_STEPS: Final = {
    "collected": "研判并交办责任部门",
    "assigned": "责任部门联系企业并开始办理",
    "solving": "办结并答复企业",
    "settled": "向企业反馈并征求满意度",
    "fed back": "归档",
    "cannot be solved": "核实已向企业说明原因后归档",
    "not accepted": "核实已告知企业理由后归档",
}
_COLUMNS: Final = (
    "demand_id", "enterprise_id", "enterprise", "town", "text", "in_remit", "status", "raised_on", "days",
    "due_on", "days_left", "unit", "is_overdue", "next_step", "owner",
)  # fmt: skip
_UPWARD: Final = "报上级部门协调，并告知企业"
_AGAIN: Final = "回访企业，必要时重新办理"


def task_list(
    ledger: Ledger, on: Any = None, *, within: int = WITHIN, unit: Unit = "calendar", everything: bool = False
) -> pd.DataFrame:
    """One row for each demand: what it is, who has to do what next, and by when.

    Parameters
    ----------
    ledger
        Its demands; ``links`` name the team of each enterprise; without that table those columns are empty.
    on
        Day of the count; by default the last date of anything that happened in the ledger.
    within, unit
        Days allowed from the day a demand was raised, ``calendar`` or ``working``.
    everything
        Whether to list demands that are closed as well: settled, fed back, and not dissatisfied; or closed
        because they cannot be solved or were not accepted.

    Returns
    -------
    DataFrame
        Columns demand_id, enterprise_id, enterprise, town, text, in_remit, status, raised_on, days (waited),
        due_on, days_left (of an open one; below 0: over), unit (of the days), is_overdue (open and over),
        next_step (in Chinese), owner, and a column for each role of the "1+3" team with its officers' ids,
        separated by 、. By due_on, then demand_id.

    Raises
    ------
    ValueError
        ``within`` is below 0, or a day lies outside the years of the working-day calendar.

    Examples
    --------
    >>> from liaison_analysis import load_liangjiang
    >>> tasks = task_list(load_liangjiang(), "2022-12-31")
    >>> tasks.loc[0, ["demand_id", "owner", "linked officer", "next_step"]].tolist()
    ['D001', '建设管理部', 'G18', '研判并交办责任部门']
    """
    ledger = as_ledger(ledger)
    if within < 0:
        raise ValueError(message("within must be a number of days, 0 or more; got {within!r}", within=within))
    day, demands = count_day(ledger, on), ledger.demands
    rows = demands[demands["raised_on"].le(day) | demands["raised_on"].isna()].copy()
    rows["is_open"] = rows.index.isin(open_demands(ledger, day).index)
    unhappy = rows["satisfied"].eq(other=False).fillna(value=False).astype(bool)
    fed_back = rows["fed_back_on"].le(day) | rows["status"].eq(DONE[1])
    closed = closed_by(rows, day)
    if not everything:
        rows = rows[rows["is_open"] | (~fed_back & ~closed) | unhappy]
    firms = ledger.enterprises.set_index("enterprise_id")
    raised, missing = day_numbers(rows["raised_on"])
    ended_on = rows["settled_on"].fillna(closing_days(rows))
    ended, _ = day_numbers(ended_on.where(~rows["is_open"] & ended_on.notna(), day))
    due = np.zeros(len(rows), dtype="datetime64[D]")
    days, left = (np.zeros(len(rows), dtype=np.int64) for _ in range(2))
    known = ~missing
    now = np.full(known.sum(), np.datetime64(day, "D").astype(np.int64))
    due[known] = due_days(raised[known], within, unit).astype("datetime64[D]")
    days[known] = elapsed_days(ended[known], unit) - elapsed_days(raised[known], unit)
    left[known] = within - (elapsed_days(now, unit) - elapsed_days(raised[known], unit))
    rows["enterprise"], rows["town"] = (rows["enterprise_id"].map(firms[c]) for c in ("name", "town"))
    rows["days"], rows["days_left"] = (
        pd.Series(v, index=rows.index).astype("Int64").mask(missing) for v in (days, left)
    )
    # The waiting time of a demand that was closed on an unknown day is not known.
    rows["days"] = rows["days"].mask(~rows["is_open"] & ended_on.isna())
    rows["days_left"] = rows["days_left"].where(rows["is_open"])
    rows["due_on"] = pd.Series(due.astype("datetime64[s]"), index=rows.index).mask(missing)
    rows["is_overdue"] = rows["is_open"] & rows["days"].gt(within).fillna(value=False).astype(bool)
    rows["next_step"] = _next_steps(rows, unhappy)
    for role, officers in _team(ledger).items():
        rows[role] = officers.reindex(rows["enterprise_id"]).astype("str").fillna("").to_numpy()
    rows["unit"] = unit
    frame = rows.sort_values(["due_on", "demand_id"], ignore_index=True)[[*_COLUMNS, *ROLES]]
    frame.attrs["on"] = day
    return frame


def _next_steps(rows: pd.DataFrame, unhappy: pd.Series) -> pd.Series:
    status = rows["status"].fillna("collected")
    steps = status.map(NEXT_STEPS)
    settled_by_day = ~rows["is_open"] & ~status.isin([*DONE, *CLOSED_UNSOLVED])
    steps = steps.mask(settled_by_day, NEXT_STEPS["settled"])
    outside = rows["in_remit"].eq(other=False).fillna(value=False).astype(bool)
    steps = steps.mask(outside & rows["is_open"] & status.isin(["collected", "assigned"]), _UPWARD)
    return steps.mask(unhappy.reindex(rows.index) & ~rows["is_open"], _AGAIN).astype("str")


def _team(ledger: Ledger) -> dict[str, pd.Series]:
    """Officers of each enterprise in each role."""
    links = ledger.links.assign(role=ledger.links["role"].fillna(next(iter(ROLES))))
    links = links.dropna(subset="officer_id").sort_values(["enterprise_id", "officer_id"])
    empty = pd.Series(dtype="str")
    officers = {
        role: part.groupby("enterprise_id")["officer_id"].agg("、".join)
        for role, part in links.groupby("role")
    }
    return {role: officers.get(role, empty) for role in ROLES}
