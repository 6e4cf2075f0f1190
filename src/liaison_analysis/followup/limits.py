"""Limits of each stage of a demand: what is due, what runs late, and whom to notify."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pandas as pd

from liaison_analysis._calendar import WITHIN, check_unit, day_numbers, due_days, elapsed_days
from liaison_analysis._checks import check_frame
from liaison_analysis._messages import message
from liaison_analysis.errors import LedgerError, problem
from liaison_analysis.followup.facts import DONE, count_day
from liaison_analysis.followup.reminders import closed_by, settled_by
from liaison_analysis.ledger import TABLES, as_ledger

if TYPE_CHECKING:
    from liaison_analysis._calendar import Unit
    from liaison_analysis.errors import Problem
    from liaison_analysis.ledger import Ledger

#: Stages that have a limit, and what each counts from: the day a demand was raised, or was settled.
STAGES: Final = {
    "assign": "raised_on",
    "answer": "raised_on",
    "plan": "raised_on",
    "close": "raised_on",
    "feed back": "settled_on",
}
#: Units of a limit, and how many make a calendar day; a ledger records days, not hours.
UNITS: Final = {"minutes": 24 * 60, "hours": 24, "days": 1, "working days": 1}
LIMIT_COLUMNS: Final = ("kind", "stage", "level", "within", "unit", "notify", "warn_share")
#: Share of a limit from which it is near; judgement.
WARN_SHARE: Final = 0.8

# Columns of demands that limits are counted by.
_USED: Final = {"demand_id", "enterprise_id", "owner", "kind", "status", "reopened"} | {
    column.name for column in TABLES["demands"].columns if column.kind == "date"
}
#: Limits of a ledger that has none of its own.
USUAL: Final = "30 days"
_OFFICER, _HEAD, _LEADER = "责任部门经办人", "责任部门负责人", "分管领导"
#: Limits by name: (kind, stage, level, within, unit, notify). Level 0 is the limit; each further level
#: notifies one rank higher, after so long; those levels are a judgement, since no source names them.
PRESETS: Final[dict[str, tuple[tuple[str, str, int, int, str, str], ...]]] = {
    # One month for demands of every kind (judgement), feedback within three working days (judgement).
    "30 days": (
        ("", "close", 0, 30, "days", _OFFICER),
        ("", "close", 1, 45, "days", _HEAD),
        ("", "close", 2, 60, "days", _LEADER),
        ("", "feed back", 0, 3, "working days", _OFFICER),
    ),
    # As published by Jiangmen: answer in 60 minutes, plan in 24 hours, close in 7 days.
    "60 min / 24 h / 7 d": (
        ("", "answer", 0, 60, "minutes", _OFFICER),
        ("", "plan", 0, 24, "hours", _OFFICER),
        ("", "close", 0, 7, "days", _OFFICER),
        ("", "close", 1, 10, "days", _HEAD),
        ("", "close", 2, 14, "days", _LEADER),
    ),
    # Draft rules for Beijing's hotline 12345: 2 hours, 24 hours, 7 days or 15 days by kind. A ledger's own
    # kinds are to be written into the table.
    "2 h / 24 h / 7 d / 15 d": (
        ("紧急", "close", 0, 2, "hours", _OFFICER),
        ("紧急", "close", 1, 24, "hours", _LEADER),
        ("咨询", "close", 0, 24, "hours", _OFFICER),
        ("", "close", 0, 7, "days", _OFFICER),
        ("", "close", 1, 10, "days", _HEAD),
        ("疑难", "close", 0, 15, "days", _OFFICER),
        ("疑难", "close", 1, 20, "days", _LEADER),
    ),
}


def limit_table(preset: str = "30 days") -> pd.DataFrame:
    """Give named limits as a table to edit, for the ledger's table ``limits`` or for ``check_limits``.

    Parameters
    ----------
    preset
        ``"30 days"``, ``"60 min / 24 h / 7 d"`` (Jiangmen) or ``"2 h / 24 h / 7 d / 15 d"`` (Beijing 12345,
        draft).

    Returns
    -------
    DataFrame
        Columns kind (of demand; empty: every kind that has no row of its own for the stage), stage (assign,
        answer, plan, close or feed back), level (0: the limit; 1, 2, …: escalations), within, unit (minutes,
        hours, days or working days), notify (whom), warn_share (share of the limit from which it is near; of
        level 0).

    Raises
    ------
    ValueError
        No such preset.

    Examples
    --------
    >>> limit_table("60 min / 24 h / 7 d")[["stage", "level", "within", "unit"]].head(3).to_numpy().tolist()
    [['answer', 0, 60, 'minutes'], ['plan', 0, 24, 'hours'], ['close', 0, 7, 'days']]
    """
    if preset not in PRESETS:
        names = ", ".join(map(repr, PRESETS))
        raise ValueError(
            message("expected limits named one of {names}; got {preset!r}", names=names, preset=preset)
        )
    frame = pd.DataFrame(PRESETS[preset], columns=list(LIMIT_COLUMNS[:-1]))
    return frame.assign(warn_share=WARN_SHARE)


def check_limits(
    ledger: Ledger,
    on: Any = None,
    *,
    limits: str | pd.DataFrame | None = None,
    pauses: pd.DataFrame | None = None,
) -> pd.DataFrame:
    """List every stage that a demand has not reached yet, with its limit, and whom to notify.

    The ledger records days, not hours: a limit below a day ends on the day it began, and 24 hours on the
    next. A stage is reached on its day (``assigned_on``, ``responded_on``, ``settled_on``, ``fed_back_on``)
    or where the status is past it; a plan has no day, only a status. Days on which the enterprise owes
    material do not count.

    Parameters
    ----------
    ledger
        Its demands; ``kind`` and ``responded_on`` where it has them.
    on
        Day of the count; by default the last date of anything that happened in the ledger.
    limits
        Name of a preset, or a table such as ``limit_table`` gives. By default the ledger's own table
        ``limits`` (sheet 时限); ``"30 days"`` where it has none.
    pauses
        DataFrame[demand_id, paused_on, resumed_on]: from which day up to which the enterprise owed material;
        missing resumed_on: still. Overlapping pauses count once. By default the ledger's own table ``pauses``
        (sheet 暂停).

    Returns
    -------
    DataFrame
        Columns demand_id, enterprise_id, owner, kind, stage, began_on, within (days), unit (``calendar`` or
        ``working``, of all days), due_on (pauses up to now added), waited, paused, state (``in time``;
        ``near``: from ``warn_share`` of the limit on; ``over``; ``paused``: in time, and the enterprise owes
        material), level (highest escalation reached, 0 if none), notify (of that level). The longest over
        first, then by due_on, demand_id and stage. A demand of unknown day is not in it. ``attrs["on"]`` is
        the day.

    Raises
    ------
    LedgerError
        Rows of ``limits`` are wrong; every one is in ``.problems``.
    ValueError
        No such preset, or columns of ``limits`` or ``pauses`` are missing.

    Examples
    --------
    >>> from liaison_analysis import load_liangjiang
    >>> due = check_limits(load_liangjiang(), "2022-12-31")
    >>> due["state"].value_counts().to_dict()
    {'over': 271, 'in time': 28, 'near': 18}
    """
    ledger = as_ledger(ledger)
    if pauses is not None:
        check_frame(pauses, "pauses")
    day = count_day(ledger, on)
    table = limits_of(ledger, limits)
    pauses = ledger.pauses if pauses is None else pauses
    # Without texts: copying those of ten million demands would take longer than all the counting.
    columns = [name for name in ledger.demands if name in _USED]
    raised = ledger.demands["raised_on"].le(day).fillna(value=False).astype(bool)
    demands = ledger.demands.loc[raised, columns]
    kind = demands["kind"].fillna("") if "kind" in demands else pd.Series("", index=demands.index)
    frames = []
    for stage, rows in table.groupby("stage", sort=False):
        waiting = ~_reached(demands, str(stage), day)
        began = demands[STAGES[str(stage)]]
        waiting &= began.le(day).fillna(value=False).astype(bool)
        own = set(rows["kind"]) - {""}
        for name, part in rows.groupby("kind", sort=True):
            mine = waiting & (kind.eq(name) if name else ~kind.isin(own))
            if mine.any():
                due = _due(demands[mine], str(stage), part, day, pauses)
                frames.append(due.assign(kind=kind[mine]))
    columns = ["demand_id", "enterprise_id", "owner", "kind", "stage", "began_on", "within", "unit", "due_on"]
    columns += ["waited", "paused", "state", "level", "notify"]
    empty = pd.DataFrame(columns=[*columns, "over"])
    frame = pd.concat(frames, ignore_index=True) if frames else empty
    frame = frame.sort_values(["over", "due_on", "demand_id", "stage"], ascending=[False, True, True, True])
    frame = frame[columns].reset_index(drop=True)
    frame.attrs = {"on": day}
    return frame


def limits_of(ledger: Ledger, limits: str | pd.DataFrame | None = None) -> pd.DataFrame:
    """Limits that hold for a ledger, checked: those given, else its own, else the usual ones."""
    if limits is None:
        limits = ledger.limits if len(ledger.limits) else USUAL
    return checked_limits(limit_table(limits) if isinstance(limits, str) else limits)


def days_to_close(ledger: Ledger) -> int:
    """Days that the ledger's own limits allow for settling a demand of any kind; 30 if it has none.

    A limit in working days is converted to calendar days: five working days are a week of seven.

    Parameters
    ----------
    ledger
        Its table ``limits``; the row of stage ``close``, level 0 and no kind.

    Returns
    -------
    int
        Calendar days.

    Examples
    --------
    >>> from liaison_analysis import Ledger
    >>> days_to_close(Ledger()), days_to_close(Ledger(limits=limit_table("60 min / 24 h / 7 d")))
    (30, 7)
    """
    ledger = as_ledger(ledger)
    if ledger.limits.empty:
        return WITHIN
    table = limits_of(ledger)
    usual = table[table["kind"].eq("") & table["stage"].eq("close") & table["level"].eq(0)]
    if usual.empty:
        return WITHIN
    days, unit = _days(usual["within"].iloc[0], usual["unit"].iloc[0]), usual["unit"].iloc[0]
    return int(np.ceil(days * 7 / 5)) if unit == "working days" else days


def checked_limits(table: pd.DataFrame) -> pd.DataFrame:
    """Limits in one form: every row checked, kinds that are missing empty, in order of kind, stage and level.

    Headers, stages and units may be Chinese, as on the sheet 时限.

    Raises
    ------
    LedgerError
        A row is wrong; every one is in ``.problems``.
    ValueError
        A column is missing.
    """
    known = TABLES["limits"].headers()
    table = table.rename(columns=lambda name: known.get(str(name).strip().casefold(), name))
    needed = [name for name in LIMIT_COLUMNS if name not in {"kind", "warn_share", "notify", "level"}]
    missing = [name for name in needed if name not in table]
    if missing:
        columns = ", ".join(missing)
        raise ValueError(message("limits: columns {columns} are missing; see limit_table()", columns=columns))
    frame = table.reset_index(drop=True).astype(object)
    frame = frame.where(frame.notna(), None)
    defaults: dict[str, Any] = {"kind": "", "level": 0, "notify": "", "warn_share": WARN_SHARE}
    for name, value in defaults.items():
        frame[name] = frame[name].where(frame[name].notna(), value) if name in frame else value
    for name in ("stage", "unit"):
        words = {word: key for key, word in TABLES["limits"][name].choices.items()}
        frame[name] = [words.get(one, one) for one in frame[name]]
    problems: list[Problem] = []
    for i, row in enumerate(frame.to_dict("records")):
        checks = {
            "stage": (row["stage"] in STAGES, message("one of {words}", words=", ".join(STAGES))),
            "unit": (row["unit"] in UNITS, message("one of {words}", words=", ".join(UNITS))),
            "within": (_is_number(row["within"], 0), message("a number, 0 or more")),
            "level": (_is_whole(row["level"]), message("a whole number, 0 for the limit itself")),
            "warn_share": (_is_number(row["warn_share"], 0, 1), message("a share from 0 to 1")),
        }
        for column, (right, expected) in checks.items():
            if not right:
                problems.append(
                    problem(
                        "limits",
                        i + 2,
                        column,
                        str(row[column]),
                        message("expected {expected}", expected=expected),
                    )
                )
    if problems:
        raise LedgerError("limits", problems)
    key = ["kind", "stage", "level"]
    again = np.flatnonzero(frame.duplicated(key))
    twice = message("same kind, stage and level twice; keep one")
    problems = [problem("limits", int(i) + 2, "level", str(frame["level"].iloc[i]), twice) for i in again]
    without = frame.groupby(["kind", "stage"])["level"].min().reset_index()
    problems += [
        problem(
            "limits",
            None,
            "level",
            "",
            message("{stage} of kind {kind!r} has no level 0, its limit; add it", stage=stage, kind=kind),
        )
        for kind, stage, least in without.itertuples(index=False, name=None)
        if least != 0
    ]
    if problems:
        raise LedgerError("limits", problems)
    kinds = {"within": "float64", "level": "int64", "warn_share": "float64"}
    return frame.astype(kinds).sort_values(key, ignore_index=True)


def _is_number(value: Any, low: float, high: float = np.inf) -> bool:
    try:
        return bool(low <= float(value) <= high)
    except (TypeError, ValueError):
        return False


def _is_whole(value: Any) -> bool:
    return _is_number(value, 0) and float(value).is_integer()


def _reached(demands: pd.DataFrame, stage: str, day: pd.Timestamp) -> pd.Series:
    """Whether each demand has reached a stage by a day."""
    status = demands["status"].fillna("")
    past = {
        "assign": status.isin(["assigned", "solving"]),
        "answer": status.eq("solving"),
        "plan": status.eq("solving"),
        "close": pd.Series(data=False, index=demands.index),
        "feed back": status.eq(DONE[1]) & demands["fed_back_on"].isna(),
    }[stage]
    column = {"assign": "assigned_on", "answer": "responded_on", "feed back": "fed_back_on"}.get(stage)
    dated = demands[column].le(day).fillna(value=False) if column in demands else False
    closed = settled_by(demands, day) if stage != "feed back" else ~settled_by(demands, day)
    # What was closed without being solved has no stage left.
    return (past | dated | closed | closed_by(demands, day)).astype(bool)


def _due(
    rows: pd.DataFrame,
    stage: str,
    levels: pd.DataFrame,
    day: pd.Timestamp,
    pauses: pd.DataFrame | None,
) -> pd.DataFrame:
    """Limits of one stage and kind against the days waited."""
    limit = levels[levels["level"].eq(0)].iloc[0]
    unit: Unit = "working" if limit["unit"] == "working days" else "calendar"
    check_unit(unit)
    began, _ = day_numbers(rows[STAGES[stage]])
    now = np.full(len(rows), np.datetime64(day, "D").astype(np.int64))
    paused, still = _paused(rows["demand_id"], pauses, began, now, unit)
    waited = elapsed_days(now, unit) - elapsed_days(began, unit) - paused
    within = _days(limit["within"], limit["unit"])
    level = np.zeros(len(rows), dtype=np.int64)
    notify = np.full(len(rows), str(limit["notify"]), dtype=object)
    for step in levels[levels["level"].gt(0)].to_dict("records"):
        late = waited > _days(step["within"], step["unit"])
        level[late], notify[late] = step["level"], str(step["notify"])
    due = np.zeros(len(rows), dtype=np.int64)
    for pause in np.unique(paused).tolist():
        here = paused == pause
        due[here] = due_days(began[here], within + pause, unit)
    over = waited - within
    near = waited >= limit["warn_share"] * within
    state = np.select([over > 0, still, near], ["over", "paused", "near"], "in time")
    return rows[["demand_id", "enterprise_id", "owner"]].assign(
        stage=stage,
        began_on=rows[STAGES[stage]],
        within=within,
        unit=unit,
        due_on=due.astype("datetime64[D]").astype("datetime64[s]"),
        waited=waited,
        paused=paused,
        state=state,
        level=level,
        notify=notify,
        over=over,
    )


def _days(within: float, unit: str) -> int:
    """Whole days of a limit: nothing below a day, and parts of further days rounded up."""
    days = within / UNITS[unit]
    return 0 if days < 1 else int(np.ceil(days))


def _paused(ids: pd.Series, pauses: pd.DataFrame | None, began: Any, now: Any, unit: Unit) -> tuple[Any, Any]:
    """Days that do not count for each demand, and whether today is one."""
    total, still = np.zeros(len(ids), dtype=np.int64), np.zeros(len(ids), dtype=bool)
    if pauses is None or pauses.empty:
        return total, still
    missing = [name for name in ("demand_id", "paused_on", "resumed_on") if name not in pauses]
    if missing:
        raise ValueError(f"pauses: columns {', '.join(missing)} are missing")
    place = {one: i for i, one in enumerate(ids)}
    ordered = pauses[pauses["demand_id"].isin(place)].sort_values(["demand_id", "paused_on"])
    until: dict[int, int] = {}
    for row in ordered.to_dict("records"):
        i = place[row["demand_id"]]
        start = int(np.datetime64(pd.Timestamp(row["paused_on"]), "D").astype(np.int64))
        is_open = pd.isna(row["resumed_on"])
        end = now[i] if is_open else int(np.datetime64(pd.Timestamp(row["resumed_on"]), "D").astype(np.int64))
        first, last = max(start, int(began[i]), until.get(i, start)), min(end, int(now[i]))
        if last > first:
            span = elapsed_days(np.array([first, last]), unit)
            total[i] += span[1] - span[0]
            until[i] = last
        still[i] |= start <= now[i] and (is_open or end > now[i])
    return total, still
