"""Read the tables of a Word document as sheets."""

from __future__ import annotations

import io
from dataclasses import replace

from liaison_analysis._messages import message
from liaison_analysis.errors import LedgerError
from liaison_analysis.ledger.cells import one_line
from liaison_analysis.ledger.sheets import Marks, Merge, Sheet, rows_of
from liaison_analysis.ledger.workbook_guard import refuse_bomb

_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


def is_web_page(data: bytes) -> bool:
    """Whether a file is a web page under the suffix of a document, as systems export tables.

    Examples
    --------
    >>> is_web_page(b"<html><table></table></html>"), is_web_page(b"PK")
    (True, False)
    """
    head = data[:1_000_000]
    return not head.startswith((b"PK", _OLE)) and b"<table" in head.lower()


def document_sheets(data: bytes, name: str, stem: str, file: str) -> list[Sheet]:
    """Tables of a ``.docx`` file, a sheet each; paragraphs before a table stand above it as titles.

    Raises
    ------
    LedgerError
        The file is not a Word document, is damaged or protected, or holds no table.
    """
    import docx
    from docx.table import Table

    if data.startswith(_OLE) and "EncryptedPackage".encode("utf-16-le") not in data:
        raise LedgerError.of_file(
            name, message("is a Word document of before 2007; open it and save it as .docx")
        )
    if not data.startswith(b"PK"):
        raise LedgerError.of_file(
            name, message("is not a Word document (.docx), or is protected; save it as .docx")
        )
    refuse_bomb(data, name)
    try:
        document = docx.Document(io.BytesIO(data))
        parts = list(document.iter_inner_content())
    except Exception as error:  # python-docx fails in many ways on a damaged part
        raise LedgerError.of_file(name, message("is damaged; open it in Word and save it again")) from error
    sheets: list[Sheet] = []
    titles: list[list[str]] = []
    heading = ""  # the document's title stands above the first table, and holds for all
    for part in parts:
        if not isinstance(part, Table):
            if text := one_line(part.text):
                titles.append([text])
            continue
        rows, merged = _grid(part)
        moved = tuple((top + len(titles), left, low + len(titles), right) for top, left, low, right in merged)
        label = stem if not sheets else f"{stem} {len(sheets) + 1}"
        cells = rows_of([*titles, *rows], name)
        sheets.append(Sheet(label, cells, file=file, marks=Marks(merged=moved), heading=heading))
        heading = heading or (titles[0][0] if titles else "")
        titles = []
    if not sheets and sum("：" in cell or ":" in cell for (cell,) in titles) > 1:
        return [Sheet(stem, rows_of(titles, name), file=file)]  # labels and values without a table
    if not sheets:
        raise LedgerError.of_file(
            name, message("holds no table; put the demands into a table or save it as .xlsx")
        )
    if titles:  # paragraphs behind the last table, such as signatures
        last = sheets[-1]
        sheets[-1] = replace(last, rows=[*last.rows, *titles])
    return sheets


def _grid(table: object) -> tuple[list[list[str]], list[Merge]]:
    """Cells of a Word table, each merged one once, and the ranges of merged cells."""
    first: dict[object, tuple[int, int]] = {}
    last: dict[object, tuple[int, int]] = {}
    rows: list[list[str]] = []
    for i, row in enumerate(table.rows):  # type: ignore[attr-defined]
        texts: list[str] = [""] * row.grid_cols_before
        for cell in row.cells:
            key = cell._tc  # noqa: SLF001 - the same element stands for all cells of a merged range
            j = len(texts)
            texts.append("" if key in first else cell.text)
            first.setdefault(key, (i, j))
            last[key] = (i, j)
        rows.append(texts)
    merged = [(*first[key], *last[key]) for key in first if first[key] != last[key]]
    return rows, merged
