"""Pairs where one asks for what the other offers."""

import pandas as pd
import pytest

from liaison_analysis.introductions.asked_pairs import ASKED, AskedPairs, best_of_pair, offer_matches
from liaison_analysis.ledger.frames import typed
from liaison_analysis.ledger.model import Ledger


def test_the_strongest_row_of_a_pair_stays_and_equal_ones_go_by_product_and_demand():
    rows = [
        ("E1", "E2", "焊机", "D3", 0.5),
        ("E1", "E2", "电机", "D2", 0.9),
        ("E1", "E2", "焊机", "D1", 0.9),
        ("E1", "E2", "焊机", "D0", 0.9),
        ("E1", "E3", None, "D9", 0.2),
    ]
    pairs = pd.DataFrame(rows, columns=["seeker_id", "counterpart_id", "product", "demand_id", "asked"])
    best = best_of_pair(pairs, ASKED)
    assert best[["counterpart_id", "product", "demand_id"]].to_numpy().tolist() == [
        ["E2", "焊机", "D0"],
        ["E3", "", "D9"],
    ]
    assert best["match"].tolist() == ["", ""]


def test_an_offer_matches_by_the_root_of_its_share_and_nobody_meets_itself():
    asked = pd.DataFrame({"enterprise_id": ["E1"], "product": ["焊机"], "demand_id": ["D1"], "score": [0.8]})
    offers = pd.DataFrame({"enterprise_id": ["E1", "E2"], "product": ["焊机", "焊机"], "share": [1.0, 0.25]})
    found = offer_matches(asked, offers, "seeker_id", "counterpart_id", ASKED, trades=None, goods=None)
    assert found["counterpart_id"].tolist() == ["E2"]
    assert found["asked"].tolist() == pytest.approx([0.8 * 0.5])


@pytest.mark.parametrize(
    ("text", "lenders"),
    [
        ("想贷款三百万，利率低一点", ["E2"]),
        ("不想找银行贷款，愿意谈别的", ["E3"]),
        ("需要资金扩大生产", ["E2", "E3"]),
    ],
)
def test_who_only_invests_is_met_for_no_loan_and_who_only_lends_not_where_loans_are_refused(text, lenders):
    firms = [("E1", "", ""), ("E2", "存贷款", "金融机构"), ("E3", "私募股权投资", "金融机构")]
    enterprises = pd.DataFrame(firms, columns=["enterprise_id", "main_business", "category"])
    enterprises["name"] = ["云山甲机械有限公司", "云山乙银行", "云山丙创投有限公司"]
    demands = pd.DataFrame({"demand_id": ["D1"], "enterprise_id": ["E1"], "text": [text]})
    ledger = Ledger(enterprises=typed("enterprises", enterprises), demands=typed("demands", demands))
    serving = pd.Series(["", "financier", "financier"], index=["E1", "E2", "E3"])
    pairs = AskedPairs(ledger, "financier", ["E1"], serving, set(), None, "lexical", None)
    asked = pd.DataFrame({"enterprise_id": ["E1"], "product": [None], "demand_id": ["D1"], "score": [1.0]})
    named = pd.DataFrame(columns=["seeker_id", "counterpart_id", *ASKED])
    wanted, counterparts = pairs.wanted(named, asked, {"E2", "E3"})
    assert wanted["counterpart_id"].tolist() == lenders
    assert counterparts == {"E2", "E3"}
