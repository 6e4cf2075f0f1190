import pytest
from hypothesis import given
from hypothesis import strategies as st

from liaison_analysis.text.chinese_numbers import chinese_number, read_number


@given(st.integers(1, 999))
def test_chinese_numbers_are_read_back(n):
    assert read_number(chinese_number(n)) == n


def test_numbers_out_of_range_are_refused():
    with pytest.raises(ValueError, match="from 1 to 999, got 0"):
        chinese_number(0)


@pytest.mark.parametrize("written", ["", "甲", "十二条", "-1"])
def test_what_is_no_number_is_refused(written):
    with pytest.raises(ValueError, match="expected a whole number"):
        read_number(written)
