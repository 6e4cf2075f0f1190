import pandas as pd
import pytest
from helpers.listed_demands import GIVEN, ledger
from openpyxl import load_workbook

from liaison_analysis.errors import LedgerError
from liaison_analysis.followup.meeting import meeting_papers, read_decisions, write_meeting
from liaison_analysis.ledger.model import Ledger

ON = "2022-02-28"


@pytest.fixture(scope="module")
def papers():
    return meeting_papers(GIVEN, "2022-01-31", ON)


def test_what_is_late_and_why(papers):
    late = papers["late"]
    assert late[["demand_id", "over", "why", "level", "notify"]].to_numpy().tolist() == [
        ["D0", 28, "已收集未交办", 1, "责任部门负责人"],
        ["D1", 28, "超出自身职责，需报上级协调", 1, "责任部门负责人"],
        ["D2", 27, "已交办未启动办理", 1, "责任部门负责人"],
        ["D3", 26, "超出自身职责，需报上级协调", 1, "责任部门负责人"],
    ]


def test_what_is_to_be_decided_is_what_was_escalated_or_nobody_owns():
    given = ledger(
        ("2022-01-01", None, None, None, "collected", True, None),
        ("2022-02-20", None, None, None, "collected", True, None),
        ("2022-02-20", None, None, None, "collected", True, None),
    )
    given.demands["owner"] = pd.array(["甲部", None, "甲部"], dtype="str")
    wanted = meeting_papers(given, "2022-01-31", ON)["decisions"]
    assert wanted[["demand_id", "why", "now"]].fillna("").to_numpy().tolist() == [
        ["D0", "超期 28 天：已收集未交办", "甲部"],
        ["D1", "未明确责任部门", ""],
    ]
    assert wanted["meeting_on"].eq(pd.Timestamp(ON)).all()
    assert wanted[["decision", "owner", "due_on"]].eq("").all(axis=None)


def test_figures_of_departments_add_up(papers):
    departments = papers["departments"].set_index("owner")
    assert departments.loc["甲部"].to_dict() == {
        "n_open": 5, "new": 1, "settled": 1, "over": 4, "near": 0, "undecided": 4,
    }  # fmt: skip
    given = ledger(*[("2022-02-20", None, None, None, "collected", True, None)] * 2)
    given.demands["owner"] = pd.array(["甲部", None], dtype="str")
    owners = meeting_papers(given, "2022-01-31", ON)["departments"]
    assert owners["owner"].tolist() == ["甲部", "未明确"]
    assert meeting_papers(Ledger(), "2022-01-31", ON)["departments"].empty


def test_likely_breaches_are_not_over_yet_and_of_the_limit_of_their_kind():
    rows = [("2022-01-01", None, f"2022-02-{day:02}", None, "settled", True, None) for day in range(10, 28)]
    given = ledger(*rows, ("2022-02-20", None, None, None, "solving", True, None))
    likely = meeting_papers(given, "2022-01-31", ON)["likely"]
    assert likely["demand_id"].tolist() == ["D18"]
    assert likely["chance"].iloc[0] < 0.5
    # Nothing was settled by then, so that there is no forecast.
    assert meeting_papers(given, "2022-01-31", "2022-02-05")["likely"].empty


def filled(path, row, **cells):
    """Fill in cells of a row of 需议事项 by their headers."""
    book = load_workbook(path)
    sheet = book["需议事项"]
    headers = {cell.value: cell.column for cell in sheet[1]}
    for header, value in cells.items():
        sheet.cell(row, headers[header]).value = value
    book.save(path)


def test_decisions_are_read_back_as_they_were_filled_in(tmp_path):
    path, document = write_meeting(GIVEN, tmp_path / "会.xlsx", since="2022-01-31", on=ON)
    assert document.name == "会.docx"
    assert read_decisions(path).empty
    filled(path, 3, 议定事项="报管委会协调", 牵头部门="乙部", 完成时限="2022年3月15日")
    filled(path, 2, 议定事项="三日内交办")
    assert read_decisions(path, GIVEN).astype(object).fillna("").to_numpy().tolist() == [
        ["D0", pd.Timestamp(ON), "三日内交办", "", ""],
        ["D1", pd.Timestamp(ON), "报管委会协调", "乙部", pd.Timestamp("2022-03-15")],
    ]


def test_every_wrong_decision_is_named(tmp_path):
    path, _ = write_meeting(GIVEN, tmp_path / "会.xlsx", since="2022-01-31", on=ON)
    filled(path, 2, 议定事项="办", 完成时限="下周", 诉求编号="D99")
    filled(path, 3, 议定事项="办", 会议日期=None)
    with pytest.raises(LedgerError) as caught:
        read_decisions(path, GIVEN)
    assert caught.value.problems[["row", "column", "value"]].astype(str).to_numpy().tolist() == [
        ["2", "诉求编号", "D99"],
        ["2", "完成时限", "下周"],
        ["3", "会议日期", ""],
    ]
    filled(path, 1, 议定事项="结论")
    with pytest.raises(LedgerError, match="议定事项"):
        read_decisions(path)
    book = load_workbook(path)
    del book["需议事项"]
    book.save(path)
    with pytest.raises(LedgerError, match="has no sheet 需议事项"):
        read_decisions(path)
