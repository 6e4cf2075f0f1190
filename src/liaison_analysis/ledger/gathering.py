"""Gather the tables of a ledger from the blocks of its sheets, with the place of every row.

Cells of a sheet become rows of a table of the schema, further columns keep their own header, and cells that
cannot be placed are left out with the reason. Nothing is validated here.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

import pandas as pd

from liaison_analysis._messages import message
from liaison_analysis.errors import problem
from liaison_analysis.ledger.block_reading import BlockReader
from liaison_analysis.ledger.cells import one_line
from liaison_analysis.ledger.days import read_day, years_in
from liaison_analysis.ledger.forms import NOTE_OF_FORM, upright
from liaison_analysis.ledger.headers import (
    FIRM_NAME,
    NAME_COLUMNS,
    OFFICE_NAME,
    Meaning,
    column_meanings,
    is_known,
    meaning_of,
)
from liaison_analysis.ledger.joining import joined_lists, keys_of
from liaison_analysis.ledger.layout import Block, find_blocks
from liaison_analysis.ledger.records import PLACE, Gathered, Options, own_name
from liaison_analysis.ledger.reshaping import PLACE_NAME, TOWN, reshaped
from liaison_analysis.ledger.row_kinds import SIGNED
from liaison_analysis.ledger.schema import TABLES, header_key, table_of
from liaison_analysis.ledger.tables import masked_columns
from liaison_analysis.ledger.visit_rows import visits_in

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from liaison_analysis.ledger.sheets import Sheet
    from liaison_analysis.privacy import Masker


def gather(sheets: Sequence[Sheet], source: str, options: Options, masker: Masker | None) -> Gathered:
    """Gather the tables of all sheets.

    Parameters
    ----------
    sheets
        As ``read_sheets`` gives them.
    source
        Name of the file or folder: its year is a hint.
    options
        The caller's year and meanings.
    masker
        Masks every cell before it is used; None where nothing is masked.
    """
    out = Gathered()
    pieces: dict[str, list[pd.DataFrame]] = {}
    order = {name: i for i, name in enumerate(TABLES)}
    found: list[tuple[Block, str | None, dict[int, Meaning]]] = []
    for given in sheets:
        sheet, form = upright(given)
        blocks, left = find_blocks(sheet)
        for one in left:
            out.leave(sheet, sheet.place(one.row), "", one.value.removeprefix(NOTE_OF_FORM), one.why)
        if form:
            out.decide("sheet", sheet.name, sheet.name, form, "labels beside their values", n=len(blocks))
            _leave_comments(given, set(), out)
        shaped = [one for block in blocks for one in reshaped(block, out)]
        found += [(block, *choose_table(block, options)) for block in shaped]
        _leave_comments(sheet, {block.header for block in blocks}, out)
    found = _with_register_of_names(found)
    visits: list[pd.DataFrame] = []
    lists = [(block, meanings) for block, table, meanings in found if table == "demands"]
    towns = _towns_by_sheet([block for block, _ in lists], found)
    offices = _offices_by_sheet(lists)
    _ask_about_offices(offices, lists, out)
    options = _with_year_of_titles(options, lists, out)
    # In the schema's order, so that numbers of masks do not depend on the order of sheets.
    for block, table, meanings in sorted(found, key=lambda one: order.get(one[1] or "", len(order))):
        if table is None:
            _leave_block(block, out)
        else:
            done = _gather_block(block, table, meanings, source, options, masker, out)
            if table == "demands":
                visits += _visits(block, meanings, source, options, masker)
                _add_town(done, block, towns, out)
                _add_office(done, block, offices, out)
            pieces.setdefault(table, []).append(done)
    if visits and "visits" not in pieces:
        _add_visits(pieces, visits, out)
    _ask_about_colours(pieces.get("demands", ()), out)
    if len(pieces.get("demands", ())) > 1:
        pieces["demands"] = joined_lists(pieces["demands"], out)
        _ask_about_repeated(pieces["demands"], out)
    for name in [one for one in TABLES if one in pieces]:
        frames = pieces[name]
        columns = list(dict.fromkeys(column for frame in frames for column in frame.columns))
        filled = [frame.reindex(columns=columns, fill_value="") for frame in frames]
        out.texts[name] = pd.concat(filled, ignore_index=True) if len(filled) > 1 else filled[0]
    return out


# A note that says what colours stand for: 绿色为已办结，黄色为正在办理.
_COLOURS: Final = re.compile(
    r"[红黄绿蓝橙灰紫]色?[^，,。；;]{0,8}(办结|完成|办理|推进|解决|超期|逾期|答复|落实|处理)"
)


def _ask_about_colours(demands: Sequence[pd.DataFrame], out: Gathered) -> None:
    """Ask about states that are shown only by colours of cells, which are not read."""
    legends = [one for one in out.left_out if _COLOURS.search(one["value"])]
    for one in legends:
        rows = [frame for frame in demands if one["sheet"] in set(frame["\0sheet"])]
        if rows and not any("status" in frame and frame["status"].ne("").any() for frame in rows):
            why = message(
                "states are shown only by colours, which are not read; write them in a column 办理状态"
            )
            out.ask(one["sheet"], one["row"], "status", one["value"], why, status="missing")


def _with_register_of_names(
    found: list[tuple[Block, str | None, dict[int, Meaning]]],
) -> list[tuple[Block, str | None, dict[int, Meaning]]]:
    """Take a sheet with only names of firms as the register, where there is no other."""
    if any(table == "enterprises" for _, table, _ in found):
        return found
    alone = [i for i, (block, table, _) in enumerate(found) if table is None and _holds_names(block)]
    if len(alone) != 1:
        return found
    block = found[alone[0]][0]
    meanings = column_meanings(block.headers, block.cells, "enterprises")
    return [(block, "enterprises", meanings) if i == alone[0] else one for i, one in enumerate(found)]


def _holds_names(block: Block) -> bool:
    """Whether a table has names of enterprises under their header, and numbers or contacts at most beside."""
    meanings = column_meanings(block.headers, block.cells, "enterprises")
    filled = {j for j, cells in enumerate(block.cells) if any(cells)}
    names = [cell for j, m in meanings.items() if m.column == "name" for cell in block.cells[j] if cell]
    beside = {meanings[j].column if j in meanings else "" for j in filled} - {
        "name",
        "number",
        "note",
        "contact",
    }
    firms = sum(bool(FIRM_NAME.search(one_line(name))) for name in names)
    return bool(names) and not beside and firms >= _FIRMS * len(names)


# Share of the names in a list that end as those of firms do; judgement.
_FIRMS: Final = 0.8


def _add_town(done: pd.DataFrame, block: Block, towns: set[str], out: Gathered) -> None:
    name = block.sheet.name
    if name in towns:
        done[TOWN] = name
        out.decide("header", name, name, "town", "name of the sheet", n=len(done))


def _offices_by_sheet(lists: Sequence[tuple[Block, dict[int, Meaning]]]) -> dict[str, str]:
    """Departments that sheets are named after, and the column that they go to.

    Where several sheets of demands without a department are each named as one is, their titles say whether it
    is the one that handles the demands (承办, 责任); otherwise the name stays in a column of its own.
    """
    names = {block.sheet.name for block, _ in lists}
    has_owner = any(m.column == "owner" for _, meanings in lists for m in meanings.values())
    if len(names) < 2 or has_owner or not all(map(OFFICE_NAME.search, names)):
        return {}
    return {
        block.sheet.name: "owner" if any(map(_HANDLES.search, block.titles)) else OFFICE for block, _ in lists
    }


def _ask_about_offices(
    offices: Mapping[str, str], lists: Sequence[tuple[Block, dict[int, Meaning]]], out: Gathered
) -> None:
    """Ask whether departments that sheets are named after handle the demands, where no title says so."""
    sheets = {block.sheet.name: block for block, _ in lists}
    for name, column in offices.items():
        if column == OFFICE:
            why = message(
                "the sheet is named after a department; if it handles these demands, "
                "write it in a column 责任部门"
            )
            row = sheets[name].sheet.place(max(sheets[name].header, 0)) + 1
            out.ask(name, row, "owner", name, why, status="missing")


def _with_year_of_titles(
    options: Options, lists: Sequence[tuple[Block, dict[int, Meaning]]], out: Gathered
) -> Options:
    """Take the one year that titles of some sheets say for the days of the others, and ask about it."""
    years = [(block, set().union(*map(years_in, _titles(block)))) for block, _ in lists]
    known = set().union(*(some for _, some in years))
    without = {block.sheet.name: block for block, some in years if not some}
    if options.year is not None or len(known) != 1 or not without:
        return options
    year = next(iter(known))
    open_sheets = {name for name, block in without.items() if _has_days_without_year(block)}
    for name in open_sheets:
        why = message("no year on this sheet; {year} of another sheet's title is used", year=year)
        row = without[name].sheet.place(max(without[name].header, 0)) + 1
        out.ask(name, row, "raised_on", str(year), why, status="part")
    return replace(options, year_of_titles=year) if open_sheets else options


def _titles(block: Block) -> list[str]:
    return [*(one for one in block.titles if not SIGNED.match(one)), block.sheet.name, block.sheet.file]


def _has_days_without_year(block: Block) -> bool:
    """Whether a list of demands has days without a year, and none with one beside them."""
    found = column_meanings(block.headers, block.cells, "demands")
    days = [cell for j, one in found.items() if one.column == "raised_on" for cell in block.cells[j] if cell]
    readings = [read_day(day) for day in days]
    return any(one.open == "year" for one in readings) and not any(one.year for one in readings)


def _ask_about_repeated(demands: Sequence[pd.DataFrame], out: Gathered) -> None:
    """Ask about demands that stand on several sheets without another day: weekly lists carry open ones on."""
    first: dict[tuple[str, str, str], tuple[str, int]] = {}
    n: Counter[tuple[str, str]] = Counter()
    asked: dict[tuple[str, str], tuple[int, str]] = {}
    for frame in demands:
        if "text" not in frame or not len(frame):
            continue
        days = frame["raised_on"].tolist() if "raised_on" in frame else [""] * len(frame)
        places = zip(frame["\0sheet"], frame["\0row"], strict=True)
        for (name, text), day, (sheet, row) in zip(keys_of(frame), days, places, strict=True):
            key = (name, text, day)
            before = first.setdefault(key, (sheet, int(row)))
            if before[0] != sheet and name:
                n[before[0], sheet] += 1
                asked.setdefault((before[0], sheet), (int(row), text))
    for (earlier, sheet), (row, text) in asked.items():
        why = message(
            "stands on sheet {before!r} too with the same day, as do {n} in all, and is counted twice; "
            "delete the earlier row if it was carried on",
            n=n[earlier, sheet],
            before=earlier,
        )
        out.ask(sheet, row, "text", text, why, status="repeated")


def _add_office(done: pd.DataFrame, block: Block, offices: Mapping[str, str], out: Gathered) -> None:
    name = block.sheet.name
    column = offices.get(name)
    if column and column not in done:
        done[column] = name
        meaning = column if column == "owner" else ""
        out.decide("header", name, name, meaning, "name of the sheet", n=len(done))


def _visits(
    demands: Block,
    of_demands: dict[int, Meaning],
    source: str,
    options: Options,
    masker: Masker | None,
) -> list[pd.DataFrame]:
    """Rows of the visits that a list of demands records; what is open in them is asked for the demands."""
    recorded = visits_in(demands, of_demands)
    if recorded is None:
        return []
    block, meanings = recorded
    frame = _frame(block, "visits", meanings, masker)
    read = BlockReader(block, "visits", meanings, frame, False, source, options, Gathered()).read()  # noqa: FBT003
    columns = [column for column in read.columns if column not in PLACE]
    if len(columns) != _N_KEY:
        return []
    return [read[(read[columns] != "").all(axis=1)].rename(columns={columns[0]: _VISITED})]


def _add_visits(pieces: dict[str, list[pd.DataFrame]], visits: list[pd.DataFrame], out: Gathered) -> None:
    frame = pd.concat(visits, ignore_index=True)
    frame = frame.drop_duplicates([_VISITED, "officer_id", "visited_on"], ignore_index=True)
    if len(frame):
        pieces["visits"] = [frame]
        out.derived.add("visits")
        out.own["visits"] = False
        out.named["visits"] = {"enterprise_id": _VISITED}
        out.decide("register", "", "", "visits", "read out of the list of demands", n=len(frame))


#: Column of departments that sheets are named after, where no title says that they handle the demands.
OFFICE: Final = "工作表所属部门"
_HANDLES: Final = re.compile(r"承办|责任|牵头|主办|办理|落实|处置|整改")
# Column of the enterprise in visits read out of demands, and how many columns they have.
_VISITED: Final = "走访企业"
_N_KEY: Final = 3


def _towns_by_sheet(
    demands: Sequence[Block], found: Sequence[tuple[Block, str | None, dict[int, Meaning]]]
) -> set[str]:
    """Names of sheets that are towns: several sheets of demands without a town, each named as a place is."""
    names = {block.sheet.name for block in demands}
    has_town = any(
        (meaning := meaning_of(header, "enterprises")) is not None and meaning.column == "town"
        for block, table, _ in found
        if table in {"demands", "enterprises"}
        for header in block.headers
        if header
    )
    return names if len(names) > 1 and not has_town and all(map(PLACE_NAME.search, names)) else set()


def _leave_comments(sheet: Sheet, headers: set[int], out: Gathered) -> None:
    for (row, _), text in sheet.marks.comments.items():
        if row not in headers:  # a header's comment explains how to fill in the column
            out.leave(sheet, row, "", one_line(text), message("comment on a cell"))
    for (row, _), text in sheet.marks.partly_struck.items():
        out.leave(sheet, row, "", one_line(text), message("struck out; the rest of the cell was read"))


def _leave_block(block: Block, out: Gathered) -> None:
    sheet = block.sheet
    for j, header in enumerate(block.headers):
        unknown = message("header of a table that was not understood")
        out.leave(sheet, sheet.place(block.header), "", header, unknown)
        for i, cell in zip(block.rows, block.cells[j], strict=True):
            out.leave(sheet, sheet.place(i), header, cell, message("its table was not understood"))
    out.decide("sheet", sheet.name, sheet.name, "", "no header of a ledger's table", n=len(block.rows))


def _gather_block(  # noqa: PLR0917 - one block and all that it is read with
    block: Block,
    table: str,
    meanings: dict[int, Meaning],
    source: str,
    options: Options,
    masker: Masker | None,
    out: Gathered,
) -> pd.DataFrame:
    """Rows of one block."""
    sheet = block.sheet
    if table not in out.sheets:
        out.sheets[table], out.headers[table] = sheet.name, block.header + 1
    frame = _frame(block, table, meanings, masker)
    own = _is_own(table, meanings)
    out.own[table] = out.own.get(table, True) and own
    named = {
        name: own_name(block.headers[j], table)
        for j, m in meanings.items()
        if (name := NAME_COLUMNS.get(m.column))
    }
    named = {name: column for name, column in named.items() if name not in frame}
    _note_headers(block, meanings, out)
    done = BlockReader(block, table, meanings, frame, own, source, options, out).read()
    before = out.named.setdefault(table, {})
    for name, column in named.items():
        # Sheets may head their names differently (企业名称, 单位): one column holds them all.
        if (first := before.setdefault(name, column)) != column and first not in done:
            done = done.rename(columns={column: first})
    evidence = "name of the sheet" if table_of(sheet.name) else "headers"
    out.decide("sheet", sheet.name, sheet.name, table, evidence, n=len(done))
    if own:
        _refuse_twice(block, table, meanings, out)
    return done


def _refuse_twice(block: Block, table: str, meanings: Mapping[int, Meaning], out: Gathered) -> None:
    """Report two columns of one meaning, in a table under the schema's own headers."""
    known = TABLES[table].headers()
    used = {m.column for m in meanings.values()}
    for j, header in enumerate(block.headers):
        column = known.get(header_key(header)) if header else None
        if column in used and j not in meanings and any(block.cells[j]):
            reason = message("a second column of this meaning; keep one")
            out.problems.append(problem(block.sheet.name, block.header + 1, str(column), header, reason))


def choose_table(block: Block, options: Options) -> tuple[str | None, dict[int, Meaning]]:
    """Table that a block belongs to, by the name of its sheet and its headers, and what each column means."""
    named = table_of(block.sheet.name)
    headers = _full_headers(block)
    if named is not None:
        meanings = column_meanings(headers, block.cells, named.name, options.headers)
        if _fits(named.name, meanings) and not (named.name == "visits" and _asks(headers, block)):
            return named.name, meanings
    every = {
        name: column_meanings(headers, block.cells, name, options.headers)
        for name, table in TABLES.items()
        if not table.by_name
    }
    fit = {name: meanings for name, meanings in every.items() if _fits(name, meanings)}
    if not fit:
        return None, {}
    order = list(TABLES)

    def score(name: str) -> tuple[int, int, int]:
        own = sum(m.evidence in {"header", "mapping"} for m in fit[name].values())
        named_here = sum(
            m.column in TABLES[name].headers().values() or m.column in NAME_COLUMNS
            for m in fit[name].values()
        )
        return named_here, own, -order.index(name)

    best = max(fit, key=score)
    if "demands" in fit and best in {"enterprises", "visits"}:
        best = "demands"
    return best, fit[best]


def _asks(headers: Sequence[str], block: Block) -> bool:
    """Whether a table of visits has a column of what enterprises asked for: then its rows are demands."""
    return any(
        (meaning := meaning_of(header, "demands")) is not None and meaning.column == "text" and any(cells)
        for header, cells in zip(headers, block.cells, strict=True)
        if header
    )


def _full_headers(block: Block) -> list[str]:
    """Headers; generic ones (时间, 单位, 办结) together with their group."""
    return [_full_header(*pair) for pair in zip(block.headers, block.groups, strict=True)]


def _full_header(header: str, group: str) -> str:
    if not (group and header) or (len(one_line(header)) > _SHORT and is_known(header)):
        return header
    return next((one for one in (f"{group}{header}", f"{header}{group}") if is_known(one)), header)


#: Length up to which a header may need its group: 时间 alone may be any.
_SHORT: Final = 2


def _fits(name: str, meanings: Mapping[int, Meaning]) -> bool:
    """Whether a block has what a table needs, with names in the place of ids."""
    have = {m.column for m in meanings.values()}
    have |= {NAME_COLUMNS[column] for column in have & set(NAME_COLUMNS)}
    if name == "demands":
        looked = {m.column for m in meanings.values() if m.evidence == "look"}
        if "raised_on" not in have and not (
            have & {"enterprise_id"} and looked.isdisjoint({"text", "enterprise"})
        ):
            return False  # what has neither days nor headed names is hardly a list of demands
        return "text" in have and len(have - {"text", "number", "note"}) >= (2 if "text" in looked else 1)
    if name == "enterprises":
        return "name" in have and len(have - {"number", "note", "contact"}) >= 2
    table = TABLES[name]
    key = {table.key[0]} if name == "visits" else set()
    return set(table.required_columns) - key <= have


def _is_own(table: str, meanings: Mapping[int, Meaning]) -> bool:
    own = {m.column for m in meanings.values() if m.evidence == "header"}
    needed = {c.name for c in TABLES[table].columns if c.required and c.references != "enterprises"}
    return needed <= own


def _frame(block: Block, table: str, meanings: Mapping[int, Meaning], masker: Masker | None) -> pd.DataFrame:
    """Cells of a block as text, under the schema's names and the headers of the user's own columns."""
    schema = {column.name for column in TABLES[table].columns}
    columns: dict[str, list[str]] = {}
    for j, header in enumerate(block.headers):
        meaning = meanings.get(j)
        if meaning and meaning.column in schema:
            columns[meaning.column] = block.cells[j]
            continue
        known = header_key(header) in TABLES[table].headers() if header else False
        if known and not any(block.cells[j]):
            continue  # a blank column of the schema beside a filled one of the same meaning
        plain = own_name(header, table) or f"column_{block.columns[j] + 1}"
        plain = masker.texts([plain], block.sheet.name)[0] if masker else plain
        name, n = plain, 1
        while name in columns or (name in schema):
            n += 1
            name = f"{plain}_{n}"
        if header or any(block.cells[j]):
            columns[name] = block.cells[j]
    if masker:
        columns = masked_columns(columns, TABLES[table], block.sheet.name, masker)
    frame = pd.DataFrame(columns, index=pd.RangeIndex(len(block.rows)), dtype=object)
    places: dict[str, Any] = {
        "\0file": block.sheet.file,
        "\0sheet": block.sheet.name,
        "\0row": [block.sheet.place(i) + 1 for i in block.rows],
    }
    return frame.assign(**places)


def _note_headers(block: Block, meanings: Mapping[int, Meaning], out: Gathered) -> None:
    for j, header in enumerate(block.headers):
        if not header:
            continue
        example = next((one_line(cell) for cell in block.cells[j] if cell), "")[:40]
        meaning = meanings.get(j)
        column = "" if meaning is None else meaning.column
        evidence = "kept under its own header" if meaning is None else meaning.evidence
        written = block.written[j] if block.written else header
        if not written or (meaning is not None and header_key(written) != header_key(header)):
            evidence = "read by its cells, or made of other columns or titles"
        out.decide(
            "header",
            block.sheet.name,
            one_line(written or header),
            column,
            evidence,
            example,
            sum(map(bool, block.cells[j])),
        )
