from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from liaison_analysis import load_liangjiang
from liaison_analysis.errors import LedgerError
from liaison_analysis.followup import ageing, backlog, settlement, settling_curves, time_to_settle
from liaison_analysis.ledger import Ledger, typed
from liaison_analysis.loop import directly_follows, loop_conformance


@pytest.fixture(scope="module")
def sample():
    return load_liangjiang()


def ledger(rows):
    """Ledger of demands given as (enterprise, raised, settled, status, reopened) in days from 2022-01-01."""
    start = pd.Timestamp("2022-01-01")
    day = [[None if d is None else start + pd.Timedelta(days=d) for d in row[1:3]] for row in rows]
    frame = pd.DataFrame(
        {
            "demand_id": [f"D{i:03}" for i in range(len(rows))],
            "enterprise_id": [row[0] for row in rows],
            "raised_on": pd.to_datetime([d[0] for d in day]),
            "settled_on": pd.to_datetime([d[1] for d in day]),
            "text": "诉求",
            "status": [row[3] for row in rows],
            "reopened": [row[4] for row in rows],
        }
    )
    return Ledger(demands=typed("demands", frame), source="test.xlsx")


def rates(frame, *columns):
    return frame.set_index(["scope", "measure"])[list(columns)]


def test_the_stated_figures(sample):
    found = rates(settlement(sample), "numerator", "denominator")
    assert found.loc[("all", "in_remit")].tolist() == [309, 476]
    assert found.loc[("all", "settled_in_remit")].tolist() == [198, 309]
    assert found.loc[("all", "settled")].tolist() == [198, 476]
    assert found.loc[("without E002", "collected")].tolist() == [440, 440]
    low, high = rates(settlement(sample), "low", "high").loc[("all", "settled_in_remit")]
    assert (round(100 * low, 1), round(100 * high, 1)) == (58.6, 69.2)


def test_groups_add_up_and_keep_the_missing(sample):
    for by in ("town", "owner", "category", "month", ["town", "owner"]):
        found = settlement(sample, by=by)
        collected = found[found["scope"].eq("all") & found["measure"].eq("collected")]
        assert collected["numerator"].sum() == 476
        assert collected["denominator"].unique().tolist() == [476]
    owner = settlement(sample, by="owner")
    assert owner[owner["owner"].isna() & owner["measure"].ne("collected")]["few"].all()
    assert not owner["owner"].iloc[:7].isna().any()  # missing last


def test_themes_of_the_caller(sample):
    matter = pd.Series(["甲", "乙"] * 238, index=sample.demands["demand_id"], name="matter")
    found = settlement(sample, by=matter)
    assert found.columns[0] == "matter"
    assert found[found["measure"].eq("collected") & found["scope"].eq("all")]["numerator"].tolist() == [
        238,
        238,
    ]
    pd.testing.assert_frame_equal(
        found.rename(columns={"matter": "group"}), settlement(sample, by=matter.to_dict()), check_names=False
    )


def test_unknown_remit_is_in_no_denominator():
    given = ledger(
        [("E1", 0, 5, "settled", None), ("E1", 0, None, "solving", None), ("E2", 0, None, None, None)]
    )
    given.demands["in_remit"] = pd.array([True, pd.NA, False], dtype="boolean")
    found = rates(settlement(given), "numerator", "denominator")
    assert found.loc[("all", "in_remit")].tolist() == [1, 2]
    assert found.loc[("all", "settled_in_remit")].tolist() == [1, 1]
    assert found.loc[("without E1", "settled_in_remit")].tolist() == [0, 0]


def test_as_of_an_earlier_day(sample):
    found = rates(settlement(sample, on="2022-06-30"), "numerator", "denominator")
    early = sample.demands[sample.demands["raised_on"].le("2022-06-30")]
    assert found.loc[("all", "settled")].tolist() == [early["settled_on"].le("2022-06-30").sum(), len(early)]


def test_no_demands_at_all():
    nothing = Ledger()
    found = settlement(nothing, on="2022-12-31")
    assert found["scope"].unique().tolist() == ["all"]
    assert found["denominator"].eq(0).all()
    assert found["rate"].isna().all()
    assert time_to_settle(nothing, on="2022-12-31")[["n", "n_settled"]].to_numpy().tolist() == [[0, 0]]
    assert time_to_settle(nothing, by="owner", on="2022-12-31").empty
    assert ageing(nothing, "2022-12-31")["numerator"].tolist() == [0, 0, 0, 0]
    assert backlog(nothing, on="2022-12-31")["closing"].tolist() in ([], [0])
    assert loop_conformance(nothing, on="2022-12-31")["numerator"].eq(0).all()
    assert directly_follows(nothing, on="2022-12-31").empty


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
    assert found["told"].startswith("not reached")
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
    assert found.loc["A", "told"] == "not reached"
    assert found.loc["B", ["median_days", "low", "high"]].tolist() == [7, 7, 7]
    assert found.loc["C", ["median_days", "n"]].tolist() == [2, 1]
    assert found["few"].all()
    assert 0 < found["p"].iloc[0] < 0.05


def test_days_that_are_unknown_are_counted_apart():
    rows = [("A", 0, None, "settled", None), ("A", None, 5, "settled", None), ("A", 0, 9, "settled", None)]
    given = ledger(rows)
    found = time_to_settle(given, on="2022-02-01").iloc[0]
    assert found[["n", "n_settled", "n_undated"]].tolist() == [1, 1, 2]
    months = backlog(given, on="2022-02-01")
    assert months["undated"].tolist() == [2, 0]
    assert months["closing"].tolist() == [0, 0]
    assert ageing(given, "2022-02-01")["denominator"].tolist() == [0] * 4


def test_settled_before_raised_is_refused():
    given = ledger([("A", 9, 3, "settled", None)])
    for measure in (time_to_settle, backlog, ageing, settling_curves):
        with pytest.raises(LedgerError, match="settled"):
            measure(given)
    assert settlement(given)["numerator"].iloc[0] == 1


def test_working_days_are_fewer_and_known_only_so_far(sample):
    calendar, working = (time_to_settle(sample, unit=unit).iloc[0] for unit in ("calendar", "working"))
    assert 0.6 < working["median_days"] / calendar["median_days"] < 0.75
    assert working["unit"] == "working"
    assert "working days" in working["told"]
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


DEMANDS = st.lists(
    st.tuples(
        st.sampled_from("AB"),
        st.integers(0, 120),
        st.one_of(st.none(), st.integers(0, 90)),
        st.sampled_from(["collected", "solving", "settled", None]),
        st.sampled_from([True, False, None]),
    ),
    min_size=1,
    max_size=25,
)


@settings(max_examples=12, deadline=None)
@given(DEMANDS)
def test_the_backlog_reconciles_and_closes_on_what_is_open(rows):
    given_rows = [
        (firm, start, None if wait is None else start + wait, *rest) for firm, start, wait, *rest in rows
    ]
    given = ledger(given_rows)
    on = pd.Timestamp("2022-05-15")
    months = backlog(given, by="enterprise_id", on=on)
    moved = months["opening"] + months["raised"] - months["settled"] + months["reopened"]
    assert moved.equals(months["closing"])
    for _, part in months.groupby("enterprise_id"):
        assert part["opening"].tolist() == [0, *part["closing"].iloc[:-1]]
    last = months[months["month"].eq("2022-05")]
    assert last["closing"].sum() == ageing(given, on)["denominator"].iloc[0]


def test_a_reopened_demand_comes_back_into_the_backlog():
    given = ledger([("A", 0, 20, "solving", True), ("A", 0, 20, "settled", True)])
    first = backlog(given, on="2022-02-01").iloc[0]
    assert first[["raised", "settled", "reopened", "closing"]].tolist() == [2, 2, 1, 1]
    with pytest.raises(ValueError, match="by month anyway"):
        backlog(given, by="month")


@pytest.mark.filterwarnings("ignore")  # Spark and its Python side warn of their own affairs
def test_spark_gives_the_same_rows(sample, spark):
    few = replace(sample, demands=sample.demands.head(60))
    for measure in (settlement, time_to_settle, backlog, loop_conformance):
        expected = measure(few, by=["town", "owner"])
        found = measure(few, by=["town", "owner"], engine=spark)
        pd.testing.assert_frame_equal(found, expected, check_exact=True)
