"""On the day, what can stand stands."""

from __future__ import annotations

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from test_meetings import cases, frame, violations

from liaison_analysis.meetings import schedule_meetings
from liaison_analysis.replanning import replan_meetings

PAIRS = frame([("a", "b", 9), ("a", "c", 8), ("b", "c", 7), ("c", "d", 6), ("b", "d", 5)])


@settings(max_examples=40, deadline=None)
@given(cases(), st.data())
def test_nothing_changes_that_need_not(case, data):
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


def test_what_has_begun_stands():
    plan = schedule_meetings(PAIRS, slots=3, tables=2)
    new = replan_meetings(plan, PAIRS, slots=3, tables=2, no_shows=["a", "b", "c", "d"], now=1)
    pd.testing.assert_frame_equal(new[plan.columns], plan[plan["slot"].eq(0)], check_like=True)


def test_slots_outside_the_event_are_refused():
    plan = schedule_meetings(PAIRS, slots=3, tables=2)
    with pytest.raises(ValueError, match="from 0 to 3, got late="):
        replan_meetings(plan, PAIRS, slots=3, tables=2, late={"a": 4})
