import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats
from scipy.stats import binomtest

from liaison_analysis._stats import (
    kaplan_meier,
    log_rank,
    median_days,
    ridge_cox,
    settled_median,
    wilson,
    with_rates,
)

# Written by benchmarks/followup.py from what lifelines says about simulated data.
CASES = json.loads((Path(__file__).parent / "data" / "survival_lifelines.json").read_text(encoding="utf-8"))[
    "cases"
]

ROWS = st.lists(st.tuples(st.integers(0, 60), st.booleans()), min_size=2, max_size=40)


def counts(days, settled):
    settled = np.asarray(settled, dtype=int)
    return pd.DataFrame({"days": days, "settled": settled, "still_open": 1 - settled})


def groups(case):
    frame = counts(case["days"], case["settled"]).assign(group=case["group"])
    return {str(name): part.drop(columns="group") for name, part in frame.groupby("group")}


@pytest.mark.parametrize("case", CASES, ids=[case["name"] for case in CASES])
def test_as_lifelines(case):
    for name, part in groups(case).items():
        curve = kaplan_meier(part)
        theirs = np.array(case["curves"][name])
        assert curve["days"].tolist() == theirs[:, 0].tolist()
        np.testing.assert_allclose(curve[["open_share", "low", "high"]], theirs[:, 1:], rtol=0, atol=1e-9)
        ours = [None if np.isnan(value) else value for value in median_days(curve)]
        assert ours == case["medians"][name]
    np.testing.assert_allclose(log_rank(list(groups(case).values())), case["log_rank"], rtol=1e-9, atol=1e-9)


@given(ROWS)
def test_curve_as_scipy(rows):
    days, settled = zip(*rows, strict=True)
    sample = stats.CensoredData(uncensored=[d for d, s in rows if s], right=[d for d, s in rows if not s])
    theirs = stats.ecdf(sample).sf
    curve = kaplan_meier(counts(days, settled))
    np.testing.assert_allclose(curve["open_share"], theirs.evaluate(curve["days"]), atol=1e-12)
    assert curve["low"].le(curve["open_share"] + 1e-12).all()
    assert curve["high"].ge(curve["open_share"] - 1e-12).all()


@given(ROWS, ROWS)
def test_log_rank_as_scipy(one, other):
    samples = [
        stats.CensoredData(uncensored=[d for d, s in rows if s], right=[d for d, s in rows if not s])
        for rows in (one, other)
    ]
    statistic, p = log_rank([counts(*zip(*rows, strict=True)) for rows in (one, other)])
    if np.isnan(p):
        return  # nothing settled while both were at risk
    theirs = stats.logrank(*samples)
    assert statistic == pytest.approx(theirs.statistic**2, rel=1e-7, abs=1e-9)
    assert p == pytest.approx(theirs.pvalue, rel=1e-7, abs=1e-9)


def test_median_is_not_reached_where_most_are_open():
    curve = kaplan_meier(counts([5, 10, 10, 10], [1, 0, 0, 0]))
    assert np.isnan(median_days(curve)[0])
    assert np.isnan(median_days(kaplan_meier(counts([3, 4], [0, 0])))).all()


def test_all_settled_on_their_first_day():
    curve = kaplan_meier(counts([0, 0, 0], [1, 1, 1]))
    assert curve[["open_share", "low", "high"]].to_numpy().tolist() == [[0, 0, 0]]
    assert median_days(curve) == (0, 0, 0)


def test_nothing_at_all():
    empty = counts([], [])
    assert kaplan_meier(empty).empty
    assert np.isnan(median_days(kaplan_meier(empty))).all()
    assert np.isnan(settled_median(empty))
    assert np.isnan(log_rank([])).all()
    assert np.isnan(log_rank([empty, counts([3], [1])])).all()


def test_a_group_never_at_risk_does_not_count_as_a_degree_of_freedom():
    one, other = counts([1, 2, 3, 9], [1, 1, 1, 0]), counts([4, 5, 6, 9], [1, 1, 1, 0])
    gone = counts([0, 0], [0, 0])
    np.testing.assert_allclose(log_rank([one, other, gone]), log_rank([one, other]))


@given(st.lists(st.tuples(st.integers(0, 9), st.integers(1, 4)), min_size=1, max_size=8))
def test_closed_only_median_is_that_of_the_settled(rows):
    frame = pd.DataFrame({"days": [d for d, _ in rows], "settled": [n for _, n in rows], "still_open": 1})
    assert settled_median(frame) == np.median(np.repeat(frame["days"], frame["settled"]))


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


def test_a_cox_model_without_factors_is_the_kaplan_meier_curve():
    rng = np.random.default_rng(3)
    days, happened = rng.integers(0, 40, 200), rng.random(200) < 0.6
    model = ridge_cox(days, happened, np.zeros((200, 0), dtype=np.int64), [])
    curve = kaplan_meier(
        pd.DataFrame({"days": days, "settled": happened, "still_open": ~happened}).astype(int)
    )
    at = curve["days"].to_numpy()
    np.testing.assert_allclose(model.survival(at, np.zeros(len(at))), curve["open_share"], atol=1e-9)
    given = model.survival(at, np.zeros(len(at)), given=np.full(len(at), 10))
    late = at >= 10
    share = curve["open_share"].to_numpy()
    np.testing.assert_allclose(given[late], share[late] / share[at == 10], atol=1e-9)
    assert model.median(np.zeros(1), given=np.full(1, -1))[0] == median_days(curve)[0]


def test_effects_of_few_rows_and_of_factors_without_effect_are_shrunk():
    rng = np.random.default_rng(5)
    fast, idle = np.arange(900) % 2, rng.integers(0, 12, 900)
    rare = np.where(np.arange(900) < 4, 2, fast)
    wait = rng.exponential(np.where(fast == 1, 20, 60)).astype(int)
    model = ridge_cox(wait, wait < 100, np.column_stack([rare, idle]), [3, 12])
    speeds = model.coefficients[0]
    assert 0.9 < speeds[1] - speeds[0] < 1.3  # log 3
    assert abs(model.coefficients[1]).max() < 0.1
    assert model.precisions[1] > 10 * model.precisions[0]
    unseen = model.log_speed(np.array([[-1, -1], [1, -1]]))
    assert unseen.tolist() == [0.0, speeds[1]]


def test_a_median_beyond_what_was_seen_is_missing():
    model = ridge_cox(np.array([5, 50, 50, 50]), np.array([True, False, False, False]),
                      np.zeros((4, 0), dtype=np.int64), [])  # fmt: skip
    assert np.isnan(model.median(np.zeros(1), given=np.zeros(1))[0])
