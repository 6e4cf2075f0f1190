"""Legends of a sheet: what its signs, codes, colours and struck-out rows stand for.

A clerk who marks states by signs says once what they mean, in a note above or below the table:
●已办结 ◐办理中 ○未办理, 1-已办结 2-办理中, 绿色为已办结, 划线表示已办结.
"""

from __future__ import annotations

import colorsys
import re
import unicodedata
from typing import TYPE_CHECKING, Final

from liaison_analysis.ledger.states import status_of

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator

    from liaison_analysis.ledger.sheets import Sheet

# Rows at both ends of a sheet in which notes stand, and the length of a note; judgement.
_NEAR: Final = 12
_LONGEST_NOTE: Final = 120
# Rows of a sheet of codes, characters of a code, and cells of a row that explains one.
_MOST_CODES: Final = 16
_LONGEST_CODE: Final = 6
_PAIR: Final = 2
_MEANS: Final = r"\s*(?:表示|代表|标记的?为|的?为|即|是指?|指|[:：=—\-、.])?\s*"
# A letter, a digit or a sign that is no mark of punctuation, before the word that it stands for.
_SIGN: Final = re.compile(
    rf"(?<![A-Za-z0-9])([A-Za-z0-9①-⑳]|[^\w\s\u3000-\u303f，。；：、（）()\[\]“”'\"!-/:-@—…]){_MEANS}"
    r"(?<!\d)([\u4e00-\u9fff]{2,8})(?![\u4e00-\u9fff])"
)
_STRUCK: Final = re.compile(
    rf"(?:划线|画线|删除线|划掉|划去|划除)(?:的|者|部分|行|内容|事项|诉求|企业)*{_MEANS}([\u4e00-\u9fff]{{2,6}})"
)


# 绿色：已办结, 标红的为未办结, 其余为办理中; the words that end a state's name are part of another.
_COLOUR: Final = re.compile(
    r"(?:标|涂|填充|底色)?(红|橙|黄|绿|蓝|紫|灰|其余|其他|其它|无色|白|不标色|未标色|未标注)(?:色|底|底色|填充|标记|标注|字体|字|灯|的|部分|行|事项)*"
    rf"{_MEANS}(?:表示|代表|为|是)?[：:]?\s*([\u4e00-\u9fff]{{2,8}})(?![\u4e00-\u9fff])"
)
# Hue of each colour in degrees, and how far another may lie from it; judgement.
_HUES: Final = {"红": 0, "橙": 36, "黄": 58, "绿": 118, "蓝": 215, "紫": 285}
_FARTHEST: Final = 33
# Saturation below which a colour is grey, and lightness from which grey is only shading; judgement.
_GREY: Final = 0.15
_SHADING: Final = 0.93


def words_of_colours(sheet: Sheet) -> dict[str, str]:
    """Word for a state by each colour that a note of the sheet explains, ``""`` being none of them.

    Examples
    --------
    >>> from liaison_analysis.ledger.sheets import Sheet
    >>> words_of_colours(Sheet("", [["绿色：已办结；红色：尚未办理"]]))
    {'绿': '已办结', '红': '尚未办理'}
    >>> words_of_colours(Sheet("", [["标红的为未办结，其余已办结"]]))
    {'红': '未办结', '': '已办结'}
    """
    for note in _notes(sheet):
        words = {colour if colour in {*_HUES, "灰"} else "": word for colour, word in _COLOUR.findall(note)}
        if words and all(status_of(word, exact=True) for word in words.values()) and words.keys() != {""}:
            return words
    return {}


def colour_named(colours: Collection[str], names: Collection[str]) -> str | None:
    """Which of some named colours the cells of a row have: ``""`` for none of them, None for several.

    Examples
    --------
    >>> [colour_named(one, ["绿", "黄"]) for one in ({"92d050"}, {"ffc000"}, {"0070c0"}, ())]
    ['绿', '黄', '', '']
    >>> colour_named({"ff0000", "ffff00"}, ["红", "黄"]) is None
    True
    """
    found = {name for colour in colours if (name := _nearest(colour, names))}
    return found.pop() if len(found) == 1 else None if found else ""


def _nearest(colour: str, names: Collection[str]) -> str:
    try:
        red, green, blue = (int(colour[i : i + 2], 16) / 255 for i in (0, 2, 4))
    except ValueError:
        return ""
    hue, saturation, value = colorsys.rgb_to_hsv(red, green, blue)
    if saturation < _GREY:
        return "灰" if "灰" in names and value < _SHADING else ""
    away = {name: abs((hue * 360 - _HUES[name] + 180) % 360 - 180) for name in names if name in _HUES}
    name = min(away, key=lambda one: away[one], default="")
    return name if name and away[name] <= _FARTHEST else ""


def _notes(sheet: Sheet) -> Iterator[str]:
    """Texts that may be notes: rows with one or two cells near the top and the end of a sheet."""
    n = len(sheet.rows)
    for i in sorted({*range(min(n, _NEAR)), *range(max(0, n - _NEAR), n)}):
        cells = [cell for cell in sheet.rows[i] if cell]
        if len(cells) <= 2:
            yield from (cell for cell in cells if len(cell) <= _LONGEST_NOTE)


def states_by_sign(sheet: Sheet) -> dict[str, str]:
    """State of the schema by each sign that a note of the sheet explains; ``{}`` where none explains two.

    Examples
    --------
    >>> from liaison_analysis.ledger.sheets import Sheet
    >>> states_by_sign(Sheet("", [["说明：●已办结　◐办理中　○未办理"], ["甲公司", "停车难", "●"]]))
    {'●': 'settled', '◐': 'solving', '○': 'collected'}
    >>> states_by_sign(Sheet("", [["1 总体情况"], ["A 甲公司"]]))
    {}
    """
    for note in _notes(sheet):
        known = {sign: status_of(word, exact=True) for sign, word in _SIGN.findall(note)}
        states = {unicodedata.normalize("NFKC", sign).casefold(): one for sign, one in known.items() if one}
        if len(states) > 1 and len(states) == len(known):
            return states
    return {}


def states_of_codes(sheets: Iterable[Sheet]) -> dict[str, str]:
    """State of the schema by each code that a short sheet of codes explains: A | 已办结, B | 办理中.

    Examples
    --------
    >>> from liaison_analysis.ledger.sheets import Sheet
    >>> states_of_codes([Sheet("代码表", [["代码", "含义"], ["01", "已办结"], ["02", "办理中"]])])
    {'01': 'settled', '02': 'solving'}
    """
    codes: dict[str, str] = {}
    for sheet in sheets:
        pairs = [[cell for cell in row if cell] for row in sheet.rows]
        pairs = [pair for pair in pairs if len(pair) == _PAIR]
        if not _PAIR <= len(pairs) <= _MOST_CODES or len(sheet.rows) > _MOST_CODES:
            continue
        known = {code: status_of(word, exact=True) for code, word in pairs if len(code) <= _LONGEST_CODE}
        states = {
            code: state for code, state in known.items() if state and status_of(code, exact=True) is None
        }
        # The header may be one pair that explains nothing.
        if len(states) >= _PAIR and len(states) >= len(pairs) - 1:
            codes |= states
    return codes


def word_of_strikes(sheet: Sheet) -> str:
    """Word of a note for the state of rows that are struck out, or ``""`` where none gives one.

    Examples
    --------
    >>> from liaison_analysis.ledger.sheets import Sheet
    >>> word_of_strikes(Sheet("", [["企业诉求跟踪表（划线表示已办结）"]]))
    '已办结'
    >>> word_of_strikes(Sheet("", [["划线的作废"]]))
    ''
    """
    words = [found[1] for note in _notes(sheet) if (found := _STRUCK.search(note))]
    return next((word for word in words if status_of(word, exact=True) in {"settled", "fed back"}), "")
