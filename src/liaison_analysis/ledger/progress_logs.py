"""Logs of progress: entries with their days in one cell, or a column for each month; the latest counts."""

from __future__ import annotations

import re
import unicodedata
from itertools import pairwise
from typing import TYPE_CHECKING, Final

from liaison_analysis.ledger.cell_looks import SAMPLED, is_ditto
from liaison_analysis.ledger.cells import one_line
from liaison_analysis.ledger.days import looks_like_day, read_day
from liaison_analysis.ledger.headers import meaning_of
from liaison_analysis.ledger.states import status_of
from liaison_analysis.text import asks_nothing

if TYPE_CHECKING:
    from collections.abc import Sequence

    from liaison_analysis.ledger.layout import Block

# A day that begins an entry: 3月5日：, 【2024.3.5】, 2024-03-05.
_ENTRY: Final = re.compile(
    r"(?:^|(?<=[;；。,，、\n\s|]))\s*(?:\d{1,2}[.、)]\s*)?[\[(【〔]?\s*"
    r"(?P<day>(?:(?P<year>(?:20)?\d\d)\s*[-./年]\s*)?(?P<month>1[0-2]|0?[1-9])\s*[-./月]\s*"
    r"(?P<date>3[01]|[12]\d|0?[1-9])(?!\d)\s*[日号]?)\s*[\])】〕]?\s*[:,，、]?\s*"
)
# Behind a day at the start of an entry: it is the end of a span, or a deadline.
_NO_ENTRY: Final = re.compile(r"^(?:至|到|[-—~～]|前|之前|以前|底前)")
# Columns of progress by month, week, quarter or day: 4月进展, 第2周办理情况, 进展（4月15日）.
_PERIOD: Final = (
    r"(?:20\d\d\s*年\s*)?(?:截[至止]\s*)?(?:第?(?P<number>\d{1,2}|[一二三四五六七八九十]{1,3})\s*(?:月份?|周|季度|轮|次|期)"
    r"(?:\s*\d{1,2}\s*[日号])?(?:底|末|初|[上中下]旬)?|(?P<which>上|本|这|当前)(?:个?月|周|季度?|期|次|旬))"
)
_BEFORE: Final = re.compile(rf"^(?P<period>{_PERIOD})的?(?P<rest>\D{{2,8}})$")
_BEHIND: Final = re.compile(rf"^(?P<rest>\D{{2,8}}?)\s*\((?P<period>{_PERIOD})\)$")
_BARE: Final = re.compile(rf"^{_PERIOD}$")
# What is said of demands at each of them: 4月调度.
_OF_PROGRESS: Final = re.compile(
    r"^(?:调度|跟进|跟踪|督办|督导|盯办|推进|研判|会商|动态|更新)(?:情况|结果|进展|意见)?$"
)
# Share of a column's cells that are states under a header that is only a day; judgement.
_STATE_SHARE: Final = 0.6
_NUMERALS: Final = {word: n for n, word in enumerate("一二三四五六七八九十", 1)} | {"十一": 11, "十二": 12}
_LATEST: Final = 99
_LAST_MONTH: Final = 12


def latest_entry(cell: str) -> tuple[str, str] | None:
    """Day and text of the latest entry of a log; None where a cell holds fewer than two entries.

    Parameters
    ----------
    cell
        The cell, with entries in the order of their days or in the opposite one.

    Examples
    --------
    >>> latest_entry("3月5日：已受理；3月12日：现场踏勘；4月2日：已办结。")
    ('4月2日', '已办结。')
    >>> latest_entry("2024.4.2 已办结 2024.3.5 已受理"), latest_entry("预计3月5日前办结") is None
    (('2024.4.2', '已办结'), True)
    """
    text = unicodedata.normalize("NFKC", cell)
    found = [one for one in _ENTRY.finditer(text) if not _NO_ENTRY.match(text[one.end() :])]
    if len(found) < 2:
        return None
    ends = [*(one.start() for one in found[1:]), len(text)]
    texts = [text[one.end() : end].strip(" ;；,，|\n") for one, end in zip(found, ends, strict=True)]
    if found[0].start() > 0 or not all(texts):
        return None
    days = [(int(one["year"] or 0) % 100, int(one["month"]), int(one["date"])) for one in found]
    same_year = len({year for year, *_ in days}) == 1
    downward = days[0] > days[-1] and all(a >= b for a, b in pairwise(days))
    # 12月20日 before 1月5日 is the turn of a year, unless years are written.
    turned = same_year and len(days) == 2 and days[0][1] - days[-1][1] > _LAST_MONTH // 2
    at = 0 if downward and not turned else -1
    return found[at]["day"].strip(), texts[at]


def latest_of_columns(block: Block) -> None:
    """Take the state from the last filled one of several columns of progress: 4月进展 | 5月进展.

    Parameters
    ----------
    block
        A table, which gets a column of states where it has several columns of progress and no other state.
    """
    have = block.headed()
    dated: dict[int, int] = {}
    plain: dict[int, str] = {}
    for j, header in enumerate(block.headers):
        written = unicodedata.normalize("NFKC", one_line(header))
        found = _BEFORE.match(written) or _BEHIND.match(written)
        meaning = meaning_of(found["rest"], "demands") if found else None
        if found and ((meaning and meaning.column == "status") or _OF_PROGRESS.match(found["rest"])):
            plain[j] = f"{found['period']}（{found['rest']}）"
            dated[j] = _number_of(found)
        elif "text" in have and (n := _bare_period(written)) and _has_states(block.cells[j]):
            plain[j] = written
            dated[j] = n
    if len(dated) < 2 or (have.get("status", -1) not in {-1, *dated}) or "done" in have:
        return
    order = list(dated)
    if all(dated[a] > dated[b] and not _turns_year(dated[a], dated[b]) for a, b in pairwise(order)):
        order.reverse()  # the latest stands first
    cells = [""] * len(block.rows)
    for j in order:
        if meaning_of(block.headers[j], "demands"):  # 进展（4月） alone means the state, 4月（进展） nothing
            block.headers[j] = plain[j]
        cells = [
            new if new and not is_ditto(new) and not asks_nothing(new) else old
            for old, new in zip(cells, block.cells[j], strict=True)
        ]
    block.add_column("最新进展", cells, order[0])


def _number_of(found: re.Match[str]) -> int:
    """Place of a period among others: its number, or before or behind all numbers."""
    number = found["number"] or ""
    n = _NUMERALS.get(number, 0) or (int(number) if number.isdecimal() else 0)
    return n or (0 if found["which"] == "上" else _LATEST)


def _bare_period(header: str) -> int:
    """Place of a header that is nothing but a day or a period, or 0: 4月12日, 2024-04-12, 5月."""
    day = read_day(header) if looks_like_day(header) else None
    if day and day.month and day.day:
        return day.month * 100 + day.day
    found = _BARE.match(header)
    return _number_of(found) if found else 0


def _turns_year(before: int, after: int) -> bool:
    """Whether a year ends between two periods beside each other: December and January, or days in them."""
    return (before, after) == (12, 1) or (before >= 1_200 and 100 < after < 200)


def _has_states(cells: Sequence[str]) -> bool:
    """Whether most of some cells are states."""
    filled = [cell for cell in cells if cell]
    known = sum(status_of(cell) is not None for cell in filled[:SAMPLED])
    return bool(filled) and known >= _STATE_SHARE * len(filled[:SAMPLED])
