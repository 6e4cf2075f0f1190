from itertools import pairwise

import pandas as pd
import pytest
from openpyxl import load_workbook

from liaison_analysis import load_liangjiang
from liaison_analysis.ledger import Ledger, typed
from liaison_analysis.task_lists import dispatch_sheet, task_list, write_lists


def ledger(*rows, links=()):
    """Demands as (raised, assigned, settled, fed back, status, in remit, satisfied)."""
    columns = ["raised_on", "assigned_on", "settled_on", "fed_back_on", "status", "in_remit", "satisfied"]
    frame = pd.DataFrame(rows, columns=columns)
    frame[columns[:4]] = frame[columns[:4]].apply(pd.to_datetime)
    frame = frame.assign(
        demand_id=[f"D{i}" for i in range(len(rows))], enterprise_id="E1", text="=1+1", owner="甲部"
    )
    enterprises = typed(
        "enterprises", pd.DataFrame({"enterprise_id": ["E1"], "name": ["某厂"], "town": ["鱼复"]})
    )
    tables = {"demands": typed("demands", frame), "enterprises": enterprises}
    if links:
        tables["links"] = typed("links", pd.DataFrame(links, columns=["officer_id", "enterprise_id", "role"]))
    return Ledger(**tables)


GIVEN = ledger(
    ("2022-01-01", None, None, None, "collected", True, None),
    ("2022-01-01", None, None, None, "collected", False, None),
    ("2022-01-02", "2022-01-03", None, None, "assigned", True, None),
    ("2022-01-03", "2022-01-03", None, None, "solving", False, None),
    ("2022-01-04", "2022-01-05", "2022-01-20", None, "settled", True, None),
    ("2022-01-05", "2022-01-06", "2022-02-20", "2022-02-25", "fed back", True, False),
    ("2022-01-06", "2022-01-06", "2022-01-25", "2022-02-05", "fed back", True, True),
    ("2022-02-20", None, None, None, None, True, None),
    links=[("G1", "E1", "linked officer"), ("G2", "E1", "linked officer"), ("Y1", "E1", "park officer")],
)  # fmt: skip


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


def test_by_when():
    tasks = task_list(GIVEN, "2022-02-28", within=30).set_index("demand_id")
    assert tasks.loc["D0", ["days", "days_left", "is_overdue"]].tolist() == [58, -28, True]
    assert tasks.loc["D0", "due_on"] == pd.Timestamp("2022-01-31")
    assert tasks.loc["D7", ["days", "days_left", "is_overdue"]].tolist() == [8, 22, False]
    assert tasks.loc["D4", ["days", "is_overdue"]].tolist() == [16, False]
    working = task_list(GIVEN, "2022-02-28", within=30, unit="working").set_index("demand_id")
    assert working.loc["D0", "due_on"] == pd.Timestamp("2022-02-17")
    with pytest.raises(ValueError, match="within"):
        task_list(GIVEN, within=-1)


def test_what_changed_since_the_last_dispatch():
    sheet = dispatch_sheet(GIVEN, "2022-01-31", "2022-02-28")
    changes = list(
        zip(sheet["changed_on"].dt.strftime("%m-%d"), sheet["demand_id"], sheet["change"], strict=True)
    )
    assert changes == [
        ("02-01", "D0", "新超期"),
        ("02-01", "D1", "新超期"),
        ("02-02", "D2", "新超期"),
        ("02-03", "D3", "新超期"),
        ("02-05", "D5", "新超期"),
        ("02-05", "D6", "已反馈"),
        ("02-20", "D5", "已办结"),
        ("02-20", "D7", "新增诉求"),
        ("02-25", "D5", "已反馈"),
    ]
    with pytest.raises(ValueError, match="since must be a day before"):
        dispatch_sheet(GIVEN, "2022-02-28", "2022-02-28")


def test_dispatches_one_after_another_tell_every_change_once():
    sample = load_liangjiang()
    ends = pd.date_range("2021-12-31", "2022-12-31", freq="ME")
    sheets = [dispatch_sheet(sample, since, on) for since, on in pairwise(ends)]
    told = pd.concat(sheets)
    assert not told.duplicated(["demand_id", "change"]).any()
    dates = sample.demands[["raised_on", "assigned_on", "settled_on", "fed_back_on"]].notna().sum()
    assert (
        told["change"].value_counts()[["新增诉求", "已交办", "已办结", "已反馈"]].tolist() == dates.tolist()
    )


def test_unknown_days_and_missing_tables():
    given = ledger((None, None, None, None, "collected", True, None))
    tasks = task_list(given, "2022-02-28")
    assert tasks[["days", "days_left", "due_on"]].isna().all(axis=None)
    assert tasks["linked officer"].tolist() == [""]
    assert dispatch_sheet(given, on="2022-02-28").empty
    assert task_list(Ledger(), "2022-02-28").empty


def test_workbook_can_be_filtered_by_person(tmp_path):
    path = write_lists(GIVEN, tmp_path / "清单.xlsx", on="2022-02-28")
    book = load_workbook(path)
    assert book.sheetnames == ["问题清单", "任务清单", "责任清单", "调度单"]
    rows = {sheet.title: list(sheet.iter_rows(values_only=True)) for sheet in book}
    assert rows["问题清单"][0] == (
        "诉求编号", "企业", "新城", "诉求内容", "职责范围内", "办理状态", "提出日期", "已历天数", "是否超期",
    )  # fmt: skip
    assert rows["问题清单"][1][:6] == ("D0", "某厂", "鱼复", "=1+1", "是", "已收集")
    assert rows["任务清单"][0][2:6] == ("下一步", "责任部门", "挂点干部", "办结时限")
    assert rows["责任清单"][1][:4] == ("甲部", "D0", "某厂", "G1、G2")
    assert [len(rows[name]) for name in ("问题清单", "任务清单", "责任清单")] == [8, 8, 8]
    assert rows["调度单"][1][1:3] == ("新超期", "D0")
    assert all(sheet.auto_filter.ref for sheet in book)
    again = write_lists(GIVEN, tmp_path / "again.xlsx", on="2022-02-28")
    assert again.read_bytes() == path.read_bytes()
