"""The thing that a sentence asks for, in its own words, and for whom it asks."""

from __future__ import annotations

import csv
import functools
import re
import unicodedata
from collections import Counter
from importlib.resources import files
from typing import TYPE_CHECKING, Any, Final, NamedTuple

import numpy as np

from liaison_analysis.demands.asking import CLAUSE, Span
from liaison_analysis.demands.request_examples import examples_with_things
from liaison_analysis.products import product_catalogue

if TYPE_CHECKING:
    from collections.abc import Sequence

    from liaison_analysis.products import ProductCatalogue

#: Intents whose demands ask for a thing: goods, a service, a test, money for something.
OF_THINGS: Final = ("customer", "supplier", "test", "research", "finance")

# A second noun counts from this probability, and from the lower one where 、 or 和 joins it to the first
# (judgement: of texts read, most that ask for two things list them).
_SECOND, _LISTED = 0.5, 0.25
_MOST = 3  # things named of one sentence (judgement)

# Inverse strength of the regularisation, and share of characters from which a piece is a marked thing: chosen
# by cross-validation on the marked things and on the regions medical, display and food.
_C, _MOSTLY = 0.3, 0.45

_PACKAGE: Final = "liaison_analysis.demands"
_ASKERS: Final = ("customer", "supplier", "test")
_FLAGS: Final = (
    "product in it", "product ends it", "product is it", "length", "two characters", "behind a seeking word",
    "before a word of trouble", "organisation", "no object", "begins a clause", "clause asks", "first",
    "last", "own business", "share of own business", "Latin letters", "place of the clause", "last clause",
    "waste",
)  # fmt: skip
_NUMBER: Final = "0-9一两二三四五六七八九十百千万几半零"
_ASKS: Final = re.compile(
    "想|要|找|求|缺|差|买|换|谁|哪|请|有没有|盼|希望|能不能|能否|可以来|愿意|推|认识|介绍|引荐|打听|外协|外发|急"
)
_SOUGHT: Final = re.compile(
    "(?:找|寻|求购|采购|购|买|做|缺的?是?|差|换成?|要|外协|外发|上|租|收|求|测|检|办|引进|开发|承接|接|卖|推|推广|供|试)"
    "(?:个|家|一家|一批|会|能|的|了|专门|把)*$"
)
_TROUBLED: Final = re.compile(
    "(?:还|也|都|又|老|一直|现在|目前|这|那|以前|全|的|用)?"
    "(?:一直|靠|都|停|断|涨|空|闲|没|富余|剩|吃|卖|堆|满|不够|用|从|发|进口|外|太|谁|想|怎|有没|要|在|缺|坏|飘|老|跟不上)"
)
_OF_ORGANISATION: Final = re.compile("的?(?:厂|企业|公司|老师|教授|专家|师傅|单位)")
_LATIN: Final = re.compile("[A-Za-z]")
_MONEY: Final = re.compile("贷|融资|资金|保理|保函|授信|股|租赁|周转|过桥|贴现")

#: For whom it is asked, where that is not the enterprise itself.
_FOR_OTHERS: Final = re.compile(
    r"(?:替|帮|代)(?P<a>[^，。；？！,;?!：:我你]{2,10}?)(?:问|打听|找|反映|带话|捎话|说)"
    r"|(?P<b>[^，。；？！,;?!：:我你]{2,10}?)(?:托|让|请|叫)我们?(?:问|打听|带|捎|找|帮)"
    r"|(?P<c>外地员工|新员工|员工|职工|工人|女工|青工|外籍专家|专家|师生|家属|驾驶员|司机)"
)


class Thing(NamedTuple):
    """What is asked for.

    Attributes
    ----------
    words
        As they stand in the text.
    product
        Name in the catalogue, ``""`` where it knows none.
    """

    words: str
    product: str


def things_asked(
    sentence: str, intent: str, *, business: str = "", catalogue: ProductCatalogue | None = None
) -> list[Thing]:
    """Name the things that a sentence asks for: goods, services or tests.

    The sentence is cut at its verbs, function words, numbers and words of time and place
    (``object_words.csv``). Each piece left is scored by the words around it, by whether the catalogue has
    it, and by whether the enterprise's own business names it: sellers name their own goods, buyers seldom
    do. The weights (``object_weights.csv``) are those of a logistic regression on the marked things of the
    packaged examples (``examples_with_things``).

    Parameters
    ----------
    sentence
        A sentence that asks, of one intent.
    intent
        One of ``INTENTS``; only customers, suppliers, tests, research and money are asked for as things.
    business
        What the enterprise does, in its own words; ``""`` where that is not known.
    catalogue
        By default the one that comes with the package.

    Returns
    -------
    list
        At most three things, the likeliest first; none where the sentence names none.

    Examples
    --------
    >>> things_asked("想在附近找一家做谐波减速器的厂", "supplier")
    [Thing(words='谐波减速器', product='谐波减速器')]
    >>> things_asked("洗衣线还有四成空着，谁家用得上", "customer", business="工作服洗涤")[0].words
    '洗衣线'
    """
    if intent not in OF_THINGS:
        return []
    known = product_catalogue() if catalogue is None else catalogue
    pieces = noun_pieces(sentence)
    if intent == "finance":  # other nouns name what the money is for, or missing security
        pieces = [(a, b) for a, b in pieces if _MONEY.search(sentence, a, b)]
    if not pieces:
        return []
    weights = _weights()
    flags = np.array(piece_flags(sentence, pieces, intent, business, known))
    chances = 1 / (1 + np.exp(-(flags @ weights[1:] + weights[0])))
    order = sorted(range(len(pieces)), key=lambda i: (-round(float(chances[i]), 9), i))
    first = order[0]
    kept = [first]
    for i in order[1:_MOST]:
        a, b = sorted((pieces[first], pieces[i]))
        listed = abs(i - first) == 1 and sentence[a[1] : b[0]] in ("、", "和", "及", "以及", "跟")
        if chances[i] > (_LISTED if listed else _SECOND):
            kept.append(i)
    things = []
    for i in kept:
        words = sentence[slice(*pieces[i])]
        recognised = known.recognise(words)
        things.append(Thing(words, recognised.product if recognised else ""))
    return things


def beneficiary(text: str) -> str:
    """Find for whom a text asks, in its own words; ``""`` where it is the enterprise itself.

    Examples
    --------
    >>> beneficiary("替配套厂问问，哪里能租到冲床"), beneficiary("想租两台冲床")
    ('配套厂', '')
    """
    hit = _FOR_OTHERS.search(text)
    return next(filter(None, hit.groups()), "") if hit else ""


def noun_pieces(sentence: str) -> list[Span]:
    """Find the pieces of a sentence between verbs, function words, numbers, times and places.

    Examples
    --------
    >>> text = "显影液、蚀刻液现从华南拉"
    >>> [text[a:b] for a, b in noun_pieces(text)]
    ['显影液', '蚀刻液现', '华南']
    """
    pieces, at = [], 0
    for match in _cuts().finditer(sentence):
        if match.start() - at > 1:
            pieces.append((at, match.start()))
        at = match.end()
    if len(sentence) - at > 1:
        pieces.append((at, len(sentence)))
    return pieces


def stands_sought(sentence: str, start: int) -> bool:
    """Whether the words at a place follow a verb of seeking, buying or selling."""
    return _SOUGHT.search(sentence[max(0, start - 5) : start]) is not None


def piece_flags(
    sentence: str, pieces: Sequence[Span], intent: str, business: str, catalogue: ProductCatalogue
) -> list[list[float]]:
    """List flags of each piece, in the order of ``object_weights.csv``: its own, then by who asks."""
    clauses = [match.span() for match in CLAUSE.finditer(sentence)] or [(0, len(sentence))]
    products = product_places(sentence, catalogue)
    own = _pairs(business)
    asked = [float(intent == kind) for kind in _ASKERS]
    rows = []
    for number, (start, end) in enumerate(pieces):
        words = sentence[start:end]
        place = next((i for i, (a, b) in enumerate(clauses) if a <= start < b), 0)
        known = [p for p in products if p[0] < end and p[1] > start]
        shared = len(_pairs(words) & own) / (len(words) - 1)
        base = [
            bool(known),
            any(p[1] == end for p in known),
            any(p[0] <= start and p[1] >= end for p in known),
            min(len(words), 8) / 8,
            len(words) == 2,
            stands_sought(sentence, start),
            _TROUBLED.match(sentence, end) is not None,
            words.endswith(_words("organisation")) or _OF_ORGANISATION.match(sentence, end) is not None,
            words in _words("no object"),
            clauses[place][0] >= start - 1,
            _ASKS.search(sentence, *clauses[place]) is not None,
            number == 0,
            number == len(pieces) - 1,
            shared > 0,
            shared,
            _LATIN.search(words) is not None,
            place / len(clauses),
            place == len(clauses) - 1,
            words.startswith("废"),
        ]
        flags = [float(flag) for flag in base]
        rows.append([*flags, *(flag * one for one in asked for flag in flags), *asked])
    return rows


def product_places(text: str, catalogue: ProductCatalogue) -> list[tuple[int, int, str]]:
    """Places of words for products in a text: (start, end, product), the longest where words overlap."""
    folded = [unicodedata.normalize("NFKC", c).lower() for c in text]
    plain = "".join(c if len(c) == 1 else " " for c in folded)
    hits = [
        (last + 1 - length, last + 1, product) for last, (length, product) in catalogue.automaton.iter(plain)
    ]
    taken = bytearray(len(plain))
    kept = []
    for start, end, product in sorted(hits, key=lambda hit: (hit[0] - hit[1], hit[0])):
        if not any(taken[start:end]):
            taken[start:end] = b"\1" * (end - start)
            kept.append((start, end, product))
    return sorted(kept)


def _pairs(words: str) -> set[str]:
    return {words[i : i + 2] for i in range(len(words) - 1)}


@functools.cache
def _words(kind: str) -> tuple[str, ...]:
    """Words of one kind of ``object_words.csv``."""
    table = files(_PACKAGE).joinpath("object_words.csv").read_text("utf-8")
    return {row["kind"]: tuple(row["words"].split()) for row in csv.DictReader(table.splitlines())}[kind]


@functools.cache
def _cuts() -> re.Pattern[str]:
    """Pattern of separators between things: marks, amounts, and words that name nothing, longest first."""
    measures = "|".join(_words("measure"))
    amount = rf"(?:大概|大约|差不多|将近|不到|超过|至少)?[{_NUMBER}.]+(?:{measures})?[多来余半]?"
    kinds = ("people", "place", "time", "adverb", "saying", "moving", "seeking", "doing")
    cut = sorted({word for kind in kinds for word in _words(kind)}, key=lambda word: (-len(word), word))
    marks = r"[，。；？！,;?!：:、（()）“”\"‘’「」《》\s—]+"
    return re.compile("|".join([marks, amount, *map(re.escape, cut)]))


@functools.cache
def _weights() -> np.ndarray[Any, Any]:
    """Weights of the flags; the first is the offset."""
    table = files(_PACKAGE).joinpath("object_weights.csv").read_text("utf-8")
    return np.array([float(row["weight"]) for row in csv.DictReader(table.splitlines())])


def learnt_weights() -> str:
    """Learn the weights of pieces from the things marked in the packaged examples, as a table in CSV."""
    from sklearn.linear_model import LogisticRegression

    catalogue, flags, right = product_catalogue(), list[list[float]](), list[bool]()
    for example in examples_with_things():
        live = [part for part in example.parts if part.live]
        things = [thing for part in live for thing in part.things]
        intents = [i for part in live for i in sorted(part.intents) if i in OF_THINGS]
        if not things or not intents:
            continue
        sentence = "".join(part.words for part in live)
        pieces = noun_pieces(sentence)
        flags += piece_flags(sentence, pieces, intents[0], example.business, catalogue)
        marked = "".join(things)
        right += [_is_of(sentence[a:b], marked) for a, b in pieces]
    model = LogisticRegression(C=_C, max_iter=500).fit(np.array(flags), np.array(right))
    who = ["", *(f" × {kind}" for kind in _ASKERS)]
    names = ["offset", *(flag + by for by in who for flag in _FLAGS)]
    rows = zip([*names, *_ASKERS], [model.intercept_[0], *model.coef_[0]], strict=True)
    return "flag,weight\n" + "".join(f"{name},{weight:.4f}\n" for name, weight in rows)


def _is_of(words: str, marked: str) -> bool:
    """Whether most of the characters of a piece and of the marked things are the same."""
    both = Counter(words) & Counter(marked)
    return words in marked or 2 * both.total() >= _MOSTLY * (len(words) + len(marked))
