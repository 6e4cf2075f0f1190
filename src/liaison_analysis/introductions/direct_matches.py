"""Counterparts whose own words answer a demand: their business text, their name, the waste they take."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

import pandas as pd

from liaison_analysis._fingerprints import fingerprint
from liaison_analysis.demands import read_requests
from liaison_analysis.introductions.business_words import business_texts
from liaison_analysis.introductions.demand_matches import ANSWERED, LABOUR, STAFF, STAFFED, answering_demands
from liaison_analysis.introductions.match_probability import FLOOR, SURE, probability
from liaison_analysis.introductions.request_matches import Request, RequestMatcher
from liaison_analysis.introductions.roles import COMPLEMENT, PAIR, ROLES, SERVICE_NAMES, serving_roles
from liaison_analysis.ledger import ledger_catalogue

if TYPE_CHECKING:
    from collections.abc import Iterable

    from liaison_analysis.introductions.known_trades import KnownTrades
    from liaison_analysis.ledger import Ledger
    from liaison_analysis.text import Encoder

#: Columns that requests (``read_requests``) must have to be matched.
REQUEST_COLUMNS: Final = ("demand_id", "enterprise_id", "intent", "object", "live", "sentence")

#: Columns of a match: the pair, the counterpart's phrase, the demand, what it asks for, how the two fit
#: (``roles.MATCHES``), and the probability of a good introduction.
COLUMNS: Final = [*PAIR, "product", "demand_id", "object", "match", "needed", "asked"]

# Rules that do not depend on similar words (judgement).
_HAZARDOUS: Final = re.compile(r"废(?:液|酸|碱|油|溶剂|活性炭|乳化|漆|桶|试剂)|危废")
_WASTE_LICENCE: Final = re.compile(r"危险?废|废.{0,6}(?:收集|处置|回收|处理)")
_LICENSED: Final = 0.95
_TO_CALIBRATE: Final = re.compile(r"校准|送校|检定|校验|计量|量具|溯源")
_CALIBRATES: Final = 0.6

# Words of a demand for money, and words of a lender's business that fit them.
_FINANCE: Final = tuple(
    (re.compile(need), re.compile(offer))
    for need, offer in (
        (
            r"(?:换|买|添|上|购).{0,12}(?:机|设备|线|台)|租也行|租赁|首付",
            r"租赁|租|直租|回租|设备贷|设备更新贷",
        ),
        (r"没.{0,4}(?:抵|押|压)|抵押|租的|租来", r"担保|无抵押|信用贷|直租"),
        (r"账期|回款|应收|垫(?:了|资|付)|终验", r"应收|保理|订单贷"),
        (r"保函|投标", r"保函|担保"),
        (r"上市|投资|股权|并购", r"投资|基金|股权|证券"),
    )
)
_LENDS: Final = 0.7

# Words of a demand that asks a maker of the same product for its capacity (judgement).
_OF_RIVALS: Final = re.compile(
    r"外协|外包|外发|代工|代加工|委托|贴牌|OEM|同行|匀|分.{0,3}单|(?:富余|空闲|闲置|空余|剩余)的?(?:产能|机|设备|线)"
    r"|产能.{0,4}(?:不够|不足|紧|跟不上)|(?:赶|做|忙|干)不(?:出来|过来|完|及)"
)

# Words by which a demand that names whom it wishes to meet excludes all others: 别家暂缓.
_OTHERS_EXCLUDED: Final = re.compile(
    r"(?:别家|别的厂|别的|其他家?|其它家?|其余|旁的|另外几家|别处)[^，。；]{0,6}"
    r"(?:先不|暂缓|暂不|不急|不用|不必|不要|别[找推提跑介]|以后再|算了|不找|不跑|不谈|放一放)"
)

# Who asks for money is a customer of any lender, and who asks for tests of a laboratory whose words answer:
# so much for having asked, and so much more the better the words fit (judgement).
_HAS_ASKED: Final = {"financier": 0.35, "tester": 0.0}
_ASKED_FITS: Final = 0.5


def direct_matches(
    ledger: Ledger,
    role: str,
    *,
    seekers: Iterable[str],
    counterparts: Iterable[str],
    encoder: Encoder = None,
    requests: pd.DataFrame | None = None,
    trades: KnownTrades | None = None,
) -> pd.DataFrame:
    """Match what demands ask for with enterprises whose own words answer it.

    Each request is compared with each phrase of a counterpart's business: by words that both have (characters
    and their pairs, the rarer the more), by the cosine of sentence vectors, by the catalogue of products,
    and, where customers are sought, by who uses what (``products.use_table``, and a model learnt from it for
    what it does not name) and whom the demand describes.
    A logistic model of these (``match_probability.FEATURES``) gives the probability of a good introduction;
    below ``match_probability.FLOOR`` nobody is proposed. Who makes what the seeker makes is proposed as its
    supplier of that product only where the demand asks for it in words (外协, 代工, spare capacity). Rules
    add licensed collectors for hazardous waste, calibrators for what is to be calibrated, and
    lenders whose offers fit a need for money. Where two demands answer each other, one offering what the
    other seeks, this counts more than any business text (``demand_matches``).

    Parameters
    ----------
    ledger
        Its demands and the business texts and offers of its enterprises are compared.
    role
        One of ``ROLES``.
    seekers, counterparts
        Enterprise ids.
    encoder
        As in ``text.encode``.
    requests
        What demands ask for: columns demand_id, enterprise_id, intent, object, sentence and live; by default
        read out of the demands.
    trades
        Pairs that trade are matched only for what they do not trade yet; by default like all others.

    Returns
    -------
    DataFrame
        ``COLUMNS``: seeker_id, counterpart_id, product (the counterpart's phrase that matches), demand_id,
        object (what is asked for, where that is known), match, needed (what the table of users or the chain
        says it needs), asked (0–1). The best match of each pair.
    """
    there = sorted(set(counterparts))
    # Where every enterprise lists what it offers, nothing has to be read.
    asked = requests_in_role(ledger, role, set(seekers), requests) if there else []
    rows: list[tuple[str, str, str, str, str, str, str, float]] = []
    matcher = RequestMatcher(ledger, there, encoder=encoder) if asked and there else None
    if matcher is not None and matcher.phrases:
        for request in asked:
            rows += _answers(matcher, request, role)
    both = pd.concat([_frame(rows), _by_rule(ledger, role, asked, set(there))], ignore_index=True)
    if role == "customer" and asked:
        both = _with_who_asks(both, ledger, asked, set(there), encoder=encoder, requests=requests)
    if role in COMPLEMENT and asked:
        others = requests_in_role(ledger, COMPLEMENT[role], set(there), requests)
        both = _with_further(both, _answering(ledger, role, asked, others))
    if role == "customer" and asked:
        both = _with_further(both, _short_of_staff(ledger, asked, set(there), requests))
    both = both[both["seeker_id"].ne(both["counterpart_id"])]
    if trades is not None:
        both = trades.only_new(both, "object")
    # A rule raises the probability of a pair to its own; the phrase shown is that of the better match.
    both = both.sort_values(
        [*PAIR, "asked", "product", "demand_id"], ascending=[True, True, False, True, True], kind="stable"
    )
    return both.drop_duplicates(PAIR)[COLUMNS].reset_index(drop=True)


def _with_who_asks(
    found: pd.DataFrame,
    ledger: Ledger,
    asked: list[Request],
    there: set[str],
    *,
    encoder: Encoder,
    requests: pd.DataFrame | None,
) -> pd.DataFrame:
    """Add who asks for money, or tests, to whom lenders and laboratories seek: their surest customers."""
    serving = serving_roles(ledger.enterprises)
    rows = []
    for role, least in _HAS_ASKED.items():
        first: dict[str, str] = {}
        for request in asked:
            if serving.get(request.enterprise_id, "") == role:
                first.setdefault(request.enterprise_id, request.demand_id)
        wanting = requests_in_role(ledger, role, there, requests) if first else []
        if not wanting:
            continue
        fits = direct_matches(
            ledger, role, seekers=there, counterparts=first, encoder=encoder, requests=requests
        )
        sure = {(a, b): p for a, b, p in fits[[*PAIR, "asked"]].itertuples(index=False)}
        for server, demand in first.items():
            for firm in dict.fromkeys(request.enterprise_id for request in wanting):
                fit = sure.get((firm, server), 0.0)
                if firm != server and (fit or least):
                    share = round(least + _ASKED_FITS * fit, 6)
                    needed = SERVICE_NAMES["zh"][role]
                    rows.append((server, firm, "", demand, "", "asks", needed, share))
    return _with_further(found, _frame(rows))


def _answering(ledger: Ledger, role: str, asked: list[Request], others: list[Request]) -> pd.DataFrame:
    """Match those whose own demands seek what is offered, or offer what is sought."""
    how = "asks" if role == "customer" else "offers"
    rows = []
    for pair in answering_demands(asked, others, ledger_catalogue(ledger), offers=role == "customer"):
        mine, firm = asked[pair.asked], others[pair.answer].enterprise_id
        p = round(ANSWERED * pair.strength, 6)
        rows.append((mine.enterprise_id, firm, pair.other, mine.demand_id, pair.thing, how, pair.other, p))
    return _best(_frame(rows))


def _short_of_staff(
    ledger: Ledger, asked: list[Request], there: set[str], requests: pd.DataFrame | None
) -> pd.DataFrame:
    """Match who supplies labour and looks for customers with who has vacancies."""
    business = business_texts(ledger)
    labour = [one for one in asked if LABOUR.search(str(business.get(one.enterprise_id, "")))]
    if not labour:
        return _frame([])
    read = requests_read(ledger) if requests is None else requests
    vacant = read[read["intent"].eq("staff") & read["live"].astype("bool")]
    firms = sorted(there & set(vacant["enterprise_id"]))
    rows = [
        (one.enterprise_id, firm, "", one.demand_id, "", "asks", STAFF, STAFFED)
        for one in labour
        for firm in firms
    ]
    return _best(_frame(rows))


def _best(matches: pd.DataFrame) -> pd.DataFrame:
    """Keep the best match of each pair."""
    ordered = matches.sort_values([*PAIR, "asked", "demand_id"], ascending=[True, True, False, True])
    return ordered.drop_duplicates(PAIR)


def _with_further(found: pd.DataFrame, further: pd.DataFrame) -> pd.DataFrame:
    """Add matches of another kind: each raises what was known of its pair."""
    if further.empty:
        return found
    best = found.groupby(PAIR)["asked"].max()
    before = [best.get((a, b), 0.0) for a, b in further[PAIR].itertuples(index=False)]
    raised = 1 - (1 - further["asked"].to_numpy()) * (1 - pd.Series(before, dtype="float64").to_numpy())
    return pd.concat([found, further.assign(asked=raised.round(6))], ignore_index=True)


def requests_in_role(
    ledger: Ledger, role: str, seekers: set[str], requests: pd.DataFrame | None
) -> list[Request]:
    """Read what demands still ask of counterparts in a role, in the order of the demands."""
    read = requests_read(ledger) if requests is None else requests
    mine = read[
        read["intent"].eq(ROLES[role]) & read["live"].astype("bool") & read["enterprise_id"].isin(seekers)
    ]
    texts = ledger.demands.set_index("demand_id")["text"].to_dict()
    asked = []
    for (demand, firm), group in mine.groupby(["demand_id", "enterprise_id"], sort=False):
        text = str(texts[demand])
        read_as = [_whole_thing(thing, text) for thing in group["object"] if thing]
        things = tuple(
            dict.fromkeys(t for t in read_as if role != "customer" or not _is_whom_it_seeks(t, text))
        )
        sentence = "".join(dict.fromkeys(group["sentence"]))
        asked.append(Request(str(demand), str(firm), things, sentence, text))
    return asked


def _whole_thing(thing: str, text: str) -> str:
    """Give a thing as the demand writes it: 无氟防水剂, not 氟防水剂; 印染, not 和印染."""
    if "无" + thing in text and text.count(thing) == text.count("无" + thing):
        return "无" + thing
    rest = thing.removeprefix("和")
    return rest if len(rest) > 1 and f"的{thing}的" in text else thing


def _is_whom_it_seeks(thing: str, text: str) -> bool:
    """Whether a demand for customers names by a word whom it seeks, not what it sells: 印染的、洗水的."""
    word = re.escape(thing)
    ends = "(?:[，、。；和及]|都|来|$)"
    # 做轴承的，销路窄 speaks of the one who asks; only a list speaks of others.
    return re.search(rf"[、和及]{word}的{ends}|{word}的、", text) is not None and "做" + thing not in text


def requests_read(ledger: Ledger) -> pd.DataFrame:
    """Read requests out of the demands; those of the ledger used last are kept for the other roles."""
    key = fingerprint(
        (ledger.demands, ["demand_id", "enterprise_id", "text"]),
        (ledger.enterprises, ["enterprise_id", "main_business"]),
        (ledger.offers, ["enterprise_id", "product"]),
    )
    if key not in _kept:
        read = read_requests(ledger)
        _kept.clear()
        _kept[key] = read
    return _kept[key]


_kept: dict[bytes, pd.DataFrame] = {}


def _answers(
    matcher: RequestMatcher, request: Request, role: str
) -> list[tuple[str, str, str, str, str, str, str, float]]:
    features, answers = matcher.features(request, role)
    probabilities = probability(features, role)
    rows = []
    may_be_rivals = role != "supplier" or _OF_RIVALS.search(request.text) is not None
    only_named = _OTHERS_EXCLUDED.search(request.text) is not None
    for firm, p, answer in zip(features.index, probabilities, answers, strict=True):
        if only_named and answer.how != "named" and not matcher.is_in(str(firm), request.text):
            continue
        if answer.how != "named" and (
            matcher.is_bystander(str(firm), role)
            or (not may_be_rivals and matcher.is_rival(request, answer.phrase))
        ):
            continue
        if p >= FLOOR[role] and firm != request.enterprise_id:
            # Of an uncertain server only its kind can be stated.
            weak = role == "research partner" and p < SURE
            why = ("", "", "") if weak else (answer.phrase, answer.how, answer.needed)
            rows.append(
                (request.enterprise_id, str(firm), why[0], request.demand_id, answer.thing, why[1], why[2],
                 round(float(p), 6))
            )  # fmt: skip
    return rows


def _frame(rows: list[tuple[str, str, str, str, str, str, str, float]]) -> pd.DataFrame:
    types = dict.fromkeys(COLUMNS[:-1], "str") | {"asked": "float64"}
    return pd.DataFrame(rows, columns=COLUMNS).astype(types)


def _by_rule(ledger: Ledger, role: str, requests: list[Request], there: set[str]) -> pd.DataFrame:
    """Counterparts that may collect hazardous waste, calibrate, or lend for what a demand needs."""
    texts = business_texts(ledger)
    business = texts[texts.index.isin(there)]
    firms = list(zip(business.index.astype(str).tolist(), business.tolist(), strict=True))
    rows = []
    if role == "financier":
        # What each firm offers is read once, not once a request.
        read = [(firm, _offers(does)) for firm, does in firms]
        lends = [(firm, offers) for firm, offers in read if set(offers) != {None}]
        for request in requests:
            needs = [i for i, (need, _) in enumerate(_FINANCE) if need.search(request.text)]
            for firm, offers in lends if needs else ():
                phrase = next((offers[i] for i in needs if offers[i] is not None), None)
                if phrase is not None:
                    rows.append(_row(request, firm, phrase, "lends", _LENDS))
        return _frame(rows)
    rules = {
        "supplier": (_HAZARDOUS, _WASTE_LICENCE, "collects", _LICENSED),
        "tester": (_TO_CALIBRATE, _TO_CALIBRATE, "like", _CALIBRATES),
    }
    if role not in rules:
        return _frame(rows)
    asks, answers, how, p = rules[role]
    able = [(firm, _clause(does, found)) for firm, does in firms if (found := answers.search(does))]
    for request in requests:
        if asks.search(request.sentence):
            rows += [_row(request, firm, phrase, how, p) for firm, phrase in able]
    return _frame(rows)


def _offers(does: str) -> list[str | None]:
    """Phrase of a business text for each kind of finance; None where it has none."""
    return [_clause(does, found) if (found := offer.search(does)) else None for _, offer in _FINANCE]


def _row(
    request: Request, firm: str, phrase: str, how: str, p: float
) -> tuple[str, str, str, str, str, str, str, float]:
    return (request.enterprise_id, firm, phrase, request.demand_id, "", how, "", p)


def _clause(text: str, match: re.Match[str]) -> str:
    """Phrase of a business text that a match stands in."""
    marks = "，,；;。、\n"
    start = max(text.rfind(mark, 0, match.start()) for mark in marks) + 1
    ends = [at for mark in marks if (at := text.find(mark, match.end())) >= 0]
    return text[start : min(ends, default=len(text))].strip()
