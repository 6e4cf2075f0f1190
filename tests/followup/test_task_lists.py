import pandas as pd
import pytest
from helpers.listed_demands import GIVEN, ledger

from liaison_analysis.followup.task_lists import task_list
from liaison_analysis.ledger.model import Ledger


def test_who_has_to_do_what_next():
    tasks = task_list(GIVEN, "2022-02-28").set_index("demand_id")
    assert tasks["next_step"].to_dict() == {
        "D0": "研判并交办责任部门",
        "D1": "报上级部门协调，并告知企业",
        "D2": "责任部门联系企业并开始办理",
        "D3": "办结并答复企业",
        "D4": "向企业反馈并征求满意度",
        "D5": "回访企业，必要时重新办理",
        "D7": "研判并交办责任部门",
    }
    assert tasks.loc["D0", ["linked officer", "park officer", "service specialist"]].tolist() == [
        "G1、G2",
        "Y1",
        "",
    ]
    assert "D6" in task_list(GIVEN, "2022-02-28", everything=True)["demand_id"].tolist()


def test_tasks_have_a_deadline_and_days_left():
    tasks = task_list(GIVEN, "2022-02-28", within=30).set_index("demand_id")
    assert tasks.loc["D0", ["days", "days_left", "is_overdue"]].tolist() == [58, -28, True]
    assert tasks.loc["D0", "due_on"] == pd.Timestamp("2022-01-31")
    assert tasks.loc["D7", ["days", "days_left", "is_overdue"]].tolist() == [8, 22, False]
    assert tasks.loc["D4", ["days", "is_overdue"]].tolist() == [16, False]
    working = task_list(GIVEN, "2022-02-28", within=30, unit="working").set_index("demand_id")
    assert working.loc["D0", "due_on"] == pd.Timestamp("2022-02-17")
    with pytest.raises(ValueError, match="within"):
        task_list(GIVEN, within=-1)


def test_unknown_days_and_missing_tables():
    given = ledger((None, None, None, None, "collected", True, None))
    tasks = task_list(given, "2022-02-28")
    assert tasks[["days", "days_left", "due_on"]].isna().all(axis=None)
    assert tasks["linked officer"].tolist() == [""]
    assert task_list(Ledger(), "2022-02-28").empty


def test_what_cannot_be_solved_is_no_task():
    rows = [
        ("2022-01-01", None, None, None, "cannot be solved", True, None),
        ("2022-01-01", None, "2022-01-09", None, "not accepted", True, None),
        ("2022-01-01", None, None, None, "solving", True, None),
    ]
    assert task_list(ledger(*rows), "2022-02-28")["demand_id"].tolist() == ["D2"]
    every = task_list(ledger(*rows), "2022-02-28", everything=True).set_index("demand_id")
    assert every.loc["D0", "next_step"] == "核实已向企业说明原因后归档"
    assert pd.isna(every.loc["D0", "days"])
    assert every.loc["D1", "days"] == 8
    assert every["is_overdue"].tolist() == [False, False, True]
