"""Where the headers of a sheet stand, in one to three rows each, and what each column is headed."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from liaison_analysis.ledger.days import looks_like_day
from liaison_analysis.ledger.headers import is_known, known_headers
from liaison_analysis.ledger.row_kinds import is_signed, names_next
from liaison_analysis.ledger.schema import header_key
from liaison_analysis.ledger.tables import HEADER_SEARCH_ROWS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from liaison_analysis.ledger.sheets import Sheet

# Where no header is found there, one of so many known words is looked for so far down; judgement.
_FURTHEST_HEADER: Final = 300
_SURE_HEADER: Final = 3
# A row further down is a header where at least so many of its cells are known headers; judgement.
_HEADER_SHARE: Final = 0.6
_LONGEST_HEADER: Final = 40


def header_rows(sheet: Sheet) -> list[tuple[int, int]]:
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
        if (
            not (covers or groups)
            or not all(map(_may_be_header, cells))
            or is_signed(above)
            or names_next(above)
        ):
            break
        top -= 1
    return top, low


def _known_in(cell: str, group: str) -> bool:
    """Whether a cell is a header, alone or with the heading of its group."""
    return is_known(cell) or (bool(group) and (is_known(group + cell) or is_known(cell + group)))


def header_lines(sheet: Sheet, top: int, low: int) -> tuple[list[str], list[str]]:
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
