"""Read XML spreadsheets of 2003 (SpreadsheetML), which WPS and systems of authorities export."""

from __future__ import annotations

import contextlib
import datetime as dt
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final
from xml.parsers import expat

from liaison_analysis._messages import message
from liaison_analysis.errors import LedgerError
from liaison_analysis.ledger.cells import Place, column_letters, one_line
from liaison_analysis.ledger.sheet_measuring import MAX_CELLS, MAX_COLUMNS, MAX_ROWS
from liaison_analysis.ledger.text_reading import decoded

if TYPE_CHECKING:
    from liaison_analysis.ledger.sheets import Merge

#: Namespace of such files.
NAMESPACE: Final = "urn:schemas-microsoft-com:office:spreadsheet"
_HTML: Final = "http://www.w3.org/TR/REC-html40"
_DECLARED: Final = re.compile(r"^\s*<\?xml[^>]*\?>")
_MOST_MERGED: Final = 100_000
_RUN: Final = frozenset({"S", "Del"})
_PLAIN_COLOURS: Final = frozenset({"000000", "ffffff"})
# A cell of a formula, seen from its own: R[-1]C, RC[2], R3C4.
_RELATIVE: Final = re.compile(r"(?<![A-Za-z0-9_.'])R(\[-?\d+\]|\d+)?C(\[-?\d+\]|\d+)?(?![A-Za-z0-9_(])")


@dataclass
class XmlSheet:
    """One worksheet of an XML spreadsheet; places are rows and columns counted from 0."""

    name: str
    hidden: bool = False
    cells: dict[int, dict[int, Any]] = field(default_factory=dict)
    merged: list[Merge] = field(default_factory=list)
    struck: set[Place] = field(default_factory=set)
    partly_struck: dict[Place, tuple[str, str]] = field(default_factory=dict)
    comments: dict[Place, str] = field(default_factory=dict)
    formulas: dict[Place, str] = field(default_factory=dict)
    hidden_rows: set[int] = field(default_factory=set)
    hidden_columns: set[int] = field(default_factory=set)
    colours: dict[int, set[str]] = field(default_factory=dict)

    def rows(self) -> list[list[Any]]:
        """Values of all rows from the first on; blank cells are None."""
        height = max(self.cells, default=-1) + 1
        rows: list[list[Any]] = []
        for i in range(height):
            row = self.cells.get(i, {})
            rows.append([row.get(j) for j in range(max(row, default=-1) + 1)])
        return rows


def is_xml_spreadsheet(data: bytes) -> bool:
    """Whether a file is an XML spreadsheet of 2003, whatever its suffix.

    Examples
    --------
    >>> is_xml_spreadsheet(b'<Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet">')
    True
    >>> is_xml_spreadsheet(b"<html><table></table></html>")
    False
    """
    head = data[:8192]
    if head.startswith((b"PK", b"\xd0\xcf\x11\xe0")):
        return False
    return NAMESPACE.encode() in head.replace(b"\0", b"") and b"Workbook" in head.replace(b"\0", b"")


def xml_sheets(data: bytes, name: str) -> tuple[list[XmlSheet], bool]:
    """Worksheets of an XML spreadsheet, and whether its days count from 1904.

    Parameters
    ----------
    data
        The whole file.
    name
        What to call it in an error.

    Raises
    ------
    LedgerError
        The file is damaged, too large, or defines entities.
    """
    text = _DECLARED.sub("", decoded(data, name).lstrip("\ufeff"), count=1)
    reader = _Reader(name)
    try:
        reader.parser.Parse(text.encode(), True)  # noqa: FBT003 - expat's own way
    except expat.ExpatError as error:
        reason = message("is damaged ({why}); open it in Excel and save it again", why=one_line(error))
        raise LedgerError.of_file(name, reason) from error
    return reader.sheets, reader.mac


class _Reader:
    """State while the file is parsed."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.sheets: list[XmlSheet] = []
        self.mac = False
        self.row, self.column, self.next_column, self.row_span = -1, -1, 0, 0
        self.styles: dict[str, tuple[bool, str]] = {}
        self.style = ""
        self.row_style = self.cell_style = self.kind = ""
        self.texts: list[tuple[bool, str]] | None = None
        self.struck_depth = 0
        self.in_comment = self.wants_text = False
        self.n_cells = 0
        self.about = ""
        self.parser = expat.ParserCreate("utf-8", " ")
        self.parser.buffer_text = True
        self.parser.StartElementHandler = self._start
        self.parser.EndElementHandler = self._end
        self.parser.CharacterDataHandler = self._text
        self.parser.StartDoctypeDeclHandler = self._doctype

    def _doctype(self, *_: object) -> None:
        reason = message("defines XML entities, which office programs never do; save it as .xlsx")
        raise LedgerError.of_file(self.name, reason)

    def _start(self, tag: str, attributes: dict[str, str]) -> None:  # noqa: C901 - one branch a tag
        space, _, tag = tag.rpartition(" ")
        about = {key.rpartition(" ")[2]: value for key, value in attributes.items()}
        if space == _HTML:
            self.struck_depth += tag in _RUN
            return
        match tag:
            case "Style":
                self.style = about.get("ID", "")
                parent = self.styles.get(about.get("Parent", ""), (False, ""))
                self.styles[self.style] = parent
            case "Font" if self.style:
                struck, colour = self.styles[self.style]
                struck = about.get("StrikeThrough", "0") == "1" or struck
                self.styles[self.style] = (struck, colour or _colour(about.get("Color", "")))
            case "Interior" if self.style:
                struck, colour = self.styles[self.style]
                self.styles[self.style] = (struck, _colour(about.get("Color", "")) or colour)
            case "Worksheet":
                self.sheets.append(XmlSheet(one_line(about.get("Name", ""))))
                self.row, self.column, self.next_column, self.row_span = -1, -1, 0, 0
            case "Column" if self.sheets:
                self._column(about)
            case "Row" if self.sheets:
                self.row = self._at(about.get("Index"), self.row + self.row_span + 1, MAX_ROWS)
                self.row_span = _whole(about.get("Span"))
                self.column, self.next_column = -1, 0
                self.row_style = about.get("StyleID", "")
                if about.get("Hidden") == "1":
                    self.sheets[-1].hidden_rows.add(self.row)
            case "Cell" if self.sheets and self.row >= 0:
                self._cell(about)
            case "Comment" if self.sheets:
                self.in_comment, self.texts = True, []
            case "Data" if self.sheets and not self.in_comment and self.column >= 0:
                self.kind, self.texts = about.get("Type", "String"), []
            case "Visible" | "Date1904":
                self.about = tag
                self.wants_text = tag == "Visible"
                self.mac = self.mac or tag == "Date1904"

    def _column(self, about: dict[str, str]) -> None:
        """Note whether columns are hidden."""
        first = self._at(about.get("Index"), self.next_column, MAX_COLUMNS)
        span = min(_whole(about.get("Span")), MAX_COLUMNS - first - 1)
        self.next_column = first + span + 1
        for j in range(first, first + span + 1):
            if about.get("Hidden") == "1":
                self.sheets[-1].hidden_columns.add(j)

    def _cell(self, about: dict[str, str]) -> None:
        """Begin a cell: its place, merged range, style and formula."""
        self.column = self._at(about.get("Index"), self.next_column, MAX_COLUMNS)
        high, wide = _whole(about.get("MergeDown")), _whole(about.get("MergeAcross"))
        self.next_column = self.column + wide + 1
        sheet = self.sheets[-1]
        if (high or wide) and len(sheet.merged) < _MOST_MERGED:
            low, right = min(self.row + high, MAX_ROWS), min(self.column + wide, MAX_COLUMNS)
            sheet.merged.append((self.row, self.column, low, right))
        self.cell_style = about.get("StyleID", self.row_style)
        if formula := about.get("Formula", ""):
            sheet.formulas[self.row, self.column] = _from_here(formula, self.row, self.column)
        colour = self.styles.get(self.cell_style, (False, ""))[1]
        if colour:
            sheet.colours.setdefault(self.row, set()).add(colour)

    def _text(self, text: str) -> None:
        if self.texts is not None:
            self.texts.append((self.struck_depth > 0, text))
        elif self.wants_text and self.about == "Visible" and self.sheets:
            self.sheets[-1].hidden |= "Hidden" in text

    def _end(self, tag: str) -> None:
        space, _, tag = tag.rpartition(" ")
        if space == _HTML:
            self.struck_depth -= tag in _RUN
        elif tag == "Style":
            self.style = ""
        elif tag == "Visible":
            self.wants_text = False
        elif tag == "Comment" and self.sheets and self.row >= 0 and self.texts is not None:
            text = "".join(one for _, one in self.texts)
            if text.strip():
                self.sheets[-1].comments[self.row, max(self.column, 0)] = text
            self.in_comment, self.texts = False, None
        elif tag == "Data" and not self.in_comment and self.texts is not None:
            self._value(self.texts)
            self.texts = None

    def _value(self, texts: list[tuple[bool, str]]) -> None:
        """Put the value of a cell into its place."""
        sheet, place = self.sheets[-1], (self.row, self.column)
        text = "".join(one for _, one in texts)
        sheet.formulas.pop(place, None)
        if not text.strip():
            return
        self.n_cells += 1
        if self.n_cells > MAX_CELLS:
            reason = message("holds more than {n:,} cells; split the table", n=MAX_CELLS)
            raise LedgerError.of_file(self.name, reason)
        value: Any = _typed(text, self.kind)
        if self.styles.get(self.cell_style, (False, ""))[0]:
            sheet.struck.add(place)
        elif any(struck and one.strip() for struck, one in texts):
            holds = "".join(one for struck, one in texts if not struck).strip()
            if holds:
                value = holds
                sheet.partly_struck[place] = (holds, "".join(one for struck, one in texts if struck))
            else:
                sheet.struck.add(place)
        sheet.cells.setdefault(self.row, {})[self.column] = value

    def _at(self, written: str | None, following: int, most: int) -> int:
        """Position that an index gives, counted from 0, or else the following one."""
        at = following
        if written is not None:
            with contextlib.suppress(ValueError):
                at = int(written) - 1
        if not 0 <= at < most:
            reason = message(
                "is damaged (cell {written!r} of a sheet); save it again in Excel",
                written=str(written or at)[:20],
            )
            raise LedgerError.of_file(self.name, reason)
        return at


def _typed(text: str, kind: str) -> Any:
    """Value of a cell by the type that is written beside it; text where it does not fit."""
    with contextlib.suppress(ValueError):
        if kind == "Number":
            return float(text)
        if kind == "DateTime":
            return dt.datetime.fromisoformat(text.strip())
        if kind == "Boolean":
            return text.strip() in {"1", "true"}
    return text


def _whole(written: str | None) -> int:
    """Whole number of an attribute; 0 where it is none."""
    return int(written) if written and written.isdecimal() and len(written) < 8 else 0


def _colour(written: str) -> str:
    """Colour in six hexadecimal digits; blank for black and white."""
    colour = written.removeprefix("#").lower()
    return "" if colour in _PLAIN_COLOURS or len(colour) != len("ffffff") else colour


def _from_here(formula: str, row: int, column: int) -> str:
    """Write a formula with cells by letters and numbers, as Excel shows it."""

    def cell(found: re.Match[str]) -> str:
        at = []
        for written, here in zip(found.groups(), (row, column), strict=True):
            if written is None:
                at.append(here)
            else:
                at.append(here + int(written[1:-1]) if written[0] == "[" else int(written) - 1)
        return f"{column_letters(at[1])}{at[0] + 1}" if min(at) >= 0 else "#REF!"

    parts = re.split(r'("(?:[^"]|"")*")', formula)  # texts stay as they are
    return "".join(part if part.startswith('"') else _RELATIVE.sub(cell, part) for part in parts)
