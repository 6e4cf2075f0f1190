"""A ledger made of a graph of one's own."""

import networkx as nx
import pytest
from helpers.small_ledger import ledger

from liaison_analysis import build_supply_graph, chain_gaps
from liaison_analysis.ledger import Ledger

OWN = nx.DiGraph([("铜杆", "漆包线"), ("漆包线", "电机"), ("电机", "机器人"), ("磁钢", "电机")])


def test_a_graph_of_nothing_but_edges_is_a_chain_of_enterprises_with_a_product_each():
    made = Ledger.from_graph(OWN)
    assert made.offers[["enterprise_id", "product"]].to_numpy().tolist() == [[n, n] for n in OWN]
    assert set(made.product_chain[["upstream", "downstream"]].itertuples(index=False, name=None)) == set(
        OWN.edges
    )
    assert set(made.supplies[["supplier_id", "customer_id"]].itertuples(index=False, name=None)) == set(
        OWN.edges
    )


def test_nodes_of_a_graph_may_say_what_they_are():
    graph = nx.DiGraph()
    graph.add_nodes_from(["轴承", "减速器"], kind="product")
    graph.add_node("E1", kind="enterprise", name="甲公司", town="水土", headcount=30)
    graph.add_edge("E1", "减速器", weight=0.4)
    graph.add_edge("轴承", "减速器", relation="part")
    made = Ledger.from_graph(graph)
    assert made.enterprises[["enterprise_id", "name", "town", "headcount"]].to_numpy().tolist() == [
        ["E1", "甲公司", "水土", 30]
    ]
    assert made.offers[["enterprise_id", "product", "weight"]].to_numpy().tolist() == [["E1", "减速器", 0.4]]
    assert made.product_chain["relation"].tolist() == ["part"]
    assert chain_gaps(graph)["product"].tolist() == ["轴承"]


def test_the_graph_of_a_ledger_is_read_back_without_its_demands():
    given = ledger()
    back = Ledger.from_graph(build_supply_graph(given))
    assert set(back.enterprises["name"]) == set(given.enterprises["name"])
    for table, key in (
        ("offers", ["enterprise_id", "product"]),
        ("supplies", ["supplier_id", "customer_id"]),
    ):
        rows = [set(one.tables[table][key].itertuples(index=False, name=None)) for one in (back, given)]
        assert rows[0] == rows[1], table
    assert back.demands.empty


@pytest.mark.parametrize(
    ("graph", "reason"),
    [
        (nx.Graph([("a", "b")]), "edges have no direction; give a DiGraph"),
        (nx.DiGraph([(1, "1")]), "the nodes 1 and '1' have the same name; rename one"),
        (nx.DiGraph([(" ", "b")]), "a node has an empty name"),
    ],
    ids=["undirected", "one name twice", "no name"],
)
def test_a_graph_that_is_no_chain_says_why(graph, reason):
    with pytest.raises(ValueError, match=f"^graph: {reason}"):
        chain_gaps(graph)


def test_kinds_that_a_graph_cannot_have_are_named():
    graph = nx.DiGraph()
    graph.add_node("甲", kind="company")
    with pytest.raises(ValueError, match="kind of the node '甲' is 'company'; write enterprise or product"):
        Ledger.from_graph(graph)
    graph = nx.DiGraph([("线", "甲")])
    graph.nodes["线"]["kind"], graph.nodes["甲"]["kind"] = "product", "enterprise"
    with pytest.raises(ValueError, match="leads from the product '线' to the enterprise '甲'"):
        Ledger.from_graph(graph)
