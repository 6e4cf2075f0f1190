"""Mask what identifies persons in texts and tables; make a cell safe to export."""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING, Final

import pandas as pd

from liaison_analysis.personal_data import MASKS, find_personal_data

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

# A spreadsheet runs a cell that starts with one of these as a formula when it opens a CSV file (OWASP, CSV
# injection; the full-width signs count in East Asian versions); marks already there are counted in, so that
# the escape can be undone.
_RUNS = re.compile(r"^'*[=+\-@＝＋－＠\t\r\n]")

#: Name of what ``suppress_small_groups`` puts together.
OTHERS: Final = "其他 others"

_MASK = re.compile(r"\[(?:" + "|".join(mask[1:-1] for mask in MASKS.values()) + r")(?: [0-9]+)?\]")
_NUMBERED = re.compile(r"\[(?:" + "|".join(mask[1:-1] for mask in MASKS.values()) + r") [0-9]+\]")
# Eighteen digits, or what Excel left of them; officers are born before.
_SERIAL = re.compile(r"[0-9]\.?[0-9]{5}([0-9]{4})(?:[0-9]{8}|[0-9]{1,5}[eE]\+17)")
_YOUNGEST: Final = 2009


def mask_personal_data(texts: Iterable[str]) -> list[str]:
    """Put a word in brackets in place of phone numbers, identity numbers and other contacts.

    Parameters
    ----------
    texts
        Any texts.

    Returns
    -------
    list of str
        One a text. What is not masked is the same, byte for byte; a masked text that is masked again stays
        as it is.

    Examples
    --------
    >>> mask_personal_data(["电话:１３８-1234-5678，找王工", "zhang@example.com", "总价13812345678.00元"])
    ['电话:[手机号]，找王工', '[邮箱]', '总价13812345678.00元']
    """
    return [_mask(text)[0] for text in texts]


def count_personal_data(texts: Iterable[str]) -> pd.DataFrame:
    """Count what ``mask_personal_data`` masks: DataFrame[kind, n], without the values.

    Examples
    --------
    >>> count_personal_data(["13812345678 或 13912345678", "QQ:123456789"])
         kind  n
    0  mobile  2
    1      QQ  1
    """
    counts = sum((_mask(text)[1] for text in texts), Counter[str]())
    return pd.DataFrame([(kind, counts[kind]) for kind in MASKS if counts[kind]], columns=["kind", "n"])


def _mask(text: str, word: Callable[[str, str], str] | None = None) -> tuple[str, Counter[str]]:
    """Mask one text; ``word`` gives the mask for a kind and a value."""
    counts: Counter[str] = Counter()
    # What stood beside a number may be read as one itself when that is gone: masked until nothing is found.
    while found := find_personal_data(text):
        parts, last = [], 0
        for start, end, kind in found:
            parts += [text[last:start], word(kind, text[start:end]) if word else MASKS[kind]]
            last = end
            counts[kind] += 1
        text = "".join([*parts, text[last:]])
    return text, counts


class Masker:
    """Masks the columns of one ledger, counts what it masked, and keeps keys apart.

    In free text every number of a kind gets the same word. In a key, where two values must stay two, the
    word has a number, ``[手机号 2]``, the same for the same value in every table, given in the order in
    which values are met: it tells nothing of the value, as a hash would, which can be tried out.

    Parameters
    ----------
    taken
        Texts that may hold such words already, from a masked ledger that was written and has grown since.

    Examples
    --------
    >>> masker = Masker()
    >>> masker.keys(["13812345678", "G07", "13912345678"], "links"), masker.keys(["13912345678"], "visits")
    (['[手机号 1]', 'G07', '[手机号 2]'], ['[手机号 2]'])
    >>> masker.texts(["找13812345678"], "demands")
    ['找[手机号]']
    >>> masker.masked()
         sheet    kind  n
    0    links  mobile  2
    1   visits  mobile  1
    2  demands  mobile  1
    """

    def __init__(self, taken: Iterable[str] = ()) -> None:
        self._counts: dict[str, Counter[str]] = {}
        self._words: dict[tuple[str, str], str] = {}
        self._taken = {word for text in taken if "[" in text for word in _NUMBERED.findall(text)}

    def texts(self, cells: Iterable[str], sheet: str) -> list[str]:
        """Mask what is personal in cells of a sheet."""
        return self._masked(cells, sheet, None)

    def keys(self, cells: Iterable[str], sheet: str) -> list[str]:
        """Mask what is personal in cells of a sheet; cells that were different stay so.

        A cell that holds nothing but what reads as the identity number of somebody born after 2009 is
        left: such are serial numbers made of a district code, a date and a count.
        """
        return self._masked(cells, sheet, self._word)

    def masked(self) -> pd.DataFrame:
        """Give what was masked so far: DataFrame[sheet, kind, n], in the order of the sheets."""
        rows = [(sheet, kind, n[kind]) for sheet, n in self._counts.items() for kind in MASKS if n[kind]]
        frame = pd.DataFrame(rows, columns=["sheet", "kind", "n"])
        return frame.astype({"sheet": "str", "kind": "str", "n": "int64"})

    def _masked(self, cells: Iterable[str], sheet: str, word: Callable[[str, str], str] | None) -> list[str]:
        counts = self._counts.setdefault(sheet, Counter())
        cells = list(cells)
        # A column repeats few texts: each is searched once.
        times = Counter(cells)
        masked: dict[str, str] = {}
        for cell, n in times.items():
            if word and _is_serial(cell):
                masked[cell] = cell
                continue
            masked[cell], found = _mask(cell, word)
            for kind in found:
                counts[kind] += n * found[kind]
        return [masked[cell] for cell in cells]

    def _word(self, kind: str, value: str) -> str:
        if (kind, value) not in self._words:
            n = 1 + sum(known == kind for known, _ in self._words)
            while (word := f"{MASKS[kind][:-1]} {n}]") in self._taken:
                n += 1
            self._taken.add(word)
            self._words[kind, value] = word
        return self._words[kind, value]


def _is_serial(cell: str) -> bool:
    found = _SERIAL.fullmatch(cell)
    return found is not None and int(found[1]) > _YOUNGEST


def suppress_small_groups(groups: pd.Series, members: pd.Series, *, least: int = 3) -> pd.Series:
    """Put groups of few members together under one name, so that no figure by group tells of one of them.

    Where the small groups together are still too few, the next larger ones join them: a total minus the
    groups that are shown then tells nothing either.

    Parameters
    ----------
    groups
        Group of each row; missing ones stay missing.
    members
        Whose row it is, such as an enterprise's id, under the same index; each counts once in a group.
    least
        Fewest members of a group that is shown.

    Returns
    -------
    Series
        ``groups`` with ``OTHERS`` in place of small ones; all missing where there are fewer members than
        ``least`` altogether.

    Examples
    --------
    >>> towns = pd.Series(["水土"] * 3 + ["鱼复"] * 4 + ["龙兴"])
    >>> suppress_small_groups(towns, pd.Series(list("ABCDEFGH"))).tolist()[2:]
    ['其他 others', '鱼复', '鱼复', '鱼复', '鱼复', '其他 others']
    """
    sizes = members.groupby(groups).nunique()
    joined: set[object] = set()
    for n, group in sorted(zip(sizes.tolist(), sizes.index.tolist(), strict=True)):
        together = members[groups.isin(joined)].nunique()
        if n >= least and (not joined or together >= least):
            break
        joined.add(group)
    if not joined:
        return groups
    enough = members[groups.isin(joined)].nunique() >= least
    return groups.mask(groups.isin(joined), OTHERS if enough else None)


def without_mask_numbers(text: str) -> str:
    """Text whose masks have no numbers, as ``mask_personal_data`` writes them.

    Examples
    --------
    >>> without_mask_numbers("[手机号 2]机器人")
    '[手机号]机器人'
    """
    return _NUMBERED.sub(lambda mask: mask[0].partition(" ")[0] + "]", text)


def blank_masks(text: str) -> str:
    """Text with blanks in the place of its masks, as long as before: a mask is not what a text speaks of.

    Examples
    --------
    >>> blank_masks("请联系[手机号]张工")
    '请联系     张工'
    """
    return _MASK.sub(lambda mask: " " * len(mask[0]), text)


def safe_cell(text: str) -> str:
    """Put a ``'`` before text that a spreadsheet would run as a formula.

    Undone by ``unsafe_cell``: what was written is what is read again.

    Examples
    --------
    >>> safe_cell("=HYPERLINK(1)"), safe_cell("-5 ℃ 冷库"), safe_cell("数控机床")
    ("'=HYPERLINK(1)", "'-5 ℃ 冷库", '数控机床')
    """
    return f"'{text}" if _RUNS.match(text) else text


def unsafe_cell(text: str) -> str:
    """Take the mark of ``safe_cell`` away.

    Examples
    --------
    >>> unsafe_cell(safe_cell("=1+1")), unsafe_cell("'90年代"), unsafe_cell(safe_cell("'=1"))
    ('=1+1', "'90年代", "'=1")
    """
    return text[1:] if text.startswith("'") and _RUNS.match(text) else text
