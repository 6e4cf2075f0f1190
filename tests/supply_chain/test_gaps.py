"""Gaps, single suppliers and extensions worked out by hand, and gaps that were planted."""

from dataclasses import replace

import networkx as nx
import numpy as np
import pandas as pd
import pytest
from helpers.small_ledger import frame, ledger
from helpers.tiered_chain import CHAIN, tiers

from liaison_analysis import load_liangjiang, options
from liaison_analysis.demands import read_requests
from liaison_analysis.errors import LedgerError
from liaison_analysis.ledger.model import Ledger
from liaison_analysis.supply_chain import gaps
from liaison_analysis.supply_chain.criticality import single_suppliers
from liaison_analysis.supply_chain.extensions import chain_extensions
from liaison_analysis.supply_chain.gaps import chain_gaps


def test_gaps_of_all_towns():
    gaps = chain_gaps(ledger())
    assert gaps["action"].tolist() == ["import", "near by", "import", "near by"]
    assert gaps["evidence"].tolist()[:2] == [
        "只有1家要，从外地引入；2条诉求点名",
        "名册中外地的戊电机生产，可就近对接；1条诉求点名",
    ]
    assert gaps.drop(columns=["action", "evidence"]).to_numpy().tolist() == [
        # V needs it for its cars, and asked twice; nobody offers it.
        ["电池包", 1, "新能源乘用车", "乙整车", 2, "", 1, 0],
        # Feeds R's robots, and G asks for it by name; M offers it, but has no town.
        ["伺服电机", 2, "工业机器人", "丙减速器、甲机器人", 1, "戊电机", 2, 1],
        # M asks for it as well, but M is not local.
        ["力矩传感器", 1, "工业机器人", "甲机器人", 0, "", 1, 0],
        ["焊装生产线", 1, "新能源乘用车", "乙整车", 0, "丁焊装", 1, 1],
    ]


def test_gaps_of_one_town_count_what_other_towns_offer_as_elsewhere():
    gaps = chain_gaps(ledger(), "鱼复").drop(columns=["action", "evidence"])
    assert gaps.to_numpy().tolist() == [
        ["电池包", 1, "新能源乘用车", "乙整车", 2, "", 1, 0],
        ["焊装生产线", 1, "新能源乘用车", "乙整车", 0, "丁焊装", 1, 1],
    ]
    # In 水土 the reducers are at home, in a town with the robot maker alone they are a gap.
    firms = ledger().enterprises.assign(town=["水土", "鱼复", "龙兴", None, None])
    moved = ledger(enterprises=firms)
    found = chain_gaps(moved, "水土").set_index("product")
    assert found["nearest"].to_dict() == {"伺服电机": "戊电机", "力矩传感器": "", "谐波减速器": "丙减速器"}
    assert "谐波减速器" not in set(chain_gaps(moved)["product"])


def test_gaps_need_offers_a_chain_and_a_town_that_is_there():
    empty = Ledger()
    with pytest.raises(LedgerError) as raised:
        chain_gaps(ledger(offers=empty.offers, product_chain=empty.product_chain))
    assert set(raised.value.problems["sheet"]) == {"offers", "product_chain"}
    with pytest.raises(ValueError, match="no enterprise lies in '江北'; towns of this ledger: 水土, 鱼复"):
        chain_gaps(ledger(), "江北")


def test_what_is_known_to_be_supplied_is_made():
    led = tiers([("a", "线"), ("b", "机")], CHAIN)
    assert "铜" in set(chain_gaps(led)["product"])
    trade = frame("supplies", ["supplier_id", "customer_id", "product"], [("b", "a", "铜")])
    assert "铜" not in set(chain_gaps(replace(led, supplies=trade))["product"])


def test_without_towns_all_are_local():
    made = [("a", "线"), ("b", "铜")]
    found = chain_gaps(tiers(made, CHAIN, {"a": None, "b": None}))
    assert found["product"].tolist() == ["床", "矿"]


@pytest.mark.parametrize("find", [chain_gaps, single_suppliers, chain_extensions])
def test_nothing_to_find_has_the_same_columns_and_a_town_must_be_there(find):
    alone = tiers([("a", "车")], [("铁", "路", "part")])
    assert find(alone).empty
    assert list(find(alone).columns) == list(find(ledger()).columns)
    with pytest.raises(ValueError, match="no enterprise lies in '江北'"):
        find(ledger(), "江北")
    with pytest.raises(LedgerError, match="product_chain"):
        find(replace(alone, product_chain=alone.product_chain.iloc[:0]))


def gaps_by_walk(led):
    """What is a gap, by a walk over NetworkX that knows nothing of the package but the tables."""
    towns = led.enterprises.set_index("enterprise_id")["town"]
    known = [*led.offers[["enterprise_id", "product"]].itertuples(index=False, name=None)]
    known += led.supplies[["supplier_id", "product"]].dropna().itertuples(index=False, name=None)
    made = {product for firm, product in known if pd.notna(towns[firm])}
    graph = nx.DiGraph(list(led.product_chain[["upstream", "downstream"]].itertuples(index=False, name=None)))
    return {p for p in graph if p not in made and made & set(graph.successors(p))}


def hide(led, gone):
    kept = pd.MultiIndex.from_frame(led.offers[["enterprise_id", "product"]])
    traded = pd.MultiIndex.from_frame(led.supplies[["supplier_id", "product"]])
    return replace(
        led,
        offers=led.offers[~kept.isin(gone)],
        supplies=led.supplies[~traded.isin(gone)],
    )


@pytest.mark.parametrize("seed", range(2))
def test_planted_gaps_are_found_and_no_others(seed):
    # Demands are left out: what they ask for is a gap of another kind.
    whole = load_liangjiang()
    whole = replace(whole, demands=whole.demands.iloc[:0])
    rng = np.random.default_rng(seed)
    before = set(chain_gaps(whole)["product"])
    assert before == gaps_by_walk(whole)
    needed = whole.product_chain.loc[
        whole.product_chain["downstream"].isin(whole.offers["product"]), "upstream"
    ]
    candidates = sorted(set(needed) & set(whole.offers["product"]))
    planted = set(rng.choice(candidates, 40, replace=False))
    links = pd.concat(
        [
            whole.offers[["enterprise_id", "product"]],
            whole.supplies.rename(columns={"supplier_id": "enterprise_id"})[["enterprise_id", "product"]],
        ]
    )
    less = hide(whole, list(links[links["product"].isin(planted)].itertuples(index=False, name=None)))
    found = set(chain_gaps(less)["product"])
    # A planted product is no gap where all that it feeds was planted as well.
    assert found - before == planted & gaps_by_walk(less)
    assert len(found & planted) / len(planted) >= 0.9
    # 30 % of the other links end: every further gap is there, and nothing else.
    ended = hide(less, list(links.sample(frac=0.3, random_state=rng).itertuples(index=False, name=None)))
    assert set(chain_gaps(ended)["product"]) == gaps_by_walk(ended)


def test_demands_are_read_once_for_all_towns_and_languages(monkeypatch):
    texts = []

    def reading(demands):
        texts.extend(demands["text"])
        return read_requests(demands)

    monkeypatch.setattr(gaps, "read_requests", reading)
    monkeypatch.setattr(gaps, "_kept", {})
    given = ledger()
    for town in (None, *sorted(given.enterprises["town"].dropna().unique())):
        for language in ("zh", "en"):
            with options(language=language):
                chain_gaps(given, town)
    assert texts
    assert len(texts) == len(set(texts))


def test_gaps_given_out_may_be_changed_and_follow_the_ledger():
    given = ledger()
    first = chain_gaps(given)
    first["product"] = "changed"
    assert "changed" not in set(chain_gaps(given)["product"])
    product = chain_gaps(given)["product"].iloc[0]
    maker = given.offers.head(1).assign(product=product)
    more = replace(given, offers=pd.concat([given.offers, maker], ignore_index=True))
    assert product not in set(chain_gaps(more)["product"])
    with options(language="en"):
        assert chain_gaps(given)["evidence"].str.contains("here").all()
