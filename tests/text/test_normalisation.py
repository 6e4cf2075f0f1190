"""One way of writing for every text, and its words."""

from __future__ import annotations

import pickle
import unicodedata

import pandas as pd
import pytest
from helpers.missing_package import missing_package
from hypothesis import given
from hypothesis import strategies as st

from liaison_analysis.errors import MissingDependencyError
from liaison_analysis.text import normalisation
from liaison_analysis.text.normalisation import (
    char_ngrams,
    normalise,
    segmenter,
    word_and_char_features,
    words,
)


def test_normalise_folds_width_script_invisible_characters_and_blanks():
    assert normalise(["ＡＧＶ\u200b小車，　充電樁\ufe0f"]) == ["AGV小车, 充电桩"]
    assert normalise(["乾燥設備", "乾隆年間"]) == ["干燥设备", "乾隆年间"]  # by phrase, not by character


def test_normalise_gives_empty_texts_for_missing_values_and_writes_numbers():
    assert normalise([None, float("nan"), pd.NA, pd.NaT, 12, ""]) == ["", "", "", "", "12", ""]


def test_normalise_masks_the_longest_name_first_whatever_its_case():
    assert normalise(["鱼复新城abc公司缺电"], mask=["鱼复", "鱼复新城", "ABC公司"]) == ["缺电"]


def test_normalise_refuses_one_text():
    with pytest.raises(ValueError, match="a list of texts, got one text"):
        normalise("停车")


@given(st.lists(st.text(max_size=40), max_size=5))
def test_normalise_keeps_the_length_and_is_stable(texts):
    once = normalise(texts)
    assert len(once) == len(texts)
    assert normalise(once) == normalise(normalise(once))
    for text in once:
        assert text == text.strip()
        assert not any(unicodedata.category(c) in {"Cc", "Cs"} for c in text)


def test_words_keep_extra_words_whole_and_leave_the_shared_segmenter_alone():
    assert words("钛合金精铸件订单", extra=["钛合金精铸件"]) == ["钛合金精铸件", "订单"]
    assert "钛合金精铸件" not in words("钛合金精铸件订单")
    assert words(["", "，。!"]) == [[], []]
    assert words("Tesla MES系统") == ["tesla", "mes", "系统"]


@given(st.text(max_size=30), st.integers(1, 3), st.integers(0, 2))
def test_char_ngrams_are_counted_by_length(text, low, more):
    run = "".join(text.split()).lower()
    result = char_ngrams(text, low=low, high=low + more)
    assert len(result) == sum(max(0, len(run) - n + 1) for n in range(low, low + more + 1))
    assert all(gram in run for gram in result)


def test_char_ngrams_refuse_an_empty_range():
    with pytest.raises(ValueError, match=r"low=3, high=2"):
        char_ngrams("停车", low=3, high=2)


def test_features_are_words_then_single_characters():
    assert word_and_char_features("MES系统") == ["mes", "系统", "系", "统"]
    assert pickle.loads(pickle.dumps(word_and_char_features)) is word_and_char_features  # noqa: S301 - our own bytes


def test_the_segmenter_gives_every_character_of_the_text_back():
    text = "缺 RV减速器，AGV小车!"
    assert "".join(segmenter()(text)) == text
    assert "RV减速器" in segmenter(["RV减速器"])(text)


def test_without_opencc_traditional_chinese_is_refused_with_the_way_to_install_it(monkeypatch):
    wanted = pytest.raises(MissingDependencyError, match="pip install opencc")
    with missing_package(monkeypatch, "opencc", normalisation._simplifier), wanted:
        normalise(["充電"])
