"""Logs of progress: the latest entry or column is the state."""

import pytest
from helpers.ledger_blocks import HEAD, cells, gathered, row, tables

from liaison_analysis.ledger.progress_logs import latest_entry


@pytest.mark.parametrize(
    ("cell", "entry"),
    [
        ("3月5日：已受理；3月12日：现场踏勘；4月2日：已办结。", ("4月2日", "已办结。")),
        ("【2024.4.2】已办结\n【2024.3.5】已受理", ("2024.4.2", "已办结")),  # the newest first
        ("1、3月5日转区住建局办理；2、3月20日已修复", ("3月20日", "已修复")),
        ("12月20日，已受理；1月5日，已办结", ("1月5日", "已办结")),  # over the turn of the year
    ],
)
def test_the_latest_entry_of_a_log(cell, entry):
    assert latest_entry(cell) == entry


@pytest.mark.parametrize(
    "cell",
    [
        "4月2日已办结",
        "预计3月5日前协调，4月2日完成",  # a plan, then one entry
        "3月5日至4月2日，施工中",
        "面积3.5亩，容量4.2兆瓦",
        "",
    ],
)
def test_one_day_or_none_is_no_log(cell):
    assert latest_entry(cell) is None


def test_the_state_of_a_log_is_its_latest_and_its_day_is_read_where_the_year_is_known():
    log = "3月6日：已受理；3月20日：{}"
    found = gathered(HEAD, row(1, state=log.format("已办结")), row(2, state=log.format("正在施工")))
    assert cells(found, "status", "settled_on") == [["settled", "2022-03-20"], ["solving", ""]]


@pytest.mark.parametrize(
    ("heads", "kept"),
    [
        (("4月进展", "5月进展", "6月进展"), "4月进展"),
        (("进展（4月）", "进展（5月）", "进展（6月底）"), "4月（进展）"),
    ],
)
def test_of_columns_of_months_the_last_filled_one_is_the_state(heads, kept):
    table = [
        ["企业名称", "走访时间", "诉求内容", *heads],
        ["甲公司", "2022-04-01", "停车难", "正在协调", "已办结", "/"],
        ["乙公司", "2022-04-02", "招工难", "已交办", "", "正在对接"],
    ]
    found = gathered(*table)
    assert cells(found, "status", kept) == [["settled", "正在协调"], ["solving", "已交办"]]


def test_the_newest_month_may_stand_first_and_this_week_is_after_the_last():
    table = [
        ["企业名称", "走访时间", "诉求内容", "6月进展", "5月进展"],
        ["甲公司", "2022-04-01", "停车难", "已办结", "在办"],
    ]
    assert cells(gathered(*table), "status") == [["settled"]]
    table[0][3:] = ["本周进展", "上周进展"]
    assert cells(gathered(*table), "status") == [["settled"]]


def test_columns_headed_by_days_alone_are_states_where_they_hold_such():
    head = ["企业名称", "走访时间", "诉求内容", "2022-04-12", "4月19日"]
    rows = [
        ["甲公司", "2022-04-01", "停车难", "已受理", "已办结"],
        ["乙公司", "2022-04-02", "招工难", "在办", ""],
    ]
    assert cells(gathered(head, *rows), "status") == [["settled"], ["solving"]]
    rows = [[*row[:3], "35", "42"] for row in rows]  # numbers of something
    assert "status" not in gathered(head, *rows).texts["demands"]


def test_columns_of_dispatch_meetings_are_columns_of_progress():
    rows = [["企业名称", "诉求", "4月调度", "5月调度"], ["甲公司", "停车难", "选址", "已完工"]]
    rows += [["乙公司", "停电", "勘察", ""]]
    made, _ = tables(rows)
    headers, cells = made[0]
    assert [row[headers.index("最新进展")] for row in cells] == ["已完工", "勘察"]
