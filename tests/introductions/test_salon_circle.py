from dataclasses import replace

import pandas as pd
import pytest

from liaison_analysis import load_liangjiang, plan_salon, rank_introductions
from liaison_analysis.introductions.ranking import ROLES
from liaison_analysis.introductions.salon_circle import (
    asked_servers,
    introductions_around,
    pick_seeker,
    rivals_of,
    salon_core,
    top_counterparts,
    wish_circle,
)
from liaison_analysis.salons import schedule_salon


@pytest.fixture(scope="module")
def sample():
    return load_liangjiang()


@pytest.fixture(scope="module")
def introductions(sample):
    return pd.concat([rank_introductions(sample, role=role) for role in ROLES], ignore_index=True)


def small(*rows):
    columns = ["seeker_id", "counterpart_id", "role", "score", "rank", "asked_share"]
    return pd.DataFrame(rows, columns=columns)


def test_the_seeker_a_report_turns_on(sample, introductions):
    assert pick_seeker(sample, introductions) == "E001"
    without = replace(sample, salons=sample.salons.iloc[:0])
    picked = pick_seeker(without, introductions)
    best = introductions[introductions["asked_share"].gt(0)]
    assert best.set_index("seeker_id").loc[[picked], "score"].max() == best["score"].max()
    with pytest.raises(ValueError, match="no introductions to pick a seeker from"):
        pick_seeker(without, introductions.iloc[:0])


def test_the_latest_salon_decides_and_an_undated_one_does_not(sample):
    held = pd.DataFrame(
        {"salon_id": ["S1", "S2", "S3"], "held_on": pd.to_datetime(["2022-05-01", None, "2022-03-01"]),
         "seeker_id": ["late", "undated", "early"], "counterpart_id": "met"}
    )  # fmt: skip
    assert pick_seeker(replace(sample, salons=held), small()) == "late"


def test_a_circle_has_the_top_counterparts_peers_and_their_servers():
    found = small(
        ("S", "D", "customer", 0.9, 1, 0.5),
        ("P", "D", "customer", 0.8, 1, 0.0),  # a peer: it should meet the same customer
        ("Q", "D", "supplier", 0.8, 1, 0.0),  # another role of the same counterpart
        ("P", "X", "customer", 0.7, 2, 0.0),  # X is not a counterpart of S
        ("P", "B", "financier", 0.3, 1, 1.0),
        ("Q", "B", "financier", 0.3, 1, 1.0),
        ("D", "S", "supplier", 0.6, 1, 0.0),
        ("S", "T", "tester", 0.2, 1, 0.0),
    )
    around = introductions_around(found, "S")
    pairs = list(zip(around["seeker_id"], around["counterpart_id"], strict=True))
    assert pairs == [("S", "D"), ("P", "D"), ("P", "B"), ("D", "S"), ("S", "T")]


def test_the_core_has_financiers_and_testers_only_where_asked_for():
    rows = [
        ("S", "D2", "customer", 0.8, 2, 0.0),
        ("S", "D1", "customer", 0.9, 1, 0.5),
        ("S", "D3", "customer", 0.7, 3, 0.0),
        ("S", "T", "tester", 0.2, 1, 0.0),
        ("P", "B1", "financier", 0.3, 1, 0.0),
    ]
    assert salon_core(small(*rows), "S") == ["S", "D1", "D2"]
    asked = [
        *rows,
        ("P", "U", "tester", 0.9, 1, 0.6),  # asked for, but T serves S itself
        ("P", "B1", "financier", 0.3, 1, 1.0),
        ("P", "B2", "financier", 0.4, 2, 1.0),
        ("Q", "B2", "financier", 0.4, 1, 1.0),
    ]
    assert salon_core(small(*asked), "S") == ["S", "D1", "D2", "B2", "T"]
    buyers = small(("S", "M", "supplier", 0.5, 1, 0.0))
    assert salon_core(buyers, "S") == ["S", "M"]


def test_huashus_salon_has_the_car_makers_the_bank_and_the_test_centre(introductions):
    around = introductions_around(introductions, "E001")
    asked = set(around.loc[around["asked_share"].gt(0), "role"])
    assert {"financier", "tester"} <= asked  # both are asked for in the circle
    core = salon_core(around, "E001")
    assert core == ["E001", "E241", "E242", "E243", "E244"]
    plan = plan_salon(around, capacity=20, required=core)
    guests = set(plan.guests["enterprise_id"])
    assert set(core) <= guests
    assert len(guests) == 20
    doors = top_counterparts(around, "E001")
    assert doors == ["E241", "E242"]
    timetable = schedule_salon(plan, 6, 8, must=[("E001", door) for door in doors], min_meetings=1)
    assert set(timetable["a"]) | set(timetable["b"]) == guests
    met = timetable[timetable["a"].eq("E001") | timetable["b"].eq("E001")]
    assert {"E241", "E242"} <= set(met["a"]) | set(met["b"])


WISHES = [
    ("S", "D", "customer", 0.9, 1, 0.5),
    ("S", "E", "customer", 0.8, 2, 0.0),  # a counterpart without a wish of the seeker's
    ("D", "W", "supplier", 0.6, 1, 0.4),  # D asks for what W makes
    ("E", "X", "supplier", 0.6, 1, 0.0),  # E does not ask for X
    ("P", "D", "customer", 0.8, 1, 0.0),
    ("P", "Y", "supplier", 0.8, 1, 0.7),  # a rival's wish does not count
    ("Q", "E", "supplier", 0.8, 1, 0.0),
]


def test_a_salon_is_about_who_meets_the_wishes_of_the_seeker_and_its_counterparts():
    assert wish_circle(small(*WISHES), "S") == ["S", "D", "E", "W"]
    # The same wish seen from the other side: V should meet E, whose demand asks for it.
    back = pd.concat([small(*WISHES), small(("V", "E", "customer", 0.5, 1, 0.0))], ignore_index=True)
    back["back_share"] = [0.0] * len(WISHES) + [0.3]
    assert wish_circle(back, "S") == ["S", "D", "E", "V", "W"]
    assert "W" in set(introductions_around(small(*WISHES), "S")["counterpart_id"])


def test_rivals_would_meet_the_first_counterparts_in_the_same_role():
    assert rivals_of(small(*WISHES), "S") == ["P"]


def test_servers_are_those_that_the_seeker_asks_for_itself():
    rows = [
        ("S", "B2", "financier", 0.5, 2, 0.5),
        ("S", "B1", "financier", 0.9, 1, 0.5),
        ("S", "T", "tester", 0.9, 1, 0.0),
        ("P", "R", "research partner", 0.9, 1, 0.9),
        ("S", "R", "research partner", 0.1, 1, 0.9),
    ]
    assert asked_servers(small(*rows), "S") == ["B1", "R"]
    assert salon_core(small(*rows), "S")[:3] == ["S", "B1", "R"]
