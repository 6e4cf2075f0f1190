"""Read workbooks of every kind that offices have: .xlsx, .xlsm, .xls, WPS .et, .xlsb, .ods."""

from __future__ import annotations

import datetime as dt
import io
import re
import zipfile
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final, Literal

from liaison_analysis._messages import marked, message
from liaison_analysis.errors import LedgerError, problem
from liaison_analysis.ledger.cells import Place, column_letters, one_line
from liaison_analysis.ledger.compound_guard import refuse_endless
from liaison_analysis.ledger.formulas import Formulas
from liaison_analysis.ledger.merged_ranges import merged_ranges
from liaison_analysis.ledger.sheet_measuring import CellMarks
from liaison_analysis.ledger.sheets import FORMULA_FAILED, Marks, Sheet, rows_of
from liaison_analysis.ledger.workbook_guard import refuse_bomb, refuse_unsafe_workbook
from liaison_analysis.ledger.workbook_parts import sheet_comments, sheet_parts, uses_1904
from liaison_analysis.ledger.xml_spreadsheet import xml_sheets

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

Kind = Literal["xlsx", "xls", "xlsb", "ods", "text"]

#: Reason given for a file with a workbook's suffix that is not a workbook.
NO_WORKBOOK: Final = marked("is not an Excel workbook, or only part of one; save it again as .xlsx")
_MANIFEST: Final = "META-INF/manifest.xml"  # of an OpenDocument file
_FLAT_MANIFEST: Final = (
    '<?xml version="1.0" encoding="UTF-8"?>'
    '<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0">'
    '<manifest:file-entry manifest:full-path="content.xml" manifest:media-type="text/xml"/>'
    "</manifest:manifest>"
)
_OLE: Final = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_KNOWN_ERRORS: Final = {"#DIV/0!", "#N/A", "#NAME?", "#NULL!", "#NUM!", "#REF!", "#VALUE!"}
_ARCHIVES: Final = {b"Rar!": "RAR", b"7z\xbc\xaf": "7-Zip", b"\x1f\x8b": "gzip"}
# A date cell of these years shows a small number that somebody typed, such as 6.15 or 2022: no ledger of a
# park holds days before its own time.
_LAST_NUMBER_YEAR: Final = 1909
# Whole numbers typed into such a cell: a month or a day of one, or a year of a ledger's time.
_LAST_DAY_OF_MONTH: Final = 31
_YEARS: Final = range(1990, 2101)
_EXCEL_EPOCH: Final = dt.datetime(1899, 12, 30)  # noqa: DTZ001 - a spreadsheet's days have no time zone
_MAC_EPOCH: Final = dt.datetime(1904, 1, 1)  # noqa: DTZ001
# Excel counts a 29 February 1900, which did not exist: serial numbers below 61 are a day short.
_LEAP_BUG: Final = dt.datetime(1900, 3, 1)  # noqa: DTZ001


def kind_of(data: bytes, name: str) -> Kind:
    """Tell what a file under a workbook's suffix is, by its first bytes and, in a zip, its parts.

    Raises
    ------
    LedgerError
        The file is protected by a password, an archive, a PDF, a picture, or damaged.
    """
    if data.startswith(_OLE):
        if "EncryptedPackage".encode("utf-16-le") in data:
            _refuse(
                name,
                message("is protected by a password (encrypted); open it and save it without one as .xlsx"),
            )
        return "xls"
    if not data.startswith(b"PK"):
        _refuse_known(data, name)
        return "text"
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive_file:
            parts = {part.replace("\\", "/").lower() for part in archive_file.namelist()}
            manifest = archive_file.read(_MANIFEST) if _MANIFEST in archive_file.namelist() else b""
    except (zipfile.BadZipFile, ValueError, NotImplementedError, OverflowError):
        return "xlsx"  # whose guard says in which way it is damaged
    if "content.xml" in parts and b"encryption-data" in manifest:
        _refuse(name, message("is protected by a password; open it and save it without one as .xlsx"))
    if "xl/workbook.bin" in parts:
        return "xlsb"
    return "ods" if "content.xml" in parts and "xl/workbook.xml" not in parts else "xlsx"


def packed_opendocument(data: bytes, name: str) -> bytes:
    """Convert a flat OpenDocument workbook (``.fods``) to the packed form (``.ods``) that parsers read.

    Raises
    ------
    LedgerError
        The file is not an OpenDocument workbook.
    """
    head = data[:4096]
    if data.startswith(b"PK"):
        return data
    if b"<office:document" not in head or b"spreadsheet" not in head:
        _refuse(name, message("is no OpenDocument workbook, or damaged; save it as .xlsx"))
    if b"<!DOCTYPE" in head or b"<!ENTITY" in head:
        _refuse(name, message("defines XML entities, which office programs never do; save it as .xlsx"))
    content = re.sub(rb"<(/?)office:document(?=[\s>])", rb"<\1office:document-content", data)
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:  # stored: well-compressed it looks like a bomb
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr(_MANIFEST, _FLAT_MANIFEST)
        archive.writestr("content.xml", content)
    return packed.getvalue()


def _refuse_known(data: bytes, name: str) -> None:
    """Raise for a file that is neither a workbook nor text."""
    for magic, archive in _ARCHIVES.items():
        if data.startswith(magic):
            _refuse(
                name,
                message("is a {archive} archive; unpack it and give the workbook inside", archive=archive),
            )
    if data.startswith(b"%PDF"):
        _refuse(name, message("is a PDF; export the table as .xlsx and give that"))
    head = data[:4096]
    if b"\0" in head and not head.startswith((b"\xff\xfe", b"\xfe\xff")):
        _refuse(name, message(NO_WORKBOOK))


def workbook_sheets(  # noqa: C901, PLR0912 - what a parser raises is distinguished here
    data: bytes, name: str, kind: Kind, file: str, wanted: Callable[[str], bool]
) -> list[Sheet]:
    """Worksheets of a workbook, with merged cells, struck-out text, comments and uncomputed formulas.

    Raises
    ------
    LedgerError
        The workbook is damaged, protected or too large, or formulas of newer versions show errors.
    """
    import python_calamine

    cells: dict[str, CellMarks] = {}
    if kind == "xlsx":
        cells = refuse_unsafe_workbook(data, name)
    elif kind in {"xlsb", "ods"}:
        refuse_bomb(data, name)
    elif kind == "xls":
        if "WordDocument".encode("utf-16-le") in data and "Workbook".encode("utf-16-le") not in data:
            _refuse(name, message("is a Word document of before 2007; open it and save it as .docx"))
        refuse_endless(data, name)
    parts = sheet_parts(data) if kind == "xlsx" else {}
    comments = sheet_comments(data) if kind == "xlsx" else {}
    mac = uses_1904(data) if kind == "xlsx" else False
    merged = merged_ranges(data, kind)
    try:
        workbook = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(data))
        found: list[tuple[Sheet, str, list[list[Any]]]] = []
        for i, about in enumerate(workbook.sheets_metadata):
            if about.typ != python_calamine.SheetTypeEnum.WorkSheet:
                continue
            sheet_name = one_line(about.name)
            hidden = about.visible != python_calamine.SheetVisibleEnum.Visible
            if not wanted(sheet_name):
                found.append((Sheet(sheet_name, [], hidden, file), about.name, []))
                continue
            part = parts.get(about.name, "")
            known = cells.get(part, CellMarks())
            raw = workbook.get_sheet_by_index(i)
            values = _values(raw, known)
            marks = _marks(raw, known, comments.get(part, {}), mac=mac)
            if about.name in merged:  # the parser does not give them for .ods and .xlsb
                marks = replace(marks, merged=tuple(merged[about.name]))
            found.append((Sheet(sheet_name, [], hidden, file, marks), about.name, values))
    except python_calamine.PasswordError as error:
        reason = message("is protected by a password; open it and save it without one as .xlsx")
        raise LedgerError.of_file(name, reason) from error
    except python_calamine.CalamineError as error:
        newer = [
            problem(one_line(sheet), row + 1, column_letters(column), shown, message(FORMULA_FAILED))
            for sheet, part in parts.items()
            for (row, column), shown in sorted(cells.get(part, CellMarks()).failed.items())
            if shown not in _KNOWN_ERRORS
        ]
        if newer:  # functions of newer Excel versions, which the parser takes for damage
            raise LedgerError(name, newer) from error
        if kind == "xls":
            reason = message("is encrypted or damaged; open it and save it as .xlsx without a password")
            raise LedgerError.of_file(name, reason) from error
        raise LedgerError.of_file(name, _damaged(error)) from error
    except BaseException as error:
        # A panic of the Rust parser is no Exception, and its class cannot be imported.
        if type(error).__name__ != "PanicException":
            raise
        raise LedgerError.of_file(name, _damaged(error)) from error
    return _with_values(found, name, mac=mac)


def xml_workbook_sheets(data: bytes, name: str, file: str, wanted: Callable[[str], bool]) -> list[Sheet]:
    """Worksheets of an XML spreadsheet of 2003.

    Raises
    ------
    LedgerError
        The file is damaged or too large.
    """
    read, mac = xml_sheets(data, name)
    found: list[tuple[Sheet, str, list[list[Any]]]] = []
    for one in read:
        if not wanted(one.name):
            found.append((Sheet(one.name, [], one.hidden, file), one.name, []))
            continue
        marks = Marks(
            merged=tuple(one.merged),
            struck=frozenset(one.struck),
            comments=one.comments,
            formulas=one.formulas,
            date1904=mac,
            partly_struck={place: struck for place, (_, struck) in one.partly_struck.items()},
            hidden_rows=frozenset(one.hidden_rows),
            hidden_columns=frozenset(one.hidden_columns),
            colours={row: frozenset(colours) for row, colours in one.colours.items()},
        )
        found.append((Sheet(one.name, [], one.hidden, file, marks), one.name, one.rows()))
    return _with_values(found, name, mac=mac)


def _with_values(found: Sequence[tuple[Sheet, str, list[list[Any]]]], name: str, *, mac: bool) -> list[Sheet]:
    """Sheets with their cells as text, and with the values of formulas that the file holds without them."""
    formulas = Formulas(
        {written: values for _, written, values in found},
        {written: sheet.marks.formulas for sheet, written, _ in found},
        mac,
    )
    computed = {written: formulas.computed(written) for sheet, written, _ in found if sheet.marks.formulas}
    sheets = []
    for sheet, written, values in found:
        results = computed.get(written, {})
        for (row, column), value in results.items():
            values += [[] for _ in range(row + 1 - len(values))]
            values[row] += [None] * (column + 1 - len(values[row]))
            values[row][column] = value
        numbers: set[Place] = set()
        rows = rows_of(_numbers_restored(values, numbers, mac=mac), name)
        known = sheet.marks.formulas
        marks = replace(
            sheet.marks,
            numbers=frozenset(numbers),
            formulas={place: formula for place, formula in known.items() if place not in results},
            computed={place: known[place] for place in results},
        )
        sheets.append(replace(sheet, rows=rows, marks=marks))
    return sheets


def _values(raw: Any, known: CellMarks) -> list[list[Any]]:
    """Values of a worksheet's cells."""
    values: list[list[Any]] = raw.to_python(skip_empty_area=False)
    for (row, column), error in known.failed.items():
        if row < len(values) and column < len(values[row]):
            values[row][column] = error  # the parser leaves it blank
    for (row, column), (holds, _) in known.partly_struck.items():
        if row < len(values) and column < len(values[row]):
            values[row][column] = holds
    return values


def _marks(raw: Any, known: CellMarks, comments: dict[Place, str], *, mac: bool) -> Marks:
    """Collect the marks of a worksheet's cells."""
    return Marks(
        merged=tuple((*first, *last) for first, last in raw.merged_cell_ranges or ()),
        struck=frozenset(known.struck),
        comments=comments,
        formulas=known.formulas,
        date1904=mac,
        partly_struck={place: struck for place, (_, struck) in known.partly_struck.items()},
        hidden_rows=frozenset(known.hidden_rows),
        hidden_columns=frozenset(known.hidden_columns),
        colours={row: frozenset(colours) for row, colours in known.colours.items()},
    )


def _numbers_restored(
    rows: Iterable[list[Any]], numbers: set[Place], *, mac: bool
) -> Iterator[Iterable[object]]:
    """Rows in which a small number under a date format is that number again; notes where numbers are."""
    for i, row in enumerate(rows):
        for j, cell in enumerate(row):
            if type(cell) is float:
                if cell < 13 and not cell.is_integer():
                    numbers.add((i, j))
            elif isinstance(cell, dt.date) and cell.year <= _LAST_NUMBER_YEAR:
                serial = _serial(cell, mac=mac)
                if serial.is_integer() and serial > _LAST_DAY_OF_MONTH and serial not in _YEARS:
                    continue  # a day of that time, such as that on which a firm was founded
                row[j] = serial
                if serial < 13 and not serial.is_integer():
                    numbers.add((i, j))
        yield row


def _serial(day: dt.date, *, mac: bool) -> float:
    """Give the number that a date cell holds."""
    moment = day if isinstance(day, dt.datetime) else dt.datetime(day.year, day.month, day.day)  # noqa: DTZ001
    epoch = _MAC_EPOCH if mac else _EXCEL_EPOCH
    serial = (moment - epoch) / dt.timedelta(days=1)
    if not mac and moment < _LEAP_BUG:
        serial -= 1
    # A parser rounds to seconds or milliseconds; what was typed has few decimals.
    return round(serial, 4)


def _damaged(error: BaseException) -> str:
    return message(
        "is damaged ({why}); open it in Excel and save it again", why=one_line(error) or type(error).__name__
    )


def _refuse(name: str, reason: str) -> None:
    raise LedgerError.of_file(name, reason)
