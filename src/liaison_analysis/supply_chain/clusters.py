"""Candidate clusters: enterprises and products that the chain links closely, named in words."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pandas as pd

from liaison_analysis._checks import check_frame
from liaison_analysis.demands import demand_mentions
from liaison_analysis.ledger import as_ledger
from liaison_analysis.supply_chain.gaps import chain_gaps
from liaison_analysis.supply_chain.locality import among, counted, locality, named, strengths, texts_for
from liaison_analysis.supply_chain.networks import network
from liaison_analysis.supply_chain.partitions import communities
from liaison_analysis.text import distinct_names, words

if TYPE_CHECKING:
    import networkx as nx

    from liaison_analysis.ledger import Ledger

_CLUSTERS: Final = [
    "cluster",
    "name",
    "n_enterprises",
    "n_products",
    "products",
    "enterprises",
    "towns",
    "inside",
    "asks_for",
    "gaps",
]
# Lengths in characters and words of a piece of a product's name, and number of candidates for a cluster's
# name (judgement).
_SHORTEST: Final = 2
_LONGEST: Final = 8
_WORDS: Final = 3
_CANDIDATES: Final = 40
_INTENTS: Final = {
    "customer": "客户",
    "supplier": "供应商",
    "finance": "融资",
    "test": "检测认证",
    "research": "科研合作",
    "staff": "用工",
    "policy": "政策",
    "site": "场地",
    "utilities": "水电气网",
}


def find_clusters(
    ledger: Ledger | nx.Graph[Any], town: str | None = None, *, resolution: float = 1.0, random_state: int = 0
) -> pd.DataFrame:
    """Group local enterprises and their products into clusters of the chain.

    Enterprises are linked to what they make, products to the local products they go into. A link from u to v
    weighs ``1 / (outdegree(u) · indegree(v)) ** 0.25``, as in ``chain_paths``: a product that everybody uses
    links nobody closely.

    Parameters
    ----------
    ledger, town
        As for ``chain_gaps``.
    resolution
        Larger values give smaller clusters.
    random_state
        Seed.

    Returns
    -------
    DataFrame
        Columns kind (``enterprise`` or ``product``), id (enterprise_id, or the product), cluster (numbered
        from 0, the largest number of enterprises first). Sorted by cluster, kind, id.

    Raises
    ------
    LedgerError, ValueError
        As ``chain_gaps``.

    Examples
    --------
    >>> from liaison_analysis import load_liangjiang
    >>> members = find_clusters(load_liangjiang())
    >>> robots = members.loc[members["id"].eq("工业机器人"), "cluster"].item()
    >>> members.loc[members["id"].eq("E001"), "cluster"].item() == robots
    True
    """
    ledger = as_ledger(ledger)
    here = locality(ledger, town)
    made = here.made
    feeds = here.feeds[among(here.feeds["upstream"], made) & among(here.feeds["downstream"], made)]
    makes = here.offers.assign(a="e" + here.offers["enterprise_id"], b="p" + here.offers["product"])
    goes = feeds.assign(a="p" + feeds["upstream"], b="p" + feeds["downstream"])
    # Louvain depends on the order of nodes; sorted, they do not depend on the order of the ledger's rows.
    links = pd.concat([makes[["a", "b"]], goes[["a", "b"]]]).sort_values(["a", "b"], ignore_index=True)
    net = network(links.assign(weight=strengths(links["a"], links["b"])), "a", "b", weight="weight")
    members = pd.DataFrame({"kind": np.where(net.nodes.str[0] == "e", "enterprise", "product")})
    members["id"] = net.nodes.str[1:]
    members["group"] = communities(net, resolution=resolution, random_state=random_state)
    by_group = members.assign(n=members["kind"].eq("enterprise")).groupby("group")
    size = by_group.agg(n=("n", "sum"), first=("id", "min")).sort_values(
        ["n", "first"], ascending=[False, True]
    )
    members["cluster"] = members["group"].map({group: i for i, group in enumerate(size.index)})
    members = members[["kind", "id", "cluster"]]
    return members.sort_values(["cluster", "kind", "id"], ignore_index=True)


def describe_clusters(
    ledger: Ledger | nx.Graph[Any],
    members: pd.DataFrame,
    town: str | None = None,
    *,
    smallest: int = 3,
    themes: pd.Series | None = None,
) -> pd.DataFrame:
    """Describe clusters in words: name, leading products and enterprises, and what they ask for.

    Parameters
    ----------
    ledger, town
        What ``find_clusters`` was given.
    members
        From ``find_clusters``.
    smallest
        Clusters of fewer enterprises are left out.
    themes
        Theme of each demand in words, indexed by demand_id (such as ``DemandThemes`` gives); by default
        demands are counted by intent.

    Returns
    -------
    DataFrame
        Columns cluster, name (words typical of its products' names), n_enterprises,
        n_products, products (three with most makers), enterprises (three that make most of its products),
        towns (with the number of enterprises), inside (share of the chain links of its products with both
        ends in it, 0–1; missing where they have none), asks_for (the most frequent subjects of its demands,
        three at most), gaps (products of ``chain_gaps`` that it needs, three at most). Sorted by cluster.

    Raises
    ------
    LedgerError, ValueError
        As ``chain_gaps``.

    Examples
    --------
    >>> from liaison_analysis import load_liangjiang
    >>> ledger = load_liangjiang()
    >>> clusters = describe_clusters(ledger, find_clusters(ledger))
    >>> clusters["name"].is_unique, clusters["n_enterprises"].ge(3).all().item()
    (True, True)
    """
    ledger = as_ledger(ledger)
    check_frame(members, "members", ["kind", "id", "cluster"], source="find_clusters")
    here = locality(ledger, town)
    firms = members[members["kind"].eq("enterprise")]
    size = firms["cluster"].value_counts()
    kept = sorted(size.index[size.ge(smallest)].tolist())
    of_firm, of_product = (
        members[members["kind"].eq(kind)].set_index("id")["cluster"] for kind in ("enterprise", "product")
    )
    offers = here.offers.assign(cluster=here.offers["enterprise_id"].map(of_firm))
    offers = offers[offers["cluster"].eq(offers["product"].map(of_product))]
    names, towns = ledger.names(), ledger.enterprises.set_index("enterprise_id")["town"]
    clusters = pd.DataFrame(
        {"cluster": kept, "name": distinct_names(_trade_words(kept, offers), fallback="集群")}
    )
    clusters["n_enterprises"] = counted(kept, firms["cluster"])
    clusters["n_products"] = counted(kept, of_product)
    clusters["products"] = _most(kept, offers["cluster"], offers["product"])
    clusters["enterprises"] = _most(kept, offers["cluster"], offers["enterprise_id"].map(names))
    clusters["towns"] = _most(kept, firms["cluster"], firms["id"].map(towns), numbers=True)
    clusters["inside"] = _inside(kept, here.feeds, of_product)
    clusters["asks_for"] = _asks_for(kept, ledger, of_firm, themes)
    gaps = chain_gaps(ledger, town)["product"]
    missing = here.chain[among(here.chain["upstream"], gaps)]
    missing = missing.assign(cluster=missing["downstream"].map(of_product)).dropna(subset=["cluster"])
    clusters["gaps"] = _most(kept, missing["cluster"].astype(int), missing["upstream"])
    return clusters[_CLUSTERS]


def _trade_words(kept: list[int], offers: pd.DataFrame) -> list[list[str]]:
    """Pieces of product names that are typical of each cluster and not of the others, most typical first.

    Pieces are one to three words in a row, of two to eight characters, since segmenters split 加工中心; a
    piece that only occurs within a longer piece is not counted. Weight: occurrences × characters × log(1 +
    average occurrences per cluster / occurrences in all), as in c-TF-IDF (Grootendorst 2022).
    """
    counts: dict[int, Counter[str]] = {cluster: Counter() for cluster in kept}
    products = offers["product"].tolist()
    for cluster, product, tokens in zip(offers["cluster"], products, words(products), strict=True):
        if cluster in counts:
            ends = range(len(tokens))
            pieces = {"".join(tokens[i : i + n]) for i in ends for n in range(1, _WORDS + 1)}
            counts[cluster].update({p for p in pieces if _SHORTEST <= len(p) <= _LONGEST and p in product})
    total = Counter[str]()
    for here in counts.values():
        total.update(here)
    mean = max(1.0, total.total() / max(1, len(kept)))
    pieces_of = []
    for cluster in kept:
        here = counts[cluster]
        within = {
            piece[i:j]
            for piece, n in here.items()
            for i in range(len(piece))
            for j in range(i + _SHORTEST, len(piece) + 1)
            if j - i < len(piece) and here[piece[i:j]] == n
        }
        weight = {
            piece: (n > 1, round(n * len(piece) * float(np.log1p(mean / total[piece])), 9))
            for piece, n in here.items()
            if piece not in within
        }
        best = sorted(weight, key=lambda piece: (not weight[piece][0], -weight[piece][1], piece))
        chosen: list[str] = []
        for piece in best[:_CANDIDATES]:
            if not any(piece in other or other in piece for other in chosen):
                chosen.append(piece)
        pieces_of.append(chosen)
    return pieces_of


def _most(kept: list[int], clusters: pd.Series, values: pd.Series, *, numbers: bool = False) -> list[str]:
    """Most frequent values of each cluster (ties: by name)."""
    pairs = pd.DataFrame({"cluster": clusters.to_numpy(), "value": values.to_numpy()}).dropna()
    size = pairs.groupby(["cluster", "value"]).size().rename("n").reset_index()
    size = size.sort_values(["cluster", "n", "value"], ascending=[True, False, True])
    text = size["value"] + size["n"].astype(str) if numbers else size["value"]
    return texts_for(kept, named(size["cluster"], text))


def _inside(kept: list[int], feeds: pd.DataFrame, of_product: pd.Series) -> list[float]:
    """Share of the local chain links at each cluster's products that have both ends there."""
    ends = pd.DataFrame({"a": feeds["upstream"].map(of_product), "b": feeds["downstream"].map(of_product)})
    ends = ends.dropna()
    within = ends.loc[ends["a"].eq(ends["b"]), "a"].value_counts().reindex(kept, fill_value=0)
    a, b = (ends[end].value_counts().reindex(kept, fill_value=0) for end in "ab")
    touching = a + b - within
    return (within / touching.where(touching > 0)).round(6).tolist()


def _asks_for(kept: list[int], ledger: Ledger, of_firm: pd.Series, themes: pd.Series | None) -> list[str]:
    """Most frequent subjects of the demands of each cluster's enterprises."""
    if themes is None:
        demands = demand_mentions(ledger)
        demands = demands[demands["kind"].eq("intent")].drop_duplicates(["demand_id", "value"])
        topic = demands["value"].map(lambda intent: _INTENTS.get(intent, intent))
    else:
        demands = ledger.demands
        topic = demands["demand_id"].map(themes)
    cluster = demands["enterprise_id"].map(of_firm)
    known = cluster.notna() & topic.notna()
    return _most(kept, cluster[known].astype(int), topic[known], numbers=True)
