"""Counts of themes by month, trends, over-representation."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import fisher_exact

from liaison_analysis.demands.trends import over_represented, rising_themes, theme_counts


def test_counts_hold_every_month_and_theme_with_exact_intervals():
    counts = theme_counts(
        [0, 0, -1, 1], ["2022-01-05", "2022-01-31", "2022-01-09", "2022-03-01"], names=["甲", "乙"]
    )
    assert counts["n"].tolist() == [2, 0, 0, 0, 0, 1]
    assert counts["total"].tolist() == [3, 3, 0, 0, 1, 1]
    assert (
        counts["month"].dt.strftime("%Y-%m").tolist() == ["2022-01"] * 2 + ["2022-02"] * 2 + ["2022-03"] * 2
    )
    assert counts.loc[0, ["low", "high"]].tolist() == pytest.approx(
        [0.2422, 7.2247], abs=1e-4
    )  # Garwood's table
    assert counts.loc[1, ["low", "high"]].tolist() == pytest.approx([0, 3.6889], abs=1e-4)
    assert counts["share"].isna().tolist() == [False, False, True, True, False, False]


def test_counts_per_visit_are_missing_without_visits():
    counts = theme_counts([0, 0], ["2022-01-05", "2022-02-05"], names=["甲"], visits=["2022-01-01"] * 4)
    assert counts["visits"].tolist() == [4, 0]
    assert counts["per_visit"].iloc[0] == 0.25
    assert np.isnan(counts["per_visit"].iloc[1])


def test_counts_refuse_other_lengths_and_take_no_dates():
    with pytest.raises(ValueError, match="1 dates and 2 texts"):
        theme_counts([0, 1], ["2022-01-05"], names=["甲", "乙"])
    assert theme_counts([0], [None], names=["甲"]).empty


def table(counts, exposure=None):
    months = pd.date_range("2022-01-01", periods=len(counts[0]), freq="MS")
    frame = pd.concat(
        pd.DataFrame({"month": months, "theme": i, "name": str(i), "n": row}) for i, row in enumerate(counts)
    )
    frame["total"] = np.tile(np.sum(counts, axis=0) if exposure is None else exposure, len(counts))
    return frame


def test_a_theme_that_grows_with_everything_does_not_rise():
    growing = np.arange(1, 13) * 5
    result = rising_themes(table([growing, growing]))
    assert result["trend"].tolist() == ["steady", "steady"]
    assert result["z"].tolist() == pytest.approx([0, 0])
    assert rising_themes(table([growing, growing]), per="month")["trend"].tolist() == ["rising", "rising"]


def test_rising_and_falling_themes_are_found_with_corrected_p_values():
    steady = np.full(12, 20)
    result = rising_themes(table([np.arange(12) * 3 + 1, np.arange(12)[::-1] * 3 + 1, steady])).set_index(
        "theme"
    )
    assert result["trend"].to_dict() == {0: "rising", 1: "falling", 2: "steady"}
    assert (result["q"] >= result["p"]).all()
    assert result.loc[0, "rate_ratio"] > 1 > result.loc[1, "rate_ratio"]
    assert result.loc[0, "low"] < result.loc[0, "rate_ratio"] < result.loc[0, "high"]


def test_the_trend_statistic_is_that_of_the_formula():
    result = rising_themes(table([[1, 2, 6]], exposure=[10, 10, 10])).iloc[0]
    assert result["z"] == pytest.approx((6 - 1) / np.sqrt(9 * 2 / 3))


def test_an_exposure_that_was_not_counted_is_refused():
    with pytest.raises(ValueError, match="got 'visits'"):
        rising_themes(table([[1, 2]]), per="visits")


@given(st.lists(st.tuples(st.integers(0, 2), st.sampled_from("ab")), min_size=4, max_size=40))
def test_over_representation_is_fishers_test(pairs):
    labels, groups = zip(*pairs, strict=True)
    result = over_represented(labels, groups, names=["0", "1", "2"])
    assert result.index.tolist() == list(range(len(set(groups)) * 3))
    for row in result.itertuples():
        inside = np.array([g == row.group for g in groups])
        of = np.array(labels) == row.theme
        cells = [[(inside & of).sum(), (inside & ~of).sum()], [(~inside & of).sum(), (~inside & ~of).sum()]]
        assert row.n == cells[0][0]
        assert row.p == pytest.approx(fisher_exact(cells, alternative="greater").pvalue, abs=1e-9)
        assert -1 <= row.phi <= 1


def test_the_rate_ratio_and_its_interval_are_those_of_the_formula():
    result = rising_themes(table([[2, 1, 7, 4], [8, 9, 3, 6]], exposure=[10, 10, 20, 20])).set_index("theme")
    late, early = 11.5, 3.5  # 0.5 is added to each half's count
    ratio = (late / 40) / (early / 20)
    assert result.loc[0, "rate_ratio"] == pytest.approx(ratio)
    width = np.exp(1.959964 * np.sqrt(1 / late + 1 / early))
    assert result.loc[0, ["low", "high"]].tolist() == pytest.approx([ratio / width, ratio * width])


def test_a_theme_that_is_new_has_a_finite_rate_ratio():
    result = rising_themes(table([[0, 0, 0, 5]], exposure=[9, 9, 9, 9])).iloc[0]
    assert result["rate_ratio"] == pytest.approx(11)  # (5 + ½) / (0 + ½)
    assert 0 < result["low"] < 11 < result["high"] < np.inf


def test_the_odds_ratio_has_half_added_to_each_cell():
    result = over_represented([0, 0, 0, 1, 1], ["a", "a", "a", "b", "b"], names=["0", "1"])
    row = result[result["group"].eq("a") & result["theme"].eq(0)].iloc[0]
    assert row["odds_ratio"] == pytest.approx((3.5 * 2.5) / (0.5 * 0.5))
    assert (row["n"], row["expected"], row["lift"], row["phi"]) == pytest.approx((3, 1.8, 5 / 3, 1.0))
    assert row["p"] == pytest.approx(1 / 10)


def test_a_share_is_of_the_months_texts_and_a_rate_of_its_visits():
    counts = theme_counts(
        [0, 1, 1, 1],
        ["2022-01-05", "2022-02-05", "2022-02-06", "2022-02-07"],
        names=["甲", "乙"],
        visits=["2022-01-01"],
    )
    assert counts["share"].tolist() == [1, 0, 0, 1]
    assert counts["per_visit"].tolist()[:2] == [1, 0]
    assert (
        counts[["per_visit_low", "per_visit_high"]].iloc[0].tolist()
        == counts[["low", "high"]].iloc[0].tolist()
    )


def test_a_trend_counts_from_a_false_discovery_rate_of_one_in_twenty():
    rising, steady = (rising_themes(table([row], exposure=[10, 10])).iloc[0] for row in ([42, 62], [43, 63]))
    assert (rising["q"] < 0.05 < steady["q"] < 0.055, rising["trend"], steady["trend"]) == (
        True,
        "rising",
        "steady",
    )


def test_a_theme_is_over_represented_from_a_false_discovery_rate_of_one_in_twenty():
    def found(a, b, c, d):
        labels, towns = [0] * a + [1] * b + [0] * c + [1] * d, ["鱼复"] * (a + b) + ["水土"] * (c + d)
        rows = over_represented(labels, towns, names=["停车", "融资"]).set_index(["group", "name"])
        return rows.loc["鱼复", "停车"]

    over, usual = found(3, 0, 1, 7), found(3, 1, 1, 11)
    assert usual["phi"] == pytest.approx((3 * 11 - 1 * 1) / np.sqrt(4 * 4 * 12 * 12))
    assert (over["q"] < 0.05 < usual["q"] < 0.055, over["over"], usual["over"]) == (True, True, False)
