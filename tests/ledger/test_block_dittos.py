"""Cells that go with the row above."""

from helpers.ledger_blocks import HEAD, asked, cells, gathered, left, row

SHEET = "sheet '台账': "


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
    below = [row("", "", text=f"第{n}件事难办") for n in range(3)]
    found = gathered(HEAD, row(1), *below[:2], row(2, ""), below[2])
    assert cells(found, "企业名称") == [["甲公司"]] * 3 + [[""]] * 2
    assert found.notes == [f"{SHEET}2 rows without number and name go with the row above"]


def test_without_numbers_a_row_without_name_and_day_is_of_the_visit_above():
    found = gathered(
        HEAD[1:], row(1)[1:], ["", "", "食堂太远", "后勤部", ""], ["", "2022-03-09", "路灯不亮", "", ""]
    )
    assert cells(found, "企业名称", "raised_on", "owner") == [
        ["甲公司", "2022-03-05", "建设部"],
        ["甲公司", "2022-03-05", "后勤部"],
        ["", "2022-03-09", ""],
    ]
    assert found.notes == [f"{SHEET}1 rows without name and day go with the row above"]


def test_a_sentence_that_is_not_at_its_end_goes_on_in_the_next_row():
    found = gathered(
        HEAD,
        row(1, text="仓库漏水，希望"),
        ["", "", "", "尽快派人维修，并且", "", ""],
        ["", "", "", "赔偿损失。", "", ""],
        row(2),
    )
    assert cells(found, "text") == [["仓库漏水，希望尽快派人维修，并且赔偿损失。"], ["停车难"]]
    assert left(found)[0] == (3, "text", "尽快派人维修，并且", "goes on with the text of the row above")
    assert asked(found) == []
