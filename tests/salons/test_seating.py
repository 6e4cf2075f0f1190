"""Round tables: every rule is kept, and the value is close to the bound."""

from __future__ import annotations

from itertools import permutations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from liaison_analysis.salons.seating import seat_tables


def frame(rows):
    return pd.DataFrame(rows, columns=["a", "b", "score"]).astype({"score": float})


def together(seated):
    tables = seated.groupby(["round", "table"])["guest"].agg(list)
    return {frozenset((a, b)) for guests in tables for a in guests for b in guests if a != b}


@settings(max_examples=15)
@given(st.integers(2, 9), st.integers(1, 3), st.integers(1, 2), st.integers(0, 99))
def test_everybody_sits_once_a_round_at_tables_of_like_size(n, tables, rounds, seed):
    rng = np.random.default_rng(seed)
    pairs = frame([(a, b, round(float(rng.random()), 2)) for b in range(n) for a in range(b)])
    seats = -(-n // tables)
    seated = seat_tables(pairs, tables=tables, seats=seats, rounds=rounds)
    for _, rows in seated.groupby("round"):
        assert sorted(rows["guest"]) == list(range(n))
        assert rows.groupby("table").size().between(n // tables, seats).all()
    met = together(seated)
    value = sum(score for a, b, score in pairs.itertuples(index=False) if frozenset((a, b)) in met)
    assert seated.attrs["value"] == pytest.approx(value)
    assert seated.attrs["bound"] >= value - 1e-9


def test_one_round_for_six_is_the_best_of_all_seatings():
    rng = np.random.default_rng(1)
    pairs = frame([(a, b, round(float(rng.random()), 3)) for b in range(6) for a in range(b)])
    score = {frozenset((a, b)): s for a, b, s in pairs.itertuples(index=False)}
    best = max(
        sum(
            score[frozenset(pair)]
            for t in (order[:3], order[3:])
            for pair in zip(t, (*t[1:], t[0]), strict=True)
        )
        for order in permutations(range(6))
    )
    assert seat_tables(pairs, tables=2, seats=3).attrs["value"] == pytest.approx(best)


def test_later_rounds_bring_new_neighbours():
    pairs = frame([(a, b, 1) for b in range(4) for a in range(b)])
    seated = seat_tables(pairs, tables=2, seats=2, rounds=3)
    assert seated.attrs == {"value": 6.0, "bound": 6.0, "gap": 0.0}


def test_competitors_sit_apart_whatever_they_are_worth():
    pairs = frame([("a", "b", 9), ("a", "c", 1), ("b", "d", 1)])
    seated = seat_tables(pairs, tables=2, seats=2, apart=[("a", "b")])
    assert together(seated) == {frozenset("ac"), frozenset("bd")}
    assert seated.attrs["gap"] == 0
    with pytest.raises(ValueError, match="cannot part 'a' and 'b'"):
        seat_tables(pairs, tables=1, seats=4, apart=[("a", "b")])


def test_guests_without_pairs_get_a_seat_and_the_seed_repeats_the_seating():
    pairs = frame([("a", "b", 1)])
    seated = seat_tables(pairs, tables=2, seats=2, guests=["host"])
    assert sorted(seated["guest"]) == ["a", "b", "host"]
    pd.testing.assert_frame_equal(seated, seat_tables(pairs, tables=2, seats=2, guests=["host"]))


def test_every_bad_argument_is_named_at_once():
    with pytest.raises(ValueError, match="cannot seat the guests") as caught:
        seat_tables(frame([("a", "b", -1)]), tables=0, seats=1, rounds=1.5)
    for part in ("must not be negative", "tables must be", "rounds must be"):
        assert part in str(caught.value)
    with pytest.raises(ValueError, match="3 guests do not fit at 1 tables of 2"):
        seat_tables(frame([("a", "b", 1), ("b", "c", 1)]), tables=1, seats=2)
