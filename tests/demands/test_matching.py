"""The same theme in a later fit."""

import numpy as np
import pytest

from liaison_analysis.demands.matching import kept_numbers, match_themes


def changes(before, after):
    table = match_themes(np.array(before), np.array(after), max(before) + 1, max(after) + 1)
    return [tuple(row) for row in table[["change", "before", "after"]].astype(object).to_numpy().tolist()]


def test_kept_themes_are_the_best_pairs_and_not_the_first_good_ones():
    assert changes([0, 0, 0, 1, 1, 1], [1, 1, 1, 0, 0, 0]) == [("kept", 1, 0), ("kept", 0, 1)]


def test_splits_and_merges_name_both_sides():
    assert changes([0] * 6 + [1] * 2, [0] * 4 + [2] * 2 + [1] * 2) == [
        *(("kept", 0, 0), ("kept", 1, 1), ("split", 0, 2))
    ]
    assert changes([0] * 6 + [1] * 2, [0] * 8) == [("kept", 0, 0), ("merged", 1, 0)]


def test_what_has_no_counterpart_appeared_or_vanished():
    table = match_themes(np.array([0, 0, -1, -1, 1]), np.array([0, 0, 1, 1, -1]), 2, 2)
    assert table["change"].tolist() == ["kept", "appeared", "vanished"]
    assert table["after"].isna().tolist() == [False, False, True]
    assert table["before"].isna().tolist() == [False, True, False]


def test_a_theme_of_texts_that_were_not_there_has_appeared():
    before, after = np.array([0] * 10), np.array([0] * 6 + [1] * 4)
    for seen, change in ((True, "split"), (False, "appeared")):
        known = np.array([True] * 6 + [seen] * 4)
        assert match_themes(before, after, 1, 2, seen=known)["change"].tolist() == ["kept", change]


def test_half_of_all_texts_in_common_is_enough_and_less_is_not():
    assert match_themes(np.array([0, 0, -1]), np.array([0, 0, 0]), 1, 1)["overlap"].tolist() == [
        pytest.approx(2 / 3, abs=1e-6)
    ]
    assert changes([0, 0, 0, 1, 1], [1, 1, 0, 0, 0])[0][0] == "kept"
    assert changes([0, 1, 2, 3], [0, 0, 0, 0])[0][0] != "kept"


def test_numbers_are_kept_where_they_exist_and_gaps_go_to_the_largest():
    table = match_themes(np.array([2, 2, 2, 0, 0, -1, -1]), np.array([0, 0, 0, 1, 1, 2, 3]), 3, 4)
    assert kept_numbers(table, [3, 2, 1, 1]) == [1, 2, 0, 3]
    fewer = match_themes(np.array([2, 2, 0, 0]), np.array([0, 0, 1, 1]), 3, 2)
    assert kept_numbers(fewer, [2, 2]) == [1, 0]  # number 2 is gone
