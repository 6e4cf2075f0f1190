"""Requests that nobody answers."""

import pandas as pd
import pytest

from liaison_analysis.introductions import rank_introductions, unanswered_requests
from liaison_analysis.ledger.frames import typed
from liaison_analysis.ledger.model import Ledger

FIRMS = [
    ("E1", "云山锦木家具有限公司", "实木餐桌、书柜", "规上工业"),
    ("E2", "云山雀翎涂装有限公司", "水性漆喷涂代工", None),
    ("E5", "云山量衡计量有限公司", "量具校准、压力仪表检定", "检测机构"),
]


def ledger(*texts):
    demands = pd.DataFrame(
        {"demand_id": [f"D{i}" for i, _ in enumerate(texts, 1)], "enterprise_id": "E1", "text": texts}
    )
    firms = pd.DataFrame(FIRMS, columns=["enterprise_id", "name", "main_business", "category"])
    return Ledger(enterprises=typed("enterprises", firms), demands=typed("demands", demands))


def requests(*rows):
    columns = ["demand_id", "enterprise_id", "intent", "object", "sentence", "live"]
    return pd.DataFrame(
        [(demand, "E1", intent, thing, thing, True) for demand, intent, thing in rows], columns=columns
    )


def test_a_test_that_nobody_does_is_an_answer_and_one_that_somebody_does_is_none():
    one = ledger("想送检做盐雾试验，本地有没有能做的", "一批卡尺要送检校准")
    asked = requests(("D1", "test", "盐雾试验"), ("D2", "test", "卡尺校准"))
    tests = rank_introductions(one, role="tester", requests=asked)
    assert tests["demand_id"].tolist() == ["D2"]
    missing = unanswered_requests(one, tests, roles=["tester"], requests=asked)
    assert missing["demand_id"].tolist() == ["D1"]
    assert missing["finding"].iloc[0].startswith("本地没有查到能做盐雾试验的检测机构")
    assert "盐雾试验" in missing["change"].iloc[0]
    english = unanswered_requests(one, tests, roles=["tester"], requests=asked, language="en")
    assert english["finding"].iloc[0].startswith("no laboratory here is known to do 盐雾试验")


def test_a_product_that_nobody_makes_is_told_from_one_that_was_not_understood():
    texts = ("轴承缺货，哪里有现货", "能不能牵头谈个直", "想买点东西")
    asked = requests(("D1", "supplier", "轴承"), ("D2", "supplier", "牵头谈个直"), ("D3", "supplier", ""))
    nobody = pd.DataFrame({"role": [], "demand_id": []}, dtype="str")
    missing = unanswered_requests(ledger(*texts), nobody, roles=["supplier"], requests=asked)
    assert dict(zip(missing["demand_id"], missing["cause"], strict=True)) == {
        "D1": "no counterpart known",
        "D2": "object not understood",
        "D3": "object not understood",
    }
    assert [finding.split("；")[0] for finding in missing["finding"]] == [
        "本地没有查到能供应轴承的企业",
        "没有读准诉求要的是什么（读作「牵头谈个直」），请核对原话",
        "没有读出诉求要的是什么，请核对原话",
    ]


def test_wrong_arguments_are_named_in_the_error():
    one = ledger("想送检")
    with pytest.raises(ValueError, match="roles must be of"):
        unanswered_requests(one, rank_introductions(one), roles=["friend"])
    with pytest.raises(ValueError, match="introductions: columns role, demand_id are missing"):
        unanswered_requests(one, pd.DataFrame())
