"""Read the states, days and yes/no answers of one block's rows."""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING, Final

from liaison_analysis._messages import marked, message
from liaison_analysis.errors import problem
from liaison_analysis.ledger.day_columns import read_days
from liaison_analysis.ledger.days import dated_name, month_in, of_republic, range_in, read_day, years_in
from liaison_analysis.ledger.legends import states_by_sign
from liaison_analysis.ledger.progress_logs import latest_entry
from liaison_analysis.ledger.records import own_name
from liaison_analysis.ledger.row_kinds import SIGNED
from liaison_analysis.ledger.schema import TABLES
from liaison_analysis.ledger.spoken import spoken_name
from liaison_analysis.ledger.states import state_words, status_of
from liaison_analysis.ledger.validation import FAILED

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from liaison_analysis.ledger.block_reading import BlockReader

NO_YEAR: Final = marked("day without a year; give the year (year=2022, --year 2022) or write 2022-06-15")
_OPEN: Final = {
    "year": NO_YEAR,
    "month": marked("day without a month; write it as 2022-06-15"),
    "order": marked("day and month may be exchanged; write it as 2022-06-15"),
    "zero": marked("may have lost a zero (6.1 for 6.10); write it as 2022-06-15"),
    "part": marked("month or year without a day; write it as 2022-06-15"),
    "unread": marked("not a date between 1900 and 2100; write it as 2022-03-31, 2022/3/31 or 2022年3月31日"),
}


# Words for yes and no of one column, besides those that hold for all; blank where somebody gave no answer.
_ANSWERS: Final = {
    "satisfied": {
        "是": "满意|非常满意|很满意|十分满意|比较满意|较满意|基本满意|企业满意|企业表示满意|好评|好",
        "否": "不满意|非常不满意|很不满意|不太满意|较不满意|企业不满意|差评|差|很差",
        "": "一般|未评价|未作评价|暂未评价|待评价|未回访|待回访|不予评价|无评价|/|-|—|——|无|暂无|中立|不清楚",
    },
    "in_remit": {
        "是": "属于|职责内|职责范围内|范围内|本级|属本级|属于本级|属于职责范围|本单位|属于本单位",
        "否": "不属于|非|职责外|职责范围外|范围外|非本级|上级|不属于职责范围|不在职责范围|非本单位",
        "": "/|-|—|待定|待核实|不确定",
    },
    "reopened": {"是": "重办|已重办|重新办理", "否": "未重办|无需重办", "": "/|-|—"},
}
# What programs write in cells without a value.
_NOT_A_VALUE: Final = ("nan", "NaN", "NaT", "null", "NULL", "None", "<NA>", "N/A")
_YES_OR_NO: Final = frozenset({"是", "否", "true", "false", "yes", "no", "y", "n", "1", "0", ""})
# A day beside a state in one cell, and the column that it belongs to: 已办结（6月20日）.
_DAY_BESIDE: Final = re.compile(
    r"(?:\d{4}\s*[-./年]\s*\d{1,2}\s*[-./月]\s*\d{1,2}\s*[日号]?|\d{1,2}\s*月\s*\d{1,2}\s*[日号]|"
    r"(?<![\d.])\d{1,2}[./]\d{1,2}(?![\d.%]))"
)
_LEADING_DAY: Final = re.compile(rf"^{_DAY_BESIDE.pattern}\s*[,，:：、]?\s*")
_WITH_YEAR: Final = re.compile(r"^\d{4}")
_CODE: Final = re.compile(r"(?<![0-9A-Za-z])([0-9A-Da-d])\s*[.、:=-]?\s*([\u4e00-\u9fff]{2,8})")
_DAY_OF_STATE: Final = {"settled": "settled_on", "fed back": "fed_back_on", "assigned": "assigned_on"}
# Headers of a day that may be the one by which a demand is to be settled.
_DEADLINE_TOO: Final = re.compile(r"^(完成|办理|解决|落实|整改)(时间|日期|日)$")
_OPEN_STATES: Final = frozenset({"collected", "assigned", "solving"})
_CLOSED_STATES: Final = frozenset({"settled", "fed back"})
# Headers whose answer says that a demand is settled; 是否答复 and 是否销号 say less or more than that.
_SETTLES: Final = re.compile(
    r"办结|解决|完成|落实|化解|闭环|结案|完结|办毕|办理完毕|整改|清零|resolved|solved|closed"
)


def read_answers(reader: BlockReader) -> None:
    """Read words for yes and no, such as 非常满意 or 不属于; longer answers are also kept as written."""
    for column, words in _ANSWERS.items():
        if column not in reader.frame or column not in reader.place:
            continue
        known = {one: answer for answer, some in words.items() for one in some.split("|")}
        known |= dict.fromkeys(_NOT_A_VALUE, "")
        written = reader.frame[column].tolist()
        plain = [unicodedata.normalize("NFKC", cell).strip(" 。.!") for cell in written]
        answers = [known.get(cell, raw) for cell, raw in zip(plain, written, strict=True)]
        if answers == written:
            continue
        if any(cell.casefold() not in _YES_OR_NO for cell in plain):
            name = "原" + own_name(reader.block.headers[reader.place[column]], "demands")
            if name not in reader.frame:
                reader.frame[name] = written
        reader.frame[column] = answers


def states_explained(reader: BlockReader) -> dict[str, str]:
    """States by the codes or signs that a header, its comment or a note explains: 办理状态（1已办结）."""
    j = reader.place.get("status")
    header = "" if j is None else unicodedata.normalize("NFKC", reader.block.headers[j])
    place = (reader.block.header, -1 if j is None else reader.block.columns[j])
    comment = unicodedata.normalize("NFKC", reader.block.sheet.marks.comments.get(place, ""))
    for text in (header.partition("(")[2], comment):
        found = {code.casefold(): status_of(word, exact=True) for code, word in _CODE.findall(text)}
        known = {code: state for code, state in found.items() if state}
        if len(found) > 1 and len(known) == len(found):
            return known
    return states_by_sign(reader.block.sheet)


def _take_days_beside(reader: BlockReader, written: list[str], status: Sequence[str]) -> None:
    """Take the day that stands in the cell of a state, where its own column is blank."""
    words = state_words()
    # Days that have no year of their own take it from another day of the row.
    dated = any(column in reader.frame for column in ("raised_on", "assigned_on"))
    columns: dict[str, list[str]] = {}
    for i, (cell, state) in enumerate(zip(written, status, strict=True)):
        column = _DAY_OF_STATE.get(state)
        if not column or not any(c.isdigit() for c in cell):
            continue
        plain = unicodedata.normalize("NFKC", cell)
        if (entry := latest_entry(cell)) and (dated or _WITH_YEAR.match(entry[0])):
            plain = " ".join(entry)
        days = _DAY_BESIDE.findall(plain)
        if len(days) != 1:
            continue
        rest = _DAY_BESIDE.sub("", plain)
        rest = re.sub(r"[\s()\[\]。.,，:：;；于在日期时间]", "", rest)
        if words.get(rest) != state:
            continue
        if column not in columns:
            held = column in reader.frame
            columns[column] = reader.frame[column].tolist() if held else [""] * len(written)
        columns[column][i] = columns[column][i] or days[0]
    for column, cells in columns.items():
        reader.frame[column] = cells


def _keep_deadlines(reader: BlockReader) -> None:
    """Keep days under their own header where open demands have them as well: they are deadlines."""
    j = reader.place.get("settled_on")
    if j is None or "settled_on" not in reader.frame:
        return
    header = own_name(reader.block.headers[j], "demands")
    if not _DEADLINE_TOO.match(header):
        return
    is_open = reader.frame["status"].isin(_OPEN_STATES)
    n = int((is_open & reader.frame["settled_on"].ne("")).sum())
    if n < 2 or 2 * n < int(is_open.sum()):
        return
    reader.frame = reader.frame.rename(columns={"settled_on": header})
    del reader.place["settled_on"]
    why = "open demands have such days too: a deadline, kept under its own header"
    reader.out.decide("header", reader.block.sheet.name, header, "", why, n=len(reader.frame))


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
    settles = bool(done and _SETTLES.search(done.casefold()))
    words = states_explained(reader) | {_key(word): state for word, state in reader.options.states.items()}
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
    row_of = reader.frame["\0row"].tolist()
    asked = {
        (one["sheet"], one["row"], one["written"]) for one in reader.out.review if one["column"] == "status"
    }
    for i, (cell, flag) in enumerate(zip(written, flags, strict=True)):
        entry = latest_entry(cell) if cell else None
        plain = entry[1] if entry else _LEADING_DAY.sub("", cell)
        found = words.get(_key(cell)) or (status_of(plain or cell) if cell else None)
        by = cell
        if found is None and flag:
            found, by = words.get(_key(flag)) or status_of(flag), flag
        row = int(row_of[i])
        if found and flag and settles and by == cell:
            found = _beside_answer(reader, i, found, cell, flag, words.get(_key(flag)) or "", done)
        if found is None and cell and not strict and (reader.block.sheet.name, row, cell) not in asked:
            asked.add((reader.block.sheet.name, row, cell))
            reader.out.ask(
                reader.block.sheet.name,
                row,
                "status",
                cell,
                message("state not understood; say which state of the ledger it is"),
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
    _keep_deadlines(reader)
    if not strict:
        _take_days_beside(reader, kept, status)
    for (word, meaning), rows in seen.items():
        if word:
            evidence = "mapping" if _key(word) in words else "known word" if meaning else "not understood"
            reader.out.decide("state", reader.block.sheet.name, word[:60], meaning, evidence, n=len(rows))


def _beside_answer(  # noqa: PLR0917 - one state and all that may change it
    reader: BlockReader, i: int, state: str, cell: str, flag: str, given: str, header: str
) -> str:
    """State of a demand beside an answer to 是否办结; what contradicts is asked about."""
    answer = given or status_of(flag, exact=True)
    if not answer:
        return state
    state, contradicts = _by_answer(state, answer, whole=status_of(cell, exact=True) is not None)
    if contradicts:
        why = message("{header} says {flag!r}; say which state is right", header=header, flag=flag)
        reader.ask(i, "status", cell, why, status="contradicts")
    return state


def _by_answer(state: str, answer: str, *, whole: bool) -> tuple[str, bool]:
    """State of a demand whose words and whose answer to 是否办结 are both given, and whether they contradict.

    A sentence about the progress may be older than the answer to 是否办结, and does not settle a demand that
    is said to be open (已电话答复). ``whole`` says that the cell has nothing but the word of a state, which
    stays; where it is 已办结 and the answer is no, they contradict.
    """
    if answer in _OPEN_STATES and state in _CLOSED_STATES:
        return (state, state == "settled") if whole else ("solving", False)
    if answer in _CLOSED_STATES and state in _OPEN_STATES:
        return (state, True) if whole else (answer, False)
    return state, False


def read_all_days(reader: BlockReader) -> None:
    """Read every column of days; the first one helps to find the year of the others."""
    table = TABLES[reader.table]
    known = ""
    columns = [one.name for one in table.columns if one.kind == "date" and one.name in reader.frame]
    republic = any(of_republic(reader.frame[column].tolist()) for column in columns)
    for column in columns:
        _read_days(reader, column, known, republic=republic)
        known = known or column


def _read_days(  # noqa: C901 - one column from cells to days
    reader: BlockReader, name: str, known: str, *, republic: bool
) -> None:
    cells = reader.frame[name].tolist()
    marks = reader.block.sheet.marks
    place = reader.place.get(name)
    # A day that stood in the cell of a state has no column of its own.
    j = -1 if place is None else reader.block.columns[place]
    numbers = (
        {i for i, at in enumerate(reader.at) if (reader.block.rows[at], j) in marks.numbers}
        if marks.numbers
        else set()
    )
    raw = reader.block.sheet.rows
    if marks.merged and place is not None:
        spread = [
            i
            for i, at in enumerate(reader.at)
            if cells[i] and not (j < len(raw[reader.block.rows[at]]) and raw[reader.block.rows[at]][j])
        ]
        reader.out.merged_days.update(
            (reader.block.sheet.name, reader.frame["\0row"].iloc[i], name) for i in spread
        )
    years, months, span = hints(reader)
    beside = reader.frame[known].tolist() if known else []
    found = read_days(
        cells,
        numbers=numbers,
        mac=marks.date1904,
        year=reader.options.year,
        hints=[years[at] for at in reader.at],
        months=[months[at] for at in reader.at],
        span=span,
        beside=[day if len(day) == 10 and day[4] == "-" else "" for day in beside],
        republic=republic,
    )
    row = reader.frame["\0row"].tolist()
    sheet = reader.block.sheet
    for i in found.spans:
        if found.days[i]:
            reader.leave(i, name, cells[i], message("span of days; its first day is read"))
    for how in sorted(set(found.inferred.values())):
        rows = [i for i, one in found.inferred.items() if one == how]
        reader.out.decide("year", sheet.name, name, found.days[rows[0]][:4], how, cells[rows[0]], len(rows))
    waiting = {i: why for i, why in found.open.items() if why == "year"}
    rest = {i: why for i, why in found.open.items() if why != "year"}
    if reader.options.open_years:
        _ask_year(reader, name, cells, waiting)
        waiting = {}
    for i in waiting:
        reader.out.problems.append(problem(sheet.name, row[i], name, cells[i], message(NO_YEAR)))
    days = [found.days[i] or ("" if found.open.get(i) == "year" else cells[i]) for i in range(len(cells))]
    if reader.own and place is not None and reader.meanings[place].evidence == "header":
        # The ledger's own column: what cannot be read is reported cell by cell.
        reader.frame[name] = days
        for i, why in rest.items():
            if FAILED.fullmatch(cells[i]):
                continue  # a formula error is reported as such
            remedy = _OPEN[why]
            reader.out.problems.append(problem(sheet.name, row[i], name, cells[i], message(remedy)))
            reader.frame.loc[i, name] = ""
        return
    for i in rest:
        days[i] = ""
    reader.frame[name] = days
    _leave_open_days(reader, name, cells, rest)


def _keep_words(reader: BlockReader, cells: Sequence[str], rest: Mapping[int, str]) -> None:
    """Keep the text of an incomplete day of a demand, such as 2022年6月, in a column beside the blank day."""
    place = reader.place.get("raised_on")
    header = spoken_name("raised_on") if place is None else own_name(reader.block.headers[place], "demands")
    name = "原" + (header or spoken_name("raised_on"))
    reader.frame["\0row"].tolist()
    for i, why in rest.items():
        if why != "year":
            remedy = _OPEN[why]
            reader.ask(i, "raised_on", cells[i], message(remedy))
    before = reader.frame[name].tolist() if name in reader.frame else [""] * len(cells)
    reader.frame[name] = [
        cell if i in rest else old for i, (cell, old) in enumerate(zip(cells, before, strict=True))
    ]


def _ask_year(reader: BlockReader, name: str, cells: Sequence[str], waiting: Mapping[int, str]) -> None:
    """Ask for unknown years of days: the days stay blank, and the cells are kept as written."""
    _sheet, _row = reader.block.sheet, reader.frame["\0row"].tolist()
    for i in waiting:
        reader.ask(i, name, cells[i], message(NO_YEAR), status="year")
        if name != "raised_on":
            reader.leave(i, name, cells[i], message(NO_YEAR))
    if waiting and name == "raised_on":
        _keep_words(reader, cells, waiting)


def _leave_open_days(reader: BlockReader, name: str, cells: Sequence[str], rest: Mapping[int, str]) -> None:
    """Leave out what is not a day: the cell, and the row of a visit; a demand stays, the text beside it."""
    if name == "raised_on":
        if rest:
            _keep_words(reader, cells, rest)
        return
    needed = TABLES[reader.table][name].required
    reader.frame["\0row"].tolist()
    gone: set[int] = set()
    for i, why in rest.items():
        remedy = _OPEN[why]
        reader.ask(i, name, cells[i], message(remedy))
        reader.leave(i, name, cells[i], message(remedy))
        if needed:
            gone.add(i)
    if needed:
        for i, cell in enumerate(cells):
            if not cell:
                reader.ask(i, name, "", message("a row without a day; fill it in"), status="missing")
                gone.add(i)
    for i in sorted(gone):
        reader.leave_row(i, message("its {name} is missing or cannot be read", name=spoken_name(name)))
    reader.keep([i not in gone for i in range(len(reader.frame))])


def hints(reader: BlockReader) -> tuple[list[set[int]], list[int | None], tuple[int, int] | None]:
    """Years and month that section, titles, sheet, file and source mention, for each row of the block.

    Also the first and last month of them, where these lie in two years: of a title such as
    2021年12月-2022年1月, or the year before the day on which the sheet was filled in.
    """
    sheet = reader.block.sheet
    titles = [unicodedata.normalize("NFKC", one) for one in reader.block.titles]
    filled = [one for one in titles if SIGNED.match(one)] or _signed_below(reader)
    titles = [one for one in titles if not SIGNED.match(one)]
    general: set[int] = set()
    name = dated_name(sheet.name)
    for texts in (titles, [name], [sheet.heading], [sheet.file], [reader.source]):
        general = set().union(*map(years_in, texts))
        if general:
            break
    span = next((found for text in (*titles, sheet.name) if (found := range_in(text))), None)
    if not general:
        general = set().union(*map(years_in, filled))
        day = _DAY_BESIDE.search(filled[0]) if len(filled) == 1 else None
        filled_on = read_day(day[0]) if day else None
        if filled_on and filled_on.year and filled_on.month:
            last = filled_on.year * 12 + filled_on.month - 1
            general, span = {filled_on.year - 1, filled_on.year}, (last - 11, last)
    if not general and reader.options.year_of_titles is not None:
        general = {reader.options.year_of_titles}
    month = next((one for text in (name, *titles, sheet.file) if (one := month_in(text))), None)
    by_row = [years_in(section) or general for section in reader.block.sections]
    return by_row, [month_in(section) or month for section in reader.block.sections], span


def _signed_below(reader: BlockReader) -> list[str]:
    """Give the one cell below the table that says on which day it was filled in: 填报日期：2024年6月12日."""
    last = max(reader.block.rows, default=0)
    cells = [
        unicodedata.normalize("NFKC", cell) for row in reader.block.sheet.rows[last + 1 :] for cell in row
    ]
    found = [
        cell
        for cell in cells
        if SIGNED.match(cell) and (day := _DAY_BESIDE.search(cell)) and _WITH_YEAR.match(day[0])
    ]
    return found if len(found) == 1 else []


def _key(word: str) -> str:
    return word.strip().casefold().replace("_", " ")
