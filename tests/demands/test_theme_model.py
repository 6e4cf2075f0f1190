"""A learnt model is immutable: every change gives another model."""

import numpy as np
import pytest
from helpers.theme_texts import TEXTS

from liaison_analysis.demands.fitting import fit_free
from liaison_analysis.demands.scorers import Classifier


@pytest.fixture(scope="module")
def model():
    return fit_free(TEXTS, 3, encoder="lexical", mode="kmeans", seed=0)[0]


def test_reordering_renumbers_labels_and_shares_alike(model):
    other = model.reordered([2, 0, 1])
    assert (np.array([2, 0, 1])[other.sample_labels] == model.sample_labels).all()
    assert other.shares(["没地方停车了"]) == pytest.approx(model.shares(["没地方停车了"])[:, [2, 0, 1]])


def test_merging_adds_shares_up_and_leaves_the_first_model_alone(model):
    before = model.shares(["没地方停车了"])
    merged = model.merged([0, 1, 0])
    assert merged.n_themes == 2
    assert merged.shares(["没地方停车了"])[0] == pytest.approx([before[0, 0] + before[0, 2], before[0, 1]])
    assert (model.shares(["没地方停车了"]) == before).all()
    assert model.operations == ()


def test_splitting_divides_a_theme_s_share_among_its_parts(model):
    theme = int(model.sample_labels[0])
    parts = model.split(theme, 2, seed=0)
    assert parts.n_themes == 4
    assert set(parts.sample_labels[model.sample_labels == theme].tolist()) == {theme, 3}
    rest = model.sample_labels != theme
    assert (parts.sample_labels[rest] == model.sample_labels[rest]).all()
    new = ["车位真的太少了"]
    whole, divided = model.shares(new), parts.shares(new)
    assert divided[0, [theme, 3]].sum() == pytest.approx(whole[0, theme], abs=1e-6)
    members = int((model.sample_labels == theme).sum())
    assert [model.split(theme, n, seed=0) for n in (1, members + 1)] == [None, None]


def test_centres_move_towards_texts_that_come_later(model):
    texts = ["地下车库停车位少", "地下车库停车位太少"]
    labels, _ = model.assign(texts)
    moved = model.with_texts(texts, np.array([labels[0], -1]))
    grown = moved.scorer.sums - model.scorer.sums
    assert np.flatnonzero(np.abs(grown).sum(axis=1)).tolist() == [labels[0]]
    assert grown[labels[0]] == pytest.approx(model.smoothed(texts[:1])[0], abs=1e-5)
    assert model.merged([0, 0, 1]).with_texts(texts, labels).scorer is model.scorer


def test_the_word_classifier_agrees_with_the_groups_it_was_learnt_from(model):
    fast = model.with_word_classifier()
    assert isinstance(fast.scorer, Classifier)
    labels, confidence = fast.assign([*TEXTS, "停车位停车位"])
    assert (labels[:-1] == model.sample_labels).all()
    assert labels[-1] == model.sample_labels[0]
    assert fast.assign(["停车位停车位"], min_confidence=1.0)[0].tolist() == [-1]
    assert (confidence > 1 / 3).all()


def test_central_texts_come_nearest_first_with_their_cosine(model):
    for theme, ranked in enumerate(model.central(len(TEXTS))):
        rows = [row for row, _ in ranked]
        assert sorted(rows) == np.flatnonzero(model.sample_labels == theme).tolist()
        cosines = [cosine for _, cosine in ranked]
        assert cosines == sorted(cosines, reverse=True)
        assert 0 < cosines[-1] <= cosines[0] <= 1


def test_a_description_counts_the_labels_given_and_keeps_names(model):
    table = model.described(["", "融资", ""], np.array([0, 0, 1, -1]))
    assert table["size"].tolist() == [2, 1, 0]
    assert table["name"][1] == "融资"
    assert table["name"].is_unique
    assert table["name"].ne("").all()
