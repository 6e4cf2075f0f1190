"""Guest lists against all lists there are; search and bound beyond what can be tried out."""

from __future__ import annotations

import math
from dataclasses import replace
from itertools import combinations, product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.sparse import csr_array

from liaison_analysis.salons import guest_list as invitations
from liaison_analysis.salons.guest_list import find_clash, solve_guests, split_bound
from liaison_analysis.salons.guest_milp import GuestProblem


def problem_of(*, n=40, n_pairs=150, capacity=8, meetings=3, rare=4, low=0.0, seed=0):
    """Random pairs; the last candidates come in a rare role of little score."""
    rng = np.random.default_rng(seed)
    every = np.array(np.triu_indices(n, 1)).T
    ends = every[rng.choice(len(every), size=n_pairs, replace=False)]
    score = rng.random(n_pairs)
    is_rare = ends[:, 1] >= n - rare
    score[is_rare] *= 0.1
    role = csr_array(
        (np.ones(is_rare.sum()), (ends[is_rare, 1], np.flatnonzero(is_rare))), shape=(n, n_pairs)
    )
    free = GuestProblem.of_pairs(ends, score, n, capacity=capacity, meetings=meetings)
    return replace(free, roles=(role,), low=np.array([low]), high=np.array([math.inf]))


def best_by_trying(problem):
    """The most that any list is worth, trying all lists and all sets of meetings; None if none is allowed."""
    best = None
    n, n_pairs = problem.size, len(problem.score)
    for guests in (set(some) for k in range(problem.capacity + 1) for some in combinations(range(n), k)):
        comes = np.isin(np.arange(n), list(guests))
        held_by_role = [(role @ comes[problem.ends].all(axis=1)) > 0 for role in problem.roles]
        if (
            (problem.required & ~comes).any()
            or (problem.barred & comes).any()
            or (problem.groups @ comes.astype(float) > problem.group_limit + 1e-9).any()
            or any(able.sum() > high for able, high in zip(held_by_role, problem.high, strict=True))
        ):
            continue
        inside = np.flatnonzero(comes[problem.ends].all(axis=1))
        for choice in product([False, True], repeat=len(inside)):
            meets = np.zeros(n_pairs, dtype=bool)
            meets[inside] = choice
            count = np.bincount(problem.ends[meets].ravel(), minlength=n)
            reason = np.bincount(problem.ends[meets & problem.strong].ravel(), minlength=n)
            enough = all(
                np.count_nonzero(role @ meets.astype(float)) >= low
                for role, low in zip(problem.roles, problem.low, strict=True)
            )
            if (count <= problem.meetings).all() and enough and (reason[comes & ~problem.required] > 0).all():
                value = float(problem.score[meets].sum())
                best = value if best is None else max(best, value)
    return best


@st.composite
def tiny_problems(draw):
    n = draw(st.integers(2, 5))
    every = [(a, b) for b in range(n) for a in range(b)]
    ends = np.array(draw(st.lists(st.sampled_from(every), unique=True, min_size=1, max_size=7)))
    numbers = st.integers(1, 9)
    score = np.array([float(draw(numbers)) for _ in ends])
    flags = st.lists(st.booleans(), min_size=n, max_size=n)
    free = GuestProblem.of_pairs(
        ends, score, n, capacity=draw(st.integers(1, 4)), meetings=draw(st.integers(1, 2))
    )
    first = csr_array((np.ones(len(ends)), (ends[:, 0], np.arange(len(ends)))), shape=(n, len(ends)))
    group = np.array(draw(flags), dtype=float)
    return replace(
        free,
        strong=score >= draw(st.sampled_from([0, 3])),
        required=np.array(draw(flags)) & np.array(draw(flags)) & np.array(draw(flags)),
        barred=np.array(draw(flags)) & np.array(draw(flags)) & np.array(draw(flags)),
        roles=(first,),
        low=np.array([float(draw(st.integers(0, 1)))]),
        high=np.array([float(draw(st.integers(1, 3)))]),
        groups=csr_array(np.array([group, -group])),
        group_limit=np.array([float(draw(st.integers(1, 3))), -float(draw(st.integers(0, 1)))]),
    )


@settings(max_examples=25)
@given(tiny_problems())
def test_the_list_is_the_best_there_is_or_the_clash_cannot_be_reduced(problem):
    best = best_by_trying(problem)
    found = solve_guests(problem)
    assert (found is None) == (best is None)
    if found is not None:
        assert found.value == pytest.approx(best)
        assert found.bound == pytest.approx(best)
        assert problem.value(found.invited) == pytest.approx(best)
        assert split_bound(problem)[0] >= best - 1e-9
        return
    clash = find_clash(problem)
    every = {("capacity", 0), ("low", 0), ("high", 0), ("group", 0), ("group", 1)}
    every |= {(kind, i) for kind in ("required", "barred") for i in range(problem.size)}
    assert best_by_trying(problem.without(every - set(clash))) is None
    for wish in clash:
        assert best_by_trying(problem.without(every - (set(clash) - {wish}))) is not None


def test_half_meetings_are_no_reason_to_come():
    """Three guests with one meeting each: the relaxation gives each pair half a meeting."""
    triangle = np.array([[0, 1], [1, 2], [0, 2]])
    problem = GuestProblem.of_pairs(triangle, np.array([3.0, 2.0, 2.0]), 3, capacity=3, meetings=1)
    found = solve_guests(problem)
    assert found.invited.tolist() == [True, True, False]
    assert found.value == found.bound == 3
    everybody = replace(problem, required=np.ones(3, dtype=bool))
    assert solve_guests(everybody).value == 3


def test_a_quota_costs_no_more_than_the_exchange_it_needs():
    free = solve_guests(problem_of())
    problem = problem_of(low=1)
    assert problem.value(free.invited) == -math.inf
    found = solve_guests(problem)
    assert 0.8 * free.value <= found.value <= free.bound
    assert found.value <= found.bound <= free.bound + 1e-9
    assert problem.value(found.invited) == pytest.approx(found.value)


def test_methods_for_small_and_large_problems_agree(monkeypatch):
    """Without relaxation and branch and bound over everybody: another bound, nearly as good a list."""
    problem = problem_of()
    small = solve_guests(problem)
    assert small.bound - small.value <= 0.01 * small.bound
    monkeypatch.setattr(invitations, "_LARGEST_RELAXATION", 0)
    monkeypatch.setattr(invitations, "_KERNEL", 0)
    large = solve_guests(problem)
    assert large.bound >= small.value - 1e-9
    assert large.value <= small.bound + 1e-9
    assert large.bound - large.value <= 0.05 * large.bound


def test_a_quota_beyond_all_who_could_come_clashes_alone():
    problem = problem_of(low=5)
    assert solve_guests(problem) is None
    assert find_clash(problem) == [("low", 0)]
    assert solve_guests(problem.without([("low", 0)])).value == pytest.approx(
        solve_guests(problem_of()).value
    )


@pytest.mark.parametrize("at_once", [5_000, 0])
def test_a_quick_list_is_permitted_and_between_half_the_best_and_its_bound(at_once, monkeypatch):
    monkeypatch.setattr(invitations, "_AT_ONCE", at_once)
    monkeypatch.setattr(invitations, "_AT_ONCE_QUICKLY", at_once)
    problem = problem_of(low=1.0)
    best, quick = solve_guests(problem), solve_guests(problem, quick=True)
    assert quick.value == pytest.approx(problem.value(quick.invited))
    assert best.bound / 2 < quick.value <= best.bound + 1e-9
    assert quick.bound >= best.value - 1e-9
