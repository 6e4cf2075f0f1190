"""Look through a workbook's zip before a parser opens it, and refuse what is damaged or a bomb.

A sheet is laid out as one block, from A1 to its last filled cell, and a Rust parser that runs out of memory
ends the whole process. So the block is measured first, cell by cell, with memory of its own
that does not grow with the file.
"""

from __future__ import annotations

import io
import posixpath
import re
import struct
import zipfile
import zlib
from array import array
from typing import TYPE_CHECKING, Final, NoReturn
from xml.etree import ElementTree as ET
from xml.parsers import expat

from liaison_analysis._messages import message
from liaison_analysis.errors import LedgerError

if TYPE_CHECKING:
    from collections.abc import Iterator

#: A worksheet's limits (ECMA-376 as Excel implements it).
MAX_ROWS: Final = 1_048_576
MAX_COLUMNS: Final = 16_384
MAX_CELL: Final = 32_767
#: Largest file that is read, and what a workbook may unpack to: real ledgers stay far below.
MAX_BYTES: Final = 1 << 30
#: Cells of one sheet, blank ones between filled ones counted: a full sheet of nineteen columns.
MAX_CELLS: Final = 20_000_000
#: Characters of all cells of one sheet, a text counted as often as it stands there.
MAX_CHARACTERS: Final = 32 * MAX_CELLS
_MAX_RATIO: Final = 400
_MAX_MEMBERS: Final = 5_000
_CHUNK: Final = 1 << 20
_NUMBER: Final = re.compile(r"0*([0-9]{1,7})")
_REFERENCE: Final = re.compile(r"([A-Za-z]{1,3})0*([0-9]{1,7})")
_MARKUP: Final = (".xml", ".rels")
#: Most failed formulas reported of one file: more of them are one mistake, copied down.
_MAX_FAILED: Final = 10_000
#: Largest ``workbook.xml`` that is parsed, in bytes; real ones have a few kilobytes.
_MAX_LIST: Final = 1 << 23

#: Row and column of a cell, counted from 0, and the error that its formula shows.
FailedFormulas = dict[tuple[int, int], str]


def refuse_unsafe_workbook(data: bytes, name: str) -> dict[str, FailedFormulas]:
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
        Cells whose formula failed (``#DIV/0!``), met on the way, by the part of the zip that holds the
        sheet, in small letters; a parser takes them for blank ones.

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
        _refuse(name, message("is encrypted or in the old .xls format; save it as .xlsx without a password"))
    try:
        archive = zipfile.ZipFile(io.BytesIO(data))
    except (zipfile.BadZipFile, ValueError, NotImplementedError, struct.error, OverflowError):
        _refuse(name, message("is not an Excel workbook, or only part of one; save it again as .xlsx"))
    with archive:
        members = archive.infolist()
        _refuse_bomb(members, name)
        if not any(_plain(member) == "xl/workbook.xml" for member in members):
            _refuse(name, message("is a zip file but not an Excel workbook; save it as .xlsx"))
        lengths = array("Q")
        failed: dict[str, FailedFormulas] = {}
        # Shared strings come first: what a cell refers to must be known when the cell is met.
        for member in sorted(members, key=lambda member: "sharedstrings" not in _plain(member)):
            try:
                failed[_plain(member)] = _look_through(archive, member, lengths, name)
            except LedgerError:
                raise
            except expat.ExpatError as error:
                _refuse_damaged(name, member, str(error), error)
            # A zip whose offsets point before its start gives a ValueError, one of unknown kind a
            # RuntimeError.
            except (
                zipfile.BadZipFile,
                zlib.error,
                EOFError,
                ValueError,
                RuntimeError,
                struct.error,
            ) as error:
                _refuse_damaged(name, member, message("its bytes do not unpack"), error)
    return {part: cells for part, cells in failed.items() if cells}


def sheet_parts(data: bytes) -> dict[str, str]:
    """Part of the zip that holds each sheet, in small letters, by the sheet's name as written.

    The workbook has passed ``refuse_unsafe_workbook``. What it leaves out, as some writers do, is not there.
    """
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        parts = {_plain(member): member for member in archive.infolist()}
        sheets, links = (
            _elements(archive, parts.get(part)) for part in ("xl/workbook.xml", "xl/_rels/workbook.xml.rels")
        )
    targets = {element.get("Id"): element.get("Target", "") for element in links}
    parts_by_name = {}
    for element in sheets:
        link = next((value for key, value in element.items() if key.endswith("}id")), None)
        if element.tag.endswith("}sheet") and link in targets:
            target = targets[link].replace("\\", "/").lower()
            parts_by_name[element.get("name", "")] = posixpath.normpath(posixpath.join("/xl", target)).lstrip(
                "/"
            )
    return parts_by_name


def _elements(archive: zipfile.ZipFile, member: zipfile.ZipInfo | None) -> list[ET.Element]:
    """All elements of a short part; none where namespaces that expat let pass are amiss."""
    if member is None or member.file_size > _MAX_LIST:
        return []
    # As above: UTF-8 whatever the first line says. Entities have been refused.
    parser = ET.XMLParser(encoding="utf-8")  # noqa: S314
    try:
        return list(ET.fromstring(archive.read(member), parser).iter())  # noqa: S314
    except ET.ParseError:
        return []


def _refuse(name: str, reason: str) -> NoReturn:
    raise LedgerError.of_file(name, reason)


def _refuse_damaged(name: str, member: zipfile.ZipInfo, why: str, error: Exception) -> NoReturn:
    reason = message(
        "is damaged ({member!r}: {why}); open it in Excel and save it again", member=_plain(member), why=why
    )
    raise LedgerError.of_file(name, reason) from error


def _plain(member: zipfile.ZipInfo) -> str:
    return member.filename.replace("\\", "/").lower()


def _refuse_bomb(members: list[zipfile.ZipInfo], name: str) -> None:
    """Refuse by what the zip's own directory says; nothing is unpacked yet."""
    unpacked = sum(member.file_size for member in members)
    packed = sum(member.compress_size for member in members)
    if unpacked > min(MAX_BYTES, max(1 << 24, _MAX_RATIO * packed)) or len(members) > _MAX_MEMBERS:
        reason = message(
            "would unpack to {unpacked:,.0f} MB from {packed:,.1f} MB and was not opened",
            unpacked=unpacked / 1e6,
            packed=packed / 1e6,
        )
        _refuse(name, message("{reason}; copy the used cells into a new workbook", reason=reason))
    for member in members:
        if member.compress_type not in {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED} or member.flag_bits & 1:
            _refuse(
                name,
                message("is packed or locked in a way Excel does not write; save it as .xlsx from Excel"),
            )


def _look_through(
    archive: zipfile.ZipFile, member: zipfile.ZipInfo, lengths: array[int], name: str
) -> FailedFormulas:
    """Unpack one part of the workbook in small pieces, and measure it if it is a sheet."""
    if _plain(member).endswith(_MARKUP):
        extent = _Extent(lengths, name)
        for chunk in _unpacked(archive, member):
            if chunk.startswith((b"\xff\xfe", b"\xfe\xff")):
                _refuse(
                    name,
                    message("is damaged (a part is in UTF-16, which Excel never writes); save it from Excel"),
                )
            extent.parser.Parse(chunk, False)  # noqa: FBT003 - expat takes it by position only
        if member.file_size:
            extent.parser.Parse(b"", True)  # noqa: FBT003
        return extent.failed
    tail = b""
    for chunk in _unpacked(archive, member):
        if b"sheetData" in tail + chunk:
            _refuse(
                name,
                message("hides a sheet in {member!r}; save it as .xlsx from Excel", member=_plain(member)),
            )
        tail = chunk[-16:]
    return {}


def _unpacked(archive: zipfile.ZipFile, member: zipfile.ZipInfo) -> Iterator[bytes]:
    """Pieces of a part, to its true end: the size that the directory states may be a lie."""
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


class _Extent:
    """Size of a sheet's block of cells, found while its XML goes by.

    ``lengths`` holds the length of every shared string; the part that defines them fills it.
    """

    def __init__(self, lengths: array[int], name: str) -> None:
        self.lengths, self.name = lengths, name
        self.bottom, self.right = -1, -1
        self.row, self.column = -1, -1
        self.places: dict[str, int] = {}
        self.shared = self.fails = self.in_value = self.in_string = False
        self.failed: FailedFormulas = {}
        self.index = ""
        self.characters = 0
        # The parser behind takes every part for UTF-8, whatever its first line says.
        self.parser = expat.ParserCreate("utf-8")
        self.parser.buffer_text = True
        self.parser.StartElementHandler = self._start
        self.parser.EndElementHandler = self._end
        self.parser.CharacterDataHandler = self._text
        self.parser.StartDoctypeDeclHandler = self._doctype

    def _doctype(self, *_: object) -> None:
        _refuse(
            self.name, message("defines XML entities, which Excel never does; save it as .xlsx from Excel")
        )

    def _start(self, tag: str, attributes: dict[str, str]) -> None:
        if ":" in tag:
            tag = tag.rpartition(":")[2]
        if tag == "c":
            self._place(attributes.get("r"))
            kind = attributes.get("t")
            self.shared, self.fails = kind == "s", kind == "e"
        elif tag in {"v", "is", "f"}:
            self.in_value, self.index = tag == "v" and (self.shared or self.fails), ""
            self._filled()
        elif tag == "row":
            self.row, self.column = self._row(attributes.get("r")), -1
        elif tag == "si":
            self.in_string = True
            self.lengths.append(0)
            self._bound(len(self.lengths), message("different texts"))

    def _end(self, tag: str) -> None:
        # Nearly every tag ends outside of what is of interest: the cheap question comes first.
        if self.in_value and tag.rpartition(":")[2] == "v":
            self.in_value = False
            if self.fails:
                if len(self.failed) < _MAX_FAILED:
                    self.failed[self.row, self.column] = self.index[:40]
                return
            index = _NUMBER.fullmatch(self.index)
            if index and int(index[1]) < len(self.lengths):
                self.characters += self.lengths[int(index[1])]
                self._bound(self.characters // 32, message("times 32 characters of text"))
        elif self.in_string and tag.rpartition(":")[2] == "si":
            self.in_string = False

    def _text(self, text: str) -> None:
        if self.in_value:
            self.index += text.strip()
        elif self.in_string:
            self.lengths[-1] += len(text)

    def _row(self, written: str | None) -> int:
        if written is None:
            return self.row + 1
        number = _NUMBER.fullmatch(written)
        if not number or not 1 <= int(number[1]) <= MAX_ROWS:
            _refuse(
                self.name,
                message(
                    "is damaged (row {written!r} of a sheet); save it again in Excel", written=written[:20]
                ),
            )
        return int(number[1]) - 1

    def _place(self, written: str | None) -> None:
        if written is None:
            self.column += 1
        elif reference := _REFERENCE.fullmatch(written):
            letters, row = reference.groups()
            if letters not in self.places:
                self.places[letters] = _column(letters)
            self.row, self.column = int(row) - 1, self.places[letters]
        else:
            self.row = MAX_ROWS
        if not (0 <= self.row < MAX_ROWS and self.column < MAX_COLUMNS):
            _refuse(
                self.name,
                message(
                    "is damaged (cell {written!r} of a sheet); save it again in Excel",
                    written=str(written)[:20],
                ),
            )

    def _filled(self) -> None:
        if self.row > self.bottom or self.column > self.right:
            self.bottom, self.right = max(self.bottom, self.row), max(self.right, self.column)
            height, width = self.bottom + 1, self.right + 1
            what = message("cells ({height:,} rows, {width:,} columns)", height=height, width=width)
            self._bound(height * width, what)

    def _bound(self, n: int, what: str) -> None:
        if n > MAX_CELLS:
            reason = message(
                "a sheet spans {n:,} {what}; copy the used cells into a new workbook", n=n, what=what
            )
            _refuse(self.name, reason)


def _column(letters: str) -> int:
    """Position of a column from its letters, counted from 0."""
    position = -1
    for letter in letters.upper():
        position = (position + 1) * 26 + ord(letter) - ord("A")
    return position
