"""Themes out of texts alone, and guided by seeds and labels."""

import numpy as np
import pytest
from helpers.theme_texts import TEXTS, TRUTH
from sklearn.metrics import adjusted_rand_score

from liaison_analysis.demands import fitting
from liaison_analysis.demands.fitting import UnreliableThemesWarning, fit_free, fit_guided
from liaison_analysis.demands.scorers import Classifier, Prototypes

PHRASES = {"停车": ["停车", "停车位"], "融资": ["融资", "银行贷款"]}


MORE = [f"{text}{end}" for text in TEXTS for end in ("", "啊", "呢", "了")]


def test_the_number_of_themes_is_that_of_the_curve_and_no_curve_is_made_for_a_given_one():
    with pytest.warns(UnreliableThemesWarning, match="themes of 72 distinct texts, fewer than 150"):
        model, curve = fit_free(MORE, None, encoder=None, mode="kmeans", seed=0)
    assert curve.loc[curve["chosen"], "n_themes"].tolist() == [model.n_themes]
    assert 2 <= model.n_themes <= curve["n_themes"].max() <= len(MORE) // 5
    model, curve = fit_free(TEXTS, 3, encoder=None, mode="kmeans", seed=0)
    assert curve is None
    assert adjusted_rand_score(TRUTH, model.sample_labels) == 1


def test_fewer_than_thirty_texts_stay_together():
    with pytest.warns(UnreliableThemesWarning, match="18 distinct texts are too few for themes"):
        model, curve = fit_free(TEXTS, None, encoder=None, mode="kmeans", seed=0)
    assert (model.n_themes, curve) == (1, None)


def test_a_warning_names_themes_on_which_parts_of_the_texts_disagree(monkeypatch):
    monkeypatch.setattr(fitting, "FEWEST_FOR_FREE", 50)
    monkeypatch.setattr(fitting, "LEAST_STABILITY", 1.01)
    with pytest.warns(UnreliableThemesWarning, match=r"agree by a Rand index of only [01]\.\d\d"):
        fit_free(MORE, None, encoder=None, mode="kmeans", seed=0)


def test_seeds_come_first_then_labels_by_name_then_free_themes():
    model, names = fit_guided(TEXTS, PHRASES, [("孩子入学要排队", "入学")], 4, encoder=None, seed=0)
    assert names == ["停车", "融资", "入学"]
    assert model.n_themes == 4
    assert isinstance(model.scorer, Classifier)
    assert model.sample_labels[TEXTS.index("孩子入学要排队")] == 2


def test_seeds_alone_decide_by_their_nearest_phrases():
    model, names = fit_guided(TEXTS, PHRASES, [], None, encoder=None, seed=0)
    assert (names, model.n_themes) == (["停车", "融资"], 2)
    assert isinstance(model.scorer, Prototypes)
    assert (model.sample_labels[:12] == TRUTH[:12]).mean() >= 11 / 12


def test_a_free_theme_is_found_where_no_seed_reaches():
    model, names = fit_guided(TEXTS, PHRASES, [], 3, encoder=None, seed=0)
    assert names == ["停车", "融资"]
    assert np.bincount(model.sample_labels[12:], minlength=3)[2] >= 5


def test_fewer_themes_than_seeds_are_refused():
    with pytest.raises(ValueError, match="at least the 2 themes of the seeds and labels, got 1"):
        fit_guided(TEXTS, PHRASES, [], 1, encoder=None, seed=0)
