"""Days of a column: the year of those without one, and the last that is no typing error.

A day without a year takes it from the caller, from a title or the name of the sheet or file, from another
day in its row, or from its neighbours in the column, in this order; else it is a question.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd

from liaison_analysis.ledger.days import Reading, before_year, of_republic, read_day

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

#: Dates before this year are implausible in a ledger of a park.
FIRST_PLAUSIBLE: Final = 1990


@dataclass
class DayColumn:
    """Days of a column, and what could not be decided.

    Attributes
    ----------
    days
        ``2022-03-05``, or ``""`` where there is none.
    open
        Why a filled cell has no day, by position: ``year``, ``month``, ``order``, ``zero``, ``part``,
        ``unread``.
    inferred
        How a year was found, by position: ``given``, ``title``, ``row`` or ``neighbours``.
    spans
        Positions of spans of days, of which the first is read.
    """

    days: list[str]
    open: dict[int, str]
    inferred: dict[int, str]
    spans: list[int]


def read_days(
    cells: Sequence[str],
    *,
    numbers: Collection[int] = (),
    mac: bool = False,
    year: int | None = None,
    hints: Sequence[set[int]] = (),
    months: Sequence[int | None] = (),
    beside: Sequence[str] = (),
    span: tuple[int, int] | None = None,
    republic: bool = False,
) -> DayColumn:
    """Read a column of days.

    Parameters
    ----------
    cells
        The cells, ``""`` where blank.
    numbers
        Positions of cells that hold numbers with decimals.
    mac
        Whether serial numbers count from 1904.
    year
        The year that the caller gives.
    hints
        Years that title, sheet and file mention, one set per cell.
    months
        Month that they mention, for days such as 15日, one per cell.
    beside
        Days in the same rows that are known already and do not lie later (``2022-03-05`` or ``""``).
    span
        First and last month of a period in a title, as ``range_in`` gives them.
    republic
        Whether other columns of the table count years as Taiwan does.

    Examples
    --------
    >>> found = read_days(["12.28", "2023-01-03", "1.9"])
    >>> found.days, found.inferred
    (['2022-12-28', '2023-01-03', '2023-01-09'], {0: 'neighbours', 2: 'neighbours'})
    >>> read_days(["6.15", "3月初"]).open
    {0: 'year', 1: 'part'}
    """
    numbered = set(numbers)
    republic = republic or of_republic(cells)
    readings = [
        read_day(cell, number=i in numbered, mac=mac, republic=republic) if cell else None
        for i, cell in enumerate(cells)
    ]
    column = DayColumn([""] * len(cells), {}, {}, [i for i, one in enumerate(readings) if one and one.span])
    # One day behind the twelfth tells which of the first two numbers is the day in all of a column.
    ends = [pair for cell in cells if cell and (pair := before_year(cell))]
    month_first = any(second > 12 for _, second in ends)
    day_first = any(first > 12 for first, _ in ends)
    waiting: list[int] = []
    for i, one in enumerate(readings):
        if one is None:
            continue
        if one.open in {"", "order"} and one.year and one.month and one.day:
            if one.open and month_first == day_first:  # neither is known, or both
                column.open[i] = one.open
                continue
            first, second = (one.day, one.month) if one.open and day_first else (one.month, one.day)
            column.days[i] = f"{one.year:04}-{first:02}-{second:02}"
        elif one.open in {"year", "zero", "month"}:
            waiting.append(i)
        else:
            column.open[i] = one.open
    for i in waiting:
        one = readings[i]
        month = (one.month if one else None) or (months[i] if i < len(months) else None)
        if one is None or month is None or one.day is None:
            column.open[i] = "month"
            continue
        known = hints[i] if i < len(hints) else set()
        if span and len(known) > 1:  # 2021年12月-2022年1月: a month that occurs once in it
            known = {at // 12 for at in range(span[0], span[1] + 1) if at % 12 == month - 1} or known
        _place(
            column,
            i,
            month,
            one.day,
            one.open,
            year,
            known,
            beside[i] if i < len(beside) else "",
        )
    _by_neighbours(column, [i for i in waiting if i in column.open], readings)
    column.open = dict(sorted(column.open.items()))
    column.inferred = dict(sorted(column.inferred.items()))
    return column


def _place(  # noqa: PLR0917 - one cell and all that may tell its year
    column: DayColumn, i: int, month: int, day: int, why: str, year: int | None, hints: set[int], beside: str
) -> None:
    """Give a day its year by caller, title or row; days that may have lost a zero are decided later."""
    column.open[i] = "year"
    found, how = year, "given"
    if found is None and len(hints) == 1:
        found, how = next(iter(hints)), "title"
    if found is None and beside:
        first = dt.date.fromisoformat(beside)
        found = first.year + ((month, day) < (first.month, first.day))
        how = "row"
    if found is None:
        return
    written = _iso(found, month, day)
    if not written:
        column.open[i] = "unread"
    elif why == "zero":
        column.open[i], column.inferred[i] = f"zero {found}", how
    else:
        column.days[i], column.inferred[i] = written, how
        del column.open[i]


def _iso(year: int, month: int, day: int) -> str:
    try:
        return dt.date(year, month, day).isoformat()
    except ValueError:
        return ""


def _by_neighbours(column: DayColumn, waiting: list[int], readings: Sequence[Reading | None]) -> None:
    """Find years and lost zeros from the days above and below, where the column is in order."""
    if not waiting:
        return
    known = [i for i, day in enumerate(column.days) if day]
    ascending = _in_order([column.days[i] for i in known])
    above, below = _nearest(column.days)
    for i in waiting:
        one = readings[i]
        state = column.open[i]
        if (
            one is None
            or one.month is None
            or one.day is None
            or (state != "year" and not state.startswith("zero "))
        ):
            continue
        before = column.days[above[i]] if above[i] >= 0 else ""
        after = column.days[below[i]] if below[i] >= 0 else ""
        if state.startswith("zero "):
            years, options = [int(state[5:])], [one.day, one.day * 10]
        else:
            years = _years_near(before, after)
            options = [one.day, one.day * 10] if one.open == "zero" else [one.day]
        fits = {_iso(y, one.month, d) for y in years for d in options} - {""}
        if ascending and (before or after):
            between = {day for day in fits if (not before or day >= before) and (not after or day <= after)}
            fits = between or (set() if len(fits) > 1 else fits)
        elif len(fits) > 1 and one.open != "zero":
            fits = _closest(fits, before or after)
        if len(fits) == 1:
            column.days[i] = fits.pop()
            column.inferred[i] = column.inferred.get(i, "neighbours")
            del column.open[i]
        else:
            column.open[i] = "zero" if one.open == "zero" else "year"
            column.inferred.pop(i, None)


def _in_order(days: Sequence[str]) -> bool:
    """Whether nearly all days of a column are not before the day above; one in ten may be."""
    falls = sum(a > b for a, b in pairwise(days))
    return len(days) >= 2 and falls <= len(days) // 10


def _nearest(days: Sequence[str]) -> tuple[list[int], list[int]]:
    above, below, last = [-1] * len(days), [-1] * len(days), -1
    for i, day in enumerate(days):
        above[i] = last
        last = i if day else last
    last = -1
    for i in range(len(days) - 1, -1, -1):
        below[i] = last
        last = i if days[i] else last
    return above, below


def _years_near(before: str, after: str) -> list[int]:
    years = {int(day[:4]) + shift for day in (before, after) if day for shift in (-1, 0, 1)}
    return sorted(years)


def _closest(options: set[str], near: str) -> set[str]:
    """Days closest to another; two that are equally close are a question."""
    anchor = dt.date.fromisoformat(near)
    distance = {day: abs((dt.date.fromisoformat(day) - anchor).days) for day in options}
    return {day for day in options if distance[day] == min(distance.values())}


def last_plausible(days: pd.Series) -> pd.Timestamp | None:
    """Latest day that is not a typing error.

    A day more than a year after every earlier one counts as an error where at most one in twenty days lies
    there, and there are ten days at least (twice as many where days repeat): 2032 for 2022 does not move the
    day on which a ledger is counted.

    Parameters
    ----------
    days
        Days of one column; missing ones are left out.

    Returns
    -------
    Timestamp or None
        None where there is no day.

    Examples
    --------
    >>> days = pd.Series(pd.to_datetime(["2022-01-05"] * 9 + ["2022-06-17", "2032-01-13"]))
    >>> last_plausible(days)
    Timestamp('2022-06-17 00:00:00')
    """
    # Counted and not sorted: ledgers have far fewer days than rows.
    counted = days.value_counts(sort=False)
    counted = counted.groupby(counted.index.to_numpy("datetime64[D]")).sum()
    known, n_rows = counted.index.to_numpy("datetime64[D]"), counted.to_numpy()
    if not len(known):
        return None
    top, total = len(known), int(n_rows.sum())
    rows_from = n_rows[::-1].cumsum()[::-1]
    spare = total // 20 or int(total >= 10)
    gaps = np.flatnonzero(np.diff(known) > np.timedelta64(366, "D")) + 1
    for at in gaps[::-1]:
        # One typing error may occur twice: as the day of a demand and of the visit that recorded it.
        if rows_from[at] <= 2 * spare and len(known) - at <= spare:
            top = int(at)
    return pd.Timestamp(known[top - 1])
