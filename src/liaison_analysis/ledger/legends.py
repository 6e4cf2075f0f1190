"""Legends of a sheet: what its signs, codes and struck-out rows stand for.

A clerk who marks states by signs says once what they mean, in a note above or below the table:
●已办结 ◐办理中 ○未办理, 1-已办结 2-办理中, 划线表示已办结.
"""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING, Final

from liaison_analysis.ledger.states import status_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from liaison_analysis.ledger.sheets import Sheet

# Rows at both ends of a sheet in which notes stand, and the length of a note; judgement.
_NEAR: Final = 12
_LONGEST_NOTE: Final = 120
_MEANS: Final = r"\s*(?:表示|代表|标记的?为|的?为|即|是指?|指|[:：=—\-、.])?\s*"
# A letter, a digit or a sign that is no mark of punctuation, before the word that it stands for.
_SIGN: Final = re.compile(
    rf"(?<![A-Za-z0-9])([A-Za-z0-9①-⑳]|[^\w\s\u3000-\u303f，。；：、（）()\[\]“”'\"!-/:-@—…]){_MEANS}"
    r"(?<!\d)([\u4e00-\u9fff]{2,8})(?![\u4e00-\u9fff])"
)
_STRUCK: Final = re.compile(
    rf"(?:划线|画线|删除线|划掉|划去|划除)(?:的|者|部分|行|内容|事项|诉求|企业)*{_MEANS}([\u4e00-\u9fff]{{2,6}})"
)


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
