"""Cells that go with the row above: ditto marks, names that hold for several rows, sentences that go on."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from liaison_analysis._messages import message
from liaison_analysis.ledger.cell_looks import has_ditto, is_ditto
from liaison_analysis.ledger.records import PLACE, own_name
from liaison_analysis.ledger.spoken import spoken_name

if TYPE_CHECKING:
    from liaison_analysis.ledger.block_rows import BlockRows

# Words and marks after which a sentence goes on in the next row.
_GOES_ON: Final = re.compile(r"(?:[，,、：:（(]|希望|建议|以及|由于|为了|目前|[和及与或因并但且把将])$")


def repeat_dittos(rows: BlockRows) -> None:
    """Replace 同上 by the value above."""
    for name in rows.frame.columns:
        cells = rows.frame[name].tolist()
        if name in PLACE or not has_ditto(cells):
            continue
        n = 0
        for i in range(1, len(cells)):
            if is_ditto(cells[i]) and (not rows.own or cells[i][0] in "同〃"):
                rows.leave(i, str(name), cells[i], message("repeats the cell above"))
                cells[i], n = cells[i - 1], n + 1
        if not n:
            continue
        rows.frame[name] = cells
        rows.out.notes.append(
            message(
                "sheet {sheet!r}: {n} cells of {column} say 同上 and repeat the cell above",
                sheet=rows.block.sheet.name,
                n=n,
                column=spoken_name(name),
            )
        )
    number = [j for j, m in rows.meanings.items() if m.column == "number"]
    name_at = rows.place.get("enterprise")
    if name_at is not None and rows.table == "demands":
        # Without numbers, a row that has no day either is another demand of the same visit.
        beside = own_name(rows.block.headers[number[0]], "demands") if number else "raised_on"
        _continue_names(rows, beside, own_name(rows.block.headers[name_at], "demands"))


def _continue_names(rows: BlockRows, beside: str, name: str) -> None:
    """Carry a name down to the rows below that have neither a name nor a number (or day) of their own."""
    if beside not in rows.frame or name not in rows.frame or "text" not in rows.frame:
        return
    besides, names, texts = (rows.frame[one].tolist() for one in (beside, name, "text"))
    days = rows.frame["raised_on"].tolist() if "raised_on" in rows.frame else [""] * len(names)
    kept = [True] * len(names)
    n, last = 0, 0
    for i in range(1, len(names)):
        if names[i] or besides[i] or not texts[i] or not names[i - 1]:
            last = i
            continue
        names[i] = names[i - 1]
        days[i] = days[i] or days[i - 1]
        if _stands_alone(rows, i) and _GOES_ON.search(texts[last]):
            rows.leave(i, "text", texts[i], message("goes on with the text of the row above"))
            texts[last], kept[i] = texts[last] + texts[i], False
            continue
        n, last = n + 1, i
        _ask_whether_continued(rows, i)
    if n or not all(kept):
        rows.frame[name], rows.frame["text"] = names, texts
        if "raised_on" in rows.frame:
            rows.frame["raised_on"] = days
    if n:
        rows.out.notes.append(
            message(
                "sheet {sheet!r}: {n} rows without number and name go with the row above",
                sheet=rows.block.sheet.name,
                n=n,
            )
            if beside != "raised_on"
            else message(
                "sheet {sheet!r}: {n} rows without name and day go with the row above",
                sheet=rows.block.sheet.name,
                n=n,
            )
        )
    rows.keep(kept)


def _stands_alone(rows: BlockRows, i: int) -> bool:
    """Whether a row holds nothing but a text."""
    return not any(cell for name, cell in rows.frame.iloc[i].items() if name not in {*PLACE, "text"})


def _ask_whether_continued(rows: BlockRows, i: int) -> None:
    """Ask whether a row that holds nothing but a text continues the row above."""
    row, above = rows.frame.iloc[i], rows.frame.iloc[i - 1]
    if not _stands_alone(rows, i) or not any(above.get(name) for name in ("owner", "status")):
        return
    why = message(
        "stands alone in its row: a demand of its own, or the rest of the text above; write it there"
    )
    rows.ask(i, "text", row["text"], why, status="unmatched")
