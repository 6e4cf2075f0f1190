"""What a clause grants: sums, ranges, caps and shares, each with its words."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final, Literal, NamedTuple

from liaison_analysis.policies.dates import NARROW
from liaison_analysis.text import read_number

if TYPE_CHECKING:
    from collections.abc import Iterator

#: Kind of an amount: one sum, one of several sums, a range, at most, at least, or a share of something.
Kind = Literal["fixed", "choice", "range", "cap", "floor", "share"]

_DIGITS: Final = r"(?:\d{1,3}(?:[,，]\d{3})+|\d+)(?:\.\d+)?"
_CHINESE: Final = r"[一二三四五六七八九十百千两]{1,5}(?=\s*[万亿]?元)"
NUMBER: Final = rf"(?:{_DIGITS}|{_CHINESE})"
_UNIT: Final = r"(?:亿元|万元|千元|元|%|‰|个百分点)"
_TO: Final = r"\s*(?:至|到|[-—–~～]+)\s*"
#: A number with its unit, or a range of them: 10至50万元, 5%-8%, 百分之十.
QUANTITY: Final = (
    rf"(?:{NUMBER}\s*(?:{_UNIT}\s*)?{_TO})?{NUMBER}\s*{_UNIT}(?:\s*[/／]\s*[一-鿿]{{1,4}}"
    rf")*|百分之[一二三四五六七八九十]{{1,3}}"
)
_VERB: Final = (
    r"(?:最高|最多|累计|每年|单个项目|单户|每人每月|每人|一次性|按|给予|奖励|奖补(?=[\d最不一])|补助|补贴|返还|减半|免收|抵扣|减按|免费|全额"
    r"|不超过|不低于|资助|贴息|扶持|发放|上限|封顶|[另再][补奖](?=\d)|再提高(?=\d+个百分点))"
)
# What an amount is for, before the word that grants it: 每千瓦时补贴, 单个展会最高, 年度上限.
_BASIS: Final = (
    r"(?:每[^，。；：:\n|每]{1,10}?(?:每[月年天日次季]度?)?|单个[一-鿿]{1,6}?|单[笔户家项次件台套场批人]"
    # Who else gets it: 创业团队每年最高.
    r"|(?<=[，；：、])[一-鿿]{2,8}(?=每[年月][最不]|[另再][补奖]\d)"
    # What is paid for: 保函手续费按50%补贴.
    r"|(?:^|(?<=[，。；：、\n]))[一-鿿]{2,8}(?=按\s*\d)"
    r"|年(?=[补奖贴资扶][一-鿿]{0,2}额)|(?:年度|全年)?总额|年度|全年|合计|同一[一-鿿]{1,6}?)"
)
# The rest of a clause that ends soon, so that no word of it is cut.
_REST: Final = r"(?:[^，。；\n|\d]{0,24}(?=[，。；\n|]|$)|[^，。；\n|\d]{0,10})"
#: Words that grant something, with every number in them whole.
BENEFIT: Final = re.compile(
    rf"{_BASIS}?{_VERB}[^，。；】\n|]{{0,24}}?(?<![\d.,])(?:{QUANTITY})(?:[^，。；\n|\d]{{0,14}}?(?:{QUANTITY}))*"
    rf"{_REST}"
    r"|[^，。；\n|\d]{0,12}(?:全额补[助贴]|减半|免收|免费|免于|全额返还|七折|六成)[^，。；\n|\d]{0,12}"
)
# Who has so much is described by it, and given nothing: 研发费用占比不低于5%的企业.
_OTHER_THAN_GRANT: Final = r"(?:(?!奖|补|贴|给予|资助|返还|减|免|抵|扶持|发放).)*"
_CONDITION: Final = re.compile(
    rf"(?:不低于|不超过|累计|每年|按){_OTHER_THAN_GRANT}的{_OTHER_THAN_GRANT}"
    rf"(?:企业|单位|项目|机构|个人|人员|人才|团队|平台|园区){_OTHER_THAN_GRANT}"
    # An item of 按下列标准奖励： begins with who gets it: 营业收入2000万元以上的.
    rf"|\D*(?:{QUANTITY})(?:及|[（(]含[）)])?(?:以上|以下)的"
)
_PAID: Final = re.compile(r"奖|补|贴|资助|返还|减|免|扶持|抵扣")
_WORDS: Final = re.compile(r".+", re.DOTALL)
_GRANTS: Final = re.compile(r"奖|补|贴|给予|资助|返还|减|免|抵|扶持|发放|标准|额度|比例|每")
# Characters before a grant in which the words stand that say what it is of; judgement.
_BEFORE: Final = 80
# What has a size of its own, and is no grant: 资金规模为每年2000万元, 出资比例不超过25%.
_SIZE: Final = re.compile(r"(?:规模|注册资本|总投资|预算|营业收入|产值)(?:控制在|为|达到?|约)?$")
# What one pays: 个人缴费每人420元.
_PAYS: Final = re.compile(r"(?:缴费|收费|缴纳|罚款|租金|押金)(?:标准)?(?:为|是)?$")
_SHARE_OF: Final = re.compile(r"(?:比例|占比|比重)$")
# Below 补贴标准： each name has its sum: A类人才150万元，B类人才80万元.
_LISTED: Final = re.compile(
    rf"[，；、]\s*(?P<words>[^，。；\n|]{{1,12}}?(?<![\d.,])(?:{QUANTITY}))(?=[，。；、\n|]|$)"
)
_STANDARD: Final = re.compile(r"(?:标准|额度|金额)\s*[：:]")
# What introduces a grant: a question, 给予以下支持：.
_LEAD: Final = re.compile(r"^[^？?]*[？?]\s*(?:答\s*[:：])?|^[^：:]{0,12}(?:以下|下列|如下)[^：:]{0,8}[：:]")
# Rules on stacking: an enterprise gets only the higher of two grants, or each only once.
_STACKING: Final = re.compile(
    r"[^，。；：:\n|]{0,24}(?:就高|从高|择高|择优|不重复|不得重复|不予重复|不叠加|不得叠加|不同时享受|只能?享受一次|仅(?:奖励|补助|享受)一次)"
    r"[^，。；\n|]{0,16}"
)
_PER: Final = re.compile(
    r"每(?:人每[月年天日]|[年月人户家个台套次平亩]方?米?|标准箱|立方米|平方米|千瓦时|吨)|单个项目|单户"
)
_SCALE: Final = {
    "亿元": 1e8,
    "万元": 1e4,
    "千元": 1e3,
    "元": 1.0,
    "%": 1.0,
    "‰": 0.1,
    "个百分点": 1.0,
    "": 1.0,
}
_CAP: Final = re.compile(
    r"(?:最高|最多|不超过|不高于|上限|以内|封顶|累计不)[^\d一二三四五六七八九十百千两]{0,8}$"
)
_FLOOR: Final = re.compile(r"(?:不低于|不少于|最低|至少)[^\d一二三四五六七八九十百千两]{0,8}$")


class Amount(NamedTuple):
    """One amount: ``low`` and ``high`` in yuan or per cent (``unit``), ``per`` what (每人每月, or empty)."""

    kind: Kind
    low: float
    high: float
    unit: str
    per: str
    words: str


def read_amounts(text: str) -> list[Amount]:
    """Read the amounts that a clause grants, in the order of its text.

    Examples
    --------
    >>> for amount in read_amounts("按购置额的8%给予补助，最高不超过1,000万元。首次获评的奖励一万元。"):
    ...     print(amount.kind, amount.low, amount.high, amount.unit, amount.words)
    share 8.0 8.0 % 按购置额的8%给予补助
    cap 0.0 10000000.0 元 最高不超过1,000万元
    fixed 10000.0 10000.0 元 奖励一万元
    >>> [a[:3] for a in read_amounts("分别给予2万元、4万元奖励；给予10至50万元资助。")]
    [('choice', 20000.0, 40000.0), ('range', 100000.0, 500000.0)]
    """
    amounts = []
    for benefit in _grants(text.translate(NARROW)):
        words = benefit.group().strip()
        parts = [_quantity(words, match) for match in re.finditer(QUANTITY, words)]
        per = _PER.search(words)
        for unit in ("元", "%"):
            some = [part for part in parts if part.unit == unit]
            if not some:
                continue
            first = some[0]
            if len(some) > 1 and all(part.kind == first.kind == "fixed" for part in some):
                low, high = min(part.low for part in some), max(part.high for part in some)
                some = [Amount("choice", low, high, unit, "", words)]
            amounts += [part._replace(per=per.group() if per else "", words=words) for part in some]
    return amounts


def read_benefits(text: str) -> list[str]:
    """Give the words of a clause that grant something, each once, with every number in them whole.

    Examples
    --------
    >>> read_benefits("分别给予2万元、4万元、8万元、15万元奖励。")
    ['分别给予2万元、4万元、8万元、15万元奖励']
    >>> read_benefits("研发费用占比不低于5%的企业，按增量的10%给予补助，不超过200万元。")
    ['按增量的10%给予补助', '不超过200万元']
    """
    plain = text.translate(NARROW)
    found = []
    for match in _grants(plain):
        before = re.search(r"分别$|统一$|再$", plain[max(0, match.start() - 2) : match.start()])
        words = (before.group() if before else "") + match.group()
        found.append(_LEAD.sub("", words).strip())
    return list(dict.fromkeys(found))


def _grants(text: str) -> Iterator[re.Match[str]]:
    """Find the words that grant something; those that only say who may apply are left out."""
    for match in BENEFIT.finditer(text):
        words = match.group().strip()
        piece = re.split(r"[，。；：:\n|]", text[max(0, match.start() - _BEFORE) : match.start()])[-1]
        requires = words.startswith("不低于") and not _GRANTS.search(piece + words)
        sized = _SIZE.search(piece) or (_SHARE_OF.search(piece) and not _PAID.search(piece + words))
        pays = _PAYS.search(piece) and not _PAID.search(words)
        if not (requires or sized or pays or _CONDITION.fullmatch(words)):
            yield match
            if _STANDARD.search(words):
                yield from _listed(text, match.end())


def _listed(text: str, at: int) -> Iterator[re.Match[str]]:
    """Further names with their sums, behind the first below 补贴标准：."""
    while listed := _LISTED.match(text, at):
        if BENEFIT.match(text, listed.start("words")):
            return
        whole = _WORDS.match(text, listed.start("words"), listed.end("words"))
        if whole:
            yield whole
        at = listed.end()


def read_stacking(text: str) -> str:
    """Give the words that rule out stacking: an enterprise gets only the higher of two grants, or only one.

    Examples
    --------
    >>> read_stacking("同一企业同一事项按照就高不重复原则执行。")
    '同一企业同一事项按照就高不重复原则执行'
    """
    match = _STACKING.search(text)
    return match.group().strip() if match else ""


def _quantity(words: str, match: re.Match[str]) -> Amount:
    written = match.group()
    if written.startswith("百分之"):
        n = float(read_number(written[3:]))
        return Amount("share", n, n, "%", "", words)
    units = re.findall(_UNIT, written)
    unit = units[-1] if units else ""
    numbers = [
        _number(one) for one in re.findall(NUMBER + r"|" + _CHINESE.split("(?=", maxsplit=1)[0], written)
    ]
    scales = [_SCALE[units[0]] if len(units) > 1 else _SCALE[unit], _SCALE[unit]]
    low, high = (numbers[0] * scales[0], numbers[-1] * scales[1]) if numbers else (0.0, 0.0)
    before = words[: match.start()]
    if unit in {"%", "‰", "个百分点"}:
        return Amount("share", low, high, "%", "", words)
    if len(numbers) > 1:
        return Amount("range", low, high, "元", "", words)
    if _CAP.search(before):
        return Amount("cap", 0.0, high, "元", "", words)
    return Amount("floor" if _FLOOR.search(before) else "fixed", low, high, "元", "", words)


def _number(written: str) -> float:
    plain = written.replace(",", "").replace("，", "")
    return float(plain) if re.fullmatch(r"[\d.]+", plain) else float(read_number(plain))
