"""Departments, states and kinds over ticks."""

from helpers.ledger_blocks import table_of, tables


def test_the_ticked_department_is_responsible():
    rows = [
        ["企业名称", "存在困难", "区住建局", "区人社局", "港口集团"],
        ["甲公司", "停车难", "√", "", ""],
        ["乙公司", "招工难", "配合", "牵头", ""],
        ["丙公司", "堆场费高", "", "", "√"],
    ]
    columns, _ = table_of(rows)
    assert columns["责任部门"] == ["区住建局", "区人社局", "港口集团"]


def test_ticks_do_not_replace_a_column_of_departments():
    rows = [
        ["企业名称", "存在困难", "责任部门", "区住建局", "区人社局"],
        ["甲公司", "停车难", "城管局", "√", ""],
    ]
    columns, _ = table_of(rows)
    assert columns["责任部门"] == ["城管局"]


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


def test_ticked_columns_under_a_heading_of_kinds_are_the_kind():
    rows = [["企业名称", "登记时间", "诉求类型", "", "", "具体内容"], ["", "", "用地", "物流", "其他", ""]]
    rows += [
        ["甲公司", "2022-01-01", "", "√", "", "限行"],
        ["乙公司", "2022-01-02", "√", "√", "", "货场太小"],
    ]
    [(headers, records)], _ = tables(rows, merged=((0, 2, 0, 4),))
    assert [one[headers.index("诉求类别")] for one in records] == ["物流", "用地、物流"]
