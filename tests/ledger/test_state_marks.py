"""States by strikes, colours, brackets, labels and remarks."""

from helpers.clerk_sheet import sheet_file
from helpers.ledger_blocks import table_of, tables
from openpyxl.styles import Font, PatternFill

from liaison_analysis.ledger import read_ledger


def test_strikes_are_settled_where_a_note_says_so_and_left_out_elsewhere():
    rows = [["企业名称", "诉求内容"], ["甲公司", "停车难"], ["乙公司", "招工难"]]
    struck = frozenset({(1, 0), (1, 1)})
    columns, _ = table_of([["台账（划线表示已办结）"], *rows], struck=frozenset({(2, 0), (2, 1)}))
    assert columns["诉求内容"] == ["停车难", "招工难"]
    assert columns["办理状态"] == ["已办结", ""]
    columns, _ = table_of(rows, struck=struck)
    assert columns == {"企业名称": ["乙公司"], "诉求内容": ["招工难"]}


def test_rows_have_the_state_of_their_colour_where_a_note_explains_it(tmp_path):
    colours = ["92D050", "FFFF00", None, "F8CBAD"]

    def paint(sheet):
        for row, colour in enumerate(colours, 2):
            for cell in sheet[row][:2] if colour else ():
                cell.fill = PatternFill("solid", fgColor=colour)
        sheet["D4"].font = Font(color="FFFF00")
        for cell in sheet[1]:
            cell.fill = PatternFill("solid", fgColor="4472C4")
        sheet["A6"].fill = PatternFill("solid", fgColor="92D050")
        sheet["B6"].fill = PatternFill("solid", fgColor="FFFF00")

    rows = [["企业名称", "诉求内容", "日期", "部门"]]
    rows += [[f"{name}机械有限公司", f"{name}厂停车难", "2023-04-05", "城建局"] for name in "甲乙丙丁戊"]
    rows.append(["说明：绿色已办结，黄色在办，其余未办理"])
    ledger = read_ledger(sheet_file(tmp_path / "a.xlsx", rows, change=paint))
    states = ledger.demands["status"].fillna("").tolist()
    assert states == ["settled", "solving", "solving", "collected", ""]
    assert ledger.review[["row", "column", "status"]].to_numpy().tolist() == [[6, "status", "missing"]]


def test_a_state_in_brackets_behind_most_demands_is_theirs():
    rows = [["企业", "日期", "存在问题"]]
    rows += [["甲公司", "2022-01-01", "停车难（已解决）"], ["乙公司", "2022-01-02", "电梯坏了【推进中】。"]]
    rows += [["丙公司", "2022-01-03", "门口修路（三期）"]]
    [(headers, records)], _ = tables(rows)
    pick = [[one[headers.index(name)] for name in ("存在问题", "办理状态")] for one in records]
    assert pick == [["停车难", "已解决"], ["电梯坏了", "推进中"], ["门口修路（三期）", ""]]


def test_each_of_several_demands_may_have_its_state_in_brackets():
    rows = [
        ["企业名称", "诉求及办理情况"],
        ["甲公司", "1.厂区停车难（已解决）；2.一线招工难（推进中）。"],
        ["乙公司", "贷款利率太高（无法解决）"],
    ]
    made, _ = tables(rows)
    assert [row[1:] for row in made[0][1]] == [
        ["1、厂区停车难；2、一线招工难", "1、已解决；2、推进中"],
        ["贷款利率太高", "无法解决"],
    ]


def test_a_state_behind_a_label_in_each_demand_is_taken():
    cell = "1.缺电。办理情况：已增容解决。\n2.缺人。办理情况：正在组织招聘。"
    rows = [
        ["企业名称", "诉求及办理情况"],
        ["甲公司", cell],
        ["乙公司", "缺地，进展：正在协调"],
        ["丙公司", "漏雨"],
    ]
    columns, _ = table_of(rows)
    assert columns["企业名称"] == ["甲公司", "甲公司", "乙公司", "丙公司"]
    assert columns["诉求及办理情况"] == ["缺电", "缺人", "缺地", "漏雨"]
    assert columns["办理状态"] == ["已增容解决", "正在组织招聘", "正在协调", ""]
    assert columns["原文"][:2] == [cell, cell]


def test_remarks_that_say_a_state_give_it_where_no_column_does():
    rows = [
        ["企业名称", "诉求", "备注"],
        ["甲公司", "停车难", "已于4月1日解决"],
        ["乙公司", "招工难", "重点企业"],
    ]
    columns, _ = table_of(rows)
    assert columns["办理情况"] == ["已于4月1日解决", ""]
    assert columns["备注"] == ["已于4月1日解决", "重点企业"]
    others = [
        rows[0],
        ["甲公司", "停车难", "新厂区"],
        ["乙公司", "招工难", "重点企业"],
        ["丙公司", "漏雨", "已解决"],
    ]
    assert "办理情况" not in table_of(others)[0]
    with_states = [[*rows[0], "办理结果"], *([*row, "推进中"] for row in rows[1:])]
    assert "办理情况" not in table_of(with_states)[0]
