"""Demands beside each other as rows of their own."""

from helpers.ledger_blocks import tables


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


def test_columns_headed_by_states_give_the_state():
    rows = [
        ["企业名称", "已解决的问题", "正在推进的事项", "暂时无法解决的问题"],
        ["甲公司", "厂门口停车难", "", "招不到焊工"],
        ["乙公司", "", "贷款利率太高", ""],
    ]
    made, _ = tables(rows)
    assert [(headers[-1], [row[-2:] for row in cells]) for headers, cells in made] == [
        ("办理状态", [["厂门口停车难", "已解决"]]),
        ("办理状态", [["贷款利率太高", "正在推进"]]),
        ("办理状态", [["招不到焊工", "暂时无法解决"]]),
    ]


def test_a_department_in_brackets_behind_a_matter_is_responsible_for_it():
    rows = [
        ["企业名称", "用工需求（人社局）", "融资需求（金融办）", "其他需求（请写明）"],
        ["甲公司", "缺普工", "贷款难", "路灯不亮"],
    ]
    made, _ = tables(rows)
    assert [dict(zip(headers[1:], cells[0][1:], strict=True)) for headers, cells in made] == [
        {"诉求内容": "缺普工", "责任部门": "人社局", "诉求类别": "用工"},
        {"诉求内容": "贷款难", "责任部门": "金融办", "诉求类别": "融资"},
        {"诉求内容": "路灯不亮", "诉求类别": "其他"},
    ]


def test_columns_headed_by_departments_hold_demands_for_them():
    rows = [
        ["企业名称", "走访日期", "住建局", "人社局"],
        ["甲公司", "2024-05-01", "厂区门口道路破损", ""],
        ["乙公司", "2024-05-02", "", "缺少数控操作工"],
    ]
    made, _ = tables(rows)
    assert [(headers[-2:], cells[0][-2:]) for headers, cells in made] == [
        (["诉求内容", "责任部门"], ["厂区门口道路破损", "住建局"]),
        (["诉求内容", "责任部门"], ["缺少数控操作工", "人社局"]),
    ]


def test_columns_without_a_number_belong_to_the_numbered_one_before_them():
    rows = [
        ["企业名称", "诉求一", "办理情况", "诉求二", "办理情况", "备注"],
        ["甲公司", "停车难", "已办结", "公交少", "推进中", "x"],
    ]
    made, _ = tables(rows)
    pairs = [dict(zip(headers, row, strict=True)) for headers, cells in made for row in cells]
    assert [(one["诉求"], one["办理情况"]) for one in pairs] == [("停车难", "已办结"), ("公交少", "推进中")]


def test_columns_headed_by_enterprises_hold_their_demands():
    rows = [
        ["走访日期", "海川精工有限公司", "南岭纺织厂"],
        ["3月5日", "停车难", "用电紧"],
        ["3月6日", "公交少", ""],
    ]
    made, _ = tables(rows)
    found = [dict(zip(headers, row, strict=True)) for headers, cells in made for row in cells]
    assert [(one["企业名称"], one["走访日期"], one["诉求内容"]) for one in found] == [
        ("海川精工有限公司", "3月5日", "停车难"),
        ("海川精工有限公司", "3月6日", "公交少"),
        ("南岭纺织厂", "3月5日", "用电紧"),
    ]
    # Firms beside a column of enterprises are something else.
    other, _ = tables([["企业名称", "海川精工有限公司", "南岭纺织厂"], ["甲公司", "供货", "采购"]])
    assert len(other) == 1


def test_columns_of_weeks_beside_enterprises_hold_demands_but_not_states():
    rows = [["企业名称", "第1周", "第2周"], ["甲公司", "招工难", "无"], ["乙公司", "正常", "冷库用电贵"]]
    made, _ = tables(rows)
    found = [dict(zip(headers, row, strict=True)) for headers, cells in made for row in cells]
    assert [
        (one["企业名称"], one["周次"], one["诉求内容"])
        for one in found
        if one["诉求内容"] not in {"无", "正常"}
    ] == [
        ("甲公司", "第1周", "招工难"),
        ("乙公司", "第2周", "冷库用电贵"),
    ]
    states = [["企业名称", "第1周", "第2周"], ["甲公司", "办理中", "已办结"]]
    assert len(tables(states)[0]) == 1


def test_cards_under_states_in_rows_of_departments_are_demands():
    rows = [
        ["部门", "已办结", "办理中"],
        ["人社局", "甲公司：招工难（5月1日）", ""],
        ["供电公司", "", "乙公司：停电频繁"],
    ]
    made, _ = tables(rows)
    found = [dict(zip(headers, row, strict=True)) for headers, cells in made for row in cells]
    assert [(one["部门"], one["企业名称"], one["诉求内容"], one["办理状态"]) for one in found] == [
        ("人社局", "甲公司", "招工难", "已办结"),
        ("供电公司", "乙公司", "停电频繁", "办理中"),
    ]
    assert [one.get("提出日期", "") for one in found] == ["5月1日", ""]
    assert found[0]["原文"] == "甲公司：招工难（5月1日）"
