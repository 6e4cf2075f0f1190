"""Replanning on the day keeps every meeting that can be kept."""

from __future__ import annotations

from itertools import product

import pandas as pd
import pytest
from helpers.meeting_cases import cases, frame, violations
from hypothesis import given, settings
from hypothesis import strategies as st

from liaison_analysis.salons.replanning import replan_meetings
from liaison_analysis.salons.timetable import schedule_meetings

PAIRS = frame([("a", "b", 9), ("a", "c", 8), ("b", "c", 7), ("c", "d", 6), ("b", "d", 5)])


@settings(max_examples=40)
@given(cases(), st.data())
def test_no_meeting_changes_without_need(case, data):
    plan = schedule_meetings(**case)
    people = sorted({*case["pairs"]["a"], *case["pairs"]["b"]})
    gone = set(data.draw(st.lists(st.sampled_from(people), max_size=2)))
    late = data.draw(st.dictionaries(st.sampled_from(people), st.integers(0, case["slots"]), max_size=2))
    now = data.draw(st.integers(0, case["slots"]))
    options = {name: case[name] for name in ("slots", "tables", "unavailable")}
    new = replan_meetings(plan, case["pairs"], **options, no_shows=gone, late=late, now=now)
    assert violations(new, case["pairs"], **options) == []
    where = {frozenset((a, b)): (slot, change) for slot, _, a, b, _, change in new.itertuples(index=False)}
    old = {frozenset((a, b)): slot for slot, _, a, b, _ in plan.itertuples(index=False)}
    for pair, slot in old.items():
        stands = slot < now or not any(end in gone or slot < late.get(end, 0) for end in pair)
        if stands:
            assert where[pair] == (slot, "kept")
        elif pair in where:
            assert where[pair][1] == "moved"
    for pair, (slot, change) in where.items():
        if change != "kept":
            assert slot >= now
            assert not any(end in gone or slot < late.get(end, 0) for end in pair)
            assert (change == "new") == (pair not in old)
    assert {frozenset(row[1:]) for row in new.attrs["cancelled"]} == set(old) - set(where)


def rescues(plan, late, *, slots, tables, unavailable):
    """For each number of moved meetings, how many others can be held at most, by trying every way."""
    agreed = plan[["slot", "a", "b"]].to_numpy().tolist()
    open_slots = [
        [
            s
            for s in range(slots)
            if all(s >= late.get(end, 0) and s not in unavailable.get(end, ()) for end in (a, b))
        ]
        for _, a, b in agreed
    ]
    stands = [slot in own for (slot, _, _), own in zip(agreed, open_slots, strict=True)]
    choices = [own if stand else [-1, *own] for own, stand in zip(open_slots, stands, strict=True)]
    best = {}
    for choice in product(*choices):
        seats = [(end, s) for (_, a, b), s in zip(agreed, choice, strict=True) if s >= 0 for end in (a, b)]
        if len(seats) > len(set(seats)) or any(choice.count(s) > tables for s in range(slots)):
            continue
        placed = list(zip(agreed, stands, choice, strict=True))
        moved = sum(stand and slot != s for (slot, _, _), stand, s in placed)
        rescued = sum(not stand and s >= 0 for _, stand, s in placed)
        best[moved] = max(best.get(moved, 0), rescued)
    return best


@settings(max_examples=60)
@given(cases(people=6, slots=3), st.data(), st.integers(0, 2))
def test_no_fewer_moves_rescue_as_many_and_no_way_rescues_more(case, data, moves):
    options = {name: case[name] for name in ("slots", "tables", "unavailable")}
    plan = schedule_meetings(case["pairs"], **options)
    people = sorted({*case["pairs"]["a"], *case["pairs"]["b"]})
    late = data.draw(st.dictionaries(st.sampled_from(people), st.integers(0, case["slots"]), max_size=2))
    new = replan_meetings(plan, case["pairs"], **options, late=late, moves=moves)
    assert violations(new, case["pairs"], **options) == []
    within = {moved: rescued for moved, rescued in rescues(plan, late, **options).items() if moved <= moves}
    most = max(within.values())
    assert new.attrs["rescued"] == most
    assert new.attrs["moved"] == min(moved for moved, rescued in within.items() if rescued == most)


def test_one_move_rescues_a_meeting():
    pairs = frame([("a", "b", 9), ("a", "c", 1), ("b", "d", 1)])
    plan = pd.DataFrame(
        [(0, 0, "a", "b", 9.0), (1, 0, "a", "c", 1.0)], columns=["slot", "table", "a", "b", "score"]
    )
    options = {"slots": 2, "tables": 2, "late": {"b": 1}}
    still = replan_meetings(plan, pairs, **options)
    assert still.attrs["cancelled"] == [(0, "a", "b")]
    assert still[["slot", "a", "b", "change"]].to_numpy().tolist() == [
        [1, "a", "c", "kept"], [1, "b", "d", "new"],
    ]  # fmt: skip
    new = replan_meetings(plan, pairs, **options, moves=1)
    assert new[["slot", "a", "b", "change"]].to_numpy().tolist() == [
        [0, "a", "c", "moved"], [1, "a", "b", "moved"],
    ]  # fmt: skip
    assert (new.attrs["moved"], new.attrs["rescued"], new.attrs["cancelled"]) == (1, 1, [])
    with pytest.raises(ValueError, match="moves must be a whole number from 0, got -1"):
        replan_meetings(plan, pairs, **options, moves=-1)


def test_a_late_guest_moves_and_a_no_show_makes_room():
    plan = schedule_meetings(PAIRS, slots=3, tables=2)
    first = plan.loc[plan["slot"].eq(0) & plan["a"].eq("a"), ["a", "b"]].iloc[0].tolist()
    new = replan_meetings(plan, PAIRS, slots=4, tables=2, late={"a": 1})
    moved = new[new["change"].eq("moved")]
    assert moved[["a", "b"]].to_numpy().tolist() == [first]
    assert moved["slot"].tolist() == [3]
    assert new.attrs["cancelled"] == []
    gone = replan_meetings(plan, PAIRS, slots=3, tables=2, no_shows=["a"])
    assert set(gone["change"]) == {"kept"}
    assert len(gone.attrs["cancelled"]) == 2


def test_meetings_that_have_begun_are_kept():
    plan = schedule_meetings(PAIRS, slots=3, tables=2)
    new = replan_meetings(plan, PAIRS, slots=3, tables=2, no_shows=["a", "b", "c", "d"], now=1)
    pd.testing.assert_frame_equal(new[plan.columns], plan[plan["slot"].eq(0)], check_like=True)


def test_slots_outside_the_event_are_refused():
    plan = schedule_meetings(PAIRS, slots=3, tables=2)
    with pytest.raises(ValueError, match="from 0 to 3, got late="):
        replan_meetings(plan, PAIRS, slots=3, tables=2, late={"a": 4})


def test_an_unplanned_break_moves_the_meetings_in_it():
    plan = schedule_meetings(PAIRS, slots=3, tables=2)
    new = replan_meetings(plan, PAIRS, slots=4, tables=2, breaks=[0])
    assert 0 not in new["slot"].tolist()
    assert new.attrs["cancelled"] == []
    assert new.attrs["rescued"] == int(plan["slot"].eq(0).sum())


def test_who_refuses_by_now_is_not_rescued():
    plan = schedule_meetings(PAIRS, slots=3, tables=2)
    first = plan.loc[plan["slot"].eq(0) & plan["a"].eq("a"), ["a", "b"]].iloc[0].tolist()
    pairs = PAIRS.assign(
        wish=["no thanks" if [a, b] == first else None for a, b in PAIRS[["a", "b"]].to_numpy()]
    )
    new = replan_meetings(plan, pairs, slots=4, tables=2, late={"a": 1})
    assert [list(meeting[1:]) for meeting in new.attrs["cancelled"]] == [first]
