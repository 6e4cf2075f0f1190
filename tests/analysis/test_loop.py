from helpers.listed_demands import GIVEN

from liaison_analysis import Analysis
from liaison_analysis.followup import settlement


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
