"""Columns of ticks: the department, state or kind of a row is the header over its tick."""

from __future__ import annotations

import unicodedata
from typing import TYPE_CHECKING, Final

from liaison_analysis.ledger.cell_looks import OFFICE_NAME
from liaison_analysis.ledger.cells import one_line, plain_word
from liaison_analysis.ledger.headers import meaning_of
from liaison_analysis.ledger.states import status_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from liaison_analysis.ledger.layout import Block

# Signs by which a column is ticked.
_TICKS: Final = frozenset({"√", "✓", "✔", "☑", "●", "■", "★", "1", "是", "y", "yes", "v", "o", "ok", "有"})
# Words in the place of a tick: the department leads, or only helps.
_LEADS: Final = frozenset({"牵头", "主办", "主责", "责任", "负责", "承办", "牵头单位", "责任单位"})
_HELPS: Final = frozenset({"配合", "协办", "协助", "参与", "配合单位", "△", "○", "☆"})
# Different cells of a column of ticks and of words in their place; judgement.
_MOST_WORDS: Final = 12


def read_ticked_departments(block: Block) -> None:
    """Take the departments whose columns are ticked: 区住建局 √ | 区人社局."""
    ticked = {
        j
        for j, header in enumerate(block.headers)
        if header
        and meaning_of(header, "demands") is None
        and status_of(one_line(header), exact=True) is None
        and len(several := set(block.cells[j]) - {""}) <= _MOST_WORDS
        and {plain_word(cell) for cell in several} <= _TICKS | _LEADS | _HELPS
    }
    named = {j for j in ticked if OFFICE_NAME.search(one_line(block.headers[j]))}
    offices = sorted(j for j in ticked if any(set(range(min(j, k), max(j, k))) <= ticked for k in named))
    if len(named) < 2 or not any(any(block.cells[j]) for j in offices) or "owner" in block.meant():
        return
    heads = [one_line(block.headers[j]) for j in offices]
    owners = []
    for row in zip(*(block.cells[j] for j in offices), strict=True):
        marks = [plain_word(cell) for cell in row]
        least = [head for head, mark in zip(heads, marks, strict=True) if mark in _LEADS]
        chosen = [head for head, mark in zip(heads, marks, strict=True) if mark and mark not in _HELPS]
        owners.append("、".join(least or chosen))
    block.add_column("责任部门", owners, offices[0])


def read_ticked_states(block: Block) -> None:
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
        and _is_ticked(block.cells[j])
    ]
    _add_ticked(block, states, "办理状态")


def read_ticked_kinds(block: Block) -> None:
    """Take the kind from the ticked columns under 诉求类型: 融资 √ | 用工 | 其他."""
    if "kind" in block.headed():
        return
    groups = {one_line(group) for group in block.groups if group}
    kinds = {group for group in groups if (found := meaning_of(group, "demands")) and found.column == "kind"}
    columns = [
        j
        for j, header in enumerate(block.headers)
        if header and one_line(block.groups[j]) in kinds and _is_ticked(block.cells[j])
    ]
    _add_ticked(block, columns, "诉求类别")


def _is_ticked(cells: Sequence[str]) -> bool:
    """Whether cells hold nothing but ticks."""
    return {one for cell in cells if (one := unicodedata.normalize("NFKC", cell).casefold())} <= _TICKS


def _add_ticked(block: Block, columns: list[int], header: str) -> None:
    """Add a column of the headers that each row ticks, where there are two such columns or more."""
    if len(columns) < 2 or not any(any(block.cells[j]) for j in columns):
        return
    heads = [one_line(block.headers[j]) for j in columns]
    rows = zip(*(block.cells[j] for j in columns), strict=True)
    ticked = ["、".join(head for head, cell in zip(heads, row, strict=True) if cell) for row in rows]
    block.add_column(header, ticked, columns[0])
