"""Columns of days in the rows of one block: their years by titles and names, and what is no day."""

from __future__ import annotations

import unicodedata
from typing import TYPE_CHECKING, Final

from liaison_analysis._messages import marked, message
from liaison_analysis.errors import problem
from liaison_analysis.ledger.day_columns import read_days
from liaison_analysis.ledger.days import (
    DAY_BESIDE,
    WITH_YEAR,
    dated_name,
    month_in,
    of_republic,
    range_in,
    read_day,
    years_in,
)
from liaison_analysis.ledger.records import ROW, own_name
from liaison_analysis.ledger.row_kinds import SIGNED
from liaison_analysis.ledger.schema import TABLES
from liaison_analysis.ledger.spoken import spoken_name
from liaison_analysis.ledger.validation import FAILED

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from liaison_analysis.ledger.block_rows import BlockRows

#: What is asked where the year of a day is unknown.
NO_YEAR: Final = marked("day without a year; give the year (year=2022, --year 2022) or write 2022-06-15")
# What is asked of a day, by what is open in it.
_OPEN: Final = {
    "year": NO_YEAR,
    "month": marked("day without a month; write it as 2022-06-15"),
    "order": marked("day and month may be exchanged; write it as 2022-06-15"),
    "zero": marked("may have lost a zero (6.1 for 6.10); write it as 2022-06-15"),
    "part": marked("month or year without a day; write it as 2022-06-15"),
    "unread": marked("not a date between 1900 and 2100; write it as 2022-03-31, 2022/3/31 or 2022年3月31日"),
}


def read_all_days(rows: BlockRows) -> None:
    """Read every column of days; the first one helps to find the year of the others."""
    table = TABLES[rows.table]
    known = ""
    columns = [one.name for one in table.columns if one.kind == "date" and one.name in rows.frame]
    republic = any(of_republic(rows.frame[column].tolist()) for column in columns)
    for column in columns:
        _read_days(rows, column, known, republic=republic)
        known = known or column


def _read_days(  # noqa: C901 - one column from cells to days
    rows: BlockRows, name: str, known: str, *, republic: bool
) -> None:
    cells = rows.frame[name].tolist()
    marks = rows.block.sheet.marks
    place = rows.place.get(name)
    # A day that stood in the cell of a state has no column of its own.
    j = -1 if place is None else rows.block.columns[place]
    numbers = (
        {i for i, at in enumerate(rows.at) if (rows.block.rows[at], j) in marks.numbers}
        if marks.numbers
        else set()
    )
    raw = rows.block.sheet.rows
    if marks.merged and place is not None:
        spread = [
            i
            for i, at in enumerate(rows.at)
            if cells[i] and not (j < len(raw[rows.block.rows[at]]) and raw[rows.block.rows[at]][j])
        ]
        rows.out.merged_days.update((rows.block.sheet.name, rows.frame[ROW].iloc[i], name) for i in spread)
    years, months, span = hints(rows)
    beside = rows.frame[known].tolist() if known else []
    found = read_days(
        cells,
        numbers=numbers,
        mac=marks.date1904,
        year=rows.options.year,
        hints=[years[at] for at in rows.at],
        months=[months[at] for at in rows.at],
        span=span,
        beside=[day if len(day) == 10 and day[4] == "-" else "" for day in beside],
        republic=republic,
    )
    row = rows.frame[ROW].tolist()
    sheet = rows.block.sheet
    for i in found.spans:
        if found.days[i]:
            rows.leave(i, name, cells[i], message("span of days; its first day is read"))
    for how in sorted(set(found.inferred.values())):
        same = [i for i, one in found.inferred.items() if one == how]
        rows.out.decide("year", sheet.name, name, found.days[same[0]][:4], how, cells[same[0]], len(same))
    waiting = {i: why for i, why in found.open.items() if why == "year"}
    rest = {i: why for i, why in found.open.items() if why != "year"}
    if rows.options.open_years:
        _ask_year(rows, name, cells, waiting)
        waiting = {}
    for i in waiting:
        rows.out.problems.append(problem(sheet.name, row[i], name, cells[i], message(NO_YEAR)))
    days = [found.days[i] or ("" if found.open.get(i) == "year" else cells[i]) for i in range(len(cells))]
    if rows.own and place is not None and rows.meanings[place].evidence == "header":
        # The ledger's own column: what cannot be read is reported cell by cell.
        rows.frame[name] = days
        for i, why in rest.items():
            if FAILED.fullmatch(cells[i]):
                continue  # a formula error is reported as such
            remedy = _OPEN[why]
            rows.out.problems.append(problem(sheet.name, row[i], name, cells[i], message(remedy)))
            rows.frame.loc[i, name] = ""
        return
    for i in rest:
        days[i] = ""
    rows.frame[name] = days
    _leave_open_days(rows, name, cells, rest)


def _keep_words(rows: BlockRows, cells: Sequence[str], rest: Mapping[int, str]) -> None:
    """Keep the text of an incomplete day of a demand, such as 2022年6月, in a column beside the blank day."""
    place = rows.place.get("raised_on")
    header = spoken_name("raised_on") if place is None else own_name(rows.block.headers[place], "demands")
    name = "原" + (header or spoken_name("raised_on"))
    for i, why in rest.items():
        if why != "year":
            remedy = _OPEN[why]
            rows.ask(i, "raised_on", cells[i], message(remedy))
    before = rows.frame[name].tolist() if name in rows.frame else [""] * len(cells)
    rows.frame[name] = [
        cell if i in rest else old for i, (cell, old) in enumerate(zip(cells, before, strict=True))
    ]


def _ask_year(rows: BlockRows, name: str, cells: Sequence[str], waiting: Mapping[int, str]) -> None:
    """Ask for unknown years of days: the days stay blank, and the cells are kept as written."""
    for i in waiting:
        rows.ask(i, name, cells[i], message(NO_YEAR), status="year")
        if name != "raised_on":
            rows.leave(i, name, cells[i], message(NO_YEAR))
    if waiting and name == "raised_on":
        _keep_words(rows, cells, waiting)


def _leave_open_days(rows: BlockRows, name: str, cells: Sequence[str], rest: Mapping[int, str]) -> None:
    """Leave out what is not a day: the cell, and the row of a visit; a demand stays, the text beside it."""
    if name == "raised_on":
        if rest:
            _keep_words(rows, cells, rest)
        return
    needed = TABLES[rows.table][name].required
    gone: set[int] = set()
    for i, why in rest.items():
        remedy = _OPEN[why]
        rows.ask(i, name, cells[i], message(remedy))
        rows.leave(i, name, cells[i], message(remedy))
        if needed:
            gone.add(i)
    if needed:
        for i, cell in enumerate(cells):
            if not cell:
                rows.ask(i, name, "", message("a row without a day; fill it in"), status="missing")
                gone.add(i)
    for i in sorted(gone):
        rows.leave_row(i, message("its {name} is missing or cannot be read", name=spoken_name(name)))
    rows.keep([i not in gone for i in range(len(rows.frame))])


def hints(rows: BlockRows) -> tuple[list[set[int]], list[int | None], tuple[int, int] | None]:
    """Years and month that section, titles, sheet, file and source mention, for each row of the block.

    Also the first and last month of them, where these lie in two years: of a title such as
    2021年12月-2022年1月, or the year before the day on which the sheet was filled in.
    """
    sheet = rows.block.sheet
    titles = [unicodedata.normalize("NFKC", one) for one in rows.block.titles]
    filled = [one for one in titles if SIGNED.match(one)] or _signed_below(rows)
    titles = [one for one in titles if not SIGNED.match(one)]
    general: set[int] = set()
    name = dated_name(sheet.name)
    for texts in (titles, [name], [sheet.heading], [sheet.file], [rows.source]):
        general = set().union(*map(years_in, texts))
        if general:
            break
    span = next((found for text in (*titles, sheet.name) if (found := range_in(text))), None)
    if not general:
        general = set().union(*map(years_in, filled))
        day = DAY_BESIDE.search(filled[0]) if len(filled) == 1 else None
        filled_on = read_day(day[0]) if day else None
        if filled_on and filled_on.year and filled_on.month:
            last = filled_on.year * 12 + filled_on.month - 1
            general, span = {filled_on.year - 1, filled_on.year}, (last - 11, last)
    if not general and rows.options.year_of_titles is not None:
        general = {rows.options.year_of_titles}
    month = next((one for text in (name, *titles, sheet.file) if (one := month_in(text))), None)
    by_row = [years_in(section) or general for section in rows.block.sections]
    return by_row, [month_in(section) or month for section in rows.block.sections], span


def _signed_below(rows: BlockRows) -> list[str]:
    """Give the one cell below the table that says on which day it was filled in: 填报日期：2024年6月12日."""
    last = max(rows.block.rows, default=0)
    cells = [unicodedata.normalize("NFKC", cell) for row in rows.block.sheet.rows[last + 1 :] for cell in row]
    found = [
        cell
        for cell in cells
        if SIGNED.match(cell) and (day := DAY_BESIDE.search(cell)) and WITH_YEAR.match(day[0])
    ]
    return found if len(found) == 1 else []
