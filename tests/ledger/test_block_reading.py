"""Rows of a clerk's table: what is repeated, split or left out, with the row of the file beside it."""

import pytest
from helpers.ledger_blocks import HEAD, asked, cells, gathered, left, rows_in_file

SHEET = "sheet '台账': "


def row(n, firm="甲公司", day="2022-03-05", text="停车难", owner="建设部", state="已办结"):
    return [str(n) if n else "", firm, day, text, owner, state]


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


def test_several_demands_of_a_cell_are_rows_with_their_own_departments_and_days():
    head = [*HEAD, "办结时间"]
    found = gathered(
        head,
        [*row(1), "2022-04-01"],
        [
            *row(2, text="反映以下问题：1、宿舍不够。2、用电不足", owner="园区部；电力部", state="办理中"),
            "2022-05-01、2022-05-02",
        ],
    )
    assert cells(found, "text", "owner", "status", "settled_on") == [
        ["停车难", "建设部", "settled", "2022-04-01"],
        ["宿舍不够。", "园区部", "solving", "2022-05-01"],
        ["用电不足", "电力部", "solving", "2022-05-02"],
    ]
    assert rows_in_file(found) == [2, 3, 3]
    assert left(found) == [(3, "text", "反映以下问题：", "introduction to a list of demands")]
    assert found.notes == [f"{SHEET}1 cells held several demands; 2 rows were made of them"]


def test_departments_that_do_not_match_the_demands_are_a_question_and_stand_beside_each():
    found = gathered(HEAD, row(1, text="1、宿舍不够；2、用电不足；3、招工难", owner="甲部、乙部"))
    assert cells(found, "text", "owner") == [
        [text, "甲部、乙部"] for text in ("宿舍不够", "用电不足", "招工难")
    ]
    assert asked(found) == [(2, "owner", "甲部、乙部", "unmatched")]
    assert found.review[0]["why"] == "beside 3 demands; say which belongs to which"


def test_days_that_do_not_match_the_demands_are_left_out():
    found = gathered(
        [*HEAD, "办结时间"], [*row(1, text="1、宿舍不够；2、用电不足；3、招工难"), "2022-05-01、2022-05-02"]
    )
    assert cells(found, "settled_on") == [[""]] * 3
    assert left(found) == [
        (
            2,
            "settled_on",
            "2022-05-01、2022-05-02",
            "number of days differs from the number of demands",
        )
    ]


def test_demands_of_one_cell_number_the_id_of_their_row():
    head = ["诉求编号", "企业名称", "提出日期", "诉求内容"]
    found = gathered(
        head,
        ["D7", "甲公司", "2022-03-05", "1、宿舍不够；2、用电不足"],
        ["D8", "甲公司", "2022-03-06", "停车难"],
        ["", "乙公司", "2022-03-07", "1、招工难；2、融资难"],
    )
    assert [one[0] for one in cells(found, "demand_id")] == ["D7-1", "D7-2", "D8", "", ""]


def test_lists_in_a_column_of_letters_stay_one_demand():
    letter = "您好，我们公司在园区已有十年。" + "员工上下班很不方便，" * 12
    found = gathered(HEAD, row(1, text=letter + "1、希望增加公交。2、希望修路。"), row(2, text=letter))
    assert len(cells(found, "text")) == 2


def test_products_of_a_cell_are_rows_whose_common_share_is_left_out():
    found = gathered(
        ["企业名称", "产品", "占比"],
        ["甲公司", "减速机、注塑件", "0.4"],
        ["乙公司", "减速机", "0.3"],
        name="产品供给",
    )
    assert cells(found, "企业名称", "product", "weight", table="offers") == [
        ["甲公司", "减速机", ""],
        ["甲公司", "注塑件", ""],
        ["乙公司", "减速机", "0.3"],
    ]
    assert rows_in_file(found, "offers") == [2, 2, 3]
    assert left(found) == [(2, "weight", "0.4", "share of several products together")]


@pytest.mark.parametrize(
    ("lines", "kept"), [(("减速机、注塑件", "减速机、轴承"), 3), (("减速机", "减速机"), 2)]
)
def test_a_product_named_again_in_a_list_is_kept_once_and_a_row_of_its_own_is_left_to_the_checks(lines, kept):
    found = gathered(["企业编号", "产品"], *(["E1", line] for line in lines), name="产品供给")
    assert len(cells(found, "product", table="offers")) == kept
