"""What pairs trade already, and what would be new between them."""

import pandas as pd
import pytest

from liaison_analysis.introductions.known_trades import KnownTrades
from liaison_analysis.ledger.frames import typed
from liaison_analysis.ledger.model import Ledger


@pytest.fixture
def trades():
    firms = pd.DataFrame({"enterprise_id": ["A", "B", "C", "D"], "name": ["甲", "乙", "丙", "丁"]})
    rows = [("A", "B", "协作机器人"), ("B", "A", "ＲＶ减速器"), ("A", "C", None)]
    supplies = pd.DataFrame(rows, columns=["supplier_id", "customer_id", "product"])
    return KnownTrades(Ledger(enterprises=typed("enterprises", firms), supplies=typed("supplies", supplies)))


@pytest.mark.parametrize(
    ("product", "is_new"),
    [
        ("协作机器人", False),
        ("工业机器人", False),  # of which a cobot is a kind
        ("rv 减速器", False),  # written in another way
        ("焊接机器人", False),  # of the same sort
        ("", False),
        ("轴承", True),
    ],
)
def test_new_is_what_is_neither_traded_nor_a_kind_of_it_whoever_sells(trades, product, is_new):
    assert trades.is_new("A", "B", product) is trades.is_new("B", "A", product) is is_new
    assert not trades.is_new("A", "C", product), "what A and C trade is not known"


def test_of_pairs_that_trade_only_demands_for_something_new_are_kept(trades):
    rows = [
        ("B", "A", "D1", "轴承"),
        ("B", "A", "D2", "轴承"),
        ("B", "A", "D2", "机器人"),
        ("C", "A", "D3", "轴承"),
        ("D", "A", "D4", "机器人"),
    ]
    matches = pd.DataFrame(rows, columns=["seeker_id", "counterpart_id", "demand_id", "product"])
    assert trades.only_new(matches, "product")["demand_id"].tolist() == ["D1", "D4"]
    assert trades.only_new(matches, None)["demand_id"].tolist() == ["D4"]
