"""Check gathered tables: every problem with its sheet and row, doubts about a clerk's cells as questions."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

import pandas as pd

from liaison_analysis._messages import marked, message
from liaison_analysis.errors import problem
from liaison_analysis.ledger.cells import column_letters, one_line
from liaison_analysis.ledger.records import PLACE, ROW, SHEET, Gathered
from liaison_analysis.ledger.schema import TABLES, table_of
from liaison_analysis.ledger.tables import missing_column
from liaison_analysis.ledger.validation import STANDS, check_columns, check_references, check_rows

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from liaison_analysis.errors import Problem
    from liaison_analysis.ledger.sheets import Sheet

_LABEL: Final = re.compile("\0\\w+\0")
#: Characters of a formula that are shown, and how many of those computed here (judgement).
_LONGEST_FORMULA: Final = 40
_SHOWN_FORMULAS: Final = 20
_STANDS: Final = re.compile(f"{STANDS}(\\d+){STANDS}")
#: Reasons given for a table without rows and for a formula that was never computed.
NO_ROWS: Final = marked("no rows below the header; fill it in")
NO_VALUE: Final = marked(
    "formula without a value; open the file in Excel or WPS and save it, or type the value"
)


def checked_frames(gathered: Gathered) -> tuple[dict[str, pd.DataFrame], list[Problem]]:
    """Typed frames of gathered tables, and every problem in them.

    In tables under the schema's own headers a wrong cell is a problem. In a clerk's sheet it is left out and
    asked about, since the rest of its row can be used.
    """
    texts = {name: frame.drop(columns=PLACE).astype("str") for name, frame in gathered.texts.items()}
    for name, frame in texts.items():
        if not gathered.own.get(name, False) and name in {"demands", "enterprises"}:
            texts[name] = _without_doubtful(frame, name, gathered)
    # Two tables may stand in one sheet: the label says which of them a problem is in.
    labels = {name: f"\0{name}\0{gathered.sheets.get(name, name)}" for name in texts}
    frames, problems = validated(texts, labels)
    placed = []
    for one in problems:
        there = _placed(one, gathered)
        if not _of_merged(one, there, frames, gathered):
            placed.append(there)
    for name, frame in texts.items():
        placed += [
            problem(
                gathered.sheets.get(name, name),
                gathered.headers.get(name),
                column.name,
                "",
                missing_column(column),
            )
            for column in TABLES[name].columns
            if column.required and column.name not in frame and name not in gathered.derived
        ]
    asked = {(one["sheet"], one["row"], one["column"]) for one in gathered.problems}
    placed = [one for one in placed if (one["sheet"], one["row"], one["column"]) not in asked]
    for table in TABLES.values():
        if table.required and table.name in frames and frames[table.name].empty:
            placed.append(
                problem(
                    gathered.sheets.get(table.name, table.name),
                    None,
                    "",
                    "",
                    message(NO_ROWS),
                )
            )
    return frames, placed


def _placed(one: Problem, gathered: Gathered) -> Problem:
    """Problem with the sheet and row of the file, given the table and the position in it."""
    _, table, sheet = one["sheet"].split("\0")
    reason = _LABEL.sub("", one["reason"])
    row = one["row"]
    if row is None:
        return one | {"sheet": sheet, "reason": reason}
    frame = gathered.texts[table]
    reason = _STANDS.sub(lambda stands: str(frame[ROW].iloc[int(stands[1])]), reason)
    place = frame.iloc[int(row)]
    return one | {"sheet": place[SHEET], "row": int(place[ROW]), "reason": reason}


def _of_merged(one: Problem, there: Problem, frames: Mapping[str, pd.DataFrame], gathered: Gathered) -> bool:
    """Whether a day contradicts its row because of a merged cell: then it is left out and asked about."""
    place = (there["sheet"], there["row"], there["column"])
    if place not in gathered.merged_days:
        return False
    table = one["sheet"].split("\0")[1]
    row = gathered.texts[table].iloc[int(one["row"])]
    frames[table].loc[int(one["row"]), one["column"]] = pd.NaT
    why = message("day of a merged cell: {reason}", reason=there["reason"])
    gathered.ask(*place, there["value"], why, status="contradicts")
    gathered.leave_cell(row, there["column"], there["value"], why)
    return True


def validated(
    texts: Mapping[str, pd.DataFrame], names: Mapping[str, str]
) -> tuple[dict[str, pd.DataFrame], list[Problem]]:
    """Typed frames of tables of text, and every problem in them; ``names`` has the sheet of each table."""
    frames: dict[str, pd.DataFrame] = {}
    problems: list[Problem] = []
    for name, cells in texts.items():
        frames[name], cell_problems = check_columns(cells, TABLES[name], names[name])
        problems += cell_problems
        problems += check_rows(frames[name], TABLES[name], names[name])
    problems += check_references(frames, names)
    return frames, problems


def _without_doubtful(texts: pd.DataFrame, name: str, gathered: Gathered) -> pd.DataFrame:
    """Take out the cells that do not fit their column, each left out and asked about."""
    schema = TABLES[name]
    values, found = check_columns(texts, schema, "")
    found += list(check_rows(values, schema, ""))
    places = gathered.texts[name]
    for one in found:
        column = one["column"]
        i = int(one["row"])
        if column not in texts or schema[column].required:
            continue
        row = places.iloc[i]
        gathered.ask(row[SHEET], int(row[ROW]), column, one["value"], one["reason"])
        gathered.leave_cell(row, column, row.get(column, ""), one["reason"])
        texts.loc[i, column] = ""
    return texts


def ask_about_formulas(
    sheets: Sequence[Sheet], gathered: Gathered, problems: Sequence[Problem]
) -> list[Problem]:
    """Ask about formulas whose value is not known, and note those that were computed.

    Parameters
    ----------
    sheets
        The file's sheets, with the formulas that have no value in their marks.
    gathered
        Takes the questions, the formulas in cells of no table, and a note by cell of those computed here.
    problems
        Problems of the cells; one that stands at a formula names the formula instead.

    Returns
    -------
    list
        The problems that remain.
    """
    known = {(d["sheet"], d["written"]): d["meaning"] for d in gathered.decisions if d["kind"] == "header"}
    required = {(one["sheet"], one["row"], one["column"]): i for i, one in enumerate(problems)}
    remaining = list(problems)
    for sheet in sheets:
        _note_computed(sheet, gathered)
        for (row, column), formula in sorted(sheet.marks.formulas.items()):
            above = [r[column] for r in sheet.rows[:row] if column < len(r) and r[column]]
            header = next((h for h in map(one_line, above) if known.get((sheet.name, h))), "")
            shown = formula if len(formula) <= _LONGEST_FORMULA else f"{formula[:_LONGEST_FORMULA]}…"
            gathered.leave(sheet, sheet.place(row), column_letters(column), shown, message(NO_VALUE))
            if not header:
                continue
            at = (sheet.name, sheet.place(row) + 1, known[sheet.name, header])
            if at in required:
                remaining[required[at]] = problem(*at, shown, message(NO_VALUE))
            elif at[2] != "number":  # nothing rests on the numbers of rows
                gathered.ask(*at, shown, message(NO_VALUE))
    return remaining


def _note_computed(sheet: Sheet, gathered: Gathered) -> None:
    """Note which formulas were computed here, since the file holds no value of them."""
    if not sheet.marks.computed:
        return
    cells = [
        f"{column_letters(column)}{sheet.place(row) + 1} {formula[:_LONGEST_FORMULA]}"
        for (row, column), formula in sorted(sheet.marks.computed.items())
    ]
    gathered.notes.append(
        message(
            "sheet {sheet!r}: {n} formulas stand in the file without a value and were computed ({cells}); "
            "save it in Excel or WPS if one is wrong",
            sheet=sheet.name,
            n=len(cells),
            cells="; ".join(cells[:_SHOWN_FORMULAS]) + (" …" if len(cells) > _SHOWN_FORMULAS else ""),
        )
    )


def sorted_problems(rows: list[Problem], sheets: list[Sheet]) -> list[Problem]:
    """Sort problems by the order of the sheets, missing ones first, then by row and column."""
    order = {sheet.name: i for i, sheet in reversed(list(enumerate(sheets)))}
    columns = {
        (sheet.name, column.name): j
        for sheet in sheets
        if (table := table_of(sheet.name))
        for j, column in enumerate(table.columns)
    }

    def place(row: Problem) -> tuple[int, int, int]:
        sheet, at, column = row["sheet"], row["row"], row["column"]
        return order.get(sheet, -1), -1 if at is None else at, columns.get((sheet, column), -1)

    return sorted(rows, key=place)
