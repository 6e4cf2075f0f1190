"""Programs with and without slots bound each other, and know what must be held and what is not worth it."""

from __future__ import annotations

import math

import numpy as np
import pytest

from liaison_analysis.salons.timetable_milp import MeetingProblem, MeetingProgram


@pytest.fixture
def triangle():
    """Three who could all meet each other, in two slots with one table each, and a fourth with one friend."""
    return MeetingProblem(
        ends=np.array([[0, 1], [1, 2], [0, 2], [2, 3]]),
        score=np.array([3.0, 2.0, 2.0, 1.0]),
        free=np.ones((4, 2), dtype=bool),
        room=np.array([1, 1]),
        most=np.array([2, 2, 2, 2]),
        least=np.zeros(4, dtype=int),
        must=np.zeros(4, dtype=bool),
    )


def test_both_programs_find_the_best(triangle):
    pairs, slots = MeetingProgram.of_pairs(triangle, triangle.total), MeetingProgram.of_slots(triangle)
    assert len(slots.gain) == 2 * len(pairs.gain)
    assert pairs.solve(fewest=0)[1] == slots.solve(fewest=0)[1] == pytest.approx(5)


def test_promises_come_first_and_their_shortfall_is_counted(triangle):
    triangle.least[:] = [0, 0, 0, 2]
    program = MeetingProgram.of_pairs(triangle, triangle.total)
    assert program.solve(fewest=None)[1] == pytest.approx(1)
    solution, value = program.solve(fewest=1)
    assert value == pytest.approx(4)
    assert (solution > 0.5).tolist() == [True, False, False, True]
    assert program.solve(fewest=0) == (None, -math.inf)


def test_solutions_near_the_bound_hold_the_fixed_pairs(triangle):
    program = MeetingProgram.of_slots(triangle)
    solution, value = program.near(np.array([3]), 4.0).solve(fewest=0)
    assert value == pytest.approx(4)
    assert program.slots(solution, np.full(4, -1))[3] >= 0
    assert program.near(np.array([3]), 4.5).solve(fewest=0) == (None, -math.inf)


def test_what_is_kept_takes_time_from_the_rest(triangle):
    kept = np.array([True, False, False, False])
    part = triangle.around(kept, ~kept)
    assert part.most.tolist() == [1, 1, 2, 2]
    assert part.score.tolist() == [2, 2, 1]
