"""Supplier discovery on ledgers small enough to see what is right, and on the sample."""

import numpy as np
import pandas as pd
import pytest

from liaison_analysis import find_suppliers, load_liangjiang
from liaison_analysis.link_prediction.suppliers import COLUMNS, REASON_COLUMNS

OFFERS = pd.DataFrame(
    [
        ("A", "谐波减速器", 0.6),
        ("A", "柔轮", 0.2),
        ("B", "行星减速器", 0.9),
        ("C", "工业涂料", None),
        ("C", "防腐涂料", None),
        ("D", "银行授信", 1.0),
        ("E", "RV减速器", 0.3),
        ("F", "RV减速器", 0.8),
        ("F", "谐波减速器", 0.1),
    ],
    columns=["enterprise_id", "product", "weight"],
)


def find(products, offers=OFFERS, **options):
    return find_suppliers(offers, products, encoder="lexical", **options)


def test_unlisted_come_first_and_listed_follow_the_most_specialised_first():
    found = find(["RV减速器"], k=2)
    assert list(found) == list(COLUMNS)
    assert found["enterprise_id"].tolist() == ["A", "B", "F", "E"]
    assert found["listed"].tolist() == [False, False, True, True]
    assert found["rank"].tolist() == [1, 2, 3, 4]
    assert found["score"].iloc[2:].eq(1).all()
    assert found["score"].iloc[:2].between(0, 1, inclusive="neither").all()


def test_a_product_that_nobody_offers_is_found_by_its_name():
    found = find("船舶涂料", k=1)
    assert found[["product", "enterprise_id", "listed"]].to_numpy().tolist() == [["船舶涂料", "C", False]]
    assert find("船舶涂料", k=10).equals(found)  # there is no evidence for any other company


def test_neighbours_in_the_chain_speak_for_a_company():
    chain = pd.DataFrame({"upstream": ["银行授信", "供应链垫款"], "downstream": ["汽车", "汽车"]})
    without = find(["供应链垫款"])
    within = find(["供应链垫款"], chain=chain)
    score = within.set_index("enterprise_id")["score"]
    assert score["D"] > without.set_index("enterprise_id")["score"].get("D", 0)
    assert within["enterprise_id"].iloc[0] == "D"


def test_width_script_and_case_do_not_make_another_product():
    found = find(["ＲＶ減速器", "rv减速器"], k=3)
    one, other = (group.drop(columns="product") for _, group in found.groupby("product", sort=False))
    pd.testing.assert_frame_equal(one.reset_index(drop=True), other.reset_index(drop=True))
    assert found["product"].unique().tolist() == ["ＲＶ減速器", "rv减速器"]
    assert set(one.loc[one["listed"], "enterprise_id"]) == {"E", "F"}


def test_order_of_rows_and_other_columns_do_not_matter():
    asked = ["RV减速器", "柔轮"]
    right = find(asked)
    shuffled = OFFERS.sample(frac=1, random_state=1).assign(evidence="x")
    pd.testing.assert_frame_equal(find(asked, shuffled), right)
    twice = pd.concat([OFFERS, OFFERS], ignore_index=True)
    pd.testing.assert_frame_equal(find(asked, twice), right)


def test_weight_may_be_absent():
    found = find(["RV减速器"], OFFERS.drop(columns="weight"), reasons=True)
    assert found["enterprise_id"].tolist()[:2] == ["A", "B"]
    assert found.set_index("enterprise_id").loc["A", "share"] == 0.5
    assert found.loc[found["listed"], "enterprise_id"].tolist() == ["E", "F"]


def test_reasons_call_makers_by_their_names():
    by_id = find(["谐波减速器"], k=3, reasons=True)
    by_name = find(["谐波减速器"], k=3, reasons=True, names={"A": "甲传动", "F": "己传动"})
    assert by_id["reason"].str.contains("与已知厂家[AF]相似").any()
    assert by_name["reason"].tolist() == [
        reason.replace("厂家A", "厂家甲传动").replace("厂家F", "厂家己传动") for reason in by_id["reason"]
    ]
    assert by_name.drop(columns="reason").equals(by_id.drop(columns="reason"))
    as_series = pd.Series({"A": "甲传动", "F": "己传动"})
    assert find(["谐波减速器"], k=3, reasons=True, names=as_series).equals(by_name)


def test_reasons_are_true():
    found = find(["RV减速器"], k=3, reasons=True).set_index("enterprise_id")
    assert list(found.columns[-len(REASON_COLUMNS) :]) == list(REASON_COLUMNS)
    offered = OFFERS.groupby("enterprise_id")["product"].agg(set)
    for company, row in found.iterrows():
        assert row["own_product"] in offered[company] - {"RV减速器"} | {""}
        assert row["own_product"] in row["reason"]
        assert row["maker"] in {"E", "F", ""} - {company}
    assert found.loc["A", ["own_product", "share", "maker"]].tolist() == ["谐波减速器", 0.6, "F"]
    assert found.loc["E", "own_product"] == ""  # it makes nothing else


def clusters(seed=0, n_companies=400, n_kinds=20):
    """Companies of a kind share its products, whose names say nothing."""
    rng = np.random.default_rng(seed)
    rows = []
    for company in range(n_companies):
        kind = company % n_kinds
        names = [f"{chr(0x4E00 + 97 * kind + 7 * i)}{chr(0x5E00 + i)}" for i in rng.permutation(12)[:5]]
        rows += [(f"C{company:03}", name) for name in names]
    return pd.DataFrame(rows, columns=["enterprise_id", "product"])


def test_learnt_ranking_finds_hidden_links_and_repeats_itself_for_any_k():
    offers = clusters()
    hidden = offers.groupby("enterprise_id").nth(0).sample(60, random_state=0)
    known = offers.drop(hidden.index)
    asked = sorted(hidden["product"].unique())
    found = find(asked, known, k=30)
    pairs = hidden.merge(found[~found["listed"]], on=["enterprise_id", "product"], how="left")
    # By chance a hidden link is among the 30 first of 400 in 8 of 100 cases.
    assert pairs["rank"].notna().mean() > 0.9
    few = find(asked, known, k=5)
    first = found[found["rank"].le(5) & ~found["listed"]]
    pd.testing.assert_frame_equal(few[~few["listed"]].reset_index(drop=True), first.reset_index(drop=True))
    for _, group in found[~found["listed"]].groupby("product"):
        assert group["score"].is_monotonic_decreasing
        assert group["score"].between(0, 1).all()


def test_one_error_names_every_problem():
    with pytest.raises(ValueError, match="offers") as caught:
        find_suppliers(OFFERS.drop(columns="product"), ["", None], chain=pd.DataFrame({"a": [1]}), k=0)
    error_text = str(caught.value)
    assert error_text.count("\n") == 3
    for part in ("add ['product']", "add ['upstream', 'downstream']", "['', None]", "k: expected"):
        assert part in error_text


@pytest.mark.parametrize(
    ("offers", "error_text"),
    [
        (OFFERS[:0], "got no rows"),
        (OFFERS.assign(product=None), "got 9 rows without"),
    ],
)
def test_offers_that_say_nothing(offers, error_text):
    with pytest.raises(ValueError, match=error_text):
        find(["RV减速器"], offers)


def test_nothing_asked():
    with pytest.raises(ValueError, match="at least one name"):
        find([])


def test_sample_ledger():
    ledger = load_liangjiang()
    asked = ["RV减速器", "银行授信"]
    found = find_suppliers(ledger.offers, asked, chain=ledger.product_chain, k=3)
    name = found["enterprise_id"].map(ledger.names())
    gears = name[found["product"].eq("RV减速器")].tolist()
    assert len(gears) == 3  # nobody is listed with it
    assert all("减速器" in name or "传动" in name for name in gears)
    credit = found[found["product"].eq("银行授信")]
    assert "保理" in name[credit.index[0]]
    listed = set(ledger.offers.loc[ledger.offers["product"].eq("银行授信"), "enterprise_id"])
    assert set(credit.loc[credit["listed"], "enterprise_id"]) == listed
