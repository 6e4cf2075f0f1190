"""Functions of spreadsheets: what =IF, =TEXT, =VLOOKUP and others give for values that are known."""

from __future__ import annotations

import datetime as dt
import math
import re
from typing import TYPE_CHECKING, Any, Final

from liaison_analysis.ledger.formula_values import (
    CellError,
    Range,
    UncomputedError,
    compared,
    is_day_text,
    is_number,
    text_of,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from liaison_analysis.ledger.formula_values import Converter

_DATE_PARTS: Final = re.compile(r'yyyy|yy|mmmm|mm|m|dd|d|"[^"]*"|\\.', re.IGNORECASE)


def _flat(arguments: Sequence[Any]) -> list[Any]:
    return [v for one in arguments for v in (one.flat() if isinstance(one, Range) else [one])]


def _numbers(convert: Converter, arguments: Sequence[Any]) -> list[float]:
    return [convert.number(v) for v in _flat(arguments) if v is not None and not isinstance(v, str | bool)]


def _formatted(convert: Converter, value: Any, code: str) -> str:
    """Text of a value by a number format."""
    plain = code in {"General", "G/通用格式"} or (isinstance(value, str) and not is_number(value))
    if code == "@" or (plain and not is_day_text(value)):
        return text_of(value)
    if re.search(r"[yd]|m", code, re.IGNORECASE):
        day = convert.day(
            value if isinstance(value, dt.date) or is_day_text(value) else convert.number(value)
        )
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
    number = convert.number(value) * (100 if "%" in after else 1)
    wide = len(whole) + (len(decimals) + 1 if decimals else 0)
    return f"{before}{number:0{wide}.{len(decimals)}f}{after}".replace('"', "").replace("\\", "")


def _if(convert: Converter, test: Any, then: Any = True, other: Any = False) -> Any:  # noqa: FBT002 - as in Excel
    if isinstance(test, CellError):
        return test
    if isinstance(test, str):
        raise UncomputedError
    return then if convert.number(test) else other


def _matches(convert: Converter, value: Any, wanted: Any) -> bool:
    """Whether a value meets the criterion of COUNTIF."""
    if isinstance(wanted, str):
        found = re.match(r"(<>|<=|>=|<|>|=)?(.*)", wanted, re.DOTALL)
        sign, rest = (found[1] or "=", found[2]) if found else ("=", wanted)
        if re.search(r"[*?~]", rest):
            raise UncomputedError
        other: Any = float(rest) if is_number(rest) else rest
        if isinstance(other, float) and isinstance(value, str) and is_number(value):
            value = float(value)
        if value is None and isinstance(other, float):
            return sign == "<>"
        return compared(sign, value, other, convert)
    return value is not None and compared("=", value, wanted, convert)


def _subtotal(convert: Converter, kind: Any, *arguments: Any) -> Any:
    names = {1: "AVERAGE", 2: "COUNT", 3: "COUNTA", 4: "MAX", 5: "MIN", 9: "SUM"}
    return FUNCTIONS[names.get(int(convert.number(kind)) % 100, "")](convert, *arguments)


def _lookup(convert: Converter, value: Any, table: Range, column: Any, near: Any = True) -> Any:  # noqa: FBT002
    if convert.number(near):
        raise UncomputedError
    row = next((row for row in table if row[0] is not None and compared("=", row[0], value, convert)), None)
    return CellError("#N/A") if row is None else row[int(convert.number(column)) - 1]


def _match(convert: Converter, value: Any, cells: Range, kind: Any = 1) -> Any:
    if convert.number(kind):
        raise UncomputedError
    flat = cells.flat()
    at = next((i for i, v in enumerate(flat) if v is not None and compared("=", v, value, convert)), None)
    return CellError("#N/A") if at is None else float(at + 1)


def _index(convert: Converter, cells: Range, row: Any, column: Any = None) -> Any:
    if column is None:
        return cells.flat()[int(convert.number(row)) - 1]
    return cells[int(convert.number(row)) - 1][int(convert.number(column)) - 1]


def _xlookup(convert: Converter, value: Any, cells: Range, results: Range, other: Any = None) -> Any:
    at = _match(convert, value, cells, 0)
    if isinstance(at, CellError):
        return at if other is None else other
    return results.flat()[int(at) - 1]


def _date(convert: Converter, year: Any, month: Any, day: Any) -> dt.datetime:
    months = int(convert.number(year)) * 12 + int(convert.number(month)) - 1
    first = dt.datetime(months // 12, months % 12 + 1, 1)  # noqa: DTZ001
    return first + dt.timedelta(days=int(convert.number(day)) - 1)


def _edate(convert: Converter, start: Any, months: Any) -> dt.datetime:
    day = convert.day(start)
    ahead = day.year * 12 + day.month - 1 + int(convert.number(months))
    first = dt.datetime(ahead // 12, ahead % 12 + 1, 1)  # noqa: DTZ001
    last = _date(convert, first.year, first.month + 1, 0).day
    return first.replace(day=min(day.day, last))


def _mid(convert: Converter, text: Any, start: Any, n: Any) -> str:
    at = int(convert.number(start)) - 1
    return text_of(text)[at : at + int(convert.number(n))]


def _right(convert: Converter, text: Any, n: Any = 1) -> str:
    wide = int(convert.number(n))
    return text_of(text)[-wide:] if wide else ""


#: Functions by name; each takes the workbook's converter and its arguments, and may give a ``CellError``.
FUNCTIONS: Final[dict[str, Callable[..., Any]]] = {
    "IF": _if,
    "IFERROR": lambda _, value, other: other if isinstance(value, CellError) else value,
    "IFNA": lambda _, value, other: other if isinstance(value, CellError) else value,
    "AND": lambda convert, *a: all(convert.number(v) for v in _flat(a) if v is not None),
    "OR": lambda convert, *a: any(convert.number(v) for v in _flat(a) if v is not None),
    "NOT": lambda convert, value: not convert.number(value),
    "SUM": lambda convert, *a: math.fsum(_numbers(convert, a)),
    "AVERAGE": lambda convert, *a: math.fsum(_numbers(convert, a)) / len(_numbers(convert, a)),
    "COUNT": lambda convert, *a: float(len(_numbers(convert, a))),
    "COUNTA": lambda _, *a: float(sum(v is not None for v in _flat(a))),
    "COUNTIF": lambda convert, cells, wanted: float(sum(_matches(convert, v, wanted) for v in cells.flat())),
    "MAX": lambda convert, *a: max(_numbers(convert, a), default=0.0),
    "MIN": lambda convert, *a: min(_numbers(convert, a), default=0.0),
    "SUBTOTAL": _subtotal,
    "ROUND": lambda convert, value, n=0: round(convert.number(value), int(convert.number(n))),
    "INT": lambda convert, value: float(math.floor(convert.number(value))),
    "TEXT": lambda convert, value, code: _formatted(convert, value, text_of(code)),
    "CONCATENATE": lambda _, *a: "".join(map(text_of, a)),
    "CONCAT": lambda _, *a: "".join(map(text_of, _flat(a))),
    "LEFT": lambda convert, text, n=1: text_of(text)[: int(convert.number(n))],
    "RIGHT": _right,
    "MID": _mid,
    "LEN": lambda _, text: float(len(text_of(text))),
    "TRIM": lambda _, text: " ".join(text_of(text).split()),
    "SUBSTITUTE": lambda _, text, old, new: text_of(text).replace(text_of(old), text_of(new)),
    "VALUE": lambda convert, value: convert.number(value),
    "ISBLANK": lambda _, value: value is None,
    "DATE": _date,
    "DATEVALUE": lambda convert, value: convert.day(value),
    "EDATE": _edate,
    "YEAR": lambda convert, value: float(convert.day(value).year),
    "MONTH": lambda convert, value: float(convert.day(value).month),
    "DAY": lambda convert, value: float(convert.day(value).day),
    "HYPERLINK": lambda _, link, shown=None: link if shown is None else shown,
    "VLOOKUP": _lookup,
    "MATCH": _match,
    "INDEX": _index,
    "XLOOKUP": _xlookup,
}
