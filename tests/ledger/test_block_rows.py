"""Rows of a block while they are read."""

import pandas as pd

from liaison_analysis.ledger.block_rows import BlockRows
from liaison_analysis.ledger.column_choice import column_meanings
from liaison_analysis.ledger.layout import find_blocks
from liaison_analysis.ledger.records import Gathered, Options
from liaison_analysis.ledger.sheets import Sheet

LINES = [["诉求台账"], ["企业名称", "诉求内容"], ["甲公司", "停车难"], ["乙公司", "停电"], ["丙公司", "漏水"]]


def test_questions_and_cells_left_out_name_the_row_of_the_file_after_others_are_gone():
    [block], _ = find_blocks(Sheet("台账", LINES))
    meanings = column_meanings(block.headers, block.cells, "demands")
    frame = pd.DataFrame({"企业名称": block.cells[0], "text": block.cells[1]})
    out = Gathered()
    rows = BlockRows(block, "demands", meanings, frame, own=False, source="", options=Options(), out=out)
    assert rows.firm_column() == "企业名称"
    rows.keep([False, True, True])
    assert rows.frame["text"].tolist() == ["停电", "漏水"]
    rows.ask(0, "text", "停电", "why")
    rows.leave(1, "text", "漏水", "reason")
    assert [(one["row"], one["status"]) for one in out.review] == [(4, "unread")]
    assert [(one["row"], one["value"]) for one in out.left_out] == [(5, "漏水")]
