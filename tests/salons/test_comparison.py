"""Guest lists are compared by wishes met at the same tables."""

import pandas as pd

from liaison_analysis.salons.comparison import compare_guest_lists

COLUMNS = [
    "seeker_id", "counterpart_id", "role", "score", "reason", "asked_share", "demand_id", "back_share",
    "counterpart_demand_id", "competitor",
]  # fmt: skip
ROWS = [
    ("s", "c", "customer", 0.4, "asked", 0.5, "D1", 0.0, None, False),
    ("s", "d", "customer", 0.3, "asked again", 0.5, "D1", 0.0, None, False),
    ("s", "bank", "financier", 0.2, "money", 0.9, "D2", 0.0, None, False),
    ("p", "c", "customer", 0.9, "wanted by c", 0.0, None, 0.4, "D3", False),
    ("q", "c", "customer", 0.9, "nobody asks", 0.0, None, 0.0, None, False),
    ("s", "q", "customer", 0.9, "rivals", 0.9, "D4", 0.0, None, True),
]
INTRODUCTIONS = pd.DataFrame(ROWS, columns=COLUMNS)


def compared(**lists):
    table = compare_guest_lists(INTRODUCTIONS, lists, slots=3, tables=4, seeker="s")
    return table.set_index("list")


def test_a_demand_counts_once_however_many_meet_it_and_from_either_side():
    table = compared(one=["s", "c", "d", "bank", "p"], other=["s", "q", "c"])
    assert table.loc["one", ["n_guests", "n_meetings", "wishes_met", "seeker_wishes_met"]].tolist() == [
        5, 4, 3, 2,
    ]  # fmt: skip
    # q meets c for a large score, but no demand asks for that; rivals do not meet.
    assert table.loc["other", ["n_meetings", "wishes_met"]].tolist() == [2, 1]
    assert table["value"].tolist() == [1.8, 1.3]


def test_a_guest_without_anybody_to_meet_is_counted():
    assert compared(one=["s", "c", "stranger"])["n_without"].tolist() == [1]
