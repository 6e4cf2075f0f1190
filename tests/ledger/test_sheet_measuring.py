import re
import tracemalloc

import pytest
from helpers.packed_workbook import SHEET, packed, refused, rows

from liaison_analysis.ledger.sheet_measuring import MAX_CELLS
from liaison_analysis.ledger.workbook_guard import refuse_unsafe_workbook


def test_two_cells_far_apart_would_fill_memory_between_them():
    far = rows(
        b'<row r="1"><c r="A1"><v>1</v></c></row><row r="1048576"><c r="XFD1048576"><v>1</v></c></row>'
    )
    assert refused(packed({SHEET: far})) == (
        "a.xlsx: a sheet spans 17,179,869,184 cells (1,048,576 rows, 16,384 columns); "
        "copy the used cells into a new workbook"
    )


FIRST = b'<row r="1"><c r="A1"><v>1</v></c></row>'


@pytest.mark.parametrize(
    "cells",
    [
        b'<row r="9"><c s="2" x=">"  r = \'XFD1048576\' ><v>1</v></c></row>',
        b'<row r="1048576"><c r="XFD1"><v>1</v></c><c><v>1</v></c></row>',
        b'<row r="1048576"><c><v>1</v></c></row><row r="1"><c r="ZZ1"><f/></c></row>',
        b'<row r="1"><c r="XFD1"><is><t>a</t></is></c></row><row r="90000"><c r="a90000"><v>1</v></c></row>',
    ],
)
def test_other_ways_to_write_a_far_cell(cells):
    found = refused(packed({SHEET: rows(FIRST, cells)}))
    assert re.search(r"a sheet spans [\d,]+ cells|is damaged \(cell", found)


def test_a_prefix_hides_no_cells():
    cells = b'<c r="A1"><v>1</v></c><c r="XFD1048576"><v>1</v></c>'
    sheet = rows(b'<row r="1">', cells, b"</row>")(b"").replace(b"</", b"</x:").replace(b"<", b"<x:")
    sheet = sheet.replace(b"<x:/x:", b"</x:").replace(b"xmlns=", b"xmlns:x=")
    assert b"<x:c r=" in sheet
    assert "a sheet spans" in refused(packed({SHEET: lambda _: sheet}))


@pytest.mark.parametrize(
    "place", ["A0", "99", "XFE1", "A1048577", "ZZZZZZZZZ1", "A99999999999999", "", "A-1"]
)
def test_cells_outside_of_a_worksheet(place):
    cell = b'<row r="1"><c r="' + place.encode() + b'"><v>1</v></c></row>'
    assert refused(packed({SHEET: rows(cell)})).startswith(f"a.xlsx: is damaged (cell {place!r} of a sheet)")


@pytest.mark.parametrize("row", ["0", "1048577", "99999999999999999999", "x", "²"])
def test_rows_outside_of_a_worksheet(row):
    found = refused(packed({SHEET: rows(f'<row r="{row}"/>'.encode())}))
    assert found.startswith(f"a.xlsx: is damaged (row {row!r} of a sheet)")


def test_blank_cells_with_a_format_take_no_room():
    cells = b'<row r="1"><c r="A1"><v>1</v></c></row><row r="1048576"><c r="XFD1048576" s="1"/></row>'
    assert refuse_unsafe_workbook(packed({SHEET: rows(cells)}), "a.xlsx") == {}


def test_one_long_text_in_very_many_cells():
    strings = b"<sst><si><t>" + b"x" * 32_000 + b"</t></si></sst>"
    cells = b"".join(b'<row><c t="s"><v>0</v></c></row>' for _ in range(MAX_CELLS * 32 // 32_000 + 1))
    found = refused(packed({SHEET: rows(cells), "xl/sharedStrings.xml": lambda _: strings}))
    assert "times 32 characters of text" in found


def test_entities_are_refused_before_they_grow():
    lol = b'<!DOCTYPE s [<!ENTITY a "lol"><!ENTITY b "&a;&a;&a;&a;">]><sst><si><t>&b;</t></si></sst>'
    expected = "a.xlsx: defines XML entities, which Excel never does; save it as .xlsx from Excel"
    assert refused(packed({"xl/sharedStrings.xml": lambda _: lol})) == expected


def test_memory_does_not_grow_with_the_sheet():
    cells = b"".join(f'<row r="{i}"><c r="A{i}"><v>{i}</v></c></row>'.encode() for i in range(1, 60_001))
    data = packed({SHEET: rows(cells)})
    tracemalloc.start()
    refuse_unsafe_workbook(data, "a.xlsx")
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 6_000_000
