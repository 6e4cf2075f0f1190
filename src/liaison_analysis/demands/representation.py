"""The space that demand texts are grouped in: sentence vectors, words, topics of the thesaurus."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeAlias

import numpy as np

from liaison_analysis.text import Encoder, encode, topic_shares, unit_rows, word_and_char_features

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

Floats: TypeAlias = "np.ndarray[Any, np.dtype[np.float32]]"

Integers: TypeAlias = "np.ndarray[Any, np.dtype[np.int64]]"

# Weights beside the sentence vector's 1, and numbers of coordinates: tuned on the development halves of the
# citizens' messages, TNEWS and THUCNews (benchmarks/themes.py). Without sentence vectors, words weigh more.
_LSA_WEIGHT = 0.4
_LSA_WEIGHT_LEXICAL = 2.0
_WORDS_WEIGHT = 0.5
_TOPICS_WEIGHT = 0.6
_LSA_DIMENSIONS = 100
_DIMENSIONS = 128

# A word in more than this share of the texts is no sign of a theme (judgement).
_MOST_COMMON = 0.2

#: How a text is worded, not what it is about: question mark, exclamation mark, question words, request
#: words, pronouns.
_STYLES = tuple(
    re.compile(pattern)
    for pattern in (
        r"\?",
        r"!",
        "如何|怎么|怎样|什么|为何|哪|吗|呢|何时|是否|能否|可否|多少",
        "希望|请问|建议|咨询|请求|恳请|反映|投诉|举报|要求|呼吁|求助|盼",
        "我|你|他|她|您|咱|本人",
    )
)

_NUMBER = re.compile(r"\d+(?:[.,:%]\d+)*%?")
_PLACE_CODE = re.compile(r"[A-Z]\d{0,3}(?:省|市|县|区|镇|村|州)")


def strip_numbers(texts: Iterable[str]) -> list[str]:
    """Take out numbers and anonymised place codes, unless nothing else is left.

    Examples
    --------
    >>> strip_numbers(["A3区缺300个车位", "2022"])
    ['缺 个车位', '2022']
    """
    stripped = ((_NUMBER.sub(" ", _PLACE_CODE.sub("", text)).strip(), text) for text in texts)
    return [short or text for short, text in stripped]


def style_flags(texts: Sequence[str]) -> Floats:
    """Flag how each text is worded, five yes/no flags after a column of ones: (texts, 6).

    Examples
    --------
    >>> style_flags(["请问停车位什么时候能增加?"]).tolist()
    [[1.0, 1.0, 0.0, 1.0, 1.0, 0.0]]
    """
    rows = [[True, *(style.search(text) is not None for style in _STYLES)] for text in texts]
    return np.array(rows, dtype=np.float32).reshape(len(texts), 1 + len(_STYLES))


def _axes(rows: np.ndarray[Any, Any]) -> Floats:
    """Leading 128 right singular vectors, as columns."""
    _, axes = np.linalg.eigh(rows.T.astype(np.float64) @ rows)
    return np.ascontiguousarray(axes[:, ::-1][:, :_DIMENSIONS], dtype=np.float32)


@dataclass
class ThemeSpace:
    """Coordinates in which texts on the same subject are near each other.

    Sentence vectors, from which five flags of style are regressed out, stand beside three views of the
    words, and the whole is rotated to 128 coordinates. The views are: latent semantic analysis of words and
    single characters (Deerwester et al. 1990, weight 0.4); mean vectors of words (weight 0.5), where a
    word's vector is the mean sentence vector of the texts that hold it, short where these have nothing in
    common; and shares of the thesaurus' topics (weight 0.6 × the square of the share of texts that hold one
    of its words).

    Attributes
    ----------
    encoder
        As in ``text.encode``.
    style_effects
        Effect of each flag of style on the sentence vector: (6, columns).
    vectorizer, components
        TF-IDF of words and characters, and its leading right singular vectors: (≤ 100, words).
    word_vectors
        Vector of each word: (words, coordinates).
    rarity
        Weight of each topic: the logarithm of one plus texts per text that holds it.
    topics_weight
        Weight of the topics.
    rotation
        From all columns to the coordinates: (columns, ≤ 128).
    """

    encoder: Encoder = None
    style_effects: Floats | None = None
    vectorizer: Any = None
    components: Floats | None = None
    word_vectors: Floats | None = None
    rarity: Floats | None = None
    topics_weight: float = 0.0
    rotation: Floats | None = None

    def fit_map(self, texts: Sequence[str]) -> Floats:
        """Learn the space from distinct texts and return their coordinates, rows of length 1."""
        from threadpoolctl import threadpool_limits  # type: ignore[import-untyped]

        with threadpool_limits(limits=1, user_api="blas"):  # small: threads would wait for each other
            return self._fit_map(texts)

    def _fit_map(self, texts: Sequence[str]) -> Floats:
        stripped = strip_numbers(texts)
        vectors = encode(stripped, encoder=self.encoder, exact=True).astype(np.float64)
        styles = style_flags(texts).astype(np.float64)
        self.style_effects = np.linalg.lstsq(styles, vectors, rcond=None)[0].astype(np.float32)
        self._fit_words(stripped, vectors - styles @ self.style_effects)
        shares = topic_shares(texts)
        known = np.count_nonzero(shares, axis=0) + 1
        self.rarity = np.log1p(len(texts) / known).astype(np.float32)
        self.topics_weight = _TOPICS_WEIGHT * float((shares.sum(axis=1) > 0).mean()) ** 2
        raw = self._raw(texts)
        self.rotation = _axes(raw)
        return unit_rows(raw @ self.rotation)

    def map(self, texts: Sequence[str]) -> Floats:
        """Coordinates of new texts, rows of length 1: (texts, at most 128)."""
        if self.rotation is None:
            raise ValueError("the space has no axes yet; call fit_map first")
        return unit_rows(self._raw(texts) @ self.rotation)

    def _fit_words(self, stripped: Sequence[str], vectors: np.ndarray[Any, Any]) -> None:
        """TF-IDF of words and characters that occur in two texts or more; of all, if none does."""
        from scipy import sparse
        from sklearn.feature_extraction.text import TfidfVectorizer
        from sklearn.utils.extmath import randomized_svd

        for least, most in ((2, _MOST_COMMON), (1, 1.0)):
            vectorizer = TfidfVectorizer(
                analyzer=word_and_char_features,
                min_df=least,
                max_df=max(most, least / max(len(stripped), 1)),
                sublinear_tf=True,
            )
            try:
                counts = vectorizer.fit_transform(stripped)
            except ValueError:  # no feature is left: few texts, or only punctuation
                continue
            rank = max(1, min(_LSA_DIMENSIONS, min(counts.shape) - 1))
            self.components = randomized_svd(counts, rank, n_iter=4, random_state=0)[2].astype(np.float32)
            self.vectorizer = vectorizer
            holds = (sparse.csr_array(counts).T > 0).astype(np.float64)
            centred = unit_rows(vectors - vectors.mean(axis=0)).astype(np.float64)
            means = (holds @ centred) / holds.sum(axis=1)[:, None]
            means[[len(word) == 1 for word in vectorizer.get_feature_names_out()]] = 0
            self.word_vectors = np.asarray(means @ _axes(counts @ means), dtype=np.float32)
            return

    def _raw(self, texts: Sequence[str]) -> Floats:
        if self.style_effects is None or self.rarity is None:
            raise ValueError("the space has no axes yet; call fit_map first")
        stripped = strip_numbers(texts)
        vectors = encode(stripped, encoder=self.encoder, exact=True).astype(np.float64)
        parts = [unit_rows(vectors - style_flags(texts).astype(np.float64) @ self.style_effects)]
        if self.vectorizer is not None and self.components is not None:
            counts = self.vectorizer.transform(stripped)
            lsa = unit_rows(counts @ self.components.T)
            parts.append((_LSA_WEIGHT_LEXICAL if self.encoder == "lexical" else _LSA_WEIGHT) * lsa)
            parts.append(_WORDS_WEIGHT * unit_rows(counts @ self.word_vectors))
        parts.append(self.topics_weight * unit_rows(topic_shares(texts).astype(np.float64) * self.rarity))
        return np.hstack(parts).astype(np.float64)
