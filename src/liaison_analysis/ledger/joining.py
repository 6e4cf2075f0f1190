"""Join lists about the same demands (问题清单 · 责任清单 · 销号清单) into one row for each demand."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from liaison_analysis._messages import message
from liaison_analysis.ledger.cells import one_line
from liaison_analysis.ledger.headers import meaning_of
from liaison_analysis.ledger.records import PLACE
from liaison_analysis.ledger.schema import header_key
from liaison_analysis.ledger.stable_ids import name_key
from liaison_analysis.ledger.table_choice import choose_table

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import pandas as pd

    from liaison_analysis.ledger.layout import Block
    from liaison_analysis.ledger.records import Gathered, Options
    from liaison_analysis.ledger.table_choice import Chosen

# Share of a list's demands that another must have before the two are one; judgement.
_SHARE: Final = 0.5
# Characters of a cell that is shown as an example.
_LONGEST_EXAMPLE: Final = 40
_, _SHEET, _ROW = PLACE


def joined_lists(pieces: Sequence[pd.DataFrame], out: Gathered) -> list[pd.DataFrame]:
    """Join lists without a day of their own to the list that has the same demands with their days.

    Parameters
    ----------
    pieces
        Demands as text, a frame a table of the file.
    out
        Takes the cells of the joined rows, and what does not go together.

    Returns
    -------
    list of DataFrame
        The frames that remain, with what the others say in blank cells and further columns.
    """
    dated = [piece for piece in pieces if "raised_on" in piece and len(piece)]
    kept: list[pd.DataFrame] = []
    for piece in pieces:
        base = None if "raised_on" in piece or "text" not in piece else _same(piece, dated)
        if base is None:
            kept.append(piece)
        else:
            _join(base, piece, out)
    return kept


def join_by_number(found: Sequence[Chosen], options: Options, out: Gathered) -> list[Chosen]:
    """Join tables that only say more about the demands of another (任务清单, 责任清单) by the demands' ids.

    Parameters
    ----------
    found
        Blocks with their table and the meanings of their columns, as ``choose_table`` gives them.
    options
        The caller's meanings of headers.
    out
        Takes the cells of the joined rows, and the question whether numbers (序号) are those of the demands.

    Returns
    -------
    list
        The blocks that remain; those of demands have the columns of the others.
    """
    kept: list[Chosen] = []
    changed: set[int] = set()
    for chosen in found:
        block, table, _ = chosen
        base = (
            next((one for one in found if one[1] == "demands" and _pairs(block, one)), None)
            if table is None
            else None
        )
        if base is None:
            kept.append(chosen)
            continue
        _add_columns(base[0], block, _pairs(block, base), out)
        changed.add(id(base[0]))
    return [
        (block, *choose_table(block, options)) if id(block) in changed else (block, table, m)
        for block, table, m in kept
    ]


def _pairs(block: Block, base: Chosen) -> dict[int, int]:
    """Row of the demand that each row of a table is about, by position; ``{}`` where ids do not tell."""
    for column in ("demand_id", "number"):
        mine = next((j for j, head in enumerate(block.headers) if head and _column(head) == column), -1)
        theirs = next((j for j, meaning in base[2].items() if meaning.column == column), -1)
        if mine < 0 or theirs < 0:
            continue
        ids, have = block.cells[mine], base[0].cells[theirs]
        places = {one: i for i, one in enumerate(have) if one}
        pairs = {i: places[one] for i, one in enumerate(ids) if one in places}
        unique = len(set(ids)) == len(ids) and len(places) == len(have)
        # 序号 counts the rows of any table: only the very same numbers are those of the demands.
        enough = pairs and (set(ids) == set(have) if column == "number" else len(pairs) == len(ids))
        if unique and enough and len(ids) > 1:
            return pairs
    return {}


def _column(header: str) -> str:
    meaning = meaning_of(header, "demands")
    return meaning.column if meaning else ""


def _add_columns(base: Block, block: Block, pairs: Mapping[int, int], out: Gathered) -> None:
    """Add the columns of a table to the demands that its rows are about."""
    have = {_column(head) or header_key(head): j for j, head in enumerate(base.headers) if head}
    for j, head in enumerate(block.headers):
        _leave_column(base, block, j, pairs, out)
        if not head or not any(block.cells[j]):
            continue
        cells = [""] * len(base.rows)
        for i, at in pairs.items():
            cells[at] = block.cells[j][i]
        column = _column(head)
        held = have.get(column or header_key(head))
        if held is None:
            base.add_column(head, cells, 0)
        elif column in {"note", "contact"} and cells != base.cells[held]:
            base.add_column(f"{head}（{block.sheet.name}）", cells, 0)
        else:
            _ask_about_other(base.cells[held], block, j, pairs, out)
            base.cells[held] = [old or new for old, new in zip(base.cells[held], cells, strict=True)]
    sheet = block.sheet
    if all(_column(head) != "demand_id" for head in block.headers if head):
        why = message(
            "joined to the demands of {sheet!r} by their numbers; check that they are the same",
            sheet=base.sheet.name,
        )
        out.ask(sheet.name, sheet.place(max(block.header, 0)) + 1, "number", sheet.name, why, status="part")
    out.decide("sheet", sheet.name, sheet.name, "demands", "same numbers as the demands", n=len(pairs))


def _leave_column(base: Block, block: Block, j: int, pairs: Mapping[int, int], out: Gathered) -> None:
    head, filled = block.headers[j], [cell for cell in block.cells[j] if cell]
    if head:
        example = one_line(filled[0])[:_LONGEST_EXAMPLE] if filled else ""
        evidence = "same numbers as the demands"
        out.decide("header", block.sheet.name, one_line(head), _column(head), evidence, example, len(filled))
    for i, cell in enumerate(block.cells[j]):
        row = base.sheet.place(base.rows[pairs[i]]) + 1
        why = message("goes with row {row} of {sheet!r}", row=row, sheet=base.sheet.name)
        out.leave(block.sheet, block.sheet.place(block.rows[i]), block.headers[j], cell, why)


def _ask_about_other(
    held: Sequence[str], block: Block, j: int, pairs: Mapping[int, int], out: Gathered
) -> None:
    """Ask about cells that the demands have otherwise."""
    head = block.headers[j]
    for i, at in pairs.items():
        old, new = held[at], block.cells[j][i]
        if old and new and old != new:
            why = message("another list has {old!r} for this demand; say which is right", old=old)
            row = block.sheet.place(block.rows[i]) + 1
            out.ask(block.sheet.name, row, _column(head) or head, new, why, status="contradicts")


def _same(piece: pd.DataFrame, dated: Sequence[pd.DataFrame]) -> pd.DataFrame | None:
    """Find the list that has most of a list's demands."""
    keys = keys_of(piece)
    for base in dated:
        have = set(keys_of(base))
        if keys and sum(key in have for key in keys) >= _SHARE * len(keys):
            return base
    return None


def keys_of(piece: pd.DataFrame) -> list[tuple[str, str]]:
    """Name of the enterprise and words of the demand, by which two lists hold the same."""
    name = next((str(column) for column in piece.columns if _means(str(column)) == "enterprise"), None)
    name = "enterprise_id" if "enterprise_id" in piece else name
    names = [name_key(one) for one in piece[name]] if name else [""] * len(piece)
    return list(zip(names, ("".join(text.split()) for text in piece["text"]), strict=True))


def is_number(column: str) -> bool:
    """Whether a column only numbers the rows of its sheet.

    Examples
    --------
    >>> is_number("序号"), is_number("诉求内容")
    (True, False)
    """
    return _means(column) == "number"


def _means(column: str) -> str:
    meaning = None if column in PLACE else meaning_of(column, "demands")
    return meaning.column if meaning else ""


def _join(base: pd.DataFrame, piece: pd.DataFrame, out: Gathered) -> None:
    places = {key: i for i, key in enumerate(keys_of(base))}
    n = 0
    rows: list[dict[str, str]] = [dict(one) for one in piece.to_dict("records")]  # type: ignore[arg-type]
    for key, row in zip(keys_of(piece), rows, strict=True):
        at = places.get(key, -1)
        if at >= 0:
            n += 1
            why = message(
                "goes with row {row} of {sheet!r}", row=base[_ROW].iloc[at], sheet=base[_SHEET].iloc[at]
            )
            fill(base, at, row, out)
        else:
            why = message("no demand of these words in the list that has the days")
            out.ask(row[_SHEET], int(row[_ROW]), "text", row["text"], why, status="unmatched")
        out.leave_row(row, why)
    other = ", ".join(sorted({repr(sheet) for sheet in base[_SHEET]}))
    out.notes.append(
        message(
            "sheet {sheet!r}: {n} rows go with demands of {other}",
            sheet=piece[_SHEET].iloc[0],
            n=n,
            other=other,
        )
    )


def fill(base: pd.DataFrame, at: int, row: Mapping[str, str], out: Gathered) -> None:
    """Put what a row says into the blank cells of its demand; what contradicts is asked about.

    Parameters
    ----------
    base
        Demands as text; the row at position ``at`` is filled.
    at
        Position of the demand.
    row
        Another row about the same demand.
    out
        Takes the questions.
    """
    for column, value in row.items():
        kept = column in PLACE or column in {"text", "enterprise_id"} or not value
        if kept or _means(column) in {"number", "enterprise", "note"}:
            continue
        if column not in base:
            base[column] = ""
        old = base[column].iloc[at]
        if not old:
            base.loc[at, column] = value
        elif old != value:
            why = message("another list has {old!r} for this demand; say which is right", old=old)
            out.ask(row[_SHEET], int(row[_ROW]), column, value, why, status="contradicts")
