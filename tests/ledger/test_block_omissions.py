"""Rows that are left out of a table."""

from helpers.ledger_blocks import HEAD, asked, cells, gathered, left, row, rows_in_file

SHEET = "sheet '台账': "


def test_rows_that_hold_only_their_number_are_left_out():
    found = gathered(HEAD, row(1), ["2", "", "", "", "", ""], row(3))
    assert rows_in_file(found) == [2, 4]
    assert left(found) == [(3, "序号", "2", "numbered row with nothing else")]
    assert found.notes == [f"{SHEET}1 numbered rows hold nothing else"]


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


def test_rows_that_a_column_calls_no_demand_are_left_out_and_a_request_among_them_is_a_question():
    head = [*HEAD, "是否诉求"]
    texts = [("停车难", "是"), ("好的，收到通知", "否"), ("希望增加班车", "否")]
    found = gathered(head, *([*row(n, text=text), answer] for n, (text, answer) in enumerate(texts, 1)))
    assert cells(found, "text") == [["停车难"], ["希望增加班车"]]
    assert {why for *_, why in left(found)} == {"是否诉求 says 否"}
    assert asked(found) == [(4, "text", "希望增加班车", "contradicts")]


def test_business_as_usual_is_no_demand():
    found = gathered(HEAD, row(1, text="生产正常"), row(2, text="停车难"), row(3, text="正常生产受停电影响"))
    assert rows_in_file(found) == [3, 4]
    assert {why for *_, why in left(found)} == {"nothing asked"}
