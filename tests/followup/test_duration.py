import numpy as np
import pandas as pd
import pytest
from helpers.demand_ledger import ledger

from liaison_analysis import load_liangjiang
from liaison_analysis.followup.duration import ageing, settling_curves, time_to_settle


@pytest.fixture(scope="module")
def sample():
    return load_liangjiang()


def test_open_demands_are_censored_not_dropped():
    rows = [
        ("E1", 0, 10, "settled", None),
        ("E1", 0, 30, "settled", None),
        *[("E1", 0, None, "solving", None)] * 3,
    ]
    found = time_to_settle(ledger(rows), on="2022-03-02").iloc[0]
    assert np.isnan(found["median_days"])
    assert found["closed_median"] == 20
    assert found[["n", "n_settled", "n_open"]].tolist() == [5, 2, 3]
    assert found["summary"].startswith("not reached")
    found = time_to_settle(ledger(rows[:3]), on="2022-03-02").iloc[0]
    assert found["median_days"] == 30


def test_all_open_all_settled_and_a_group_of_one():
    rows = (
        [("A", 0, None, "solving", None)] * 4
        + [("B", 0, 7, "settled", None)] * 3
        + [("C", 0, 2, "settled", None)]
    )
    found = time_to_settle(ledger(rows), by="enterprise_id", on="2022-02-01").set_index("enterprise_id")
    assert np.isnan(found.loc["A", "median_days"])
    assert found.loc["A", "summary"] == "not reached"
    assert found.loc["B", ["median_days", "low", "high"]].tolist() == [7, 7, 7]
    assert found.loc["C", ["median_days", "n"]].tolist() == [2, 1]
    assert found["few"].all()
    assert 0 < found["p"].iloc[0] < 0.05


def test_working_days_are_fewer_and_known_only_so_far(sample):
    calendar, working = (time_to_settle(sample, unit=unit).iloc[0] for unit in ("calendar", "working"))
    assert 0.6 < working["median_days"] / calendar["median_days"] < 0.75
    assert working["unit"] == "working"
    assert "working days" in working["summary"]
    for measure in (ageing, settling_curves):
        assert measure(sample, unit="working")["unit"].unique().tolist() == ["working"]
        assert measure(sample)["unit"].unique().tolist() == ["calendar"]
    with pytest.raises(ValueError, match="chinesecalendar"):
        time_to_settle(ledger([("A", 0, None, None, None)]), on="2093-01-01", unit="working")


def test_curves_end_where_the_medians_say(sample):
    curves = settling_curves(sample, "town")
    medians = time_to_settle(sample, "town").set_index("town")["median_days"]
    for town, curve in curves.groupby("town"):
        assert curve.loc[curve["open_share"].le(0.5), "days"].iloc[0] == medians[town]
    assert settling_curves(sample, on="2021-01-01").empty


def test_brackets_hold_every_open_demand(sample):
    found = ageing(sample, "2022-12-31", by="town")
    assert found["numerator"].sum() == 278
    assert found.groupby("town")["bracket"].agg(list).iloc[0] == ["0–30", "31–60", "61–90", "over 90"]
    edge = ledger([("A", 0, None, "solving", None)])
    on = pd.Timestamp("2022-01-01")
    for days, bracket in ((0, 0), (30, 0), (31, 1), (60, 1), (61, 2), (90, 2), (91, 3)):
        assert ageing(edge, on + pd.Timedelta(days=days))["numerator"].to_numpy().nonzero()[0].tolist() == [
            bracket
        ]


def test_the_oldest_of_a_bracket_is_an_open_demand_not_a_settled_one():
    rows = [("A", 0, 25, "settled", None), ("A", 20, None, "solving", None), ("A", 25, None, None, None)]
    brackets = ageing(ledger(rows), "2022-01-31")
    assert brackets["numerator"].tolist() == [2, 0, 0, 0]
    assert brackets["oldest"].tolist() == [10, pd.NA, pd.NA, pd.NA]
    # Each bracket has its own.
    rows.append(("A", 50, None, "solving", None))
    brackets = ageing(ledger(rows), "2022-02-25")
    assert brackets["numerator"].tolist() == [2, 1, 0, 0]
    assert brackets["oldest"].tolist() == [30, 35, pd.NA, pd.NA]


def test_closed_without_being_solved_is_never_settled_and_not_open():
    """Fine and Gray: it stays at risk to the end, so that its closing makes no settlement likelier."""
    rows = [("E1", 0, 10 * day, "settled", None) for day in (1, 2, 3)]
    rows += [("E1", 0, 5, "cannot be solved", None)] * 3
    found = time_to_settle(ledger(rows), on="2022-03-02").iloc[0]
    assert found[["n", "n_settled", "n_open", "n_closed", "n_undated"]].tolist() == [6, 3, 0, 3, 0]
    # Half of all six are settled on day 30; censored at day 5, half would seem to be on day 20.
    assert found["median_days"] == 30
    assert ageing(ledger(rows), "2022-03-02")["numerator"].sum() == 0
    assert settling_curves(ledger(rows), on="2022-03-02")["open_share"].round(3).tolist()[-1] == 0.5
