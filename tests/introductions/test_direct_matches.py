"""Who answers a demand by its own words, where the ledger lists no offers."""

import pandas as pd
import pytest

from liaison_analysis import rank_introductions
from liaison_analysis.introductions.direct_matches import direct_matches, requests_in_role
from liaison_analysis.ledger.frames import typed
from liaison_analysis.ledger.model import Ledger

FIRMS = [
    ("E1", "云山锦木家具有限公司", "实木餐桌、书柜", "规上工业"),
    ("E2", "云山雀翎涂装有限公司", "水性漆喷涂代工", None),
    ("E3", "云山砚石环保有限公司", "危险废物收集贮存，废有机溶剂处置", None),
    ("E4", "云山禾拓板业有限公司", "木屑再生造粒、刨花板", None),
    ("E5", "云山量衡计量有限公司", "量具校准、压力仪表检定", "检测机构"),
    ("E6", "云山汇丰租赁有限公司", "设备直租、售后回租", "金融机构"),
]


def ledger(text, asker="E1"):
    firms = pd.DataFrame(FIRMS, columns=["enterprise_id", "name", "main_business", "category"])
    demands = pd.DataFrame(
        {"demand_id": ["D1"], "enterprise_id": [asker], "raised_on": ["2024-03-01"], "text": [text]}
    )
    return Ledger(enterprises=typed("enterprises", firms), demands=typed("demands", demands))


def best(text, role, asker="E1"):
    one = ledger(text, asker)
    matches = direct_matches(one, role, seekers=[asker], counterparts=one.enterprises["enterprise_id"])
    order = matches.sort_values("asked", ascending=False)
    return list(zip(order["counterpart_id"], order["asked"], strict=True))


@pytest.mark.parametrize(
    ("text", "role", "firm"),
    [
        ("自己没有喷涂线，水性漆这道想找近的外协", "supplier", "E2"),
        ("危废仓满了，废漆渣急着找人来拉", "supplier", "E3"),
        ("木屑每天三四吨，当垃圾清，想找人收", "customer", "E4"),
        ("一批卡尺到期了要送检校准", "tester", "E5"),
        ("想换两台大机床，六百来万，一次拿不出，租也行贷也行", "financier", "E6"),
        ("想约见雀翎的老板，把我们的餐桌卖给他们", "customer", "E2"),
    ],
)
def test_the_one_who_answers_comes_first_and_none_is_its_own_counterpart(text, role, firm):
    found = best(text, role)
    assert found[0][0] == firm
    assert all(0 < strength <= 1 for _, strength in found)
    assert "E1" not in dict(found)


def test_a_firm_that_is_only_mentioned_is_not_the_one_asked_for():
    assert dict(best("雀翎问过了做不了，想把餐桌卖给别家", "customer")).get("E2", 0) < 1


def test_a_text_that_asks_for_nothing_of_the_kind_matches_nobody():
    assert best("门口路灯坏了一排", "supplier") == []


def test_what_the_ledger_lists_of_a_firm_is_believed_before_its_words():
    one = ledger("自己没有喷涂线，水性漆这道想找近的外协")
    offers = typed("offers", pd.DataFrame([("E2", "金属冲压件")], columns=["enterprise_id", "product"]))
    listed = Ledger(enterprises=one.enterprises, demands=one.demands, offers=offers)
    silent = rank_introductions(one, ["E1"], role="supplier")
    assert silent["counterpart_id"].iloc[0] == "E2"
    assert silent["demand_id"].iloc[0] == "D1"
    assert "E2" not in set(rank_introductions(listed, ["E1"], role="supplier")["counterpart_id"])


def test_who_asks_for_money_is_a_customer_of_a_lender_that_looks_for_some():
    firms = pd.DataFrame(FIRMS, columns=["enterprise_id", "name", "main_business", "category"])
    texts = [("D1", "E6", "额度还有富余，想找几家企业做客户"), ("D2", "E2", "流动资金紧，想贷两百万周转")]
    demands = pd.DataFrame(texts, columns=["demand_id", "enterprise_id", "text"])
    one = Ledger(
        enterprises=typed("enterprises", firms),
        demands=typed("demands", demands.assign(raised_on="2024-03-01")),
    )
    asked = pd.DataFrame(
        [("D1", "E6", "customer", "融资租赁"), ("D2", "E2", "finance", "")],
        columns=["demand_id", "enterprise_id", "intent", "object"],
    ).assign(sentence=[text for _, _, text in texts], live=True)
    found = direct_matches(
        one, "customer", seekers=["E6"], counterparts=firms["enterprise_id"], requests=asked
    ).set_index("counterpart_id")
    assert found["asked"].idxmax() == "E2"
    assert found.loc["E2", "match"] == "asks"
    assert found.loc["E2", "demand_id"] == "D1"
    assert not found.drop("E2")["match"].eq("asks").any()


@pytest.mark.parametrize(("traded", "found"), [("喷涂", []), ("木门", ["E2"])])
def test_a_firm_known_by_its_words_is_met_again_for_what_it_does_not_deliver_yet(traded, found):
    one = ledger("水性漆喷涂这道想找近的外协")
    supplies = pd.DataFrame([("E2", "E1", traded)], columns=["supplier_id", "customer_id", "product"])
    asked = pd.DataFrame(
        [("D1", "E1", "supplier", "水性漆喷涂", "水性漆喷涂这道想找近的外协", True)],
        columns=["demand_id", "enterprise_id", "intent", "object", "sentence", "live"],
    )
    trading = Ledger(enterprises=one.enterprises, demands=one.demands, supplies=typed("supplies", supplies))
    ranked = rank_introductions(trading, ["E1"], role="supplier", requests=asked)
    assert ranked.loc[ranked["demand_id"].ne(""), "counterpart_id"].tolist() == found
    for reason in ranked["reason"]:
        assert f"双方已有{traded}供货往来" in reason


@pytest.mark.parametrize(
    ("text", "is_proposed"),
    [
        ("轴承缺货，想找一家供应商", False),
        ("轴承订单赶不出来，想找外协", True),
        ("轴承断供了，砺星那边能不能供一些", True),
    ],
)
def test_a_rival_is_a_supplier_only_where_the_demand_asks_for_it(text, is_proposed):
    # E1 and E3 make bearings; E4, which makes none, is sold them whatever it writes.
    firms = pd.DataFrame(
        [("E1", "云山砺星精工有限公司", "轴承"), ("E2", "云山锦木家具有限公司", "实木餐桌")],
        columns=["enterprise_id", "name", "main_business"],
    )
    asks = {}
    for asker, business in (("E3", "轴承"), ("E4", "减速机")):
        mine = pd.DataFrame(
            {"enterprise_id": [asker], "name": ["云山甲乙机械有限公司"], "main_business": [business]}
        )
        demands = pd.DataFrame({"demand_id": ["D1"], "enterprise_id": [asker], "text": [text]})
        one = Ledger(
            enterprises=typed("enterprises", pd.concat([firms, mine], ignore_index=True)),
            demands=typed("demands", demands),
        )
        asked = demands.assign(intent="supplier", object="轴承", sentence=text, live=True)
        asks[asker] = direct_matches(
            one, "supplier", seekers=[asker], counterparts=["E1", "E2"], requests=asked.drop(columns="text")
        )["counterpart_id"].tolist()
    assert "E1" in asks["E4"], "who does not make bearings is sold them"
    assert ("E1" in asks["E3"]) is is_proposed


@pytest.mark.parametrize(
    ("text", "role", "read", "things"),
    [
        ("多出来四十吨汽没人要。印染的、洗水的、烘干的，签长约便宜", "customer", "洗水", ()),
        ("今年减半收费，请转告做童装的和印染的来送样", "customer", "和印染", ()),
        ("想找做童装的，我们洗水的价钱好商量", "customer", "洗水", ("洗水",)),
        ("在下做轴承的，销路窄，多介绍", "customer", "轴承", ("轴承",)),
        ("想找外协，印染的、洗水的都要", "supplier", "洗水", ("洗水",)),
        ("无氟防水剂做出来了，想找厂试", "customer", "氟防水剂", ("无氟防水剂",)),
        ("无氟防水剂不要，要氟防水剂", "supplier", "氟防水剂", ("氟防水剂",)),
    ],
)
def test_whom_a_demand_seeks_is_not_what_it_sells_and_no_word_loses_its_negation(text, role, read, things):
    asked = pd.DataFrame(
        [("D1", "E1", role, read, text, True)],
        columns=["demand_id", "enterprise_id", "intent", "object", "sentence", "live"],
    )
    assert requests_in_role(ledger(text), role, {"E1"}, asked)[0].things == things


def test_who_names_whom_it_wishes_to_meet_and_puts_off_all_others_meets_those_alone():
    firms = [
        ("E1", "云山淬青热处理有限公司", "真空热处理"),
        ("E2", "云山同流液压元件有限公司", "柱塞泵、液压元件"),
        ("E3", "云山大齿齿轮有限公司", "渗碳淬火齿轮、齿圈"),
    ]
    enterprises = pd.DataFrame(firms, columns=["enterprise_id", "name", "main_business"]).assign(category="")

    def proposed(text):
        demands = pd.DataFrame(
            [("D1", "E1", "2024-03-01", text)], columns=["demand_id", "enterprise_id", "raised_on", "text"]
        )
        ledger = Ledger(enterprises=typed("enterprises", enterprises), demands=typed("demands", demands))
        requests = pd.DataFrame(
            [("D1", "E1", "customer", "热处理", text, True)],
            columns=["demand_id", "enterprise_id", "intent", "object", "sentence", "live"],
        )
        matches = direct_matches(
            ledger, "customer", seekers=["E1"], counterparts=["E2", "E3"], requests=requests
        )
        return matches["counterpart_id"].tolist()

    assert proposed("渗碳齿圈、齿轮的热处理夜班空着，想约见同流") == ["E2", "E3"]
    assert proposed("渗碳齿圈、齿轮的热处理夜班空着，想约见同流，别家先不跑") == ["E2"]
    assert proposed("渗碳齿圈、齿轮的热处理夜班空着，同流那边自己在谈，别家暂缓") == []
