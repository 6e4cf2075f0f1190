"""Demands of two enterprises in which one offers what the other seeks."""

import pandas as pd

from liaison_analysis.introductions import rank_introductions
from liaison_analysis.introductions.demand_matches import answering_demands
from liaison_analysis.introductions.request_matches import Request
from liaison_analysis.ledger.frames import typed
from liaison_analysis.ledger.model import Ledger
from liaison_analysis.products import product_catalogue


def request(number, *things):
    return Request(f"D{number}", f"E{number}", things, "", "")


def pairs(offered, sought):
    found = answering_demands(offered, sought, product_catalogue(), offers=True)
    return [(offered[p.asked].enterprise_id, sought[p.answer].enterprise_id, p.strength) for p in found]


def test_the_same_product_in_other_words_answers_wholly_and_a_kind_of_it_less():
    assert pairs([request(1, "谐波减速机")], [request(2, "谐波减速器")]) == [("E1", "E2", 1.0)]
    assert pairs([request(1, "谐波减速器")], [request(2, "减速器")]) == [("E1", "E2", 0.8)]
    # Who seeks a thing of the catalogue is not answered by something that only shares a character.
    assert pairs([request(1, "谐波减速器")], [request(2, "器皿")]) == []


def test_names_that_no_catalogue_has_answer_by_their_rarer_characters():
    ((_, _, strength),) = pairs([request(1, "搪玻璃釜修补")], [request(2, "搪玻璃反应釜修补")])
    assert 0.6 < strength < 1


def test_an_enterprise_does_not_answer_itself():
    assert (
        answering_demands([request(1, "轴承")], [request(1, "轴承")], product_catalogue(), offers=True) == []
    )


def ledger_of(demands, business):
    firms = [(f"E{i}", f"云山{name}有限公司", "", does) for i, (name, does) in enumerate(business, 1)]
    return Ledger(
        enterprises=typed(
            "enterprises",
            pd.DataFrame(firms, columns=["enterprise_id", "name", "category", "main_business"]),
        ),
        demands=typed(
            "demands",
            pd.DataFrame(
                [(f"D{i}", firm, "2024-03-01", text) for i, (firm, text) in enumerate(demands, 1)],
                columns=["demand_id", "enterprise_id", "raised_on", "text"],
            ),
        ),
    )


def test_who_asks_for_a_thing_is_introduced_to_who_offers_it_in_a_demand_from_both_sides():
    ledger = ledger_of(
        [("E1", "液压扭矩扳手闲置过半，想找租用的客户"), ("E2", "矿上检修缺液压扳手，想租一套液压扳手")],
        [("甲租赁", "工具租赁"), ("乙泵业", "渣浆泵"), ("丙纸业", "瓦楞纸箱")],
    )
    buyers = rank_introductions(ledger, role="customer", seekers=["E1"])
    assert buyers[["counterpart_id", "match"]].to_numpy().tolist()[0] == ["E2", "asks"]
    assert "云山乙泵业有限公司自己的诉求正在找" in buyers["reason"][0]
    makers = rank_introductions(ledger, role="supplier", seekers=["E2"])
    assert makers[["counterpart_id", "match"]].to_numpy().tolist()[0] == ["E1", "offers"]
    assert "自己的诉求正在为" in makers["reason"][0]


def test_who_supplies_labour_meets_who_has_vacancies():
    ledger = ledger_of(
        [("E1", "手里有一百六十人，会点焊，想找用工的工厂客户"), ("E2", "电焊工走了九个，招不到人")],
        [("甲", "人力资源服务、劳务派遣"), ("乙", "瓦楞纸箱"), ("丙", "白酒")],
    )
    buyers = rank_introductions(ledger, role="customer", seekers=["E1"])
    assert buyers[["counterpart_id", "match", "needed"]].to_numpy().tolist()[0] == ["E2", "asks", "人手"]
