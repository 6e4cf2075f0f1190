"""Gathered tables become typed frames; what is wrong has the sheet and row of the file."""

from helpers.ledger_blocks import HEAD, asked, gathered, left

from liaison_analysis.errors import problem
from liaison_analysis.ledger.checking import (
    NO_ROWS,
    NO_VALUE,
    ask_about_formulas,
    checked_frames,
    sorted_problems,
)
from liaison_analysis.ledger.sheets import Marks, Sheet

OWN = ["编号", "企业编号", "提出日期", "诉求内容", "办理状态", "办结日期"]
FIRMS = ["企业编号", "企业名称", "从业人数"]


def own(*rows):
    return gathered(["标题"], [], OWN, *rows, name="企业诉求")


def places(problems):
    return [(one["sheet"], one["row"], one["column"], one["value"], one["reason"]) for one in problems]


def test_cells_are_typed_and_a_problem_stands_at_its_row_of_the_file():
    frames, problems = checked_frames(
        own(["D1", "E1", "2022-03-05", "停车难", "已办结", ""], ["D1", "", "2022-03-06", "灯", "", ""])
    )
    assert str(frames["demands"]["raised_on"].dtype).startswith("datetime64")
    assert places(problems) == [
        ("企业诉求", 5, "enterprise_id", "", "empty; every row needs a value here"),
        ("企业诉求", 5, "demand_id", "D1", "is already in row 4; remove one or give it another key"),
    ]


def test_an_unknown_id_is_a_problem_of_the_table_that_names_it():
    found = own(["D1", "E9", "2022-03-05", "停车难", "", ""])
    firms = gathered(FIRMS, ["E1", "甲公司", "9"], name="企业名录")
    found.texts["enterprises"] = firms.texts["enterprises"]
    found.own["enterprises"], found.sheets["enterprises"] = True, "企业名录"
    _, problems = checked_frames(found)
    assert [one[:4] for one in places(problems)] == [("企业诉求", 4, "enterprise_id", "E9")]


def test_a_wrong_cell_of_the_schemas_own_table_is_a_problem_and_of_a_clerks_table_a_question():
    firms = gathered(FIRMS, ["E1", "甲公司", "many"], ["E2", "乙公司", "5"], name="企业名录")
    frames, problems = checked_frames(firms)
    assert [one[:4] for one in places(problems)] == [("企业名录", 2, "headcount", "many")]
    rows = [["单位名称", "人数", "所属园区"], ["甲公司", "many", "东"], ["乙公司", "5", "东"]]
    clerks = gathered(*rows, name="名单", headers={"人数": "headcount"})
    assert clerks.own == {"enterprises": False}
    clerks.texts["enterprises"]["enterprise_id"] = ["E1", "E2"]
    frames, problems = checked_frames(clerks)
    assert problems == []
    assert frames["enterprises"]["headcount"].isna().tolist() == [True, False]
    assert asked(clerks) == [(2, "headcount", "many", "unread")]
    assert [one[:3] for one in left(clerks)] == [(2, "headcount", "many")]


def test_a_missing_required_column_is_named_at_the_header():
    found = gathered(HEAD[1:], ["甲公司", "2022-03-05", "停车难", "建设部", ""])
    _, problems = checked_frames(found)
    assert [(one[0], one[1], one[2]) for one in places(problems)] == [
        ("台账", 1, "demand_id"),
        ("台账", 1, "enterprise_id"),
    ]


def test_a_required_table_without_rows_is_a_problem_of_its_sheet():
    _, problems = checked_frames(own())
    assert ("企业诉求", None, "", "", NO_ROWS) in places(problems)


def test_a_merged_day_that_contradicts_its_row_is_left_out_and_asked():
    rows = [["D1", "E1", "2022-03-05", "停车难", "", "2022-03-10"], ["D2", "E2", "2022-03-20", "灯", "", ""]]
    found = gathered(OWN, *rows, name="企业诉求", marks=Marks(merged=((1, 5, 2, 5),)))
    frames, problems = checked_frames(found)
    assert problems == []
    assert frames["demands"]["settled_on"].isna().tolist() == [False, True]
    assert asked(found) == [(3, "settled_on", "2022-03-10", "contradicts")]
    assert left(found)[0][:3] == (3, "settled_on", "2022-03-10")
    assert left(found)[0][3].startswith("day of a merged cell: ")


def test_a_formula_without_a_value_is_left_out_and_asked_about_below_a_header_of_the_ledger():
    marks = Marks(
        formulas={(3, 0): "=X9", (3, 5): "=TODAY()", (0, 8): "=1+1"}, computed={(3, 2): "=DATE(2022,3,5)"}
    )
    rows = [["标题"], [], OWN, ["D1", "E1", "2022-03-05", "停车难", "", ""]]
    found = gathered(*rows, name="企业诉求", marks=marks)
    sheet = Sheet("企业诉求", rows, marks=marks)
    blank = [problem("企业诉求", 4, "demand_id", "", "blank"), problem("企业诉求", 4, "text", "", "blank")]
    remaining = ask_about_formulas([sheet], found, blank)
    # A cell that must be filled is a problem, which names the formula.
    assert places(remaining) == [
        ("企业诉求", 4, "demand_id", "=X9", NO_VALUE), ("企业诉求", 4, "text", "", "blank"),
    ]  # fmt: skip
    assert asked(found) == [(4, "settled_on", "=TODAY()", "unread")]
    assert {(1, "I", "=1+1", NO_VALUE), (4, "F", "=TODAY()", NO_VALUE)} <= set(left(found))
    assert (
        "1 formulas stand in the file without a value and were computed (C4 =DATE(2022,3,5))"
        in found.notes[-1]
    )


def test_problems_stand_by_sheet_row_and_column_and_a_missing_sheet_first():
    sheets = [Sheet("企业诉求", []), Sheet("enterprises", [])]
    wanted = [
        ("offers", None, ""),
        ("企业诉求", None, ""),
        ("企业诉求", 2, "demand_id"),
        ("企业诉求", 2, "text"),
        ("企业诉求", 10, "demand_id"),
        ("enterprises", 1, "name"),
    ]
    given = [problem(sheet, row, column, "", "x") for sheet, row, column in wanted]
    found = sorted_problems([given[i] for i in (5, 3, 4, 0, 2, 1)], sheets)
    assert [(one["sheet"], one["row"], one["column"]) for one in found] == wanted
