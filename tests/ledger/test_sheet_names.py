import pytest
from helpers.strange_sheets import FIRMS, HEAD, ROWS, TEXTS, book

from liaison_analysis import LedgerError, read_ledger


def test_sheets_of_departments_that_handle_demands_name_the_owner_and_others_do_not(tmp_path):
    head = ["企业名称", "诉求日期", "诉求内容"]
    titled = {one: [[f"{one}承办清单"], head, ROWS[i][:3]] for i, one in enumerate(["区交通局", "区教育局"])}
    assert read_ledger(book(tmp_path, titled)).demands["owner"].tolist() == ["区交通局", "区教育局"]
    plain = {name: rows[1:] for name, rows in titled.items()}
    demands = read_ledger(book(tmp_path, plain)).demands
    assert demands["owner"].isna().all()
    assert demands["工作表所属部门"].tolist() == ["区交通局", "区教育局"]


def test_the_one_year_of_titles_holds_for_sheets_without_one_and_is_asked_about(tmp_path):
    def week(title, day):
        return [[title], HEAD, [FIRMS[0], day, TEXTS[0], "区供电公司", "已办结"]]

    sheets = {"第1周": week("2024年度诉求周报", "1.3"), "第2周": week("诉求周报", "1.9")}
    ledger = read_ledger(book(tmp_path, sheets))
    assert [f"{day:%F}" for day in ledger.demands["raised_on"]] == ["2024-01-03", "2024-01-09"]
    asked = ledger.review.loc[ledger.review["column"] == "raised_on"]
    assert asked[["sheet", "written", "status"]].to_numpy().tolist() == [["第2周", "2024", "part"]]
    sheets["第3周"] = week("2025年度诉求周报", "1.2")
    with pytest.raises(LedgerError, match="day without a year"):
        read_ledger(book(tmp_path, sheets))


def test_sheets_that_are_named_after_departments_are_asked_about(tmp_path):
    head = ["企业名称", "诉求日期", "诉求内容", "办理状态"]
    rows = [[*row[:3], row[4]] for row in ROWS]
    ledger = read_ledger(book(tmp_path, {"市海洋局": [head, *rows[:2]], "丹东海关": [head, *rows[2:]]}))
    assert ledger.demands["owner"].isna().all()
    asked = ledger.review.loc[ledger.review["column"] == "owner", ["sheet", "written"]]
    assert asked.to_numpy().tolist() == [["市海洋局"] * 2, ["丹东海关"] * 2]


def test_sheets_named_as_places_give_the_town_unless_a_column_does(tmp_path):
    sheets = {"东园": [HEAD, ROWS[0]], "西街道": [HEAD, ROWS[1]]}
    ledger = read_ledger(book(tmp_path, sheets))
    assert ledger.enterprises["town"].tolist() == ["东园", "西街道"]
    sheets["东园"] = [[*HEAD, "所属园区"], [*ROWS[0], "北园"]]
    ledger = read_ledger(book(tmp_path, sheets))
    assert ledger.enterprises["town"].fillna("").tolist() == ["北园", ""]


def test_the_year_of_a_cover_holds_for_days_without_one_and_is_asked_about(tmp_path):
    table = [HEAD, [FIRMS[0], "4月1日", TEXTS[0], "区供电公司", "已办结"]]
    ledger = read_ledger(book(tmp_path, {"封面": [["企业诉求台账"], ["2024年度"]], "台账": table}))
    assert ledger.demands["raised_on"].dt.strftime("%F").tolist() == ["2024-04-01"]
    assert [(one.sheet, one.written, one.status) for one in ledger.review.itertuples()] == [
        ("台账", "2024", "part")
    ]
    with pytest.raises(LedgerError, match="day without a year"):
        read_ledger(book(tmp_path, {"封面": [["2023年至2024年"]], "台账": table}))
