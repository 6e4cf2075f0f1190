"""Weights of evidence: they move for what ranks new links higher, and for nothing else."""

import numpy as np
import pytest

from liaison_analysis.link_prediction.evidence import Candidates
from liaison_analysis.link_prediction.link_graph import DECAY
from liaison_analysis.link_prediction.weighted_sum import (
    START,
    WEIGHTS,
    TrainingSnapshot,
    feature_floors,
    learn_weights,
    strength,
)

SOURCES = ["l3", "growth"]


def snapshot(informative, seed, customers=60, firms=40):
    """One new supplier for each customer, indicated by the source ``informative``; the other is noise."""
    rng = np.random.default_rng(seed)
    new = np.full(customers * firms, -1)
    new[np.arange(customers) * firms + rng.integers(firms, size=customers)] = np.arange(customers)
    strong = rng.random((customers * firms, 2))
    strong[:, informative] += 0.5 * (new >= 0)
    return TrainingSnapshot(np.repeat(np.arange(customers), firms), strong, new, customers)


def test_predictive_evidence_gains_weight():
    weights, decay = learn_weights(lambda _: [snapshot(1, 0), snapshot(1, 1)], SOURCES, use_decay=True)
    assert weights["growth"] > weights["l3"] > 0  # what reasons are made of never falls to nothing
    assert set(weights.values()) <= set(WEIGHTS)
    assert decay == DECAY  # no other decay gained anything


def test_noise_moves_nothing():
    weights, _ = learn_weights(lambda _: [snapshot(0, 2)], SOURCES, use_decay=False)
    assert weights == {name: START[name] for name in SOURCES}


def test_a_decay_that_ranks_new_links_higher_is_taken():
    _, decay = learn_weights(
        lambda decay: [snapshot(0 if decay == 0.6 else 1, 3)], ["l3", "reverse"], use_decay=True
    )
    assert decay == 0.6


def test_gains_by_hand():
    one_snapshot = TrainingSnapshot(
        np.array([1, 1, 1, 4, 4, 4]),
        np.array([[5.0], [4.0], [4.0], [1.0], [3.0], [2.0]]),
        np.array([-1, 0, -1, 2, -1, 3]),
        5,
    )
    # One ahead and one tie; never a candidate; one old one ahead each, new ones do not displace each other.
    assert one_snapshot.gains(np.ones(1)) == pytest.approx([1 / 2.5, 0, 1 / 2, 1 / 2, 0])


def test_strength_is_nothing_for_nothing_and_rises():
    values = np.array([[0.0, 1.0], [1e-6, 2.0], [1e-3, 0.0]])
    strong = strength(values, np.array([1e-6, 1.0]))
    assert strong[0, 0] == strong[2, 1] == 0
    assert (np.diff(strong[:, 0]) > 0).all()
    assert strong[1] == pytest.approx(np.log([2, 3]))
    assert feature_floors([], SOURCES).tolist() == [1, 1]


def test_a_place_counts_as_the_logarithm_of_its_odds():
    values = np.array([[2.0, 3.0], [4.0, 0.0]])
    found = Candidates(np.array([0, 0]), np.array([1, 2]), values)
    floor = feature_floors([found], ["l3", "place"])
    assert floor.tolist() == pytest.approx([2.2, 1])
    assert strength(values, floor)[:, 1] == pytest.approx([np.log(4), 0])
