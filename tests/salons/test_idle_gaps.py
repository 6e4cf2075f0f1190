"""Waiting is as short as possible, and no meeting is given up for that."""

from itertools import product

import numpy as np
import pandas as pd
import pytest
from helpers.meeting_cases import cases, frame, violations
from hypothesis import given, settings

from liaison_analysis.salons.idle_gaps import SlotProblem, close_gaps, idle_slots, rearrange
from liaison_analysis.salons.timetable import schedule_meetings


def problem(ends, *, slots, people, room=9, allowed=None, present=None, taken=()):
    ends = np.array(ends)
    busy = np.zeros((people, slots), dtype=bool)
    for person, slot in taken:
        busy[person, slot] = True
    return SlotProblem(
        ends=ends,
        allowed=np.ones((len(ends), slots), dtype=bool) if allowed is None else np.array(allowed, dtype=bool),
        taken=busy,
        present=np.ones((people, slots), dtype=bool) if present is None else np.array(present, dtype=bool),
        room=np.full(slots, room),
    )


def fewest_by_force(part):
    """Try every way to place the meetings."""
    n_slots = len(part.room)
    best = None
    for slots in product(range(n_slots), repeat=len(part.ends)):
        seats = [(end, slot) for pair, slot in zip(part.ends.tolist(), slots, strict=True) for end in pair]
        if len(set(seats)) < len(seats) or any(part.taken[seat] for seat in seats):
            continue
        if not part.allowed[range(len(slots)), list(slots)].all():
            continue
        if (np.bincount(slots, minlength=n_slots) > part.room).any():
            continue
        idle = int(idle_slots(part.occupied(np.array(slots)), part.present).sum())
        best = idle if best is None else min(best, idle)
    return best


def test_only_waiting_between_the_first_and_the_last_meeting_counts():
    busy = np.array([[0, 1, 0, 0, 1, 0], [1, 0, 0, 0, 0, 1], [0, 0, 0, 0, 0, 0]], dtype=bool)
    present = np.ones((3, 6), dtype=bool)
    present[1, 2:4] = False  # away, or a break: no waiting
    assert idle_slots(busy, present).tolist() == [2, 2, 0]


@pytest.mark.parametrize("seed", range(6))
def test_as_few_idle_slots_as_any_arrangement_of_the_same_meetings(seed):
    rng = np.random.default_rng(seed)
    every = [(a, b) for b in range(5) for a in range(b)]
    ends = [every[i] for i in rng.choice(len(every), size=5, replace=False)]
    part = problem(
        ends, slots=4, people=5, room=2, allowed=rng.random((5, 4)) < 0.8, present=rng.random((5, 4)) < 0.9
    )
    start = rearrange(part)
    best = fewest_by_force(part)
    assert (start is None) == (best is None)
    if start is not None:
        moved, idle, fewest = close_gaps(part, start)
        assert idle == best == fewest
        assert idle == idle_slots(part.occupied(moved), part.present).sum()


def test_meetings_that_are_fixed_stay_and_count_as_busy():
    part = problem([(0, 1)], slots=4, people=2, taken=[(0, 0)], allowed=[[False, True, True, True]])
    moved, idle, _ = close_gaps(part, np.array([3]))
    assert (moved.tolist(), idle) == ([1], 0)


def test_no_slot_gets_more_meetings_than_it_has_tables():
    part = problem([(0, 1), (2, 3), (4, 5)], slots=3, people=6, room=1)
    moved, _, _ = close_gaps(part, np.array([0, 1, 2]))
    assert sorted(moved.tolist()) == [0, 1, 2]


def test_meetings_that_cannot_be_placed_give_none():
    assert rearrange(problem([(0, 1), (0, 2)], slots=1, people=3)) is None
    assert rearrange(problem([(0, 1)], slots=2, people=2, allowed=[[False, False]])) is None


@settings(max_examples=25, deadline=None)
@given(cases())
def test_value_and_rules_stay_and_waiting_never_grows(case):
    plan = schedule_meetings(**case)
    options = {name: case[name] for name in ("slots", "tables", "unavailable")}
    assert violations(plan, case["pairs"], **options) == []
    assert plan["score"].sum() == pytest.approx(plan.attrs["value"])
    assert plan.attrs["idle_bound"] <= plan.attrs["idle"] <= plan.attrs["idle_before"]


def test_a_pause_that_the_best_meetings_do_not_need_is_closed():
    """The host of four meetings had a pause wherever edge colouring left one."""
    pairs = frame([("h", guest, 1.0) for guest in "abcd"] + [("a", "b", 0.9), ("c", "d", 0.8)])
    plan = schedule_meetings(pairs, slots=6, tables=3, unavailable={"a": {0}})
    assert plan.attrs["value"] == pytest.approx(5.7)
    assert plan.attrs["idle"] == plan.attrs["idle_bound"] == 0


def test_those_who_come_first_do_so_before_their_rivals():
    pairs = frame(
        [("s", "c1", 1), ("s", "c2", 1), ("r1", "c1", 9), ("r2", "c2", 9), ("r1", "c2", 9), ("s", "x", 5)]
    )
    plan = schedule_meetings(pairs, slots=4, tables=4, first=[("s", "c1"), ("s", "c2")], rivals=["r1", "r2"])
    slot = {frozenset((a, b)): t for t, a, b in plan[["slot", "a", "b"]].itertuples(index=False)}
    assert slot[frozenset(("s", "c1"))] == 0
    assert slot[frozenset(("s", "c2"))] == 1
    assert slot[frozenset(("r1", "c1"))] > 0
    assert min(slot[frozenset(("r1", "c2"))], slot[frozenset(("r2", "c2"))]) > 1
    assert plan.attrs["value"] == 34  # nothing had to be given up


def test_who_is_no_rival_may_come_before():
    pairs = frame([("s", "c1", 1), ("s", "c2", 1), ("friend", "c2", 9), ("s", "x", 1)])
    options = {"slots": 2, "tables": 4, "first": [("s", "c1"), ("s", "c2")]}
    plan = schedule_meetings(pairs, **options, rivals=[])
    assert plan.set_index("a").loc["friend", "slot"] == 0
    # By default everybody waits; then there is no room for the friend.
    plan = schedule_meetings(pairs, **options)
    assert "friend" not in set(plan["a"])
    assert plan["slot"].tolist() == [0, 1]


def test_who_comes_first_waits_until_both_are_there_and_accepted_meetings_stay():
    pairs = frame([("s", "c1", 1), ("r", "c1", 9), ("s", "x", 2)])
    locked = pd.DataFrame({"slot": [1], "table": [2], "a": ["s"], "b": ["x"]})
    plan = schedule_meetings(
        pairs, slots=4, tables=3, first=[("s", "c1")], locked=locked, unavailable={"c1": {0}}
    )
    rows = {(a, b): (slot, table) for slot, table, a, b, _ in plan.itertuples(index=False)}
    assert rows["s", "x"] == (1, 2)
    assert rows["s", "c1"][0] == 2
    assert rows["r", "c1"][0] == 3
