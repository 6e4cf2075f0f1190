"""Chances learnt from outcomes."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from liaison_analysis.introductions.calibration import outcome_curve, past_outcomes


def test_too_few_outcomes_teach_nothing():
    assert outcome_curve([0.1] * 19, [True, False] * 9 + [True]) is None
    assert outcome_curve([0.1] * 40, [True] * 36 + [False] * 4) is None


def test_the_curve_follows_the_outcomes():
    rng = np.random.default_rng(0)
    scores = rng.uniform(0, 1, 4000)
    truth = 1 / (1 + np.exp(-(6 * scores - 3)))
    curve = outcome_curve(scores.tolist(), (rng.uniform(size=4000) < truth).tolist())
    at = np.array([0.1, 0.5, 0.9])
    assert curve(at) == pytest.approx(1 / (1 + np.exp(-(6 * at - 3))), abs=0.04)


def test_many_outcomes_show_a_step_that_no_logistic_curve_has():
    rng = np.random.default_rng(0)
    scores = rng.uniform(0, 1, 4000)
    truth = np.where(scores < 0.2, 0.1, 0.5)
    curve = outcome_curve(scores.tolist(), (rng.uniform(size=4000) < truth).tolist())
    assert curve(np.array([0.1, 0.3, 0.9])) == pytest.approx([0.1, 0.5, 0.5], abs=0.05)


def test_a_score_that_misleads_says_nothing():
    curve = outcome_curve([0.9] * 20 + [0.1] * 20, [False] * 20 + [True] * 20)
    assert curve(np.array([0.0, 1.0])).tolist() == [0.5, 0.5]


@given(st.lists(st.tuples(st.floats(0, 1), st.booleans()), min_size=20, max_size=60))
def test_chances_lie_between_zero_and_one_and_rise(rows):
    curve = outcome_curve([s for s, _ in rows], [won for _, won in rows])
    if curve is not None:
        chances = curve(np.linspace(0, 1, 11))
        assert ((chances > 0) & (chances < 1)).all()
        assert (np.diff(chances) >= 0).all()


def test_the_best_outcome_of_a_pair_counts_and_the_unknown_do_not():
    rows = [
        ("A", "B", True, "none"),
        ("A", "B", True, "sample"),
        ("A", "C", None, "talks"),
        ("A", "D", True, None),
    ]
    # A meeting that did not take place gives no information about the pair.
    rows += [("A", "E", False, "none"), ("A", "B", False, "none")]
    salons = pd.DataFrame(rows, columns=["seeker_id", "counterpart_id", "met", "outcome"])
    found = past_outcomes(salons)
    assert found.to_numpy().tolist() == [["A", "B", True], ["A", "C", False]]
