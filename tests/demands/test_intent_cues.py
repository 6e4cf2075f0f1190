"""Cues are found where they stand, and only there."""

import re

import pytest

from liaison_analysis.demands.intent_cues import cue_flags, cues


@pytest.mark.parametrize(
    ("text", "cue", "found"),
    [
        ("二号线夜班空着", "idle capacity", True),
        ("订单排到十月", "idle capacity", False),
        ("做出来三年了，没销路", "no buyers", True),
        ("这家供应商停产了", "supply fails", True),
        ("料够用到年底", "supply fails", False),
        ("银行嫌厂房是租的", "money outright", True),
        ("原因不明，想请老师看看", "research outright", True),
    ],
)
def test_a_cue_is_found_where_its_words_stand(text, cue, found):
    assert bool(cues()[cue].search(text)) is found
    assert cue_flags([text])[0, list(cues()).index(cue)] == found


def test_a_cue_does_not_reach_across_clauses():
    pattern = cues()["idle capacity"]
    assert pattern.search("产能还有一半")
    assert not re.search(pattern, "产能够，设备齐了")


def test_no_texts_give_no_rows():
    assert cue_flags([]).shape == (0, len(cues()))
