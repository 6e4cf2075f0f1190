from helpers.small_ledger import ledger

from liaison_analysis import Analysis


def test_gaps_are_those_of_the_ledger_and_named_by_demands_first():
    chain = Analysis(ledger()).chain
    assert chain.table["product"].tolist() == ["电池包", "伺服电机", "力矩传感器", "焊装生产线"]
    assert chain.table["asked_for"].tolist() == [2, 1, 0, 0]
    assert "诉求点名2种" in chain.text.zh


def test_towns_count_what_is_made_elsewhere():
    by_town = Analysis(ledger()).chain.by_town.set_index("town")
    # 水土 makes reducers and robots; motors are made by an enterprise without a town.
    assert by_town.index.tolist() == ["水土", "鱼复"]
    assert by_town.loc["水土", "made_elsewhere"] >= 1


def test_gaps_of_few_enterprises_are_left_out_where_groups_are_protected():
    assert Analysis(ledger(), min_group=2).chain.table["product"].tolist() == ["伺服电机"]
