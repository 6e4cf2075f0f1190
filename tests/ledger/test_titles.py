"""What titles and headings say of the rows below."""

import pytest
from helpers.ledger_blocks import cells, gathered, tables


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


def test_headings_that_are_departments_are_asked_about():
    rows = [["序号", "企业名称", "诉求内容"], ["一、区住建局（1件）"], ["1", "甲公司", "停车难"]]
    [(headers, cells)], review = tables(rows)
    assert dict(zip(headers, cells[0], strict=True))["责任部门"] == "区住建局"
    assert [one["written"] for one in review] == ["区住建局"]


def test_headings_of_tables_beside_each_other_are_their_states():
    rows = [
        ["已办结事项（2件）", "", "", "", "未解决的问题", "", ""],
        ["企业名称", "诉求内容", "收到日期", "", "企业名称", "诉求内容", "收到日期"],
        ["甲公司", "停车难", "2023-04-02", "", "乙公司", "漏水", "2023-04-03"],
        ["丙公司", "停电", "2023-04-05", "", "丁公司", "堵车", "2023-04-06"],
    ]
    found, asked = tables(rows, merged=((0, 0, 0, 2), (0, 4, 0, 6)))
    states = [[record[headers.index("办理状态")] for record in records] for headers, records in found]
    assert (states, asked) == ([["已办结"] * 2, ["未解决"] * 2], [])


def test_the_town_that_fills_in_a_table_is_that_of_its_enterprises():
    head = ["序号", "企业名称", "诉求内容", "收集时间"]
    rows = [["2023年各镇问题汇总"], ["填报单位：城南镇"], head, ["1", "甲公司", "停车难", "2023-04-02"], []]
    rows += [["填报单位（盖章）：柳河街道", "", "填表人：赵某"], head, ["1", "乙公司", "漏水", "2023-04-03"]]
    found, asked = tables(rows)
    assert [[record[headers.index("所属园区")] for record in records] for headers, records in found] == [
        ["城南镇"],
        ["柳河街道"],
    ]
    assert asked == []


def test_a_bureau_that_fills_in_a_table_is_no_town():
    rows = [["填报单位：城南镇财政局"], ["企业名称", "诉求内容", "日期"], ["甲公司", "停车难", "2023-04-02"]]
    [(headers, _)], _ = tables(rows)
    assert "所属园区" not in headers


def test_headings_over_tables_beside_each_other_are_their_states():
    rows = [
        ["已办结诉求", "", "", "", "未办结诉求"],
        ["企业名称", "诉求内容", "办结日期", "", "企业名称", "诉求内容", "未办结原因"],
        ["甲公司", "停车难", "2024-03-05", "", "乙公司", "招工难", "经费不足"],
    ]
    found = gathered(*rows)
    states = zip(found.texts["demands"]["text"], found.texts["demands"]["status"], strict=True)
    assert sorted(states) == [("停车难", "settled"), ("招工难", "solving")]


def test_labels_above_a_table_have_their_values_in_the_next_cells():
    found = gathered(
        ["企业服务档案"],
        ["企业名称", "甲机械厂", "法定代表人", "赵某"],
        ["所属园区", "科创园", "联系电话", ""],
        [],
        ["序号", "诉求内容", "提出时间"],
        ["1", "停车难", "2024-05-01"],
        ["2", "招工难", "2024-05-02"],
    )
    rows = found.texts["demands"][["企业名称", "所属园区", "text"]].to_numpy().tolist()
    assert rows == [["甲机械厂", "科创园", "停车难"], ["甲机械厂", "科创园", "招工难"]]


@pytest.mark.parametrize(
    "title",
    ["企业服务档案——海川精工有限公司", "走访记录（海川精工有限公司）", "海川精工有限公司诉求台账"],
)
def test_the_enterprise_that_a_title_names_is_asked_about(title):
    [(headers, cells)], review = tables([[title], ["走访日期", "企业诉求"], ["2022-03-05", "停车难"]])
    assert dict(zip(headers, cells[0], strict=True))["企业名称"] == "海川精工有限公司"
    assert [(one["written"], one["status"]) for one in review] == [("海川精工有限公司", "part")]


def test_the_firm_that_fills_in_a_sheet_is_no_enterprise_of_its_rows():
    [(headers, _)], review = tables(
        [["填报单位：海川科技园开发有限公司"], ["走访日期", "企业诉求"], ["2022-03-05", "停车难"]]
    )
    assert "企业名称" not in headers
    assert review == []


def test_years_and_months_in_rows_of_their_own_are_headings():
    head = ["企业名称", "提出日期", "诉求内容"]
    rows = [["2023年"], ["甲公司", "11月5日", "招工难"], ["2024年2月"], ["乙公司", "2日", "停电"]]
    found = gathered(head, *rows)
    assert cells(found, "raised_on")[0] == ["2023-11-05"]
    assert len(found.texts["demands"]) == 2
