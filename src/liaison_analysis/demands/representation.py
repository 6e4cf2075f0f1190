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

_LSA_WEIGHT = 0.4
_WORDS_WEIGHT = 0.5
_TOPICS_WEIGHT = 0.6
_LSA_DIMENSIONS = 100
_DIMENSIONS = 128

#: How a text is put, not what it is about: question mark, exclamation mark, question words, request words,
#: pronouns.
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
    """Five yes/no flags of how a text is put, after a column of ones: (texts, 6).

    Examples
    --------
    >>> style_flags(["请问停车位什么时候能增加?"]).tolist()
    [[1.0, 1.0, 0.0, 1.0, 1.0, 0.0]]
    """
    rows = [[True, *(mood.search(text) is not None for mood in _STYLES)] for text in texts]
    return np.array(rows, dtype=np.float32).reshape(len(texts), 1 + len(_STYLES))


def _axes(rows: np.ndarray[Any, Any]) -> Floats:
    """Leading 128 right singular vectors, as columns."""
    _, axes = np.linalg.eigh(rows.T.astype(np.float64) @ rows)
    return np.ascontiguousarray(axes[:, ::-1][:, :_DIMENSIONS], dtype=np.float32)


@dataclass
class ThemeSpace:
    """Coordinates in which demands about the same matter lie near each other.

    Sentence vectors, from which five flags of mood are regressed out, beside three views of the words,
    rotated to 128 coordinates: latent semantic analysis of words and single characters (Deerwester et al.
    1990, weight 0.4); what the texts that share a text's words are about (weight 0.5): a word's vector is
    the mean sentence vector of the texts that hold it, short where they have nothing in common; and the
    thesaurus of matters (weight 0.6 × the square of the share of texts that hold one of its words).

    Attributes
    ----------
    encoder
        As in ``text.encode``.
    """

    encoder: Encoder = None
    moods: Floats | None = None
    vectorizer: Any = None
    components: Floats | None = None
    word_vectors: Floats | None = None
    rarity: Floats | None = None
    topics_weight: float = 0.0
    rotation: Floats | None = None

    def fit_map(self, texts: Sequence[str]) -> Floats:
        """Learn the space from distinct texts and return their coordinates, rows of length 1."""
        from threadpoolctl import threadpool_limits  # type: ignore[import-untyped]

        with threadpool_limits(limits=1, user_api="blas"):  # small matrices: threads only wait for each other
            return self._fit_map(texts)

    def _fit_map(self, texts: Sequence[str]) -> Floats:
        facts = strip_numbers(texts)
        vectors = encode(facts, encoder=self.encoder).astype(np.float64)
        moods = style_flags(texts).astype(np.float64)
        self.moods = np.linalg.lstsq(moods, vectors, rcond=None)[0].astype(np.float32)
        self._fit_words(facts, vectors - moods @ self.moods)
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

    def _fit_words(self, facts: Sequence[str], vectors: np.ndarray[Any, Any]) -> None:
        """TF-IDF of words and characters that occur in two texts or more, or in any if none does."""
        from scipy import sparse
        from sklearn.feature_extraction.text import TfidfVectorizer
        from sklearn.utils.extmath import randomized_svd

        for least, most in ((2, 0.2), (1, 1.0)):
            vectorizer = TfidfVectorizer(
                analyzer=word_and_char_features,
                min_df=least,
                max_df=max(most, least / max(len(facts), 1)),
                sublinear_tf=True,
                dtype=np.float32,
            )
            try:
                counts = vectorizer.fit_transform(facts)
            except ValueError:  # no feature is left: few texts, or only punctuation
                continue
            rank = max(1, min(_LSA_DIMENSIONS, min(counts.shape) - 1))
            self.components = randomized_svd(counts, rank, n_iter=4, random_state=0)[2].astype(np.float32)
            self.vectorizer = vectorizer
            holds = (sparse.csr_array(counts).T > 0).astype(np.float32)
            means = (holds @ unit_rows(vectors - vectors.mean(axis=0))) / holds.sum(axis=1)[:, None]
            means[[len(word) == 1 for word in vectorizer.get_feature_names_out()]] = 0
            self.word_vectors = np.asarray(means @ _axes(counts @ means), dtype=np.float32)
            return

    def _raw(self, texts: Sequence[str]) -> Floats:
        if self.moods is None or self.rarity is None:
            raise ValueError("the space has no axes yet; call fit_map first")
        facts = strip_numbers(texts)
        vectors = encode(facts, encoder=self.encoder)
        parts = [unit_rows(vectors - style_flags(texts) @ self.moods)]
        if self.vectorizer is not None and self.components is not None:
            counts = self.vectorizer.transform(facts)
            lsa = unit_rows(counts @ self.components.T)
            parts.append((2.0 if self.encoder == "lexical" else _LSA_WEIGHT) * lsa)
            parts.append(_WORDS_WEIGHT * unit_rows(counts @ self.word_vectors))
        parts.append(self.topics_weight * unit_rows(topic_shares(texts) * self.rarity))
        return np.hstack(parts)
