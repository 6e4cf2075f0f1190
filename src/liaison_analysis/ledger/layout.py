"""Find the tables of a sheet: headers of one to three rows, merged cells, and rows that are not data.

A sheet that a clerk keeps has a title, lines such as 填报单位, a header whose groups are merged, totals,
signatures, and sometimes a second header lower down or a second table beside. Each row becomes data or is
left out with the reason.
"""

from __future__ import annotations

import functools
import re
import unicodedata
from dataclasses import dataclass, field
from itertools import pairwise
from typing import TYPE_CHECKING, Final

from liaison_analysis._messages import message
from liaison_analysis.ledger.days import looks_like_day
from liaison_analysis.ledger.headers import FIRM_NAME, column_meanings, is_known, known_headers, meaning_of
from liaison_analysis.ledger.legends import word_of_strikes
from liaison_analysis.ledger.schema import header_key
from liaison_analysis.ledger.sheets import Marks
from liaison_analysis.ledger.tables import begun_table

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from liaison_analysis.ledger.sheets import Sheet

#: How far down a sheet its first header is looked for, below titles and notes.
HEADER_SEARCH_ROWS: Final = 30
# Where no header is found there, one of so many known words is looked for so far down; judgement.
_FURTHEST_HEADER: Final = 300
_SURE_HEADER: Final = 3
# Rows and cells that a table without a header has at least; judgement.
_FEWEST_BARE: Final = 3
# A row further down is a header where at least so many of its cells are known headers; judgement.
_HEADER_SHARE: Final = 0.6
_LONGEST_HEADER: Final = 40

_TOTAL: Final = re.compile(
    r"^(本?[月年周季旬]度?|全[年月区市部]|上半年|下半年|以上|累)?\s*(合\s*计|小\s*计|总\s*计|共\s*计|累\s*计|总\s*数|汇\s*总)"
    r"(\s*[(（:：].*|\s*[\d.,]+\s*[家条件项个户]?)?$"
)
# 玉山镇小计, 机械行业合计: a total with the name of its group before it.
_TOTAL_OF: Final = re.compile(r"^\S{1,15}?(小计|合计|总计|共计)\s*[:：]?$")
# 合计3件，其中已办结1件
_TOTAL_TOLD: Final = re.compile(
    r"^(以上|本[月周季年])?\s*(合计|小计|总计|共计|累计)\s*\d+\s*[家条件项个户].{0,40}$"
)
_PAGE: Final = re.compile(
    r"^[-—\s]*(第\s*\d+\s*页|共\s*\d+\s*页|page\s*\d+)([\s,，、/(（]*(共\s*\d+\s*页|of\s*\d+)[)）]?)?[-—\s]*$",
    re.IGNORECASE,
)
_RULE: Final = re.compile(r"^[:：]?[-—=_*·.]{2,}[:：]?$")
SIGNED: Final = re.compile(
    r"^(填表人?|填报人|填报单位|填报部门|填报时间|填报日期|填表时间|填表日期|报送单位|报送时间|"
    r"制表人?|制表单位|制表时间|制表日期|"
    r"审核人?|审批人?|复核人?|负责人|单位负责人|部门负责人|主要负责人|分管领导|分管负责人|经办人|"
    r"联系人|联系电话|电话|签字|签名|"
    r"盖章|单位\(盖章\)|统计人|统计时间|统计日期|汇总单位|编制单位|截止时间|截至时间|数据截止|更新时间|单位|日期)\s*(\([^)]*\))?\s*:"
)
_NOTE: Final = re.compile(
    r"^(注|备注|说明|填表说明|填报说明|填写说明|使用说明|温馨提示|提示|注意事项|附注|附)\s*\d?\s*[:：]|^[*※]\s*[^\W\d_]{4}"
)
# First characters of rows that may be no data: all others are data without a closer look.
_TELLING: Final = frozenset(
    "合小总共累本全上下以填审复负经联电签盖统汇编截数更单日制报主分部注备说使温提附"
    "*※一二三四五六七八九十（(第\u3000 示样范举例1"
)
_EXAMPLE: Final = re.compile(r"^\(?(填写|填报)?(示例|样例|范例|举例|例|例如)\d*\)?\s*[:：]?$")
_SECTION: Final = re.compile(
    r"^([一二三四五六七八九十]+、|\([一二三四五六七八九十]+\)|第[一二三四五六七八九十]+[部批类季])"
)


@dataclass(frozen=True)
class Left:
    """A cell that is in no table: its place counted from 0, and why."""

    row: int
    column: int
    value: str
    why: str


@dataclass
class Block:
    """One table of a sheet.

    Attributes
    ----------
    sheet
        Where it stands.
    header
        Row of its header's last line, counted from 0.
    headers
        Header of each column, ``""`` where there is none.
    groups
        Header of the group that a column belongs to, where the header has several lines.
    columns
        Position of each column in the sheet.
    rows
        Position of each row of data.
    cells
        Cells by column, a list a column, with the value of merged cells in every row of their range.
    titles
        Texts above the header and section titles above the rows: they may hold year and month.
    sections
        Section title that each row stands under, or ``""``.
    written
        Header of each column as it stands in the sheet, where another was put in its place; ``""`` for a
        column that was made of others.
    """

    sheet: Sheet
    header: int
    headers: list[str]
    groups: list[str]
    columns: list[int]
    rows: list[int] = field(default_factory=list)
    cells: list[list[str]] = field(default_factory=list)
    titles: list[str] = field(default_factory=list)
    sections: list[str] = field(default_factory=list)
    written: list[str] = field(default_factory=list)


def find_blocks(sheet: Sheet) -> tuple[list[Block], list[Left]]:
    """Tables of a sheet, and the cells that belong to none of them.

    Examples
    --------
    >>> from liaison_analysis.ledger.sheets import Sheet
    >>> rows = [["2022年诉求台账"], ["序号", "企业名称", "诉求内容"],
    ...     ["1", "甲公司", "停车难"], ["合计", "", "1条"]]
    >>> blocks, left = find_blocks(Sheet("Sheet1", rows))
    >>> blocks[0].headers, blocks[0].rows, blocks[0].titles
    (['序号', '企业名称', '诉求内容'], [2], ['2022年诉求台账'])
    >>> [(one.row, one.value, one.why) for one in left]
    [(0, '2022年诉求台账', 'title or note above the header'), (3, '合计', 'total'), (3, '1条', 'total')]
    """
    rows = sheet.rows
    headers = _header_rows(sheet)
    if not headers or headers[0][1] + 1 >= len(rows):
        bare = _without_header(sheet)
        if bare is not None:
            return bare
    if not headers:
        return [], [
            Left(i, j, cell, message("no header was found in this sheet"))
            for i, row in enumerate(rows)
            for j, cell in enumerate(row)
            if cell
        ]
    filled = _filled_down(sheet, {i for top, low in headers for i in range(top, low + 1)})
    left = _above(rows, headers[0][0])
    titles = [one.value for one in left]
    blocks: list[Block] = []
    for (top, low), (after, _) in pairwise([*headers, (len(rows), 0)]):
        lines = _header_lines(sheet, top, low)
        left += [
            Left(i, j, cell, message("heading of a group of columns"))
            for i in range(top, low)
            for j, cell in enumerate(rows[i])
            if cell and cell not in {lines[0][j], header_key(lines[0][j])} and cell != lines[0][j]
        ]
        made, other = _blocks_below(sheet, filled, (top, low, after), lines, titles)
        blocks += made
        left += other
    return blocks, sorted(left, key=lambda one: (one.row, one.column))


_HEADER_OF: Final = {
    "enterprise": "企业名称",
    "raised_on": "提出日期",
    "text": "诉求内容",
    "status": "办理状态",
    "owner": "责任部门",
}


def _without_header(sheet: Sheet) -> tuple[list[Block], list[Left]] | None:
    """Table of a sheet that has no header, if its columns look like firms, days and demands."""
    rows = sheet.rows
    full = [i for i, row in enumerate(rows) if sum(map(bool, row)) >= _FEWEST_BARE]
    if len(full) < _FEWEST_BARE:
        return None
    width = max(len(rows[i]) for i in full)
    cells = [[rows[i][j] if j < len(rows[i]) else "" for i in full] for j in range(width)]
    looks = column_meanings([""] * width, cells, "demands")
    if not {"enterprise", "raised_on", "text"} <= {one.column for one in looks.values()}:
        return None
    headers = [_HEADER_OF[looks[j].column] if j in looks else "" for j in range(width)]
    left = [
        Left(i, j, cell, message("title or note of a table without a header"))
        for i, row in enumerate(rows)
        if i not in set(full)
        for j, cell in enumerate(row)
        if cell
    ]
    titles, blank = [one.value for one in left], [""] * width
    sections = [""] * len(full)
    block = Block(sheet, -1, headers, blank, list(range(width)), full, cells, titles, sections, [""] * width)
    return [block], left


def _above(rows: Sequence[Sequence[str]], first: int) -> list[Left]:
    return [
        Left(i, j, cell, message("title or note above the header"))
        for i in range(first)
        for j, cell in enumerate(rows[i])
        if cell
    ]


def _header_rows(sheet: Sheet) -> list[tuple[int, int]]:
    """First and last row of every header of a sheet."""
    rows = sheet.rows
    counts = [_n_known(row) for row in rows[:HEADER_SEARCH_ROWS]]
    best = max(counts, default=0)
    if best < 2 and len(rows) > HEADER_SEARCH_ROWS:  # many notes may stand above it
        further = [_n_known(row) for row in rows[:_FURTHEST_HEADER]]
        if max(further) >= _SURE_HEADER:
            counts, best = further, max(further)
    if best >= 2:
        first = _topmost_good(rows, counts, best)
    else:
        first = _by_shape(rows) if best == 0 or len(rows) < 2 else counts.index(best)
    if first < 0:
        return []
    top, low = _extended(sheet, first)
    found = [(top, low)]
    mine = {cell for cell in rows[low] if cell}
    i = low + 1
    while i < len(rows):
        row = rows[i]
        # The cheap test first, since nearly every row holds no headers.
        if len(known_headers().intersection(row)) >= 2 or (
            len(row) <= len(rows[low]) and len(mine.intersection(row)) >= 2
        ):
            cells = [cell for cell in row if cell]
            known = sum(cell in mine or is_known(cell) for cell in cells)
            if known >= 2 and known >= _HEADER_SHARE * len(cells):
                more = _extended(sheet, i) if row != rows[low] else (i, i)
                found.append((max(more[0], found[-1][1] + 1), more[1]))
                i = more[1]
        i += 1
    return found


def _n_known(row: Sequence[str]) -> int:
    cells = [cell for cell in row if cell]
    known = {header_key(cell) for cell in cells if is_known(cell)}
    # A row of data may hold a word that is a header elsewhere: its other cells count against it.
    return len(known) if 2 * len(known) >= len(cells) or all(map(_may_be_header, cells)) else 0


def _may_be_header(cell: str) -> bool:
    return (
        len(cell) <= _LONGEST_HEADER and not looks_like_day(cell) and not re.fullmatch(r"[\d.,%\-/]+", cell)
    )


def _topmost_good(rows: Sequence[Sequence[str]], counts: Sequence[int], best: int) -> int:
    """First row that is as good a header as any other: a second, fuller header may stand lower down."""
    for i, n in enumerate(counts):
        if n == best:
            return i
        cells = [cell for cell in rows[i] if cell]
        # Followed by data and not by another line of the header.
        below = rows[i + 1] if i + 1 < len(rows) else []
        if (
            n >= 3
            and n >= _HEADER_SHARE * len(cells)
            and any(below)
            and not all(map(_may_be_header, filter(None, below)))
        ):
            return i
    return counts.index(best)


def _by_shape(rows: Sequence[Sequence[str]]) -> int:
    """Row with the shape of a header but no known words: short different texts above longer ones."""
    for i, row in enumerate(rows[:HEADER_SEARCH_ROWS]):
        cells = [cell for cell in row if cell]
        below = next((other for other in rows[i + 1 :] if any(other)), [])
        short = len(cells) >= 3 and all(len(cell) <= 15 and _may_be_header(cell) for cell in cells)
        if short and len(set(cells)) == len(cells) and 2 * sum(map(bool, below)) >= len(cells):
            return i
    return -1


def _extended(sheet: Sheet, at: int) -> tuple[int, int]:
    """First and last line of the header that has most of its words in row ``at``."""
    rows = sheet.rows
    wide = {(top, left): right for top, left, low, right in sheet.marks.merged if top == low and right > left}
    tall = {(top, left): low for top, left, low, _ in sheet.marks.merged if low > top}
    low = max([at, *(end for (top, _), end in tall.items() if top == at and end <= at + 2)])
    below = [cell for cell in rows[low + 1] if cell] if low == at and low + 1 < len(rows) else []
    grouped = any(top == at for top, _ in wide) or "" in rows[at]
    if grouped and below and all(map(_may_be_header, below)):
        group = {
            j: rows[at][left]
            for (top, left), right in wide.items()
            if top == at
            for j in range(left, right + 1)
        }
        known = [j for j, cell in enumerate(rows[low + 1]) if cell and _known_in(cell, group.get(j, ""))]
        apart = [j for j in known if j >= len(rows[at]) or not rows[at][j] or (at, j) in wide]
        if known and (len(apart) == len(known)):
            low += 1
    top = at
    while top > 0 and low - top < 2:
        above = rows[top - 1]
        cells = [cell for cell in above if cell]
        covers = any(first <= top - 1 and end >= top for (first, _), end in tall.items() if first == top - 1)
        groups = any(first == top - 1 for first, _ in wide) and len(set(cells)) >= 2
        if not (covers or groups) or not all(map(_may_be_header, cells)) or _is_signed(above):
            break
        top -= 1
    return top, low


def _known_in(cell: str, group: str) -> bool:
    """Whether a cell is a header, alone or with the heading of its group."""
    return is_known(cell) or (bool(group) and (is_known(group + cell) or is_known(cell + group)))


def _header_lines(sheet: Sheet, top: int, low: int) -> tuple[list[str], list[str]]:
    """Header of each column, and the group it stands under."""
    rows = sheet.rows
    width = max(map(len, rows[top:]), default=0)
    lines = [[*rows[i], *[""] * (width - len(rows[i]))] for i in range(top, low + 1)]
    for first, left, last, right in sheet.marks.merged:
        if top <= first <= low:
            value = lines[first - top][left] if left < width else ""
            for i in range(first, min(last, low) + 1):
                for j in range(left, min(right + 1, width)):
                    lines[i - top][j] = value
    if low > top and not any(top <= first < low for first, *_ in sheet.marks.merged):
        _spread(lines[:-1])
    headers, groups = [], []
    for j in range(width):
        words = [line[j] for line in lines if line[j]]
        headers.append(lines[-1][j] or (words[-1] if words else ""))
        groups.append(words[0] if words and words[0] != headers[-1] else "")
    if low == top and top > 0:  # a blank header takes the known one above it
        above = rows[top - 1]
        known = {header_key(cell) for cell in headers if cell}
        for j, cell in enumerate(above[:width]):
            if cell and not headers[j] and is_known(cell) and header_key(cell) not in known:
                headers[j] = cell
    return headers, groups


def _spread(lines: list[list[str]]) -> None:
    """Repeat a group's heading over the blank cells to its right: a CSV file leaves merged cells blank."""
    for line in lines:
        for j in range(1, len(line)):
            line[j] = line[j] or line[j - 1]


def _filled_down(sheet: Sheet, headers: Collection[int]) -> list[list[str]]:
    """Rows with the value of vertically merged cells in every row of their range."""
    if not any(low > top for top, _, low, _ in sheet.marks.merged):
        return sheet.rows
    rows = [list(row) for row in sheet.rows]
    for top, left, low, _ in sheet.marks.merged:
        if low == top or top >= len(rows) or left >= len(rows[top]) or not rows[top][left] or top in headers:
            continue
        for i in range(top + 1, min(low, len(rows) - 1) + 1):
            # A range that runs over blank rows at the end is a form, not data.
            if any(rows[i]):
                rows[i] += [""] * (left + 1 - len(rows[i]))
                rows[i][left] = rows[top][left]
    return rows


def _blocks_below(
    sheet: Sheet,
    filled: Sequence[Sequence[str]],
    extent: tuple[int, int, int],
    lines: tuple[list[str], list[str]],
    titles: list[str],
) -> tuple[list[Block], list[Left]]:
    """Tables under one header: one, or several beside each other with blank columns between."""
    _, low, after = extent
    headers, groups = lines
    used = [
        j
        for j in range(len(headers))
        if headers[j] or any(j < len(filled[i]) and filled[i][j] for i in range(low + 1, after))
    ]
    parts = _beside(used, headers)
    blocks = [
        Block(sheet, low, [headers[j] for j in part], [groups[j] for j in part], part, titles=list(titles))
        for part in parts
    ]
    left: list[Left] = []
    section = ""
    for i in range(low + 1, after):
        raw = sheet.rows[i]
        if not any(raw):
            continue
        why = row_kind(raw, sheet, i, headers)
        if why == message("section title"):
            section = next(cell for cell in raw if cell)
            titles.append(section)
        if why:
            left += [Left(i, j, cell, why) for j, cell in enumerate(raw) if cell]
            continue
        for block in blocks:
            if len(blocks) == 1 or any(j < len(raw) and raw[j] for j in block.columns):
                block.rows.append(i)
                block.sections.append(section)
    for block in blocks:
        block.cells = [
            [filled[i][j] if j < len(filled[i]) else "" for i in block.rows] for j in block.columns
        ]
    return blocks, left


def _beside(used: list[int], headers: Sequence[str]) -> list[list[int]]:
    """Find groups of columns that are tables of their own: each has two known headers at least."""
    groups: list[list[int]] = []
    for j in used:
        if groups and groups[-1][-1] == j - 1:
            groups[-1].append(j)
        else:
            groups.append([j])
    groups = [part for group in groups for part in _repeating(group, headers)]
    own = [group for group in groups if sum(is_known(headers[j]) for j in group) >= 2]
    keys = [{header_key(headers[j]) for j in group if headers[j]} for group in own]
    repeated = any(one & other for i, one in enumerate(keys) for other in keys[i + 1 :])
    repeated = repeated or sum(begun_table([headers[j] for j in group]) is not None for group in own) > 1
    if len(own) < 2 or not repeated:
        return [used] if used else []
    for group in groups:
        if group not in own:
            own[max((i for i, one in enumerate(own) if one[0] < group[0]), default=0)] += group
    return [sorted(group) for group in own]


def _repeating(group: list[int], headers: Sequence[str]) -> list[list[int]]:
    """Split columns where the same sequence of headers starts again."""
    keys = [header_key(headers[j]) for j in group]
    for n in range(2, len(keys) // 2 + 1):
        times, rest = divmod(len(keys), n)
        if not rest and keys == keys[:n] * times and all(keys[:n]) and len(set(keys[:n])) == n:
            return [group[k * n : (k + 1) * n] for k in range(times)]
    return [group]


def row_kind(  # noqa: C901, PLR0911, PLR0912 - one return a kind
    row: Sequence[str], sheet: Sheet, at: int, headers: Sequence[str]
) -> str:
    """Reason why a row below a header is not data, or ``""``.

    Examples
    --------
    >>> from liaison_analysis.ledger.sheets import Sheet
    >>> heads = ["序号", "企业名称", "诉求内容"]
    >>> rows = [["小计", "", "本月共7条"], ["填表人：赵某", "", "审核：钱某"], ["说明：每月5日前报送"],
    ...     heads, ["一、东区"]]
    >>> [row_kind(row, Sheet("", rows), 0, heads) for row in rows]
    ['total', 'signature or note', 'signature or note', 'header repeated', 'section title']
    """
    lead = next(cell for cell in row if cell)
    if lead.startswith("\0"):
        return message("beside the labels of a form")
    telling = lead[0] in _TELLING or lead[-1] in "计:："
    if not (telling or lead in headers or sum(map(bool, row)) < 5 or sheet.marks != _NO_MARKS):
        return (
            message("line of signs") if _RULE.match(lead) and all(map(_RULE.match, filter(None, row))) else ""
        )
    cells = [(j, cell) for j, cell in enumerate(row) if cell]
    first = _nfkc(lead)
    texts = [cell for _, cell in cells]
    if [cell for cell in headers if cell] == texts:
        return message("header repeated")
    if len(first) <= 30 and _TOTAL.match(first):
        return message("total")
    if len(cells) <= 2 and _TOTAL_TOLD.match(first):
        return message("total")
    if _TOTAL_OF.match(first) and not any(len(cell) > _LONGEST_TOTAL for cell in texts):
        return message("total")
    if all(map(_RULE.match, texts)):
        return message("line of signs")
    if len(cells) <= 2 and all(_PAGE.match(_nfkc(text)) for text in texts):
        return message("page number")
    if 1 < len(cells) <= 4 and first.isdigit() and _TOTAL.match(_nfkc(cells[1][1])):
        return message("total")
    if _EXAMPLE.match(first):
        return message("example of how to fill in")
    if len(texts) >= _FEWEST_BARE and [_nfkc(text).strip("()") for text in texts] == _COUNTED[: len(texts)]:
        return message("numbers of columns")
    if _is_signed(row) or (len(cells) <= 2 and _NOTE.match(first)):
        return message("signature or note")
    if len(cells) == 1:
        across = any(top == at and right > left for top, left, _, right in sheet.marks.merged)
        if (
            across
            or _names_group(lead, cells[0][0], headers)
            or (cells[0][0] == 0 and _SECTION.match(first) and len(first) <= 40)
        ):
            return message("section title")
    comment = next(
        (text for (i, _), text in sheet.marks.comments.items() if i == at and _VOID.search(text)), ""
    )
    if comment:
        return message("comment says {comment}", comment=comment[:20])
    struck = [(at, j) in sheet.marks.struck for j, _ in cells] if sheet.marks.struck else []
    if struck and all(struck) and not word_of_strikes(sheet):
        return message("struck out")
    return ""


def _names_group(lead: str, column: int, headers: Sequence[str]) -> bool:
    """Whether an enterprise stands alone above its demands, in a table without a column of enterprises."""
    if len(lead) > _LONGEST_HEADER or not FIRM_NAME.search(_nfkc(lead)):
        return False
    meanings = [meaning_of(header, "demands") if header else None for header in headers]
    have = {meaning.column for meaning in meanings if meaning}
    return column < len(headers) and "text" in have and not have & {"enterprise", "enterprise_id"}


# Cells beside 小计 are numbers, or short words such as 共6件; judgement.
_LONGEST_TOTAL: Final = 20
_COUNTED: Final = [str(n) for n in range(1, 100)]
_VOID: Final = re.compile(r"作废|删除|删掉|取消|撤销|重复|误填|误录|无效")


def _is_signed(row: Sequence[str]) -> bool:
    """Whether a row only states who filled in the sheet, and when."""
    cells = [_nfkc(cell) for cell in row if cell]
    signed = sum(bool(SIGNED.match(cell)) for cell in cells)
    return bool(cells) and bool(SIGNED.match(cells[0])) and 2 * signed >= len(cells)


_NO_MARKS: Final = Marks()


@functools.lru_cache(maxsize=4096)
def _nfkc(text: str) -> str:
    return unicodedata.normalize("NFKC", text).strip()
