"""Lines of one page of a PDF: glyphs joined, without watermarks; tables as rows, footnotes apart."""

from __future__ import annotations

import re
from collections import Counter
from statistics import median
from typing import Any, Final

from liaison_analysis.policies.pdf_columns import Line, in_columns
from liaison_analysis.policies.pdf_tables import Segment, is_part, ruled_cells, unruled_tables
from liaison_analysis.policies.source import Note, row_text, unified

# Slant of a glyph from which it is a watermark's; gaps, in heights of the body's letters, from which a line
# falls into columns and from which a blank stands between two letters (judgement).
_SLANT: Final = 0.1
_NEW_COLUMN: Final = 1.2
_BLANK: Final = 0.25
#: A line that is nothing but the number of its page.
PAGE_NUMBER: Final = re.compile(r"[-–—·\s]*(第?\s*\d{1,4}\s*页?([/,，、]?\s*共?\s*\d{1,4}\s*页?)?)[-–—·\s]*")
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
# Characters kept before a footnote's mark, to find its place when a line is split; judgement.
_ANCHOR: Final = 8
#: Share of a page's height that is taken by heads and feet; judgement.
MARGIN: Final = 0.08


def body_size(pages: list[Any]) -> float:
    """Size in which most glyphs are drawn, without heads and feet."""
    sizes = Counter(
        round(char["size"], 1)
        for page in pages
        for char in page.chars
        if MARGIN * page.height < char["top"] < (1 - MARGIN) * page.height
    )
    return max(sizes, key=lambda size: (sizes[size], size), default=1.0)


def page_lines(page: Any, body: float) -> tuple[list[Line], list[str]]:
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
        Line(row.bbox[1], row.bbox[3], text, body, tuple(cells))
        for table in tables
        for row, cells in zip(table.rows, ruled_cells(table, plain), strict=True)
        if (text := row_text(cells))
    ]
    written = _text_lines(chars, body)
    for first, last, some in reversed(unruled_tables(written, body)):
        rows += [Line(top, bottom, row_text(cells), body, tuple(cells)) for top, bottom, cells in some]
        del written[first:last]
    lines = sorted([*in_columns(written, body), *rows], key=lambda line: line.top)
    # Lines of columns have their order by now; tables are inserted by their heights.
    end = len(lines)
    while end and (PAGE_NUMBER.fullmatch(lines[end - 1].text) or lines[end - 1].size <= _NOTE_SIZE * body):
        end -= 1
    notes: list[str] = []
    left = []
    for line in lines[end:]:
        if PAGE_NUMBER.fullmatch(line.text) or not end:
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
