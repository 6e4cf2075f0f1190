"""Automatic numbers that Word shows before paragraphs, which are not in their text."""

from __future__ import annotations

import re
from typing import Any, Final, NamedTuple

from liaison_analysis.text import chinese_number

W: Final = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_LARGEST: Final = 999  # beyond it, numbers are shown in digits
_DIGITS: Final = "〇一二三四五六七八九"
_LEGAL: Final = str.maketrans("一二三四五六七八九十百", "壹贰叁肆伍陆柒捌玖拾佰")
# Word's names of the ways to write a number (ECMA-376-1, 17.18.59 ST_NumberFormat).
_COUNTING: Final = frozenset({
    "chineseCounting", "chineseCountingThousand", "japaneseCounting", "taiwaneseCounting",
    "taiwaneseCountingThousand", "koreanCounting",
})  # fmt: skip
_DIGITWISE: Final = frozenset({"ideographDigital", "taiwaneseDigital", "japaneseDigitalTenThousand"})
_LEGAL_STYLES: Final = frozenset({"chineseLegalSimplified", "ideographLegalTraditional", "japaneseLegal"})
_FULL_WIDTH: Final = frozenset({"decimalFullWidth", "decimalFullWidth2"})
_SERIES: Final = {
    "ideographTraditional": "甲乙丙丁戊己庚辛壬癸", "ideographZodiac": "子丑寅卯辰巳午未申酉戌亥",
    "decimalEnclosedCircle": "①②③④⑤⑥⑦⑧⑨⑩⑪⑫⑬⑭⑮⑯⑰⑱⑲⑳",
    "decimalEnclosedCircleChinese": "①②③④⑤⑥⑦⑧⑨⑩⑪⑫⑬⑭⑮⑯⑰⑱⑲⑳",
    "decimalEnclosedParen": "⑴⑵⑶⑷⑸⑹⑺⑻⑼⑽⑾⑿⒀⒁⒂⒃⒄⒅⒆⒇", "decimalEnclosedFullstop": "⒈⒉⒊⒋⒌⒍⒎⒏⒐⒑⒒⒓⒔⒕⒖⒗⒘⒙⒚⒛",
    "ideographEnclosedCircle": "㊀㊁㊂㊃㊄㊅㊆㊇㊈㊉",
}  # fmt: skip
_ROMAN: Final = (
    (1000, "m"), (900, "cm"), (500, "d"), (400, "cd"), (100, "c"), (90, "xc"), (50, "l"), (40, "xl"), (10,
    "x"),
    (9, "ix"), (5, "v"), (4, "iv"), (1, "i"),
)  # fmt: skip


class _Level(NamedTuple):
    start: int
    style: str
    template: str
    restart: int  # level, counted from 1, after which this one restarts; 0 for never
    legal: bool  # all numbers in digits
    paragraph_style: str


class WordNumbering:
    """Counts the numbered paragraphs of a Word document in their order, as Word shows them.

    Follows ``w:numPr`` of a paragraph or of its style to the levels of its list (ECMA-376-1, 17.9). Lists
    with the same abstract numbering continue each other; an override of a start restarts the count once.

    Parameters
    ----------
    numbering, styles
        Root elements of ``word/numbering.xml`` and ``word/styles.xml``, or none.
    """

    def __init__(self, numbering: Any, styles: Any) -> None:
        self._abstract: dict[str, dict[int, _Level]] = {}
        self._lists: dict[str, tuple[str, dict[int, _Level], dict[int, int]]] = {}
        self._counts: dict[str, dict[int, int]] = {}
        self._begun: set[tuple[str, int]] = set()
        self._styles: dict[str, tuple[str, Any]] = {}
        if styles is not None:
            for style in styles.findall(f"{W}style"):
                own = style.find(f"{W}pPr/{W}numPr")
                self._styles[style.get(f"{W}styleId", "")] = (value(style.find(f"{W}basedOn")), own)
        if numbering is not None:
            self._read(numbering)

    def _read(self, root: Any) -> None:
        linked: dict[str, str] = {}
        links: dict[str, str] = {}
        for abstract in root.findall(f"{W}abstractNum"):
            name = abstract.get(f"{W}abstractNumId", "")
            self._abstract[name] = _levels(abstract)
            if (style := value(abstract.find(f"{W}styleLink"))) != "":
                linked[style] = name
            if (style := value(abstract.find(f"{W}numStyleLink"))) != "":
                links[name] = style
        for num in root.findall(f"{W}num"):
            name = value(num.find(f"{W}abstractNumId"))
            name = linked.get(links.get(name, ""), name)
            levels, starts = dict(self._abstract.get(name, {})), {}
            for override in num.findall(f"{W}lvlOverride"):
                at, start = _whole(override.get(f"{W}ilvl"), 0), override.find(f"{W}startOverride")
                own = next(iter(_levels(override).values()), None)
                if own is not None:
                    levels[at] = own
                if start is not None:
                    starts[at] = _whole(value(start), 1)
            self._lists[num.get(f"{W}numId", "")] = (name, levels, starts)

    def mark(self, paragraph: Any) -> str:
        """Count a ``w:p`` element, and return what Word shows before it; empty for one without a number."""
        list_id, at = self._place(paragraph)
        if list_id not in self._lists:
            return ""
        name, levels, starts = self._lists[list_id]
        at = (
            next((i for i, one in levels.items() if one.paragraph_style == self._style_of(paragraph)), 0)
            if at is None
            else at
        )
        if at not in levels:
            return ""
        counts = self._counts.setdefault(name, {})
        if at in starts and (list_id, at) not in self._begun:
            counts[at] = starts[at]
        else:
            counts[at] = counts.get(at, levels[at].start - 1) + 1
        self._begun.add((list_id, at))
        for deeper in [level for level in counts if level > at]:
            restart = levels[deeper].restart if deeper in levels else deeper
            if restart and at < restart:
                del counts[deeper]
        if levels[at].style in {"bullet", "none"}:
            return ""
        legal = levels[at].legal

        def shown(match: re.Match[str]) -> str:
            level = int(match.group(1)) - 1
            if level not in levels:
                return ""
            n = counts.get(level, levels[level].start)
            return (
                str(n) if legal and level != at else written(n, "decimal" if legal else levels[level].style)
            )

        text = re.sub(r"%(\d)", shown, levels[at].template)
        return text + " " if re.search(r"[\w.]$", text) else text

    def _style_of(self, paragraph: Any) -> str:
        return value(paragraph.find(f"{W}pPr/{W}pStyle"))

    def _place(self, paragraph: Any) -> tuple[str, int | None]:
        """Find list and level of a paragraph; no level where a style names the list alone."""
        number = paragraph.find(f"{W}pPr/{W}numPr")
        style = self._style_of(paragraph)
        seen: set[str] = set()
        level: int | None = None
        while True:
            if number is not None:
                if level is None and number.find(f"{W}ilvl") is not None:
                    level = _whole(value(number.find(f"{W}ilvl")), 0)
                if number.find(f"{W}numId") is not None:
                    own = paragraph.find(f"{W}pPr/{W}numPr")
                    return value(
                        number.find(f"{W}numId")
                    ), level if level is not None or number is not own else 0
            if not style or style in seen or style not in self._styles:
                return "", level
            seen.add(style)
            style, number = self._styles[style]


def _levels(parent: Any) -> dict[int, _Level]:
    levels = {}
    for level in parent.findall(f"{W}lvl"):
        at = _whole(level.get(f"{W}ilvl"), 0)
        restart = level.find(f"{W}lvlRestart")
        levels[at] = _Level(
            _whole(value(level.find(f"{W}start")), 1 if level.find(f"{W}start") is None else 0),
            value(level.find(f"{W}numFmt")) or "decimal",
            value(level.find(f"{W}lvlText")),
            at if restart is None else _whole(value(restart), at),
            is_on(level.find(f"{W}isLgl")),
            value(level.find(f"{W}pStyle")),
        )
    return levels


def written(n: int, style: str) -> str:
    """Write a number in one of Word's formats; in digits beyond its range.

    Examples
    --------
    >>> [written(12, style) for style in ("chineseCounting", "chineseLegalSimplified", "decimalFullWidth")]
    ['十二', '拾贰', '１２']
    >>> [written(2, style) for style in ("ideographTraditional", "decimalEnclosedParen", "upperRoman")]
    ['乙', '⑵', 'II']
    """
    if style in _COUNTING and 1 <= n <= _LARGEST:
        return chinese_number(n)
    if style in _LEGAL_STYLES and 1 <= n <= _LARGEST:
        return chinese_number(n).translate(_LEGAL)
    if style in _DIGITWISE:
        return "".join(_DIGITS[int(digit)] for digit in str(n))
    if style in _FULL_WIDTH:
        return "".join(chr(ord(digit) - ord("0") + ord("０")) for digit in str(n))
    if style in _SERIES and 1 <= n <= len(_SERIES[style]):
        return _SERIES[style][n - 1]
    if style in {"lowerLetter", "upperLetter"} and n >= 1:
        letter = chr(ord("a") + (n - 1) % 26) * (1 + (n - 1) // 26)
        return letter if style == "lowerLetter" else letter.upper()
    if style in {"lowerRoman", "upperRoman"} and n >= 1:
        roman = ""
        for size, sign in _ROMAN:
            roman += sign * (n // size)
            n %= size
        return roman if style == "lowerRoman" else roman.upper()
    return f"{n:02}" if style == "decimalZero" else str(n)


def value(element: Any) -> str:
    """Give the ``w:val`` of an element; empty where there is none."""
    return "" if element is None else str(element.get(f"{W}val") or "")


def is_on(element: Any) -> bool:
    """Whether a switch such as ``w:vanish`` is there and not turned off."""
    return element is not None and value(element) not in {"0", "false", "off"}


def _whole(text: str | None, default: int) -> int:
    return int(text) if text and re.fullmatch(r"-?\d{1,6}", text) else default
