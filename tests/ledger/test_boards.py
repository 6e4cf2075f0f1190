from liaison_analysis.ledger.boards import board
from liaison_analysis.ledger.sheets import Sheet


def cards(*rows):
    table = board(Sheet("看板", [list(row) for row in rows]))
    return table and [row[:4] for row in table.rows[1:]]


def test_a_card_has_the_state_of_its_column_and_what_it_says():
    rows = [
        ["待办（2）", "办理中", "已办结"],
        ["1.甲公司：停车难（3月5日）", "【乙公司】用电紧", "丙厂\n2022-03-08\n招工难"],
        ["丁公司-缺仓库"],
    ]
    assert cards(*rows) == [
        ["待办", "甲公司", "停车难", "3月5日"],
        ["办理中", "乙公司", "用电紧", ""],
        ["已办结", "丙厂", "招工难", "2022-03-08"],
        ["待办", "丁公司", "缺仓库", ""],
    ]
    table = board(Sheet("", rows))
    assert table.places == (0, 1, 1, 1, 2)
    assert [row[4] for row in table.rows[1:]] == [rows[1][0], rows[1][1], rows[1][2], rows[2][0]]


def test_ticked_states_and_cards_without_an_enterprise_are_no_board():
    assert cards(["办理中", "已办结"], ["√", ""]) is None
    assert cards(["办理中", "已办结"], ["停车难", "用电紧张"]) is None
    assert cards(["企业", "已办结"], ["甲公司", "停车难"]) is None
    assert cards(["办理中", "已办结"], ["甲公司：停车难", "", "备注"]) is None
