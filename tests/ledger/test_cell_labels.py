"""Labelled texts in one cell."""

from helpers.ledger_blocks import tables

from liaison_analysis.ledger.cell_labels import labelled


def test_labels_of_a_cell_are_columns_and_the_cell_is_kept():
    cell = "【经营情况】订单稳定。【企业诉求】厂区停车难。"
    rows = [["企业名称", "走访情况"], ["甲公司", cell], ["乙公司", "【经营情况】正常【企业诉求】无"]]
    made, _ = tables(rows)
    headers, cells = made[0]
    assert headers == ["企业名称", "原文", "经营情况", "诉求内容"]
    assert cells == [
        ["甲公司", cell, "订单稳定。", "厂区停车难。"],
        ["乙公司", "【经营情况】正常【企业诉求】无", "正常", "无"],
    ]


def test_lines_with_labels():
    assert labelled("经营情况：良好\n存在问题：缺电工\n建议：加强培训") == {
        "经营情况": "良好",
        "存在问题": "缺电工",
        "建议": "加强培训",
    }


def test_a_colon_in_a_sentence_is_no_label():
    assert labelled("企业反映：厂区停车难") == {}
    assert labelled("近期两件事：停车难；招工难") == {}


def test_a_list_of_demands_is_no_set_of_labels():
    cell = "诉求一：厂区停车难\n诉求二：一线招工难"
    made, _ = tables([["企业名称", "诉求内容"], ["甲公司", cell], ["乙公司", cell]])
    assert made[0] == (["企业名称", "诉求内容"], [["甲公司", cell], ["乙公司", cell]])


def test_labels_that_repeat_for_each_demand_go_together():
    cell = "问题1：停车难\n责任单位：交通局\n进展：已解决\n问题2：停电\n责任单位：供电公司\n进展：在办。"
    assert labelled(cell) == {
        "问题": "1、停车难；2、停电",
        "责任单位": "1、交通局；2、供电公司",
        "进展": "1、已解决；2、在办",
    }
    assert labelled("问题一：停车难\n进展：已解决") == {"问题": "停车难", "进展": "已解决"}


def test_a_department_before_its_progress_is_responsible():
    rows = [
        ["企业名称", "诉求", "责任部门及进展"],
        ["甲公司", "停车难", "区住建局：已办结"],
        ["乙公司", "招工难", "区人社局:正在对接"],
    ]
    made, _ = tables(rows)
    assert [cells[-2:] for cells in made[0][1]] == [["区住建局", "已办结"], ["区人社局", "正在对接"]]
