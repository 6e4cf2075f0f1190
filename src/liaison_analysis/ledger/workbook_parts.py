"""Short parts of a workbook's zip: names of its sheets, comments, styles, where its days begin."""

from __future__ import annotations

import io
import posixpath
import re
import struct
import zipfile
import zlib
from collections import defaultdict
from typing import TYPE_CHECKING, Final
from xml.etree import ElementTree as ET

if TYPE_CHECKING:
    from collections.abc import Iterator

#: Letters of the column and number of the row of a cell: B12.
REFERENCE: Final = re.compile(r"([A-Za-z]{1,3})0*([0-9]{1,7})")
#: What reading a damaged zip raises: one whose offsets point before its start gives a ValueError, one of
#: unknown kind a RuntimeError.
UNZIP_ERRORS: Final = (
    zipfile.BadZipFile, zlib.error, EOFError, ValueError, RuntimeError, struct.error,
)  # fmt: skip
#: How an attribute says yes.
TRUE: Final = ("1", "true", "on")
#: Largest ``workbook.xml`` that is parsed, in bytes; real ones have a few kilobytes.
_MAX_LIST: Final = 1 << 23
#: Colours of a theme that come as two pairs of dark and light.
_PAIRED: Final = 4


def struck_styles(archive: zipfile.ZipFile, members: list[zipfile.ZipInfo]) -> frozenset[str]:
    """Numbers of the cell styles whose font is struck out."""
    styles = _style_lists(archive, members)

    def is_struck(font: ET.Element) -> bool:
        lines = [one for one in font if one.tag.rpartition("}")[2] in {"strike", "dstrike"}]
        return any(one.get("val", "1") not in {"0", "false"} for one in lines)

    fonts = {str(i) for i, font in enumerate(styles["fonts"]) if is_struck(font)}
    return frozenset(str(i) for i, style in enumerate(styles["cellXfs"]) if style.get("fontId") in fonts)


def style_colours(archive: zipfile.ZipFile, members: list[zipfile.ZipInfo]) -> dict[str, str]:
    """Colour (``ff0000``) of the cell styles that are filled with one, or else whose text has one."""
    styles = _style_lists(archive, members)
    try:
        theme = _theme(_elements(archive, _member(members, "xl/theme/theme1.xml")))
    except UNZIP_ERRORS:
        return {}
    fills = {str(i): _colour(fill, "fgColor", theme) for i, fill in enumerate(styles["fills"])}
    fonts = {str(i): _colour(font, "color", theme) for i, font in enumerate(styles["fonts"])}
    colours = {
        str(i): fills.get(style.get("fillId", ""), "") or fonts.get(style.get("fontId", ""), "")
        for i, style in enumerate(styles["cellXfs"])
    }
    return {style: colour for style, colour in colours.items() if colour not in {"", "000000", "ffffff"}}


def _style_lists(
    archive: zipfile.ZipFile, members: list[zipfile.ZipInfo]
) -> defaultdict[str, list[ET.Element]]:
    """Read the lists of a workbook's styles, such as ``fonts``, by name; empty where they cannot be read."""
    lists: defaultdict[str, list[ET.Element]] = defaultdict(list)
    try:
        elements = _elements(archive, _member(members, "xl/styles.xml"))
    except UNZIP_ERRORS:
        return lists  # the check of the parts reports what is damaged
    for one in reversed(elements):  # the first of a name counts
        lists[one.tag.rpartition("}")[2]] = list(one)
    return lists


def _member(members: list[zipfile.ZipInfo], name: str) -> zipfile.ZipInfo | None:
    return next((member for member in members if part_name(member) == name), None)


def _theme(elements: list[ET.Element]) -> list[str]:
    """Colours of the theme in the order in which styles count them."""
    scheme = next((one for one in elements if one.tag.rpartition("}")[2] == "clrScheme"), None)
    colours = [
        next((c.get("lastClr") or c.get("val") or "" for c in one), "").lower() for one in scheme or ()
    ]
    # Styles count the light colour of each pair first.
    return [colours[i] for i in (1, 0, 3, 2, *range(4, len(colours)))] if len(colours) > _PAIRED else []


def _colour(element: ET.Element, tag: str, theme: list[str]) -> str:
    """Colour of a solid fill or a font, as ``ff0000``; ``""`` where there is none."""
    kinds = [one.get("patternType") for one in element.iter() if one.tag.rpartition("}")[2] == "patternFill"]
    if kinds and kinds != ["solid"]:
        return ""
    found = next((one for one in element.iter() if one.tag.rpartition("}")[2] == tag), None)
    if found is None:
        return ""
    number = found.get("theme", "")
    if number.isdecimal() and len(number) < _PAIRED and int(number) < len(theme):
        return theme[int(number)]
    return found.get("rgb", "")[-6:].lower()


def uses_1904(data: bytes) -> bool:
    """Whether a workbook counts days from 1904 (``workbookPr date1904``)."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        book = next((m for m in archive.infolist() if part_name(m) == "xl/workbook.xml"), None)
        elements = _elements(archive, book)
    about = next((one for one in elements if one.tag.rpartition("}")[2] == "workbookPr"), None)
    return about is not None and about.get("date1904", "0") in TRUE


def sheet_comments(data: bytes) -> dict[str, dict[tuple[int, int], str]]:
    """Comments on cells, by the part of the zip that holds the sheet, in small letters."""
    found: dict[str, dict[tuple[int, int], str]] = {}
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        parts = {part_name(member): member for member in archive.infolist()}
        for part, member in parts.items():
            folder, _, file = part.rpartition("/")
            if not part.endswith(".xml.rels") or not folder.endswith("worksheets/_rels"):
                continue
            sheet = f"{folder.removesuffix('_rels')}{file.removesuffix('.rels')}"
            for link in _elements(archive, member):
                if link.get("Type", "").lower().endswith("/comments") and link.get("Target"):
                    path = _target(link.get("Target", ""), posixpath.dirname(sheet))
                    comments = _elements(archive, parts.get(path))
                    found.setdefault(sheet, {}).update(_comments(comments))
    return found


def _comments(elements: list[ET.Element]) -> Iterator[tuple[tuple[int, int], str]]:
    for element in elements:
        place = REFERENCE.fullmatch(element.get("ref", ""))
        if element.tag.rpartition("}")[2] == "comment" and place:
            text = "".join(one.text or "" for one in element.iter() if one.tag.rpartition("}")[2] == "t")
            yield (int(place[2]) - 1, column_position(place[1])), text


def sheet_parts(data: bytes) -> dict[str, str]:
    """Part of the zip that holds each sheet, in small letters, by the sheet's name as written.

    The workbook has passed ``refuse_unsafe_workbook``. What it leaves out, as some writers do, is not there.
    """
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        parts = {part_name(member): member for member in archive.infolist()}
        sheets, links = (
            _elements(archive, parts.get(part)) for part in ("xl/workbook.xml", "xl/_rels/workbook.xml.rels")
        )
    targets = {element.get("Id"): element.get("Target", "") for element in links}
    parts_by_name = {}
    for element in sheets:
        link = next((value for key, value in element.items() if key.endswith("}id")), None)
        if element.tag.endswith("}sheet") and link in targets:
            parts_by_name[element.get("name", "")] = _target(targets[link], "xl")
    return parts_by_name


def _target(written: str, folder: str) -> str:
    """Part of the zip that a link from a folder's part leads to, in small letters."""
    path = posixpath.join("/", folder, written.replace("\\", "/").lower())
    return posixpath.normpath(path).lstrip("/")


def _elements(archive: zipfile.ZipFile, member: zipfile.ZipInfo | None) -> list[ET.Element]:
    """All elements of a short part; none where namespaces are malformed, which expat lets pass."""
    if member is None or member.file_size > _MAX_LIST:
        return []
    # UTF-8 whatever the first line says, as the parser that follows. Entities have been refused.
    parser = ET.XMLParser(encoding="utf-8")  # noqa: S314
    try:
        return list(ET.fromstring(archive.read(member), parser).iter())  # noqa: S314
    except ET.ParseError:
        return []


def part_name(member: zipfile.ZipInfo) -> str:
    """Name of a part of the zip as it is compared: in small letters, with slashes."""
    return member.filename.replace("\\", "/").lower()


def column_position(letters: str) -> int:
    """Position of a column from its letters, counted from 0."""
    position = -1
    for letter in letters.upper():
        position = (position + 1) * 26 + ord(letter) - ord("A")
    return position
