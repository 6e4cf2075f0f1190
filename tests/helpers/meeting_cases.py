"""Meetings to plan, and what a plan of them violates."""

from __future__ import annotations

import pandas as pd
from hypothesis import strategies as st


def frame(rows):
    return pd.DataFrame(rows, columns=["a", "b", "score"]).astype({"score": float})


@st.composite
def cases(draw, *, people=8, slots=4):
    n = draw(st.integers(2, people))
    n_slots = draw(st.integers(1, slots))
    every = [(a, b) for b in range(n) for a in range(b)]
    ends = draw(st.lists(st.sampled_from(every), unique=True, min_size=1, max_size=12))
    scores = draw(st.lists(st.integers(0, 9), min_size=len(ends), max_size=len(ends)))
    flipped = draw(st.lists(st.booleans(), min_size=len(ends), max_size=len(ends)))
    rows = [
        (f"p{b}", f"p{a}", score) if flip else (f"p{a}", f"p{b}", score)
        for (a, b), score, flip in zip(ends, scores, flipped, strict=True)
    ]
    busy = draw(
        st.dictionaries(
            st.sampled_from(sorted({f"p{i}" for pair in ends for i in pair})),
            st.sets(st.integers(0, n_slots - 1)),
            max_size=n,
        )
    )
    return {
        "pairs": frame(rows),
        "slots": n_slots,
        "tables": draw(st.integers(1, 4)),
        "unavailable": busy,
        "min_meetings": draw(st.integers(0, 2)),
    }


def violations(plan, pairs, *, slots, tables, unavailable=None):
    """Every rule that a schedule breaks, in words."""
    seats = pd.concat(
        [
            plan[["slot", "a"]].set_axis(["slot", "who"], axis=1),
            plan[["slot", "b"]].set_axis(["slot", "who"], axis=1),
        ]
    )
    given_scores = {
        frozenset((a, b)): score for a, b, score in pairs[["a", "b", "score"]].itertuples(index=False)
    }
    held = [frozenset(pair) for pair in zip(plan["a"], plan["b"], strict=True)]
    rules = {
        "twice in a slot": seats.duplicated().any(),
        "more meetings than tables": plan.groupby("slot").size().gt(tables).any(),
        "a table twice in a slot": plan.duplicated(["slot", "table"]).any(),
        "a table that is not there": not plan["table"].between(0, tables - 1).all(),
        "a slot that is not there": not plan["slot"].between(0, slots - 1).all(),
        "busy": any(slot in (unavailable or {}).get(who, ()) for slot, who in seats.itertuples(index=False)),
        "a pair twice": len(held) != len(set(held)),
        "not a given pair": not set(held) <= set(given_scores),
        "another score": [given_scores.get(pair) for pair in held] != plan["score"].tolist(),
    }
    return [rule for rule, broken in rules.items() if broken]
