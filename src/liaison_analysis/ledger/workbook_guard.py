"""Check a workbook's zip before a parser opens it, and refuse damaged files and zip bombs.

A sheet is laid out as one block, from A1 to its last filled cell, and a Rust parser that runs out of memory
ends the whole process. So the block is measured first, cell by cell, in memory that does not grow with the
file.
"""

from __future__ import annotations

import io
import posixpath
import re
import struct
import zipfile
import zlib
from array import array
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final, NoReturn
from xml.etree import ElementTree as ET
from xml.parsers import expat

from liaison_analysis._messages import message
from liaison_analysis.errors import LedgerError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

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
_TRUE: Final = ("1", "true", "on")
#: Largest ``workbook.xml`` that is parsed, in bytes; real ones have a few kilobytes.
_MAX_LIST: Final = 1 << 23


@dataclass
class CellMarks:
    """What the check of a sheet finds about its cells; places are rows and columns counted from 0.

    Attributes
    ----------
    failed
        Error that a cell's formula shows (``#DIV/0!``); a parser takes such cells for blank ones.
    formulas
        Formula of a cell whose value was never computed.
    struck
        Cells whose font is struck out.
    partly_struck
        Text of a cell that is valid, and its part that is struck out.
    hidden_rows, hidden_columns
        Rows and columns that are hidden or filtered away.
    """

    failed: dict[tuple[int, int], str] = field(default_factory=dict)
    formulas: dict[tuple[int, int], str] = field(default_factory=dict)
    struck: set[tuple[int, int]] = field(default_factory=set)
    partly_struck: dict[tuple[int, int], tuple[str, str]] = field(default_factory=dict)
    hidden_rows: set[int] = field(default_factory=set)
    hidden_columns: set[int] = field(default_factory=set)

    def __bool__(self) -> bool:
        """Whether anything was found."""
        hidden = self.hidden_rows or self.hidden_columns
        return bool(self.failed or self.formulas or self.struck or self.partly_struck or hidden)


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
        struck = _struck_styles(archive, members)
        rich: dict[int, tuple[str, str]] = {}
        marks: dict[str, CellMarks] = {}
        # Shared strings come first: what a cell refers to must be known when the cell is met.
        for member in sorted(members, key=lambda member: "sharedstrings" not in _plain(member)):
            try:
                marks[_plain(member)] = _look_through(archive, member, lengths, name, struck, rich)
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
    return {part: cells for part, cells in marks.items() if cells}


def _struck_styles(archive: zipfile.ZipFile, members: list[zipfile.ZipInfo]) -> frozenset[str]:
    """Numbers of the cell styles whose font is struck out."""
    styles = next((member for member in members if _plain(member) == "xl/styles.xml"), None)
    try:
        elements = _elements(archive, styles)
    except (zipfile.BadZipFile, zlib.error, EOFError, ValueError, RuntimeError, struct.error):
        return frozenset()  # the check of the parts reports what is damaged

    def children(tag: str) -> list[ET.Element]:
        return next((list(one) for one in elements if one.tag.rpartition("}")[2] == tag), [])

    def is_struck(font: ET.Element) -> bool:
        lines = [one for one in font if one.tag.rpartition("}")[2] in {"strike", "dstrike"}]
        return any(one.get("val", "1") not in {"0", "false"} for one in lines)

    fonts = {str(i) for i, font in enumerate(children("fonts")) if is_struck(font)}
    return frozenset(str(i) for i, style in enumerate(children("cellXfs")) if style.get("fontId") in fonts)


def refuse_bomb(data: bytes, name: str) -> None:
    """Raise for a zip file (.xlsb, .ods, .docx) that is damaged or would not fit into memory."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            members = archive.infolist()
            _refuse_bomb(members, name)
            for member in members:
                for _ in _unpacked(archive, member):
                    pass
    except (zipfile.BadZipFile, zlib.error, EOFError, ValueError, RuntimeError, struct.error) as error:
        if isinstance(error, LedgerError):
            raise
        raise LedgerError.of_file(name, message("is damaged; open it and save it again as .xlsx")) from error


def uses_1904(data: bytes) -> bool:
    """Whether a workbook counts days from 1904 (``workbookPr date1904``)."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        book = next((m for m in archive.infolist() if _plain(m) == "xl/workbook.xml"), None)
        elements = _elements(archive, book)
    about = next((one for one in elements if one.tag.rpartition("}")[2] == "workbookPr"), None)
    return about is not None and about.get("date1904", "0") in {"1", "true", "on"}


def sheet_comments(data: bytes) -> dict[str, dict[tuple[int, int], str]]:
    """Comments on cells, by the part of the zip that holds the sheet, in small letters."""
    found: dict[str, dict[tuple[int, int], str]] = {}
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        parts = {_plain(member): member for member in archive.infolist()}
        for part, member in parts.items():
            folder, _, file = part.rpartition("/")
            if not part.endswith(".xml.rels") or not folder.endswith("worksheets/_rels"):
                continue
            sheet = f"{folder.removesuffix('_rels')}{file.removesuffix('.rels')}"
            for link in _elements(archive, member):
                target = link.get("Target", "").replace("\\", "/").lower()
                if link.get("Type", "").lower().endswith("/comments") and target:
                    path = posixpath.normpath(posixpath.join("/", posixpath.dirname(sheet), target)).lstrip(
                        "/"
                    )
                    comments = _elements(archive, parts.get(path))
                    found.setdefault(sheet, {}).update(_comments(comments))
    return found


def _comments(elements: list[ET.Element]) -> Iterator[tuple[tuple[int, int], str]]:
    for element in elements:
        place = _REFERENCE.fullmatch(element.get("ref", ""))
        if element.tag.rpartition("}")[2] == "comment" and place:
            text = "".join(one.text or "" for one in element.iter() if one.tag.rpartition("}")[2] == "t")
            yield (int(place[2]) - 1, _column(place[1])), text


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
    """All elements of a short part; none where namespaces are malformed, which expat lets pass."""
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


def _look_through(  # noqa: PLR0917 - one part and all that is known of the others
    archive: zipfile.ZipFile,
    member: zipfile.ZipInfo,
    lengths: array[int],
    name: str,
    struck: frozenset[str],
    rich: dict[int, tuple[str, str]],
) -> CellMarks:
    """Unpack one part of the workbook in small pieces, and measure it if it is a sheet."""
    if _plain(member).endswith(_MARKUP):
        extent = _Extent(lengths, name, struck, rich)
        for chunk in _unpacked(archive, member):
            if chunk.startswith((b"\xff\xfe", b"\xfe\xff")):
                _refuse(
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
            _refuse(
                name,
                message("hides a sheet in {member!r}; save it as .xlsx from Excel", member=_plain(member)),
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


class _Extent:
    """Size of a sheet's block of cells, measured while its XML is streamed.

    ``lengths`` holds the length of every shared string, ``rich`` the valid and the struck-out text of those
    that are struck out in part; the part that defines them fills both.
    """

    def __init__(
        self, lengths: array[int], name: str, struck: frozenset[str], rich: dict[int, tuple[str, str]]
    ) -> None:
        self.lengths, self.name, self.struck_styles, self.rich = lengths, name, struck, rich
        self.runs: list[tuple[bool, str]] = []
        self.run: str | None = None  # text of a run with its own format, while it is read
        self.run_struck = False
        self.bottom, self.right = -1, -1
        self.row, self.column = -1, -1
        self.places: dict[str, int] = {}
        self.shared = self.fails = self.in_value = self.in_string = False
        self.in_formula = self.in_result = self.gives_text = False
        self.marks = CellMarks()
        self.index = self.formula = ""
        self.struck = False
        self.characters = 0
        # The parser that follows reads every part as UTF-8, whatever its first line says.
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

    def _start(self, tag: str, attributes: dict[str, str]) -> None:  # noqa: C901 - one branch a tag
        if ":" in tag:
            tag = tag.rpartition(":")[2]
        if tag == "c":
            self._place(attributes.get("r"))
            kind = attributes.get("t")
            self.shared, self.fails = kind == "s", kind == "e"
            self.struck = bool(self.struck_styles) and attributes.get("s") in self.struck_styles
            self.formula, self.gives_text = "", kind == "str"
        elif tag == "f":
            # A formula that gives a text may give an empty one.
            self.in_formula, self.formula = True, "" if self.gives_text else "="
            self._filled()
        elif tag in {"v", "is"}:
            self.in_result = bool(self.formula)
            if self.struck:
                self.marks.struck.add((self.row, self.column))
            self.in_value, self.index = tag == "v" and (self.shared or self.fails), ""
            self._filled()
        elif tag == "row":
            self.row, self.column = self._row(attributes.get("r")), -1
            if attributes.get("hidden") in _TRUE:
                self.marks.hidden_rows.add(self.row)
        elif tag == "r":
            self.run, self.run_struck = "", False
        elif tag == "strike":
            self.run_struck = attributes.get("val", "1") in _TRUE
        elif tag == "col" and attributes.get("hidden") in _TRUE:
            self._hide(attributes.get("min", ""), attributes.get("max", ""))
        elif tag == "si":
            self.in_string, self.runs = True, []
            self.lengths.append(0)
            self._bound(len(self.lengths), lambda: message("different texts"))

    def _end(self, tag: str) -> None:
        # Nearly every tag that ends is of no interest, so the cheap test comes first.
        if self.run is not None or self.runs:
            self._end_run(tag.rpartition(":")[2])
        if self.in_formula or self.formula:
            self._end_formula(tag.rpartition(":")[2])
        if self.in_value and tag.rpartition(":")[2] == "v":
            self.in_value = False
            if self.fails:
                if len(self.marks.failed) < _MAX_FAILED:
                    self.marks.failed[self.row, self.column] = self.index[:40]
                return
            index = _NUMBER.fullmatch(self.index)
            if index and int(index[1]) < len(self.lengths):
                self._strike(self.rich.get(int(index[1])))
                self.characters += self.lengths[int(index[1])]
                self._bound(self.characters // 32, lambda: message("times 32 characters of text"))
        elif self.in_string and tag.rpartition(":")[2] == "si":
            self.in_string = False

    def _end_run(self, tag: str) -> None:
        """Note a text that is struck out in part, where it ends."""
        if tag == "r" and self.run is not None:
            self.runs.append((self.run_struck, self.run))
            self.run = None
        elif tag in {"si", "is"}:
            if any(struck for struck, _ in self.runs):
                holds, gone = (
                    "".join(one for s, one in self.runs if s is is_struck) for is_struck in (False, True)
                )
                if tag == "si":
                    self.rich[len(self.lengths) - 1] = (holds.strip(), gone)
                else:
                    self._strike((holds.strip(), gone))
            self.runs = []

    def _strike(self, parts: tuple[str, str] | None) -> None:
        if parts and parts[0]:
            self.marks.partly_struck[self.row, self.column] = parts
        elif parts:
            self.marks.struck.add((self.row, self.column))

    def _hide(self, first: str, last: str) -> None:
        if first.isdecimal() and last.isdecimal() and len(last) <= len(str(MAX_COLUMNS)):
            self.marks.hidden_columns.update(range(int(first) - 1, min(int(last), MAX_COLUMNS)))

    def _end_formula(self, tag: str) -> None:
        """Note a formula whose cell ends without a value."""
        if tag == "f":
            self.in_formula = False
        elif tag == "c" and self.formula:
            if len(self.marks.formulas) < _MAX_FAILED:
                self.marks.formulas[self.row, self.column] = self.formula[:40]
            self.formula = ""

    def _text(self, text: str) -> None:
        if self.run is not None:
            self.run += text
        if self.in_formula:
            self.formula += text if self.formula else ""
        elif self.in_result and text.strip():
            self.formula, self.in_result = "", False
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
            self._bound(
                height * width,
                lambda: message("cells ({height:,} rows, {width:,} columns)", height=height, width=width),
            )

    def _bound(self, n: int, what: Callable[[], str]) -> None:
        """Refuse what is too large; the words are written only then, since every cell asks."""
        if n > MAX_CELLS:
            reason = message(
                "a sheet spans {n:,} {what}; copy the used cells into a new workbook", n=n, what=what()
            )
            _refuse(self.name, reason)


def _column(letters: str) -> int:
    """Position of a column from its letters, counted from 0."""
    position = -1
    for letter in letters.upper():
        position = (position + 1) * 26 + ord(letter) - ord("A")
    return position
