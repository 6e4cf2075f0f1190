"""Read text files that hold a table: separated text (CSV, TSV), and HTML tables that systems export."""

from __future__ import annotations

import codecs
import contextlib
import csv
import re
from collections import Counter
from typing import TYPE_CHECKING, Any, Final

from liaison_analysis._messages import marked, message
from liaison_analysis.errors import LedgerError
from liaison_analysis.ledger.cells import clean_text, unsafe_cell
from liaison_analysis.ledger.sheets import Merge, rows_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

# Characters at which reading stops: a file with an unclosed quotation mark is one cell (judgement).
# What the parser says, in plain words.
_CSV_ERRORS: Final = {
    "unexpected end of data": marked("a quotation mark is never closed"),
    "',' expected after '\"'": marked("a quotation mark stands inside of a cell"),
}
_KEPT_AS_TEXT: Final = re.compile(r'^="([^"]*)"$')
_LONGEST_CELL: Final = 1 << 24
_DELIMITERS: Final = ("\t", ",", ";", "|")
# Lines that the delimiter is looked for in.
_SAMPLED: Final = 50


def separated_rows(data: bytes, name: str) -> list[list[str]]:
    r"""Rows of a text file with commas, tabs, semicolons or bars between its cells.

    Raises
    ------
    LedgerError
        The file is not text, or its quotes do not match.

    Examples
    --------
    >>> separated_rows("编号;诉求\n1;停车难，用电紧".encode("gb18030"), "a.csv")
    [['编号', '诉求'], ['1', '停车难，用电紧']]
    """
    text = clean_text(decoded(data, name))
    # A cell as long as this is the rest of a file after a quote that is never closed.
    csv.field_size_limit(_LONGEST_CELL)
    reader = csv.reader(_lines(text), delimiter=_delimiter(text), strict=True)
    try:
        return rows_of(([_cell(cell) for cell in row] for row in reader), name)
    except csv.Error as error:
        reason = message(
            "is not a CSV file (line {line_num}: {error}); correct the quotes or save it again as CSV",
            line_num=reader.line_num,
            error=message(why) if (why := _CSV_ERRORS.get(str(error))) else error,
        )
        raise LedgerError.of_file(name, reason) from error


def _cell(written: str) -> str:
    """Text of a cell; systems write ="00123" so that Excel keeps the zeros."""
    cell = written.strip()
    kept = _KEPT_AS_TEXT.match(cell) if cell.startswith("=") else None
    return unsafe_cell(kept[1] if kept else cell)


def is_separated(text: str) -> bool:
    """Whether two lines of a text have the same delimiter, as a table's have."""
    lines = [line for line in text.split("\n", _SAMPLED)[:_SAMPLED] if line.strip()]
    return any(sum(mark in line for line in lines) > 1 for mark in _DELIMITERS)


def _delimiter(text: str) -> str:
    """Delimiter that stands equally often in most lines; of equals the first of ``_DELIMITERS``."""
    lines = [line for line in text.split("\n", _SAMPLED)[:_SAMPLED] if line.strip()]
    best, agreed = ",", 0
    for mark in _DELIMITERS:
        counts = Counter(n for line in lines if (n := line.count(mark)))
        n = max(counts.values(), default=0)
        if n > agreed:
            best, agreed = mark, n
    return best


def html_tables(text: str, name: str) -> list[tuple[list[list[str]], list[Merge]]]:
    """Rows and merged cells of each table of an HTML page, as systems export it under ``.xls``.

    Tables that only arrange others are not read; texts between tables stand above the next one as titles.

    Examples
    --------
    >>> html_tables("<table><tr><td rowspan=2>a</td><td>b</td></tr><tr><td>c</td></tr></table>", "a.xls")
    [([['a', 'b'], ['', 'c']], [(0, 0, 1, 0)])]
    """
    from bs4 import BeautifulSoup

    page = BeautifulSoup(text, "lxml")
    for other in page.find_all(["script", "style", "head", "select", "button"]):
        other.decompose()
    found = [one for one in page.find_all("table") if one.find("table") is None]
    if not found:
        raise LedgerError.of_file(name, message("is a web page without a table; save it as .xlsx"))
    tables: list[tuple[list[list[str]], list[Merge]]] = []
    titles: list[list[str]] = []
    for part in list(_parts(page, found)):  # before cells are changed
        if isinstance(part, str):
            titles.append([part])
            continue
        rows, merged = _grid(part)
        cells = [cell for row in rows for cell in row if cell]
        if len(cells) == 1:  # a title in a frame of its own
            titles.append(cells)
        elif cells:
            down = len(titles)
            moved = [(top + down, left, low + down, right) for top, left, low, right in merged]
            tables.append((rows_of([*titles, *rows], name), moved))
            titles = []
    if not tables:
        raise LedgerError.of_file(name, message("is a web page without a table; save it as .xlsx"))
    if titles:  # texts behind the last table, such as signatures
        rows, merged = tables[-1]
        tables[-1] = ([*rows, *titles], merged)
    return tables


def _parts(page: Any, tables: Sequence[Any]) -> Iterator[Any]:
    """Give the tables of a page and the lines of text outside of them, in their order."""
    known = {id(table) for table in tables}
    inside = {id(one) for table in tables for one in table.descendants}
    for one in page.descendants:
        if id(one) in known:
            yield one
        elif type(one).__name__ == "NavigableString" and id(one) not in inside and str(one).strip():
            yield " ".join(str(one).split())


def _grid(table: Any) -> tuple[list[list[str]], list[Merge]]:
    """Cells of a table of a page, each merged one once, and the ranges of merged cells."""
    taken: dict[tuple[int, int], str] = {}
    merged: list[Merge] = []
    for i, row in enumerate(table.find_all("tr")):
        j = 0
        for cell in row.find_all(["td", "th"], recursive=False):
            while (i, j) in taken:
                j += 1
            high, wide = (_span(cell.get(side)) for side in ("rowspan", "colspan"))
            for at in range(i, i + high):
                for across in range(j, j + wide):
                    taken[at, across] = ""
            taken[i, j] = _cell_lines(cell)
            if high > 1 or wide > 1:
                merged.append((i, j, i + high - 1, j + wide - 1))
            j += wide
    height = max((i for i, _ in taken), default=-1) + 1
    width = max((j for _, j in taken), default=-1) + 1
    return [[taken.get((i, j), "") for j in range(width)] for i in range(height)], merged


_BLOCKS: Final = ("p", "div", "li", "tr", "h1", "h2", "h3", "h4")


def _cell_lines(cell: Any) -> str:
    """Text of a cell: a line for each paragraph or break, as a browser shows it."""
    for line in cell.find_all("br"):
        line.replace_with("\0")
    for block in cell.find_all(_BLOCKS):
        block.insert_before("\0")
        block.insert_after("\0")
    lines = (" ".join(one.split()) for one in cell.get_text().split("\0"))
    return "\n".join(one for one in lines if one)


def archived_page(data: bytes) -> str:
    r"""HTML of a web page saved as one file (MHTML), as Excel and older systems write it; ``""`` for others.

    Examples
    --------
    >>> archived_page(b"MIME-Version: 1.0\nContent-Type: text/html; charset=utf-8\n\n<table></table>")
    '<table></table>'
    >>> archived_page(b"<html></html>")
    ''
    """
    if not re.match(rb"\s*(?:MIME-Version|From|Content-Type)\s*:", data[:2000], re.IGNORECASE):
        return ""
    import email
    import email.policy

    pages = []
    for part in email.message_from_bytes(data.lstrip(), policy=email.policy.compat32).walk():
        if part.get_content_type() != "text/html":
            continue
        content = part.get_payload(decode=True)
        if isinstance(content, bytes):
            encoding = part.get_content_charset()
            try:
                pages.append(content.decode(encoding) if encoding else decoded(content, ""))
            except (LookupError, UnicodeDecodeError):
                pages.append(content.decode("gb18030", errors="replace"))
    return "\n".join(pages)


def _span(written: object) -> int:
    found = re.fullmatch(r"\s*(\d{1,4})\s*", str(written or ""))
    return min(max(int(found[1]), 1), 1_000) if found else 1


def _lines(text: str) -> Iterator[str]:
    """Lines one by one: a buffer of text takes four bytes for every character at once."""
    start = 0
    while start < len(text):
        end = text.find("\n", start) + 1 or len(text)
        yield text[start:end]
        start = end


def _without_mark(data: bytes) -> str:
    """UTF-16 without byte-order mark: every other byte of ASCII characters is zero."""
    head = data[:4096]
    zeros = [head[at::2].count(0) for at in (0, 1)]
    if sum(zeros) <= len(head) // 50 or min(zeros) > max(zeros) // 10:
        return ""
    return "utf-16-le" if zeros[1] > zeros[0] else "utf-16-be"


def decoded(data: bytes, name: str) -> str:
    """Text of a file: by its byte-order mark, else UTF-8, else GB 18030 as Excel in China writes it."""
    marks = {codecs.BOM_UTF8: "utf-8-sig", codecs.BOM_UTF16_LE: "utf-16", codecs.BOM_UTF16_BE: "utf-16"}
    marked = [encoding for mark, encoding in marks.items() if data.startswith(mark)]
    if not marked and (odd := _without_mark(data)):
        marked = [odd]
    for encoding in marked or ["utf-8", "gb18030"]:
        with contextlib.suppress(UnicodeError):
            return data.decode(encoding)
    raise LedgerError.of_file(name, message("is not text in UTF-8, UTF-16 or GB 18030; save it as CSV UTF-8"))
