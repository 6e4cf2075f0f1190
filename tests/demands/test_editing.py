"""Renaming, merging and splitting by the user."""

from __future__ import annotations

import pytest
from helpers.theme_texts import TEXTS, TRUTH
from sklearn.metrics import adjusted_rand_score

from liaison_analysis.demands.editing import check_names, number_of
from liaison_analysis.demands.themes import DemandThemes


@pytest.fixture
def model():
    return DemandThemes(3).fit(TEXTS)


def test_rename_merge_and_split_are_kept_for_texts_to_come(model):
    model.rename({0: "停车"}).rename({"停车": "停车位"})
    assert model.themes_["name"].iloc[0] == "停车位"
    model.merge(["停车位", 1], name="停车与融资")
    assert model.themes_["size"].tolist() == [12, 6]
    assert model.predict(["没地方停车了", "贷款批不下来", "孩子没有学位"]).tolist() == [0, 0, 1]
    model.split("停车与融资", 2, names=["一", "二"])
    assert model.themes_["name"].tolist()[0] == "一"
    assert model.themes_["name"].tolist()[2] == "二"
    assert adjusted_rand_score(TRUTH, model.labels_) == 1
    parking, loan, school = model.predict(["没地方停车了", "贷款批不下来", "孩子没有学位"])
    assert [parking, loan, school] == [model.labels_[0], model.labels_[6], 1]
    assert model.predict(TEXTS).tolist() == model.labels_.tolist()


def test_edits_that_make_no_sense_are_refused(model):
    with pytest.raises(ValueError, match="one of"):
        model.rename({"不存在": "新"})
    with pytest.raises(ValueError, match="neither empty nor given twice"):
        model.rename({0: "同", 1: "同"})
    with pytest.raises(ValueError, match="two themes or more"):
        model.merge([1, 1])
    with pytest.raises(ValueError, match="2 to 6 parts"):
        model.split(0, 9)


def test_themes_are_found_by_number_and_name(model):
    assert number_of(model.themes_, 2) == number_of(model.themes_, model.themes_["name"][2]) == 2
    with pytest.raises(ValueError, match="below 3"):
        number_of(model.themes_, 3)


@pytest.mark.parametrize("names", [["甲", "甲"], ["甲", ""]])
def test_names_must_be_there_and_differ(names):
    with pytest.raises(ValueError, match="neither empty nor given twice"):
        check_names(names)


def test_seeded_and_classified_themes_can_be_split_and_merged():
    y = ["停车", *[None] * 5, "融资", *[None] * 11]
    for model in (
        DemandThemes(seeds={"停车": ["停车位"], "其他": ["贷款", "孩子上学"]}).fit(TEXTS),
        DemandThemes().fit(TEXTS, y),
    ):
        model.split(1, 2, names=["甲", "乙"])
        assert model.themes_["name"].tolist()[1:] == ["甲", "乙"]
        assert model.predict(TEXTS).tolist() == model.labels_.tolist()
        assert model.merge(["甲", "乙"]).n_themes_ == 2
        assert model.predict_proba(["全新的事"]).sum() == pytest.approx(1, abs=1e-5)
