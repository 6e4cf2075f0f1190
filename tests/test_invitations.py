"""Guest lists as problems of numbers: search, mending and bound beyond what can be tried out."""

from __future__ import annotations

import math

import numpy as np
import pytest
from scipy.sparse import csr_array

from liaison_analysis import invitations
from liaison_analysis.invitations import GuestProblem


@pytest.fixture(autouse=True)
def without_branch_and_bound(monkeypatch):
    """What is tested here is the search and the linear bound; the rest takes its time."""
    monkeypatch.setattr(invitations, "_LARGEST_PROOF", 0)


def problem_of(*, n=120, n_pairs=900, capacity=12, rare=6, low=0.0, seed=0):
    """Random pairs; the last candidates come in a rare role of little score."""
    dice = np.random.default_rng(seed)
    every = np.array(np.triu_indices(n, 1)).T
    ends = every[dice.choice(len(every), size=n_pairs, replace=False)]
    score = dice.random(n_pairs)
    is_rare = ends[:, 1] >= n - rare
    score[is_rare] *= 0.1
    role = csr_array(
        (np.ones(is_rare.sum()), (ends[is_rare, 1], np.flatnonzero(is_rare))), shape=(n, n_pairs)
    )
    nobody = np.zeros(n, dtype=bool)
    return GuestProblem(ends, score, capacity, nobody, nobody, (role,), np.array([low]), np.array([math.inf]))


def test_a_quota_costs_no_more_than_the_exchange_it_needs():
    free, _ = problem_of().solve()
    problem = problem_of(low=1)
    assert not problem.allows(free)
    invited, bound = problem.solve()
    assert problem.allows(invited)
    assert problem.value(invited) <= problem.value(free) + 1e-9
    assert problem.value(invited) >= 0.8 * problem.value(free)
    assert bound >= problem.value(invited)


def test_search_beats_the_greedy_list():
    problem = problem_of()
    weight = np.zeros((120, 120))
    weight[tuple(problem.ends.T)] = problem.score
    weight += weight.T
    greedy = np.zeros(120, dtype=bool)
    greedy[problem.ends[problem.score.argmax()]] = True
    while greedy.sum() < problem.capacity:
        greedy[np.where(greedy, -1, weight @ greedy).argmax()] = True
    invited, _ = problem.solve()
    assert problem.value(invited) > problem.value(greedy)


def test_a_quota_beyond_all_who_could_come_clashes_alone():
    problem = problem_of(low=7)
    assert problem.solve() is None
    assert problem.clash() == [("low", 0)]
    assert problem.without([("low", 0)]).solve()[1] == pytest.approx(problem_of().solve()[1])
