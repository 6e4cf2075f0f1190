"""The three lists that a leading group works with, and the monthly dispatch sheet, as a workbook."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pandas as pd

from liaison_analysis.demand_facts import DONE, count_day
from liaison_analysis.reminders import open_demands
from liaison_analysis.schema import ROLES, STATUSES
from liaison_analysis.workbooks import write_workbook
from liaison_analysis.workdays import WITHIN, Unit, clock, day_numbers, due_days

if TYPE_CHECKING:
    from liaison_analysis.ledger import Ledger

#: What has to be done next, by status; a demand beyond the group's remit goes upward first.
NEXT_STEPS: Final = {
    "collected": "研判并交办责任部门",
    "assigned": "责任部门联系企业并开始办理",
    "solving": "办结并答复企业",
    "settled": "向企业反馈并征求满意度",
    "fed back": "归档",
}
_UPWARD: Final = "报上级部门协调，并告知企业"
_AGAIN: Final = "回访企业，必要时重新办理"

_HEADERS: Final = {
    "demand_id": "诉求编号",
    "enterprise": "企业",
    "town": "新城",
    "text": "诉求内容",
    "in_remit": "职责范围内",
    "status": "办理状态",
    "raised_on": "提出日期",
    "days": "已历天数",
    "due_on": "办结时限",
    "days_left": "剩余天数",
    "is_overdue": "是否超期",
    "next_step": "下一步",
    "owner": "责任部门",
    "linked officer": "挂点干部",
    "park officer": "园区专员",
    "service specialist": "服务专员",
    "party-building instructor": "党建指导员",
    "change": "本期变化",
    "changed_on": "变化日期",
}
_PROBLEMS: Final = [
    "demand_id",
    "enterprise",
    "town",
    "text",
    "in_remit",
    "status",
    "raised_on",
    "days",
    "is_overdue",
]
_TASKS: Final = [
    "demand_id", "enterprise", "next_step", "owner", "linked officer", "due_on", "days_left", "status"
]  # fmt: skip
_DUTIES: Final = ["owner", "demand_id", "enterprise", *ROLES, "due_on", "next_step"]

# What a day in the ledger says has changed, in the order in which it happens.
_CHANGES: Final = {
    "raised_on": "新增诉求",
    "assigned_on": "已交办",
    "settled_on": "已办结",
    "fed_back_on": "已反馈",
}
_OVERDUE: Final = "新超期"


def task_list(
    ledger: Ledger, on: Any = None, *, within: int = WITHIN, unit: Unit = "calendar", everything: bool = False
) -> pd.DataFrame:
    """One row a demand: what it is, who has to do what next, and by when.

    Parameters
    ----------
    ledger
        Its demands; ``links`` name the team of each enterprise, in its absence those columns are empty.
    on
        Day of the count; by default the last date of anything that happened in the ledger.
    within, unit
        Days allowed from the day a demand was raised, ``calendar`` or ``working``.
    everything
        Whether to list demands that are closed as well: settled, fed back, and not dissatisfied.

    Returns
    -------
    DataFrame
        Columns demand_id, enterprise_id, enterprise, town, text, in_remit, status, raised_on, days (waited),
        due_on, days_left (of an open one; below 0: over), is_overdue (open and over), next_step (in
        Chinese), owner, and a column a role of the "1+3" team with its officers' ids, separated by 、. By
        due_on, then demand_id.

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
    if within < 0:
        raise ValueError(f"within must be a number of days, 0 or more; got {within!r}")
    day, demands = count_day(ledger, on), ledger.demands
    rows = demands[demands["raised_on"].le(day) | demands["raised_on"].isna()].copy()
    rows["is_open"] = rows.index.isin(open_demands(ledger, day).index)
    unhappy = rows["satisfied"].eq(other=False).fillna(value=False).astype(bool)
    fed_back = rows["fed_back_on"].le(day) | rows["status"].eq(DONE[1])
    if not everything:
        rows = rows[rows["is_open"] | ~fed_back | unhappy]
    firms = ledger.enterprises.set_index("enterprise_id")
    raised, missing = day_numbers(rows["raised_on"])
    ended, _ = day_numbers(rows["settled_on"].where(~rows["is_open"] & rows["settled_on"].notna(), day))
    due = np.zeros(len(rows), dtype="datetime64[D]")
    days, left = (np.zeros(len(rows), dtype=np.int64) for _ in range(2))
    known = ~missing
    now = np.full(known.sum(), np.datetime64(day, "D").astype(np.int64))
    due[known] = due_days(raised[known], within, unit).astype("datetime64[D]")
    days[known] = clock(ended[known], unit) - clock(raised[known], unit)
    left[known] = within - (clock(now, unit) - clock(raised[known], unit))
    rows["enterprise"], rows["town"] = (rows["enterprise_id"].map(firms[c]) for c in ("name", "town"))
    rows["days"], rows["days_left"] = (
        pd.Series(v, index=rows.index).astype("Int64").mask(missing) for v in (days, left)
    )
    rows["days_left"] = rows["days_left"].where(rows["is_open"])
    rows["due_on"] = pd.Series(due.astype("datetime64[s]"), index=rows.index).mask(missing)
    rows["is_overdue"] = rows["is_open"] & rows["days"].gt(within).fillna(value=False).astype(bool)
    rows["next_step"] = _next_steps(rows, unhappy)
    for role, officers in _team(ledger).items():
        rows[role] = officers.reindex(rows["enterprise_id"]).astype("str").fillna("").to_numpy()
    columns = [
        "demand_id",
        "enterprise_id",
        *[name for name in _HEADERS if name in rows and name != "demand_id"],
    ]
    frame = rows.sort_values(["due_on", "demand_id"], ignore_index=True)[columns]
    frame.attrs["on"] = day
    return frame


def _next_steps(rows: pd.DataFrame, unhappy: pd.Series) -> pd.Series:
    status = rows["status"].fillna("collected")
    steps = status.map(NEXT_STEPS)
    said_open = ~rows["is_open"] & ~status.isin(DONE)
    steps = steps.mask(said_open, NEXT_STEPS["settled"])
    outside = rows["in_remit"].eq(other=False).fillna(value=False).astype(bool)
    steps = steps.mask(outside & rows["is_open"] & status.isin(["collected", "assigned"]), _UPWARD)
    return steps.mask(unhappy.reindex(rows.index) & ~rows["is_open"], _AGAIN).astype("str")


def _team(ledger: Ledger) -> dict[str, pd.Series]:
    """Officers of each enterprise in each role."""
    links = ledger.links.assign(role=ledger.links["role"].fillna(next(iter(ROLES))))
    links = links.sort_values(["enterprise_id", "officer_id"])
    empty = pd.Series(dtype="str")
    found = {
        role: part.groupby("enterprise_id")["officer_id"].agg("、".join)
        for role, part in links.groupby("role")
    }
    return {role: found.get(role, empty) for role in ROLES}


def dispatch_sheet(
    ledger: Ledger, since: Any = None, on: Any = None, *, within: int = WITHIN, unit: Unit = "calendar"
) -> pd.DataFrame:
    """List what has changed since the last dispatch: new, assigned, settled, fed back, newly overdue.

    Parameters
    ----------
    ledger
        Its demands.
    since
        Day of the last dispatch: what happened on it was in that one; by default the last day of the month
        before ``on``.
    on
        Day of this one; by default the last date of anything that happened in the ledger.
    within, unit
        As in ``task_list``.

    Returns
    -------
    DataFrame
        Columns changed_on, change (in Chinese) and those of ``task_list``: one row a demand and change, by
        day, demand and order of the loop. ``attrs``: since and on.

    Raises
    ------
    ValueError
        ``since`` is not before ``on``.

    Examples
    --------
    >>> from liaison_analysis import load_liangjiang
    >>> sheet = dispatch_sheet(load_liangjiang(), "2022-11-30", "2022-12-31")
    >>> sheet["change"].value_counts().sort_index().to_dict()
    {'已交办': 43, '已办结': 28, '已反馈': 19, '新增诉求': 44, '新超期': 51}
    """
    day = count_day(ledger, on)
    start = day.replace(day=1) - pd.Timedelta(days=1) if since is None else count_day(ledger, since)
    if start >= day:
        raise ValueError(f"since must be a day before {day:%Y-%m-%d}; got {start:%Y-%m-%d}")
    tasks = task_list(ledger, day, within=within, unit=unit, everything=True)
    dates = ledger.demands.set_index("demand_id")
    events = [
        pd.DataFrame(
            {"demand_id": dates.index, "changed_on": dates[column].to_numpy(), "change": word, "order": i}
        )
        for i, (column, word) in enumerate(_CHANGES.items())
    ]
    over = tasks[tasks["days"].gt(within).fillna(value=False).astype(bool)]
    first_over = due_days(day_numbers(over["raised_on"])[0], within + 1, unit).astype("datetime64[D]")
    events.append(
        pd.DataFrame(
            {
                "demand_id": over["demand_id"],
                "changed_on": first_over.astype("datetime64[s]"),
                "change": _OVERDUE,
                "order": len(events),
            }
        )
    )
    every = pd.concat(events, ignore_index=True)
    every = every[every["changed_on"].gt(start) & every["changed_on"].le(day)]
    sheet = every.merge(tasks, on="demand_id", how="inner")
    sheet = sheet.sort_values(["changed_on", "demand_id", "order"], ignore_index=True).drop(columns="order")
    sheet = sheet[["changed_on", "change", *tasks.columns]]
    sheet.attrs = {"since": start, "on": day}
    return sheet


def write_lists(
    ledger: Ledger,
    path: str | Path,
    *,
    since: Any = None,
    on: Any = None,
    within: int = WITHIN,
    unit: Unit = "calendar",
) -> Path:
    """Write the lists of problems, tasks and responsibilities and the dispatch sheet as a workbook.

    Parameters
    ----------
    ledger
        Its demands; ``links`` name who is responsible beside the department.
    path
        The ``.xlsx`` file; replaced as a whole when everything is written.
    since, on, within, unit
        As in ``dispatch_sheet``.

    Returns
    -------
    Path
        ``path``, with the sheets 问题清单, 任务清单, 责任清单 (one row a demand that is not closed) and
        调度单 (one row a change). Headers and statuses are in Chinese; task and duty can be filtered by
        person.

    Examples
    --------
    >>> import tempfile
    >>> from liaison_analysis import load_liangjiang
    >>> from liaison_analysis.sheets import read_sheets
    >>> written = write_lists(load_liangjiang(), Path(tempfile.mkdtemp()) / "lists.xlsx", on="2022-12-31")
    >>> [sheet.name for sheet in read_sheets(written)]
    ['问题清单', '任务清单', '责任清单', '调度单']
    """
    tasks = task_list(ledger, on, within=within, unit=unit)
    duties = tasks.sort_values(["owner", "due_on", "demand_id"], ignore_index=True)
    sheet = dispatch_sheet(ledger, since, on, within=within, unit=unit)
    changes = [
        "changed_on",
        "change",
        "demand_id",
        "enterprise",
        "owner",
        "linked officer",
        "due_on",
        "next_step",
    ]
    return write_workbook(
        Path(path),
        {
            "问题清单": _in_chinese(tasks[_PROBLEMS]),
            "任务清单": _in_chinese(tasks[_TASKS]),
            "责任清单": _in_chinese(duties[_DUTIES]),
            "调度单": _in_chinese(sheet[changes]),
        },
    )


def _in_chinese(frame: pd.DataFrame) -> pd.DataFrame:
    yes: dict[Any, str] = {True: "是", False: "否"}
    words: dict[str, dict[Any, str]] = {"status": dict(STATUSES), "in_remit": yes, "is_overdue": yes}
    coded = {
        name: frame[name].astype(object).map(word).astype("str")
        for name, word in words.items()
        if name in frame
    }
    return frame.assign(**coded).rename(columns=_HEADERS)
