"""theme_space: coordinates, neighbours, smoothing, grouping."""

from __future__ import annotations

import numpy as np
import pytest
from sklearn.metrics import adjusted_rand_score

from liaison_analysis.theme_space import (
    ThemeSpace,
    follow,
    group,
    leading,
    matter_of_fact,
    matter_shares,
    mood_flags,
    nearest,
    smooth,
    unit_rows,
)


def blobs(n=60, k=3, spread=0.1, seed=0):
    random = np.random.default_rng(seed)
    centres = unit_rows(random.normal(size=(k, 20)))
    truth = np.arange(n) % k
    return unit_rows(centres[truth] + spread * random.normal(size=(n, 20))), truth


def test_unit_rows_keep_rows_of_zeros():
    assert unit_rows(np.array([[3.0, 4.0], [0.0, 0.0]])) == pytest.approx(np.array([[0.6, 0.8], [0, 0]]))


def test_numbers_and_place_codes_go_unless_they_are_all_there_is():
    assert matter_of_fact(["A7县停电3.5小时", "12,000", "B市"]) == ["停电 小时", "12,000", "B市"]


def test_moods_are_flagged_each_in_its_column():
    assert mood_flags(["停电", "停电?", "停电!", "为何停电", "建议供电", "我厂停电"]).tolist() == [
        [1, 0, 0, 0, 0, 0],
        [1, 1, 0, 0, 0, 0],
        [1, 0, 1, 0, 0, 0],
        [1, 0, 0, 1, 0, 0],
        [1, 0, 0, 0, 1, 0],
        [1, 0, 0, 0, 0, 1],
    ]


def test_matters_join_words_without_a_common_character():
    parking, barrier, school = matter_shares(["泊位太少", "道闸坏了", "想让娃娃读小学"])
    assert parking @ barrier == pytest.approx(1)
    assert parking @ school == 0


def test_the_space_of_other_texts_has_the_same_coordinates():
    texts = ["停车位不足", "停车场太远", "贷款难", "贷款贵", "车位不够", "银行不给贷款"]
    space = ThemeSpace()
    rows = space.fit_map(texts)
    assert rows.shape[0] == 6
    assert rows.shape[1] <= 128
    assert np.linalg.norm(rows, axis=1) == pytest.approx(1, abs=1e-5)
    assert space.map(texts) == pytest.approx(rows, abs=1e-5)
    with pytest.raises(ValueError, match="call fit_map first"):
        ThemeSpace().map(texts)


@pytest.mark.parametrize("texts", [["?"], ["", "。"], ["停"]])
def test_the_space_takes_texts_without_words(texts):
    assert np.isfinite(ThemeSpace(encoder="lexical").fit_map(texts)).all()


def test_nearest_are_those_of_a_full_sort():
    rows, _ = blobs()
    cosines = rows @ rows.T
    np.fill_diagonal(cosines, -2)
    expected = np.sort(np.argsort(-cosines, axis=1)[:, :5], axis=1)
    assert (np.sort(nearest(rows, rows, 5, itself=True), axis=1) == expected).all()
    assert (nearest(rows, rows, 1)[:, 0] == np.arange(len(rows))).all()


def test_smoothing_draws_groups_together_and_new_rows_follow():
    rows, truth = blobs(n=90, spread=0.25)
    levels = smooth(rows)
    assert (levels[0] == rows).all()
    same = truth[:, None] == truth

    def gap(matrix):
        cosines = unit_rows(matrix) @ unit_rows(matrix).T
        return cosines[same].mean() - cosines[~same].mean()

    assert gap(levels[-1]) > gap(rows) + 0.1
    moved = unit_rows(follow(rows[:5], levels))
    assert ((moved * unit_rows(levels[-1])[:5]).sum(axis=1) > 0.95).all()


def test_leading_coordinates_keep_distances_of_flat_data():
    rows, _ = blobs()
    flat = rows[:, :3]
    a, b = leading(flat, 2), flat - flat.mean(axis=0)
    assert a @ a.T == pytest.approx(b @ b.T, abs=1e-5)


@pytest.mark.parametrize("mode", ["kmeans", "spectral"])
def test_groups_are_found_and_repeat_bit_for_bit(mode):
    rows, truth = blobs(n=120, spread=0.08)
    found = group(rows, 3, mode=mode, seed=1)
    assert adjusted_rand_score(truth, found) == 1
    assert (group(rows, 3, mode=mode, seed=1) == found).all()


def test_spectral_groups_do_not_depend_on_the_seed():
    rows, _ = blobs(n=120, k=6, spread=0.4)
    assert (group(rows, 6, mode="spectral", seed=1) == group(rows, 6, mode="spectral", seed=2)).all()


def test_no_more_groups_than_distinct_rows():
    assert set(group(unit_rows(np.ones((5, 4))), 3).tolist()) == {0}
