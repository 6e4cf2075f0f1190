"""Tables of a shape of their own as tables with a row for each demand."""

import pytest

from liaison_analysis.ledger.layout import find_blocks
from liaison_analysis.ledger.records import Gathered
from liaison_analysis.ledger.reshaping import reshaped
from liaison_analysis.ledger.sheets import Marks, Sheet


def tables(rows, *, name="台账", merged=()):
    """Headers and rows of every table that a sheet's rows become, and what was asked."""
    out = Gathered()
    blocks, _ = find_blocks(Sheet(name, rows, marks=Marks(merged=merged)))
    made = [one for block in blocks for one in reshaped(block, out)]
    return [(one.headers, [list(row) for row in zip(*one.cells, strict=True)]) for one in made], out.review


def test_the_state_is_the_word_over_the_tick():
    rows = [
        ["企业名称", "诉求", "已办结", "办理中"],
        ["甲公司", "停车难", "", "√"],
        ["乙公司", "招工难", "√", "√"],
    ]
    [(headers, cells)], _ = tables(rows)
    assert headers[-1] == "办理状态"
    # Two ticks are two states: a question later, and no choice.
    assert [row[-1] for row in cells] == ["办理中", "已办结、办理中"]


def test_numbered_columns_are_demands_of_their_own():
    rows = [
        ["企业名称", "问题1", "问题1办理情况", "问题2", "问题2办理情况"],
        ["甲公司", "停车难", "已办结", "招工难", "在办"],
    ]
    made, _ = tables(rows)
    assert made == [
        (["企业名称", "问题", "办理情况"], [["甲公司", "停车难", "已办结"]]),
        (["企业名称", "问题", "办理情况"], [["甲公司", "招工难", "在办"]]),
    ]


def test_columns_of_matters_give_the_category():
    rows = [
        ["企业名称", "走访日期", "用工问题", "融资问题"],
        ["甲公司", "6.1", "缺普工", ""],
        ["乙公司", "6.2", "", "贷款难"],
    ]
    made, _ = tables(rows)
    assert [(headers[-2:], cells[0][-2:]) for headers, cells in made] == [
        (["诉求内容", "诉求类别"], ["缺普工", "用工"]),
        (["诉求内容", "诉求类别"], ["贷款难", "融资"]),
    ]


def test_problems_and_proposals_are_two_columns_and_not_two_demands():
    rows = [["企业名称", "走访日期", "存在问题", "意见建议"], ["甲公司", "6.1", "缺普工", "加大宣传"]]
    made, _ = tables(rows)
    assert len(made) == 1


def test_columns_of_months_ask_for_the_days():
    rows = [["2022年"], ["企业名称", "3月诉求", "四月诉求"], ["甲公司", "门口停车难", "一线招工难"]]
    made, review = tables(rows)
    assert [cells[0] for _, cells in made] == [
        ["甲公司", "门口停车难", "3月1日"],
        ["甲公司", "一线招工难", "4月1日"],
    ]
    assert [one["written"] for one in review] == ["3月诉求", "四月诉求"]


def test_year_month_and_day_are_joined():
    [(headers, cells)], _ = tables(
        [["年", "月", "日", "企业名称", "诉求"], ["2022", "6", "15", "甲公司", "停车难"]]
    )
    assert (headers[-1], cells[0][-1]) == ("提出日期", "2022年6月15日")


def test_question_and_answer_in_one_cell_are_parted_and_kept():
    rows = [["企业名称", "走访日期", "问题及办理情况"], ["甲公司", "6.1", "诉求：停车难。办理：已办结"]]
    [(headers, cells)], _ = tables(rows)
    assert dict(zip(headers, cells[0], strict=True)) == {
        "企业名称": "甲公司",
        "走访日期": "6.1",
        "原文": "诉求：停车难。办理：已办结",
        "诉求内容": "停车难",
        "办理情况": "已办结",
    }


@pytest.mark.parametrize(
    ("section", "header", "value"),
    [
        ("一、东岸云帆软件有限公司", "企业名称", "东岸云帆软件有限公司"),
        ("二、正在办理事项（3件）", "办理状态", "正在办理"),
        ("（一）城关镇", "所属园区", "城关镇"),
        ("三、融资类", "诉求类别", "融资类"),
    ],
)
def test_a_heading_says_what_no_column_says(section, header, value):
    rows = [["序号", "诉求内容", "提出日期"], [section], ["1", "停车难", "6.1"]]
    [(headers, cells)], _ = tables(rows)
    assert dict(zip(headers, cells[0], strict=True))[header] == value


def test_labels_above_a_table_hold_for_its_rows_but_the_day_of_filling_in_does_not():
    rows = [
        ["企业名称：", "甲公司", "填报时间：2022年7月1日"],
        ["序号", "诉求内容", "办理状态"],
        ["1", "停车难", "在办"],
    ]
    [(headers, cells)], review = tables(rows)
    assert dict(zip(headers, cells[0], strict=True))["企业名称"] == "甲公司"
    assert "提出日期" not in headers
    assert review == []


def test_the_day_of_a_title_is_used_and_asked_about():
    rows = [
        ["2022年6月1日走访问题清单"],
        ["企业名称", "存在问题", "完成时限"],
        ["甲公司", "停车难", "2022-12-31"],
    ]
    [(headers, cells)], review = tables(rows)
    assert dict(zip(headers, cells[0], strict=True))["提出日期"] == "2022年6月1日"
    assert [one["status"] for one in review] == ["part"]


@pytest.mark.parametrize(
    "title", ["问题清单（截至2022年6月30日）", "2022年6月1日-6月30日问题清单", "2022年6月问题清单"]
)
def test_no_other_day_of_a_title_is_used(title):
    [(headers, _)], review = tables(
        [[title], ["企业名称", "存在问题", "办理状态"], ["甲公司", "停车难", "在办"]]
    )
    assert "提出日期" not in headers
    assert review == []


def test_numbers_may_stand_behind_any_header():
    rows = [
        ["企业名称", "诉求1", "责任单位1", "诉求2", "责任单位2"],
        ["甲公司", "停车难", "甲局", "招工难", "乙局"],
    ]
    made, _ = tables(rows)
    assert [cells for _, cells in made] == [[["甲公司", "停车难", "甲局"]], [["甲公司", "招工难", "乙局"]]]


def test_equal_headers_under_two_headings_are_two_demands():
    rows = [["企业名称", "一季度", "", "二季度", ""], ["", "诉求", "办理情况", "诉求", "办理情况"],
            ["甲公司", "停车难", "已办结", "招工难", "在办"]]  # fmt: skip
    made, _ = tables(rows, merged=((0, 1, 0, 2), (0, 3, 0, 4), (0, 0, 1, 0)))
    assert [cells for _, cells in made] == [[["甲公司", "停车难", "已办结"]], [["甲公司", "招工难", "在办"]]]


def test_headings_that_are_departments_are_asked_about():
    rows = [["序号", "企业名称", "诉求内容"], ["一、区住建局（1件）"], ["1", "甲公司", "停车难"]]
    [(headers, cells)], review = tables(rows)
    assert dict(zip(headers, cells[0], strict=True))["责任部门"] == "区住建局"
    assert [one["written"] for one in review] == ["区住建局"]
