"""Write a clerk's ledger in the project's own layout with what has to be decided, and read the decisions.

The workbook has the ledger's tables and, behind them, ``understood`` (how headers, states and years were
understood, to be corrected), ``left_out`` and ``review`` (names to decide). ``read_answers`` reads the
corrections, which ``read_ledger(..., mapping=)`` applies to the clerk's own file, this month's and the next.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import pandas as pd

from liaison_analysis.errors import LedgerError, problem
from liaison_analysis.ledger.headers import EXTRA_COLUMNS
from liaison_analysis.ledger.records import Options
from liaison_analysis.ledger.resolution import add_review_sheets, read_review
from liaison_analysis.ledger.schema import STATUSES, TABLES, header_key
from liaison_analysis.ledger.sheets import read_sheets
from liaison_analysis.ledger.workbooks import write_workbook
from liaison_analysis.ledger.writing import written_sheets

if TYPE_CHECKING:
    from typing import Literal

    from liaison_analysis.ledger.model import Ledger

_UNDERSTOOD: Final = "understood"
_LEFT_OUT: Final = "left_out"
# Columns of the sheet of decisions: ``meaning`` is edited, ``read_as`` says what it was.
_DECISIONS: Final = ["kind", "sheet", "written", "meaning", "read_as", "evidence", "example", "n"]
_EDITED: Final = ("header", "state", "year")


def write_adopted(ledger: Ledger, path: str | Path, *, language: Literal["en", "zh"] = "zh") -> Path:
    """Write a ledger in the project's own layout, with sheets of what was understood, left out and is open.

    Parameters
    ----------
    ledger
        As ``read_ledger`` gives it.
    path
        An ``.xlsx`` file, replaced as a whole.
    language
        Language of the ledger's sheets, headers and coded values.

    Returns
    -------
    Path
        ``path``. ``read_ledger`` reads the tables back; ``read_answers`` the corrected decisions.

    Examples
    --------
    >>> import tempfile
    >>> from pathlib import Path
    >>> from liaison_analysis import load_liangjiang
    >>> write_adopted(load_liangjiang(), Path(tempfile.mkdtemp()) / "adopted.xlsx").name
    'adopted.xlsx'
    """
    path = Path(path)
    sheets, choices = written_sheets(ledger, language=language)
    decisions = ledger.understanding.assign(read_as=ledger.understanding["meaning"])
    year = pd.DataFrame(
        [{"kind": "year", "written": "year 年份", "evidence": "of days without one; fill in"}]
    )
    decisions = pd.concat([decisions[decisions["kind"].ne("year")], year], ignore_index=True)
    decisions = decisions.reindex(columns=_DECISIONS).fillna({"n": 0}).fillna("").astype({"n": "Int64"})
    sheets[_UNDERSTOOD] = decisions
    sheets[_LEFT_OUT] = ledger.left_out
    names = ledger.review[ledger.review["column"].isin(_id_columns())]
    known = ledger.enterprises[~ledger.enterprises["name"].isin(names["written"])]
    meanings = [*STATUSES, *sorted({c.name for c in TABLES["demands"].columns} | EXTRA_COLUMNS)]

    def extra(book: Any) -> None:
        sheet = book.get_worksheet_by_name(_UNDERSTOOD)
        choices_sheet = book.add_worksheet("meanings")
        choices_sheet.hide()
        for i, meaning in enumerate(meanings):
            choices_sheet.write_string(i, 0, meaning)
        last = max(len(decisions), 1)
        rule = {"validate": "list", "source": f"=meanings!$A$1:$A${len(meanings)}", "error_type": "warning"}
        sheet.data_validation(1, 3, last, 3, rule)
        add_review_sheets(book, names, known)

    return write_workbook(path, sheets, choices=choices, extra=extra)


def _id_columns() -> set[str]:
    return {c.name for table in TABLES.values() for c in table.columns if c.references == "enterprises"}


def read_answers(path: str | Path) -> Options:
    """Read what a person decided in a workbook of ``write_adopted``.

    Parameters
    ----------
    path
        The workbook, as ``write_adopted`` wrote it and a person corrected it.

    Returns
    -------
    Options
        Year, meanings of headers and states that were changed, and names as aliases.

    Raises
    ------
    LedgerError
        The workbook has no sheet ``understood``, or an answer is no column, state, year or enterprise.

    Examples
    --------
    >>> import tempfile
    >>> from pathlib import Path
    >>> from liaison_analysis import load_liangjiang
    >>> from liaison_analysis.ledger import write_adopted
    >>> read_answers(write_adopted(load_liangjiang(), Path(tempfile.mkdtemp()) / "a.xlsx")).year is None
    True
    """
    path = Path(path)
    sheets = {sheet.name: sheet for sheet in read_sheets(path)}
    rows = sheets[_UNDERSTOOD].rows if _UNDERSTOOD in sheets else []
    if not rows or rows[0][: len(_DECISIONS)] != _DECISIONS:
        raise LedgerError.of_file(
            path.name, "no sheet 'understood' with decisions; write it with `liaison adopt`"
        )
    headers: dict[str, str] = {}
    states: dict[str, str] = {}
    year: int | None = None
    problems = []
    for at, row in enumerate(rows[1:], 2):
        kind, _, written, meaning, read_as = [*row, *[""] * 5][:5]
        if kind not in _EDITED or meaning == read_as:
            continue
        if kind == "year":
            if not (meaning.isdigit() and len(meaning) == 4):
                problems.append(problem(_UNDERSTOOD, at, "meaning", meaning, "not a year; write 2022"))
            else:
                year = int(meaning)
        elif kind == "state" and (state := _state(meaning)) is not None:
            states[written] = state
        elif kind == "header" and (column := _column(meaning)) is not None:
            headers[header_key(written)] = column
        else:
            what = "state" if kind == "state" else "column"
            problems.append(
                problem(_UNDERSTOOD, at, "meaning", meaning, f"no {what}; pick one from the list")
            )
    if problems:
        raise LedgerError(path.name, problems)
    aliases = None
    if "review" in sheets and "roster" in sheets:
        picks = [row[0].split(" ", 1) for row in sheets["roster"].rows[1:] if row and " " in row[0]]
        roster = pd.DataFrame(picks, columns=["enterprise_id", "name"], dtype="str")
        aliases = read_review(path, roster)
    return replace(Options(), year=year, headers=headers, states=states, aliases=aliases)


def _state(meaning: str) -> str | None:
    words = {word: key for key, chinese in STATUSES.items() for word in (key, chinese)}
    return words.get(meaning)


def _column(meaning: str) -> str | None:
    if not meaning or meaning in EXTRA_COLUMNS:
        return meaning
    known = {
        header_key(one): c.name for t in TABLES.values() for c in t.columns for one in (c.name, *c.chinese)
    }
    return known.get(header_key(meaning))
