"""The parts of an enterprise's name: place, brand and trade, group word, legal form, plant or branch."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from liaison_analysis.names.places import is_place, leading_places, short_places
from liaison_analysis.text import normalise

if TYPE_CHECKING:
    from collections.abc import Iterable

_GENERIC_WORDS: Final = (
    "科技 技术 电子 机械 制造 汽车 实业 工业 产业 发展 投资 控股 集团 股份 国际 贸易 "
    "商贸 电气 电器 设备 装备 材料 新材料 新材 化工 化学 医药 药业 制药 生物 能源 "
    "新能源 环保 环境 信息 软件 网络 通信 通讯 智能 智造 智控 机器人 自动化 仪器 仪表 "
    "精密 精工 重工 建设 建筑 工程 设计 咨询 服务 管理 物流 运输 供应链 食品 饮料 酒业 "
    "农业 林业 纺织 服饰 服装 家居 家具 纸业 包装 印刷 传媒 文化 教育 旅游 酒店 地产 "
    "房地产 置业 物业 银行 证券 保险 信托 基金 金融 租赁 担保 电力 水务 燃气 热力 港口 "
    "航空 航天 船舶 铁路 高速 公路 轨道 交通 矿业 钢铁 有色 铝业 铜业 金属 模具 塑料 "
    "橡胶 轮胎 玻璃 陶瓷 水泥 建材 光电 光学 激光 半导体 芯片 集成电路 微电子 电源 电池 "
    "电机 电缆 轴承 齿轮 零部件 配件 部件 动力 传动 液压 阀门 泵业 检测 检验 认证 计量 "
    "研究院 研究所 设计院 中心 学院 大学 医院 医疗 器械 健康 互联网 数据 大数据 数字 "
    "云计算 系统 系统集成 平台 创新 创业 孵化 园区 新型 高新 高科 电商 商业 百货 超市 "
    "企业 企业管理 经济 开发 公司 有限 工厂 厂 院 所 店 站 新 的 及 和 与"
)
#: Words of trade and of organisation, which do not distinguish firms on their own.
GENERIC: Final = tuple(_GENERIC_WORDS.split())

_LEGAL: Final = re.compile(
    r"(?:股份有限责任公司|股份有限公司|有限责任公司|股份公司|有限公司|总公司|公司|有限合伙|普通合伙|个人独资)+$"
)
_MARKS: Final = re.compile(r"[^\w*]|_")
_BRACKETS: Final = re.compile(r"[(\[【〔{<《〈（]([^()\[\]【】〔〕{}<>《》〈〉]*)[)\]】〕}>》〉）]")
_EXCHANGE: Final = re.compile(
    r"^(?:S?\*?S?\*?ST(?=[^A-Z])|PT(?=[^A-Z])|(?:XD|XR|DR|S)(?=[\u3400-\u9fff]))"
    r"|(?<=[\u3400-\u9fff])(?:[AB]股?|退市?)$"
)
_PLACE: Final = "|".join(short_places())
_GENERIC: Final = frozenset(GENERIC)
_LONGEST_GENERIC: Final = max(map(len, GENERIC))
_LONGEST_WITH_UNIT: Final = 100  # judgement: no firm's name is longer, and the patterns would take long
_UNIT_WORD: Final = (
    "分公司|子公司|分厂|工厂|厂区|基地|办事处|营业部|分部|项目部|事业部|"
    "生产线|车间|分院|分所|分中心|分店|门店|仓库"
)
_NUMBER: Final = r"(?:第?[一二三四五六七八九十\d]+(?:号|期)?)"
_AFTER_FIRM: Final = re.compile(rf"^(.+?(?:公司|集团(?!公司|有限|股份|控股)))(.*(?:{_UNIT_WORD}|厂))$")
_AFTER_BRAND: Final = re.compile(
    rf"^(.{{2,}}?)((?:(?:{_PLACE})(?:省|市|区|县|新区)?)*+{_NUMBER}?(?:生产|制造|研发|总装)?(?:{_UNIT_WORD})|"
    rf"(?:(?:{_PLACE})(?:省|市|区|县|新区)?)++{_NUMBER}?厂|{_NUMBER}厂)$"
)


@dataclass(frozen=True, slots=True)
class NameParts:
    """The parts of a name.

    Attributes
    ----------
    plain
        The whole name with width, script and case normalised, without marks and brackets.
    stem
        ``plain`` without legal form; a place that stood in brackets comes first.
    place
        Leading place of the stem, or ``""``.
    core
        What follows the place: brand and trade.
    """

    plain: str
    stem: str
    place: str
    core: str

    @property
    def has_brand(self) -> bool:
        """Whether the core has a brand: at least two characters besides words of trade."""
        return len(self.core) > 1 and not is_generic(self.core)


def take_apart(names: Iterable[object]) -> list[NameParts]:
    """Split names into their parts, in any way of writing.

    Widths, scripts, brackets, marks of a stock exchange (ST, 退) and legal forms are cleaned off. Where only
    words of trade follow a place, the place is the brand (西安银行).

    Examples
    --------
    >>> take_apart(["華數機器人（重庆）有限公司"])[0]
    NameParts(plain='华数机器人重庆有限公司', stem='重庆华数机器人', place='重庆', core='华数机器人')
    >>> [(p.place, p.core) for p in take_apart(["*ST 长安", "西安银行股份有限公司", "TCL集团"])]
    [('', '长安'), ('', '西安银行'), ('', 'TCL集团')]
    """
    return [_parts(text.upper()) for text in normalise(names)]


def _parts(text: str) -> NameParts:
    front: list[str] = []

    def inside(brackets: re.Match[str]) -> str:
        if is_place(brackets[1]):
            front.append(brackets[1])
            return ""
        return brackets[1]

    plain = _MARKS.sub("", text).replace("*", "")
    moved = _MARKS.sub("", _BRACKETS.sub(inside, text)).strip("*") if len(plain) < len(text) else plain
    if moved.isascii():
        return NameParts(plain, moved, "", moved)
    unlisted = _EXCHANGE.sub("", moved)
    stem = _without_legal_form(unlisted if len(unlisted) > 1 else moved)
    stem = "".join(front) + stem
    # Where only words of trade follow a place, it is the brand: of 沈阳金山能源 the place is 沈阳.
    ends = [end for end in leading_places(stem) if len(stem) - end > 1 and not is_generic(stem[end:])]
    place = stem[: ends[-1]] if ends else ""
    return NameParts(plain, stem, place, stem[len(place) :])


def _without_legal_form(name: str) -> str:
    stem = _LEGAL.sub("", name)
    if len(stem) > 3 and stem.endswith("股份"):
        stem = stem[:-2]
    return stem if len(stem) > 1 else name


def is_generic(text: str) -> bool:
    """Whether a text is made of words of trade alone.

    Examples
    --------
    >>> is_generic("智能装备"), is_generic("华数机器人")
    (True, False)
    """
    ends = {0}  # positions that words of trade reach; a regular expression would backtrack
    for start in range(len(text)):
        if start in ends:
            reach = range(start + 1, min(start + _LONGEST_GENERIC, len(text)) + 1)
            ends.update(end for end in reach if text[start:end] in _GENERIC)
    return len(text) in ends


def split_unit(name: str, towns: Iterable[str] = ()) -> tuple[str, str]:
    """Cut a branch or plant from the firm it belongs to.

    Parameters
    ----------
    name
        A name without marks, as ``take_apart(...).plain`` gives it.
    towns
        Further places that may stand before the word for a plant.

    Returns
    -------
    tuple[str, str]
        The firm and its unit; the unit is ``""`` where the name has none.

    Examples
    --------
    >>> split_unit("赛力斯渝北工厂"), split_unit("华数机器人有限公司鱼复分公司"), split_unit("重庆齿轮箱厂")
    (('赛力斯', '渝北工厂'), ('华数机器人有限公司', '鱼复分公司'), ('重庆齿轮箱厂', ''))
    >>> split_unit("赛力斯龙兴超级工厂", towns=["龙兴"])
    ('赛力斯', '龙兴超级工厂')
    """
    if len(name) > _LONGEST_WITH_UNIT:
        return name, ""
    match = _AFTER_FIRM.match(name)
    if not match:
        for town in sorted({t for t in towns if t}, key=lambda t: (-len(t), t)):
            at = name.find(town, 2)
            if at > 0 and re.search(rf"(?:{_UNIT_WORD}|厂)$", name[at + len(town) :]):
                return name[:at], name[at:]
        match = _AFTER_BRAND.match(name)
    if not match or is_place(match[1]) or is_generic(match[1]):
        return name, ""
    return match[1], match[2]
