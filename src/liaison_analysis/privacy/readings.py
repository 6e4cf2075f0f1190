"""Plain readings of a text, in which a number in any script or layout is a sequence of digits."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

#: Characters that are read as Chinese digits where many stand in a row.
NUMERALS: Final = "〇零一二三四五六七八九幺壹贰叁肆伍陆柒捌玖两"
_DIGITS = str.maketrans(NUMERALS, "0012345678911234567892")
_SPOKEN = re.compile(rf"[0-9{NUMERALS}](?:[\s.\-·、,]?[0-9{NUMERALS}]){{6,}}")
# Characters that may number the items of a list, though each also reads as a digit.
_ENUMERATOR = re.compile(r"[²³¹⁰-⁹₀-₉①-⒛⓪-⓿❶-➓㈠-㈩㊀-㊉\U0001F100-\U0001F10A]")


def plain_reading(text: str) -> tuple[str, Sequence[int]]:
    """Give a plain reading of a text, and for each of its characters the place in the text.

    NFKC, digits of every script as 0-9, one kind of dash and of dot, invisible characters left out.

    Examples
    --------
    >>> plain_reading("电\u200b话１３８—")
    ('电话138-', [0, 2, 3, 4, 5, 6])
    """
    if text.isascii() and text.isprintable():
        return text, range(len(text))
    plain, at = [], []
    for i, character in enumerate(text):
        for one in _plain_character(character):
            plain.append(one)
            at.append(i)
    return "".join(plain), at


@lru_cache(maxsize=20_000)
def _plain_character(character: str) -> str:
    category = unicodedata.category(character)
    if character in "\t\n\r":
        return "\n"
    if category in {"Cf", "Cc", "Mn", "Me"} or character in "\u2800\u3164\uffa0\u115f\u1160":
        return ""  # invisible, or written over another character
    if category == "Pd" or character == "−":
        return "-"
    if character in "·•・‧∙⋅﹒":
        return "·"
    digit = unicodedata.digit(character, None)
    plain = unicodedata.normalize("NFKC", character)
    if digit is not None and not plain.isascii():
        return str(digit)
    return "".join("" if unicodedata.category(c) in {"Mn", "Me"} else c for c in plain)


def other_readings(text: str, plain: str, at: Sequence[int]) -> Iterator[str]:
    r"""Give further readings as long as the plain one, where there are any.

    In one, numbers in circles and brackets are no digits: they may count items (``①13800001111②``) or hide a
    number. In the other, long rows of Chinese numerals are digits.

    Examples
    --------
    >>> text = "①一三八零零零零一一一一"
    >>> list(other_readings(text, *plain_reading(text)))
    ['\n一三八零零零零一一一一', '113800001111']
    """
    if _ENUMERATOR.search(text):
        yield "".join("\n" if _ENUMERATOR.match(text[i]) else one for i, one in zip(at, plain, strict=True))
    spoken = _SPOKEN.sub(lambda row: row[0].translate(_DIGITS), plain)
    if spoken != plain:
        yield spoken
