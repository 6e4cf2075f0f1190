import pytest

from liaison_analysis.ledger.layout import find_blocks, row_kind
from liaison_analysis.ledger.sheets import Marks, Sheet

HEAD = ["序号", "企业名称", "诉求内容", "责任部门"]
ROW = ["1", "甲公司", "停车难", "建设部"]


def test_merged_cells_hold_for_every_row_of_their_range():
    rows = [HEAD, ROW, ["2", "", "用电不足", ""], ["3", "乙公司", "招工难", ""]]
    marks = Marks(merged=((1, 1, 2, 1), (1, 3, 3, 3)))
    (block,), left = find_blocks(Sheet("s", rows, marks=marks))
    assert block.cells[1] == ["甲公司", "甲公司", "乙公司"]
    assert block.cells[3] == ["建设部"] * 3
    assert left == []


def test_a_second_header_begins_a_second_block_and_a_repeated_one_does_too():
    rows = [HEAD[:3], ROW[:3], ["二、其他"], HEAD, ROW, HEAD, ROW]
    blocks, left = find_blocks(Sheet("s", rows))
    assert [(block.header, block.rows) for block in blocks] == [(0, [1]), (3, [4]), (5, [6])]
    assert [(one.row, one.why) for one in left] == [(2, "section title")]


def test_headers_of_two_rows_with_groups():
    rows = [
        ["序号", "企业情况", "", "诉求内容"],
        ["", "企业名称", "所属园区", ""],
        ["1", "甲公司", "东园", "停车难"],
    ]
    marks = Marks(merged=((0, 1, 0, 2), (0, 0, 1, 0), (0, 3, 1, 3)))
    (block,), left = find_blocks(Sheet("s", rows, marks=marks))
    assert block.headers == ["序号", "企业名称", "所属园区", "诉求内容"]
    assert block.groups == ["", "企业情况", "企业情况", ""]
    assert [(one.value, one.why) for one in left] == [("企业情况", "heading of a group of columns")]


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
