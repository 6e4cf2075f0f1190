"""What is learnt from, and what is left as it was where there is too little."""

import numpy as np
import pandas as pd
import pytest

from liaison_analysis.link_prediction.link_graph import DECAY
from liaison_analysis.link_prediction.link_inputs import link_table
from liaison_analysis.link_prediction.training import _SnapshotGraphs, train
from liaison_analysis.link_prediction.weighted_sum import START, sum_to_one

LINKS = pd.DataFrame(
    [(1, 0, 0), (1, 2, 0), (3, 2, 0), (1, 0, 1), (3, 0, 1), (9, 2, 1), (3, 8, 1), (1, 2, 1), (3, 2, 1)],
    columns=["supplier_id", "customer_id", "snapshot"],
)


def test_too_little_leaves_the_weights_that_it_starts_with():
    ranking = train(link_table(LINKS))
    assert (ranking.learned, ranking.choice, ranking.decay) == (False, None, DECAY)
    assert ranking.shares() == sum_to_one({name: START[name] for name in ranking.weights})
    assert "2 snapshots with 1 new links" in ranking.note


def test_only_new_links_between_firms_known_before_are_learnt_from():
    graphs = _SnapshotGraphs(table := link_table(LINKS), None, None)
    graph, buyers, new = graphs.new_links(1, DECAY, np.random.default_rng(0), 10)
    # 9 and 8 were not known before, 1–0, 1–2 and 3–2 are not new: 3–0 is left.
    n, code = len(table.firms), table.firms.get_indexer
    assert new.tolist() == [code([3])[0] * n + code([0])[0]]
    assert buyers.tolist() == code([0]).tolist()
    assert len(graph.history.supplier) == 3
    assert graphs.before(1, DECAY) is graph


def test_a_training_snapshot_marks_the_candidate_that_became_a_supplier():
    graphs = _SnapshotGraphs(table := link_table(LINKS), None, None)
    snapshot = graphs.training_snapshot(1, DECAY, np.ones(7), np.random.default_rng(0))
    assert snapshot.n_links == 1
    assert (snapshot.new >= 0).sum() == 1
    assert snapshot.customer.tolist() == [table.firms.get_loc(0)] * len(snapshot.new)
    assert snapshot.gains(np.ones(7)).max() == pytest.approx(1)
