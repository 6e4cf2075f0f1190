"""States that stand elsewhere than in a column of states: strikes, colours, brackets, labels, remarks."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from liaison_analysis._messages import message
from liaison_analysis.ledger.headers import meaning_of
from liaison_analysis.ledger.legends import colour_named, word_of_strikes, words_of_colours
from liaison_analysis.ledger.splitting import numbered_list, split_demands
from liaison_analysis.ledger.states import status_of

if TYPE_CHECKING:
    from liaison_analysis.ledger.layout import Block
    from liaison_analysis.ledger.records import Gathered

# A state before a demand (【已解决】停车难), behind it (停车难（已解决）), and behind a label
# (停车难。办理情况：已解决).
_STATE_BEFORE: Final = re.compile(
    r"^\s*[【\[（(〔]\s*([^】\]）)〕]{2,10})\s*[】\]）)〕]\s*(.{4,})$", re.DOTALL
)
_STATE_BEHIND: Final = re.compile(
    r"^\s*(.{3,}?)\s*[【\[（(〔]\s*([^【\[（(〔】\]）)〕]{2,10})\s*[】\]）)〕]\s*[。；;]?\s*$", re.DOTALL
)
_STATE_LABELLED: Final = re.compile(
    r"^\s*(?:\d{1,2}\s*[.、．]\s*(?=\D))?(?P<text>.{2,}?)[。；;，,\s]*[（(【]?(?:办理|落实|解决|处理|答复|整改)?(?:情况|进展|结果|状态|进度)"
    r"\s*[:：]\s*(?P<state>[^:：]{2,}?)[)）】]?\s*$",
    re.DOTALL,
)
# Share of remarks that say a state; judgement.
_STATED_SHARE: Final = 0.5


def read_strikes(block: Block) -> None:
    """Take the state of struck-out rows from the note that explains them."""
    if not block.sheet.marks.struck or not (word := word_of_strikes(block.sheet)):
        return
    if {"status", "done"} & set(block.meant()):
        return
    struck = {row for row, _ in block.sheet.marks.struck}
    cells = [word if i in struck and _all_struck(block, k, i) else "" for k, i in enumerate(block.rows)]
    if any(cells):
        block.add_column("办理状态", cells, 0)


def _all_struck(block: Block, at: int, row: int) -> bool:
    filled = [column for j, column in enumerate(block.columns) if block.cells[j][at]]
    own = [
        column for column in filled if column < len(block.sheet.rows[row]) and block.sheet.rows[row][column]
    ]
    return bool(own) and all((row, column) in block.sheet.marks.struck for column in own)


def read_colours(block: Block, out: Gathered) -> None:
    """Take the state from the colours of rows where a note explains them; several in one are a question."""
    colours = block.sheet.marks.colours
    words = words_of_colours(block.sheet) if colours else {}
    if not words or {"status", "done"} & set(block.meant()):
        return
    names = [name for name in words if name]
    found = [colour_named(colours.get(i, ()), names) for i in block.rows]
    if not any(found):
        return
    block.add_column("办理状态", [words.get(one or "", "") if one is not None else "" for one in found], 0)
    for i, one in zip(block.rows, found, strict=True):
        if one is None:
            why = message("several of the colours that a note explains stand in this row; write its state")
            out.ask(block.sheet.name, block.sheet.place(i) + 1, "status", "", why, status="missing")


def read_bracketed_states(block: Block) -> None:
    """Take the state in brackets before or behind a demand, where no column has one: 【已解决】停车难."""
    have = block.headed()
    j = have.get("text")
    if j is None or "status" in have or "done" in have:
        return
    for pattern, of_state, of_text in ((_STATE_BEFORE, 1, 2), (_STATE_BEHIND, 2, 1)):
        found = [_stated(cell, pattern, of_state) for cell in block.cells[j]]
        if 2 * sum(map(bool, found)) > sum(map(bool, block.cells[j])):
            states, texts = (
                [[one[at].strip() for one in some] for some in found] for at in (of_state, of_text)
            )
            cells = zip(texts, block.cells[j], strict=True)
            block.cells[j] = [numbered_list(some) if some else cell for some, cell in cells]
            block.add_column("办理状态", [numbered_list(some) for some in states], j)
            return


def _stated(cell: str, pattern: re.Pattern[str], of_state: int) -> list[re.Match[str]]:
    """Match each demand of a cell with its state in brackets; no match where one of them has none."""
    found = [pattern.match(part) for part in split_demands(cell)[0]] if cell else []
    stated = [one for one in found if one and status_of(one[of_state], exact=True)]
    return stated if len(stated) == len(found) else []


def read_labelled_states(block: Block) -> None:
    """Take the state behind a label within each demand: 1.停车难。办理情况：已解决."""
    have = block.headed()
    j = have.get("text")
    if j is None or "status" in have or "done" in have:
        return
    parts = [split_demands(cell)[0] if cell else [] for cell in block.cells[j]]
    found = [[_STATE_LABELLED.match(part) for part in some] for some in parts]
    filled = sum(map(bool, block.cells[j]))
    whole = [bool(some) and all(some) for some in found]
    if not filled or 2 * sum(whole) <= filled:
        return
    cells = block.cells[j]
    pairs = [
        [(one["text"].strip(" 。；;，,\n"), one["state"].strip(" 。；;\n")) for one in some if one]
        if fits
        else [(cell, "")]
        for some, fits, cell in zip(found, whole, cells, strict=True)
    ]
    at = [i for i, some in enumerate(pairs) for _ in some]
    block.take(at)
    header = block.headers[j]
    block.headers[j] = "原文"
    block.add_column(header, [text for some in pairs for text, _ in some], j)
    block.add_column("办理状态", [state for some in pairs for _, state in some], j)


def read_remarks(block: Block) -> None:
    """Take the state from remarks where no column has it: 备注: 已于4月1日解决."""
    have = block.meant().keys()
    if "text" not in have or {"status", "done"} & have:
        return
    for j, header in enumerate(block.headers):
        meaning = meaning_of(header, "demands") if header else None
        filled = [cell for cell in block.cells[j] if cell]
        if meaning is None or meaning.column != "note" or not filled:
            continue
        stated = [cell if cell and status_of(cell) else "" for cell in block.cells[j]]
        if _STATED_SHARE * len(filled) <= sum(map(bool, stated)):
            block.add_column("办理情况", stated, j)
            return
