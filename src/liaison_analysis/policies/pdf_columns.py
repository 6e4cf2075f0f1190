"""Lines of a PDF's page in reading order: of two columns of text the left one first."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, Final, NamedTuple

from liaison_analysis.policies.pdf_tables import unruled_tables
from liaison_analysis.policies.source import row_text

if TYPE_CHECKING:
    from liaison_analysis.policies.pdf_tables import Segment
    from liaison_analysis.policies.source import Note

# Columns: smallest number of lines in both, and of characters in each line; judgement.
_COLUMN_LINES: Final = 3
_COLUMN_CHARACTERS: Final = 6
# Columns whose lines stand at different heights: ratio of their widths at most, and share of the lower of
# both heights that they have in common at least; judgement.
_WIDTH_RATIO: Final = 1.5
_SIDE_BY_SIDE: Final = 0.5


class Line(NamedTuple):
    """A line of a page: its top and bottom and the size of its letters, in points, and its text."""

    top: float
    bottom: float
    text: str
    size: float
    cells: tuple[str, ...] = ()  # of a table's row
    marks: tuple[Note, ...] = ()  # that point to footnotes, as notes whose text is the mark alone


def in_columns(lines: list[list[Segment]], body: float) -> list[Line]:
    """Put lines in reading order: of two columns of text the left one first."""
    gutter = _gutter(lines, body)
    done: list[Line] = []
    columns: tuple[list[list[Segment]], list[list[Segment]]] = ([], [])

    def flush() -> None:
        left, right = (_of_column(column, body) for column in columns)
        if left and right:
            # Lines are sorted by height later; so the right column is moved below the left one.
            step = (max(one.bottom for one in (*left, *right)) - left[0].top) / (len(left) + len(right) + 1)
            for k, one in enumerate((*left, *right)):
                done.append(one._replace(top=left[0].top + k * step if k else one.top))
        else:
            done.extend((*left, *right))
        for column in columns:
            column.clear()

    for line in lines:
        if gutter is None or any(one.x0 < gutter < one.x1 for one in line):
            flush()
            done.append(_whole(line))
            continue
        sides = [[one for one in line if one.x1 <= gutter], [one for one in line if one.x0 >= gutter]]
        for side, column in zip(sides, columns, strict=True):
            if side:
                column.append(side)
    flush()
    return done


def _of_column(lines: list[list[Segment]], body: float) -> list[Line]:
    """Lines of one column, with the rows of tables that are set within it."""
    found: list[Line] = []
    at = 0
    for first, last, rows in unruled_tables(lines, body):
        found += map(_whole, lines[at:first])
        found += [Line(top, bottom, row_text(cells), body, tuple(cells)) for top, bottom, cells in rows]
        at = last
    return [*found, *map(_whole, lines[at:])]


def _gutter(lines: list[list[Segment]], body: float) -> float | None:
    """Find the gutter between two columns: a gap at one place in most lines, long text on both sides."""
    pairs = [(a, b) for line in lines for a, b in pairwise(line)]
    if len(pairs) < _COLUMN_LINES:
        return _gutter_of_blocks(lines, body)
    best, most = None, 0
    for x in {round((a.x1 + b.x0) / 2) for a, b in pairs}:
        holding = [(a, b) for a, b in pairs if a.x1 <= x <= b.x0]
        long = [pair for pair in holding if min(len(one.text) for one in pair) >= _COLUMN_CHARACTERS]
        crossing = sum(any(one.x0 < x < one.x1 for one in line) for line in lines)
        aligned = len({round(b.x0 / body) for _, b in long}) <= 2
        if len(long) >= _COLUMN_LINES and len(long) > crossing and aligned and len(long) > most:
            best, most = float(x), len(long)
    return best or _gutter_of_blocks(lines, body)


def _gutter_of_blocks(lines: list[list[Segment]], body: float) -> float | None:
    """Find the gutter between two columns whose lines stand at different heights.

    Where paragraphs are set apart, few lines of one column stand beside a line of the other.
    """
    segments = [one for line in lines for one in line]
    best, most = None, 0
    for x in {round(one.x0) - 1 for one in segments}:
        left = [one for one in segments if one.x1 <= x and len(one.text) >= _COLUMN_CHARACTERS]
        right = [one for one in segments if one.x0 >= x and len(one.text) >= _COLUMN_CHARACTERS]
        fewest = min(len(left), len(right))
        if fewest < _COLUMN_LINES or fewest <= most:
            continue
        crossing = sum(one.x0 < x < one.x1 for one in segments)
        if crossing < fewest and _are_columns(left, right, body):
            best, most = float(x), fewest
    return best


def _are_columns(left: list[Segment], right: list[Segment], body: float) -> bool:
    """Whether two blocks stand side by side, are about as wide, and have lines that fill their width."""
    edges = [(min(one.x0 for one in side), max(one.x1 for one in side)) for side in (left, right)]
    widths = [end - start for start, end in edges]
    top = max(min(one.top for one in side) for side in (left, right))
    bottom = min(max(one.bottom for one in side) for side in (left, right))
    heights = [max(one.bottom for one in side) - min(one.top for one in side) for side in (left, right)]
    full = [
        sum(one.x1 > end - 2 * body for one in side)
        for side, (_, end) in zip((left, right), edges, strict=True)
    ]
    return (
        max(widths) <= _WIDTH_RATIO * min(widths)
        and bottom - top >= _SIDE_BY_SIDE * min(heights)
        and min(full) >= _COLUMN_LINES
    )


def _whole(segments: list[Segment]) -> Line:
    return Line(
        min(one.top for one in segments), max(one.bottom for one in segments),
        " ".join(one.text for one in segments), max(one.size for one in segments),
        marks=tuple(mark for one in segments for mark in one.marks),
    )  # fmt: skip
