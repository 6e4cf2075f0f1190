"""Enterprises that a demand names: to be met, dealt with already, or excluded."""

from __future__ import annotations

import re
from typing import Final

# Words beside the name of an enterprise that the demand deals with already, and words that negate this.
_DEALS: Final = (
    "(?:给|除了?供?|跟|供){b}(?:那边)?(?:做|修|供|打|外|配|用|交|装|一直|合作)"
    "|{b}(?:那边)?(?:一直供着|一直用|用着|老客户|是老)"
)
_MORE: Final = re.compile("想把|再供|也一起|新品|新案|下一代")
_NOT_ASKED_OF: Final = re.compile(r"只(?:跑|做|有)|问过|做不了|不动|固定|听说|怕|抢|稳定")
_MARKS: Final = "，。；！？,;"
_CLAUSE: Final = re.compile(r"[^，。；！？,;]*")


def is_turned_away(brand: str, text: str) -> bool:
    """Whether a demand names an enterprise only to exclude it: 温驿只跑国内，问过了.

    Examples
    --------
    >>> is_turned_away("温驿", "温驿只跑国内，问过了"), is_turned_away("温驿", "想约见温驿")
    (True, False)
    """
    if not brand or brand not in text:
        return False
    at = text.index(brand)
    start = max(text.rfind(mark, 0, at) for mark in _MARKS) + 1
    clause = _CLAUSE.match(text, start)
    return clause is not None and bool(_NOT_ASKED_OF.search(clause[0]))


def how_named(brand: str, text: str) -> tuple[bool, bool]:
    """Whether a demand names an enterprise to be met, and whether as one that it deals with or excludes.

    Parameters
    ----------
    brand
        By which the enterprise is named; ``""`` where it has none of its own.
    text
        The demand.

    Returns
    -------
    tuple of bool
        Never both.

    Examples
    --------
    >>> [how_named("温驿", text) for text in ("想约见温驿", "一直给温驿做件", "想找一家")]
    [(True, False), (False, True), (False, False)]
    """
    is_named = bool(brand) and brand in text
    known = is_named and bool(re.search(_DEALS.format(b=re.escape(brand)), text)) and not _MORE.search(text)
    turned = is_turned_away(brand, text)
    return is_named and not known and not turned, known or turned
