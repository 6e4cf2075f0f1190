"""Where personal data stands in a text: phones, identity cards, bank cards, e-mail, plates, WeChat and QQ.

No open recogniser covers mainland China, and patterns do. They run on a plain reading of the text (NFKC,
invisible characters left out, digits of every script as 0–9, and once more with Chinese numerals as digits),
and tell where in the text as it was written the finds begin and end. A pattern decides, never a checksum
alone: a number with a typing error is somebody's number too. The words and units beside a number tell
amounts, serial numbers and model numbers apart.

Not personal: public hotlines (five digits, 400 and 800 numbers) and codes of firms (GB 32100-2015). Names of
persons are not looked for.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from typing import TYPE_CHECKING, Final, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

#: Kinds of personal data, and what stands in the text in their place.
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

_NUMERALS = str.maketrans("〇零一二三四五六七八九幺壹贰叁肆伍陆柒捌玖两", "0012345678911234567892")
_NUMERAL = "〇零一二三四五六七八九幺壹贰叁肆伍陆柒捌玖两"
# Marks between digits that no reader would take for the end of a number.
_GAP = r"[\s.\-_·]{0,2}"
_ONE_GAP = r"[\s.\-·]?"

# The cheap question that most texts answer with no: seven digits of any kind with no word between them, or a
# sign of something else.
_DIGIT_LIKE = rf"[\d{_NUMERAL}²³¹⁰-⁹₀-₉①-⒛⓪-⓿❶-➓㈠-㈩㊀-㊉\U0001F100-\U0001F10A]"
_ROW = re.compile(rf"(?:{_DIGIT_LIKE}(?:[^\w]|_){{0,6}}){{7}}")
_PROVINCES = "京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼使"
_HINT = re.compile(
    r"[@＠﹫\u00ad\u0300-\u036f\u115f\u1160\u200b-\u200f\u2060-\u2064\u20d0-\u20ff\u3164\ufe00-\ufe0f\ufeff\uffa0Ａ-Ｚａ-ｚ]"
    r"|微信|[薇威vV]信|扣扣|加[我个]?\s?[qQvV]|[qQ] ?[qQ:：]|[wWvV][xX]|[wW]e[iCc]|WE[IC]"
    r"|[(（\[【{<](?:at|AT|At)|\sat\s"
    rf"|[{_PROVINCES}]\W?[A-Za-z]"
)


# A mask with its number is short; one with a long number is somebody's try to hide it.
_MASKED = re.compile(r"\[(?:" + "|".join(mask[1:-1] for mask in MASKS.values()) + r")(?: [0-9]{1,6})?\]")


class Found(NamedTuple):
    """Where personal data stands in a text, and of what kind it is."""

    start: int
    end: int
    kind: str


def find_personal_data(text: str) -> list[Found]:
    """Places of personal data in a text, in order, none overlapping.

    Examples
    --------
    >>> find_personal_data("王工 tel138 1234 5678,预算13812345678.00元")
    [Found(start=6, end=19, kind='mobile')]
    """
    if not (_ROW.search(text) or _HINT.search(text)):
        return []
    plain, at = _plain(text)
    # What is masked already is no word that tells a number.
    plain = _MASKED.sub(lambda mask: "\ue000" * len(mask[0]), plain)
    found = list(_find(plain))
    spoken = _spoken_digits(plain)
    if spoken != plain:
        found += _find(spoken)
    order = {kind: i for i, kind in enumerate(MASKS)}
    merged: list[Found] = []
    for start, end, kind in sorted(found):
        if merged and start < merged[-1].end:
            last = merged[-1]
            first = min(last.kind, kind, key=order.__getitem__)
            merged[-1] = Found(last.start, max(last.end, end), first)
        else:
            merged.append(Found(start, end, kind))
    return [Found(at[start], at[end - 1] + 1, kind) for start, end, kind in merged]


def _plain(text: str) -> tuple[str, Sequence[int]]:
    """Give a plain reading of a text, and for each of its characters the place in the text."""
    if text.isascii() and text.isprintable():
        return text, range(len(text))
    plain, at = [], []
    for i, character in enumerate(text):
        for one in _plain_character(character):
            plain.append(one)
            at.append(i)
    return "".join(plain), at


@lru_cache(maxsize=20_000)
def _plain_character(character: str) -> str:
    category = unicodedata.category(character)
    if character in "\t\n\r":
        return "\n"
    if category in {"Cf", "Cc", "Mn", "Me"} or character in "\u2800\u3164\uffa0\u115f\u1160":
        return ""  # invisible, or written over another character
    if category == "Pd" or character == "−":
        return "-"
    if character in "·•・‧∙⋅﹒":
        return "·"
    digit = unicodedata.digit(character, None)
    plain = unicodedata.normalize("NFKC", character)
    if digit is not None and not plain.isascii():
        return str(digit)
    return "".join("" if unicodedata.category(c) in {"Mn", "Me"} else c for c in plain)


_SPOKEN = re.compile(rf"[0-9{_NUMERAL}](?:[\s.\-·、,]?[0-9{_NUMERAL}]){{6,}}")


def _spoken_digits(plain: str) -> str:
    """Text with its long rows of Chinese numerals as digits, of the same length."""
    return _SPOKEN.sub(lambda row: row[0].translate(_NUMERALS), plain)


def _find(plain: str) -> Iterator[Found]:
    """Personal data in a plain text; what is found may overlap."""
    if _HINT.search(plain):
        yield from _find_names(plain)
    if _ROW.search(plain):
        yield from _find_cards(plain)
        yield from _find_phones(plain)


def _find_names(plain: str) -> Iterator[Found]:
    """Addresses, plates and accounts, which hold letters or come after a word."""
    for match in _EMAIL.finditer(plain):
        yield Found(*match.span(), "e-mail")
    for match in _PLATE.finditer(plain):
        if _is_plate(plain, match):
            yield Found(*match.span(), "plate")
    for match in _WECHAT_ID.finditer(plain):
        yield Found(*match.span(), "WeChat")
    for match in _WECHAT.finditer(plain):
        name = match["name"]
        told = match["told"] or match["mark"]
        if name.lower() not in _NO_NAMES and (told or re.search(r"[0-9_]", name)):
            yield Found(*match.span("name"), "WeChat")
    for match in _QQ.finditer(plain):
        if not _UNIT.match(plain, match.end()):
            yield Found(*match.span(1), "QQ")


def _find_cards(plain: str) -> Iterator[Found]:
    for match in _IDENTITY.finditer(plain):
        if not (_is_coded(plain, match.start()) or _is_firm_code(match[0])):
            yield Found(*match.span(), "identity card")
    for match in _OLD_IDENTITY.finditer(plain):
        if "身份证" in plain[max(0, match.start() - 12) : match.end() + 12]:
            yield Found(*match.span(), "identity card")
    for pattern in (_BANK, _BANK_GROUPS):
        for match in pattern.finditer(plain):
            if not _is_coded(plain, match.start()):
                yield Found(*match.span(), "bank card")
    for pattern, kind in ((_TOLD_IDENTITY, "identity card"), (_TOLD_BANK, "bank card")):
        for match in pattern.finditer(plain):
            yield Found(*match.span(1), kind)
    yield from _find_shortened(plain)


def _find_shortened(plain: str) -> Iterator[Found]:
    for match in _SHORTENED.finditer(plain):
        digits = match[0].replace(".", "")
        if _IDENTITY.match(digits.ljust(18, "0")):
            yield Found(*match.span(), "identity card")
        elif _BANK.match(digits.ljust(16, "0")):
            yield Found(*match.span(), "bank card")


def _find_phones(plain: str) -> Iterator[Found]:
    for pattern in (_MOBILE, _MOBILE_IN_BRACKETS, _MOBILE_ABROAD):
        for match in pattern.finditer(plain):
            if _is_mobile(plain, *match.span()):
                yield Found(*match.span(), "mobile")
    lists = []
    for match in _LANDLINE.finditer(plain):
        if not _is_coded(plain, match.start()) and not _UNIT.match(plain, match.end()):
            yield Found(*match.span(), "landline")
            lists.append(_MORE_LANDLINES.match(plain, match.end()))
    for told in [*_TOLD_LANDLINES.finditer(plain), *(one for one in lists if one)]:
        for match in _LOCAL.finditer(plain, *told.span(1)):
            if not _UNIT.match(plain, match.end()):
                yield Found(*match.span(), "landline")


_DOT = r"(?:[.。]|\sdot\s|\s?[(\[{<]dot[)\]}>]\s?)"
_EMAIL = re.compile(
    r"[A-Z0-9][A-Z0-9._%+\-#&'*/=?!]{0,63}(?:\s?@\s?|\s?[(\[{<]at[)\]}>]\s?|\sat\s(?=(?:qq|163|126|gmail|outlook|foxmail)\b))"
    # Parts of an address have at most 64 characters (RFC 5321), and a bound keeps long texts fast.
    rf"[A-Z0-9-]{{1,63}}(?:{_DOT}[A-Z0-9-]{{1,63}}){{0,7}}{_DOT}[A-Z]{{2,63}}",
    re.IGNORECASE,
)


def _spaced(*digits: str) -> str:
    return _ONE_GAP.join(digits)


_NINE = "[0-9]"
_PROVINCE = r"(?:1[1-5]|2[1-3]|3[1-7]|4[1-6]|5[0-4]|6[1-5]|71|8[1-3])"
_IDENTITY = re.compile(
    r"(?<![0-9])(?<![0-9]\.)"
    + _PROVINCE
    + _ONE_GAP
    + _spaced(*[_NINE] * 4)
    + _ONE_GAP
    + f"(?:1{_ONE_GAP}[89]|2{_ONE_GAP}0){_ONE_GAP}{_spaced(_NINE, _NINE)}{_ONE_GAP}"
    + f"(?:0{_ONE_GAP}[1-9]|1{_ONE_GAP}[0-2]){_ONE_GAP}"
    + f"(?:0{_ONE_GAP}[1-9]|[12]{_ONE_GAP}[0-9]|3{_ONE_GAP}[01]){_ONE_GAP}"
    + _spaced(*[_NINE] * 3)
    + _ONE_GAP
    + r"[0-9Xx×](?![0-9A-WYZa-wyz])"
)
_TOLD_IDENTITY = re.compile(
    r"身份证(?:件)?(?:号码?|编号)?\s{0,2}[::是为]?\s{0,2}((?:[0-9][\s\-]?){14,17}[0-9Xx×])(?![0-9A-Za-z])"
)
_OLD_IDENTITY = re.compile(
    r"(?<![0-9A-Za-z])[1-8][0-9]{5}\s?[0-9]{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12][0-9]|3[01])\s?[0-9]{3}(?![0-9A-Za-z])"
)
# What Excel leaves of a long number, whose first digits still tell the day of birth.
_SHORTENED = re.compile(r"(?<![0-9.])[1-9]\.[0-9]{11,14}(?=e\+1[5-8](?![0-9]))", re.IGNORECASE)
# UnionPay numbers begin with 62; older cards of the four large banks with these.
_BANK = re.compile(
    rf"(?<![0-9])(?<![0-9]\.)(?:6{_ONE_GAP}2(?:{_ONE_GAP}[0-9]){{2}}|9558|4367|4563|5187|5264|4096|356[28]|6013)"
    rf"(?:{_ONE_GAP}[0-9]){{12,15}}(?![0-9A-Za-z])"
)
_BANK_GROUPS = re.compile(
    r"(?<![0-9])(?<![0-9A-Za-z][.\-])[3-6][0-9]{3}([\s-])[0-9]{4}\1[0-9]{4}\1[0-9]{4}(?:\1[0-9]{1,3})?(?![0-9A-Za-z])"
)
_TOLD_BANK = re.compile(
    r"(?:卡号|[银储信工][行蓄用资]卡|账号|帐号|账户|帐户)[^0-9A-Za-z]{0,6}((?:[0-9][\s-]?){15,18}[0-9])(?![0-9A-Za-z])"
)
_PREFIX = r"(?:(?:\(?(?:\+|00)86\)?|\(86\)|86)[\s-]{0,2}|0)?"
_G = _GAP
# A day beside a number, as systems write it without a space, is no more of its digits.
_MOBILE = re.compile(
    rf"(?:(?<![0-9])|(?<=[0-9]{{4}}-[0-9]{{2}}-[0-9]{{2}})){_PREFIX}(?<![0-9]{{2}}\.)(?<!0\.)1(?:"
    rf"[3-9][0-9]{_G}(?:[0-9]{{4}}{_G}[0-9]{{4}}|[0-9]{{3}}{_G}[0-9]{{5}}|[0-9]{{2}}(?:{_G}[0-9]{{2}}){{3}})"
    rf"|[3-9][0-9]{{2}}{_G}(?:[0-9]{{3}}{_G}[0-9]{{4}}|[0-9]{{4}}{_G}[0-9]{{3}})"
    rf"|(?P<gap>[\s.\-·、,*_])[3-9](?:(?P=gap)[0-9]){{9}}"
    rf"|[3-9][0-9]{{9}}(?:1[3-9][0-9]{{9}}){{1,2}}"
    r")(?:\.0(?![0-9]|元))?(?!(?!20[0-9]{2}[-/.年]|[0-2]?[0-9]:[0-5][0-9])[0-9](?!\s?(?:单元|号楼|楼|栋|室)))"
)
_MOBILE_IN_BRACKETS = re.compile(r"\(1[3-9][0-9]\)[\s-]?[0-9]{4}[\s-]?[0-9]{4}(?![0-9])")
# Hong Kong and Macau have eight digits, Taiwan nine; without their code they are not told from other numbers.
_MOBILE_ABROAD = re.compile(
    r"(?<![0-9A-Za-z])(?:\+|00)(?:85[23][\s-]?[2-9][0-9]{3}[\s-]?[0-9]{4}"
    r"|886[\s-]?9[0-9]{2}[\s-]?[0-9]{3}[\s-]?[0-9]{3})(?![0-9])"
)
_EXTENSION = r"(?:\s?(?:转|-|ext\.?|#)\s?[0-9]{1,5}(?![0-9]))?"
_LOCAL_NUMBER = r"[2-8][0-9]{2,3}[\s-]?[0-9]{4}"
_NEXT_LOCAL = rf"\s?[、,/;或和]\s?{_LOCAL_NUMBER}{_EXTENSION}"
_LANDLINE = re.compile(
    r"(?<![0-9])(?<![0-9A-Za-z][-.])(?:"
    r"(?:\+|00)?86[\s-]?\(?0?(?:10|2[0-9]|[3-9][0-9]{2})\)?[\s-]{0,2}[2-8][0-9]{2,3}[\s-]?[0-9]{4}"
    r"|\(0(?:10|2[0-9]|[3-9][0-9]{2})\)[\s-]{0,2}[2-8][0-9]{2,3}[\s-]?[0-9]{4}"
    r"|0(?:10|2[0-9]|[3-9][0-9]{2})[\s-]{1,2}[2-8][0-9]{2,3}[\s-]?[0-9]{4}"
    r"|0(?:10|2[0-9])[2-8][0-9]{7}|0[3-9][0-9]{2}[2-8][0-9]{6,7}"
    rf"){_EXTENSION}(?![0-9])",
    re.IGNORECASE,
)
_LOCAL = re.compile(
    rf"(?<![0-9])(?!20[0-9]{{2}}[01][0-9][0-3][0-9](?![0-9])){_LOCAL_NUMBER}{_EXTENSION}(?![0-9])",
    re.IGNORECASE,
)
_TOLD_LANDLINES = re.compile(
    r"(?:电话(?!费|会|卡|线路|亭)|座机|固话|传真|致电|来电|拨打?|联系方式|(?<![A-Za-z])(?:tel|fax|phone))(?:号码?)?[^0-9A-Za-z]{0,4}"
    rf"({_LOCAL_NUMBER}{_EXTENSION}(?:{_NEXT_LOCAL})*)(?![0-9])",
    re.IGNORECASE,
)
_MORE_LANDLINES = re.compile(rf"((?:{_NEXT_LOCAL})+)(?![0-9])", re.IGNORECASE)
_PLATE = re.compile(
    rf"(?P<place>[{_PROVINCES}])\s?[A-HJ-NP-Z][\s·.\-]?"
    r"(?P<body>[A-HJ-NP-Z][A-HJ-NP-Z0-9]?[0-9]{4}|[0-9]{5}[A-HJ-NP-Z]|[A-HJ-NP-Z0-9]{4}[A-HJ-NP-Z0-9挂学警港澳])"
    r"(?![A-Za-z0-9])",
    re.IGNORECASE,
)
_WECHAT = re.compile(
    r"(?:微信|[薇威v]信|(?<![a-z])(?:weixin|wechat|wx|vx)(?!id_)|加[我个]?\s?v(?![a-z0-9]))(?P<told>号码?|id|账号)?\s?(?P<mark>[::=(是为]?)\s?"
    r"(?P<name>[a-z][a-z0-9_-]{5,19}|[1-9][0-9]{5,10})(?![a-z0-9_@]|\.[a-z0-9])",
    re.IGNORECASE,
)
_WECHAT_ID = re.compile(r"(?<![a-z0-9_])wxid_[a-z0-9_]{4,20}", re.IGNORECASE)
_NO_NAMES: Final = {"wechat", "weixin", "wechatpay", "android", "windows", "iphone"}
_QQ = re.compile(
    r"(?<![A-Za-z])(?:q\s?q|扣扣|q(?=[::])|(?<=加)q)(?:群?号码?|群|账号)?\s?[::=是为]?\s?([1-9][0-9]{4,10})(?![0-9A-Za-z]|\.[0-9])",
    re.IGNORECASE,
)

_CODED = re.compile(
    r"(?:订单|单|编|合同|流水|批|型|货|料|序列|序|注册|发票|档案|登记|备案|专利|文|[部零工]件|图|案件|设备|产品|资产)(?:号码?|编号|代码)(?:\([A-Z/]{1,4}\))?[\W_为是]{0,3}$"
    r"|(?:[订运工提购货]单|发票|合同|批次|专利|代码|型号)[\W_为是]{0,3}$|(?<![A-Za-z])[SP]/?N[\W_]{0,2}$"
)
_PHONE_WORD = re.compile(
    r"(?:电话|手机|联系|致电|来电|回电|拨打?|短信|微信|热线|号码|tel|mobile|phone|mob|cell|call)[^0-9]{0,5}$",
    re.IGNORECASE,
)
_MONEY = re.compile(
    r"(?:[¥$€£]|人民币|RMB|CNY|USD|[金总余税款]额|额度|合同额|产值|营收|收入|利润|资本|预算|总价|价款)"
    r"(?:\([万亿]?[美欧日港]?元\))?[\W_约为是达共计]{0,3}$"
)
_UNIT = re.compile(
    r"\s?(?:元(?![旦宵月器素老总])|[美欧日港]元|人民币|[万亿]元|升|吨|公斤|千克|千瓦|k?wh?(?![a-z])|kva|[mck]?m(?![a-z])|kg|k?hz|度电?|平方|立方|㎡|m2|[件套只颗米](?![^\W0-9A-Za-z]))",
    re.IGNORECASE,
)
_LETTERS_BEFORE = re.compile(r"([A-Za-z]+)[-_#.]?$")
_CONTACT_LETTERS = re.compile(
    r"(?:tel|mobile|phone|mob|cell|call|dial|ph|fax|wx|vx|qq|wechat|dh|sj|sjh|lxdh|^[mtpv])$", re.IGNORECASE
)


# The most frequent surnames in Latin letters: 刘 and not a part number, though in capitals.
_SURNAMES = re.compile(
    "LI|WANG|ZHANG|LIU|CHEN|YANG|ZHAO|HUANG|ZHOU|WU|XU|SUN|MA|ZHU|HU|GUO|HE|LIN|GAO|LUO|ZHENG|LIANG|XIE|"
    "TANG|DENG|XIAO|FENG|ZENG|PENG|YUAN|DONG|PAN|CAI|JIANG|YU|DU|YE|CHENG|WEI|SU|LU|DING|REN|YAO|FANG|TAN"
)


def _is_coded(plain: str, start: int) -> bool:
    """Whether the words before say that a number numbers a thing."""
    before = plain[max(0, start - 12) : start]
    letters = re.search(r"[A-Z]+-?$", before)
    return bool(_CODED.search(before)) or (letters is not None and letters[0] not in {"ID", "SFZ", "NO"})


def _is_mobile(plain: str, start: int, end: int) -> bool:
    """Whether what looks like a mobile number is none of: amount, decimal, serial or model number."""
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
    if re.search(r"[0-9]-$", before) or re.match(r"-[A-Z]", after):
        return False
    if re.match(r"[A-Za-z]+型|(?!VX|WX|QQ|TEL|MR|MS)[A-Z]{2}", after):
        return False
    if before.endswith("第") and after.startswith("号"):
        return False
    return not (re.match(r"\.[0-9]{1,4}(?![0-9])", after) or _MONEY.search(before) or _UNIT.match(after))


# The first character may end another word: 最新, 里云, 辽宁, 四川.
_PLACES_IN_WORDS: Final = {
    "新": "最创更全翻崭革",
    "云": "里腾华上",
    "宁": "辽南西",
    "川": "四",
    "京": "北南东",
}


def _is_plate(plain: str, match: re.Match[str]) -> bool:
    if _CODED.search(plain[max(0, match.start() - 12) : match.start()]):
        return False
    if plain[match.start() - 1 : match.start()] in tuple(_PLACES_IN_WORDS.get(match["place"], "")):
        return False
    if _NO_PLATE.match(plain, match.end()):
        return False
    return len(re.findall(r"[0-9]", match["body"])) > 1


_NO_PLATE = re.compile(r"\s?(?:型|系列|款|地块|栋|号楼|级|规格)")
# Registrar and type, district, organisation code, check digit: what a person's number rarely fits.
_FIRM_SHAPE = re.compile(rf"(?:1[1239]|[2-8][1-9]){_PROVINCE}[0-9]{{14}}")
_FIRM_ALPHABET: Final = "0123456789ABCDEFGHJKLMNPQRTUWXY"


def _is_firm_code(written: str) -> bool:
    """Whether a firm's check digit (GB 32100-2015) is right and a person's (GB 11643-1999) is wrong."""
    digits = written.upper()
    if not _FIRM_SHAPE.fullmatch(digits):
        return False
    values = [_FIRM_ALPHABET.index(c) for c in digits]
    firm = sum(value * int(3**i) for i, value in enumerate(values[:17])) % 31
    person = sum(value << (17 - i) for i, value in enumerate(values[:17])) % 11
    return (values[17] + firm) % 31 == 0 and digits[17] != "10X98765432"[person]
