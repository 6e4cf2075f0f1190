"""Customers that a demand describes in its own words: 做导管的企业, 水产的、奶的都使得上, 几家注塑厂."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from liaison_analysis.products import place_strength

if TYPE_CHECKING:
    from collections.abc import Iterable

# Patterns were written on the development regions of benchmarks/regions.py (2026-11).
_C: Final = r"[^，。；？！,;?!：:\s]"
_WHO: Final = "企业|厂|公司|单位|工厂|商超|超市|市场|客户|用户|厂家|厂商|商家|行业"
_MEET: Final = (
    "几家|一家|哪家|哪些|认识|拜访|领.{0,4}去|对接|见见|打进|想进|进入|请|找|寻|推荐|介绍|引荐|组织|转告|通知"
    "|区内|园区?里?内?|本地|可"
)
_DOES: Final = "做|搞|开|跑|用|产|养|种|卖|走|加工|生产"
# What stands behind 做导管的.
_BEHIND: Final = (
    "[^一-鿿]|$|企业|厂|公司|单位|都|客户|人家|小厂|老板|地方|正|、|来|过来|可以|可|谁|哪|肯|愿|想|要是|如果"
)
_CUES: Final = tuple(
    re.compile(pattern)
    for pattern in (
        rf"(?:面向|服务于?|针对|适合|供应?给?|专供)({_C}{{1,16}}?)(?:等)?(?:{_WHO})",
        rf"((?:(?:{_DOES}){_C}{{1,9}}?(?:的|、|，)?)+)的(?:{_BEHIND})",
        rf"((?:{_C}{{1,5}}的、)+{_C}{{1,8}}的)",
        rf"(?:{_MEET})({_C}{{1,12}}?)(?:{_WHO})",
        rf"({_C}{{2,14}}?)(?:都|也)(?:能|可以?|行|接|收|使得上|用得上|用得着)(?:放|存|做|用|装|套|灌|吃|$|[，。,])",
        rf"({_C}{{2,14}}?)(?:都不肯|不肯|都嫌)",
    )
)
_AROUND: Final = re.compile(
    r"^(?:和|跟|做|搞|开|跑|用(?!品)|产(?!品|业)|种(?!植|子)|卖|走|想让|往\S\S走|能|那些?|这些?|几|家|个|一|我们|他|去|网上|区内|园区|本地"
    r"|的|可)+|(?:的|等|们|企业|厂家?|公司|那边|这些|用户|坐坐|单)+$"
)
_PARTS: Final = re.compile(r"[、，,和及与或]|(?<=.)(?=做|卖)")
_SAY_NOTHING: Final = frozenset(
    re.findall(
        r"\S+",
        """外 内 园区 区内 本地 有 人 好 新 老 大 小 机器 电 料 钱 活 东西 产品 这 那 单 客户 企业 合作
        推介 宿 货 国外 外省 出 试 二 三 班 夜班 白班 不是 价格 价钱 条 线 样 箱子 干 工人 白送 小批量 订单
        业务""",
    )
)
_LONGEST: Final = 8
_HAN: Final = re.compile("[一-鿿]")

# Share of a target's pairs of characters that a phrase must contain to match, and the strength of such a
# match and of a single character (judgement).
_SHARE: Final = 0.5
_PARTLY: Final = 0.8


def targets_of(text: str, things: Iterable[str] = ()) -> list[str]:
    """Words for the customers that a demand looks for; empty where it describes none.

    Parameters
    ----------
    text
        A demand that looks for customers.
    things
        What it offers: not a target where it ends in the same word.

    Examples
    --------
    >>> targets_of("想找做导管的企业一起上中试"), targets_of("水产的、奶的都使得上")
    (['导管'], ['奶', '水产'])
    >>> targets_of("夜班基本空着，小批量也接")
    []
    """
    offered = list(things)
    words: list[str] = []
    for cue in _CUES:
        for match in cue.finditer(text):
            for part in _PARTS.split(match[1]):
                word = _AROUND.sub("", _AROUND.sub("", part))
                known = word in _SAY_NOTHING or any(thing.endswith(word) for thing in offered)
                if word and not known and len(word) <= _LONGEST and _HAN.search(word):
                    words.append(word)
    return list(dict.fromkeys(words))


def target_strength(targets: Iterable[str], words: str, kinds: Iterable[str] = ()) -> float:
    """How well a phrase of an enterprise's business is one of the targets, 0–1.

    Examples
    --------
    >>> [target_strength(["水产", "奶"], words) for words in ("巴氏鲜奶", "水产制品", "月饼")]
    [0.8, 0.8, 0.0]
    """
    named = list(kinds)
    best = 0.0
    for target in targets:
        pairs = {target[i : i + 2] for i in range(len(target) - 1)}
        if target in words:
            place = place_strength(words[words.rindex(target) + len(target) :])
            best = max(best, place * (_PARTLY if len(target) == 1 else 1.0))
        elif pairs and any(kind.endswith(target) for kind in named):
            best = 1.0
        elif pairs and sum(pair in words for pair in pairs) >= _SHARE * len(pairs):
            last = max(words.rfind(pair) for pair in pairs)
            best = max(best, _PARTLY * place_strength(words[last + 2 :]))
    return round(best, 6)
