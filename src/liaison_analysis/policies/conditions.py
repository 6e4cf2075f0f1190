"""Conditions of policy clauses, read out by rules, each with the words it came from."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from liaison_analysis.policies.amounts import read_benefits, read_stacking
from liaison_analysis.policies.dates import NARROW, Condition
from liaison_analysis.policies.windows import read_windows

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

#: Fields a condition can be about. ``apply_from`` and ``apply_to`` are the application period, ``stacking``
#: the words that rule out several grants at once, ``threshold`` is a condition that no column of
#: ``enterprises`` decides.
FIELDS: Final = (
    "town", "industry_prefix", "category", "min_headcount", "valid_from", "valid_to", "apply_from",
    "apply_to", "benefit",
    "stacking", "threshold",
)  # fmt: skip

# Industries as policies name them, and the prefix of their codes in GB/T 4754-2017.
_INDUSTRIES: Final = {
    "食品": "13", "饮料": "15", "纺织": "17", "服装": "18", "家具": "21", "造纸": "22",
    "印刷": "23", "化工": "26", "化学原料": "26", "医药": "27", "生物医药": "27", "制药": "27",
    "化学纤维": "28", "橡胶": "291", "塑料": "292", "非金属矿物": "30", "钢铁": "31",
    "有色金属": "32", "金属制品": "33", "通用设备": "34", "工业机器人": "3491", "机器人": "3491",
    "数控机床": "3421", "专用设备": "35", "医疗器械": "358", "汽车": "36", "整车": "361",
    "汽车零部件": "367", "摩托车": "375", "轨道交通装备": "371", "船舶": "373", "航空航天": "374",
    "电气机械": "38", "锂电池": "3841", "动力电池": "3841", "电子信息": "39", "电子设备": "39",
    "计算机": "391", "通信设备": "392", "集成电路": "3973", "半导体": "397", "仪器仪表": "40",
    "物流": "5", "软件": "651", "信息技术服务": "65", "工业设计": "7491", "检验检测": "745",
}  # fmt: skip
_CATEGORIES: Final = {
    "四上": "四上", "规上": "四上", "规模以上": "四上", "专精特新": "专精特新", "小巨人": "小巨人",
    "中小": "中小企业", "中小微": "中小企业", "小微": "中小企业", "科研院所": "科研院所",
    "高等院校": "科研院所", "金融机构": "金融机构", "银行": "金融机构", "检测机构": "检测机构",
}  # fmt: skip
_BODIES: Final = ("科研院所", "高等院校", "金融机构", "银行", "检测机构")
_NAMES: Final = "|".join(sorted(_INDUSTRIES, key=len, reverse=True))
_SUBJECT_END: Final = (
    r"(?:等?(?:类|行业|产业|领域)?(?:制造)?业?(?:的)?(?:生产|制造|研发)?企业|制造业|行业企业)"
)
_INDUSTRY: Final = re.compile(
    rf"(?P<names>(?:(?:{_NAMES})(?:制造业?)?[、和及或与])*(?:{_NAMES})){_SUBJECT_END}(?!的?(?:供应商|配套|客户|上游|下游))"
)
_BECOMING: Final = re.compile(
    r"(?:获评|认定为?|评定为|评为|申报|入选|成为|晋升|培育|授予|包括|所称|创建|获得|取得|挂牌|推荐)[^，。；]{0,10}$"
)
_ENTERPRISE_KIND: Final = re.compile(
    r"(?<!创新型)(?<!科技型)(?:专精特新[“\"]?(?=小巨人))?"
    r"(四上|规上|规模以上|专精特新|小巨人|中小微|中小|小微)[”\"]?(?:(?<=专精特新)中小|(?<=专精特新[”\"])中小)?(?P<sector>工业|制造业|服务业|批发零售业|商贸业?|建筑业)?"
    r"(?:出口)?企业"
)
# Words about those who are excluded, not about those who may apply.
_EXCLUDED: Final = re.compile(
    r"(?:除|不含|不包括|不适用于)[^，。；：\n|]{0,24}?(?:外|以外|企业|行业|片区|项目)+"
)
_ABOUT_WHOM: Final = re.compile(r"企业|行业|产业|片区|园区|项目")
# Recognitions and records of an enterprise that no column of the ledger holds.
_STANDING: Final = re.compile(
    r"(?:高新技术|科技型中小|创新型中小|技术先进型服务|瞪羚|独角兽|雏鹰|单项冠军|链主|龙头|领军|总部|拟?上市"
    r"|外商投资|外资|国有|民营)企业|个体工商户"
)
_RECOGNISED: Final = re.compile(
    r"[^，。；：\n|（）()]{0,18}?(?:"
    r"(?:获评|获批|评定为|评为|入选|认定为)[^，。；：\n|]{1,30}?"
    r"|(?:获得|取得)[^，。；：\n|]{1,24}?(?:证书?|认证|资质|许可|称号|批件|奖项)"
    r"|通过[^，。；：\n|]{0,24}?(?:认证|复核|评审|验收|审核|评价)"
    r"|复核通过|完成[^，。；：\n|]{1,12}?备案|上市(?=的)|挂牌(?=的)|达到[一二三四五六]级)"
    # Not a heading: 取得体系认证的奖励：
    r"(?=的?(?:企业)?(?:[，；。\n]|(?:一次性)?(?:奖励|给予|按)(?![：:])))"
)
_RECORD: Final = re.compile(
    r"[^，。；：\n|]{0,12}(?:未发生|未受到|未被列入|没有发生|不存在|无重大|无不良)[^，。；：\n|]{1,20}"
)
_BODY: Final = re.compile(
    rf"(?:(?:^|[。；\n：:])(?:对|支持|鼓励|奖励)?(?:园区|辖区)?(?:内)?(?:的)?|(?<=企业和))({'|'.join(_BODIES)})"
    # Not where one pays or shows one's account.
    r"(?!柜台|卡|账[户号]|网点|贷款|流水|开户|回单|转账|代[发扣]|保函|存款|征信)"
)
_HEADCOUNT: Final = re.compile(
    r"(?:职工|员工|从业人员|用工|参保)(?:总?人?数|总数|规模|人员)?(?:达到|不少于|不低于|在|超过|为)?\s*(\d{1,6})\s*(?:人|名)(?!以下|以内)(?:\s*(?:及|[（(]含[）)])?以上)?"
)
_UPPER: Final = re.compile(r"\s*(?:至|到|[-—–~～])\s*\d{1,6}\s*人(?:以下|以内)?")
_THRESHOLD: Final = re.compile(
    r"(?<![\d.,])[^，。；：\n|]{0,18}?(?:(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?\s*(?:万|亿)?"
    r"(?:元|%|台|套|个|家|件|项|吨标准煤|吨|立方米|平方米|千瓦|人|年|级)"
    r"(?:及|[（(]含[）)])?(?:以上|以下|以内)"
    r"|(?:不低于|不少于|不高于|不超过|达到|超过|高于|大于|不满|未满|不足)\s*(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?\s*(?:万|亿)?"
    r"(?:元|%|台|个|项|吨|人|年|平方米)"
    r"(?!的部分))"
)
_CAP: Final = re.compile(r"最高|期限不超过|每次|补贴不|补助不|奖励不|面积不超过|时间不超过")


def read_conditions(text: str, *, towns: Iterable[str] = (), heading: str = "") -> list[Condition]:
    """Read out the conditions of one clause.

    By rules, not a model: a person should confirm them, and the words show where to look. An industry or a
    category counts where it states who may apply, not where it states what an applicant becomes
    (首次获评小巨人企业的), whom it deals with (整车企业的供应商) or who is excluded (除龙兴片区外).
    Recognitions, records and exclusions are a ``threshold``.

    Parameters
    ----------
    text
        The clause.
    towns
        Names of towns to look for.
    heading
        The headings above the clause, for the days of its items: 三、申报时间 （一）….

    Returns
    -------
    list[Condition]
        In the order of ``FIELDS``. Several towns, industries or categories form one value, joined by
        ``、``; ``threshold`` may come several times.

    Examples
    --------
    >>> clause = "鱼复片区职工人数50人以上的汽车制造业企业，投入200万元以上的，最高补助100万元。"
    >>> for condition in read_conditions(clause, towns=["鱼复", "水土"]):
    ...     print(condition)
    Condition(field='town', value='鱼复', words='鱼复')
    Condition(field='industry_prefix', value='36', words='汽车制造业企业')
    Condition(field='min_headcount', value='50', words='职工人数50人以上')
    Condition(field='benefit', value='最高补助100万元', words='最高补助100万元')
    Condition(field='threshold', value='投入200万元以上', words='投入200万元以上')
    """
    plain = text.translate(NARROW)
    left_out = [match for match in _EXCLUDED.finditer(plain) if _ABOUT_WHOM.search(match.group())]
    # Words about exclusions are blanked, so that they are not read as conditions for applying.
    of_these = plain
    for match in left_out:
        of_these = of_these[: match.start()] + "，" * len(match.group()) + of_these[match.end() :]
    conditions = [*_town(of_these, towns), *_industry(of_these), *_category(of_these)]
    counted = _HEADCOUNT.search(plain)
    if counted:
        conditions.append(Condition("min_headcount", counted.group(1), counted.group()))
    benefits = read_benefits(plain)
    if benefits:
        conditions.append(Condition("benefit", "；".join(benefits), "；".join(benefits)))
    stacking = read_stacking(plain)
    if stacking:
        conditions.append(Condition("stacking", stacking, stacking))
    conditions += read_windows(plain, heading=heading)
    words = dict.fromkeys(_unanswered(plain, of_these, counted))
    words |= dict.fromkeys(match.group() for match in left_out)
    return [*conditions, *(Condition("threshold", one, one) for one in words if one not in benefits)]


def _unanswered(plain: str, of_these: str, counted: re.Match[str] | None) -> Iterator[str]:
    """Words that state a condition which no column of ``enterprises`` decides, by kind."""
    for match in _THRESHOLD.finditer(plain):
        words = match.group().strip()
        if not (_CAP.search(words) or (counted and counted.group() in words)):
            yield words
    upper = _UPPER.match(plain, counted.end()) if counted else None
    if counted and upper:
        yield counted.group() + upper.group()
    yield from _standings(of_these)
    for pattern in (_RECOGNISED, _RECORD):
        yield from (match.group().strip() for match in pattern.finditer(of_these))


def _standings(text: str) -> Iterator[str]:
    if "所称" in text:  # a definition, not who may apply
        return
    for match in _STANDING.finditer(text):
        if not _BECOMING.search(text[: match.start()][-14:]):
            yield match.group()
    for match in _ENTERPRISE_KIND.finditer(text):
        if match.group("sector") not in {None, "工业"}:
            yield match.group()


def _town(text: str, towns: Iterable[str]) -> Iterator[Condition]:
    # 水土 is a town, 水土保持 is not.
    named = [town for town in towns if re.search(rf"{re.escape(town)}(?!保持|流失|资源|污染)", text)]
    if named:
        yield Condition(
            "town", "、".join(sorted(named, key=text.index)), "、".join(sorted(named, key=text.index))
        )


def _industry(text: str) -> Iterator[Condition]:
    codes, words = [], []
    for match in _INDUSTRY.finditer(text):
        before = text[: match.start()]
        if _BECOMING.search(before[-14:]) or re.search(
            r"(?:采购|购买|委托|向|从)[^，。；]{0,8}$", before[-12:]
        ):
            continue
        names = [re.sub(r"制造业?$", "", name) for name in re.split(r"[、和及或与]", match.group("names"))]
        codes += [_INDUSTRIES[name] for name in names]
        words.append(match.group())
    if codes:
        yield Condition("industry_prefix", "、".join(dict.fromkeys(codes)), "、".join(words))


def _category(text: str) -> Iterator[Condition]:
    kinds, words = [], []
    if "所称" in text:  # a definition, not who may apply
        return
    for match in (*_ENTERPRISE_KIND.finditer(text), *_BODY.finditer(text)):
        before = text[max(0, match.start() - 14) : match.start()]
        # A firm that lends to small firms, or pays for them, is not itself meant to be small.
        dealt_with = (
            re.search(r"(?:向|给予|发放|采购)[^，。；]{0,6}$", before) and match.re is _ENTERPRISE_KIND
        )
        if not (_BECOMING.search(before) or (dealt_with and "给予" not in before)):
            kinds.append(_CATEGORIES[match.group(1)])
            words.append(match.group().strip("。；：:\n"))
    if kinds:
        yield Condition("category", "、".join(dict.fromkeys(kinds)), "、".join(words))
