"""Which enterprises to visit first and with whom, and what a visit brought back."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pandas as pd

from liaison_analysis._calendar import WITHIN, written_day
from liaison_analysis._checks import check_frame
from liaison_analysis._messages import message
from liaison_analysis.errors import LedgerError, problem
from liaison_analysis.followup.chances import settlement_chances
from liaison_analysis.followup.facts import count_day
from liaison_analysis.followup.reminders import open_demands, overdue
from liaison_analysis.followup.visits import linked_enterprises
from liaison_analysis.ledger import as_ledger, read_sheets, write_workbook

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from liaison_analysis.errors import Problem
    from liaison_analysis.ledger import Ledger

# What each sign adds to an enterprise's risk; judgement: an open demand counts 1, one that is over its limit
# twice as much, a quarter without a visit as much as one demand.
_WEIGHTS: Final = {
    "open_demands": 1.0, "overdue": 1.0, "likely_breaches": 0.5, "quarters_silent": 1.0, "is_key": 2.0,
    "has_window": 1.5,
}  # fmt: skip
# Days of a quarter, approximate, for the time without a visit.
_QUARTER_DAYS: Final = 90
#: Quarters without a visit that count for an enterprise never visited, and the most that count; judgement.
NEVER_VISITED, MOST_SILENT = 2.0, 4.0
# What stands between the numbers of demands in one cell, and a number before a demand on its line.
_BETWEEN_IDS: Final = re.compile(r"[、,，;；\s]+")
_NUMBER: Final = re.compile(r"^\s*(?:[(（]\d{1,2}[)）]|\d{1,2}[.．、)）])\s*(?=[^\d\s])")
#: Departments that have open demands of one enterprise from which a visit is one of a group (组团上门).
GROUP_FROM: Final = 2

FORM_SHEET: Final = "走访反馈"
_FORM: Final = {
    "enterprise_id": "企业编号",
    "name": "企业名称",
    "officer_id": "干部编号",
    "planned_on": "计划日期",
    "departments": "同行部门",
    "to_discuss": "需沟通诉求",
    "visited_on": "走访日期",
    "settled": "已解决诉求编号",
    "new_demands": "新提诉求（一行一条）",
    "note": "备注",
}


def visit_priorities(
    ledger: Ledger,
    on: Any = None,
    *,
    key: Collection[str] = (),
    windows: Mapping[str, str] | None = None,
    within: int = WITHIN,
) -> pd.DataFrame:
    """Rank linked enterprises by the risk of not visiting them, with departments that should come along.

    The risk adds up open demands, those over their limit, those likely to be (``settlement_chances``), the
    quarters since the last visit (two if there was none, at most four), whether the enterprise is a key one
    of its chain and whether a policy that it could apply for is open.

    Parameters
    ----------
    ledger
        Needs ``links``; ``visits`` and ``demands`` say what is urgent.
    on
        Day of the count; by default the last date of anything that happened in the ledger.
    key
        enterprise_ids of key enterprises, such as ``key_enterprises`` gives.
    windows
        By enterprise_id the policy whose window is open, as a text.
    within
        Days allowed to settle a demand.

    Returns
    -------
    DataFrame
        Columns enterprise_id, name, town, officer_id (linked; separated by 、), risk, open_demands, overdue,
        likely_breaches, days_since_visit (missing: never), is_key, window, departments (that have open
        demands of it, separated by 、), is_group (two departments or more), why (in Chinese). By risk, the
        highest first, then enterprise_id. ``plan_visits(..., urgency=)`` takes the risk. ``attrs["on"]`` is
        the day.

    Raises
    ------
    LedgerError
        ``links`` has no rows.

    Examples
    --------
    >>> from liaison_analysis import load_liangjiang
    >>> first = visit_priorities(load_liangjiang(), "2022-12-31").iloc[0]
    >>> first["open_demands"].item(), first["is_group"].item()
    (23, False)
    """
    ledger = as_ledger(ledger)
    day = count_day(ledger, on)
    pairs = linked_enterprises(ledger)
    officers = pairs.dropna().groupby("enterprise_id")["officer_id"].agg("、".join)
    firms = pairs[["enterprise_id"]].drop_duplicates(ignore_index=True)
    ids = firms["enterprise_id"]
    waiting = open_demands(ledger, day)
    late = overdue(ledger, day, within=within)
    try:
        chances = settlement_chances(ledger, day, within=within)
        likely = chances.loc[chances["likely_breach"], "enterprise_id"]
    except ValueError:
        # Nothing was settled yet: no chance is known.
        likely = pd.Series(dtype="str")
    seen = ledger.visits[ledger.visits["visited_on"].le(day)].groupby("enterprise_id")["visited_on"].max()
    since = (day - seen.reindex(ids).reset_index(drop=True)).dt.days
    named = ledger.enterprises.drop_duplicates("enterprise_id").set_index("enterprise_id")
    owners = waiting.dropna(subset=["owner"]).sort_values("owner").groupby("enterprise_id")["owner"]
    departments = ids.map(owners.agg(lambda names: "、".join(dict.fromkeys(names)))).astype("str").fillna("")
    signs = {
        "open_demands": _counted(ids, waiting["enterprise_id"]),
        "overdue": _counted(ids, late["enterprise_id"]),
        "likely_breaches": _counted(ids, likely),
        "quarters_silent": (since / _QUARTER_DAYS).fillna(NEVER_VISITED).clip(upper=MOST_SILENT),
        "is_key": ids.isin(set(key)),
        "has_window": ids.isin(set(windows or {})),
    }
    risk = sum(_WEIGHTS[name] * values.astype("float64") for name, values in signs.items())
    frame = firms.assign(
        name=ids.map(named["name"]),
        town=ids.map(named["town"]),
        officer_id=ids.map(officers).astype("str").fillna(""),
        risk=np.asarray(risk, dtype=np.float64).round(3),
        open_demands=signs["open_demands"],
        overdue=signs["overdue"],
        likely_breaches=signs["likely_breaches"],
        days_since_visit=since.astype("Int64"),
        is_key=signs["is_key"],
        window=ids.map(dict(windows or {})).astype("str").fillna(""),
        departments=departments,
        is_group=departments.str.count("、").ge(GROUP_FROM - 1),
    )
    frame["why"] = [_why(row) for row in frame.to_dict("records")]
    frame = frame.sort_values(["risk", "enterprise_id"], ascending=[False, True], ignore_index=True)
    frame.attrs = {"on": day}
    return frame


def write_visit_form(ledger: Ledger, plan: pd.DataFrame, path: str | Path, *, on: Any = None) -> Path:
    """Write the sheet that officers fill in after their visits; ``read_visit_form`` reads it back.

    Parameters
    ----------
    ledger
        Its open demands are listed for discussion.
    plan
        From ``plan_visits``: one row for each visit.
    path
        The ``.xlsx`` file; replaced as a whole.
    on
        Day of the count; by default the last date of anything that happened in the ledger.

    Returns
    -------
    Path
        ``path``, with the sheet 走访反馈: one row for each visit, with empty columns 走访日期,
        已解决诉求编号, 新提诉求 (one demand per line of the cell) and 备注.

    Examples
    --------
    >>> import tempfile
    >>> from pathlib import Path
    >>> from liaison_analysis import load_liangjiang
    >>> import pandas as pd
    >>> visit = {"officer_id": "G01", "enterprise_id": "E001", "name": "甲公司", "week_of": "2023-01-02"}
    >>> plan = pd.DataFrame([visit])
    >>> write_visit_form(load_liangjiang(), plan, Path(tempfile.mkdtemp()) / "form.xlsx").name
    'form.xlsx'
    """
    ledger = as_ledger(ledger)
    check_frame(plan, "plan", ["week_of", "officer_id", "enterprise_id", "name"], source="plan_visits")
    waiting = open_demands(ledger, count_day(ledger, on)).sort_values(["raised_on", "demand_id"])
    lines = waiting["demand_id"] + "：" + waiting["text"]
    matters = lines.groupby(waiting["enterprise_id"]).agg("\n".join)
    owners = waiting.dropna(subset=["owner"]).sort_values("owner").groupby("enterprise_id")["owner"]
    together = owners.agg(lambda names: "、".join(dict.fromkeys(names)))
    form = plan[["enterprise_id", "name", "officer_id"]].assign(
        planned_on=plan["week_of"],
        departments=plan["enterprise_id"].map(together),
        to_discuss=plan["enterprise_id"].map(matters),
        visited_on="", settled="", new_demands="", note="",
    )  # fmt: skip
    return write_workbook(Path(path), {FORM_SHEET: form[list(_FORM)].rename(columns=_FORM)})


def read_visit_form(path: str | Path, ledger: Ledger) -> dict[str, pd.DataFrame]:
    """Read what officers filled in after their visits.

    Parameters
    ----------
    path
        The workbook that ``write_visit_form`` wrote.
    ledger
        The ledger that it was written from; its enterprises and demands are checked against.

    Returns
    -------
    dict
        ``visits`` (officer_id, enterprise_id, visited_on, note: rows with 走访日期), ``demands``
        (enterprise_id, raised_on, text: one a line of 新提诉求) and ``settled`` (demand_id, settled_on: those
        named in 已解决诉求编号), in the order of the sheet; a row that nobody filled in is no visit.

    Raises
    ------
    LedgerError
        The workbook cannot be read, lacks the sheet or a column, or cells are wrong: every one is in
        ``.problems``.

    Examples
    --------
    >>> import tempfile
    >>> from pathlib import Path
    >>> from liaison_analysis import load_liangjiang
    >>> import pandas as pd
    >>> from liaison_analysis.followup import write_visit_form
    >>> ledger, path = load_liangjiang(), Path(tempfile.mkdtemp()) / "form.xlsx"
    >>> visit = {"officer_id": "G01", "enterprise_id": "E001", "name": "甲公司", "week_of": "2023-01-02"}
    >>> plan = pd.DataFrame([visit])
    >>> read = read_visit_form(write_visit_form(ledger, plan, path), ledger)
    >>> {name: len(rows) for name, rows in read.items()}  # nothing is filled in yet
    {'visits': 0, 'demands': 0, 'settled': 0}
    """
    ledger = as_ledger(ledger)
    path = Path(path)
    sheet = next((s for s in read_sheets(path) if s.name == FORM_SHEET), None)
    if sheet is None or not sheet.rows:
        raise LedgerError.of_file(
            path.name, message("has no sheet {sheet}; give the form of the visits", sheet=FORM_SHEET)
        )
    first = [cell.strip() for cell in sheet.rows[0]]
    missing = [header for header in _FORM.values() if header not in first]
    problems: list[Problem] = [
        problem(FORM_SHEET, 1, header, "", message("column is missing; put it back")) for header in missing
    ]
    if problems:
        raise LedgerError(path.name, problems)
    at = {name: first.index(header) for name, header in _FORM.items()}
    firms, demand_ids = set(ledger.enterprises["enterprise_id"]), set(ledger.demands["demand_id"])
    visits, demands, settled = [], [], []
    for number, cells in enumerate(sheet.rows[1:], start=2):
        padded = [*cells, *[""] * (len(first) - len(cells))]
        row = {name: padded[place].strip() for name, place in at.items()}
        if not any(row[name] for name in ("visited_on", "settled", "new_demands", "note")):
            continue
        day = written_day(row["visited_on"])
        closed = list(dict.fromkeys(one for one in _BETWEEN_IDS.split(row["settled"]) if one))
        wrong = {
            ("enterprise_id", row["enterprise_id"]): row["enterprise_id"] not in firms,
            ("visited_on", row["visited_on"]): day is None,
        } | {("settled", one): one not in demand_ids for one in closed}
        reasons = {
            "enterprise_id": message("is no enterprise of the ledger; correct the number"),
            "visited_on": message("is not a date; write 2022-03-31, the day of the visit"),
            "settled": message("is no demand of the ledger; correct the number"),
        }
        problems += [
            problem(FORM_SHEET, number, _FORM[name], value, reasons[name])
            for (name, value), is_wrong in wrong.items()
            if is_wrong
        ]
        visits.append((row["officer_id"], row["enterprise_id"], day, row["note"]))
        lines = [_NUMBER.sub("", line).strip() for line in row["new_demands"].splitlines()]
        texts = [line for line in lines if line]
        demands += [(row["enterprise_id"], day, text) for text in texts]
        settled += [(one, day) for one in closed]
    if problems:
        raise LedgerError(path.name, problems)
    frames = {
        "visits": pd.DataFrame(visits, columns=["officer_id", "enterprise_id", "visited_on", "note"]),
        "demands": pd.DataFrame(demands, columns=["enterprise_id", "raised_on", "text"]),
        "settled": pd.DataFrame(settled, columns=["demand_id", "settled_on"]),
    }
    days = {"visits": "visited_on", "demands": "raised_on", "settled": "settled_on"}
    return {name: frame.astype({days[name]: "datetime64[s]"}) for name, frame in frames.items()}


def _counted(ids: pd.Series, which: pd.Series) -> pd.Series:
    return ids.map(which.value_counts()).fillna(0).astype("int64")


def _why(row: dict[Any, Any]) -> str:
    reasons = [
        f"未办结诉求 {row['open_demands']} 件" if row["open_demands"] else "",
        f"其中超期 {row['overdue']} 件" if row["overdue"] else "",
        f"可能超期 {row['likely_breaches']} 件" if row["likely_breaches"] else "",
        "从未走访" if pd.isna(row["days_since_visit"]) else "",
        f"{row['days_since_visit']} 天未走访"
        if pd.notna(row["days_since_visit"]) and row["days_since_visit"] > _QUARTER_DAYS
        else "",
        "产业链关键企业" if row["is_key"] else "",
        f"政策窗口：{row['window']}" if row["window"] else "",
        f"需组团上门：{row['departments']}" if row["is_group"] else "",
    ]
    return "；".join(reason for reason in reasons if reason)
