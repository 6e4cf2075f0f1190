"""Several demands, departments, states or products in one cell: find them.

A list counts as several demands where it is numbered from one on (1、2、 · ① · （一） · 一是…二是) or each of
its lines or parts is a demand of its own; a letter with numbered paragraphs stays one demand.
"""

from __future__ import annotations

import functools
import re
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Sequence

_CIRCLED: Final = "①②③④⑤⑥⑦⑧⑨⑩⑪⑫⑬⑭⑮⑯⑰⑱⑲⑳"
_CHINESE: Final = "一二三四五六七八九十"
# Most parts of a list: circled digits end there.
_MOST: Final = 20
# Every demand has a word for what is wanted or what is wrong.
_DEMAND: Final = re.compile(
    r"希望|请|望|能否|能不能|可否|是否|建议|协调|解决|申请|需要|需求|缺|不足|不够|难|慢|高|贵|紧张|困难|漏|堵|坏|未|没有|没|"
    r"无法|不能|不便|不稳|想|求|帮助|支持|加快|尽快|推荐|对接|问题|不畅|滞后|过长|太|短缺|上涨|下降|拖欠|扰民|破损|坑洼|拥堵|停电|增容"
)
# In a numbered list, words that name a matter are enough.
_LISTED: Final = re.compile(
    r"隐患|咨询|了解|不明|不清|不合理|不规范|不一致|不到位|遮挡|影响|受限|困扰|纠纷|占用|损坏|老化|流失|积压|下滑|"
    r"减免|优惠|补贴|奖励|名额|指标|资质|认定|办证|审批|备案|续租|到期|倒灌|积水|断档|瓶颈|短板"
)
# A list of two has one of these: the second marker, or what stands between its parts.
_SECOND: Final = re.compile(r"[2２二②⑵⒉❷ⅡB;；\n]")
_LETTER: Final = re.compile(
    r"您好|你好|尊敬的|敬爱的|谢谢|此致|敬礼|本人|我是|我们是|恳请领导|市长|书记|百姓|居民|业主|村民"
)
_INTRO: Final = re.compile(
    r"(诉求|问题|困难|需求|建议|反映|提出|如下|以下|几点|方面|包括|主要)[^。；;]{0,12}[:：，,]?$"
)
# Longest list, longest part and longest words before a list; judgement, tried on the layouts of benchmarks.
_LONGEST: Final = 1_200
_LONGEST_PART: Final = 150
_LONGEST_INTRO: Final = 30
_SHORTEST_PART: Final = 3

# A part that only asks to handle the one before it: 请予协调.
_BARE_REQUEST: Final = re.compile(
    r"^(恳请|烦请|敬请|请|望|希望|建议|盼)(能够?|贵?[局区委办]|政府|有关部门|相关部门|领导|尽快|协助|给予|予以?|帮助|大力|"
    r"进行|及时)*(协调|解决|支持|处理|帮助|指导|落实|关注|研究|考虑|答复|回复|重视)*(解决|处理|推进|支持|一下|为盼|为谢)?[。.!！]?$"
)
# A Chinese character, and an English word.
_CHARACTER: Final = re.compile(r"[\u4e00-\u9fff]")
_WORD: Final = re.compile(r"[A-Za-z]{3}")
# Marks between products outside of brackets; a comma, line break or space only between Chinese words, since
# names of parts hold them.
_BETWEEN_PRODUCTS: Final = re.compile(
    r"(?:(?<=\w)[、；](?=\w)|(?<=[\u4e00-\u9fff)）])[、；\n，,;](?=\w)|(?<=\w)[\n，,;](?=[\u4e00-\u9fff])"
    r"|(?<=[\u4e00-\u9fff])\s+(?=[\u4e00-\u9fff]))(?![^(（]*[)）])"
)
_PRODUCTS_LABEL: Final = re.compile(r"^(?:主要|主营|主导)?(?:产品|业务|经营范围)\s*[:：]\s*")


def numbered_list(parts: Sequence[str]) -> str:
    """Write parts as one numbered list, as a clerk does, for ``split_demands`` to split; one part as it is.

    Examples
    --------
    >>> numbered_list(["停车难", "停电"]), numbered_list(["停车难"])
    ('1、停车难；2、停电', '停车难')
    """
    return "；".join(f"{n}、{part}" for n, part in enumerate(parts, 1)) if len(parts) > 1 else "".join(parts)


@functools.cache
def _markers() -> list[list[re.Pattern[str]]]:
    """Patterns of the markers 1, 2, 3, … of every kind of list."""
    digits = [rf"(?<![\d.A-Za-z年月第]){n}\s*(?:[、．)）]|[.:：，,](?!\d))" for n in range(1, _MOST + 1)]
    bracketed = [rf"[(（]\s*{n}\s*[)）]" for n in range(1, _MOST + 1)]
    circled = [_CIRCLED[n] for n in range(_MOST)]
    numbers = [*_CHINESE, *("十" + c for c in _CHINESE[:9])]
    chinese = [rf"(?<![{_CHINESE}第]){c}[、.．]" for c in numbers]
    # ⑴, ⒈, ❶ and Ⅰ、 stand in the order of their codes; letters count where a mark follows.
    signs = [[chr(first + n) for n in range(10)] for first in (0x2474, 0x2488, 0x2776)]
    roman = [rf"{chr(0x2160 + n)}\s*[、.．]" for n in range(10)]
    letters = [rf"(?<![A-Za-z\d]){chr(ord('A') + n)}\s*[、.．)）:：]" for n in range(10)]
    in_brackets = [rf"[(（]{c}[)）]" for c in numbers]
    spoken = [rf"(?<![{_CHINESE}]){c}是" for c in numbers]
    ordinal = [rf"第{c}[，,、:：]" for c in numbers]
    other = [rf"其{c}[，,、:：]?" for c in numbers]
    dotted = [
        rf"(?:诉求|问题|需求|建议|困难){word}\s*[:：、]"
        for pair in zip(range(1, 11), _CHINESE, strict=True)
        for word in [f"(?:{pair[0]}|{pair[1]})"]
    ]
    kinds = [dotted, digits, bracketed, circled, in_brackets, chinese, spoken, ordinal, other]
    kinds += [*signs, roman, letters]
    return [[re.compile(one) for one in kind] for kind in kinds]


def split_demands(
    text: str, counts: Collection[int] = (), *, letter: bool = False, lines: bool = True
) -> tuple[list[str], str]:
    """Demands of a cell, and the words before the list; one demand where the cell holds no list.

    Parameters
    ----------
    text
        The cell.
    counts
        Into how many parts other cells of the row can be split: departments, states. A list of the same
        length beside is evidence.
    letter
        Whether the column holds letters, whose paragraphs are numbered too: only a list of the same length
        beside splits one.
    lines
        Whether lines and semicolons may stand between demands; else only markers, or a list of the same
        length beside.

    Examples
    --------
    >>> split_demands("1、员工宿舍不够。2、污水管网堵塞，希望修复。")
    (['员工宿舍不够。', '污水管网堵塞，希望修复。'], '')
    >>> split_demands("企业反映以下问题：一是招工难；二是用电不足。")
    (['招工难', '用电不足。'], '企业反映以下问题：')
    >>> split_demands("宿舍不够，希望增加3.5万平方米；比去年多")
    (['宿舍不够，希望增加3.5万平方米；比去年多'], '')
    """
    if len(text) > _LONGEST or len(text) < 2 * _SHORTEST_PART:
        return [text], ""
    if not _SECOND.search(text):
        return [text], ""
    letter = letter or bool(_LETTER.search(text))
    for kind in _markers():
        parts, intro = _numbered(text, kind)
        if len(parts) < 2 or any(
            len(part.strip()) < _SHORTEST_PART or len(part) > _LONGEST_PART for part in parts
        ):
            continue
        aligned = len(parts) in counts
        if aligned or (not letter and _introduces(intro) and sum(map(_is_listed, parts)) * 2 > len(parts)):
            return [part.strip().lstrip("：:，,、.").rstrip("；;，,、") for part in parts], intro.strip()
    if letter:
        return [text], ""
    for separator in ("\n", "；|;"):
        parts = [part.strip() for part in re.split(separator, text) if part.strip()]
        parts = _without_bullets(parts)
        if _is_translation(parts):
            return [text], ""
        fine = len(parts) > 1 and all(_SHORTEST_PART <= len(part) <= _LONGEST_PART for part in parts)
        goes_on = any(part.endswith(("，", ",", "、")) for part in parts[:-1])  # a line broken by hand
        if fine and (len(parts) in counts or (lines and not goes_on and all(map(_is_demand, parts)))):
            return parts, ""
    return [text], ""


def _is_translation(parts: Sequence[str]) -> bool:
    """Whether one of two parts is in English and the other in Chinese: the same in both languages."""
    chinese = [bool(_CHARACTER.search(part)) for part in parts]
    return len(parts) == 2 and sum(chinese) == 1 and bool(_WORD.search(parts[chinese.index(False)]))


def _without_bullets(parts: list[str]) -> list[str]:
    """Remove what only numbers the parts: bullets, 1 or 1-, or 首先 · 其次."""
    parts = [re.sub(r"^[·•●■◆▪▶➢*＊\-—]+\s*", "", part) for part in parts]
    counted = [re.match(rf"{n}\s*[-—\s.、)）]\s*(?=\D)", part) for n, part in enumerate(parts, 1)]
    if all(counted):
        return [part[one.end() :] for part, one in zip(parts, counted, strict=True) if one]
    if parts and parts[0].startswith("首先"):
        return [re.sub(r"^(?:首先|其次|再次|再者|最后|另外|此外)[，,:：]?\s*", "", part) for part in parts]
    return parts


def _numbered(text: str, kind: list[re.Pattern[str]]) -> tuple[list[str], str]:
    """Parts after the markers one, two, three, … in their order, and what stands before the first."""
    places: list[tuple[int, int]] = []
    at = 0
    for marker in kind:
        found = marker.search(text, at)
        if found is None:
            break
        places.append(found.span())
        at = found.end()
    ends = [start for start, _ in places[1:]] + [len(text)]
    parts = [text[end:stop] for (_, end), stop in zip(places, ends, strict=False)]
    return parts, text[: places[0][0]] if places else ""


def _introduces(intro: str) -> bool:
    plain = intro.strip()
    return not plain or (len(plain) <= _LONGEST_INTRO and bool(_INTRO.search(plain)))


def _is_demand(part: str) -> bool:
    return len(part) >= _SHORTEST_PART and bool(_DEMAND.search(part)) and not _BARE_REQUEST.match(part)


def _is_listed(part: str) -> bool:
    return _is_demand(part) or (bool(_LISTED.search(part)) and not _BARE_REQUEST.match(part))


def holds_list(text: str) -> bool:
    """Whether a text is a list that is numbered from its start.

    Examples
    --------
    >>> holds_list("1、占地30亩；2、职工90人"), holds_list("占地30亩；职工90人")
    (True, False)
    """
    if len(text) > _LONGEST or _LETTER.search(text) or not _SECOND.search(text):
        return False
    for kind in _markers():
        parts, intro = _numbered(text, kind)
        if (
            len(parts) > 1
            and not intro.strip()
            and all(len(part.strip()) >= _SHORTEST_PART for part in parts)
        ):
            return True
    return False


def split_list(cell: str, n: int) -> list[str]:
    """Split a cell of departments, states or days into ``n`` parts: one each, or the same for all.

    Returns
    -------
    list of str
        ``n`` texts; empty where the cell holds neither one part nor ``n``.

    Examples
    --------
    >>> split_list("1、已办结；2、正在办理", 2), split_list("园区运营部、科技部", 2), split_list("已办结", 2)
    (['已办结', '正在办理'], ['园区运营部', '科技部'], ['已办结', '已办结'])
    >>> split_list("甲部、乙部", 3)
    []
    """
    if not cell:
        return [""] * n
    for parts in _ways(cell):
        if len(parts) == n:
            return parts
    return [] if any(len(parts) > 1 for parts in _ways(cell)) else [cell] * n


@functools.lru_cache(maxsize=4096)
def list_lengths(cell: str) -> frozenset[int]:
    """Into how many parts a cell of departments or states can be split; empty where it is one part."""
    return frozenset(len(parts) for parts in _ways(cell) if len(parts) > 1) if cell else frozenset()


def _ways(cell: str) -> Iterator[list[str]]:
    """Ways to split a short list into parts."""
    for kind in _markers():
        parts, intro = _numbered(cell, kind)
        if len(parts) > 1 and not intro.strip():
            yield [part.strip(" \n；;，,、。") for part in parts]
    for separator in ("\n", "[；;]", "[、，,/]", r"(?<=[\u4e00-\u9fff])\s+(?=[\u4e00-\u9fff])"):
        parts = [part.strip() for part in re.split(separator, cell) if part.strip()]
        if len(parts) > 1 and not _is_translation(parts):
            yield parts


def split_products(cell: str) -> list[str]:
    """Products of a cell.

    Examples
    --------
    >>> split_products("减速机、注塑件等"), split_products("ABS/PC合金")
    (['减速机', '注塑件'], ['ABS/PC合金'])
    >>> split_products("1、减速机；2、注塑件")
    ['减速机', '注塑件']
    """
    text = _PRODUCTS_LABEL.sub("", cell)
    numbered = next((parts for kind in _markers() if len(parts := _numbered(text, kind)[0]) > 1), None)
    parts = [part.strip(" \n；;，,、。") for part in numbered or _BETWEEN_PRODUCTS.split(text)]
    if len(parts) > 1:
        parts = [re.sub(r"(?<=.)等(?:系列)?(?:产品)?$", "", part) for part in parts]
    return list(dict.fromkeys(part for part in parts if part)) or [cell]
