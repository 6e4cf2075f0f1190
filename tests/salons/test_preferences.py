"""What both sides say becomes one score and one wish."""

from __future__ import annotations

import pandas as pd
import pytest

from liaison_analysis.salons.preferences import combine_wishes
from liaison_analysis.salons.timetable import schedule_meetings


def wishes_of(*rows):
    return pd.DataFrame(rows, columns=["who", "whom", "wish", "score"])


def test_wishes_of_both_sides_are_weighed_and_mutual_ones_raised():
    wishes = wishes_of(("b", "a", "meet", 2), ("a", "b", "meet", 3), ("c", "a", "must", 4))
    pairs = combine_wishes(wishes, weights={"b": 10}, mutual=2)
    assert pairs.to_numpy().tolist() == [["a", "b", 46.0, "meet"], ["a", "c", 4.0, "must"]]


@pytest.mark.parametrize(
    ("one", "other", "together"),
    [
        ("must", "no thanks", "no thanks"),
        ("already met", "must", "already met"),
        ("already met", "no thanks", "no thanks"),
        ("meet", "must", "must"),
    ],
)
def test_a_refusal_decides_for_both_sides(one, other, together):
    pairs = combine_wishes(wishes_of(("a", "b", one, 5), ("b", "a", other, 5)))
    assert pairs["wish"].tolist() == [together]
    assert (pairs["score"].iloc[0] > 0) == (together == "must")
    assert len(schedule_meetings(pairs, slots=1, tables=1)) == (together == "must")


def test_bad_wishes_are_all_named():
    bad = wishes_of(("a", "a", "meet", 1), ("b", "c", "love", -1), ("b", "c", "meet", 1))
    with pytest.raises(ValueError, match="cannot combine the preferences") as caught:
        combine_wishes(bad, weights={"a": float("nan")}, mutual=-1)
    for part in ("'love'", "of itself", "twice", "mutual must", "weights must", r"preferences.score must"):
        assert part in str(caught.value)
    with pytest.raises(ValueError, match=r"\['wish'\] missing"):
        combine_wishes(bad.drop(columns="wish"))


def test_only_intents_that_fit_are_mutual():
    wishes = wishes_of(
        ("a", "b", "meet", 1), ("b", "a", "meet", 1), ("a", "c", "meet", 1), ("c", "a", "meet", 1),
        ("b", "c", "meet", 1), ("c", "b", "meet", 1),
    )  # fmt: skip
    wishes["intent"] = ["buy", "supply", "buy", "finance", None, "test"]
    pairs = combine_wishes(wishes, mutual=3).set_index(["a", "b"])["score"]
    assert pairs.to_dict() == {("a", "b"): 6.0, ("b", "c"): 6.0, ("a", "c"): 2.0}
    with pytest.raises(ValueError, match=r"intent must be one of .* got \['love'\]"):
        combine_wishes(wishes.assign(intent="love"))


def test_who_has_not_agreed_is_in_no_pair():
    wishes = wishes_of(("a", "b", "must", 1), ("b", "c", "meet", 1), ("c", "a", "meet", 1))
    wishes["consent"] = [True, False, None]
    assert combine_wishes(wishes)[["a", "b"]].to_numpy().tolist() == [["a", "c"]]
