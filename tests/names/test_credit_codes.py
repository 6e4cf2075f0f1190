from __future__ import annotations

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from liaison_analysis.names.credit_codes import (
    ALPHABET,
    check_codes,
    check_digit,
    credit_code_notes,
    is_valid,
    likely_slips,
    one_slip_apart,
    plain_code,
)

CODE = "91350100M000100Y43"  # the example of GB 32100-2015


@given(st.text(alphabet=ALPHABET, min_size=17, max_size=17), st.integers(0, 17), st.sampled_from(ALPHABET))
def test_every_single_error_in_a_code_is_caught(first, at, other):
    code = first + check_digit(first)
    wrong = code[:at] + other + code[at + 1 :]
    assert is_valid(code)
    assert is_valid(wrong) == (wrong == code)


def test_slips_in_codes():
    assert likely_slips(CODE.replace("M", "N")) == [CODE]
    assert CODE in likely_slips(CODE[:3] + CODE[4] + CODE[3] + CODE[5:])
    assert likely_slips("9135") == []
    assert one_slip_apart("12", "21")
    assert not one_slip_apart("12", "12")
    assert not one_slip_apart("12", "123")
    assert plain_code("９１３５ 0100") == "91350100"
    checked = check_codes([CODE, None, CODE.replace("M", "O")])
    assert checked["row"].tolist() == [2]
    assert "a code cannot contain O" in checked["problem"].iloc[0]
    with pytest.raises(ValueError, match="expected 17 characters"):
        check_digit("91")


def test_codes_of_synthetic_rows_and_masked_ones_are_not_noted():
    wrong = CODE[:-1] + "4"
    roster = pd.DataFrame(
        {
            "enterprise_id": [f"E{i}" for i in range(8)],
            "uscc": [CODE, wrong, "[身份证号 1]", None, *["9135"] * 4],
            "is_synthetic": [False, True, False, False, None, False, False, False],
        }
    )
    [note] = credit_code_notes(roster)
    assert note.startswith("codes that do not fit GB 32100-2015: E4 '9135'; E5 '9135'; E6 '9135' and 1 more")
    assert credit_code_notes(roster.iloc[:4]) == []
