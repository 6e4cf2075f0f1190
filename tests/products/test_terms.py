"""One spelling for a term."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from liaison_analysis.products.terms import fold_term, without_trade_words


@pytest.mark.parametrize(
    "written", ["RV减速器", "ＲＶ减速器", "rv减速器", "RV 减速器", "RV－减速器", "rv-减速器"]
)
def test_spellings_of_one_term_are_one(written):
    assert fold_term(written) == "rv减速器"


@given(st.text())
def test_folding_twice_changes_nothing_more(text):
    assert fold_term(fold_term(text)) == fold_term(text)


def test_trade_words_go_one_after_the_other_and_never_the_whole_term():
    assert without_trade_words("中国锂电池制造业")[-1] == "锂电池"
    assert without_trade_words("制造") == []
