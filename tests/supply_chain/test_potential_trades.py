"""Who could supply whom, worked out by hand."""

from dataclasses import replace

import pytest
from helpers.small_ledger import frame, ledger
from helpers.tiered_chain import CHAIN, tiers

from liaison_analysis import load_liangjiang
from liaison_analysis.supply_chain.potential_trades import could_supply


def test_pairs_scores_and_known_links():
    found = could_supply(ledger())
    # Reducers go into robots; welding lines and motors are made elsewhere, and robots are equipment there.
    assert found.drop(columns="score").to_numpy().tolist() == [
        ["G", "R", "谐波减速器", "工业机器人", 1, True]
    ]
    # One output, three inputs; shares of revenue 0.5 and 0.8.
    assert found["score"].item() == pytest.approx((1 * 3) ** -0.25 * (0.5 * 0.8) ** 0.5, abs=1e-6)
    assert could_supply(ledger(), "鱼复").empty


def test_several_links_combine_as_probabilities_and_the_strongest_is_shown():
    made = [("a", "铜"), ("a", "线"), ("b", "线"), ("b", "机"), ("b", "车")]
    found = could_supply(tiers(made, CHAIN)).set_index(["supplier_id", "customer_id"])
    assert list(found.index) == [("a", "b")]
    row = found.loc["a", "b"]
    # a's shares are 1/2, b's 1/3. Copper→wire: one output, two inputs; wire→motor: one output, two inputs.
    link = 2**-0.25 * (1 / 2 * 1 / 3) ** 0.5
    assert row["n_links"] == 2
    assert row["score"] == pytest.approx(1 - (1 - link) ** 2, abs=1e-6)
    assert [row["product"], row["into"]] == ["线", "机"]
    assert not row["known"]


def test_sample_pairs_are_in_the_ledger():
    led = load_liangjiang()
    found = could_supply(led)
    links = set(led.product_chain[["upstream", "downstream"]].itertuples(index=False, name=None))
    assert set(found[["product", "into"]].itertuples(index=False, name=None)) <= links
    assert not found.duplicated(["supplier_id", "customer_id"]).any()
    assert found["score"].is_monotonic_decreasing
    assert 10 < found["known"].sum() < len(led.supplies)


def test_nobody_and_trade_with_those_who_are_not_here():
    assert could_supply(tiers([("a", "车")], [("铁", "路", "part")])).empty
    # The customer of the known trade lies elsewhere; the pair a, b is not that one.
    trade = frame("supplies", ["supplier_id", "customer_id", "product"], [("a", "z", "铜"), ("z", "b", "线")])
    led = replace(tiers([("a", "铜"), ("b", "线"), ("z", "机")], CHAIN, towns={"z": None}), supplies=trade)
    assert could_supply(led)[["supplier_id", "customer_id", "known"]].to_numpy().tolist() == [
        ["a", "b", False]
    ]
