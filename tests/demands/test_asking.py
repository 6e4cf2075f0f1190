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


@pytest.mark.parametrize(
    ("text", "asked"),
    [
        ("真皮边角料，箱包厂要不要？", "箱包厂要不要？"),
        ("宿舍已经租到了，谢谢牵线，可那边没有快递柜。", "可那边没有快递柜。"),
        ("烘房一到淡季就没事干，谁家有药材要代加工？", "谁家有药材要代加工？"),
        ("纸浆不缺，做蛋托的要不要？", "做蛋托的要不要？"),
        ("再不想办法人就走了。", "再不想办法人就走了。"),
        ("镀层外协满意，线圈烧了两个，找会绕的。", "找会绕的。"),
    ],
)
def test_what_is_asked_after_a_settled_matter_is_kept(text, asked):
    clauses = [text[a:b] for sentence in asking_sentences(text) for a, b in sentence]
    assert asked in clauses


def test_a_settled_matter_still_ends_its_sentence():
    assert asking_sentences("贷款批下来了，谢谢，可以销号。") == []
