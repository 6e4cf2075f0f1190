"""Checks of arguments: what counts as texts, as missing and as a whole number."""

import numpy as np
import pandas as pd
import pytest

from liaison_analysis._checks import as_texts, is_missing, is_whole, refuse_one_text


def test_texts_come_in_their_order_and_missing_ones_as_empty():
    assert as_texts(pd.Series(["停车难", None, pd.NA, np.nan, pd.NaT, 3.5], dtype="object")) == [
        *("停车难", "", "", "", "", "3.5")
    ]


def test_one_text_is_refused_by_the_word_for_what_it_should_be():
    with pytest.raises(ValueError, match=r"expected a list of names, got one text '鑫源'; write \[name\]"):
        as_texts("鑫源", what="name")
    with pytest.raises(ValueError, match="list of texts"):
        refuse_one_text("")
    refuse_one_text(["停车难"])


@pytest.mark.parametrize("value", [None, np.nan, np.float32("nan"), pd.NA, pd.NaT, np.datetime64("NaT")])
def test_every_kind_of_missing_value_is_missing(value):
    assert is_missing(value) is True


@pytest.mark.parametrize("value", ["", "nan", 0, False, np.zeros(1, bool)[0], np.int64(0), pd.Timestamp(0)])
def test_empty_and_zero_are_not_missing(value):
    assert is_missing(value) is False


@pytest.mark.parametrize(
    ("value", "least", "whole"),
    [
        *((1, 1, True), (0, 1, False), (-3, None, True), (np.int8(2), 2, True), (np.uint64(1), 2, False)),
        *(
            (True, 0, False),
            (np.ones(1, bool)[0], 0, False),
            (2.0, 1, False),
            ("2", 1, False),
            (None, 0, False),
        ),
    ],
)
def test_is_whole_accepts_whole_numbers_only(value, least, whole):
    assert is_whole(value, least) is whole
