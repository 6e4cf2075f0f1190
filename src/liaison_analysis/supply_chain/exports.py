"""The supply-chain graph as files for other programs: tables of its nodes and edges."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd

if TYPE_CHECKING:
    import os

    import networkx as nx


def graph_tables(graph: nx.MultiDiGraph[tuple[str, str]]) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Tables of the nodes and edges of a graph such as ``build_supply_graph`` makes.

    Parameters
    ----------
    graph
        Nodes are pairs of kind and id or name; attributes may have any type.

    Returns
    -------
    nodes
        Columns kind (``enterprise`` or ``product``), id (enterprise_id, or the product's name), and each
        attribute of any node, empty where a node has none.
    edges
        Columns source_kind, source, target_kind, target, key (``offers``, ``feeds``, ``seeks`` or
        ``supplies``), and each attribute of any edge.

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
    nodes: list[dict[str, Any]] = [
        {"kind": kind, "id": name, **attributes} for (kind, name), attributes in graph.nodes.items()
    ]
    edges: list[dict[str, Any]] = [
        {"source_kind": u[0], "source": u[1], "target_kind": v[0], "target": v[1], "key": key, **attributes}
        for u, v, key, attributes in graph.edges(keys=True, data=True)
    ]
    ends = ["source_kind", "source", "target_kind", "target", "key"]
    return (
        pd.DataFrame(nodes, columns=None if nodes else ["kind", "id"]),
        pd.DataFrame(edges, columns=None if edges else ends),
    )


def write_graph_tables(
    graph: nx.MultiDiGraph[tuple[str, str]], folder: str | os.PathLike[str]
) -> tuple[Path, Path]:
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
