"""Mask personal data in texts and tables."""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING, Final

import pandas as pd

from liaison_analysis.privacy.kinds import MASKS
from liaison_analysis.privacy.patterns import find_personal_data

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

_MASK = re.compile(r"\[(?:" + "|".join(mask[1:-1] for mask in MASKS.values()) + r")(?: [0-9]+)?\]")
_NUMBERED = re.compile(r"\[(?:" + "|".join(mask[1:-1] for mask in MASKS.values()) + r") [0-9]+\]")

# Eighteen digits, or what Excel left of them; judgement: who was born later is no officer yet.
_SERIAL = re.compile(r"[0-9]\.?[0-9]{5}([0-9]{4})(?:[0-9]{8}|[0-9]{1,5}[eE]\+17)")
_YOUNGEST: Final = 2009


def mask_personal_data(texts: Iterable[str], *, header: str = "") -> list[str]:
    """Put a word in brackets in place of phone numbers, identity numbers and other contact data.

    Kinds and words are ``MASKS``. Names of persons are not looked for.

    Parameters
    ----------
    texts
        Any texts.
    header
        Header of the column that they stand in, if they are cells: it counts as the words before each.

    Returns
    -------
    list of str
        One masked text for each. What is not masked stays the same, byte for byte, and a text that is masked
        already is returned as it is.

    Examples
    --------
    >>> mask_personal_data(["电话:１３８-1234-5678，找王工", "zhang@example.com", "总价13812345678.00元"])
    ['电话:[手机号]，找王工', '[邮箱]', '总价13812345678.00元']
    >>> mask_personal_data(["67891234转801"], header="办公电话")
    ['[固定电话]']
    """
    return [_mask(text, header=header)[0] for text in texts]


def count_personal_data(texts: Iterable[str]) -> pd.DataFrame:
    """Count what ``mask_personal_data`` masks: DataFrame[kind, n], without the values.

    Parameters
    ----------
    texts
        Texts as they are written.

    Returns
    -------
    DataFrame
        Kinds that occur, most first.

    Examples
    --------
    >>> count_personal_data(["13812345678 或 13912345678", "QQ:123456789"])
         kind  n
    0  mobile  2
    1      QQ  1
    """
    counts = sum((_mask(text)[1] for text in texts), Counter[str]())
    return pd.DataFrame([(kind, counts[kind]) for kind in MASKS if counts[kind]], columns=["kind", "n"])


def _mask(
    text: str, word: Callable[[str, str], str] | None = None, *, header: str = ""
) -> tuple[str, Counter[str]]:
    """Mask one text; ``word`` gives the mask for a kind and a value."""
    counts: Counter[str] = Counter()
    # Masking a number may reveal another match beside it, so it is repeated until none is left.
    while matches := find_personal_data(text, header=header):
        parts, last = [], 0
        for start, end, kind in matches:
            parts += [text[last:start], word(kind, text[start:end]) if word else MASKS[kind]]
            last = end
            counts[kind] += 1
        text = "".join([*parts, text[last:]])
    return text, counts


class Masker:
    """Masks the columns of one ledger, counts the masked values, and keeps different keys distinct.

    In free text every number of a kind is replaced by the same word. In a key, where values must stay
    distinct, the word has a number, ``[手机号 2]``, which is the same for the same value in every table.
    Numbers are given in the order in which values first occur, so that no value can be recovered from its
    number, as it can from a hash by trying all values.

    Parameters
    ----------
    taken
        Texts that may hold such words already: of a masked ledger that was written and has grown since.

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

    def texts(self, cells: Iterable[str], sheet: str, *, header: str = "") -> list[str]:
        """Mask personal data in cells of a sheet, whose column may have a header.

        Parameters
        ----------
        cells
            Texts of one column.
        sheet
            Name of the sheet, under which ``masked`` counts.
        header
            Header of the column; it counts as the words before each cell.

        Returns
        -------
        list of str
            The cells, masked.

        Examples
        --------
        >>> masker = Masker()
        >>> masker.texts(["请联系13812345678"], "诉求")
        ['请联系[手机号]']
        """
        return self._masked(cells, sheet, None, header)

    def keys(self, cells: Iterable[str], sheet: str, *, header: str = "") -> list[str]:
        """Mask personal data in cells of a sheet, so that cells that were different stay different.

        A cell that is nothing but eighteen digits with a date of birth after 2009 is left as it is: these
        are serial numbers made of a district's code, a date and a count.

        Parameters
        ----------
        cells, sheet, header
            As in ``texts``.

        Returns
        -------
        list of str
            The cells, masks numbered.

        Examples
        --------
        >>> masker = Masker()
        >>> masker.keys(["13812345678", "13912345678"], "企业")
        ['[手机号 1]', '[手机号 2]']
        """
        return self._masked(cells, sheet, self._word, header)

    def masked(self) -> pd.DataFrame:
        """Give what was masked so far: DataFrame[sheet, kind, n], in the order of the sheets.

        Returns
        -------
        DataFrame
            One row for each sheet and kind; n is how many were masked.

        Examples
        --------
        >>> masker = Masker()
        >>> masked = masker.texts(["请联系13812345678"], "诉求")
        >>> masker.masked().to_numpy().tolist()
        [['诉求', 'mobile', 1]]
        """
        rows = [(sheet, kind, n[kind]) for sheet, n in self._counts.items() for kind in MASKS if n[kind]]
        frame = pd.DataFrame(rows, columns=["sheet", "kind", "n"])
        return frame.astype({"sheet": "str", "kind": "str", "n": "int64"})

    def _masked(
        self, cells: Iterable[str], sheet: str, word: Callable[[str, str], str] | None, header: str
    ) -> list[str]:
        counts = self._counts.setdefault(sheet, Counter())
        cells = list(cells)
        # A column repeats few texts: each is searched once.
        times = Counter(cells)
        masked: dict[str, str] = {}
        for cell, n in times.items():
            if word and _is_serial(cell):
                masked[cell] = cell
                continue
            masked[cell], of_cell = _mask(cell, word, header=header)
            for kind in of_cell:
                counts[kind] += n * of_cell[kind]
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
    match = _SERIAL.fullmatch(cell)
    return match is not None and int(match[1]) > _YOUNGEST


def without_mask_numbers(text: str) -> str:
    """Text whose masks have no numbers, as ``mask_personal_data`` writes them.

    Parameters
    ----------
    text
        Masked, masks numbered.

    Returns
    -------
    str
        The text with plain masks.

    Examples
    --------
    >>> without_mask_numbers("[手机号 2]机器人")
    '[手机号]机器人'
    """
    return _NUMBERED.sub(lambda mask: mask[0].partition(" ")[0] + "]", text)


def blank_masks(text: str) -> str:
    """Replace masks by blanks of the same length, since a mask is not part of what the text says.

    Parameters
    ----------
    text
        Masked.

    Returns
    -------
    str
        Of the same length.

    Examples
    --------
    >>> blank_masks("请联系[手机号]张工")
    '请联系     张工'
    """
    return _MASK.sub(lambda mask: " " * len(mask[0]), text)
