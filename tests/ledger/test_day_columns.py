from liaison_analysis.ledger.day_columns import read_days
from liaison_analysis.ledger.days import range_in


def test_years_come_from_neighbours_across_the_turn_of_the_year():
    found = read_days(["2021-11-30", "12.15", "12.28", "1.3", "2022-01-09"])
    assert found.days == ["2021-11-30", "2021-12-15", "2021-12-28", "2022-01-03", "2022-01-09"]


def test_a_settlement_without_a_year_follows_the_day_of_its_row():
    found = read_days(["1.10", "12.30"], beside=["2021-12-20", "2021-12-20"])
    assert found.days == ["2022-01-10", "2021-12-30"]


def test_the_callers_year_comes_first_and_two_years_of_a_title_decide_nothing():
    assert read_days(["6.15"], year=2020, hints=[{2021}]).days == ["2020-06-15"]
    assert read_days(["6.15"], hints=[{2021, 2022}]).open == {0: "year"}


def test_a_title_that_runs_over_two_years_gives_each_month_its_own():
    span = range_in("2021年12月-2022年1月企业诉求台账")
    found = read_days(["12.20", "1.4", "6.1"], hints=[{2021, 2022}] * 3, span=span)
    assert found.days == ["2021-12-20", "2022-01-04", ""]
    assert found.open == {2: "year"}


def test_one_day_behind_the_twelfth_orders_all_of_its_column():
    assert read_days(["10.03.2024", "21.03.2024"]).days == ["2024-03-10", "2024-03-21"]
    assert read_days(["03/10/2024", "03/21/2024"]).days == ["2024-03-10", "2024-03-21"]
    assert read_days(["10/03/2024", "11/03/2024"]).open == {0: "order", 1: "order"}
    both = read_days(["13/03/2024", "03/14/2024", "10/03/2024"])
    assert (both.days, both.open) == (["2024-03-13", "2024-03-14", ""], {2: "order"})


def test_a_column_of_few_days_counts_years_as_the_others_of_its_table_do():
    assert read_days(["113年4月5日"], republic=True).days == ["2024-04-05"]
    assert read_days(["113年4月5日"]).days == [""]
