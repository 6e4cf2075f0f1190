"""Every function compared with NetworkX's, on graphs small enough to be quick."""

import random

import networkx as nx
import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import sparse

from liaison_analysis.supply_chain.networks import betweenness, network, pagerank, row_entries, shortest_paths

EDGES = st.dictionaries(
    st.tuples(st.integers(0, 8), st.integers(0, 8)).filter(lambda e: e[0] != e[1]),
    st.integers(1, 5),
    min_size=1,
    max_size=40,
)


def both(edges):
    """The same graph as NetworkX and as codes; nodes 0 to 8 are there whether linked or not."""
    graph = nx.DiGraph()
    graph.add_nodes_from(range(9))
    graph.add_weighted_edges_from((u, v, w) for (u, v), w in edges.items())
    links = nx.to_pandas_edgelist(graph)
    return graph, network(links, "source", "target", weight="weight", nodes=range(9))


def test_network_numbers_names_adds_up_weights_and_leaves_out_open_ends():
    links = pd.DataFrame(
        {"a": ["乙", "甲", "乙", None], "b": ["甲", "丙", "甲", "甲"], "w": [1.0, 2.0, 3.0, 9.0]}
    )
    net = network(links, "a", "b", weight="w", nodes=["丁"])
    assert net.nodes.tolist() == ["乙", "甲", "丙", "丁"]
    at = dict(zip(net.nodes, range(4), strict=True))
    assert net.matrix[at["乙"], at["甲"]] == 4
    assert net.matrix.sum() == 6
    assert net.codes(["丁", "乙", "丁"]).tolist() == [3, 0, 3]


def test_network_without_links():
    net = network(pd.DataFrame({"a": [], "b": []}, dtype="str"), "a", "b", nodes=["x"])
    assert pagerank(net).to_dict() == {"x": 1.0}
    assert betweenness(net).to_dict() == {"x": 0.0}
    assert pagerank(network(pd.DataFrame({"a": [], "b": []}, dtype="str"), "a", "b")).empty
    with pytest.raises(ValueError, match=r"expected weights above 0 in 'w'; got 0\.0"):
        network(pd.DataFrame({"a": ["x"], "b": ["y"], "w": [0.0]}), "a", "b", weight="w")
    with pytest.raises(
        ValueError, match="not in this network of 1 nodes: 'a', 'b', 'c', 'd', 'e' and 1 more"
    ):
        net.codes("abcdef")


def test_a_graph_of_ones_own_is_taken_as_its_links_are():
    parallel = nx.MultiDiGraph()
    parallel.add_edges_from([(("p", 1), ("p", 2), {"w": 2.0}), (("p", 1), ("p", 2), {"w": 3.0})])
    parallel.add_node(("p", 3))
    net = network(parallel, weight="w")
    assert net.nodes.tolist() == [("p", 1), ("p", 2), ("p", 3)]
    assert net.matrix.toarray().tolist() == [[0, 5, 0], [0, 0, 0], [0, 0, 0]]
    assert net.codes([("p", 3), ("p", 1)]).tolist() == [2, 0]
    assert network(nx.Graph([("a", "b"), ("b", "b")])).matrix.toarray().tolist() == [[0, 1], [1, 1]]
    assert pagerank(network(parallel)).loc[[("p", 2)]].tolist() == pytest.approx(
        [nx.pagerank(nx.DiGraph(parallel))["p", 2]]
    )
    with pytest.raises(
        ValueError, match=r"expected columns \['source'\] in the links; got \['a', 'target'\]"
    ):
        network(pd.DataFrame({"a": ["x"], "target": ["y"]}))


@settings(max_examples=40)
@given(EDGES, st.dictionaries(st.integers(0, 8), st.integers(1, 3), min_size=1))
def test_pagerank_is_networkx_own(edges, starts):
    graph, net = both(edges)
    expected = nx.pagerank(graph, personalization=starts, tol=1e-13, max_iter=500)
    found = pagerank(net, starts, tolerance=1e-13)
    assert found.to_dict() == pytest.approx(expected, abs=1e-10)
    assert found.sum() == pytest.approx(1)


def test_pagerank_says_what_it_needs():
    _, net = both({(0, 1): 1, (1, 0): 1})
    with pytest.raises(ValueError, match=r"one above 0; got \{0: 0\}"):
        pagerank(net, {0: 0})
    with pytest.raises(ValueError, match=r"damping from 0 to below 1 .* above 0; got 1 and 1e-10"):
        pagerank(net, {0: 1}, damping=1)
    assert pagerank(net, {0: 1}, damping=0).to_dict() == dict.fromkeys(range(9), 0.0) | {0: 1.0}


@settings(max_examples=40)
@given(EDGES, st.integers(2, 9), st.integers(0, 99))
def test_betweenness_is_networkx_own_for_the_same_sources(edges, k, seed):
    graph, net = both(edges)
    sources = random.Random(seed).sample(list(graph), k)  # noqa: S311 - as NetworkX draws them
    expected = nx.betweenness_centrality(graph, k=k, seed=seed)
    assert betweenness(net, sources).to_dict() == pytest.approx(expected, abs=1e-12)


def test_betweenness_of_more_sources_than_go_side_by_side():
    graph = nx.gnp_random_graph(40, 0.08, seed=3, directed=True)
    net = network(nx.to_pandas_edgelist(graph), "source", "target", nodes=graph)
    found = betweenness(net, 100)
    assert found.to_dict() == pytest.approx(nx.betweenness_centrality(graph), abs=1e-12)
    assert found.max() > 0.05
    drawn = betweenness(net, 10, random_state=1)
    assert drawn.equals(betweenness(net, 10, random_state=1))
    assert not drawn.equals(betweenness(net, 10, random_state=2))


@settings(max_examples=30)
@given(EDGES)
def test_shortest_paths_are_the_shortest_simple_ones(edges):
    graph, net = both(edges)
    found = shortest_paths(net, 0, 1, k=4)
    assert found["path"].map(tuple).is_unique
    assert all(nx.is_path(graph, path) and len(set(path)) == len(path) for path in found["path"])
    assert (found["path"].map(lambda p: nx.path_weight(graph, p, "weight")) == found["length"]).all()
    lengths = [
        nx.path_weight(graph, path, "weight")
        for path, _ in zip(
            nx.shortest_simple_paths(graph, 0, 1, "weight") if nx.has_path(graph, 0, 1) else (),
            range(4),
            strict=False,
        )
    ]
    assert found["length"].tolist() == lengths
    with pytest.raises(ValueError, match="expected k of 1 and more; got 0"):
        shortest_paths(net, 0, 1, k=0)


def test_row_entries_of_empty_rows():
    matrix = sparse.csr_array(np.array([[0, 1, 1], [0, 0, 0], [1, 0, 0]]))
    places, sizes = row_entries(matrix.indptr, np.array([1, 2, 1, 0]))
    assert matrix.indices[places].tolist() == [0, 1, 2]
    assert sizes.tolist() == [0, 1, 0, 2]


@pytest.mark.parametrize("sources", [0, -5, []])
def test_betweenness_from_nowhere(sources):
    net = network(pd.DataFrame({"a": ["x"], "b": ["y"]}), "a", "b")
    with pytest.raises(ValueError, match="expected a number of sources of 1 and more, or names; got"):
        betweenness(net, sources)


def test_paths_by_name_where_codes_differ_and_where_there_is_none():
    links = pd.DataFrame({"a": ["q", "q", "x", "x", "y"], "b": ["r", "x", "y", "z", "z"]})
    net = network(links, "a", "b")
    assert shortest_paths(net, "x", "z")["path"].tolist() == [["x", "z"], ["x", "y", "z"]]
    assert shortest_paths(net, "x", "x")["path"].tolist() == [["x"]]
    assert shortest_paths(net, "z", "q").empty
    with pytest.raises(ValueError, match="not in this network of 5 nodes: 'u'"):
        shortest_paths(net, "x", "u")
