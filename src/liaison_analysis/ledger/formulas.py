"""Values of formulas that a file holds without their result, as programs write them.

Excel and WPS keep the result of a formula beside it; other programs leave it to whoever opens the file. What
follows from cells of the same file is computed here: numbering (=ROW()-2, =A3+1), references (=B2, =表!B2),
days (=C2+15), texts (=B2&C2, =TEXT(C2,"m月d日")), conditions and look-ups. What does not, such as =TODAY(),
stays without a value.
"""

from __future__ import annotations

import datetime as dt
import math
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from liaison_analysis.ledger.cells import Place, column_letters
from liaison_analysis.ledger.formula_functions import FUNCTIONS
from liaison_analysis.ledger.formula_values import (
    CellError,
    Converter,
    Range,
    UncomputedError,
    compared,
    is_day_text,
    text_of,
)
from liaison_analysis.ledger.workbook_parts import column_position

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence


# Formulas that lead to others one within the other, characters of one, and cells of a range that is looked
# through: longer ones are no numbering and no reference (judgement).
_DEEPEST: Final = 40
_LONGEST: Final = 1_000
_MOST_CELLS: Final = 20_000
_SHEET: Final = r"(?:'((?:[^']|'')+)'|([\w.\u4e00-\u9fff]+))!"
_CELL: Final = r"\$?([A-Za-z]{1,3})\$?(\d{1,7})"
_TOKEN: Final = re.compile(
    rf"""\s*(?:
    (?P<number>\d+(?:\.\d*)?(?:[eE][+-]?\d+)?|\.\d+)(?![\w:]) |
    "(?P<text>(?:[^"]|"")*)" |
    (?P<range>(?:{_SHEET})?{_CELL}:{_CELL}(?![\w(])) |
    (?P<columns>(?:{_SHEET})?\$?([A-Za-z]{{1,3}}):\$?([A-Za-z]{{1,3}})(?![\w(])) |
    (?P<cell>(?:{_SHEET})?{_CELL}(?![\w(!])) |
    (?P<name>[A-Za-z_][\w.]*)\s*\( |
    (?P<word>TRUE|FALSE)(?!\w) |
    (?P<sign><>|<=|>=|[-+*/^&=<>%(),;])
    )""",
    re.VERBOSE | re.IGNORECASE,
)
_SHIFTED: Final = re.compile(r'"(?:[^"]|"")*"|(?<![A-Za-z0-9_.])(\$?)([A-Za-z]{1,3})(\$?)(\d{1,7})(?![\w(!])')


def shifted(formula: str, rows: int, columns: int) -> str:
    """Write a formula as it reads when it is copied so many rows down and columns to the right.

    Examples
    --------
    >>> shifted('=A3+$B$1&"A3"', 2, 1)
    '=B5+$B$1&"A3"'
    """

    def moved(found: re.Match[str]) -> str:
        if found[2] is None:
            return found[0]
        column = column_position(found[2]) + (0 if found[1] else columns)
        row = int(found[4]) + (0 if found[3] else rows)
        return f"{found[1]}{column_letters(column)}{found[3]}{row}" if min(column, row - 1) >= 0 else "#REF!"

    return _SHIFTED.sub(moved, formula)


@dataclass
class Formulas:
    """Formulas of a workbook that have no value, with the cells that they may refer to.

    Attributes
    ----------
    rows
        Values of every sheet by its name: texts, numbers, days, or None.
    formulas
        Formulas without a value by sheet and place, as Excel shows them.
    mac
        Whether days count from 1904.
    """

    rows: Mapping[str, Sequence[Sequence[Any]]]
    formulas: Mapping[str, Mapping[Place, str]]
    mac: bool = False
    _known: dict[tuple[str, Place], Any] = field(default_factory=dict)
    _open: set[tuple[str, Place]] = field(default_factory=set)

    def computed(self, sheet: str) -> dict[Place, Any]:
        """Values of the formulas of a sheet that follow from the file's own cells, by place.

        Examples
        --------
        >>> rows = {"台账": [["序号", "企业"], [1.0, "甲"], [None, None], [None, "乙"]]}
        >>> formulas = {"台账": {(2, 0): "=A2+1", (3, 0): "=A3+1", (2, 1): "=B4", (3, 2): "=TODAY()"}}
        >>> Formulas(rows, formulas).computed("台账")
        {(2, 0): 2.0, (2, 1): '乙', (3, 0): 3.0}
        """
        values = {}
        for place in sorted(self.formulas.get(sheet, ())):
            try:
                value = self.value(sheet, place)
            except (UncomputedError, RecursionError):
                continue
            values[place] = "" if value is None else value
        return values

    def value(self, sheet: str, place: Place) -> Any:
        """Value of a cell.

        Raises
        ------
        UncomputedError
            It is a formula whose value does not follow from the file's own cells.
        """
        formula = self.formulas.get(sheet, {}).get(place)
        if formula is None:
            rows = self.rows[sheet]
            row, column = place
            value = rows[row][column] if row < len(rows) and column < len(rows[row]) else None
            if isinstance(value, str) and value.startswith("#") and value.endswith(("!", "?", "/A")):
                raise CellError(value)
            return None if value == "" else value
        key = (sheet, place)
        if key not in self._known:
            if key in self._open or len(self._open) >= _DEEPEST or not 1 < len(formula) <= _LONGEST:
                raise UncomputedError(formula)
            self._open.add(key)
            try:
                self._known[key] = _Parser(formula.removeprefix("="), self, sheet, place).result()
            finally:
                self._open.discard(key)
        return self._known[key]


class _Parser:
    """Compute one formula while it is read (recursive descent)."""

    def __init__(self, text: str, book: Formulas, sheet: str, place: Place) -> None:
        self.book, self.sheet, self.place = book, sheet, place
        self.convert = Converter(book.mac)
        self.tokens = list(_tokens(text))
        self.at = 0

    def result(self) -> Any:
        value = self._comparison()
        if self.at < len(self.tokens):
            raise UncomputedError
        if isinstance(value, Range):
            raise UncomputedError
        return value

    def _next(self, *signs: str) -> str:
        kind, token = self.tokens[self.at] if self.at < len(self.tokens) else ("", "")
        if kind == "sign" and token[0] in signs:
            self.at += 1
            return str(token[0])
        return ""

    def _comparison(self) -> Any:
        left = self._joined()
        while sign := self._next("=", "<>", "<=", ">=", "<", ">"):
            left = compared(sign, left, self._joined(), self.convert)
        return left

    def _joined(self) -> Any:
        left = self._sum()
        while self._next("&"):
            left = text_of(left) + text_of(self._sum())
        return left

    def _sum(self) -> Any:
        left = self._product()
        while sign := self._next("+", "-"):
            right = self._product()
            total = self.convert.number(left) + (1 if sign == "+" else -1) * self.convert.number(right)
            days = [isinstance(one, dt.date) or is_day_text(one) for one in (left, right)]
            left = self.convert.day(total) if days[0] != days[1] else total
        return left

    def _product(self) -> Any:
        left = self._power()
        while sign := self._next("*", "/"):
            right = self.convert.number(self._power())
            if sign == "/" and not right:
                raise CellError("#DIV/0!")
            left = self.convert.number(left) * (right if sign == "*" else 1 / right)
        return left

    def _power(self) -> Any:
        left = self._signed()
        while self._next("^"):
            try:
                left = math.pow(self.convert.number(left), self.convert.number(self._signed()))
            except (OverflowError, ValueError, ZeroDivisionError) as error:
                raise CellError("#NUM!") from error
        return left

    def _signed(self) -> Any:
        if self._next("-"):
            return -self.convert.number(self._signed())
        if self._next("+"):
            return self._signed()
        value = self._primary()
        while self._next("%"):
            value = self.convert.number(value) / 100
        return value

    def _primary(self) -> Any:
        if self.at >= len(self.tokens):
            raise UncomputedError
        kind, token = self.tokens[self.at]
        self.at += 1
        if kind == "number":
            return float(token[0])
        if kind == "text":
            return token[0].replace('""', '"')
        if kind == "word":
            return token[0].upper() == "TRUE"
        if kind == "cell":
            return self.book.value(self._sheet_of(token), _place(token[2], token[3]))
        if kind in {"range", "columns"}:
            return self._range(kind, token)
        if kind == "name":
            return self._function(token[0].upper().rpartition(".")[2])
        if token[0] == "(":
            value = self._comparison()
            if not self._next(")"):
                raise UncomputedError
            return value
        raise UncomputedError

    def _sheet_of(self, token: Sequence[str]) -> str:
        name = (token[0] or "").replace("''", "'") or token[1] or self.sheet
        if name not in self.book.rows:
            raise UncomputedError(name)
        return name

    def _range(self, kind: str, token: Sequence[str]) -> Range:
        sheet = self._sheet_of(token)
        height = len(self.book.rows[sheet])
        if kind == "columns":
            top, low = 0, height - 1
            left, right = column_position(token[2]), column_position(token[3])
        else:
            (top, left), (low, right) = _place(token[2], token[3]), _place(token[4], token[5])
            # Cells below the last filled one are blank.
            low = min(low, max(height - 1, top))
        if (low - top + 1) * (right - left + 1) > _MOST_CELLS:
            raise UncomputedError
        book = self.book
        rows = range(top, low + 1)
        return Range([[book.value(sheet, (i, j)) for j in range(left, right + 1)] for i in rows])

    def _function(self, name: str) -> Any:
        """Value of a function whose name and opening bracket have been read."""
        if name in {"ROW", "COLUMN"}:
            return self._position(name)
        arguments = self._arguments(catches=name in {"IF", "IFERROR", "IFNA"})
        if name not in FUNCTIONS:
            raise UncomputedError(name)
        try:
            value = FUNCTIONS[name](self.convert, *arguments)
        except (TypeError, ValueError, OverflowError, IndexError, AttributeError, KeyError) as error:
            raise UncomputedError(name) from error
        if isinstance(value, CellError):
            raise value
        return value

    def _arguments(self, *, catches: bool) -> list[Any]:
        """Values of a function's arguments, errors too where it catches them."""
        arguments: list[Any] = []
        if self._next(")"):
            return arguments
        while True:
            blank = self.at < len(self.tokens) and self.tokens[self.at] in _ENDS
            try:
                arguments.append(None if blank else self._comparison())
            except CellError as error:
                if not catches:
                    raise
                arguments.append(error)
                self._skip()
            if self._next(")"):
                return arguments
            if not self._next(",", ";"):
                raise UncomputedError

    def _skip(self) -> None:
        """Go on behind an argument that is an error."""
        depth = 0
        while self.at < len(self.tokens):
            kind, token = self.tokens[self.at]
            opens, closes = kind == "name" or token[0] == "(", kind == "sign" and token[0] == ")"
            if depth == 0 and (closes or (kind == "sign" and token[0] in {",", ";"})):
                return
            depth += opens - closes
            self.at += 1

    def _position(self, name: str) -> float:
        place = self.place
        if not self._next(")"):
            kind, token = self.tokens[self.at] if self.at < len(self.tokens) else ("", ("",))
            self.at += 1
            if kind not in {"cell", "range"} or not self._next(")"):
                raise UncomputedError
            place = _place(token[2], token[3])
        return float(place[name == "COLUMN"] + 1)


_ENDS: Final = [("sign", (one,)) for one in (",", ";", ")")]


def _tokens(text: str) -> Iterator[tuple[str, tuple[str, ...]]]:
    at, text = 0, text.rstrip()
    while at < len(text):
        found = _TOKEN.match(text, at)
        if not found or found.end() == at:
            raise UncomputedError(text)
        kind = str(found.lastgroup)
        groups = found.groupdict()
        kind = next(one for one, value in groups.items() if value is not None)
        if kind in {"cell", "range", "columns"}:
            start = found.re.groupindex[kind]
            end = start + {"cell": 4, "range": 6, "columns": 4}[kind]
            yield kind, tuple(one or "" for one in found.groups()[start:end])
        else:
            yield kind, (groups[kind],)
        at = found.end()


def _place(letters: str, row: str) -> Place:
    return int(row) - 1, column_position(letters)
