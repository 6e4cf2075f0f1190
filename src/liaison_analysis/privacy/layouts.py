"""Mobile numbers in unusual layouts: other punctuation, other groups, as a decimal number."""

from __future__ import annotations

import re
from itertools import pairwise
from typing import TYPE_CHECKING, Final

from liaison_analysis.privacy.context import has_unit, is_amount, is_coded, is_mobile
from liaison_analysis.privacy.kinds import Found

if TYPE_CHECKING:
    from collections.abc import Iterator

# Three groups of the usual sizes with a mark of lists between them: 139，8341，2226.
_MARKED = re.compile(
    r"(?<![0-9])(?<![0-9][,、/_])1[3-9][0-9](?P<mark>\s?[,、/_]\s?)[0-9]{4}(?P=mark)[0-9]{4}(?!(?P=mark)?[0-9])"
)
# Groups of any size with blanks or hyphens between them: 13 98 34 12 23 4, 139-834-122-35.
_GROUPED = re.compile(
    r"(?<![0-9])(?<![0-9][\s.,-])(?:(?:\+|00)?86[\s-])?1[3-9][0-9]{0,3}(?P<mark>[\s-])[0-9]{1,5}"
    r"(?:(?P=mark)[0-9]{1,5}){1,5}(?!(?P=mark)?[0-9])(?![0-9.,][0-9])"
)
_DIGITS: Final = 11
# What Excel makes of it: eleven digits with the exponent 10, the last ones perhaps rounded off.
_DECIMAL = re.compile(r"(?<![0-9.])1\.[3-9][0-9]{4,9}e\+?10(?![0-9])", re.IGNORECASE)
# Behind a word for a phone the groups may have any marks, and a digit may be missing or too many.
_LABELLED = re.compile(
    r"(?:电话(?!费|会|卡|线路|亭)|手机(?!产|型|销|壳|屏)|号码|(?<![a-z])(?:tel|mobile|phone))[^0-9A-Za-z]{0,4}"
    r"(1[3-9](?:[\s.\-,、/_]{0,2}[0-9]){8,10})(?![0-9])",
    re.IGNORECASE,
)
_YEAR = re.compile(r"(?:19|20)[0-9]{2}")


# A cheap test that most texts fail: a mark within the first digits, or a word for a phone.
_HINT = re.compile(r"1[3-9]?[0-9]{0,3}[\s.,、/_-]|电话|手机|号码|tel|mobile|phone", re.IGNORECASE)


def find_laid_out(plain: str) -> Iterator[Found]:
    """Mobile numbers in a plain reading of a text; places may overlap.

    Examples
    --------
    >>> [one[:2] for one in find_laid_out("打13 98 34 12 23 4找王工")]
    [(1, 17)]
    >>> list(find_laid_out("15 30 45 60 75 9"))
    []
    """
    if not _HINT.search(plain):
        return
    for match in _MARKED.finditer(plain):
        if is_mobile(plain, *match.span()):
            yield Found(*match.span(), "mobile")
    for match in _GROUPED.finditer(plain):
        if _is_grouped(match) and is_mobile(plain, *match.span()):
            yield Found(*match.span(), "mobile")
    for match in _DECIMAL.finditer(plain):
        if not (is_amount(plain, *match.span()) or is_coded(plain, match.start())):
            yield Found(*match.span(), "mobile")
    for match in _LABELLED.finditer(plain):
        if not has_unit(plain, match.end()):
            yield Found(*match.span(1), "mobile")


def _is_grouped(match: re.Match[str]) -> bool:
    """Whether groups are those of one number: eleven digits, no year, and no series that counts up."""
    groups = re.split(r"[\s-]", match[0])
    if groups[0].lstrip("+0") == "86":
        groups = groups[1:]
    if sum(map(len, groups)) != _DIGITS or any(map(_YEAR.fullmatch, groups)):
        return False
    values = [int(group) for group in groups if len(group) > 1]
    return not all(a < b for a, b in pairwise(values)) or len(groups) <= 4
