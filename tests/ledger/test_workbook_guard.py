import re
import struct

import pytest
from helpers.packed_workbook import SHEET, packed, plain, refused, rows

from liaison_analysis.ledger.workbook_guard import refuse_unsafe_workbook


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


def test_a_sheet_in_utf_16():
    data = packed({SHEET: lambda xml: xml.decode().encode("utf-16")})
    expected = "a.xlsx: is damaged (a part is in UTF-16, which Excel never writes); save it from Excel"
    assert refused(data) == expected
