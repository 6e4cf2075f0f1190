"""The conditional logit against a likelihood written out choice by choice."""

import numpy as np
import pytest
from scipy.optimize import minimize

from liaison_analysis.link_prediction.conditional_logit import fit_conditional_logit

BEGIN = np.array([0, 4, 7])
CHOSEN = np.array([True, False, True, False, False, True, False, True, False, False])
STANDS_FOR = np.array([1.0, 3, 1, 1, 2, 1, 5, 1, 1, 4])
COLUMNS = np.random.default_rng(0).normal(size=(10, 2))


def by_hand(weights, *, ridge, rivals):
    loss = ridge / 2 * (weights**2).sum()
    for first, last in zip(BEGIN, [*BEGIN[1:], 10], strict=True):
        odds = np.exp(COLUMNS[first:last] @ weights) * STANDS_FOR[first:last]
        for at in np.flatnonzero(CHOSEN[first:last]):
            others = [i for i in range(last - first) if rivals or i == at or not CHOSEN[first + i]]
            loss -= np.log(odds[at] / odds[others].sum())
    return loss


def fit(**options):
    return fit_conditional_logit(
        lambda weights: COLUMNS @ weights,
        lambda slope: COLUMNS.T @ slope,
        np.zeros(2),
        begin=BEGIN,
        chosen=CHOSEN,
        stands_for=STANDS_FOR,
        **options,
    )


@pytest.mark.parametrize("rivals", [True, False])
def test_the_fit_is_the_least_loss_written_out(rivals):
    best = minimize(by_hand_of(rivals), np.zeros(2), method="Nelder-Mead", options={"xatol": 1e-8}).x
    assert fit(ridge=0.5, rivals=rivals) == pytest.approx(best, abs=1e-4)


def by_hand_of(rivals):
    return lambda weights: by_hand(weights, ridge=0.5, rivals=rivals)


def test_a_bound_holds():
    free = fit(ridge=0.5, rivals=True)
    low = free[0] + 1
    assert fit(ridge=0.5, rivals=True, bounds=[(low, None), (None, None)])[0] == pytest.approx(low)


def test_chosen_ones_compete_with_each_other_only_as_rivals():
    assert np.abs(fit(ridge=0.5, rivals=True) - fit(ridge=0.5, rivals=False)).max() > 0.01
