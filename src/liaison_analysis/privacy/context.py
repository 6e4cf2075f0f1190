"""Whether a number is personal data, by the words, punctuation and units beside it."""

from __future__ import annotations

import re
from typing import Final

#: Where an identity number may begin: the codes of provinces.
PROVINCE: Final = r"(?:1[1-5]|2[1-3]|3[1-7]|4[1-6]|5[0-4]|6[1-5]|71|8[1-3])"
_CODED = re.compile(
    r"(?:单|编|合同|流水|批|[型货料图柜箱炉]|序列?|注册|[发凭]票|凭证|档案|登记|备案|专利|文|[部零工]件|案件?|设备|模具|产品|资产|项目|受理|许可|[招投]标|车架|发动机)"
    r"(?:号码?|编号|代码)(?:\([A-Z/]{1,4}\))?[\W_为是]{0,3}[A-Z]{0,3}\Z"
    r"|(?:[订运工提购货]单|发票|合同|批次|专利|代码|型号)[\W_为是]{0,3}\Z|(?<![A-Za-z])[SP]/?N[\W_]{0,2}\Z"
)
_PHONE_WORD = re.compile(
    r"(?:电话(?!费|会)|手机(?!产|销|型|费)|联系|致电|来电|回电|拨打?|短信|微信|热线|号码|tel|mobile|phone|mob|cell|call)[^0-9]{0,5}\Z",
    re.IGNORECASE,
)
_MONEY = re.compile(
    r"(?:[¥$€£]|人民币|RMB|CNY|USD|[金总余税款]额|额度|合同额|产值|营收|收入|利润|资本|预算|总价|价款|[销产用订存库总][单货]?量[从由]?|[年月日]产|产能)"
    r"(?:\((?:[万亿]?[美欧日港]?元|[^\W0-9A-Za-z]{1,2})\))?[\W_约为是达共计]{0,3}\Z"
)
_UNIT = re.compile(
    r"\s?(?:元(?![旦宵月器素老总])|[美欧日港]元|人民币|[万亿]元|升|吨|公斤|千克|千瓦|k?wh?(?![a-z])|kva|[mck]?m(?![a-z])|kg|k?hz|度电?|平方|立方|㎡|m2|[件颗粒枚根]|[套只米](?![^\W0-9A-Za-z])|台(?![湾灣]))",
    re.IGNORECASE,
)
_LETTERS_BEFORE = re.compile(r"([A-Za-z]+)[-_#.]?\Z")
_CONTACT_LETTERS = re.compile(
    r"(?:tel|mobile|phone|mob|cell|call|dial|ph|fax|wx|vx|qq|wechat|dh|sj|sjh|lxdh|^[mtpv])\Z", re.IGNORECASE
)
# The most frequent surnames in Latin letters: 刘 and not a part number, though in capitals.
_SURNAMES = re.compile(
    "LI|WANG|ZHANG|LIU|CHEN|YANG|ZHAO|HUANG|ZHOU|WU|XU|SUN|MA|ZHU|HU|GUO|HE|LIN|GAO|LUO|ZHENG|LIANG|XIE|"
    "TANG|DENG|XIAO|FENG|ZENG|PENG|YUAN|DONG|PAN|CAI|JIANG|YU|DU|YE|CHENG|WEI|SU|LU|DING|REN|YAO|FANG|TAN"
)
# The first character may end another word: 最新, 里云, 辽宁, 四川.
_PLACES_IN_WORDS: Final = {
    "新": "最创更全翻崭革",
    "云": "里腾华上",
    "宁": "辽南西",
    "川": "四",
    "京": "北南东",
}
_NO_PLATE = re.compile(r"\s?(?:型|系列|款|地块|栋|号楼|级|规格)")
# Registrar and type, district, organisation code, check digit: a person's number rarely has this shape.
_FIRM_SHAPE = re.compile(rf"(?:1[1239]|[2-8][1-9]){PROVINCE}[0-9]{{14}}")
_FIRM_ALPHABET: Final = "0123456789ABCDEFGHJKLMNPQRTUWXY"
# Words before or after the number of an account by which it is a firm's own.
_FIRM_ACCOUNT = re.compile(
    r"(?:对公|公户|基本户|一般户)[^0-9。;；]{0,10}\Z"
    # No person between the firm and its account: 公司员工某某的账号 is a person's.
    r"|(?:单位|企业|公司|本司|我司)(?:的|银行|收款|结算|开户){0,2}[账帐]?[户号](?:号码?)?[\W_为是]{0,4}\Z"
)
_FIRM_HOLDER = re.compile(
    r"[^0-9。;；]{0,3}(?:对公|公司|单位|企业)户|[^0-9。;；]{0,6}户名[^0-9。;；]{0,30}(?:公司|厂|中心|集团|研究院)"
)
# Personal documents that bear the number of the identity card, some with a letter before it.
_PERSONS_PAPER = re.compile(
    r"(?:身份|操作|上岗|资格|驾驶|从业|居住|工作|职称)证[书件]?编?号?码?[\W_为是]{0,3}[A-Z]{0,2}\Z"
)
# What the register of special equipment (lifts, vessels, cranes) puts before place and number.
_EQUIPMENT = re.compile(r"[锅容管梯起索游车][0-9]{2}\Z")


def is_coded(plain: str, start: int) -> bool:
    """Whether the words before a number show that it identifies a thing: an order, a part, a document.

    Parameters
    ----------
    plain
        A plain reading of the text (``privacy.readings``).
    start
        Place of the number's first digit.

    Examples
    --------
    >>> is_coded("订单号13812345678", 3), is_coded("身份证号13812345678", 4)
    (True, False)
    """
    before = plain[max(0, start - 12) : start]
    if _PERSONS_PAPER.search(before):
        return False
    letters = re.search(r"[A-Z]+-?\Z", before)
    return bool(_CODED.search(before)) or (letters is not None and letters[0] not in {"ID", "SFZ", "NO"})


def has_unit(plain: str, end: int) -> bool:
    """Whether a unit follows a number that ends before ``end``.

    Examples
    --------
    >>> has_unit("13812345678元", 11), has_unit("13812345678元老", 11)
    (True, False)
    """
    return bool(_UNIT.match(plain, end))


def is_amount(plain: str, start: int, end: int) -> bool:
    """Whether words before a number or a unit behind it show that it counts something.

    Examples
    --------
    >>> is_amount("产值13812345678", 2, 13), is_amount("找13812345678", 1, 12)
    (True, False)
    """
    return bool(_MONEY.search(plain[max(0, start - 16) : start])) or has_unit(plain, end)


def is_mobile(plain: str, start: int, end: int) -> bool:
    """Whether a match is a mobile number, not an amount, decimal, serial or model number.

    Examples
    --------
    >>> is_mobile("找13812345678", 1, 12), is_mobile("产值13812345678", 2, 13)
    (True, False)
    """
    before, after = plain[max(0, start - 16) : start], plain[end : end + 8]
    if _CODED.search(before):
        return False
    letters = _LETTERS_BEFORE.search(before)
    # A name in Latin letters is not written in capitals alone, a model number is.
    coded = letters is not None and (len(letters[1]) == 1 or letters[1].isupper())
    coded = coded and letters is not None and not _SURNAMES.fullmatch(letters[1])
    if letters and coded and not _CONTACT_LETTERS.search(letters[1]):
        return False
    if _PHONE_WORD.search(before):
        return True
    decimal = re.fullmatch(r"\s*[-+]?[0-9]\.", before) and not after.strip()
    if after.startswith("型") or decimal or re.fullmatch(r"[^.]+\.[^.]{2,}", plain[start:end]):
        return False
    if re.search(r"[0-9]-\Z", before) or re.match(r"-[A-Z]", after):
        return False
    if re.match(r"[A-Za-z]+型|(?!VX|WX|QQ|TEL|MR|MS)[A-Z]{2}", after):
        return False
    if after.startswith("号") and (before.endswith("第") or after[1:2] in tuple("柜库仓机线炉楼门车")):
        return False
    return not (re.match(r"\.[0-9]{1,4}(?![0-9])", after) or _MONEY.search(before) or _UNIT.match(after))


def is_firms_account(plain: str, start: int, end: int) -> bool:
    """Whether words show that an account belongs to a firm, and is therefore not personal data.

    Examples
    --------
    >>> is_firms_account("对公账号3100025809200012345", 4, 23)
    True
    """
    return bool(_FIRM_ACCOUNT.search(plain[max(0, start - 16) : start]) or _FIRM_HOLDER.match(plain, end))


def is_plate(plain: str, match: re.Match[str]) -> bool:
    """Whether a match is a plate, not a model name after a word, or the number of a thing."""
    before = plain[max(0, match.start() - 12) : match.start()]
    if _CODED.search(before) or _EQUIPMENT.search(before):
        return False
    if plain[match.start() - 1 : match.start()] in tuple(_PLACES_IN_WORDS.get(match["place"], "")):
        return False
    if _NO_PLATE.match(plain, match.end()):
        return False
    return len(re.findall(r"[0-9]", match["body"])) > 1


def is_firm_code(written: str) -> bool:
    """Whether a firm's check digit (GB 32100-2015) is right and a person's (GB 11643-1999) is wrong.

    Examples
    --------
    >>> is_firm_code("125001198504120030"), is_firm_code("125001198504120031")
    (True, False)
    """
    digits = written.upper()
    if not _FIRM_SHAPE.fullmatch(digits):
        return False
    values = [_FIRM_ALPHABET.index(c) for c in digits]
    firm = sum(value * int(3**i) for i, value in enumerate(values[:17])) % 31
    person = sum(value << (17 - i) for i, value in enumerate(values[:17])) % 11
    return (values[17] + firm) % 31 == 0 and digits[17] != "10X98765432"[person]
