"""Whom to introduce to whom, how strongly, and why."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final, Literal

import pandas as pd

from liaison_analysis.graph import MAX_HOPS, asked_products, chain_paths
from liaison_analysis.mentions import demand_mentions
from liaison_analysis.reasons import WEIGHTS, with_reasons

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
BACK: Final = {"customer": "supplier", "supplier": "customer"}

# Who can serve in a role: by category, or by a service it offers whose name says so.
SERVES: Final = {
    "financier": ("金融机构", re.compile("授信|租赁|保理|供应链金融|融资|保险")),
    "tester": ("检测机构", re.compile("检测|认证|校准|(?<!临床)试验|测评|(?<!封装)测试")),
    "research partner": ("科研院所", re.compile("研发|临床试验服务")),
}

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
    ranked = _ranked(evidence, role, k, engine)
    return with_reasons(ranked, ledger, role, language)[COLUMNS]


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


def _evidence(ledger: Ledger, seekers: list[str], role: str) -> dict[str, pd.DataFrame]:
    """Small frames that the joins start from: who seeks, who may be met, what is offered and asked."""
    offers = every_offer = _offers(ledger)
    everyone = ledger.enterprises["enterprise_id"]
    counterparts = set(everyone)
    mentions = demand_mentions(ledger)
    asked = asked_products(ledger, ROLES[role], mentions=mentions)
    nothing = pd.DataFrame(columns=["enterprise_id", "product", "demand_id", "score"])
    back = asked_products(ledger, BACK[role], mentions=mentions) if role in BACK else nothing
    feeds = ledger.product_chain
    service = feeds["relation"].eq("service").fillna(value=False)
    if role in SERVES:
        category, words = SERVES[role]
        services = feeds.loc[service, "upstream"].unique()
        offers = offers[offers["product"].isin(services) & offers["product"].str.contains(words)]
        by_category = everyone[ledger.enterprises["category"].eq(category).fillna(value=False)]
        counterparts = {*offers["enterprise_id"], *by_category}
        # Credit goes into no product; a test or a study serves the very product it is made for.
        feeds = feeds[service & feeds["upstream"].str.contains(words) & (role != "financier")]
    else:
        # Money, tests and studies have roles of their own: a lender is nobody's supplier of parts.
        named = [feeds["upstream"].str.contains(words) for _, words in SERVES.values()]
        served = service & pd.concat(named, axis=1).any(axis=1)
        offers = offers[~offers["product"].isin(feeds.loc[served, "upstream"])]
        feeds = feeds[~served]
    asked = asked[asked["enterprise_id"].isin(seekers)]
    wanted = _matches(asked, offers, "seeker_id", "counterpart_id", "")
    if role in SERVES:
        unnamed = _unnamed(asked, sorted(counterparts))
        wanted = _surest(pd.concat([wanted, unnamed], ignore_index=True), "")
    known = ledger.supplies[["supplier_id", "customer_id"]].drop_duplicates()
    return {
        "seekers": pd.DataFrame({"seeker_id": seekers}, dtype="str"),
        "counterparts": pd.DataFrame({"counterpart_id": sorted(counterparts)}, dtype="str"),
        "offers": every_offer,
        "feeds": feeds[["upstream", "downstream", "relation"]].fillna({"relation": ""}),
        "asked": wanted,
        "back": _matches(back, offers, "counterpart_id", "seeker_id", "back_"),
        "known": known.set_axis(_sides(role), axis=1),
    }


def _sides(role: str) -> list[str]:
    """Columns of the supplying and the receiving side."""
    return ["seeker_id", "counterpart_id"] if role == "customer" else ["counterpart_id", "seeker_id"]


def _matches(asked: pd.DataFrame, offers: pd.DataFrame, asker: str, maker: str, prefix: str) -> pd.DataFrame:
    """Pairs where one asks for what the other offers: the surest mention of each pair."""
    named = asked.dropna(subset=["product"]).rename(columns={"enterprise_id": asker})
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
    # What is not named is an empty text: engines differ on a missing one among the texts of a frame.
    best = order.drop_duplicates(columns[:2])[columns].fillna({columns[2]: ""})
    types = dict.fromkeys(columns[:4], "str") | {columns[4]: "float64"}
    return best.astype(types)


def _ranked(
    evidence: dict[str, pd.DataFrame], role: str, k: int, engine: ibis.BaseBackend | None
) -> pd.DataFrame:
    """Join the evidence and keep the first k of each seeker: one Ibis expression, whatever the engine."""
    import ibis
    import pyarrow as pa

    # By Arrow, in which a missing text is a null on every engine.
    con = ibis.duckdb.connect() if engine is None else engine
    tables = {
        name: ibis.memtable(pa.Table.from_pandas(frame, preserve_index=False))
        for name, frame in evidence.items()
    }
    # A service is for the very product it serves: no way round.
    chain = _chain_evidence(tables, *_sides(role), hops=MAX_HOPS if role in BACK else 1)
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
    found: pd.DataFrame = con.to_pyarrow(top).to_pandas()
    return found.sort_values(["seeker_id", "rank"], ignore_index=True)


def _chain_evidence(tables: dict[str, ibis.Table], supplier: str, customer: str, *, hops: int) -> ibis.Table:
    """Pairs that the product chain joins, with the joint strength and the strongest path."""
    import ibis

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
