import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import binomtest

from liaison_analysis.rates import wilson, with_rates


@given(st.integers(0, 400), st.integers(1, 400), st.sampled_from([0.8, 0.95, 0.99]))
def test_wilson_is_that_of_scipy(part, whole, confidence):
    part = min(part, whole)
    low, high = wilson(part, whole, confidence=confidence)
    expected = binomtest(part, whole).proportion_ci(confidence, method="wilson")
    assert low.item() == pytest.approx(expected.low, abs=1e-12)
    assert high.item() == pytest.approx(expected.high, abs=1e-12)


def test_stated_figures():
    frame = with_rates(pd.DataFrame({"numerator": [309, 198, 198], "denominator": [476, 309, 476]}))
    assert (100 * frame["rate"]).round(1).tolist() == [64.9, 64.1, 41.6]
    assert (100 * frame.loc[1, ["low", "high"]]).astype(float).round(1).tolist() == [58.6, 69.2]


def test_nothing_to_count_is_missing_and_few_are_flagged():
    frame = with_rates(pd.DataFrame({"numerator": [0, 9, 10], "denominator": [0, 9, 10]}))
    assert np.isnan(frame.loc[0, ["rate", "low", "high"]].to_numpy(float)).all()
    assert frame["few"].tolist() == [True, True, False]
    assert frame["high"].tolist()[1:] == [1.0, 1.0]
    assert with_rates(frame.iloc[:0][["numerator", "denominator"]]).empty
