"""What speaks for an introduction: frames read out of a ledger, and joins that make evidence of them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd

from liaison_analysis.demands import demand_mentions, products_of
from liaison_analysis.introductions.direct_matches import direct_matches
from liaison_analysis.introductions.roles import COMPLEMENT, PAIR, ROLES, SERVICE_ROLES, sides
from liaison_analysis.supply_chain import MAX_HOPS, asked_products, chain_paths
from liaison_analysis.text import encode

if TYPE_CHECKING:
    import ibis

    from liaison_analysis.ledger import Ledger
    from liaison_analysis.text import Encoder

# Weights and thresholds. benchmarks/sensitivity.py moves each by a fifth and prints what that changes.

#: Weights of what can carry an introduction alone: the chain's paths, what the seeker's demand asks for,
#: what the counterpart's demand asks for. They sum to one. Judgement;
#: ``fit_outcomes`` learns them from salons.
WEIGHTS: Final = {"chain": 0.45, "asked": 0.40, "back": 0.15}

#: What can only re-order them, by a tenth at most (judgement): who supplies firms like this one, how near a
#: demand's words come to what is offered, town, size, and whether the counterpart is a recognised enterprise.
CONTEXT: Final = {"linked": 0.04, "similar": 0.03, "town": 0.01, "size": 0.01, "category": 0.01}

# Path strength at which the chain's evidence counts half: that of the sample's best two-link paths.
_HALF: Final = 0.1

# What a demand for a service says of any server of that kind; the rest goes to those who offer what it names
# (judgement).
_UNNAMED: Final = 0.5

# Cosines of a demand and a product's name: 99 % of the sample's lie below the first, all below the second.
_CHANCE: Final = 0.24
_CLOSE: Final = 0.5

# Most names compared with demands, and demands compared at once: some 60 MB.
_MOST_NAMES: Final = 20_000
_AT_ONCE: Final = 2_000
# Columns of what the seeker asks for, and of what the counterpart does: product, demand, strength.
_ASKED: Final = ["product", "demand_id", "asked"]
_ASKED_BACK: Final = ["counterpart_wanted_product", "counterpart_demand_id", "back_asked"]


# What a match with a maker counts where research is asked for (judgement).
_OF_MAKER: Final = 0.6
_ROLE_OF_CATEGORY: Final = {category: role for role, (category, _) in SERVICE_ROLES.items()}
_RECOGNISED: Final = ("四上", "专精特新", "小巨人")


def evidence_frames(
    ledger: Ledger,
    seekers: list[str],
    role: str,
    *,
    max_makers: int | None = None,
    mentions: pd.DataFrame | None = None,
    encoder: Encoder = None,
) -> dict[str, pd.DataFrame]:
    """Read the small frames that the joins start from: who seeks, who may be met, what is offered and asked.

    Parameters
    ----------
    ledger
        Where to read.
    seekers
        Enterprise ids.
    role
        One of ``ROLES``.
    max_makers
        Products that more enterprises offer set nobody apart and are left out of the chain's joins.
    mentions
        Those of the demands, from ``demand_mentions``, where they are at hand already.
    encoder
        As in ``text.encode``.

    Returns
    -------
    dict
        seekers, counterparts (one column each), offers (enterprise_id, product, share of revenue), made
        (those of ``offers`` that ``max_makers`` leaves out as well), feeds (upstream, downstream, relation),
        asked and back (a row a pair: the surest mention), known (pairs that trade, whoever sells), traded
        (supplier_id, customer_id), similar (seeker_id, product, similar) and firms (enterprise_id, town,
        headcount, recognised).

    Examples
    --------
    >>> from liaison_analysis import load_liangjiang
    >>> frames = evidence_frames(load_liangjiang(), ["E001"], "customer")
    >>> frames["asked"][["counterpart_id", "product"]].to_numpy().tolist()[:1]
    [['E241', '新能源乘用车']]
    """
    offers = made = telling = _offers(ledger)
    everyone = ledger.enterprises["enterprise_id"]
    counterparts = set(everyone)
    mentions = demand_mentions(ledger) if mentions is None else mentions
    asked = _asked(ledger, ROLES[role], mentions)
    back = _asked(ledger, COMPLEMENT.get(role, ""), mentions)
    feeds = ledger.completed.product_chain
    service = feeds["relation"].eq("service").fillna(value=False)
    if role in SERVICE_ROLES:
        category, words = SERVICE_ROLES[role]
        services = feeds.loc[service, "upstream"].unique()
        offers = offers[offers["product"].isin(services) & offers["product"].str.contains(words)]
        by_category = everyone[ledger.enterprises["category"].eq(category).fillna(value=False)]
        counterparts = {*offers["enterprise_id"], *by_category}
        # Credit goes into no product; a test or a study serves the very product it is made for.
        feeds = feeds[service & feeds["upstream"].str.contains(words) & (role != "financier")]
    else:
        # Money, tests and studies have roles of their own: a lender supplies no parts.
        named = [feeds["upstream"].str.contains(words) for _, words in SERVICE_ROLES.values()]
        served = service & pd.concat(named, axis=1).any(axis=1)
        offers = offers[~offers["product"].isin(feeds.loc[served, "upstream"])]
        feeds = feeds[~served]
    serving = ledger.enterprises.set_index("enterprise_id")["category"].map(_ROLE_OF_CATEGORY).fillna("")
    # Who lends or tests does not look for a lender or a laboratory.
    asked = asked[asked["enterprise_id"].isin(seekers) & asked["enterprise_id"].map(serving).ne(role)]
    wanted = _matches(asked, offers, "seeker_id", "counterpart_id", _ASKED)
    if role in SERVICE_ROLES:
        wanted["asked"] = _UNNAMED + (1 - _UNNAMED) * wanted["asked"]
        unnamed = _unnamed(asked, sorted(counterparts))
        wanted = pd.concat([wanted, unnamed], ignore_index=True)
    # What the ledger lists of an enterprise is believed; only who lists nothing is known by its own words.
    silent = everyone[~everyone.isin(ledger.offers["enterprise_id"])]
    may_serve = counterparts if role in {"financier", "tester"} else serving.index[serving.isin(["", role])]
    direct = direct_matches(
        ledger, role, mentions, seekers=asked["enterprise_id"], encoder=encoder,
        counterparts=set(silent) & set(may_serve),
    )  # fmt: skip
    if role in SERVICE_ROLES:
        # A maker can be a partner in research too, after those whose trade it is.
        trade = direct["counterpart_id"].isin(counterparts)
        direct["asked"] = (_UNNAMED + (1 - _UNNAMED) * direct["asked"]).where(
            trade, _OF_MAKER * direct["asked"]
        )
        counterparts |= set(direct["counterpart_id"])
    wanted = _surest(pd.concat([wanted, direct], ignore_index=True), _ASKED)
    traded = ledger.supplies[["supplier_id", "customer_id"]].drop_duplicates()
    known = [traded.set_axis(columns, axis=1) for columns in (PAIR, PAIR[::-1])]
    if max_makers is not None:
        telling = made[made.groupby("product")["enterprise_id"].transform("size").le(max_makers)]
    return {
        "seekers": pd.DataFrame({"seeker_id": seekers}, dtype="str"),
        "counterparts": pd.DataFrame({"counterpart_id": sorted(counterparts)}, dtype="str"),
        "offers": telling,
        "made": made[["enterprise_id", "product"]],
        "feeds": feeds[["upstream", "downstream", "relation"]].fillna({"relation": ""}),
        "asked": wanted,
        "back": _matches(back, offers, "counterpart_id", "seeker_id", _ASKED_BACK),
        "known": pd.concat(known, ignore_index=True).drop_duplicates(),
        "traded": traded,
        "similar": _similar(ledger, asked, encoder),
        "firms": _firms(ledger),
    }


def _asked(ledger: Ledger, intent: str, mentions: pd.DataFrame) -> pd.DataFrame:
    """Products that demands of an intent name; none where nobody asks, without a look at the chain."""
    if mentions["value"].eq(intent).any():
        return asked_products(ledger, intent, mentions=mentions)
    empty = {"demand_id": "str", "enterprise_id": "str", "product": "str", "score": "float64"}
    return pd.DataFrame(columns=list(empty)).astype(empty)


def _offers(ledger: Ledger) -> pd.DataFrame:
    """Offers with their share of revenue; where no weight is given, all products weigh alike."""
    offers = ledger.completed.offers[["enterprise_id", "product"]].copy()
    alike = 1.0 / ledger.completed.offers.groupby("enterprise_id")["product"].transform("count")
    offers["share"] = ledger.completed.offers["weight"].astype("float64").fillna(alike).clip(lower=0.01)
    return offers


def _firms(ledger: Ledger) -> pd.DataFrame:
    firms = ledger.enterprises
    return pd.DataFrame(
        {
            "enterprise_id": firms["enterprise_id"],
            "town": firms["town"].astype("str").where(firms["town"].notna(), ""),
            "headcount": firms["headcount"].astype("float64").fillna(0.0),
            "recognised": firms["category"].isin(_RECOGNISED).astype("float64"),
        }
    )


def _similar(ledger: Ledger, asked: pd.DataFrame, encoder: Encoder) -> pd.DataFrame:
    """How near the words of a seeker's asking demands come to products' names, 0 at chance and 1 at most."""
    texts = ledger.demands.set_index("demand_id")["text"]
    demands = asked[["demand_id", "enterprise_id"]].drop_duplicates()
    products = products_of(ledger) if len(demands) else []
    if not 0 < len(products) <= _MOST_NAMES:
        empty = {"seeker_id": "str", "product": "str", "similar": "float64"}
        return pd.DataFrame(columns=list(empty)).astype(empty)
    written, named = (
        encode(texts[demands["demand_id"]].tolist(), encoder=encoder),
        encode(products, encoder=encoder).T.astype("float64"),
    )
    askers, names = demands["enterprise_id"].to_numpy(), pd.Series(products, dtype="str").to_numpy()
    near = []
    for at in range(0, len(written), _AT_ONCE):  # a whole city's demands times its products fill no memory
        # Summed in double precision: in single, the order of the rows would show in the sixth decimal.
        cosines = written[at : at + _AT_ONCE].astype("float64") @ named
        similar = ((cosines - _CHANCE) / (_CLOSE - _CHANCE)).clip(max=1.0).round(6)
        row, column = np.nonzero(similar > 0)
        rows = {"seeker_id": askers[at + row], "product": names[column], "similar": similar[row, column]}
        near.append(pd.DataFrame(rows))
    best = pd.concat(near).groupby(["seeker_id", "product"])["similar"].max().reset_index()
    return best.astype({"seeker_id": "str", "product": "str"})


def _matches(
    asked: pd.DataFrame, offers: pd.DataFrame, asker: str, maker: str, columns: list[str]
) -> pd.DataFrame:
    """Pairs where one asks for what the other offers: the surest mention of each pair."""
    named = asked.dropna(subset=["product"]).rename(columns={"enterprise_id": asker})
    pairs = named.merge(offers.rename(columns={"enterprise_id": maker}), on="product")
    pairs[columns[2]] = pairs["score"] * pairs["share"] ** 0.5
    pairs = pairs.rename(columns={"product": columns[0], "demand_id": columns[1]})
    return _surest(pairs[pairs[asker] != pairs[maker]], columns)


def _unnamed(asked: pd.DataFrame, counterparts: list[str]) -> pd.DataFrame:
    """Pair a demand for a service with every server of the kind."""
    # ``product`` is what the counterpart offers and the demand names; here it names none.
    first = asked.sort_values("demand_id").drop_duplicates("enterprise_id")
    pairs = first.rename(columns={"enterprise_id": "seeker_id"})[["seeker_id", "demand_id"]].merge(
        pd.DataFrame({"counterpart_id": counterparts}), how="cross"
    )
    return _surest(
        pairs[pairs["seeker_id"] != pairs["counterpart_id"]].assign(asked=_UNNAMED, product=None), _ASKED
    )


def _surest(pairs: pd.DataFrame, columns: list[str]) -> pd.DataFrame:
    columns = [*PAIR, *columns]
    order = pairs.sort_values(
        [*columns[:2], columns[4], *columns[2:4]], ascending=[True, True, False, True, True], kind="stable"
    )
    # What is not named is an empty text: engines differ on a missing one among the texts of a frame.
    best = order.drop_duplicates(columns[:2])[columns].fillna({columns[2]: ""})
    types = dict.fromkeys(columns[:4], "str") | {columns[4]: "float64"}
    return best.astype(types)


def chain_links(tables: dict[str, ibis.Table], role: str, pairs: ibis.Table | None = None) -> ibis.Table:
    """Every path of the product chain from the supplying side's offers to the receiving side's.

    Parameters
    ----------
    tables
        ``evidence_frames`` as tables.
    role
        One of ``ROLES``. A service is for the very product it serves: one link only.
    pairs
        Only these; by default all.

    Returns
    -------
    ibis.Table
        seeker_id, counterpart_id, path and strength (that of the path, times the geometric mean of both
        shares of revenue).
    """
    import ibis

    supplier, customer = sides(role)
    side = {"seeker_id": tables["seekers"], "counterpart_id": tables["counterparts"]}
    if pairs is not None:
        side = {column: pairs.select(column).distinct() for column in PAIR}
    offers = tables["offers"]
    makers = offers.select(**{supplier: offers.enterprise_id}, start=offers["product"], share=offers.share)
    makers = makers.semi_join(side[supplier], supplier)
    users = offers.select(
        **{customer: offers.enterprise_id}, end=offers["product"], share_of_user=offers.share
    )
    users = users.semi_join(side[customer], customer)
    hops = MAX_HOPS if role in COMPLEMENT else 1
    paths = chain_paths(tables["feeds"], makers.select(product="start"), hops=hops)
    joined = makers.join(paths, "start")
    joined = joined.join(users, joined["product"] == users.end)
    joined = joined.filter(ibis._.seeker_id != ibis._.counterpart_id)
    strength = ibis._.strength * (ibis._.share * ibis._.share_of_user).sqrt()
    return joined.select(*PAIR, "path", strength=strength)


def chain_evidence(links: ibis.Table) -> ibis.Table:
    """Pairs that the product chain joins, with ``chain`` as the joint strength of their paths."""
    # 1 − s stays above 0: both shares and every link's strength are at most 1, but all can be 1.
    left = (1.0 - links.strength.clip(upper=0.999999)).ln()
    summed = links.group_by(PAIR).agg(missed=left.sum().exp())
    joint = 1.0 - summed.missed
    return summed.select(*PAIR, chain=joint / (joint + _HALF))


def best_paths(links: ibis.Table) -> ibis.Table:
    """Strongest path of each pair, ties broken by its text."""
    import ibis

    order = [links.strength.round(9).desc(), links.path]
    place = ibis.row_number().over(group_by=PAIR, order_by=order)
    return links.mutate(place=place).filter(ibis._.place == 0).select(*PAIR, "path")


def linked_evidence(tables: dict[str, ibis.Table], role: str, pairs: ibis.Table) -> ibis.Table:
    """Known links that stand for a pair: who supplies firms like this one.

    A firm that makes what the customer makes and buys from the supplier, or one that makes what the supplier
    makes and sells to the customer, stands for the pair; n of them count n / (n + 1) (as two-sided L3, Kovács
    et al. 2019, doi:10.1038/s41467-019-09177-y).

    Returns
    -------
    ibis.Table
        seeker_id, counterpart_id, linked and linked_via (the first such firm by id), for pairs with any.
    """
    import ibis

    supplier, customer = sides(role)
    traded, offers = tables["traded"], tables["offers"]
    mine = offers.select(like="enterprise_id", product="product")
    traders = ibis.union(traded.select(via="supplier_id"), traded.select(via="customer_id"), distinct=True)
    theirs = offers.select(via="enterprise_id", product="product").semi_join(traders, "via")
    alike = mine.join(theirs, "product").select("like", "via").distinct()
    alike = alike.filter(alike.like != alike.via)
    wanted = pairs.select(*PAIR)
    buys_too = wanted.join(alike, wanted[customer] == alike.like)
    sold = traded.select(**{supplier: traded.supplier_id}, via=traded.customer_id)
    buys_too = buys_too.semi_join(sold, [supplier, "via"]).select(*PAIR, "via")
    sells_too = wanted.join(alike, wanted[supplier] == alike.like)
    bought = traded.select(**{customer: traded.customer_id}, via=traded.supplier_id)
    sells_too = sells_too.semi_join(bought, [customer, "via"]).select(*PAIR, "via")
    standing = ibis.union(buys_too, sells_too, distinct=True).group_by(PAIR)
    n = ibis._.count().cast("float64")
    return standing.agg(linked=n / (n + 1.0), linked_via=ibis._.via.min())


def context_evidence(tables: dict[str, ibis.Table], role: str, pairs: ibis.Table) -> ibis.Table:
    """Add to pairs what can only re-order them: linked, linked_via, similar, town, size and category."""
    import ibis

    firms = tables["firms"]
    mine = firms.select(
        seeker_id="enterprise_id", my_town=firms.town, my_size=firms.headcount.cast("float64")
    )
    theirs = firms.select(
        counterpart_id="enterprise_id", their_town=firms.town, their_size=firms.headcount.cast("float64"),
        category=firms.recognised.cast("float64"),
    )  # fmt: skip
    offers = tables["offers"].select(counterpart_id="enterprise_id", product="product")
    # Pairs first: what is near a demand has many makers, few of them on the shortlist.
    near = (
        pairs.select(*PAIR).join(offers, "counterpart_id").join(tables["similar"], ["seeker_id", "product"])
    )
    near = near.group_by(PAIR).agg(similar=ibis._.similar.max())
    linked = linked_evidence(tables, role, pairs)
    whole = pairs.join(mine, "seeker_id").join(theirs, "counterpart_id")
    whole = whole.left_join(near, PAIR, rname="{name}_of_near").left_join(
        linked, PAIR, rname="{name}_of_linked"
    )
    small, large = (f(whole.my_size, whole.their_size) for f in (ibis.least, ibis.greatest))
    same = (whole.my_town == whole.their_town) & (whole.my_town != "")
    return whole.select(
        *pairs.columns,
        "linked_via",
        "category",
        linked=whole.linked.fill_null(0.0),
        similar=whole.similar.fill_null(0.0),
        town=ibis.ifelse(same, 1.0, 0.0),
        size=ibis.ifelse(small > 0, small / ibis.ifelse(large > 0, large, 1.0), 0.0),
    )
