import pandas as pd
from helpers.small_ledger import frame, ledger

from liaison_analysis import Analysis

ROWS = [
    ("D1", "R", True, "2022-02-01", "settled"),
    ("D2", "R", True, None, "collected"),
    ("D3", "R", False, "2022-02-01", "settled"),
    ("D4", "V", True, "2022-03-01", "settled"),
]


def overview():
    demands = frame(
        "demands",
        ["demand_id", "enterprise_id", "raised_on", "text", "in_remit", "settled_on", "status"],
        [(d, firm, "2022-01-05", d, own, done, status) for d, firm, own, done, status in ROWS],
    )
    return Analysis(ledger(demands=demands)).overview


def test_first_figures_carry_their_denominators():
    figures = overview().table.set_index("figure")
    assert figures["n"].to_dict() == {
        "enterprises": 3, "towns": 2, "demands": 4, "in_remit": 3, "settled_in_remit": 2, "settled": 3,
        "fed_back": 0,
    }  # fmt: skip
    assert figures.loc[["in_remit", "settled_in_remit", "settled"], "of"].tolist() == [4, 3, 4]


def test_words_say_the_figures_with_and_without_who_raised_most():
    text = overview().text
    assert text.en == (
        "3 enterprises in 2 towns raised 4 demands. 3 of them (75.0%) lie in the group's own remit. 2 of "
        "these (66.7%) are settled. 甲机器人 alone raised 3; without it 100.0% are settled."
    )
    assert text.zh == (
        "2个片区3家企业共提出诉求4条。其中3条属职责范围内（75.0%）。已办结2条（66.7%）。"
        "甲机器人一家提出3条，剔除后办结率为100.0%。"
    )


def test_open_demands_are_carried_from_month_to_month():
    months = overview().months
    assert months[["month", "raised", "settled", "open"]].to_numpy().tolist() == [
        ["2022-01", 4, 0, 4],
        ["2022-02", 0, 2, 2],
        ["2022-03", 0, 1, 1],
    ]


def test_towns_count_enterprises_without_demands_too():
    towns = overview().towns.set_index("town")
    assert towns.loc["水土"].to_dict() == {"enterprises": 2, "demands": 3, "in_remit": 2, "settled": 2}


def test_who_raised_most_comes_first():
    assert overview().raisers[["name", "demands"]].to_numpy().tolist() == [["甲机器人", 3], ["乙整车", 1]]


def test_empty_cells_are_counted_by_column():
    empty = overview().empty_cells.set_index(["table", "column"])
    assert empty.loc[("demands", "settled_on")].to_dict() == {"empty": 1, "of": 4}


def test_without_a_remit_all_demands_are_the_base():
    demands = ledger().demands.assign(status="collected").astype({"status": "str"})
    text = Analysis(ledger(demands=demands)).overview.text
    assert "remit" not in text.en
    assert "0 of all (0.0%) are settled" in text.en


def test_without_states_nothing_is_said_of_settlement():
    assert "settled" not in Analysis(ledger()).overview.text.en


def test_figures_of_a_frame_without_rows_are_left_unsaid():
    figures = overview().table
    assert pd.isna(figures.set_index("figure").loc["demands", "of"])
