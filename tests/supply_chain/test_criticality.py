"""Reach, and what is lost when an enterprise leaves, by hand and by a graph walk."""

import networkx as nx
import pandas as pd
import pytest
from helpers.small_ledger import frame, ledger
from helpers.tiered_chain import CHAIN, tiers

from liaison_analysis import load_liangjiang
from liaison_analysis.ledger.model import Ledger
from liaison_analysis.supply_chain.criticality import key_enterprises, reach, single_suppliers


def test_reach_of_the_small_chain():
    found = reach(ledger()).set_index("product")
    # Robots go into welding lines, and those into cars, as equipment: that is not followed.
    assert found.loc["工业机器人"].tolist() == [3, 0, 1, 2, 0]
    assert found.loc["新能源乘用车"].tolist() == [1, 0, 1, 0, 0]
    assert found.loc["焊装生产线"].tolist() == [0, 0, 1, 0, 0]
    assert found.loc["伺服电机"].tolist() == [0, 1, 1, 0, 1]
    all_kinds = reach(ledger(), tools=True).set_index("product")
    assert all_kinds.loc["工业机器人"].tolist() == [3, 2, 1, 2, 2]
    assert all_kinds.loc["新能源乘用车"].tolist() == [6, 0, 1, 4, 0]


def test_reach_of_some_products_is_that_of_all():
    led = load_liangjiang()
    some = ["工业机器人", "铜杆", "新能源乘用车"]
    found, everything = reach(led, some), reach(led)
    assert sorted(found["product"]) == sorted(some)
    assert found.equals(everything[everything["product"].isin(some)].reset_index(drop=True))
    links = led.product_chain[~led.product_chain["relation"].isin(["equipment", "service"])]
    graph = nx.DiGraph(list(links[["upstream", "downstream"]].itertuples(index=False, name=None)))
    for row in everything[everything["product"].isin(graph)].iloc[::20].itertuples():
        assert row.downstream == len(nx.descendants(graph, row.product))
        assert row.upstream == len(nx.ancestors(graph, row.product))
    with pytest.raises(ValueError, match="product_chain names; got '飞船'"):
        reach(led, ["飞船"])


def test_whose_leaving_breaks_what():
    # a alone makes copper, b and c wire, d motors and cars, e cars too.
    made = [("a", "铜"), ("b", "线"), ("c", "线"), ("d", "机"), ("d", "车"), ("e", "车")]
    found = key_enterprises(tiers(made, CHAIN)).set_index("enterprise_id")
    columns = ["n_sole", "sole_products", "n_replaceable", "products_lost", "enterprises_hit", "hit"]
    # Without copper no wire, motors or cars: all four are hit, those who draw wire first.
    assert found.loc["a", columns].tolist() == [1, "铜", 0, 3, 4, "企业b、企业c、企业d"]
    # Two draw wire, so that neither is the only source.
    assert found.loc["b", columns].tolist() == [0, "", 0, 0, 0, ""]
    # d's motors go into e's cars; its own cars are no loss to others.
    assert found.loc["d", columns].tolist() == [1, "机", 0, 1, 1, "企业e"]
    assert found.index[0] == "a"
    # The only way from copper to motors is over those who draw wire.
    assert found.loc[["b", "c"], "betweenness"].min() > found.loc["a", "betweenness"] == 0


def test_what_somebody_elsewhere_makes_can_be_replaced():
    made = [("a", "铜"), ("b", "线"), ("x", "铜")]
    found = key_enterprises(tiers(made, CHAIN, {"x": None})).set_index("enterprise_id")
    assert found.loc["a", ["n_sole", "n_replaceable", "enterprises_hit"]].tolist() == [1, 1, 1]
    assert "x" not in found.index


def test_a_tool_is_no_running_input():
    found = key_enterprises(tiers([("a", "床"), ("b", "线")], CHAIN))
    assert found["enterprises_hit"].tolist() == [0, 0]


def test_reach_lost_is_that_of_a_walk_on_the_sample():
    led = load_liangjiang()
    found = key_enterprises(led).set_index("enterprise_id")
    local = set(led.enterprises.loc[led.enterprises["town"].notna(), "enterprise_id"])
    offers = pd.concat(
        [led.offers[["enterprise_id", "product"]],
         led.supplies.rename(columns={"supplier_id": "enterprise_id"})[["enterprise_id", "product"]]]
    ).dropna().drop_duplicates()  # fmt: skip
    offers = offers[offers["enterprise_id"].isin(local)]
    by = offers.groupby("product")["enterprise_id"].agg(set).to_dict()
    links = led.product_chain[~led.product_chain["relation"].isin(["equipment", "service"])]
    graph = nx.DiGraph(list(links[["upstream", "downstream"]].itertuples(index=False, name=None)))
    graph = graph.subgraph([p for p in graph if p in by])
    for firm in found.index[::12]:
        sole = [p for p in graph if by[p] == {firm}]
        lost = {q for p in sole for q in nx.descendants(graph, p)}
        lost = {q for q in lost if by[q] != {firm}}
        assert found.loc[firm, "products_lost"] == len(lost)
        assert found.loc[firm, "enterprises_hit"] == len({f for q in lost for f in by[q]} - {firm})
    assert found.equals(key_enterprises(led).set_index("enterprise_id"))


def test_reach_needs_a_chain():
    with pytest.raises(ValueError, match="product_chain"):
        reach(Ledger(offers=frame("offers", ["enterprise_id", "product"], [("a", "b")])))


def test_reach_of_one_product_and_of_products_that_are_not_there():
    led = tiers([("a", "铜")], CHAIN)
    assert reach(led, "线").equals(reach(led, ["线"]))
    expected = "expected products that product_chain names; got 'q', '不锈钢'; add their links"
    with pytest.raises(ValueError, match=expected):
        reach(led, ["线", "q", "不锈钢"])
    again = tiers([("a", "铜")], [*CHAIN, ("线", "线", "part")])
    assert reach(again).equals(reach(led))


def test_single_suppliers():
    made = [("a", "铜"), ("a", "线"), ("b", "线"), ("c", "机"), ("d", "车"), ("e", "机"), ("f", "铜")]
    found = single_suppliers(tiers(made, CHAIN, {"f": None}))
    # f makes copper too, but elsewhere. Of wire there are two makers, of motors too; cars feed nothing.
    assert found.to_numpy().tolist() == [
        ["铜", "a", "企业a", 1, "线", "企业b", 4, "企业f", 1],
    ]


def test_single_suppliers_do_not_count_their_own_use():
    found = single_suppliers(tiers([("a", "铜"), ("a", "线"), ("b", "机")], CHAIN))
    assert found[["product", "n_enterprises", "n_dependents"]].to_numpy().tolist() == [["线", 1, 1]]
