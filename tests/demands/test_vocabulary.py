"""Which words mean what."""

import pandas as pd
import pytest
from helpers.small_vocabulary import hits, small_ledger
from hypothesis import given
from hypothesis import strategies as st

from liaison_analysis.demands.mentions import find_mentions
from liaison_analysis.demands.vocabulary import fold, products_of
from liaison_analysis.ledger.frames import typed
from liaison_analysis.ledger.model import Ledger


def test_exact_trade_word_and_shared_ending_have_their_scores():
    assert hits("做RV减速器的") == [("RV减速器", "RV减速器", 1.0)]
    # 主机厂 means the products that end in 乘用车; both of them.
    assert hits("想见主机厂") == [("主机厂", "新能源乘用车", 0.8), ("主机厂", "燃油乘用车", 0.8)]
    assert hits("电动车来了") == [("电动车", "新能源乘用车", 0.8)]
    # 减速器 is the end of two products but not of 减速器壳体.
    assert hits("减速器坏了") == [("减速器", "RV减速器", 0.5), ("减速器", "谐波减速器", 0.5)]
    # A product that only the chain names counts as well.
    assert hits("伺服电机缺") == [("伺服电机", "伺服电机", 1.0)]


def test_a_name_of_the_ledger_is_no_trade_word_for_another():
    offers = pd.DataFrame({"enterprise_id": ["A", "B"], "product": ["机械臂", "工业机器人"]})
    result = find_mentions(["想找机械臂"], Ledger(offers=typed("offers", offers)))
    result = result[result["kind"].eq("product")]
    assert result[["value", "score"]].to_numpy().tolist() == [["机械臂", 1.0]]


def test_endings_that_say_too_little_are_not_words():
    assert hits("设备和材料都要，系统也要") == []
    many = [f"{letter}型轴承" for letter in "ABCDEFGHI"]
    for count, expected in ((8, 8), (9, 0)):
        offers = pd.DataFrame({"enterprise_id": "E1", "product": many[:count]})
        result = find_mentions(["缺轴承"], Ledger(offers=typed("offers", offers)))
        assert result["kind"].eq("product").sum() == expected


@given(st.text())
def test_folding_keeps_the_length(text):
    assert len(fold(text)) == len(text)


def test_without_a_chain_the_general_one_gives_the_vocabulary():
    ledger = small_ledger(chain=False)
    assert "伺服电机" in products_of(ledger)
    assert find_mentions(["伺服马达和ＲＶ减速器"], ledger)[["value", "score"]].to_numpy().tolist() == [
        ["伺服电机", 0.8],
        ["RV减速器", 1.0],
    ]


def test_a_ledgers_own_synonyms_and_the_kinds_of_what_it_offers_are_understood():
    offers = typed("offers", pd.DataFrame({"enterprise_id": ["A"], "product": ["协作机器人"]}))
    words = typed("synonyms", pd.DataFrame({"term": ["小铁臂"], "product": ["协作机器人"]}))
    result = find_mentions(["小铁臂", "想买机器人"], Ledger(offers=offers, synonyms=words))
    products = result[result["kind"].eq("product")]
    assert products[["row", "value", "score"]].to_numpy().tolist() == [
        [0, "协作机器人", 0.8],
        [1, "协作机器人", 0.5],
    ]


@pytest.mark.parametrize(
    ("offered", "text", "written"),
    [
        ("RV减速器", "采购RV-减速器一批", "RV-减速器"),
        ("RV减速器", "采购 rv 减速器", "rv 减速器"),
        ("PLC-控制器", "需要PLC控制器两台", "PLC控制器"),
        ("PLC-控制器", "需要PLC 控制器两台", "PLC 控制器"),
    ],
)
def test_spaces_and_hyphens_beside_letters_are_written_or_not(offered, text, written):
    enterprises = pd.DataFrame({"enterprise_id": ["E1"], "name": ["甲公司"]})
    demands = pd.DataFrame(
        {"demand_id": ["D1"], "enterprise_id": ["E1"], "raised_on": ["2022-06-01"], "text": [text]}
    )
    offers = pd.DataFrame({"enterprise_id": ["E1"], "product": [offered]})
    ledger = Ledger(enterprises=enterprises, demands=demands, offers=offers)
    found = find_mentions([text], ledger).query("kind == 'product'")
    assert [(one.value, text[one.start : one.end]) for one in found.itertuples()] == [(offered, written)]
