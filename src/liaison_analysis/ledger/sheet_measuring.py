"""How large a sheet's block of cells is, and marks of its cells, measured while its XML is streamed."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final
from xml.parsers import expat

from liaison_analysis._messages import message
from liaison_analysis.errors import LedgerError
from liaison_analysis.ledger.formulas import shifted
from liaison_analysis.ledger.workbook_parts import REFERENCE, TRUE, column_position

if TYPE_CHECKING:
    from array import array
    from collections.abc import Callable

#: A worksheet's limits (ECMA-376 as Excel implements it).
MAX_ROWS: Final = 1_048_576
MAX_COLUMNS: Final = 16_384
MAX_CELL: Final = 32_767
#: Cells of one sheet, blank ones between filled ones counted: a full sheet of nineteen columns.
MAX_CELLS: Final = 20_000_000
#: Characters of all cells of one sheet, a text counted as often as it stands there.
MAX_CHARACTERS: Final = 32 * MAX_CELLS
_NUMBER: Final = re.compile(r"0*([0-9]{1,7})")
#: Most failed formulas reported of one file: more of them are one mistake, copied down.
_MAX_FAILED: Final = 10_000
#: Characters that are kept of a formula without a value (the most that Excel takes).
_LONGEST_FORMULA: Final = 8_192


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
    colours
        Colours of the cells of a row, by row.
    """

    failed: dict[tuple[int, int], str] = field(default_factory=dict)
    formulas: dict[tuple[int, int], str] = field(default_factory=dict)
    struck: set[tuple[int, int]] = field(default_factory=set)
    partly_struck: dict[tuple[int, int], tuple[str, str]] = field(default_factory=dict)
    hidden_rows: set[int] = field(default_factory=set)
    hidden_columns: set[int] = field(default_factory=set)
    colours: dict[int, set[str]] = field(default_factory=dict)

    def __bool__(self) -> bool:
        """Whether anything was found."""
        seen = self.hidden_rows or self.hidden_columns or self.colours
        return bool(self.failed or self.formulas or self.struck or self.partly_struck or seen)


class SheetMeasure:
    """Size of a sheet's block of cells, measured while its XML is streamed.

    ``lengths`` holds the length of every shared string, ``rich`` the valid and the struck-out text of those
    that are struck out in part; the part that defines them fills both.
    """

    def __init__(
        self,
        lengths: array[int],
        name: str,
        styles: tuple[frozenset[str], dict[str, str]],
        rich: dict[int, tuple[str, str]],
    ) -> None:
        self.lengths, self.name, self.rich = lengths, name, rich
        self.struck_styles, self.colours = styles
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
        self.shared_formulas: dict[str, tuple[int, int, str]] = {}  # the first of each, and its place
        self.shared_as: str | None = None
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
        raise LedgerError.of_file(
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
            if self.colours and (colour := self.colours.get(attributes.get("s", ""))):
                self.marks.colours.setdefault(self.row, set()).add(colour)
            self.formula, self.gives_text = "", kind == "str"
        elif tag == "f":
            # A formula that gives a text may give an empty one.
            self.in_formula, self.formula = True, "" if self.gives_text else "="
            self.shared_as = attributes.get("si") if attributes.get("t") == "shared" else None
            self._filled()
        elif tag in {"v", "is"}:
            self.in_result = bool(self.formula)
            if self.struck:
                self.marks.struck.add((self.row, self.column))
            self.in_value, self.index = tag == "v" and (self.shared or self.fails), ""
            self._filled()
        elif tag == "row":
            self.row, self.column = self._row(attributes.get("r")), -1
            if attributes.get("hidden") in TRUE:
                self.marks.hidden_rows.add(self.row)
        elif tag == "r":
            self.run, self.run_struck = "", False
        elif tag == "strike":
            self.run_struck = attributes.get("val", "1") in TRUE
        elif tag == "col" and attributes.get("hidden") in TRUE:
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
            if self.shared_as is not None and self.formula:
                self._share(self.shared_as)
        elif tag == "c" and self.formula:
            if len(self.marks.formulas) < _MAX_FAILED:
                self.marks.formulas[self.row, self.column] = self.formula[:_LONGEST_FORMULA]
            self.formula = ""

    def _share(self, index: str) -> None:
        """Keep a formula that cells below share, or write out the one that this cell shares."""
        if self.formula != "=":
            self.shared_formulas[index] = (self.row, self.column, self.formula[:_LONGEST_FORMULA])
        elif index in self.shared_formulas:
            row, column, formula = self.shared_formulas[index]
            self.formula = shifted(formula, self.row - row, self.column - column)

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
            raise LedgerError.of_file(
                self.name,
                message(
                    "is damaged (row {written!r} of a sheet); save it again in Excel", written=written[:20]
                ),
            )
        return int(number[1]) - 1

    def _place(self, written: str | None) -> None:
        if written is None:
            self.column += 1
        elif reference := REFERENCE.fullmatch(written):
            letters, row = reference.groups()
            if letters not in self.places:
                self.places[letters] = column_position(letters)
            self.row, self.column = int(row) - 1, self.places[letters]
        else:
            self.row = MAX_ROWS
        if not (0 <= self.row < MAX_ROWS and self.column < MAX_COLUMNS):
            raise LedgerError.of_file(
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
            raise LedgerError.of_file(self.name, reason)
