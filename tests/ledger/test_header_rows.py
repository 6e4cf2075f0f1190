from liaison_analysis.ledger.layout import find_blocks
from liaison_analysis.ledger.sheets import Marks, Sheet

HEAD = ["序号", "企业名称", "诉求内容", "责任部门"]


ROW = ["1", "甲公司", "停车难", "建设部"]


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
