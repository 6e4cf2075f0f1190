"""Find the tables of a sheet: headers of one to three rows, merged cells, and rows that are not data.

A sheet that a clerk keeps has a title, lines such as 填报单位, a header whose groups are merged, totals,
signatures, and sometimes a second header lower down or a second table beside. Each row becomes data or is
left out with the reason.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from itertools import pairwise
from typing import TYPE_CHECKING, Final

from liaison_analysis._messages import message
from liaison_analysis.ledger.column_choice import column_meanings
from liaison_analysis.ledger.header_rows import header_lines, header_rows
from liaison_analysis.ledger.headers import is_known, meaning_of
from liaison_analysis.ledger.row_kinds import answer_beneath, is_signed, names_next, row_kind
from liaison_analysis.ledger.schema import header_key
from liaison_analysis.ledger.tables import adjacent_columns, begun_table

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from liaison_analysis.ledger.headers import Meaning
    from liaison_analysis.ledger.sheets import Sheet

# Rows and cells that a table without a header has at least; judgement.
_FEWEST_BARE: Final = 3
_BRACKETED: Final = re.compile(r"^\s*[(（【\[][^()（）]*[)）】\]]\s*$")


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

    def add_column(self, header: str, cells: list[str], at: int) -> None:
        """Add a column that was made of others; ``at`` is the first of them."""
        self.headers.append(header)
        self.written.append("")
        self.groups.append("")
        self.columns.append(self.columns[at] if self.columns else 0)
        self.cells.append(cells)

    def take(self, rows: Sequence[int]) -> None:
        """Keep the rows at these places, counted from 0; a row may be taken several times."""
        self.rows = [self.rows[i] for i in rows]
        self.sections = [self.sections[i] for i in rows]
        self.cells = [[cells[i] for i in rows] for cells in self.cells]

    def meant(self) -> dict[str, int]:
        """Columns with cells, by what their headers and cells mean among demands."""
        meanings = column_meanings(self.headers, self.cells, "demands")
        return {meaning.column: j for j, meaning in meanings.items() if any(self.cells[j])}

    def headed(self) -> dict[str, int]:
        """Columns with cells, by what their headers alone mean among demands."""
        columns: dict[str, int] = {}
        for j, header in enumerate(self.headers):
            meaning = meaning_of(header, "demands") if header else None
            if meaning and any(self.cells[j]):
                columns.setdefault(meaning.column, j)
        return columns


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
    headers = header_rows(sheet)
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
        lines = header_lines(sheet, top, low)
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


def head_by_look(block: Block, meanings: Mapping[int, Meaning]) -> None:
    """Give columns without a header the one of what their cells look like."""
    for j, meaning in meanings.items():
        header = _HEADER_OF.get(meaning.column, "")
        if not block.headers[j] and header not in block.headers:
            block.headers[j] = header


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
    heads = _headings_over(sheet.rows, extent[0], parts)
    blocks = [
        Block(
            sheet,
            low,
            [headers[j] for j in part],
            [groups[j] or head for j in part],
            part,
            titles=[one for one in titles if one == head or one not in heads],
        )
        for part, head in zip(parts, heads, strict=True)
    ]
    left: list[Left] = []
    section = ""
    beneath: dict[str, dict[int, str]] = {}  # by label and row of the demand above
    last = _last_row(sheet, low, after)
    for i in range(low + 1, after):
        raw = sheet.rows[i]
        if not any(raw):
            continue
        if len(blocks) == 1 and blocks[0].rows and (answer := _new_answer(raw, headers)):
            before = beneath.setdefault(answer[0], {}).setdefault(blocks[0].rows[-1], "")
            beneath[answer[0]][blocks[0].rows[-1]] = "\n".join(filter(None, (before, answer[1])))
            why = message("stands beneath a demand, and is read with it")
            left += [Left(i, j, cell, why) for j, cell in enumerate(raw) if cell]
            continue
        why = _reason(sheet, i, low, last, headers)
        if why == message("section title"):
            section = next(cell for cell in reversed(raw) if cell)  # behind its number
            titles.append(section)
        if why:
            left += [Left(i, j, cell, why) for j, cell in enumerate(raw) if cell]
            continue
        for block in blocks:
            if len(blocks) == 1 or any(j < len(raw) and raw[j] for j in block.columns):
                block.rows.append(i)
                block.sections.append(section)
    titles += [cell for row in sheet.rows[last + 1 : after] for cell in row if cell]
    for block in blocks:
        block.cells = [
            [filled[i][j] if j < len(filled[i]) else "" for i in block.rows] for j in block.columns
        ]
    for label, answers in beneath.items():
        block = blocks[0]
        block.written = block.written or list(block.headers)
        block.add_column(label, [answers.get(i, "") for i in block.rows], 0)
    return blocks, left


def _reason(sheet: Sheet, i: int, low: int, last: int, headers: Sequence[str]) -> str:
    """Reason why a row below the header in row ``low`` is not data, or ``""``."""
    if i == low + 1 and _goes_on(sheet.rows[i], headers):
        return message("header repeated")
    if i > last:
        return message("title or note above the header")
    return row_kind(sheet.rows[i], sheet, i, headers)


def _goes_on(row: Sequence[str], headers: Sequence[str]) -> bool:
    """Whether the row below a header has its translation, or units and advice: （年月日） | （万元）."""
    cells = [(cell, headers[j] if j < len(headers) else "") for j, cell in enumerate(row) if cell]
    if len(cells) < 2:
        return False
    if all(_BRACKETED.match(cell) for cell, _ in cells):
        return True
    pairs = [(meaning_of(cell, "demands"), meaning_of(header, "demands")) for cell, header in cells]
    same = [one is not None and other is not None and one.column == other.column for one, other in pairs]
    return len(cells) > 2 and all(same)


def _last_row(sheet: Sheet, low: int, after: int) -> int:
    """Last row of a table; below it stands what the header of the next table is of, or who fills it in."""
    last = after - 1
    if after >= len(sheet.rows):
        return last
    while (
        last > low and any(sheet.rows[last]) and (is_signed(sheet.rows[last]) or names_next(sheet.rows[last]))
    ):
        last -= 1
    return last


def _new_answer(row: Sequence[str], headers: Sequence[str]) -> tuple[str, str] | None:
    """Label and value of a row beneath a demand, where no column has them."""
    answer = answer_beneath(row)
    if answer is None or is_known(row[0]):
        return None
    column = meaning_of(answer[0], "demands")
    taken = {meaning.column for header in headers if header and (meaning := meaning_of(header, "demands"))}
    return answer if column and column.column not in taken else None


def _headings_over(rows: Sequence[Sequence[str]], top: int, parts: Sequence[Sequence[int]]) -> list[str]:
    """Heading over each of several tables beside each other, where the row above has one for each."""
    above = next((row for row in reversed(rows[:top]) if any(row)), [])
    starts = [part[0] for part in parts]
    ends = [*starts[1:], len(above)]
    over = [[cell for cell in above[a:b] if cell] for a, b in zip(starts, ends, strict=True)]
    if len(parts) < 2 or any(len(cells) != 1 for cells in over):
        return [""] * len(parts)
    return [cells[0] for cells in over]


def _beside(used: list[int], headers: Sequence[str]) -> list[list[int]]:
    """Find groups of columns that are tables of their own: each has two known headers at least."""
    groups = [part for group in adjacent_columns(used) for part in _repeating(group, headers)]
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
