"""Workbooks written the way Excel users like them: typed cells, drop-downs, no formulas or links."""

from __future__ import annotations

import math
import unicodedata
from typing import TYPE_CHECKING

import pandas as pd

from liaison_analysis._files import replacing
from liaison_analysis._messages import message
from liaison_analysis._outputs import workbook_properties
from liaison_analysis.errors import LedgerError, problem
from liaison_analysis.ledger.cells import cell_text
from liaison_analysis.ledger.sheet_measuring import MAX_CELL, MAX_COLUMNS, MAX_ROWS
from liaison_analysis.privacy import mask_personal_data

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from pathlib import Path

    import xlsxwriter

    from liaison_analysis.errors import Problem

# Excel's calendar starts here; earlier dates are written as text.
_FIRST_YEAR = 1900

# Excel takes no more characters than this for the words of a drop-down.
_MAX_CHOICES = 255


def write_workbook(
    path: Path,
    sheets: Mapping[str, pd.DataFrame],
    *,
    choices: Mapping[tuple[str, str], list[str]] | None = None,
    whole: bool = False,
    extra: Callable[[xlsxwriter.Workbook], None] | None = None,
) -> Path:
    """Write frames to an ``.xlsx`` file, a sheet each, as plain values without formulas or links.

    Parameters
    ----------
    path
        File to write; replaced as a whole when everything is written.
    sheets
        Sheet name and frame; the frame's columns are the header row. Sheet names follow Excel's rules.
    choices
        Values offered as a drop-down, by (sheet, column).
    whole
        Whether a text that is longer than an Excel cell is an error; otherwise it is cut, and ends with a
        note that says how long it was.
    extra
        Called with the open workbook after the last sheet, to add further ones.

    Returns
    -------
    Path
        ``path``.

    Raises
    ------
    LedgerError
        A sheet has more rows or columns than Excel takes; or, with ``whole``, a cell more than 32,767
        characters.
    ValueError
        The words of a drop-down are more than Excel takes (255 characters with the commas between), or one
        holds a comma.

    Examples
    --------
    >>> import tempfile
    >>> from pathlib import Path
    >>> from liaison_analysis.ledger.sheet_reading import read_sheets
    >>> folder = Path(tempfile.mkdtemp())
    >>> written = write_workbook(folder / "list.xlsx", {"名单": pd.DataFrame({"企业": ["=1+1", "赛力斯"]})})
    >>> read_sheets(written)[0].rows
    [['企业'], ['=1+1'], ['赛力斯']]
    """
    import xlsxwriter

    choices = choices or {}
    problems = [row for name, frame in sheets.items() for row in _too_large(name, frame, whole=whole)]
    if problems:
        raise LedgerError(path.name, problems)
    unfit = [
        at for at, words in choices.items() if len(",".join(words)) > _MAX_CHOICES or "," in "".join(words)
    ]
    if unfit:
        raise ValueError(
            f"choices: words without commas, at most {_MAX_CHOICES} characters in all, expected; "
            f"too much for {unfit!r}; offer fewer or shorter words"
        )
    options = {
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
        "remove_timezone": True,
        # No temporary files of its own, which a failed write would leave behind.
        "in_memory": True,
    }
    with replacing(path) as temporary:
        workbook = xlsxwriter.Workbook(str(temporary), options)
        workbook.set_properties(workbook_properties())
        for name, frame in sheets.items():
            _write_sheet(workbook, name, frame, choices)
        if extra is not None:
            extra(workbook)
        workbook.close()
    return path


def _too_large(name: str, frame: pd.DataFrame, *, whole: bool) -> Iterator[Problem]:
    if len(frame) >= MAX_ROWS:
        rows = message("{n:,} rows are more than a worksheet holds; write a folder instead", n=len(frame))
        yield problem(name, None, "", "", rows)
    if (n := frame.shape[1]) > MAX_COLUMNS:
        columns = message("{n:,} columns are more than a worksheet holds; write a folder instead", n=n)
        yield problem(name, None, "", "", columns)
    if not whole:
        return
    reason = message(
        "longer than the {max_cell:,} characters of an Excel cell; write a folder instead", max_cell=MAX_CELL
    )
    for j, column in enumerate(frame.columns):
        values = [column, *frame.iloc[:, j]]
        for row, value in enumerate(values, start=1):
            # Excel counts UTF-16 units: a character beyond the first 65,536 takes two.
            if isinstance(value, str) and 2 * len(value) > MAX_CELL and _units(value) > MAX_CELL:
                # Masked before it is cut: half a phone number would not be recognised.
                masked_column, masked = mask_personal_data([str(column), value])
                yield problem(name, row, masked_column[:40], masked[:40], reason)


def _units(text: str) -> int:
    return len(cell_text(text).encode("utf-16-le")) // 2


def fitting_cell(text: str) -> str:
    """Cut a text that is longer than an Excel cell, and note at its end how long it was.

    Examples
    --------
    >>> fitting_cell("数控机床"), fitting_cell("床" * 40_000)[-17:]
    ('数控机床', '…（全文40,000字，此处截断）')
    """
    # Excel counts UTF-16 units: a character beyond the first 65,536 takes two.
    if 2 * len(text) <= MAX_CELL or len(text.encode("utf-16-le")) // 2 <= MAX_CELL:
        return text
    note = f"…（全文{len(text):,}字，此处截断）"
    kept = text.encode("utf-16-le")[: 2 * (MAX_CELL - len(note))]
    return kept.decode("utf-16-le", errors="ignore") + note


def _write_sheet(
    workbook: xlsxwriter.Workbook,
    name: str,
    frame: pd.DataFrame,
    choices: Mapping[tuple[str, str], list[str]],
) -> None:
    sheet = workbook.add_worksheet(name)
    look = {"valign": "top"}
    head = workbook.add_format(look | {"bold": True, "bg_color": "#DCE6F1", "border": 1, "text_wrap": True})
    day = workbook.add_format(look | {"num_format": "yyyy-mm-dd"})
    time = workbook.add_format(look | {"num_format": "yyyy-mm-dd hh:mm"})
    text = workbook.add_format(look | {"num_format": "@", "text_wrap": True})
    number = workbook.add_format(look)
    last = max(len(frame), 1)
    for j, column in enumerate(frame.columns):
        values = frame.iloc[:, j]
        style = text
        if pd.api.types.is_datetime64_any_dtype(values):
            style = day if (values.dropna().dt.normalize() == values.dropna()).all() else time
        elif pd.api.types.is_numeric_dtype(values) and not pd.api.types.is_bool_dtype(values):
            style = number
        sheet.set_column(j, j, _width(column, values), style)
        sheet.write_string(0, j, fitting_cell(cell_text(column)), head)
        for i, value in enumerate(values.astype(object), start=1):
            if style is number and pd.notna(value) and math.isfinite(value):
                sheet.write_number(i, j, value, number)
            elif style in {day, time} and pd.notna(value) and value.year >= _FIRST_YEAR:
                sheet.write_datetime(i, j, value.to_pydatetime(), style)
            elif written := cell_text(value):
                sheet.write_string(i, j, fitting_cell(written), text)
        if (name, column) in choices:
            sheet.data_validation(1, j, last, j, {"validate": "list", "source": choices[name, column]})
    sheet.freeze_panes(1, 0)
    if len(frame.columns):
        sheet.autofilter(0, 0, last, len(frame.columns) - 1)


def _width(column: object, values: pd.Series) -> float:
    """Column width in Excel's units: Chinese characters take two, long text wraps at 60."""
    sample = [cell_text(value)[:80] for value in (column, *values.dropna().head(200))]
    widths = [sum(2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in s) for s in sample]
    return float(min(60, max(8, *widths) + 2))
