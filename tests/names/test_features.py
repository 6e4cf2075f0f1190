import math

import numpy as np
import pytest

from liaison_analysis.names.features import (
    FEATURES,
    WEIGHTS,
    build_entries,
    is_long,
    nearest,
    odds,
    pair_features,
    sound_of,
    utilities,
)
from liaison_analysis.names.parts import take_apart

NAMES = ["重庆翎沃电子材料", "佛山云岫机器人", "重庆云岫轴承"]
# Rarity of characters that one name, two names, or no name of three hold: log((3 + 1) / (names + 1)) + .1.
ONE, TWO, NO = math.log(4 / 2) + 0.1, math.log(4 / 3) + 0.1, math.log(4 / 1) + 0.1


@pytest.fixture(scope="module")
def entries():
    return build_entries(take_apart(NAMES))


def features_of(entries, written, name):
    """Features of a written name with one name of the roster, by their names."""
    parts = take_apart([written])
    values = pair_features(parts, entries, np.array([[NAMES.index(name)]]), np.array([[0.5]]))
    return dict(zip(FEATURES, values[0, 0].tolist(), strict=True))


def test_characters_sounds_and_starts_of_words_stand_in_columns(entries):
    assert entries.length.tolist() == [8, 7, 6]
    assert entries.brand.tolist() == [2, 2, 2]
    assert [np.flatnonzero(entries.starts[:, i]).tolist() for i in range(3)] == [
        [0, 2, 4, 6],
        [0, 2, 3, 4],
        [0, 2, 3, 4],
    ]
    assert (entries.codes > 0).sum(axis=0).tolist() == [8, 7, 6]
    assert len(set(entries.codes[:8, 0])) == 8


def test_rare_characters_weigh_more_and_one_in_no_name_most(entries):
    assert entries.weights[:4, 0] == pytest.approx([TWO, TWO, ONE, ONE])
    assert entries.weights[8:, 0].tolist() == [0] * 20
    assert entries.unseen == pytest.approx(NO)


def test_candidates_are_sorted_by_cosine_and_missing_ones_are_none(entries):
    places, cosines = nearest(["翎沃材料", "重庆云岫机器人", "甲乙"], entries, k=3)
    assert places.tolist() == [[0, -1, -1], [1, 2, 0], [-1, -1, -1]]
    assert (np.diff(cosines, axis=1) <= 0).all()
    assert cosines[1, 2] > 0
    assert nearest(["重庆云岫机器人"], entries, k=1)[0].tolist() == [[1]]


def test_a_picked_name_misses_nothing(entries):
    values = features_of(entries, "翎沃材料", NAMES[0])
    assert values == {
        "missed": 0, "missed_weight": 0, "all_found": 1, "scattered": 0, "brand_first": 1, "brand_two": 1,
        "place_first": 0, "brand_second": 0, "last": 1, "cosine": 0.5, "sound": 0, "elsewhere": 0,
        # Of three pairs of neighbours 翎沃 and 材料 stand together in the name, 沃材 does not.
        "pairs": pytest.approx(2 / 3),
        "covered": pytest.approx(4 / 6),
        "left": pytest.approx(math.log(1 + 2)),
        "surplus": pytest.approx((4 * ONE - math.log(3)) / 10),
    }  # fmt: skip


def test_a_missed_character_counts_by_number_and_by_rarity(entries):
    values = features_of(entries, "凌沃材料", NAMES[0])
    total = NO + 3 * ONE
    assert values["missed"] == pytest.approx(1 / 4)
    assert values["missed_weight"] == pytest.approx(NO / total)
    assert (values["all_found"], values["brand_first"], values["brand_two"], values["last"]) == (0, 0, 0, 1)
    # 沃 stands inside a word, so that the jump to it costs all that it weighs.
    assert values["scattered"] == pytest.approx(ONE / total)
    assert values["pairs"] == pytest.approx(2 * ONE / (NO + ONE + 4 * ONE))


def test_a_homophone_counts_as_the_same_sound_and_an_unknown_sound_does_not(entries):
    assert features_of(entries, "凌沃材料", NAMES[0])["sound"] == pytest.approx(1 / 4)
    assert features_of(entries, "X沃材料", NAMES[0])["sound"] == 0
    # A sound that no name of the roster has is not the same as nothing behind the end of a name, which stands
    # there where a longer name is compared beside it.
    places = np.array([[NAMES.index("重庆云岫轴承"), NAMES.index("重庆翎沃电子材料")]])
    values = pair_features(take_apart(["云岫轴承囧囧囧囧"]), entries, places, np.full((1, 2), 0.5))
    assert values[0, 0, FEATURES.index("sound")] == 0


def test_beginnings_and_ends_are_compared_with_brand_and_name(entries):
    assert features_of(entries, "重沃", NAMES[0])["place_first"] == 1
    assert features_of(entries, "渝翎", NAMES[0])["brand_second"] == 1
    assert features_of(entries, "翎承", NAMES[0])["last"] == 0
    assert features_of(entries, "翎材", NAMES[0])["last"] == 1  # the last but one
    assert features_of(entries, "翎电", NAMES[0])["brand_two"] == 0


def test_characters_in_another_order_are_missed(entries):
    values = features_of(entries, "材料翎沃", NAMES[0])
    assert (values["missed"], values["all_found"]) == (0.5, 0)
    assert values["left"] == pytest.approx(math.log(1 + 4))


def test_two_places_that_differ_are_elsewhere(entries):
    assert features_of(entries, "重庆云岫机器人", NAMES[1])["elsewhere"] == 1
    assert features_of(entries, "佛山云岫机器人", NAMES[1])["elsewhere"] == 0
    assert features_of(entries, "云岫机器人", NAMES[1])["elsewhere"] == 0


def test_what_a_large_roster_shares_by_chance_is_no_surplus():
    many = build_entries(take_apart(["云岫轴承", *("甲乙丙丁"[i % 4] + "厂" for i in range(99))]))
    parts = take_apart(["云岫"])
    values = pair_features(parts, many, np.array([[0]]), np.array([[0.5]]))
    weight = 2 * (math.log(101 / 2) + 0.1)
    assert values[0, 0, FEATURES.index("surplus")] == pytest.approx((weight - math.log(100)) / 10, abs=1e-6)


def test_pairs_without_a_candidate_have_no_features(entries):
    features = pair_features(take_apart(["翎沃"]), entries, np.array([[0, -1]]), np.array([[0.5, 0.0]]))
    assert features[0, 1].tolist() == [0.0] * len(FEATURES)


def test_sounds_that_are_mixed_up_are_one():
    assert sound_of("张") == sound_of("脏") == sound_of("赞")
    assert sound_of("南") == sound_of("兰")
    assert sound_of("A") == "A"
    assert sound_of("安") != sound_of("兰")


def test_weights_of_short_and_long_names_are_used_for_theirs():
    assert is_long(take_apart(["云岫机器人", "云岫机器人厂"])).tolist() == [False, True]
    features = np.ones((2, 1, len(FEATURES)), np.float32)
    utility = utilities(features, np.zeros((2, 1), int), np.array([0]), np.array([False, True]))
    assert utility[:, 0] == pytest.approx(WEIGHTS.sum(axis=1), rel=1e-5)
    weights = np.zeros_like(WEIGHTS)
    weights[0, -1] = 2.5
    chosen = utilities(
        features, np.zeros((2, 1), int), np.array([0]), np.array([False, True]), weights=weights
    )
    assert chosen.tolist() == [[2.5], [0.0]]


def test_shipped_weights_reward_what_fits_and_punish_what_does_not():
    weight = dict(zip(FEATURES, WEIGHTS[0], strict=False))
    assert WEIGHTS.shape == (2, len(FEATURES) + 1)
    assert min(weight["cosine"], weight["surplus"], weight["sound"], weight["brand_first"]) > 1
    assert max(weight["missed"], weight["scattered"], weight["left"], weight["elsewhere"]) < -1


def test_of_several_names_of_an_enterprise_the_best_counts():
    features = np.zeros((1, 4, len(FEATURES)), np.float32)
    features[0, :, 0] = [1, 3, 2, 0]
    weights = np.zeros_like(WEIGHTS)
    weights[0, 0] = 1.0
    owners, places = np.array([0, 0, 1]), np.array([[0, 1, 2, -1]])
    utility = utilities(features, places, owners, np.array([False]), weights=weights)
    assert utility.tolist() == [[-np.inf, 3.0, 2.0, -np.inf]]


def test_odds_leave_room_for_none_of_them():
    shares = odds(np.array([[0.0, -np.inf, 0.0], [math.log(3), -np.inf, -np.inf], [800.0, 0.0, -900.0]]))
    assert shares.tolist() == [
        [pytest.approx(1 / 3), 0.0, pytest.approx(1 / 3)],
        [pytest.approx(3 / 4), 0.0, 0.0],
        [pytest.approx(1.0), 0.0, 0.0],
    ]
