from dataclasses import replace

import pandas as pd
from helpers.small_ledger import frame
from helpers.tiered_chain import CHAIN, tiers

from liaison_analysis.ledger.model import Ledger
from liaison_analysis.supply_chain.gaps import chain_gaps


def test_gaps_list_three_names_and_the_products_with_most_makers_first():
    firms = [(f"E{i}", f"企业{i}", "水土") for i in range(5)] + [
        (f"X{i}", f"外地{i}", None) for i in range(4)
    ]
    made = [(f"E{i}", product) for i in range(5) for product in ("甲", "乙", "丙", "丁")[: i + 1]]
    made += [(f"X{i}", "料") for i in range(4)]
    fed = [("料", product) for product in "丁丙乙甲"]
    gaps = chain_gaps(
        Ledger(
            enterprises=frame("enterprises", ["enterprise_id", "name", "town"], firms),
            offers=frame("offers", ["enterprise_id", "product"], made),
            product_chain=frame("product_chain", ["upstream", "downstream"], fed),
        )
    )
    # 甲 has five makers, 乙 four, 丙 three, 丁 two.
    assert gaps.pop("evidence").tolist() == ["名册中外地的外地0、外地1、外地2生产，可就近对接"]
    assert gaps.drop(columns="action").to_numpy().tolist() == [
        ["料", 5, "甲、乙、丙", "企业0、企业1、企业2", 0, "外地0、外地1、外地2", 5, 4]
    ]


def test_a_gap_helps_all_who_get_something_it_goes_into_but_tools_go_no_further_than_their_second_step():
    made = [("a", "铜"), ("b", "线"), ("c", "机"), ("d", "车")]
    found = chain_gaps(tiers(made, CHAIN)).set_index("product")
    # Ore goes into copper, that into wire, that into motors, those into cars.
    assert found.loc["矿", ["n_enterprises", "n_beneficiaries"]].tolist() == [1, 4]
    # The machine tool makes wire and motors; what these go into gets it too.
    assert found.loc["床", ["n_enterprises", "n_beneficiaries"]].tolist() == [2, 3]
    # A tool further along passes nothing on: ore for a maker of tools does not help their users.
    tools = [("矿", "床", "material"), *CHAIN[3:4]]
    found = chain_gaps(tiers([("a", "床"), ("b", "线")], tools)).set_index("product")
    assert found.loc["矿", "n_beneficiaries"] == 1


def test_nearest_is_who_has_a_town_here_then_who_supplies_here_then_the_specialist():
    made = [("a", "线"), *((firm, "铜") for firm in "wxyz"), ("y", "锡")]
    towns = {"w": None, "x": None, "y": None, "z": "鱼复"}
    led = tiers(made, CHAIN, towns)
    led = replace(
        led,
        offers=led.offers.assign(weight=pd.array([None, 0.2, 0.9, 0.1, None, None], dtype="Float64")),
        supplies=frame("supplies", ["supplier_id", "customer_id", "product"], [("y", "a", "锡")]),
    )
    assert led.offers["product"].tolist() == ["线", "铜", "铜", "铜", "铜", "锡"]
    found = chain_gaps(led, "水土").set_index("product")
    assert found.loc["铜", "nearest"] == "企业z、企业y、企业x"
    assert found.loc["铜", "n_elsewhere"] == 4


def test_nearest_is_who_supplies_somebody_local_not_just_anybody():
    made = [("l", "机"), ("m", "线"), ("n", "线"), ("o", "帽")]
    led = tiers(made, CHAIN, towns={"m": None, "n": None, "o": None})
    trade = [("m", "o", "线"), ("n", "l", "线")]
    led = replace(led, supplies=frame("supplies", ["supplier_id", "customer_id", "product"], trade))
    assert chain_gaps(led).set_index("product")["nearest"]["线"] == "企业n、企业m"
