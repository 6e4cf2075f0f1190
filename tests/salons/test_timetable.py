"""Schedules are valid for every input, best where that can be checked, and say what is proven."""

from __future__ import annotations

from itertools import product

import numpy as np
import pandas as pd
import pytest
from helpers.meeting_cases import cases, frame, violations
from hypothesis import given, settings
from hypothesis import strategies as st

from liaison_analysis.salons.timetable import schedule_meetings

PROVEN = {
    "gap": 0.0, "shortfall": 0.0, "shortfall_bound": 0.0, "min_meetings": 0.0,
    "idle": 0.0, "idle_before": 0.0, "idle_bound": 0.0,
}  # fmt: skip


def brute_force(pairs, *, slots, tables, unavailable=None, min_meetings=0):
    """The least shortfall and, with it, the most value, by trying every schedule."""
    unavailable = unavailable or {}
    people = sorted({*pairs["a"], *pairs["b"]})
    options = [
        [
            -1,
            *(s for s in range(slots) if s not in unavailable.get(a, ()) and s not in unavailable.get(b, ())),
        ]
        for a, b in zip(pairs["a"], pairs["b"], strict=True)
    ]
    best = (float("inf"), 0.0)
    for choice in product(*options):
        seats, load = set(), [0] * slots
        met = dict.fromkeys(people, 0)
        value, valid = 0.0, True
        for (a, b, score), slot in zip(pairs.itertuples(index=False), choice, strict=True):
            if slot < 0:
                continue
            valid = valid and not {(a, slot), (b, slot)} & seats and load[slot] < tables
            seats |= {(a, slot), (b, slot)}
            load[slot] += 1
            met[a], met[b], value = met[a] + 1, met[b] + 1, value + score
        if valid:
            best = min(best, (sum(max(min_meetings - n, 0) for n in met.values()), -value))
    return best[0], -best[1]


@settings(max_examples=80)
@given(cases())
def test_schedule_is_valid_and_its_figures_are_true(case):
    options = {name: case[name] for name in ("slots", "tables", "unavailable")}
    plan = schedule_meetings(**case)
    assert violations(plan, case["pairs"], **options) == []
    attrs = plan.attrs
    assert attrs["value"] == pytest.approx(plan["score"].sum())
    assert attrs["value"] <= attrs["bound"] + 1e-9
    assert attrs["gap"] == pytest.approx(
        (attrs["bound"] - attrs["value"]) / attrs["bound"] if attrs["bound"] else 0
    )
    met = pd.concat([plan["a"], plan["b"]]).value_counts()
    people = sorted({*case["pairs"]["a"], *case["pairs"]["b"]})
    missing = sum(max(case["min_meetings"] - int(met.get(person, 0)), 0) for person in people)
    assert attrs["shortfall"] == missing >= attrs["shortfall_bound"]


@settings(max_examples=60)
@given(cases(people=5, slots=3))
def test_tiny_schedules_are_the_best_there_are(case):
    case["pairs"] = case["pairs"].iloc[:6]
    plan = schedule_meetings(**case)
    shortfall, value = brute_force(**case)
    assert plan.attrs["shortfall"] == plan.attrs["shortfall_bound"] == shortfall
    assert plan.attrs["value"] == pytest.approx(value)
    assert plan.attrs["gap"] == 0


@settings(max_examples=30)
@given(cases(), st.randoms(use_true_random=False))
def test_order_of_the_pairs_does_not_matter(case, rng):
    order = list(range(len(case["pairs"])))
    rng.shuffle(order)
    shuffled = case | {"pairs": case["pairs"].iloc[order]}
    pd.testing.assert_frame_equal(schedule_meetings(**case), schedule_meetings(**shuffled))


def random_pairs(n, n_pairs, *, slots, free, seed, bipartite=False):
    rng = np.random.default_rng(seed)
    every = [(a, b) for b in range(n) for a in range(b) if not bipartite or a < n // 2 <= b]
    chosen = rng.choice(len(every), size=n_pairs, replace=False)
    pairs = frame([(*every[i], round(float(rng.random()), 4)) for i in chosen])
    busy = {person: set(np.flatnonzero(rng.random(slots) > free).tolist()) for person in range(n)}
    return pairs, busy


def test_everybody_free_and_bipartite_is_placed_without_a_gap():
    """König: as many slots as the busiest has meetings are enough."""
    pairs = frame([(f"buyer {i}", f"seller {j}", 1 + (i * j) % 5) for i in range(12) for j in range(12)])
    plan = schedule_meetings(pairs, slots=12, tables=12)
    assert len(plan) == 144
    assert plan.attrs["gap"] == 0
    assert violations(plan, pairs, slots=12, tables=12) == []


@pytest.mark.parametrize("bipartite", [False, True])
def test_two_hundred_participants_are_scheduled_with_a_small_gap(bipartite):
    pairs, busy = random_pairs(200, 3000, slots=12, free=0.7, seed=1, bipartite=bipartite)
    plan = schedule_meetings(pairs, slots=12, tables=40, unavailable=busy, min_meetings=2)
    assert violations(plan, pairs, slots=12, tables=40, unavailable=busy) == []
    assert len(plan) == 480
    assert plan.attrs["gap"] <= 2e-4
    assert plan.attrs["shortfall"] == 0


def test_a_gap_that_colouring_leaves_is_closed():
    """Twenty participants, few common slots: the b-matching itself cannot be placed."""
    pairs, busy = random_pairs(20, 100, slots=6, free=0.7, seed=0)
    plan = schedule_meetings(pairs, slots=6, tables=8, unavailable=busy)
    assert violations(plan, pairs, slots=6, tables=8, unavailable=busy) == []
    assert plan.attrs["gap"] == 0


def test_minima_come_before_score():
    pairs = frame([("star", "x", 9), ("star", "y", 8), ("x", "y", 7), ("z", "star", 0)])
    free = schedule_meetings(pairs, slots=1, tables=2)
    assert free[["a", "b"]].to_numpy().tolist() == [["star", "x"]]
    fair = schedule_meetings(pairs, slots=1, tables=2, min_meetings=1)
    assert fair[["a", "b"]].to_numpy().tolist() == [["x", "y"], ["z", "star"]]
    assert fair.attrs == PROVEN | {"value": 7.0, "bound": 7.0, "min_meetings": 1.0}


@settings(max_examples=40)
@given(cases(), st.data())
def test_locked_meetings_stay_and_caps_hold_for_the_rest(case, data):
    options = {name: case[name] for name in ("slots", "tables", "unavailable")}
    first = schedule_meetings(**case)
    stays = data.draw(st.lists(st.booleans(), min_size=len(first), max_size=len(first)))
    kept = first[np.array(stays, dtype=bool)]
    named = sorted({*case["pairs"]["a"], *case["pairs"]["b"]})
    caps = data.draw(st.dictionaries(st.sampled_from(named), st.integers(0, 2)))
    kept = kept.rename(columns={"a": "b", "b": "a"})
    plan = schedule_meetings(**case, locked=kept, max_meetings=caps)
    assert violations(plan, case["pairs"], **options) == []
    where = {frozenset(row[2:4]): row[:2] for row in plan.itertuples(index=False, name=None)}
    for slot, table, a, b in kept[["slot", "table", "a", "b"]].itertuples(index=False):
        assert where[frozenset((a, b))] == (slot, table)
    met, locked = (pd.concat([rows["a"], rows["b"]]).value_counts() for rows in (plan, kept))
    assert all(met.get(person, 0) <= max(cap, locked.get(person, 0)) for person, cap in caps.items())
    assert plan.attrs["value"] == pytest.approx(plan["score"].sum())
    people = sorted({*case["pairs"]["a"], *case["pairs"]["b"]})
    assert plan.attrs["shortfall"] == sum(max(case["min_meetings"] - met.get(who, 0), 0) for who in people)


def test_locking_the_whole_schedule_changes_nothing():
    pairs, busy = random_pairs(20, 60, slots=5, free=0.8, seed=3)
    options = {"slots": 5, "tables": 6, "unavailable": busy, "min_meetings": 1}
    plan = schedule_meetings(pairs, **options)
    pd.testing.assert_frame_equal(schedule_meetings(pairs, **options, locked=plan), plan)


def test_a_maximum_leaves_the_best_meetings():
    pairs = frame([("star", "x", 9), ("star", "y", 8), ("star", "z", 7), ("x", "y", 1)])
    plan = schedule_meetings(pairs, slots=3, tables=3, max_meetings={"star": 1, "y": 1})
    assert set(zip(plan["a"], plan["b"], strict=True)) == {("star", "x"), ("x", "y")}
    assert plan.attrs["bound"] == plan.attrs["value"] == 10
    assert len(schedule_meetings(pairs, slots=3, tables=3, max_meetings=0)) == 0


def test_a_minimum_can_be_promised_to_some():
    pairs = frame([("star", "x", 9), ("star", "y", 1)])
    plan = schedule_meetings(pairs, slots=1, tables=1, min_meetings={"y": 1})
    assert plan["b"].tolist() == ["y"]
    assert plan.attrs["shortfall"] == 0


def test_must_comes_before_score_and_no_thanks_never():
    pairs = frame([("star", "x", 9), ("star", "y", 1), ("star", "z", 8), ("x", "z", 7)])
    pairs["wish"] = ["meet", "must", "no thanks", "already met"]
    plan = schedule_meetings(pairs, slots=1, tables=2)
    assert plan[["a", "b"]].to_numpy().tolist() == [["star", "y"]]
    assert schedule_meetings(pairs, slots=9, tables=9)["b"].tolist() == ["x", "y"]
    pairs.loc[0, "wish"] = "must"
    both = schedule_meetings(pairs, slots=1, tables=2)
    assert both["b"].tolist() == ["x"]
    assert both.attrs["shortfall"] == both.attrs["shortfall_bound"] == 1


def test_a_locked_must_is_a_promise_kept():
    pairs = frame([("a", "b", 1), ("c", "d", 5)]).assign(wish=["must", None])
    locked = pd.DataFrame({"slot": [1], "a": ["b"], "b": ["a"]})
    plan = schedule_meetings(pairs, slots=2, tables=1, locked=locked)
    assert plan[["slot", "a", "b"]].to_numpy().tolist() == [[0, "c", "d"], [1, "a", "b"]]
    assert plan.attrs == PROVEN | {"value": 6.0, "bound": 6.0}


def test_locked_meetings_that_cannot_stand_are_all_named():
    pairs = frame([("a", "b", 1), ("a", "c", 1), ("c", "d", 1), ("e", "f", 1)])
    pairs["wish"] = ["meet", "meet", "meet", "no thanks"]
    locked = pd.DataFrame(
        [(0, "a", "b", 0), (0, "a", "c", 0), (1, "d", "c", 7), (7, "a", "b", 0), (1, "e", "f", 1)],
        columns=["slot", "a", "b", "table"],
    )
    with pytest.raises(ValueError, match="cannot schedule meetings") as caught:
        schedule_meetings(pairs, slots=2, tables=1, locked=locked, unavailable={"d": {1}})
    message = str(caught.value)
    for part in (
        "'a' and 'c' in slot 0 has an end that meets twice",
        "'a' and 'c' in slot 0 comes when all tables are taken",
        "'a' and 'c' in slot 0 has a table that is taken",
        "'d' and 'c' in slot 1 has an end that is unavailable",
        "'d' and 'c' in slot 1 has a table that is taken or not from 0 to 0",
        "'a' and 'b' must have a slot from 0 to 1, got 7",
        "'e' and 'f' in slot 1 is none of the pairs that may meet",
    ):
        assert part in message


def test_unknown_wishes_are_named():
    pairs = frame([("a", "b", 1)]).assign(wish="perhaps")
    with pytest.raises(ValueError, match=r"pairs\.wish must be one of .*'perhaps'"):
        schedule_meetings(pairs, slots=1, tables=1)


def test_closing_the_gap_forgets_meetings_that_it_rules_out():
    """The program over what is still of use once kept meetings that were not among its variables."""
    pairs = frame([
        ("p1", "p2", 7), ("p0", "p4", 7), ("p0", "p1", 0), ("p0", "p2", 1), ("p0", "p3", 2), ("p1", "p3", 0),
        ("p2", "p3", 0), ("p1", "p4", 0), ("p2", "p4", 6),
    ])  # fmt: skip
    plan = schedule_meetings(pairs, slots=3, tables=1, unavailable={"p4": {1, 2}, "p0": {1, 2}})
    assert plan["score"].tolist() == [7, 7]
    assert plan["slot"].is_unique
    assert plan.attrs["bound"] == 14


def test_worthless_meetings_are_left_out():
    plan = schedule_meetings(frame([("a", "b", 0), ("c", "d", -1), ("e", "f", 1)]), slots=2, tables=3)
    assert plan[["a", "b"]].to_numpy().tolist() == [["e", "f"]]


def test_dearest_meetings_have_the_first_tables():
    pairs = frame([("a", "b", 1), ("c", "d", 3), ("e", "f", 2)])
    plan = schedule_meetings(pairs, slots=1, tables=3)
    assert plan.columns.tolist() == ["slot", "table", "a", "b", "score"]
    assert plan["table"].tolist() == [0, 1, 2]
    assert plan["score"].tolist() == [3, 2, 1]


def test_without_pairs_there_are_no_meetings():
    plan = schedule_meetings(frame([]), slots=2, tables=2, min_meetings=1)
    assert plan.columns.tolist() == ["slot", "table", "a", "b", "score"]
    assert len(plan) == 0
    assert plan.attrs["gap"] == 0


def test_nobody_is_ever_free_together():
    plan = schedule_meetings(
        frame([("a", "b", 1)]), slots=2, tables=1, unavailable={"a": {0}, "b": {1}}, min_meetings=1
    )
    assert len(plan) == 0
    assert plan.attrs["shortfall"] == plan.attrs["shortfall_bound"] == 2


def test_every_bad_argument_is_named_at_once():
    pairs = frame([("a", "a", 1), ("a", "b", float("nan")), ("b", "a", 1)])
    with pytest.raises(ValueError, match="cannot schedule meetings") as caught:
        schedule_meetings(pairs, slots=2, tables=0, unavailable={"a": {2}}, min_meetings=-1)
    message = str(caught.value)
    for part in (
        "tables",
        "min_meetings",
        "unavailable['a']",
        "finite",
        "itself: 'a'",
        "['a', 'b'] stands twice",
    ):
        assert part in message


@pytest.mark.parametrize("slots", [0, 1.5, True, "3"])
def test_slots_must_be_a_count(slots):
    with pytest.raises(ValueError, match="slots must be a whole number from 1"):
        schedule_meetings(frame([("a", "b", 1)]), slots=slots, tables=1)


def test_missing_columns_are_named():
    with pytest.raises(ValueError, match=r"\['score'\] missing"):
        schedule_meetings(pd.DataFrame({"a": ["x"], "b": ["y"]}), slots=1, tables=1)


@settings(max_examples=40)
@given(cases(), st.data())
def test_hosts_stay_at_their_tables_and_breaks_are_kept(case, data):
    tables = case["tables"]
    people = sorted({*case["pairs"]["a"], *case["pairs"]["b"]})
    hosts = data.draw(st.dictionaries(st.sampled_from(people), st.integers(0, tables - 1), max_size=2))
    hosts = {who: table for table, who in {table: who for who, table in hosts.items()}.items()}
    breaks = data.draw(st.sets(st.integers(0, case["slots"] - 1), max_size=1))
    plan = schedule_meetings(**case, hosts=hosts, breaks=breaks)
    options = {name: case[name] for name in ("slots", "tables", "unavailable")}
    assert violations(plan, case["pairs"], **options) == []
    assert not plan["slot"].isin(breaks).any()
    for _, table, a, b, _ in plan.itertuples(index=False):
        own = {hosts[end] for end in (a, b) if end in hosts}
        assert not own or table in own
    plain = schedule_meetings(**case, breaks=breaks)
    assert plan.attrs == plain.attrs


def test_others_sit_at_a_hosts_table_only_when_no_other_is_free():
    pairs = frame([("host", "x", 1), ("c", "d", 9), ("e", "f", 8)])
    options = {"slots": 1, "tables": 3, "hosts": {"host": 0}}
    plan = schedule_meetings(pairs, **options)
    assert plan.set_index("a")["table"].to_dict() == {"host": 0, "c": 1, "e": 2}
    without = schedule_meetings(pairs.iloc[1:], slots=1, tables=2, hosts={"host": 0})
    assert without.set_index("a")["table"].to_dict() == {"c": 1, "e": 0}


@settings(max_examples=30)
@given(cases(people=5, slots=3))
def test_fair_schedules_raise_the_worst_off_first(case):
    """Nobody without a meeting where all who could have one can; then the most value."""
    pairs = case["pairs"].iloc[:6]
    busy = {who: away for who, away in case["unavailable"].items() if who in {*pairs["a"], *pairs["b"]}}
    case = case | {"pairs": pairs, "unavailable": busy, "min_meetings": "fair"}
    plan = schedule_meetings(**case)
    level = int(plan.attrs["min_meetings"])
    options = {name: case[name] for name in ("pairs", "slots", "tables", "unavailable")}
    possible = {}
    for who in sorted({*case["pairs"]["a"], *case["pairs"]["b"]}):
        alone = case["pairs"][case["pairs"]["a"].eq(who) | case["pairs"]["b"].eq(who)]
        own = {one: away for one, away in busy.items() if one in {*alone["a"], *alone["b"]}}
        alone = alone.assign(score=1.0)
        possible[who] = len(schedule_meetings(**options | {"pairs": alone, "unavailable": own}))
    promised = {who: min(level, most) for who, most in possible.items()}
    met = pd.concat([plan["a"], plan["b"]]).value_counts()
    assert all(met.get(who, 0) >= count for who, count in promised.items())
    assert plan.attrs["value"] == pytest.approx(
        schedule_meetings(**options, min_meetings=promised).attrs["value"]
    )
    more = {who: min(level + 1, most) for who, most in possible.items()}
    if more != promised:
        assert schedule_meetings(**options, min_meetings=more).attrs["shortfall_bound"] > 0


def test_breaks_and_hosts_that_cannot_be_are_named():
    pairs = frame([("a", "b", 1)])
    with pytest.raises(ValueError, match=r"breaks must hold slots from 0 to 1") as caught:
        schedule_meetings(pairs, slots=2, tables=2, breaks=[2], hosts={"a": 0, "b": 0})
    assert "hosts must have tables of their own from 0 to 1" in str(caught.value)


def test_all_unknown_names_are_reported_at_once_with_the_nearest_names():
    pairs = frame([("甲公司", "银行", 1), ("甲公司", "乙公司", 2)])
    locked = pd.DataFrame({"slot": [0], "a": ["甲公司"], "b": ["银 行"]})
    with pytest.raises(ValueError, match="cannot schedule meetings") as caught:
        schedule_meetings(
            pairs, slots=2, tables=2, unavailable={" 甲公司 ": {0}, "甲公司": {1}, "丙丁戊": set()},
            min_meetings={"乙公": 1},
            locked=locked, first=[("甲公司", "乙公司"), ("乙公司", "银行")],
        )  # fmt: skip
    error_text = str(caught.value)
    assert "unavailable: ' 甲公司 ' is no participant; nearest: '甲公司'" in error_text
    assert "min_meetings: '乙公' is no participant; nearest: '乙公司'" in error_text
    assert "unavailable: '丙丁戊' is no participant\n" in error_text
    assert "locked: '银 行' is no participant; nearest: '银行'" in error_text
    assert "first: '乙公司' and '银行' are none of the pairs" in error_text
    assert "'甲公司' is no" not in error_text
