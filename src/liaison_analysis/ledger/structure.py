"""What is wrong with a file as a whole: tables or columns that are missing, and sheets that were not used."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NoReturn

from liaison_analysis._messages import message
from liaison_analysis.errors import LedgerError, problem
from liaison_analysis.ledger.cells import column_letters, one_line
from liaison_analysis.ledger.checking import NO_ROWS, sorted_problems
from liaison_analysis.ledger.schema import TABLES, Table, table_of
from liaison_analysis.ledger.spoken import spoken_name
from liaison_analysis.ledger.tables import read_table

if TYPE_CHECKING:
    from collections.abc import Sequence

    from liaison_analysis.errors import Problem
    from liaison_analysis.ledger.records import Gathered
    from liaison_analysis.ledger.sheets import Sheet


def is_whole(gathered: Gathered, sheets: Sequence[Sheet]) -> bool:
    """Whether a ledger can be made: demands, names or ids of enterprises, no named sheet lost."""
    demands = gathered.texts.get("demands")
    if demands is None:
        return False
    ids_alone = "enterprise_id" in demands and not gathered.named.get("demands") and not gathered.beside_ids
    if "enterprises" not in gathered.texts and ids_alone:
        return False
    return not _lost(gathered, sheets) and not second_sheets(sheets)


def second_sheets(sheets: Sequence[Sheet]) -> list[Problem]:
    """Sheets of one file that bear names of the same table."""
    first: dict[tuple[str, str], Sheet] = {}
    problems = []
    for sheet in sheets:
        table = table_of(sheet.name)
        if table is None or not sheet.rows:
            continue
        other = first.setdefault((sheet.file, table.name), sheet)
        if other is not sheet:
            reason = message(
                "a second sheet for {table}, beside {other!r}; keep one",
                table=spoken_name(table.name),
                other=other.name,
            )
            reason += message(" (this one is hidden)") if sheet.hidden else ""
            problems.append(problem(sheet.name, None, "", "", reason))
    return problems


def _lost(gathered: Gathered, sheets: Sequence[Sheet]) -> list[tuple[Sheet, Table]]:
    """Sheets that bear the name of a table but were not understood as one."""
    used = {d["sheet"] for d in gathered.decisions if d["kind"] == "sheet" and d["meaning"]}
    named = [(sheet, table) for sheet in sheets if sheet.rows and (table := table_of(sheet.name))]
    return [(sheet, table) for sheet, table in named if sheet.name not in used]


def raise_missing(sheets: list[Sheet], source: str, gathered: Gathered) -> NoReturn:
    """Raise a ``LedgerError`` that names every table and column that is missing."""
    named = any(table_of(sheet.name) for sheet in sheets)
    own = any(gathered.own.get(name) for name in gathered.texts)
    if not named and not own and "demands" not in gathered.texts:
        _raise_unknown(sheets, source)
    problems = second_sheets(sheets)
    names = ", ".join(repr(sheet.name) for sheet in sheets)
    for table in TABLES.values():
        here = [sheet for sheet in sheets if table_of(sheet.name) is table]
        if not here and table.required and table.name not in gathered.texts:
            reason = message(
                "sheet is missing; name one {name} or {chinese} (found: {names})",
                name=table.name,
                chinese=table.chinese[0],
                names=names,
            )
            problems.append(problem(table.name, None, "", "", reason))
        for sheet in here if table.required else [sheet for sheet in here if sheet.rows]:
            frame, found = read_table(sheet, table)
            problems += found
            if frame is not None and table.required and frame.empty:
                problems.append(problem(sheet.name, None, "", "", message(NO_ROWS)))
    if not problems:
        reason = message("no table of demands was understood; see `liaison check`")
        problems.append(problem("demands", None, "", "", reason))
    raise LedgerError(source, sorted_problems(problems, sheets))


def _raise_unknown(sheets: Sequence[Sheet], source: str) -> NoReturn:
    """Raise for a file no sheet of which is a list of demands, with what its first rows hold."""
    problems = []
    for sheet in sheets:
        row = next((i for i, cells in enumerate(sheet.rows) if sum(map(bool, cells)) > 1), 0)
        cells = [one_line(cell) for cell in (sheet.rows[row] if sheet.rows else []) if cell]
        if cells:
            reason = message(
                "no list of demands; its header needs a column of enterprises and one of demands, such as "
                "企业名称 and 诉求内容"
            )
            problems.append(problem(sheet.name, row + 1, "", ", ".join(cells[:_SHOWN]), reason))
    reason = message("no table of demands was understood; see `liaison check`")
    raise LedgerError(source, problems or [problem("demands", None, "", "", reason)])


def _hidden_parts(sheet: Sheet) -> list[str]:
    """Name rows and columns that are hidden or filtered away: they were read."""
    rows = [i for i in sorted(sheet.marks.hidden_rows) if i < len(sheet.rows) and any(sheet.rows[i])]
    filled = (
        {j for row in sheet.rows for j, cell in enumerate(row) if cell}
        if sheet.marks.hidden_columns
        else set()
    )
    columns = sorted(sheet.marks.hidden_columns & filled)
    notes = []
    if rows:
        some = ", ".join(str(i + 1) for i in rows[:_SHOWN]) + (" …" if len(rows) > _SHOWN else "")
        notes.append(
            message(
                "sheet {name!r}: {n} rows are hidden or filtered away and were read too ({some})",
                name=sheet.name,
                n=len(rows),
                some=some,
            )
        )
    if columns:
        some = ", ".join(map(column_letters, columns))
        notes.append(
            message("sheet {name!r}: hidden columns were read too ({some})", name=sheet.name, some=some)
        )
    return notes


# Rows that a note names; judgement: one line.
_SHOWN: Final = 10


def sheet_notes(sheets: Sequence[Sheet], gathered: Gathered) -> list[str]:
    """Give notes on sheets that are hidden, blank or not used."""
    used = {(d["sheet"]) for d in gathered.decisions if d["kind"] == "sheet" and d["meaning"]}
    notes = []
    for sheet in sheets:
        if sheet.unread:
            notes.append(
                message(
                    "file {name!r} of the folder was not read; give it alone if it holds demands",
                    name=sheet.name,
                )
            )
        elif not sheet.rows and sheet.hidden:
            notes.append(message("sheet {name!r} is hidden and holds no cells", name=sheet.name))
        elif not sheet.rows:
            notes.append(message("sheet {name!r} holds no cells", name=sheet.name))
        elif sheet.name not in used:
            notes.append(
                message("sheet {name!r} is not a table of the ledger and was not read", name=sheet.name)
            )
        elif sheet.hidden:
            notes.append(message("sheet {name!r} is hidden and was read", name=sheet.name))
        if sheet.name in used:
            notes += _hidden_parts(sheet)
    return notes
