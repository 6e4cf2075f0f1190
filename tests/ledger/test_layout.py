from liaison_analysis.ledger.layout import find_blocks
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
