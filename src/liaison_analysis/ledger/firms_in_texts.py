"""Enterprises that stand in rows above their demands, or inside the texts of the demands."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from liaison_analysis._messages import message
from liaison_analysis.ledger.cell_looks import FIRM_NAME, SAMPLED
from liaison_analysis.ledger.cells import one_line
from liaison_analysis.ledger.headers import meaning_of
from liaison_analysis.ledger.splitting import split_demands
from liaison_analysis.ledger.states import status_of

if TYPE_CHECKING:
    from liaison_analysis.ledger.layout import Block
    from liaison_analysis.ledger.records import Gathered

# Characters of a firm's name in a row of its own, and share of texts that begin with a firm; judgement.
_LONGEST_NAME: Final = 30
_NAMED_SHARE: Final = 0.8
_FIRM_BEFORE: Final = re.compile(
    r"^\s*[【\[「『〔]?(?P<firm>[^\s，,。；;：:、【\[「『〔]{2,30}?(?:公司|集团|厂|合作社|研究院|研究所)(?:[（(][^）)]{1,10}[）)])?)\s*"
    r"(?:[】\]」』〕]|(?:反映|提出|表示|希望|诉求|问题)?[：:]|反映|提出)\s*[：:]?\s*(?P<text>.{3,})$",
    re.DOTALL,
)
# The same behind it: 停车难（甲公司）.
_FIRM_BEHIND: Final = re.compile(
    r"^\s*(?P<text>.{3,}?)\s*[（(【\[]\s*(?P<firm>[^\s，,。；;：:、（(]{2,30}?(?:公司|集团|厂|合作社|研究院|研究所))\s*"
    r"[)）】\]]\s*[。；;]?\s*$",
    re.DOTALL,
)


def read_firms_above(block: Block, out: Gathered) -> None:
    """Take the enterprise from rows of its own above its demands: 1 甲公司 | 1.1 停车难 | 1.2 停电."""
    have = block.meant()
    j = have.get("text", have.get("enterprise", -1))
    if j < 0 or {"text", "enterprise"} <= have.keys() or "enterprise_id" in have:
        return
    cells = block.cells[j]
    heads = [len(cell) <= _LONGEST_NAME and bool(FIRM_NAME.search(cell)) for cell in cells]
    # Each has demands below, and there is no demand above the first.
    last = len(heads) - 1
    bare = any(head and (i == last or heads[i + 1]) for i, head in enumerate(heads))
    if sum(heads) < 2 or not heads[0] or bare:
        return
    above = [0] * len(heads)
    for i, head in enumerate(heads):
        above[i] = i if head or not i else above[i - 1]
    names = [cells[i] for i in above]
    numbers = {k for k, header in enumerate(block.headers) if header and _means_number(header)}
    for k, column in enumerate(block.cells):
        if k not in {j, *numbers}:
            column[:] = [cell or column[i] for cell, i in zip(column, above, strict=True)]
    kept = [i for i, head in enumerate(heads) if not head]
    for i in above:
        if heads[i]:
            heads[i] = False  # each once
            for k in range(len(block.headers)):
                why = message("enterprise above its demands")
                row = block.sheet.place(block.rows[i])
                out.leave(block.sheet, row, one_line(block.headers[k]), block.cells[k][i], why)
    block.take(kept)
    block.headers[j] = "诉求内容"
    block.add_column("企业名称", [names[i] for i in kept], j)


def _means_number(header: str) -> bool:
    meaning = meaning_of(header, "demands")
    return meaning is not None and meaning.column in {"number", "demand_id"}


def read_firms_in_texts(block: Block) -> None:
    """Give each demand that names its enterprise a row: 1.甲公司：停车难；2.乙公司：停电."""
    found = block.meant()
    j = found.get("text", _names_firms_behind(block))
    if j is None or {"enterprise", "enterprise_id"} & found.keys():
        return
    if status_of(one_line(block.headers[j]), exact=True):
        return  # a column of one state beside those of others
    parts = [split_demands(cell)[0] if cell else [""] for cell in block.cells[j]]
    named = [[_FIRM_BEFORE.match(part) or _FIRM_BEHIND.match(part) for part in some] for some in parts]
    filled = [some for some, cell in zip(named, block.cells[j], strict=True) if cell]
    if not filled or sum(all(some) for some in filled) < _NAMED_SHARE * len(filled):
        return
    # A cell in which one part names none stays whole.
    whole = [all(some) for some in named]
    at = [i for i, some in enumerate(parts) for _ in (some if whole[i] else [""])]
    pairs = [
        (one["firm"], one["text"].strip()) if one else ("", block.cells[j][i])
        for i, some in enumerate(named)
        for one in (some if whole[i] else [None])
    ]
    block.take(at)
    block.cells[j] = [text for _, text in pairs]
    if not block.headers[j] or meaning_of(block.headers[j], "demands") is None:
        block.headers[j] = "诉求内容"  # its cells are now too short to be told by their look
    block.add_column("企业名称", [name for name, _ in pairs], j)


def _names_firms_behind(block: Block) -> int | None:
    """Column of texts under an unknown header that each name an enterprise behind them."""
    for j, cells in enumerate(block.cells):
        filled = [cell for cell in cells if cell][:SAMPLED]
        known = meaning_of(block.headers[j], "demands") if block.headers[j] else None
        if filled and known is None and all(map(_FIRM_BEHIND.match, filled)):
            return j
    return None
