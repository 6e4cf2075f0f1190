"""Find a table in a raw sheet: its header row, its columns, and further tables below or beside it."""

from __future__ import annotations

from itertools import zip_longest
from typing import TYPE_CHECKING, Final

import pandas as pd

from liaison_analysis._messages import message
from liaison_analysis.errors import problem
from liaison_analysis.ledger.cells import one_line
from liaison_analysis.ledger.schema import TABLES, Column, Table, header_key

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from liaison_analysis.errors import Problem
    from liaison_analysis.ledger.sheets import Sheet
    from liaison_analysis.privacy import Masker

#: How far down a sheet the header row is looked for, below titles and notes.
HEADER_SEARCH_ROWS: Final = 30


def find_header(sheet: Sheet, table: Table) -> int:
    """Index of the row that holds most of the table's headers, the topmost of equals; -1 if none has any."""
    known = table.headers()
    n_known = [
        len({known.get(header_key(cell)) for cell in row} - {None}) for row in sheet.rows[:HEADER_SEARCH_ROWS]
    ]
    best = max(n_known, default=0)
    return n_known.index(best) if best else -1


def name_columns(written: Iterable[object], table: Table) -> tuple[list[str], list[int]]:
    """Column names for headers: the table's for those it knows, else what is written, made unique.

    Returns
    -------
    tuple
        A name for every header, and the positions of those that mean a column which stands there already.

    Examples
    --------
    >>> name_columns(["产品编号", "产品", "", "备注", "备注", "Product"], TABLES["product_chain"])
    (['产品编号', '产品', 'column_3', '备注', '备注_2', 'Product'], [])
    >>> name_columns(["企业编号", "产品", "Product"], TABLES["offers"])
    (['enterprise_id', 'product', 'Product'], [2])
    """
    known = table.headers()
    lines = [one_line(header) for header in written]
    means = [known.get(header_key(line)) for line in lines]
    taken = {name for name in means if name}
    names, repeated, seen = [], [], set[str]()
    for j, (line, meaning) in enumerate(zip(lines, means, strict=True)):
        if meaning and meaning not in seen:
            seen.add(meaning)
            names.append(meaning)
            continue
        if meaning:
            repeated.append(j)
        plain = name = line or f"column_{j + 1}"
        n = 1
        while name in taken:
            n += 1
            name = f"{plain}_{n}"
        taken.add(name)
        names.append(name)
    return names, repeated


def read_table(
    sheet: Sheet, table: Table, masker: Masker | None = None
) -> tuple[pd.DataFrame | None, list[Problem]]:
    """Texts of a sheet as the columns of a table.

    A blank header takes the header above it, as merged cells leave it. Further columns keep their own
    header as name; one without a header but with cells is called ``column_5`` by its place, and a second
    one of the same header gets ``_2``. With a ``masker``, headers and cells are masked before any
    message quotes them.

    Returns
    -------
    tuple
        DataFrame of text, a row for each entry, index = row number as Excel counts, columns the table's by
        English name and further ones as written; None where a required column is missing. And the
        problems of the header.
    """
    at = find_header(sheet, table)
    if at < 0:
        expected = ", ".join(f"{c.name} ({c.chinese[0]})" for c in table.columns if c.required)
        reason = message(
            "no header row in the first {header_search_rows} rows; write one with at least {expected}",
            header_search_rows=HEADER_SEARCH_ROWS,
            expected=expected,
        )
        return None, [problem(sheet.name, None, "", "", reason)]
    at, written = _header_lines(sheet, at, table)
    if masker:
        written = masker.texts(written, sheet.name)
    body = sheet.rows[at + 1 :]
    problems = []
    for i, other in enumerate(map(begun_table, body)):
        if other and body[i] != sheet.rows[at]:
            reason = message(
                "a second table ({other}) begins here; move it to a sheet of its own", other=other
            )
            problems.append(problem(sheet.name, at + 2 + i, "", "", reason))
            # Each cell below would be reported as wrong in the columns of this table.
            del body[i:]
            break
    cells = list(zip_longest(*body, fillvalue=""))
    header = written + [""] * (len(cells) - len(written))
    cells += [("",) * len(body)] * (len(header) - len(cells))
    kept = [j for j, name in enumerate(header) if name or any(cells[j])]
    beside = list(_beside(header, kept, table))
    for other, columns in beside:
        reason = message(
            "a second table ({other}) stands from column {column} on; move it to a sheet of its own",
            other=other,
            column=columns[0] + 1,
        )
        problems.append(problem(sheet.name, at + 1, "", "", reason))
        kept = [j for j in kept if j not in columns]
        header = ["" if j in columns else name for j, name in enumerate(header)]
    # Columns without a header are named by their place, so that place must not move.
    names, repeated = name_columns(header, table)
    problems += [
        problem(sheet.name, at + 1, name, header[j], message("a second column of this meaning; keep one"))
        for j in repeated
        if (name := table.headers()[header_key(header[j])])
    ]
    frame = pd.DataFrame(
        {names[j]: cells[j] for j in kept}, index=pd.RangeIndex(at + 2, at + 2 + len(body)), dtype="str"
    )
    repeated_header = [i for i, row in enumerate(body) if row == sheet.rows[at]]
    problems += [
        problem(sheet.name, at + 2 + i, "", "", message("the header row is repeated here; remove this row"))
        for i in repeated_header
    ]
    filled = [bool(row) for row in body]
    if beside:
        filled = [any(cells[j][i] for j in kept) for i in range(len(body))]
    for i in repeated_header:
        filled[i] = False
    missing = [column for column in table.columns if column.required and column.name not in names]
    for column in missing:
        problems.append(problem(sheet.name, at + 1, column.name, "", missing_column(column)))
    frame = frame.loc[filled]
    return (
        None if missing else masked_texts(frame, table, sheet.name, masker) if masker else frame
    ), problems


def missing_column(column: Column) -> str:
    """Reason given for a required column that a table lacks."""
    headers = message(" or ").join([column.name, *column.chinese])
    if column.references == "enterprises":
        return message(
            "column is missing; add one headed {headers}, or a column of names such as 企业名称",
            headers=headers,
        )
    return message("column is missing; add one headed {headers}", headers=headers)


def begun_table(row: Sequence[str]) -> str | None:
    """Name of the table whose required headers all stand in a row; of several, the one with most."""
    # The cheap test first, since nearly every row holds no headers.
    if len(_HEADERS.intersection(row)) < 2:
        return None
    keys = {header_key(cell) for cell in row if cell}
    begun = [name for name, table in TABLES.items() if not table.by_name and _has_needed(name, keys)]
    return max(begun, key=lambda name: len(_NEEDED[name]), default=None)


def _has_needed(table: str, keys: set[str]) -> bool:
    return all(keys & any_of for any_of in _NEEDED[table])


def adjacent_columns(columns: Iterable[int]) -> list[list[int]]:
    """Group columns that stand beside each other without a gap.

    Examples
    --------
    >>> adjacent_columns([0, 1, 3, 4])
    [[0, 1], [3, 4]]
    """
    groups: list[list[int]] = []
    for j in columns:
        if groups and groups[-1][-1] == j - 1:
            groups[-1].append(j)
        else:
            groups.append([j])
    return groups


def _beside(header: list[str], kept: list[int], table: Table) -> Iterator[tuple[str, list[int]]]:
    """Find whole tables beside the first one of a sheet, a blank column between, and their columns."""
    groups = adjacent_columns(kept)
    mine = [group for group in groups if _has_needed(table.name, {header_key(header[j]) for j in group})]
    for group in groups if mine else []:
        other = begun_table([header[j] for j in group])
        if other and group is not mine[0]:
            yield other, group


# Headers of which a table must have one each, and all headers as they are written.
_NEEDED: Final = {
    table.name: [
        {header_key(written) for written in (column.name, *column.chinese)}
        for column in table.columns
        if column.required
    ]
    for table in TABLES.values()
}
_HEADERS: Final = {
    written + mark
    for table in TABLES.values()
    for column in table.columns
    for written in (column.name, *column.chinese)
    for mark in ("", "*")
}


def masked_texts(texts: pd.DataFrame, table: Table, sheet: str, masker: Masker) -> pd.DataFrame:
    """Mask every column, whatever it should hold: a phone number may stand in the column of headcounts."""
    columns = masked_columns({str(name): cells for name, cells in texts.items()}, table, sheet, masker)
    return pd.DataFrame(columns, index=texts.index, columns=texts.columns, dtype="str")


def masked_columns(
    columns: Mapping[str, Iterable[str]], table: Table, sheet: str, masker: Masker
) -> dict[str, list[str]]:
    """Mask the cells of every column; in columns that join tables, different values stay different."""
    apart = {column.name for column in table.columns if column.kind == "text" and column.name in _APART}
    known = {column.name for column in table.columns}
    return {
        # A user's own column may say by its header that it holds phones.
        name: (masker.keys if name in apart else masker.texts)(
            cells, sheet, header="" if name in known else name
        )
        for name, cells in columns.items()
    }


# Columns that join tables or make a key in any of them, and what names are resolved by: in these, values that
# differ must still differ when they are masked.
_APART: Final = {name for table in TABLES.values() for name in table.key} | {
    *(column.name for table in TABLES.values() for column in table.columns if column.references),
    *("name", "uscc", "product"),
}


def _header_lines(sheet: Sheet, at: int, table: Table) -> tuple[int, list[str]]:
    """Index of the header's last line, and the headers: merged cells leave some of them in a line above."""
    known = table.headers()
    top = at
    below = sheet.rows[at + 1] if at + 1 < len(sheet.rows) else []
    under = [header_key(h) in known for h, cell in zip_longest(sheet.rows[at], below, fillvalue="") if cell]
    if any(header_key(cell) in known for cell in below) and not any(under):
        at += 1
    header = sheet.rows[at] + [""] * (len(sheet.rows[top]) - len(sheet.rows[at]))
    used = {known.get(header_key(written)) for written in header}
    for j in (j for j, written in enumerate(header) if not written):
        above = [i for i in range(at) if j < len(sheet.rows[i]) and sheet.rows[i][j]]
        if above:
            line = max(above)
            meaning = known.get(header_key(sheet.rows[line][j]))
            # A line above the header is a title, unless it names a column that is still missing.
            if (meaning and meaning not in used) or (not meaning and line >= top):
                header[j] = sheet.rows[line][j]
    return at, header
