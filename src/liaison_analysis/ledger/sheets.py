"""Raw sheets: files of cells in, cells as text out."""

from __future__ import annotations

import codecs
import contextlib
import csv
import io
import itertools
import os
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pandas as pd

from liaison_analysis._files import shown_name
from liaison_analysis._messages import message
from liaison_analysis.errors import LedgerError, problem
from liaison_analysis.ledger.cells import cell_text, clean_text, one_line, unsafe_cell
from liaison_analysis.ledger.parquet_guard import DAMAGED, refuse_unsafe_parquet
from liaison_analysis.ledger.workbook_guard import (
    MAX_BYTES,
    MAX_CELLS,
    MAX_CHARACTERS,
    MAX_COLUMNS,
    MAX_ROWS,
    refuse_unsafe_workbook,
    sheet_parts,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from pathlib import Path

#: Reason given for a cell that shows an error, such as #DIV/0!, instead of a value.
FORMULA_FAILED = "formula error; fix or clear the cell"
_KNOWN_ERRORS = {"#DIV/0!", "#N/A", "#NAME?", "#NULL!", "#NUM!", "#REF!", "#VALUE!"}
_LONGEST_CELL = 1 << 24


@dataclass(frozen=True)
class Sheet:
    """One sheet as it stands in the file.

    Attributes
    ----------
    name
        Name of the worksheet or of the file without its suffix, on one line.
    rows
        Cells as text, one list a row from the sheet's first row on, without the blank cells and rows at
        the end.
    hidden
        Whether Excel hides the worksheet.
    """

    name: str
    rows: list[list[str]]
    hidden: bool = False


def read_sheets(path: Path, wanted: Callable[[str], bool] = lambda _: True) -> list[Sheet]:
    """Read the sheets of a workbook, or the table files of a folder.

    Parameters
    ----------
    path
        An ``.xlsx`` file, or a folder of ``.csv`` and ``.parquet`` files.
    wanted
        Whether a sheet of this name is read; the others come without rows.

    Raises
    ------
    LedgerError
        The file cannot be read: not there, empty, encrypted, of another format, damaged, too large, or
        changed meanwhile. In a folder, every file that cannot be read.
    """
    try:
        if not path.exists():
            raise LedgerError.of_file(shown_name(path), "no such file or folder; check the path")
        sheets = _read_folder(path, wanted) if path.is_dir() else _read_file(path, wanted)
    except PermissionError as error:
        reason = "may not be read; close it elsewhere or ask for access"
        raise LedgerError.of_file(shown_name(path), reason) from error
    except OSError as error:
        reason = f"cannot be read ({error.strerror or type(error).__name__}); copy it to this machine first"
        raise LedgerError.of_file(shown_name(path), reason) from error
    if not any(sheet.rows or not wanted(sheet.name) for sheet in sheets):
        raise LedgerError.of_file(shown_name(path), "holds no cells; save the workbook again with its data")
    return sheets


def _read_folder(path: Path, wanted: Callable[[str], bool]) -> list[Sheet]:
    files = sorted(f for f in path.iterdir() if f.is_file() and f.suffix.lower() in {".csv", ".parquet"})
    if not files:
        reason = "holds no .csv or .parquet file; give a workbook (.xlsx) or a folder with one file a table"
        raise LedgerError.of_file(shown_name(path), reason)
    sheets, errors = [], []
    for file in files:
        try:
            sheets += _read_file(file, wanted)
        except LedgerError as error:
            errors.append(error.problems.assign(sheet=shown_name(file)))
    if errors:
        raise LedgerError(shown_name(path), pd.concat(errors))
    return sheets


def _read_file(path: Path, wanted: Callable[[str], bool]) -> list[Sheet]:
    name = one_line(path.stem)
    match path.suffix.lower():
        case ".xlsx" | ".xlsm":
            return _read_workbook(path, wanted)
        case ".csv":
            return [Sheet(name, _read_csv(path) if wanted(name) else [])]
        case ".parquet":
            return [Sheet(name, _read_parquet(path) if wanted(name) else [])]
        case ".xls" | ".et" | ".ods" | ".xlsb":
            reason = f"{path.suffix} workbooks are not read; save it as .xlsx in Excel or WPS"
        case suffix:
            given = one_line(suffix) or "none"
            reason = f"unsupported file type ({given}); give an .xlsx file or a folder of .csv"
    raise LedgerError.of_file(shown_name(path), reason)


def _load(path: Path) -> bytes:
    """All bytes of a file, read once, so that what was checked is what is parsed."""
    if not path.is_file():
        raise LedgerError.of_file(
            shown_name(path), "is not a regular file; give an .xlsx file or a folder of .csv"
        )
    with path.open("rb") as file:
        before = os.fstat(file.fileno())
        # A buffer of the file's size: one of the largest size allowed would be taken from memory at once.
        data = file.read(min(before.st_size, MAX_BYTES) + 1)
        after = os.fstat(file.fileno())
    if not data:
        raise LedgerError.of_file(shown_name(path), "the file is empty; save it again from where it came")
    if len(data) > MAX_BYTES:
        raise LedgerError.of_file(shown_name(path), "is larger than 1 GB; split it or use Parquet files")
    if (before.st_mtime_ns, before.st_size) != (after.st_mtime_ns, len(data)):
        raise LedgerError.of_file(
            shown_name(path), "changed while it was read; close it elsewhere and try again"
        )
    return data


def _rows(cells: Iterable[Iterable[object]], name: str) -> list[list[str]]:
    """Cells as text, without the blank ones at the end; refuses a block that would not fit into memory."""
    rows: list[list[str]] = []
    width = filled = characters = 0
    for row in cells:
        texts = [cell_text(cell) for cell in row]
        while texts and not texts[-1]:
            texts.pop()
        rows.append(texts)
        if texts:
            width, filled = max(width, len(texts)), len(rows)
            characters += sum(map(len, texts))
        if characters > MAX_CHARACTERS:
            reason = f"holds more than {MAX_CHARACTERS:,} characters; split the table or shorten its texts"
            raise LedgerError.of_file(name, reason)
        too_long = len(rows) > min(MAX_CELLS, filled + MAX_ROWS)  # more blank rows in a row than Excel has
        if width > MAX_COLUMNS or width * filled > MAX_CELLS or too_long:
            reason = (
                f"spans more than {MAX_CELLS:,} cells or {MAX_COLUMNS:,} columns; keep the used ones only"
            )
            raise LedgerError.of_file(name, reason)
    del rows[filled:]
    return rows


def _read_workbook(path: Path, wanted: Callable[[str], bool]) -> list[Sheet]:
    import python_calamine

    data = _load(path)
    failed = refuse_unsafe_workbook(data, shown_name(path))
    parts = sheet_parts(data) if failed else {}
    sheets = []
    try:
        workbook = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(data))
        for i, about in enumerate(workbook.sheets_metadata):
            if about.typ != python_calamine.SheetTypeEnum.WorkSheet:
                continue
            name = one_line(about.name)
            rows: list[list[str]] = []
            if wanted(name):
                cells = workbook.get_sheet_by_index(i).to_python(skip_empty_area=False)
                for (row, column), error in failed.get(parts.get(about.name, ""), {}).items():
                    if row < len(cells) and column < len(cells[row]):
                        cells[row][column] = error  # the parser leaves it blank
                rows = _rows(cells, shown_name(path))
            sheets.append(Sheet(name, rows, about.visible != python_calamine.SheetVisibleEnum.Visible))
    except python_calamine.CalamineError as error:
        newer = [
            problem(one_line(sheet), row + 1, _letters(column), shown, FORMULA_FAILED)
            for sheet, part in parts.items()
            for (row, column), shown in sorted(failed.get(part, {}).items())
            if shown not in _KNOWN_ERRORS
        ]
        if newer:  # those of newer Excels, which the parser takes for damage
            raise LedgerError(shown_name(path), pd.DataFrame(newer)) from error
        raise LedgerError.of_file(shown_name(path), _damaged(error)) from error
    except BaseException as error:
        # A panic of the Rust parser is no Exception, and its class cannot be imported.
        if type(error).__name__ != "PanicException":
            raise
        raise LedgerError.of_file(shown_name(path), _damaged(error)) from error
    return sheets


def _letters(column: int) -> str:
    """Name of a column as Excel shows it, from its position counted from 0."""
    name = ""
    while column >= 0:
        column, letter = divmod(column, 26)
        name, column = chr(ord("A") + letter) + name, column - 1
    return name


def _damaged(error: BaseException) -> str:
    return f"is damaged ({one_line(error) or type(error).__name__}); open it in Excel and save it again"


def _read_csv(path: Path) -> list[list[str]]:
    text = clean_text(_decode(path))
    # A cell so long is all the rest of a file after a quote that nobody closed.
    csv.field_size_limit(_LONGEST_CELL)
    # Excel's "Unicode text" has tabs; the first line with a separator shows which one the file uses.
    separated = next((line for line in text.split("\n", 30)[:30] if "," in line or "\t" in line), "")
    delimiter = "\t" if separated.count("\t") > separated.count(",") else ","
    reader = csv.reader(_lines(text), delimiter=delimiter, strict=True)
    try:
        return _rows(([unsafe_cell(cell.strip()) for cell in row] for row in reader), shown_name(path))
    except csv.Error as error:
        reason = (
            f"is not a CSV file (line {reader.line_num}: {error}); correct the quotes or save it again as CSV"
        )
        raise LedgerError.of_file(shown_name(path), reason) from error


def _lines(text: str) -> Iterator[str]:
    """Lines one by one: a buffer of text takes four bytes for every character at once."""
    start = 0
    while start < len(text):
        end = text.find("\n", start) + 1 or len(text)
        yield text[start:end]
        start = end


def _decode(path: Path) -> str:
    """Text of a CSV file: by its byte-order mark, else UTF-8, else GB 18030 as Excel in China writes it."""
    raw = _load(path)
    marks = {codecs.BOM_UTF8: "utf-8-sig", codecs.BOM_UTF16_LE: "utf-16", codecs.BOM_UTF16_BE: "utf-16"}
    marked = [encoding for mark, encoding in marks.items() if raw.startswith(mark)]
    for encoding in marked or ["utf-8", "gb18030"]:
        with contextlib.suppress(UnicodeError):
            return raw.decode(encoding)
    raise LedgerError.of_file(
        shown_name(path), "is not text in UTF-8, UTF-16 or GB 18030; save it as CSV UTF-8"
    )


def _read_parquet(path: Path) -> list[list[str]]:
    import pyarrow as pa
    import pyarrow.parquet as pq

    data = _load(path)
    refuse_unsafe_parquet(data, shown_name(path))
    try:
        file = pq.ParquetFile(io.BytesIO(data))
        names = [field.name for field in file.schema_arrow]
        # One text in a million rows is one text in the file, and must be one here too.
        texts = [field.name for field in file.schema_arrow if _is_text(field.type)]
        file = pq.ParquetFile(io.BytesIO(data), read_dictionary=texts)
        # A row may hold a list of any length, so that rows with lists come one by one.
        nested = any(file.schema.column(j).max_repetition_level for j in range(len(file.schema.names)))
        batches = file.iter_batches(batch_size=1 if nested else 10_000)
        cells = (
            row
            for batch in _bounded(batches, shown_name(path))
            for row in zip(*map(_cells, batch.columns), strict=True)
        )
        return _rows(itertools.chain([names], cells), shown_name(path))
    except UnicodeDecodeError as error:
        reason = message("holds bytes that are no text in UTF-8 or GB 18030; write the column as text")
        raise LedgerError.of_file(shown_name(path), reason) from error
    except (pa.ArrowException, OSError, ValueError, TypeError, KeyError, OverflowError) as error:
        if isinstance(error, LedgerError):
            raise
        raise LedgerError.of_file(shown_name(path), message(DAMAGED)) from error


def _is_text(kind: Any) -> bool:
    from pyarrow import types

    kinds = (types.is_string, types.is_large_string, types.is_binary, types.is_large_binary)
    return any(is_kind(kind) for is_kind in kinds)


def _bounded(batches: Iterable[Any], name: str) -> Iterator[Any]:
    """Batches of rows, until the values in their lists are too many."""
    values = 0
    for batch in batches:
        batch.validate(full=True)  # damaged bytes may point past the end of a column's words
        for column in batch.columns:
            leaves = column
            while hasattr(leaves, "value_lengths"):
                leaves = leaves.flatten()
                values += len(leaves)
        if values > MAX_CELLS:
            reason = f"has more than {MAX_CELLS:,} values in lists; write one value in a cell"
            raise LedgerError.of_file(name, reason)
        yield batch


def _cells(column: Any) -> list[object]:
    """Values of an Arrow column, equal texts of a dictionary as one object."""
    if not hasattr(column, "dictionary"):
        return column.to_pylist()  # type: ignore[no-any-return]
    words = [*column.dictionary.to_pylist(), None]
    return [words[-1 if i is None else i] for i in column.indices.to_pylist()]
