"""Text of a PDF in reading order, without running heads, page numbers, footnotes and watermarks."""

from __future__ import annotations

import io
import re
from collections import Counter
from itertools import pairwise
from statistics import median
from typing import Any, Final, NamedTuple

from liaison_analysis._messages import message
from liaison_analysis.policies.pdf_guard import refuse_bomb
from liaison_analysis.policies.pdf_tables import Segment, is_part, ruled_cells, unruled_tables
from liaison_analysis.policies.source import Note, UnreadableError, row_text, unified

# Slant of a glyph from which it is a watermark's; gaps, in heights of the body's letters, from which a line
# falls into columns and from which a blank stands between two letters (judgement).
_SLANT: Final = 0.1
_NEW_COLUMN: Final = 1.2
_BLANK: Final = 0.25

#: Pages that are read at most.
MAX_PAGES: Final = 1_000
# Lines at each edge of a page that may be running heads; judgement.
_EDGE_LINES: Final = 2
# A head that begins or ends with the number of its page.
_HEAD_NUMBER: Final = re.compile(r"(\d{1,4})\s+\D{2,60}|\D{2,60}\s+[-–—·\s]*(\d{1,4})[-–—·\s]*")
# Tolerance in points for the same height of a running head; judgement.
_SAME_HEIGHT: Final = 3.0
_PAGE_NUMBER: Final = re.compile(r"[-–—·\s]*(第?\s*\d{1,4}\s*页?([/,，、]?\s*共?\s*\d{1,4}\s*页?)?)[-–—·\s]*")
# What a browser prints above and below a page: day and title, address and number.
_PRINTED: Final = re.compile(
    r"(?:file|\ufb01le|https?)://\S+(?:\s+\d{1,4}/\d{1,4})?"
    r"|\d{1,4}/\d{1,2}/\d{1,4}[,，]?\s*(?:[上下]午\s*)?\d{1,2}:\d{2}(?:\s*[AP]M)?(?:\s.*)?"
)
# Glyphs drawn twice within this many points, for a bold look, are one; judgement.
_SAME_PLACE: Final = 1.5
# Text larger than the body by this factor and drawn across it is a watermark; judgement.
_WATERMARK_SIZE: Final = 2.0
# White and nearly white, as 0 (black) to 1 (white); judgement.
_PALE: Final = 0.78
# Largest size of footnotes and of their marks, relative to the body; judgement.
_NOTE_SIZE: Final = 0.85
_MARK_SIZE: Final = 0.72
_NOTE_BEGINS: Final = re.compile(r"[\d①-⑳*＊注]")
_NOTE_MARK: Final = re.compile(r"\d{1,3}|[①-⑳]|[*＊]+")
# Characters kept before a footnote's mark, to find its place when a line is split; judgement.
_ANCHOR: Final = 8
# Share of a page's height that is taken by heads and feet; judgement.
_MARGIN: Final = 0.08
# Characters of a cell from which it ends in a full stop where it is whole; judgement.
_LONG_CELL: Final = 15
# Pages by which the size of the body is judged.
_SIZED_PAGES: Final = 10
# Columns: smallest number of lines in both, and of characters in each line; judgement.
_COLUMN_LINES: Final = 3
_COLUMN_CHARACTERS: Final = 6
# Columns whose lines stand at different heights: ratio of their widths at most, and share of the lower of
# both heights that they have in common at least; judgement.
_WIDTH_RATIO: Final = 1.5
_SIDE_BY_SIDE: Final = 0.5
# Share of glyphs without a character from which a PDF counts as unreadable; judgement.
_UNREADABLE: Final = 0.1
_NO_CHARACTER: Final = re.compile(r"\(cid:\d+\)|[\ue000-\uf8ff\ufffd\x00-\x08\x0e-\x1f]")


class _Line(NamedTuple):
    top: float
    bottom: float
    text: str
    size: float
    cells: tuple[str, ...] = ()  # of a table's row
    marks: tuple[Note, ...] = ()  # that point to footnotes, as notes whose text is the mark alone


class PageLine(NamedTuple):
    """A line, the number of its page, and the footnotes to which a mark in it points."""

    text: str
    page: int
    notes: tuple[Note, ...] = ()


def read_pdf(data: bytes) -> tuple[list[PageLine], list[str], list[int]]:
    """Read the lines of a PDF with their footnotes, footnotes without a mark, and pages without any text.

    Glyphs drawn twice are read once; columns are read one after the other; rows of ruled tables keep their
    places, with ``|`` between cells, and a table that continues on the next page has one header.

    Parameters
    ----------
    data
        Bytes of the file.

    Raises
    ------
    UnreadableError
        Its fonts do not map glyphs to characters, it has more than 1,000 pages, or its streams unpack to
        far more than a document's.
    """
    import pdfplumber

    refuse_bomb(data)
    pages: list[list[_Line]] = []
    heights: list[float] = []
    notes: list[str] = []
    glyphs = strange = 0
    with pdfplumber.open(io.BytesIO(data)) as document:
        if len(document.pages) > MAX_PAGES:
            raise UnreadableError(message("has more than {max_pages:,} pages; split it", max_pages=MAX_PAGES))
        body = _body_size(document.pages[:_SIZED_PAGES])
        for page in document.pages:
            glyphs += len(page.chars)
            strange += sum(bool(_NO_CHARACTER.search(char["text"])) for char in page.chars)
            lines, below = _page(page, body)
            lines, left = _pointed(lines, below)
            pages.append(lines)
            heights.append(float(page.height))
            notes += left
            page.close()  # frees the memory of the parsed page
    if glyphs and strange >= _UNREADABLE * glyphs:
        raise UnreadableError(
            message(
                "cannot be read: its fonts do not map glyphs to characters; have them "
                "recognised (OCR), or ask for the Word file"
            )
        )
    return (
        _joined_pages(pages, heights),
        notes,
        [number for number, lines in enumerate(pages, start=1) if not lines],
    )


def _pointed(lines: list[_Line], below: list[str]) -> tuple[list[_Line], list[str]]:
    """Give each line the footnotes of its page that its marks refer to; also the footnotes without a mark."""
    named = {match.group().strip(): note for note in below if (match := _NOTE_MARK.match(note))}
    used: set[str] = set()
    kept = []
    for line in lines:
        here = tuple(mark._replace(text=named[mark.text]) for mark in line.marks if mark.text in named)
        used.update(note.text for note in here)
        kept.append(line._replace(marks=here))
    return kept, [note for note in below if note not in used]


def _joined_pages(pages: list[list[_Line]], heights: list[float]) -> list[PageLine]:
    """Lines of all pages without running heads and page numbers; tables continue across pages."""
    heads = _running(pages)
    counted = _counted(pages, heights)
    kept: list[PageLine] = []
    header: tuple[str, ...] = ()
    for number, lines in enumerate(pages, start=1):
        first = True
        spanning = ""
        for i, line in enumerate(lines):
            at_edge = i < _EDGE_LINES or i >= len(lines) - _EDGE_LINES
            is_head = _PAGE_NUMBER.fullmatch(line.text) or _PRINTED.fullmatch(line.text)
            if at_edge and (is_head or _is_running(line, heads) or line in counted):
                continue
            in_table = bool(kept) and kept[-1].text.startswith("|")
            if line.cells and first and in_table and line.cells == header:
                continue
            if line.cells and first and in_table and not line.cells[0] and len(line.cells) == len(header):
                above = [cell.strip() for cell in kept[-1].text.strip("|").split("|")]
                if _is_rest(above, line.cells):
                    text = row_text([a + b for a, b in zip(above, line.cells, strict=False)])
                    kept[-1] = kept[-1]._replace(text=text)
                    first = False
                    continue
                spanning = above[0]
            if spanning and line.cells and not line.cells[0]:  # its first cell began on the page before
                text = row_text([spanning, *line.cells[1:]])
            else:
                text, spanning = line.text, ""
            kept.append(PageLine(text, number, line.marks))
            if line.cells and not in_table:
                header = line.cells
            first = False
    return kept


def _is_rest(above: list[str], cells: tuple[str, ...]) -> bool:
    """Whether a row at the top of a page, without its first cell, is the rest of the row above.

    Else that cell spans rows on both pages: all others are there, and none above was left open.
    """
    if not all(cells[1:]) or len(cells) <= 2:
        return True
    pairs = zip(above[1:], cells[1:], strict=False)
    return any(len(a) >= _LONG_CELL and not a.endswith(("。", "；", ";", "）")) for a, b in pairs if b)


def _shape(text: str) -> str:
    return re.sub(r"\d+", "#", text)


def _running(pages: list[list[_Line]]) -> set[tuple[str, int]]:
    """Lines at the edges that most pages repeat at the same height, except for digits."""
    edges: Counter[tuple[str, int]] = Counter()
    for lines in pages:
        at_edge = {
            (_shape(line.text), round(line.top / _SAME_HEIGHT))
            for line in (*lines[:_EDGE_LINES], *lines[-_EDGE_LINES:])
        }
        edges.update(at_edge)
    # Left and right pages may have different heads: two in five is most of either kind.
    return {place for place, n in edges.items() if n > 1 and n * 5 >= 2 * len(pages)}


def _counted(pages: list[list[_Line]], heights: list[float]) -> set[_Line]:
    """Find the heads in the margins that hold the number of their page, as left and right pages have them.

    The number counts up with the pages; of a short document each kind of head may stand on one page alone.
    """
    found: dict[int, list[tuple[int, _Line]]] = {}
    for place, (lines, height) in enumerate(zip(pages, heights, strict=True)):
        for line in (*lines[:_EDGE_LINES], *lines[-_EDGE_LINES:]):
            in_margin = line.top < _MARGIN * height or line.bottom > (1 - _MARGIN) * height
            number = _HEAD_NUMBER.fullmatch(line.text)
            if in_margin and number:
                found.setdefault(int(number.group(1) or number.group(2)) - place, []).append((place, line))
    return {line for some in found.values() if len({place for place, _ in some}) > 1 for _, line in some}


def _is_running(line: _Line, heads: set[tuple[str, int]]) -> bool:
    height = round(line.top / _SAME_HEIGHT)
    return any((_shape(line.text), one) in heads for one in (height - 1, height, height + 1))


def _body_size(pages: list[Any]) -> float:
    """Size in which most glyphs are drawn, without heads and feet."""
    sizes = Counter(
        round(char["size"], 1)
        for page in pages
        for char in page.chars
        if _MARGIN * page.height < char["top"] < (1 - _MARGIN) * page.height
    )
    return max(sizes, key=lambda size: (sizes[size], size), default=1.0)


def _page(page: Any, body: float) -> tuple[list[_Line], list[str]]:
    """Lines of a page from top to bottom, and its footnotes."""
    if not page.chars:
        return [], []
    across = _drawn_across(page.chars, body)
    plain = page.filter(
        lambda one: (
            one["object_type"] != "char" or not (_is_watermark(one) or (one["size"], one["top"]) in across)
        )
    )
    plain = plain.dedupe_chars(tolerance=_SAME_PLACE, extra_attrs=())
    tables = [table for table in plain.find_tables() if not is_part(table, plain)]
    frames = [table.bbox for table in tables]
    chars = [char for char in plain.chars if not _inside(char, frames)]
    rows = [
        _Line(row.bbox[1], row.bbox[3], text, body, tuple(cells))
        for table in tables
        for row, cells in zip(table.rows, ruled_cells(table, plain), strict=True)
        if (text := row_text(cells))
    ]
    written = _text_lines(chars, body)
    for first, last, some in reversed(unruled_tables(written, body)):
        rows += [_Line(top, bottom, row_text(cells), body, tuple(cells)) for top, bottom, cells in some]
        del written[first:last]
    lines = sorted([*_in_columns(written, body), *rows], key=lambda line: line.top)
    # Lines of columns have their order by now; tables are inserted by their heights.
    end = len(lines)
    while end and (_PAGE_NUMBER.fullmatch(lines[end - 1].text) or lines[end - 1].size <= _NOTE_SIZE * body):
        end -= 1
    notes: list[str] = []
    left = []
    for line in lines[end:]:
        if _PAGE_NUMBER.fullmatch(line.text) or not end:
            left.append(line)
        elif _NOTE_BEGINS.match(line.text):
            notes.append(line.text)
        elif notes and line.top > lines[end].top:  # a footnote continues in the next line
            notes[-1] += line.text
        else:
            left.append(line)
    return [*lines[:end], *left], notes


def _drawn_across(chars: list[dict[str, Any]], body: float) -> set[tuple[float, float]]:
    """Size and height of large text that is drawn across the body's."""
    large = [char for char in chars if char["size"] >= _WATERMARK_SIZE * body]
    small = [char for char in chars if char["size"] < _WATERMARK_SIZE * body] if large else []
    return {
        (one["size"], one["top"])
        for one in large
        if any(
            one["x0"] < c["x1"]
            and c["x0"] < one["x1"]
            and one["top"] < c["bottom"]
            and c["top"] < one["bottom"]
            for c in small
        )
    }


def _is_watermark(char: dict[str, Any]) -> bool:
    """Whether a glyph is slanted, or nearly white."""
    a, b, c, d, *_ = char.get("matrix") or (1, 0, 0, 1)
    slanted = abs(b) > _SLANT * abs(a) > 0 and abs(c) > _SLANT * abs(d) > 0
    return slanted or _is_pale(char.get("non_stroking_color"))


def _is_pale(color: Any) -> bool:
    """Whether a fill colour in grey, RGB or CMYK is nearly white."""
    parts = [color] if isinstance(color, int | float) else list(color or ())
    if not parts or not all(isinstance(part, int | float) for part in parts):
        return False
    if len(parts) == 4:
        return max(parts[:3]) + parts[3] <= 1 - _PALE
    return min(parts) >= _PALE


def _inside(char: dict[str, Any], frames: list[tuple[float, float, float, float]]) -> bool:
    x, y = (char["x0"] + char["x1"]) / 2, (char["top"] + char["bottom"]) / 2
    return any(x0 <= x <= x1 and top <= y <= bottom for x0, top, x1, bottom in frames)


def _text_lines(chars: list[dict[str, Any]], body: float) -> list[list[Segment]]:
    """Glyphs as lines of segments with wide gaps between them."""
    rows: list[list[dict[str, Any]]] = []
    for char in sorted(chars, key=lambda one: ((one["top"] + one["bottom"]) / 2, one["x0"])):
        middle = (char["top"] + char["bottom"]) / 2
        last = rows[-1] if rows else None
        if last and middle - (last[0]["top"] + last[0]["bottom"]) / 2 < 0.5 * max(body, 1):
            last.append(char)
        else:
            rows.append([char])
    lines = []
    for row in rows:
        row.sort(key=lambda one: one["x0"])
        largest = max(one["size"] for one in row)
        marks = [
            one
            for one in row
            if one["size"] <= _MARK_SIZE * largest and re.fullmatch(r"[\d①-⑳*＊\[\]]", one["text"])
        ]
        at = {id(mark) for mark in marks} if len(marks) < len(row) else set()
        segments: list[list[dict[str, Any]]] = []
        pointing: list[list[tuple[list[dict[str, Any]], dict[str, Any]]]] = []
        for char in row:
            if id(char) in at and char is not row[0]:
                if segments:
                    pointing[-1].append((list(segments[-1]), char))
                continue
            if segments and char["x0"] - segments[-1][-1]["x1"] < _NEW_COLUMN * body:
                segments[-1].append(char)
            elif char["text"].strip():
                segments.append([char])
                pointing.append([])
        lines.append(
            [
                _segment(one, body)._replace(marks=_marks(some))
                for one, some in zip(segments, pointing, strict=True)
            ]
        )
    return [line for line in lines if line]


def _marks(pointing: list[tuple[list[dict[str, Any]], dict[str, Any]]]) -> tuple[Note, ...]:
    """Join marks that stand after the same characters: 1 and 2 point to footnote 12."""
    joined: dict[str, str] = {}
    for before, mark in pointing:
        anchor = "".join("".join(char["text"] for char in before).split())
        joined[anchor] = joined.get(anchor, "") + mark["text"].strip("[]")
    return tuple(Note(anchor[-_ANCHOR:], mark) for anchor, mark in joined.items() if mark)


def _segment(chars: list[dict[str, Any]], body: float) -> Segment:
    text = ""
    for before, char in zip([None, *chars], chars, strict=False):
        gap = before is not None and char["x0"] - before["x1"] > _BLANK * body
        text += " " * gap + char["text"]
    return Segment(
        chars[0]["x0"], chars[-1]["x1"], min(c["top"] for c in chars), max(c["bottom"] for c in chars),
        " ".join(unified(text).split()), median(c["size"] for c in chars),
    )  # fmt: skip


def _in_columns(lines: list[list[Segment]], body: float) -> list[_Line]:
    """Put lines in reading order: of two columns of text the left one first."""
    gutter = _gutter(lines, body)
    done: list[_Line] = []
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


def _of_column(lines: list[list[Segment]], body: float) -> list[_Line]:
    """Lines of one column, with the rows of tables that are set within it."""
    found: list[_Line] = []
    at = 0
    for first, last, rows in unruled_tables(lines, body):
        found += map(_whole, lines[at:first])
        found += [_Line(top, bottom, row_text(cells), body, tuple(cells)) for top, bottom, cells in rows]
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


def _whole(segments: list[Segment]) -> _Line:
    return _Line(
        min(one.top for one in segments), max(one.bottom for one in segments),
        " ".join(one.text for one in segments), max(one.size for one in segments),
        marks=tuple(mark for one in segments for mark in one.marks),
    )  # fmt: skip
