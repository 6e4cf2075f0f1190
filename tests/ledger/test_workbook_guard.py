import io
import re
import struct
import tracemalloc
import zipfile

import pytest
import xlsxwriter

from liaison_analysis.errors import LedgerError
from liaison_analysis.ledger.workbook_guard import MAX_CELLS, refuse_unsafe_workbook

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


def test_a_plain_workbook_passes():
    assert refuse_unsafe_workbook(plain(), "a.xlsx") == {}
    assert refuse_unsafe_workbook(packed(), "a.xlsx") == {}


def test_a_zip_bomb_with_true_sizes_in_its_directory_is_refused():
    bomb = packed({"xl/media/a.bin": lambda _: b"\x00" * 60_000_000})
    assert len(bomb) < 100_000
    assert refused(bomb) == (
        "a.xlsx: would unpack to 60 MB from 0.1 MB and was not opened; "
        "copy the used cells into a new workbook"
    )


def test_a_header_that_states_two_gigabytes():
    data = bytearray(plain())
    for found in re.finditer(b"PK\x01\x02", bytes(data)):
        struct.pack_into("<I", data, found.start() + 24, 2_000_000_000)
    assert "and was not opened" in refused(bytes(data))


def test_a_zip_bomb_with_false_sizes_in_its_directory_is_refused():
    data = bytearray(packed({"xl/sharedStrings.xml": lambda _: b"<sst>" + b" " * 60_000_000 + b"</sst>"}))
    for mark, at in ((b"PK\x01\x02", 24), (b"PK\x03\x04", 22)):
        for found in re.finditer(mark, bytes(data)):
            if struct.unpack_from("<I", data, found.start() + at)[0] > 1_000_000:
                struct.pack_into("<I", data, found.start() + at, 1000)
    reason = (
        "is damaged ('xl/sharedstrings.xml': its bytes do not unpack); open it in Excel and save it again"
    )
    assert refused(bytes(data)) == f"a.xlsx: {reason}"


@pytest.mark.parametrize("lost", [1, 2, 10, 40, 200])
def test_bytes_lost_at_the_start(lost):
    assert "is damaged" in refused(plain()[lost:])


def test_too_many_parts():
    assert "and was not opened" in refused(packed({f"xl/media/{i}": lambda _: b"" for i in range(5001)}))


def test_a_wrong_checksum():
    data = bytearray(plain())
    at = data.index(b"PK\x03\x04", 10)
    data[at + 60] ^= 0xFF
    assert "is damaged" in refused(bytes(data))


@pytest.mark.parametrize(("at", "value"), [(10, 12), (8, 1)])
def test_other_packing_and_locked_parts(at, value):
    data = bytearray(plain())
    for found in re.finditer(b"PK\x01\x02", bytes(data)):
        struct.pack_into("<H", data, found.start() + at, value)
    assert refused(bytes(data)) == (
        "a.xlsx: is packed or locked in a way Excel does not write; save it as .xlsx from Excel"
    )


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


def test_a_sheet_in_a_part_that_is_not_called_xml():
    assert "hides a sheet in 'xl/worksheets/sheet1.bin'" in refused(
        packed({"xl/worksheets/sheet1.bin": rows(b'<row r="1"/>')})
    )


@pytest.mark.parametrize(
    "edit",
    [
        lambda x: x[:-20],
        lambda x: b"junk" + x,
        lambda _: b"<x>\x0b</x>",
    ],
)
def test_parts_that_are_no_xml(edit):
    assert "is damaged ('xl/worksheets/sheet1.xml': " in refused(packed({SHEET: edit}))


def test_memory_does_not_grow_with_the_sheet():
    cells = b"".join(f'<row r="{i}"><c r="A{i}"><v>{i}</v></c></row>'.encode() for i in range(1, 60_001))
    data = packed({SHEET: rows(cells)})
    tracemalloc.start()
    refuse_unsafe_workbook(data, "a.xlsx")
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 6_000_000


def test_a_sheet_in_utf_16():
    data = packed({SHEET: lambda xml: xml.decode().encode("utf-16")})
    expected = "a.xlsx: is damaged (a part is in UTF-16, which Excel never writes); save it from Excel"
    assert refused(data) == expected
