"""Columns whose headers or cells say what they mean in another way."""

from helpers.ledger_blocks import asked, cells, gathered, tables


def table(rows):
    """Columns of the one table that rows become, by header."""
    made, _ = tables(rows)
    [(headers, lines)] = made
    return dict(zip(headers, map(list, zip(*lines, strict=True)), strict=True)), None


def test_remarks_that_say_a_state_give_it_where_no_column_does():
    rows = [
        ["企业名称", "诉求", "备注"],
        ["甲公司", "停车难", "已于4月1日解决"],
        ["乙公司", "招工难", "重点企业"],
    ]
    columns, _ = table(rows)
    assert columns["办理情况"] == ["已于4月1日解决", ""]
    assert columns["备注"] == ["已于4月1日解决", "重点企业"]
    others = [
        rows[0],
        ["甲公司", "停车难", "新厂区"],
        ["乙公司", "招工难", "重点企业"],
        ["丙公司", "漏雨", "已解决"],
    ]
    assert "办理情况" not in table(others)[0]
    with_states = [[*rows[0], "办理结果"], *([*row, "推进中"] for row in rows[1:])]
    assert "办理情况" not in table(with_states)[0]


def test_texts_of_an_editor_of_web_pages_lose_their_tags_and_are_kept_beside():
    written = '<p style="x">停车难</p><p>用电&nbsp;紧</p>'
    columns, _ = table([["企业名称", "诉求"], ["甲公司", written], ["乙公司", "温度<5℃，<a>招工难</a>"]])
    assert columns["诉求"] == ["停车难\n用电 紧", "温度<5℃，招工难"]
    assert columns["原文"][0] == written


def test_bare_steps_over_days_are_days_of_these_steps():
    head = ["企业名称", "诉求内容", "受理", "交办", "办结"]
    rows = [
        ["甲公司", "停车难", "2022-03-05", "2022-03-06", "2022-03-20"],
        ["乙公司", "停电", "2022-03-07", "", ""],
    ]
    found = gathered(head, *rows)
    assert cells(found, "raised_on", "assigned_on", "settled_on") == [
        ["2022-03-05", "2022-03-06", "2022-03-20"],
        ["2022-03-07", "", ""],
    ]
    ticked, _ = table([head, ["甲公司", "停车难", "", "", "√"], ["乙公司", "停电", "√", "", ""]])
    assert ticked["办理状态"] == ["办结", "受理"]


def test_rows_that_begin_with_question_or_answer_go_together():
    head = ["企业名称", "时间", "发言内容"]
    rows = [
        ["甲公司", "2022-03-05", "问：停车难"],
        ["", "", "答：已增设车位"],
        ["乙公司", "2022-03-06", "问：公交少"],
    ]
    columns, _ = table([head, *rows])
    assert columns["企业名称"] == ["甲公司", "乙公司"]
    assert columns["诉求内容"] == ["停车难", "公交少"]
    assert columns["答复内容"] == ["已增设车位", ""]


def test_what_data_bases_write_for_nothing_is_blank():
    head = ["企业名称", "诉求内容", "责任单位", "状态", "办结时间"]
    found = gathered(
        head,
        ["甲公司", "停车难", "交通局", "已办结", "2022-03-05"],
        ["乙公司", "停电", "NULL", "null", "None"],
    )
    assert cells(found, "owner", "status", "settled_on")[1] == ["", "", ""]
    assert asked(found) == []


def test_numbered_names_of_groups_and_what_is_carried_over_are_no_demands():
    head = ["序号", "企业名称", "诉求内容", "办理情况"]
    rows = [["一", "东山镇（2家）", "", ""], ["1", "甲公司", "停车难", "已办结"], ["承上页", "", "1条", ""],
            ["（二）", "西河镇", "", ""], ["1", "乙公司", "停电", "办理中"]]  # fmt: skip
    found = gathered(head, *rows)
    assert cells(found, "企业名称", "所属园区") == [["甲公司", "东山镇"], ["乙公司", "西河镇"]]


def test_days_beside_persons_are_a_column_and_the_persons_another():
    head = ["企业名称", "走访时间及人员", "反映问题"]
    columns, _ = table(
        [head, ["甲公司", "2024年4月1日 甲某", "招工难"], ["乙公司", "4.12（乙某、丙某）", "停电"]]
    )
    assert columns["走访时间"] == ["2024年4月1日", "4.12"]
    assert columns["人员"] == ["甲某", "乙某、丙某"]
    assert columns["走访时间及人员"][0] == "2024年4月1日 甲某"


def test_visits_with_their_days_in_one_cell_are_rows():
    head = ["企业名称", "历次走访反映问题"]
    cell = "2024年5月1日：招工难\n2024年6月3日：停电频繁；限电"
    columns, _ = table([head, ["甲公司", cell], ["乙公司", "（5.2）：缺仓库"]])
    assert columns["企业名称"] == ["甲公司", "甲公司", "乙公司"]
    assert columns["提出日期"] == ["2024年5月1日", "2024年6月3日", "5.2"]
    assert columns["历次走访反映问题"] == ["招工难", "停电频繁；限电", "缺仓库"]
    assert columns["原文"] == [cell, cell, "（5.2）：缺仓库"]
    plain, _ = table([head, ["甲公司", "5月1日起招工难"], ["乙公司", "缺仓库"]])
    assert "提出日期" not in plain


def test_years_and_months_in_rows_of_their_own_are_headings():
    head = ["企业名称", "提出日期", "诉求内容"]
    rows = [["2023年"], ["甲公司", "11月5日", "招工难"], ["2024年2月"], ["乙公司", "2日", "停电"]]
    found = gathered(head, *rows)
    assert cells(found, "raised_on")[0] == ["2023-11-05"]
    assert len(found.texts["demands"]) == 2
