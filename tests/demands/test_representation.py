"""The space that demands are grouped in."""

from __future__ import annotations

import numpy as np
import pytest

from liaison_analysis.demands.representation import ThemeSpace, strip_numbers, style_flags


def test_numbers_and_place_codes_go_unless_they_are_all_there_is():
    assert strip_numbers(["A7县停电3.5小时", "12,000", "B市"]) == ["停电 小时", "12,000", "B市"]


def test_styles_are_flagged_each_in_its_column():
    assert style_flags(["停电", "停电?", "停电!", "为何停电", "建议供电", "我厂停电"]).tolist() == [
        [1, 0, 0, 0, 0, 0],
        [1, 1, 0, 0, 0, 0],
        [1, 0, 1, 0, 0, 0],
        [1, 0, 0, 1, 0, 0],
        [1, 0, 0, 0, 1, 0],
        [1, 0, 0, 0, 0, 1],
    ]


def test_the_space_of_other_texts_has_the_same_coordinates():
    texts = ["停车位不足", "停车场太远", "贷款难", "贷款贵", "车位不够", "银行不给贷款"]
    space = ThemeSpace()
    rows = space.fit_map(texts)
    assert rows.shape[0] == 6
    assert rows.shape[1] <= 128
    assert np.linalg.norm(rows, axis=1) == pytest.approx(1, abs=1e-5)
    assert space.map(texts) == pytest.approx(rows, abs=1e-5)
    with pytest.raises(ValueError, match="call fit_map first"):
        ThemeSpace().map(texts)


@pytest.mark.parametrize("texts", [["?"], ["", "。"], ["停"]])
def test_the_space_takes_texts_without_words(texts):
    assert np.isfinite(ThemeSpace(encoder="lexical").fit_map(texts)).all()


def test_a_words_vector_is_the_mean_of_the_texts_that_hold_it():
    def encoder(texts):
        return np.array([[1.0, 0, 0] if "停车" in t else [0, 1.0, 0] for t in texts])

    texts = ["停车 工厂", "停车 工厂", "停车 员工", "贷款 员工", "贷款 工厂", "贷款 员工"]
    space = ThemeSpace(encoder=encoder)
    space.fit_map(texts)
    words = space.vectorizer.get_feature_names_out().tolist()
    length = np.linalg.norm(space.word_vectors, axis=1)
    assert not {"停车", "工厂"} <= {w for w in words if len(w) == 1}
    assert length[words.index("员工")] == pytest.approx(1 / 3, abs=1e-5)  # 停车 once, 贷款 twice: 1/3 is left
    assert (length[[len(w) == 1 for w in words]] == 0).all()
