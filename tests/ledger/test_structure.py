"""What is wrong with a file as a whole."""

import pytest
from helpers.ledger_blocks import HEAD, gathered

from liaison_analysis.errors import LedgerError
from liaison_analysis.ledger.checking import NO_ROWS
from liaison_analysis.ledger.records import Gathered
from liaison_analysis.ledger.sheets import Sheet
from liaison_analysis.ledger.structure import is_whole, raise_missing, second_sheets, sheet_notes

CLERKS = [HEAD, ["1", "甲公司", "2022-03-05", "停车难", "建设部", "已办结"]]
OWN = [["编号", "企业编号", "提出日期", "诉求内容"], ["D1", "E1", "2022-03-05", "停车难"]]


def problems(sheets, found):
    with pytest.raises(LedgerError) as caught:
        raise_missing(sheets, "a.xlsx", found)
    return caught.value.problems[["sheet", "row", "column", "reason"]].astype(object).to_numpy().tolist()


def test_demands_that_name_their_enterprises_are_a_whole_ledger_and_ids_alone_are_not():
    assert is_whole(gathered(*CLERKS), [Sheet("台账", CLERKS)])
    assert not is_whole(gathered(*OWN, name="企业诉求"), [Sheet("企业诉求", OWN)])
    assert not is_whole(Gathered(), [])
    found = gathered(*OWN, name="企业诉求")
    found.texts["enterprises"] = found.texts["demands"]
    assert is_whole(found, [Sheet("企业诉求", OWN)])


def test_a_sheet_that_bears_a_tables_name_must_have_been_understood():
    lost = Sheet("企业产品", [["x"]])
    assert not is_whole(gathered(*CLERKS), [Sheet("台账", CLERKS), lost])
    assert is_whole(gathered(*CLERKS), [Sheet("台账", CLERKS), Sheet("企业产品", [])])


def test_two_sheets_of_one_table_are_refused_within_a_file_and_not_between_files():
    first, second = Sheet("企业诉求", OWN), Sheet("demands", OWN, hidden=True)
    assert [(one["sheet"], one["reason"]) for one in second_sheets([first, second, Sheet("说明", OWN)])] == [
        ("demands", "a second sheet for demands, beside '企业诉求'; keep one (this one is hidden)")
    ]
    assert second_sheets([first, Sheet("demands", [])]) == []
    assert second_sheets([Sheet("demands", OWN, file="1.xlsx"), Sheet("demands", OWN, file="2.xlsx")]) == []
    assert not is_whole(gathered(*CLERKS), [Sheet("台账", CLERKS), first, second])


def test_every_missing_table_and_column_is_named_in_both_languages():
    sheets = [Sheet("企业名录", [["企业编号", "城镇"], ["E1", "水土"]])]
    found = problems(sheets, Gathered())
    assert [one[0] for one in found] == ["demands", "企业名录"]
    assert found[0][3] == "sheet is missing; name one demands or 企业诉求 (found: '企业名录')"
    assert (found[1][1], found[1][2]) == (1, "name")


def test_a_required_table_with_a_header_only_has_no_rows():
    sheets = [Sheet("enterprises", [["enterprise_id", "name"]]), Sheet("demands", OWN)]
    assert ["enterprises", NO_ROWS] in [[one[0], one[3]] for one in problems(sheets, Gathered())]


def test_where_nothing_is_missing_the_reader_is_sent_to_the_check():
    found = Gathered()
    found.texts = gathered(*CLERKS).texts | {"enterprises": gathered(*CLERKS).texts["demands"]}
    (row,) = problems([Sheet("台账", CLERKS)], found)
    assert (row[0], row[3]) == ("demands", "no table of demands was understood; see `liaison check`")


def test_notes_say_which_sheets_are_hidden_blank_or_not_used():
    sheets = [
        Sheet("台账", CLERKS, hidden=True),
        Sheet("说明", [["x"]]),
        Sheet("旧", [["x"]], hidden=True),
        Sheet("空", []),
    ]
    assert sheet_notes(sheets, gathered(*CLERKS)) == [
        "sheet '台账' is hidden and was read",
        "sheet '说明' is not a table of the ledger and was not read",
        "sheet '旧' is not a table of the ledger and was not read",
        "sheet '空' holds no cells",
    ]
    assert sheet_notes([Sheet("台账", CLERKS)], gathered(*CLERKS)) == []
