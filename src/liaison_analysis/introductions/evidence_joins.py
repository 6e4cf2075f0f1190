"""Joins over the frames of evidence, for any engine: paths of the chain, and the context of pairs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from liaison_analysis.introductions.roles import COMPLEMENT, PAIR, sides
from liaison_analysis.supply_chain import MAX_HOPS, chain_paths

if TYPE_CHECKING:
    import ibis

# Path strength at which the chain's evidence counts half: that of the sample's best two-link paths.
_HALF: Final = 0.1
# Upper bound on a path's strength, so that its odds are finite (judgement).
_NEARLY_ONE: Final = 0.999999


def chain_links(tables: dict[str, ibis.Table], role: str, pairs: ibis.Table | None = None) -> ibis.Table:
    """Every path of the product chain from the supplying side's offers to the receiving side's.

    Parameters
    ----------
    tables
        ``evidence_frames`` as tables.
    role
        One of ``ROLES``. A service is for one product only: paths of one link.
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
    left = (1.0 - links.strength.clip(upper=_NEARLY_ONE)).ln()
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
    """Known links of similar firms: who supplies firms like this one.

    A firm that makes what the customer makes and buys from the supplier, or one that makes what the supplier
    makes and sells to the customer, is evidence for the pair; n of them count n / (n + 1) (as two-sided L3,
    Kovács et al. 2019, doi:10.1038/s41467-019-09177-y).

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
    """Add context, which can only re-order pairs: linked, linked_via, similar, town, size and category."""
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
    # Pairs are joined first: products similar to a demand have many makers, few of them on the shortlist.
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
