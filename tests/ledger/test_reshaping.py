"""A table of a shape of its own as one with a row for each demand."""

from helpers.ledger_blocks import tables


def test_the_ledgers_own_layout_stays_as_it_is():
    head = ["诉求编号", "企业编号", "提出日期", "诉求内容", "问题1", "问题2"]
    rows = [head, ["D1", "E1", "2022-03-05", "停车难", "路灯不亮", "招工难"]]
    (found,), asked = tables([["某园区诉求台账（2022年6月1日）"], *rows])
    assert found == (head, rows[1:])
    assert asked == []


def test_what_a_title_says_holds_for_each_of_the_demands_beside_each_other():
    head = ["走访时间", "3月诉求", "4月诉求"]
    rows = [["企业名称：甲公司"], head, ["2022-03-05", "门口停车难，请协调", "招不到普工，请协调"]]
    found, _ = tables(rows)
    cells = [dict(zip(head, row, strict=True)) for head, (row,) in found]
    assert [one["企业名称"] for one in cells] == ["甲公司", "甲公司"]
    assert [one["诉求"] for one in cells] == ["门口停车难，请协调", "招不到普工，请协调"]
