"""Forms and tables on their side, as ordinary tables."""

from helpers.ledger_blocks import cells, gathered

from liaison_analysis.ledger.forms import upright
from liaison_analysis.ledger.sheets import Sheet


def test_cards_below_each_other_are_rows_of_one_table():
    rows = []
    for firm, wish in [("甲公司", "停车难"), ("乙公司", "用电紧张")]:
        rows += [["走访登记表"], ["企业名称：", firm, "走访时间：", "6月15日"], ["诉求内容：", wish], []]
    table, kind = upright(Sheet("卡", rows))
    assert kind == "form"
    assert table.rows[1:4] == [
        ["企业名称", "走访时间", "诉求内容"],
        ["甲公司", "6月15日", "停车难"],
        ["乙公司", "6月15日", "用电紧张"],
    ]
    # Each row of the table stands where its demand is written.
    assert [table.place(i) for i in (2, 3)] == [2, 6]


def test_label_and_value_may_stand_in_one_cell():
    table, kind = upright(
        Sheet("卡", [["企业名称：甲公司"], ["走访时间：2022年6月15日"], ["诉求内容：停车难"]])
    )
    assert (kind, table.rows[-1]) == ("form", ["甲公司", "2022年6月15日", "停车难"])


def test_a_label_without_a_value_is_blank_and_a_second_one_is_kept_apart():
    rows = [
        ["企业名称", "甲公司"],
        ["走访时间", "6月15日"],
        ["诉求内容", "停车难"],
        ["办理状态"],
        ["诉求内容", "招工难"],
    ]
    table, _ = upright(Sheet("卡", rows))
    assert table.rows == [
        ["企业名称", "走访时间", "诉求内容", "办理状态", "诉求内容2"],
        ["甲公司", "6月15日", "停车难", "", "招工难"],
    ]


def test_headers_in_the_first_column_are_turned():
    rows = [
        ["2022年"],
        ["企业名称", "甲公司", "乙公司"],
        ["走访日期", "6.1", "6.2"],
        ["诉求内容", "停车难", "招工难"],
    ]
    table, kind = upright(Sheet("表", rows))
    assert kind == "table on its side"
    assert table.rows == [
        ["2022年"],
        ["企业名称", "走访日期", "诉求内容"],
        ["甲公司", "6.1", "停车难"],
        ["乙公司", "6.2", "招工难"],
    ]


def test_an_ordinary_table_stays_as_it_is():
    sheet = Sheet("表", [["企业名称", "走访日期", "诉求内容"], ["甲公司", "6.1", "停车难"]])
    assert upright(sheet) == (sheet, "")


def test_numbered_labels_are_labels():
    rows = [["企业名称", "甲公司", "走访时间", "6月1日"], ["诉求1", "停车难", "责任单位1", "甲局"]]
    table, kind = upright(Sheet("表", rows))
    assert (kind, table.rows[0]) == ("form", ["企业名称", "走访时间", "诉求1", "责任单位1"])


def test_a_category_that_is_a_known_label_makes_no_form_of_a_table():
    rows = [
        ["任务名称", "所在列表", "标签", "创建时间", "截止时间"],
        ["【甲机械厂】停车难", "待办", "企业诉求", "2024-08-01", "2024-09-30"],
        ["【乙机械厂】招工难", "已完成", "企业诉求", "2024-08-02", "2024-09-30"],
    ]
    assert upright(Sheet("看板", rows))[1] == ""


def test_questions_down_the_first_column_with_respondents_beside():
    rows = [
        ["问题", "受访1", "受访2"],
        ["Q1 企业名称", "甲机械厂", "乙机械厂"],
        ["Q2 您最希望帮助解决的问题是什么", "厂区门口道路破损严重", "缺少数控操作工约12人"],
        ["Q3 填写日期", "2024-05-01", "2024-05-02"],
    ]
    found = gathered(*rows)
    assert cells(found, "Q1企业名称", "text", "raised_on") == [
        ["甲机械厂", "厂区门口道路破损严重", "2024-05-01"],
        ["乙机械厂", "缺少数控操作工约12人", "2024-05-02"],
    ]


def test_texts_in_numbered_rows_below_a_label_answer_it():
    rows = [
        ["调查问卷"],
        ["企业名称", "甲公司"],
        ["填表日期", "2022年4月1日"],
        ["一、主要困难和诉求"],
        ["1", "停车难"],
        ["2"],
        ["（3）", "招工难"],
        ["二、其他建议", "无"],
    ]
    table, kind = upright(Sheet("卷", rows))
    assert kind == "form"
    heads = dict(zip(table.rows[1], table.rows[2], strict=True))
    assert heads["一、主要困难和诉求"] == "1、停车难；2、招工难"
    rows[5:7] = []
    table, _ = upright(Sheet("卷", rows))
    assert "停车难" in table.rows[2]


def test_forms_beside_each_other_are_rows_of_their_own():
    rows = [
        ["记录卡"],
        ["企业名称", "甲公司", "企业名称", "乙公司"],
        ["走访时间", "7月1日", "走访时间", "7月2日"],
        ["反映问题", "停车难", "反映问题", "停电"],
    ]
    table, kind = upright(Sheet("卡", rows))
    assert kind == "form"
    assert table.rows[-2:] == [["甲公司", "7月1日", "停车难"], ["乙公司", "7月2日", "停电"]]
    assert [table.place(i) for i in range(len(table.rows))][-2:] == [3, 3]
