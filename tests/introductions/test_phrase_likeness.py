import numpy as np
import pandas as pd
import pytest

from liaison_analysis.introductions.phrase_likeness import PhraseLikeness, units


def test_common_characters_have_no_weight():
    assert units("想找的") == frozenset()
    assert {"蚀", "蚀刻"} <= units("蚀刻液")


def test_words_that_many_have_count_less():
    like = PhraseLikeness(["钢管", "铜管", "铝管", "钢丝"], np.arange(4), pd.Series(["管不够", "缺管", None]))
    of_thing, of_phrase = like.overlap("钢管")
    assert of_thing[0] == pytest.approx(1)
    assert of_thing[3] > of_thing[1] == pytest.approx(of_thing[2])
    assert of_phrase[0] < 1  # so short a phrase is not answered by the words alone
    assert like.shared("钢管要切", without=["钢管"]).tolist() == [0, 0, 0, 0]


def test_without_phrases_the_cosine_is_zero():
    like = PhraseLikeness(["钢管"], np.array([0]), pd.Series([], dtype="str"))
    assert like.cosines([]).tolist() == [[0.0]]
