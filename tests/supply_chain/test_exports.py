"""Tables of a graph's nodes and edges hold what the graph holds."""

import networkx as nx
import pandas as pd
from helpers.small_ledger import ledger

from liaison_analysis.supply_chain.exports import graph_tables, write_graph_tables
from liaison_analysis.supply_chain.graph import build_supply_graph


def test_files_hold_every_node_and_edge_with_its_attributes(tmp_path):
    graph = build_supply_graph(ledger())
    paths = write_graph_tables(graph, tmp_path / "new folder")
    assert [path.name for path in paths] == ["nodes.parquet", "edges.parquet"]
    nodes, edges = (pd.read_parquet(path) for path in paths)
    assert set(zip(nodes["kind"], nodes["id"], strict=True)) == set(graph)
    for row in edges.to_dict("records"):
        ends = (row["source_kind"], row["source"]), (row["target_kind"], row["target"])
        data = graph.edges[(*ends, row["key"])]
        assert {name: row[name] for name in data} == data
        assert all(pd.isna(row[name]) for name in set(edges.columns[5:]) - set(data))
    assert len(edges) == graph.number_of_edges()


def test_a_graph_without_nodes_has_tables_without_rows():
    nodes, edges = graph_tables(nx.MultiDiGraph())
    assert (list(nodes), len(nodes)) == (["kind", "id"], 0)
    assert (list(edges), len(edges)) == (["source_kind", "source", "target_kind", "target", "key"], 0)
