"""Boards of cards as tables: columns headed by states, and a card for each demand below its state."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from liaison_analysis.ledger.cells import one_line
from liaison_analysis.ledger.days import DAY_IN_TEXT
from liaison_analysis.ledger.sheets import Marks
from liaison_analysis.ledger.states import status_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from liaison_analysis.ledger.sheets import Sheet

# Rows in which the states stand, and share of cards that begin with an enterprise; judgement.
_SEARCHED: Final = 10
_NAMED_SHARE: Final = 0.6
# A number of cards behind a state, a number before a card, a day in it, and its enterprise and words.
_COUNT: Final = re.compile(r"\s*[(（]\s*\d+\s*[件条项个]?\s*[)）]$")
_NUMBER: Final = re.compile(r"^\s*(?:[(（]?\d{1,3}[)）.、．]|[①-⑳])\s*(?=\D)")
_DAY: Final = re.compile(rf"[(（\[【]?\s*({DAY_IN_TEXT})\s*[)）\]】]?")
_CARD: Final = re.compile(
    r"^[【\[「〔]?\s*(?P<firm>[^\s，,。；;：:、|【】\[\]]{2,30}?)\s*(?:[】\]」〕]\s*[:：]?|[:：|｜/\n]|\s[-—–]\s?|[-—–]{1,2})\s*(?P<text>.{2,})$",
    re.DOTALL,
)
_HEADERS: Final = ("办理状态", "企业名称", "诉求内容", "提出日期", "原文")


def board(sheet: Sheet) -> Sheet | None:
    """Convert a board of cards to a table with a row for each; None for other sheets.

    Parameters
    ----------
    sheet
        As it stands in the file.

    Returns
    -------
    Sheet or None
        A row for each card, with the state that its column is headed by, its enterprise, words and day, and
        the whole cell beside; ``places`` say which row of the file it is from.

    Examples
    --------
    >>> from liaison_analysis.ledger.sheets import Sheet
    >>> rows = [["待办", "已办结"], ["甲公司：停车难（3月5日）", "乙公司：停电"]]
    >>> [row[:4] for row in board(Sheet("看板", rows)).rows[1:]]
    [['待办', '甲公司', '停车难', '3月5日'], ['已办结', '乙公司', '停电', '']]
    """
    at = next((i for i, row in enumerate(sheet.rows[:_SEARCHED]) if _heads_states(row)), -1)
    if at < 0:
        return None
    states = {j: _COUNT.sub("", one_line(cell)) for j, cell in enumerate(sheet.rows[at]) if cell}
    below = [
        (i, j, cell)
        for i, row in enumerate(sheet.rows[at + 1 :], at + 1)
        for j, cell in enumerate(row)
        if cell
    ]
    if not below or any(j not in states for _, j, _ in below):
        return None
    if not of_cards([cell for *_, cell in below]):
        return None
    cards = [(i, states[j], read_card(cell), cell) for i, j, cell in below]
    table = [*sheet.rows[:at], list(_HEADERS)]
    table += [[state, *parts, cell] for _, state, parts, cell in cards]
    places = (*range(at + 1), *(i for i, *_ in cards))
    return replace(sheet, rows=table, places=places, marks=Marks(date1904=sheet.marks.date1904))


def _heads_states(row: list[str]) -> bool:
    """Whether a row has nothing but words for states, two different ones at least."""
    words = [_COUNT.sub("", one_line(cell)) for cell in row if cell]
    return len(set(words)) > 1 and all(len(word) > 1 and status_of(word, exact=True) for word in words)


def of_cards(cells: Sequence[str]) -> bool:
    """Whether most cells begin with an enterprise, or with another name before a colon."""
    filled = [cell for cell in cells if cell]
    return bool(filled) and sum(bool(read_card(cell)[0]) for cell in filled) >= _NAMED_SHARE * len(filled)


def read_card(cell: str) -> tuple[str, str, str]:
    """Enterprise, words and day of a card; the first is blank where the card does not begin with one.

    Examples
    --------
    >>> read_card("1.甲公司：停车难（3月5日）"), read_card("停车难")
    (('甲公司', '停车难', '3月5日'), ('', '停车难', ''))
    """
    text = _NUMBER.sub("", unicodedata.normalize("NFKC", cell).strip())
    days = list(_DAY.finditer(text))
    day = ""
    if len(days) == 1:
        day = days[0][1]
        line = "\n" if "\n" in days[0][0] else ""
        text = f"{text[: days[0].start()]}{line}{text[days[0].end() :]}".strip(" ,，。;；\n")
    found = _CARD.match(text)
    if not found:
        return "", cell if not day else text, day
    return found["firm"].strip(), found["text"].strip(), day
