"""Visits that a list of demands records."""

import openpyxl
import pytest

from liaison_analysis.ledger import read_ledger
from liaison_analysis.ledger.visit_rows import NOBODY


def read(tmp_path, rows, *, name="台账"):
    book = openpyxl.Workbook()
    book.active.title = name
    for row in rows:
        book.active.append(row)
    book.save(tmp_path / "a.xlsx")
    return read_ledger(tmp_path / "a.xlsx")


HEAD = ["企业名称", "走访时间", "走访领导", "诉求内容"]


def test_visits_at_which_nothing_was_asked_are_visits(tmp_path):
    rows = [HEAD, ["甲公司", "2022-06-01", "甲某", "门口停车难"], ["乙公司", "2022-06-02", "乙某", "无"]]
    ledger = read(tmp_path, rows)
    assert ledger.demands["text"].tolist() == ["门口停车难"]
    names = ledger.names()[ledger.visits["enterprise_id"]].tolist()
    assert list(zip(names, ledger.visits["officer_id"], strict=True)) == [
        ("甲公司", "甲某"),
        ("乙公司", "乙某"),
    ]
    assert ledger.visits["visited_on"].dt.strftime("%F").tolist() == ["2022-06-01", "2022-06-02"]


def test_two_demands_of_one_visit_are_one_visit(tmp_path):
    rows = [HEAD, *(["甲公司", "2022-06-01", "甲某", text] for text in ("门口停车难", "一线招工难"))]
    ledger = read(tmp_path, rows)
    assert (len(ledger.demands), len(ledger.visits)) == (2, 1)


def test_without_officers_a_placeholder_stands(tmp_path):
    rows = [["企业名称", "走访时间", "诉求内容"], ["甲公司", "2022-06-01", "门口停车难"]]
    assert read(tmp_path, rows).visits["officer_id"].tolist() == [NOBODY]


@pytest.mark.parametrize("head", ["来电时间", "留言时间", "受理时间"])
def test_calls_and_letters_are_no_visits(tmp_path, head):
    rows = [
        ["企业名称", head, "诉求内容"],
        *(["甲公司", "2022-06-01", text] for text in ("停车难", "无", "无")),
    ]
    assert read(tmp_path, rows).visits.empty


def test_with_a_register_visits_have_its_ids_and_ask_nothing_twice(tmp_path):
    book = openpyxl.Workbook()
    book.active.title = "企业名录"
    for row in [["企业编号", "企业名称"], ["E1", "江北恒泰精密机械有限公司"]]:
        book.active.append(row)
    sheet = book.create_sheet("走访")
    for row in [
        HEAD,
        ["江北恒泰精密机械有限公司", "2022-06-01", "甲某", "无"],
        ["无此企业", "2022-06-01", "甲某", "停车难"],
    ]:
        sheet.append(row)
    book.save(tmp_path / "a.xlsx")
    ledger = read_ledger(tmp_path / "a.xlsx")
    assert ledger.visits["enterprise_id"].iloc[0] == "E1"
    assert len(ledger.review) == 1
