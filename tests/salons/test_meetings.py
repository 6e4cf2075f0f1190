"""Meetings are what the introductions of a plan make possible, each two guests once."""

from __future__ import annotations

import pandas as pd
import pytest

from liaison_analysis import load_liangjiang
from liaison_analysis.plots import plot_timetable
from liaison_analysis.salons.meetings import (
    guest_timetable,
    meeting_pairs,
    schedule_salon,
    worth_of_guests,
)
from liaison_analysis.salons.plan import plan_salon

COLUMNS = ["seeker_id", "counterpart_id", "role", "score", "rank", "reason"]


@pytest.fixture
def salon():
    """A robot maker and a gear maker among vehicle makers; two others mean most to each other."""
    rows = [
        ("robots", "cars", "customer", 0.9, 1, "cars are welded by robots"),
        ("cars", "robots", "supplier", 0.5, 1, "needs welding robots"),
        ("robots", "trucks", "customer", 0.8, 1, "trucks are painted by robots"),
        ("robots", "bank", "financier", 0.2, 1, "asks for a loan"),
        ("trucks", "gears", "supplier", 0.7, 1, "gearboxes"),
        ("cars", "gears", "supplier", 0.6, 1, "gears"),
        ("laptops", "screens", "supplier", 1.9, 1, "panels"),
    ]
    return pd.DataFrame(rows, columns=COLUMNS)


def test_timetable_merges_both_directions_and_keeps_reasons(salon):
    table = schedule_salon(plan_salon(salon, capacity=4), 4, 2, unavailable={"gears": {0, 1}})
    assert table.columns.tolist() == ["slot", "table", "a", "b", "score", "reason"]
    assert len(table) == 4
    both = table[table["a"].isin(["cars", "robots"]) & table["b"].isin(["cars", "robots"])].iloc[0]
    assert (both["a"], both["b"], both["score"]) == ("robots", "cars", pytest.approx(1.4))
    assert both["reason"] == "cars are welded by robots; needs welding robots"
    assert table.loc[(table == "gears").any(axis=1), "slot"].min() >= 2
    assert table.attrs["gap"] == 0


def test_the_reason_of_one_path_stands_once_for_both_directions():
    introductions = pd.DataFrame(
        [
            ("a", "b", "customer", 0.9, "a feeds b, b asked", "x→y"),
            ("b", "a", "supplier", 0.5, "a feeds b", "x→y"),
            ("b", "a", "customer", 0.2, "b feeds a", "y→z"),
            ("b", "a", "tester", 0.1, "a tests", None),
            ("a", "b", "tester", 0.1, "b tests", None),
        ],
        columns=["seeker_id", "counterpart_id", "role", "score", "reason", "path"],
    )
    (pair,) = meeting_pairs(introductions).itertuples(index=False)
    assert pair.reason == "a feeds b, b asked; b feeds a; b tests; a tests"
    assert pair.score == pytest.approx(1.8)


def test_a_guests_timetable_has_every_meeting_of_it_in_order(salon):
    plan = plan_salon(salon, capacity=4)
    meetings = schedule_salon(plan, 4, 2)
    own = guest_timetable(meetings, "robots")
    assert own.columns.tolist() == ["slot", "table", "meets", "score", "reason"]
    assert sorted(own["meets"]) == ["cars", "trucks"]
    assert own["slot"].is_monotonic_increasing
    held = [len(guest_timetable(meetings, guest)) for guest in plan.guests["enterprise_id"]]
    assert sum(held) == 2 * len(meetings)
    assert guest_timetable(meetings, "laptops").empty


def test_who_must_meet_does_although_others_are_worth_more():
    rows = [("a", "b", "customer", 0.9, 1, "b buys"), ("a", "c", "customer", 0.2, 2, "c buys")]
    columns = ["seeker_id", "counterpart_id", "role", "score", "rank", "reason"]
    plan = plan_salon(pd.DataFrame(rows, columns=columns), capacity=3)
    assert schedule_salon(plan, 1, 2)[["a", "b"]].to_numpy().tolist() == [["a", "b"]]
    assert schedule_salon(plan, 1, 2, must=[("c", "a")])[["a", "b"]].to_numpy().tolist() == [["a", "c"]]
    with pytest.raises(ValueError, match="must: b and c are not introduced to each other"):
        schedule_salon(plan, 1, 2, must=[("b", "c")])


def test_any_list_is_weighed_by_its_timetable(salon):
    """Two slots: robots meets cars and trucks, gears the other two; the host has nobody."""
    value, n_meetings, idle = worth_of_guests(salon, ["robots", "cars", "trucks", "gears", "host"], slots=2)
    assert value == pytest.approx(1.4 + 0.8 + 0.7 + 0.6)
    assert (n_meetings, idle) == (4, 1)
    rivals = salon.assign(competitor=salon["counterpart_id"].eq("trucks"))
    assert worth_of_guests(rivals, ["robots", "trucks"], slots=2) == (0.0, 0, 2)


def test_the_meetings_of_a_plan_are_drawn_with_names(salon):
    named = salon.replace({"robots": "E001", "cars": "E241", "trucks": "E242", "gears": "E013"})
    meetings = schedule_salon(plan_salon(named, capacity=4, excluded=["laptops"]), 4, 2)
    ax = plot_timetable(meetings, load_liangjiang())
    assert len(ax.texts) >= 4


ANY = pd.DataFrame(
    [
        ("a", "b", "customer", 0.9, 1, "b buys"), ("a", "c", "customer", 0.2, 2, "c buys"),
        ("d", "b", "customer", 0.8, 1, "b buys"), ("d", "c", "customer", 0.1, 2, "c buys"),
    ],
    columns=["seeker_id", "counterpart_id", "role", "score", "rank", "reason"],
)  # fmt: skip


def met(table):
    return {frozenset(pair) for pair in zip(table["a"], table["b"], strict=True)}


def test_a_wish_of_any_of_several_is_met_by_the_one_that_costs_least():
    plan = plan_salon(ANY, capacity=4)
    plain = schedule_salon(plan, 1, 2)
    assert met(plain) == {frozenset("ab"), frozenset("dc")}
    wished = schedule_salon(plan, 1, 2, any_of=[("c", ["a"])])
    assert met(wished) == {frozenset("ac"), frozenset("db")}
    assert wished.attrs["unmet"] == []
    assert wished.attrs["value"] == pytest.approx(1.0)
    # Met already by one of them: nothing changes.
    assert met(schedule_salon(plan, 1, 2, any_of=[("c", ["a", "d"])])) == met(plain)
    # Two wishes for one slot: one of them stays unmet, and a note reports it.
    both = schedule_salon(plan, 1, 2, any_of=[("c", ["a"]), ("b", ["a"])])
    assert len(both.attrs["unmet"]) == 1


def test_limits_of_a_role_hold_for_each_guest_in_it():
    plan = plan_salon(ANY, capacity=4)
    roles = plan.guests.set_index("enterprise_id")["role"]
    assert roles[["b", "c"]].tolist() == ["customer", "customer"]
    table = schedule_salon(plan, 3, 2, per_role={"customer": (1, 1)})
    count = pd.concat([table["a"], table["b"]]).value_counts()
    assert count[["b", "c"]].tolist() == [1, 1]
    more = schedule_salon(plan, 3, 2, per_role={"customer": (1, 1)}, max_meetings={"b": 2})
    assert pd.concat([more["a"], more["b"]]).value_counts()["b"] == 2


def test_who_is_no_guest_is_named_with_the_nearest_guest():
    plan = plan_salon(ANY.replace({"a": "甲公司", "b": "乙公司"}), capacity=4)
    with pytest.raises(ValueError, match="cannot schedule the salon") as caught:
        schedule_salon(
            plan, 2, 2, unavailable={" 甲公司 ": {0}}, must=[("甲公司", "乙")], any_of=[("乙公司", ["丁"])],
        )  # fmt: skip
    error_text = str(caught.value)
    assert "unavailable: ' 甲公司 ' is no guest; nearest: '甲公司'" in error_text
    assert "must: '乙' is no guest" in error_text
    assert "any_of: '丁' is no guest" in error_text


def test_a_guest_without_introductions_may_be_named():
    plan = plan_salon(ANY, capacity=5, required=["speaker"])
    assert len(schedule_salon(plan, 2, 2, unavailable={"speaker": {0}})) > 0
