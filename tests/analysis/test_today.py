from dataclasses import replace

import pandas as pd
from helpers.listed_demands import GIVEN, ledger

from liaison_analysis import Analysis


def test_demands_without_a_department_at_work_wait_and_one_is_suggested_for_them():
    today = Analysis(GIVEN).today
    waiting = today.table[today.table["action"].eq("route")]
    assert waiting["demand_id"].tolist() == ["D0", "D1"]
    assert waiting["suggested"].tolist() == ["甲部", "甲部"]
    assert set(today.suggestions["demand_id"]) == {"D0", "D1"}


def test_the_department_that_a_waiting_demand_names_is_not_learnt_from():
    demands = GIVEN.demands.assign(owner=["乙部", "乙部", *["甲部"] * 6])
    first = Analysis(replace(GIVEN, demands=demands)).today.suggestions.query("rank == 1")
    assert first["owner"].tolist() == ["甲部", "甲部"]


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
    today = Analysis(unsettled).today
    assert today.chances.empty
    assert today.table["action"].tolist() == ["route"]
    assert today.precedents.empty
    assert today.priorities.empty
    assert today.text.zh == "1条诉求待交办，其中1条已有建议的责任部门。"


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
