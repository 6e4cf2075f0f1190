import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from liaison_analysis.privacy import safe_cell, unsafe_cell


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
