"""Answers below their demands, and behind them in a cell."""

from helpers.ledger_blocks import table_of, tables


def test_an_answer_in_the_row_below_goes_with_its_demand():
    rows = [
        ["企业名称", "类型", "内容", "单位"],
        ["甲公司", "诉求", "停车难", ""],
        ["", "答复", "已协调车位。", "城管局"],
        ["乙公司", "诉求", "招工难", ""],
        ["丙公司", "诉求", "融资难", ""],
        ["丙公司", "答复", "已对接银行。", "金融办"],
        ["", "答复", "再次回访。", "工信局"],
    ]
    columns, left = table_of(rows)
    assert columns["内容"] == ["停车难", "招工难", "融资难"]
    assert columns["答复内容"] == ["已协调车位。", "", "已对接银行。\n再次回访。"]
    assert columns["单位"] == ["城管局", "", "金融办"]
    # What finds no place beside the demand is not lost.
    assert {one["value"] for one in left} == {"答复", "工信局"}


def test_a_column_of_kinds_is_no_column_of_answers():
    rows = [["企业名称", "类型", "内容"], ["甲公司", "诉求", "停车难"], ["乙公司", "建议", "多办招聘会"]]
    columns, _ = table_of(rows)
    assert columns["内容"] == ["停车难", "多办招聘会"]


def test_rows_that_begin_with_question_or_answer_go_together():
    head = ["企业名称", "时间", "发言内容"]
    rows = [
        ["甲公司", "2022-03-05", "问：停车难"],
        ["", "", "答：已增设车位"],
        ["乙公司", "2022-03-06", "问：公交少"],
    ]
    columns, _ = table_of([head, *rows])
    assert columns["企业名称"] == ["甲公司", "乙公司"]
    assert columns["诉求内容"] == ["停车难", "公交少"]
    assert columns["答复内容"] == ["已增设车位", ""]


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
