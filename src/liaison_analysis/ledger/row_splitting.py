"""Several demands or products in one cell as rows of their own, and one demand in several rows as one."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from liaison_analysis._messages import message
from liaison_analysis.ledger.records import PLACE, own_name
from liaison_analysis.ledger.splitting import (
    holds_list,
    list_lengths,
    split_demands,
    split_list,
    split_products,
)
from liaison_analysis.text import read_number

if TYPE_CHECKING:
    from liaison_analysis.ledger.block_rows import BlockRows

# Columns that a row of demands may share with others in one cell.
_PARALLEL: Final = ("owner", "status", "done", "kind", "in_remit", "assigned_on", "settled_on", "fed_back_on")
# The number of a demand among those of its enterprise: （1）, 2、.
_ROW_NUMBER: Final = re.compile(
    r"^[(（](\d{1,2}|[一二三四五六七八九十])[)）]\s*(?=\D)|^(\d{1,2})[、.．]\s*(?=\D)"
)
# Mean length of texts from which a column holds letters rather than short entries; judgement.
_LETTER_LENGTH: Final = 120


def join_merged_rows(rows: BlockRows) -> None:
    """Make one demand of rows whose text is one merged cell, of the same enterprise and day."""
    marks, j = rows.block.sheet.marks, rows.place.get("text")
    if j is None or not marks.merged or "text" not in rows.frame or len(rows.frame) < 2:
        return
    column = rows.block.columns[j]
    range_of = {
        row: (top, low)
        for top, left, low, right in marks.merged
        if low > top and left <= column <= right
        for row in range(top, low + 1)
    }
    places = [range_of.get(rows.block.rows[at]) for at in rows.at]
    firm = rows.place.get("enterprise")
    same = [
        "enterprise_id",
        "raised_on",
        own_name(rows.block.headers[firm], "demands") if firm is not None else "",
    ]
    keys = rows.frame[[name for name in same if name in rows.frame]].to_numpy().tolist()
    kept, first = [True] * len(places), 0
    for i in range(1, len(places)):
        if places[i] is None or places[i] != places[first] or keys[i] != keys[first]:
            first = i
            continue
        kept[i] = False
        _put_together(rows, first, i)
    rows.keep(kept)


def _put_together(rows: BlockRows, first: int, i: int) -> None:
    """Fill the first row of a demand from a further one, whose other cells are left out."""
    for name in [one for one in rows.frame.columns if one not in PLACE]:
        old, new = rows.frame[name].iloc[first], rows.frame[name].iloc[i]
        if not new or (new == old and not _is_written(rows, name, i)):
            continue
        rows.leave(i, name, new, message("stands beside a demand of several rows"))
        if not old:
            rows.frame.loc[first, name] = new
        elif name in {"owner", "status"} and new != old:
            rows.frame.loc[first, name] = f"{old}、{new}"


def _is_written(rows: BlockRows, name: str, i: int) -> bool:
    """Whether a row has a cell of its own, not one merged with the rows above."""
    j = rows.place.get(name)
    raw = rows.block.sheet.rows[rows.block.rows[rows.at[i]]]
    column = -1 if j is None else rows.block.columns[j]
    return 0 <= column < len(raw) and bool(raw[column])


def _parallel(rows: BlockRows) -> list[str]:
    """Columns whose cells may hold a list beside several demands."""
    names = [one for one in _PARALLEL if one in rows.frame]
    return names + [
        own_name(rows.block.headers[j], "demands")
        for j, m in rows.meanings.items()
        if m.column == "done" and own_name(rows.block.headers[j], "demands") in rows.frame
    ]


def _drop_numbers(rows: BlockRows) -> None:
    """Drop numbers before demands that have a row each, where they count the demands of an enterprise."""
    texts = rows.frame["text"].tolist()
    found = [_ROW_NUMBER.match(text) for text in texts]
    if 2 * sum(map(bool, found)) < len(texts):
        return
    firm = rows.firm_column() or ("enterprise_id" if "enterprise_id" in rows.frame else "")
    firms = rows.frame[firm].tolist() if firm else [""] * len(texts)
    counted = [read_number(next(filter(None, one.groups()))) if one else 0 for one in found]
    runs = 0
    for i in range(1, len(texts)):
        goes_on = firms[i] == firms[i - 1] and counted[i - 1] and counted[i] == counted[i - 1] + 1
        if counted[i] and not (goes_on or counted[i] == 1):
            return
        runs += bool(goes_on)
    if runs and (not counted[0] or counted[0] == 1):
        rows.frame["text"] = [
            text[one.end() :] if one else text for text, one in zip(texts, found, strict=True)
        ]


def split_demand_cells(rows: BlockRows) -> None:
    """Make a row of each of several demands in one cell, with its own department, state and days."""
    if not rows.own:
        _drop_numbers(rows)
    texts = rows.frame["text"].tolist()
    length = sum(map(len, texts)) / max(1, len(texts))
    letter = length > _LETTER_LENGTH or "title" in rows.place
    parallel = _parallel(rows)
    columns = {name: rows.frame[name].tolist() for name in parallel}
    parts_of: list[list[str]] = []
    for i, text in enumerate(texts):
        counts = (
            set().union(*(list_lengths(columns[name][i]) for name in parallel)) if len(text) > 5 else set()
        )
        parts, intro = split_demands(text, counts, letter=letter, lines=not rows.own)
        parts_of.append(parts)
        if len(parts) == 1 and not letter and not rows.own and holds_list(text):
            why = message("a numbered list, kept as one demand; write a row for each if they are several")
            rows.ask(i, "text", text, why, status="unmatched")
        if intro:
            rows.leave(i, "text", intro, message("introduction to a list of demands"))
    if all(len(parts) == 1 for parts in parts_of):
        return
    at = [i for i, parts in enumerate(parts_of) for _ in parts]
    frame = rows.frame.iloc[at].reset_index(drop=True)
    frame["text"] = [part for parts in parts_of for part in parts]
    for name in parallel:
        frame[name] = [
            one
            for i, parts in enumerate(parts_of)
            for one in _shared(rows, name, columns[name][i], len(parts), i)
        ]
    if "demand_id" in frame:
        ids = rows.frame["demand_id"].tolist()
        frame["demand_id"] = [
            ids[i] if len(parts) == 1 or not ids[i] else f"{ids[i]}-{k}"
            for i, parts in enumerate(parts_of) for k in range(1, len(parts) + 1)
        ]  # fmt: skip
    rows.at = [rows.at[i] for i in at]
    rows.frame = frame
    several = [len(parts) for parts in parts_of if len(parts) > 1]
    sheet = rows.block.sheet.name
    note = message(
        "{n} cells held several demands; {rows} rows were made of them", n=len(several), rows=sum(several)
    )
    rows.out.notes.append(message("sheet {sheet!r}: {note}", sheet=sheet, note=note))


def _shared(rows: BlockRows, name: str, cell: str, n: int, i: int) -> list[str]:
    """Divide a cell beside ``n`` demands among them; one that cannot be divided is a question."""
    parts = split_list(cell, n) if n > 1 else [cell]
    if parts:
        return parts
    why = message("beside {n} demands; say which belongs to which", n=n)
    rows.ask(i, name, cell, why, status="unmatched")
    if name.endswith("_on"):
        rows.leave(i, name, cell, message("number of days differs from the number of demands"))
        return [""] * n
    return [cell] * n


def split_product_cells(rows: BlockRows) -> None:
    """Make a row of each of several products in one cell; a share of all together is left out."""
    products = [split_products(cell) for cell in rows.frame["product"]]
    if all(len(one) == 1 for one in products):
        return
    at = [i for i, one in enumerate(products) for _ in one]
    frame = rows.frame.iloc[at].reset_index(drop=True)
    frame["product"] = [one for some in products for one in some]
    if "weight" in frame:
        for i, some in enumerate(products):
            if len(some) > 1:
                share = rows.frame["weight"].iloc[i]
                rows.leave(i, "weight", share, message("share of several products together"))
        frame["weight"] = ["" if len(products[i]) > 1 else frame["weight"].iloc[k] for k, i in enumerate(at)]
    rows.at = [rows.at[i] for i in at]
    key = frame[[c for c in ("enterprise_id", "product") if c in frame]]
    rows.frame = frame
    if "enterprise_id" in frame:
        kept = ~key.duplicated() | frame["product"].isin([some[0] for some in products if len(some) == 1])
        rows.keep(kept.tolist())
