import pytest
from helpers.clerk_sheet import sheet_file
from helpers.ledger_blocks import HEAD, asked, cells, gathered, left, row, rows_in_file

from liaison_analysis.ledger import read_ledger

SHEET = "sheet '台账': "


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


def test_a_demand_merged_over_the_rows_of_two_departments_is_one(tmp_path):
    def merge(sheet):
        for column in "ABC":
            sheet.merge_cells(f"{column}2:{column}3")

    rows = [["企业名称", "诉求内容", "提出日期", "责任单位"], ["甲公司", "停车难", "2022-06-01", "区住建局"],
            [None, None, None, "城管局"]]  # fmt: skip
    demands = read_ledger(sheet_file(tmp_path / "a.xlsx", rows, change=merge)).demands
    assert demands["owner"].tolist() == ["区住建局、城管局"]


def test_a_numbered_list_that_is_kept_as_one_demand_is_a_question():
    found = gathered(HEAD, row(1, text="1、占地30亩；2、职工90人"), row(2, text="1、厂房漏水；2、班车太少"))
    assert cells(found, "text") == [["1、占地30亩；2、职工90人"], ["厂房漏水"], ["班车太少"]]
    assert asked(found) == [(2, "text", "1、占地30亩；2、职工90人", "unmatched")]
