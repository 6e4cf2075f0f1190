"""Sentences that ask: what is settled, negated or withdrawn is left out, and only that."""

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from liaison_analysis.demands.asking import asking_sentences


def read(text):
    return ["".join(text[a:b] for a, b in clauses) for clauses in asking_sentences(text)]


@pytest.mark.parametrize(
    ("text", "asks"),
    [
        ("贷款已经批下来了，谢谢。车间还缺两个焊工", ["车间还缺两个焊工"]),
        ("不缺客户，就缺师傅", ["就缺师傅"]),
        ("他们自己约好了实验室，下月去做，不用我们管。", []),
        ("此前登记的需求撤销", []),
        ("利率3.1，企业满意。门口没路灯", ["门口没路灯"]),
        ("来送台历，没什么事。", []),
        ("补贴到账了，感谢，现在想再招几个人", ["现在想再招几个人"]),
        ("1.想避峰用电2.门前堵水", ["1.想避峰用电", "2.门前堵水"]),
        ("要全程冷链的空运。还有没有别家？", ["要全程冷链的空运。还有没有别家？"]),
        ("", []),
    ],
)
def test_only_what_asks_is_left(text, asks):
    assert read(text) == asks


@given(st.text(alphabet="想找缺不用谢，。；？1.一、满意客户", max_size=40))
def test_places_are_in_order_and_do_not_overlap(text):
    places = [place for clauses in asking_sentences(text) for place in clauses]
    assert all(a < b for a, b in places)
    assert all(b <= c for (_, b), (c, _) in itertools.pairwise(places))
