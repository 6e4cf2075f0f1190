"""A small workbook whose parts are edited, and the message of its refusal."""

import io
import tracemalloc
import zipfile

import pytest
import xlsxwriter

from liaison_analysis.errors import LedgerError
from liaison_analysis.ledger.workbook_guard import refuse_unsafe_workbook

SHEET = "xl/worksheets/sheet1.xml"
NAMESPACE = b'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'


def plain():
    target = io.BytesIO()
    book = xlsxwriter.Workbook(target)
    sheet = book.add_worksheet("demands")
    for i in range(5):
        sheet.write_string(i, 0, f"a{i}")
        sheet.write_number(i, 1, i)
    book.close()
    return target.getvalue()


def packed(edits=None, **more):
    """The plain workbook with some parts edited or added."""
    with zipfile.ZipFile(io.BytesIO(plain())) as source:
        parts = {name: source.read(name) for name in source.namelist()}
    for name, edit in (edits or {}).items():
        parts[name] = edit(parts.get(name, b""))
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in (parts | more).items():
            archive.writestr(name, content)
    return target.getvalue()


def refused(data):
    """Message of the refusal, and that it took little memory."""
    tracemalloc.start()
    with pytest.raises(LedgerError) as caught:
        refuse_unsafe_workbook(data, "a.xlsx")
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 40_000_000
    return str(caught.value)


def rows(*cells):
    return lambda _: (
        b"<worksheet " + NAMESPACE + b"><sheetData>" + b"".join(cells) + b"</sheetData></worksheet>"
    )
