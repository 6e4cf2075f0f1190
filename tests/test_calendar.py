import datetime as dt

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from liaison_analysis._calendar import as_day, day_numbers, due_days, elapsed_days

EPOCH = dt.date(1970, 1, 1)
DAYS = st.dates(dt.date(2010, 1, 1), dt.date(2024, 12, 31))


def numbers(*days):
    return np.array([(dt.date.fromisoformat(day) - EPOCH).days for day in days])


@pytest.mark.parametrize(
    ("start", "end", "expected"),
    [
        ("2022-09-30", "2022-10-08", 1),  # National Day: seven days off, the Saturday after it is worked
        ("2022-01-28", "2022-02-07", 3),  # Spring Festival: the weekend before it is worked
        ("2022-07-01", "2022-07-04", 1),  # Friday to Monday
        ("2022-07-02", "2022-07-03", 0),  # Saturday to Sunday
        ("2022-07-04", "2022-07-04", 0),
    ],
)
def test_working_days_know_holidays_and_the_weekends_worked_for_them(start, end, expected):
    assert np.diff(elapsed_days(numbers(start, end), "working")).item() == expected


@given(DAYS, DAYS)
def test_working_days_are_the_sum_of_single_days(start, end):
    from chinese_calendar import is_workday

    start, end = min(start, end), max(start, end)
    end = min(end, start + dt.timedelta(days=60))
    between = [start + dt.timedelta(days=i + 1) for i in range((end - start).days)]
    days = np.array([(start - EPOCH).days, (end - EPOCH).days])
    assert np.diff(elapsed_days(days, "working")).item() == sum(map(is_workday, between))


@given(DAYS, st.integers(0, 120), st.sampled_from(["calendar", "working"]))
def test_a_limit_is_the_first_day_on_which_so_many_have_passed(start, within, unit):
    day = np.array([(start - EPOCH).days])
    due = due_days(day, within, unit)
    passed = elapsed_days(due, unit) - elapsed_days(day, unit)
    assert passed.item() == within
    if within:
        assert (elapsed_days(due - 1, unit) - elapsed_days(day, unit)).item() == within - 1


def test_years_beyond_the_calendar_are_refused_with_a_message():
    with pytest.raises(ValueError, match=r"working days are known from 2004-01-01 to .*unit='calendar'"):
        elapsed_days(numbers("2022-01-01", "2093-01-01"), "working")
    last = elapsed_days(numbers("2022-01-01"), "working")
    assert last.shape == (1,)
    with pytest.raises(ValueError, match="9999 working days after 2022-01-01 are beyond"):
        due_days(numbers("2022-01-01"), 9999, "working")
    with pytest.raises(ValueError, match="'calendar' or 'working', got 'weeks'"):
        elapsed_days(numbers("2022-01-01"), "weeks")


def test_missing_days_differ_from_day_zero():
    days, missing = day_numbers(pd.Series(pd.to_datetime([None, "1970-01-02"])))
    assert days.tolist() == [0, 1]
    assert missing.tolist() == [True, False]
    assert [len(part) for part in day_numbers(pd.Series([], dtype="datetime64[s]"))] == [0, 0]


@pytest.mark.parametrize(
    "written",
    ["2022-06-30", "2022年6月30日", "2022/6/30", "2022.6.30", "２０２２年６月３０日", "20220630",
     "2022\udce5\udcb9\udcb46\udce6\udc9c\udc8830\udce6\udc97\udca5"],
)  # fmt: skip
def test_a_day_is_taken_as_cells_have_it(written):
    assert as_day(written) == pd.Timestamp("2022-06-30")


@pytest.mark.parametrize("written", ["6月30日", "6-30", "今天", ""])
def test_a_day_without_a_year_is_none(written):
    with pytest.raises(ValueError, match="on must be a date"):
        as_day(written)
