"""Short forms of enterprises' names: without place and legal form."""

from __future__ import annotations

import math
import re
from collections import Counter
from typing import TYPE_CHECKING, Final

from liaison_analysis.names.parts import is_generic
from liaison_analysis.names.places import is_place, leading_places, located

if TYPE_CHECKING:
    from collections.abc import Mapping

_LEGAL: Final = re.compile(r"(?:股份|责任)?有限(?:责任)?公司|(?:集团)?股份公司|集团公司|总公司|公司$")
_TRADE: Final = re.compile(r"(?:科技|技术|股份|有限|集团|实业)+$")
_IN_BRACKETS: Final = re.compile(r"[（(][^）)]{2,6}[）)]")

# A beginning is a place if at least so many names share it, and this share of all names (judgement).
_SHARED_BY: Final = 3
_SHARE: Final = 0.3
_LONGEST_PLACE: Final = 4
_BRAND: Final = 2


def short_names(names: Mapping[str, str]) -> dict[str, str]:
    """Shorten names by what many of them have in common: the place in front, the legal form behind.

    Parameters
    ----------
    names
        Full names by id.

    Returns
    -------
    dict
        Short names by id; a name stays whole where its short form would be another's, one character or
        a place.

    Examples
    --------
    >>> names = {"A": "云山华数机器人有限公司", "B": "云山砺石机床有限公司", "C": "云山远航物流有限公司"}
    >>> short_names(names)
    {'A': '华数机器人', 'B': '砺石机床', 'C': '远航物流'}
    """
    place = _common_place(list(names.values()))
    short = {}
    for key, name in names.items():
        brief = _IN_BRACKETS.sub("", _LEGAL.sub("", name))
        for beginning in place:
            if brief.startswith(beginning) and len(brief) > len(beginning) + 1:
                brief = re.sub("^(?:市|省|区|县)", "", brief[len(beginning) :])
                break
        brief = _TRADE.sub("", brief) or brief
        short[key] = brief if len(brief) > 1 and not is_place(brief) else name
    again = Counter(short.values())
    return {key: name if again[name] == 1 else names[key] for key, name in short.items()}


def brands_of(names: Mapping[str, str]) -> dict[str, str]:
    """First two characters of short names, by which people call a firm, where no other has the same.

    Parameters
    ----------
    names
        Name of each firm by its id.

    Returns
    -------
    dict
        Brand by id, of those firms that alone have theirs.

    Examples
    --------
    >>> brands_of({"A": "云山华数机器人有限公司", "B": "云山砺石机床有限公司", "C": "云山砺石铸造有限公司"})
    {'A': '华数'}
    """
    short = short_names(names)
    brands = {key: name[:_BRAND] for key, name in short.items() if name != names[key]}
    held = Counter(brands.values())
    return {key: brand for key, brand in brands.items() if held[brand] == 1}


def without_place(name: str) -> str:
    """Cut the province, prefecture or county in front of a name, by GB/T 2260.

    It stays where nothing or only words of trade follow, since it is the brand then; so do regions and the
    country, which stand in front of brands rather than say where a firm is.

    Parameters
    ----------
    name
        As it is written.

    Returns
    -------
    str
        The name, or what follows its place.

    Examples
    --------
    >>> [without_place(name) for name in ("重庆市渝北区华数机器人", "佛山华数", "西安银行", "西南岚砺")]
    ['华数机器人', '华数', '西安银行', '西南岚砺']
    """
    for end in reversed(leading_places(name)):
        rest = name[end:]
        if len(rest) > 1 and not is_generic(rest):
            return rest if located(name[:end]).provinces else name
    return name


def _common_place(names: list[str]) -> list[str]:
    """Beginnings that so many names share that they must be places, the longest first."""
    least = max(_SHARED_BY, math.ceil(_SHARE * len(names)))
    counts = Counter(name[:n] for name in names for n in range(2, _LONGEST_PLACE + 1) if len(name) > n + 2)
    shared = [beginning for beginning, n in counts.items() if n >= least]
    # 沄州新 is shared as often as 沄州 only where nothing else begins with 沄州.
    return sorted(
        (b for b in shared if not any(c != b and b.startswith(c) and counts[c] > counts[b] for c in shared)),
        key=lambda b: (-len(b), b),
    )
