"""Intents of texts, the clause of each, and vectors of another encoder."""

import pytest

from liaison_analysis.demands.intent_model import INTENTS
from liaison_analysis.demands.intents import LEAST_FIRST, find_intents


def asked(text: str) -> set[str]:
    return {intent for intent, *_ in find_intents([text])[0]}


def test_places_are_those_of_the_clause_that_says_it():
    text = "厂里停车位不够，另外想申请一笔流动资金贷款。"
    result = {intent: text[a:b] for intent, a, b, _ in find_intents([text])[0]}
    assert result == {"finance": "另外想申请一笔流动资金贷款。", "site": "厂里停车位不够，"}


def test_what_is_negated_or_settled_is_not_asked_for():
    assert asked("不用贷款，不缺人。") == set()
    assert asked("补贴已经到账，现在招不到焊工") == {"staff"}


def test_is_it_so_is_a_question_and_no_negation():
    assert asked("稳岗返还我们没收到，是不是名单漏了？") == {"policy"}
    assert asked("不是宿舍的问题，是变压器太小") == {"utilities"}


def test_order_probability_and_nothing_in():
    for intents in find_intents(["缺料又缺人，想找客户，也想贷款", "", "，。"]):
        names = [intent for intent, *_ in intents]
        assert names == sorted(names, key=INTENTS.index)
        assert all(LEAST_FIRST <= probability <= 1 for *_, probability in intents)
    assert find_intents([]) == []
    assert find_intents(["", "，。"]) == [[], []]


@pytest.mark.parametrize("text", ["普工招不到", "经常停电", "想向银行贷款"])
def test_a_lexical_encoder_will_do(text):
    assert [i for i, *_ in find_intents([text], encoder="lexical")[0]] == [
        i for i, *_ in find_intents([text])[0]
    ]


def test_a_mask_asks_for_nothing():
    plain, masked = find_intents(["想对接整车客户，请联系     详谈", "想对接整车客户，请联系[银行卡号]详谈"])
    assert [intent for intent, *_ in masked] == [intent for intent, *_ in plain] == ["customer"]


def test_a_title_that_only_names_a_thing_asks_a_park_for_nothing():
    assert [asked(title) for title in ("车门锁", "桥梁巡检机器人", "低压电力线路测算装置")] == [set()] * 3
    assert asked("停车难") == {"site"}
    assert asked("厂里电不够") == {"utilities"}


@pytest.mark.parametrize(
    "title", ["高盐废水处理技术", "矿用钻车研发项目", "大功率超级电容器的研制", "水泵流道铸造工艺攻关"]
)
def test_what_is_to_be_developed_is_research_whatever_it_is_about(title):
    assert asked(title) == {"research"}


def test_a_lender_that_speaks_of_loans_looks_for_customers_and_a_maker_for_money():
    text = "新出一款设备贷，利率三点二，额度还有两个亿，请推荐几家企业"
    [of_lender] = find_intents([text], business=["流动资金贷款、设备贷"])
    assert [intent for intent, *_ in of_lender] == ["customer"]
    [of_maker] = find_intents(["想贷五百万买机器，抵押不够"], business=["注塑件"])
    assert [intent for intent, *_ in of_maker] == ["finance"]


def test_pupils_that_leave_a_school_are_no_vacancy():
    [of_school] = find_intents(["今年毕业九十个学生，想跟厂里签订单班"], business=["机电、服装三个专业"])
    assert "staff" not in {intent for intent, *_ in of_school}
