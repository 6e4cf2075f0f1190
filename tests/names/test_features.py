import numpy as np
import pytest

from liaison_analysis.names.features import (
    FEATURES,
    WEIGHTS,
    build_entries,
    nearest,
    odds,
    pair_features,
    utilities,
)
from liaison_analysis.names.parts import take_apart


def test_features_are_what_they_say():
    entries = build_entries(take_apart(["重庆翎沃电子材料", "佛山云岫机器人", "重庆云岫轴承"]))
    written = take_apart(["翎沃材料", "重庆云岫机器人", "凌沃材料"])
    places, cosines = nearest([p.stem for p in written], entries, k=3)
    assert places[:, 0].tolist() == [0, 1, 0]
    features = pair_features(written, entries, places, cosines)
    table = {name: features[:, 0, i].tolist() for i, name in enumerate(FEATURES)}
    assert table["missed"] == pytest.approx([0, 2 / 7, 1 / 4])
    assert table["all_found"] == [1, 0, 0]
    assert table["brand_two"] == [1, 0, 0]
    assert table["sound"] == pytest.approx([0, 0, 1 / 4])
    assert table["elsewhere"] == [0, 1, 0]
    assert table["left"] == pytest.approx([np.log1p(2), np.log1p(0), np.log1p(3)])


def test_odds_count_an_enterprise_once():
    features = np.zeros((1, 3, len(FEATURES)), np.float32)
    weights = np.zeros_like(WEIGHTS)
    owners, short = np.array([0, 0, 1]), np.array([False])
    shares = odds(utilities(features, np.array([[0, 1, 2]]), owners, short, weights=weights))
    assert shares.tolist() == [[pytest.approx(1 / 3), 0.0, pytest.approx(1 / 3)]]
