"""Evidence for links: what it counts, and that it uses no later links."""

import numpy as np
import pytest
from scipy.sparse import csr_array

from liaison_analysis.link_prediction.evidence import (
    FURTHER,
    candidates,
    evidence,
    further_evidence,
    sources_of,
)
from liaison_analysis.link_prediction.history import LinkHistory, ProductKnowledge
from liaison_analysis.link_prediction.link_graph import LinkGraph


def history(rows, now, n=7):
    s, c, t = (np.array(column) for column in zip(*rows, strict=True))
    return LinkHistory.before(s, c, t, now=now, n_firms=n)


ROWS = [(1, 0, 0), (1, 2, 0), (3, 2, 0), (1, 0, 1), (4, 2, 1), (0, 5, 1)]


def test_later_links_change_nothing_before_them():
    later = [*ROWS, (3, 0, 2), (6, 5, 2)]
    one, two = (
        next(iter(candidates(LinkGraph.of(history(rows, 2)), np.array([0])))) for rows in (ROWS, later)
    )
    assert np.array_equal(one.firm, two.firm)
    assert np.array_equal(one.evidence, two.evidence)


def test_three_steps_by_hand():
    graph = LinkGraph.of(history([(1, 0, 0), (1, 2, 0), (3, 2, 0)], 1))
    found = evidence(graph, np.array([0]))
    # 0 – 1 – 2 – 3: the two in the middle have two links each.
    assert found["l3"][3, 0] == pytest.approx(0.5)
    assert found["peers"][3, 0] == pytest.approx(0.25)
    assert found["l3"][5, 0] == 0
    assert found["walk"][:, 0].sum() == pytest.approx(1 - 0.85**11, abs=1e-5)


def test_known_suppliers_and_oneself_are_no_candidates():
    graph = LinkGraph.of(history(ROWS, 2))
    found = next(iter(candidates(graph, np.array([0]))))
    assert {0, 1}.isdisjoint(found.firm.tolist())
    assert {3, 4, 5} <= set(found.firm.tolist())
    evidence_of = dict(zip(found.firm.tolist(), found.evidence, strict=True))
    reverse = sources_of(graph).index("reverse")
    assert evidence_of[5][reverse] > 0
    assert evidence_of[3][reverse] == 0
    assert 6 not in evidence_of  # no links lead there


def test_suppliers_of_those_that_make_the_same():
    # Firms 0 and 2 make product 0; firm 3 supplies 2.
    offers = csr_array((np.ones(2), ([0, 2], [0, 0])), shape=(7, 2))
    known = ProductKnowledge(offers, csr_array((2, 2)), ("gear", "car"))
    graph = LinkGraph.of(history([(1, 0, 0), (3, 2, 0)], 1), known)
    found = evidence(graph, np.array([0]))
    assert found["alike"][3, 0] > 0
    assert found["chain"].sum() == found["bought"][3, 0] == 0
    assert evidence(graph.without([(3, 2)]), np.array([0]))["alike"][3, 0] == 0


def test_further_evidence_by_hand():
    rows = [(0, 5, 0), (6, 5, 0), (3, 6, 0), (1, 0, 0), (2, 1, 0), (2, 4, 0), (1, 4, 3)]
    graph = LinkGraph.of(history(rows, 4))
    found = further_evidence(graph, np.array([0]), evidence(graph, np.array([0])))
    assert tuple(found) == FURTHER
    reached = {name: np.flatnonzero(value[:, 0]).tolist() for name, value in found.items()}
    assert reached["second"] == [2]  # supplies 1, which supplies 0
    assert reached["rivals"] == [1, 3]  # supply 0 and 6, which both sell to 5
    assert reached["inputs"] == [1, 4]  # buy from 2, as 1 does
    assert reached["fresh"] == [1]  # of those that supply 4 as 1 does, only 1 does so of late
    assert reached["two"] == [0, 2, 4, 6]
    left = graph.without([(2, 1)])
    fewer = further_evidence(left, np.array([0]), evidence(left, np.array([0])))
    assert not fewer["second"].any()
    assert not fewer["inputs"][4, 0]
    assert graph.without([(1, 4)]).fresh.nnz == 0
