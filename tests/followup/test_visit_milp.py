from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from liaison_analysis.followup.visit_milp import VisitProblem


def problem(pairs, n, officers, weeks, *, per_week=1, trip=0.5, free=None, town=None, stand_in=None):
    return VisitProblem(
        pairs=np.array(pairs).reshape(-1, 2),
        stand_in=np.zeros(len(pairs)) if stand_in is None else np.array(stand_in),
        urgency=np.arange(1.0, n + 1),
        town=np.zeros(n, dtype=np.int64) if town is None else np.array(town),
        free=np.ones((officers, weeks), dtype=bool) if free is None else free,
        per_week=per_week,
        trip=trip,
    )


def cost_of(given, officer, week):
    """Lateness, stand-ins, trips and uneven loads of a plan, counted as the docstring says."""
    weeks = given.free.shape[1]
    pair = {tuple(p): c for p, c in zip(given.pairs.tolist(), given.stand_in, strict=True)}
    trips = set(zip(officer, week, given.town[: len(officer)].tolist(), strict=True))
    loads = np.bincount(officer, minlength=len(given.free))
    lateness = sum(u * w / max(weeks - 1, 1) for u, w in zip(given.urgency, week, strict=True))
    return lateness + sum(pair[e, o] for e, o in enumerate(officer)) + given.trip * len(trips), (
        loads**2
    ).sum()


def brute_force(given):
    n, (officers, weeks) = len(given.urgency), given.free.shape
    allowed = {tuple(p) for p in given.pairs.tolist()}
    places = list(product(range(officers), range(weeks)))
    choices = [[(o, w) for o, w in places if (e, o) in allowed and given.free[o, w]] for e in range(n)]
    plans = [
        cost_of(given, [o for o, _ in plan], [w for _, w in plan])
        for plan in product(*choices)
        if max(np.unique([o * weeks + w for o, w in plan], return_counts=True)[1]) <= given.per_week
    ]
    if not plans:
        return None
    least = min(squares for _, squares in plans)
    return min(cost + squares - least for cost, squares in plans)


@settings(max_examples=40)
@given(st.data())
def test_as_good_as_trying_everything(data):
    n, officers, weeks = (data.draw(st.integers(1, most)) for most in (4, 2, 3))
    every = list(product(range(n), range(officers)))
    pairs = sorted({*data.draw(st.lists(st.sampled_from(every))), *((e, 0) for e in range(n))})
    free = np.array(data.draw(st.lists(st.lists(st.booleans(), min_size=weeks, max_size=weeks),
                                       min_size=officers, max_size=officers)))  # fmt: skip
    town = data.draw(st.lists(st.integers(0, 1), min_size=n, max_size=n))
    stand_in = [0.0 if o == 0 else 1.0 for _, o in pairs]
    given_problem = problem(
        pairs,
        n,
        officers,
        weeks,
        per_week=data.draw(st.integers(1, 2)),
        free=free,
        town=town,
        stand_in=stand_in,
    )
    best = brute_force(given_problem)
    assert (given_problem.crowded() is None) == (best is not None)
    if best is None:
        firms, who = given_problem.crowded()
        # A certificate: nobody else may visit these, and their room is too small.
        assert {o for e, o in pairs if e in firms} <= set(who.tolist())
        assert given_problem.room[who].sum() < len(firms)
        return
    officer, week, cost, bound = given_problem.solve()
    assert given_problem.free[officer, week].all()
    assert bound <= best + 1e-6
    assert best - 1e-6 <= cost <= best * 1.02 + 1e-6


def test_urgent_ones_first_and_towns_together():
    given_problem = problem([(e, 0) for e in range(4)], 4, 1, 3, per_week=2, town=[0, 1, 0, 1], trip=10)
    _, week, _, _ = given_problem.solve()
    assert week.tolist() == [1, 0, 1, 0]
    given_problem = problem([(e, 0) for e in range(4)], 4, 1, 3, per_week=2, town=[0, 1, 0, 1], trip=0)
    _, week, _, _ = given_problem.solve()
    assert week.tolist() == [1, 1, 0, 0]


def test_loads_are_even_where_there_is_a_choice():
    given_problem = problem([(e, o) for e in range(7) for o in range(3)], 7, 3, 4)
    officer, _, _, _ = given_problem.solve()
    assert sorted(np.bincount(officer)) == [2, 2, 3]
    assert given_problem.fewest() == 3


def test_parts_share_no_officer():
    given_problem = problem([(0, 0), (1, 0), (2, 1)], 3, 3, 4)
    parts = given_problem.parts()
    assert [firms.tolist() for firms, _, _ in parts] == [[0, 1], [2]]
    assert [officers.tolist() for _, officers, _ in parts] == [[0], [1]]
    assert given_problem.solve()[0].tolist() == [0, 0, 1]


def test_nobody_to_visit():
    officer, week, cost, bound = problem([], 0, 2, 3).solve()
    assert (len(officer), len(week), cost, bound) == (0, 0, 0, 0)
    assert problem([], 0, 2, 3).crowded() is None
    assert pytest.approx(0) == problem([], 0, 0, 3).room.sum()
