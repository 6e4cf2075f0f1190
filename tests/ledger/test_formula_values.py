"""Values as Excel computes with them."""

import datetime as dt

import pytest

from liaison_analysis.ledger.formula_values import CellError, Converter, compared, is_day_text, text_of

DAY = dt.datetime(2022, 3, 5)  # noqa: DTZ001 - a spreadsheet's days have no time zone


@pytest.mark.parametrize(
    ("value", "number"), [(None, 0.0), (True, 1.0), ("12.5", 12.5), (DAY, 44625.0), ("2022年3月5日", 44625.0)]
)
def test_values_count_as_numbers_as_in_excel(value, number):
    assert Converter().number(value) == number


def test_days_of_an_old_mac_are_1462_fewer():
    assert Converter(mac=True).number(DAY) == 44625 - 1462
    assert Converter(mac=True).day(44625.0 - 1462) == DAY


@pytest.mark.parametrize("value", ["2022-02-30", "停车难", -1.0, 2_958_466.0])
def test_what_is_no_day_is_an_error_of_the_cell(value):
    with pytest.raises(CellError):
        Converter().day(value)


def test_texts_are_compared_whatever_their_case_and_never_equal_a_number():
    assert compared("=", "abc", "ABC", Converter())
    assert compared("=", None, "", Converter())
    assert not compared("=", "1", 1.0, Converter())
    assert compared("<=", 1.0, DAY, Converter())


def test_a_day_joined_to_a_text_is_its_serial_number():
    assert (text_of(DAY), text_of(True), text_of(None)) == ("44625", "TRUE", "")  # noqa: FBT003 - a cell's value
    assert is_day_text("2022-3-5")
    assert not is_day_text("12.5")
