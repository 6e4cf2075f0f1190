"""What the general chain adds to a ledger, and what it leaves as it is."""

import pandas as pd
import pytest

from liaison_analysis.ledger import Ledger, load_liangjiang
from liaison_analysis.ledger.completion import complete_ledger


@pytest.fixture
def frames():
    firms = pd.DataFrame(
        {
            "enterprise_id": ["A", "B", "C"],
            "name": ["甲", "乙", "丙"],
            "main_business": ["RV减速器的生产", "工业机器人", None],
        }
    )
    return {"enterprises": firms}


def chain_of(ledger):
    return set(zip(ledger.product_chain["upstream"], ledger.product_chain["downstream"], strict=True))


def test_business_becomes_offers_with_its_words_and_a_chain(frames):
    completed = complete_ledger(Ledger.from_frames(frames))
    assert completed.offers[["enterprise_id", "product", "evidence"]].to_numpy().tolist() == [
        ["A", "RV减速器", "主营业务：RV减速器的生产"],
        ["B", "工业机器人", "主营业务：工业机器人"],
    ]
    assert ("RV减速器", "工业机器人") in chain_of(completed)
    assert set(completed.product_chain["source"]) == {"通用产业链"}
    assert complete_ledger(completed).offers is completed.offers


def test_offers_of_its_own_stay_an_enterprises_only_ones(frames):
    frames["offers"] = pd.DataFrame({"enterprise_id": ["A"], "product": ["针织圆机"]})
    completed = Ledger.from_frames(frames).completed
    assert completed.offers.loc[completed.offers["enterprise_id"].eq("A"), "product"].tolist() == ["针织圆机"]


def test_a_chain_of_its_own_keeps_what_it_names(frames):
    frames["product_chain"] = pd.DataFrame({"upstream": ["工业机器人"], "downstream": ["RV减速器"]})
    ledger = Ledger.from_frames(frames)
    assert chain_of(ledger.completed) == {("工业机器人", "RV减速器")}


def test_synonyms_of_its_own_are_understood(frames):
    frames["enterprises"].loc[2, "main_business"] = "铁胳膊"
    frames["synonyms"] = pd.DataFrame({"term": ["铁胳膊"], "product": ["工业机器人"]})
    offers = Ledger.from_frames(frames).completed.offers
    assert offers.loc[offers["enterprise_id"].eq("C"), "product"].tolist() == ["工业机器人"]


def test_the_sample_with_its_own_chain_is_left_as_it_is():
    ledger = load_liangjiang()
    assert complete_ledger(ledger) is ledger
