"""Read the states and days of one block's rows."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from liaison_analysis.errors import problem
from liaison_analysis.ledger.days import month_in, read_days, years_in
from liaison_analysis.ledger.layout import SIGNED
from liaison_analysis.ledger.records import own_name
from liaison_analysis.ledger.schema import TABLES
from liaison_analysis.ledger.states import status_of
from liaison_analysis.ledger.validation import FAILED

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from liaison_analysis.ledger.block_reading import BlockReader

NO_YEAR: Final = "day without a year; give the year (year=2022, --year 2022) or write 2022-06-15"
_OPEN: Final = {
    "year": NO_YEAR,
    "month": "day without a month; write it as 2022-06-15",
    "order": "day and month may be exchanged; write it as 2022-06-15",
    "zero": "may have lost a zero (6.1 for 6.10); write it as 2022-06-15",
    "part": "month or year without a day; write it as 2022-06-15",
    "unread": "not a date between 1900 and 2100; write it as 2022-03-31, 2022/3/31 or 2022年3月31日",
}


def read_states(reader: BlockReader) -> None:
    """Understand the words for a demand's state, and keep what was written."""
    done = next(
        (
            own_name(reader.block.headers[j], "demands")
            for j, m in reader.meanings.items()
            if m.column == "done"
        ),
        "",
    )
    done = done if done in reader.frame else ""
    if "status" not in reader.frame and not done:
        return
    words = {**{_key(word): state for word, state in reader.options.states.items()}}
    choices = TABLES["demands"]["status"].choices
    schema = {_key(word) for pair in choices.items() for word in pair}
    written = reader.frame["status"].tolist() if "status" in reader.frame else [""] * len(reader.frame)
    flags = reader.frame[done].tolist() if done else [""] * len(reader.frame)
    status: list[str] = []
    seen: dict[tuple[str, str], list[int]] = {}
    strict = (
        reader.own
        and "status" in reader.place
        and reader.meanings[reader.place["status"]].evidence == "header"
    )
    for i, (cell, flag) in enumerate(zip(written, flags, strict=True)):
        found = words.get(_key(cell)) or (status_of(cell) if cell else None)
        by = cell
        if found is None and flag:
            found, by = words.get(_key(flag)) or status_of(flag), flag
        if found is None and cell and not strict:
            row = int(reader.frame["\0row"].iloc[i])
            reader.out.ask(
                reader.block.sheet.name,
                row,
                "status",
                cell,
                "state not understood; say which state of the ledger it is",
                status="unknown",
            )
        status.append(found or (cell if strict else ""))
        seen.setdefault((by, found or ""), []).append(i)
    kept = [cell or flag for cell, flag in zip(written, flags, strict=True)]
    if any(kept) and (not reader.own or any(one and _key(one) not in schema for one in kept)):
        old = (
            reader.frame["status_as_written"].tolist()
            if "status_as_written" in reader.frame
            else [""] * len(kept)
        )
        reader.frame["status_as_written"] = [a or b for a, b in zip(old, kept, strict=True)]
    reader.frame["status"] = status
    for (word, meaning), rows in seen.items():
        if word:
            evidence = "mapping" if _key(word) in words else "known word" if meaning else "not understood"
            reader.out.decide("state", reader.block.sheet.name, word[:60], meaning, evidence, n=len(rows))


def read_all_days(reader: BlockReader) -> None:
    """Read every column of days; the first one helps to find the year of the others."""
    table = TABLES[reader.table]
    known = ""
    for column in table.columns:
        if column.kind == "date" and column.name in reader.frame:
            _read_days(reader, column.name, known)
            known = known or column.name


def _read_days(  # noqa: C901 - one column from cells to days
    reader: BlockReader, name: str, known: str
) -> None:
    cells = reader.frame[name].tolist()
    marks = reader.block.sheet.marks
    j = reader.block.columns[reader.place[name]]
    numbers = (
        {i for i, at in enumerate(reader.at) if (reader.block.rows[at], j) in marks.numbers}
        if marks.numbers
        else set()
    )
    raw = reader.block.sheet.rows
    if marks.merged:
        spread = [
            i
            for i, at in enumerate(reader.at)
            if cells[i] and not (j < len(raw[reader.block.rows[at]]) and raw[reader.block.rows[at]][j])
        ]
        reader.out.merged_days.update(
            (reader.block.sheet.name, reader.frame["\0row"].iloc[i], name) for i in spread
        )
    years, months = hints(reader)
    beside = reader.frame[known].tolist() if known else []
    found = read_days(
        cells,
        numbers=numbers,
        mac=marks.date1904,
        year=reader.options.year,
        hints=[years[at] for at in reader.at],
        months=[months[at] for at in reader.at],
        beside=[day if len(day) == 10 and day[4] == "-" else "" for day in beside],
    )
    row = reader.frame["\0row"].tolist()
    sheet = reader.block.sheet
    for i in found.spans:
        if found.days[i]:
            reader.out.leave(sheet, row[i] - 1, name, cells[i], "span of days; its first day is read")
    for how in sorted(set(found.inferred.values())):
        rows = [i for i, one in found.inferred.items() if one == how]
        reader.out.decide("year", sheet.name, name, found.days[rows[0]][:4], how, cells[rows[0]], len(rows))
    waiting = {i: why for i, why in found.open.items() if why == "year"}
    for i in waiting:
        reader.out.problems.append(problem(sheet.name, row[i], name, cells[i], NO_YEAR))
    days = [found.days[i] or cells[i] for i in range(len(cells))]
    rest = {i: why for i, why in found.open.items() if why != "year"}
    if reader.own and reader.meanings[reader.place[name]].evidence == "header":
        # The ledger's own column: what cannot be read is reported cell by cell.
        for i in waiting:
            days[i] = ""
        reader.frame[name] = days
        for i, why in rest.items():
            if FAILED.fullmatch(cells[i]):
                continue  # the error of a formula is reported as such
            reader.out.problems.append(problem(sheet.name, row[i], name, cells[i], _OPEN[why]))
            reader.frame.loc[i, name] = ""
        return
    for i in {*waiting, *rest}:
        days[i] = ""
    reader.frame[name] = days
    _leave_open_days(reader, name, cells, rest)


def _leave_open_days(reader: BlockReader, name: str, cells: Sequence[str], rest: Mapping[int, str]) -> None:
    """Leave out what is no day: the cell, or the row where a demand has no other day."""
    needed = TABLES[reader.table][name].required
    row = reader.frame["\0row"].tolist()
    gone: set[int] = set()
    for i, why in rest.items():
        reader.out.ask(reader.block.sheet.name, row[i], name, cells[i], _OPEN[why])
        reader.out.leave(reader.block.sheet, row[i] - 1, name, cells[i], _OPEN[why])
        if needed:
            gone.add(i)
    if needed:
        for i, cell in enumerate(cells):
            if not cell:
                reader.out.ask(
                    reader.block.sheet.name,
                    row[i],
                    name,
                    "",
                    "a row without a day; fill it in",
                    status="missing",
                )
                gone.add(i)
    for i in sorted(gone):
        reader.leave_row(i, f"its {name} is missing or cannot be read")
    reader.keep([i not in gone for i in range(len(reader.frame))])


def hints(reader: BlockReader) -> tuple[list[set[int]], list[int | None]]:
    """Years and month that section, titles, sheet, file and source speak of, for each row of the block."""
    sheet = reader.block.sheet
    titles = [one for one in reader.block.titles if not SIGNED.match(one)]
    filled = [one for one in reader.block.titles if SIGNED.match(one)]
    general = next(
        (
            years
            for texts in (titles, [sheet.name], [sheet.file], [reader.source], filled)
            if (years := set().union(*map(years_in, texts)))
        ),
        set(),
    )
    month = next((found for text in (sheet.name, *titles, sheet.file) if (found := month_in(text))), None)
    by_row = [years_in(section) or general for section in reader.block.sections]
    return by_row, [month_in(section) or month for section in reader.block.sections]


def _key(word: str) -> str:
    return word.strip().casefold()
