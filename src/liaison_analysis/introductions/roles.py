"""Roles of a counterpart: which intent asks for one, who can fill it, which side supplies."""

from __future__ import annotations

import re
from typing import Final

#: Roles a counterpart can have, and the intent of a demand that asks for one.
ROLES: Final[dict[str, str]] = {
    "customer": "customer",
    "supplier": "supplier",
    "financier": "finance",
    "tester": "test",
    "research partner": "research",
}

BACK: Final = {"customer": "supplier", "supplier": "customer"}

# Who can serve in a role: by category, or by a service it offers whose name says so.
SERVES: Final = {
    "financier": ("金融机构", re.compile("授信|租赁|保理|供应链金融|融资|保险")),
    "tester": ("检测机构", re.compile("检测|认证|校准|(?<!临床)试验|测评|(?<!封装)测试")),
    "research partner": ("科研院所", re.compile("研发|临床试验服务")),
}

PAIR: Final = ["seeker_id", "counterpart_id"]


def sides(role: str) -> list[str]:
    """Columns of the supplying and the receiving side.

    Examples
    --------
    >>> sides("customer")
    ['seeker_id', 'counterpart_id']
    """
    return PAIR if role == "customer" else PAIR[::-1]
