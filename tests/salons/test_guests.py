"""Guests are shown with their own words, and stand-ins with whom they stand in for."""

from dataclasses import replace

import pandas as pd
import pytest

from liaison_analysis import load_liangjiang, plan_salon
from liaison_analysis.salons.guests import describe_guests

COLUMNS = ["seeker_id", "counterpart_id", "role", "score", "rank", "reason"]


def introductions(*rows):
    return pd.DataFrame([(*row, 1, f"{row[1]} for {row[0]}") for row in rows], columns=COLUMNS)


SALON = introductions(
    ("robots", "cars", "customer", 0.9),
    ("robots", "trucks", "customer", 0.6),
    ("robots", "bank", "financier", 0.5),
    ("robots", "lender", "financier", 0.4),
    ("gears", "cars", "customer", 0.8),
    ("gears", "bikes", "customer", 0.3),
)


def test_asks_are_the_words_of_open_demands_and_offers_the_products():
    ledger = load_liangjiang()
    guests = describe_guests(pd.DataFrame({"enterprise_id": ["E001", "E014", "E243", "E241"]}), ledger)
    asks, offers = guests["asks"].tolist(), guests["offers"].tolist()
    assert asks[0].startswith("D181：「我们在3C电子行业的打磨、装配、焊接应用已经成熟")
    assert "技改" not in asks[0]  # a question about policy is nothing that a meeting answers
    assert "D093" in asks[1]
    assert "D317" in asks[1]
    assert asks[1].index("D317") < asks[1].index("D093")  # the latest first
    assert asks[2:] == ["", ""]  # parking and a road are no matter of a salon
    assert offers[1] == "工业机器人、焊接机器人、搬运机器人"
    assert offers[3] == "新能源乘用车"


def test_offers_are_the_words_of_the_main_business_where_no_product_is_known():
    ledger = load_liangjiang()
    firms = ledger.enterprises.copy()
    firms.loc[firms["enterprise_id"].eq("E245"), "main_business"] = "承接各类会展"
    described = describe_guests(pd.DataFrame({"enterprise_id": ["E245"]}), replace(ledger, enterprises=firms))
    assert "会展" in described.loc[0, "offers"]


def test_the_plan_shows_both_only_where_it_has_a_ledger():
    assert "asks" not in plan_salon(SALON, capacity=3).guests
    rows = SALON.replace({"robots": "E001", "cars": "E241", "trucks": "E242"})
    guests = plan_salon(rows, capacity=3, ledger=load_liangjiang()).guests.set_index("enterprise_id")
    assert "D181" in guests.loc["E001", "asks"]


def test_stand_ins_come_in_order_and_for_guests_of_their_role():
    plan = plan_salon(SALON, capacity=4, required=["robots", "gears", "cars"], quotas={"financier": 1})
    assert set(plan.guests["enterprise_id"]) == {"robots", "gears", "cars", "bank"}
    standby = plan.standby.set_index("enterprise_id")
    # The truck maker could only stand in for the car maker, who must come.
    assert standby.index.tolist() == ["lender"]
    assert standby.loc["lender", "stands_in_for"] == ("bank",)
    plan = plan_salon(SALON, capacity=3, required=["robots", "gears"])
    assert plan.standby["enterprise_id"].tolist() == ["trucks", "bikes"]
    assert plan.standby["stands_in_for"].tolist() == [("cars",), ("cars",)]
    assert plan.standby["place"].tolist() == [1, 2]
    assert plan.standby.loc[0, ["role", "value", "why"]].tolist() == ["customer", 0.6, "trucks for robots"]


def test_a_stand_in_may_not_break_a_wish():
    options = {"capacity": 3, "required": ["robots", "gears"]}
    assert plan_salon(SALON, **options, excluded=["trucks"]).standby["enterprise_id"].tolist() == ["bikes"]
    apart = plan_salon(SALON, **options, pairs_apart=[("trucks", "gears")]).standby
    assert apart["enterprise_id"].tolist() == ["bikes"]
    only = plan_salon(SALON, **options, focus=["robots", "cars", "trucks"], focus_share=0.6).standby
    assert only["enterprise_id"].tolist() == ["trucks"]
    assert len(plan_salon(SALON, **options, standby=1).standby) == 1


@pytest.mark.parametrize("share", [0.5, 0.75])
def test_the_share_of_those_it_is_about_holds_and_shortens_the_list(share):
    focus = ["robots", "cars"]
    guests = plan_salon(SALON, capacity=6, focus=focus, focus_share=share).guests["enterprise_id"]
    assert guests.isin(focus).mean() >= share
    assert len(guests) == {0.5: 4, 0.75: 2}[share]
    assert len(plan_salon(SALON, capacity=6).guests) == 7 - 1


def test_a_focus_share_that_cannot_be_reached_is_an_error():
    with pytest.raises(ValueError, match="give up at least one of them") as caught:
        plan_salon(
            SALON, capacity=4, required=["gears", "bikes", "lender"], focus=["robots"], focus_share=0.5
        )
    assert "at least 50% of the guests must be of the 1 in focus who could come (focus_share)" in str(
        caught.value
    )


def test_any_of_several_comes():
    options = {"capacity": 2, "required": ["robots"]}
    guests = plan_salon(SALON, **options, any_of=[["lender", "trucks"]]).guests["enterprise_id"]
    assert set(guests) == {"robots", "trucks"}
    with pytest.raises(ValueError, match=r"one of 'bikes' must come \(any_of\)"):
        plan_salon(SALON, **options, any_of=[["bikes"]], excluded=["bikes"])


def test_a_meeting_below_the_least_value_is_none():
    plan = plan_salon(SALON, capacity=6, least=0.45)
    assert plan.introductions["score"].min() == 0.5
    assert not {"lender", "bikes"} & set(plan.guests["enterprise_id"])
    both = introductions(
        ("a", "b", "customer", 0.3), ("b", "a", "supplier", 0.3), ("a", "c", "customer", 0.4)
    )
    assert set(plan_salon(both, capacity=3, least=0.5).guests["enterprise_id"]) == {"a", "b"}


def test_unknown_names_are_listed_with_the_nearest_name():
    with pytest.raises(ValueError, match="cannot plan the salon") as caught:
        plan_salon(
            SALON, capacity=3, focus=["robot"], any_of=[[" cars "]],
            pairs_apart=[("bank", "lendr")],
        )  # fmt: skip
    error_text = str(caught.value)
    assert "focus: 'robot' is no candidate; nearest: 'robots'" in error_text
    assert "any_of: ' cars ' is no candidate; nearest: 'cars'" in error_text
    assert "pairs_apart: 'lendr' is no candidate; nearest: 'lender'" in error_text


def test_nobody_stands_in_where_none_is_asked_for():
    plan = plan_salon(SALON, capacity=3, standby=0)
    other = plan_salon(SALON, capacity=3)
    assert plan.standby.columns.tolist() == other.standby.columns.tolist()
    assert (len(plan.standby), len(other.standby) > 0) == (0, True)
