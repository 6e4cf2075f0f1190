"""The form of visits: what it asks, what is read back, and what the ledger holds after it."""

from dataclasses import replace

import pandas as pd
import pytest
from helpers.small_ledger import frame, ledger
from openpyxl import load_workbook

from liaison_analysis.errors import LedgerError
from liaison_analysis.followup.visit_forms import read_visit_form, with_visits, write_visit_form
from liaison_analysis.ledger.reading import read_ledger
from liaison_analysis.ledger.writing import write_ledger

ON = "2022-04-30"
DAY = pd.Timestamp("2022-05-05")


def given():
    base = ledger()
    demands = base.demands.assign(
        owner=["甲部", "乙部", "甲部", None, "甲部", "乙部"],
        status=["settled", "assigned", "collected", None, "solving", "collected"],
        settled_on=pd.to_datetime(["2022-02-01", None, None, None, None, None]),
        kind=["市场", "供应", "供应", "供应", "供应", "停车"],
    )
    columns = ["visit_id", "officer_id", "enterprise_id", "visited_on"]
    visits = frame("visits", columns, [("B1", "O1", "R", "2022-01-05")])
    return replace(base, demands=demands, visits=visits)


def plan():
    rows = [("O1", "V", "乙整车", "2022-05-02"), ("O2", "R", "甲机器人", "2022-05-09")]
    return pd.DataFrame(rows, columns=["officer_id", "enterprise_id", "name", "week_of"])


@pytest.fixture
def path(tmp_path):
    return write_visit_form(given(), plan(), tmp_path / "form.xlsx", on=ON)


def fill(path, sheet, row, **cells):
    book = load_workbook(path)
    headers = {cell.value: cell.column for cell in book[sheet][1]}
    for header, value in cells.items():
        book[sheet].cell(row, headers[header]).value = value
    book.save(path)


def rows_of(path, sheet):
    return list(load_workbook(path)[sheet].iter_rows(min_row=2, values_only=True))


def test_the_form_lists_each_visit_and_the_open_demands_with_their_state(path):
    visits, states, new = (rows_of(path, sheet) for sheet in ("走访反馈", "诉求办理", "新提诉求"))
    assert [row[:3] for row in visits] == [("V", "乙整车", "O1"), ("R", "甲机器人", "O2")]
    assert [row[4] for row in visits] == ["乙部", "乙部"]
    assert [(row[0], row[2], row[6]) for row in states] == [
        ("V", "D2", "已交办"), ("V", "D4", "已收集"), ("R", "D6", "已收集"),
    ]  # fmt: skip
    assert [row[0] for row in new] == ["V"] * 3 + ["R"] * 3
    assert not any(cell for row in new for cell in row[2:])
    offered = {
        (sheet.title, rule.formula1): str(rule.sqref)
        for sheet in load_workbook(path)
        for rule in sheet.data_validations.dataValidation
    }
    assert offered["诉求办理", '"是,否"'] == "J2:J4"
    assert ("新提诉求", '"甲部,乙部"') in offered
    assert {name: len(rows) for name, rows in read_visit_form(path, given()).items()} == {
        "visits": 0, "demands": 0, "states": 0,
    }  # fmt: skip


def filled(path):
    fill(path, "走访反馈", 2, 走访日期="2022年5月5日", 承诺事项="下周回复车位", 备注="谈得好")
    fill(path, "诉求办理", 2, 办理状态="已办结", 是否满意="否", 说明="另找了一家")
    fill(path, "诉求办理", 3, 办理状态="已交办", 办理日期="2022-05-03")
    new = {
        "诉求内容（一行一条）": "1.想扩产\n\n（2）缺电 \n2.5吨叉车没地方停",
        "诉求类别": "停车",
        "责任部门": "乙部",
    }
    fill(path, "新提诉求", 3, **new)
    return path


def test_what_was_filled_in_is_read_back(path):
    back = read_visit_form(filled(path), given())
    assert back["visits"].to_numpy().tolist() == [["O1", "V", DAY, "下周回复车位", "谈得好"]]
    assert back["demands"].to_numpy().tolist() == [
        ["V", DAY, text, "停车", "乙部"] for text in ("想扩产", "缺电", "2.5吨叉车没地方停")
    ]
    states = back["states"].astype(object).where(back["states"].notna(), None)
    assert states.to_numpy().tolist() == [
        ["D2", "settled", DAY, False, "另找了一家"],
        ["D4", "assigned", pd.Timestamp("2022-05-03"), None, None],
    ]


def test_the_ledger_holds_all_of_it_and_is_read_as_it_was_written(path, tmp_path):
    back = with_visits(given(), read_visit_form(filled(path), given()))
    visit = back.visits.iloc[-1]
    assert visit[["visit_id", "officer_id", "enterprise_id", "promised", "note"]].tolist() == [
        "V20220505-V", "O1", "V", "下周回复车位", "谈得好",
    ]  # fmt: skip
    new = back.demands.iloc[6:]
    assert new["demand_id"].tolist() == ["D20220505-V", "D20220505-V-2", "D20220505-V-3"]
    assert set(new["status"]) == {"collected"}
    assert set(new["visit_id"]) == {"V20220505-V"}
    known = back.demands.set_index("demand_id")
    assert known.loc["D2", ["status", "settled_on", "satisfied", "visit_note"]].tolist() == [
        "settled", DAY, False, "另找了一家",
    ]  # fmt: skip
    assert known.loc["D4", ["status", "assigned_on"]].tolist() == ["assigned", pd.Timestamp("2022-05-03")]
    others = ["D1", "D3", "D5", "D6"]
    before = given().demands.set_index("demand_id")
    assert known.loc[others, before.columns].equals(before.loc[others])
    again = read_ledger(write_ledger(back, tmp_path / "ledger.xlsx"))
    assert again.visits["promised"].tolist() == back.visits["promised"].tolist()
    assert again.demands["text"].tolist() == back.demands["text"].tolist()


def test_a_form_that_is_read_twice_adds_nothing_twice(path):
    read = read_visit_form(filled(path), given())
    once = with_visits(given(), read)
    assert with_visits(once, read) == once


def test_an_id_that_the_ledger_has_already_is_not_given_again(path):
    taken = given()
    taken = replace(
        taken, demands=taken.demands.assign(demand_id=["D20220505-V", "D2", "D3", "D4", "D5", "D6"])
    )
    back = with_visits(taken, read_visit_form(filled(path), taken))
    assert back.demands["demand_id"].is_unique
    assert len(back.demands) == 9


def test_every_wrong_cell_is_named_by_sheet_row_and_column(path):
    fill(path, "走访反馈", 2, 走访日期="昨天")
    fill(path, "走访反馈", 3, 企业编号="X", 走访日期="2022-05-09")
    fill(path, "诉求办理", 2, 诉求编号="D9", 办理状态="办好了", 是否满意="还行")
    fill(path, "诉求办理", 4, 办理状态="已办结")
    fill(path, "新提诉求", 5, **{"诉求内容（一行一条）": "缺电"})
    fill(path, "新提诉求", 6, 责任部门="甲部")
    with pytest.raises(LedgerError) as caught:
        read_visit_form(path, given())
    named = caught.value.problems[["sheet", "row", "column", "value"]].astype(object)
    assert set(named.itertuples(index=False, name=None)) == {
        ("走访反馈", 2, "走访日期", "昨天"),
        ("走访反馈", 3, "企业编号", "X"),
        ("诉求办理", 2, "诉求编号", "D9"),
        ("诉求办理", 2, "办理状态", "办好了"),
        ("诉求办理", 2, "是否满意", "还行"),
        ("诉求办理", 2, "办理日期", ""),
        ("诉求办理", 4, "办理日期", ""),
        ("新提诉求", 5, "企业编号", "R"),
        ("新提诉求", 6, "企业编号", "R"),
        ("新提诉求", 6, "诉求内容（一行一条）", ""),
    }


def test_a_sheet_or_column_that_is_gone_is_named(path):
    book = load_workbook(path)
    book["走访反馈"]["A1"] = "编号"
    del book["诉求办理"]
    book.save(path)
    with pytest.raises(LedgerError) as caught:
        read_visit_form(path, given())
    assert caught.value.problems[["sheet", "column"]].to_numpy().tolist() == [
        ["走访反馈", "企业编号"], ["诉求办理", ""],
    ]  # fmt: skip


def test_words_of_a_drop_down_are_as_many_as_excel_takes(tmp_path):
    many = given()
    owners = [f"{n}号" + "部" * 60 for n in range(6)]
    many = replace(many, demands=many.demands.assign(owner=owners))
    book = load_workbook(write_visit_form(many, plan(), tmp_path / "many.xlsx", on=ON))
    rules = [rule.formula1 for rule in book["新提诉求"].data_validations.dataValidation]
    assert [rule.count("号") for rule in rules if "号" in rule] == [4]
