import pytest

from liaison_analysis.ledger.days import Reading, of_republic, read_day, years_in


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


def test_years_in_chinese_digits_are_years():
    assert years_in("二〇二四年走访台账") == {2024}
    assert years_in("二○二三年") | years_in("一九九九年") == {1999, 2023}
    assert years_in("三十二年") == set()


def test_years_of_taiwan_are_read_where_the_cell_or_the_whole_column_says_so():
    assert (read_day("民國113年2月29日").year, read_day("中華民國98/5/6").year) == (2024, 2009)
    assert read_day("民國112年2月29日").open == "unread"
    assert of_republic(["113.01.05", "113/2/6", "113年3月7日"])
    assert not of_republic(["113.01.05", "113/2/6"])
    assert not of_republic(["113.01.05", "113/2/6", "2024-03-07"])
