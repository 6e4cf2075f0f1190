"""Tables of a shape of their own as tables with a row for each demand."""

from helpers.ledger_blocks import tables


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
