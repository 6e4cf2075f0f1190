"""The thing asked for is named in the words of the text, and for whom."""

import pytest

from liaison_analysis.demands.objects import beneficiary, things_asked


@pytest.mark.parametrize(
    ("sentence", "intent", "words"),
    [
        ("想在附近找一家做谐波减速器的厂", "supplier", "谐波减速器"),
        ("急需一批食品级白油的货源", "supplier", "食品级白油"),
        ("想把新做的铝塑盖也卖给药厂", "customer", "铝塑盖"),
        ("豆渣一天四吨，没人来拉了", "customer", "豆渣"),
    ],
)
def test_the_thing_is_what_stands_after_the_asking_words(sentence, intent, words):
    assert [thing.words for thing in things_asked(sentence, intent)] == [words]


def test_what_a_park_gives_is_no_thing():
    assert things_asked("想要两个停车位", "site") == []


@pytest.mark.parametrize(
    ("text", "whom"),
    [("替配套厂问问，哪里有冲床", "配套厂"), ("外地员工没地方住", "外地员工"), ("想租冲床", "")],
)
def test_for_whom_it_is_asked(text, whom):
    assert beneficiary(text) == whom
