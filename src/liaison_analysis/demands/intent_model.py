"""The classifier of intents: packaged weights, or learnt from the packaged examples."""

from __future__ import annotations

import csv
import functools
import io
from collections import Counter
from dataclasses import dataclass
from importlib.resources import files
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from liaison_analysis.text import char_ngrams, encode, topic_shares, word_and_char_features

if TYPE_CHECKING:
    from collections.abc import Sequence

    from liaison_analysis.text import Encoder

#: What a demand can ask to be brought together with, or to be given; a text may carry several.
INTENTS: Final = (
    "customer", "supplier", "finance", "test", "research", "staff", "policy", "site", "utilities",
)  # fmt: skip

# Weights of the sentence vector, of words and of the flag for a text of one clause, and the support vector
# machines' C: chosen by cross-validation on the packaged examples and on texts written apart from them.
_VECTOR, _WORDS, _ALONE, _C = 0.7, 2.0, 0.5, 0.5

# Platt's (1999) slope and offset: decision values of examples held out of ten-fold cross-validation against
# their labels, all intents together.
_SLOPE, _OFFSET = 4.8, 0.39

# Steps of 1 in which weights of words are written: they are below 1.64, and probabilities keep three digits.
_STEPS: Final = 20_000

_PACKAGE: Final = "liaison_analysis.demands"
_FILE: Final = "intent_weights.npz"


@dataclass(frozen=True)
class IntentModel:
    """One linear classifier for each intent, on sentence vectors, topics, and TF-IDF of words and characters.

    Attributes
    ----------
    words
        Words, characters and pairs of characters, each with its row in ``of_words``.
    idf
        Inverse document frequency of each: (words,).
    of_dense
        Weights of the sentence vector, the topics and the flag for one clause: (dense columns, intents).
    of_words
        Weights of the words: (words, intents).
    offsets
        (intents,).
    """

    words: dict[str, int]
    idf: np.ndarray[Any, Any]
    of_dense: np.ndarray[Any, Any]
    of_words: np.ndarray[Any, Any]
    offsets: np.ndarray[Any, Any]

    def probabilities(
        self, texts: Sequence[str], n_clauses: Sequence[int], *, encoder: Encoder = None
    ) -> np.ndarray[Any, np.dtype[np.float64]]:
        """Probability of each intent in each text.

        Parameters
        ----------
        texts
            Texts, or single clauses.
        n_clauses
            Number of clauses of each.
        encoder
            As in ``text.encode``; the one that the model was learnt with.

        Returns
        -------
        numpy.ndarray
            (texts, intents), 0–1.
        """
        if not len(texts):
            return np.zeros((0, len(INTENTS)))
        decisions = _dense(texts, n_clauses, encoder) @ self.of_dense + self.offsets
        for row, text in enumerate(texts):
            known = Counter(word for word in _features(text) if word in self.words)
            if known:
                rows = np.array([self.words[word] for word in known])
                counts = np.fromiter(known.values(), dtype=float, count=len(known))
                values = (1 + np.log(counts)) * self.idf[rows]
                decisions[row] += _WORDS * (values / np.linalg.norm(values)) @ self.of_words[rows]
        return np.asarray(1 / (1 + np.exp(-(_SLOPE * decisions + _OFFSET))))

    @classmethod
    def learn(
        cls,
        texts: Sequence[str],
        n_clauses: Sequence[int],
        intents: Sequence[set[str]],
        *,
        encoder: Encoder = None,
    ) -> IntentModel:
        """Fit a linear support vector machine for each intent; some seconds for 4,000 texts.

        Parameters
        ----------
        texts, n_clauses
            As in ``probabilities``.
        intents
            What each text asks for, of ``INTENTS``.
        """
        from scipy import sparse
        from sklearn.feature_extraction.text import TfidfVectorizer
        from sklearn.svm import LinearSVC
        from threadpoolctl import threadpool_limits  # type: ignore[import-untyped]

        vectorizer = TfidfVectorizer(analyzer=_features, sublinear_tf=True)
        counts = vectorizer.fit_transform(texts) * _WORDS
        dense = _dense(texts, n_clauses, encoder)
        features = sparse.hstack([sparse.csr_matrix(dense), counts], format="csr")
        with threadpool_limits(1):  # BLAS threads wait for each other in a busy machine
            fitted = [
                LinearSVC(C=_C, random_state=0).fit(
                    features, np.array([intent in asked for asked in intents])
                )
                for intent in INTENTS
            ]
        weights = np.column_stack([model.coef_[0] for model in fitted])
        return cls(
            words={word: int(row) for word, row in vectorizer.vocabulary_.items()},
            idf=vectorizer.idf_,
            of_dense=weights[: dense.shape[1]],
            of_words=weights[dense.shape[1] :],
            offsets=np.array([model.intercept_[0] for model in fitted]),
        )

    def to_bytes(self) -> bytes:
        """Write the model as a compressed ``.npz``; weights of words in whole steps of 1/20,000."""
        written = io.BytesIO()
        words = sorted(self.words, key=self.words.__getitem__)
        np.savez_compressed(
            written,
            words=np.frombuffer("\n".join(words).encode(), dtype=np.uint8),
            idf=self.idf.astype(np.float32),
            of_dense=self.of_dense.astype(np.float32),
            of_words=np.round(self.of_words * _STEPS).astype(np.int16),
            offsets=self.offsets.astype(np.float32),
        )
        return written.getvalue()

    @classmethod
    def from_bytes(cls, written: bytes) -> IntentModel:
        """Read what ``to_bytes`` wrote."""
        with np.load(io.BytesIO(written), allow_pickle=False) as arrays:
            words = arrays["words"].tobytes().decode().split("\n")
            numbers = {
                name: arrays[name].astype(np.float64) for name in ("idf", "of_dense", "of_words", "offsets")
            }
        numbers["of_words"] /= _STEPS
        return cls(words={word: row for row, word in enumerate(words)}, **numbers)


@functools.lru_cache(maxsize=1)
def packaged_model() -> IntentModel:
    """Read the model that was learnt, with the packaged encoder, when the package was built."""
    return IntentModel.from_bytes(files(_PACKAGE).joinpath(_FILE).read_bytes())


def packaged_examples() -> list[tuple[str, set[str]]]:
    """Read the labelled examples, ``intent_phrases.csv``: each text and what it asks for."""
    table = files(_PACKAGE).joinpath("intent_phrases.csv").read_text(encoding="utf-8")
    rows = csv.DictReader(table.splitlines())
    return [(row["text"], set(filter(None, row["intents"].split(";")))) for row in rows]


def _dense(texts: Sequence[str], n_clauses: Sequence[int], encoder: Encoder) -> np.ndarray[Any, Any]:
    """Sentence vector, topics, and whether the text is of one clause: (texts, columns)."""
    one = (np.asarray(n_clauses) == 1).astype(float)[:, None]
    return np.hstack([encode(texts, encoder=encoder) * _VECTOR, topic_shares(texts), one * _ALONE])


def _features(text: str) -> list[str]:
    return word_and_char_features(text) + char_ngrams(text, low=2, high=2)
