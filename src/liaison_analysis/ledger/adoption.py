"""Write a clerk's ledger in the project's own layout with open questions, and read the answers.

The workbook has the ledger's tables and, behind them, how headers, states and years were understood (to be
corrected), what was left out, and names to decide. ``read_answers`` reads the corrections, which
``read_ledger(..., mapping=)`` applies to the clerk's own file, this month's and the next.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import pandas as pd

from liaison_analysis._messages import marked, message, speaking
from liaison_analysis.errors import LedgerError, problem
from liaison_analysis.ledger.graphs import as_ledger
from liaison_analysis.ledger.headers import EXTRA_COLUMNS
from liaison_analysis.ledger.records import ADDED_SHEETS, Options
from liaison_analysis.ledger.review_files import NONE_OF_THESE, add_review_sheets, read_review
from liaison_analysis.ledger.schema import STATUSES, TABLES, header_key
from liaison_analysis.ledger.sheet_reading import read_sheets
from liaison_analysis.ledger.spoken import spoken_code, spoken_name
from liaison_analysis.ledger.workbooks import write_workbook
from liaison_analysis.ledger.writing import written_sheets

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from typing import Literal

    from liaison_analysis.errors import Problem
    from liaison_analysis.ledger.model import Ledger
    from liaison_analysis.ledger.sheets import Sheet

# Columns of the sheet of decisions: ``meaning`` is edited, ``read_as`` says what it was.
_COLUMNS: Final = {
    "kind": marked("kind"),
    "sheet": marked("sheet"),
    "written": marked("written"),
    "meaning": marked("meaning (correct here)"),
    "read_as": marked("read as"),
    "evidence": marked("how it was known"),
    "example": marked("example"),
    "n": marked("n"),
}
_LEFT_OUT: Final = {
    "file": marked("file"),
    "sheet": marked("sheet"),
    "row": marked("row"),
    "column": marked("column"),
    "value": marked("value"),
    "why": marked("why"),
}
_EDITED: Final = ("header", "state", "year")
# What headers may mean besides columns of the schema; notes and contacts stay under their own header.
_EXTRA: Final = EXTRA_COLUMNS | {"note", "contact"}
_QUESTIONS: Final = {
    "sheet": marked("sheet"),
    "row": marked("row"),
    "column": marked("column"),
    "written": marked("written"),
    "why": marked("what is wrong, and what to do"),
}
# Name under which the caller's year is a decision for next month's file.
_YEAR: Final = marked("year of days without one")


def write_adopted(
    ledger: Ledger,
    path: str | Path,
    *,
    language: Literal["en", "zh"] = "zh",
    answers: str | Path | None = None,
    year: int | None = None,
) -> Path:
    """Write a ledger in the project's own layout, with sheets of readings and questions.

    Parameters
    ----------
    ledger
        As ``read_ledger`` gives it.
    path
        An ``.xlsx`` file, replaced as a whole.
    language
        Language of the ledger's sheets, headers and coded values, and of the sheets beside them.
    answers
        Workbook of decisions that the ledger was read with. All of them are written to the new workbook,
        including those that this file did not need, so that it can be used for next month's file.
    year
        Year that the ledger was read with, for days without one.

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
    ledger = as_ledger(ledger)
    path = Path(path)
    given = Options() if answers is None else read_answers(answers)
    sheets, choices = written_sheets(ledger, language=language)
    with speaking(language):
        added = {one: one if language == "en" else chinese for one, chinese in ADDED_SHEETS.items()}
        decisions = _decisions(ledger, given, given.year if year is None else year)
        sheets[added["understood"]] = decisions.rename(columns={c: _spoken(t) for c, t in _COLUMNS.items()})
        left_out = ledger.left_out.assign(column=[spoken_name(str(c)) for c in ledger.left_out["column"]])
        sheets[added["left_out"]] = left_out.rename(columns={c: _spoken(t) for c, t in _LEFT_OUT.items()})
        asked_by_name = ledger.review["column"].isin(_id_columns())
        names = ledger.review[asked_by_name]
        if not asked_by_name.all():
            sheets[added["questions"]] = _questions(ledger.review[~asked_by_name])
        decided = _decided_names(ledger, given)
        known = ledger.enterprises[~ledger.enterprises["name"].isin([*names["written"], *given.strangers])]
        meanings = _meanings()

        def extra(book: Any) -> None:
            sheet = book.get_worksheet_by_name(added["understood"])
            choices_sheet = book.add_worksheet(added["meanings"])
            choices_sheet.hide()
            for i, meaning in enumerate(meanings):
                choices_sheet.write_string(i, 0, meaning)
            last = max(len(decisions), 1)
            source = f"={added['meanings']}!$A$1:$A${len(meanings)}"
            sheet.data_validation(
                1, 3, last, 3, {"validate": "list", "source": source, "error_type": "warning"}
            )
            add_review_sheets(book, names, known, decided=decided)

        return write_workbook(path, sheets, choices=choices, extra=extra)


def _questions(review: pd.DataFrame) -> pd.DataFrame:
    """Questions that are answered in the cells themselves, each with its place in the clerk's file."""
    shown = review.assign(column=[spoken_name(str(one)) for one in review["column"]])
    return shown[list(_QUESTIONS)].rename(columns={c: _spoken(t) for c, t in _QUESTIONS.items()})


def _spoken(text: str) -> str:
    return message(text)


def _meanings() -> list[str]:
    """Words to choose a meaning from: states, then columns of demands and of enterprises."""
    columns = {c.name for name in ("demands", "enterprises") for c in TABLES[name].columns}
    return [
        *(spoken_name(one) for one in STATUSES),
        *dict.fromkeys(sorted(spoken_name(one) for one in columns | _EXTRA)),
    ]


def _decisions(ledger: Ledger, given: Options, year: int | None) -> pd.DataFrame:
    """Rows of the sheet of decisions: what was understood, what was decided before, and the year."""
    known = ledger.understanding[ledger.understanding["kind"].ne("year")]
    rows = known.assign(read_as=known["meaning"])
    # Decisions also apply to the next file, unlike readings.
    rows["read_as"] = rows["read_as"].mask(rows["evidence"].eq("mapping"), "")
    here = {kind: set(part["written"].map(header_key)) for kind, part in rows.groupby("kind")}
    carried = [
        {"kind": kind, "written": word, "meaning": meaning, "read_as": "-", "evidence": "mapping"}
        for kind, answers in (("header", given.headers), ("state", given.states))
        for word, meaning in answers.items()
        if meaning == "" or header_key(word) not in here.get(kind, set())
    ]
    skipped = {(one["kind"], header_key(one["written"])) for one in carried}
    again = [
        (kind, header_key(word)) in skipped for kind, word in zip(rows["kind"], rows["written"], strict=True)
    ]
    years = ledger.review[ledger.review["status"].eq("year")]
    asked = {
        "kind": "year",
        "written": message(_YEAR),
        "meaning": "" if year is None else str(year),
        "evidence": message("asked: write it here") if len(years) else "",
        "example": "" if years.empty else str(years["written"].iloc[0]),
        "n": len(years),
    }
    frame = pd.concat([rows[[not one for one in again]], pd.DataFrame([*carried, asked])], ignore_index=True)
    frame = frame.reindex(columns=list(_COLUMNS)).fillna({"n": 0}).fillna("").astype({"n": "Int64"})
    for name in ("meaning", "read_as"):
        frame[name] = [spoken_name(str(one)) for one in frame[name]]
    for name in ("kind", "evidence"):
        frame[name] = [spoken_code(str(one)) for one in frame[name]]
    return frame


def _decided_names(ledger: Ledger, given: Options) -> dict[str, str]:
    """Names that were decided before, with the answer as a drop-down shows it."""
    names = ledger.names()
    aliases = given.aliases
    pairs = [] if aliases is None else zip(aliases["alias"], aliases["enterprise_id"], strict=True)
    decided = {str(alias): f"{one} {names[one]}" for alias, one in pairs if one in names}
    return decided | dict.fromkeys(sorted(given.strangers), NONE_OF_THESE)


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
        The workbook has no sheet of decisions, or an answer is not a column, state, year or enterprise.

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
    found = _sheet(sheets, "understood")
    language = None if found is None or not found.rows else _language(found.rows[0])
    if found is None or language is None:
        raise LedgerError.of_file(
            path.name, message("no sheet 'understood' with decisions; write it with `liaison adopt`")
        )
    with speaking(language):
        kinds = {spoken_code(kind): kind for kind in _EDITED}
    headers: dict[str, str] = {}
    states: dict[str, str] = {}
    year: int | None = None
    problems: list[Problem] = []
    for at, row in enumerate(found.rows[1:], 2):
        shown, _, written, meaning, read_as = (cell.strip() for cell in [*row, *[""] * 5][:5])
        kind = kinds.get(shown)
        if kind is None or (meaning == read_as and meaning != "-"):
            continue
        reason = ""
        if kind == "year" and meaning:
            year, reason = _year(meaning)
        elif kind == "state" and meaning:
            state = _state(meaning)
            reason = "" if state else message("no {what}; pick one from the list", what=message("state"))
            states |= {written: state} if state else {}
        elif kind == "header":
            column = _column(meaning)
            unknown = message("no {what}; pick one from the list", what=message("column"))
            reason = unknown if column is None else ""
            headers |= {} if column is None else {header_key(written): column}
        if reason:
            problems.append(problem(found.name, at, found.rows[0][3], meaning, reason))
    if problems:
        raise LedgerError(path.name, problems)
    aliases, strangers = _answered_names(path, sheets)
    return Options(year=year, headers=headers, states=states, aliases=aliases, strangers=strangers)


def _sheet(sheets: Mapping[str, Sheet], name: str) -> Sheet | None:
    return sheets.get(name) or sheets.get(ADDED_SHEETS[name])


def _language(header: Iterable[str]) -> Literal["en", "zh"] | None:
    """Language that the sheet of decisions is written in; None if it is none."""
    first = list(header)[: len(_COLUMNS)]
    languages: tuple[Literal["en", "zh"], ...] = ("zh", "en")
    for language in languages:
        with speaking(language):
            if first == [_spoken(text) for text in _COLUMNS.values()]:
                return language
    return None


def _answered_names(path: Path, sheets: Mapping[str, Sheet]) -> tuple[pd.DataFrame | None, frozenset[str]]:
    """Names answered with an enterprise as aliases, and those that are no enterprise of the register."""
    review, roster = _sheet(sheets, "review"), _sheet(sheets, "roster")
    if review is None or roster is None:
        return None, frozenset()
    picks = [row[0].split(" ", 1) for row in roster.rows[1:] if row and " " in row[0]]
    known = pd.DataFrame(picks, columns=["enterprise_id", "name"], dtype="str")
    none = [row[0].removeprefix("'") for row in review.rows[1:] if row[1:2] == [NONE_OF_THESE]]
    return read_review(path, known), frozenset(none)


def _year(written: str) -> tuple[int | None, str]:
    """Year that was written, or why it is none."""
    if written.isdigit() and len(written) == 4:
        return int(written), ""
    return None, message("not a year; write 2022")


def _state(meaning: str) -> str | None:
    words = {word: key for key, chinese in STATUSES.items() for word in (key, chinese)}
    return words.get(meaning)


def _column(meaning: str) -> str | None:
    if not meaning or meaning in _EXTRA:
        return meaning
    known = {
        header_key(one): c.name for t in TABLES.values() for c in t.columns for one in (c.name, *c.chinese)
    }
    with speaking("zh"):
        known |= {header_key(spoken_name(one)): one for one in _EXTRA}
    return known.get(header_key(meaning))
