"""What a list is worth, over some of the candidates and over all."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest
from scipy.sparse import csr_array

from liaison_analysis.salons.guest_milp import GuestProblem, GuestProgram

STAR = np.array([[0, 1], [0, 2], [0, 3], [1, 2]])


def star(meetings):
    return GuestProblem.of_pairs(STAR, np.array([4.0, 3, 2, 1]), 4, capacity=4, meetings=meetings)


def test_meetings_are_limited_for_each_guest():
    everybody = np.ones(4, dtype=bool)
    assert star(3).value(everybody) == 10
    # The centre has two meetings, so one of three leaves can only meet the other leaf.
    assert star(2).value(everybody) == 4 + 2 + 1
    assert star(1).value(everybody) == 2 + 1


def test_a_list_against_the_wishes_is_worth_nothing():
    problem = star(3)
    some = np.array([True, True, False, False])
    assert problem.value(some) == 4
    assert replace(problem, barred=np.array([False, True, False, False])).value(some) == -math.inf
    assert replace(problem, required=np.array([False, False, False, True])).value(some) == -math.inf
    assert replace(problem, strong=np.array([False, True, True, True])).value(some) == -math.inf
    apart = replace(problem, groups=csr_array([[1.0, 1, 0, 0]]), group_limit=np.array([1.0]))
    assert apart.value(some) == -math.inf
    assert replace(problem, capacity=1).value(some) == -math.inf


def test_part_of_the_candidates_keeps_their_pairs_and_wishes():
    part = star(3).only(np.array([0, 2, 3]))
    assert part.ends.tolist() == [[0, 1], [0, 2]]
    assert part.score.tolist() == [3, 2]
    assert part.value(np.ones(3, dtype=bool)) == 5


def test_the_relaxation_bounds_and_prices_candidates():
    bound, reduced = GuestProgram(replace(star(3), capacity=2)).relax()
    assert bound >= 4
    assert reduced.shape == (4,)
    barred = replace(star(3), required=np.ones(4, dtype=bool), barred=np.ones(4, dtype=bool))
    assert GuestProgram(barred).relax()[0] == math.inf
    assert GuestProgram(barred).any_list() is None


def test_upper_limits_count_who_could_meet():
    role = csr_array((np.ones(3), ([1, 2, 3], [0, 1, 2])), shape=(4, 4))
    problem = replace(star(3), roles=(role,), low=np.array([0.0]), high=np.array([1.0]))
    assert problem.value(np.array([True, True, False, False])) == pytest.approx(4)
    assert problem.value(np.array([True, True, True, False])) == -math.inf
