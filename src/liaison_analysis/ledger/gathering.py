"""Gather the tables of a ledger from the blocks of its sheets, with the place of every row.

Cells of a sheet become rows of a table of the schema, further columns keep their own header, and cells that
cannot be placed are left out with the reason. Nothing is validated here.
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

import pandas as pd

from liaison_analysis._messages import message
from liaison_analysis.errors import problem
from liaison_analysis.ledger.block_reading import read_block
from liaison_analysis.ledger.block_rows import BlockRows
from liaison_analysis.ledger.cells import one_line
from liaison_analysis.ledger.forms import NOTE_OF_FORM, upright
from liaison_analysis.ledger.headers import NAME_COLUMNS, Meaning, meaning_of
from liaison_analysis.ledger.joining import join_by_number, joined_lists, keys_of
from liaison_analysis.ledger.layout import Block, find_blocks, head_by_look
from liaison_analysis.ledger.legends import states_of_codes
from liaison_analysis.ledger.records import FILE, PLACE, ROW, SHEET, Gathered, Options, own_name
from liaison_analysis.ledger.repeated_demands import counted_once
from liaison_analysis.ledger.reshaping import reshaped
from liaison_analysis.ledger.schema import TABLES, header_key, table_of
from liaison_analysis.ledger.sheet_names import SheetNames, with_year_of_titles
from liaison_analysis.ledger.table_choice import Chosen, choose_table, is_own_layout, with_register_of_names
from liaison_analysis.ledger.tables import masked_columns
from liaison_analysis.ledger.visit_rows import visits_in
from liaison_analysis.text import asks_nothing

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from liaison_analysis.ledger.sheets import Sheet
    from liaison_analysis.privacy import Masker


# A note that says what colours stand for: 绿色为已办结，黄色为正在办理.
_COLOURS: Final = re.compile(
    r"[红黄绿蓝橙灰紫]色?[^，,。；;]{0,8}(办结|完成|办理|推进|解决|超期|逾期|答复|落实|处理)"
)
# Rows of the shortest log, share of its demands that stand there again (judgement), and open states.
_FEWEST_OF_LOG: Final = 4
_LOG_SHARE: Final = 0.5
_OPEN: Final = frozenset({"collected", "assigned", "solving"})
# A header that names requests, and characters of one; judgement.
_OF_REQUESTS: Final = re.compile(r"(?:诉求|需求|困难|问题)\s*(?:[(（].*[)）])?$")
_SHORTEST_TEXT: Final = 4
# Column of the enterprise in visits read out of demands, and how many columns they have.
_VISITED: Final = "走访企业"
_N_KEY: Final = 3


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
    options = replace(options, states={**states_of_codes(sheets), **options.states})
    found: list[Chosen] = []
    for given in sheets:
        sheet, form = upright(given)
        blocks, left = find_blocks(sheet)
        for one in left:
            out.leave(sheet, sheet.place(one.row), "", one.value.removeprefix(NOTE_OF_FORM), one.why)
        if form:
            out.decide("sheet", sheet.name, sheet.name, form, "labels beside their values", n=len(blocks))
            _leave_comments(given, set(), out)
        shaped = [one for block in blocks for one in reshaped(block, out)]
        found += [_chosen(block, options) for block in shaped]
        _leave_comments(sheet, {block.header for block in blocks}, out)
    found = join_by_number(with_register_of_names(found), options, out)
    visits: list[pd.DataFrame] = []
    names = SheetNames(found, out)
    options = with_year_of_titles(options, found, out, sheets)
    # In the schema's order, so that numbers of masks do not depend on the order of sheets.
    for block, table, meanings in sorted(found, key=lambda one: order.get(one[1] or "", len(order))):
        if table is None:
            _leave_block(block, out)
        else:
            done = _gather_block(block, table, meanings, source, options, masker, out)
            if table == "demands":
                visits += _visits(block, meanings, source, options, masker)
                names.add_to(done, block)
            pieces.setdefault(table, []).append(done)
    if visits and "visits" not in pieces:
        _add_visits(pieces, visits, out)
    _ask_about_colours(pieces.get("demands", ()), out)
    _ask_about_log(pieces.get("demands", ()), out)
    if pieces.get("demands"):
        pieces["demands"] = counted_once(joined_lists(pieces["demands"], out), out)
    for name in [one for one in TABLES if one in pieces]:
        frames = pieces[name]
        columns = list(dict.fromkeys(column for frame in frames for column in frame.columns))
        filled = [frame.reindex(columns=columns, fill_value="") for frame in frames]
        out.texts[name] = pd.concat(filled, ignore_index=True) if len(filled) > 1 else filled[0]
    return out


def _chosen(block: Block, options: Options) -> Chosen:
    """Choose the table of a block; columns without a header get one by what they mean."""
    table, meanings = choose_table(block, options)
    head_by_look(block, meanings)
    return block, table, meanings


def _ask_about_colours(demands: Sequence[pd.DataFrame], out: Gathered) -> None:
    """Ask about states that are shown only by colours of cells, which are not read."""
    legends = [one for one in out.left_out if _COLOURS.search(one["value"])]
    for one in legends:
        rows = [frame for frame in demands if one["sheet"] in set(frame[SHEET])]
        if rows and not any("status" in frame and frame["status"].ne("").any() for frame in rows):
            why = message(
                "states are shown only by colours, which are not read; write them in a column 办理状态"
            )
            out.ask(one["sheet"], one["row"], "status", one["value"], why, status="missing")


def _ask_about_log(demands: Sequence[pd.DataFrame], out: Gathered) -> None:
    """Ask about a list in which most demands stand again with a later state: a log of their progress."""
    for frame in demands:
        if not {"text", "status"} <= set(frame.columns) or len(frame) < _FEWEST_OF_LOG:
            continue
        rows: dict[tuple[str, str], list[int]] = {}
        for i, key in enumerate(keys_of(frame)):
            rows.setdefault(key, []).append(i)
        states = frame["status"].tolist()
        later = [
            some[1]
            for (name, _), some in rows.items()
            if name and len(some) > 1 and states[some[0]] in _OPEN and states[some[-1]] not in {*_OPEN, ""}
        ]
        if len(later) > 1 and len(later) >= _LOG_SHARE * len(rows):
            why = message(
                "stands above in an earlier state, as do {n} in all, and is counted twice; "
                "keep one row of each if this is a log of their progress",
                n=len(later),
            )
            place = frame.iloc[later[0]]
            out.ask(place[SHEET], int(place[ROW]), "text", place["text"], why, status="repeated")


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
    rows = BlockRows(
        block, "visits", meanings, frame, own=False, source=source, options=options, out=Gathered()
    )
    read = read_block(rows)
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
    own = is_own_layout(table, meanings)
    out.own[table] = out.own.get(table, True) and own
    named = {
        name: own_name(block.headers[j], table)
        for j, m in meanings.items()
        if (name := NAME_COLUMNS.get(m.column))
    }
    if table == "demands" and "enterprise_id" in frame and "enterprise_id" in named:
        out.beside_ids = named["enterprise_id"]
    named = {name: column for name, column in named.items() if name not in frame}
    _note_headers(block, meanings, out)
    if table == "demands" and not own:
        _ask_about_other_texts(block, meanings, out)
    rows = BlockRows(block, table, meanings, frame, own=own, source=source, options=options, out=out)
    done = read_block(rows)
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


def _ask_about_other_texts(block: Block, meanings: Mapping[int, Meaning], out: Gathered) -> None:
    """Ask about a second column of demands: it may say more of them, or hold demands of its own."""
    text = next((j for j, meaning in meanings.items() if meaning.column == "text"), None)
    if text is None:
        return
    for j, header in enumerate(block.headers):
        meaning = meaning_of(header, "demands") if header and j not in meanings else None
        of_texts = j not in meanings and (meaning is None or meaning.column == "text")
        if not of_texts or not _OF_REQUESTS.search(header) or (block.written and not block.written[j]):
            continue
        others = [
            i
            for i, (cell, other) in enumerate(zip(block.cells[text], block.cells[j], strict=True))
            if cell and len(other) >= _SHORTEST_TEXT and other not in cell and not asks_nothing(other)
        ]
        if others:
            why = message(
                "column {column} names requests too and is kept beside the demand in {n} rows; "
                "write a row for each that is a demand of its own",
                column=one_line(header),
                n=len(others),
            )
            row = block.sheet.place(block.rows[others[0]]) + 1
            out.ask(block.sheet.name, row, "text", block.cells[j][others[0]], why, status="part")


def _refuse_twice(block: Block, table: str, meanings: Mapping[int, Meaning], out: Gathered) -> None:
    """Report two columns of one meaning, in a table under the schema's own headers."""
    known = TABLES[table].headers()
    used = {m.column for m in meanings.values()}
    for j, header in enumerate(block.headers):
        column = known.get(header_key(header)) if header else None
        if column in used and j not in meanings and any(block.cells[j]):
            reason = message("a second column of this meaning; keep one")
            out.problems.append(problem(block.sheet.name, block.header + 1, str(column), header, reason))


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
        FILE: block.sheet.file,
        SHEET: block.sheet.name,
        ROW: [block.sheet.place(i) + 1 for i in block.rows],
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
