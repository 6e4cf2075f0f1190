from typing import get_args

import pandas as pd
import pytest
from helpers.small_ledger import ledger

from liaison_analysis import Analysis, rank_introductions
from liaison_analysis.analysis.meetings import first_calls
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
