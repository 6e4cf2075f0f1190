"""Merged cells of the formats for which the parser gives none: OpenDocument and binary workbooks."""

from __future__ import annotations

import io
import posixpath
import struct
import zipfile
from typing import TYPE_CHECKING, Final
from xml.etree import ElementTree as ET
from xml.parsers import expat

if TYPE_CHECKING:
    from collections.abc import Iterator

    from liaison_analysis.ledger.sheets import Merge

# No sheet has more rows (ECMA-376).
_MOST: Final = 1_048_576
# Records of the binary format (MS-XLSB 2.3.2): a sheet of the workbook, and a range of merged cells.
_SHEET: Final = 156
_MERGED: Final = 176


def merged_ranges(data: bytes, kind: str) -> dict[str, list[Merge]]:
    """Ranges of merged cells by sheet: top, left, bottom, right, counted from 0.

    Parameters
    ----------
    data
        A workbook that has passed ``refuse_bomb``.
    kind
        ``ods`` or ``xlsb``; others give nothing, since the parser knows their merged cells.
    """
    if kind not in {"ods", "xlsb"}:
        return {}
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            return _binary(archive) if kind == "xlsb" else _open_document(archive.read("content.xml"))
    # Damage and protection are reported by the parser, which reads the whole file.
    except (KeyError, expat.ExpatError, ET.ParseError, struct.error, UnicodeDecodeError, IndexError):
        return {}


def _open_document(content: bytes) -> dict[str, list[Merge]]:
    merged: dict[str, list[Merge]] = {}
    sheet, row, column, times = "", 0, 0, 1

    def start(tag: str, attributes: dict[str, str]) -> None:
        nonlocal sheet, row, column, times
        about = {key.rpartition(" ")[2]: value for key, value in attributes.items()}
        match tag.rpartition(" ")[2]:
            case "table":
                sheet, row = about.get("name", ""), 0
            case "table-row":
                column, times = 0, _whole(about.get("number-rows-repeated"))
            case "table-cell" | "covered-table-cell":
                high = _whole(about.get("number-rows-spanned"))
                wide = _whole(about.get("number-columns-spanned"))
                if high > 1 or wide > 1:
                    merged.setdefault(sheet, []).append((row, column, row + high - 1, column + wide - 1))
                column += _whole(about.get("number-columns-repeated"))

    def end(tag: str) -> None:
        nonlocal row
        if tag.rpartition(" ")[2] == "table-row":
            row += times

    parser = expat.ParserCreate(namespace_separator=" ")
    parser.StartElementHandler = start
    parser.EndElementHandler = end
    parser.Parse(content, True)  # noqa: FBT003 - expat's own way
    return merged


def _whole(written: str | None) -> int:
    return min(int(written), _MOST) if written and written.isdigit() else 1


def _binary(archive: zipfile.ZipFile) -> dict[str, list[Merge]]:
    links = {
        one.get("Id"): posixpath.normpath(posixpath.join("xl", one.get("Target", "").lstrip("/")))
        for one in ET.fromstring(archive.read("xl/_rels/workbook.bin.rels"))  # noqa: S314 - expanded by a guard
    }
    merged: dict[str, list[Merge]] = {}
    for kind, record in _records(archive.read("xl/workbook.bin")):
        if kind != _SHEET:
            continue
        link, at = _text(record, 8)
        name, _ = _text(record, at)
        records = _records(archive.read(links[link]))
        ranges = [struct.unpack("<4I", one[:16]) for what, one in records if what == _MERGED]
        merged[name] = [(top, left, low, right) for top, low, left, right in ranges]
    return merged


def _text(record: bytes, at: int) -> tuple[str, int]:
    """Read a length-prefixed text of a record, and where it ends."""
    (length,) = struct.unpack_from("<I", record, at)
    end = at + 4 + 2 * length
    return record[at + 4 : end].decode("utf-16-le"), end


def _records(data: bytes) -> Iterator[tuple[int, bytes]]:
    """Give each record's number and bytes; number and length are coded in seven bits a byte."""
    at = 0
    while at < len(data):
        kind = data[at]
        at += 1
        if kind & 0x80:
            kind = (kind & 0x7F) | (data[at] & 0x7F) << 7
            at += 1
        size = shift = 0
        for _ in range(4):
            byte = data[at]
            at += 1
            size |= (byte & 0x7F) << shift
            shift += 7
            if not byte & 0x80:
                break
        yield kind, data[at : at + size]
        at += size
