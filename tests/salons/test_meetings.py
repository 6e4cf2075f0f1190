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
    with pytest.raises(ValueError, match="must names guests who are not introduced to each other: b and c"):
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
