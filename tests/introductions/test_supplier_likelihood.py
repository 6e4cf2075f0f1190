"""Who is likely to supply whom, by the fields that firms are in."""

import pandas as pd
import pytest

from liaison_analysis.introductions import likely_suppliers

ROWS = """减速 RV减速器
整机 工业机器人
集成 工业机器人
饲料 配合饲料
屠宰 生猪屠宰
控制 运动控制器
纸箱 瓦楞纸箱
面粉 面粉"""
FIELDS = pd.DataFrame([row.split() for row in ROWS.splitlines()], columns=["firm", "field"])


def suppliers(customer, **options):
    return likely_suppliers(FIELDS, [customer], **options).set_index("supplier")


def test_what_goes_into_a_product_comes_first_and_says_so():
    found = suppliers("整机", k=3)
    assert found.loc["减速", "rank"] < found["rank"].get("饲料", 99)
    assert found.loc["减速", ["made", "used"]].tolist() == ["RV减速器", "工业机器人"]
    assert "整机" not in found.index
    assert (found["score"] > 0).all()
    assert found["via"].eq("").all()


def test_what_customers_alike_buy_moves_their_supplier_up_and_known_suppliers_are_left_out():
    known = pd.DataFrame({"supplier": ["面粉"], "customer": ["集成"]})
    before, after = suppliers("整机"), suppliers("整机", supplies=known)
    assert "面粉" not in before.index
    assert after.loc["面粉", "rank"] <= 3
    assert after.loc["面粉", "via"] == "集成"
    assert "面粉" not in suppliers("集成", supplies=known).index


def test_the_first_k_of_each_customer_in_order():
    every = likely_suppliers(FIELDS, k=2)
    assert every.groupby("customer")["rank"].max().max() <= 2
    assert every["customer"].is_monotonic_increasing
    falling = every.groupby("customer")["score"].apply(lambda scores: scores.is_monotonic_decreasing)
    assert falling.all()


def test_one_error_names_every_problem():
    with pytest.raises(ValueError, match=r"add .'field'.*k must be a whole number"):
        likely_suppliers(FIELDS[["firm"]], k=0)
    with pytest.raises(ValueError, match=r"not among the firms: .'谁'"):
        likely_suppliers(FIELDS, ["谁"])
