import pytest

from liaison_analysis.ledger.days import Reading, range_in, read_day, read_days, years_in


@pytest.mark.parametrize(
    "written",
    ["2022-3-5", "2022/03/05", "2022.3.5", "2022年3月5日", "20220305", "44625", "22.3.5",
     "2022-03-05 10:42:27",
     "2022年3月5日（周六）", "2022年3月5号上午", "二〇二二年三月五日", "5-Mar-2022", "Mar 5, 2022",
     "2022-03-05T08:00:00Z",
     "２０２２．３．５", "2022/3/5 10:42", "2022、3、5"],
)  # fmt: skip
def test_every_common_form_is_the_same_day(written):
    found = read_day(written)
    assert (found.year, found.month, found.day, found.open) == (2022, 3, 5, "")


@pytest.mark.parametrize(
    ("written", "open_"),
    [("6.15", "year"), ("6月15日", "year"), ("十二月三十一日", "year"), ("15日", "month"), ("2022.6",
     "part"), ("2022", "part"),
     ("202206", "part"), ("3/5/2022", "order"), ("13/5/2022", ""), ("6.31", "unread"), ("2022-02-30",
     "unread"),
     ("20222-03-05", "unread"), ("三月初", "part"), ("6.152", "unread"), ("120", "unread"), ("", "unread")],
)  # fmt: skip
def test_a_reading_states_its_missing_part(written, open_):
    assert read_day(written).open == open_


def test_numbers_are_never_serial_days_of_1900_or_1905():
    for written in ("6.15", "2022.6", "2022", "2022.06", "615", "1.5"):
        assert read_day(written, number=True).year is None


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


@pytest.mark.parametrize("written", ["2022，6，15", "2022 6 15", "'2022-6-15", "2022、6、15", "2022.6.15."])
def test_any_mark_between_year_month_and_day(written):
    assert read_day(written) == Reading(2022, 6, 15)


@pytest.mark.parametrize(
    ("written", "open_"),
    [
        ("2022-6-15至2022-6-17", ""),
        ("2022-06-15~2022-06-20", ""),
        ("2022.06.15-06.17", ""),
        ("6/15-6/20", "year"),
    ],
)
def test_of_a_span_the_first_day_is_read(written, open_):
    found = read_day(written)
    assert (found.month, found.day, found.open, found.span) == (6, 15, open_, True)


@pytest.mark.parametrize("written", ["2022年6月十五", "2022。6。15", "2022/06/15(三)", "二0二二年六月十五日"])
def test_days_in_odd_dress(written):
    assert read_day(written) == Reading(2022, 6, 15)


@pytest.mark.parametrize(
    "written",
    [
        "2022年6月15日前",
        "6.15、6.20",
        "约2022年6月15日",
        "2022年底",
        "615",
        "111年6月15日",
        "六月中旬",
        "本周三",
    ],
)
def test_what_is_no_one_day_stays_open(written):
    assert read_day(written).open in {"unread", "part"}


def test_one_day_behind_the_twelfth_orders_all_of_its_column():
    assert read_days(["10.03.2024", "21.03.2024"]).days == ["2024-03-10", "2024-03-21"]
    assert read_days(["03/10/2024", "03/21/2024"]).days == ["2024-03-10", "2024-03-21"]
    assert read_days(["10/03/2024", "11/03/2024"]).open == {0: "order", 1: "order"}
    both = read_days(["13/03/2024", "03/14/2024", "10/03/2024"])
    assert (both.days, both.open) == (["2024-03-13", "2024-03-14", ""], {2: "order"})


def test_years_in_chinese_digits_are_years():
    assert years_in("二〇二四年走访台账") == {2024}
    assert years_in("二○二三年") | years_in("一九九九年") == {1999, 2023}
    assert years_in("三十二年") == set()
