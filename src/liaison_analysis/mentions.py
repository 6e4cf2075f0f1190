"""The products, enterprises, towns and intents that a text speaks of."""

from __future__ import annotations

import csv
import re
import unicodedata
from collections import defaultdict
from pathlib import Path
from typing import TYPE_CHECKING, Final

import pandas as pd

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    import ahocorasick

    from liaison_analysis.ledger import Ledger

COLUMNS: Final = ["row", "kind", "value", "start", "end", "score"]

#: How sure a hit is: the vocabulary's own word, a trade word for it, the last word that products share.
EXACT: Final = 1.0
SPOKEN: Final = 0.8
SHARED: Final = 0.5

# A shared last word that means more products than this says too little to introduce anybody.
_MOST_PRODUCTS: Final = 8
_TOO_BROAD: Final = frozenset(
    [
        "系统",
        "设备",
        "服务",
        "材料",
        "生产线",
        "装配线",
        "总装线",
        "部件",
        "零件",
        "总成",
        "平台",
        "产品",
        "合金",
        "制品",
        "机构",
        "组件",
        "试验",
        "装置",
        "软件",
        "测试",
        "检测",
        "认证",
        "加工",
        "终端",
        "合作",
        "机器",
        "仪器",
        "工具",
        "车间",
        "板材",
    ]
)

# What a demand asks to be brought together with. A text may carry several intents; each pattern is a
# condition on words of asking near words of the matter, since bare nouns (客户 or 银行 alone) say little.
_INTENTS: Final[dict[str, str]] = {
    "customer": (
        r"销路|买家|市场开拓|开拓市场|打开市场|配套(?:机会|对接|厂商|车企)|转内销|供应商(?:名单|名录|目录|体系)"
        r"|(?:找|寻|拓展|开发|介绍|对接|认识|发展|缺|终端|当|愿做)[^，。；？！,;?!]{0,8}客户|想做[^，。；？！,;?!]{0,16}客户"
        r"|客户.{0,4}(?:多在|在外地|在哪|难找|太少|单一|流失)"
        r"|(?:找|多接|接点|拿|拓展|缺|没有|争取)[^，。；？！,;?!]{0,16}订单|订单.{0,4}(?:少|不足|不够|掉|没了|下滑|不饱)"
        r"|进不去|供货给|卖进|卖给|谁要|谁家.{0,8}(?:要|换|规划)|名录在哪|验证机会|演示机|想去投"
        r"|(?:对接|认识|引见|介绍|结识|见见|想见|搭上|对上话|牵线|走进|供给|推荐给)"
        r".{0,14}(?:整车|主机厂|车企|厂(?![区房里门内外])|企业|(?<!供电)(?<!供水)(?<!来水)(?<!燃气)(?<!物业)(?<!公交)(?<!安保)公司|采购|用户)"
        r"|进入[^，。；？！,;?!]{0,8}(?:整车|主机厂|车企|供应链|目录|名录|行业|领域)"
        r"|愿意.{0,8}(?:试用|装车|小试|验证)|试样|打样|送样|先送.{0,6}样|来试磨|拆解产能|往.{0,8}(?:行业|领域|块)走"
        r"|(?:产能|产线|机台|设备|机床|炉|线)[^。；！？]{0,10}(?:空着|放空|只开了|可以接(?!送))|只开了.{0,3}(?:班|产能|条线)"
        r"|可以接(?:单|活|货|外)|(?:销路|产能|客户|订单).{0,8}着落"
        r"|(?:采购|客户|车企|主机厂|用户|厂家).{0,8}(?:来看过|约|都在谈)|安排.{0,6}交流"
    ),
    "supplier": (
        r"供因商|货源|(?<![电水气])断货|缺货|(?<![电水气])断供|断档|等件|采购难|料源|集采|现货|国产化|第二供应|独家供货"
        r"|(?:找|寻|缺|换|本地|西南|稳定|引进|介绍|推荐|第二|有没有|哪家|哪里)[^，。；？！,;?!]{0,10}供应商"
        r"|供应商.{0,4}(?:断|停|涨|拖|不够|在哪|只有)|(?<![电水气])供不上|稳定供(?![电水气暖热])|零买|外采|就近配套|单子小不接|不够封"
        r"|(?:供货|到货|来料|采购|进口|轴承|芯片).{0,8}交期|交期.{0,8}(?:周|个月|太长|拉长|等不)"
        r"|(?:料|货|件|芯|材|片|棒|管).{0,8}缺口|缺口.{0,6}(?:吨|万片|万套|公斤)|(?:料|材|件|芯片|钢|铝|铜|锂|销商|应商).{0,8}涨价"
        r"|(?:料|货|件|供应|配套).{0,3}跟不上|(?:货|料|件|芯片|底盘).{0,4}迟迟不来|(?:国产|进口|找|本地|有没有).{0,6}替代"
        r"|(?:找|寻|求购|想买|引|介绍).{0,8}(?:供应|配套厂|厂家|新厂家|隔膜厂)|(?:找|买|采购|换).{0,6}本地的"
    ),
    "finance": (
        r"(?<![房车])贷|融资|授信|银行(?!网点|卡|开户|门口|旁|停车|代发|、税)|资金(?:周转|缺口|紧张|压力|链)|流动资金"
        r"|周转(?!房|宿舍|箱|筐|率|用房|车|场)|(?:融资|设备)租赁|租赁(?:公司|款)|月付租金|抵押|担保|贴息|股权|(?<!维修)(?<!公积)基金"
        r"|应收|保理|备货款|垫款|放点?款|账期|承兑|信用证|(?:拟|要|想|准备|筹备).{0,4}上市|上市(?:辅导|融资|培育)"
    ),
    "test": (
        r"检测|认证|校准|较准|计量|标定|第三方|CMA|CNAS|暗室|EMC|电磁兼容|台架|送样的?实验室|可靠性|测评|探伤|试验(?:机|台|场|室)?"
        r"|(?:检|测|校|评|出|型式|第三方).{0,6}报告|(?:检定|计量|CE|CR|3C|产品).{0,4}证书"
        r"|试飞|三C|强检|暗箱|盐雾|温循箱|激光干涉仪|要测|热扩散|老化(?:房|箱|柜|考核)"
    ),
    "research": (
        r"高校|大学(?![生城毕])|院所|研究院|课题|教授|(?:高校|大学|学院|所).{0,6}老师|专家|联合(?:研发|开发|实验室|培养|申报)|产学研|技术攻关"
        r"|科研|博士|研究生|技术难题|研究机构|懂.{0,6}的人|攻关|改型|原位"
    ),
    "staff": r"招工|招聘|招人|用工|缺工|缺人|工人难|普工|技工|学徒|培训|实习|校招|劳务|留不住|人手",
    "policy": r"政策|补贴|补助|奖励|申报|专精特新|小巨人|高新(?:技术)?企业|税|资质认定|技改|扶持|名单|兑现",
    "site": (
        r"厂房|车位|停车|充电桩|道路|路灯|仓库租|租金|土地|用地|扩建|宿舍|食堂|班车|公交|荷载|行车|货梯|装修"
    ),
    "utilities": (
        r"停电|电压|用电|供电|变压器|增容|kVA|用水|供水|水压|停水|燃气|天然气|蒸汽|污水|排水|网络|宽带|光纤|信号"
    ),
}
INTENTS: Final = tuple(_INTENTS)
_INTENT_PATTERNS: Final = {intent: re.compile(pattern, re.IGNORECASE) for intent, pattern in _INTENTS.items()}


def find_mentions(texts: Iterable[str], ledger: Ledger) -> pd.DataFrame:
    """Find what texts speak of, in the ledger's own vocabulary.

    Products are found by their name, by a trade word (``trade_words.csv``: 主机厂 means the products that
    end in 乘用车), and by a last word that few products share (减速器 for RV减速器 and 谐波减速器); the
    longest hit wins where hits overlap. Search is by one Aho–Corasick automaton over the vocabulary
    (Aho and Corasick 1975, doi:10.1145/360825.360855). Intents come from patterns.

    Parameters
    ----------
    texts
        Chinese texts; ``row`` of the result counts them from 0.
    ledger
        Its offers, product chain, enterprises, aliases and towns are the vocabulary.

    Returns
    -------
    DataFrame
        Columns row (int), kind (``product``, ``enterprise``, ``town`` or ``intent``), value (product name,
        enterprise id, town, or one of ``INTENTS``), start and end (characters, end exclusive), score
        (1 for the vocabulary's own word and for intents, 0.8 for a trade word, 0.5 for a shared last word).
        Sorted by row, start, kind, value.

    Examples
    --------
    >>> from liaison_analysis import load_liangjiang
    >>> mentions = find_mentions(["做谐波减速器的，想认识水土的机械臂厂家"], load_liangjiang())
    >>> print(mentions[["kind", "value", "score"]].to_string(index=False, header=False))
    product    谐波减速器  1.0
     intent customer  1.0
       town       水土  1.0
    product    工业机器人  0.8
    """
    texts = list(texts)
    automaton = _automaton(ledger) if texts else None
    rows: list[tuple[int, str, str, int, int, float]] = []
    for row, text in enumerate(texts):
        plain = _fold(text)
        for start, end, meanings in _longest_hits(automaton, plain):
            rows += [(row, kind, value, start, end, score) for kind, value, score in meanings]
        for intent, pattern in _INTENT_PATTERNS.items():
            if match := pattern.search(plain):
                rows.append((row, "intent", intent, match.start(), match.end(), EXACT))
    found = pd.DataFrame(rows, columns=COLUMNS).astype(
        {"row": "int64", "kind": "str", "value": "str", "start": "int64", "end": "int64", "score": "float64"}
    )
    return found.sort_values(["row", "start", "kind", "value"], kind="stable", ignore_index=True)


def demand_mentions(ledger: Ledger) -> pd.DataFrame:
    """Mentions of every demand: ``find_mentions`` with demand_id and enterprise_id before its columns."""
    demands = ledger.demands
    found = find_mentions(demands["text"], ledger)
    who = demands[["demand_id", "enterprise_id"]].iloc[found["row"]].reset_index(drop=True)
    return pd.concat([who, found], axis=1)


def products_of(ledger: Ledger) -> list[str]:
    """Every product that the ledger names in offers or in the product chain, sorted."""
    chain = ledger.product_chain
    return sorted({*ledger.offers["product"], *chain["upstream"], *chain["downstream"]})


class _Folds(dict[int, str]):
    """Width and case folded character by character; what would become longer stays as it is."""

    def __missing__(self, code: int) -> str:
        """Fold a character when it is met first."""
        folded = unicodedata.normalize("NFKC", chr(code)).upper()
        self[code] = folded if len(folded) == 1 else chr(code)
        return self[code]


_FOLDS: Final = _Folds()


def _fold(text: str) -> str:
    """Text in one width and case, as long as before, so that places in it stay what they are."""
    return text.translate(_FOLDS)


def _vocabulary(ledger: Ledger) -> dict[str, list[tuple[str, str, float]]]:
    """Folded word → its meanings; a surer meaning of the same word keeps weaker ones out."""
    products = products_of(ledger)
    words: dict[str, list[tuple[str, str, float]]] = defaultdict(list)
    for product in products:
        words[_fold(product)].append(("product", product, EXACT))
    for enterprise_id, name in ledger.enterprises[["enterprise_id", "name"]].itertuples(index=False):
        words[_fold(name)].append(("enterprise", enterprise_id, EXACT))
    for enterprise_id, alias in ledger.aliases[["enterprise_id", "alias"]].itertuples(index=False):
        words[_fold(alias)].append(("enterprise", enterprise_id, EXACT))
    for town in sorted(ledger.enterprises["town"].dropna().unique()):
        words[_fold(town)].append(("town", town, EXACT))
    for word, meant in _trade_words(products).items():
        if word not in words:
            words[word] += [("product", product, SPOKEN) for product in meant]
    for word, meant in sorted(_shared_endings(products).items()):
        if _fold(word) not in words:
            words[_fold(word)] += [("product", product, SHARED) for product in meant]
    return {word: meanings for word, meanings in words.items() if meanings}


def _trade_words(products: list[str]) -> dict[str, list[str]]:
    """Words that the trade uses, folded, and the products that end in what they mean."""
    with (Path(__file__).parent / "trade_words.csv").open(encoding="utf-8", newline="") as file:
        entries = list(csv.DictReader(file))
    # By length of the ending, since looking at every product for every trade word takes long on 90,000.
    ending: dict[str, list[str]] = defaultdict(list)
    for length in {len(entry["means"]) for entry in entries}:
        for product in products:
            if len(product) >= length:
                ending[product[-length:]].append(product)
    return {_fold(entry["spoken"]): ending.get(entry["means"], []) for entry in entries}


def _shared_endings(products: list[str]) -> dict[str, list[str]]:
    """Last two to four characters that two to eight products share, and these products."""
    endings: dict[str, list[str]] = defaultdict(list)
    for product in products:
        for length in range(2, min(5, len(product))):
            endings[product[-length:]].append(product)
    return {e: p for e, p in endings.items() if 2 <= len(p) <= _MOST_PRODUCTS and e not in _TOO_BROAD}


def _automaton(ledger: Ledger) -> ahocorasick.Automaton:
    import ahocorasick

    automaton = ahocorasick.Automaton()
    for word, meanings in _vocabulary(ledger).items():
        automaton.add_word(word, (len(word), meanings))
    automaton.make_automaton()
    return automaton


def _longest_hits(
    automaton: ahocorasick.Automaton, text: str
) -> Iterator[tuple[int, int, list[tuple[str, str, float]]]]:
    """Hits that no longer hit overlaps, from left to right."""
    if not len(automaton):  # without a word it cannot be searched
        return
    hits = [(end + 1 - length, end + 1, meanings) for end, (length, meanings) in automaton.iter(text)]
    taken: list[tuple[int, int]] = []
    kept = []
    for start, end, meanings in sorted(hits, key=lambda hit: (hit[0] - hit[1], hit[0])):
        if all(end <= a or start >= b for a, b in taken):
            taken.append((start, end))
            kept.append((start, end, meanings))
    yield from sorted(kept, key=lambda hit: hit[0])
