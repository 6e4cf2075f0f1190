"""What names and titles of sheets say of their demands, where no column does: town, department, year."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from liaison_analysis._messages import message
from liaison_analysis.ledger.cell_looks import BUREAU, OFFICE_NAME
from liaison_analysis.ledger.column_choice import column_meanings
from liaison_analysis.ledger.days import dated_name, read_day, years_in
from liaison_analysis.ledger.headers import Meaning, meaning_of
from liaison_analysis.ledger.row_kinds import SIGNED
from liaison_analysis.ledger.titles import PLACE_NAME, TOWN

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    import pandas as pd

    from liaison_analysis.ledger.layout import Block
    from liaison_analysis.ledger.records import Gathered, Options
    from liaison_analysis.ledger.sheets import Sheet
    from liaison_analysis.ledger.table_choice import Chosen

#: Column of departments that sheets are named after, where no title says that they handle the demands.
OFFICE: Final = "工作表所属部门"
# Filled cells of a cover at most; judgement.
_MOST_ON_COVER: Final = 12
_HANDLES: Final = re.compile(r"承办|责任|牵头|主办|办理|落实|处置|整改")


class SheetNames:
    """Towns and departments that sheets of demands are named after, where no column holds them."""

    def __init__(self, chosen: Sequence[Chosen], out: Gathered) -> None:
        lists = [(block, meanings) for block, table, meanings in chosen if table == "demands"]
        self.out = out
        self.towns = _towns([block for block, _ in lists], chosen)
        self.offices = _offices(lists)
        self._ask_about_offices([block for block, _ in lists])

    def add_to(self, done: pd.DataFrame, block: Block) -> None:
        """Add the columns that the name of a block's sheet fills."""
        name = block.sheet.name
        if name in self.towns:
            done[TOWN] = name
            self.out.decide("header", name, name, "town", "name of the sheet", n=len(done))
        column = self.offices.get(name)
        if column and column not in done:
            done[column] = name
            meaning = column if column == "owner" else ""
            self.out.decide("header", name, name, meaning, "name of the sheet", n=len(done))

    def _ask_about_offices(self, blocks: Sequence[Block]) -> None:
        """Ask whether departments that sheets are named after handle the demands, where no title says so."""
        sheets = {block.sheet.name: block for block in blocks}
        for name, column in self.offices.items():
            if column == OFFICE:
                why = message(
                    "the sheet is named after a department; if it handles these demands, "
                    "write it in a column 责任部门"
                )
                row = sheets[name].sheet.place(max(sheets[name].header, 0)) + 1
                self.out.ask(name, row, "owner", name, why, status="missing")


def _towns(demands: Sequence[Block], chosen: Sequence[Chosen]) -> set[str]:
    """Names of sheets that are towns: several sheets of demands without a town, each named as a place is."""
    names = {block.sheet.name for block in demands}
    has_town = any(
        (meaning := meaning_of(header, "enterprises")) is not None and meaning.column == "town"
        for block, table, _ in chosen
        if table in {"demands", "enterprises"}
        for header in block.headers
        if header
    )
    return names if len(names) > 1 and not has_town and all(map(PLACE_NAME.search, names)) else set()


def _offices(lists: Sequence[tuple[Block, dict[int, Meaning]]]) -> dict[str, str]:
    """Departments that sheets are named after, and the column that they go to.

    Where several sheets of demands without a department are each named as one is, their titles say whether it
    is the one that handles the demands (承办, 责任); otherwise the name stays in a column of its own.
    """
    names = {block.sheet.name for block, _ in lists}
    has_owner = any(m.column == "owner" for _, meanings in lists for m in meanings.values())
    offices = sum(bool(OFFICE_NAME.search(name)) for name in names)
    # A centre or company counts beside offices: 区人社局, 供电公司, 金融服务中心.
    others = all(OFFICE_NAME.search(name) or BUREAU.search(name) for name in names)
    if len(names) < 2 or has_owner or not others or 2 * offices < len(names):
        return {}
    return {
        block.sheet.name: "owner" if any(map(_HANDLES.search, block.titles)) else OFFICE for block, _ in lists
    }


def with_year_of_titles(
    options: Options, chosen: Sequence[Chosen], out: Gathered, sheets: Sequence[Sheet] = ()
) -> Options:
    """Take the one year that titles of some sheets, or a cover, say for the days of the others, and ask."""
    lists = [block for block, table, _ in chosen if table == "demands"]
    years = [(block, set().union(*map(years_in, _titles(block)))) for block in lists]
    known = set().union(*(some for _, some in years))
    known = known or _years_of_covers(sheets, {block.sheet.name for block, *_ in chosen})
    without = {block.sheet.name: block for block, some in years if not some}
    if options.year is not None or len(known) != 1 or not without:
        return options
    year = next(iter(known))
    open_sheets = [name for name, block in without.items() if _has_days_without_year(block)]
    for name in open_sheets:
        why = message("no year on this sheet; {year} of another sheet's title is used", year=year)
        row = without[name].sheet.place(max(without[name].header, 0)) + 1
        out.ask(name, row, "raised_on", str(year), why, status="part")
    return replace(options, year_of_titles=year) if open_sheets else options


def _years_of_covers(sheets: Sequence[Sheet], tables: Collection[str]) -> set[int]:
    """Years on sheets with a few texts and no table."""
    covers = [
        [cell for row in sheet.rows for cell in row if cell] for sheet in sheets if sheet.name not in tables
    ]
    return set().union(
        *(years_in(cell) for cells in covers if len(cells) <= _MOST_ON_COVER for cell in cells)
    )


def _titles(block: Block) -> list[str]:
    return [
        *(one for one in block.titles if not SIGNED.match(one)),
        dated_name(block.sheet.name),
        block.sheet.file,
    ]


def _has_days_without_year(block: Block) -> bool:
    """Whether a list of demands has days without a year, and none with one beside them."""
    found = column_meanings(block.headers, block.cells, "demands")
    days = [cell for j, one in found.items() if one.column == "raised_on" for cell in block.cells[j] if cell]
    readings = [read_day(day) for day in days]
    return any(one.open == "year" for one in readings) and not any(one.year for one in readings)
