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


def test_dispatches_one_after_another_report_every_change_once():
    sample = load_liangjiang()
    ends = pd.date_range("2021-12-31", "2022-12-31", freq="ME")
    sheets = [dispatch_sheet(sample, since, on) for since, on in pairwise(ends)]
    changes = pd.concat(sheets)
    assert not changes.duplicated(["demand_id", "change"]).any()
    dates = sample.demands[["raised_on", "assigned_on", "settled_on", "fed_back_on"]].notna().sum()
    assert (
        changes["change"].value_counts()[["新增诉求", "已交办", "已办结", "已反馈"]].tolist()
        == dates.tolist()
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


def test_changes_without_a_day_are_seen_against_the_last_ledger(tmp_path):
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
    changes = sheet[["demand_id", "change", "was"]].to_numpy().tolist()
    assert changes == [
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


def changed(before, now, **demands):
    """Changes without a day between two ledgers, columns of the later one's demands replaced."""
    for column, values in demands.items():
        now.demands[column] = pd.array(values, dtype=now.demands[column].dtype)
    sheet = dispatch_sheet(now, "2022-02-27", "2022-02-28", before=before)
    return sheet[["demand_id", "change", "was"]].to_numpy().tolist()


SETTLED = ("2022-01-01", "2022-01-02", "2022-01-20", None, "settled", True, None)
SOLVING = ("2022-01-01", "2022-01-02", None, None, "solving", True, None)
ASSIGNED = ("2022-01-01", "2022-01-02", None, None, "assigned", True, None)


def test_a_settled_demand_that_is_dealt_with_again_is_reopened_whatever_the_flag_says():
    for flag in (None, False, True):
        assert changed(ledger(SETTLED), ledger(SETTLED), status=["solving"], reopened=[flag]) == [
            ["D0", "重新办理", "已办结"]
        ]
    fed_back = (*SETTLED[:3], "2022-01-22", "fed back", True, True)
    assert changed(ledger(fed_back), ledger(SETTLED), status=["assigned"]) == [["D0", "重新办理", "已反馈"]]
    # Fed back after it was settled is the loop's own way on.
    assert changed(ledger(SETTLED), ledger(fed_back)) == []


def test_a_flag_set_again_changes_nothing_and_a_flag_alone_is_a_reopening():
    assert changed(ledger(SOLVING), ledger(SOLVING), reopened=[True]) == [["D0", "重新办理", "办理中"]]
    before = ledger(SOLVING)
    before.demands["reopened"] = pd.array([True], dtype="boolean")
    assert changed(before, ledger(SOLVING), reopened=[True]) == []


def test_changes_without_a_day_stand_by_demand_then_in_a_fixed_order():
    before, now = ledger(SETTLED, ASSIGNED, SETTLED), ledger(SETTLED, ASSIGNED)
    assert changed(before, now, status=["solving", "solving"], owner=["乙部", "丙部"]) == [
        ["D0", "重新办理", "已办结"],
        ["D0", "责任部门变更", "甲部"],
        ["D1", "开始办理", "已交办"],
        ["D1", "责任部门变更", "甲部"],
        ["D2", "已撤销", ""],
    ]


def test_only_a_department_that_is_named_is_a_change_of_department():
    before = ledger(ASSIGNED, ASSIGNED, ASSIGNED)
    before.demands["owner"] = pd.array([None, "甲部", "甲部"], dtype="str")
    assert changed(before, ledger(ASSIGNED, ASSIGNED, ASSIGNED), owner=["乙部", None, "甲部"]) == [
        ["D0", "责任部门变更", ""]
    ]


def test_solving_is_begun_once_from_whatever_came_before():
    collected = ("2022-01-01", None, None, None, "collected", True, None)
    assert changed(ledger(collected, SOLVING), ledger(SOLVING, SOLVING)) == [["D0", "开始办理", "已收集"]]
    assert changed(ledger(collected), ledger(ASSIGNED)) == []


def test_the_day_of_the_last_dispatch_is_out_and_that_of_this_one_is_in():
    given = ledger(
        ("2022-01-31", "2022-02-01", "2022-02-28", "2022-03-01", "fed back", True, None),
        ("2022-02-28", "2022-02-28", "2022-02-28", "2022-02-28", "fed back", True, None),
    )
    sheet = dispatch_sheet(given, on="2022-02-28")
    assert sheet[["demand_id", "change"]].to_numpy().tolist() == [
        ["D0", "已交办"],
        ["D0", "已办结"],
        ["D1", "新增诉求"],
        ["D1", "已交办"],
        ["D1", "已办结"],
        ["D1", "已反馈"],
    ]
    assert sheet.attrs == {"since": pd.Timestamp("2022-01-31"), "on": pd.Timestamp("2022-02-28")}


def test_newly_overdue_is_the_day_after_the_limit_also_of_what_was_settled_too_late():
    given = ledger(
        ("2022-01-31", None, None, None, "collected", True, None),
        ("2022-02-01", None, None, None, "collected", True, None),
        ("2022-01-20", None, "2022-02-19", None, "settled", True, None),
        ("2022-01-20", None, "2022-02-20", None, "settled", True, None),
    )
    assert "D0" not in dispatch_sheet(given, "2022-02-10", "2022-03-02", within=30)["demand_id"].tolist()
    days = dispatch_sheet(given, "2022-02-10", "2022-03-03", within=30)
    over = days[days["change"].eq("新超期")]
    assert over["demand_id"].tolist() == ["D3", "D0"]
    assert over["changed_on"].dt.strftime("%m-%d").tolist() == ["02-20", "03-03"]
    working = dispatch_sheet(given, "2022-02-10", "2022-03-21", within=30, unit="working")
    assert working.loc[working["change"].eq("新超期"), "changed_on"].dt.strftime("%m-%d").tolist() == [
        "03-21",
        "03-21",
    ]


def test_withdrawn_demands_are_shown_as_they_stood_at_the_last_dispatch():
    before, now = ledger(SETTLED, SOLVING), ledger(SETTLED)
    sheet = dispatch_sheet(now, "2022-02-27", "2022-02-28", before=before)
    assert sheet[["demand_id", "change", "days", "status", "next_step"]].to_numpy().tolist() == [
        ["D1", "已撤销", 57, "solving", "办结并答复企业"]
    ]


def test_duties_stand_by_department_and_limit_with_words_in_chinese(tmp_path):
    rows = [(f"2022-01-0{day}", None, None, None, "collected", remit, None)
            for day, remit in ((3, True), (1, False), (2, None))]  # fmt: skip
    given = ledger(*rows)
    given.demands["owner"] = pd.array(["乙部", "乙部", "甲部"], dtype="str")
    book = load_workbook(write_lists(given, tmp_path / "a.xlsx", on="2022-02-02", within=30))
    duties = [row[:2] for row in book["责任清单"].iter_rows(min_row=2, values_only=True)]
    assert duties == [("乙部", "D1"), ("乙部", "D0"), ("甲部", "D2")]
    problems = [(row[0], row[4], row[8]) for row in book["问题清单"].iter_rows(min_row=2, values_only=True)]
    assert problems == [("D1", "否", "是"), ("D2", None, "是"), ("D0", "是", "否")]


def test_demands_that_cannot_be_solved_are_listed_as_such():
    closed = ("2022-01-03", "2022-01-04", "2022-01-20", None, "cannot be solved", True, None)
    undated = ("2022-01-03", "2022-01-04", None, None, "not accepted", True, None)
    waiting = ("2022-01-03", "2022-01-04", None, None, "solving", True, None)
    sheet = dispatch_sheet(ledger(closed), "2022-01-10", "2022-01-31")
    assert sheet[["change", "next_step"]].to_numpy().tolist() == [["无法解决", "核实已向企业说明原因后归档"]]
    sheet = dispatch_sheet(ledger(undated), "2022-01-10", "2022-03-31", before=ledger(waiting))
    assert sheet[["change", "was"]].to_numpy().tolist() == [["不予受理", "办理中"]]
    # That a settled demand turns out not to be solvable is no reopening, and is said once.
    unsolved = ("2022-01-03", "2022-01-04", None, None, "cannot be solved", True, None)
    assert changed(ledger(SETTLED), ledger(unsolved)) == [["D0", "无法解决", "已办结"]]
    assert changed(ledger(unsolved), ledger(unsolved)) == []
    assert changed(ledger(SETTLED), ledger(closed)) == []


def test_lists_do_not_speak_of_a_remit_that_nobody_wrote_down(tmp_path):
    row = ("2022-01-03", "2022-01-04", None, None, "solving")
    for remit, there in ((True, True), (None, False)):
        book = load_workbook(write_lists(ledger((*row, remit, None)), tmp_path / "l.xlsx", on="2022-01-31"))
        assert ("职责范围内" in [cell.value for cell in book["问题清单"][1]]) is there
