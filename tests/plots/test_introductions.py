"""Introductions by evidence, and a timetable as a grid."""

from dataclasses import replace

import matplotlib as mpl

mpl.use("Agg")

import pandas as pd
import pytest
from helpers.small_ledger import ledger

from liaison_analysis import load_liangjiang, rank_introductions
from liaison_analysis.plots.introductions import plot_introductions, plot_timetable

COLUMNS = [
    "seeker_id", "counterpart_id", "rank", "role", "score", "chain_share", "asked_share", "back_share",
]  # fmt: skip
ROWS = [
    ("R", "W", 2, "customer", 0.5, 0.6, 0.2, 0.1),
    ("R", "V", 1, "customer", 0.8, 0.5, 0.25, 0.0),
    ("R", "G", 1, "supplier", 0.4, 0.7, 0.3, 0.1),
    ("S", "V", 1, "customer", 0.9, 1.0, 0.0, 0.0),
]


def drawn(**options):
    return plot_introductions(pd.DataFrame(ROWS, columns=COLUMNS), ledger(), "R", **options)


def bars(ax):
    """Left end and length of each bar, by label of its evidence and counterpart."""
    return {
        label.split()[0]: [(bar.get_x(), bar.get_width()) for bar in container]
        for container, label in zip(ax.containers, ax.get_legend_handles_labels()[1], strict=True)
    }


def test_the_seekers_own_rows_stand_by_rank_then_role_from_the_top():
    ax = drawn()
    assert [label.get_text() for label in ax.get_yticklabels()] == ["1  乙整车", "1  丙减速器", "2  丁焊装"]
    assert ax.yaxis_inverted()
    assert ax.get_title(loc="left") == "甲机器人：见谁 whom to meet"
    assert [label.get_text() for label in drawn(most=1).get_yticklabels()] == ["1  乙整车"]


def test_bars_split_each_score_by_evidence_one_after_the_other():
    ends = bars(drawn())
    assert list(ends) == ["产业链", "本方诉求", "对方诉求", "旁证"]
    assert ends["产业链"] == [(0, pytest.approx(x)) for x in (0.4, 0.28, 0.3)]
    assert ends["本方诉求"] == [tuple(map(pytest.approx, p)) for p in ((0.4, 0.2), (0.28, 0.12), (0.3, 0.1))]
    assert ends["对方诉求"] == [tuple(map(pytest.approx, p)) for p in ((0.6, 0), (0.4, 0.04), (0.4, 0.05))]
    # What the three do not carry is context; shares that are rounded to more than one leave none.
    assert ends["旁证"] == [tuple(map(pytest.approx, p)) for p in ((0.6, 0.2), (0.44, 0), (0.45, 0.05))]


def test_bars_of_the_sample_add_up_to_the_scores():
    sample = load_liangjiang()
    found = rank_introductions(sample, ["E001"])
    ax = plot_introductions(found, sample, "E001")
    assert ax.get_yticklabels()[0].get_text() == "1  赛力斯汽车"
    whole = [sum(lengths) for lengths in zip(*([w for _, w in b] for b in bars(ax).values()), strict=True)]
    assert whole == pytest.approx(found["score"].tolist(), abs=1e-5)


MEETINGS = pd.DataFrame(
    {"slot": [0, 0, 1], "table": [0, 2, 0], "a": ["R", "G", "R"], "b": ["V", "M", "W"],
     "score": [0.9, 0.3, 0.6]}
)  # fmt: skip


def test_a_meeting_stands_at_its_table_and_slot_with_both_names():
    ax = plot_timetable(MEETINGS, ledger())
    written = {text.get_position(): text.get_text() for text in ax.texts[:-1]}  # the last is the note
    assert written == {(0, 0): "甲机器人\n乙整车", (2, 0): "丙减速器\n戊电机", (0, 1): "甲机器人\n丁焊装"}
    assert [label.get_text() for label in ax.get_xticklabels()] == ["1 号桌", "2 号桌", "3 号桌"]
    assert [label.get_text() for label in ax.get_yticklabels()] == ["第 1 轮", "第 2 轮"]
    assert ax.yaxis_inverted()


def test_cells_stand_under_their_names_and_are_the_darker_the_better_the_meeting():
    ax = plot_timetable(MEETINGS, ledger())
    middles = [
        (cell.get_x() + cell.get_width() / 2, cell.get_y() + cell.get_height() / 2) for cell in ax.patches
    ]
    assert middles == [tuple(map(pytest.approx, place)) for place in ((0, 0), (2, 0), (0, 1))]
    shades = [0.45, 0.10 + 0.35 / 3, 0.10 + 0.35 * 2 / 3]
    assert [cell.get_alpha() for cell in ax.patches] == pytest.approx(shades)


def test_a_timetable_without_meetings_has_one_empty_cell():
    ax = plot_timetable(MEETINGS.head(0), ledger())
    assert len(ax.patches) == 0
    assert (ax.get_xlim(), ax.get_ylim()) == ((-0.5, 0.5), (0.5, -0.5))


def test_names_of_more_than_eight_characters_are_cut():
    firms = ledger().enterprises
    names = {"R": "一二三四五六七八", "V": "一二三四五六七八九"}
    firms = firms.assign(name=firms["enterprise_id"].map(names).fillna(firms["name"]))
    ax = plot_timetable(MEETINGS.head(1), replace(ledger(), enterprises=firms))
    assert [text.get_text() for text in ax.texts[:-1]] == ["一二三四五六七八\n一二三四五六七…"]
