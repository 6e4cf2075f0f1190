"""Weights of the reader: learnt from readings, stored as numbers, changed by whose goods are named."""

import numpy as np
import pytest

from liaison_analysis.demands.intent_model import INTENTS
from liaison_analysis.demands.intent_reading import IntentReader, Reading, example_weight, packaged_reader


def reading(text, business="", decisions=None):
    decided = np.full(len(INTENTS), -1.0) if decisions is None else decisions
    return Reading((text,), decided, decided[None], decided[None], business)


def test_learnt_weights_follow_decisions_and_survive_being_written():
    rng = np.random.default_rng(0)
    decisions = rng.uniform(-1, 1, (120, len(INTENTS)))
    readings = [reading("您好", decisions=row) for row in decisions]
    asked = [{INTENTS[j] for j in np.flatnonzero(row > 0)} for row in decisions]
    learnt = IntentReader.learn(readings, asked, [1.0] * len(readings))
    right = (learnt.probabilities(readings) > 0.5) == (decisions > 0)
    assert right.mean() > 0.9
    again = IntentReader.from_bytes(learnt.to_bytes())
    assert again.probabilities(readings) == pytest.approx(learnt.probabilities(readings), abs=1e-4)


def test_unwanted_stock_is_for_sale_by_its_owner():
    text = "轴承压了库，没人要"
    customer = INTENTS.index("customer")
    own, other = packaged_reader().probabilities([reading(text, "轴承"), reading(text, "机床、刀具")])
    assert own[customer] > other[customer]


def test_a_sentence_counts_less_than_its_demand():
    assert example_weight(sentence=True) < example_weight(sentence=False)


def test_nothing_to_read():
    assert packaged_reader().probabilities([]).shape == (0, len(INTENTS))
