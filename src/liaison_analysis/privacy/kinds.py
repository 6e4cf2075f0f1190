"""Kinds of personal data, and the words that replace them."""

from __future__ import annotations

from typing import Final, NamedTuple

#: Kinds of personal data, and the word that replaces them in a text.
MASKS: Final[dict[str, str]] = {
    "e-mail": "[邮箱]",
    "identity card": "[身份证号]",
    "bank card": "[银行卡号]",
    "mobile": "[手机号]",
    "landline": "[固定电话]",
    "plate": "[车牌号]",
    "WeChat": "[微信号]",
    "QQ": "[QQ号]",
}


class Found(NamedTuple):
    """Place and kind of personal data in a text."""

    start: int
    end: int
    kind: str
