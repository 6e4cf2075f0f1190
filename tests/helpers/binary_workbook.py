"""A small workbook in Excel's binary format (.xlsb), which no library of the tests writes."""

import struct
import zipfile

_RELATIONS = (
    '<?xml version="1.0"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
    '<Relationship Id="{}" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/{}" '
    'Target="{}"/></Relationships>'
)
_TYPES = (
    '<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
    '<Default Extension="bin" ContentType="application/vnd.ms-excel.sheet.binary.macroEnabled.main"/>'
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    "</Types>"
)


def _seven_bits(number):
    made = bytearray()
    while True:
        byte, number = number & 0x7F, number >> 7
        made.append(byte | (0x80 if number else 0))
        if not number:
            return bytes(made)


def _record(kind, data=b""):
    return (bytes([kind]) if kind < 0x80 else _seven_bits(kind)) + _seven_bits(len(data)) + data


def _text(written):
    return struct.pack("<I", len(written)) + written.encode("utf-16-le")


def write_binary_workbook(path, rows, *, sheet="台账", merged=()):
    """Write rows of texts; ``merged`` has top, left, bottom and right of ranges, counted from 0."""
    book = _record(131) + _record(143)
    book += _record(156, struct.pack("<II", 0, 1) + _text("rId1") + _text(sheet))
    book += _record(144) + _record(132)
    width = max(map(len, rows))
    cells = _record(129) + _record(148, struct.pack("<4I", 0, len(rows) - 1, 0, width - 1)) + _record(145)
    for i, row in enumerate(rows):
        cells += _record(0, struct.pack("<II", i, 0) + bytes(9))
        for j, written in enumerate(row):
            if written:
                cells += _record(6, struct.pack("<II", j, 0) + _text(written))
    cells += _record(146) + _record(177, struct.pack("<I", len(merged)))
    for top, left, low, right in merged:
        cells += _record(176, struct.pack("<4I", top, low, left, right))
    cells += _record(178) + _record(130)
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", _TYPES)
        archive.writestr("_rels/.rels", _RELATIONS.format("rId1", "officeDocument", "xl/workbook.bin"))
        archive.writestr("xl/workbook.bin", book)
        archive.writestr(
            "xl/_rels/workbook.bin.rels", _RELATIONS.format("rId1", "worksheet", "worksheets/sheet1.bin")
        )
        archive.writestr("xl/worksheets/sheet1.bin", cells)
    return path
