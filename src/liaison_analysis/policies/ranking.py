"""Ranking of clauses for a question: BM25 on characters, and sentence vectors."""

from __future__ import annotations

import csv
import functools
import re
from importlib.resources import files
from typing import TYPE_CHECKING, Any, Final, NamedTuple

import numpy as np

from liaison_analysis.text import Encoder, char_ngrams, encode, normalise

if TYPE_CHECKING:
    from collections.abc import Sequence

    from scipy import sparse

Array = np.ndarray[Any, np.dtype[np.float64]]

# BM25's usual constants (Robertson and Zaragoza 2009, doi:10.1561/1500000019).
_K1: Final = 1.5
_B: Final = 0.75
#: Weights of the standardised evidence, chosen on tests/data/policy_questions_dev.csv: words have the largest
#: weight, vectors help where a question uses other words.
WEIGHTS: Final = {"lexical": 1.0, "clause": 0.5, "sentence": 0.5}
_SENTENCE_END: Final = re.compile(r"[。；;！？\n|]+")
_BLOCK: Final = 4096  # rows in double precision at once, which bounds the memory
_SHORTEST: Final = 4  # characters of the shortest sentence; judgement


@functools.lru_cache(maxsize=1)
def background_topics() -> tuple[str, ...]:
    """Return topics of government services and of a park's daily life, as background for any question.

    A question is also compared with these, as speakers are with a cohort (T-norm: Auckenthaler et al. 2000,
    doi:10.1006/dspr.1999.0360): an index of three clauses alone gives no scale for similarity.

    Examples
    --------
    >>> "失物招领" in background_topics()
    True
    """
    table = files("liaison_analysis.policies").joinpath("background_topics.csv").read_text(encoding="utf-8")
    return tuple(row["topic"] for row in csv.DictReader(table.splitlines()))


class Evidence(NamedTuple):
    """Arrays of shape (questions, clauses + background topics).

    ``lexical`` is BM25 as a share of the score of a clause that contains the whole question, ``clause`` and
    ``sentence`` cosines of sentence vectors with the clause and with its best sentence.
    """

    lexical: Array
    clause: Array
    sentence: Array

    def score(self) -> Array:
        """Weighted sum, each part and the sum standardised over a question's row."""
        total: Array = np.zeros_like(self.lexical)
        for name, weight in WEIGHTS.items():
            total += weight * _standardised(getattr(self, name))
        return _standardised(total)


def _standardised(part: Array) -> Array:
    spread = part.std(axis=1, keepdims=True)
    scores: Array = (part - part.mean(axis=1, keepdims=True)) / np.where(spread > 0, spread, 1)
    return scores


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
    >>> ranker.score(["停车位补助"]).argmax(axis=1).tolist()
    [0]
    """

    def __init__(self, texts: Sequence[str], *, encoder: Encoder = None) -> None:
        from scipy import sparse
        from sklearn.feature_extraction.text import CountVectorizer

        self.n_clauses = len(texts)
        self._encoder = encoder
        clean, others = normalise(texts), normalise(background_topics())
        self._grams = CountVectorizer(analyzer=_grams, dtype=np.float64)
        counts = self._grams.fit_transform([text or " " for text in [*clean, "。"]])[:-1]
        frequencies = np.bincount(counts.indices, minlength=counts.shape[1])
        self._idf = _idf(frequencies, self.n_clauses)
        # Characters of a question that are in no clause count in full in the denominator.
        self._unseen = float(_idf(np.zeros(1), self.n_clauses)[0])
        every = sparse.vstack([counts, self._grams.transform(others)])
        self._bm25 = self._weights(every, counts.sum() / max(self.n_clauses, 1)).T.tocsr()
        parts = [[p for p in _SENTENCE_END.split(text) if len(p) >= _SHORTEST] or [text] for text in clean]
        self._first = np.cumsum([0, *map(len, parts)])[:-1]
        # Exact vectors: in single precision the last bits of a row vary with memory alignment and threads,
        # and with them the order of clauses with nearly equal scores.
        self._others = encode(others, encoder=encoder, exact=True)
        self._clauses = encode(clean, encoder=encoder, exact=True)
        self._sentences = encode([part for some in parts for part in some], encoder=encoder, exact=True)

    def evidence(self, questions: Sequence[str]) -> Evidence:
        """Compare questions with clauses and background topics; memory grows with questions × sentences."""
        clean = normalise(questions)
        known = self._grams.vocabulary_
        asked = self._grams.transform(clean)
        asked.data[:] = 1
        # Sorted, since the order of a set, and with it the sum, depends on the process' hash seed.
        total = np.array([self._whole(sorted(set(_grams(text))), known) for text in clean])
        lexical = (asked @ self._bm25).toarray() / np.where(total > 0, total, 1)[:, None]
        vectors = encode(clean, encoder=self._encoder, exact=True)
        by_other = cosines(vectors, self._others)
        by_sentence = np.maximum.reduceat(cosines(vectors, self._sentences), self._first, axis=1)
        return Evidence(
            lexical,
            np.hstack([cosines(vectors, self._clauses), by_other]),
            np.hstack([by_sentence, by_other]),
        )

    def score(self, questions: Sequence[str]) -> Array:
        """Scores (questions, clauses) in standard deviations above the mean of clauses and background."""
        return self.evidence(questions).score()[:, : self.n_clauses]

    def _weights(self, counts: sparse.csr_matrix, mean: float) -> sparse.csr_array:
        """BM25 of every gram in every text."""
        from scipy import sparse

        cells = counts.tocoo()
        length = np.bincount(cells.row, weights=cells.data, minlength=cells.shape[0])
        norm = _K1 * (1 - _B + _B * length / max(mean, 1))
        weights = self._idf[cells.col] * cells.data * (_K1 + 1) / (cells.data + norm[cells.row])
        return sparse.csr_array((weights, (cells.row, cells.col)), shape=cells.shape)

    def _whole(self, grams: list[str], known: dict[str, int]) -> float:
        return float(sum(self._idf[known[g]] if g in known else self._unseen for g in grams))


def cosines(rows: np.ndarray[Any, Any], others: np.ndarray[Any, Any]) -> Array:
    """Products of unit rows in double precision, a block of ``others`` at a time so that memory stays small.

    Examples
    --------
    >>> cosines(np.eye(2, dtype=np.float32), np.ones((3, 2), dtype=np.float32)).shape
    (2, 3)
    """
    wide = rows.astype(np.float64)
    found: Array = np.empty((len(rows), len(others)))
    for start in range(0, len(others), _BLOCK):
        block = others[start : start + _BLOCK]
        found[:, start : start + _BLOCK] = wide @ block.astype(np.float64).T
    return found


def _idf(frequencies: np.ndarray[Any, Any], n: int) -> Array:
    weights: Array = np.log(1 + (n - frequencies + 0.5) / (frequencies + 0.5))
    return weights


def _grams(text: str) -> list[str]:
    """Characters and pairs of them, letters and digits kept, punctuation left out."""
    runs = re.findall(r"\w+", text)
    return [gram for run in runs for gram in char_ngrams(run, low=1, high=2)]
