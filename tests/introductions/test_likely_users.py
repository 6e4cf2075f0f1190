"""Rows of the table of users, found by meaning."""

from liaison_analysis.introductions.likely_users import LikelyUsers
from liaison_analysis.products import uses_of

PHRASES = ["机织布轧染", "剑杆织机", "瓦楞纸箱"]


def test_who_does_what_means_the_same_as_a_listed_user_is_likelier_than_others():
    users = LikelyUsers(PHRASES)
    [(use, strength), *_] = users.rows("匀染剂", uses_of("匀染剂"))
    assert strength == 1.0
    assert "印染" in use.users
    likely = dict(zip(PHRASES, users.strengths(use), strict=True))
    assert likely["机织布轧染"] > 0.5 > 2 * likely["瓦楞纸箱"]


def test_a_thing_that_no_row_names_has_the_rows_nearest_by_meaning_and_one_like_nothing_has_none():
    users = LikelyUsers(PHRASES)
    assert not uses_of("漂染用化学品")
    assert all("印染" in use.users or "化工" in use.users for use, _ in users.rows("漂染用化学品", []))
    assert users.rows("嗯嗯哦", []) == []


def test_nobody_has_no_strength():
    users = LikelyUsers([])
    use = uses_of("柔软剂")[0].use
    assert len(users.strengths(use)) == 0
