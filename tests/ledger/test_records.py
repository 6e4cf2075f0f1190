from liaison_analysis.ledger.records import Gathered, own_name
from liaison_analysis.ledger.sheets import Sheet


def test_a_cell_that_is_left_out_is_placed_as_excel_counts_and_a_blank_one_is_none():
    found = Gathered()
    sheet = Sheet("台账", [], file="2022.xlsx")
    found.leave(sheet, 4, "text", "合计", "total")
    found.leave(sheet, 5, "text", "", "total")
    assert found.left_out == [
        {"file": "2022.xlsx", "sheet": "台账", "row": 5, "column": "text", "value": "合计", "why": "total"}
    ]


def test_a_row_that_is_left_out_is_noted_cell_by_cell_without_its_place_and_blank_cells():
    found = Gathered()
    row = {"\0file": "a.xlsx", "\0sheet": "台账", "\0row": "7", "text": "停车难", "owner": "", "序号": "3"}
    found.leave_row(row, "total")
    assert found.left_out == [
        {"file": "a.xlsx", "sheet": "台账", "row": 7, "column": name, "value": value, "why": "total"}
        for name, value in (("text", "停车难"), ("序号", "3"))
    ]


def test_a_question_has_the_columns_of_the_review_and_no_candidate_yet():
    found = Gathered()
    found.ask("台账", 7, "status", "下周再说", "state not understood", status="unknown")
    found.ask("台账", 8, "raised_on", "6.1", "may have lost a zero")
    (first, second) = found.review
    assert [first["row"], first["written"], first["status"], first["why"]] == [
        7,
        "下周再说",
        "unknown",
        "state not understood",
    ]
    assert second["status"] == "unread"
    assert (first["enterprise_id"], first["candidates"], first["score"] == first["score"]) == ("", "", False)


def test_a_column_of_ones_own_keeps_its_header_beside_one_of_the_schema():
    assert own_name(" 走访\n领导 ", "demands") == "走访 领导"
    assert [own_name("status", table) for table in ("demands", "enterprises")] == ["status (原)", "status"]
