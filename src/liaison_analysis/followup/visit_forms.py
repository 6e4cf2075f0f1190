"""The form that officers fill in after their visits: written for a plan, read back, added to the ledger."""

from __future__ import annotations

import itertools
import re
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import pandas as pd

from liaison_analysis._calendar import written_day
from liaison_analysis._checks import check_frame
from liaison_analysis._messages import message
from liaison_analysis.errors import LedgerError, problem
from liaison_analysis.followup.facts import count_day
from liaison_analysis.followup.reminders import open_demands
from liaison_analysis.ledger import STATUSES, as_ledger, read_sheets, typed, write_workbook

if TYPE_CHECKING:
    from collections.abc import Mapping

    from liaison_analysis.errors import Problem
    from liaison_analysis.ledger import Ledger

VISITS_SHEET: Final = "走访反馈"
STATES_SHEET: Final = "诉求办理"
NEW_SHEET: Final = "新提诉求"
#: Columns of each sheet; those that are filled in come last.
_FORM: Final[dict[str, dict[str, str]]] = {
    VISITS_SHEET: {
        "enterprise_id": "企业编号",
        "name": "企业名称",
        "officer_id": "干部编号",
        "planned_on": "计划日期",
        "departments": "同行部门",
        "visited_on": "走访日期",
        "promised": "承诺事项",
        "note": "备注",
    },
    STATES_SHEET: {
        "enterprise_id": "企业编号",
        "name": "企业名称",
        "demand_id": "诉求编号",
        "raised_on": "提出日期",
        "text": "诉求内容",
        "owner": "责任部门",
        "now": "目前状态",
        "status": "办理状态",
        "changed_on": "办理日期",
        "satisfied": "是否满意",
        "note": "说明",
    },
    NEW_SHEET: {
        "enterprise_id": "企业编号",
        "name": "企业名称",
        "text": "诉求内容（一行一条）",
        "kind": "诉求类别",
        "owner": "责任部门",
    },
}
_FILLED: Final = {
    VISITS_SHEET: ("visited_on", "promised", "note"),
    STATES_SHEET: ("status", "changed_on", "satisfied", "note"),
    NEW_SHEET: ("text", "kind", "owner"),
}
#: Rows for new demands of each enterprise (judgement: a cell takes several, one a line, if these are few).
BLANK_ROWS: Final = 3
# Characters that the words of a drop-down may have in all, with the commas between (Excel's own limit).
_DROP_DOWN: Final = 255
# A number before a demand on its line.
_NUMBER: Final = re.compile(r"^\s*(?:[(（]\d{1,2}[)）]|\d{1,2}[.．、)）])\s*(?=[^\d\s])")
_SATISFIED: Final = {"是": True, "否": False, "满意": True, "不满意": False}
_CODES: Final = {word: code for code, word in STATUSES.items()}
# Column of a demand that holds the day on which it reached a state.
_DAY_OF: Final = {"assigned": "assigned_on", "settled": "settled_on", "fed back": "fed_back_on"}


def write_visit_form(ledger: Ledger, plan: pd.DataFrame, path: str | Path, *, on: Any = None) -> Path:
    """Write the workbook that officers fill in after their visits; ``read_visit_form`` reads it back.

    Parameters
    ----------
    ledger
        Its open demands are listed, with their state.
    plan
        From ``plan_visits``: one row for each visit.
    path
        The ``.xlsx`` file; replaced as a whole.
    on
        Day of the count; by default the last date of anything that happened in the ledger.

    Returns
    -------
    Path
        ``path``, with three sheets. 走访反馈 has a row for each visit, and empty 走访日期, 承诺事项 (what was
        promised) and 备注; 诉求办理 a row for each open demand of these enterprises, and empty 办理状态 and
        是否满意 (drop-downs), 办理日期 and 说明; 新提诉求 three rows for each enterprise, and empty 诉求内容,
        诉求类别 and 责任部门 (drop-downs of those of the ledger).

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
    owners = waiting.dropna(subset=["owner"]).sort_values("owner").groupby("enterprise_id")["owner"]
    together = owners.agg(lambda names: "、".join(dict.fromkeys(names)))
    firms = plan[["enterprise_id", "name"]].drop_duplicates("enterprise_id")
    visits = plan.assign(planned_on=plan["week_of"], departments=plan["enterprise_id"].map(together))
    states = firms.merge(waiting, on="enterprise_id").assign(now=lambda rows: _in_words(rows["status"]))
    new = firms.loc[firms.index.repeat(BLANK_ROWS)]
    sheets = {}
    for sheet, frame in ((VISITS_SHEET, visits), (STATES_SHEET, states), (NEW_SHEET, new)):
        blank = frame.assign(**dict.fromkeys(_FILLED[sheet], ""))
        sheets[sheet] = blank[list(_FORM[sheet])].rename(columns=_FORM[sheet])
    choices = {
        (STATES_SHEET, "status"): list(STATUSES.values()),
        (STATES_SHEET, "satisfied"): ["是", "否"],
        (NEW_SHEET, "kind"): _offered(ledger.demands["kind"]),
        (NEW_SHEET, "owner"): _offered(ledger.demands["owner"]),
    }
    offered = {(sheet, _FORM[sheet][name]): words for (sheet, name), words in choices.items() if words}
    return write_workbook(Path(path), sheets, choices=offered)


def _in_words(statuses: pd.Series) -> pd.Series:
    return statuses.fillna("collected").map(STATUSES)


def _offered(values: pd.Series) -> list[str]:
    """Words of a drop-down: the most frequent ones that Excel has room for."""
    words: list[str] = []
    for word in values.dropna().value_counts().index:
        if "," not in word and len(",".join([*words, word])) <= _DROP_DOWN:
            words.append(word)
    return words


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
        ``visits`` (officer_id, enterprise_id, visited_on, promised, note: rows with 走访日期), ``demands``
        (enterprise_id, raised_on: the day of the visit, text: one a line, kind, owner) and ``states``
        (demand_id, status, changed_on: 办理日期 or else the day of the visit, satisfied, note), in the order
        of the sheets; a row in which nothing was filled in is left out.

    Raises
    ------
    LedgerError
        The workbook cannot be read, lacks a sheet or a column, or cells are wrong: every one is in
        ``.problems`` with its sheet, row and column.

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
    {'visits': 0, 'demands': 0, 'states': 0}
    """
    ledger = as_ledger(ledger)
    path = Path(path)
    problems: list[Problem] = []
    rows = _filled_rows(path, problems)
    if problems:
        raise LedgerError(path.name, problems)
    reader = _Reader(ledger, problems)
    visits = [reader.visit(number, row) for number, row in rows[VISITS_SHEET]]
    demands = [one for number, row in rows[NEW_SHEET] for one in reader.new_demands(number, row)]
    states = [reader.state(number, row) for number, row in rows[STATES_SHEET]]
    if problems:
        raise LedgerError(path.name, problems)
    columns = {
        "visits": ["officer_id", "enterprise_id", "visited_on", "promised", "note"],
        "demands": ["enterprise_id", "raised_on", "text", "kind", "owner"],
        "states": ["demand_id", "status", "changed_on", "satisfied", "note"],
    }
    frames = {
        name: pd.DataFrame(found, columns=columns[name])
        for name, found in (("visits", visits), ("demands", demands), ("states", states))
    }
    dates = {"visits": "visited_on", "demands": "raised_on", "states": "changed_on"}
    kinds: dict[str, dict[str, str]] = {name: {dates[name]: "datetime64[s]"} for name in frames}
    kinds["states"]["satisfied"] = "boolean"
    return {name: frame.astype(kinds[name]) for name, frame in frames.items()}


class _Reader:
    """Checks the filled rows of a form against a ledger, and keeps the day of each enterprise's visit."""

    def __init__(self, ledger: Ledger, problems: list[Problem]) -> None:
        self.firms = set(ledger.enterprises["enterprise_id"])
        self.demands = set(ledger.demands["demand_id"])
        self.days: dict[str, pd.Timestamp | None] = {}
        self.problems = problems

    def visit(self, number: int, row: dict[str, str]) -> tuple[Any, ...]:
        """Officer, enterprise, day, promise and note of a visit."""
        firm, day = row["enterprise_id"], written_day(row["visited_on"])
        if firm not in self.firms:
            reason = message("is no enterprise of the ledger; correct the number")
            self._wrong(VISITS_SHEET, number, "enterprise_id", firm, reason)
        if day is None:
            reason = message("is not a date; write 2022-03-31, the day of the visit")
            self._wrong(VISITS_SHEET, number, "visited_on", row["visited_on"], reason)
        self.days.setdefault(firm, day)
        return row["officer_id"], firm, day, row["promised"] or None, row["note"] or None

    def new_demands(self, number: int, row: dict[str, str]) -> list[tuple[Any, ...]]:
        """Enterprise, day, text, kind and owner of each demand in a row."""
        firm = row["enterprise_id"]
        lines = [_NUMBER.sub("", line).strip() for line in row["text"].splitlines()]
        texts = [line for line in lines if line]
        if not texts:
            reason = message("is empty; write the demand, or clear the row")
            self._wrong(NEW_SHEET, number, "text", "", reason)
        if firm not in self.days:
            reason = message(
                "has no visit with a day on the sheet {sheet}; fill in the day", sheet=VISITS_SHEET
            )
            self._wrong(NEW_SHEET, number, "enterprise_id", firm, reason)
        day, kind, owner = self.days.get(firm), row["kind"] or None, row["owner"] or None
        return [(firm, day, text, kind, owner) for text in texts]

    def state(self, number: int, row: dict[str, str]) -> tuple[Any, ...]:
        """Demand, state, day, satisfaction and note of a row."""
        allowed = {"demand_id": self.demands, "status": {"", *_CODES}, "satisfied": {"", *_SATISFIED}}
        reasons = {
            "demand_id": message("is no demand of the ledger; correct the number"),
            "status": message("is no state; choose one of {words}", words="、".join(_CODES)),
            "satisfied": message("is neither 是 nor 否; choose one of them"),
        }
        for name, values in allowed.items():
            if row[name] not in values:
                self._wrong(STATES_SHEET, number, name, row[name], reasons[name])
        written, visited = row["changed_on"], self.days.get(row["enterprise_id"])
        day = written_day(written) if written else visited
        if day is None:
            reason = message(
                "is not a date; write 2022-03-31, or the day of the visit on the sheet {sheet}",
                sheet=VISITS_SHEET,
            )
            self._wrong(STATES_SHEET, number, "changed_on", written, reason)
        satisfied = _SATISFIED.get(row["satisfied"])
        return row["demand_id"], _CODES.get(row["status"]), day, satisfied, row["note"] or None

    def _wrong(self, sheet: str, number: int, name: str, value: str, reason: str) -> None:
        self.problems.append(problem(sheet, number, _FORM[sheet][name], value, reason))


def _filled_rows(path: Path, problems: list[Problem]) -> dict[str, list[tuple[int, dict[str, str]]]]:
    """Find the rows of each sheet in which something was filled in; what is missing is a problem."""
    given = {sheet.name: sheet.rows for sheet in read_sheets(path)}
    filled: dict[str, list[tuple[int, dict[str, str]]]] = {}
    for sheet, headers in _FORM.items():
        filled[sheet] = []
        if not given.get(sheet):
            reason = message("has no sheet {sheet}; give the form of the visits", sheet=sheet)
            problems.append(problem(sheet, None, "", "", reason))
            continue
        first = [cell.strip() for cell in given[sheet][0]]
        missing = [header for header in headers.values() if header not in first]
        problems += [
            problem(sheet, 1, header, "", message("column is missing; put it back")) for header in missing
        ]
        if missing:
            continue
        at = {name: first.index(header) for name, header in headers.items()}
        for number, cells in enumerate(given[sheet][1:], start=2):
            padded = [*cells, *[""] * (len(first) - len(cells))]
            row = {name: padded[place].strip() for name, place in at.items()}
            if any(row[name] for name in _FILLED[sheet]):
                filled[sheet].append((number, row))
    return filled


def with_visits(ledger: Ledger, filled: Mapping[str, pd.DataFrame]) -> Ledger:
    """Return a ledger with what officers filled in after their visits.

    Parameters
    ----------
    ledger
        The ledger that the form was written from.
    filled
        From ``read_visit_form``.

    Returns
    -------
    Ledger
        A copy with new rows of visits (further columns promised and note) and demands (``collected``, with
        the visit in a further column visit_id), and demands whose state, days and satisfaction are those
        filled in (说明 in a further column visit_note). Ids of new rows are made of day and enterprise. What
        the ledger has already is not added again: a visit of the same officer, enterprise and day, and a
        demand of the same enterprise, day and text.

    Examples
    --------
    >>> from liaison_analysis import load_liangjiang
    >>> ledger = load_liangjiang()
    >>> day = pd.to_datetime(["2023-01-05"])
    >>> visits = pd.DataFrame({"officer_id": ["G01"], "enterprise_id": ["E001"], "visited_on": day})
    >>> filled = {"visits": visits.assign(promised="下周回复", note=None)}
    >>> with_visits(ledger, filled).visits.iloc[-1][["visit_id", "promised"]].tolist()
    ['V20230105-E001', '下周回复']
    """
    ledger = as_ledger(ledger)
    visits, ids = _added(
        ledger.visits, filled.get("visits"), "visit_id", "V", ["officer_id", "enterprise_id", "visited_on"]
    )
    of_firm = {(firm, day): one for one, firm, day in ids}
    new = filled.get("demands")
    if new is not None:
        visit = [of_firm.get(key) for key in zip(new["enterprise_id"], new["raised_on"], strict=True)]
        new = new.assign(status="collected", visit_id=pd.Series(visit, index=new.index, dtype="str"))
    demands, _ = _added(ledger.demands, new, "demand_id", "D", ["enterprise_id", "raised_on", "text"])
    states = filled.get("states")
    if states is not None and len(states):
        demands = _with_states(demands, states)
    return replace(ledger, visits=typed("visits", visits), demands=typed("demands", demands))


def _added(
    table: pd.DataFrame, new: pd.DataFrame | None, key: str, letter: str, same: list[str]
) -> tuple[pd.DataFrame, list[tuple[str, str, pd.Timestamp]]]:
    """Rows of a table and the new ones, each once, with ids; and id, enterprise and day of every new row."""
    if new is None or new.empty:
        return table, []
    day = next(name for name in same if name.endswith("_on"))
    known: dict[tuple[Any, ...], str] = {
        tuple(row): one for one, *row in table[[key, *same]].itertuples(index=False, name=None)
    }
    taken = set(table[key])
    rows, ids = [], []
    for row in new.to_dict("records"):
        place = tuple(row[name] for name in same)
        if place not in known:
            stem = f"{letter}{row[day]:%Y%m%d}-{row['enterprise_id']}"
            further = (f"{stem}-{n}" for n in itertools.count(2))
            number = next(one for one in itertools.chain([stem], further) if one not in taken)
            taken.add(number)
            known[place] = number
            rows.append({key: number, **row})
        ids.append((known[place], row["enterprise_id"], row[day]))
    added = pd.DataFrame(rows, columns=[key, *new.columns])
    return (pd.concat([table, _like(added, table)], ignore_index=True) if rows else table), ids


def _like(rows: pd.DataFrame, table: pd.DataFrame) -> pd.DataFrame:
    """Give rows the columns of a table, each with its dtype, and then their own as text."""
    shared = {name: dtype for name, dtype in table.dtypes.items() if name in rows}
    own = {name: "str" for name in rows if name not in table}
    return rows.astype(shared | own).dropna(axis="columns", how="all")


def _with_states(demands: pd.DataFrame, states: pd.DataFrame) -> pd.DataFrame:
    """Demands with the states that officers filled in; a later row about the same demand counts."""
    demands = demands.copy()
    at = {one: i for i, one in zip(demands.index, demands["demand_id"], strict=True)}
    if states["note"].notna().any() and "visit_note" not in demands:
        demands["visit_note"] = pd.Series(pd.NA, index=demands.index, dtype="str")
    for demand, status, day, satisfied, note in states[
        ["demand_id", "status", "changed_on", "satisfied", "note"]
    ].itertuples(index=False, name=None):
        i = at[demand]
        if pd.notna(status):
            demands.loc[i, "status"] = status
            if status in _DAY_OF:
                demands.loc[i, _DAY_OF[status]] = day
        if pd.notna(satisfied):
            demands.loc[i, "satisfied"] = satisfied
        if pd.notna(note):
            demands.loc[i, "visit_note"] = note
    return demands
