"""Days of a table: their years by hints, and what is asked or left out."""

import pytest
from helpers.ledger_blocks import HEAD, asked, cells, decided, gathered, left

from liaison_analysis.ledger.block_days import NO_YEAR
from liaison_analysis.ledger.sheets import Marks

OWN = ["编号", "企业编号", "提出日期", "诉求内容", "办理状态"]


def row(n, day=None, state="已办结", text="停车难"):
    # Equal rows would be the same demand.
    return [str(n), "甲公司", f"2022-03-{4 + n:02}" if day is None else day, text, "建设部", state]


def own(*rows):
    lines = [[f"D{i}", "E1", day, "停车难", state] for i, (day, state) in enumerate(rows, 1)]
    return gathered(OWN, *lines, name="企业诉求")


def test_a_day_without_a_year_takes_it_from_section_title_sheet_file_or_source_in_this_order():
    lines = [HEAD, row(1, "3月5日")]
    titled = [["2019年台账"], *lines]
    sources = [
        ({"year": 2015}, titled, 2015),
        ({"name": "2018年", "file": "2017年.xlsx", "source": "2016年"}, titled, 2019),
        ({"name": "2018年", "file": "2017年.xlsx", "source": "2016年"}, lines, 2018),
        ({"file": "2017年.xlsx", "source": "2016年"}, lines, 2017),
        ({"source": "2016年"}, lines, 2016),
    ]
    for options, rows, year in sources:
        assert cells(gathered(*rows, **options), "raised_on") == [[f"{year}-03-05"]], options


def test_without_any_hint_a_day_without_a_year_is_a_problem_and_not_a_question():
    found = gathered(HEAD, row(1, "3月5日"), row(2, "4月6日"))
    assert [(one["row"], one["value"], one["reason"]) for one in found.problems] == [
        (2, "3月5日", NO_YEAR),
        (3, "4月6日", NO_YEAR),
    ]
    assert asked(found) == []
    assert cells(found, "raised_on") == [[""], [""]]


def test_a_day_without_a_month_takes_that_of_its_sheet():
    assert cells(gathered(HEAD, row(1, "5日"), name="2022年6月"), "raised_on") == [["2022-06-05"]]


def test_of_a_span_the_first_day_is_read_and_the_cell_is_kept():
    found = gathered(HEAD, row(1, "3月5日至3月8日"), source="2022年")
    assert cells(found, "raised_on") == [["2022-03-05"]]
    assert left(found) == [(2, "raised_on", "3月5日至3月8日", "span of days; its first day is read")]


@pytest.mark.parametrize(
    ("day", "status", "why"),
    [
        ("未知", "unread", "not a date between 1900 and 2100"),
        ("2022年3月", "unread", "month or year without a day"),
        ("03/05/2022", "unread", "day and month may be exchanged"),
        ("5日", "unread", "day without a month"),
        ("6月上旬", "unread", "month or year without a day"),
        ("2022年二季度", "unread", "month or year without a day"),
    ],
)
def test_a_demand_whose_day_cannot_be_read_is_asked_about_and_kept_with_what_was_written(day, status, why):
    found = gathered(HEAD, row(1, day), row(2))
    assert cells(found, "序号", "raised_on", "原走访时间") == [["1", "", day], ["2", "2022-03-06", ""]]
    assert asked(found) == [(2, "raised_on", day, status)]
    assert found.review[0]["why"].startswith(why)
    assert left(found) == []


def test_another_day_that_cannot_be_read_leaves_its_row():
    found = gathered([*HEAD, "办结时间"], [*row(1), "月底"])
    assert cells(found, "settled_on", "text") == [["", "停车难"]]
    assert asked(found) == [(2, "settled_on", "月底", "unread")]


def test_a_later_day_takes_its_year_from_the_day_beside_it():
    found = gathered([*HEAD, "办结时间"], [*row(1, "2021-12-20"), "1月5日"])
    assert cells(found, "settled_on") == [["2022-01-05"]]
    assert decided(found, "year") == [("settled_on", "2022", "row", 1)]


def test_in_the_ledgers_own_column_what_is_no_day_is_a_problem_of_its_cell():
    found = own(("2022-03-05", ""), ("月底", ""), ("#REF!", ""))
    assert [(one["row"], one["column"], one["value"]) for one in found.problems] == [(3, "raised_on", "月底")]
    assert cells(found, "raised_on") == [
        ["2022-03-05"],
        [""],
        ["#REF!"],
    ]  # the checks name the formula's error
    assert (asked(found), left(found)) == ([], [])


def test_a_number_that_lost_its_zero_is_asked_but_a_text_is_not():
    marks = Marks(numbers=frozenset({(1, 2)}))
    number = gathered(HEAD, row(1, "6.1"), row(2, "2022-01-01"), year=2022, marks=marks)
    assert asked(number) == [(2, "raised_on", "6.1", "unread")]
    text = gathered(HEAD, row(1, "6.1"), row(2, "2022-01-01"), year=2022)
    assert cells(text, "raised_on") == [["2022-06-01"], ["2022-01-01"]]


def test_days_that_a_merged_cell_spreads_are_remembered():
    found = gathered(
        [*HEAD, "办结时间"],
        [*row(1), "2022-04-01"],
        row(2),
        marks=Marks(merged=((1, 6, 2, 6),)),
    )
    assert cells(found, "settled_on") == [["2022-04-01"], ["2022-04-01"]]
    assert found.merged_days == {("台账", 3, "settled_on")}


def test_the_day_on_which_a_table_was_filled_in_may_stand_below_it():
    found = gathered(
        HEAD, row(1, day="6月3日"), row(2, day="12月30日"), ["审核：苏某", "", "", "填报日期：2024年6月12日"]
    )
    assert cells(found, "raised_on") == [["2024-06-03"], ["2023-12-30"]]


def test_a_sheet_named_by_year_and_month_tells_the_year_of_days():
    found = gathered(HEAD, row(1, day="5日"), name="23.11")
    assert cells(found, "raised_on") == [["2023-11-05"]]
