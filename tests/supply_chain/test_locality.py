"""What counts as here, who makes what, and the small helpers of tables."""

from dataclasses import replace

import pandas as pd
import pytest
from helpers.small_ledger import frame, ledger

from liaison_analysis.errors import LedgerError
from liaison_analysis.supply_chain.locality import (
    among,
    counted,
    incidence,
    locality,
    makers,
    named,
    strengths,
    texts_for,
)


def test_here_is_a_town_or_all_towns_or_everybody():
    led = ledger()
    assert locality(led, "水土").firms.tolist() == ["G", "R"]
    assert locality(led).firms.tolist() == ["G", "R", "V"]
    homeless = led.enterprises.assign(town=pd.Series([None] * 5, dtype="str"))
    assert locality(replace(led, enterprises=homeless)).firms.tolist() == ["G", "M", "R", "V", "W"]
    with pytest.raises(ValueError, match="no enterprise lies in '江北'; towns of this ledger: 水土, 鱼复"):
        locality(led, "江北")
    with pytest.raises(LedgerError, match="offers"):
        locality(replace(led, offers=led.offers.iloc[:0]))


def test_offers_here_and_elsewhere_and_feeds_without_tools():
    here = locality(ledger(), "水土")
    assert here.made.tolist() == ["工业机器人", "谐波减速器"]
    assert here.offers["enterprise_id"].tolist() == ["G", "R"]
    assert here.elsewhere["enterprise_id"].tolist() == ["M", "V", "W"]
    assert len(here.chain) == 6
    assert sorted(here.feeds["upstream"]) == ["伺服电机", "力矩传感器", "电池包", "谐波减速器"]


def test_relations_that_are_not_given_count_as_feeding():
    led = ledger()
    chain = led.product_chain.assign(relation=pd.Series([None] * 6, dtype="str"))
    assert len(locality(replace(led, product_chain=chain)).feeds) == 6


def test_makers_know_from_offers_and_supplies():
    trade = frame(
        "supplies",
        ["supplier_id", "customer_id", "product"],
        [("W", "V", "夹具"), ("G", "R", "谐波减速器"), ("M", "R", None)],
    )
    found = makers(ledger(supplies=trade))
    assert found[["enterprise_id", "product"]].to_numpy().tolist() == [
        ["G", "谐波减速器"],
        ["M", "伺服电机"],
        ["R", "工业机器人"],
        ["V", "新能源乘用车"],
        ["W", "夹具"],
        ["W", "焊装生产线"],
    ]
    # The offer's share of revenue is kept beside the supply of the same product.
    assert found.loc[0, "weight"] == 0.5
    assert found["weight"].isna().tolist() == [False, False, False, True, True, False]


def test_helpers_of_tables():
    keys, values = pd.Series(list("aabaa")), pd.Series(list("xyzxw"))
    assert named(keys, values, most=2).to_dict() == {"a": "x、y", "b": "z"}
    assert texts_for(["b", "c"], pd.Series({"b": "z"})) == ["z", ""]
    assert counted(["b", "a", "c"], keys) == [1, 4, 0]
    column = pd.Series(["a", None, "b"], dtype="str", index=[5, 6, 7])
    assert among(column, ["b", "b"]).to_dict() == {5: False, 6: False, 7: True}
    assert among(column, set()).sum() == 0
    found = incidence(pd.Series(["b"]), pd.Series(["x"]), pd.Index(["a", "b"]), pd.Index(["x"]))
    assert found.toarray().tolist() == [[False], [True]]


def test_what_feeds_itself_is_no_link_of_the_chain():
    led = ledger()
    row = frame("product_chain", ["upstream", "downstream"], [("工业机器人", "工业机器人")])
    chain = pd.concat([led.product_chain, row], ignore_index=True)
    assert locality(replace(led, product_chain=chain)).chain.equals(locality(led).chain)


def test_strengths_fall_with_both_degrees():
    links = pd.DataFrame({"a": ["铜", "铜", "铁"], "b": ["线", "板", "板"]})
    assert strengths(links["a"], links["b"]).tolist() == pytest.approx([2**-0.25, 4**-0.25, 2**-0.25])
    assert strengths(links["a"].iloc[:0], links["b"].iloc[:0]).dtype == "float64"
