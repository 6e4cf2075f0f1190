"""Say in words why two enterprises should meet, with the shares of the evidence."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, NamedTuple

from liaison_analysis.introductions.evidence import CONTEXT, WEIGHTS
from liaison_analysis.introductions.roles import SERVICE_NAMES

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pandas as pd

    from liaison_analysis.ledger import Ledger

_PHRASES: Final = {
    "zh": {
        "path": "{maker}的{start}{via}用于{user}的{end}",
        "via": "经{}",
        "asked": "诉求{}要找{}，{}可提供",
        "back": "{}的诉求{}也在找{}",
        "rival": "注意：双方都做{}",
        "tied": "与{}同分，先后只按编号",
        "others": "另外{}家",
        "sells": "{}已供货给做同类产品的{}",
        "buys": "做同类产品的{}已供货给{}",
        "chain_share": "产业链",
        "asked_share": "本方诉求",
        "back_share": "对方诉求",
        "linked_share": "同类供货",
        "similar_share": "文意相近",
        "town_share": "同镇",
        "size_share": "规模相近",
        "category_share": "认定企业",
        "list": "、",
        "comma": "，",
        "semicolon": "；",
        "whole": "{}（{}）",
    },
    "en": {
        "path": "{start} of {maker} goes{via} into {end} of {user}",
        "via": " via {}",
        "asked": "demand {} asks for {}, which {} offers",
        "back": "demand {1} of {0} asks for {2}",
        "rival": "mind: both offer {}",
        "tied": "equal to {}; order by id",
        "others": "{} more",
        "sells": "{} supplies {}, which makes the like",
        "buys": "{}, which makes the like, supplies {}",
        "chain_share": "chain ",
        "asked_share": "own demand ",
        "back_share": "their demand ",
        "linked_share": "known links ",
        "similar_share": "wording ",
        "town_share": "town ",
        "size_share": "size ",
        "category_share": "recognised ",
        "list": ", ",
        "comma": ", ",
        "semicolon": "; ",
        "whole": "{} ({})",
    },
}


class _Facts(NamedTuple):
    """What reasons state beside a row: names, products of competitors, who supplies whom, equal scores."""

    names: dict[Any, str]
    made: dict[Any, set[str]]
    traded: set[tuple[str, str]]
    equals: dict[Any, list[str]]


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
    names = ledger.names().to_dict()
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
    facts = _Facts(names, made, traded, equals)
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


def _say(row: dict[str, Any], facts: _Facts, role: str, language: str) -> str:
    """Say the path, then what each side asks for, then what stands against it, then the shares."""
    words = _PHRASES[language]
    names, counterpart = facts.names, facts.names[row["counterpart_id"]]
    ends = (row["seeker_id"], row["counterpart_id"])
    supplier, customer = ends if role == "customer" else ends[::-1]
    maker, user = names[supplier], names[customer]
    sentences = []
    if row["path"]:
        start, *middle, end = row["path"].split("→")
        via = words["via"].format(words["list"].join(middle)) if middle else ""
        sentences.append(words["path"].format(maker=maker, start=start, via=via, user=user, end=end))
    if row["demand_id"]:
        wanted = row["product"] or SERVICE_NAMES[language].get(role, "")
        sentences.append(words["asked"].format(row["demand_id"], wanted, counterpart))
    if row["counterpart_demand_id"]:
        sentences.append(
            words["back"].format(counterpart, row["counterpart_demand_id"], row["counterpart_wanted_product"])
        )
    if row["linked_via"]:
        like = names[row["linked_via"]]
        sells = (supplier, row["linked_via"]) in facts.traded
        sentences.append(words["sells"].format(maker, like) if sells else words["buys"].format(like, user))
    if row["competitor"]:
        both = sorted(facts.made[row["seeker_id"]] & facts.made[row["counterpart_id"]])
        sentences.append(words["rival"].format(words["list"].join(both)))
    if row["ties"]:
        sentences.append(words["tied"].format(words["list"].join(_equals(row, facts, words["others"]))))
    shares = [
        (words[f"{part}_share"], row[f"{part}_share"])
        for part in (*WEIGHTS, *CONTEXT)
        if row[f"{part}_share"] >= 0.005
    ]
    evidence = words["comma"].join(f"{label}{share:.0%}" for label, share in shares)
    return words["whole"].format(words["semicolon"].join(sentences), evidence)


def _equals(row: dict[str, Any], facts: _Facts, others: str) -> list[str]:
    """Name two of those with the very same score, and count the rest, listed or not."""
    listed = [e for e in facts.equals[row["seeker_id"], row["score"]] if e != row["counterpart_id"]]
    named = [facts.names[e] for e in listed[:2]]
    more = row["ties"] - len(named)
    return [*named, others.format(more)] if more else named
