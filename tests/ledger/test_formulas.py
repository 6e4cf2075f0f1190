import datetime as dt

import pytest

from liaison_analysis.ledger.formulas import Formulas, shifted

DAY = dt.datetime(2022, 3, 5)  # noqa: DTZ001 - a spreadsheet's days have no time zone
ROWS = {
    "台账": [
        ["台账"],
        ["序号", "企业", "日期", "诉求"],
        [1.0, "甲", DAY, "停车"],
        [None, "乙", "2022-03-08"],
    ],
    "名 录": [["E1", "甲"], ["E2", "乙"]],
}


def computed(formula, place=(9, 9)):
    return Formulas(ROWS, {"台账": {place: formula}}).computed("台账").get(place, "unknown")


@pytest.mark.parametrize(
    ("formula", "value"),
    [
        ("=ROW()-2", 8.0),
        ("=ROW(A3)", 3.0),
        ("=COLUMN()", 10.0),
        ("=-2^2", 4.0),  # Excel's sign binds before the power
        ("=1+2*3-4/2", 5.0),
        ("=10%", 0.1),
        ("=C3+15", dt.datetime(2022, 3, 20)),  # noqa: DTZ001
        ("=C4+19", dt.datetime(2022, 3, 27)),  # noqa: DTZ001
        ("=C4-C3", 3.0),
        ("=B3&D3", "甲停车"),
        ('=B3&"（""新""）"', '甲（"新"）'),
        ('="SQ-"&TEXT(A3,"000")', "SQ-001"),
        ('=IF(C3="","未办结","已办结")', "已办结"),
        ('=IF(B3="乙",1,IF(A3>=1,"大","小"))', "大"),
        ("=VLOOKUP(\"E2\",'名 录'!A:B,2,FALSE)", "乙"),
        ("=INDEX('名 录'!$A$1:$A$2,MATCH(B4,'名 录'!$B$1:$B$2,0))", "E2"),
        ('=IFERROR(VLOOKUP("x",\'名 录\'!A:B,2,0),"无")', "无"),
        ("=SUBTOTAL(103,$B$3:B4)", 2.0),
        ("=COUNTIF(B3:B9,B4)", 1.0),
        ("=MAX($A$2:A3)+1", 2.0),
        ("=_xlfn.CONCAT(B3:B4)", "甲乙"),
        ("=E5", ""),
    ],
)
def test_a_value_that_follows_from_the_cells_is_computed_as_excel_does(formula, value):
    assert computed(formula) == value


@pytest.mark.parametrize(
    "formula",
    [
        "=TODAY()",  # another one tomorrow
        "=1/0",
        "=[other.xlsx]Sheet1!A1",
        "=没有!A1",
        "=J10",  # its own cell
        "=VLOOKUP(1,A3:B4,2)",  # the nearest one, in a list that may not be sorted
        "=SUM(",
        "={1,2}",
        "=CELL(1)",
        "=",
    ],
)
def test_a_value_that_does_not_follow_stays_unknown(formula):
    assert computed(formula) == "unknown"


def test_a_long_column_of_numbers_and_a_circle_end():
    down = {(i, 0): f"=A{i}+1" for i in range(3, 2000)}
    values = Formulas(ROWS, {"台账": down}).computed("台账")
    assert values[1999, 0] == 1998.0
    circle = {(5, 5): "=F7", (6, 5): "=F6"}
    assert Formulas(ROWS, {"台账": circle}).computed("台账") == {}


def test_days_of_an_old_mac_count_from_1904():
    assert Formulas({"a": [[1.0]]}, {"a": {(0, 1): "=YEAR(A1)"}}, mac=True).computed("a") == {(0, 1): 1904.0}


def test_a_shared_formula_moves_its_cells_but_not_the_fixed_ones():
    assert shifted('=A1+$A1+A$1+$A$1+LOG10(A1)&"A1"', 2, 1) == '=B3+$A3+B$1+$A$1+LOG10(B3)&"A1"'
    assert shifted("=A1", -1, 0) == "=#REF!"
