"""Logs with a row for each step of a demand (受理, 交办, 办结) as one row for each demand."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from liaison_analysis._messages import message
from liaison_analysis.ledger.cell_looks import SAMPLED
from liaison_analysis.ledger.cells import one_line
from liaison_analysis.ledger.column_choice import column_meanings
from liaison_analysis.ledger.days import looks_like_day, read_day
from liaison_analysis.ledger.states import status_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from liaison_analysis.ledger.layout import Block
    from liaison_analysis.ledger.records import Gathered

# Headers of a column of steps.
_OF_STEPS: Final = re.compile(
    r"操作|环节|步骤|节点|动作|事件|流程|流转|activity|action|event|step", re.IGNORECASE
)
# Column of days for each kind of step, and the words of that kind.
_DAYS: Final = (
    (
        "提出日期",
        re.compile(r"受理|收集|登记|提出|录入|新建|创建|接收|collect|creat|register|submit", re.IGNORECASE),
    ),
    ("交办日期", re.compile(r"交办|派发|转办|分派|派单|分办|assign|forward", re.IGNORECASE)),
    ("办结日期", re.compile(r"办结|解决|完成|销号|结案|办毕|settle|close|resolve|finish", re.IGNORECASE)),
    ("反馈日期", re.compile(r"反馈|答复|回复|回访|feed|reply", re.IGNORECASE)),
)


def join_events(block: Block, out: Gathered) -> None:
    """Join rows under one id, with the same words, that each hold a step and its day.

    Parameters
    ----------
    block
        A table; one that is such a log gets a row for each demand, with the state of its last step and a
        column for the day of each step.
    out
        Takes the cells of the rows that are joined.
    """
    meanings = column_meanings(block.headers, block.cells, "demands")
    have = {meaning.column: j for j, meaning in meanings.items()}
    key, text = have.get("demand_id"), have.get("text")
    step, day = _step(block), _day(block)
    if key is None or text is None or step is None or day is None or step == day:
        return
    groups: dict[str, list[int]] = {}
    for i, one in enumerate(block.cells[key]):
        groups.setdefault(one, []).append(i)
    if "" in groups or all(len(some) == 1 for some in groups.values()):
        return
    same = all(len({block.cells[text][i] for i in some} - {""}) <= 1 for some in groups.values())
    varied = sum(len({block.cells[step][i] for i in some}) > 1 for some in groups.values())
    if not same or 2 * varied < sum(len(some) > 1 for some in groups.values()):
        return
    _join(block, out, groups, step, day)


def _step(block: Block) -> int | None:
    """Column of steps: all its cells are states or days' names, under a header of steps."""
    for j, header in enumerate(block.headers):
        if not _OF_STEPS.search(one_line(header)):
            continue
        filled = [cell for cell in block.cells[j] if cell][:SAMPLED]
        known = sum(any(one.search(cell) for _, one in _DAYS) or bool(status_of(cell)) for cell in filled)
        if filled and 2 * known > len(filled) and not all(map(looks_like_day, filled)):
            return j
    return None


def _day(block: Block) -> int | None:
    """Column of the steps' days: the first with nothing but days."""
    for j, cells in enumerate(block.cells):
        if block.headers[j] and all(cells) and all(map(looks_like_day, cells)):
            return j
    return None


def _join(block: Block, out: Gathered, groups: Mapping[str, list[int]], step: int, day: int) -> None:
    """Keep the first row of each demand, with the state of its last step and the days of its steps."""
    days: dict[str, list[str]] = {header: [] for header, _ in _DAYS}
    states: list[str] = []
    firsts: list[int] = []
    for some in groups.values():
        order = sorted(some, key=lambda i: (_sortable(block.cells[day][i]), i))
        firsts.append(some[0])
        states.append(block.cells[step][order[-1]])
        for n, (header, pattern) in enumerate(_DAYS):
            found = [block.cells[day][i] for i in order if pattern.search(block.cells[step][i])]
            days[header].append(found[0] if found else "" if n else block.cells[day][order[0]])
        for i in some[1:]:
            for j, cells in enumerate(block.cells):
                why = message("a step of the demand above, read with it")
                out.leave(
                    block.sheet, block.sheet.place(block.rows[i]), one_line(block.headers[j]), cells[i], why
                )
    block.headers[step], block.headers[day] = "首个环节", "首个环节时间"
    block.take(firsts)
    for header, cells in days.items():
        if any(cells):
            block.add_column(header, cells, day)
    block.add_column("办理状态", states, step)


def _sortable(cell: str) -> tuple[int, int, int, str]:
    """Key by which days are in order; a part that is unknown comes first."""
    found = read_day(cell)
    return found.year or 0, found.month or 0, found.day or 0, cell
