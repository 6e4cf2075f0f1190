"""The supply-chain graph as NetworkX: who offers, seeks and supplies what, and what feeds what."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from liaison_analysis.demands import products_of
from liaison_analysis.ledger import as_ledger
from liaison_analysis.supply_chain.sought import sought_products

if TYPE_CHECKING:
    import networkx as nx
    import pandas as pd

    from liaison_analysis.ledger import Ledger


def build_supply_graph(ledger: Ledger | nx.Graph[Any]) -> nx.MultiDiGraph[tuple[str, str]]:
    """Build the graph of the enterprises and products of a ledger.

    Parameters
    ----------
    ledger
        Each of ``offers``, ``product_chain``, ``supplies`` and the texts of ``demands`` adds edges.

    Returns
    -------
    networkx.MultiDiGraph
        Nodes ``("enterprise", id)`` with name, town, category, is_synthetic, and ``("product", name)``.
        Edges by key: ``offers`` (enterprise→product; weight), ``feeds`` (product→product, upstream to
        downstream; relation), ``seeks`` (enterprise→product; intent, demand_id and weight of the mention with
        the highest score), ``supplies`` (enterprise→enterprise; product: all of them, joined by ``、``).
        Unknown values are left out, so that ``networkx.write_graphml`` and ``write_gexf`` take the graph.

    Examples
    --------
    >>> from liaison_analysis import load_liangjiang
    >>> graph = build_supply_graph(load_liangjiang())
    >>> graph.has_edge(("enterprise", "E001"), ("product", "工业机器人"), key="offers")
    True
    """
    ledger = as_ledger(ledger)
    import networkx as nx

    graph: nx.MultiDiGraph[tuple[str, str]] = nx.MultiDiGraph()
    for firm in _records(ledger.enterprises, "enterprise_id", "name", "town", "category", "is_synthetic"):
        graph.add_node(("enterprise", firm.pop("enterprise_id")), **_known(**firm))
    graph.add_nodes_from(("product", product) for product in products_of(ledger))
    for row in _records(ledger.completed.offers, "enterprise_id", "product", "weight"):
        ends = ("enterprise", row["enterprise_id"]), ("product", row["product"])
        graph.add_edge(*ends, key="offers", **_known(weight=row["weight"]))
    for row in _records(ledger.completed.product_chain, "upstream", "downstream", "relation"):
        ends = ("product", row["upstream"]), ("product", row["downstream"])
        graph.add_edge(*ends, key="feeds", **_known(relation=row["relation"]))
    # Of several edges between the same two nodes the last is kept.
    sought = sought_products(ledger).sort_values("score", kind="stable")
    for row in _records(sought, "enterprise_id", "product", "intent", "demand_id", "score"):
        ends = ("enterprise", row.pop("enterprise_id")), ("product", row.pop("product"))
        graph.add_edge(*ends, key="seeks", **_known(weight=row.pop("score"), **row))
    for pair, goods in ledger.supplies.groupby(["supplier_id", "customer_id"])["product"]:
        supplier, customer = (("enterprise", str(firm)) for firm in pair)
        products = "、".join(goods.dropna().unique()) or None
        graph.add_edge(supplier, customer, key="supplies", **_known(product=products))
    return graph


def _known(**values: Any) -> dict[str, Any]:
    """Values that are not None: GraphML and GEXF cannot write missing values."""
    return {name: value for name, value in values.items() if value is not None}


def _records(frame: pd.DataFrame, *columns: str) -> list[dict[str, Any]]:
    """Rows as dictionaries of plain Python values, None where missing."""
    return frame[list(columns)].astype(object).where(frame[list(columns)].notna(), None).to_dict("records")  # type: ignore[return-value]
