"""Explain in words why two enterprises should meet: what is asked for, who answers it, by which evidence."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, NamedTuple

from liaison_analysis.introductions.business_words import business_texts, is_scope, scope_words
from liaison_analysis.introductions.evidence import CONTEXT, WEIGHTS
from liaison_analysis.introductions.explanation_phrases import (
    ANSWERS,
    DOES,
    LISTED,
    MAKERS_OF,
    OF_THE_KIND,
    PHRASES,
    TO_BE_TAKEN,
    WISHES,
)
from liaison_analysis.introductions.known_trades import KnownTrades
from liaison_analysis.introductions.quotations import quotation, quoted_demands
from liaison_analysis.introductions.roles import UNSURE
from liaison_analysis.names import short_names

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pandas as pd

    from liaison_analysis.introductions.quotations import QuotedDemand
    from liaison_analysis.ledger import Ledger

# Least share of the evidence that a reason states as its basis (judgement).
_STATED: Final = 0.05
# Columns of texts that a reason is made of.
_TEXTS: Final = [
    "path", "product", "demand_id", "object", "match", "needed", "counterpart_wanted_product",
    "counterpart_demand_id", "seeker_product", "counterpart_match", "counterpart_needed", "linked_via",
]  # fmt: skip


class _Facts(NamedTuple):
    """Facts that reasons state, beyond the columns of a row."""

    names: dict[Any, str]
    short: dict[Any, str]
    made: dict[Any, set[str]]
    makers: dict[str, list[str]]
    traded: set[tuple[str, str]]
    trades: KnownTrades
    equals: dict[Any, list[str]]
    demands: dict[str, QuotedDemand]
    scope: dict[str, frozenset[str]]
    by_text: set[str]


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
    ranked = _with_shares(ranked, weights)
    traded = set(zip(ledger.supplies["supplier_id"], ledger.supplies["customer_id"], strict=True))
    names = {str(firm): str(name) for firm, name in ledger.names().items()}
    rivals = {
        *ranked.loc[ranked["competitor"], "seeker_id"],
        *ranked.loc[ranked["competitor"], "counterpart_id"],
    }
    offers = ledger.completed.offers[ledger.completed.offers["enterprise_id"].isin(rivals)]
    made = offers.groupby("enterprise_id")["product"].agg(set).to_dict()
    ranked = ranked.assign(**{name: "" for name in _TEXTS if name not in ranked})
    ranked[_TEXTS] = ranked[_TEXTS].astype("object").fillna("").astype("str")
    equals = ranked[ranked["ties"] > 0].groupby(["seeker_id", "score"])["counterpart_id"].agg(list).to_dict()
    columns = [
        "seeker_id",
        "counterpart_id",
        "score",
        "ties",
        *_TEXTS,
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
        names,
        short_names(names),
        made,
        makers,
        traded,
        KnownTrades(ledger),
        equals,
        quoted_demands(ledger, asked),
        {str(firm): scope_words(text) for firm, text in business_texts(ledger).items() if is_scope(text)},
        set(names) - set(ledger.offers["enterprise_id"]),
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


def _with_shares(ranked: pd.DataFrame, weights: Mapping[str, float]) -> pd.DataFrame:
    """Add the share of each kind of evidence in the score."""
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
    return ranked


def _say(row: dict[str, Any], facts: _Facts, role: str, language: str) -> str:
    """State what is asked for and who answers it, then the path, objections, and the evidence."""
    words = PHRASES[language]
    ends = (row["seeker_id"], row["counterpart_id"])
    called = _Names(facts)
    sentences = []
    if row["demand_id"]:
        sentences.append(_wish(row, facts, role, language, called))
    supplier, customer = ends if role == "customer" else ends[::-1]
    # Of 21 reasons with a path between businesses that only texts describe, 4 were true (2026-12-01).
    if row["path"] and not (row["demand_id"] and facts.by_text & set(ends)):
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
    words = PHRASES[language]
    quote = _quoted(row["demand_id"], row["object"], facts, words)
    seeker, counterpart = called(row["seeker_id"]), called(row["counterpart_id"])
    match, what, thing = row["match"], row["product"], row["object"]
    if match == "named" or (not match and not what and facts.short[row["counterpart_id"]][:2] in quote):
        return str(words["named"].format(seeker=seeker, counterpart=counterpart, quote=quote))
    wish = TO_BE_TAKEN[language].get(match) or WISHES[language][role][0 if thing else 1]
    if role == "customer" and what and not match:
        wish = MAKERS_OF[language]
    wish = wish.format(seeker=seeker, thing=thing or row["needed"], what=what, quote=quote)
    otherwise = (LISTED if what else OF_THE_KIND)[language]
    answer = ANSWERS[language][match] if match else otherwise[role]
    does = _does(what, row["counterpart_id"], facts, language)
    sentence = answer.format(counterpart=counterpart, what=what, does=does, needed=row["needed"] or thing)
    return f"{wish}{words['semicolon']}{sentence}"


def _back(row: dict[str, Any], facts: _Facts, role: str, language: str, called: _Names) -> str:
    """Say what the counterpart's demand asks for, and what of the seeker answers it."""
    words = PHRASES[language]
    back = words["back"][role if role in words["back"] else "customer"]
    also = words["also"] if row["demand_id"] else ""
    quote = _quoted(row["counterpart_demand_id"], row["counterpart_wanted_product"], facts, words)
    what, match = row["counterpart_wanted_product"], row["counterpart_match"]
    if match in TO_BE_TAKEN[language]:
        back = TO_BE_TAKEN[language][match].replace("{seeker}", "{counterpart}{also}")
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
    answer = ANSWERS[language][match].format(
        counterpart=called(row["seeker_id"]),
        what=row["seeker_product"],
        does=_does(row["seeker_product"], row["seeker_id"], facts, language),
        needed=row["counterpart_needed"] or what,
    )
    return f"{sentence}{words['semicolon']}{answer}"


def _does(what: str, firm: str, facts: _Facts, language: str) -> str:
    """Say what an enterprise does, and whether its name or its registered scope says so."""
    name = facts.names[firm]
    if what in name:
        how = "whole" if what == name else "name"
    else:
        how = "scope" if what in facts.scope.get(firm, frozenset()) else "business"
    return DOES[language][how].format(what=what)


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
    quote = quotation(facts.demands[demand], thing) if demand in facts.demands else ""
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
