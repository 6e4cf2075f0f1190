"""The parts of an enterprise's name: place, brand and trade, group word, legal form, plant or branch."""

from __future__ import annotations

import functools
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from liaison_analysis.text import normalise

if TYPE_CHECKING:
    from collections.abc import Iterable

# Provinces, and their cities of prefecture rank, large county cities and (Chongqing) districts.
_CITIES: Final = {
    "北京": "",
    "天津": "",
    "上海": "浦东",
    "香港": "",
    "澳门": "",
    "台湾": "",
    "西藏": "拉萨",
    "海南": "海口 三亚",
    "重庆": (
        "万州 涪陵 渝中 大渡口 江北 沙坪坝 九龙坡 南岸 北碚 綦江 大足 渝北 巴南 黔江 "
        "长寿 江津 合川 永川 南川 璧山 铜梁 潼南 荣昌 开州 梁平 武隆 城口 丰都 垫江 "
        "忠县 云阳 奉节 巫山 巫溪 石柱 秀山 酉阳 彭水 两江新区 两江"
    ),
    "河北": "石家庄 唐山 秦皇岛 邯郸 邢台 保定 张家口 承德 沧州 廊坊 衡水",
    "山西": "太原 大同 阳泉 长治 晋城 朔州 晋中 运城 忻州 临汾 吕梁",
    "内蒙古": "呼和浩特 包头 乌海 赤峰 通辽 鄂尔多斯 呼伦贝尔",
    "辽宁": "沈阳 大连 鞍山 抚顺 本溪 丹东 锦州 营口 阜新 辽阳 盘锦 铁岭 葫芦岛",
    "吉林": "长春 四平 辽源 通化 白山 松原 延边",
    "黑龙江": "哈尔滨 齐齐哈尔 鸡西 鹤岗 双鸭山 大庆 伊春 佳木斯 牡丹江 绥化",
    "江苏": (
        "南京 无锡 徐州 常州 苏州 南通 连云港 淮安 盐城 扬州 镇江 泰州 宿迁 昆山 江阴 张家港 常熟 太仓 宜兴"
    ),
    "浙江": ("杭州 宁波 温州 嘉兴 湖州 绍兴 金华 衢州 舟山 台州 丽水 义乌 慈溪 余姚 诸暨 海宁 桐乡"),
    "安徽": ("合肥 芜湖 蚌埠 淮南 马鞍山 淮北 铜陵 安庆 黄山 滁州 阜阳 宿州 六安 亳州 池州 宣城"),
    "福建": "福州 厦门 莆田 三明 泉州 漳州 南平 龙岩 宁德 晋江",
    "江西": "南昌 景德镇 萍乡 九江 新余 鹰潭 赣州 吉安 宜春 抚州 上饶",
    "山东": ("济南 青岛 淄博 枣庄 东营 烟台 潍坊 济宁 泰安 威海 日照 临沂 德州 聊城 滨州 菏泽"),
    "河南": ("郑州 开封 洛阳 平顶山 安阳 鹤壁 新乡 焦作 濮阳 许昌 漯河 三门峡 南阳 商丘 信阳 周口 驻马店"),
    "湖北": "武汉 黄石 十堰 宜昌 襄阳 鄂州 荆门 孝感 荆州 黄冈 咸宁 随州 恩施",
    "湖南": "长沙 株洲 湘潭 衡阳 邵阳 岳阳 常德 张家界 益阳 郴州 永州 怀化 娄底",
    "广东": (
        "广州 深圳 珠海 汕头 佛山 江门 湛江 茂名 肇庆 惠州 梅州 汕尾 河源 阳江 清远 "
        "东莞 中山 潮州 揭阳 云浮 顺德 南海"
    ),
    "广西": "南宁 柳州 桂林 梧州 北海 防城港 钦州 贵港 玉林 百色 贺州 河池",
    "四川": ("成都 自贡 攀枝花 泸州 德阳 绵阳 广元 遂宁 内江 乐山 南充 眉山 宜宾 广安 达州 雅安 巴中 资阳"),
    "贵州": "贵阳 六盘水 遵义 安顺 毕节 铜仁",
    "云南": "昆明 曲靖 玉溪 保山 昭通 丽江 普洱 临沧 大理",
    "陕西": "西安 铜川 宝鸡 咸阳 渭南 延安 汉中 榆林 安康 商洛",
    "甘肃": "兰州 嘉峪关 金昌 白银 天水 武威 张掖 平凉 酒泉 庆阳",
    "青海": "西宁",
    "宁夏": "银川 石嘴山 吴忠",
    "新疆": "乌鲁木齐 克拉玛依",
}
_PROVINCE: Final = {
    place: province for province, cities in _CITIES.items() for place in (province, *cities.split())
}
#: Places that a name may begin with: the above, the country and its regions.
PLACES: Final = (*_PROVINCE, "中国", "西南", "西北", "华东", "华南", "华北", "华中", "东北")

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
_PLACE: Final = "|".join(sorted(PLACES, key=lambda p: (-len(p), p)))
_ANY_PLACE: Final = re.compile(_PLACE)
_LEADING_PLACE: Final = re.compile(
    rf"^(?:(?:{_PLACE})(?:壮族自治区|回族自治区|维吾尔自治区|自治区|特别行政区|省|市|县|新区|区(?!块))?)++"
)
_WHOLE_PLACE: Final = re.compile(_LEADING_PLACE.pattern + "$")
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
    """A name taken apart.

    Attributes
    ----------
    plain
        The whole name in one way of writing: width, script, case, without marks and brackets.
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
        """Whether the core holds anything beyond words of trade: at least two characters of a brand."""
        return len(self.core) > 1 and not is_generic(self.core)


def take_apart(names: Iterable[object]) -> list[NameParts]:
    """Take names apart, however they are written.

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
        if _WHOLE_PLACE.match(brackets[1]):
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
    leading = _LEADING_PLACE.match(stem)
    place = leading[0] if leading else ""
    if place and (len(stem) - len(place) < 2 or is_generic(stem[len(place) :])):
        place = ""
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
    ends = {0}  # places that words of trade lead to; a pattern would try their parts again and again
    for start in range(len(text)):
        if start in ends:
            reach = range(start + 1, min(start + _LONGEST_GENERIC, len(text)) + 1)
            ends.update(end for end in reach if text[start:end] in _GENERIC)
    return len(text) in ends


def is_place(text: str) -> bool:
    """Whether a text is a place alone.

    Examples
    --------
    >>> is_place("重庆市渝北区"), is_place("重庆华数")
    (True, False)
    """
    return _WHOLE_PLACE.match(text) is not None


def places_differ(a: str, b: str) -> bool:
    """Whether two leading places cannot be the same: other provinces, or other cities of one.

    Examples
    --------
    >>> places_differ("重庆", "佛山"), places_differ("广东", "佛山市"), places_differ("", "佛山")
    (True, False, False)
    """
    ours, theirs = _located(a), _located(b)
    if not ours or not theirs:
        return False
    provinces, others = {_PROVINCE[p] for p in ours}, {_PROVINCE[p] for p in theirs}
    if not provinces & others:
        return True
    cities, other_cities = ours - provinces, theirs - others
    return bool(cities and other_cities and not cities & other_cities)


@functools.lru_cache(maxsize=100_000)
def _located(place: str) -> frozenset[str]:
    return frozenset(p for p in _ANY_PLACE.findall(place) if p in _PROVINCE)


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
