"""The bound also holds for the method that is used on large problems."""

from __future__ import annotations

import numpy as np
import pytest

from liaison_analysis.salons import b_matching as matching
from liaison_analysis.salons.b_matching import solve_meetings
from liaison_analysis.salons.timetable_milp import MeetingProblem


def problem_of(seed, *, n=14, slots=5, tables=5, n_pairs=50, free=0.7, least=1):
    rng = np.random.default_rng(seed)
    every = np.array(np.triu_indices(n, 1)).T
    ends = every[rng.choice(len(every), size=n_pairs, replace=False)]
    return MeetingProblem(
        ends=ends,
        score=rng.integers(1, 100, n_pairs) / 10,
        free=rng.random((n, slots)) < free,
        room=np.full(slots, tables),
        most=np.full(n, slots),
        least=np.full(n, least),
        must=np.zeros(n_pairs, dtype=bool),
    )


def check(problem, answer):
    held = answer.slot >= 0
    ends, slot = problem.ends[held], answer.slot[held]
    seats = list(zip(ends.ravel().tolist(), np.repeat(slot, 2).tolist(), strict=True))
    assert len(seats) == len(set(seats))
    assert all(problem.free[end, s] for end, s in seats)
    assert (np.bincount(slot, minlength=len(problem.room)) <= problem.room).all()
    assert answer.value == pytest.approx(problem.score[held].sum())
    met = np.bincount(ends.ravel(), minlength=len(problem.most))
    assert answer.shortfall == np.maximum(problem.least - met, 0).sum()


@pytest.mark.parametrize("seed", range(4))
def test_methods_for_large_and_small_instances_agree(monkeypatch, seed):
    problem = problem_of(seed)
    small = solve_meetings(problem)
    monkeypatch.setattr(matching, "_SMALL", 0)
    large = solve_meetings(problem)
    check(problem, small)
    check(problem, large)
    assert small.proven
    assert small.shortfall == large.shortfall
    assert large.value <= small.value + 1e-9
    assert large.bound >= small.value - 1e-9
    assert large.gap <= 1e-3


def test_without_the_slot_programs_the_bound_still_holds(monkeypatch):
    problem = problem_of(0)
    best = solve_meetings(problem)
    monkeypatch.setattr(matching, "_LARGEST_PROOF", 0)
    rough = solve_meetings(problem)
    check(problem, rough)
    assert (rough.shortfall, -rough.value) >= (best.shortfall, -best.value)
    assert rough.shortfall_bound <= best.shortfall
    if rough.shortfall == best.shortfall:
        assert rough.bound >= best.value - 1e-9
