"""Forms as tables: one form per enterprise with labels beside values, and transposed tables."""

from __future__ import annotations

import functools
import re
import unicodedata
from dataclasses import dataclass, field, replace
from itertools import pairwise
from typing import TYPE_CHECKING, Final

from liaison_analysis.ledger.boards import board
from liaison_analysis.ledger.cells import one_line
from liaison_analysis.ledger.days import looks_like_day
from liaison_analysis.ledger.headers import meaning_of
from liaison_analysis.ledger.sheets import Marks
from liaison_analysis.ledger.splitting import numbered_list
from liaison_analysis.ledger.tables import begun_table

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from liaison_analysis.ledger.sheets import Sheet

# Rows in which an ordinary header is looked for, and rows of the longest sheet of forms.
_SEARCHED: Final = 30
_MOST_ROWS: Final = 5_000
_LONGEST_LABEL: Final = 20
# Columns in which a form has its labels, and the share of the first rows that have one at least.
_WIDEST: Final = 12
_LABELLED_SHARE: Final = 0.25
# Characters of what a record of a table on its side is called; judgement.
_LONGEST_NAME: Final = 6
# Labels that every form has: what is asked, and by whom or when.
_FEWEST: Final = 3
# 诉求1 and 责任单位一 are labels as 诉求 is.
_COUNT: Final = re.compile(r"(?<=\D)(?:\d{1,2}|[一二三四五六七八九十])$")
# A number of a list, alone or before its text, and the heading of another part of a form.
_LISTED: Final = re.compile(r"[(（]?\d{1,2}[)）、.．]?")
_HEADED: Final = re.compile(r"^\s*[一二三四五六七八九十]{1,2}、")
# Blanks between characters, but not between words.
_SPACE: Final = re.compile(r"(?<![A-Za-z.]) | (?![A-Za-z])")
_INLINE: Final = re.compile(r"^\s*([^:：\s]{2,14})\s*[:：]\s*(\S.*)$", re.DOTALL)


@dataclass
class _Card:
    """One form: values by label, and the row in which its demand stands."""

    row: int
    values: dict[str, str] = field(default_factory=dict)


def upright(sheet: Sheet) -> tuple[Sheet, str]:
    """Convert a sheet of forms, or a transposed table, to an ordinary table; return others unchanged.

    Returns
    -------
    tuple
        The sheet, whose ``places`` say which row of the file each row comes from, and what it was, or ``""``.

    Examples
    --------
    >>> from liaison_analysis.ledger.sheets import Sheet
    >>> rows = [["登记表"], ["企业名称：", "甲公司", "走访时间：", "6月15日"], ["诉求内容：", "停车难"]]
    >>> table, kind = upright(Sheet("1", rows))
    >>> table.rows, table.places
    ([['登记表'], ['企业名称', '走访时间', '诉求内容'], ['甲公司', '6月15日', '停车难']], (0, 1, 2))
    """
    cards = board(sheet)
    if cards is not None:
        return cards, "board"
    if len(sheet.rows) > _MOST_ROWS or not _has_labels(sheet.rows[:_SEARCHED]):
        return sheet, ""
    turned = _turned(sheet)
    if turned is not None:
        return turned, "table on its side"
    bands = _stacked(sheet)
    formed = _formed(bands or sheet)
    if bands and formed:
        formed = replace(formed, places=tuple(bands.places[i] for i in formed.places))
    return (formed, "form") if formed is not None else (sheet, "")


def _has_labels(rows: Sequence[Sequence[str]]) -> bool:
    """Whether many of the first rows have a label, and none is the header of an ordinary table."""
    filled = [row for row in rows if any(row)]
    if any(begun_table(row) for row in filled[:_FEWEST]):
        return False
    labelled = sum(any(map(_has_telling_label, row[:_WIDEST])) for row in filled)
    if labelled <= _LABELLED_SHARE * len(filled) or any(map(_is_header, filled)):
        return False
    return not any(_heads_records(row, below) for row, below in pairwise(filled))


def _has_telling_label(cell: str) -> bool:
    inline = _INLINE.match(cell) if cell and ("：" in cell or ":" in cell) else None
    # Words for contacts are values elsewhere: 来源 微信.
    return _label(inline[1] if inline else cell) not in {"", "contact"}


@functools.lru_cache(maxsize=4096)
def _label(cell: str) -> str:
    """Find what a label means among demands, or ``""``."""
    if not cell or len(cell) > _LONGEST_LABEL:
        return ""
    plain = _COUNT.sub("", _plain(cell))
    meaning = meaning_of(plain, "demands") or meaning_of(plain, "enterprises") or meaning_of(plain, "visits")
    return meaning.column if meaning else ""


def _plain(cell: str) -> str:
    return _SPACE.sub("", unicodedata.normalize("NFKC", one_line(cell)).rstrip(": "))


def _is_header(row: Sequence[str]) -> bool:
    """Whether labels stand beside each other, as in the header of an ordinary table."""
    labels = [_label(cell) for cell in row]
    known = [bool(label) for label in labels]
    several = len(set(labels) - {""}) > 1  # 问题1, 问题2, 问题3 head the records of a table on its side
    return several and sum(known) >= _FEWEST and sum(a and b for a, b in pairwise(known)) >= 2


def _heads_records(row: Sequence[str], below: Sequence[str]) -> bool:
    """Whether a row has labels over values: the row below is as long and has none."""
    labels = [_label(cell) for cell in row]
    full = sum(map(bool, row))
    close = any(a and b for a, b in pairwise(labels))
    several = len(set(labels) - {""}) >= _FEWEST and full > _FEWEST
    return several and close and abs(sum(map(bool, below)) - full) <= 2 and not any(map(_label, below))


def _enough(columns: Sequence[str]) -> bool:
    have = set(columns)
    return "text" in have and bool(have & {"enterprise", "name", "raised_on"}) and len(have) >= _FEWEST


def _has_value(meaning: str, head: str, cards: Sequence[_Card]) -> bool:
    """Whether a label has values that it may have: a table's cells may be labels by chance."""
    values = [card.values[head] for card in cards if card.values.get(head)]
    if meaning.endswith("_on"):
        return not values or any(
            any(c.isdigit() or c in "一二三四五六七八九十" for c in one) for one in values
        )
    return meaning != "text" or not values or not all(map(looks_like_day, values))


def _are_names(cells: Sequence[str]) -> bool:
    """Whether cells are short and all different, as names of records are."""
    filled = [cell for cell in cells if cell]
    return len(set(filled)) == len(filled) and all(len(cell) <= _LONGEST_NAME for cell in filled)


def _turned(sheet: Sheet) -> Sheet | None:
    """Transpose a table whose headers stand in its first column."""
    left = min((j for row in sheet.rows for j, cell in enumerate(row) if cell), default=0)
    heads = [i for i, row in enumerate(sheet.rows) if left < len(row) and _label(row[left])]
    wide = [i for i in heads if sum(map(bool, sheet.rows[i][left + 1 :])) > 1]
    if not _enough([_label(sheet.rows[i][left]) for i in heads]) or 2 * len(wide) <= len(heads):
        return None
    if any(_label(cell) for i in wide for cell in sheet.rows[i][left + 1 :]):
        return None
    texts = [i for i in heads if _label(sheet.rows[i][left]) == "text"]
    if len(texts) > 1 and texts[0] == heads[0] and _are_names(sheet.rows[heads[0]][left + 1 :]):
        heads, texts = heads[1:], texts[1:]  # 问题, 受访1, 受访2: what the records are called
    first, last = heads[0], heads[-1]
    above_it = sheet.rows[first - 1] if first else []
    if left < len(above_it) and above_it[left] and sum(map(bool, above_it[left + 1 :])) > 1:
        first -= 1  # 项目, 问题1, 问题2: the records' own names
    lines = [i for i in range(first, last + 1) if any(sheet.rows[i])]
    width = max(len(sheet.rows[i]) for i in lines)

    def cell(i: int, j: int) -> str:
        return sheet.rows[i][j] if j < len(sheet.rows[i]) else ""

    merged = {
        (top, j): at for top, at, low, right in sheet.marks.merged for j in range(at, right + 1) if top == low
    }
    records = [
        [cell(i, merged.get((i, j), j)) for i in lines]
        for j in range(left + 1, width)
        if any(cell(i, j) for i in lines)
    ]
    text = texts[0]
    above, below = sheet.rows[:first], sheet.rows[last + 1 :]
    rows = [*above, [_plain(cell(i, left)) for i in lines], *records, *below]
    places = (*range(first), first, *[text] * len(records), *range(last + 1, len(sheet.rows)))
    return replace(sheet, rows=rows, places=places, marks=Marks(date1904=sheet.marks.date1904))


def _stacked(sheet: Sheet) -> Sheet | None:
    """Stand forms beside each other below each other: each row repeats its label for every form."""
    starts: list[int] = []
    for row in sheet.rows:
        labels = [(j, _plain(cell)) for j, cell in enumerate(row) if _label(cell)]
        if not labels:
            continue
        same = [j for j, label in labels if label == labels[0][1]]
        if len(same) != len(labels) or (starts and same != starts):
            return None
        starts = same
    if len(starts) < 2:
        return None
    ends = [*starts[1:], max(map(len, sheet.rows))]
    rows: list[list[str]] = []
    places: list[int] = []
    for n, (first, end) in enumerate(zip(starts, ends, strict=True)):
        for i, row in enumerate(sheet.rows):
            cells = row[first:end] if n else row[:end]
            if any(cells):
                rows.append(cells)
                places.append(i)
    return replace(sheet, rows=rows, places=tuple(places), marks=Marks(date1904=sheet.marks.date1904))


def _formed(sheet: Sheet) -> Sheet | None:
    """Collect the forms of a sheet, one below the other, as rows of one table."""
    cards: list[_Card] = []
    heads: list[str] = []
    meanings: dict[str, str] = {}
    used: set[tuple[int, int]] = set()
    starts: str = ""
    for i, label, value, cells in _pairs(sheet):
        head = _plain(label)
        if not cards or (head in cards[-1].values and head == starts):
            cards.append(_Card(i))
            starts = starts or head
        card = cards[-1]
        while head in card.values:
            head += "2" if not head[-1].isdigit() else ""
            head = head if head not in card.values else f"{head[:-1]}{int(head[-1]) + 1}"
        card.values[head] = value
        meanings.setdefault(head, _label(label))
        if meanings[head] == "text":
            card.row = i
        if head not in heads:
            heads.append(head)
        used |= set(cells)
    if not cards or not _enough([m for head, m in meanings.items() if _has_value(m, head, cards)]):
        return None
    rest = [
        (i, cell)
        for i, row in enumerate(sheet.rows)
        for j, cell in enumerate(row)
        if cell and (i, j) not in used
    ]
    first = min(card.row for card in cards)
    start = min(i for i, _ in used)
    above = [(i, cell) for i, cell in rest if i < start]
    below = [(i, cell) for i, cell in rest if i >= start]
    rows = [[cell] for _, cell in above]
    rows += [heads, *([card.values.get(head, "") for head in heads] for card in cards)]
    # A note's row has one cell: it differs from the forms' rows by its place left of the label column.
    rows += [[f"{NOTE_OF_FORM}{cell}"] for _, cell in below]
    order = [i for i, _ in above]
    order += [min(first, start), *(card.row for card in cards), *(i for i, _ in below)]
    return replace(sheet, rows=rows, places=tuple(order), marks=Marks(date1904=sheet.marks.date1904))


#: Prefix of a form's texts that are neither labels nor values; rows with such texts are not data.
NOTE_OF_FORM: Final = "\0"


def _pairs(sheet: Sheet) -> Iterator[tuple[int, str, str, list[tuple[int, int]]]]:
    """Labels of a sheet with the values beside or below them: row, label, value and the places of both."""
    taken: set[int] = set()
    for i, row in enumerate(sheet.rows):
        if i in taken:
            continue
        j = 0
        while j < len(row):
            cell = row[j]
            inline = _INLINE.match(cell) if cell else None
            if inline and _label(inline[1]):
                yield i, inline[1], inline[2].strip(), [(i, j)]
            elif cell and _label(cell):
                after = next((k for k in range(j + 1, len(row)) if row[k]), None)
                if after is not None and not _label(row[after]):
                    yield i, cell, row[after], [(i, j), (i, after)]
                    j = after
                else:
                    below = _below(sheet, i) if sum(map(bool, row)) == 1 and _label(cell) == "text" else []
                    taken |= {k for k, _, _ in below}
                    texts = [text for _, text, _ in below if text]
                    value = numbered_list(texts)
                    yield i, cell, value, [(i, j), *(place for _, text, place in below if text)]
            j += 1


def _below(sheet: Sheet, at: int) -> list[tuple[int, str, tuple[int, int]]]:
    """Rows that answer a label in a row of its own: one text each, with its number: 1 | 停车难."""
    found: list[tuple[int, str, tuple[int, int]]] = []
    for i, row in enumerate(sheet.rows[at + 1 :], at + 1):
        cells = [(j, cell) for j, cell in enumerate(row) if cell]
        if not cells:
            continue
        has_number = bool(_LISTED.fullmatch(_plain(cells[0][1])))
        texts = cells[has_number:]
        if len(texts) > 1 or any(_label(cell) or _HEADED.match(cell) for _, cell in cells):
            break
        if found and not has_number and not _LISTED.match(texts[0][1]):
            break  # a sentence behind the list, or a note
        column, text = texts[0] if texts else (cells[0][0], "")
        found.append((i, text, (i, column)))
    return found if any(text for _, text, _ in found) else []
