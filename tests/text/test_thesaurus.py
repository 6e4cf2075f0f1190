"""Shares of the thesaurus' topics in texts."""

import numpy as np
import pytest

from liaison_analysis.text.thesaurus import topic_shares


def test_a_topic_joins_words_without_a_common_character():
    parking, barrier, school = topic_shares(["泊位太少", "道闸坏了", "想让娃娃读小学"])
    assert parking @ barrier == pytest.approx(1)
    assert parking @ school == 0


def test_a_word_of_two_topics_is_divided_between_them():
    (row,) = topic_shares(["材料"])  # of suppliers and of permits
    assert np.sort(row)[-2:] == pytest.approx([0.5**0.5] * 2)
    assert np.count_nonzero(row) == 2


def test_the_longest_word_counts_and_not_those_within_it():
    (station,) = topic_shares(["充电站"])
    assert np.count_nonzero(station) == 1  # not 电 of power as well


def test_rows_have_length_one_or_zero_and_letters_any_case():
    rows = topic_shares(["VOCs超标", "vocs超标", "天气不错", ""])
    assert np.linalg.norm(rows, axis=1) == pytest.approx([1, 1, 0, 0], abs=1e-6)
    assert (rows[0] == rows[1]).all()
    assert rows.shape == (4, 34)
    assert topic_shares([]).shape == (0, 34)
