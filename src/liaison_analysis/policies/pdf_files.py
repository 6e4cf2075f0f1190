"""Text of a PDF in reading order, without running heads, page numbers, footnotes and watermarks."""

from __future__ import annotations

import io
import re
from collections import Counter
from typing import TYPE_CHECKING, Final, NamedTuple

from liaison_analysis._messages import message
from liaison_analysis.policies.pdf_guard import refuse_bomb
from liaison_analysis.policies.pdf_page_lines import MARGIN, PAGE_NUMBER, body_size, page_lines
from liaison_analysis.policies.source import UnreadableError, row_text

if TYPE_CHECKING:
    from liaison_analysis.policies.pdf_columns import Line
    from liaison_analysis.policies.source import Note

#: Pages that are read at most.
MAX_PAGES: Final = 1_000
# Lines at each edge of a page that may be running heads; judgement.
_EDGE_LINES: Final = 2
# A head that begins or ends with the number of its page.
_HEAD_NUMBER: Final = re.compile(r"(\d{1,4})\s+\D{2,60}|\D{2,60}\s+[-–—·\s]*(\d{1,4})[-–—·\s]*")
# Tolerance in points for the same height of a running head; judgement.
_SAME_HEIGHT: Final = 3.0
# What a browser prints above and below a page: day and title, address and number.
_PRINTED: Final = re.compile(
    r"(?:file|\ufb01le|https?)://\S+(?:\s+\d{1,4}/\d{1,4})?"
    r"|\d{1,4}/\d{1,2}/\d{1,4}[,，]?\s*(?:[上下]午\s*)?\d{1,2}:\d{2}(?:\s*[AP]M)?(?:\s.*)?"
)
_NOTE_MARK: Final = re.compile(r"\d{1,3}|[①-⑳]|[*＊]+")
# Pages by which the size of the body is judged.
_SIZED_PAGES: Final = 10
# Share of glyphs without a character from which a PDF counts as unreadable; judgement.
_UNREADABLE: Final = 0.1
_NO_CHARACTER: Final = re.compile(r"\(cid:\d+\)|[\ue000-\uf8ff\ufffd\x00-\x08\x0e-\x1f]")
# Characters of a cell from which it ends in a full stop where it is whole; judgement.
_LONG_CELL: Final = 15


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
    pages: list[list[Line]] = []
    heights: list[float] = []
    notes: list[str] = []
    glyphs = strange = 0
    with pdfplumber.open(io.BytesIO(data)) as document:
        if len(document.pages) > MAX_PAGES:
            raise UnreadableError(message("has more than {max_pages:,} pages; split it", max_pages=MAX_PAGES))
        body = body_size(document.pages[:_SIZED_PAGES])
        for page in document.pages:
            glyphs += len(page.chars)
            strange += sum(bool(_NO_CHARACTER.search(char["text"])) for char in page.chars)
            lines, below = page_lines(page, body)
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


def _pointed(lines: list[Line], below: list[str]) -> tuple[list[Line], list[str]]:
    """Give each line the footnotes of its page that its marks refer to; also the footnotes without a mark."""
    named = {match.group().strip(): note for note in below if (match := _NOTE_MARK.match(note))}
    used: set[str] = set()
    kept = []
    for line in lines:
        here = tuple(mark._replace(text=named[mark.text]) for mark in line.marks if mark.text in named)
        used.update(note.text for note in here)
        kept.append(line._replace(marks=here))
    return kept, [note for note in below if note not in used]


def _joined_pages(pages: list[list[Line]], heights: list[float]) -> list[PageLine]:
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
            is_head = PAGE_NUMBER.fullmatch(line.text) or _PRINTED.fullmatch(line.text)
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


def _running(pages: list[list[Line]]) -> set[tuple[str, int]]:
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


def _counted(pages: list[list[Line]], heights: list[float]) -> set[Line]:
    """Find the heads in the margins that hold the number of their page, as left and right pages have them.

    The number counts up with the pages; of a short document each kind of head may stand on one page alone.
    """
    found: dict[int, list[tuple[int, Line]]] = {}
    for place, (lines, height) in enumerate(zip(pages, heights, strict=True)):
        for line in (*lines[:_EDGE_LINES], *lines[-_EDGE_LINES:]):
            in_margin = line.top < MARGIN * height or line.bottom > (1 - MARGIN) * height
            number = _HEAD_NUMBER.fullmatch(line.text)
            if in_margin and number:
                found.setdefault(int(number.group(1) or number.group(2)) - place, []).append((place, line))
    return {line for some in found.values() if len({place for place, _ in some}) > 1 for _, line in some}


def _is_running(line: Line, heads: set[tuple[str, int]]) -> bool:
    height = round(line.top / _SAME_HEIGHT)
    return any((_shape(line.text), one) in heads for one in (height - 1, height, height + 1))
