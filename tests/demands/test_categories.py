"""Agreement of the clerk's categories with themes."""

import pytest

from liaison_analysis.demands.categories import category_agreement, category_differences

CATEGORIES = ["交通", "交通", None, "交通", "资金", " 资金", "交通"]
THEMES = ["道路", "停车", "融资", "停车", "税费", "融资", "道路"]


def test_of_equally_frequent_themes_the_first_by_name_is_usual_and_no_category_is_left_out():
    table = category_agreement(CATEGORIES, THEMES)
    assert table.to_numpy().tolist() == [["交通", 4, "停车", 2, 0.5], ["资金", 2, "税费", 1, 0.5]]


def test_differences_are_sorted_by_confidence():
    table = category_differences(CATEGORIES, THEMES, [0.2, 0.9, 0.9, 0.9, 0.9, 0.6, 0.5])
    assert table.to_numpy().tolist() == [
        [5, "资金", "税费", "融资", 0.6],
        [6, "交通", "停车", "道路", 0.5],
        [0, "交通", "停车", "道路", 0.2],
    ]


def test_empty_input_gives_empty_output():
    assert category_agreement([], []).columns.tolist() == ["category", "n", "theme", "agree", "share"]
    assert category_differences([None], ["停车"], [0.5]).empty


def test_other_lengths_and_one_text_are_refused():
    with pytest.raises(ValueError, match="got 1 categories and 2 themes"):
        category_agreement(["交通"], ["停车", "道路"])
    with pytest.raises(ValueError, match="expected a list of texts"):
        category_agreement("交通", ["停车"])
