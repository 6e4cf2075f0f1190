"""Tables of a PDF: cells between ruled lines, and columns of cells without any lines."""

from __future__ import annotations

import re
from itertools import pairwise
from statistics import median
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from liaison_analysis.policies.source import Note, join_lines, unified

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

# Lines of a cell stand closer than rows, by this factor; gap between two lines of a table at most, in heights
# of the body's letters; judgement.
_LOOSE: Final = 1.15
_FURTHEST: Final = 3.0
# Ruled lines that reach beyond a closed cell, by this factor; judgement.
_WIDER: Final = 1.2
# A line that ends so near to the right edge of its column, in heights of letters, goes on in the next.
_FULL: Final = 1.6
# Lines of a page at most that are searched; a printed page has some sixty.
_MOST_LINES: Final = 200
# Columns of a table at most; more are characters set apart.
_MOST_COLUMNS: Final = 16
# Columns without lines: rows at least, in tables of three columns and of two; characters in the first of two
# columns at most; judgement.
_FEWEST_ROWS: Final = 2
_FEWEST_ROWS_OF_TWO: Final = 3
_NAME_LENGTH: Final = 10
# Characters of a line of running text beside a table at least; judgement.
_TEXT_LENGTH: Final = 8
# Lines of the last column alone below a table from which they are running text; judgement.
_LINES_BELOW: Final = 4
_WHOLE: Final = 3  # columns from which a table is one by its columns alone
_NUMBERED: Final = re.compile(
    r"第[一二三四五六七八九十百\d]{1,5}[章条节]|[一二三四五六七八九十]{1,3}、|[（(][一二三四五六七八九十\d]{1,3}[）)]"
)
_OFFICE: Final = re.compile(r".*(?:政府|局|委员会|管委会|办公室|厅|部|委|院|银行|中心|协会)|.*\d日")


class Segment(NamedTuple):
    """A piece of a line of a page between wide gaps."""

    x0: float
    x1: float
    top: float
    bottom: float
    text: str
    size: float
    marks: tuple[Note, ...] = ()


class Row(NamedTuple):
    """A row of a table without lines: where it stands, and its cells."""

    top: float
    bottom: float
    cells: list[str]


def ruled_cells(table: Any, page: Any) -> list[list[str]]:
    """Texts of a ruled table, with those of cells that span rows in each of their rows.

    A cell that goes on over the page has no lower line, so that its text stands in no cell: it is taken by
    its column.
    """
    rows = []
    above: dict[int, tuple[float, str]] = {}  # where the last cell of a column ends, and its text
    for row, values in zip(table.rows, table.extract(), strict=True):
        middle = (row.bbox[1] + row.bbox[3]) / 2
        cells = []
        for column, (frame, value) in enumerate(zip(row.cells, values, strict=True)):
            text = "".join(unified(value or "").split())
            if frame is not None:
                above[column] = (frame[3], text)
            elif column in above and above[column][0] > middle:
                text = above[column][1]
            elif column < len(values):
                text = _open_cell(table, page, column, row.bbox[1])
                above[column] = (table.bbox[3], text)
            cells.append(text)
        rows.append(cells if any(values) else [""] * len(values))
    return rows


def is_part(table: Any, page: Any) -> bool:
    """Whether the ruled lines close only one column of a table, whose others are open to the sides."""
    if any(sum(cell is not None for cell in row.cells) > 1 for row in table.rows):
        return False
    x0, top, x1, bottom = table.bbox
    widths = [line["x1"] - line["x0"] for line in page.edges if top - 1 <= line["top"] <= bottom + 1]
    is_wider = max(widths, default=0.0) > (x1 - x0) * _WIDER or sum(
        line["x1"] < x0 + 1 or line["x0"] > x1 - 1
        for line in page.edges
        if line["orientation"] == "h" and top - 1 <= line["top"] <= bottom + 1
    ) > len(table.rows)
    return is_wider and any(
        top <= (char["top"] + char["bottom"]) / 2 <= bottom and not x0 <= char["x0"] <= x1
        for char in page.chars
        if char["text"].strip()
    )


def _open_cell(table: Any, page: Any, column: int, top: float) -> str:
    """Text in a column below a height that stands in no cell."""
    frames = [row.cells[column] for row in table.rows if row.cells[column] is not None]
    if not frames:
        return ""
    x0, x1 = min(frame[0] for frame in frames), max(frame[2] for frame in frames)
    lower = min((frame[1] for frame in frames if frame[1] > top), default=table.bbox[3])
    inside = [
        char
        for char in page.chars
        if x0 <= (char["x0"] + char["x1"]) / 2 <= x1
        and top <= (char["top"] + char["bottom"]) / 2 <= lower
        and not any(_within(char, cell) for row in table.rows for cell in row.cells if cell)
    ]
    inside.sort(key=lambda char: (round(char["top"]), char["x0"]))
    return "".join(unified("".join(char["text"] for char in inside)).split())


def _within(char: dict[str, Any], frame: tuple[float, float, float, float]) -> bool:
    x, y = (char["x0"] + char["x1"]) / 2, (char["top"] + char["bottom"]) / 2
    return bool(frame[0] <= x <= frame[2] and frame[1] <= y <= frame[3])


def unruled_tables(lines: Sequence[Sequence[Segment]], body: float) -> list[tuple[int, int, list[Row]]]:
    """Find tables that are only set in columns, as a browser prints them without borders.

    Their lines fall into the same columns one below the other, at least three of them, or two of which the
    first holds short names. Two columns of running text, signatures side by side and lists of contents are
    none. A cell of several lines is one by the distances between lines, else by how far they reach.

    Parameters
    ----------
    lines
        Lines of a page from top to bottom, each as its pieces between wide gaps.
    body
        Height of the body's letters, in points.

    Returns
    -------
    list[tuple[int, int, list[Row]]]
        First line, line after the last, and rows of each table.

    Examples
    --------
    >>> def line(y, *cells):
    ...     return [Segment(100 * i, 100 * i + 10 * len(c), y, y + 10, c, 10) for i, c in enumerate(cells)]
    >>> page = [line(0, "品目", "分档", "补贴"), line(20, "烘干机", "20吨", "52000"), line(40, "附则")]
    >>> unruled_tables(page, 10)[0][2][1].cells
    ['烘干机', '20吨', '52000']
    """
    found = []
    start = 0 if len(lines) <= _MOST_LINES else len(lines)
    while start < len(lines):
        end, columns = _run(lines, start, body)
        rows = _rows(lines[start:end], columns, body) if end - start >= _FEWEST_ROWS else []
        if rows and _is_table(rows, columns) and not _beside_text(lines, start, end, columns, body):
            found.append((start, end, rows))
            start = end
        else:
            start += 1
    return found


def _run(
    lines: Sequence[Sequence[Segment]], start: int, body: float
) -> tuple[int, list[tuple[float, float]]]:
    """Lines from a first one on that fall into the same columns: the line after the last, and the columns."""
    columns = [(one.x0, one.x1) for one in lines[start]]
    end = start + 1
    # A line of a cell beside one of several cells that stands half a line lower: a row begins with it.
    if len(columns) == 1 and end < len(lines) and lines[end][0].top - lines[start][0].top < body:
        wider = _widened(columns, lines[end])
        columns = wider if wider and len(wider) > len(lines[end]) else columns
        end += len(columns) > 1
    if not 1 < len(columns) <= _MOST_COLUMNS:
        return start, columns
    while end < len(lines):
        line = lines[end]
        far = min(one.top for one in line) - max(one.bottom for one in lines[end - 1]) > _FURTHEST * body
        if far or (len(line) == 1 and _NUMBERED.match(line[0].text)):
            break
        wider = _widened(columns, line)
        if wider is None or len(wider) > _MOST_COLUMNS:
            break
        columns = wider
        end += 1
    while end > start and len(lines[end - 1]) == 1 and _column(columns, lines[end - 1][0]) == 0:
        end -= 1
    return end, columns


def _beside_text(
    lines: Sequence[Sequence[Segment]],
    start: int,
    end: int,
    columns: list[tuple[float, float]],
    body: float,
) -> bool:
    """Whether a column goes on above or below as running text, as that of a page in two columns does."""
    around = [
        one
        for i in (start - 1, end)
        if 0 <= i < len(lines)
        for one in lines[i]
        if len(one.text) >= _TEXT_LENGTH and one.x0 > columns[0][1]
    ]
    below = 0
    for line in reversed(lines[start:end]):
        if any(_column(columns, one) < len(columns) - 1 for one in line):
            break
        below += 1
    goes_on = any(abs(one.x0 - x0) < body for one in around for x0, _ in columns[1:])
    return goes_on or below >= _LINES_BELOW


def _widened(columns: list[tuple[float, float]], line: Sequence[Segment]) -> list[tuple[float, float]] | None:
    """Columns with the pieces of a further line; none where a piece reaches over two of them."""
    wider = list(columns)
    for one in line:
        hit = [i for i, (x0, x1) in enumerate(wider) if one.x0 < x1 and x0 < one.x1]
        if len(hit) > 1:
            return None
        if hit:
            x0, x1 = wider[hit[0]]
            wider[hit[0]] = (min(x0, one.x0), max(x1, one.x1))
        else:
            wider = sorted([*wider, (one.x0, one.x1)])
    return wider


def _column(columns: list[tuple[float, float]], one: Segment) -> int:
    return next(i for i, (x0, x1) in enumerate(columns) if one.x0 < x1 and x0 < one.x1)


def _rows(lines: Sequence[Sequence[Segment]], columns: list[tuple[float, float]], body: float) -> list[Row]:
    """Join the lines of each row."""
    tops = [min(one.top for one in line) for line in lines]
    gaps = [b - a for a, b in pairwise(tops)]
    pitch = min(_pitches(lines, columns), default=0.0)
    apart = any(gap > _LOOSE * pitch for gap in gaps)
    rows: list[dict[int, list[Segment]]] = []
    for i, line in enumerate(lines):
        here = {_column(columns, one): one for one in line}
        row = rows[-1] if rows else None
        if row is None or _begins_row(
            row, here, columns, body, loose=gaps[i - 1] > _LOOSE * pitch, apart=apart
        ):
            rows.append({column: [one] for column, one in here.items()})
        else:
            for column, one in here.items():
                row.setdefault(column, []).append(one)
    return [_joined(row, len(columns)) for row in rows]


def _pitches(lines: Sequence[Sequence[Segment]], columns: list[tuple[float, float]]) -> Iterator[float]:
    """Distances between neighbouring pieces of the same column, without the first column's."""
    last: dict[int, float] = {}
    for line in lines:
        for one in line:
            column = _column(columns, one)
            if column and column in last:
                yield one.top - last[column]
            last[column] = one.top


def _begins_row(
    row: dict[int, list[Segment]],
    here: dict[int, Segment],
    columns: list[tuple[float, float]],
    body: float,
    *,
    loose: bool,
    apart: bool,
) -> bool:
    """Whether a line begins a row, and does not go on with the cells of the row above."""
    if loose or len(here) == len(columns):
        return True
    if apart:  # rows stand apart, and this line does not
        return False
    goes_on = all(
        column not in row or row[column][-1].x1 > columns[column][1] - _FULL * body for column in here
    )
    return 0 in here or not goes_on


def _joined(row: dict[int, list[Segment]], n: int) -> Row:
    pieces = [one for some in row.values() for one in some]
    cells = [join_lines([one.text for one in row.get(column, [])]) for column in range(n)]
    return Row(min(one.top for one in pieces), max(one.bottom for one in pieces), cells)


def _is_table(rows: list[Row], columns: list[tuple[float, float]]) -> bool:
    cells = [cell for row in rows for cell in row.cells if cell]
    if median(map(len, cells)) < 2 or all(_OFFICE.fullmatch(cell) for cell in cells):
        return False
    alone = sum(not any(row.cells[:-1]) and len(row.cells[-1]) >= _TEXT_LENGTH for row in rows)
    if 2 * alone >= len(rows):  # a column of text beside something
        return False
    if 2 * sum("：" in cell for cell in cells) > len(cells):  # labels side by side
        return False
    if len(columns) >= _WHOLE:
        full = sum(sum(map(bool, row.cells)) >= _WHOLE for row in rows)
        return full >= _FEWEST_ROWS
    names, values = ([row.cells[i] for row in rows] for i in (0, 1))
    return (
        len(rows) >= _FEWEST_ROWS_OF_TWO
        and all(names)
        and all(values)
        and max(map(len, names)) <= _NAME_LENGTH
        and not all(re.fullmatch(r"[\d\s.…·-]+", value) for value in values[1:])
        and not any(_NUMBERED.match(cell) for cell in cells)
    )
