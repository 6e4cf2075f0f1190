"""Paths between two firms: the strongest of three links, else the shortest, else none."""

import numpy as np

from liaison_analysis.link_prediction.explanations import ThreeLinkPaths
from liaison_analysis.link_prediction.history import LinkHistory
from liaison_analysis.link_prediction.link_graph import LinkGraph


def graph(pairs, n):
    s, c = (np.array(column) for column in zip(*pairs, strict=True))
    ones = np.ones(len(pairs), np.int64)
    return LinkGraph.of(LinkHistory(s, c, ones, ones, ones, n))


def test_the_path_by_firms_with_fewer_links_is_stronger():
    pairs = sorted([(1, 0), (1, 2), (3, 2), (4, 0), (4, 5), (3, 5), (4, 6), (4, 7), (4, 8)])
    assert ThreeLinkPaths(graph(pairs, 9), 0).to(3) == [0, 1, 2, 3]


def test_the_pairs_own_link_is_no_path():
    pairs = sorted([(0, 3), (1, 0), (1, 2), (3, 2)])
    assert ThreeLinkPaths(graph(pairs, 4), 0).to(3) == [0, 1, 2, 3]
    assert ThreeLinkPaths(graph([(0, 3)], 4), 0).to(3) == []


def test_two_links_or_many_where_there_are_not_three():
    assert ThreeLinkPaths(graph([(1, 0), (2, 1)], 3), 0).to(2) == [0, 1, 2]
    chain = [(1, 0), (2, 1), (3, 2), (4, 3), (5, 4)]
    assert ThreeLinkPaths(graph(chain, 7), 0).to(5) == [0, 1, 2, 3, 4, 5]
    assert ThreeLinkPaths(graph(chain, 7), 0).to(6) == []
