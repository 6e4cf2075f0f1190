"""Personal data by the header of its column: 联系电话, 微信号, 护照号, 手机后四位."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING, Final

from liaison_analysis.privacy.kinds import Found
from liaison_analysis.privacy.readings import plain_reading

if TYPE_CHECKING:
    from collections.abc import Iterator

# Columns that count or describe phones, without phone numbers.
_COUNTS = re.compile(
    r"费|会议|次数|数量|产量|销量|产值|金额|型号|公众号|小程序|支付|性质|类型|状态|内容|网点|粉丝|密码|[数量率额]\Z"
    r"|\((?:万?[元台部个次条人张]|[亿万]元|%)\)\Z"
)
_FIRMS = re.compile(r"对公|公司|单位|企业|公户|基本户|税号")
# Public hotlines, and days without marks.
_NO_PHONE = re.compile(
    r"[48]00[\s-]?[0-9]{3}[\s-]?[0-9]{4}|1[0-2][0-9]{1,3}|20[0-9]{2}[01][0-9][0-3][0-9]|9[56][0-9]{3,4}"
)
_ALONE = r"(?<![0-9A-Za-z])", r"(?![0-9A-Za-z])"


def _alone(pattern: str) -> str:
    """Pattern without letters and digits on either side."""
    return f"{_ALONE[0]}(?:{pattern}){_ALONE[1]}"


_PHONE_NUMBER = (
    r"(?<![0-9A-Za-z])\+?(?:\(?[0-9]{2,4}\)?[\s-]{0,2})?[0-9](?:[\s.\-,/]?[0-9]){6,12}"
    r"(?:\s?(?:转|分机|ext\.?|[-#*(])\s?[0-9]{1,6}(?![0-9])\)?)?(?![0-9])"
)
_ENDS = r".*(?:[后末](?:[三四五六3-6]位|号|数)|尾[号数]?)"
_END = _alone("[0-9]{3,6}X?")
_CARD = r"(?<![0-9])(?:[A-Z]\s?)?[0-9](?:[\s.\-]?[0-9]){6,17}[\s.\-]?[0-9X×]?(?![0-9A-Za-z])"
# Lengths are bounded as in RFC 5321, so that long texts are searched fast.
_ADDRESS = (
    r"(?<![a-z0-9._%+\-])[a-z0-9][a-z0-9._%+\-]{0,63}\s?(?:@|#|\(at\)|\sat\s)\s?"
    r"[a-z0-9-]{1,63}(?:\s?\.\s?[a-z0-9-]{1,63}){0,7}"
)

#: What a column's header holds, the kind of its data, and how it is written; the first that fits counts.
COLUMNS: Final = tuple(
    (re.compile(header, re.IGNORECASE), kind, re.compile(written, re.IGNORECASE))
    for header, kind, written in (
        (rf"(?:身份证|证件){_ENDS}", "identity card", _END),
        (rf"(?:银行|卡|账|帐){_ENDS}", "bank card", _END),
        (rf"(?:手机|电话|号码){_ENDS}|\A[后末][四4]位\Z", "mobile", _END),
        (r"短号|分机", "landline", _alone("[0-9]{2,6}")),
        (r"身[份分][证證]|公民身份|id\s?card", "identity card", _CARD),
        (
            r"护照|passport|通行证|回乡证|台胞证|居留|军官证|士兵证|驾驶证|证件号|\A证号",
            "identity card",
            _alone(r"(?:[A-Z]\s?){0,3}[0-9](?:\s?[0-9]){5,17}X?"),
        ),
        (r"微\s?信|[薇威v]信|wechat|weixin|\Avx\Z", "WeChat", _alone("[a-z][a-z0-9_-]{4,19}|[0-9]{5,12}")),
        (r"qq|扣扣", "QQ", _alone(r"[1-9][0-9]{4,10}|[1-9](?:\s?[0-9]){4,10}")),
        (r"邮箱|电邮|邮件地址|e-?mail", "e-mail", _ADDRESS),
        (r"[账帐][号户]|卡号|银行卡", "bank card", _alone(r"[0-9](?:[\s-]?[0-9]){9,22}")),
        (
            r"电话|手机|座机|固话|联[系络](?:方式|人)|传真|热线|(?<![a-z])(?:tel|phone|mobile|fax|cell)",
            "landline",
            _PHONE_NUMBER,
        ),
        (r"车牌", "plate", r"[^\W\d_a-z]\s?[A-Z](?:[\s·.\-]?[A-Z0-9]){4,7}(?![A-Z0-9])"),
    )
)
_MOBILE = re.compile(r"(?:86)?1[3-9][0-9]{8,10}")


@lru_cache(maxsize=4_096)
def column_of(header: str) -> tuple[str, re.Pattern[str]] | None:
    """Kind of personal data that a column with this header holds, and how it is written; None for none.

    Examples
    --------
    >>> column_of("联系电话（必填）")[0], column_of("电话费（元）"), column_of("单位账号")
    ('landline', None, None)
    """
    plain = re.sub(r"\s+", "", plain_reading(header)[0])
    if _COUNTS.search(plain):
        return None
    bare = re.sub(r"\([^()]*\)", "", plain)
    for pattern, kind, written in COLUMNS:
        if pattern.search(bare):
            return None if kind == "bank card" and _FIRMS.search(bare) else (kind, written)
    return None


def find_in_column(plain: str, header: str) -> Iterator[Found]:
    """Personal data in a plain reading of a cell, by the header of its column.

    Examples
    --------
    >>> list(find_in_column("张经理 67891234转801", "办公电话"))
    [Found(start=4, end=16, kind='landline')]
    >>> list(find_in_column("400-810-6666", "联系电话"))
    []
    """
    column = column_of(header)
    if column is None:
        return
    kind, written = column
    for match in written.finditer(plain):
        digits = re.sub(r"[^0-9]", "", match[0])
        if kind == "landline" and written.pattern == _PHONE_NUMBER:
            if _NO_PHONE.fullmatch(match[0].strip()) or len(digits) < 7:
                continue
            yield Found(*match.span(), "mobile" if _MOBILE.fullmatch(digits) else kind)
        elif kind == "WeChat" and re.fullmatch(r"1[3-9][0-9]{9}", match[0]):
            yield Found(*match.span(), "mobile")
        else:
            yield Found(*match.span(), kind)
