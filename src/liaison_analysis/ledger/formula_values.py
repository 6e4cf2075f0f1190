"""Values of cells as Excel computes with them: numbers, days, texts and errors, converted and compared."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass
from typing import Any, Final

from liaison_analysis.ledger.cells import cell_text

_EPOCH: Final = dt.datetime(1899, 12, 30)  # noqa: DTZ001 - a spreadsheet's days have no time zone
_MAC_EPOCH: Final = dt.datetime(1904, 1, 1)  # noqa: DTZ001
_LAST_SERIAL: Final = 2_958_465  # 31 December 9999


class UncomputedError(Exception):
    """A formula whose value does not follow from the file's own cells."""


class CellError(UncomputedError):
    """A formula that Excel answers with an error, such as #DIV/0!."""


class Range(list[list[Any]]):
    """Values of a range of cells, row by row."""

    def flat(self) -> list[Any]:
        """Give the values one after the other."""
        return [value for row in self for value in row]


@dataclass(frozen=True)
class Converter:
    """Converts values to numbers and days.

    Attributes
    ----------
    mac
        Whether days count from 1904.

    Examples
    --------
    >>> Converter().number("2022-03-05"), Converter().day(44625)
    (44625.0, datetime.datetime(2022, 3, 5, 0, 0))
    """

    mac: bool = False

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
                raise CellError("#VALUE!")
            try:
                year, month, day = map(int, found.groups())
                return dt.datetime(year, month, day)  # noqa: DTZ001
            except ValueError as error:
                raise CellError("#VALUE!") from error
        serial = self.number(value)
        if not 0 <= serial <= _LAST_SERIAL:
            raise CellError("#NUM!")
        return (_MAC_EPOCH if self.mac else _EPOCH) + dt.timedelta(days=serial)


def is_day_text(value: Any) -> bool:
    """Whether a value is a day written as text."""
    return isinstance(value, str) and bool(re.fullmatch(r"\s*\d{4}\s*[-/.年].*\d日?\s*", value))


def is_number(value: str) -> bool:
    """Whether a text is a number."""
    return bool(re.fullmatch(r"\s*[-+]?\d+(\.\d*)?\s*", value))


def text_of(value: Any) -> str:
    """Text of a value, as Excel joins it to others."""
    if isinstance(value, Range):
        raise UncomputedError
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, dt.date):  # joined to a text, Excel shows the serial number
        value = Converter().number(value)
    return cell_text(value)


def compared(sign: str, left: Any, right: Any, convert: Converter) -> bool:
    """Compare two values by a sign of comparison, as Excel does: texts whatever their case."""
    if isinstance(left, str) or isinstance(right, str):
        a, b = (("" if one is None else one) for one in (left, right))
        if not (isinstance(a, str) and isinstance(b, str)):
            if sign in {"=", "<>"}:
                return sign == "<>"
            raise UncomputedError
        first, second = a.casefold(), b.casefold()
    else:
        first, second = convert.number(left), convert.number(right)  # type: ignore[assignment]
    return {
        "=": first == second, "<>": first != second, "<": first < second,
        ">": first > second, "<=": first <= second, ">=": first >= second,
    }[sign]  # fmt: skip
