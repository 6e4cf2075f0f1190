"""Who uses what: a table of goods, services and by-products, written by kinds of users."""

from __future__ import annotations

import csv
import re
from functools import cache, lru_cache
from importlib.resources import files
from typing import TYPE_CHECKING, Final, NamedTuple

from liaison_analysis.products.terms import fold_term

if TYPE_CHECKING:
    from collections.abc import Mapping

#: Users that are not recognised by a word of their business: any maker of goods, and any large employer.
ANY_MAKER: Final = "@制造"
MANY_PEOPLE: Final = "@大厂"

#: Probability of use by a match of ``users`` and of ``sometimes`` (judgement, an order).
USUAL: Final = 1.0
SOMETIMES: Final = 0.6

# Weight of a word of the table that is not the end of the thing, and of one beside a longer word (judgement).
_INSIDE: Final = 0.8
_SHORTER: Final = 0.64
# What is left of that where another row has the word that ends the thing: 喷墨印花墨水 is an ink.
_BESIDE_HEAD: Final = 0.5

# Weight of a hypernym by the steps of is_a up to the word of the table (judgement, an order).
_KINDS: Final = (0.95, 0.85, 0.7, 0.5)
_FAR_KIND: Final = 0.3

# Weight of a word that stands before others in a phrase: 面板 of 面板AOI检测设备 is not what is made
# (judgement, an order). Latin letters and digits after it change nothing.
_BEFORE_OTHERS: Final = 0.8
_OF_ANOTHER: Final = 0.35
_JOINS: Final = "与及和、或"
_OTHER_GOODS: Final = re.compile(
    "清洗|设备|检测|维修|维保|运营|专业|培训|包装|瓶|盒|模具|配件|零件|材料|添加剂|回收|处理|废|线缆|软件|工程"
    "|咨询|设计|机$|仪$|用|服务|托盘|箱|袋|膜$|原料|贷|涂料|胶|印刷|标签|专用|aoi|贮存|仓储|物流|运输|贸易|注册|委托"
)
# Verbs after the name of a thing.
_DOING: Final = re.compile("(?:代工|加工|服务|业务|外协|委托|技术|配送|制造|产能|维修|检修|班|生产)+$")


class Use(NamedTuple):
    """A row of ``users.csv``.

    Attributes
    ----------
    offered
        Words for what is offered, folded.
    users, sometimes
        Words in the business of regular users, and of possible users, folded.
    relation
        ``material``, ``part``, ``equipment`` or ``service``, as in the product chain; ``byproduct`` for
        left-overs and those who use or treat them.
    sources
        Words in the business of those whose production leaves a by-product over; else empty.

    Examples
    --------
    >>> use_table()[0].relation
    'service'
    """

    offered: tuple[str, ...]
    users: tuple[str, ...]
    sometimes: tuple[str, ...]
    relation: str
    sources: tuple[str, ...] = ()


@cache
def use_table() -> tuple[Use, ...]:
    """Read ``users.csv``, which comes with the package; every row by general engineering knowledge.

    Examples
    --------
    >>> row = next(row for row in use_table() if "灭菌" in row.offered)
    >>> "敷料" in row.users, row.relation
    (True, 'service')
    """
    text = files("liaison_analysis.products").joinpath("users.csv").read_text("utf-8")
    return tuple(
        Use(
            _words(row["offered"]),
            _words(row["users"]),
            _words(row["sometimes"]),
            row["relation"],
            _words(row["sources"]),
        )
        for row in csv.DictReader(text.splitlines())
    )


def _words(cell: str) -> tuple[str, ...]:
    return tuple(fold_term(word) for word in cell.split("|") if word)


class Used(NamedTuple):
    """A row that matches a thing.

    Attributes
    ----------
    use
        The row.
    strength
        Probability, 0–1.
    word
        The word of the row.

    Examples
    --------
    >>> uses_of("灭菌")[0].strength
    1.0
    """

    use: Use
    strength: float
    word: str


def uses_of(thing: str) -> list[Used]:
    """Rows of the table that match what is offered, the most probable first.

    A row counts most whose word ends the thing's name, since a Chinese compound's head stands last.

    Parameters
    ----------
    thing
        What is offered, in any words.

    Returns
    -------
    list of Used
        Empty where no row matches.

    Examples
    --------
    >>> [(row.word, row.strength) for row in uses_of("小批量环氧乙烷灭菌")][:1]
    [('灭菌', 1.0)]
    """
    return list(_uses_of(fold_term(thing)))


@cache
def _words_by_start() -> dict[str, list[tuple[str, int]]]:
    """Words of what is offered by their first character, each with the place of its row."""
    starting: dict[str, list[tuple[str, int]]] = {}
    for place, use in enumerate(use_table()):
        for word in use.offered:
            starting.setdefault(word[0], []).append((word, place))
    return starting


# A ledger's things and clauses are asked for again in every role.
@lru_cache(maxsize=20_000)
def _uses_of(folded: str) -> tuple[Used, ...]:
    starting, table = _words_by_start(), use_table()
    found: dict[int, list[str]] = {}
    for first in dict.fromkeys(folded):
        for word, place in starting.get(first, ()):
            if word in folded:
                found.setdefault(place, []).append(word)
    head = _DOING.sub("", folded) or folded
    hits = [
        (table[place], max(words, key=lambda word: (len(word), word)))
        for place, words in sorted(found.items())
    ]
    kept = []
    for use, word in hits:
        longer = [other for _, other in hits if len(other) > len(word)]
        if not any(word in other for other in longer):
            ends = head.endswith(word) or folded.endswith(word)
            kept.append(Used(use, 1.0 if ends else _SHORTER if longer else _INSIDE, word))
    if any(row.strength == 1.0 for row in kept):
        kept = [
            row if row.strength == 1.0 else row._replace(strength=row.strength * _BESIDE_HEAD) for row in kept
        ]
    return tuple(sorted(kept, key=lambda row: (-row.strength, -len(row.word), row.word)))


def use_strength(use: Use, words: str, kinds: Mapping[str, int] | None = None) -> float:
    """Probability that an enterprise uses something, by a phrase of its business.

    Parameters
    ----------
    use
        Row of the table.
    words
        The phrase.
    kinds
        Products of the catalogue that it names and what they are kinds of, with the steps of is_a up to them.

    Returns
    -------
    float
        0–1.

    Examples
    --------
    >>> row = uses_of("环氧乙烷灭菌")[0].use
    >>> [use_strength(row, words) for words in ("水胶体敷料", "敷料包装机", "配合饲料")]
    [1.0, 0.35, 0.0]
    """
    folded = fold_term(words)
    named = {fold_term(kind): step for kind, step in (kinds or {}).items()}
    best = 0.0
    for strength, listed in ((USUAL, use.users), (SOMETIMES, use.sometimes)):
        for word in listed:
            if word in folded:
                best = max(best, strength * place_strength(folded[folded.rindex(word) + len(word) :]))
            elif best < strength:
                steps = [step for kind, step in named.items() if kind.endswith(word)]
                if steps:
                    step = min(steps)
                    best = max(best, strength * (_KINDS[step] if step < len(_KINDS) else _FAR_KIND))
    return round(best, 6)


def place_strength(rest: str) -> float:
    """Weight of a word given the rest of its phrase.

    Parameters
    ----------
    rest
        What stands behind it.

    Returns
    -------
    float
        0–1: 1 where the word ends the phrase, least where the rest names other goods.

    Examples
    --------
    >>> [place_strength(rest) for rest in ("", "与测试", "切割", "检测设备")]
    [1.0, 1.0, 0.8, 0.35]
    """
    if not rest or rest[0] in _JOINS:
        return 1.0
    return _OF_ANOTHER if _OTHER_GOODS.search(rest) else _BEFORE_OTHERS
