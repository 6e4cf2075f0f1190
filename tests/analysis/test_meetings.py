from types import SimpleNamespace
from typing import get_args

import pandas as pd
import pytest
from helpers.small_ledger import frame, ledger

from liaison_analysis import Analysis, rank_introductions
from liaison_analysis.analysis.meetings import LEAST_VALUE, first_calls, salon_of
from liaison_analysis.introductions import Role


@pytest.fixture(scope="module")
def analysis():
    return Analysis(ledger())


def test_every_role_is_ranked_once_and_sorted_by_seeker(analysis):
    table = analysis.introductions.table
    whole = sum(len(rank_introductions(ledger(), role=role)) for role in get_args(Role))
    assert len(table) == whole
    assert table[["seeker_id", "role", "rank"]].apply(tuple, axis=1).is_monotonic_increasing


def test_calls_are_supported_by_a_demand_and_name_a_pair_once():
    rows = [
        ("A", "B", 0.9, 0.0, False),  # no demand supports it
        ("A", "C", 0.5, 0.4, False),
        ("C", "A", 0.6, 0.2, False),  # the same pair, and stronger
        ("D", "E", 0.2, 0.1, True),  # wanted by both: first
        ("A", "F", 0.4, 0.4, False),
        ("A", "G", 0.3, 0.4, False),  # the third with A
    ]
    columns = ["seeker_id", "counterpart_id", "score", "asked_share", "both_sides"]
    calls = first_calls(pd.DataFrame(rows, columns=columns))
    assert calls[["seeker_id", "counterpart_id"]].to_numpy().tolist() == [["D", "E"], ["C", "A"], ["A", "F"]]


def test_the_salon_seats_the_seeker_with_its_first_counterparts(analysis):
    salon = analysis.salon
    assert salon.seeker == analysis.introductions.seeker
    met = {*salon.table["a"], *salon.table["b"]}
    assert salon.seeker in met
    assert set(salon.plan.guests["enterprise_id"]) >= met


def test_a_salon_for_nobody_says_so(analysis):
    salon = analysis.salon_for("")
    assert salon.plan is None
    assert salon.table.empty
    assert salon.text.zh == "暂无可对接的企业，不宜办沙龙。"


def test_options_of_the_salon_are_respected(analysis):
    salon = analysis.salon_for("R", guests=3, slots=1, tables=1)
    assert len(salon.plan.guests) <= 3
    assert salon.table["slot"].tolist() == [0]


COLUMNS = [
    "seeker_id", "counterpart_id", "role", "score", "rank", "reason", "asked_share", "demand_id",
    "back_share", "counterpart_demand_id",
]  # fmt: skip
FIRMS = ["S", "C1", "C2", "C3", "BANK", "LAB", "P1", "P2", "P3", "P4", "W1", "W2", "FAR"]


def salon(rows, *, held=(), guests=20, slots=5, tables=6):
    """The salon of S from a written table of introductions."""
    table = pd.DataFrame([(*row, None, None) if len(row) == 8 else row for row in rows], columns=COLUMNS)
    table["back_share"] = table["back_share"].astype(float).fillna(0.0)
    firms = frame("enterprises", ["enterprise_id", "name"], [(firm, firm) for firm in FIRMS])
    columns = ["salon_id", "held_on", "seeker_id", "counterpart_id", "is_synthetic"]
    salons = frame("salons", columns, [("S1", "2022-06-01", "S", firm, False) for firm in held])
    book = ledger(enterprises=firms, salons=salons)
    made = SimpleNamespace(ledger=book, introductions=SimpleNamespace(table=table))
    return salon_of(made, "S", guests=guests, slots=slots, tables=tables)


ROWS = [
    ("S", "C1", "customer", 0.5, 1, "cars", 0.6, "D1"),
    ("S", "C2", "customer", 0.5, 2, "trucks", 0.6, "D1"),
    ("S", "C3", "customer", 0.3, 3, "boats", 0.0, None),
    ("S", "BANK", "financier", 0.2, 1, "money", 0.9, "D2"),
    ("S", "LAB", "tester", 0.2, 1, "tests", 0.9, "D2"),
    *((f"P{i}", f"C{j}", "customer", 1.5, j, "a rival", 0.0, None) for i in (1, 2, 3, 4) for j in (1, 2)),
    ("P1", "P2", "supplier", 2.0, 1, "rivals trade", 0.0, None),
    ("P3", "P4", "supplier", 2.0, 1, "rivals trade", 0.0, None),
    ("C1", "W1", "supplier", 0.4, 1, "meets the wish of a counterpart", 0.7, "D3"),
    ("C3", "W2", "supplier", 0.4, 1, "meets the wish of a counterpart", 0.7, "D4"),
    ("S", "FAR", "supplier", LEAST_VALUE - 0.01, 1, "a long path", 0.0, None),
]


def slots_of(result):
    return {
        frozenset((a, b)): slot for slot, a, b in result.table[["slot", "a", "b"]].itertuples(index=False)
    }


def test_half_of_the_guests_meet_the_wish_of_the_seeker_or_of_a_counterpart():
    result = salon(ROWS, guests=9)
    guests = result.plan.guests["enterprise_id"]
    about = {"S", "C1", "C2", "BANK", "LAB", "W1", "W2"}
    assert set(result.focus) == about
    assert guests.isin(about).mean() >= 0.5
    # Without that, four rivals with their large scores would come beside the five who must.
    assert f"{guests.isin(about).sum()} of the {len(guests)} meet its wish" in result.text.en
    short = salon(ROWS, guests=6)
    assert short.plan.guests["enterprise_id"].isin(about).mean() >= 0.5


def test_where_too_few_meet_a_wish_the_text_says_so():
    asked = [(*row[:6], 0.0, None) for row in ROWS if row[2] == "customer" and row[0] == "S"]
    others = [
        ("P1", "BANK", "financier", 0.9, 1, "money", 0.8, "D9"),
        ("P1", "C1", "customer", 0.9, 1, "cars", 0.0, None),
        ("P1", "LAB", "tester", 0.9, 1, "tests", 0.8, "D8"),
    ]
    result = salon([*asked[:1], *others])
    # S and its one counterpart beside the bank and the test centre that the circle asks for.
    assert "half" not in result.text.en
    assert "2 of the 4 meet its wish or one of its counterparts'." in result.text.en


def test_the_seeker_meets_its_first_counterparts_in_the_first_slots_before_its_rivals():
    result = salon(ROWS)
    when = slots_of(result)
    assert (when[frozenset(("S", "C1"))], when[frozenset(("S", "C2"))]) == (0, 1)
    for rival in ("P1", "P2", "P3", "P4"):
        assert when.get(frozenset((rival, "C1")), 9) > 0
        assert when.get(frozenset((rival, "C2")), 9) > 1
    assert sum("P" in "".join(pair) and bool({"C1", "C2"} & pair) for pair in when) >= 4


def test_the_seeker_meets_the_bank_and_the_test_centre_when_it_asks_for_money_and_tests():
    dear = [("BANK", f"P{i}", "customer", 3.0, i, "a larger score", 0.0, None) for i in (1, 2, 3, 4)]
    when = slots_of(salon([*ROWS, *dear], slots=4))
    assert {frozenset(("S", "BANK")), frozenset(("S", "LAB"))} <= set(when)
    silent = [(*row[:6], 0.0, None) if row[2] in ("financier", "tester") else row for row in ROWS]
    assert "BANK" not in set(salon(silent, guests=6).plan.guests["enterprise_id"])


def test_a_meeting_below_the_least_value_is_not_held():
    result = salon(ROWS)
    assert "FAR" not in set(result.plan.guests["enterprise_id"])
    assert result.table["score"].min() >= LEAST_VALUE


def test_guests_are_shown_with_asks_and_offers_and_stand_ins_are_listed():
    result = salon(ROWS, guests=7)
    assert {"asks", "offers"} <= set(result.plan.guests.columns)
    assert len(result.plan.standby) > 0
    assert not set(result.plan.standby["enterprise_id"]) & set(result.plan.guests["enterprise_id"])


def test_the_salon_held_is_compared_at_the_same_tables_by_wishes_met():
    result = salon(ROWS, held=["P1", "P2", "C3", "P3"])
    compared = result.compared.set_index("list")
    assert compared["n_guests"].tolist() == [5, 5]
    assert compared["wishes_met"].tolist() == [0, 2]
    assert compared["seeker_wishes_met"].tolist() == [0, 2]
    assert "the 5 of its last salon could meet 0 wishes, 5 of these guests 2" in result.text.en
    assert "this compares lists, not events" in result.text.en
    assert salon(ROWS).compared.empty
