"""The graph on ledgers small enough to work out by hand."""

import networkx as nx
import pytest
from helpers.small_ledger import frame, ledger

from liaison_analysis.ledger.model import Ledger
from liaison_analysis.supply_chain.graph import build_supply_graph


def test_graph_has_exactly_the_nodes_and_edges_of_the_ledger():
    graph = build_supply_graph(ledger())
    firms = {("enterprise", i) for i in "RVGWM"}
    names = "工业机器人 新能源乘用车 谐波减速器 焊装生产线 伺服电机 力矩传感器 电池包"
    assert set(graph) == firms | {("product", name) for name in names.split()}
    edges = {(u[1], v[1], key) for u, v, key in graph.edges(keys=True)}
    assert edges == {
        ("R", "工业机器人", "offers"),
        ("V", "新能源乘用车", "offers"),
        ("G", "谐波减速器", "offers"),
        ("W", "焊装生产线", "offers"),
        ("M", "伺服电机", "offers"),
        ("谐波减速器", "工业机器人", "feeds"),
        ("伺服电机", "工业机器人", "feeds"),
        ("力矩传感器", "工业机器人", "feeds"),
        ("工业机器人", "焊装生产线", "feeds"),
        ("焊装生产线", "新能源乘用车", "feeds"),
        ("电池包", "新能源乘用车", "feeds"),
        ("G", "R", "supplies"),
        ("R", "新能源乘用车", "seeks"),
        ("V", "电池包", "seeks"),
        ("G", "伺服电机", "seeks"),
        ("M", "力矩传感器", "seeks"),
    }
    assert graph.nodes["enterprise", "R"] == {
        "name": "甲机器人",
        "town": "水土",
        "category": "四上",
        "is_synthetic": True,
    }
    assert "town" not in graph.nodes["enterprise", "W"]
    ends = ("enterprise", "V"), ("product", "新能源乘用车")
    assert graph.edges[*ends, "offers"] == {}
    assert graph.edges[("enterprise", "R"), ("product", "新能源乘用车"), "seeks"] == {
        "intent": "customer",
        "demand_id": "D1",
        "weight": 0.8,
    }
    assert graph.edges[("product", "电池包"), ("product", "新能源乘用车"), "feeds"] == {"relation": "part"}
    assert graph.edges[("enterprise", "G"), ("enterprise", "R"), "supplies"] == {"product": "谐波减速器"}


def test_graph_of_enterprises_alone():
    graph = build_supply_graph(Ledger(enterprises=ledger().enterprises))
    assert graph.number_of_nodes() == 5
    assert graph.number_of_edges() == 0


def test_all_products_of_a_trade_are_kept_and_unknown_ones_left_out():
    columns = ["supplier_id", "customer_id", "product"]
    rows = [("G", "R", "谐波减速器"), ("G", "R", None), ("G", "R", "柔轮"), ("M", "R", None)]
    graph = build_supply_graph(ledger(supplies=frame("supplies", columns, rows)))
    trades = {u[1]: data for u, _, key, data in graph.edges(keys=True, data=True) if key == "supplies"}
    assert trades == {"G": {"product": "谐波减速器、柔轮"}, "M": {}}


@pytest.mark.parametrize("kind", ["graphml", "gexf"])
def test_networkx_writes_the_graph_and_reads_it_back(tmp_path, kind):
    graph = build_supply_graph(ledger(offers=frame("offers", ["enterprise_id", "product"], [("R", "手爪")])))
    path = tmp_path / f"graph.{kind}"
    getattr(nx, f"write_{kind}")(graph, path)
    again = getattr(nx, f"read_{kind}")(path)
    assert again.number_of_nodes() == graph.number_of_nodes()
    assert again.number_of_edges() == graph.number_of_edges()
    assert again.nodes[str(("enterprise", "R"))]["name"] == graph.nodes["enterprise", "R"]["name"]
