"""What texts ask for, where it is said, and that vectors may come from elsewhere."""

import pytest

from liaison_analysis.intents import INTENTS, TOLD, find_intents


def told(text: str) -> set[str]:
    return {intent for intent, *_ in find_intents([text])[0]}


def test_places_are_those_of_the_clause_that_says_it():
    text = "厂里停车位不够，另外想申请一笔流动资金贷款。"
    found = {intent: text[a:b] for intent, a, b, _ in find_intents([text])[0]}
    assert found == {"finance": "另外想申请一笔流动资金贷款。", "site": "厂里停车位不够，"}


def test_what_is_negated_or_settled_is_not_asked_for():
    assert told("不用贷款，不缺人。") == set()
    assert told("补贴已经到账，现在招不到焊工") == {"staff"}


def test_order_probability_and_nothing_in():
    for intents in find_intents(["缺料又缺人，想找客户，也想贷款", "", "，。"]):
        names = [intent for intent, *_ in intents]
        assert names == sorted(names, key=INTENTS.index)
        assert all(TOLD <= probability <= 1 for *_, probability in intents)
    assert find_intents([]) == []
    assert find_intents(["", "，。"]) == [[], []]


@pytest.mark.parametrize("text", ["普工招不到", "经常停电", "想向银行贷款"])
def test_a_lexical_encoder_will_do(text):
    assert [i for i, *_ in find_intents([text], encoder="lexical")[0]] == [
        i for i, *_ in find_intents([text])[0]
    ]


def test_a_mask_is_not_what_a_text_speaks_of():
    plain, masked = find_intents(["想对接整车客户，请联系     详谈", "想对接整车客户，请联系[银行卡号]详谈"])
    assert [intent for intent, *_ in masked] == [intent for intent, *_ in plain] == ["customer"]
