"""Rows of a clerk's table: what is repeated, split or left out, with the row of the file beside it."""

from helpers.ledger_blocks import HEAD, asked, cells, gathered, left, row, rows_in_file

SHEET = "sheet '台账': "


def test_rows_that_hold_only_their_number_are_left_out():
    found = gathered(HEAD, row(1), ["2", "", "", "", "", ""], row(3))
    assert rows_in_file(found) == [2, 4]
    assert left(found) == [(3, "序号", "2", "numbered row with nothing else")]
    assert found.notes == [f"{SHEET}1 numbered rows hold nothing else"]


def test_ditto_marks_repeat_the_cell_above_even_one_that_was_repeated():
    found = gathered(HEAD, row(1), row(2, "同上", owner="〃"), row(3, "同上", owner="电力部"))
    assert cells(found, "企业名称", "owner") == [["甲公司", "建设部"]] * 2 + [["甲公司", "电力部"]]
    assert found.notes == [
        f"{SHEET}2 cells of 企业名称 say 同上 and repeat the cell above",
        f"{SHEET}1 cells of owner say 同上 and repeat the cell above",
    ]


def test_a_ditto_mark_in_the_first_row_stays_as_it_is():
    assert cells(gathered(HEAD, row(1, owner="同上"), row(2)), "owner") == [["同上"], ["建设部"]]


def test_a_name_holds_for_rows_below_without_number_and_name_and_ends_with_the_next_number():
    found = gathered(HEAD, row(1), row("", ""), row("", ""), row(2, ""), row("", ""))
    assert cells(found, "企业名称") == [["甲公司"]] * 3 + [[""]] * 2
    assert found.notes == [f"{SHEET}2 rows without number and name go with the row above"]


def test_visits_at_which_nothing_was_asked_are_left_out_and_a_blank_demand_is_a_question():
    found = gathered(HEAD, row(1, text="暂无诉求", state=""), row(2, text=""), row(3))
    assert rows_in_file(found) == [4]
    assert [(at, value, why) for at, _, value, why in left(found)] == [
        *((2, value, "nothing asked") for value in ("1", "甲公司", "2022-03-05", "暂无诉求", "建设部")),
        *((3, value, "no demand in this row") for value in ("2", "甲公司", "2022-03-05", "建设部", "已办结")),
    ]
    assert asked(found) == [(3, "text", "", "missing")]
    assert found.notes == [f"{SHEET}1 visits at which nothing was asked"]
