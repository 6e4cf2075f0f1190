"""The classifier of intents: packaged weights, or learnt from the packaged examples."""

from __future__ import annotations

import csv
import functools
from dataclasses import dataclass
from importlib.resources import files
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from liaison_analysis.demands import word_weights
from liaison_analysis.demands.goods_marks import runs_of_marked
from liaison_analysis.demands.word_weights import WordWeights, learnt_vectorizer, word_features
from liaison_analysis.text import encode, topic_shares

if TYPE_CHECKING:
    from collections.abc import Sequence

    from liaison_analysis.text import Encoder

#: What a demand can ask for: a business partner, or help of the park; a text may have several intents.
INTENTS: Final = (
    "customer", "supplier", "finance", "test", "research", "staff", "policy", "site", "utilities",
)  # fmt: skip

# Weights of the sentence vector, of words, of the flag for a text of one clause and of the business' sentence
# vector, and the support vector machines' C: chosen by cross-validation on the packaged examples, and so that
# intents of the demands of each of ten regions were found best by weights learnt without that region.
_VECTOR, _WORDS, _ALONE, _BUSINESS, _C = 0.7, 2.5, 0.5, 0.7, 0.5

# Words that only one of many texts has are left out: half the numbers to be stored. With those of three texts
# and more, fewer intents of nine regions were read in the tenth.
_LEAST_TEXTS, _MANY = 2, 1_000

# Platt's (1999) slope and offset: decision values of examples held out of four-fold cross-validation against
# their labels, all intents together.
_SLOPE, _OFFSET = 4.6, 0.52

_PACKAGE: Final = "liaison_analysis.demands"
_FILE: Final = "intent_weights.npz"


@dataclass(frozen=True)
class IntentModel:
    """One linear classifier for each intent, on sentence vectors, topics, and TF-IDF of words and characters.

    Attributes
    ----------
    words
        Weights of words, characters and pairs of characters, and of runs of characters of the text in which
        goods are replaced by marks of whose they are (``goods_marks``).
    of_dense
        Weights of the sentence vector, the topics, the flag for one clause, and the sentence vector of the
        business: (dense columns, intents).
    offsets
        (intents,).
    """

    words: WordWeights
    of_dense: np.ndarray[Any, Any]
    offsets: np.ndarray[Any, Any]

    def probabilities(
        self,
        texts: Sequence[str],
        n_clauses: Sequence[int],
        business: Sequence[str] | None = None,
        *,
        encoder: Encoder = None,
        exact: bool = False,
    ) -> np.ndarray[Any, np.dtype[np.float64]]:
        """Probability of each intent in each text: (texts, intents), 0–1; parameters as in ``decisions``."""
        decisions = self.decisions(texts, n_clauses, business, encoder=encoder, exact=exact)
        return np.asarray(1 / (1 + np.exp(-(_SLOPE * decisions + _OFFSET))))

    def decisions(
        self,
        texts: Sequence[str],
        n_clauses: Sequence[int],
        business: Sequence[str] | None = None,
        *,
        encoder: Encoder = None,
        exact: bool = False,
    ) -> np.ndarray[Any, np.dtype[np.float64]]:
        """Distance of each text from the margin of each intent.

        Parameters
        ----------
        texts
            Texts, or single clauses.
        n_clauses
            Number of clauses of each.
        business
            What each enterprise that asks does; ``""`` where that is not known, and by default everywhere.
        encoder, exact
            As in ``text.encode``; the encoder that the model was learnt with.

        Returns
        -------
        numpy.ndarray
            (texts, intents), positive where the text asks for it.
        """
        if not len(texts):
            return np.zeros((0, len(INTENTS)))
        firms = [""] * len(texts) if business is None else business
        decisions = _dense(texts, n_clauses, firms, encoder, exact=exact) @ self.of_dense + self.offsets
        listed = map(_features, zip(texts, firms, strict=True))
        return np.asarray(decisions + _WORDS * self.words.decisions_of_words(listed))

    @classmethod
    def learn(
        cls,
        texts: Sequence[str],
        n_clauses: Sequence[int],
        intents: Sequence[set[str]],
        business: Sequence[str] | None = None,
        *,
        encoder: Encoder = None,
    ) -> IntentModel:
        """Fit a linear support vector machine for each intent; some seconds for 4,000 texts.

        Parameters
        ----------
        texts, n_clauses, business
            As in ``decisions``.
        intents
            What each text asks for, of ``INTENTS``.
        """
        from scipy import sparse
        from sklearn.svm import LinearSVC
        from threadpoolctl import threadpool_limits  # type: ignore[import-untyped]

        firms = [""] * len(texts) if business is None else business
        least = _LEAST_TEXTS if len(texts) >= _MANY else 1
        vectorizer = learnt_vectorizer(_features, least=least)
        counts = vectorizer.fit_transform(list(zip(texts, firms, strict=True))) * _WORDS
        dense = _dense(texts, n_clauses, firms, encoder)
        features = sparse.hstack([sparse.csr_matrix(dense), counts], format="csr")
        with threadpool_limits(1):  # BLAS threads wait for each other on a busy machine
            fitted = [
                LinearSVC(C=_C, random_state=0).fit(
                    features, np.array([intent in asked for asked in intents])
                )
                for intent in INTENTS
            ]
        weights = np.column_stack([model.coef_[0] for model in fitted])
        return cls(
            words=WordWeights(
                {word: int(row) for word, row in vectorizer.vocabulary_.items()},
                vectorizer.idf_,
                weights[dense.shape[1] :],
            ),
            of_dense=weights[: dense.shape[1]],
            offsets=np.array([model.intercept_[0] for model in fitted]),
        )

    def to_bytes(self) -> bytes:
        """Write the model as a compressed ``.npz`` of numbers."""
        return word_weights.to_bytes(self.words, {"of_dense": self.of_dense, "offsets": self.offsets})

    @classmethod
    def from_bytes(cls, written: bytes) -> IntentModel:
        """Read what ``to_bytes`` wrote."""
        words, arrays = word_weights.from_bytes(written)
        return cls(words, arrays["of_dense"], arrays["offsets"])


@functools.lru_cache(maxsize=1)
def packaged_model() -> IntentModel:
    """Read the model that was learnt, with the packaged encoder, when the package was built."""
    return IntentModel.from_bytes(files(_PACKAGE).joinpath(_FILE).read_bytes())


def packaged_examples() -> list[tuple[str, set[str]]]:
    """Read the labelled examples, ``intent_phrases.csv``: each text and what it asks for."""
    table = files(_PACKAGE).joinpath("intent_phrases.csv").read_text(encoding="utf-8")
    rows = csv.DictReader(table.splitlines())
    return [(row["text"], set(filter(None, row["intents"].split(";")))) for row in rows]


def _features(asked: tuple[str, str]) -> list[str]:
    """Words and characters of a text, and runs of characters of it with its goods marked."""
    text, business = asked
    return word_features(text) + runs_of_marked(text, business)


def _dense(
    texts: Sequence[str],
    n_clauses: Sequence[int],
    business: Sequence[str],
    encoder: Encoder,
    *,
    exact: bool = False,
) -> np.ndarray[Any, Any]:
    """Sentence vector, topics, whether the text is of one clause, and business: (texts, columns)."""
    one = (np.asarray(n_clauses) == 1).astype(float)[:, None]
    vectors = encode(texts, encoder=encoder, exact=exact)
    known = sorted({firm for firm in business if firm.strip()})
    of_firms = np.zeros((len(known) + 1, vectors.shape[1]))
    if known:
        of_firms[:-1] = encode(known, encoder=encoder, exact=exact)
    rows = {firm: row for row, firm in enumerate(known)}
    of_business = of_firms[[rows.get(firm, len(known)) for firm in business]]
    return np.hstack([vectors * _VECTOR, topic_shares(texts), one * _ALONE, of_business * _BUSINESS])
