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

from liaison_analysis.ledger.cells import cell_text, column_letters
from liaison_analysis.ledger.workbook_parts import column_position

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from liaison_analysis.ledger.sheets import Place

_EPOCH: Final = dt.datetime(1899, 12, 30)  # noqa: DTZ001 - a spreadsheet's days have no time zone
_MAC_EPOCH: Final = dt.datetime(1904, 1, 1)  # noqa: DTZ001
# Formulas that lead to others one within the other, characters of one, and cells of a range that is looked
# through: longer ones are no numbering and no reference (judgement).
_DEEPEST: Final = 40
_LONGEST: Final = 1_000
_MOST_CELLS: Final = 20_000
_LAST_SERIAL: Final = 2_958_465  # 31 December 9999
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
_DATE_PARTS: Final = re.compile(r'yyyy|yy|mmmm|mm|m|dd|d|"[^"]*"|\\.', re.IGNORECASE)
_SHIFTED: Final = re.compile(r'"(?:[^"]|"")*"|(?<![A-Za-z0-9_.])(\$?)([A-Za-z]{1,3})(\$?)(\d{1,7})(?![\w(!])')


class UncomputedError(Exception):
    """A formula whose value does not follow from the file's own cells."""


class _CellError(UncomputedError):
    """A formula that Excel answers with an error, such as #DIV/0!."""


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
                raise _CellError(value)
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

    def number(self, value: Any) -> float:
        """Give the number of a value, as Excel computes with it."""
        if value is None:
            return 0.0
        if isinstance(value, bool | int | float):
            return float(value)
        if isinstance(value, dt.datetime):
            return (value - (_MAC_EPOCH if self.mac else _EPOCH)) / dt.timedelta(days=1)
        if isinstance(value, dt.date):
            return self.number(dt.datetime(value.year, value.month, value.day))  # noqa: DTZ001
        try:
            return float(str(value))
        except ValueError:
            return self.number(self.day(value))

    def day(self, value: Any) -> dt.datetime:
        """Day of a value."""
        if isinstance(value, dt.datetime):
            return value
        if isinstance(value, dt.date):
            return dt.datetime(value.year, value.month, value.day)  # noqa: DTZ001
        if isinstance(value, str):
            found = re.fullmatch(r"\s*(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*日?\s*", value)
            if not found:
                raise _CellError("#VALUE!")
            try:
                return dt.datetime(*map(int, found.groups()))  # noqa: DTZ001
            except ValueError as error:
                raise _CellError("#VALUE!") from error
        serial = self.number(value)
        if not 0 <= serial <= _LAST_SERIAL:
            raise _CellError("#NUM!")
        return (_MAC_EPOCH if self.mac else _EPOCH) + dt.timedelta(days=serial)


class _Range(list[list[Any]]):
    """Values of a range of cells, row by row."""

    def flat(self) -> list[Any]:
        return [value for row in self for value in row]


class _Parser:
    """Compute one formula while it is read (recursive descent)."""

    def __init__(self, text: str, book: Formulas, sheet: str, place: Place) -> None:
        self.book, self.sheet, self.place = book, sheet, place
        self.tokens = list(_tokens(text))
        self.at = 0

    def result(self) -> Any:
        value = self._comparison()
        if self.at < len(self.tokens):
            raise UncomputedError
        if isinstance(value, _Range):
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
            left = _compared(sign, left, self._joined(), self.book)
        return left

    def _joined(self) -> Any:
        left = self._sum()
        while self._next("&"):
            left = _text(left) + _text(self._sum())
        return left

    def _sum(self) -> Any:
        left = self._product()
        while sign := self._next("+", "-"):
            right = self._product()
            total = self.book.number(left) + (1 if sign == "+" else -1) * self.book.number(right)
            days = [isinstance(one, dt.date) or _is_day_text(one) for one in (left, right)]
            left = self.book.day(total) if days[0] != days[1] else total
        return left

    def _product(self) -> Any:
        left = self._power()
        while sign := self._next("*", "/"):
            right = self.book.number(self._power())
            if sign == "/" and not right:
                raise _CellError("#DIV/0!")
            left = self.book.number(left) * (right if sign == "*" else 1 / right)
        return left

    def _power(self) -> Any:
        left = self._signed()
        while self._next("^"):
            try:
                left = math.pow(self.book.number(left), self.book.number(self._signed()))
            except (OverflowError, ValueError, ZeroDivisionError) as error:
                raise _CellError("#NUM!") from error
        return left

    def _signed(self) -> Any:
        if self._next("-"):
            return -self.book.number(self._signed())
        if self._next("+"):
            return self._signed()
        value = self._primary()
        while self._next("%"):
            value = self.book.number(value) / 100
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

    def _range(self, kind: str, token: Sequence[str]) -> _Range:
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
        return _Range([[book.value(sheet, (i, j)) for j in range(left, right + 1)] for i in rows])

    def _function(self, name: str) -> Any:
        """Value of a function whose name and opening bracket have been read."""
        if name in {"ROW", "COLUMN"}:
            return self._position(name)
        arguments = self._arguments(catches=name in {"IF", "IFERROR", "IFNA"})
        if name not in _FUNCTIONS:
            raise UncomputedError(name)
        try:
            value = _FUNCTIONS[name](self.book, *arguments)
        except (TypeError, ValueError, OverflowError, IndexError, AttributeError, KeyError) as error:
            raise UncomputedError(name) from error
        if isinstance(value, _CellError):
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
            except _CellError as error:
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


def _is_day_text(value: Any) -> bool:
    return isinstance(value, str) and bool(re.fullmatch(r"\s*\d{4}\s*[-/.年].*\d日?\s*", value))


def _text(value: Any) -> str:
    if isinstance(value, _Range):
        raise UncomputedError
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, dt.date):  # joined to a text, Excel shows the serial number
        value = Formulas({}, {}).number(value)
    return cell_text(value)


def _compared(sign: str, left: Any, right: Any, book: Formulas) -> bool:
    if isinstance(left, str) or isinstance(right, str):
        a, b = (("" if one is None else one) for one in (left, right))
        if not (isinstance(a, str) and isinstance(b, str)):
            if sign in {"=", "<>"}:
                return sign == "<>"
            raise UncomputedError
        first, second = a.casefold(), b.casefold()
    else:
        first, second = book.number(left), book.number(right)  # type: ignore[assignment]
    return {
        "=": first == second, "<>": first != second, "<": first < second,
        ">": first > second, "<=": first <= second, ">=": first >= second,
    }[sign]  # fmt: skip


def _flat(arguments: Sequence[Any]) -> list[Any]:
    return [v for one in arguments for v in (one.flat() if isinstance(one, _Range) else [one])]


def _numbers(book: Formulas, arguments: Sequence[Any]) -> list[float]:
    return [book.number(v) for v in _flat(arguments) if v is not None and not isinstance(v, str | bool)]


def _formatted(book: Formulas, value: Any, code: str) -> str:
    """Text of a value by a number format."""
    plain = code in {"General", "G/通用格式"} or (isinstance(value, str) and not _is_number(value))
    if code == "@" or (plain and not _is_day_text(value)):
        return _text(value)
    if re.search(r"[yd]|m", code, re.IGNORECASE):
        day = book.day(value if isinstance(value, dt.date) or _is_day_text(value) else book.number(value))
        forms = {
            "yyyy": f"{day.year:04}", "yy": f"{day.year % 100:02}", "mm": f"{day.month:02}",
            "m": str(day.month), "dd": f"{day.day:02}", "d": str(day.day),
        }  # fmt: skip

        def part(found: re.Match[str]) -> str:
            word = found[0]
            if word[0] in {'"', "\\"}:
                return word.strip('"') if word[0] == '"' else word[1:]
            if word.lower() not in forms:
                raise UncomputedError(code)
            return forms[word.lower()]

        written = _DATE_PARTS.sub(part, code)
        if re.search(r"[hs\[]", code, re.IGNORECASE):
            raise UncomputedError(code)
        return written
    found = re.fullmatch(r"([^0#]*)(0+)(?:\.(0+))?([^0#]*)", code)
    if not found:
        raise UncomputedError(code)
    before, whole, decimals, after = found.groups(default="")
    number = book.number(value) * (100 if "%" in after else 1)
    wide = len(whole) + (len(decimals) + 1 if decimals else 0)
    return f"{before}{number:0{wide}.{len(decimals)}f}{after}".replace('"', "").replace("\\", "")


def _is_number(value: str) -> bool:
    return bool(re.fullmatch(r"\s*[-+]?\d+(\.\d*)?\s*", value))


def _if(book: Formulas, test: Any, then: Any = True, other: Any = False) -> Any:  # noqa: FBT002 - as in Excel
    if isinstance(test, _CellError):
        return test
    if isinstance(test, str):
        raise UncomputedError
    return then if book.number(test) else other


def _matches(book: Formulas, value: Any, wanted: Any) -> bool:
    """Whether a value meets the criterion of COUNTIF."""
    if isinstance(wanted, str):
        found = re.match(r"(<>|<=|>=|<|>|=)?(.*)", wanted, re.DOTALL)
        sign, rest = (found[1] or "=", found[2]) if found else ("=", wanted)
        if re.search(r"[*?~]", rest):
            raise UncomputedError
        other: Any = float(rest) if _is_number(rest) else rest
        if isinstance(other, float) and isinstance(value, str) and _is_number(value):
            value = float(value)
        if value is None and isinstance(other, float):
            return sign == "<>"
        return _compared(sign, value, other, book)
    return value is not None and _compared("=", value, wanted, book)


def _subtotal(book: Formulas, kind: Any, *arguments: Any) -> Any:
    names = {1: "AVERAGE", 2: "COUNT", 3: "COUNTA", 4: "MAX", 5: "MIN", 9: "SUM"}
    return _FUNCTIONS[names.get(int(book.number(kind)) % 100, "")](book, *arguments)


def _lookup(book: Formulas, value: Any, table: _Range, column: Any, near: Any = True) -> Any:  # noqa: FBT002
    if book.number(near):
        raise UncomputedError
    row = next((row for row in table if row[0] is not None and _compared("=", row[0], value, book)), None)
    return _CellError("#N/A") if row is None else row[int(book.number(column)) - 1]


def _match(book: Formulas, value: Any, cells: _Range, kind: Any = 1) -> Any:
    if book.number(kind):
        raise UncomputedError
    flat = cells.flat()
    at = next((i for i, v in enumerate(flat) if v is not None and _compared("=", v, value, book)), None)
    return _CellError("#N/A") if at is None else float(at + 1)


def _index(book: Formulas, cells: _Range, row: Any, column: Any = None) -> Any:
    if column is None:
        return cells.flat()[int(book.number(row)) - 1]
    return cells[int(book.number(row)) - 1][int(book.number(column)) - 1]


def _xlookup(book: Formulas, value: Any, cells: _Range, results: _Range, other: Any = None) -> Any:
    at = _match(book, value, cells, 0)
    if isinstance(at, _CellError):
        return at if other is None else other
    return results.flat()[int(at) - 1]


def _date(book: Formulas, year: Any, month: Any, day: Any) -> dt.datetime:
    months = int(book.number(year)) * 12 + int(book.number(month)) - 1
    first = dt.datetime(months // 12, months % 12 + 1, 1)  # noqa: DTZ001
    return first + dt.timedelta(days=int(book.number(day)) - 1)


def _edate(book: Formulas, start: Any, months: Any) -> dt.datetime:
    day = book.day(start)
    ahead = day.year * 12 + day.month - 1 + int(book.number(months))
    first = dt.datetime(ahead // 12, ahead % 12 + 1, 1)  # noqa: DTZ001
    last = _date(book, first.year, first.month + 1, 0).day
    return first.replace(day=min(day.day, last))


def _mid(book: Formulas, text: Any, start: Any, n: Any) -> str:
    at = int(book.number(start)) - 1
    return _text(text)[at : at + int(book.number(n))]


def _right(book: Formulas, text: Any, n: Any = 1) -> str:
    wide = int(book.number(n))
    return _text(text)[-wide:] if wide else ""


_FUNCTIONS: Final[dict[str, Callable[..., Any]]] = {
    "IF": _if,
    "IFERROR": lambda _, value, other: other if isinstance(value, _CellError) else value,
    "IFNA": lambda _, value, other: other if isinstance(value, _CellError) else value,
    "AND": lambda book, *a: all(book.number(v) for v in _flat(a) if v is not None),
    "OR": lambda book, *a: any(book.number(v) for v in _flat(a) if v is not None),
    "NOT": lambda book, value: not book.number(value),
    "SUM": lambda book, *a: math.fsum(_numbers(book, a)),
    "AVERAGE": lambda book, *a: math.fsum(_numbers(book, a)) / len(_numbers(book, a)),
    "COUNT": lambda book, *a: float(len(_numbers(book, a))),
    "COUNTA": lambda _, *a: float(sum(v is not None for v in _flat(a))),
    "COUNTIF": lambda book, cells, wanted: float(sum(_matches(book, v, wanted) for v in cells.flat())),
    "MAX": lambda book, *a: max(_numbers(book, a), default=0.0),
    "MIN": lambda book, *a: min(_numbers(book, a), default=0.0),
    "SUBTOTAL": _subtotal,
    "ROUND": lambda book, value, n=0: round(book.number(value), int(book.number(n))),
    "INT": lambda book, value: float(math.floor(book.number(value))),
    "TEXT": lambda book, value, code: _formatted(book, value, _text(code)),
    "CONCATENATE": lambda _, *a: "".join(map(_text, a)),
    "CONCAT": lambda _, *a: "".join(map(_text, _flat(a))),
    "LEFT": lambda book, text, n=1: _text(text)[: int(book.number(n))],
    "RIGHT": _right,
    "MID": _mid,
    "LEN": lambda _, text: float(len(_text(text))),
    "TRIM": lambda _, text: " ".join(_text(text).split()),
    "SUBSTITUTE": lambda _, text, old, new: _text(text).replace(_text(old), _text(new)),
    "VALUE": lambda book, value: book.number(value),
    "ISBLANK": lambda _, value: value is None,
    "DATE": _date,
    "DATEVALUE": lambda book, value: book.day(value),
    "EDATE": _edate,
    "YEAR": lambda book, value: float(book.day(value).year),
    "MONTH": lambda book, value: float(book.day(value).month),
    "DAY": lambda book, value: float(book.day(value).day),
    "HYPERLINK": lambda _, link, shown=None: link if shown is None else shown,
    "VLOOKUP": _lookup,
    "MATCH": _match,
    "INDEX": _index,
    "XLOOKUP": _xlookup,
}
