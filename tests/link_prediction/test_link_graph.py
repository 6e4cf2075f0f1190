"""Matrices of known links: what is taken away is gone, and what is old counts less."""

import numpy as np
import pytest

from liaison_analysis.link_prediction.evidence import evidence
from liaison_analysis.link_prediction.history import LinkHistory
from liaison_analysis.link_prediction.link_graph import LinkGraph


def history(rows, now, n=7):
    s, c, t = (np.array(column) for column in zip(*rows, strict=True))
    return LinkHistory.before(s, c, t, now=now, n_firms=n)


ROWS = [(1, 0, 0), (1, 2, 0), (3, 2, 0), (1, 0, 1), (4, 2, 1), (0, 5, 1)]


def test_links_taken_away_are_gone_from_paths_and_sizes_stay():
    graph = LinkGraph.of(history(ROWS, 2))
    left = graph.without([(1, 2)])
    before, after = (evidence(each, np.array([0])) for each in (graph, left))
    for name in ("l3", "five", "walk", "peers"):
        assert (after[name] <= before[name]).all(), name
        assert after[name][3, 0] == 0 < before[name][3, 0], name
    assert np.array_equal(before["reverse"], after["reverse"])
    assert np.array_equal(before["size"], after["size"])
    assert left.near[1, 2] == left.near[2, 1] == left.supply[1, 2] == 0
    assert graph.near[1, 2] > 0  # the first is as it was
    again = graph.without([])
    assert np.array_equal(evidence(again, np.array([0]))["walk"], before["walk"])


def test_links_fade_by_the_snapshots_since_they_were_seen():
    rows = [(1, 0, 0), (2, 0, 1), (1, 3, 1), (2, 4, 1)]
    even, decayed = (LinkGraph.of(history(rows, 2), decay=decay) for decay in (1.0, 0.25))
    assert even.step[1, 0] == pytest.approx(0.5)
    assert decayed.step[1, 0] == pytest.approx(0.2)  # .25 beside 1


def test_two_firms_are_in_one_town_only_if_both_towns_are_known():
    graph = LinkGraph.of(history(ROWS, 2), town=np.array([0, 0, 1, -1, -1, 0, 1]))
    assert graph.same_town(np.array([0, 3])).T.tolist() == [[1, 1, 0, 0, 0, 1, 0], [0] * 7]
