"""Linear weights of words and characters, kept as plain numbers."""

from __future__ import annotations

import io
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from liaison_analysis.text import char_ngrams, word_and_char_features

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

# Steps of 1 in which weights are written: they are below 1.64 × 20, and probabilities keep three digits.
_STEPS: Final = 20_000


@dataclass(frozen=True)
class WordWeights:
    """What words, characters and pairs of characters of a text add to the decision for each class.

    Attributes
    ----------
    words
        Row of each word in ``weights``.
    idf
        Inverse document frequency of each: (words,).
    weights
        (words, classes).
    """

    words: dict[str, int]
    idf: np.ndarray[Any, Any]
    weights: np.ndarray[Any, Any]

    def decisions(self, texts: Sequence[str]) -> np.ndarray[Any, np.dtype[np.float64]]:
        """Sum the weights of each text's words by TF-IDF (sublinear, rows of length 1): (texts, classes)."""
        return self.decisions_of_words([word_features(text) for text in texts])

    def decisions_of_words(self, listed: Iterable[list[str]]) -> np.ndarray[Any, np.dtype[np.float64]]:
        """Sum the weights of words that are listed for each text, as ``decisions`` does."""
        rows_of_words = list(listed)
        found = np.zeros((len(rows_of_words), self.weights.shape[1]))
        for row, of_text in enumerate(rows_of_words):
            known = Counter(word for word in of_text if word in self.words)
            if known:
                rows = np.array([self.words[word] for word in known])
                counts = np.fromiter(known.values(), dtype=float, count=len(known))
                values = (1 + np.log(counts)) * self.idf[rows]
                found[row] = (values / np.linalg.norm(values)) @ self.weights[rows]
        return found


def word_features(text: str) -> list[str]:
    """List words, single characters and pairs of characters of a text.

    Examples
    --------
    >>> word_features("停车不便")
    ['停车', '不便', '停', '车', '不', '便', '停车', '车不', '不便']
    """
    return word_and_char_features(text) + char_ngrams(text, low=2, high=2)


def learnt_vectorizer(features: Callable[[Any], list[str]] = word_features, *, least: int = 1) -> Any:
    """Make the TF-IDF that learns what ``WordWeights`` applies, of words in at least ``least`` texts."""
    from sklearn.feature_extraction.text import TfidfVectorizer

    return TfidfVectorizer(analyzer=features, sublinear_tf=True, min_df=least)


def to_bytes(words: WordWeights, arrays: Mapping[str, np.ndarray[Any, Any]]) -> bytes:
    """Write weights and further arrays as a compressed ``.npz`` of numbers, without pickled code."""
    written = io.BytesIO()
    ordered = sorted(words.words, key=words.words.__getitem__)
    scale = max(1.0, float(np.abs(words.weights).max(initial=0)) * _STEPS / np.iinfo(np.int16).max)
    stored: dict[str, Any] = {name: values.astype(np.float32) for name, values in arrays.items()}
    stored["words"] = np.frombuffer("\n".join(ordered).encode(), dtype=np.uint8)
    stored["idf"] = words.idf.astype(np.float32)
    stored["weights"] = np.round(words.weights * _STEPS / scale).astype(np.int16)
    stored["scale"] = np.float64(scale)
    np.savez_compressed(written, **stored)
    return written.getvalue()


def from_bytes(written: bytes) -> tuple[WordWeights, dict[str, np.ndarray[Any, Any]]]:
    """Read what ``to_bytes`` wrote."""
    with np.load(io.BytesIO(written), allow_pickle=False) as stored:
        arrays = {name: stored[name] for name in stored.files}
    words = {word: row for row, word in enumerate(arrays.pop("words").tobytes().decode().split("\n"))}
    weights = arrays.pop("weights").astype(np.float64) * float(arrays.pop("scale")) / _STEPS
    idf = arrays.pop("idf").astype(np.float64)
    return WordWeights(words, idf, weights), {name: a.astype(np.float64) for name, a in arrays.items()}
