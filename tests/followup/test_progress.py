from dataclasses import replace

import pandas as pd
import pytest
from helpers.demand_ledger import ledger
from hypothesis import given, settings
from hypothesis import strategies as st

from liaison_analysis import load_liangjiang
from liaison_analysis.errors import LedgerError
from liaison_analysis.followup.conformance import directly_follows, loop_conformance
from liaison_analysis.followup.duration import ageing, settling_curves, time_to_settle
from liaison_analysis.followup.progress import backlog, settlement
from liaison_analysis.ledger.model import Ledger


@pytest.fixture(scope="module")
def sample():
    return load_liangjiang()


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


def test_where_no_state_is_written_no_rate_of_settlement_is_claimed(sample):
    unknown = ["status", "settled_on", "fed_back_on", "responded_on"]
    without = replace(
        sample,
        demands=sample.demands.assign(**dict.fromkeys(unknown)).astype(
            sample.demands.dtypes[unknown].to_dict()
        ),
    )
    assert set(settlement(without)["measure"]) == {"collected", "in_remit"}
    one = without.demands.assign(
        status=without.demands["status"].where(without.demands.index != 0, sample.demands["status"])
    )
    assert "settled" in set(settlement(replace(without, demands=one))["measure"])


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
    assert backlog(nothing, on="2022-12-31")[["month", "raised", "closing"]].to_numpy().tolist() == [
        ["2022-12", 0, 0]
    ]
    assert loop_conformance(nothing, on="2022-12-31")["numerator"].eq(0).all()
    assert directly_follows(nothing, on="2022-12-31").empty


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


@settings(max_examples=12)
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
    with pytest.raises(ValueError, match="by month already"):
        backlog(given, by="month")


@pytest.mark.filterwarnings("ignore")  # Spark and its Python side warn about their own internals
def test_spark_gives_the_same_rows(sample, spark):
    few = replace(sample, demands=sample.demands.head(60))
    for measure in (settlement, time_to_settle, backlog, loop_conformance):
        expected = measure(few, by=["town", "owner"])
        found = measure(few, by=["town", "owner"], engine=spark)
        pd.testing.assert_frame_equal(found, expected, check_exact=True)


CLOSED = [
    ("E1", 0, 10, "settled", None),
    ("E1", 0, 40, "cannot be solved", None),
    ("E2", 0, None, "not accepted", None),
    ("E2", 0, None, "solving", None),
]


def test_what_cannot_be_solved_is_a_rate_of_its_own():
    found = rates(settlement(ledger(CLOSED), on="2022-03-01"), "numerator", "denominator").loc["all"]
    assert found.loc["settled"].tolist() == [1, 4]
    assert found.loc["closed_unsolved"].tolist() == [2, 4]


def test_the_backlog_loses_what_is_closed_without_being_solved():
    months = backlog(ledger(CLOSED), on="2022-03-01").set_index("month")
    assert months["unsolved"].to_dict() == {"2022-01": 0, "2022-02": 1, "2022-03": 0}
    assert months["closing"].to_dict() == {"2022-01": 2, "2022-02": 1, "2022-03": 1}
    # Closed on an unknown day: in no other column.
    assert months["undated"].to_dict() == {"2022-01": 1, "2022-02": 0, "2022-03": 0}


def test_a_ledger_without_a_remit_has_no_rate_of_it(sample):
    assert {"in_remit", "settled_in_remit"} <= set(settlement(sample)["measure"])
    without = replace(sample, demands=sample.demands.assign(in_remit=pd.array([None] * 476, dtype="boolean")))
    assert not {"in_remit", "settled_in_remit"} & set(settlement(without)["measure"])
