"""Marks say whose goods a text names; what is no goods stays as it is written."""

import pytest

from liaison_analysis.demands.goods_marks import INPUT, OTHER, OWN, USER, mark_goods, runs_of_marked


@pytest.mark.parametrize(
    ("text", "business", "marked"),
    [
        ("谐波减速器卖不动", "谐波减速器", f"{OWN}卖不动"),
        ("想找做谐波减速器的", "工业机器人", f"想找做{INPUT}的"),
        ("想找做工业机器人的", "谐波减速器", f"想找做{USER}的"),
        ("想找做谐波减速器的", "豆腐", f"想找做{OTHER}的"),
        ("想找做谐波减速器的", "", f"想找做{OTHER}的"),
    ],
)
def test_the_same_thing_has_the_mark_of_who_asks(text, business, marked):
    assert mark_goods(text, business) == marked


def test_a_thing_that_no_table_knows_is_own_where_the_business_names_it():
    assert mark_goods("缺噗噜粉", "噗噜粉、面粉") == f"缺{OWN}"
    assert mark_goods("缺噗噜粉", "面粉") == "缺噗噜粉"


def test_a_kind_of_the_enterprises_goods_is_its_own():
    assert mark_goods("协作机器人卖不动", "工业机器人") == f"{OWN}卖不动"


def test_two_trades_have_the_same_runs():
    of_gears = runs_of_marked("谐波减速器从外省拉", "工业机器人")
    assert of_gears == runs_of_marked("轴承从外省拉", "减速器")
    assert f"~{INPUT}从外省" in of_gears
    assert max(map(len, of_gears)) == 5


def test_runs_hold_no_blanks_and_nothing_has_none():
    assert "~停 车" not in runs_of_marked("停 车", "")
    assert not any(c.isspace() for run in runs_of_marked("停 车\n难", "") for c in run)
    assert runs_of_marked("", "轴承") == []
