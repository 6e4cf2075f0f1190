"""Read the sheets of a file, or of the files of a folder, whatever their format."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Final

import pandas as pd

from liaison_analysis._files import shown_name
from liaison_analysis._messages import marked, message
from liaison_analysis.errors import LedgerError, system_reason
from liaison_analysis.ledger import (
    document_tables,
    parquet_reading,
    text_reading,
    workbook_reading,
    xml_spreadsheet,
)
from liaison_analysis.ledger.cells import one_line
from liaison_analysis.ledger.sheets import Marks, Sheet
from liaison_analysis.ledger.workbook_guard import MAX_BYTES

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

#: Suffixes of files that are read.
SUFFIXES: Final = (
    ".xlsx", ".xlsm", ".xls", ".et", ".xlsb", ".ods", ".fods", ".docx", ".doc", ".wps", ".csv", ".tsv",
    ".txt", ".html", ".htm", ".mht", ".mhtml", ".xml", ".parquet",
)  # fmt: skip
# What a folder is read for: text files and documents in it may be anything else.
_DOCUMENTS: Final = (".docx", ".doc", ".wps")
_PERHAPS_TEXTS: Final = frozenset({*_DOCUMENTS, ".txt", ".html", ".htm", ".mht", ".mhtml", ".xml"})
_IN_FOLDERS: Final = tuple(one for one in SUFFIXES if one not in _PERHAPS_TEXTS)
_MAY_HOLD_TABLES: Final = frozenset(
    {".docx", ".doc", ".wps", ".txt", ".html", ".htm", ".mht", ".xml", ".pdf", ".rar", ".zip", ".7z"}
)
_TO_SAVE_AGAIN: Final = frozenset({".pdf", ".jpg", ".png", ".pages", ".numbers"})
_FORMATS: Final = marked(
    "give a workbook (.xlsx, .xls, .xlsb, .ods), a .csv, .txt or .docx table, or a folder"
)
_TABLE_FORMATS: Final = marked("give a workbook (.xlsx) or a folder with one file per table")


def read_sheets(path: Path, wanted: Callable[[str], bool] = lambda _: True) -> list[Sheet]:
    r"""Read the sheets of a workbook, a text file or a Word document, or those of the files of a folder.

    Parameters
    ----------
    path
        A file of one of ``SUFFIXES``, or a folder of workbooks, ``.csv``, ``.tsv`` and ``.parquet`` files; a
        folder without any of them may hold Word documents. What a file is follows from its content, since
        systems export web pages and text as ``.xls``.
    wanted
        Whether a sheet of this name is read; the others come without rows.

    Returns
    -------
    list of Sheet
        In the order of the file, each with its name and rows of cells as text.

    Raises
    ------
    LedgerError
        The file cannot be read: not there, empty, encrypted, of another format, damaged, too large, or
        changed meanwhile. In a folder, every file that cannot be read.

    Examples
    --------
    >>> import tempfile
    >>> from pathlib import Path
    >>> path = Path(tempfile.mkdtemp()) / "a.csv"
    >>> written = path.write_text("企业,诉求\n甲公司,停车位不足\n", encoding="utf-8")
    >>> read_sheets(path)[0].rows
    [['企业', '诉求'], ['甲公司', '停车位不足']]
    """
    try:
        if not path.exists():
            raise LedgerError.of_file(shown_name(path), message("no such file or folder; check the path"))
        sheets = _read_folder(path, wanted) if path.is_dir() else _read_file(path, wanted)
    except PermissionError as error:
        reason = message("may not be read; close it elsewhere or ask for access")
        raise LedgerError.of_file(shown_name(path), reason) from error
    except OSError as error:
        reason = message(
            "cannot be read ({why}); copy it to this machine first",
            why=system_reason(error),
        )
        raise LedgerError.of_file(shown_name(path), reason) from error
    if not any(sheet.rows or not wanted(sheet.name) for sheet in sheets):
        raise LedgerError.of_file(
            shown_name(path), message("holds no cells; save the workbook again with its data")
        )
    return sheets


def _read_folder(path: Path, wanted: Callable[[str], bool]) -> list[Sheet]:
    # Office programs leave locks (~$ledger.xlsx) beside open files.
    files = sorted(
        f
        for f in path.iterdir()
        if f.is_file() and f.suffix.lower() in _IN_FOLDERS and not f.name.startswith(("~$", "."))
    )
    if not files:  # a form a file, as officers hand them in
        files = sorted(
            f
            for f in path.iterdir()
            if f.is_file() and f.suffix.lower() == ".docx" and not f.name.startswith(("~$", "."))
        )
    if not files:
        reason = message(
            "holds no .csv or .parquet file and no workbook; {formats}", formats=message(_TABLE_FORMATS)
        )
        raise LedgerError.of_file(shown_name(path), reason)
    sheets, errors = [], []
    for file in files:
        try:
            sheets += _read_file(file, wanted, in_folder=True)
        except LedgerError as error:
            errors.append(error.problems.assign(sheet=shown_name(file)))
    if errors:
        raise LedgerError(shown_name(path), pd.concat(errors))
    others = sorted(f for f in path.iterdir() if f.is_file() and f.suffix.lower() in _MAY_HOLD_TABLES)
    others = [f for f in others if not f.name.startswith(("~$", ".")) and f not in files]
    return [*sheets, *(Sheet(one_line(f.name), [], file=shown_name(f), unread=True) for f in others)]


def _read_file(path: Path, wanted: Callable[[str], bool], *, in_folder: bool = False) -> list[Sheet]:
    """Read one file by what its first bytes and its suffix say it is."""
    name, shown, suffix = one_line(path.stem), shown_name(path), path.suffix.lower()
    if suffix not in SUFFIXES:
        given = one_line(suffix) or message("none")
        archive = message("unpack it and give the file inside") if suffix in {".rar", ".zip", ".7z"} else ""
        other = message("save it as .xlsx") if suffix in _TO_SAVE_AGAIN else ""
        remedy = archive or other or message(_FORMATS)
        reason = message("unsupported file type ({given}); {remedy}", given=given, remedy=remedy)
        raise LedgerError.of_file(shown, reason)
    file = shown if in_folder else ""
    if suffix in {".csv", ".tsv", ".parquet"} and not wanted(name):
        return [Sheet(name, [])]
    data = load(path)
    if suffix == ".parquet":
        return [Sheet(name, parquet_reading.parquet_rows(data, shown))]
    if suffix in {".csv", ".tsv", ".txt"}:  # the file's name is the sheet's
        return [Sheet(name, text_reading.separated_rows(data, shown))]
    if xml_spreadsheet.is_xml_spreadsheet(data):
        return workbook_reading.xml_workbook_sheets(data, shown, file, wanted)
    if suffix == ".fods":
        data = workbook_reading.packed_opendocument(data, shown)
        return workbook_reading.workbook_sheets(data, shown, "ods", file, wanted)
    if suffix in _DOCUMENTS and not document_tables.is_web_page(data):
        return document_tables.document_sheets(data, shown, name, file)
    kind = workbook_reading.kind_of(data, shown)
    if kind != "text":
        return workbook_reading.workbook_sheets(data, shown, kind, file, wanted)
    return _text_sheets(data, shown, name, file, suffix)


def _text_sheets(data: bytes, shown: str, name: str, file: str, suffix: str) -> list[Sheet]:
    """Sheets of a web page or of separated text under a workbook's suffix."""
    text = text_reading.archived_page(data) or text_reading.decoded(data, shown)
    if "<table" in text[:1_000_000].casefold():
        tables = text_reading.html_tables(text, shown)
        heading = next((cell for row in tables[0][0] for cell in row if cell), "")
        return [
            Sheet(
                name if i == 1 else f"{name} {i}",
                rows,
                file=file,
                marks=Marks(merged=tuple(merged)),
                heading=heading if i > 1 else "",
            )
            for i, (rows, merged) in enumerate(tables, 1)
        ]
    if suffix in {".xls", ".et"} and text_reading.is_separated(text):
        return [Sheet(name, text_reading.separated_rows(data, shown), file=file)]
    remedy = workbook_reading.NO_WORKBOOK
    raise LedgerError.of_file(shown, message(remedy))


def load(path: Path) -> bytes:
    """All bytes of a file, read once, so that what was checked is what is parsed."""
    shown = shown_name(path)
    if not path.is_file():
        raise LedgerError.of_file(
            shown, message("is not a regular file; give an .xlsx file or a folder of .csv")
        )
    with path.open("rb") as file:
        before = os.fstat(file.fileno())
        # A buffer of the file's size: one of the largest size allowed would be allocated at once.
        data = file.read(min(before.st_size, MAX_BYTES) + 1)
        after = os.fstat(file.fileno())
    if not data:
        raise LedgerError.of_file(shown, message("the file is empty; save it again from where it came"))
    if len(data) > MAX_BYTES:
        raise LedgerError.of_file(shown, message("is larger than 1 GB; split it or use Parquet files"))
    if (before.st_mtime_ns, before.st_size) != (after.st_mtime_ns, len(data)):
        raise LedgerError.of_file(
            shown, message("changed while it was read; close it elsewhere and try again")
        )
    return data
