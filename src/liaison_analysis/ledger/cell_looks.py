"""What names of enterprises and departments, requests and ditto marks look like in the cells of a ledger."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Collection

#: Number of cells by which the content of a column is judged; judgement.
SAMPLED: Final = 200
#: Endings of Chinese names of enterprises and institutions.
FIRM_ENDS: Final = (
    r"(?:公司|集团|厂|店|中心|合作社|研究院|研究所|银行|支行|分行|学院|大学|医院|事务所|协会|经营部|商行)"
)
#: How names of enterprises and institutions end, in Chinese with a place in brackets, or in English.
FIRM_NAME: Final = re.compile(
    rf"{FIRM_ENDS}(?:[(（].*[)）])?$|(?:Ltd|Limited|Inc|GmbH|LLC|Corp|Corporation|Company|PLC)\.?$"
)
#: How names of departments end, where they are known to be such.
BUREAU: Final = re.compile(r"(局|委|办|部|处|科|所|队|公司|中心|管委会|办公室|街道)$")
#: The same for a column or heading that says nothing more: firms and teams may be anything there.
OFFICE_NAME: Final = re.compile(
    r"(局|委|办|部|处|科|管委会|办公室|街道|海关|支队|大队|总队|供电公司|水务公司|燃气公司|热力公司|公交公司)$"
)
#: Words of a request.
REQUEST: Final = re.compile(r"希望|请|建议|协调|解决|申请|需要|困难|不足|问题|诉求|不够|缺|难|能否|求")
# Words and marks that repeat the cell above.
_SAME_WORDS: Final = frozenset(
    word + end
    for word in ("同上", "同上一条", "同上条", "同前", "同上述", "同上行", "〃", "″", '"', "''", "”")
    for end in ("", "。", ".")
)


def has_ditto(cells: Collection[str]) -> bool:
    """Whether one of many cells may be a ditto mark; many times faster than asking each.

    Examples
    --------
    >>> has_ditto(["甲部", "同上"]), has_ditto(["甲部", "乙部"])
    (True, False)
    """
    return not _SAME_WORDS.isdisjoint(cells)


def is_ditto(written: str) -> bool:
    """Whether a cell says that it repeats the one above.

    Examples
    --------
    >>> is_ditto("同上"), is_ditto("〃"), is_ditto("同上海公司对接")
    (True, True, False)
    """
    return written.strip() in _SAME_WORDS
