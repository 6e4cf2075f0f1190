from itertools import pairwise

import pandas as pd
import pytest
from helpers.listed_demands import GIVEN, ledger
from openpyxl import load_workbook

from liaison_analysis import load_liangjiang
from liaison_analysis.followup.dispatch import dispatch_sheet, write_lists


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


def test_workbook_can_be_filtered_by_person(tmp_path):
    path = write_lists(GIVEN, tmp_path / "清单.xlsx", on="2022-02-28")
    book = load_workbook(path)
    assert book.sheetnames == ["问题清单", "任务清单", "责任清单", "调度单"]
    rows = {sheet.title: list(sheet.iter_rows(values_only=True)) for sheet in book}
    assert rows["问题清单"][0] == (
        "诉求编号", "企业", "新城", "诉求内容", "职责范围内", "办理状态", "提出日期", "已历日历天数",
        "是否超期",
    )  # fmt: skip
    assert rows["问题清单"][1][:6] == ("D0", "某厂", "鱼复", "=1+1", "是", "已收集")
    assert rows["任务清单"][0][2:6] == ("下一步", "责任部门", "挂点干部", "办结时限")
    assert rows["责任清单"][1][:4] == ("甲部", "D0", "某厂", "G1、G2")
    assert [len(rows[name]) for name in ("问题清单", "任务清单", "责任清单")] == [8, 8, 8]
    assert rows["调度单"][1][1:4] == ("新超期", None, "D0")
    assert all(sheet.auto_filter.ref for sheet in book)
    again = write_lists(GIVEN, tmp_path / "again.xlsx", on="2022-02-28")
    assert again.read_bytes() == path.read_bytes()
    working = load_workbook(write_lists(GIVEN, tmp_path / "w.xlsx", on="2022-02-28", unit="working"))
    assert "剩余工作日数" in [cell.value for cell in working["任务清单"][1]]


def test_what_no_day_tells_is_found_against_the_last_ledger(tmp_path):
    rows = [
        ("2022-01-01", "2022-01-02", None, None, "assigned", True, None),
        ("2022-01-01", "2022-01-02", "2022-01-20", None, "settled", True, None),
        ("2022-01-01", "2022-01-02", None, None, "solving", True, None),
        ("2022-01-01", "2022-01-02", None, None, "solving", True, None),
    ]
    before = ledger(*rows)
    now = ledger(("2022-01-01", "2022-01-02", None, None, "solving", True, None), *rows[1:3])
    now.demands["reopened"] = pd.array([None, True, None], dtype="boolean")
    now.demands.loc[1, "status"] = "solving"
    now.demands.loc[2, "owner"] = "乙部"
    sheet = dispatch_sheet(now, "2022-02-27", "2022-02-28", before=before)
    told = sheet[["demand_id", "change", "was"]].to_numpy().tolist()
    assert told == [
        ["D0", "开始办理", "已交办"],
        ["D1", "重新办理", "已办结"],
        ["D2", "责任部门变更", "甲部"],
        ["D3", "已撤销", ""],
    ]
    assert sheet["changed_on"].isna().all()
    assert sheet["owner"].tolist() == ["甲部", "甲部", "乙部", "甲部"]
    assert dispatch_sheet(now, "2022-02-27", "2022-02-28", before=now).empty
    book = load_workbook(
        write_lists(now, tmp_path / "a.xlsx", since="2022-02-27", on="2022-02-28", before=before)
    )
    rows = book["调度单"].iter_rows(min_row=2, values_only=True)
    assert [row[2] for row in rows] == [
        "已交办",
        "已办结",
        "甲部",
        None,
    ]


def test_unknown_days_change_nothing():
    assert dispatch_sheet(ledger((None, None, None, None, "collected", True, None)), on="2022-02-28").empty
