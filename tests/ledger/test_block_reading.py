"""Rows of a clerk's table: what is repeated, split or left out, with the row of the file beside it."""

from helpers.ledger_blocks import HEAD, asked, cells, gathered, left, row, rows_in_file

SHEET = "sheet '台账': "


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
    below = [row("", "", text=f"第{n}件事难办") for n in range(3)]
    found = gathered(HEAD, row(1), *below[:2], row(2, ""), below[2])
    assert cells(found, "企业名称") == [["甲公司"]] * 3 + [[""]] * 2
    assert found.notes == [f"{SHEET}2 rows without number and name go with the row above"]


def test_visits_at_which_nothing_was_asked_are_left_out_and_a_blank_demand_is_a_question():
    found = gathered(HEAD, row(1, text="暂无诉求", state=""), row(2, text=""), row(3))
    assert rows_in_file(found) == [4]
    assert [(at, value, why) for at, _, value, why in left(found)] == [
        *((2, value, "nothing asked") for value in ("1", "甲公司", "2022-03-05", "暂无诉求", "建设部")),
        *((3, value, "no demand in this row") for value in ("2", "甲公司", "2022-03-06", "建设部", "已办结")),
    ]
    assert asked(found) == [(3, "text", "", "missing")]
    assert found.notes == [f"{SHEET}1 visits at which nothing was asked"]


def test_rows_that_a_remark_declares_void_are_left_out_and_repeated_ones_are_asked_about():
    head = [*HEAD, "备注"]
    remarks = [
        "本条作废",
        "与第2行重复，已删除",
        "与序号2重复",
        "原租赁合同已作废，需重签",
        "误录（企业已外迁）",
    ]
    found = gathered(head, *([*row(n), remark] for n, remark in enumerate(remarks, 1)))
    assert rows_in_file(found) == [4, 5]
    assert {why for *_, why in left(found)} == {
        "a remark says 本条作废",
        "a remark says 与第2行重复，已删除",
        "a remark says 误录（企业已外迁",
    }
    assert asked(found) == [(4, "text", "停车难", "repeated")]
    assert found.notes == [f"{SHEET}3 rows are void by their remark and left out"]


def test_without_numbers_a_row_without_name_and_day_is_of_the_visit_above():
    found = gathered(
        HEAD[1:], row(1)[1:], ["", "", "食堂太远", "后勤部", ""], ["", "2022-03-09", "路灯不亮", "", ""]
    )
    assert cells(found, "企业名称", "raised_on", "owner") == [
        ["甲公司", "2022-03-05", "建设部"],
        ["甲公司", "2022-03-05", "后勤部"],
        ["", "2022-03-09", ""],
    ]
    assert found.notes == [f"{SHEET}1 rows without name and day go with the row above"]


def test_a_sentence_that_is_not_at_its_end_goes_on_in_the_next_row():
    found = gathered(
        HEAD,
        row(1, text="仓库漏水，希望"),
        ["", "", "", "尽快派人维修，并且", "", ""],
        ["", "", "", "赔偿损失。", "", ""],
        row(2),
    )
    assert cells(found, "text") == [["仓库漏水，希望尽快派人维修，并且赔偿损失。"], ["停车难"]]
    assert left(found)[0] == (3, "text", "尽快派人维修，并且", "goes on with the text of the row above")
    assert asked(found) == []


def test_several_enterprises_in_a_cell_have_a_row_each_and_are_a_question():
    names = [
        "甲泵业有限公司、乙铸造厂",
        "丙公司（南区、北区）",
        "丁食品公司、园区食堂",
        "戊公司、己公司",
        "庚公司\n辛公司",
    ]
    texts = ["路灯不亮"] * 3 + ["1、电梯损坏；2、班车太少", "路灯不亮"]
    found = gathered(
        HEAD, *(row(n, name, text=text) for n, (name, text) in enumerate(zip(names, texts, strict=True), 1))
    )
    assert cells(found, "企业名称", "text") == [
        ["甲泵业有限公司", "路灯不亮"],
        ["乙铸造厂", "路灯不亮"],
        ["丙公司（南区、北区）", "路灯不亮"],
        ["丁食品公司、园区食堂", "路灯不亮"],
        ["戊公司、己公司", "电梯损坏"],
        ["戊公司、己公司", "班车太少"],
        ["庚公司\n辛公司", "路灯不亮"],
    ]
    assert asked(found) == [
        (2, "企业名称", "甲泵业有限公司、乙铸造厂", "part"),
        (5, "企业名称", "戊公司、己公司", "unmatched"),
        (6, "企业名称", "庚公司\n辛公司", "unmatched"),
    ]
    assert rows_in_file(found) == [2, 2, 3, 4, 5, 5, 6]


def test_rows_that_a_column_calls_no_demand_are_left_out_and_a_request_among_them_is_a_question():
    head = [*HEAD, "是否诉求"]
    texts = [("停车难", "是"), ("好的，收到通知", "否"), ("希望增加班车", "否")]
    found = gathered(head, *([*row(n, text=text), answer] for n, (text, answer) in enumerate(texts, 1)))
    assert cells(found, "text") == [["停车难"], ["希望增加班车"]]
    assert {why for *_, why in left(found)} == {"是否诉求 says 否"}
    assert asked(found) == [(4, "text", "希望增加班车", "contradicts")]


def test_a_list_in_which_most_demands_stand_again_in_a_later_state_is_asked_about():
    rows = [row(1, "乙公司", state="在办"), row(2, "丙公司", state="在办")]
    settled = row(4, "丙公司", "2022-04-06")
    found = gathered(HEAD, *rows, row(3, "乙公司", "2022-04-05"), settled)
    assert asked(found) == [(4, "text", "停车难", "repeated")]
    assert len(found.texts["demands"]) == 4
    still_open = row(3, "乙公司", "2022-04-05", state="在办")
    assert asked(gathered(HEAD, *rows, still_open, settled)) == []


def test_a_department_beside_its_person_is_the_owner_and_the_cell_is_kept():
    head = ["企业名称", "诉求内容", "责任单位及责任人"]
    found = gathered(
        head, ["甲公司", "停车难", "交通局 乙某"], ["丙公司", "停电", "供电公司（丁某 13900001111）"]
    )
    assert cells(found, "owner") == [["交通局"], ["供电公司"]]
    frame = found.texts["demands"]
    assert "交通局 乙某" in frame["原责任单位及责任人"].tolist()


def test_business_as_usual_is_no_demand():
    found = gathered(HEAD, row(1, text="生产正常"), row(2, text="停车难"), row(3, text="正常生产受停电影响"))
    assert rows_in_file(found) == [3, 4]
    assert {why for *_, why in left(found)} == {"nothing asked"}


def test_what_data_bases_write_for_nothing_is_blank():
    head = ["企业名称", "诉求内容", "责任单位", "状态", "办结时间"]
    found = gathered(
        head,
        ["甲公司", "停车难", "交通局", "已办结", "2022-03-05"],
        ["乙公司", "停电", "NULL", "null", "None"],
    )
    assert cells(found, "owner", "status", "settled_on")[1] == ["", "", ""]
    assert asked(found) == []
