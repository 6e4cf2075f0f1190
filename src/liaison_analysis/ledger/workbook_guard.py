"""Check a workbook's zip before a parser opens it, and refuse damaged files and zip bombs.

A sheet is laid out as one block, from A1 to its last filled cell, and a Rust parser that runs out of memory
ends the whole process. So the block is measured first, cell by cell, in memory that does not grow with the
file.
"""

from __future__ import annotations

import io
import struct
import zipfile
from array import array
from typing import TYPE_CHECKING, Final, NoReturn
from xml.parsers import expat

from liaison_analysis._messages import message
from liaison_analysis.errors import LedgerError
from liaison_analysis.ledger.sheet_measuring import CellMarks, SheetMeasure
from liaison_analysis.ledger.workbook_parts import UNZIP_ERRORS, part_name, struck_styles, style_colours

if TYPE_CHECKING:
    from collections.abc import Iterator

#: Largest file that is read, and what a workbook may unpack to: real ledgers stay far below.
MAX_BYTES: Final = 1 << 30
_MAX_RATIO: Final = 400
_MAX_MEMBERS: Final = 5_000
_CHUNK: Final = 1 << 20
_MARKUP: Final = (".xml", ".rels")


def refuse_unsafe_workbook(data: bytes, name: str) -> dict[str, CellMarks]:
    """Raise for a file that is not a workbook, is damaged, or would not fit into memory.

    Parameters
    ----------
    data
        The whole file.
    name
        What to call it in the message.

    Returns
    -------
    dict
        ``CellMarks`` of the sheets that have any, by the part of the zip that holds the sheet, in small
        letters.

    Raises
    ------
    LedgerError
        One line that says what is wrong and how to correct it.

    Examples
    --------
    >>> refuse_unsafe_workbook(b"no zip at all", "ledger.xlsx")
    Traceback (most recent call last):
    ...
    liaison_analysis.errors.LedgerError: ledger.xlsx: is not an Excel workbook, or only part of one; save it
    again as .xlsx
    """
    if data.startswith(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"):
        raise LedgerError.of_file(
            name, message("is encrypted or in the old .xls format; save it as .xlsx without a password")
        )
    try:
        archive = zipfile.ZipFile(io.BytesIO(data))
    except (zipfile.BadZipFile, ValueError, NotImplementedError, struct.error, OverflowError):
        raise LedgerError.of_file(
            name, message("is not an Excel workbook, or only part of one; save it again as .xlsx")
        ) from None
    with archive:
        members = archive.infolist()
        _refuse_by_directory(members, name)
        if not any(part_name(member) == "xl/workbook.xml" for member in members):
            raise LedgerError.of_file(
                name, message("is a zip file but not an Excel workbook; save it as .xlsx")
            )
        lengths = array("Q")
        styles = (struck_styles(archive, members), style_colours(archive, members))
        rich: dict[int, tuple[str, str]] = {}
        marks: dict[str, CellMarks] = {}
        # Shared strings come first: what a cell refers to must be known when the cell is met.
        for member in sorted(members, key=lambda member: "sharedstrings" not in part_name(member)):
            try:
                marks[part_name(member)] = _look_through(archive, member, lengths, name, styles, rich)
            except LedgerError:
                raise
            except expat.ExpatError as error:
                _refuse_damaged(name, member, str(error), error)
            except UNZIP_ERRORS as error:
                _refuse_damaged(name, member, message("its bytes do not unpack"), error)
    return {part: cells for part, cells in marks.items() if cells}


def refuse_bomb(data: bytes, name: str) -> None:
    """Raise for a zip file (.xlsb, .ods, .docx) that is damaged or would not fit into memory."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            members = archive.infolist()
            _refuse_by_directory(members, name)
            for member in members:
                for _ in _unpacked(archive, member):
                    pass
    except UNZIP_ERRORS as error:
        if isinstance(error, LedgerError):
            raise
        raise LedgerError.of_file(name, message("is damaged; open it and save it again as .xlsx")) from error


def _refuse_damaged(name: str, member: zipfile.ZipInfo, why: str, error: Exception) -> NoReturn:
    reason = message(
        "is damaged ({member!r}: {why}); open it in Excel and save it again",
        member=part_name(member),
        why=why,
    )
    raise LedgerError.of_file(name, reason) from error


def _refuse_by_directory(members: list[zipfile.ZipInfo], name: str) -> None:
    """Refuse by what the zip's own directory says; nothing is unpacked yet."""
    unpacked = sum(member.file_size for member in members)
    packed = sum(member.compress_size for member in members)
    if unpacked > min(MAX_BYTES, max(1 << 24, _MAX_RATIO * packed)) or len(members) > _MAX_MEMBERS:
        reason = message(
            "would unpack to {unpacked:,.0f} MB from {packed:,.1f} MB and was not opened",
            unpacked=unpacked / 1e6,
            packed=packed / 1e6,
        )
        raise LedgerError.of_file(
            name, message("{reason}; copy the used cells into a new workbook", reason=reason)
        )
    for member in members:
        if member.compress_type not in {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED} or member.flag_bits & 1:
            raise LedgerError.of_file(
                name,
                message("is packed or locked in a way Excel does not write; save it as .xlsx from Excel"),
            )


def _look_through(  # noqa: PLR0917 - one part and all that is known of the others
    archive: zipfile.ZipFile,
    member: zipfile.ZipInfo,
    lengths: array[int],
    name: str,
    styles: tuple[frozenset[str], dict[str, str]],
    rich: dict[int, tuple[str, str]],
) -> CellMarks:
    """Unpack one part of the workbook in small pieces, and measure it if it is a sheet."""
    if part_name(member).endswith(_MARKUP):
        extent = SheetMeasure(lengths, name, styles, rich)
        for chunk in _unpacked(archive, member):
            if chunk.startswith((b"\xff\xfe", b"\xfe\xff")):
                raise LedgerError.of_file(
                    name,
                    message("is damaged (a part is in UTF-16, which Excel never writes); save it from Excel"),
                )
            extent.parser.Parse(chunk, False)  # noqa: FBT003 - expat takes it by position only
        if member.file_size:
            extent.parser.Parse(b"", True)  # noqa: FBT003
        return extent.marks
    tail = b""
    for chunk in _unpacked(archive, member):
        if b"sheetData" in tail + chunk:
            raise LedgerError.of_file(
                name,
                message("hides a sheet in {member!r}; save it as .xlsx from Excel", member=part_name(member)),
            )
        tail = chunk[-16:]
    return CellMarks()


def _unpacked(archive: zipfile.ZipFile, member: zipfile.ZipInfo) -> Iterator[bytes]:
    """Pieces of a part, to its true end: the size that the directory states may be false."""
    stated = member.file_size
    member.file_size = MAX_BYTES
    seen = 0
    try:
        with archive.open(member) as part:
            while chunk := part.read(_CHUNK):
                seen += len(chunk)
                if seen > stated:
                    raise zipfile.BadZipFile
                yield chunk
    finally:
        member.file_size = stated
