"""Result of reading a document: paragraphs and metadata, or the reason why it cannot be read."""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING, Final, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Sequence

# Radicals that stand for whole characters: browsers write them into PDFs (⻓ for 长, ⼯ for 工). Unicode maps
# the Kangxi radicals by its normalisation; the supplement's are from its table EquivalentUnifiedIdeograph.
_RADICALS: Final = re.compile("[\u2e80-\u2fd5]")
_SUPPLEMENT: Final = str.maketrans(
    "⺁⺅⺉⺊⺎⺐⺓⺖⺘⺙⺝⺟⺠⺡⺣⺩⺬⺭⺯⺰⺶⺹⺼⺾⻁⻂⻄⻅⻆⻈⻉⻋⻌⻐⻑⻒⻓⻔⻘⻙⻚⻛⻜⻝⻠⻢⻣⻤⻥⻦⻧⻨⻩⻪⻫⻬⻭⻮⻯⻰⻱⻲⻳",
    "厂亻刂卜兀尢幺忄扌攵月母民氵灬王示礻糹纟羊耂月艹虎衤西见角讠贝车辶钅長镸长门青韦页风飞食饣马骨鬼鱼鸟卤麦黄黾斉齐歯齿竜龙龜亀龟",
)
# Pieces of a line from which it may be one whose characters are set apart, and the share of single characters
# in it; judgement.
_FEWEST_APART: Final = 5
_MOSTLY: Final = 0.8
_CHINESE: Final = re.compile("[㐀-鿿]")
# Unicode maps three radicals to characters that the mainland does not write; its fonts draw 户, 青 and 黄.
_MAINLAND: Final = str.maketrans("戶靑黃", "户青黄")


def unified(text: str) -> str:
    """Replace radicals by the characters that they look like, so that searches and patterns find them.

    Examples
    --------
    >>> unified("\u2ed3期⽀持⼯业")
    '长期支持工业'
    """
    return _RADICALS.sub(_whole_character, text)


def _whole_character(radical: re.Match[str]) -> str:
    return unicodedata.normalize("NFKC", radical.group().translate(_SUPPLEMENT)).translate(_MAINLAND)


def closed_up(text: str) -> str:
    """Close up a line whose characters are set apart by blanks, as recognised text (OCR) and titles are.

    Examples
    --------
    >>> closed_up("第 一 条 奖 励 ５ 万 元 。"), closed_up("某市商务局 某市财政局"), closed_up("总 则")
    ('第一条奖励５万元。', '某市商务局 某市财政局', '总 则')
    """
    words = text.split(" ")
    single = sum(len(word) == 1 for word in words)
    if len(words) < _FEWEST_APART or single < _MOSTLY * len(words) or text.startswith("|"):
        return text
    is_chinese = 3 * sum(bool(_CHINESE.match(word)) for word in words) >= len(words)
    return "".join(words) if is_chinese else text


class UnreadableError(ValueError):
    """A document cannot be read; the message is the reason and the remedy, as the rest of a sentence."""


class Note(NamedTuple):
    """A footnote, and the words before the mark that points to it."""

    anchor: str
    text: str


class Paragraph(NamedTuple):
    """A paragraph, a line or a table row, its place (``第2页`` in a PDF, else ``第7段``), and its notes."""

    text: str
    place: str
    notes: tuple[Note, ...] = ()


class SourceDocument(NamedTuple):
    """Paragraphs of a document, and its metadata.

    ``stated`` may hold title, issuer, document_number, issued_on and published_on, as written in a page's
    head or table of particulars; ``attachments`` are the names of files that it links to; ``note`` says what
    a reader should know, such as that a page only lists links; ``footnotes`` are those without a mark in the
    text.
    """

    paragraphs: list[Paragraph]
    stated: dict[str, str]
    attachments: list[str]
    note: str
    footnotes: list[str]


def plain(paragraphs: list[Paragraph]) -> SourceDocument:
    """Wrap paragraphs of a format without metadata."""
    return SourceDocument(paragraphs, {}, [], "", [])


def row_text(cells: Sequence[str]) -> str:
    """Write the cells of a row as one line, empty where all cells are.

    Examples
    --------
    >>> row_text(["甲级", "20万元"]), row_text(["", ""])
    ('| 甲级 | 20万元 |', '')
    """
    return "| " + " | ".join(cells) + " |" if any(cells) else ""


def join_lines(lines: Sequence[str]) -> str:
    """Join lines: a blank only between Latin words, rows of tables on lines of their own."""
    joined = ""
    for line in lines:
        if line.startswith("|") or joined.endswith("|"):
            joined += "\n" * bool(joined) + line
        else:
            latin = (
                joined[-1:].isascii() and joined[-1:].isalnum() and line[:1].isascii() and line[:1].isalpha()
            )
            joined += " " * latin + line
    return joined
