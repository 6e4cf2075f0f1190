"""Communities and modularity compared with NetworkX's."""

import networkx as nx
import numpy as np
import pandas as pd
import pytest

from liaison_analysis.supply_chain.networks import network
from liaison_analysis.supply_chain.partitions import communities, modularity


def test_modularity_is_networkx_own():
    rng = np.random.default_rng(0)
    links = pd.DataFrame({"a": rng.integers(0, 30, 90), "b": rng.integers(0, 30, 90)})
    links = links[links["a"] < links["b"]].drop_duplicates().assign(w=1.5)
    net, groups = network(links, "a", "b", weight="w"), rng.integers(0, 4, 30)
    graph = nx.from_pandas_edgelist(links, "a", "b")
    groups = groups[: len(net.nodes)]
    parts = [set(net.nodes[groups == g]) for g in np.unique(groups)]
    for resolution in (1.0, 1.7):
        expected = nx.community.modularity(graph, parts, resolution=resolution)
        assert modularity(net, groups, resolution=resolution) == pytest.approx(expected)
    assert modularity(network(links.iloc[:0], "a", "b", nodes=[1]), np.array([0])) == 0


@pytest.mark.parametrize("seed", range(3))
def test_communities_are_no_worse_than_networkx_own(seed):
    graph = nx.planted_partition_graph(6, 20, 0.4, 0.02, seed=seed)
    net = network(nx.to_pandas_edgelist(graph), "source", "target", nodes=graph)
    found = communities(net, random_state=seed)
    theirs = nx.community.louvain_communities(graph, seed=seed)
    assert modularity(net, found) >= nx.community.modularity(graph, theirs) - 0.005
    # The planted groups of twenty come out whole.
    assert pd.crosstab(found, net.nodes.to_numpy() // 20).to_numpy().max(axis=0).min() >= 18
    assert communities(net, random_state=seed).tolist() == found.tolist()


def test_without_links_everybody_is_alone():
    net = network(pd.DataFrame({"a": [], "b": []}, dtype="str"), "a", "b", nodes=["x", "y"])
    assert communities(net).tolist() == [0, 1]
