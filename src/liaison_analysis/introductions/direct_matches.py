"""Counterparts whose own words answer a demand: their business text, their name, the waste they take."""

from __future__ import annotations

import itertools
import math
import re
from collections import Counter
from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np
import pandas as pd

from liaison_analysis.demands import asking_sentences
from liaison_analysis.introductions.product_matches import Match, ProductMatcher
from liaison_analysis.introductions.roles import PAIR, ROLES
from liaison_analysis.ledger import ledger_catalogue
from liaison_analysis.names import brands_of
from liaison_analysis.text import encode

if TYPE_CHECKING:
    from collections.abc import Iterable

    from liaison_analysis.ledger import Ledger
    from liaison_analysis.text import Encoder

# Chosen on the two development regions of benchmarks/regions.py (2026-11), but for what says judgement.

# How much of a phrase of business a demand must share, by weight, and what a phrase weighs at least and at
# most: a demand that shares one rare character with a short phrase does not ask for it, and one that shares a
# rare word with a long one may.
_LEAST_SHARED: Final = 2.0
_LEAST_WEIGHT: Final = 7.0
_MOST_WEIGHT: Final = 15.0

# A single character weighs so much of a pair of characters that is as rare.
_SINGLE: Final = 0.45

# What a phrase of the business register (…制造；…销售) weighs, against one in a firm's own words (judgement).
_REGISTER: Final = 0.6

# Cosines of a demand and a phrase: below the first nothing is said, at the second as much as can be.
_CHANCE: Final = 0.2
_CLOSE: Final = 0.7
_OF_COSINE: Final = 0.7

# A counterpart that the demand names, that takes such waste, or that calibrates what is to be calibrated.
_NAMED: Final = 1.0
_TAKES: Final = 0.35
_TAKES_ALIKE: Final = 0.8
_LICENSED: Final = 0.95
_CALIBRATES: Final = 0.6

# Weaker matches are none (judgement).
_LEAST: Final = 0.2

_BOILERPLATE: Final = re.compile(
    r"[（(](?:除)?依法须经[^）)]*[）)]|(?:一般|许可)(?:经营)?项目[：:]|经营范围[：:]|主营[：:]?|主要产品[：:]?|实际做|主产"
)
_REGISTER_VERB: Final = re.compile(
    r"(?:制造|销售|生产|经营|研发|批发|零售|技术(?:开发|咨询|服务|转让|进出口)|货物进出口)$"
)
_CUT: Final = re.compile(r"[、，,；;。：:/\n（）()]|以及|另有|(?<=[^0-9A-Za-z])和(?=[^0-9A-Za-z])")
_HAN: Final = re.compile(r"[\u4e00-\u9fff]")
_LATIN: Final = re.compile(r"[A-Z][A-Z0-9\-]+|\d+-\d+")

# Characters too common in notes to tell goods apart.
_COMMON: Final = frozenset(
    "一二三四五六七八九十的了和与及或在是有做能会可要想找个家不没无这那就也还都给把被到为对用好很太再请帮年月日天万千百吨"
    "台套件条只多少大小上下中内外前后左右新老高低本地区厂企业公司我他们自己人员问说现今明去来出入进行将已从向等其各每比"
    "较最更又并且但因所以如果若需求希望联系介绍认识机产品生力量"
)

_LEFT_OVER: Final = re.compile(r"边角|下脚|水口|废料|渣|糟|污泥|泥[，。每]|残靶|屑|尾料|副产|粉煤灰|填埋")
_HAZARDOUS: Final = re.compile(r"废(?:液|酸|碱|油|溶剂|活性炭|乳化|漆|桶|试剂)|危废")
_TAKER: Final = re.compile(r"再生|回收|资源化|综合利用|造粒|饲料|有机肥|处置")
_WASTE_LICENCE: Final = re.compile(r"危险?废|废.{0,6}(?:收集|处置|回收|处理)")
_TO_CALIBRATE: Final = re.compile(r"校准|送校|检定|校验|计量|量具|溯源")

# What a demand for money says and a lender's business offers, that fit each other.
_FINANCE: Final = tuple(
    (re.compile(need), re.compile(offer))
    for need, offer in (
        (r"(?:换|买|添|上|购).{0,12}(?:机|设备|线|台)|租也行|租赁|首付", r"租赁|租|直租|回租"),
        (r"没.{0,4}(?:抵|押|压)|抵押|租的|租来", r"担保|无抵押|信用贷|直租"),
        (r"账期|回款|应收|垫(?:了|资|付)|终验", r"应收|保理|订单贷"),
        (r"保函|投标", r"保函|担保"),
        (r"上市|投资|股权|并购", r"投资|基金|股权|证券"),
    )
)
_LENDS: Final = 0.7

# Around the name of an enterprise that is not the one asked for.
_NOT_ASKED_OF: Final = re.compile(r"只(?:跑|做|有)|问过|做不了|不动|固定|听说|怕|抢|稳定")


class _Phrase(NamedTuple):
    """A phrase of an enterprise's business, and how far it is its own words."""

    enterprise_id: str
    words: str
    weight: float


def business_phrases(text: str) -> list[tuple[str, float]]:
    """Cut a business text into phrases, without the boilerplate of registers.

    Parameters
    ----------
    text
        Main business, main products or the scope of a business register.

    Returns
    -------
    list
        Each phrase once, with its weight: less for what the register's verbs end (…制造；…销售), since such
        lists name what a firm may do.

    Examples
    --------
    >>> business_phrases("一般项目：塑料制品制造；塑料制品销售。实际做针座、采样管（洁净车间）")
    [('塑料制品', 0.6), ('针座', 1.0), ('采样管', 1.0), ('洁净车间', 1.0)]
    """
    phrases: dict[str, float] = {}
    for part in _CUT.split(_BOILERPLATE.sub("，", text)):
        words = part.strip(" 等")
        weight = 1.0
        while (short := _REGISTER_VERB.sub("", words)) != words and len(short) >= 2:
            words, weight = short, _REGISTER
        if len(words) >= 2:
            phrases[words] = max(weight, phrases.get(words, 0.0))
    return list(phrases.items())


def business_texts(ledger: Ledger) -> pd.Series:
    """Give the business text of each enterprise, by id; empty where there is none."""
    firms = ledger.enterprises.reindex(columns=["enterprise_id", "main_business"])
    return firms.set_index("enterprise_id")["main_business"].astype("object").fillna("").astype("str")


def direct_matches(
    ledger: Ledger,
    role: str,
    mentions: pd.DataFrame,
    *,
    seekers: Iterable[str],
    counterparts: Iterable[str],
    encoder: Encoder = None,
) -> pd.DataFrame:
    """Match demands with enterprises whose own words answer them.

    A demand speaks through the sentences that ask for something. A phrase of a counterpart's business
    answers it by the words that they share (characters and their pairs, the rarer the more) or, where goods,
    tests or research are sought, by the cosine of sentence vectors; a counterpart that the demand names
    answers it outright. What is left over goes to who recycles it, hazardous waste to who may collect it.

    Parameters
    ----------
    ledger
        Its demands and the business texts and offers of its enterprises are compared.
    role
        One of ``ROLES``.
    mentions
        Those of the demands, from ``demand_mentions``.
    seekers, counterparts
        Enterprise ids.
    encoder
        As in ``text.encode``.

    Returns
    -------
    DataFrame
        Columns seeker_id, counterpart_id, product (the words that match; empty where the name does),
        demand_id, asked (0–1): the best match of each pair.
    """
    requests = _requests(ledger, ROLES[role], mentions, set(seekers))
    there = set(counterparts)
    phrases = [phrase for phrase in _phrases(ledger) if phrase.enterprise_id in there]
    columns = [*PAIR, "product", "demand_id", "asked"]
    if requests.empty or not phrases:
        empty = dict.fromkeys(columns[:4], "str") | {"asked": "float64"}
        return pd.DataFrame(columns=columns).astype(empty)
    strength = _shared_words(ledger, requests["text"].tolist(), phrases)
    if role != "customer":
        strength = np.maximum(strength, _like_meaning(requests["text"].tolist(), phrases, encoder))
    strength *= np.array([phrase.weight for phrase in phrases])
    row, column = np.nonzero(strength >= _LEAST)
    ids, askers = requests["demand_id"].to_numpy(), requests["enterprise_id"].to_numpy()
    firms = np.array([phrase.enterprise_id for phrase in phrases])
    words = np.array([phrase.words for phrase in phrases])
    matches = pd.DataFrame(
        {
            "seeker_id": askers[row], "counterpart_id": firms[column], "product": words[column],
            "demand_id": ids[row], "asked": strength[row, column],
        }
    )  # fmt: skip
    rules = _by_rule(ledger, role, requests, there)
    products = _by_product(ledger, role, requests, there)
    both = pd.concat([matches, rules, products], ignore_index=True)
    both = both[both["seeker_id"].ne(both["counterpart_id"])]
    both["asked"] = both["asked"].clip(upper=1.0).round(6)
    order = both.sort_values(
        [*PAIR, "asked", "product", "demand_id"], ascending=[True, True, False, True, True], kind="stable"
    )
    return order.drop_duplicates(PAIR)[columns].reset_index(drop=True)


def _requests(ledger: Ledger, intent: str, mentions: pd.DataFrame, seekers: set[str]) -> pd.DataFrame:
    """Demands of an intent with the sentences that ask: that of the intent where a demand has several."""
    intents = mentions[mentions["kind"].eq("intent")]
    n_intents = intents.groupby("demand_id")["value"].nunique()
    asking = intents[intents["value"].eq(intent) & intents["enterprise_id"].isin(seekers)]
    texts = ledger.demands.set_index("demand_id")["text"]
    rows = []
    for demand, firm, start in asking[["demand_id", "enterprise_id", "start"]].itertuples(index=False):
        text = str(texts[demand])
        sentences = asking_sentences(text)
        own = [s for s in sentences if any(a <= start < b for a, b in s)]
        kept = own if own and n_intents[demand] > 1 else sentences
        rows.append((demand, firm, "".join(text[a:b] for s in kept for a, b in s), text))
    return pd.DataFrame(rows, columns=["demand_id", "enterprise_id", "text", "whole"])


def _phrases(ledger: Ledger) -> list[_Phrase]:
    """Phrases of the business texts and names of the offers of all enterprises."""
    phrases: dict[tuple[str, str], float] = {}
    for firm, text in business_texts(ledger).items():
        for words, weight in business_phrases(text):
            phrases[str(firm), words] = weight
    for firm, product in ledger.completed.offers[["enterprise_id", "product"]].itertuples(index=False):
        phrases.setdefault((firm, product), 1.0)
    return [_Phrase(firm, words, weight) for (firm, words), weight in phrases.items()]


def _units(text: str) -> set[str]:
    """Characters and pairs of characters that can tell goods apart, and Latin words."""
    upper = text.upper()
    units = {c for c in upper if _HAN.match(c) and c not in _COMMON}
    for a, b in itertools.pairwise(upper):
        if (_HAN.match(a) or a.isalnum()) and (_HAN.match(b) or b.isalnum()) and not {a, b} <= _COMMON:
            units.add(a + b)
    return units | set(_LATIN.findall(upper))


def _shared_words(ledger: Ledger, texts: list[str], phrases: list[_Phrase]) -> np.ndarray:
    """Share of each phrase's weight that each text has, shape (texts, phrases)."""
    from scipy.sparse import csr_array

    of_phrases = [_units(phrase.words) for phrase in phrases]
    of_texts = [_units(text) for text in texts]
    firms = Counter(
        unit
        for unit, _ in {(u, p.enterprise_id) for p, us in zip(phrases, of_phrases, strict=True) for u in us}
    )
    notes = Counter(unit for text in ledger.demands["text"].dropna() for unit in _units(text))
    n_firms, n_notes = len({phrase.enterprise_id for phrase in phrases}), len(ledger.demands)
    number = {unit: i for i, unit in enumerate(sorted(firms))}
    weight = np.array(
        [
            (math.log((n_firms + 1) / (firms[u] + 0.5)) + math.log((n_notes + 1) / (notes[u] + 0.5)))
            / 2
            * (_SINGLE if len(u) == 1 else 1.0)
            for u in number
        ]
    )

    def matrix(sets: list[set[str]]) -> csr_array:
        places = [(i, number[u]) for i, units in enumerate(sets) for u in units if u in number]
        rows, columns = np.array(places, dtype=int).reshape(-1, 2).T
        return csr_array((np.ones(len(places)), (rows, columns)), shape=(len(sets), len(number)))

    known = matrix(of_phrases)
    shared = np.asarray((matrix(of_texts) * weight[None, :]).tocsr().dot(known.T).todense())
    whole = np.clip(known.dot(weight), _LEAST_WEIGHT, _MOST_WEIGHT)
    return np.where(shared > _LEAST_SHARED, shared / whole, 0.0)


def _like_meaning(texts: list[str], phrases: list[_Phrase], encoder: Encoder) -> np.ndarray:
    """How far the meaning of each text is that of each phrase, shape (texts, phrases)."""
    vectors = encode(texts, encoder=encoder) @ encode([p.words for p in phrases], encoder=encoder).T
    scaled = (vectors.astype("float64") - _CHANCE) / (_CLOSE - _CHANCE)
    return _OF_COSINE * scaled.clip(0.0, 1.0).round(6)


def _by_product(ledger: Ledger, role: str, requests: pd.DataFrame, there: set[str]) -> pd.DataFrame:
    """Counterparts that make, or use, the products that a demand speaks of."""
    matcher = ProductMatcher(ledger_catalogue(ledger), _phrases(ledger))
    rows = []
    for demand, asker, text, whole in requests.itertuples(index=False):
        own = set(matcher.made.get(asker, {}))
        spoken = matcher.spoken_of(text)
        found = matcher.makers_of(product for product in spoken if product not in own)
        if role == "customer" and not _LEFT_OVER.search(whole):
            for firm, match in matcher.users_of(asker, spoken).items():
                if match.strength > found.get(firm, Match(0.0, "")).strength:
                    found[firm] = match
        rows += [
            (asker, firm, match.product, demand, match.strength)
            for firm, match in found.items()
            if firm in there and match.strength >= _LEAST
        ]
    columns = [*PAIR, "product", "demand_id", "asked"]
    types = dict.fromkeys(columns[:4], "str") | {"asked": "float64"}
    return pd.DataFrame(rows, columns=columns).astype(types)


def _by_rule(ledger: Ledger, role: str, requests: pd.DataFrame, there: set[str]) -> pd.DataFrame:
    """Counterparts that a demand names, that take its waste, or that calibrate."""
    brands = brands_of({str(firm): str(name) for firm, name in ledger.names().items()})
    texts = business_texts(ledger)
    business = texts[texts.index.isin(there)]
    rows = []
    for demand, asker, text, whole in requests.itertuples(index=False):
        for firm, does in zip(business.index.astype(str), business, strict=True):
            strength = 0.0
            brand = brands.get(firm, "")
            if role in {"customer", "supplier"} and brand and brand in whole:
                at = whole.index(brand)
                if not _NOT_ASKED_OF.search(whole[max(0, at - 6) : at + 12]):
                    strength = _NAMED
            if role == "customer" and _LEFT_OVER.search(whole) and _TAKER.search(does):
                alike = any(len(unit) > 1 for unit in _units(whole) & _units(does))
                strength = max(strength, _TAKES_ALIKE if alike else _TAKES)
            if role == "supplier" and _HAZARDOUS.search(text) and _WASTE_LICENCE.search(does):
                strength = max(strength, _LICENSED)
            if role == "tester" and _TO_CALIBRATE.search(text) and _TO_CALIBRATE.search(does):
                strength = max(strength, _CALIBRATES)
            if role == "financier":
                fits = any(need.search(whole) and offer.search(does) for need, offer in _FINANCE)
                strength = _LENDS if fits else 0.0
            if strength:
                rows.append((asker, firm, "", demand, strength))
    columns = [*PAIR, "product", "demand_id", "asked"]
    types = dict.fromkeys(columns[:4], "str") | {"asked": "float64"}
    return pd.DataFrame(rows, columns=columns).astype(types)
