"""A blank workbook to fill in, with drop-downs and an example in the comment of every header."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Literal

import pandas as pd

from liaison_analysis.ledger.frames import typed
from liaison_analysis.ledger.schema import TABLES, Column
from liaison_analysis.ledger.workbooks import write_workbook
from liaison_analysis.ledger.writing import as_written, coded_words, sheet_name

if TYPE_CHECKING:
    from collections.abc import Mapping

    from liaison_analysis.ledger.schema import Table

# Rows that the drop-downs of a blank sheet reach down to.
_ROWS: Final = 2_000
_EXAMPLES: Final = {
    "text": "",
    "date": "2022-03-31",
    "number": "0.35",
    "integer": "120",
    "flag": "",
    "choice": "",
}


def write_template(
    path: str | Path,
    *,
    language: Literal["en", "zh"] = "zh",
    rows: Mapping[str, pd.DataFrame] | None = None,
) -> Path:
    """Write a blank ledger: a sheet for each table, with headers, drop-downs and comments.

    Parameters
    ----------
    path
        An ``.xlsx`` file, replaced as a whole.
    language
        Language of sheets, headers and coded values.
    rows
        DataFrame by table name: rows that stand there to be edited, such as ``{"limits": limit_table()}``;
        columns that a frame lacks stay empty.

    Returns
    -------
    Path
        ``path``; filled in, ``read_ledger`` reads it.

    Examples
    --------
    >>> import tempfile
    >>> from pathlib import Path
    >>> write_template(Path(tempfile.mkdtemp()) / "blank.xlsx").name
    'blank.xlsx'
    """
    names = {table.name: sheet_name(table, language) for table in TABLES.values()}
    columns = {
        table.name: [c for c in table.columns if c.name != "is_synthetic"] for table in TABLES.values()
    }
    headers = {name: [_header(c, language) for c in some] for name, some in columns.items()}
    sheets = {names[name]: pd.DataFrame(columns=headers[name], dtype="str") for name in TABLES}
    for name, frame in (rows or {}).items():
        written = as_written(typed(name, frame), TABLES[name], language)
        sheets[names[name]] = written[headers[name]]

    def extra(book: Any) -> None:
        for name, table in TABLES.items():
            sheet = book.get_worksheet_by_name(names[name])
            for j, column in enumerate(columns[name]):
                sheet.write_comment(0, j, _comment(table, column, language), {"x_scale": 2})
                words = list(coded_words(table, column.name, language).values())
                if words:
                    sheet.data_validation(1, j, _ROWS, j, {"validate": "list", "source": words})

    return write_workbook(Path(path), sheets, extra=extra)


def _header(column: Column, language: str) -> str:
    return column.name if language == "en" else column.chinese[0]


def _comment(table: Table, column: Column, language: str) -> str:
    """Say what to fill in below a header, with an example."""
    words = list(coded_words(table, column.name, language).values())
    example = words[0] if words else _EXAMPLES[column.kind]
    chinese = language == "zh"
    needed = column.required or column.wanted
    lines = [("必填" if needed else "选填") if chinese else "required" if needed else "optional"]
    if words:
        lines.append(("可选：" if chinese else "one of ") + ("、" if chinese else ", ").join(words))
    if example:
        lines.append(("例：" if chinese else "such as ") + example)
    if column.references:
        other = TABLES[column.references]
        lines.append(f"见“{other.chinese[0]}”的编号" if chinese else f"an id of the sheet {other.name}")
    return "\n".join(lines)
