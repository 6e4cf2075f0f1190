"""Shares of themes, and the number of themes."""

from __future__ import annotations

import numpy as np
import pytest

from liaison_analysis.demands.representation import ThemeSpace
from liaison_analysis.demands.scorers import Centres, Classifier, Prototypes, shares_of, theme_curve
from liaison_analysis.text.encoding import unit_rows

PARKING = ["停车位不足", "没地方停车", "车位太少", "停车场收费贵"]
LOANS = ["贷款利率高", "银行不给贷款", "贷款没有抵押物", "贷款审批慢"]


@pytest.fixture(scope="module")
def space():
    made = ThemeSpace(encoder="lexical")
    made.fit_map(PARKING + LOANS)
    return made


def test_shares_are_a_softmax_of_cosines_over_a_tenth():
    shares = shares_of(np.array([[0.5, 0.4]]))
    assert shares[0, 0] / shares[0, 1] == pytest.approx(np.e, rel=1e-5)
    assert shares.sum() == pytest.approx(1)


def test_centres_are_directions_and_not_sizes():
    centres = Centres(np.array([[100.0, 0.0], [0.0, 1.0]]))
    shares = centres.shares_of_points(unit_rows(np.array([[1.0, 1.01]])))
    assert shares.argmax() == 1


def test_prototypes_take_the_mean_of_best_phrase_and_direction():
    rows = unit_rows(np.array([[1.0, 0.0], [0.0, 1.0], [1.0, 1.0]]))
    near = Prototypes(rows, np.array([0, 0, 1]))
    point = unit_rows(np.array([[1.0, 0.0]]))
    half = np.sqrt(0.5)
    assert near.shares_of_points(point)[0] == pytest.approx(shares_of(np.array([[(1 + half) / 2, half]]))[0])


@pytest.mark.parametrize("space_weight", [0.0, 3.0])
def test_the_classifier_learns_two_themes_and_leaves_a_third_empty(space, space_weight):
    owners = np.array([0] * 4 + [2] * 4)
    model = Classifier.learn(space, PARKING + LOANS, owners, n_themes=3, space_weight=space_weight)
    shares = model.shares(space, ["停车位不足", "想要贷款"])
    assert shares.argmax(axis=1).tolist() == [0, 2]
    assert shares[:, 1] == pytest.approx(0, abs=1e-6)
    assert shares.sum(axis=1) == pytest.approx(1)


def test_the_classifier_of_one_theme_has_probability_one(space):
    model = Classifier.learn(space, PARKING, np.zeros(4, dtype=int), n_themes=1, space_weight=0.0)
    assert model.shares(space, ["任何事"]).tolist() == [[1.0]]


def test_the_curve_tops_at_the_number_of_groups():
    random = np.random.default_rng(0)
    centres = np.eye(6)
    points = unit_rows(np.repeat(centres, 30, axis=0) + 0.05 * random.normal(size=(180, 6)))
    curve = theme_curve(points, most=10)
    assert curve.loc[curve["chosen"], "n_themes"].tolist() == [6]
    six = curve[curve["n_themes"] == 6].iloc[0]
    assert six["stability"] == pytest.approx(1)
    assert curve["n_themes"].tolist() == [2, 3, 4, 5, 6, 7, 8, 10]
    assert curve["score"].to_numpy() == pytest.approx(curve["stability"] * curve["separation"])


def test_of_numbers_with_equal_scores_the_smallest_is_chosen():
    rows = unit_rows(np.random.default_rng(3).normal(size=(200, 8)))
    curve = theme_curve(rows, most=20)
    enough = curve[curve["score"] >= curve["score"].max() - curve["error"].mean()]
    assert len(enough) > 1
    assert curve.loc[curve["chosen"], "n_themes"].tolist() == [enough["n_themes"].min()]


def test_the_curve_of_alike_rows_is_one_theme():
    assert theme_curve(unit_rows(np.ones((5, 3))), most=5)["n_themes"].tolist() == [1]
