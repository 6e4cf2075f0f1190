"""Sentences in two languages, and names escaped so that nothing in them acts as markup."""

from __future__ import annotations

import unicodedata
from typing import TYPE_CHECKING, Any

import pandas as pd

from liaison_analysis.analysis.results import Text
from liaison_analysis.analysis.theme_words import theme_name

if TYPE_CHECKING:
    from collections.abc import Iterable


# Characters that Markdown could read as markup or as an address, replaced by look-alikes.
_PLAIN = str.maketrans("\\`*_[]<>$|~#&@", "＼｀＊＿［］＜＞＄｜～＃＆＠")


def plain_name(name: object) -> str:
    r"""Escape a name for prose: no markup, address, line break or direction mark.

    Examples
    --------
    >>> plain_name("甲公司https://a.b\n*乙*\u202e")
    '甲公司https：//a.b ＊乙＊'
    """
    spaced = " ".join(str(name).split())
    visible = "".join(c for c in spaced if unicodedata.category(c) not in {"Cc", "Cf", "Co", "Cs"})
    return visible.translate(_PLAIN).replace("://", "：//").replace("www.", "www．")


class Sentences:
    """Sentences in two languages, one beside the other."""

    def __init__(self) -> None:
        self._pairs: list[tuple[str, str]] = []

    def __len__(self) -> int:
        """Count the sentences."""
        return len(self._pairs)

    def add(self, english: str, chinese: str) -> None:
        """Add a sentence in both languages."""
        self._pairs.append((english, chinese))

    def text(self) -> Text:
        """Join the sentences of each language."""
        return Text(" ".join(en for en, _ in self._pairs), "".join(zh for _, zh in self._pairs))


def listed_names(names: Iterable[Any], most: int = 3) -> tuple[str, str]:
    """List the first few names in English and in Chinese."""
    plain = [plain_name(name) for name in names if pd.notna(name)][:most]
    return ", ".join(plain), "、".join(plain)


def listed_themes(names: Iterable[Any]) -> tuple[str, str]:
    """List the first few names of themes in English and in Chinese."""
    plain = list(names)
    return listed_names([theme_name(name, "en") for name in plain], 5)[0], listed_names(plain, 5)[1]


def counted(n: int, one: str, many: str | None = None) -> str:
    """Write a number with its noun.

    Examples
    --------
    >>> counted(1, "demand"), counted(1200, "wish", "wishes")
    ('1 demand', '1,200 wishes')
    """
    return f"{n:,} {one if n == 1 else many or one + 's'}"
