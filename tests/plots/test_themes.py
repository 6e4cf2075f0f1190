"""Themes by month as shaded cells."""

import matplotlib as mpl

mpl.use("Agg")

import pandas as pd
import pytest

from liaison_analysis.plots.themes import plot_theme_map, plot_theme_months


def monthly(rows):
    return pd.DataFrame(rows, columns=["month", "theme", "name", "n"])


@pytest.fixture
def ax():
    # Theme 2 has as many demands as theme 0, which has two rows of one month.
    # Theme 1 has no second month.
    rows = [
        ("2022-02", 0, "停车", 2),
        ("2022-01", 0, "停车", 1),
        ("2022-01", 0, "停车", 1),
        ("2022-01", 1, "融资", 9),
        ("2022-01", 2, "用工", 4),
        ("2022-02", 2, "用工", 0),
    ]
    return plot_theme_months(monthly(rows))


def cells(ax):
    """Number and ink by column and row."""
    return {tuple(map(float, text.get_position())): (text.get_text(), text.get_color()) for text in ax.texts}


def test_themes_stand_by_size_then_number_and_months_in_order(ax):
    assert [label.get_text() for label in ax.get_yticklabels()] == ["融资", "停车", "用工"]
    assert [label.get_text() for label in ax.get_xticklabels()] == ["2022-01", "2022-02"]


def test_cells_hold_the_sums_and_zeros_stay_blank(ax):
    written = {place: text for place, (text, _) in cells(ax).items()}
    assert written == {(0, 0): "9", (0, 1): "2", (1, 1): "2", (0, 2): "4"}
    assert ax.images[0].get_array().tolist() == [[9, 0], [2, 2], [4, 0]]


def test_numbers_are_white_on_dark_cells_alone(ax):
    assert {place for place, (_, ink) in cells(ax).items() if ink == "white"} == {(0, 0)}


def test_shades_leave_room_above_the_largest_and_are_defined_without_any(ax):
    assert ax.images[0].get_clim() == (0, 9 * 1.25)
    empty = plot_theme_months(monthly([("2022-01", 0, "停车", 0)]))
    assert empty.images[0].get_clim() == (0, 1)
    assert not empty.texts


def test_a_map_has_a_circle_and_a_label_for_every_theme():
    places = pd.DataFrame(
        {"name": ["停车", "融资"], "size": [4, 1], "x": [0.0, 1.0], "y": [0.0, 0.5]}
    ).assign(label_x=[0.0, 0.9], label_y=[0.0, 0.6])
    ax = plot_theme_map(places)
    assert [text.get_text() for text in ax.texts][:2] == ["停车", "融资"]
    [circles] = ax.collections
    assert circles.get_sizes().tolist() == [1500, 375]
    assert len(ax.lines) == 1  # from the theme to its label that moved away
