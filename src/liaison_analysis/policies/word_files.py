"""Text of a Word document as displayed: with insertions, without deletions and hidden text."""

from __future__ import annotations

import io
import posixpath
import re
import zipfile
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from liaison_analysis._messages import message
from liaison_analysis.policies.source import Note, UnreadableError, row_text
from liaison_analysis.policies.word_numbering import W, WordNumbering, is_on, value

if TYPE_CHECKING:
    from collections.abc import Iterator

#: Largest unpacked size of a Word file, and of one part, in bytes; the text of a book is below 10 MB.
MAX_UNPACKED: Final = 200 << 20
MAX_PART: Final = 64 << 20
#: Paragraphs that are read at most; an act has a few hundred.
MAX_PARAGRAPHS: Final = 100_000
_RELATIONS: Final = "{http://schemas.openxmlformats.org/package/2006/relationships}"
_MC: Final = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
# Deleted or moved away, codes of fields, properties, and a second way to draw what was drawn before.
_SKIPPED: Final = frozenset(
    {f"{W}{name}" for name in ("del", "moveFrom", "delText", "delInstrText", "instrText", "pPr", "rPr",
    "sdtPr", "tblPr",
                               "trPr", "tcPr", "sectPr", "rt", "footnoteRef",
                               "endnoteRef")} | {f"{_MC}Fallback"}
)  # fmt: skip
# While the text is read, a reference to a note is kept in it as kind and number between interlinear
# annotation characters, which documents must not contain (Unicode 16.0, section 23.8).
_FENCES: Final = re.compile("[\ufff9-\ufffb]")
_MARK: Final = re.compile("\ufff9(footnote|endnote) ([^\ufffb]*)\ufffb")
_POINTERS: Final = {f"{W}footnoteReference": "footnote", f"{W}endnoteReference": "endnote"}
#: Characters kept before a note's mark, to find its place when a line is split; judgement.
ANCHOR: Final = 8
_BREAKS: Final = {f"{W}br": "\n", f"{W}cr": "\n", f"{W}tab": " ", f"{W}ptab": " ", f"{W}noBreakHyphen": "-"}


class Line(NamedTuple):
    """A line, and the footnotes and endnotes to which a mark in it points."""

    text: str
    notes: tuple[Note, ...]


def read_word(data: bytes) -> tuple[list[Line], list[str]]:
    """Read the lines of a ``.docx`` in reading order with their footnotes.

    Tracked insertions are read, deletions are not; content controls, smart tags, text boxes and inner tables
    are read; hidden text, field codes, headers and footers are not. Numbers are those that Word shows.

    Parameters
    ----------
    data
        Bytes of the file.

    Returns
    -------
    tuple
        Lines, tables row by row with ``|`` between cells; and notes without a mark in the text.

    Raises
    ------
    UnreadableError
        It unpacks to more than 200 MB, or holds more than 100,000 paragraphs.
    ValueError, zipfile.BadZipFile
        It is not a Word document.
    """
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        if sum(member.file_size for member in archive.infolist()) > MAX_UNPACKED:
            raise UnreadableError(
                message(
                    "unpacks to more than {max_unpacked} MB and was not read; save it again",
                    max_unpacked=MAX_UNPACKED >> 20,
                )
            )
        target = _targets(_part(archive, "_rels/.rels")).get("officeDocument", "word/document.xml")
        folder, _, name = target.rpartition("/")
        root = _part(archive, target)
        if root is None:
            raise ValueError(f"part {target} is missing")
        related = _targets(_part(archive, f"{folder}/_rels/{name}.rels"))
        parts = {
            kind: _part(archive, posixpath.normpath(posixpath.join(folder, related[kind])))
            for kind in ("styles", "numbering", "footnotes", "endnotes")
            if kind in related
        }
    reader = _Reader(parts.get("numbering"), parts.get("styles"))
    body = root.find(f"{W}body")
    notes = {
        (kind.removesuffix("s"), note.get(f"{W}id", "")): _MARK.sub("", " ".join(text.split()))
        for kind in ("footnotes", "endnotes")
        for note in (parts[kind] if parts.get(kind) is not None else ())
        if note.get(f"{W}type") not in {"separator", "continuationSeparator", "continuationNotice"}
        if (text := " ".join(reader.blocks(note)))
    }
    lines, pointed = [], set()
    for marked in [] if body is None else reader.blocks(body):
        marks = list(_MARK.finditer(marked))
        of_line = []
        for mark in marks:
            key = (mark.group(1), mark.group(2))
            if key in notes:
                before = _MARK.sub("", marked[: mark.start()])
                of_line.append(Note("".join(before.split())[-ANCHOR:], notes[key]))
                pointed.add(key)
        lines.append(Line(_MARK.sub("", marked), tuple(of_line)))
    return lines, [text for key, text in notes.items() if key not in pointed]


def _part(archive: zipfile.ZipFile, name: str) -> Any:
    """Parse one part; none where it is missing. Its unpacked size is measured."""
    from lxml import etree

    name = name.lstrip("/")
    if name not in archive.namelist():
        return None
    with archive.open(name) as file:
        data = file.read(MAX_PART + 1)
    if len(data) > MAX_PART:
        raise UnreadableError(
            message("unpacks to more than {max_part} MB in one part; split it", max_part=MAX_PART >> 20)
        )
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, huge_tree=False, remove_comments=True, remove_pis=True
    )
    if data.count(b"<w:p>") + data.count(b"<w:p ") + data.count(b"<w:p/>") > MAX_PARAGRAPHS:
        raise UnreadableError(
            message("holds more than {max_paragraphs:,} paragraphs; split it", max_paragraphs=MAX_PARAGRAPHS)
        )
    return etree.fromstring(data, parser=parser)


def _targets(relations: Any) -> dict[str, str]:
    if relations is None:
        return {}
    return {
        one.get("Type", "").rpartition("/")[2]: one.get("Target", "")
        for one in relations.iter(f"{_RELATIONS}Relationship")
    }


class _Reader:
    """Reads blocks in order, counting numbered paragraphs on the way."""

    def __init__(self, numbering: Any, styles: Any) -> None:
        self._numbering = WordNumbering(numbering, styles)
        self._hidden_styles = _hidden_styles(styles)
        self._boxes: list[Any] = []

    def blocks(self, parent: Any) -> Iterator[str]:
        """Lines of the paragraphs and tables below an element."""
        begun = ""  # text of paragraphs whose end was deleted: they continue in the next
        for child in parent:
            if _is_placeholder(child):
                continue
            if child.tag == f"{W}p":
                mark = self._numbering.mark(child) if self._is_there(child) else ""
                text = (begun or mark) + self._text(child)
                boxes, self._boxes = self._boxes, []
                if is_on(child.find(f"{W}pPr/{W}rPr/{W}del")):
                    begun = text
                    continue
                begun = ""
                yield from text.split("\n")
                for box in boxes:
                    yield from self.blocks(box)
            elif child.tag == f"{W}tbl":
                yield from self._rows(child)
            elif child.tag not in _SKIPPED:
                yield from self.blocks(child)
        if begun:
            yield begun

    def _is_there(self, paragraph: Any) -> bool:
        """Whether a paragraph still exists and so takes a number."""
        if not is_on(paragraph.find(f"{W}pPr/{W}rPr/{W}del")):
            return True
        return any(run.getparent().tag != f"{W}del" for run in paragraph.iter(f"{W}r"))

    def _text(self, parent: Any) -> str:
        parts = []
        for child in parent:
            tag = child.tag
            if tag in _SKIPPED or (tag == f"{W}r" and self._is_hidden(child)) or _is_placeholder(child):
                continue
            if tag == f"{W}t":
                parts.append(_FENCES.sub("", child.text or ""))
            elif tag in _POINTERS:
                parts.append(f"\ufff9{_POINTERS[tag]} {child.get(f'{W}id', '')}\ufffb")
            elif tag in _BREAKS:
                parts.append(_BREAKS[tag])
            elif tag == f"{W}txbxContent":
                self._boxes.append(child)
            else:
                parts.append(self._text(child))
        return "".join(parts)

    def _is_hidden(self, run: Any) -> bool:
        own = run.find(f"{W}rPr/{W}vanish")
        if own is not None:
            return is_on(own)
        paragraph = next(run.iterancestors(f"{W}p"), None)
        styles = {value(run.find(f"{W}rPr/{W}rStyle"))}
        if paragraph is not None:
            styles.add(value(paragraph.find(f"{W}pPr/{W}pStyle")))
        return bool(styles & self._hidden_styles)

    def _rows(self, table: Any) -> Iterator[str]:
        above: dict[int, str] = {}  # text of each column, for cells that are merged downwards
        for row in _children(table, f"{W}tr"):
            if row.find(f"{W}trPr/{W}del") is not None:
                continue
            cells = [cell for cell in _children(row, f"{W}tc") if cell.find(f"{W}tcPr/{W}cellDel") is None]
            blocks = [list(self.blocks(cell)) for cell in cells]
            if len(cells) == 1:  # a table of one cell is layout
                yield from blocks[0]
                continue
            column, texts = 0, []
            for cell, lines in zip(cells, blocks, strict=True):
                text = _cell_text(lines)
                merged = cell.find(f"{W}tcPr/{W}vMerge")
                if merged is not None and value(merged) != "restart":
                    text = above.get(column, "")
                above[column] = text
                texts.append(text)
                span = value(cell.find(f"{W}tcPr/{W}gridSpan"))
                column += int(span) if span.isdigit() else 1
            yield row_text(texts)


def _is_placeholder(element: Any) -> bool:
    """Whether a content control is still empty and only shows what to enter."""
    return element.tag == f"{W}sdt" and is_on(element.find(f"{W}sdtPr/{W}showingPlcHdr"))


def _cell_text(lines: list[str]) -> str:
    """Join the lines of a cell; the rows of a table inside it are set apart."""
    text = ""
    for before, line in zip(["", *lines], lines, strict=False):
        text += ("；" if line.startswith("|") and before.startswith("|") else " ") + line.strip("| ")
    return " ".join(text.replace("|", " ").split())


def _children(parent: Any, tag: str) -> Iterator[Any]:
    """Children of one kind, also within content controls and marks of changes."""
    for child in parent:
        if child.tag == tag:
            yield child
        elif child.tag not in _SKIPPED and child.tag not in {f"{W}tbl", f"{W}p"}:
            yield from _children(child, tag)


def _hidden_styles(styles: Any) -> set[str]:
    if styles is None:
        return set()
    return {
        style.get(f"{W}styleId", "")
        for style in styles.findall(f"{W}style")
        if is_on(style.find(f"{W}rPr/{W}vanish"))
    } - {""}
