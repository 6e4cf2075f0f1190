import pytest
from helpers.small_ledger import frame, ledger
from helpers.tiered_chain import tiers

from liaison_analysis.supply_chain.extensions import chain_extensions


def test_extensions_rank_by_inputs_at_hand_and_leave_tools_out():
    chain = [
        ("线", "机", "part"),
        ("铜", "机", "material"),
        ("壳", "机", "part"),
        ("线", "灯", "part"),
        ("床", "灯", "equipment"),
        ("床", "塔", "equipment"),
    ]
    led = tiers([("a", "线"), ("b", "线"), ("c", "铜"), ("d", "床"), ("x", "机")], chain, {"x": None})
    found = chain_extensions(led)
    # Motors: two of three inputs, 2 × 2/3; lamps: the only one, 1. Towers need nothing but a tool.
    assert found.drop(columns=["share_here"]).to_numpy().tolist() == [
        ["机", 3, 2, "线、铜", "壳", 3, 0, "企业x", 1],
        ["灯", 1, 1, "线", "", 2, 0, "", 0],
    ]
    assert found["share_here"].tolist() == [pytest.approx(2 / 3, abs=1e-6), 1]


def test_extensions_count_demands_for_customers():
    asks = frame(
        "demands",
        ["demand_id", "enterprise_id", "raised_on", "text"],
        [("D1", "R", "2022-01-05", "想认识焊装生产线厂家")],
    )
    found = chain_extensions(ledger(demands=asks)).set_index("product")
    assert "焊装生产线" not in found.index  # robots go there as equipment
    as_part = ledger(demands=asks).product_chain.assign(relation="part")
    found = chain_extensions(ledger(demands=asks, product_chain=as_part)).set_index("product")
    assert found.loc["焊装生产线", ["asked_for", "nearest"]].tolist() == [1, "丁焊装"]


def test_an_extension_that_lacks_little_goes_before_one_that_lacks_much():
    parts = [f"件{i}" for i in range(5)]
    chain = [(p, "飞机", "part") for p in [*parts, *(f"缺{i}" for i in range(5))]]
    chain += [(p, "推车", "part") for p in parts[:3]]
    longer = chain_extensions(tiers([(f"e{p}", p) for p in parts], chain))
    # 3 of 3 inputs are worth 3, 5 of 10 only 2.5.
    assert longer[["product", "n_inputs_here", "n_inputs"]].to_numpy().tolist() == [
        ["推车", 3, 3],
        ["飞机", 5, 10],
    ]
