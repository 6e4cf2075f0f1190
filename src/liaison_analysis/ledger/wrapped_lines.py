"""Cells whose lines were broken by hand to fit a narrow column, as tables pasted from Word have them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from liaison_analysis.ledger.cell_looks import FIRM_NAME
from liaison_analysis.ledger.days import looks_like_day

if TYPE_CHECKING:
    from liaison_analysis.ledger.layout import Block

# Cells in which a name or day is broken that a table has at least, and their share of the cells with several
# lines in such columns; judgement.
_FEWEST: Final = 2
_SHARE: Final = 0.5
# What names of firms end with, and characters of a name's rest before it; judgement.
_GENERIC: Final = re.compile(r"有限|责任|股份|公司|集团|科技|实业|贸易|工厂|厂")
_LONGEST_REST: Final = 3
# A line that begins or ends like this is one of a list.
_OF_LIST: Final = re.compile(
    r"^\s*(?:[(（]?(?:\d{1,2}|[一二三四五六七八九十]{1,3})[)）]|\d{1,2}\s*[.、．]|[一二三四五六七八九十]{1,3}、|[①-⑳·•●◆■\-*]|"
    r"[一二三四五]是)|[。；;]\s*$"
)
_WIDE: Final = r"[\u3000-\u303f\u4e00-\u9fff\uff00-\uffef]"
_BETWEEN_WIDE: Final = re.compile(rf"(?<={_WIDE})\s*\n\s*|\s*\n\s*(?={_WIDE})")


def join_wrapped_lines(block: Block) -> None:
    """Write cells on one line whose lines were broken only to fit the column.

    Where names and days are broken inside a word (海川精工⏎有限公司, 2022年⏎3月5日), the lines of the other
    cells are no list either. Cells whose lines are numbered or end as sentences stay as they are.
    """
    broken = several = 0
    for cells in block.cells:
        lines = [cell for cell in cells if "\n" in cell]
        inside = sum(map(_is_broken_inside, lines))
        if 2 * inside >= len(lines) and inside:
            broken, several = broken + inside, several + len(lines)
    if broken < _FEWEST or broken < _SHARE * several:
        return
    for cells in block.cells:
        cells[:] = [joined(cell) if "\n" in cell else cell for cell in cells]


def _is_broken_inside(cell: str) -> bool:
    """Whether a cell is a name or day as a whole, and none of its lines is one."""
    whole = joined(cell)
    lines = [line.strip() for line in cell.split("\n")]
    if looks_like_day(whole):
        return not any(map(looks_like_day, lines))
    # A last line such as 有限公司 is no name by itself; 海川精工有限公司 below a person or town is.
    own = len(_GENERIC.sub("", lines[-1])) > _LONGEST_REST
    return bool(FIRM_NAME.search(whole)) and not own and not any(map(FIRM_NAME.search, lines[:-1]))


def joined(cell: str) -> str:
    r"""Write a cell on one line unless its lines are a list.

    Examples
    --------
    >>> joined("员工子女\n入学难"), joined("RV\nreducer"), joined("1.停车\n2.停电")
    ('员工子女入学难', 'RV reducer', '1.停车\n2.停电')
    """
    if any(_OF_LIST.search(line) for line in cell.split("\n")[:-1]):
        return cell
    return " ".join(_BETWEEN_WIDE.sub("", cell).split("\n"))
