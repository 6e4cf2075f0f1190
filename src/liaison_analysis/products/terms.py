"""Normalised spelling of words for products, and words that do not change a product's name."""

from __future__ import annotations

import csv
import re
import unicodedata
from functools import cache
from importlib.resources import files
from typing import Final

#: Characters between the parts of a name that people write or leave out.
_JOINTS: Final = re.compile(r"[\s\-‐‑‒–—_·•.、()（）\[\]【】“”\"'《》]+")

#: Endings that name the same goods only where these are materials, and only where they are machines: PEEK材料
#: is PEEK, and 光伏材料 is not 光伏. Divisions of GB/T 4754 of either.
MATERIAL_ENDINGS: Final = ("材料", "原料", "原材料")
MACHINE_ENDINGS: Final = ("设备", "装置", "机械", "装备", "整机", "机")
MATERIAL_DIVISIONS: Final = frozenset(
    ("06", "07", "08", "09", "10", "13", "17", "20", "22", "25", "26", "28", "29", "30", "31", "32")
)
MACHINE_DIVISIONS: Final = frozenset(("34", "35"))

#: Shortest form that can name a product, in characters.
_SHORTEST: Final = 2


@cache
def affixes(kind: str) -> tuple[str, ...]:
    """Words of one kind of ``affixes.csv``.

    Parameters
    ----------
    kind
        ``trade ending``: stands behind a product's name where a trade or an activity is meant (行业, 制造);
        ``prefix``: stands before a name and names no other product (国产); ``register phrase``: in every
        business scope (技术服务); ``no head``: names no kind of goods at the end of a compound (工具);
        ``everyday word``: a word for a product that means no goods in a text (设计). All by judgement.

    Raises
    ------
    KeyError
        Another kind.

    Examples
    --------
    >>> "行业" in affixes("trade ending"), "国产" in affixes("prefix")
    (True, True)
    """
    text = files("liaison_analysis.products").joinpath("affixes.csv").read_text("utf-8")
    return {row["kind"]: tuple(row["words"].split()) for row in csv.DictReader(text.splitlines())}[kind]


def fold_term(term: str) -> str:
    """Normalise a term for comparison: NFKC, lower case, without spaces, hyphens, dots and brackets.

    Parameters
    ----------
    term
        As it is written.

    Returns
    -------
    str
        Equal for terms that differ in spelling alone.

    Examples
    --------
    >>> {fold_term(term) for term in ("RV减速器", "ＲＶ减速器", "rv减速器", "RV 减速器", "RV-减速器")}
    {'rv减速器'}
    """
    bare = _JOINTS.sub("", unicodedata.normalize("NFKC", term).lower())
    return unicodedata.normalize("NFKC", bare)  # what stood apart may join now


def without_trade_words(folded: str) -> list[str]:
    """Shorter forms of a folded term without words for its trade, those that keep most first.

    Examples
    --------
    >>> without_trade_words("国产机器人市场")
    ['国产机器人', '机器人市场', '机器人']
    >>> without_trade_words("行业")
    []
    """
    forms, layer = {folded}, {folded}
    endings, prefixes = affixes("trade ending"), affixes("prefix")
    while layer:
        shorter = {form.removesuffix(end) for form in layer for end in endings if form.endswith(end)}
        shorter |= {
            form.removeprefix(start) for form in layer for start in prefixes if form.startswith(start)
        }
        layer = {form for form in shorter if len(form) >= _SHORTEST} - forms
        forms |= layer
    return sorted(forms - {folded}, key=lambda form: (-len(form), form))
