"""Whom to introduce to whom, how strongly, and why."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final, Literal

import pandas as pd

from liaison_analysis.graph import chain_paths
from liaison_analysis.mentions import demand_mentions

if TYPE_CHECKING:
    from collections.abc import Iterable

    import ibis

    from liaison_analysis.ledger import Ledger

Role = Literal["customer", "supplier", "financier", "tester", "research partner"]

#: Roles a counterpart can have, and the intent of a demand that asks for one.
ROLES: Final[dict[str, str]] = {
    "customer": "customer",
    "supplier": "supplier",
    "financier": "finance",
    "tester": "test",
    "research partner": "research",
}
_BACK: Final = {"customer": "supplier", "supplier": "customer"}

# Who can serve in a role: by category, or by a service it offers whose name says so.
_SERVES: Final = {
    "financier": ("金融机构", re.compile("授信|租赁|保理|供应链金融|融资|保险")),
    "tester": ("检测机构", re.compile("检测|认证|校准|试验|测评|测试")),
    "research partner": ("科研院所", re.compile("研发|临床试验服务")),
}

#: Weights of the evidence: the chain's paths, what the seeker's demand asks for, what the counterpart's
#: demand asks for. They sum to one, so that a score lies between 0 and 1.
WEIGHTS: Final = {"chain": 0.45, "asked": 0.40, "back": 0.15}

# Path strength at which the chain's evidence counts half; about that of the best two-link paths.
_HALF: Final = 0.1
# What a demand for a service says of any server of that kind, where it names no particular service.
_UNNAMED: Final = 0.5

COLUMNS: Final = [
    "seeker_id", "counterpart_id", "role", "score", "rank", "reason",
    "path", "product", "demand_id", "back_product", "back_demand_id",
    "chain_share", "asked_share", "back_share", "competitor",
]  # fmt: skip


def rank_introductions(
    ledger: Ledger,
    seekers: Iterable[str] | None = None,
    *,
    role: Role = "customer",
    k: int = 10,
    language: Literal["zh", "en"] = "zh",
    engine: ibis.BaseBackend | None = None,
) -> pd.DataFrame:
    """Rank the counterparts that each seeker should meet, with the evidence and a reason in words.

    The score is ``0.45 chain + 0.40 asked + 0.15 back``, each between 0 and 1. ``chain`` joins the paths
    of the product chain, three links at most, from what the one offers to what the other offers: with
    path strengths s (see ``graph.chain_paths``) times the geometric mean of both shares of revenue,
    ``c = 1 − Π(1 − s)`` and ``chain = c / (c + 0.1)``. ``asked`` is the surest mention, in a demand of the
    seeker that asks for this role, of something the counterpart offers; ``back`` is the same seen from
    the counterpart. Pairs that trade already, and pairs without any evidence, are left out.

    Parameters
    ----------
    ledger
        Needs ``offers``; ``product_chain``, ``supplies`` and the texts of ``demands`` add evidence.
    seekers
        Enterprise ids; by default all enterprises.
    role
        What the counterpart would be to the seeker.
    k
        Most counterparts for a seeker.
    language
        Language of ``reason``.
    engine
        Ibis backend that carries out the joins; by default DuckDB in memory.

    Returns
    -------
    DataFrame
        Columns seeker_id, counterpart_id, role, score (0–1), rank (from 1), reason; then the evidence: path
        (products joined by ``→`` from the supplying side, empty if none), product and demand_id (what the
        seeker's demand asks for), back_product and back_demand_id (the counterpart's), chain_share,
        asked_share and back_share (of the score, summing to 1), competitor (both offer the same product).
        Sorted by seeker_id and rank; ties broken by the score at nine digits, then counterpart_id.

    Raises
    ------
    LedgerError
        ``offers`` has no rows.
    ValueError
        Unknown role, seeker or language, or k below 1.

    Examples
    --------
    >>> from liaison_analysis import load_liangjiang
    >>> found = rank_introductions(load_liangjiang(), ["E001"], k=2)
    >>> found["counterpart_id"].tolist()
    ['E241', 'E242']
    """
    ledger.require("offers")
    ids = _checked(ledger, seekers, role, k, language)
    evidence = _evidence(ledger, ids, role)
    ranked = _ranked(evidence, k, engine)
    return _with_reasons(ranked, ledger, role, language)


def _checked(ledger: Ledger, seekers: Iterable[str] | None, role: str, k: int, language: str) -> list[str]:
    known = ledger.enterprises["enterprise_id"]
    ids = (
        sorted(known) if seekers is None else sorted({seekers} if isinstance(seekers, str) else set(seekers))
    )
    unknown = sorted(set(ids) - set(known))
    wrong = []
    if unknown:
        wrong.append(f"seekers not among the enterprises: {', '.join(map(repr, unknown[:5]))}")
    if role not in ROLES:
        wrong.append(f"role must be one of {', '.join(map(repr, ROLES))}; got {role!r}")
    if k < 1:
        wrong.append(f"k must be 1 or more; got {k!r}")
    if language not in {"zh", "en"}:
        wrong.append(f"language must be 'zh' or 'en'; got {language!r}")
    if wrong:
        raise ValueError("; ".join(wrong))
    return ids


def _offers(ledger: Ledger) -> pd.DataFrame:
    """Offers with their share of revenue; where no weight is given, all products weigh alike."""
    offers = ledger.offers[["enterprise_id", "product"]].copy()
    alike = 1.0 / ledger.offers.groupby("enterprise_id")["product"].transform("count")
    offers["share"] = ledger.offers["weight"].astype("float64").fillna(alike).clip(lower=0.01)
    return offers


def _asked(ledger: Ledger, intent: str) -> pd.DataFrame:
    """Return what demands of one intent name: enterprise_id, product (missing if none), demand_id, score."""
    found = demand_mentions(ledger)
    asking = found[found["kind"].eq("intent") & found["value"].eq(intent)][["demand_id", "enterprise_id"]]
    products = found[found["kind"].eq("product")][["demand_id", "value", "score"]]
    return asking.merge(products.rename(columns={"value": "product"}), on="demand_id", how="left")


def _evidence(ledger: Ledger, seekers: list[str], role: str) -> dict[str, pd.DataFrame]:
    """Small frames that the joins start from: who seeks, who may be met, what is offered and asked."""
    offers = _offers(ledger)
    everyone = ledger.enterprises["enterprise_id"]
    counterparts = set(everyone)
    asked = _asked(ledger, ROLES[role])
    nothing = pd.DataFrame(columns=["enterprise_id", "product", "demand_id", "score"])
    back = _asked(ledger, _BACK[role]) if role in _BACK else nothing
    feeds = ledger.product_chain
    if role in _SERVES:
        category, words = _SERVES[role]
        services = feeds.loc[feeds["relation"].eq("service"), "upstream"].unique()
        offers = offers[offers["product"].isin(services) & offers["product"].str.contains(words)]
        by_category = everyone[ledger.enterprises["category"].eq(category).fillna(value=False)]
        counterparts = {*offers["enterprise_id"], *by_category}
        # Credit goes into no product; a test or a study serves the very product it is made for.
        feeds = feeds[feeds["relation"].eq("service") & (role != "financier")]
    matches = [
        _matches(asked[asked["enterprise_id"].isin(seekers)], offers, "seeker_id", "counterpart_id", ""),
        _matches(back, offers, "counterpart_id", "seeker_id", "back_"),
    ]
    if role in _SERVES:
        matches.append(_unnamed(asked[asked["enterprise_id"].isin(seekers)], sorted(counterparts)))
    known = ledger.supplies[["supplier_id", "customer_id"]].drop_duplicates()
    sides = ["seeker_id", "counterpart_id"] if role == "customer" else ["counterpart_id", "seeker_id"]
    return {
        "seekers": pd.DataFrame({"seeker_id": seekers}),
        "counterparts": pd.DataFrame({"counterpart_id": sorted(counterparts)}),
        "offers": _offers(ledger),
        "feeds": feeds[["upstream", "downstream"]].drop_duplicates(),
        "asked": _surest(pd.concat([matches[0], *matches[2:]], ignore_index=True), ""),
        "back": matches[1],
        "known": known.set_axis(sides, axis=1),
        "sides": pd.DataFrame({"supplier": [sides[0]], "hops": [3 if role in _BACK else 1]}),
    }


def _matches(asked: pd.DataFrame, offers: pd.DataFrame, asker: str, maker: str, prefix: str) -> pd.DataFrame:
    """Pairs where one asks for what the other offers: the surest mention of each pair."""
    named = asked.dropna(subset=["product"]).rename(columns={"enterprise_id": asker})
    own = offers[["enterprise_id", "product"]].rename(columns={"enterprise_id": asker}).assign(own=True)
    named = named.merge(own, how="left", on=[asker, "product"])
    named = named[named["own"].isna()]
    pairs = named.merge(offers.rename(columns={"enterprise_id": maker}), on="product")
    pairs[f"{prefix}asked"] = pairs["score"] * pairs["share"] ** 0.5
    pairs = pairs.rename(columns={"product": f"{prefix}product", "demand_id": f"{prefix}demand_id"})
    return _surest(pairs[pairs[asker] != pairs[maker]], prefix)


def _unnamed(asked: pd.DataFrame, counterparts: list[str]) -> pd.DataFrame:
    """Pair a demand for a service with every server of the kind, at half the evidence of a named one."""
    # ``product`` is what the counterpart offers and the demand names; here it names none.
    first = asked.sort_values("demand_id").drop_duplicates("enterprise_id")
    pairs = first.rename(columns={"enterprise_id": "seeker_id"})[["seeker_id", "demand_id"]].merge(
        pd.DataFrame({"counterpart_id": counterparts}), how="cross"
    )
    return _surest(
        pairs[pairs["seeker_id"] != pairs["counterpart_id"]].assign(asked=_UNNAMED, product=None), ""
    )


def _surest(pairs: pd.DataFrame, prefix: str) -> pd.DataFrame:
    columns = ["seeker_id", "counterpart_id", f"{prefix}product", f"{prefix}demand_id", f"{prefix}asked"]
    order = pairs.sort_values(
        [*columns[:2], columns[4], *columns[2:4]], ascending=[True, True, False, True, True], kind="stable"
    )
    best = order.drop_duplicates(columns[:2])[columns]
    types = dict.fromkeys(columns[:4], "str") | {columns[4]: "float64"}
    return best.astype(types)


def _ranked(evidence: dict[str, pd.DataFrame], k: int, engine: ibis.BaseBackend | None) -> pd.DataFrame:
    """Join the evidence and keep the first k of each seeker: one Ibis expression, whatever the engine."""
    import ibis

    con = ibis.duckdb.connect() if engine is None else engine
    tables = {name: ibis.memtable(frame) for name, frame in evidence.items() if name != "sides"}
    supplier, hops = evidence["sides"].iloc[0]
    chain = _chain_evidence(tables, supplier, int(hops))
    pair = ["seeker_id", "counterpart_id"]
    texts = ["path", "product", "demand_id", "back_product", "back_demand_id"]
    numbers = ["chain", "asked", "back"]
    columns = [*pair, *texts, *numbers]
    missing = dict.fromkeys(texts, ibis.null("string")) | dict.fromkeys(numbers, ibis.null("float64"))
    parts = (chain, tables["asked"], tables["back"].rename(back="back_asked"))
    pairs = ibis.union(
        *(part.select(**{c: part[c] if c in part.columns else missing[c] for c in columns}) for part in parts)
    )
    # One row a pair: each of the three kinds of evidence fills its own columns once.
    whole = pairs.group_by(pair).agg(
        **{c: pairs[c].max() for c in texts}, **{c: pairs[c].max().fill_null(0.0) for c in numbers}
    )
    whole = whole.semi_join(tables["seekers"], "seeker_id").semi_join(
        tables["counterparts"], "counterpart_id"
    )
    whole = whole.anti_join(tables["known"], pair)
    score = whole.chain * WEIGHTS["chain"] + whole.asked * WEIGHTS["asked"] + whole.back * WEIGHTS["back"]
    whole = whole.mutate(score=score.round(9)).filter(ibis._.score > 0)
    order = [ibis._.score.desc(), ibis._.counterpart_id]
    whole = whole.mutate(rank=ibis.row_number().over(group_by="seeker_id", order_by=order) + 1)
    # The counterpart with a competitor's product is flagged, not left out: rivals sometimes team up.
    offers = tables["offers"].select("enterprise_id", "product")
    theirs = offers.select(counterpart_id="enterprise_id", product="product")
    rivals = offers.join(theirs, "product").select(seeker_id="enterprise_id", counterpart_id="counterpart_id")
    rivals = rivals.distinct().mutate(competitor=ibis.literal(value=True))
    top = whole.filter(whole["rank"] <= k).left_join(rivals, pair)
    top = top.select(*columns, "score", "rank", competitor=ibis._.competitor.fill_null(False))  # noqa: FBT003 - ibis names it differently by type
    found: pd.DataFrame = con.to_pandas(top)
    return found.sort_values(["seeker_id", "rank"], ignore_index=True)


def _chain_evidence(tables: dict[str, ibis.Table], supplier: str, hops: int) -> ibis.Table:
    """Pairs that the product chain joins, with the joint strength and the strongest path."""
    import ibis

    customer = "counterpart_id" if supplier == "seeker_id" else "seeker_id"
    side = {"seeker_id": tables["seekers"], "counterpart_id": tables["counterparts"]}
    offers = tables["offers"]
    makers = offers.select(**{supplier: offers.enterprise_id}, start=offers["product"], share=offers.share)
    makers = makers.semi_join(side[supplier], supplier)
    users = offers.select(
        **{customer: offers.enterprise_id}, end=offers["product"], share_of_user=offers.share
    )
    users = users.semi_join(side[customer], customer)
    paths = chain_paths(tables["feeds"], makers.select(product="start"), hops=hops)
    joined = makers.join(paths, "start")
    joined = joined.join(users, joined["product"] == users.end)
    joined = joined.filter(ibis._.seeker_id != ibis._.counterpart_id)
    joined = joined.mutate(strength=ibis._.strength * (ibis._.share * ibis._.share_of_user).sqrt())
    pair = ["seeker_id", "counterpart_id"]
    best = ibis.row_number().over(group_by=pair, order_by=[ibis._.strength.round(9).desc(), ibis._.path])
    joined = joined.mutate(place=best)
    # 1 − s stays above 0: both shares and every link's strength are at most 1, but all can be 1.
    left = (1.0 - joined.strength.clip(upper=0.999999)).ln()
    summed = joined.group_by(pair).agg(
        missed=left.sum().exp(),
        path=ibis.ifelse(joined.place == 0, joined.path, ibis.null("string")).max(),
    )
    found = 1.0 - summed.missed
    return summed.select(*pair, "path", chain=found / (found + _HALF))


_LABELS: Final = {
    "zh": {"chain": "产业链", "asked": "本方诉求", "back": "对方诉求"},
    "en": {"chain": "chain", "asked": "own demand", "back": "their demand"},
}
_SERVICE_WORDS: Final = {
    "zh": {"financier": "融资", "tester": "检测认证", "research partner": "科研合作"},
    "en": {"financier": "finance", "tester": "testing", "research partner": "research"},
}


def _with_reasons(ranked: pd.DataFrame, ledger: Ledger, role: str, language: str) -> pd.DataFrame:
    """Shares of the evidence, and the reason in words."""
    for part, weight in WEIGHTS.items():
        ranked[f"{part}_share"] = (ranked[part] * weight / ranked["score"]).round(6)
    names = ledger.names()
    made = ledger.offers.groupby("enterprise_id")["product"].agg(set).to_dict()
    say = _say_zh if language == "zh" else _say_en
    rows = ranked.astype(object).where(ranked.notna(), None).to_dict("records")
    ranked["reason"] = [say(row, names, made, role) for row in rows]
    ranked = ranked.assign(role=role)[COLUMNS]
    texts = ["path", "product", "demand_id", "back_product", "back_demand_id"]
    ranked[texts] = ranked[texts].fillna("").astype("str")
    return ranked.astype(
        {"rank": "int64", "score": "float64", "competitor": "bool", "reason": "str", "role": "str"}
    )


def _shares(row: dict[Any, Any], language: str) -> str:
    label = _LABELS[language]
    parts = [
        f"{label[p]}{' ' if language == 'en' else ''}{row[f'{p}_share']:.0%}"
        for p in WEIGHTS
        if row[f"{p}_share"]
    ]
    return "，".join(parts) if language == "zh" else ", ".join(parts)


def _say_zh(row: dict[Any, Any], names: pd.Series, made: dict[Any, set[str]], role: str) -> str:
    seeker, counterpart = names[row["seeker_id"]], names[row["counterpart_id"]]
    maker, user = (seeker, counterpart) if role == "customer" else (counterpart, seeker)
    said = []
    if row["path"]:
        start, *middle, end = row["path"].split("→")
        via = f"经{'、'.join(middle)}" if middle else ""
        said.append(f"{maker}的{start}{via}用于{user}的{end}")
    if row["demand_id"]:
        wanted = f"要找{row['product']}" if row["product"] else f"要找{_SERVICE_WORDS['zh'].get(role, '')}"
        said.append(f"诉求{row['demand_id']}{wanted}，{counterpart}可提供")
    if row["back_demand_id"]:
        said.append(f"{counterpart}的诉求{row['back_demand_id']}也在找{row['back_product']}")
    if row["competitor"]:
        both = sorted(made[row["seeker_id"]] & made[row["counterpart_id"]])
        said.append(f"注意：双方都做{'、'.join(both)}")
    return f"{'；'.join(said)}（{_shares(row, 'zh')}）"


def _say_en(row: dict[Any, Any], names: pd.Series, made: dict[Any, set[str]], role: str) -> str:
    seeker, counterpart = names[row["seeker_id"]], names[row["counterpart_id"]]
    maker, user = (seeker, counterpart) if role == "customer" else (counterpart, seeker)
    said = []
    if row["path"]:
        start, *middle, end = row["path"].split("→")
        via = f" via {', '.join(middle)}" if middle else ""
        said.append(f"{start} of {maker} goes{via} into {end} of {user}")
    if row["demand_id"]:
        wanted = row["product"] or _SERVICE_WORDS["en"].get(role, "")
        said.append(f"demand {row['demand_id']} asks for {wanted}, which {counterpart} offers")
    if row["back_demand_id"]:
        said.append(f"demand {row['back_demand_id']} of {counterpart} asks for {row['back_product']}")
    if row["competitor"]:
        both = sorted(made[row["seeker_id"]] & made[row["counterpart_id"]])
        said.append(f"mind: both offer {', '.join(both)}")
    return f"{'; '.join(said)} ({_shares(row, 'en')})"
