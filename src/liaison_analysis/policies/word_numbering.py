"""Numbers that Word shows before paragraphs and does not keep in their text."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from liaison_analysis.policies.chinese_numbers import chinese_number

if TYPE_CHECKING:
    from docx.document import Document
    from docx.text.paragraph import Paragraph

# Word's names of the ways to write a number in Chinese (ECMA-376, 17.18.59 ST_NumberFormat).
_CHINESE: Final = {
    "chineseCounting", "chineseCountingThousand", "ideographTraditional", "japaneseCounting",
    "taiwaneseCounting", "taiwaneseCountingThousand",
}  # fmt: skip
_LETTERS: Final = {"lowerLetter": "a", "upperLetter": "A"}
_CIRCLES: Final = {"decimalEnclosedCircle", "decimalEnclosedCircleChinese"}


class _Level(NamedTuple):
    start: int
    style: str
    template: str


class WordNumbering:
    """Counts the numbered paragraphs of a Word document in their order.

    Follows ``w:numPr`` of the paragraph or of its style to the list's levels (ECMA-376, 17.9).
    """

    def __init__(self, document: Document) -> None:
        self._levels: dict[str, dict[int, _Level]] = {}
        self._counts: dict[str, dict[int, int]] = {}
        numbering = next(
            (rel.target_part for rel in document.part.rels.values() if rel.reltype.endswith("/numbering")),
            None,
        )
        if numbering is None:
            return
        root: Any = numbering._element  # noqa: SLF001 - python-docx has no public way
        abstract = {a.get(_w("abstractNumId")): _levels(a) for a in root.findall(_w("abstractNum"))}
        for num in root.findall(_w("num")):
            base = num.find(_w("abstractNumId"))
            levels = dict(abstract.get(_value(base), {}))
            for override in num.findall(_w("lvlOverride")):
                at, start = int(override.get(_w("ilvl"))), override.find(_w("startOverride"))
                if at in levels and start is not None:
                    levels[at] = levels[at]._replace(start=int(_value(start)))
            self._levels[num.get(_w("numId"))] = levels

    def mark(self, paragraph: Paragraph) -> str:
        """Count this paragraph, and return what Word shows before it; empty for one without a number."""
        properties: Any = paragraph._p.pPr  # noqa: SLF001
        number = None if properties is None else properties.numPr
        style: Any = paragraph.style
        while number is None and style is not None:
            own = style.element.pPr
            number = None if own is None else own.numPr
            style = style.base_style
        if number is None or number.numId is None:
            return ""
        list_id, at = str(number.numId.val), 0 if number.ilvl is None else int(number.ilvl.val)
        levels = self._levels.get(list_id, {})
        if at not in levels or levels[at].style in {"bullet", "none"}:
            return ""
        counts = self._counts.setdefault(list_id, {})
        counts[at] = counts.get(at, levels[at].start - 1) + 1
        for deeper in [level for level in counts if level > at]:
            del counts[deeper]

        def shown(match: re.Match[str]) -> str:
            level = int(match.group(1)) - 1
            return (
                _written(counts.get(level, levels[level].start), levels[level].style)
                if level in levels
                else ""
            )

        text = re.sub(r"%(\d)", shown, levels[at].template)
        return text + " " if re.search(r"[\w.]$", text) else text


def _levels(abstract: Any) -> dict[int, _Level]:
    levels = {}
    for level in abstract.findall(_w("lvl")):
        start, style, text = (level.find(_w(tag)) for tag in ("start", "numFmt", "lvlText"))
        levels[int(level.get(_w("ilvl")))] = _Level(
            int(_value(start) or 1), _value(style) or "decimal", _value(text) or ""
        )
    return levels


def _written(n: int, style: str) -> str:
    if style in _CHINESE and 1 <= n <= 999:
        return chinese_number(n)
    if style in _LETTERS and 1 <= n <= 26:
        return chr(ord(_LETTERS[style]) + n - 1)
    if style in _CIRCLES and 1 <= n <= 20:
        return chr(ord("①") + n - 1)
    return str(n)


def _w(tag: str) -> str:
    return f"{{http://schemas.openxmlformats.org/wordprocessingml/2006/main}}{tag}"


def _value(element: Any) -> str:
    return "" if element is None else str(element.get(_w("val")) or "")
