from dataclasses import replace

import pandas as pd
from helpers.listed_demands import GIVEN
from helpers.listed_demands import ledger as listed

from liaison_analysis import Analysis
from liaison_analysis.followup import settlement
from liaison_analysis.ledger import typed


def changed(**columns):
    return replace(GIVEN, demands=typed("demands", GIVEN.demands.assign(**columns)))


def test_rates_are_those_of_settlement_on_the_same_day():
    analysis = Analysis(GIVEN)
    expected = settlement(GIVEN, on=analysis.day)
    assert analysis.follow_up.table.equals(expected)


def test_rates_by_department_are_of_the_demands_in_remit():
    by_owner = Analysis(GIVEN).follow_up.by_owner
    assert by_owner[["owner", "numerator", "denominator"]].to_numpy().tolist() == [["甲部", 3, 6]]


def test_the_limit_is_the_one_of_the_analysis():
    short, long = (Analysis(GIVEN, within=within).follow_up for within in (1, 10_000))
    assert len(short.late) > len(long.late) == 0
    assert "over 1 days" in short.text.en


def test_single_demands_are_not_listed_where_groups_are_protected():
    follow_up = Analysis(GIVEN, min_group=2).follow_up
    for name in ("late", "again", "tasks", "dispatch", "curves"):
        assert getattr(follow_up, name).empty, name
    assert "over" not in follow_up.text.en


def test_without_themes_there_is_no_rate_by_theme():
    by_theme = Analysis(GIVEN).follow_up.by_theme
    assert by_theme.empty
    assert by_theme.columns[0] == "theme"


def test_without_a_remit_every_rate_is_of_all_demands():
    follow_up = Analysis(changed(in_remit=pd.NA)).follow_up
    assert follow_up.measure == "settled"
    assert follow_up.by_owner[["numerator", "denominator"]].to_numpy().tolist() == [[3, 8]]
    assert follow_up.times_by_remit.empty
    assert "remit" not in follow_up.text.en
    assert "职责" not in follow_up.text.zh
    assert Analysis(GIVEN).follow_up.measure == "settled_in_remit"


def test_without_a_day_of_settlement_there_is_one_rate_and_no_duration():
    analysis = Analysis(changed(settled_on=pd.NaT, fed_back_on=pd.NaT))
    follow_up = analysis.follow_up
    assert not follow_up.dated
    assert "台账没有办结日期" in follow_up.text.zh
    assert "中位数" not in follow_up.text.zh
    rates = follow_up.table[follow_up.table["scope"].eq("all")].set_index("measure")
    steps = follow_up.steps.set_index("step")
    assert rates.loc["settled", "numerator"] == steps.loc["settled", "numerator"] == 3
    assert analysis.overview.months.columns.tolist() == ["month", "raised"]
    assert analysis.overview.towns["settled"].sum() == 3


def test_without_a_day_of_assignment_that_step_is_left_out():
    steps = Analysis(changed(assigned_on=pd.NaT)).follow_up.steps["step"].tolist()
    assert steps == ["collected", "solving", "settled", "fed back"]
    assert "assigned" in Analysis(GIVEN).follow_up.steps["step"].tolist()


def test_open_demands_without_the_day_they_were_raised_are_said_and_in_no_month():
    given = [
        ("2022-01-05", None, "2022-02-01", None, "settled", True, None),
        (None, None, None, None, "solving", True, None),
    ]
    text = Analysis(listed(*given)).follow_up.text.zh
    assert text.endswith("2022年2月末未办结0条，上月末1条。没有提出日期的未办结诉求1条。超过30天的有0条。")
    undated = [(None, None, None, None, state, True, None) for state in ("solving", "settled", "collected")]
    text = Analysis(listed(*undated)).follow_up.text.zh
    assert text.endswith("没有提出日期的未办结诉求2条。")
    assert "未办结0条" not in text
