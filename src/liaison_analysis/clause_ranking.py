"""How well a clause's words answer a question: BM25 on characters, sentence vectors, and matters."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final, NamedTuple

import numpy as np

from liaison_analysis.text import Encoder, char_ngrams, encode, normalise
from liaison_analysis.theme_space import matter_shares

if TYPE_CHECKING:
    from collections.abc import Sequence

Array = np.ndarray[Any, np.dtype[np.float64]]

# BM25's usual constants (Robertson and Zaragoza 2009, doi:10.1561/1500000019).
_K1: Final = 1.5
_B: Final = 0.75
#: Weights of the standardised evidence: words carry most, vectors help where a question says it otherwise.
WEIGHTS: Final = {"lexical": 1.0, "clause": 0.5, "sentence": 0.5}
# Logistic regression of whether the first clause answers, on 141 questions, half written unseen
# (``benchmarks/policies.py --calibrate`` prints it): intercept, then a weight for each evidence.
_CHANCE: Final = (-2.74, {"lexical": 3.32, "sentence": 6.93, "matter": 2.63})
_SENTENCE_END: Final = re.compile(r"[。；;！？\n|]+")
_SHORTEST: Final = 4


class Evidence(NamedTuple):
    """Arrays of shape (questions, clauses).

    ``lexical`` is BM25 as a share of what a clause that holds the whole question would get, ``clause`` and
    ``sentence`` cosines of sentence vectors with the clause and with its best sentence, ``matter`` the cosine
    of the matters both speak of (``theme_space.matter_shares``).
    """

    lexical: Array
    clause: Array
    sentence: Array
    matter: Array

    def score(self) -> Array:
        """Weighted sum of the first three, each standardised over the clauses of a question."""
        total: Array = np.zeros_like(self.lexical)
        for name, weight in WEIGHTS.items():
            part: Array = getattr(self, name)
            spread = part.std(axis=1, keepdims=True)
            total += weight * (part - part.mean(axis=1, keepdims=True)) / np.where(spread > 0, spread, 1)
        return total

    def chance(self) -> Array:
        """Chance from 0 to 1 that a clause answers, calibrated on labelled questions.

        A logistic function of ``features``.
        """
        intercept, weights = _CHANCE
        logit = intercept + sum(w * part for w, part in zip(weights.values(), self.features(), strict=True))
        chance: Array = 1 / (1 + np.exp(-logit))
        return chance

    def features(self) -> tuple[Array, Array, Array]:
        """Give what the chance is a function of: words and sentence beyond other clauses', and matters.

        A question of words that stand everywhere is near every clause; only what a clause has beyond the
        others' mean speaks for it.
        """
        # The first words in common say more than the last.
        return np.sqrt(np.maximum(_beyond(self.lexical), 0)), _beyond(self.sentence), self.matter


def _beyond(part: Array) -> Array:
    """Evidence less the mean of the question's other clauses."""
    others = max(part.shape[1] - 1, 1)
    beyond: Array = part - (part.sum(axis=1, keepdims=True) - part) / others
    return beyond


class ClauseRanker:
    """Index of texts, each of which may answer a question.

    Parameters
    ----------
    texts
        The clauses.
    encoder
        See ``text.encode``; ``"lexical"`` needs no model.

    Examples
    --------
    >>> ranker = ClauseRanker(["新建停车位给予补助", "贷款利息给予贴息"])
    >>> ranker.evidence(["停车位补助"]).score().argmax(axis=1).tolist()
    [0]
    """

    def __init__(self, texts: Sequence[str], *, encoder: Encoder = None) -> None:
        from scipy import sparse
        from sklearn.feature_extraction.text import CountVectorizer

        self._encoder = encoder
        clean = normalise(texts)
        self._grams = CountVectorizer(analyzer=_grams, dtype=np.float64)
        counts = self._grams.fit_transform([text or " " for text in [*clean, "。"]])[:-1].tocoo()
        n, width = counts.shape
        found = np.bincount(counts.col, minlength=width)
        self._idf = np.log(1 + (n - found + 0.5) / (found + 0.5))
        # What no clause holds counts in full against a question.
        self._unseen = float(np.log(1 + (n + 0.5) / 0.5))
        length = np.bincount(counts.row, weights=counts.data, minlength=n)
        norm = _K1 * (1 - _B + _B * length / max(length.mean(), 1))
        weights = self._idf[counts.col] * counts.data * (_K1 + 1) / (counts.data + norm[counts.row])
        self._bm25 = sparse.csr_array((weights, (counts.row, counts.col)), shape=(n, width)).T.tocsr()
        parts = [[p for p in _SENTENCE_END.split(text) if len(p) >= _SHORTEST] or [text] for text in clean]
        self._first = np.cumsum([0, *map(len, parts)])[:-1]
        self._matters = matter_shares(clean)
        self._clauses = encode(clean, encoder=encoder)
        self._sentences = encode([part for some in parts for part in some], encoder=encoder)

    def evidence(self, questions: Sequence[str]) -> Evidence:
        """Compare questions with every clause; memory grows with questions × sentences."""
        clean = normalise(questions)
        known = self._grams.vocabulary_
        asked = self._grams.transform(clean)
        asked.data[:] = 1
        total = np.array([self._whole(set(_grams(text)), known) for text in clean])
        lexical = (asked @ self._bm25).toarray() / np.where(total > 0, total, 1)[:, None]
        vectors = encode(clean, encoder=self._encoder)
        by_sentence = vectors @ self._sentences.T
        return Evidence(
            lexical,
            (vectors @ self._clauses.T).astype(np.float64),
            np.maximum.reduceat(by_sentence, self._first, axis=1).astype(np.float64),
            (matter_shares(clean) @ self._matters.T).astype(np.float64),
        )

    def _whole(self, grams: set[str], known: dict[str, int]) -> float:
        return float(sum(self._idf[known[g]] if g in known else self._unseen for g in grams))


def _grams(text: str) -> list[str]:
    """Characters and pairs of them, letters and digits kept, punctuation left out."""
    runs = re.findall(r"\w+", text)
    return [gram for run in runs for gram in char_ngrams(run, low=1, high=2)]
