import pandas as pd

from liaison_analysis.analysis.demand_texts import loop_text, themes_text


def test_themes_that_move_and_what_comes_back():
    themes = pd.DataFrame({"name": ["停车", "融资"], "size": [10, 30]})
    trends = pd.DataFrame({"name": ["停车", "融资"], "trend": ["falling", "steady"]})
    more = pd.DataFrame({"group": ["水土"], "name": ["停车"]})
    again = pd.DataFrame({"group": [0, 0, 1, 1]})
    text = themes_text(themes, trends, more, again)
    assert text.en == (
        "2 themes; most is asked for “finance” (30), “停车” (10). Rising beyond chance: none; "
        "fading: 停车. Asked more "
        "than elsewhere: 水土–停车. 2 demands come back in nearly the same words."
    )
    assert text.zh.startswith("诉求归为2个主题，最多的是“融资”（30）、“停车”（10）。")


def test_the_text_of_the_loop_has_rates_with_intervals_and_medians_not_reached():
    rates = pd.DataFrame(
        {
            "scope": ["all", "all", "without E2"],
            "measure": ["settled_in_remit", "fed_back", "settled_in_remit"],
            "numerator": [6, 0, 1],
            "denominator": [8, 0, 2],
            "rate": [0.75, float("nan"), 0.5],
            "low": [0.41, float("nan"), 0.1],
            "high": [0.93, float("nan"), 0.9],
        }
    )
    months = pd.DataFrame({"month": ["2022-01", "2022-02"], "opening": [0, 3], "closing": [3, 5]})
    times = pd.DataFrame({"in_remit": [True], "median_days": [float("nan")], "closed_median": [40.0]})
    text = loop_text(rates, times, months, 2, within=30)
    assert text.en == (
        "75.0% (6/8; 41.0%–93.0%) of the demands in remit are settled. The median time to settle those in "
        "remit is not reached yet. 5 demands are open at the end of February 2022, 3 a month before. 2 are "
        "over 30 days."
    )
    reached = pd.DataFrame({"median_days": [74.0, 9.0], "closed_median": [55.5, 9.0]})
    text = loop_text(rates, reached, months, 2, within=30)
    assert "Half of all are settled within 74 days; the settled ones alone say 55.5, which is" in text.en
    text = loop_text(rates, reached.iloc[1:], months, 2, within=30)
    assert "Half of all are settled within 9 days. 5 demands" in text.en


def test_the_loop_of_a_ledger_without_states_claims_nothing():
    rates = pd.DataFrame({"scope": ["all"], "measure": ["collected"], "numerator": [3], "denominator": [3]})
    text = loop_text(rates, pd.DataFrame(), pd.DataFrame(), 2, within=30)
    assert text.zh == "台账没有办理状态，也没有办结日期，看不出办结多少、还有多少未办结。"
    assert "%" not in text.en
