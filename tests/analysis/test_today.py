from dataclasses import replace

import pandas as pd
from helpers.listed_demands import GIVEN, ledger

from liaison_analysis import Analysis


def test_demands_without_a_department_wait_and_one_is_suggested_for_them():
    owners = [None, None, *["甲部"] * 6]
    today = Analysis(replace(GIVEN, demands=GIVEN.demands.assign(owner=owners))).today
    waiting = today.table[today.table["action"].eq("route")]
    assert waiting["demand_id"].tolist() == ["D0", "D1"]
    assert waiting["suggested"].tolist() == ["甲部", "甲部"]
    assert set(today.suggestions["demand_id"]) == {"D0", "D1"}


def test_a_collected_demand_that_names_a_department_is_to_be_handed_over_to_it():
    demands = GIVEN.demands.assign(owner=["乙部", None, *["甲部"] * 6])
    today = Analysis(replace(GIVEN, demands=demands)).today
    action = today.table.set_index("demand_id")["action"]
    assert (action["D0"], action["D1"]) == ("hand over", "route")
    assert today.table.set_index("demand_id").loc["D0", "owner"] == "乙部"
    assert set(today.suggestions["demand_id"]) == {"D1"}
    assert "1条诉求已明确责任部门、尚未交办。" in today.text.zh


def test_calls_are_those_of_the_follow_up_with_both_officers():
    table = Analysis(GIVEN).today.table
    calls = table[table["action"].eq("call back")]
    assert dict(zip(calls["demand_id"], calls["reason"], strict=True)) == {
        "D5": "dissatisfied",
        "D4": "not fed back",
    }
    assert set(calls["officer_id"]) == {"G1、G2"}


def test_nothing_settled_means_no_chances_and_no_warning_of_a_breach():
    unsettled = ledger(("2022-01-01", None, None, None, "collected", True, None))
    unsettled = replace(unsettled, demands=unsettled.demands.assign(owner=pd.Series([pd.NA], dtype="str")))
    today = Analysis(unsettled).today
    assert today.chances.empty
    assert today.table["action"].tolist() == ["route"]
    assert today.precedents.empty
    assert today.priorities.empty
    assert today.text.zh == "1条诉求未明确责任部门，其中0条已有建议。"


def test_a_ledger_without_departments_suggests_none():
    demands = GIVEN.demands.assign(owner=pd.Series(pd.NA, index=GIVEN.demands.index, dtype="str"))
    today = Analysis(replace(GIVEN, demands=demands)).today
    assert today.suggestions.empty
    assert today.table["action"].eq("route").sum() == 5
    assert "one is suggested for 0 of them" in today.text.en


def test_single_demands_are_not_listed_where_groups_are_protected():
    today = Analysis(GIVEN, min_group=2).today
    for name in ("table", "suggestions", "precedents", "chances", "limits", "call_backs", "cases", "stories"):
        assert getattr(today, name).empty, name
    assert "demand" in today.text.en
    assert not any(character.isdigit() for character in today.text.en)
