"""What views show, how they are arranged, and that they keep within what can be read."""

from dataclasses import replace
from itertools import pairwise

import networkx as nx
import pandas as pd
import pytest
from helpers.small_ledger import frame, ledger
from helpers.tiered_chain import CHAIN, tiers
from helpers.two_ways import FIRMS, TWO_WAYS

from liaison_analysis import load_liangjiang
from liaison_analysis.supply_chain.views import (
    enterprise_view,
    product_view,
    route_view,
    supply_view,
    town_view,
    view_table,
)


def layers(view):
    return {name: n for (_, name), n in view.nodes(data="layer")}


def fan(n):
    """One product that goes into many, each with its maker."""
    made = [("c", "芯"), *((f"t{i:02d}", f"品{i:02d}") for i in range(n))]
    return tiers(made, [("芯", f"品{i:02d}", "part") for i in range(n)])


def test_enterprise_view_goes_from_inputs_over_the_enterprise_to_what_it_looks_for():
    view = enterprise_view(ledger(), "R")
    assert layers(view) == {
        "谐波减速器": 0, "伺服电机": 0, "力矩传感器": 0, "R": 1,
        "工业机器人": 2, "焊装生产线": 3, "新能源乘用车": 4,
    }  # fmt: skip
    states = {name: state for (_, name), state in view.nodes(data="state")}
    assert states == {
        "谐波减速器": "made", "伺服电机": "elsewhere", "力矩传感器": "missing", "R": "centre",
        "工业机器人": "made", "焊装生产线": "elsewhere", "新能源乘用车": "sought",
    }  # fmt: skip
    assert {(u[1], v[1], key) for u, v, key in view.edges(keys=True)} == {
        ("谐波减速器", "R", "needs"),
        ("伺服电机", "R", "needs"),
        ("力矩传感器", "R", "needs"),
        ("R", "工业机器人", "offers"),
        ("工业机器人", "焊装生产线", "feeds"),
        ("焊装生产线", "新能源乘用车", "feeds"),
    }
    # The others that make it, not the enterprise itself.
    assert view.nodes["product", "工业机器人"]["makers"] == []
    assert view.nodes["product", "新能源乘用车"]["makers"] == ["乙整车"]
    assert view.graph["more"] == {}
    assert view.graph["is_synthetic"]
    assert max(layers(enterprise_view(ledger(), "R", steps=1)).values()) == 3


def test_product_view_up_and_down():
    view = product_view(ledger(), "工业机器人")
    assert layers(view) == {"谐波减速器": 0, "伺服电机": 0, "力矩传感器": 0, "工业机器人": 1, "焊装生产线": 2}
    assert view.nodes["product", "工业机器人"]["state"] == "centre"
    view = product_view(ledger(), "新能源乘用车", "水土", upstream=3, downstream=0)
    assert layers(view)["新能源乘用车"] == 3
    assert view.nodes["product", "伺服电机"]["state"] == "elsewhere"
    assert layers(product_view(ledger(), "电池包", upstream=0, downstream=0)) == {"电池包": 0}


def test_views_keep_within_their_limits_and_count_what_they_leave_out():
    led = fan(30)
    for most in (2, 6, 40):
        view = product_view(led, "芯", upstream=0, downstream=1, most=most)
        n = min(most - 1, 12)
        assert len(view) == n + 1
        assert view.graph["more"] == {1: 30 - n}
    view = enterprise_view(led, "c", steps=1, most=5)
    assert len(view) == 1 + 1 + 4
    assert view.graph["more"] == {2: 26}
    for view in (town_view(led, most=10), supply_view(led, most=10)):
        assert len(view) == 10
        assert view.graph["more"] == {}
        assert view.graph["rest"] == 31 - 10
    view = town_view(led, most=20)
    assert view.graph["more"] == {1: 20 - 1 - 12}
    assert view.graph["rest"] == 31 - 20


def test_a_hub_that_concerns_few_is_shown_with_the_parts_that_go_into_it():
    parts = [f"件{i:02d}" for i in range(45)]
    made = [("z", "车"), *((f"{side}{p}", p) for p in parts for side in "ab")]
    view = town_view(tiers(made, [(p, "车", "part") for p in parts]))
    assert layers(view) == dict.fromkeys(parts[:12], 0) | {"车": 1}
    assert view.graph["more"] == {0: 39 - 12}
    assert view.graph["rest"] == 46 - 40


def test_never_more_products_than_asked_for():
    parts = [f"品{i:02d}" for i in range(20)]
    led = tiers([("c", p) for p in parts], [(p, "机", "part") for p in parts] + [("铁", parts[0], "part")])
    for most in (1, 2, 5, 8):
        view = enterprise_view(led, "c", most=most)
        assert sum(kind == "product" for kind, _ in view) <= most
        assert view.graph["more"][min(view.nodes["product", parts[0]]["layer"], 2)] == 20 - max(most // 2, 1)
        assert len(product_view(led, "机", most=most)) <= most
    assert len(product_view(led, "机", most=2)) == 2
    # Room that the columns before leave goes to those behind.
    assert len(product_view(led, "机", upstream=2, downstream=1, most=13)) == 1 + 4 + 1


def test_route_view_shows_the_ways_and_who_makes_what():
    led = tiers(FIRMS, TWO_WAYS)
    view = route_view(led, "a", "车")
    assert layers(view) == {"铜": 0, "板": 1, "线": 1, "机": 2, "车": 3}
    assert {(u[1], v[1]) for u, v in view.edges()} == {(u, v) for u, v, _ in TWO_WAYS}
    assert {p for (_, p), state in view.nodes(data="state") if state == "centre"} == {"铜", "车"}
    assert view.nodes["product", "铜"]["makers"] == ["企业a"]
    assert view.nodes["product", "板"]["makers"] == ["企业c", "企业d"]
    view = route_view(led, "a", "车", without=["c", "b"])
    assert "线" not in layers(view)
    assert view.nodes["product", "板"]["makers"] == ["企业d"]
    assert "若企业c、企业b退出" in view.graph["title"]
    view = route_view(led, "a", "车", without="e", over_gaps=True)
    assert view.nodes["product", "机"]["state"] == "missing"
    assert len(route_view(led, "车", "铜")) == 0
    # A link of the chain that is on no way is not drawn.
    more = tiers(FIRMS, [*TWO_WAYS, ("线", "板", "part")])
    assert not route_view(more, "a", "车", k=1).has_edge(("product", "线"), ("product", "板"))


def test_of_too_many_products_those_that_the_chain_names_come_first():
    made = [("c", f"品{i:02d}") for i in range(20)]
    view = enterprise_view(tiers(made, [("品19", "机", "part"), ("铁", "品18", "part")]), "c")
    assert {"铁", "品18", "品19", "机"} < set(layers(view))
    assert "品10" not in layers(view)


def test_town_view_puts_circles_into_one_column_and_long_chains_into_six():
    circle = tiers([("a", "铜"), ("b", "线"), ("c", "机")], [*CHAIN[1:3], ("机", "铜", "part")])
    assert set(layers(town_view(circle)).values()) == {0}
    names = [f"品{i:02d}" for i in range(15)]
    made = [(f"e{i:02d}", name) for i, name in enumerate(names)]
    chain = [(u, v, "part") for u, v in pairwise(names)]
    found = layers(town_view(tiers(made, chain)))
    assert [found[name] for name in names] == sorted(found[name] for name in names)
    assert sorted(set(found.values())) == list(range(6))


def test_town_view_leaves_out_what_stands_in_no_chain():
    view = town_view(tiers([("a", "铜"), ("b", "线"), ("c", "帽")], CHAIN[1:2]))
    assert set(layers(view)) == {"铜", "线"}


def test_rows_follow_the_neighbours_so_that_few_lines_cross():
    made = [(f"m{i}", p) for i, p in enumerate("甲乙丙丁戊己")]
    # By name the left column would stand 丁 戊 己, and the right one in another order than their links.
    chain = [("丁", "丙", "part"), ("戊", "甲", "part"), ("己", "乙", "part")]
    view = town_view(tiers(made, chain))
    row = {name: n for (_, name), n in view.nodes(data="row")}
    assert all(row[u] == row[v] for u, v, _ in chain)


def test_supply_view_shows_known_links_and_the_strongest_others():
    view = supply_view(ledger())
    assert [(u[1], v[1], key) for u, v, key in view.edges(keys=True)] == [("G", "R", "supplies")]
    assert view.nodes["enterprise", "G"]["note"] == "谐波减速器"
    led = load_liangjiang()
    chosen = led.enterprises.loc[led.enterprises["town"].eq("水土"), "enterprise_id"].head(40)
    view = supply_view(led, enterprises=chosen, most=20)
    assert {i for _, i in view} <= set(chosen)
    keys = nx.get_edge_attributes(view, "score")
    assert all(0 < score <= 1 for score in keys.values())


def test_views_are_the_same_every_time():
    led = load_liangjiang()
    for make, of in ((town_view, "水土"), (enterprise_view, "E001"), (supply_view, "龙兴")):
        assert view_table(make(led, of)).equals(view_table(make(led, of)))


def test_table_of_a_view():
    shown = view_table(enterprise_view(ledger(), "R"))
    assert shown["layer"].is_monotonic_increasing
    assert shown[shown["label"].eq("新能源乘用车")].to_numpy().tolist() == [
        [4, 0, "新能源乘用车", "sought", "乙整车", 1]
    ]


@pytest.mark.parametrize("bad", [{"enterprise_id": "Z"}, {"steps": 0}, {"most": 0}])
def test_enterprise_view_of_what_is_not_there(bad):
    arguments = {"enterprise_id": "R"} | bad
    with pytest.raises(ValueError, match="expected an enterprise_id of the ledger, steps >= 1 and most >= 1"):
        enterprise_view(ledger(), **arguments)


@pytest.mark.parametrize("bad", [{"product": "飞船"}, {"upstream": -1}, {"downstream": -1}, {"most": 0}])
def test_product_view_of_what_is_not_there(bad):
    arguments = {"product": "工业机器人"} | bad
    with pytest.raises(ValueError, match="expected a product of the chain, upstream and downstream >= 0"):
        product_view(ledger(), **arguments)


@pytest.mark.parametrize("make", [town_view, supply_view])
def test_nothing_to_show(make):
    with pytest.raises(ValueError, match="expected most >= 1; got 0"):
        make(ledger(), most=0)
    alone = tiers([("a", "车")], [("铁", "路", "part")])
    assert len(make(alone)) == 0


def test_errors_say_what_was_likely_meant():
    with pytest.raises(ValueError, match=r"got '机器人', .*; near it: 工业机器人$"):
        product_view(ledger(), "机器人")
    with pytest.raises(ValueError, match=r"got '减速器', .*; near it: G \(丙减速器\)$"):
        enterprise_view(ledger(), "减速器")
    with pytest.raises(ValueError, match="expected ids of the ledger's enterprises; got 'GR', 'Q'"):
        supply_view(ledger(), enterprises=["G", "Q", "GR"])
    assert len(supply_view(ledger(), enterprises="G")) == 0


def test_what_leads_to_what_is_sought_goes_before_what_is_made():
    led = ledger()
    chain = frame("product_chain", ["upstream", "downstream", "relation"], [("工业机器人", "A件", "part")])
    offers = frame("offers", ["enterprise_id", "product"], [("V", "A件")])
    led = ledger(
        product_chain=pd.concat([led.product_chain, chain], ignore_index=True),
        offers=pd.concat([led.offers, offers], ignore_index=True),
    )
    found = layers(enterprise_view(led, "R", steps=1, most=3))
    assert {p for p, at in found.items() if at == 3} == {"焊装生产线"}


def test_inputs_of_most_products_go_before_those_that_somebody_makes():
    chain = [("料", "甲", "part"), ("料", "乙", "part"), ("丝", "甲", "part")]
    view = enterprise_view(tiers([("a", "甲"), ("a", "乙"), ("b", "丝")], chain), "a", steps=1, most=4)
    assert {p for p, at in layers(view).items() if at == 0} == {"料"}
    assert view.graph["more"] == {0: 1}


def test_tools_are_not_part_of_a_towns_chain():
    view = town_view(tiers([("a", "铜"), ("b", "线")], CHAIN))
    assert set(layers(view)) == {"矿", "铜", "线"}
    assert view.graph["rest"] == 0


def test_products_left_out_of_a_column_do_not_come_back_behind_it():
    view = product_view(
        tiers([("a", "车")], [("甲", "车", "part"), ("乙", "车", "part"), ("甲", "乙", "part")]),
        "车",
        downstream=0,
        most=3,
    )
    assert layers(view) == {"乙": 0, "车": 1}
    assert view.graph["more"] == {0: 1}


def test_of_what_a_product_goes_into_the_best_linked_comes_first():
    chain = [("铜", "乙", "part"), ("铜", "甲", "part"), ("甲", "丙", "part"), ("甲", "丁", "part")]
    view = product_view(tiers([("a", "铜")], chain), "铜", upstream=0, downstream=2, most=3)
    assert layers(view)["甲"] == 1
    assert "乙" not in layers(view)


def test_a_known_trade_is_shown_although_it_is_nobodys_strongest():
    made = [("a", "铜"), ("x", "线"), ("y", "线"), ("y", "帽"), ("b", "锡")]
    chain = [("铜", "线", "part"), ("铜", "板", "part"), ("锡", "帽", "part")]
    trade = frame("supplies", ["supplier_id", "customer_id", "product"], [("a", "y", "铜")])
    view = supply_view(replace(tiers(made, chain), supplies=trade))
    assert {(u[1], v[1], key) for u, v, key in view.edges(keys=True)} == {
        ("a", "x", "could supply"),
        ("a", "y", "supplies"),
        ("b", "y", "could supply"),
    }
    assert len(supply_view(tiers(made, chain)).edges) == 2
