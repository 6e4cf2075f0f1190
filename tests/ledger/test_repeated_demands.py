import openpyxl
import pandas as pd
import pytest

from liaison_analysis.ledger.reading import read_ledger
from liaison_analysis.ledger.records import Gathered
from liaison_analysis.ledger.repeated_demands import counted_once

HEAD = ["企业名称", "提出日期", "诉求内容", "办理情况"]


def piece(sheet, *rows):
    names = ["企业名称", "raised_on", "text", "status"]
    frame = pd.DataFrame([[*row, ""][:4] for row in rows], columns=names)
    return frame.assign(**{"\0file": "", "\0sheet": sheet, "\0row": range(2, 2 + len(frame))})


def counted(*pieces):
    out = Gathered()
    return [
        frame.drop(columns=["\0file", "\0sheet", "\0row"]).to_numpy().tolist()
        for frame in counted_once(pieces, out)
    ], out


def test_demands_of_monthly_sheets_that_a_summary_repeats_are_counted_once_wherever_it_stands():
    summary = piece("汇总", ["甲", "2022-01-05", "停车难", "settled"], ["乙", "2022-02-06", "用电 紧", ""],
                    ["丙", "2022-03-07", "招工难", "solving"])  # fmt: skip
    first = piece("1月", ["甲", "2022-01-05", "停车难", ""])
    second = piece("2月", ["乙", "2022-02-06", "用电紧", "solving"])
    (left, one, two), out = counted(summary, first, second)
    assert left == [["丙", "2022-03-07", "招工难", "solving"]]
    assert one == [["甲", "2022-01-05", "停车难", "settled"]]
    assert two == [["乙", "2022-02-06", "用电紧", "solving"]]
    assert [(q["sheet"], q["row"], q["status"]) for q in out.review] == [
        ("汇总", 2, "repeated"),
        ("汇总", 3, "repeated"),
    ]
    assert ("汇总", 3, "用电 紧", "stands on sheet '2月' too, and is counted once") in {
        (cell["sheet"], cell["row"], cell["value"], cell["why"]) for cell in out.left_out
    }


def test_a_state_on_which_month_and_summary_differ_is_the_one_farther_along_and_asked_about():
    (one, two), out = counted(
        piece("1月", ["甲", "2022-01-05", "停车难", "settled"], ["乙", "2022-01-06", "用电紧", "solving"]),
        piece("汇总", ["甲", "2022-01-05", "停车难", "solving"], ["乙", "2022-01-06", "用电紧", "settled"]),
    )
    assert [row[3] for row in one] == ["settled", "settled"]
    assert two == []
    assert [(q["written"], q["status"]) for q in out.review if q["column"] == "status"] == [
        ("solving", "contradicts"), ("settled", "contradicts"),
    ]  # fmt: skip
    assert ("status", "solving") in {(cell["column"], cell["value"]) for cell in out.left_out}


def test_a_weekly_list_that_carries_a_demand_on_gives_its_later_state():
    (one, two), out = counted(
        piece("第1周", ["甲", "2022-01-05", "停车难", "solving"]),
        piece("第2周", ["甲", "2022-01-05", "停车难", "settled"], ["甲", "2022-01-12", "停车难", "solving"]),
    )
    assert one == [["甲", "2022-01-05", "停车难", "settled"]]
    assert two == [["甲", "2022-01-12", "停车难", "solving"]]  # another day: asked again
    assert [q["status"] for q in out.review] == ["repeated"]


def test_the_same_words_without_a_day_are_one_demand_only_beside_a_summary():
    row = ["甲", "", "停车难"]
    (one, two), out = counted(piece("1月", row), piece("2月", row))
    assert (len(one), len(two)) == (1, 1)
    assert "is counted twice" in out.review[0]["why"]
    (one, two), out = counted(piece("1月", row), piece("总表", row, row))
    assert (len(one), len(two)) == (1, 1)  # it stands twice in the summary, and once in the month


def test_rows_with_other_ids_are_other_demands():
    first, second = (piece(name, ["甲", "2022-01-05", "停车难"]) for name in ("1月", "汇总"))
    (one, two), out = counted(first.assign(demand_id="D1"), second.assign(demand_id="D2"))
    assert (len(one), len(two)) == (1, 1)
    assert "is counted twice" in out.review[0]["why"]


@pytest.mark.parametrize("at", [0, 2])
def test_a_workbook_of_months_and_their_summary_has_every_demand_once(tmp_path, at):
    rows = {
        1: ["海川精工有限公司", "2022-01-05", "停车难", "办结"],
        2: ["南岭纺织有限公司", "2022-02-06", "用电紧张", "办理中"],
    }
    book = openpyxl.Workbook()
    book.remove(book.active)
    for month, row in rows.items():
        sheet = book.create_sheet(f"{month}月")
        sheet.append(HEAD)
        sheet.append(row)
    sheet = book.create_sheet("汇总表", at)
    sheet.append(HEAD)
    for row in rows.values():
        sheet.append(row)
    book.save(tmp_path / "a.xlsx")
    ledger = read_ledger(tmp_path / "a.xlsx")
    assert sorted(ledger.demands["text"]) == ["停车难", "用电紧张"]
    assert ledger.review["status"].tolist() == ["repeated", "repeated"]


def test_a_copy_of_a_sheet_does_not_put_a_demand_back_and_newer_weeks_may_stand_first():
    new, old = (piece(name, ["甲", "2022-01-05", "停车难", state]) for name, state in
                (("台账", "settled"), ("台账 (2)", "solving")))  # fmt: skip
    for pieces in ((new, old), (old, new)):
        frames, out = counted(*pieces)
        assert [row[3] for frame in frames for row in frame] == ["settled"]
        assert "contradicts" in [q["status"] for q in out.review]
    weeks = [piece(name, ["甲", "2022-01-05", "停车难", state]) for name, state in
             (("第3周", "settled"), ("第2周", "solving"))]  # fmt: skip
    frames, out = counted(*weeks)
    assert [row[3] for frame in frames for row in frame] == ["settled"]
    assert [q["status"] for q in out.review] == ["repeated"]


def test_a_row_that_is_entered_twice_is_counted_once_and_asked_about():
    same, other = ["甲", "2022-01-05", "停车难", "solving"], ["乙", "2022-01-05", "停车难", "solving"]
    frame = piece("台账", same, other, same).assign(序号=["1", "2", "3"])
    [rows], out = counted(frame)
    assert [row[:4] for row in rows] == [same, other]
    assert [(q["row"], q["status"]) for q in out.review] == [(4, "repeated")]
    assert ("序号", "3", "the same as a row above, and counted once") in {
        (cell["column"], cell["value"], cell["why"]) for cell in out.left_out
    }


def test_rows_that_differ_in_a_cell_or_have_ids_or_no_day_are_kept():
    first, second = ["甲", "2022-01-05", "停车难", "solving"], ["甲", "2022-01-05", "停车难", "settled"]
    [rows], out = counted(piece("台账", first, second))
    assert rows == [first, second]
    assert "as row 2, as are 1 in all, and counted twice" in out.review[0]["why"]
    [rows], out = counted(piece("台账", first, first).assign(demand_id=["D1", "D2"]))
    assert (len(rows), out.review) == (2, [])
    undated = ["甲", "", "停车难", "solving"]
    [rows], out = counted(piece("台账", undated, undated))
    assert (len(rows), out.review) == (2, [])
