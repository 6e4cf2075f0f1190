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


def test_who_asks_for_a_loan_is_not_sent_to_a_fund_and_who_seeks_an_investor_is():
    firms = [
        *FIRMS,
        ("E6", "云山汇商银行股份有限公司", "存贷款、票据贴现", "金融机构"),
        ("E7", "云山启程私募基金管理有限公司", "私募股权投资", "金融机构"),
    ]
    enterprises = pd.DataFrame(firms, columns=["enterprise_id", "name", "main_business", "category"])
    texts = ["厂里要换设备，想贷款三百万，利率低一点", "愿意让出一成股份，想引一家投资人进来"]
    met = []
    for text in texts:
        one = Ledger(
            enterprises=typed("enterprises", enterprises), demands=ledger(text).demands.assign(demand_id="D1")
        )
        asked = requests(("D1", "finance", ""))
        asked["sentence"] = text
        ranked = rank_introductions(one, ["E1"], role="financier", requests=asked)
        met.append(set(ranked.loc[ranked["demand_id"].eq("D1"), "counterpart_id"]))
    assert met[0] == {"E6"}
    assert "E7" in met[1]


def test_who_wishes_for_a_university_is_not_sent_to_a_maker():
    firms = [
        ("E1", "云山锦木家具有限公司", "实木餐桌", "规上工业"),
        ("E2", "云山雀翎涂装有限公司", "水性木器漆、水性漆喷涂", None),
        ("E3", "云山林业大学木材研究院", "木材科学、水性木器漆研究", "科研院所"),
    ]
    enterprises = pd.DataFrame(firms, columns=["enterprise_id", "name", "main_business", "category"])
    met = []
    for whom in ("高校", "懂行的"):
        text = f"水性木器漆附着力不够，想找{whom}一起攻关"
        one = Ledger(
            enterprises=typed("enterprises", enterprises), demands=ledger(text).demands.assign(demand_id="D1")
        )
        asked = requests(("D1", "research", "水性木器漆"))
        asked["sentence"] = text
        ranked = rank_introductions(one, ["E1"], role="research partner", requests=asked)
        met.append(ranked.loc[ranked["demand_id"].eq("D1"), "counterpart_id"].tolist())
    assert met == [["E3"], ["E3", "E2"]]
