"""Days in several columns, under steps, and beside something else in a cell."""

from helpers.ledger_blocks import cells, gathered, table_of, tables


def test_year_month_and_day_are_joined():
    [(headers, cells)], _ = tables(
        [["年", "月", "日", "企业名称", "诉求"], ["2022", "6", "15", "甲公司", "停车难"]]
    )
    assert (headers[-1], cells[0][-1]) == ("提出日期", "2022年6月15日")


def test_a_year_and_month_hold_for_the_rows_below_that_leave_them_blank_or_repeat_them():
    rows = [
        ["年", "月", "日", "来访单位", "反映事项"],
        ["2021", "11", "3", "甲公司", "停车难"],
        ["〃", "", "9", "乙公司", "漏水"],
        ["", "12", "1", "丙公司", "停电"],
        ["2022", "1", "〃", "丁公司", "堵车"],
    ]
    found, asked = tables(rows)
    headers, records = found[0]
    day = headers.index("提出日期")
    assert [one[day] for one in records] == [
        "2021年11月3日",
        "2021年11月9日",
        "2021年12月1日",
        "2022年1月1日",
    ]
    assert asked == []


def test_a_day_alone_is_of_the_month_that_the_sheet_names():
    rows = [["日", "企业", "诉求"], ["3", "甲公司", "停车难"], ["14日", "乙公司", "漏水"]]
    [(headers, records)], _ = tables(rows, name="2021年9月")
    assert [one[headers.index("提出日期")] for one in records] == ["3日", "14日"]
    rows[1][0] = "周三"
    [(headers, _)], _ = tables(rows, name="2021年9月")
    assert "提出日期" not in headers


def test_bare_steps_over_days_are_days_of_these_steps():
    head = ["企业名称", "诉求内容", "受理", "交办", "办结"]
    rows = [
        ["甲公司", "停车难", "2022-03-05", "2022-03-06", "2022-03-20"],
        ["乙公司", "停电", "2022-03-07", "", ""],
    ]
    found = gathered(head, *rows)
    assert cells(found, "raised_on", "assigned_on", "settled_on") == [
        ["2022-03-05", "2022-03-06", "2022-03-20"],
        ["2022-03-07", "", ""],
    ]
    ticked, _ = table_of([head, ["甲公司", "停车难", "", "", "√"], ["乙公司", "停电", "√", "", ""]])
    assert ticked["办理状态"] == ["办结", "受理"]


def test_days_beside_persons_are_a_column_and_the_persons_another():
    head = ["企业名称", "走访时间及人员", "反映问题"]
    columns, _ = table_of(
        [head, ["甲公司", "2024年4月1日 甲某", "招工难"], ["乙公司", "4.12（乙某、丙某）", "停电"]]
    )
    assert columns["走访时间"] == ["2024年4月1日", "4.12"]
    assert columns["人员"] == ["甲某", "乙某、丙某"]
    assert columns["走访时间及人员"][0] == "2024年4月1日 甲某"


def test_visits_with_their_days_in_one_cell_are_rows():
    head = ["企业名称", "历次走访反映问题"]
    cell = "2024年5月1日：招工难\n2024年6月3日：停电频繁；限电"
    columns, _ = table_of([head, ["甲公司", cell], ["乙公司", "（5.2）：缺仓库"]])
    assert columns["企业名称"] == ["甲公司", "甲公司", "乙公司"]
    assert columns["提出日期"] == ["2024年5月1日", "2024年6月3日", "5.2"]
    assert columns["历次走访反映问题"] == ["招工难", "停电频繁；限电", "缺仓库"]
    assert columns["原文"] == [cell, cell, "（5.2）：缺仓库"]
    plain, _ = table_of([head, ["甲公司", "5月1日起招工难"], ["乙公司", "缺仓库"]])
    assert "提出日期" not in plain
