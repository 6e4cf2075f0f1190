"""Validity of a policy, read from the act's own words, and the days of a text."""

from __future__ import annotations

import calendar
import datetime as dt
import re
from typing import TYPE_CHECKING, Final, NamedTuple

from liaison_analysis.text import CHINESE_NUMERALS, read_number

if TYPE_CHECKING:
    from collections.abc import Sequence


class Condition(NamedTuple):
    """One condition: its field, its value as text, and the words that state it."""

    field: str
    value: str
    words: str


# Digits and signs of numbers as half-width characters; punctuation stays as it is, for quotation.
NARROW: Final = str.maketrans("０１２３４５６７８９％．", "0123456789%.")

PART: Final = rf"(?:\d{{1,2}}|[{CHINESE_NUMERALS}]{{1,3}})"
YEAR: Final = rf"(?:\d{{4}}|[{CHINESE_NUMERALS}]{{4}})"
_FIGURES: Final = r"\d{4}(?:-\d{1,2}-|/\d{1,2}/|\.\d{1,2}\.)\d{1,2}(?![\d.])"
DAY: Final = rf"(?:{YEAR}\s*年\s*{PART}\s*月\s*{PART}\s*日|(?<!\d){_FIGURES})"
_MONTHS: Final = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
# Jun 18, 2024 and 18 June 2024, on the English parts of a site.
_ENGLISH: Final = re.compile(
    rf"(?:\b(?P<before>\d{{1,2}})\s+)?\b(?P<month>{'|'.join(_MONTHS)})[a-z]*\.?\s+(?:(?P<day>\d{{1,2}}),?\s+)?"
    r"(?P<year>\d{4})\b",
    re.IGNORECASE,
)
_ACT: Final = (
    r"(?:办法|通知|措施|细则|意见|规定|方案|政策|条例|规则|公告|通告|指南|计划|条款|决定|文件|清单|目录|标准|实施细则|若干措施"
    r"|管理办法|指引|通告)"
)
SELF: Final = rf"(?:本(?![市省区县地])|该|此)(?:[一-鿿]{{0,10}}?{_ACT}|《[^》]{{1,40}}》)"
RUNS: Final = r"(?:正式)?(?:施行|实施|执行|生效|试行)"
TO_WORD: Final = r"\s*(?:至|到|—+|–|-|~|～)\s*"
_FROM: Final = re.compile(
    rf"(?:自|从|于)?\s*(?P<first>{DAY})\s*(?:零时)?\s*(?:起|开始)*\s*(?:{RUNS}|实行)(?!以来|后|期间|前|的)"
    rf"|有效期限?\s*(?:为|是)?\s*自\s*(?P<valid>{DAY})\s*起"
)
# Behind 施行, where the sentence does not name the act, it is about another thing: 起实施节能改造.
_OBJECT: Final = re.compile(r"\s*[一-鿿]")
_FROM_LABEL: Final = re.compile(
    rf"(?:施行|实施|执行|生效|起始)(?:日期|时间)?\s*[:：]?\s*(?:为|自|是)?\s*(?P<first>{DAY})"
)
_TRIAL: Final = re.compile(rf"试行[^。；]{{0,12}}自\s*(?P<first>{DAY})\s*起")
_SPAN: Final = re.compile(rf"(?P<first>{DAY})\s*起?\s*(?:{RUNS})?[，,]?(?:有效期)?{TO_WORD}(?P<last>{DAY})")
_ISSUE: Final = re.compile(
    rf"自\s*(?:印发|发布|公布|下发|签发|颁布|发文)(?:之)?日起\s*(?:(?P<delay>\d{{1,3}}|[{CHINESE_NUMERALS}]{{1,3}})\s*(?:日|天)后\s*)?(?:正式)?"
    rf"(?:{RUNS}|有效)"
)
# From the day of issue to a day: 自印发之日起至2026年12月31日有效.
_ISSUE_SPAN: Final = re.compile(
    rf"自\s*(?:印发|发布|公布|下发|签发|颁布|发文)(?:之)?日起(?:{RUNS})?[，,]?(?:有效期)?\s*[至到]\s*(?P<last>{DAY})\s*(?:止|内)?\s*(?:有效|{RUNS}|止)?"
)
_UNTIL: Final = re.compile(
    rf"(?:有效期(?:限)?|{RUNS}(?:期限?|时间)?|期限)\s*[:：]?\s*(?:暂定)?(?:截?至|到|截止到?|截止日期为?)\s*"
    rf"(?P<last>{DAY}|{YEAR}\s*年\s*(?:{PART}\s*月\s*)?[底末])"
)
_ENDS: Final = re.compile(rf"(?P<last>{DAY})\s*(?:终止|(?:自动)?失效|停止执行|(?:废)?止)")
_N_YEARS: Final = rf"(?P<n>[{CHINESE_NUMERALS}]{{1,3}}|\d{{1,2}})\s*(?P<unit>年(?P<half>半)?|个月)"
_YEARS: Final = re.compile(
    rf"(?:有效期(?:限)?(?:自[^，。；]{{2,6}}之日起)?|试行期?(?:限)?|{RUNS}(?:期限?|时间))\s*(?:暂定)?(?:为|是|[:：])?\s*{_N_YEARS}"
)
# Behind the first day, 暂定3年 or 期限三年 is enough.
_BRIEF_YEARS: Final = re.compile(rf"[，,]\s*(?:暂定|期限)(?:为|是)?\s*{_N_YEARS}")
# Words of a grant: a period behind them is the grant's.
_GRANTED: Final = re.compile(r"给予|享受|减免|减征|免征|缓缴|优惠|补贴|补助|奖励|返还|贴息")
# Before a period whose subject is the act, though the sentence does not name it.
_NO_SUBJECT: Final = re.compile(
    r"[\s（(]*(?:(?:以上|上述|本次)?(?:各项)?(?:政策|措施|条款|规定|文件|意见)?的?)[\s，,：:]*"
)
# Words that show that a validity is not the act's own.
_OTHERS: Final = re.compile(
    r"(?:认定|评定|评审|审核|资格|资质|称号|证书?|牌匾|结果|结论|合同|协议|许可|名单|证明|承诺|申报|申请|报名|受理|凭证|消费券|额度|公示"
    r"|优惠券|保函|目录|入库|备案|授牌|名录|专利|通行证|居住证|身份证|营业执照|报告|创新券|等级|评级|标识"
    r"|租赁|租约|(?:项目|课题|工程|任务|合作|培训|活动)的?(?:执行|实施|建设|研究|服务))[^，。；]{0,12}$"
)
# The day from which an amended act is in force, behind the day of the first version.
_AMENDED: Final = re.compile(rf"修[订改正]后?[^，。；]{{0,10}}?自\s*(?P<first>{DAY})\s*起\s*{RUNS}")
_QUOTED_ACT: Final = re.compile(r"《[^》]{2,60}》(?:[（(][^）)]{0,40}[）)])?[^，。；]{0,6}$")
# A long line without a full stop continues in the next: PDF and plain text break lines.
_WRAPPED: Final = re.compile(r"((?:^|(?<=\n))[^\n]{17,}[^\n。；;：:）)])\n(?=[^\n|])")
# A row of a card: its label and the period in the next cell.
_VALIDITY_ROW: Final = re.compile(
    r"\|\s*([^|\n]{0,6}(?:有效期限?|(?:施行|实施|执行|生效)(?:日期|时间|期限?)))\s*[:：]?\s*\|\s*"
)
_ASIDE: Final = re.compile(r"》[（(][^（()）]{0,80}[）)]")  # what brackets add to another act's name


class _Statement(NamedTuple):
    own: bool
    bare: bool
    first: dt.date | None
    last: dt.date | None
    months: int
    words: str


def read_validity(
    texts: Sequence[str], *, issued_on: dt.date | None = None, published_on: dt.date | None = None
) -> list[Condition]:
    """Read the first and last day on which a document is in force, from the act's own words about itself.

    Only a sentence whose subject is the act (本办法, 本通知, or none) counts: the validity of a certificate,
    the application period and another act's dates do not. Of several, the last that names the act counts,
    since it usually is the closing sentence.

    Parameters
    ----------
    texts
        Preamble and clauses, or the clauses of one part of a collection.
    issued_on, published_on
        Days from which 自印发之日起 and 自公布之日起 count; each replaces the other where only one is known.

    Returns
    -------
    list[Condition]
        ``valid_from`` and ``valid_to``, each with its words; none where the act does not state it.

    Examples
    --------
    >>> texts = ["认定结果有效期三年。", "本办法自2022年3月1日起施行，有效期5年。"]
    >>> [condition[:2] for condition in read_validity(texts)]
    [('valid_from', '2022-03-01'), ('valid_to', '2027-02-28')]
    >>> [c.value for c in read_validity(["本通知自印发之日起施行。"], issued_on=dt.date(2024, 7, 26))]
    ['2024-07-26']
    """
    statements = [
        statement
        for text in texts
        for sentence in _sentences(text.translate(NARROW))
        if (statement := _statement(sentence, issued_on or published_on, published_on or issued_on))
    ]
    named = [one for one in statements if one.own] or statements
    first = next((one for one in reversed(named) if one.first), None)
    if first is None:
        first = next((one for one in reversed(statements) if one.first), None)
    last = next((one for one in reversed(named) if one.last), None)
    period = next((one for one in reversed(named) if one.months), None)
    if period is None and last is None:
        # A period without a subject (有效期五年。) is the act's; otherwise it may be that of what it grants.
        near = [one for one in statements if one.bare]
        period = next((one for one in reversed(near) if one.months), None)
        last = next((one for one in reversed(near) if one.last), None)
    found = []
    if first and first.first:
        found.append(Condition("valid_from", first.first.isoformat(), first.words))
    if last and last.last:
        found.append(Condition("valid_to", last.last.isoformat(), last.words))
    elif first and first.first and period:
        words = first.words if period.words == first.words else f"{first.words}，{period.words}"
        found.append(Condition("valid_to", _months_on(first.first, period.months).isoformat(), words))
    return found


def names_itself(texts: Sequence[str]) -> bool:
    """Whether some text states its validity of itself: 本通知自2024年7月1日起施行.

    Examples
    --------
    >>> names_itself(["本通知自2024年7月1日起施行。"]), names_itself(["有效期：2024年1月1日至2026年12月31日"])
    (True, False)
    """
    sentences = (sentence for text in texts for sentence in _sentences(text.translate(NARROW)))
    return any(found.own for one in sentences if (found := _statement(one, None, None)))


def _sentences(text: str) -> list[str]:
    labelled = _VALIDITY_ROW.sub(r"|\1：", _WRAPPED.sub(r"\1", text))
    return re.split(r"[。；;\n|]", _ASIDE.sub("》", labelled))


def _statement(sentence: str, issued: dt.date | None, published: dt.date | None) -> _Statement | None:
    own = bool(re.search(SELF, sentence))
    span = _first(_SPAN, sentence)
    if span and not _is_validity(sentence, span, own=own):
        span = None
    begun = span or next(
        (match for pattern in (_AMENDED, _FROM, _FROM_LABEL, _TRIAL) if (match := _first(pattern, sentence))),
        None,
    )
    if begun and not own and begun.re is _FROM and _OBJECT.match(sentence, begun.end()):
        begun = None
    day = _date(begun.groupdict().get("valid") or begun.group("first")) if begun else None
    issue = None if begun else (_first(_ISSUE_SPAN, sentence) or _first(_ISSUE, sentence))
    if issue:
        day = issued if re.search(r"印发|下发|签发|发文", issue.group()) else published
        if day and issue.groupdict().get("delay"):
            day += dt.timedelta(days=read_number(issue.group("delay")))
    until = (
        span
        or (issue if issue and issue.re is _ISSUE_SPAN else None)
        or _first(_UNTIL, sentence)
        or (_first(_ENDS, sentence) if day else None)
    )
    last = _last_day(until.group("last")) if until else None
    lasting = _first(_YEARS, sentence) or (_BRIEF_YEARS.search(sentence) if begun or issue else None)
    months = _months(lasting) if lasting else 0
    matches = [match for match in (begun, issue, until, lasting) if match]
    if until and until.group().startswith("期限") and not (own or begun or until.start() == 0):
        last = None
    if last and not own and not begun and _GRANTED.search(sentence[: until.start()] if until else ""):
        last = None
    if not (day or last or months):
        return None
    words = sentence[min(m.start() for m in matches) : max(m.end() for m in matches)].strip()
    bare = bool(_NO_SUBJECT.fullmatch(sentence[: min(m.start() for m in matches)]))
    return _Statement(own, bare, day, last, months, words)


def _is_validity(sentence: str, span: re.Match[str], *, own: bool) -> bool:
    """Whether two days are those between which a policy is in force, by the words next to them."""
    before = re.split(r"[，,]", sentence[: span.start()])[-1]
    after = sentence[span.end() :]
    return bool(
        re.search(RUNS, span.group())
        or re.search(rf"{RUNS}|有效|{'期限' if own else '政策期限'}", before)
        or re.match(rf"\s*[，,]?(?:期间|止)?\s*(?:{RUNS}|有效)", after)
    )


def _last_day(text: str) -> dt.date | None:
    """Read a day, or the last one of a year or a month: 2026年底, 2029年2月底."""
    if not text.endswith(("底", "末")):
        return _date(text)
    year, month = [*map(read_number, re.findall(rf"\d+|[{CHINESE_NUMERALS}]+", text)), 12][:2]
    return dt.date(year, month, calendar.monthrange(year, month)[1]) if 1 <= month <= 12 else None


def _months(match: re.Match[str]) -> int:
    n = read_number(match.group("n"))
    return n if match.group("unit") == "个月" else 12 * n + 6 * bool(match.group("half"))


def _first(pattern: re.Pattern[str], sentence: str) -> re.Match[str] | None:
    """First match about the act, not about a certificate, an application or another act."""
    for match in pattern.finditer(sentence):
        before = sentence[: match.start()]
        clause = re.split(r"[，,：:]", before.rstrip("：: "))[-1]
        about_self = re.search(rf"{SELF}[^，。；]{{0,8}}$", before)
        if about_self:
            return match
        if not (_OTHERS.search(clause) or _QUOTED_ACT.search(before)):
            return match
    return None


def _months_on(start: dt.date, months: int) -> dt.date:
    """Last day of a period of so many months."""
    years, month = divmod(start.year * 12 + start.month - 1 + months, 12)
    # The 29th of February has no anniversary in most years.
    day = min(start.day, calendar.monthrange(years, month + 1)[1])
    return dt.date(years, month + 1, day) - dt.timedelta(days=1)


def read_date(text: str) -> dt.date | None:
    """Read a day in any format used on pages; none where there is no valid day.

    Examples
    --------
    >>> read_date("2024-09-12 16:38"), read_date("二〇二四年七月二十六日"), read_date("2022年6月31日")
    (datetime.date(2024, 9, 12), datetime.date(2024, 7, 26), None)
    """
    match = re.search(DAY, text) or re.search(r"\d{4}\s*[-/.]\s*\d{1,2}\s*[-/.]\s*\d{1,2}", text)
    if match:
        return _date(match.group())
    english = _ENGLISH.search(text)
    day = (english.group("before") or english.group("day")) if english else None
    if not english or not day:
        return None
    return _date(f"{english.group('year')}-{_MONTHS.index(english.group('month').lower()) + 1}-{day}")


def _date(text: str) -> dt.date | None:
    parts = re.findall(rf"\d+|[{CHINESE_NUMERALS}]+", text)
    try:
        return dt.date(*map(read_number, parts[:3]))
    except ValueError:  # the 31st of June: a person decides what it means
        return None
