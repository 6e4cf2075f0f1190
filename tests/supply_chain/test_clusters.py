"""Clusters in words on two chains that have nothing in common."""

from dataclasses import replace

import pandas as pd
from helpers.small_ledger import frame
from helpers.tiered_chain import tiers

from liaison_analysis import load_liangjiang
from liaison_analysis.supply_chain.clusters import describe_clusters, find_clusters
from liaison_analysis.supply_chain.criticality import key_enterprises

MADE = [(f"a{i}", p) for i, p in enumerate(["精密齿轮", "行星齿轮", "齿轮箱", "齿轮箱"])]
MADE += [(f"b{i}", p) for i, p in enumerate(["检测试剂", "诊断试剂", "试剂盒"])]
CHAINS = [
    ("精密齿轮", "齿轮箱", "part"),
    ("行星齿轮", "齿轮箱", "part"),
    ("轴承", "齿轮箱", "part"),
    ("检测试剂", "试剂盒", "part"),
    ("诊断试剂", "试剂盒", "part"),
]


def test_two_chains_are_two_clusters_named_by_their_products():
    asks = frame(
        "demands",
        ["demand_id", "enterprise_id", "raised_on", "text"],
        [
            ("D1", "a0", "2022-01-05", "厂房太小，要扩建"),
            ("D2", "a1", "2022-01-06", "想扩建厂房"),
            ("D3", "b0", "2022-01-07", "想贷款"),
        ],
    )
    led = replace(tiers(MADE, CHAINS, {"b0": "鱼复"}), demands=asks)
    members = find_clusters(led, resolution=0.2)
    assert members.groupby("cluster")["id"].agg(set).tolist() == [
        {"a0", "a1", "a2", "a3", "精密齿轮", "行星齿轮", "齿轮箱"},
        {"b0", "b1", "b2", "检测试剂", "诊断试剂", "试剂盒"},
    ]
    found = describe_clusters(led, members).set_index("cluster")
    assert "齿轮" in found.loc[0, "name"]
    assert "试剂" in found.loc[1, "name"]
    assert found[["n_enterprises", "n_products"]].to_numpy().tolist() == [[4, 3], [3, 3]]
    assert found["products"].tolist() == ["齿轮箱、精密齿轮、行星齿轮", "检测试剂、诊断试剂、试剂盒"]
    assert found["towns"].tolist() == ["水土4", "水土2、鱼复1"]
    assert found["inside"].tolist() == [1, 1]
    assert found["asks_for"].tolist() == ["场地2", "融资1"]
    assert found["gaps"].tolist() == ["轴承", ""]
    themed = describe_clusters(led, members, themes=pd.Series({"D1": "扩建", "D3": "贷款"}))
    assert themed["asks_for"].tolist() == ["扩建1", "贷款1"]
    assert describe_clusters(led, members, smallest=4)["cluster"].tolist() == [0]
    assert describe_clusters(led, members, smallest=9).empty


def test_sample_clusters_hold_every_local_enterprise_that_makes_something_once():
    led = load_liangjiang()
    members = find_clusters(led)
    firms = members[members["kind"].eq("enterprise")]
    local = led.enterprises.loc[led.enterprises["town"].notna(), "enterprise_id"]
    assert sorted(firms["id"]) == sorted(set(local) & set(led.offers["enterprise_id"]))
    assert members.equals(find_clusters(led))
    sizes = firms["cluster"].value_counts().sort_index()
    assert sizes.is_monotonic_decreasing
    # Ties within clusters, not between them: most chain links of the larger ones stay inside.
    assert describe_clusters(led, members)["inside"].head(5).gt(0.35).all()


def test_order_of_the_ledgers_rows_does_not_matter():
    led = load_liangjiang()
    tables = ("offers", "product_chain", "supplies")
    other = replace(led, **{name: getattr(led, name).iloc[::-1].reset_index(drop=True) for name in tables})
    assert find_clusters(other).equals(find_clusters(led))
    assert key_enterprises(other, sources=20).equals(key_enterprises(led, sources=20))


def test_a_town_whose_enterprises_make_nothing_has_no_clusters():
    led = tiers(MADE, CHAINS)
    idle = frame("enterprises", ["enterprise_id", "name", "town"], [("z", "企业z", "龙兴")])
    led = replace(led, enterprises=pd.concat([led.enterprises, idle], ignore_index=True))
    members = find_clusters(led, "龙兴")
    assert members.empty
    assert describe_clusters(led, members, "龙兴").empty
