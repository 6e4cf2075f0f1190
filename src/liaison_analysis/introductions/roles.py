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

#: The role that the seeker of a trade has in its counterpart's eyes; servers have none.
COMPLEMENT: Final = {"customer": "supplier", "supplier": "customer"}

#: Roles of those who serve: the category of enterprises that do, and the words by which a service that is
#: offered is known as one of them.
SERVICE_ROLES: Final = {
    "financier": ("金融机构", re.compile("授信|租赁|保理|供应链金融|融资|保险")),
    "tester": ("检测机构", re.compile("检测|认证|校准|(?<!临床)试验|测评|(?<!封装)测试")),
    "research partner": ("科研院所", re.compile("研发|临床试验服务")),
}

PAIR: Final = ["seeker_id", "counterpart_id"]

#: What a counterpart in a role is called, by language. A guest without a role is there as a seeker.
ROLE_NAMES: Final = {
    "zh": {
        "customer": "客户",
        "supplier": "供应商",
        "financier": "金融机构",
        "tester": "检测机构",
        "research partner": "科研伙伴",
        "seeker": "需求方",
    },
    "en": {
        "customer": "customer",
        "supplier": "supplier",
        "financier": "financier",
        "tester": "tester",
        "research partner": "research partner",
        "seeker": "seeker",
    },
}

#: What is asked of those who serve, by language.
SERVICE_NAMES: Final = {
    "zh": {"financier": "融资", "tester": "检测认证", "research partner": "科研合作"},
    "en": {"financier": "finance", "tester": "testing", "research partner": "research"},
}


def sides(role: str) -> list[str]:
    """Columns of the supplying and the receiving side.

    Examples
    --------
    >>> sides("customer")
    ['seeker_id', 'counterpart_id']
    """
    return PAIR if role == "customer" else PAIR[::-1]
