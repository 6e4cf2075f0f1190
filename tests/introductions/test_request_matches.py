"""How well enterprises answer a request: who makes, who uses, who is named."""

import pandas as pd
import pytest

from liaison_analysis.introductions.match_probability import FEATURES, FLOOR, probability
from liaison_analysis.introductions.request_matches import Request, RequestMatcher
from liaison_analysis.ledger.frames import typed
from liaison_analysis.ledger.model import Ledger

FIRMS = [
    ("T", "云山泊蓝灭菌服务有限公司", "环氧乙烷灭菌委托加工", 50),
    ("D", "云山白渚卫生材料有限公司", "水胶体敷料、手术包", 300),
    ("F", "云山牧语饲料有限公司", "配合饲料；常年收豆渣", 150),
    ("P", "云山瞳测智能装备有限公司", "敷料包装机", 80),
    ("B", "云山豆香食品有限公司", "豆腐、豆干", 90),
    ("R", "云山绿埂资源循环有限公司", "含铜废蚀刻液、废酸处置再生", 125),
    ("E", "云山净源电子化学品有限公司", "铜蚀刻液、显影液", 220),
    ("L", "云山线路科技有限公司", "多层线路板", 400),
    ("N", "云山镀色五金有限公司", "五金件喷粉、抛光；不做电镀", 60),
]


@pytest.fixture(scope="module")
def matcher():
    firms = pd.DataFrame(FIRMS, columns=["enterprise_id", "name", "main_business", "headcount"])
    demands = pd.DataFrame({"demand_id": ["D1"], "enterprise_id": ["T"], "text": ["灭菌夜班空着"]})
    ledger = Ledger(enterprises=typed("enterprises", firms), demands=typed("demands", demands))
    return RequestMatcher(ledger, firms["enterprise_id"])


def answered(matcher, role, firm, things, text):
    features, answers = matcher.features(Request("D1", firm, things, text, text), role)
    assert list(features.columns) == list(FEATURES["customer" if role == "customer" else "other"])
    probabilities = probability(features, role).drop(firm).sort_values(ascending=False)
    return probabilities, dict(zip(features.index, answers, strict=True))


def test_who_uses_a_service_comes_before_who_makes_machines_for_such_users(matcher):
    probabilities, answers = answered(matcher, "customer", "T", ("环氧乙烷灭菌",), "灭菌夜班空着")
    assert probabilities.index[0] == "D"
    assert answers["D"].how == "uses"
    assert answers["D"].needed == "灭菌"
    assert probabilities["D"] > 2 * probabilities["P"]
    assert probabilities["F"] < FLOOR["customer"]


def test_by_products_go_to_their_users_and_not_to_rivals(matcher):
    probabilities, answers = answered(matcher, "customer", "B", ("豆渣",), "豆渣一天四吨，要天天来拉的")
    assert probabilities.index[0] == "F"
    assert answers["F"].how in {"buys", "takes"}
    assert probabilities["F"] > 0.5


def test_who_takes_waste_in_is_led_to_those_that_leave_it(matcher):
    text = "废蚀刻液、废酸还吃得下一半的量，按吨收费"
    probabilities, answers = answered(matcher, "customer", "R", ("废蚀刻液",), text)
    assert probabilities.index[0] == "L"
    assert answers["L"].how == "leaves"
    assert answers["L"].needed in {"废蚀刻液", "蚀刻液", "废酸"}


def test_who_wants_to_be_rid_of_waste_is_not_led_to_those_that_leave_it(matcher):
    probabilities, answers = answered(matcher, "customer", "L", ("废蚀刻液",), "废蚀刻液没人收，堆着发愁")
    assert probabilities.index[0] == "R"
    assert "leaves" not in {answer.how for answer in answers.values()}


def test_who_says_that_it_does_not_do_a_thing_is_not_asked_for_it(matcher):
    probabilities, _ = answered(matcher, "supplier", "E", ("电镀",), "支架要做电镀，找一家")
    assert probabilities["N"] < 0.01


def test_who_takes_a_thing_in_as_waste_does_not_sell_it(matcher):
    probabilities, _ = answered(matcher, "supplier", "D", ("铜蚀刻液",), "铜蚀刻液想就近买")
    assert probabilities.index[0] == "E"
    assert probabilities["E"] > 0.5 > probabilities["R"]


def test_a_firm_that_is_named_is_met_and_one_that_is_dealt_with_is_not(matcher):
    named, answers = answered(matcher, "customer", "P", (), "想进白渚的供方名录")
    assert answers["D"].how == "named"
    dealt, _ = answered(matcher, "customer", "P", (), "给白渚做的包装线快交了，还有空")
    assert named["D"] > 0.5 > dealt["D"]


def test_the_trade_in_a_name_is_a_phrase_and_counts_less_than_the_business():
    firms = pd.DataFrame(
        [("A", "云山潮染印染有限公司", "机织布退煮漂", 300), ("B", "云山华数科技有限公司", "机器人", 90),
         ("C", "云山砺石机床有限公司", "数控机床", 90)],
        columns=["enterprise_id", "name", "main_business", "headcount"],
    )  # fmt: skip
    demands = pd.DataFrame({"demand_id": ["D1"], "enterprise_id": ["B"], "text": ["想找印染厂"]})
    ledger = Ledger(enterprises=typed("enterprises", firms), demands=typed("demands", demands))
    matcher = RequestMatcher(ledger, firms["enterprise_id"])
    named = {p.words: p.weight for p in matcher.all_phrases if p.of_name}
    assert named == {"印染": 0.8}


def test_a_technology_goes_to_who_works_in_its_field():
    firms = pd.DataFrame(
        [("U", "云山大学研究院", "少水染色研究", 50), ("A", "云山绯筒有限公司", "筒子纱染色", 120),
         ("B", "云山豆香有限公司", "豆腐、豆干", 90)],
        columns=["enterprise_id", "name", "main_business", "headcount"],
    )  # fmt: skip
    demands = pd.DataFrame({"demand_id": ["D1"], "enterprise_id": ["U"], "text": ["中试"]})
    ledger = Ledger(enterprises=typed("enterprises", firms), demands=typed("demands", demands))
    chances, _ = answered(
        RequestMatcher(ledger, firms["enterprise_id"]), "customer", "U", ("无水染色技术",),
        "无水染色中试跑通了，谁愿意接",
    )  # fmt: skip
    assert chances.index[0] == "A"
    assert chances["A"] > 2 * chances["B"]


def matcher_of(*firms):
    frame = pd.DataFrame(firms, columns=["enterprise_id", "name", "main_business", "headcount"])
    demands = pd.DataFrame({"demand_id": ["D1"], "enterprise_id": [firms[0][0]], "text": ["机时有余"]})
    ledger = Ledger(enterprises=typed("enterprises", frame), demands=typed("demands", demands))
    return RequestMatcher(ledger, frame["enterprise_id"])


def test_a_laboratory_is_no_buyer_or_maker_and_does_not_sell_the_goods_that_it_tests():
    laboratory = ("Q", "云山药品检验检测中心", "中药材、茶叶检测", 40)
    matcher = matcher_of(laboratory, ("M", "云山片鸣饮片有限公司", "中药饮片炮制", 120))
    assert [matcher.is_bystander("Q", role) for role in ("customer", "supplier", "tester")] == [
        True,
        True,
        False,
    ]
    assert not matcher.is_bystander("M", "customer")
    _, answers = answered(matcher, "customer", "Q", ("中药材",), "中药材农残检测机时有余，做饮片的都能送")
    assert answers["M"].needed == ""
    assert answers["M"].how not in {"uses", "feeds"}


def test_a_part_of_the_name_of_a_thing_is_not_said_to_be_used():
    presser = ("O", "云山籽垣油脂有限公司", "菜籽油压榨", 80)
    matcher = matcher_of(presser, ("S", "云山榨坊食用油有限公司", "菜籽油、花生油压榨", 60))
    _, answers = answered(matcher, "customer", "O", ("菜籽粕",), "菜籽粕一天三吨，想多找两家")
    assert answers["S"].needed != "菜籽"
