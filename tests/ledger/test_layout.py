from helpers.ledger_blocks import cells, gathered

from liaison_analysis.ledger.layout import find_blocks
from liaison_analysis.ledger.sheets import Marks, Sheet

HEAD = ["序号", "企业名称", "诉求内容", "责任部门"]
ROW = ["1", "甲公司", "停车难", "建设部"]


def test_merged_cells_hold_for_every_row_of_their_range():
    rows = [HEAD, ROW, ["2", "", "用电不足", ""], ["3", "乙公司", "招工难", ""]]
    marks = Marks(merged=((1, 1, 2, 1), (1, 3, 3, 3)))
    (block,), left = find_blocks(Sheet("s", rows, marks=marks))
    assert block.cells[1] == ["甲公司", "甲公司", "乙公司"]
    assert block.cells[3] == ["建设部"] * 3
    assert left == []


def test_a_line_above_each_table_says_of_which_enterprise_it_is():
    head = ["序号", "诉求内容", "提出时间"]
    found = gathered(
        ["企业名称：甲公司", "", "联系人：赵某"],
        head,
        ["1", "停车难", "2024-07-01"],
        ["企业名称：乙公司", "", "联系人：钱某"],
        head,
        ["1", "招工难", "2024-07-02"],
        ["2", "贷款难", "2024-07-03"],
    )
    assert cells(found, "企业名称", "text") == [
        ["甲公司", "停车难"],
        ["乙公司", "招工难"],
        ["乙公司", "贷款难"],
    ]


def test_an_answer_in_a_row_beneath_a_demand_is_its_state():
    found = gathered(
        ["序号", "企业名称", "诉求内容"],
        ["1", "甲公司", "停车难"],
        ["办理情况：已办结"],
        ["2", "乙公司", "招工难"],
        ["办理情况：正在办理"],
        ["责任单位：区人社局"],
    )
    assert cells(found, "text", "status", "owner") == [
        ["停车难", "settled", ""],
        ["招工难", "solving", "区人社局"],
    ]
    assert "办理情况：已办结" in [one["value"] for one in found.left_out]


def test_a_column_of_firms_without_a_header_is_the_enterprises():
    rows = [["甲机械厂", "停车难", "2024-05-01"], ["乙机械厂", "招工难", "2024-05-02"]]
    found = gathered(["", "诉求", "时间"], *rows)
    assert cells(found, "企业名称", "text") == [["甲机械厂", "停车难"], ["乙机械厂", "招工难"]]
    assert found.named["demands"] == {"enterprise_id": "企业名称"}


def test_a_demand_in_a_row_beneath_its_enterprise():
    found = gathered(
        ["序号", "走访企业", "走访日期", "走访领导"],
        ["1", "甲公司", "2024-05-01", "赵某"],
        ["存在问题：停车难"],
        ["2", "乙公司", "2024-05-02", "赵某"],
        ["存在问题：招工难"],
    )
    assert cells(found, "走访企业", "text") == [["甲公司", "停车难"], ["乙公司", "招工难"]]


def test_units_or_a_translation_below_the_header_are_no_demand():
    head = ["企业名称", "走访时间", "反映问题", "办理情况"]
    data = ["甲公司", "2024-05-01", "停车难", "已办结"]
    for below in (["", "（年.月.日）", "（简明扼要）", ""], ["Company", "Date", "Problem", "Status"]):
        found = gathered(head, below, data)
        assert cells(found, "企业名称", "text") == [["甲公司", "停车难"]]
        assert {one["why"] for one in found.left_out} == {"header repeated"}


def test_a_day_under_another_group_is_not_the_day_of_the_demand():
    marks = Marks(merged=((0, 0, 0, 2), (0, 3, 0, 5)))
    found = gathered(
        ["提出诉求", "", "", "办理", "", ""],
        ["单位", "内容", "时间", "单位", "时间", "结果"],
        ["甲公司", "停车难", "2024-05-01", "区住建局", "2024-06-01", "已办结"],
        marks=marks,
    )
    assert cells(found, "text", "raised_on", "owner", "status") == [
        ["停车难", "2024-05-01", "区住建局", "settled"]
    ]
