"""Whole numbers as Chinese texts write them, read and written."""

from __future__ import annotations

import re
import unicodedata
from typing import Final

#: Characters of a number: numerals, tens and hundreds. ``两`` is two, ``○`` is zero; the last ones are the
#: forms used in legal and financial documents.
CHINESE_NUMERALS: Final = "〇○零一二三四五六七八九十百千两壹贰叁肆伍陆柒捌玖拾佰"
_DIGITS: Final = "〇一二三四五六七八九"
_PLAIN: Final = str.maketrans("0○零两壹贰叁肆伍陆柒捌玖拾佰", "〇〇〇二一二三四五六七八九十百")
_UNITS: Final = {"十": 10, "百": 100, "千": 1000}
_LARGEST: Final = 999  # no act or list that we know has more items


def read_number(written: str) -> int:
    """Read a whole number in Chinese, full-width, circled or plain digits.

    Blanks between the digits are ignored. Chinese digits without a ten or a hundred are read one by one, as
    in years, also with a plain 0 among them.

    Parameters
    ----------
    written
        The number as it is written.

    Returns
    -------
    int
        Its value.

    Raises
    ------
    ValueError
        Some character is not part of a number.

    Examples
    --------
    >>> [read_number(text) for text in ("十二", "二十", "一百零三", "７", "③", "1 0", "二0二四", "拾贰")]
    [12, 20, 103, 7, 3, 10, 2024, 12]
    """
    plain = re.sub(r"\s+", "", unicodedata.normalize("NFKC", written))
    if plain.isdecimal():
        return int(plain)
    plain = plain.translate(_PLAIN)
    strange = [character for character in plain if character not in _DIGITS and character not in _UNITS]
    if strange or not plain:
        raise ValueError(f"expected a whole number, such as '十二' or '12'; got {written!r}")
    if not set(plain) & set(_UNITS):
        return int("".join(str(_DIGITS.index(character)) for character in plain))
    total, digit = 0, 0
    for character in plain:
        if character in _UNITS:
            total += (digit or 1) * _UNITS[character]
            digit = 0
        else:
            digit = _DIGITS.index(character)
    return total + digit


def chinese_number(n: int) -> str:
    """Write a number from 1 to 999 in Chinese, as articles are numbered.

    Parameters
    ----------
    n
        The number.

    Returns
    -------
    str
        The number in Chinese numerals.

    Raises
    ------
    ValueError
        The number is out of this range.

    Examples
    --------
    >>> [chinese_number(n) for n in (3, 10, 12, 20, 101, 110, 235)]
    ['三', '十', '十二', '二十', '一百零一', '一百一十', '二百三十五']
    """
    if not 1 <= n <= _LARGEST:
        raise ValueError(f"expected a number from 1 to {_LARGEST}, got {n!r}")
    hundreds, rest = divmod(n, 100)
    tens, ones = divmod(rest, 10)
    written = f"{_DIGITS[hundreds]}百" if hundreds else ""
    if tens:
        written += ("" if tens == 1 and not hundreds else _DIGITS[tens]) + "十"
    elif hundreds and ones:
        written += "零"
    return written + (_DIGITS[ones] if ones else "")
