"""Rows of a block read step by step."""

from helpers.ledger_blocks import HEAD, asked, cells, gathered, left, row


def test_a_department_beside_its_person_is_the_owner_and_the_cell_is_kept():
    head = ["企业名称", "诉求内容", "责任单位及责任人"]
    found = gathered(
        head, ["甲公司", "停车难", "交通局 乙某"], ["丙公司", "停电", "供电公司（丁某 13900001111）"]
    )
    assert cells(found, "owner") == [["交通局"], ["供电公司"]]
    frame = found.texts["demands"]
    assert "交通局 乙某" in frame["原责任单位及责任人"].tolist()


def test_what_data_bases_write_for_nothing_is_blank():
    head = ["企业名称", "诉求内容", "责任单位", "状态", "办结时间"]
    found = gathered(
        head,
        ["甲公司", "停车难", "交通局", "已办结", "2022-03-05"],
        ["乙公司", "停电", "NULL", "null", "None"],
    )
    assert cells(found, "owner", "status", "settled_on")[1] == ["", "", ""]
    assert asked(found) == []


def test_signs_for_none_are_no_department_and_no_enterprise():
    found = gathered(HEAD, row(1, "/", owner="无"), row(2, owner="无线电管理局"))
    assert cells(found, "企业名称", "owner") == [["", ""], ["甲公司", "无线电管理局"]]
    assert {one[1:] for one in left(found)} == {
        ("企业名称", "/", "says that there is none"),
        ("owner", "无", "says that there is none"),
    }
