"""Enterprises above their demands or inside their texts."""

from helpers.ledger_blocks import table_of, tables

from liaison_analysis.ledger.layout import find_blocks
from liaison_analysis.ledger.records import Gathered
from liaison_analysis.ledger.reshaping import reshaped
from liaison_analysis.ledger.sheets import Sheet


def test_an_enterprise_in_a_row_of_its_own_is_that_of_the_demands_below():
    rows = [["序号", "企业及问题", "走访日期", "责任单位"], ["1", "甲泵业有限公司", "2022-03-04", ""]]
    rows += [["1.1", "停车难", "", "城管局"], ["1.2", "漏水", "2022-03-09", "物业公司"]]
    rows += [["2", "乙铸造厂（东区）", "2022-04-01", ""], ["2.1", "停电", "", "供电公司"]]
    out = Gathered()
    [block] = [one for found in find_blocks(Sheet("台账", rows))[0] for one in reshaped(found, out)]
    pick = [block.headers.index(name) for name in ("企业名称", "诉求内容", "走访日期", "责任单位")]
    assert [[block.cells[j][i] for j in pick] for i in range(len(block.rows))] == [
        ["甲泵业有限公司", "停车难", "2022-03-04", "城管局"],
        ["甲泵业有限公司", "漏水", "2022-03-09", "物业公司"],
        ["乙铸造厂（东区）", "停电", "2022-04-01", "供电公司"],
    ]
    assert [(one["row"], one["value"]) for one in out.left_out] == [
        (2, "1"),
        (2, "甲泵业有限公司"),
        (2, "2022-03-04"),
        (5, "2"),
        (5, "乙铸造厂（东区）"),
        (5, "2022-04-01"),
    ]


def test_demands_that_begin_with_their_enterprise_have_a_row_each():
    rows = [["乡镇", "日期", "企业反映问题"]]
    rows += [["东镇", "2022-05-01", "1.甲泵业有限公司：停车位不够；2.乙铸造厂反映：用电不足。"]]
    rows += [["西镇", "2022-05-02", "丙（苏北）食品有限公司提出路灯不亮"]]
    [(headers, records)], _ = tables(rows)
    pick = [[one[headers.index(name)] for name in ("乡镇", "企业名称", "企业反映问题")] for one in records]
    assert pick == [
        ["东镇", "甲泵业有限公司", "停车位不够"],
        ["东镇", "乙铸造厂", "用电不足。"],
        ["西镇", "丙（苏北）食品有限公司", "路灯不亮"],
    ]


def test_the_enterprise_may_stand_in_brackets_before_its_demand():
    rows = [
        ["任务名称", "创建时间"],
        ["【甲机械有限公司】希望解决停车难", "2024-08-01"],
        ["【乙机械有限公司】申请增加公交", "2024-08-02"],
    ]
    made, _ = tables(rows)
    assert made[0][1] == [
        ["希望解决停车难", "2024-08-01", "甲机械有限公司"],
        ["申请增加公交", "2024-08-02", "乙机械有限公司"],
    ]


def test_an_enterprise_in_brackets_behind_each_text_is_a_column():
    rows = [
        ["责任单位", "认领事项"],
        ["人社局", "招工难（金桥电子有限公司）"],
        ["供电公司", "冷库用电贵（华瑞食品厂）"],
    ]
    columns, _ = table_of(rows)
    assert columns["企业名称"] == ["金桥电子有限公司", "华瑞食品厂"]
    assert columns["诉求内容"] == ["招工难", "冷库用电贵"]
