"""The lists that a leading group works with and the monthly dispatch sheet, as a workbook."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import pandas as pd

from liaison_analysis._calendar import WITHIN, Unit, day_numbers, due_days
from liaison_analysis._checks import check_frame
from liaison_analysis._messages import message
from liaison_analysis.followup.facts import DONE, closing_days, count_day
from liaison_analysis.followup.task_lists import task_list
from liaison_analysis.ledger import CLOSED_UNSOLVED, ROLES, STATUSES, as_ledger, write_workbook

if TYPE_CHECKING:
    from liaison_analysis.ledger import Ledger

_HEADERS: Final = {
    "demand_id": "诉求编号",
    "enterprise": "企业",
    "town": "新城",
    "text": "诉求内容",
    "in_remit": "职责范围内",
    "status": "办理状态",
    "raised_on": "提出日期",
    "days": "已历{}",
    "due_on": "办结时限",
    "days_left": "剩余{}",
    "is_overdue": "是否超期",
    "next_step": "下一步",
    "owner": "责任部门",
    "linked officer": "挂点干部",
    "park officer": "园区专员",
    "service specialist": "服务专员",
    "party-building instructor": "党建指导员",
    "change": "本期变化",
    "changed_on": "变化日期",
    "was": "原为",
}
_PROBLEMS: Final = [
    "demand_id", "enterprise", "town", "text", "in_remit", "status", "raised_on", "days", "is_overdue"
]  # fmt: skip
_TASKS: Final = [
    "demand_id", "enterprise", "next_step", "owner", "linked officer", "due_on", "days_left", "status"
]  # fmt: skip
_DUTIES: Final = ["owner", "demand_id", "enterprise", *ROLES, "due_on", "next_step"]
_DISPATCH: Final = [
    "changed_on", "change", "was", "demand_id", "enterprise", "owner", "linked officer", "due_on", "next_step"
]  # fmt: skip

# Changes that have a day in the ledger, in the order of the loop.
_CHANGES: Final = {
    "raised_on": "新增诉求",
    "assigned_on": "已交办",
    "settled_on": "已办结",
    "fed_back_on": "已反馈",
}
_OVERDUE: Final = "新超期"
# Changes without a day in the ledger, seen by comparing with the ledger of the last dispatch.
_AGAIN: Final = "重新办理"
_BEGUN: Final = "开始办理"
_OWNER: Final = "责任部门变更"
_WITHDRAWN: Final = "已撤销"
_DAYS: Final = {"calendar": "日历天数", "working": "工作日数"}


def dispatch_sheet(
    ledger: Ledger,
    since: Any = None,
    on: Any = None,
    *,
    before: Ledger | None = None,
    within: int = WITHIN,
    unit: Unit = "calendar",
) -> pd.DataFrame:
    """List what has changed since the last dispatch: new, assigned, settled, fed back, newly overdue.

    Parameters
    ----------
    ledger
        Its demands.
    since
        Day of the last dispatch, which held what happened on that day; by default the last day of the month
        before ``on``.
    on
        Day of this one; by default the last date of anything that happened in the ledger.
    before
        The ledger as it stood at the last dispatch. Comparing with it shows the changes that have no day:
        reopened (重新办理), begun (开始办理), given to another department (责任部门变更), withdrawn (已撤销),
        closed without being solved on an unknown day (无法解决, 不予受理).
    within, unit
        As in ``task_list``.

    Returns
    -------
    DataFrame
        Columns changed_on (missing for a change without a day), change (in Chinese), was (owner or status
        before, for a change seen by comparing with ``before``) and those of ``task_list``: one row for each
        demand and change, by day, demand and order of the loop; changes without a day last. ``attrs``: since
        and on.

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
    ledger = as_ledger(ledger)
    before = None if before is None else as_ledger(before, "before")
    day = count_day(ledger, on)
    start = day.replace(day=1) - pd.Timedelta(days=1) if since is None else count_day(ledger, since)
    if start >= day:
        raise ValueError(
            message("since must be a day before {day:%Y-%m-%d}; got {start:%Y-%m-%d}", day=day, start=start)
        )
    tasks = task_list(ledger, day, within=within, unit=unit, everything=True)
    every = _dated_changes(ledger, tasks, within, unit)
    every = every[every["changed_on"].gt(start) & every["changed_on"].le(day)]
    if before is not None:
        every = pd.concat([every, _undated_changes(before, ledger)], ignore_index=True)
        ids = every.loc[every["change"].eq(_WITHDRAWN), "demand_id"]
        withdrawn = task_list(before, start, within=within, unit=unit, everything=True)
        withdrawn = withdrawn[withdrawn["demand_id"].isin(ids)]
        tasks = pd.concat([tasks, withdrawn], ignore_index=True)
    sheet = every.merge(tasks, on="demand_id", how="inner")
    sheet = sheet.sort_values(["changed_on", "demand_id", "order"], ignore_index=True)
    sheet = sheet.astype({"was": "str"})[["changed_on", "change", "was", *tasks.columns]]
    sheet.attrs = {"since": start, "on": day}
    return sheet


def _dated_changes(ledger: Ledger, tasks: pd.DataFrame, within: int, unit: Unit) -> pd.DataFrame:
    """Every change that has a day, newly overdue among them: demand_id, changed_on, change, order, was."""
    ids = ledger.demands["demand_id"].to_numpy()
    over = tasks[tasks["days"].gt(within).fillna(value=False).astype(bool)]
    first_over = due_days(day_numbers(over["raised_on"])[0], within + 1, unit).astype("datetime64[D]")
    changes = [(ids, ledger.demands[column].to_numpy(), word) for column, word in _CHANGES.items()]
    changes.append((over["demand_id"].to_numpy(), first_over.astype("datetime64[s]"), _OVERDUE))
    # What could not be solved has the day on which it was closed where others have that of settlement.
    closed = closing_days(ledger.demands)
    changes[list(_CHANGES).index("settled_on")] = (
        ids,
        ledger.demands["settled_on"].mask(closed.notna()).to_numpy(),
        _CHANGES["settled_on"],
    )
    for status in CLOSED_UNSOLVED:
        of_status = ledger.demands["status"].eq(status).fillna(value=False)
        changes.append((ids, closed.where(of_status).to_numpy(), STATUSES[status]))
    return pd.concat(
        [
            pd.DataFrame({"demand_id": which, "changed_on": days, "change": word, "order": i, "was": ""})
            for i, (which, days, word) in enumerate(changes)
        ],
        ignore_index=True,
    )


def _undated_changes(before: Ledger, ledger: Ledger) -> pd.DataFrame:
    """Compare two states of a ledger for changes that have no day; columns as ``_dated_changes``."""
    columns = ["demand_id", "status", "owner", "reopened"]
    now = ledger.demands[columns].assign(closed_on=closing_days(ledger.demands))
    both = before.demands[columns].merge(now, on="demand_id", suffixes=("_was", ""))
    reopened, was_reopened = (both[c].fillna(value=False).astype(bool) for c in ("reopened", "reopened_was"))
    was_done, is_done = (both[c].isin(DONE) for c in ("status_was", "status"))
    is_closed = both["status"].isin(CLOSED_UNSOLVED)
    again = (reopened & ~was_reopened) | (was_done & ~is_done & ~is_closed)
    begun = both["status"].eq("solving") & both["status_was"].ne("solving") & ~again
    moved = both["owner"].notna() & both["owner"].ne(both["owner_was"])
    status = both["status_was"].map(dict(STATUSES)).fillna("")
    closed = is_closed & both["status"].ne(both["status_was"]) & both["closed_on"].isna()
    withdrawn = before.demands["demand_id"]
    withdrawn = withdrawn[~withdrawn.isin(ledger.demands["demand_id"])]
    changes = [
        (both.loc[again, "demand_id"], _AGAIN, status[again]),
        (both.loc[begun, "demand_id"], _BEGUN, status[begun]),
        (both.loc[moved, "demand_id"], _OWNER, both.loc[moved, "owner_was"].fillna("")),
        (withdrawn, _WITHDRAWN, ""),
    ]
    for word in CLOSED_UNSOLVED:
        so_closed = closed & both["status"].eq(word)
        changes.append((both.loc[so_closed, "demand_id"], STATUSES[word], status[so_closed]))
    return pd.concat(
        [
            pd.DataFrame({"demand_id": which, "change": word, "order": i, "was": was}).assign(
                changed_on=pd.Series(pd.NaT, index=which.index, dtype="datetime64[s]")
            )
            for i, (which, word, was) in enumerate(changes)
        ],
        ignore_index=True,
    )


def write_lists(
    ledger: Ledger,
    path: str | Path,
    *,
    since: Any = None,
    on: Any = None,
    before: Ledger | None = None,
    within: int = WITHIN,
    unit: Unit = "calendar",
    tasks: pd.DataFrame | None = None,
    changes: pd.DataFrame | None = None,
) -> Path:
    """Write the lists of problems, tasks and responsibilities and the dispatch sheet as a workbook.

    Parameters
    ----------
    ledger
        Its demands; ``links`` name who is responsible beside the department.
    path
        The ``.xlsx`` file; replaced as a whole when everything is written.
    since, on, before, within, unit
        As in ``dispatch_sheet``.
    tasks, changes
        Results of ``task_list`` and ``dispatch_sheet``, where they are computed already.

    Returns
    -------
    Path
        ``path``, with the sheets 问题清单, 任务清单, 责任清单 (one row for each demand that is not closed)
        and 调度单 (one row for each change). Headers and statuses are in Chinese, headers of days say which
        days; task and duty can be filtered by person. Columns about the remit are left out where the ledger
        does not record it.

    Examples
    --------
    >>> import tempfile
    >>> from liaison_analysis import load_liangjiang
    >>> from liaison_analysis.ledger.sheet_reading import read_sheets
    >>> written = write_lists(load_liangjiang(), Path(tempfile.mkdtemp()) / "lists.xlsx", on="2022-12-31")
    >>> [sheet.name for sheet in read_sheets(written)]
    ['问题清单', '任务清单', '责任清单', '调度单']
    """
    ledger = as_ledger(ledger)
    before = None if before is None else as_ledger(before, "before")
    if tasks is not None:
        check_frame(
            tasks,
            "tasks",
            [
                "demand_id",
                "enterprise",
                "town",
                "text",
                "in_remit",
                "status",
                "raised_on",
                "days",
                "due_on",
                "days_left",
                "is_overdue",
                "next_step",
                "owner",
                "linked officer",
                "park officer",
                "service specialist",
                "party-building instructor",
            ],
            source="task_list",
        )
    if changes is not None:
        check_frame(
            changes,
            "changes",
            [
                "changed_on",
                "change",
                "was",
                "demand_id",
                "enterprise",
                "due_on",
                "next_step",
                "owner",
                "linked officer",
            ],
            source="dispatch_sheet",
        )
    if tasks is None:
        tasks = task_list(ledger, on, within=within, unit=unit)
    if changes is None:
        changes = dispatch_sheet(ledger, since, on, before=before, within=within, unit=unit)
    duties = tasks.sort_values(["owner", "due_on", "demand_id"], ignore_index=True)
    known = ledger.demands["in_remit"].notna().any()
    problems = [name for name in _PROBLEMS if known or name != "in_remit"]
    return write_workbook(
        Path(path),
        {
            "问题清单": _in_chinese(tasks[problems], unit),
            "任务清单": _in_chinese(tasks[_TASKS], unit),
            "责任清单": _in_chinese(duties[_DUTIES], unit),
            "调度单": _in_chinese(changes[_DISPATCH], unit),
        },
    )


def _in_chinese(frame: pd.DataFrame, unit: Unit) -> pd.DataFrame:
    yes: dict[Any, str] = {True: "是", False: "否"}
    words: dict[str, dict[Any, str]] = {"status": dict(STATUSES), "in_remit": yes, "is_overdue": yes}
    coded = {
        name: frame[name].astype(object).map(word).astype("str")
        for name, word in words.items()
        if name in frame
    }
    headers = {name: header.format(_DAYS[unit]) for name, header in _HEADERS.items()}
    return frame.assign(**coded).rename(columns=headers)
