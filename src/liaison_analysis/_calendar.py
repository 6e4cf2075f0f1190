"""Days as numbers: calendar days, and working days of mainland China."""

from __future__ import annotations

import datetime as dt
import functools
import re
import unicodedata
from importlib.metadata import version
from typing import TYPE_CHECKING, Any, Final, Literal, get_args

import numpy as np
import pandas as pd

from liaison_analysis._messages import message

if TYPE_CHECKING:
    from numpy.typing import NDArray

Unit = Literal["calendar", "working"]

#: Days within which a demand is to be settled, unless the caller says otherwise; judgement: one month.
WITHIN: Final = 30
_EPOCH = dt.date(1970, 1, 1)
_DATE_MARKS: Final = str.maketrans("年月日/", "----")


def check_unit(unit: str) -> None:
    """Raise a ``ValueError`` unless the unit is ``calendar`` or ``working``."""
    if unit not in get_args(Unit):
        raise ValueError(message("expected unit 'calendar' or 'working', got {unit!r}", unit=unit))


def as_day(on: Any) -> pd.Timestamp:
    """Read a day that a caller names: a date, or a text as people write it in cells.

    Raises
    ------
    ValueError
        It is not a date.

    Examples
    --------
    >>> as_day("2022-12-31"), as_day("2022年6月30日")
    (Timestamp('2022-12-31 00:00:00'), Timestamp('2022-06-30 00:00:00'))
    """
    try:
        day = pd.Timestamp(_plain_day(on) if isinstance(on, str) else on)
    except (TypeError, ValueError) as error:
        raise ValueError(message("on must be a date, such as '2022-12-31'; got {on!r}", on=on)) from error
    # A text without a year would be read as one of this year, or of the year 6.
    if pd.isna(day) or (isinstance(on, str) and not re.search(r"\d{4}", _plain_day(on))):
        raise ValueError(message("on must be a date, such as '2022-12-31'; got {on!r}", on=on))
    return day.tz_localize(None).normalize()


def _plain_day(text: str) -> str:
    """Write a day with hyphens and ASCII digits, including one that a console without UTF-8 gave as bytes."""
    readable = text.encode("utf-8", "surrogateescape").decode("utf-8", "replace")
    return unicodedata.normalize("NFKC", readable).strip().translate(_DATE_MARKS).removesuffix("-")


def written_day(cell: str) -> pd.Timestamp | None:
    """Day that a clerk wrote in a cell, None if it is not a date.

    Examples
    --------
    >>> written_day("2022年3月15日"), written_day("2022/3/5"), written_day("下周")
    (Timestamp('2022-03-15 00:00:00'), Timestamp('2022-03-05 00:00:00'), None)
    """
    try:
        return as_day(cell)
    except ValueError:
        return None


def day_numbers(days: pd.Series) -> tuple[NDArray[np.int64], NDArray[np.bool_]]:
    """Days since 1970-01-01 of a column of dates, and which of them are missing (numbered 0).

    Examples
    --------
    >>> day_numbers(pd.Series(pd.to_datetime(["1970-01-11", None])))
    (array([10,  0]), array([False,  True]))
    """
    dates = pd.to_datetime(days).to_numpy(dtype="datetime64[D]")
    missing = np.isnat(dates)
    return np.where(missing, 0, dates.astype(np.int64)), missing


def elapsed_days(days: NDArray[np.int64], unit: Unit = "calendar") -> NDArray[np.int64]:
    """Count days so that the difference of two numbers is the calendar or working days between them.

    Parameters
    ----------
    days
        Days since 1970-01-01.
    unit
        ``calendar``, or ``working``: then only working days of mainland China count, among them the weekends
        that are worked in exchange for holidays (``chinesecalendar``). From a Friday to the Monday after
        it is one working day.

    Raises
    ------
    ValueError
        A day lies outside the years that ``chinesecalendar`` knows; the message names them.

    Examples
    --------
    >>> holiday = np.array([dt.date(2022, 9, 30).toordinal(), dt.date(2022, 10, 8).toordinal()]) - 719163
    >>> np.diff(elapsed_days(holiday)).item(), np.diff(elapsed_days(holiday, "working")).item()
    (8, 1)
    """
    check_unit(unit)
    if unit == "calendar":
        return days
    first, readings = _working()
    last = first + len(readings) - 1
    if len(days) and not (first <= days.min() and days.max() <= last):
        known = " to ".join(str(_day(day)) for day in (first, last))
        came = " to ".join(str(_day(day)) for day in (days.min(), days.max()))
        raise ValueError(
            message(
                "working days are known from {known} (chinesecalendar {version}), and dates "
                "from {came} came; use unit='calendar', or update chinesecalendar, which "
                "learns each year's holidays in the November before it",
                known=known,
                version=version("chinesecalendar"),
                came=came,
            )
        )
    return readings[days - first]


def due_days(
    days: NDArray[np.int64], within: int | NDArray[np.int64], unit: Unit = "calendar"
) -> NDArray[np.int64]:
    """Find the day by which ``within`` days have passed since each day.

    Raises
    ------
    ValueError
        As ``elapsed_days``, and where a limit falls beyond the years that ``chinesecalendar`` knows.

    Examples
    --------
    >>> friday = dt.date(2022, 9, 30).toordinal() - 719163
    >>> _day(due_days(np.array([friday]), 2, "working")[0])
    datetime.date(2022, 10, 9)
    """
    now = elapsed_days(days, unit)
    if unit == "calendar":
        return days + within
    first, readings = _working()
    place = np.searchsorted(readings, now + within)
    if len(place) and place.max() >= len(readings):
        raise ValueError(
            message(
                "{within} working days after {days} are beyond {readings}, the last day that "
                "chinesecalendar knows; use unit='calendar', or update chinesecalendar",
                within=np.max(within),
                days=_day(days.max()),
                readings=_day(first + len(readings) - 1),
            )
        )
    return first + place


def _day(number: Any) -> dt.date:
    return _EPOCH + dt.timedelta(days=int(number))


@functools.cache
def _working() -> tuple[int, NDArray[np.int64]]:
    """First day known, and the number of working days from it up to and including each day."""
    from chinese_calendar import is_workday
    from chinese_calendar.constants import holidays

    start, end = dt.date(min(holidays).year, 1, 1), dt.date(max(holidays).year, 12, 31)
    every = [start + dt.timedelta(days=i) for i in range((end - start).days + 1)]
    return (start - _EPOCH).days, np.cumsum([is_workday(day) for day in every])
