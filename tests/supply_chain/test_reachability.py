"""What is reached, against a walk of NetworkX, by sparse products and by bits."""

import networkx as nx
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import sparse

from liaison_analysis.supply_chain import reachability as closures
from liaison_analysis.supply_chain.reachability import reach_counts, reached

N = 10
EDGES = st.sets(st.tuples(st.integers(0, N - 1), st.integers(0, N - 1)), max_size=30)


def matrix(pairs, shape):
    rows, columns = zip(*pairs, strict=True) if pairs else ((), ())
    return sparse.csr_array((np.ones(len(rows)), (rows, columns)), shape=shape)


def walked(edges, start):
    """Nodes that walks of one step and more reach."""
    graph = nx.DiGraph(list(edges))
    graph.add_nodes_from(range(N))
    return {end for after in graph.successors(start) for end in {after} | nx.descendants(graph, after)}


@pytest.mark.parametrize("bits", [False, True])
@settings(max_examples=60)
@given(edges=EDGES, held=st.sets(st.tuples(st.integers(0, N - 1), st.integers(0, 4)), max_size=20))
def test_counts_are_those_of_a_walk(bits, edges, held):
    links, items = matrix(edges, (N, N)), matrix(held, (N, 5))
    with pytest.MonkeyPatch.context() as patch:
        if bits:
            patch.setattr(closures, "_MOST_PAIRS", 0)
            patch.setattr(closures, "_ROWS_AT_ONCE", 3)
        counts, found = reach_counts(links), reach_counts(links, items)
    graph = nx.DiGraph(list(edges))
    graph.add_nodes_from(range(N))
    assert counts.tolist() == [len(nx.descendants(graph, node)) for node in range(N)]
    assert found.tolist() == [
        len({item for node, item in held if node in walked(edges, start)}) for start in range(N)
    ]


def test_many_pairs_go_over_to_bits_and_blocks(monkeypatch):
    edges = [(u, v) for u in range(200) for v in range(u + 1, min(u + 4, 200))]
    links = matrix(edges, (200, 200))
    monkeypatch.setattr(closures, "_MOST_PAIRS", 50)
    monkeypatch.setattr(closures, "_BLOCK_BYTES", 200 * 8)  # 64 items at a time
    assert reach_counts(links).tolist() == list(range(199, -1, -1))


def test_a_circle_reaches_all_its_members():
    circle = matrix([(0, 1), (1, 2), (2, 0), (2, 3)], (4, 4))
    assert reach_counts(circle).tolist() == [3, 3, 3, 0]
    assert reach_counts(matrix([], (3, 3))).tolist() == [0, 0, 0]


@settings(max_examples=60)
@given(EDGES, st.sets(st.tuples(st.integers(0, 2), st.integers(0, N - 1)), max_size=6))
def test_reached_is_the_walk_from_all_starts_of_a_row(edges, starts):
    found = reached(matrix(edges, (N, N)), matrix(starts, (3, N))).toarray()
    for row in range(3):
        ends = set().union(*(walked(edges, node) for at, node in starts if at == row))
        assert set(np.flatnonzero(found[row])) == ends
