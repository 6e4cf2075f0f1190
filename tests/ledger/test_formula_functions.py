"""What functions of spreadsheets give for known values."""

import datetime as dt

import pytest

from liaison_analysis.ledger.formula_functions import FUNCTIONS
from liaison_analysis.ledger.formula_values import CellError, Converter, Range, UncomputedError

DAY = dt.datetime(2022, 1, 31)  # noqa: DTZ001 - a spreadsheet's days have no time zone
TABLE = Range([["甲", 1.0], ["乙", 2.0], [None, 3.0]])


@pytest.mark.parametrize(
    ("name", "arguments", "value"),
    [
        ("EDATE", (DAY, 1.0), dt.datetime(2022, 2, 28)),  # noqa: DTZ001
        ("DATE", (2022.0, 13.0, 1.0), dt.datetime(2023, 1, 1)),  # noqa: DTZ001
        ("TEXT", (DAY, "yyyy年m月d日"), "2022年1月31日"),
        ("TEXT", (0.256, "0.0%"), "25.6%"),
        ("TEXT", (7.0, '"NO."000'), "NO.007"),
        ("COUNTIF", (Range([[1.0], ["2"], [None], [3.0]]), ">=2"), 2.0),
        ("COUNTA", (TABLE,), 5.0),
        ("SUBTOTAL", (109.0, TABLE), 6.0),
        ("SUM", (Range([["4", True, 2.0]]),), 2.0),
        ("RIGHT", ("甲公司", 0.0), ""),
        ("MID", ("甲公司", 2.0, 1.0), "公"),
        ("VLOOKUP", ("乙", TABLE, 2.0, False), 2.0),
        ("XLOOKUP", ("丙", Range([["甲"], ["乙"]]), Range([[1.0], [2.0]]), "无"), "无"),
    ],
)
def test_functions_give_what_excel_gives(name, arguments, value):
    assert FUNCTIONS[name](Converter(), *arguments) == value


def test_a_value_that_is_not_in_the_table_is_an_error_of_the_cell():
    assert isinstance(FUNCTIONS["VLOOKUP"](Converter(), "丙", TABLE, 2.0, False), CellError)  # noqa: FBT003 - as in Excel


@pytest.mark.parametrize(
    ("name", "arguments"),
    [
        ("VLOOKUP", ("乙", TABLE, 2.0)),  # the nearest one, in a list that may not be sorted
        ("COUNTIF", (TABLE, "甲*")),
        ("TEXT", (DAY, "yyyy-mm-dd hh:mm")),
    ],
)
def test_what_needs_more_than_these_values_is_not_computed(name, arguments):
    with pytest.raises(UncomputedError):
        FUNCTIONS[name](Converter(), *arguments)
