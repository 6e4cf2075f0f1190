"""Guest lists are the best that the wishes allow, and clashing wishes are named."""

from __future__ import annotations

from itertools import combinations

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from liaison_analysis.salons.meetings import schedule_salon
from liaison_analysis.salons.plan import plan_salon

COLUMNS = ["seeker_id", "counterpart_id", "role", "score", "rank", "reason"]
ROLES = ["customer", "supplier", "financier", "tester", "research partner"]


def frame(rows):
    full = [(*row[:4], 1, row[4] if len(row) > 4 else f"{row[0]} wants {row[1]}") for row in rows]
    return pd.DataFrame(full, columns=COLUMNS).astype({"score": float})


@pytest.fixture
def salon():
    """A robot maker among vehicle makers, with a bank and a test centre of little score."""
    return frame([
        ("robots", "cars", "customer", 0.9, "cars are welded by robots"),
        ("cars", "robots", "supplier", 0.5, "needs welding robots"),
        ("robots", "trucks", "customer", 0.8, "trucks are painted by robots"),
        ("robots", "bank", "financier", 0.2, "asks for a loan"),
        ("robots", "centre", "tester", 0.1, "asks for a certificate"),
        ("trucks", "gears", "supplier", 0.7, "gearboxes"),
        ("cars", "gears", "supplier", 0.6, "gears"),
        ("laptops", "screens", "supplier", 1.9, "panels"),
    ])  # fmt: skip


@st.composite
def wishes(draw):
    n = draw(st.integers(2, 6))
    every = [(a, b, role) for a in range(n) for b in range(n) if a != b for role in ROLES[:2]]
    keys = draw(st.lists(st.sampled_from(every), unique=True, min_size=1, max_size=9))
    rows = [(f"e{a}", f"e{b}", role, draw(st.integers(1, 9))) for a, b, role in keys]
    who = st.lists(st.sampled_from([f"e{i}" for i in range(n)]), unique=True, max_size=2)
    limits = st.one_of(st.integers(0, 2), st.tuples(st.integers(0, 1), st.integers(1, 3)))
    return {
        "introductions": frame(rows),
        "capacity": draw(st.integers(1, 5)),
        "required": draw(who),
        "excluded": draw(who),
        "quotas": draw(st.dictionaries(st.sampled_from(ROLES[:2]), limits)),
    }


def lists_allowed(introductions, *, capacity, required=(), excluded=(), quotas=None):
    """Every guest list that the wishes allow, with its value, by trying all."""
    people = sorted({*introductions["seeker_id"], *introductions["counterpart_id"], *required})
    allowed = {}
    for guests in (set(some) for k in range(len(people) + 1) for some in combinations(people, k)):
        held = introductions[
            introductions["seeker_id"].isin(guests) & introductions["counterpart_id"].isin(guests)
        ]
        counts = held.groupby("role")["counterpart_id"].nunique()
        fits = len(guests) <= capacity and set(required) <= guests and not set(excluded) & guests
        fits &= guests - set(required) <= {*held["seeker_id"], *held["counterpart_id"]}
        for role, quota in (quotas or {}).items():
            low, high = quota if isinstance(quota, tuple) else (quota, len(people))
            fits &= low <= counts.get(role, 0) <= high
        if fits:
            allowed[frozenset(guests)] = held["score"].sum()
    return allowed


@settings(max_examples=30)
@given(wishes())
def test_plan_is_the_best_allowed_or_names_an_irreducible_clash(case):
    allowed = lists_allowed(**case)
    if allowed:
        plan = plan_salon(**case)
        assert frozenset(plan.guests["enterprise_id"]) in allowed
        assert plan.value == pytest.approx(max(allowed.values()))
        assert plan.bound == pytest.approx(plan.value)
        assert plan.gap == 0
        return
    with pytest.raises(ValueError, match="these wishes clash") as caught:
        plan_salon(**case)
    clash = read_clash(str(caught.value), case)
    assert not lists_allowed(case["introductions"], **granted(clash))
    for i in range(len(clash)):
        assert lists_allowed(case["introductions"], **granted(clash[:i] + clash[i + 1 :]))


def read_clash(message, case):
    """The wishes that a message names, as (kind, value)."""
    found = []
    for line in message.split("\n  ")[1:]:
        if "capacity=" in line:
            found.append(("capacity", case["capacity"]))
        elif line.endswith(("(required)", "(excluded)")):
            found.append((line[-9:-1], line.split("'")[1]))
        else:
            words = line.split()
            found.append((" ".join(words[:2]), (words[5], int(words[2]))))
    return found


def granted(clash):
    """The arguments that hold these wishes alone."""
    arguments = {"capacity": 99, "required": [], "excluded": [], "quotas": {}}
    for kind, value in clash:
        if kind == "capacity":
            arguments["capacity"] = value
        elif kind in {"required", "excluded"}:
            arguments[kind].append(value)
        else:
            role, count = value
            low, high = arguments["quotas"].get(role, (0, 99))
            arguments["quotas"][role] = (count, high) if kind == "at least" else (low, count)
    return arguments


def test_guests_are_those_whose_introductions_are_worth_most(salon):
    plan = plan_salon(salon, capacity=4)
    assert plan.guests["enterprise_id"].tolist() == ["robots", "cars", "trucks", "gears"]
    assert plan.value == pytest.approx(0.9 + 0.5 + 0.8 + 0.7 + 0.6)
    assert plan.gap == 0
    assert plan.guests.columns.tolist() == ["enterprise_id", "why", "role", "n_introductions", "value"]
    robots, cars, trucks, gears = plan.guests.itertuples(index=False, name=None)
    assert robots == ("robots", "cars are welded by robots", "supplier", 3, pytest.approx(2.2))
    assert cars == ("cars", "cars are welded by robots", "customer", 3, pytest.approx(2.0))
    assert trucks == ("trucks", "trucks are painted by robots", "customer", 2, pytest.approx(1.5))
    assert gears == ("gears", "gearboxes", "supplier", 2, pytest.approx(1.3))
    assert plan.introductions.columns.tolist() == COLUMNS
    assert plan.introductions["score"].tolist() == [0.9, 0.8, 0.7, 0.6, 0.5]


def test_quotas_bring_a_bank_and_a_test_centre(salon):
    plan = plan_salon(salon, capacity=4, quotas={"financier": 1, "tester": (1, 1)})
    assert set(plan.guests["enterprise_id"]) == {"robots", "cars", "bank", "centre"}
    roles = plan.guests.set_index("enterprise_id")["role"]
    assert roles["bank"] == "financier"
    assert roles["centre"] == "tester"


def test_an_upper_quota_holds_for_all_introductions_between_guests(salon):
    plan = plan_salon(salon, capacity=5, quotas={"customer": (0, 1)})
    customers = set(plan.introductions.query("role == 'customer'")["counterpart_id"])
    assert len(customers) <= 1
    assert plan.value == max(lists_allowed(salon, capacity=5, quotas={"customer": (0, 1)}).values())


def test_required_guests_come_without_a_reason_and_excluded_never(salon):
    plan = plan_salon(salon, capacity=5, required=["host", "screens"], excluded=["laptops", "nobody"])
    guests = plan.guests.set_index("enterprise_id")
    assert {"host", "screens"} <= set(guests.index)
    assert "laptops" not in guests.index
    assert guests.loc["host"].tolist() == ["", "", 0, 0.0]
    assert guests.loc[["robots", "cars", "trucks"], "n_introductions"].tolist() == [3, 2, 1]


def test_the_clash_leaves_out_wishes_that_do_no_harm(salon):
    with pytest.raises(ValueError, match="clash") as caught:
        plan_salon(
            salon,
            capacity=3,
            required=["cars", "trucks"],
            excluded=["gears"],
            quotas={"financier": 1, "tester": 1, "customer": (0, 5)},
        )
    assert str(caught.value).split("\n  ")[1:] == [
        "at most 3 guests (capacity=3)",
        "'trucks' must come (required)",
        "at least 1 guest as financier (quotas)",
        "at least 1 guest as tester (quotas)",
    ]


def test_required_and_excluded_at_once_is_a_clash(salon):
    with pytest.raises(
        ValueError, match=r"'cars' must not come \(excluded\)\n  'cars' must come \(required\)$"
    ):
        plan_salon(salon, capacity=3, required=["cars"], excluded=["cars", "bank"], quotas={"customer": 1})


def test_a_quota_without_candidates_is_a_clash(salon):
    """With all candidates excluded, a program without variables was once accepted as an empty list."""
    everybody = {*salon["seeker_id"], *salon["counterpart_id"]}
    with pytest.raises(ValueError, match="at least 1 guest as financier"):
        plan_salon(salon, capacity=2, excluded=everybody, quotas={"financier": 1})


def test_order_of_the_introductions_does_not_matter(salon):
    plan, other = (plan_salon(rows, capacity=4) for rows in (salon, salon.iloc[::-1]))
    pd.testing.assert_frame_equal(plan.guests, other.guests)
    pd.testing.assert_frame_equal(plan.introductions, other.introductions)


def test_an_empty_plan_has_an_empty_timetable(salon):
    plan = plan_salon(salon, capacity=1)
    assert len(plan.guests) == 0
    assert plan.value == plan.bound == plan.gap == 0
    assert len(schedule_salon(plan, 2, 2)) == 0


def test_every_bad_argument_is_named_at_once(salon):
    bad = pd.concat([salon, salon.iloc[[0]], frame([("bank", "bank", "customer", -1)])], ignore_index=True)
    with pytest.raises(ValueError, match="cannot plan the salon") as caught:
        plan_salon(bad, capacity=0, quotas={"tester": (2, 1), "customer": "many"})
    message = str(caught.value)
    for part in ("capacity", "'tester'", "'many'", "finite number from 0", "to itself", "must stand once"):
        assert part in message


def test_missing_columns_are_named(salon):
    with pytest.raises(ValueError, match=r"\['rank'\] missing"):
        plan_salon(salon.drop(columns="rank"), capacity=2)


def profiles_of(**towns):
    return pd.DataFrame({"enterprise_id": list(towns), "town": list(towns.values())})


def test_quotas_and_balance_by_town(salon):
    towns = profiles_of(robots="west", cars="west", trucks="west", gears="east", bank="east", centre="north")
    free = plan_salon(salon, capacity=3)
    assert set(free.guests["enterprise_id"]) == {"robots", "cars", "trucks"}
    mixed = plan_salon(salon, capacity=3, profiles=towns, quotas={("town", "east"): 1, ("town", "west"): 2})
    assert set(mixed.guests["enterprise_id"]) == {"robots", "cars", "gears"}
    half = plan_salon(salon, capacity=4, profiles=towns, balance={"town": 0.5})
    assert set(half.guests["enterprise_id"]) == {"laptops", "screens", "robots", "cars"}
    with pytest.raises(ValueError, match="clash") as caught:
        plan_salon(salon, capacity=3, profiles=towns, quotas={("town", "east"): 3})
    assert str(caught.value).split("\n  ")[1:] == ["at least 3 guests whose town is 'east' (quotas)"]
    with pytest.raises(ValueError, match=r"'town'.*profiles=ledger\.enterprises"):
        plan_salon(salon, capacity=3, balance={"town": 0.5})


def test_guests_kept_apart_do_not_both_come(salon):
    plan = plan_salon(salon, capacity=4, pairs_apart=[("cars", "robots")])
    assert not {"cars", "robots"} <= set(plan.guests["enterprise_id"])
    with pytest.raises(ValueError, match=r"'cars' and 'robots' must not both come \(pairs_apart\)"):
        plan_salon(salon, capacity=4, required=["cars", "robots"], pairs_apart=[("cars", "robots")])


def test_rivals_may_come_but_do_not_meet(salon):
    marked = salon.assign(competitor=salon["counterpart_id"].eq("trucks"))
    plan = plan_salon(marked, capacity=4, required=["trucks", "robots"])
    assert "trucks" in set(plan.guests["enterprise_id"])
    assert not plan.introductions["counterpart_id"].eq("trucks").any()
    assert plan_salon(marked, capacity=4, competitors_meet=True).value == pytest.approx(3.5)


def test_everybody_has_a_strong_reason(salon):
    plan = plan_salon(salon, capacity=8, strong=0.65)
    assert set(plan.guests["enterprise_id"]) == {"laptops", "screens", "robots", "cars", "trucks", "gears"}
    with pytest.raises(ValueError, match="as financier"):
        plan_salon(salon, capacity=8, strong=0.65, quotas={"financier": 1})


def test_a_list_is_worth_what_its_meetings_are_worth(salon):
    """One meeting each: two pairs, not the four introductions among the four."""
    plan = plan_salon(salon, capacity=4, meetings=1)
    assert plan.value == pytest.approx(1.9 + 1.4)
    everything = plan_salon(salon, capacity=4, meetings=None)
    assert everything.value == pytest.approx(3.5)


def test_wishes_that_mean_nothing_are_named(salon):
    with pytest.raises(ValueError, match="cannot plan the salon") as caught:
        plan_salon(salon, capacity=3, meetings=0, balance={"town": 2}, pairs_apart=[("cars", "cars")])
    for part in ("meetings must be", "balance['town']", "two different guests, got ('cars', 'cars')"):
        assert part in str(caught.value)
