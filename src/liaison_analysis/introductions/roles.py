"""Roles of a counterpart: which intent asks for one, who can fill it, which side supplies."""

from __future__ import annotations

import re
from typing import Final

import pandas as pd

#: Roles a counterpart can have, and the intent of a demand that asks for one.
ROLES: Final[dict[str, str]] = {
    "customer": "customer",
    "supplier": "supplier",
    "financier": "finance",
    "tester": "test",
    "research partner": "research",
}

#: Role of the seeker from the counterpart's side; for servers there is none.
COMPLEMENT: Final = {"customer": "supplier", "supplier": "customer"}

#: Roles of servers: the category of the enterprises, and the words by which an offered service is recognised.
SERVICE_ROLES: Final = {
    "financier": ("金融机构", re.compile("授信|租赁|保理|供应链金融|融资|保险")),
    "tester": ("检测机构", re.compile("检测|认证|校准|(?<!临床)试验|测评|(?<!封装)测试")),
    "research partner": ("科研院所", re.compile("研发|临床试验服务")),
}

# Names by which servers are recognised where their category is not given.
_SERVERS_BY_NAME: Final = {
    "financier": re.compile("银行|融资租赁|金融租赁|担保|小额贷款|保理|保险|信托|信用社|农商行|基金管理"),
    "tester": re.compile(
        "(?:检测|检验|计量|认证|质检|校准)(?:测试)?(?:技术|服务|认证)*(?:服务)?(?:有限公司|中心|院|所|站)"
    ),
    "research partner": re.compile("研究院|研究所|大学|学院|实验室|科学院|研究中心|设计院"),
}

#: How a counterpart answers a request: it makes the thing, something like it, or is named; as a customer it
#: likely uses the thing, needs it for its products, may use it, buys it, takes left-overs, or is whom the
#: demand describes; it has such left-overs (``leaves``), collects waste, lends for such a need, or asks for
#: the thing or such a service itself; as a supplier it offers the thing in a demand of its own. Empty where
#: the match is an offer in the ledger.
MATCHES: Final = (
    "same", "like", "named", "uses", "feeds", "may use", "buys", "takes", "leaves", "target", "collects",
    "lends", "asks", "offers", "",
)  # fmt: skip

#: Matches of which the reason says that they are to be asked about: neither side is said to want the other.
UNSURE: Final = ("like", "uses", "feeds", "may use", "leaves")

PAIR: Final = ["seeker_id", "counterpart_id"]

#: Name of each role, by language. A guest without a role is a seeker.
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


def serving_roles(enterprises: pd.DataFrame) -> pd.Series:
    """Role in which each enterprise serves others, by its category, or else by its name; empty for others.

    Parameters
    ----------
    enterprises
        Columns enterprise_id, name and category.

    Examples
    --------
    >>> import pandas as pd
    >>> firms = pd.DataFrame({"enterprise_id": ["A", "B", "C"], "category": ["检测机构", None, None],
    ...     "name": ["云山质检中心", "云山农商银行", "云山检测设备有限公司"]})
    >>> serving_roles(firms).tolist()
    ['tester', 'financier', '']
    """
    by_category = {category: role for role, (category, _) in SERVICE_ROLES.items()}
    roles = enterprises["category"].map(by_category)
    names = enterprises["name"].astype("object").fillna("").astype("str")
    for role, pattern in _SERVERS_BY_NAME.items():
        roles = roles.where(roles.notna() | ~names.str.contains(pattern), role)
    filled = roles.astype("object").fillna("")
    return filled.set_axis(pd.Index(enterprises["enterprise_id"]), axis=0)
