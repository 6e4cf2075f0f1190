"""Wishes become numbers and words that belong together."""

from __future__ import annotations

import pandas as pd
import pytest

from liaison_analysis.salons.constraints import GuestWishes, people_of

ROWS = [("a", "b", "customer", 0.5), ("b", "a", "supplier", 0.25), ("a", "c", "tester", 0.1)]
INTRODUCTIONS = pd.DataFrame(ROWS, columns=["seeker_id", "counterpart_id", "role", "score"]).assign(
    rank=1, reason="why"
)
PROFILES = pd.DataFrame({"enterprise_id": ["a", "b", "c"], "town": ["x", "x", None]})


def wishes(**changed):
    given = {
        "capacity": 3, "meetings": 2, "required": ("host",), "excluded": (), "quotas": {}, "balance": {},
        "pairs_apart": (), "profiles": PROFILES, "strong": 0.2,
    }  # fmt: skip
    return GuestWishes(**given | changed)


def test_both_directions_are_one_pair():
    people = people_of(INTRODUCTIONS, ("host",))
    problem, _ = wishes(quotas={"customer": (1, 2)}).problem(INTRODUCTIONS, people)
    assert people == ["a", "b", "c", "host"]
    assert problem.ends.tolist() == [[0, 1], [0, 2]]
    assert problem.score.tolist() == [0.75, 0.1]
    assert problem.strong.tolist() == [True, False]
    assert problem.required.tolist() == [False, False, False, True]
    assert problem.roles[0].toarray().tolist() == [[0, 0], [1, 0], [0, 0], [0, 0]]


def test_groups_and_their_words_stand_in_the_same_order():
    people = ["a", "b", "c"]
    given = wishes(
        required=(), quotas={("town", "x"): (1, 1)}, balance={"town": 0.25}, pairs_apart=(("c", "a"),)
    )
    problem, words = given.problem(INTRODUCTIONS, people)
    assert problem.groups.toarray().tolist() == [[-1, -1, 0], [1, 1, 0], [0.75, 0.75, -0.25], [1, 0, 1]]
    assert problem.group_limit.tolist() == [-1, 1, 0, 1]
    assert [words["group", i] for i in range(4)] == [
        "at least 1 guest whose town is 'x' (quotas)",
        "at most 1 guest whose town is 'x' (quotas)",
        "at most 25% of the guests whose town is 'x' (balance)",
        "'c' and 'a' must not both come (pairs_apart)",
    ]


def test_columns_that_are_not_there_are_named():
    with pytest.raises(ValueError, match=r"\['category', 'town'\] for quotas and balance"):
        wishes(profiles=None, quotas={("category", "y"): 1}, balance={"town": 1.0}).check(INTRODUCTIONS)
