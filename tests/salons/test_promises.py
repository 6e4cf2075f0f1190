"""What may be promised is exact, not a share of what is booked."""

from itertools import product

import pandas as pd
import pytest
from scipy.stats import binom

from liaison_analysis.salons.promises import promise_table, safe_count, safe_promises


@pytest.mark.parametrize("rate", [0.05, 0.2, 0.5])
@pytest.mark.parametrize("booked", [1, 4, 9])
def test_equal_rates_are_the_binomial_quantile(rate, booked):
    at_least = [k for k in range(booked + 1) if binom.sf(k - 1, booked, 1 - rate) >= 0.9]
    assert safe_count([rate] * booked) == max(at_least)


def test_unequal_rates_are_counted_case_by_case():
    rates = [0.1, 0.5, 0.3, 0.0]
    held = dict.fromkeys(range(5), 0.0)
    for away in product([False, True], repeat=4):
        chance = 1.0
        for gone, rate in zip(away, rates, strict=True):
            chance *= rate if gone else 1 - rate
        held[4 - sum(away)] += chance
    for certainty in (0.5, 0.8, 0.95, 0.999):
        safe = max(k for k in held if sum(p for count, p in held.items() if count >= k) >= certainty - 1e-12)
        assert safe_count(rates, certainty) == safe


def test_a_promise_is_less_than_what_is_kept_on_average():
    # Six booked at a fifth away: 4.8 are held on average, but only four may be promised.
    assert safe_count([0.2] * 6) == 4
    assert safe_count([0.2] * 6, certainty=1.0) == 0
    assert safe_count([0.0] * 6, certainty=1.0) == 6
    assert safe_count([]) == 0


def test_the_table_falls_with_the_rate_and_grows_with_what_is_booked():
    table = promise_table(8)
    assert table["booked"].tolist() == list(range(1, 9))
    rates = table.drop(columns="booked")
    assert (rates.diff(axis=1).iloc[:, 1:] <= 0).all(axis=None)
    assert (rates.diff().iloc[1:] >= 0).all(axis=None)
    assert table.loc[7, 0.2] == 5


def test_a_guest_is_promised_by_whom_it_meets_not_by_itself():
    meetings = pd.DataFrame([("a", "b"), ("a", "c"), ("d", "c")], columns=["a", "b"])
    promised = safe_promises(meetings, {"c": 0.5}).set_index("enterprise_id")
    assert promised["promised"].to_dict() == {"a": 1, "b": 1, "c": 2, "d": 0}
    assert promised.loc["a", "expected"] == 1.5
    assert safe_promises(meetings, 0.05)["promised"].tolist() == [2, 2, 1, 1]


def test_impossible_rates_and_strangers_are_named():
    with pytest.raises(ValueError, match="probabilities from 0 to 1"):
        safe_count([1.5])
    with pytest.raises(ValueError, match="certainty above 0"):
        safe_count([0.5], 0.0)
    meetings = pd.DataFrame([("甲公司", "乙公司")], columns=["a", "b"])
    with pytest.raises(ValueError, match=r"' 甲公司 ' is no guest of the timetable; nearest: '甲公司'"):
        safe_promises(meetings, {" 甲公司 ": 0.1})
