"""Reshape a table of another layout into one with a row for each demand and a column for each meaning.

A clerk's table may hold several demands beside each other (``side_by_side``), a day in three columns, the
state as a tick under its word, question and answer in one cell (here and in ``unfolding``), or the enterprise
only in a title (``titles``). The original columns are kept as the user's own.
"""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING, Final

from liaison_analysis.ledger.cells import one_line
from liaison_analysis.ledger.days import read_day, years_in
from liaison_analysis.ledger.headers import meaning_of
from liaison_analysis.ledger.side_by_side import separated
from liaison_analysis.ledger.states import status_of
from liaison_analysis.ledger.tables import begun_table
from liaison_analysis.ledger.titles import name_by_titles
from liaison_analysis.ledger.unfolding import SAMPLED, TICKS, unfold

if TYPE_CHECKING:
    from liaison_analysis.ledger.layout import Block
    from liaison_analysis.ledger.records import Gathered

_OF_YEARS: Final = re.compile(r"^(所属|统计|诉求|走访|提出)?(年|年度|年份)$")
_YEAR: Final = re.compile(r"^((?:19|20)\d\d)年?度?$")
_QUESTION: Final = re.compile(
    r"^\s*(?:企业|反映|存在|主要)?(?:诉求|问题|需求|困难|反映|问)(?:内容|情况)?\s*[:：]\s*(?P<asked>.+?)[。；;，,]?\s*"
    r"(?:办理|答复|处理|回复|解决|落实|反馈|进展|整改|措施|答)(?:情况|结果|进展|意见|措施)?\s*[:：]\s*(?P<answer>.+)$",
    re.DOTALL,
)
_STATE_BEFORE: Final = re.compile(
    r"^\s*[【\[（(〔]\s*([^】\]）)〕]{2,10})\s*[】\]）)〕]\s*(.{4,})$", re.DOTALL
)


def reshaped(block: Block, out: Gathered) -> list[Block]:
    """Tables of a block with a row for each demand; the block itself where it is such a table already.

    Parameters
    ----------
    block
        As ``find_blocks`` gives it.
    out
        Takes what a clerk has to decide.
    """
    block.written = block.written or list(block.headers)
    if begun_table(block.headers):  # the ledger's own layout
        return [block]
    unfold(block, out)
    for step in (_join_days, _join_years, _read_ticks, _part_answers, _part_states):
        step(block)
    name_by_titles(block, out)
    return separated(block, out) or [block]


def _join_days(block: Block) -> None:
    """Join columns headed 年, 月 and 日 to one of days."""
    plain = [one_line(header) for header in block.headers]
    for j in range(len(plain) - 1):
        if plain[j] not in {"月", "月份"} or plain[j + 1] not in {"日", "号"}:
            continue
        if block.headed().get("raised_on", j) != j:
            continue
        headed = years_in(block.groups[j])
        year = str(min(headed)) if len(headed) == 1 else ""  # 2022年 above the columns of months and days
        years = block.cells[j - 1] if j and plain[j - 1] == "年" else [year] * len(block.rows)
        parts = zip(years, block.cells[j], block.cells[j + 1], strict=True)
        days = [f"{f'{y}年' if y else ''}{m}月{d}日" if m and d else "" for y, m, d in parts]
        days = [re.sub(r"([年月日])\1", r"\1", day) for day in days]
        group = block.groups[j]
        known = meaning_of(group, "demands") if group else None
        block.add_column(group if known and known.column.endswith("_on") else "提出日期", days, j)
        return


def _join_years(block: Block) -> None:
    """Put the year of a column of its own before days without one: 2024 | 3月5日."""
    j = next((j for j, header in enumerate(block.headers) if _OF_YEARS.match(one_line(header))), -1)
    day = block.headed().get("raised_on", -1)
    if j < 0 or day in {-1, j} or not all(map(_YEAR.match, filter(None, block.cells[j]))):
        return
    for i, (year, cell) in enumerate(zip(block.cells[j], block.cells[day], strict=True)):
        if year and cell and read_day(cell).open == "year":
            plain = unicodedata.normalize("NFKC", cell)
            sign = next((sign for sign in "月./-" if sign in plain), "月").replace("月", "年")
            block.cells[day][i] = f"{_YEAR.match(year)[1]}{sign}{plain}"  # type: ignore[index]


def _read_ticks(block: Block) -> None:
    """Take the state from the column that is ticked: 已办结 √ | 办理中 | 未办理."""
    have = block.headed()
    if "status" in have or "done" in have:
        return
    states = [
        j
        for j, header in enumerate(block.headers)
        if header
        and len(one_line(header)) >= 2
        and status_of(one_line(header), exact=True)
        and {one for cell in block.cells[j] if (one := unicodedata.normalize("NFKC", cell).casefold())}
        <= TICKS
    ]
    if len(states) < 2 or not any(any(block.cells[j]) for j in states):
        return
    heads = [one_line(block.headers[j]) for j in states]
    ticked = zip(*(block.cells[j] for j in states), strict=True)
    words = ["、".join(head for head, cell in zip(heads, row, strict=True) if cell) for row in ticked]
    block.add_column("办理状态", words, states[0])


def _part_answers(block: Block) -> None:
    """Split cells that hold a demand and its answer: 诉求：… 办理：…."""
    for j, cells in enumerate(block.cells):
        sample = [cell for cell in cells if cell][:SAMPLED]
        if not sample or 2 * sum(":" in cell or "：" in cell for cell in sample) < len(sample):
            continue
        if 2 * sum(bool(_QUESTION.match(cell)) for cell in sample) < len(sample):
            continue
        parted = [_QUESTION.match(cell) for cell in cells]
        if meaning_of(one_line(block.headers[j]), "demands"):
            block.headers[j] = "原文"
        asked = [one["asked"].strip() if one else cell for one, cell in zip(parted, cells, strict=True)]
        block.add_column("诉求内容", asked, j)
        status = "办理情况" if "status" not in block.headed() else "答复内容"
        block.add_column(status, [one["answer"].strip() if one else "" for one in parted], j)
        return


def _part_states(block: Block) -> None:
    """Take the state that stands in brackets before a demand, where no column has one: 【已解决】停车难."""
    have = block.headed()
    j = have.get("text")
    if j is None or "status" in have or "done" in have:
        return
    found = [_STATE_BEFORE.match(cell) for cell in block.cells[j]]
    stated = [one if one and status_of(one[1], exact=True) else None for one in found]
    if 2 * sum(map(bool, stated)) <= sum(map(bool, block.cells[j])):
        return
    cells = zip(stated, block.cells[j], strict=True)
    block.cells[j] = [one[2].strip() if one else cell for one, cell in cells]
    block.add_column("办理状态", [one[1] if one else "" for one in stated], j)
