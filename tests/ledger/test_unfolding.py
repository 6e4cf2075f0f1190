"""Records in cells, answers in rows, ticked departments, shares and strikes as columns of a table."""

import json

from helpers.clerk_sheet import sheet_file
from helpers.ledger_blocks import tables
from openpyxl.styles import Font, PatternFill

from liaison_analysis.ledger import read_ledger
from liaison_analysis.ledger.layout import find_blocks
from liaison_analysis.ledger.records import Gathered
from liaison_analysis.ledger.reshaping import reshaped
from liaison_analysis.ledger.sheets import Marks, Sheet


def table(rows, **marks):
    """Columns of the one table that rows become, by header, and what was left out."""
    out = Gathered()
    blocks, _ = find_blocks(Sheet("台账", rows, marks=Marks(**marks)))
    [made] = [one for block in blocks for one in reshaped(block, out)]
    return dict(zip(made.headers, made.cells, strict=True)), out.left_out


def test_keys_of_records_in_a_cell_are_columns():
    first = json.dumps({"诉求内容": "停车难", "责任单位": "城管局"}, ensure_ascii=False)
    second = json.dumps({"诉求内容": "招工难", "配合单位": ["人社局", "工会"]}, ensure_ascii=False)
    columns, _ = table(
        [["主体名称", "提交时间", "表单数据"], ["甲公司", "6.1", first], ["乙公司", "6.2", second]]
    )
    assert columns["诉求内容"] == ["停车难", "招工难"]
    assert columns["责任单位"] == ["城管局", ""]
    assert columns["配合单位"] == ["", "人社局、工会"]
    assert columns["表单数据"] == [first, second]


def test_braces_that_hold_no_record_stay_as_written():
    columns, _ = table([["企业名称", "诉求"], ["甲公司", "{停车难}"], ["乙公司", "{招工难}"]])
    assert columns == {"企业名称": ["甲公司", "乙公司"], "诉求": ["{停车难}", "{招工难}"]}


def test_an_answer_in_the_row_below_goes_with_its_demand():
    rows = [
        ["企业名称", "类型", "内容", "单位"],
        ["甲公司", "诉求", "停车难", ""],
        ["", "答复", "已协调车位。", "城管局"],
        ["乙公司", "诉求", "招工难", ""],
        ["丙公司", "诉求", "融资难", ""],
        ["丙公司", "答复", "已对接银行。", "金融办"],
        ["", "答复", "再次回访。", "工信局"],
    ]
    columns, left = table(rows)
    assert columns["内容"] == ["停车难", "招工难", "融资难"]
    assert columns["答复内容"] == ["已协调车位。", "", "已对接银行。\n再次回访。"]
    assert columns["单位"] == ["城管局", "", "金融办"]
    # What finds no place beside the demand is not lost.
    assert {one["value"] for one in left} == {"答复", "工信局"}


def test_a_column_of_kinds_is_no_column_of_answers():
    rows = [["企业名称", "类型", "内容"], ["甲公司", "诉求", "停车难"], ["乙公司", "建议", "多办招聘会"]]
    columns, _ = table(rows)
    assert columns["内容"] == ["停车难", "多办招聘会"]


def test_the_ticked_department_is_responsible():
    rows = [
        ["企业名称", "存在困难", "区住建局", "区人社局", "港口集团"],
        ["甲公司", "停车难", "√", "", ""],
        ["乙公司", "招工难", "配合", "牵头", ""],
        ["丙公司", "堆场费高", "", "", "√"],
    ]
    columns, _ = table(rows)
    assert columns["责任部门"] == ["区住建局", "区人社局", "港口集团"]


def test_ticks_do_not_replace_a_column_of_departments():
    rows = [
        ["企业名称", "存在困难", "责任部门", "区住建局", "区人社局"],
        ["甲公司", "停车难", "城管局", "√", ""],
    ]
    columns, _ = table(rows)
    assert columns["责任部门"] == ["城管局"]


def test_shares_of_progress_are_per_cent():
    rows = [
        ["企业名称", "事项", "完成进度"],
        ["甲公司", "停车难", "1"],
        ["乙公司", "招工难", "0.6"],
        ["丙", "无电", "0"],
    ]
    columns, _ = table(rows)
    assert columns["完成进度"] == ["100%", "60%", "0%"]


def test_strikes_are_settled_where_a_note_says_so_and_left_out_elsewhere():
    rows = [["企业名称", "诉求内容"], ["甲公司", "停车难"], ["乙公司", "招工难"]]
    struck = frozenset({(1, 0), (1, 1)})
    columns, _ = table([["台账（划线表示已办结）"], *rows], struck=frozenset({(2, 0), (2, 1)}))
    assert columns["诉求内容"] == ["停车难", "招工难"]
    assert columns["办理状态"] == ["已办结", ""]
    columns, _ = table(rows, struck=struck)
    assert columns == {"企业名称": ["乙公司"], "诉求内容": ["招工难"]}


def test_the_state_is_the_word_over_the_tick():
    rows = [
        ["企业名称", "诉求", "已办结", "办理中"],
        ["甲公司", "停车难", "", "√"],
        ["乙公司", "招工难", "√", "√"],
    ]
    [(headers, cells)], _ = tables(rows)
    assert headers[-1] == "办理状态"
    # Two ticks are two states: a question later, and no choice.
    assert [row[-1] for row in cells] == ["办理中", "已办结、办理中"]


def test_year_month_and_day_are_joined():
    [(headers, cells)], _ = tables(
        [["年", "月", "日", "企业名称", "诉求"], ["2022", "6", "15", "甲公司", "停车难"]]
    )
    assert (headers[-1], cells[0][-1]) == ("提出日期", "2022年6月15日")


def test_question_and_answer_in_one_cell_are_parted_and_kept():
    rows = [["企业名称", "走访日期", "问题及办理情况"], ["甲公司", "6.1", "诉求：停车难。办理：已办结"]]
    [(headers, cells)], _ = tables(rows)
    assert dict(zip(headers, cells[0], strict=True)) == {
        "企业名称": "甲公司",
        "走访日期": "6.1",
        "原文": "诉求：停车难。办理：已办结",
        "诉求内容": "停车难",
        "办理情况": "已办结",
    }


def test_a_year_and_month_hold_for_the_rows_below_that_leave_them_blank_or_repeat_them():
    rows = [
        ["年", "月", "日", "来访单位", "反映事项"],
        ["2021", "11", "3", "甲公司", "停车难"],
        ["〃", "", "9", "乙公司", "漏水"],
        ["", "12", "1", "丙公司", "停电"],
        ["2022", "1", "〃", "丁公司", "堵车"],
    ]
    found, asked = tables(rows)
    headers, records = found[0]
    day = headers.index("提出日期")
    assert [one[day] for one in records] == [
        "2021年11月3日",
        "2021年11月9日",
        "2021年12月1日",
        "2022年1月1日",
    ]
    assert asked == []


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


def test_a_day_alone_is_of_the_month_that_the_sheet_names():
    rows = [["日", "企业", "诉求"], ["3", "甲公司", "停车难"], ["14日", "乙公司", "漏水"]]
    [(headers, records)], _ = tables(rows, name="2021年9月")
    assert [one[headers.index("提出日期")] for one in records] == ["3日", "14日"]
    rows[1][0] = "周三"
    [(headers, _)], _ = tables(rows, name="2021年9月")
    assert "提出日期" not in headers


def test_a_state_in_brackets_behind_most_demands_is_theirs():
    rows = [["企业", "日期", "存在问题"]]
    rows += [["甲公司", "2022-01-01", "停车难（已解决）"], ["乙公司", "2022-01-02", "电梯坏了【推进中】。"]]
    rows += [["丙公司", "2022-01-03", "门口修路（三期）"]]
    [(headers, records)], _ = tables(rows)
    pick = [[one[headers.index(name)] for name in ("存在问题", "办理状态")] for one in records]
    assert pick == [["停车难", "已解决"], ["电梯坏了", "推进中"], ["门口修路（三期）", ""]]


def test_an_enterprise_in_a_row_of_its_own_is_that_of_the_demands_below():
    rows = [["序号", "企业及问题", "走访日期", "责任单位"], ["1", "甲泵业有限公司", "2022-03-04", ""]]
    rows += [["1.1", "停车难", "", "城管局"], ["1.2", "漏水", "2022-03-09", "物业公司"]]
    rows += [["2", "乙铸造厂（东区）", "2022-04-01", ""], ["2.1", "停电", "", "供电公司"]]
    out = Gathered()
    [block] = [one for found in find_blocks(Sheet("台账", rows))[0] for one in reshaped(found, out)]
    pick = [block.headers.index(name) for name in ("企业名称", "诉求内容", "走访日期", "责任单位")]
    assert [[block.cells[j][i] for j in pick] for i in range(len(block.rows))] == [
        ["甲泵业有限公司", "停车难", "2022-03-04", "城管局"],
        ["甲泵业有限公司", "漏水", "2022-03-09", "物业公司"],
        ["乙铸造厂（东区）", "停电", "2022-04-01", "供电公司"],
    ]
    assert [(one["row"], one["value"]) for one in out.left_out] == [
        (2, "1"),
        (2, "甲泵业有限公司"),
        (2, "2022-03-04"),
        (5, "2"),
        (5, "乙铸造厂（东区）"),
        (5, "2022-04-01"),
    ]


def test_demands_that_begin_with_their_enterprise_have_a_row_each():
    rows = [["乡镇", "日期", "企业反映问题"]]
    rows += [["东镇", "2022-05-01", "1.甲泵业有限公司：停车位不够；2.乙铸造厂反映：用电不足。"]]
    rows += [["西镇", "2022-05-02", "丙（苏北）食品有限公司提出路灯不亮"]]
    [(headers, records)], _ = tables(rows)
    pick = [[one[headers.index(name)] for name in ("乡镇", "企业名称", "企业反映问题")] for one in records]
    assert pick == [
        ["东镇", "甲泵业有限公司", "停车位不够"],
        ["东镇", "乙铸造厂", "用电不足。"],
        ["西镇", "丙（苏北）食品有限公司", "路灯不亮"],
    ]


def test_progress_under_a_header_of_per_cent_is_a_share_in_per_cent():
    rows = [["企业", "诉求", "日期", "办理进度（％）"], ["甲公司", "停车难", "2022-01-01", "100"]]
    rows += [["乙公司", "漏水", "2022-01-02", "60.5"]]
    [(headers, records)], _ = tables(rows)
    assert [one[headers.index("办理进度（％）")] for one in records] == ["100%", "60.5%"]


def test_ticked_columns_under_a_heading_of_kinds_are_the_kind():
    rows = [["企业名称", "登记时间", "诉求类型", "", "", "具体内容"], ["", "", "用地", "物流", "其他", ""]]
    rows += [
        ["甲公司", "2022-01-01", "", "√", "", "限行"],
        ["乙公司", "2022-01-02", "√", "√", "", "货场太小"],
    ]
    [(headers, records)], _ = tables(rows, merged=((0, 2, 0, 4),))
    assert [one[headers.index("诉求类别")] for one in records] == ["物流", "用地、物流"]


def test_the_enterprise_may_stand_in_brackets_before_its_demand():
    rows = [
        ["任务名称", "创建时间"],
        ["【甲机械有限公司】希望解决停车难", "2024-08-01"],
        ["【乙机械有限公司】申请增加公交", "2024-08-02"],
    ]
    made, _ = tables(rows)
    assert made[0][1] == [
        ["希望解决停车难", "2024-08-01", "甲机械有限公司"],
        ["申请增加公交", "2024-08-02", "乙机械有限公司"],
    ]


def test_nothing_done_is_a_share_like_the_others():
    rows = [["企业名称", "诉求", "完成进度"], ["甲公司", "停车难", "50%"], ["乙公司", "招工难", "0"]]
    made, _ = tables(rows)
    assert [cells[-1] for cells in made[0][1]] == ["50%", "0%"]


def test_a_department_before_its_progress_is_responsible():
    rows = [
        ["企业名称", "诉求", "责任部门及进展"],
        ["甲公司", "停车难", "区住建局：已办结"],
        ["乙公司", "招工难", "区人社局:正在对接"],
    ]
    made, _ = tables(rows)
    assert [cells[-2:] for cells in made[0][1]] == [["区住建局", "已办结"], ["区人社局", "正在对接"]]


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


def test_an_enterprise_in_brackets_behind_each_text_is_a_column():
    rows = [
        ["责任单位", "认领事项"],
        ["人社局", "招工难（金桥电子有限公司）"],
        ["供电公司", "冷库用电贵（华瑞食品厂）"],
    ]
    columns, _ = table(rows)
    assert columns["企业名称"] == ["金桥电子有限公司", "华瑞食品厂"]
    assert columns["诉求内容"] == ["招工难", "冷库用电贵"]


def test_a_state_behind_a_label_in_each_demand_is_taken():
    cell = "1.缺电。办理情况：已增容解决。\n2.缺人。办理情况：正在组织招聘。"
    rows = [
        ["企业名称", "诉求及办理情况"],
        ["甲公司", cell],
        ["乙公司", "缺地，进展：正在协调"],
        ["丙公司", "漏雨"],
    ]
    columns, _ = table(rows)
    assert columns["企业名称"] == ["甲公司", "甲公司", "乙公司", "丙公司"]
    assert columns["诉求及办理情况"] == ["缺电", "缺人", "缺地", "漏雨"]
    assert columns["办理状态"] == ["已增容解决", "正在组织招聘", "正在协调", ""]
    assert columns["原文"][:2] == [cell, cell]
