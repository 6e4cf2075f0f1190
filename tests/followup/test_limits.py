import pandas as pd
import pytest
from helpers.listed_demands import ledger

from liaison_analysis.errors import LedgerError
from liaison_analysis.followup.limits import PRESETS, check_limits, checked_limits, limit_table

OPEN = ("2022-03-01", None, None, None, "collected", True, None)


def limits(*rows):
    return pd.DataFrame(rows, columns=["kind", "stage", "level", "within", "unit", "notify", "warn_share"])


CLOSE = limits(
    ("", "close", 0, 10, "days", "officer", 0.8),
    ("", "close", 1, 12, "days", "head", 0.8),
    ("", "close", 2, 20, "days", "leader", 0.8),
)


@pytest.mark.parametrize(
    ("day", "state", "level", "notify"),
    [
        ("2022-03-08", "in time", 0, "officer"),
        ("2022-03-09", "near", 0, "officer"),
        ("2022-03-11", "near", 0, "officer"),
        ("2022-03-12", "over", 0, "officer"),
        ("2022-03-13", "over", 0, "officer"),
        ("2022-03-14", "over", 1, "head"),
        ("2022-03-21", "over", 1, "head"),
        ("2022-03-22", "over", 2, "leader"),
    ],
)
def test_a_limit_warns_ends_and_escalates_on_its_days(day, state, level, notify):
    due = check_limits(ledger(OPEN), day, limits=CLOSE).iloc[0]
    assert due[["state", "level", "notify"]].tolist() == [state, level, notify]
    assert due["due_on"] == pd.Timestamp("2022-03-11")


def test_days_on_which_the_enterprise_owes_material_do_not_count():
    pauses = pd.DataFrame(
        {
            "demand_id": ["D0", "D0", "D0", "other"],
            "paused_on": ["2022-02-20", "2022-03-04", "2022-03-05", "2022-03-01"],
            "resumed_on": ["2022-03-02", "2022-03-07", "2022-03-08", None],
        }
    ).apply(lambda column: column if column.name == "demand_id" else pd.to_datetime(column))
    due = check_limits(ledger(OPEN), "2022-03-14", limits=CLOSE, pauses=pauses).iloc[0]
    # One day of the first, which began before the demand; four of the two that overlap.
    assert due[["waited", "paused", "state"]].tolist() == [8, 5, "near"]
    assert due["due_on"] == pd.Timestamp("2022-03-16")
    still = pauses.iloc[[1]].assign(resumed_on=pd.NaT)
    assert check_limits(ledger(OPEN), "2022-03-30", limits=CLOSE, pauses=still).iloc[0][
        ["waited", "state"]
    ].tolist() == [3, "paused"]
    with pytest.raises(ValueError, match="pauses: columns resumed_on"):
        check_limits(ledger(OPEN), limits=CLOSE, pauses=pauses.drop(columns="resumed_on"))


def test_hours_end_on_days_and_working_days_are_counted_by_the_calendar():
    table = limits(
        ("", "assign", 0, 60, "minutes", "", 0.8),
        ("", "plan", 0, 24, "hours", "", 0.8),
        ("", "close", 0, 3, "working days", "", 0.8),
    )
    friday = ("2022-03-04", None, None, None, "collected", True, None)
    due = check_limits(ledger(friday), "2022-03-05", limits=table).set_index("stage")
    assert due["due_on"].dt.strftime("%m-%d").to_dict() == {
        "assign": "03-04",
        "plan": "03-05",
        "close": "03-09",
    }
    assert due["state"].to_dict() == {"assign": "over", "plan": "near", "close": "in time"}


def test_a_stage_that_is_reached_is_not_listed():
    rows = [
        ("2022-03-01", None, None, None, "collected", True, None),
        ("2022-03-01", "2022-03-02", None, None, "assigned", True, None),
        ("2022-03-01", "2022-03-02", None, None, "solving", True, None),
        ("2022-03-01", "2022-03-02", "2022-03-05", None, "settled", True, None),
        ("2022-03-01", "2022-03-02", "2022-03-05", "2022-03-06", "fed back", True, None),
    ]
    table = limits(*((None, stage, 0, 5, "days", "", 0.8) for stage in
                     ("assign", "answer", "plan", "close", "feed back")))  # fmt: skip
    due = check_limits(ledger(*rows), "2022-03-10", limits=table)
    assert due.groupby("demand_id")["stage"].agg(sorted).to_dict() == {
        "D0": ["answer", "assign", "close", "plan"],
        "D1": ["answer", "close", "plan"],
        "D2": ["close"],
        "D3": ["feed back"],
    }
    assert due.loc[due["demand_id"].eq("D3"), "due_on"].tolist() == [pd.Timestamp("2022-03-10")]


def test_a_kind_with_limits_of_its_own_leaves_those_of_every_kind():
    given = ledger(OPEN, OPEN)
    given.demands["kind"] = pd.array(["urgent", None], dtype="str")
    table = limits(("urgent", "close", 0, 1, "days", "", 0.8), ("", "close", 0, 9, "days", "", 0.8))
    due = check_limits(given, "2022-03-03", limits=table).set_index("demand_id")["within"]
    assert due.to_dict() == {"D0": 1, "D1": 9}


def test_every_wrong_row_of_the_limits_is_named():
    wrong = limits(
        ("", "shut", 0, 5, "days", "", 0.8),
        ("", "close", 0, -1, "weeks", "", 8),
    )
    with pytest.raises(LedgerError) as caught:
        check_limits(ledger(OPEN), limits=wrong)
    assert caught.value.problems[["row", "column", "value"]].astype(str).to_numpy().tolist() == [
        ["2", "stage", "shut"],
        ["3", "unit", "weeks"],
        ["3", "within", "-1"],
        ["3", "warn_share", "8.0"],
    ]
    with pytest.raises(LedgerError, match="level twice"):
        checked_limits(pd.concat([CLOSE, CLOSE]))
    with pytest.raises(LedgerError, match="no level 0"):
        checked_limits(CLOSE.iloc[1:])
    with pytest.raises(ValueError, match="columns stage are missing"):
        checked_limits(CLOSE.drop(columns="stage"))
    with pytest.raises(ValueError, match="expected limits named one of '30 days'"):
        limit_table("soon")


@pytest.mark.parametrize("preset", PRESETS)
def test_presets_are_limits_that_hold(preset):
    table = limit_table(preset)
    pd.testing.assert_frame_equal(
        checked_limits(table), checked_limits(checked_limits(table)), check_dtype=False
    )
    assert len(checked_limits(table)) == len(PRESETS[preset])
    assert check_limits(ledger(), "2022-03-01", limits=preset).empty


def test_what_cannot_be_solved_has_no_limit_any_more():
    row = ("2022-03-01", None, None, None, "cannot be solved", True, None)
    assert check_limits(ledger(OPEN), "2022-03-20", limits=CLOSE)["demand_id"].tolist() == ["D0"]
    assert check_limits(ledger(row), "2022-03-20", limits=CLOSE).empty
