"""The supply-chain graph as files for other programs: tables of its nodes and edges."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd

from liaison_analysis._checks import described, is_graph
from liaison_analysis._messages import message

if TYPE_CHECKING:
    import os

    import networkx as nx


def graph_tables(graph: nx.Graph[Any]) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Tables of the nodes and edges of a graph such as ``build_supply_graph`` makes.

    Parameters
    ----------
    graph
        Nodes are pairs of kind and id or name; attributes may have any type. Of a graph of one's own with
        other nodes, the kind is the node's attribute ``kind``, and the key of an edge its attribute ``kind``;
        missing where there is none.

    Returns
    -------
    nodes
        Columns kind (``enterprise`` or ``product``), id (enterprise_id, or the product's name), and each
        attribute of any node, empty where a node has none.
    edges
        Columns source_kind, source, target_kind, target, key (``offers``, ``feeds``, ``seeks`` or
        ``supplies``), and each attribute of any edge.

    Raises
    ------
    ValueError
        It is no graph of NetworkX.

    Examples
    --------
    >>> import networkx as nx
    >>> graph = nx.MultiDiGraph()
    >>> graph.add_edge(("enterprise", "E1"), ("product", "铜杆"), key="offers", weight=0.5)
    'offers'
    >>> nodes, edges = graph_tables(graph)
    >>> nodes.to_numpy().tolist(), edges[["source", "target", "key", "weight"]].to_numpy().tolist()
    ([['enterprise', 'E1'], ['product', '铜杆']], [['E1', '铜杆', 'offers', 0.5]])
    """
    if not is_graph(graph):
        raise ValueError(message("graph: expected a graph of NetworkX, got {got}", got=described(graph)))
    places = {node: _place(node, data) for node, data in graph.nodes(data=True)}
    nodes: list[dict[str, Any]] = [
        {**_named(places[node], ""), **_others(data)} for node, data in graph.nodes(data=True)
    ]
    edges: list[dict[str, Any]] = [
        {
            **_named(places[u], "source"),
            **_named(places[v], "target"),
            "key": data.get("kind") if key is None else key,
            **_others(data),
        }
        for u, v, key, data in _edges(graph)
    ]
    ends = ["source_kind", "source", "target_kind", "target", "key"]
    return (
        pd.DataFrame(nodes, columns=None if nodes else ["kind", "id"]),
        pd.DataFrame(edges, columns=None if edges else ends),
    )


def _place(node: Any, data: dict[str, Any]) -> tuple[Any, Any]:
    """Give kind and id of a node: of a pair as ``build_supply_graph`` makes, or of a node of one's own."""
    if isinstance(node, tuple) and len(node) == len(("kind", "id")):
        return node
    return data.get("kind"), node


def _others(data: dict[str, Any]) -> dict[str, Any]:
    """Attributes other than the kind, which has a column of its own."""
    return {name: value for name, value in data.items() if name != "kind"}


def _named(place: tuple[Any, Any], end: str) -> dict[str, Any]:
    """Columns of a node, or of one end of an edge."""
    return {f"{end}_kind": place[0], end: place[1]} if end else {"kind": place[0], "id": place[1]}


def _edges(graph: nx.Graph[Any]) -> list[tuple[Any, Any, Any, dict[str, Any]]]:
    """List ends, key and attributes of every edge; a graph without parallel edges has no keys."""
    if graph.is_multigraph():
        return list(graph.edges(keys=True, data=True))  # type: ignore[call-overload]
    return [(u, v, None, data) for u, v, data in graph.edges(data=True)]


def write_graph_tables(graph: nx.Graph[Any], folder: str | os.PathLike[str]) -> tuple[Path, Path]:
    """Write ``nodes.parquet`` and ``edges.parquet`` of a graph into a folder, which is created if missing.

    Parameters
    ----------
    graph
        As for ``graph_tables``.
    folder
        Where to write. Existing files of these two names are replaced.

    Returns
    -------
    tuple
        Paths of the two files.

    Examples
    --------
    >>> import tempfile
    >>> from liaison_analysis import build_supply_graph, load_liangjiang
    >>> graph = build_supply_graph(load_liangjiang())
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     nodes, edges = write_graph_tables(graph, folder)
    ...     len(pd.read_parquet(edges)) == graph.number_of_edges()
    True
    """
    place = Path(folder)
    place.mkdir(parents=True, exist_ok=True)
    paths = place / "nodes.parquet", place / "edges.parquet"
    for path, table in zip(paths, graph_tables(graph), strict=True):
        table.to_parquet(path, index=False)
    return paths
