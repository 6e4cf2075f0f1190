import pytest

from liaison_analysis.ledger.layout import find_blocks
from liaison_analysis.ledger.sheets import Sheet
from liaison_analysis.ledger.wrapped_lines import join_wrapped_lines, joined

HEAD = ["企业名称", "时间", "问题"]


def texts(*rows):
    (block,), _ = find_blocks(Sheet("", [HEAD, *map(list, rows)]))
    join_wrapped_lines(block)
    return [list(row) for row in zip(*block.cells, strict=True)]


def test_lines_broken_inside_names_and_days_are_broken_only_to_fit_the_column():
    assert texts(
        ["海川精工\n有限公司", "2022年\n3月5日", "员工子女\n入学难"],
        ["南岭纺织\n有限公司", "2022年\n3月6日", "1.缺人\n2.缺电"],
    ) == [
        ["海川精工有限公司", "2022年3月5日", "员工子女入学难"],
        ["南岭纺织有限公司", "2022年3月6日", "1.缺人\n2.缺电"],
    ]


def test_lines_are_a_list_where_names_and_days_stand_whole():
    rows = [
        ["海川精工有限公司", "2022年3月5日", "停车难\n用电紧"],
        ["南岭纺织有限公司\n甲某", "2022年3月6日", "缺人\n缺电"],
    ]
    assert texts(*rows) == rows
    named = [
        ["甲某\n海川精工有限公司", "3月5日", "停车难\n用电紧"],
        ["乙某\n南岭精密纺织有限公司", "3月6日", "缺人\n缺电"],
    ]
    assert texts(*named) == named
    one = [["海川精工\n有限公司", "2022年3月5日", "停车难\n用电紧"]]
    assert texts(*one) == one  # once is not enough


@pytest.mark.parametrize("cell", ["①停车\n②停电", "停车难。\n用电紧", "一是停车\n二是停电", "(1)车\n(2)电"])
def test_numbered_lines_and_sentences_stay(cell):
    assert joined(cell) == cell
