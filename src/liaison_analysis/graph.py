"""The supply-chain graph, and paths through its chain as a join."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import pandas as pd

from liaison_analysis.locality import TOOLS
from liaison_analysis.mentions import demand_mentions, products_of

if TYPE_CHECKING:
    import ibis
    import networkx as nx

    from liaison_analysis.ledger import Ledger

#: Intents of a demand under which a product named in it is looked for.
SEEKING_INTENTS: Final = ("customer", "supplier")

#: A path of this many links still says something a manager follows.
MAX_HOPS: Final = 3

#: What a further link of a path keeps of its strength (as beta in Katz 1953, doi:10.1007/BF02289026).
DECAY: Final = 0.7

#: What a link beyond one by equipment or service keeps.
TOOL: Final = 0.3


def asked_products(ledger: Ledger, intent: str, *, mentions: pd.DataFrame | None = None) -> pd.DataFrame:
    """Read out of the demands of one intent which products they name.

    What the enterprise makes itself is left out, since there it speaks of its own. Where one demand asks
    for customers and for suppliers, the chain tells which product is which: what the enterprise's own
    products go into is no input of them, and the other way round.

    Parameters
    ----------
    ledger
        Its demands are read.
    intent
        One of ``mentions.INTENTS``.
    mentions
        What ``demand_mentions`` found, where it is at hand already.

    Returns
    -------
    DataFrame
        Columns demand_id, enterprise_id, product, score (0–1): one row a demand and product, and one without
        product for a demand that names none. In the order of the demands.

    Examples
    --------
    >>> from liaison_analysis import load_liangjiang
    >>> asked = asked_products(load_liangjiang(), "customer")
    >>> asked[asked["enterprise_id"].eq("E001")]["product"].tolist()
    ['新能源乘用车', '燃油乘用车']
    """
    found = demand_mentions(ledger) if mentions is None else mentions
    intents = found[found["kind"].eq("intent")]
    asking = intents.loc[intents["value"].eq(intent), ["demand_id", "enterprise_id"]]
    named = found[found["kind"].eq("product")].rename(columns={"value": "product"})
    named = named.sort_values("score", ascending=False, kind="stable").drop_duplicates(
        ["demand_id", "product"]
    )
    ends = ["enterprise_id", "product"]
    fits = ~_are_in(named[ends], ledger.offers[ends])
    if intent in SEEKING_INTENTS:
        both = intents[intents["value"].isin(SEEKING_INTENTS)].groupby("demand_id")["value"].nunique()
        unclear = named["demand_id"].isin(both.index[both.eq(len(SEEKING_INTENTS))])
        firms = named.loc[unclear, "enterprise_id"]
        own = ledger.offers.loc[ledger.offers["enterprise_id"].isin(firms), ends]
        links = ledger.product_chain[["upstream", "downstream"]]
        outputs, inputs = _within(links, own), _within(links[["downstream", "upstream"]], own)
        wrong, right = (inputs, outputs) if intent == "customer" else (outputs, inputs)
        fits &= ~unclear | ~_are_in(named[ends], wrong) | _are_in(named[ends], right)
    named = named.loc[fits, ["demand_id", "product", "score"]].sort_index()
    return asking.merge(named, on="demand_id", how="left").reset_index(drop=True)


def _are_in(pairs: pd.DataFrame, among: pd.DataFrame) -> pd.Series:
    """Whether each pair is one of some pairs."""
    return pd.Series(pd.MultiIndex.from_frame(pairs).isin(pd.MultiIndex.from_frame(among)), pairs.index)


def _within(links: pd.DataFrame, own: pd.DataFrame) -> pd.DataFrame:
    """Pairs of an enterprise and a product that ``MAX_HOPS`` links (start, end) lead to from its own."""
    links = links.set_axis(["product", "next"], axis=1)
    found = layer = own
    for _ in range(MAX_HOPS):
        layer = layer.merge(links)[["enterprise_id", "next"]].drop_duplicates()
        layer = layer.rename(columns={"next": "product"})
        found = pd.concat([found, layer])
    return found.iloc[len(own) :]


def sought_products(ledger: Ledger) -> pd.DataFrame:
    """Products that enterprises look for as customers' products or as inputs, read out of their demands.

    Returns
    -------
    DataFrame
        Columns enterprise_id, product, intent (``customer`` or ``supplier``), demand_id, score (0–1); the
        surest mention of each (enterprise, product, intent), sorted by these three.

    Examples
    --------
    >>> from liaison_analysis import load_liangjiang
    >>> sought = sought_products(load_liangjiang())
    >>> sought[sought["enterprise_id"].eq("E001")]["product"].tolist()
    ['新能源乘用车', '燃油乘用车']
    """
    found = demand_mentions(ledger)
    sought = pd.concat(
        [asked_products(ledger, intent, mentions=found).assign(intent=intent) for intent in SEEKING_INTENTS]
    )
    columns = ["enterprise_id", "product", "intent", "demand_id", "score"]
    ordered = sought.dropna(subset=["product"]).sort_values(
        ["enterprise_id", "product", "intent", "score", "demand_id"],
        ascending=[True, True, True, False, True],
    )
    return ordered.drop_duplicates(columns[:3])[columns].reset_index(drop=True)


def build_supply_graph(ledger: Ledger) -> nx.MultiDiGraph[tuple[str, str]]:
    """Build the graph of enterprises and products that a ledger tells of.

    Parameters
    ----------
    ledger
        Each of ``offers``, ``product_chain``, ``supplies`` and the texts of ``demands`` adds edges.

    Returns
    -------
    networkx.MultiDiGraph
        Nodes ``("enterprise", id)`` with name, town, category, is_synthetic, and ``("product", name)``.
        Edges by key: ``offers`` (enterprise→product; weight), ``feeds`` (product→product, upstream to
        downstream; relation), ``seeks`` (enterprise→product; intent, demand_id and weight of the surest
        mention), ``supplies`` (enterprise→enterprise; product: all of them, joined by ``、``).

    Examples
    --------
    >>> from liaison_analysis import load_liangjiang
    >>> graph = build_supply_graph(load_liangjiang())
    >>> graph.has_edge(("enterprise", "E001"), ("product", "工业机器人"), key="offers")
    True
    """
    import networkx as nx

    graph: nx.MultiDiGraph[tuple[str, str]] = nx.MultiDiGraph()
    for firm in _records(ledger.enterprises, "enterprise_id", "name", "town", "category", "is_synthetic"):
        graph.add_node(("enterprise", firm.pop("enterprise_id")), **firm)
    graph.add_nodes_from(("product", product) for product in products_of(ledger))
    for row in _records(ledger.offers, "enterprise_id", "product", "weight"):
        ends = ("enterprise", row["enterprise_id"]), ("product", row["product"])
        graph.add_edge(*ends, key="offers", weight=row["weight"])
    for row in _records(ledger.product_chain, "upstream", "downstream", "relation"):
        ends = ("product", row["upstream"]), ("product", row["downstream"])
        graph.add_edge(*ends, key="feeds", relation=row["relation"])
    # Of several edges between the same two the last stays.
    sought = sought_products(ledger).sort_values("score", kind="stable")
    for row in _records(sought, "enterprise_id", "product", "intent", "demand_id", "score"):
        ends = ("enterprise", row.pop("enterprise_id")), ("product", row.pop("product"))
        graph.add_edge(*ends, key="seeks", weight=row.pop("score"), **row)
    for pair, goods in ledger.supplies.groupby(["supplier_id", "customer_id"])["product"]:
        supplier, customer = (("enterprise", str(firm)) for firm in pair)
        products = "、".join(goods.dropna().unique()) or None
        graph.add_edge(supplier, customer, key="supplies", product=products)
    return graph


def _records(frame: pd.DataFrame, *columns: str) -> list[dict[str, Any]]:
    """Rows as dictionaries of plain Python values, None where missing."""
    return frame[list(columns)].astype(object).where(frame[list(columns)].notna(), None).to_dict("records")  # type: ignore[return-value]


def chain_paths(feeds: ibis.Table, starts: ibis.Table, *, hops: int = MAX_HOPS) -> ibis.Table:
    """Strongest path from each product to every product it reaches, as one Ibis expression.

    The strength of a link from u to v is ``1 / (outdegree(u) · indegree(v)) ** 0.25``: an input of few
    things, or one of few inputs, says more (the degree normalisation of L3, Kovács et al. 2019,
    doi:10.1038/s41467-019-09177-y, with a milder exponent). A path multiplies its links, and each link
    after the first keeps 0.7. What only serves to make a product does not go on into what that product
    goes into: each link after one by equipment or service keeps 0.3 more.

    Parameters
    ----------
    feeds
        Columns upstream, downstream and, if known, relation (see ``schema.RELATIONS``); each pair once.
    starts
        Column product: where paths begin.
    hops
        Longest path in links.

    Returns
    -------
    ibis.Table
        Columns start, product, path (names joined by ``→``), hops, strength; one row a pair of start and
        product, ties broken by the path's text.
    """
    import ibis

    outward = feeds.group_by("upstream").agg(n_out=ibis._.count())
    inward = feeds.group_by("downstream").agg(n_in=ibis._.count())
    links = feeds.join(outward, "upstream").join(inward, "downstream")
    by_tool = links.relation.isin(TOOLS).fill_null(False) if "relation" in feeds.columns else False  # noqa: FBT003 - ibis names it differently by type
    # A degree is a count: cast before dividing, since engines differ on whole numbers.
    links = links.select(
        at="upstream",
        after="downstream",
        step=1.0 / (links.n_out.cast("float64") * links.n_in.cast("float64")).sqrt().sqrt(),
        by_tool=ibis.ifelse(by_tool, TOOL, 1.0),
    )
    first = starts.select(start="product").distinct()
    layer = first.join(links, first.start == links["at"]).select(
        start="start",
        product="after",
        path=ibis._.start.concat("→", ibis._.after),
        hops=ibis.literal(1),
        strength="step",
        onward="by_tool",
    )
    layers = [layer]
    for hop in range(2, hops + 1):
        step = links.view()
        joined = layer.join(step, layer["product"] == step["at"])
        joined = joined.filter(joined.after != joined.start).select(
            start="start",
            product="after",
            path=ibis._.path.concat("→", ibis._.after),
            hops=ibis.literal(hop),
            strength=ibis._.strength * ibis._.onward * ibis._.step * DECAY,
            onward=ibis._.onward * ibis._.by_tool,
        )
        # The weaker of two ways to a product may be the stronger one beyond it.
        layer = _strongest(joined, ["start", "product", "onward"])
        layers.append(layer)
    return _strongest(ibis.union(*layers), ["start", "product"]).drop("onward")


def _strongest(paths: ibis.Table, ends: list[str]) -> ibis.Table:
    """Best path of each group."""
    import ibis

    order = [paths.strength.round(9).desc(), paths.hops, paths.path]
    best = ibis.row_number().over(group_by=ends, order_by=order)
    return paths.mutate(place=best).filter(ibis._.place == 0).drop("place")
