"""No choice of pairs is worth more than its prices say, and a pair's surplus is what missing it costs."""

from __future__ import annotations

from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from liaison_analysis._solver import incidence, relax_program
from liaison_analysis.salons.dual_prices import price_pairs


@st.composite
def cases(draw):
    n = draw(st.integers(2, 6))
    every = [(a, b) for b in range(n) for a in range(b)]
    ends = np.array(draw(st.lists(st.sampled_from(every), unique=True, min_size=1, max_size=9)))
    score = np.array(draw(st.lists(st.integers(-2, 9), min_size=len(ends), max_size=len(ends))), dtype=float)
    most = np.array(draw(st.lists(st.integers(0, 3), min_size=n, max_size=n)))
    least = np.minimum(draw(st.lists(st.integers(0, 2), min_size=n, max_size=n)), most)
    return ends, score, {"least": least, "most": most, "total": draw(st.integers(0, 6))}


def choices(ends, score, *, least, most, total):
    """Every permitted choice with its value."""
    for choice in product([False, True], repeat=len(score)):
        held = np.array(choice)
        met = np.bincount(ends[held].ravel(), minlength=len(most))
        if held.sum() <= total and (met <= most).all() and (met >= least).all():
            yield held, score[held].sum()


@settings(max_examples=150)
@given(cases())
def test_no_choice_exceeds_the_bound_and_surplus_says_what_a_pair_costs(case):
    ends, score, limits = case
    prices = price_pairs(ends, score, **limits)
    for held, value in choices(ends, score, **limits):
        missed = np.maximum(prices.surplus[~held], 0).sum() - np.minimum(prices.surplus[held], 0).sum()
        assert value <= prices.bound - missed + 1e-6


@pytest.mark.parametrize("seed", range(3))
def test_where_few_are_short_of_time_the_bound_is_that_of_the_linear_program(seed):
    rng = np.random.default_rng(seed)
    every = np.array(np.triu_indices(60, 1)).T
    ends = every[rng.choice(len(every), size=600, replace=False)]
    score, most = rng.random(600), np.full(60, 8)
    prices = price_pairs(ends, score, least=np.full(60, 1), most=most, total=150)
    rows = np.vstack([incidence(ends, 60).toarray(), -incidence(ends, 60).toarray(), np.ones((1, 600))])
    limit = np.concatenate([most, -np.ones(60), [150]]).astype(float)
    best, _ = relax_program(score, rows, limit, np.tile([0.0, 1.0], (600, 1)))
    assert prices.bound == pytest.approx(best, rel=2e-4)
    assert prices.bound >= best - 1e-9


def test_who_is_asked_for_too_seldom_is_paid():
    ends = np.array([[0, 1], [1, 2]])
    prices = price_pairs(
        ends, np.array([5.0, 1.0]), least=np.array([0, 0, 1]), most=np.array([1, 1, 1]), total=1
    )
    assert prices.bound == pytest.approx(1, abs=1e-6)
