import pytest
from helpers.ledger_blocks import cells, gathered

from liaison_analysis.ledger.layout import find_blocks
from liaison_analysis.ledger.row_kinds import row_kind
from liaison_analysis.ledger.sheets import Marks, Sheet

HEAD = ["序号", "企业名称", "诉求内容", "责任部门"]


ROW = ["1", "甲公司", "停车难", "建设部"]


def test_a_firm_whose_name_begins_like_a_total_is_data():
    rows = [HEAD, ["合计机械有限公司", "", "停车难", ""], ["总计", "", "1", ""]]
    (block,), left = find_blocks(Sheet("s", rows))
    assert block.rows == [1]
    assert {one.why for one in left} == {"total"}


def test_struck_rows_and_rows_whose_comment_says_void_are_left_out():
    rows = [HEAD, ROW, ["2", "乙公司", "招工难", "人社部"], ["3", "丙公司", "用电", "电力部"]]
    marks = Marks(struck=frozenset((1, j) for j in range(4)), comments={(2, 1): "已搬离，作废"})
    (block,), left = find_blocks(Sheet("s", rows, marks=marks))
    assert block.rows == [3]
    assert {(one.row, one.why) for one in left} == {(1, "struck out"), (2, "comment says 已搬离，作废")}


@pytest.mark.parametrize(
    ("row", "why"),
    [
        (["示例", "某某公司", "停车难"], "example of how to fill in"),
        (["（例）", "某某公司", "停车难"], "example of how to fill in"),
        (["1", "2", "3"], "numbers of columns"),
        (["(1)", "(2)", "(3)"], "numbers of columns"),
        (["1", "甲公司", "停车难"], ""),
        (["例会", "甲公司", "停车难"], ""),
    ],
)
def test_rows_that_show_how_to_fill_in_are_no_data(row, why):
    heads = ["序号", "企业名称", "诉求内容"]
    assert row_kind(row, Sheet("", [heads, row]), 1, heads) == why


def test_numbered_names_of_groups_and_what_is_carried_over_are_no_demands():
    head = ["序号", "企业名称", "诉求内容", "办理情况"]
    rows = [["一", "东山镇（2家）", "", ""], ["1", "甲公司", "停车难", "已办结"], ["承上页", "", "1条", ""],
            ["（二）", "西河镇", "", ""], ["1", "乙公司", "停电", "办理中"]]  # fmt: skip
    found = gathered(head, *rows)
    assert cells(found, "企业名称", "所属园区") == [["甲公司", "东山镇"], ["乙公司", "西河镇"]]
