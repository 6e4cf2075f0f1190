"""Participants and pairs have one order and one name, whatever their type and the order of their ends."""

from __future__ import annotations

import pandas as pd

from liaison_analysis.salons.timetable_checks import by_name, in_order, pair_key, pair_problems


def test_pairs_are_named_whatever_the_order_of_their_ends():
    assert pair_key("a", 1) == pair_key(1, "a")
    assert pair_key("1", "a") != pair_key(1, "a")
    assert sorted([2, "1", 1], key=by_name) == [1, "1", 2]


def test_pairs_stand_best_first_and_then_by_name():
    pairs = pd.DataFrame(
        {"a": ["x", "c", "b"], "b": ["y", "d", "a"], "score": [1, 2, 2], "wish": [None, "must", "meet"]}
    )
    assert in_order(pairs).to_numpy().tolist() == [
        ["b", "a", 2, "meet"], ["c", "d", 2, "must"], ["x", "y", 1, "meet"],
    ]  # fmt: skip


def test_missing_ends_are_an_error_before_names_are_compared():
    problems = pair_problems(pd.DataFrame({"a": [None], "b": ["x"], "score": [1.0]}))
    assert problems == ["pairs.a and pairs.b must not be missing; drop those rows"]
