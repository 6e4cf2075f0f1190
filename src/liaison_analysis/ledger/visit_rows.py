"""Visits that a list of demands records: who was visited when, also where nothing was asked."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from liaison_analysis.ledger.headers import NAME_COLUMNS, Meaning, meaning_of
from liaison_analysis.ledger.layout import Block
from liaison_analysis.text import asks_nothing

if TYPE_CHECKING:
    from collections.abc import Mapping

#: Officer of visits that name none.
NOBODY: Final = "（未写明干部）"
_VISIT: Final = re.compile(r"走访|调研|入企|下企|拜访|座谈|服务企业|联系企业|三服务")

_CALL: Final = re.compile(r"来电|留言|来信|来函|投诉|工单|受理|派单|来访")
# Rows without a demand that make a list one of visits; judgement.
_FEWEST_QUIET: Final = 2


def visits_in(block: Block, meanings: Mapping[int, Meaning]) -> tuple[Block, dict[int, Meaning]] | None:
    """Give the visits that a table of demands holds, and what their columns mean; None where it records none.

    A list is one of visits where it names the visiting officers, its title or the header of its days speaks
    of visits, or some of its rows say that nothing was asked and it is no list of calls or letters.

    Examples
    --------
    >>> from liaison_analysis.ledger.sheets import Sheet
    >>> heads, cells = ["企业名称", "走访时间", "诉求"], [["甲公司"], ["6月1日"], ["无"]]
    >>> block = Block(Sheet("台账", []), 0, heads, [""] * 3, [0, 1, 2], [1], cells, sections=[""])
    >>> meanings = {j: meaning_of(head, "demands") for j, head in enumerate(heads)}
    >>> visits_in(block, meanings)[0].cells
    [['甲公司'], ['6月1日'], ['（未写明干部）']]
    """
    place = {meaning.column: j for j, meaning in meanings.items()}
    firm = place.get("enterprise_id", place.get("enterprise"))
    day, text = place.get("raised_on"), place.get("text")
    if firm is None or day is None or text is None:
        return None
    officer = next((j for j, head in enumerate(block.headers) if head and _is_officer(head)), None)
    words = (block.headers[day], block.sheet.name, *block.titles)
    if officer is None and not any(map(_VISIT.search, words)):
        quiet = sum(map(asks_nothing, block.cells[text]))
        if quiet < _FEWEST_QUIET or _CALL.search(block.headers[day]):
            return None
    officers = [""] * len(block.rows) if officer is None else block.cells[officer]
    visits = Block(
        block.sheet,
        block.header,
        [block.headers[firm], block.headers[day], "走访人"],
        [""] * 3,
        [block.columns[firm], block.columns[day], block.columns[officer or 0]],
        list(block.rows),
        [list(block.cells[firm]), list(block.cells[day]), [one or NOBODY for one in officers]],
        list(block.titles),
        list(block.sections),
    )
    found = meanings[firm].column
    return visits, {
        0: Meaning(found if found in NAME_COLUMNS else "enterprise_id", 0, "synonym"),
        1: Meaning("visited_on", 0, "synonym"),
        2: Meaning("officer_id", 0, "synonym"),
    }


def _is_officer(header: str) -> bool:
    meaning = meaning_of(header, "visits")
    return meaning is not None and meaning.column == "officer_id"
