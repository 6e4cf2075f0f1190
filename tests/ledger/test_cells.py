import datetime as dt
import string

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from liaison_analysis.ledger.cells import cell_text, one_line, safe_cell, unsafe_cell

NOON = dt.datetime(2022, 3, 5, 12, 30)  # noqa: DTZ001 - Excel knows no time zones


@pytest.mark.parametrize(
    ("cell", "text"),
    [
        (None, ""),
        (pd.NA, ""),
        (pd.NaT, ""),
        (float("nan"), ""),
        (np.float64("nan"), ""),
        (True, "true"),
        (7, "7"),
        (7.0, "7"),
        (-0.5, "-0.5"),
        (999999999999999.0, "999999999999999"),
        (1e15, "1e+15"),
        (1234567890123456.0, "1.23456789012346e+15"),
        (500109202203045678, "500109202203045678"),
        (1e-7, "1e-07"),
        (NOON, "2022-03-05 12:30:00"),
        (NOON.date(), "2022-03-05"),
        (pd.Timestamp("2022-03-05", tz="Asia/Shanghai"), "2022-03-05"),
        (dt.time(3, 4), "03:04:00"),
        ("\u3000 a\xa0b \n", "a\xa0b"),
        ("a\r\nb\rc\nd", "a\nb\nc\nd"),
        ("\x00\x07a\x1f\ufffe\ud800", "a"),
        ("\x07 ", ""),
    ],
)
def test_cell_text(cell, text):
    assert cell_text(cell) == text


@given(st.text())
def test_the_normal_form_of_a_text_is_stable(text):
    once = cell_text(text)
    assert cell_text(once) == once
    assert once == once.strip()
    assert "\r" not in once
    assert not set(once) & set(map(chr, [*range(9), 11, 12, *range(14, 32), 127]))
    assert one_line(one_line(text)) == one_line(text)
    assert "\n" not in one_line(text)


@given(st.text(alphabet="'=+-@＝＋－＠\t\r\n" + string.ascii_letters + "华数 1"))
def test_what_was_escaped_is_read_as_it_was_and_runs_nowhere(text):
    assert unsafe_cell(safe_cell(text)) == text
    assert not safe_cell(text).startswith(tuple("=+-@＝＋－＠\t\r\n"))


@given(st.text())
def test_any_text_comes_back(text):
    assert unsafe_cell(safe_cell(text)) == text


@pytest.mark.parametrize("text", ["", "数控机床", "1-2 人", "'90年代", "a=b", "3+1"])
def test_harmless_text_is_left_alone(text):
    assert safe_cell(text) == text


@pytest.mark.parametrize(
    "text", ["=1", "+86 23", "-5%", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "＝1", "'=1", "''=1"]
)
def test_text_that_would_run_gets_a_mark(text):
    assert safe_cell(text) == "'" + text
