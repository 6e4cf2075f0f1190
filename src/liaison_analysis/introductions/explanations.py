"""Say in words why two enterprises should meet: what is asked for, who answers it, and what that rests on."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, NamedTuple

from liaison_analysis.demands import asking_sentences
from liaison_analysis.introductions.evidence import CONTEXT, WEIGHTS
from liaison_analysis.names import short_names
from liaison_analysis.privacy import mask_personal_data

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pandas as pd

    from liaison_analysis.ledger import Ledger

# What a seeker of each role wants, and what its counterpart does then; {what} is what matches.
_PHRASES: Final[dict[str, dict[str, Any]]] = {
    "zh": {
        "path": "{maker}的{start}{via}用于{user}的{end}",
        "via": "经{}",
        "three": "{product}由{maker}生产，可请来三方对接",
        "asked": {
            "customer": "{seeker}想把自己的产品或服务卖出去{quote}；{counterpart}的业务有「{what}」",
            "supplier": "{seeker}要采购或外协{quote}；{counterpart}的业务有「{what}」",
            "financier": "{seeker}要融资{quote}；{counterpart}的业务有「{what}」",
            "tester": "{seeker}要做检测认证{quote}；{counterpart}的业务有「{what}」",
            "research partner": "{seeker}要找科研合作{quote}；{counterpart}的业务有「{what}」",
        },
        "unnamed": {
            "customer": "{seeker}想把自己的产品或服务卖出去{quote}；可见{counterpart}",
            "supplier": "{seeker}要采购或外协{quote}；可见{counterpart}",
            "financier": "{seeker}要融资{quote}；{counterpart}办理此类业务，是否合适待问",
            "tester": "{seeker}要做检测认证{quote}；{counterpart}做检测，能否做这一项待问",
            "research partner": "{seeker}要找科研合作{quote}；{counterpart}做科研，方向是否对口待问",
        },
        "named": "{seeker}的诉求点名{counterpart}{quote}",
        "back": {
            "customer": "{counterpart}的诉求也在找{what}{quote}",
            "supplier": "{counterpart}的诉求也在找做{what}的客户{quote}",
        },
        "quote": "（诉求{}：「{}」）",
        "id": "（诉求{}）",
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
        "asked": {
            "customer": "{seeker} wants to sell what it makes{quote}; {counterpart} lists {what}",
            "supplier": "{seeker} wants to buy or to have made{quote}; {counterpart} lists {what}",
            "financier": "{seeker} asks for finance{quote}; {counterpart} lists {what}",
            "tester": "{seeker} asks for testing{quote}; {counterpart} lists {what}",
            "research partner": "{seeker} asks for a research partner{quote}; {counterpart} lists {what}",
        },
        "unnamed": {
            "customer": "{seeker} wants to sell what it makes{quote}; {counterpart} may be met",
            "supplier": "{seeker} wants to buy or to have made{quote}; {counterpart} may be met",
            "financier": "{seeker} asks for finance{quote}; {counterpart} is a lender, ask whether it fits",
            "tester": "{seeker} asks for testing{quote}; {counterpart} tests, ask whether it does this test",
            "research partner": "{seeker} asks for a research partner{quote}; {counterpart} does research, "
            "ask whether on this",
        },
        "named": "the demand of {seeker} names {counterpart}{quote}",
        "back": {
            "customer": "{counterpart} asks for {what} itself{quote}",
            "supplier": "{counterpart} asks for customers who make {what}{quote}",
        },
        "quote": " (demand {}: “{}”)",
        "id": " (demand {})",
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
}  # fmt: skip

# Longest quotation of a demand, in characters (judgement): about one line of a sheet.
_QUOTED: Final = 40


class _Facts(NamedTuple):
    """What reasons state beside a row."""

    names: dict[Any, str]
    short: dict[Any, str]
    made: dict[Any, set[str]]
    makers: dict[str, list[str]]
    traded: set[tuple[str, str]]
    equals: dict[Any, list[str]]
    quotes: dict[str, str]


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
        product, demand_id, counterpart_wanted_product, counterpart_demand_id, linked_via and competitor.
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
    # (carried) · (0.9 + context) / score: what carries has 0.9 of its own, context its part of the carried.
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
        "counterpart_wanted_product",
        "counterpart_demand_id",
        "linked_via",
    ]
    ranked[texts] = ranked[texts].fillna("").astype("str")
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
    facts = _Facts(names, short_names(names), made, makers, traded, equals, _quotes(ledger, asked))
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


def _quotes(ledger: Ledger, demands: set[str]) -> dict[str, str]:
    """Quote what demands ask for, masked, without what they report beside it."""
    rows = ledger.demands[ledger.demands["demand_id"].isin(demands)]
    ids, quotes = rows["demand_id"].tolist(), []
    for text in mask_personal_data(rows["text"].fillna("").astype("str")):
        sentences = asking_sentences(text)
        whole = "".join(text[s[0][0] : s[-1][1]] for s in sentences).strip("，,。；;：: ") or text.strip()
        quotes.append(whole if len(whole) <= _QUOTED else f"{whole[: _QUOTED - 1]}…")
    return dict(zip(ids, quotes, strict=True))


def _say(row: dict[str, Any], facts: _Facts, role: str, language: str) -> str:
    """Say what is asked for and who answers it, then the path, what stands against it, and the basis."""
    words = _PHRASES[language]
    ends = (row["seeker_id"], row["counterpart_id"])
    called = _Names(facts)
    sentences = []
    if row["demand_id"]:
        what, seeker, counterpart = row["product"], called(ends[0]), called(ends[1])
        quote = _quoted(row["demand_id"], facts, words)
        kind = "asked" if what else "unnamed"
        if not what and facts.short[ends[1]][:2] in facts.quotes.get(row["demand_id"], ""):
            kind = "named"
        phrase = words[kind] if kind == "named" else words[kind][role]
        sentences.append(phrase.format(seeker=seeker, counterpart=counterpart, what=what, quote=quote))
    supplier, customer = ends if role == "customer" else ends[::-1]
    if row["path"]:
        sentences += _path(row["path"], (supplier, customer), facts, words, called)
    if row["counterpart_demand_id"]:
        quote = _quoted(row["counterpart_demand_id"], facts, words)
        back = words["back"][role if role in words["back"] else "customer"]
        what = row["counterpart_wanted_product"]
        sentences.append(back.format(counterpart=called(ends[1]), what=what, quote=quote))
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
    basis = [words["chain" if p == "chain" else f"{p}_share"] for p in carrying if row[f"{p}_share"] >= 0.05]
    parts = [words["first" if i == 0 else "next"].format(part) for i, part in enumerate(basis)]
    return str(words["semicolon"].join(sentences) + words["rests"].format(words["comma"].join(parts)))


def _path(
    path: str, ends: tuple[str, str], facts: _Facts, words: dict[str, Any], called: _Names
) -> list[str]:
    """Say what goes into what, and who makes what lies between: it could join."""
    start, *middle, end = path.split("→")
    via = words["via"].format(words["list"].join(middle)) if middle else ""
    maker, user = (called(end) for end in ends)
    sentences = [words["path"].format(maker=maker, start=start, via=via, user=user, end=end)]
    for product in middle[:1]:
        third = [firm for firm in facts.makers.get(product, []) if firm not in ends]
        if third and len(middle) == 1:
            sentences.append(words["three"].format(product=product, maker=called(third[0])))
    return sentences


def _quoted(demand: str, facts: _Facts, words: dict[str, Any]) -> str:
    quote = facts.quotes.get(demand, "")
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
