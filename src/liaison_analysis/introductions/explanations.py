"""Explain in words why two enterprises should meet: what is asked for, who answers it, by which evidence."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, NamedTuple

from liaison_analysis.demands import asking_sentences
from liaison_analysis.introductions.evidence import CONTEXT, WEIGHTS
from liaison_analysis.introductions.known_trades import KnownTrades
from liaison_analysis.introductions.roles import UNSURE
from liaison_analysis.names import short_names
from liaison_analysis.privacy import mask_personal_data

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pandas as pd

    from liaison_analysis.ledger import Ledger

# Sentence about what the seeker wants, by language and role: with the thing that it asks for, and without.
_WISHES: Final[dict[str, dict[str, tuple[str, str]]]] = {
    "zh": {
        "customer": ("{seeker}想为{thing}找客户{quote}", "{seeker}想找客户或用户{quote}"),
        "supplier": ("{seeker}要买或外协{thing}{quote}", "{seeker}要采购或外协{quote}"),
        "financier": ("{seeker}要融资{quote}", "{seeker}要融资{quote}"),
        "tester": ("{seeker}要做{thing}{quote}", "{seeker}要做检测认证{quote}"),
        "research partner": ("{seeker}想就{thing}找研发合作{quote}", "{seeker}要找科研合作{quote}"),
    },
    "en": {
        "customer": (
            "{seeker} looks for customers for {thing}{quote}",
            "{seeker} looks for customers or users{quote}",
        ),
        "supplier": (
            "{seeker} wants to buy {thing}, or to have it done{quote}",
            "{seeker} wants to buy or to have made{quote}",
        ),
        "financier": ("{seeker} asks for finance{quote}", "{seeker} asks for finance{quote}"),
        "tester": ("{seeker} wants {thing} tested or done{quote}", "{seeker} asks for testing{quote}"),
        "research partner": (
            "{seeker} looks for a research partner for {thing}{quote}",
            "{seeker} asks for a research partner{quote}",
        ),
    },
}

# Sentence about a seeker of customers whose demand names what they make.
_MAKERS_OF: Final = {
    "zh": "{seeker}想找做{what}的客户{quote}",
    "en": "{seeker} looks for customers who make {what}{quote}",
}

# Sentence about a seeker that wants its left-overs used, its waste collected, or takes in those of others.
_TO_BE_TAKEN: Final[dict[str, dict[str, str]]] = {
    "zh": {
        "takes": "{seeker}要为副产物或边角料找去处{quote}",
        "collects": "{seeker}有废物要处置{quote}",
        "leaves": "{seeker}能收用或处置{thing}{quote}",
    },
    "en": {
        "takes": "{seeker} wants somebody to take what is left over{quote}",
        "collects": "{seeker} has waste to be treated{quote}",
        "leaves": "{seeker} can take or treat {thing}{quote}",
    },
}

# How the counterpart answers, by language and ``roles.MATCHES``; {what} is the counterpart's own phrase.
_ANSWERS: Final[dict[str, dict[str, str]]] = {
    "zh": {
        "same": "{counterpart}{does}",
        "like": "{counterpart}{does}，是否对口待问",
        "uses": "{counterpart}{does}，是否用得着{needed}待问",
        "feeds": "{counterpart}{does}，按产业链要用{needed}",
        "may use": "{counterpart}{does}，是否用得着{needed}待问",
        "buys": "{counterpart}的业务写明「{what}」，可能收用",
        "takes": "{counterpart}{does}，可问能否消纳",
        "leaves": "{counterpart}{does}，是否有{needed}待问",
        "target": "{counterpart}{does}，合乎诉求要找的对象",
        "collects": "{counterpart}{does}，可问能否收运处置",
        "lends": "{counterpart}办理「{what}」",
        "asks": "{counterpart}自己的诉求正在找{needed}",
        "offers": "{counterpart}自己的诉求正在为{needed}找客户",
    },
    "en": {
        "same": "{counterpart} {does}",
        "like": "{counterpart} {does}; ask whether it fits",
        "uses": "{counterpart} {does}; ask whether it uses {needed}",
        "feeds": "{counterpart} {does}, into which {needed} goes by the product chain",
        "may use": "{counterpart} {does}; ask whether it uses {needed}",
        "buys": "{counterpart} writes of {what} and may take it in",
        "takes": "{counterpart} {does}; ask whether it can make use of it",
        "leaves": "{counterpart} {does}; ask whether it has {needed}",
        "target": "{counterpart} {does}, which is whom the demand describes",
        "collects": "{counterpart} {does}; ask whether it can collect and treat it",
        "lends": "{counterpart} offers {what}",
        "asks": "{counterpart} asks for {needed} itself",
        "offers": "{counterpart} looks for customers for {needed} itself",
    },
}

# What a counterpart does: by its business, by a part of its name, or by its whole name.
_DOES: Final[dict[str, dict[str, str]]] = {
    "zh": {"business": "主营「{what}」", "name": "名称写明「{what}」", "whole": "从名称看对口"},
    "en": {"business": "does {what}", "name": "has {what} in its name", "whole": "fits by its name"},
}

# How an offer in the ledger answers, by role; then a server of which only the kind is known.
_LISTED: Final[dict[str, dict[str, str]]] = {
    "zh": {
        "customer": "{counterpart}正做{what}",
        "supplier": "{counterpart}供应{what}",
        "financier": "{counterpart}办理{what}",
        "tester": "{counterpart}做{what}",
        "research partner": "{counterpart}做{what}",
    },
    "en": {
        "customer": "{counterpart} makes just that",
        "supplier": "{counterpart} supplies {what}",
        "financier": "{counterpart} offers {what}",
        "tester": "{counterpart} offers {what}",
        "research partner": "{counterpart} offers {what}",
    },
}
_OF_THE_KIND: Final[dict[str, dict[str, str]]] = {
    "zh": {
        "customer": "可见{counterpart}",
        "supplier": "可见{counterpart}",
        "financier": "{counterpart}办理融资业务，是否合适待问",
        "tester": "{counterpart}做检测，能否做这一项待问",
        "research partner": "{counterpart}做科研，方向是否对口待问",
    },
    "en": {
        "customer": "{counterpart} may be met",
        "supplier": "{counterpart} may be met",
        "financier": "{counterpart} is a lender, ask whether it fits",
        "tester": "{counterpart} tests, ask whether it does this test",
        "research partner": "{counterpart} does research, ask whether on this",
    },
}

_PHRASES: Final[dict[str, dict[str, Any]]] = {
    "zh": {
        "path": "{maker}的{start}{via}用于{user}的{end}",
        "via": "经{}",
        "three": "{product}由{maker}生产，可请来三方对接",
        "named": "{seeker}的诉求点名{counterpart}{quote}",
        "back": {
            "customer": "{counterpart}{also}要买或外协{what}{quote}",
            "supplier": "{counterpart}{also}在为{what}找客户{quote}",
        },
        "back_unnamed": {
            "customer": "{counterpart}{also}要采购或外协{quote}",
            "supplier": "{counterpart}{also}在找客户或用户{quote}",
        },
        "also": "也",
        "quote": "（诉求{}：「{}」）",
        "id": "（诉求{}）",
        "nobody": "没有诉求直接提到这一对接",
        "again": "双方已有{}供货往来，这次是新的需求",
        "rival": "注意：双方都做{}",
        "tied": "与{}同分，先后只按编号",
        "others": "另外{}家",
        "sells": "{}已供货给做同类产品的{}",
        "buys": "做同类产品的{}已供货给{}",
        "chain": "产业链",
        "asked_share": "本方诉求",
        "back_share": "对方诉求",
        "rests": "（依据：{}）",
        "first": "主要是{}",
        "next": "其次{}",
        "list": "、",
        "comma": "，",
        "semicolon": "；",
    },
    "en": {
        "path": "{start} of {maker} goes{via} into {end} of {user}",
        "via": " via {}",
        "three": "{product} is made by {maker}, who could join as a third",
        "named": "the demand of {seeker} names {counterpart}{quote}",
        "back": {
            "customer": "{counterpart}{also} asks to buy {what}, or to have it done{quote}",
            "supplier": "{counterpart}{also} looks for customers for {what}{quote}",
        },
        "back_unnamed": {
            "customer": "{counterpart}{also} wants to buy or to have made{quote}",
            "supplier": "{counterpart}{also} looks for customers or users{quote}",
        },
        "also": " in turn",
        "quote": " (demand {}: “{}”)",
        "id": " (demand {})",
        "nobody": "no demand speaks of this",
        "again": "they trade {} already, this is for something new",
        "rival": "mind: both offer {}",
        "tied": "equal to {}; order by id",
        "others": "{} more",
        "sells": "{} supplies {}, which makes the like",
        "buys": "{}, which makes the like, supplies {}",
        "chain": "the chain",
        "asked_share": "its own demand",
        "back_share": "the counterpart's demand",
        "rests": " (rests on {})",
        "first": "{}",
        "next": "then {}",
        "list": ", ",
        "comma": ", ",
        "semicolon": "; ",
    },
}

# Longest quotation of a demand, in characters (judgement): about one line of a sheet.
_QUOTED: Final = 60
_MARKS: Final = "，,。；;：:、 "
# Least share of the evidence that a reason states as its basis (judgement).
_STATED: Final = 0.05


class _Facts(NamedTuple):
    """Facts that reasons state, beyond the columns of a row."""

    names: dict[Any, str]
    short: dict[Any, str]
    made: dict[Any, set[str]]
    makers: dict[str, list[str]]
    traded: set[tuple[str, str]]
    trades: KnownTrades
    equals: dict[Any, list[str]]
    demands: dict[str, _Asked]


class _Asked(NamedTuple):
    """A demand's text, masked, and where the clauses that ask start and end in it."""

    text: str
    clauses: list[tuple[int, int]]


def with_reasons(
    ranked: pd.DataFrame,
    ledger: Ledger,
    role: str,
    language: str,
    *,
    weights: Mapping[str, float] = WEIGHTS | CONTEXT,
) -> pd.DataFrame:
    """Add the shares of the evidence, and the reason in words.

    Parameters
    ----------
    ranked
        Columns seeker_id, counterpart_id, score, ties, the evidence (``WEIGHTS`` and ``CONTEXT``), path,
        product, demand_id, object, match, needed, counterpart_wanted_product, counterpart_demand_id,
        seeker_product, counterpart_match, counterpart_needed, linked_via and competitor.
    ledger
        Names the enterprises and says what both offer.
    role
        What the counterpart would be to the seeker.
    language
        ``zh`` or ``en``.
    weights
        Of the evidence in the score.

    Returns
    -------
    DataFrame
        The rows with role, reason and a ``_share`` for each kind of evidence (summing to 1); missing texts
        are empty.
    """
    # score = carried · (0.9 + context): the main evidence has a share of 0.9 / (0.9 + context), the context
    # the rest.
    base = 1 - sum(weights[part] for part in CONTEXT)
    carried = sum(ranked[part] * weights[part] for part in WEIGHTS)
    whole = base + sum(ranked[part] * weights[part] for part in CONTEXT)
    for part in WEIGHTS:
        own = ranked[part] * weights[part] * base
        ranked[f"{part}_share"] = (own / (carried * whole)).round(6)
    for part in CONTEXT:
        ranked[f"{part}_share"] = (ranked[part] * weights[part] / whole).round(6)
    traded = set(zip(ledger.supplies["supplier_id"], ledger.supplies["customer_id"], strict=True))
    names = {str(firm): str(name) for firm, name in ledger.names().items()}
    rivals = {
        *ranked.loc[ranked["competitor"], "seeker_id"],
        *ranked.loc[ranked["competitor"], "counterpart_id"],
    }
    offers = ledger.completed.offers[ledger.completed.offers["enterprise_id"].isin(rivals)]
    made = offers.groupby("enterprise_id")["product"].agg(set).to_dict()
    texts = [
        "path",
        "product",
        "demand_id",
        "object",
        "match",
        "needed",
        "counterpart_wanted_product",
        "counterpart_demand_id",
        "seeker_product",
        "counterpart_match",
        "counterpart_needed",
        "linked_via",
    ]
    ranked = ranked.assign(**{name: "" for name in texts if name not in ranked})
    ranked[texts] = ranked[texts].astype("object").fillna("").astype("str")
    equals = ranked[ranked["ties"] > 0].groupby(["seeker_id", "score"])["counterpart_id"].agg(list).to_dict()
    columns = [
        "seeker_id",
        "counterpart_id",
        "score",
        "ties",
        *texts,
        "competitor",
        *(f"{p}_share" for p in (*WEIGHTS, *CONTEXT)),
    ]
    rows = [
        dict(zip(columns, row, strict=True))
        for row in zip(*(ranked[c].tolist() for c in columns), strict=True)
    ]
    middle = {product for path in ranked["path"] for product in path.split("→")[1:-1]}
    between = ledger.completed.offers.sort_values(["product", "enterprise_id"])
    between = between[between["product"].isin(middle)]
    makers = {str(p): list(firms) for p, firms in between.groupby("product")["enterprise_id"]}
    asked = {*ranked["demand_id"], *ranked["counterpart_demand_id"]} - {""}
    facts = _Facts(
        names, short_names(names), made, makers, traded, KnownTrades(ledger), equals, _demands(ledger, asked)
    )
    ranked["reason"] = [_say(row, facts, role, language) for row in rows]
    ranked = ranked.assign(role=role)
    return ranked.astype(
        {
            "rank": "int64",
            "ties": "int64",
            "score": "float64",
            "competitor": "bool",
            "reason": "str",
            "role": "str",
        }
    )


def _demands(ledger: Ledger, demands: set[str]) -> dict[str, _Asked]:
    """Read demands that are quoted, masked."""
    rows = ledger.demands[ledger.demands["demand_id"].isin(demands)]
    texts = mask_personal_data(rows["text"].fillna("").astype("str"))
    read = [_Asked(text, [c for sentence in asking_sentences(text) for c in sentence]) for text in texts]
    return dict(zip(rows["demand_id"].tolist(), read, strict=True))


def _quotation(asked: _Asked, thing: str) -> str:
    """Quote what a demand asks for: the clauses about the thing, and those beside them as far as they fit.

    What is left out before and behind is marked by an ellipsis.
    """
    text = asked.text
    clauses = asked.clauses or [(0, len(text))]
    about = [i for i, (a, b) in enumerate(clauses) if thing and thing in text[a:b]]
    first = last = about[0] if about else 0
    while True:
        if last + 1 < len(clauses) and clauses[last + 1][1] - clauses[first][0] <= _QUOTED:
            last += 1
        elif first and clauses[last][1] - clauses[first - 1][0] <= _QUOTED:
            first -= 1
        else:
            break
    start, end = clauses[first][0], clauses[last][1]
    words = text[start:end].strip(_MARKS)
    before = "…" if text[:start].strip(_MARKS) else ""
    if len(words) > _QUOTED:
        return f"{before}{words[: _QUOTED - 1]}…"
    behind = "…" if text[end:].strip(_MARKS) else ""
    return f"{before}{words}{behind}"


def _say(row: dict[str, Any], facts: _Facts, role: str, language: str) -> str:
    """State what is asked for and who answers it, then the path, objections, and the evidence."""
    words = _PHRASES[language]
    ends = (row["seeker_id"], row["counterpart_id"])
    called = _Names(facts)
    sentences = []
    if row["demand_id"]:
        sentences.append(_wish(row, facts, role, language, called))
    supplier, customer = ends if role == "customer" else ends[::-1]
    if row["path"]:
        sentences += _path(row["path"], (supplier, customer), facts, words, called)
    # What the counterpart may want too is passed over where the seeker's own demand is enough.
    passed_over = row["demand_id"] and row["counterpart_match"] in UNSURE
    if row["counterpart_demand_id"] and not passed_over:
        sentences.append(_back(row, facts, role, language, called))
    if not row["demand_id"] and not row["counterpart_demand_id"]:
        sentences.append(words["nobody"])
    if already := [product for product in facts.trades.products(*ends) if product]:
        sentences.append(words["again"].format(words["list"].join(already)))
    if row["linked_via"]:
        via = row["linked_via"]
        sells = (supplier, via) in facts.traded
        pair = (called(supplier), called(via)) if sells else (called(via), called(customer))
        sentences.append(words["sells" if sells else "buys"].format(*pair))
    if row["competitor"]:
        both = sorted(facts.made[row["seeker_id"]] & facts.made[row["counterpart_id"]])
        sentences.append(words["rival"].format(words["list"].join(both)))
    if row["ties"]:
        sentences.append(words["tied"].format(words["list"].join(_equals(row, facts, words["others"]))))
    carrying = sorted(WEIGHTS, key=lambda part: -row[f"{part}_share"])
    stated = [part for part in carrying if row[f"{part}_share"] >= _STATED]
    stated = [part for part in stated if part != "back" or not passed_over]
    basis = [words["chain" if part == "chain" else f"{part}_share"] for part in stated]
    parts = [words["first" if i == 0 else "next"].format(part) for i, part in enumerate(basis)]
    return str(words["semicolon"].join(sentences) + words["rests"].format(words["comma"].join(parts)))


def _wish(row: dict[str, Any], facts: _Facts, role: str, language: str, called: _Names) -> str:
    """Say what the seeker's demand asks for, and what of the counterpart answers it."""
    words = _PHRASES[language]
    quote = _quoted(row["demand_id"], row["object"], facts, words)
    seeker, counterpart = called(row["seeker_id"]), called(row["counterpart_id"])
    match, what, thing = row["match"], row["product"], row["object"]
    if match == "named" or (not match and not what and facts.short[row["counterpart_id"]][:2] in quote):
        return str(words["named"].format(seeker=seeker, counterpart=counterpart, quote=quote))
    wish = _TO_BE_TAKEN[language].get(match) or _WISHES[language][role][0 if thing else 1]
    if role == "customer" and what and not match:
        wish = _MAKERS_OF[language]
    wish = wish.format(seeker=seeker, thing=thing or row["needed"], what=what, quote=quote)
    otherwise = (_LISTED if what else _OF_THE_KIND)[language]
    answer = _ANSWERS[language][match] if match else otherwise[role]
    does = _does(what, facts.names[row["counterpart_id"]], language)
    sentence = answer.format(counterpart=counterpart, what=what, does=does, needed=row["needed"] or thing)
    return f"{wish}{words['semicolon']}{sentence}"


def _back(row: dict[str, Any], facts: _Facts, role: str, language: str, called: _Names) -> str:
    """Say what the counterpart's demand asks for, and what of the seeker answers it."""
    words = _PHRASES[language]
    back = words["back"][role if role in words["back"] else "customer"]
    also = words["also"] if row["demand_id"] else ""
    quote = _quoted(row["counterpart_demand_id"], row["counterpart_wanted_product"], facts, words)
    what, match = row["counterpart_wanted_product"], row["counterpart_match"]
    if match in _TO_BE_TAKEN[language]:
        back = _TO_BE_TAKEN[language][match].replace("{seeker}", "{counterpart}{also}")
    elif not what:
        back = words["back_unnamed"][role]
    sentence = back.format(
        counterpart=called(row["counterpart_id"]),
        also=also,
        what=what,
        thing=what or row["counterpart_needed"],
        quote=quote,
    )
    if match == "named":
        return str(words["named"]).format(
            seeker=called(row["counterpart_id"]), counterpart=called(row["seeker_id"]), quote=quote
        )
    if not match:
        return str(sentence)
    answer = _ANSWERS[language][match].format(
        counterpart=called(row["seeker_id"]),
        what=row["seeker_product"],
        does=_does(row["seeker_product"], facts.names[row["seeker_id"]], language),
        needed=row["counterpart_needed"] or what,
    )
    return f"{sentence}{words['semicolon']}{answer}"


def _does(what: str, name: str, language: str) -> str:
    """Say what an enterprise does, and that it is by its name where the words stand there."""
    how = "business" if what not in name else "whole" if what == name else "name"
    return _DOES[language][how].format(what=what)


def _path(
    path: str, ends: tuple[str, str], facts: _Facts, words: dict[str, Any], called: _Names
) -> list[str]:
    """State the path of products, and who makes the product in between and could join."""
    start, *middle, end = path.split("→")
    via = words["via"].format(words["list"].join(middle)) if middle else ""
    maker, user = (called(end) for end in ends)
    sentences = [words["path"].format(maker=maker, start=start, via=via, user=user, end=end)]
    for product in middle[:1]:
        third = [firm for firm in facts.makers.get(product, []) if firm not in ends]
        if third and len(middle) == 1:
            sentences.append(words["three"].format(product=product, maker=called(third[0])))
    return sentences


def _quoted(demand: str, thing: str, facts: _Facts, words: dict[str, Any]) -> str:
    """Quote a demand that has a text, with its id."""
    quote = _quotation(facts.demands[demand], thing) if demand in facts.demands else ""
    return str(words["quote"].format(demand, quote) if quote else words["id"].format(demand))


class _Names:
    """Names of enterprises in one text: whole the first time, short afterwards."""

    def __init__(self, facts: _Facts) -> None:
        self._facts = facts
        self._seen: set[str] = set()

    def __call__(self, firm: str) -> str:
        """Name an enterprise."""
        again = firm in self._seen
        self._seen.add(firm)
        return str(self._facts.short[firm] if again else self._facts.names[firm])


def _equals(row: dict[str, Any], facts: _Facts, others: str) -> list[str]:
    """Name two of those with the very same score, and count the rest, listed or not."""
    listed = [e for e in facts.equals[row["seeker_id"], row["score"]] if e != row["counterpart_id"]]
    named = [facts.names[e] for e in listed[:2]]
    more = row["ties"] - len(named)
    return [*named, others.format(more)] if more else named
