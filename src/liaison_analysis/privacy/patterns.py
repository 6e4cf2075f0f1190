"""Places of personal data in a text: phones, identity cards, bank cards, e-mail, plates, WeChat and QQ.

No open recogniser covers mainland China, so regular expressions do. They are matched in plain readings of the
text (``privacy.readings``); places are those of the text as it was written. A pattern decides, never a
checksum alone, since a number with a typing error identifies a person too. Words and units beside a number
distinguish amounts, serial numbers and model numbers from it (``privacy.context``). A part of a number, such
as its last digits or all but its middle, counts as the number: beside a name it identifies the person to
those who know the rest.

Not personal: public hotlines (five digits, 400 and 800 numbers), codes of firms (GB 32100-2015), and accounts
that a text calls a firm's. Names of persons are not looked for.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from liaison_analysis.privacy.columns import column_of, find_in_column
from liaison_analysis.privacy.context import (
    PROVINCE,
    has_unit,
    is_coded,
    is_firm_code,
    is_firms_account,
    is_mobile,
    is_plate,
)
from liaison_analysis.privacy.foreign import find_foreign
from liaison_analysis.privacy.kinds import MASKS, Found
from liaison_analysis.privacy.layouts import find_laid_out
from liaison_analysis.privacy.readings import NUMERALS, other_readings, plain_reading

if TYPE_CHECKING:
    from collections.abc import Iterator

# Marks between digits of one number.
_GAP = r"[\s.\-_·]{0,2}"
_ONE_GAP = r"[\s.\-·]?"

# A cheap test that most texts fail: seven digits of any kind without a word between them, or a hint of
# another kind of data.
_DIGIT_LIKE = rf"[\d{NUMERALS}²³¹⁰-⁹₀-₉①-⒛⓪-⓿❶-➓㈠-㈩㊀-㊉\U0001F100-\U0001F10A]"
_ROW = re.compile(rf"(?:{_DIGIT_LIKE}(?:[^\w]|_){{0,6}}){{7}}")
_PROVINCES = "京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼使"
_HINT = re.compile(
    r"[@＠﹫\u00ad\u0300-\u036f\u115f\u1160\u200b-\u200f\u2060-\u2064\u20d0-\u20ff\u3164\ufe00-\ufe0f\ufeff\uffa0Ａ-Ｚａ-ｚ]"
    r"|微\s?信|[薇威vV]信|艾特|护照|[pP]assport|PASSPORT|[A-Za-z0-9]#[A-Za-z0-9]|扣扣|企鹅|群[号:：]|加[我个他她]?\s?[qQvV微薇]"
    r"|[qQ] ?[qQ:：]|[wWvV][xX]|[wW]e[iCc]|WE[IC]"
    r"|[(（\[【{<](?:at|AT|At)|\s(?:at|AT|At)\s"
    r"|尾[号数]|[末后][四五六4-6]位|短号|[*＊·•●xX]{3}"
    rf"|[{_PROVINCES}]\W?[A-Za-z]"
)

# The number of a mask is short; a long one is a number that somebody hides there.
_MASKED = re.compile(r"\[(?:" + "|".join(mask[1:-1] for mask in MASKS.values()) + r")(?: [0-9]{1,6})?\]")


_DOT = r"(?:[.。点]|\s点\s|\s\.\s(?=(?:com|cn|net|org)\b)|\sdot\s|\s?[(\[{<]dot[)\]}>]\s?)"
_EMAIL = re.compile(
    r"[A-Z0-9][A-Z0-9._%+\-#&'*/=?!]{0,63}(?:\s?@\s?|\s?艾特\s?|(?<=[A-Z0-9._-]{3})#(?=[A-Z0-9-]{1,63}\.(?:com|cn|net|org)(?![A-Z]))|\s?[(\[{<]at[)\]}>]\s?|\sat\s(?=(?:qq|163|126|gmail|outlook|foxmail)\b|[A-Z0-9-]{1,63}\s?[(\[{<]?dot\b))"
    # Parts of an address have at most 64 characters (RFC 5321), and a bound keeps long texts fast.
    rf"[A-Z0-9-]{{1,63}}(?:{_DOT}[A-Z0-9-]{{1,63}}){{0,7}}{_DOT}[A-Z]{{2,63}}",
    re.IGNORECASE,
)


def _spaced(*digits: str) -> str:
    return _ONE_GAP.join(digits)


_NINE = "[0-9]"
_IDENTITY = re.compile(
    r"(?<![0-9])(?<![0-9]\.)"
    + PROVINCE
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
_LABELLED_IDENTITY = re.compile(
    r"身份证(?:件)?(?:号码?|编号)?\s{0,2}[::是为]?\s{0,2}((?:[0-9][\s\-]?){14,17}[0-9Xx×])(?![0-9A-Za-z])"
)
# Documents that people from abroad, Hong Kong, Macau and Taiwan have instead of an identity card.
_PAPER = re.compile(
    r"(?:护照|回乡证|台胞证|居留(?:许可证?|证)|永居证|(?:港澳|台湾)[^\W0-9A-Za-z]{0,8}通行证|军官证|士兵证)"
    r"(?:件?号码?|编号)?[^0-9A-Za-z]{0,4}([A-Z]{0,3}[0-9]{7,15})(?![0-9A-Za-z])",
    re.IGNORECASE,
)
# A part of a number: its end, or all but its middle.
_END = re.compile(
    r"(?:(?P<card>身份证|证件)|(?P<bank>[银储信工][行蓄用资]卡|卡|账号|账户)|(?P<phone>手机|电话|微信|机主|联系人))(?:号码?)?的?"
    r"(?:尾[号数]|[末后][四五六4-6]位(?:数字?|号码?)?)[^0-9A-Za-z]{0,3}(?P<end>[0-9]{3,6}[Xx]?)(?![0-9A-Za-z])"
)
_STARRED = re.compile(r"(?<![0-9A-Za-z*])[0-9](?:\s?[0-9*·●xX-]){7,22}(?<=[0-9Xx])(?![0-9A-Za-z*])")
_OLD_IDENTITY = re.compile(
    r"(?<![0-9A-Za-z])[1-8][0-9]{5}\s?[0-9]{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12][0-9]|3[01])\s?[0-9]{3}(?![0-9A-Za-z])"
)
# What Excel leaves of a long number; the first digits still give the day of birth.
_SHORTENED = re.compile(r"(?<![0-9.])[1-9]\.[0-9]{11,14}(?=e\+1[5-8](?![0-9]))", re.IGNORECASE)
# UnionPay numbers begin with 62; older cards of the four large banks with these.
_BANK = re.compile(
    rf"(?<![0-9])(?<![0-9]\.)(?:6{_ONE_GAP}2(?:{_ONE_GAP}[0-9]){{2}}|9558|4367|4563|5187|5264|4096|356[28]|6013)"
    rf"(?:{_ONE_GAP}[0-9]){{12,15}}(?![0-9A-Za-z])"
)
_BANK_GROUPS = re.compile(
    r"(?<![0-9])(?<![0-9A-Za-z][.\-])[3-6][0-9]{3}([\s-])[0-9]{4}\1[0-9]{4}\1[0-9]{4}(?:\1[0-9]{1,3})?(?![0-9A-Za-z])"
)
_LABELLED_BANK = re.compile(
    r"(?:卡号|[银储信工][行蓄用资]卡|账号|帐号|账户|帐户)[^0-9A-Za-z]{0,6}((?:[0-9][\s-]?){15,18}[0-9])(?![0-9A-Za-z])"
)
_PREFIX = r"(?:(?:\(?(?:\+|00)86\)?|\(86\)|86)[\s-]{0,2}(?:\(0\)\s?)?|0)?"
_G = _GAP
# A date right after a number, as systems write it without a space, is not part of the number.
_MOBILE = re.compile(
    rf"(?:(?<![0-9])|(?<=[0-9]{{4}}-[0-9]{{2}}-[0-9]{{2}})){_PREFIX}(?<![0-9]{{2}}\.)(?<!0\.)1(?:"
    rf"[3-9][0-9]{_G}(?:[0-9]{{4}}{_G}[0-9]{{4}}|[0-9]{{3}}{_G}[0-9]{{5}}|[0-9]{{2}}(?:{_G}[0-9]{{2}}){{3}})"
    rf"|[3-9][0-9]{{2}}{_G}(?:[0-9]{{3}}{_G}[0-9]{{4}}|[0-9]{{4}}{_G}[0-9]{{3}})"
    rf"|(?P<gap>[\s.\-·、,*_])[3-9](?:(?P=gap)[0-9]){{9}}"
    rf"|[3-9][0-9]{{9}}(?:1[3-9][0-9]{{9}}){{1,2}}"
    r")(?:\.0(?![0-9]|元))?(?!(?!20[0-9]{2}[-/.年]|[0-2]?[0-9]:[0-5][0-9])[0-9](?!\s?(?:单元|号楼|楼|栋|室)))"
)
# In any groups, behind a word for a phone.
_LABELLED_MOBILE = re.compile(
    r"(?:电话(?!费|会)|手机(?!产|销|型|费)|号码|tel|mobile)[^0-9A-Za-z]{0,4}(1[3-9](?:[\s.\-]?[0-9]){9})(?![0-9])"
)
_MOBILE_IN_BRACKETS = re.compile(r"\(1[3-9][0-9]\)[\s-]?[0-9]{4}[\s-]?[0-9]{4}(?![0-9])")
# Outside the mainland only the pattern of E.164 applies: a plus, at most three digits for the country, at
# most fifteen in all; without a plus only those of neighbours can be distinguished from other numbers.
_ABROAD = re.compile(
    r"(?<![0-9A-Za-z])(?:(?:\+|00)85[23][\s-]?[2-9][0-9]{3}[\s-]?[0-9]{4}"
    r"|00886[\s-]?9[0-9]{2}[\s-]?[0-9]{3}[\s-]?[0-9]{3}"
    r"|\+(?!86)[1-9][0-9]{0,2}(?:[\s-]?\(?[0-9]{1,5}\)?){2,6})(?![0-9])"
)
_SHORTEST, _LONGEST = 9, 15  # digits with the country's
_SHORT_NUMBER = re.compile(r"短号码?[^0-9A-Za-z]{0,3}([0-9]{3,6})(?![0-9A-Za-z])")
_EXTENSION = r"(?:\s?(?:转|-|ext\.?|[#*])\s?[0-9]{1,5}(?![0-9]))?"
# Neither a day nor two years.
_LOCAL_NUMBER = (
    r"(?!20[0-9]{2}(?:[01][0-9][0-3][0-9]|[\s-]?20[0-9]{2})(?![0-9]))[2-8][0-9]{2,3}[\s-]?[0-9]{4}"
)
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
_LOCAL = re.compile(rf"(?<![0-9]){_LOCAL_NUMBER}{_EXTENSION}(?![0-9])", re.IGNORECASE)
_LABELLED_LANDLINES = re.compile(
    r"(?:(?:电话(?!费|会|卡|线路|亭)|座机|固话|传真|致电|来电|回[电拨访]|拨打?|联系方式|(?<![A-Za-z])(?:tel|fax|phone))(?:号码?)?[^0-9A-Za-z]{0,4}"
    # A switchboard or office, or a form of address used at work, right before a number of eight digits.
    r"|(?:总机|[前总]台|值班|门[卫岗]|[^\W\d_][室部科处]|(?<!击)打|[^\W\d_](?:总|工|姐|哥|老师|师傅|经理|主[任管]|书记|会计|秘书|助理"
    r"|专员|老板|[科处局部厂院所站队组镇区]长))[\s::,(]{0,2}(?=[2-8][0-9]{3}[\s-]?[0-9]{4}))"
    rf"({_LOCAL_NUMBER}{_EXTENSION}(?:{_NEXT_LOCAL})*)(?![0-9])",
    re.IGNORECASE,
)
_MORE_LANDLINES = re.compile(rf"((?:{_NEXT_LOCAL})+)(?![0-9])", re.IGNORECASE)
_ON_PLATE = r"[A-HJ-NP-Z0-9]"
_PLATE = re.compile(
    rf"(?P<place>[{_PROVINCES}])\s?[A-HJ-NP-Z][\s·.\-]?"
    r"(?P<body>[A-HJ-NP-Z][A-HJ-NP-Z0-9]?[0-9]{4}|[0-9]{5}[A-HJ-NP-Z]|[A-HJ-NP-Z0-9]{4}[A-HJ-NP-Z0-9挂学警港澳]"
    # A dot at any place, and temporary plates of new cars.
    rf"|(?=(?:·?{_ON_PLATE}){{5,6}}(?![A-Z0-9·])){_ON_PLATE}+·{_ON_PLATE}+|·?临·?[0-9]{{4,5}}|[0-9]{{4,5}}临)"
    r"(?![A-Za-z0-9])",
    re.IGNORECASE,
)
_WECHAT = re.compile(
    r"(?:微\s?信|[薇威v]信|(?<![a-z])(?:weixin|wechat|wx|vx)(?!id_)|加[我个他她]?\s?(?:v(?:(?![a-z0-9])|(?=[a-z]{3,15}[0-9_]))|[微薇](?!信)[^\w\s]?))(?P<label>\s?号码?|\s?id|账号|搜索?|添?加|找)?\s?(?P<mark>[::=(是为]?)\s?"
    r"(?P<name>[a-z][a-z0-9_-]{5,19}|[1-9][0-9]{5,10})(?![a-z0-9_@]|\.[a-z0-9])",
    re.IGNORECASE,
)
_WECHAT_ID = re.compile(r"(?<![a-z0-9_])wxid_[a-z0-9_]{4,20}", re.IGNORECASE)
_NO_NAMES: Final = {"wechat", "weixin", "wechatpay", "android", "windows", "iphone"}
_QQ = re.compile(
    r"(?:(?<![A-Za-z])(?:q\s?q|扣扣|企鹅|q(?=[::])|(?<=加)q)(?:[/和与及、]?微信)?(?:[^\W\d_]{0,4}(?:群|号码?|群号码?)|账号)?"
    r"|(?<!集)群号码?|(?<!集)群(?=[::]))\s?(?:[::=为(]|[都也均]?是)?\s{0,3}([1-9][0-9]{4,10}|[1-9][0-9]{2,3}\s[0-9]{3,4}(?:\s[0-9]{2,4})?)"
    r"(?![0-9A-Za-z]|\.[0-9])",
    re.IGNORECASE,
)
_MORE_QQ = re.compile(
    r"[\s/、和或]{1,4}(?!20[0-9]{2}[01][0-9][0-3][0-9])([1-9][0-9]{4,10})(?![0-9A-Za-z]|\.[0-9])"
)


def find_personal_data(text: str, *, header: str = "") -> list[Found]:
    """Places of personal data in a text, in order, none overlapping.

    Parameters
    ----------
    text
        Any text.
    header
        Header of the column that the text stands in: it counts as the words before it, so that a number under
        联系电话 is a phone number and one under 产值 is not.

    Returns
    -------
    list of Found
        Start, end (exclusive) and kind, one of ``MASKS``. Where matches of several kinds overlap, they are
        one of the kind that comes first in ``MASKS``.

    Examples
    --------
    >>> find_personal_data("王工 tel138 1234 5678,预算13812345678.00元")
    [Found(start=6, end=19, kind='mobile')]
    >>> find_personal_data("67891234-801", header="办公电话"), find_personal_data("67891234-801")
    ([Found(start=0, end=12, kind='landline')], [])
    """
    column = column_of(header) if header else None
    if not (column or _ROW.search(text) or _HINT.search(text)):
        return []
    plain, at = plain_reading(text)
    # Words of a mask do not count as context of the number beside it.
    plain = _MASKED.sub(lambda mask: "\ue000" * len(mask[0]), plain)
    readings = [plain, *other_readings(text, plain, at)]
    before = f"{plain_reading(header)[0]}:" if header else ""
    matches = [_cut(one, len(before)) for reading in readings for one in _find(before + reading)]
    matches = [one for one in matches if one.end > 0]
    if column:
        matches += [one for reading in readings for one in find_in_column(reading, header)]
    order = {kind: i for i, kind in enumerate(MASKS)}
    merged: list[Found] = []
    for start, end, kind in sorted(matches):
        if merged and start < merged[-1].end:
            last = merged[-1]
            first = min(last.kind, kind, key=order.__getitem__)
            merged[-1] = Found(last.start, max(last.end, end), first)
        else:
            merged.append(Found(start, end, kind))
    return [Found(at[start], at[end - 1] + 1, kind) for start, end, kind in merged]


def _cut(one: Found, before: int) -> Found:
    """Place of a match in a text whose header was put before it."""
    return Found(max(one.start - before, 0), one.end - before, one.kind)


def _find(plain: str) -> Iterator[Found]:
    """Personal data in a plain text; places may overlap."""
    if _HINT.search(plain):
        yield from _find_names(plain)
        yield from _find_rests(plain)
    if _ROW.search(plain):
        yield from _find_cards(plain)
        yield from _find_phones(plain)
        yield from find_laid_out(plain)
    yield from find_foreign(plain)


def _find_names(plain: str) -> Iterator[Found]:
    """Addresses, plates and accounts, which hold letters or come after a word."""
    for match in _EMAIL.finditer(plain):
        yield Found(*match.span(), "e-mail")
    for match in _PLATE.finditer(plain):
        if is_plate(plain, match):
            yield Found(*match.span(), "plate")
    for match in _WECHAT_ID.finditer(plain):
        yield Found(*match.span(), "WeChat")
    for match in _WECHAT.finditer(plain):
        name = match["name"]
        labelled = match["label"] or match["mark"]
        if name.lower() not in _NO_NAMES and (labelled or re.search(r"[0-9_]", name)):
            yield Found(*match.span("name"), "WeChat")
    for match in _QQ.finditer(plain):
        more: re.Match[str] | None = match
        while more and not has_unit(plain, more.end()):
            yield Found(*more.span(1), "QQ")
            more = _MORE_QQ.match(plain, more.end())


def _find_rests(plain: str) -> Iterator[Found]:
    """Parts of numbers, which identify a person to those who know the rest."""
    kinds = {"card": "identity card", "bank": "bank card", "phone": "mobile"}
    for match in _END.finditer(plain):
        yield Found(*match.span("end"), next(kind for name, kind in kinds.items() if match[name]))
    for match in _STARRED.finditer(plain):
        if kind := _starred_kind(match[0]):
            yield Found(*match.span(), kind)
    for match in _SHORT_NUMBER.finditer(plain):
        yield Found(*match.span(1), "mobile")


def _starred_kind(written: str) -> str | None:
    """Kind of a number with stars in place of digits, by how it begins and how long it is."""
    written = re.sub(r"[\s-]", "", written)
    if not re.search(r"[*·●xX]{3}", written[:-1]):
        return None
    kinds = [
        ("1[3-9*xX·●].{9}", "mobile"),
        ("0[1-9].{9,10}", "landline"),
        (PROVINCE + "(?:.{13}|.{16})", "identity card"),
        ("[3-6].{15,18}", "bank card"),
    ]
    return next((kind for pattern, kind in kinds if re.fullmatch(pattern, written)), None)


def _find_cards(plain: str) -> Iterator[Found]:
    for match in _IDENTITY.finditer(plain):
        if not (is_coded(plain, match.start()) or is_firm_code(match[0])):
            yield Found(*match.span(), "identity card")
    for match in _OLD_IDENTITY.finditer(plain):
        if "身份证" in plain[max(0, match.start() - 12) : match.end() + 12]:
            yield Found(*match.span(), "identity card")
    for pattern in (_LABELLED_IDENTITY, _PAPER):
        for match in pattern.finditer(plain):
            yield Found(*match.span(1), "identity card")
    yield from _find_accounts(plain)
    yield from _find_shortened(plain)


def _find_accounts(plain: str) -> Iterator[Found]:
    for match in _BANK.finditer(plain):
        if not is_coded(plain, match.start()):
            yield Found(*match.span(), "bank card")
    # These do not begin as a card does, and may be a firm's.
    labelled = [match.span(1) for match in _LABELLED_BANK.finditer(plain)]
    grouped = [match.span() for match in _BANK_GROUPS.finditer(plain) if not is_coded(plain, match.start())]
    for start, end in [*labelled, *grouped]:
        if not is_firms_account(plain, start, end):
            yield Found(start, end, "bank card")


def _find_shortened(plain: str) -> Iterator[Found]:
    for match in _SHORTENED.finditer(plain):
        digits = match[0].replace(".", "")
        if _IDENTITY.match(digits.ljust(18, "0")):
            yield Found(*match.span(), "identity card")
        elif _BANK.match(digits.ljust(16, "0")):
            yield Found(*match.span(), "bank card")


def _find_phones(plain: str) -> Iterator[Found]:
    for pattern in (_MOBILE, _MOBILE_IN_BRACKETS):
        for match in pattern.finditer(plain):
            if is_mobile(plain, *match.span()):
                yield Found(*match.span(), "mobile")
    for match in _LABELLED_MOBILE.finditer(plain):
        yield Found(*match.span(1), "mobile")
    for match in _ABROAD.finditer(plain):
        n = len(re.sub(r"[^0-9]", "", match[0]))
        if _SHORTEST <= n <= _LONGEST and not has_unit(plain, match.end()):
            yield Found(*match.span(), "mobile")
    yield from _find_landlines(plain)


def _find_landlines(plain: str) -> Iterator[Found]:
    lists = []
    for match in _LANDLINE.finditer(plain):
        if not is_coded(plain, match.start()) and not has_unit(plain, match.end()):
            yield Found(*match.span(), "landline")
            lists.append(_MORE_LANDLINES.match(plain, match.end()))
    for label in [*_LABELLED_LANDLINES.finditer(plain), *(one for one in lists if one)]:
        for match in _LOCAL.finditer(plain, *label.span(1)):
            if not has_unit(plain, match.end()):
                yield Found(*match.span(), "landline")
