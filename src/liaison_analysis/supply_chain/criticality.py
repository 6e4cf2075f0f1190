"""Reach of products along the chain, dependence on one maker, and what is lost if an enterprise leaves."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pandas as pd

from liaison_analysis.ledger import as_ledger
from liaison_analysis.supply_chain.locality import (
    TOOLS,
    among,
    counted,
    incidence,
    locality,
    makers,
    named,
    sole_makers,
    texts_for,
)
from liaison_analysis.supply_chain.needs import count_reached, needed_table
from liaison_analysis.supply_chain.networks import betweenness, network
from liaison_analysis.supply_chain.reachability import reach_counts, reached

if TYPE_CHECKING:
    from collections.abc import Sequence

    import networkx as nx

    from liaison_analysis.ledger import Ledger
    from liaison_analysis.supply_chain.locality import Locality

_SINGLE: Final = [
    "product",
    "enterprise_id",
    "name",
    "n_enterprises",
    "feeds",
    "needed_by",
    "n_dependents",
    "nearest",
    "n_elsewhere",
]


def reach(
    ledger: Ledger | nx.Graph[Any], products: Sequence[str] | None = None, *, tools: bool = False
) -> pd.DataFrame:
    """Count the products upstream and downstream of products in the chain, over any number of steps.

    Parameters
    ----------
    ledger
        Needs ``product_chain``; ``offers`` and ``supplies`` say who makes what.
    products
        A list of products, or one product; by default every product of the chain.
    tools
        Whether equipment and services are followed as well. They do not become part of the product, so by
        default only materials and parts are followed, and links without a relation.

    Returns
    -------
    DataFrame
        Columns product, upstream and downstream (other products that go into it, that it goes into),
        makers (enterprises that make it), suppliers and customers (enterprises that make an upstream, a
        downstream product; its own makers as well where the chain has a cycle). Sorted by downstream and
        upstream, most first, then product.

    Raises
    ------
    LedgerError
        ``product_chain`` has no rows.
    ValueError
        Products that the chain does not name.

    Examples
    --------
    >>> from liaison_analysis import load_liangjiang
    >>> reach(load_liangjiang(), ["锂辉石精矿"])[["upstream", "downstream"]].to_numpy().tolist()
    [[0, 37]]
    """
    ledger = as_ledger(ledger)
    ledger.completed.require("product_chain")
    chain, made = ledger.completed.product_chain, makers(ledger)
    chain = chain[chain["upstream"].ne(chain["downstream"])]
    followed = chain if tools else chain[~chain["relation"].isin(TOOLS)]
    everything = [*chain["upstream"], *chain["downstream"]]
    net = network(followed, "upstream", "downstream", nodes=everything)
    made = made[among(made["product"], net.nodes)]
    firms = pd.Index(sorted(set(made["enterprise_id"])))
    made_by = incidence(made["product"], made["enterprise_id"], net.nodes, firms)
    back = net.matrix.T.tocsr()
    counts = pd.DataFrame(
        {
            "product": net.nodes,
            "upstream": reach_counts(back),
            "downstream": reach_counts(net.matrix),
            "makers": np.diff(made_by.indptr).astype(np.int64),
            "suppliers": reach_counts(back, made_by),
            "customers": reach_counts(net.matrix, made_by),
        }
    )
    if products is not None:
        wanted = {products} if isinstance(products, str) else set(products)
        if unknown := sorted(wanted - set(net.nodes)):
            shown = ", ".join(map(repr, unknown[:5])) + (" and more" if len(unknown) > 5 else "")
            expected = "expected products that product_chain names"
            raise ValueError(f"{expected}; got {shown}; add their links, or correct the names")
        counts = counts[among(counts["product"], wanted)]
    return counts.sort_values(
        ["downstream", "upstream", "product"], ascending=[False, False, True], ignore_index=True
    )


def key_enterprises(
    ledger: Ledger | nx.Graph[Any], town: str | None = None, *, sources: int = 256, random_state: int = 0
) -> pd.DataFrame:
    """List for every local enterprise which local supply is lost if it leaves.

    Products that nobody else here makes lose their only local source. Products of others that they go into
    then lack an input, and so do the products that those go into, and so on along materials and parts made
    here. ``n_replaceable`` counts products that can be bought elsewhere; how fast is not known.

    Parameters
    ----------
    ledger, town
        As for ``chain_gaps``.
    sources
        Enterprises and products from which shortest paths are counted for ``betweenness``.
    random_state
        Seed of their random choice.

    Returns
    -------
    DataFrame
        Columns enterprise_id, name, n_sole (products that only it makes here and that go into products of
        others here), sole_products (three at most, those with the largest loss first), n_replaceable (those
        of n_sole that have a maker elsewhere), products_lost (products of others here that lack an input,
        directly or indirectly), enterprises_hit (their makers), hit (three at most, those hit directly
        first), betweenness (share of shortest supply paths between all that run through it, 0–1, from a
        sample). Sorted by enterprises_hit and products_lost, most first, then enterprise_id.

    Raises
    ------
    LedgerError, ValueError
        As ``chain_gaps``.

    Examples
    --------
    >>> from liaison_analysis import load_liangjiang
    >>> key = key_enterprises(load_liangjiang(), "水土")
    >>> key["enterprises_hit"].is_monotonic_decreasing
    True
    """
    ledger = as_ledger(ledger)
    here = locality(ledger, town)
    offers, names = here.offers, ledger.names()
    only = sole_makers(offers)
    straight = here.feeds[among(here.feeds["upstream"], only.index)]
    straight = straight.merge(
        offers.rename(columns={"enterprise_id": "other"}), left_on="downstream", right_on="product"
    )
    straight = straight.assign(enterprise_id=straight["upstream"].map(only))
    straight = straight[straight["other"].ne(straight["enterprise_id"])]
    sole = straight.groupby(["enterprise_id", "upstream"])["other"].nunique().rename("n").reset_index()
    sole = sole.sort_values(["n", "upstream"], ascending=[False, True])
    abroad = sole[among(sole["upstream"], here.elsewhere["product"])]
    hit, lost = _lost(here, only)
    first = pd.MultiIndex.from_frame(straight[["enterprise_id", "other"]])
    hit = hit.assign(far=~pd.MultiIndex.from_frame(hit[["enterprise_id", "other"]]).isin(first))
    hit = hit.sort_values(["enterprise_id", "far", "other"])
    firms = sorted(set(offers["enterprise_id"]))
    who = pd.DataFrame({"enterprise_id": pd.Series(firms, dtype="str"), "name": texts_for(firms, names)})
    who["n_sole"] = counted(firms, sole["enterprise_id"])
    who["sole_products"] = texts_for(firms, named(sole["enterprise_id"], sole["upstream"]))
    who["n_replaceable"] = counted(firms, abroad["enterprise_id"])
    who["products_lost"] = counted(firms, lost["enterprise_id"])
    who["enterprises_hit"] = counted(firms, hit["enterprise_id"])
    who["hit"] = texts_for(firms, named(hit["enterprise_id"], hit["other"].map(names)))
    who["betweenness"] = _between(here, firms, sources, random_state)
    return who.sort_values(
        ["enterprises_hit", "products_lost", "enterprise_id"],
        ascending=[False, False, True],
        ignore_index=True,
    )


def _lost(here: Locality, only: pd.Series) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Pairs of a leaving enterprise and an enterprise hit, and of the former and a product lost."""
    goods, firms = here.made, pd.Index(only.drop_duplicates().sort_values())
    feeds = here.feeds[among(here.feeds["upstream"], goods) & among(here.feeds["downstream"], goods)]
    links = incidence(feeds["upstream"], feeds["downstream"], goods, goods)
    sole = incidence(only, only.index.to_series(), firms, goods)
    walks = reached(links, sole).tocoo()
    lost = pd.DataFrame({"enterprise_id": firms[walks.row], "product": goods[walks.col]})
    # Products that only the leaving enterprise makes leave with it and do not hit anybody else by themselves.
    lost = lost[lost["product"].map(only).ne(lost["enterprise_id"])]
    hit = lost.merge(
        here.offers[["product", "enterprise_id"]].rename(columns={"enterprise_id": "other"}), on="product"
    )
    hit = hit.loc[hit["other"].ne(hit["enterprise_id"]), ["enterprise_id", "other"]]
    return hit.drop_duplicates(), lost


def _between(here: Locality, firms: list[str], sources: int, random_state: int) -> list[float]:
    """Betweenness of enterprises in the graph maker → product → enterprise that needs it."""
    feeds = here.feeds[among(here.feeds["upstream"], here.made)]
    needs = feeds.merge(here.offers, left_on="downstream", right_on="product")
    makes = here.offers.assign(a="e" + here.offers["enterprise_id"], b="p" + here.offers["product"])
    uses = needs.assign(a="p" + needs["upstream"], b="e" + needs["enterprise_id"])
    links = pd.concat([makes[["a", "b"]], uses[["a", "b"]]]).drop_duplicates()
    # Sources are drawn by position; sorted, positions do not depend on the order of the ledger's rows.
    net = network(links.sort_values(["a", "b"]), "a", "b")
    share = betweenness(net, sources, random_state=random_state)
    return share.reindex([f"e{firm}" for firm in firms]).round(9).tolist()


def single_suppliers(ledger: Ledger | nx.Graph[Any], town: str | None = None) -> pd.DataFrame:
    """Find products that other local enterprises need and exactly one local enterprise makes.

    Parameters
    ----------
    ledger, town
        As for ``chain_gaps``.

    Returns
    -------
    DataFrame
        Columns product, enterprise_id and name (its only local maker), n_enterprises (other local
        enterprises that make something it goes into), feeds, needed_by, n_dependents (other local enterprises
        that depend on it, directly or through materials and parts made here), nearest, n_elsewhere (makers
        elsewhere); the rest as in ``chain_gaps``. Sorted by n_enterprises and n_dependents, most first, then
        product.

    Raises
    ------
    LedgerError, ValueError
        As ``chain_gaps``.

    Examples
    --------
    >>> from liaison_analysis import load_liangjiang
    >>> risks = single_suppliers(load_liangjiang())
    >>> risks[["product", "n_enterprises"]].head(2).to_numpy().tolist()
    [['可编程控制器', 15], ['表面贴装生产线', 13]]
    """
    ledger = as_ledger(ledger)
    here = locality(ledger, town)
    only = sole_makers(here.offers)
    needs = here.chain[among(here.chain["upstream"], only.index)]
    needs = needs.merge(here.offers, left_on="downstream", right_on="product")
    needs = needs[needs["enterprise_id"].ne(needs["upstream"].map(only))]
    products = sorted(set(needs["upstream"]))
    nobody = needs[["upstream", "enterprise_id"]].iloc[:0]
    risks = needed_table(ledger, here, products, needs, nobody)
    risks["enterprise_id"] = risks["product"].map(only)
    risks["name"] = risks["enterprise_id"].map(ledger.names())
    risks["n_dependents"] = count_reached(here, products, nobody, without=only)
    return risks[_SINGLE].sort_values(
        ["n_enterprises", "n_dependents", "product"], ascending=[False, False, True], ignore_index=True
    )
