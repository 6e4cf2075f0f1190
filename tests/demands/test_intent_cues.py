"""Phrases move the intents that they speak for, and no others."""

import numpy as np
import pytest

from liaison_analysis.demands.intent_cues import CUES, weigh_cues
from liaison_analysis.demands.intent_model import INTENTS


def moved(sentence, start=0.3):
    rows = weigh_cues(np.full((1, len(INTENTS)), start), [sentence])
    return dict(zip(INTENTS, rows[0].tolist(), strict=True))


@pytest.mark.parametrize(
    ("sentence", "up", "down"),
    [
        ("二号线夜班空着", "customer", "supplier"),
        ("订单排到十月，做不过来", None, "customer"),
        ("边角每月十来吨，看有没有人收", "customer", "supplier"),
        ("废液攒了两吨，没人拉", "supplier", "customer"),
        ("就缺开机床的师傅", "staff", None),
        ("找不到原因，想请专家看看", "research", "supplier"),
        ("测试程序可自带", None, "test"),
        ("申请办长期通行证", "policy", None),
    ],
)
def test_a_phrase_moves_its_intents(sentence, up, down):
    after = moved(sentence)
    if up:
        assert after[up] > 0.3
        assert max(after, key=after.get) == up
    if down:
        assert after[down] < 0.3


def test_a_sentence_without_a_phrase_stays_and_weights_add_to_the_log_odds():
    assert moved("您好") == dict.fromkeys(INTENTS, 0.3)
    assert moved("夜班空着", 0.5)["customer"] == pytest.approx(1 / (1 + np.exp(-3)))
    assert weigh_cues(np.zeros((0, len(INTENTS))), []).shape == (0, len(INTENTS))


def test_every_phrase_speaks_of_known_intents():
    assert {intent for _, added in CUES for intent in added} <= set(INTENTS)
