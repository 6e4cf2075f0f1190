"""Weights of words are applied as scikit-learn learnt them."""

import numpy as np
import pytest

from liaison_analysis.demands.word_weights import (
    WordWeights,
    from_bytes,
    learnt_vectorizer,
    to_bytes,
    word_features,
)

TEXTS = ["想找客户,接订单", "想找供应商买轴承", "想贷款,利息低的"]


@pytest.fixture(scope="module")
def vectorizer():
    return learnt_vectorizer().fit(TEXTS)


@pytest.fixture(scope="module")
def weights(vectorizer):
    random = np.random.default_rng(0)
    words = {word: int(row) for word, row in vectorizer.vocabulary_.items()}
    return WordWeights(words, vectorizer.idf_, random.normal(size=(len(words), 2)))


def test_words_count_as_scikit_learn_weighs_them(vectorizer, weights):
    texts = ["想想想贷款,接订单", "", "🙂", "Ω"]
    expected = vectorizer.transform(texts).toarray() @ weights.weights
    assert weights.decisions(texts) == pytest.approx(expected)
    assert (weights.decisions(texts)[1:] == 0).all()


@pytest.mark.parametrize("size", [1.0, 40.0])
def test_weights_are_read_back_within_a_step(weights, size):
    large = WordWeights(weights.words, weights.idf, weights.weights * size)
    written = to_bytes(large, {"offsets": np.array([1.5, -2.0])})
    again, arrays = from_bytes(written)
    step = max(1 / 20_000, np.abs(large.weights).max() / 32_767)
    assert np.abs(again.weights - large.weights).max() <= step / 2 * 1.001
    assert again.words == weights.words
    assert arrays["offsets"].tolist() == [1.5, -2.0]
    assert to_bytes(again, arrays) == written


def test_features_are_words_characters_and_pairs():
    assert word_features("停车 不便") == [*("停车", "不便", "停", "车", "不", "便", "停车", "车不", "不便")]
