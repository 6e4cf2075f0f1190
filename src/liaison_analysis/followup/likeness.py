"""Similarity of demands' texts: by words, sentence vectors, topics, intents and themes."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from liaison_analysis._checks import as_texts
from liaison_analysis.demands import intent_probabilities, theme_probabilities
from liaison_analysis.privacy import blank_masks
from liaison_analysis.text import encode, normalise, topic_shares, unit_rows, word_and_char_features

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from numpy.typing import NDArray
    from scipy.sparse import csr_array

    from liaison_analysis.text import Encoder

#: Sentence encoders whose vectors are compared, unless the caller names others.
ENCODERS: Final[tuple[Encoder, ...]] = ("use", "e5")

#: What a text has beside its sentence vectors. ``cosines`` reads the words, ``same_matter`` the topics too,
#: and only ``products`` the intents and themes, which take as long as all else.
BLOCKS: Final = ("words", "topics", "intents", "themes")

# Weight of each inner product in their sum. Tuned by time-ordered validation on the sample's demands, those
# of two other regions and 688 citizens' messages (benchmarks/routing.py, 2026-11-30; a third region was kept
# out); that of themes on the sample, ten regions and the messages (2026-12-01): errors fell from 20.7 % to
# 19.6 % on the messages, from 21.6 % to 18.7 % on the sample, and from 27.1 % to 25.3 % in the regions.
_WEIGHTS: Final[dict[str, float]] = {
    "words": 1.0, "topics": 0.5, "intents": 0.5, "themes": 2.0, "use": 1.0, "e5": 2.0,
}  # fmt: skip
# A further encoder of the caller's weighs as much as the words (judgement).
_OTHER_ENCODER: Final = 1.0
# Log odds of an intent are moved and scaled so that 5 % is 0 and 73 % is 1 (judgement).
_RARE_LOG_ODDS, _LOG_ODDS_UNIT = -3.0, 4.0
_SMALLEST_PROBABILITY: Final = 1e-3


@dataclass(frozen=True, eq=False)
class Likeness:
    """Fitted texts, with which others are compared.

    Attributes
    ----------
    rows
        A matrix (texts, columns) by block: words, topics, intents, themes and each encoder; sparse for words.
    centres
        Mean vector of each encoder, subtracted before scaling: sentence vectors share a direction.
    vectoriser
        TF-IDF of words and characters, fitted to these texts.
    encoders
        As in ``text.encode``.
    blocks
        Those of ``BLOCKS`` that ``rows`` holds.
    """

    rows: dict[str, Any]
    centres: dict[str, NDArray[np.float32]]
    vectoriser: Any
    encoders: tuple[Encoder, ...]
    blocks: tuple[str, ...] = BLOCKS

    @classmethod
    def learn(
        cls,
        texts: Sequence[str],
        encoders: Sequence[Encoder] = ENCODERS,
        *,
        damping: int = 0,
        blocks: Sequence[str] = BLOCKS,
    ) -> Likeness:
        """Fit the weights of words and the centres of vectors to texts.

        Parameters
        ----------
        texts
            One text or more, as ``clean_texts`` gives them.
        encoders
            Sentence encoders, as in ``text.encode``; several are compared side by side.
        damping
            Number of zero vectors added to each centre, since the mean of few texts is not the centre of a
            language.
        blocks
            Those of ``BLOCKS`` to compute.
        """
        from sklearn.feature_extraction.text import TfidfVectorizer

        vectoriser = TfidfVectorizer(analyzer=word_and_char_features, sublinear_tf=True)
        vectoriser.fit(texts if any(text.strip() for text in texts) else ["无"])
        vectors = _vectors(texts, encoders)
        centres = {name: rows.sum(axis=0) / max(len(rows) + damping, 1) for name, rows in vectors.items()}
        likeness = cls({}, centres, vectoriser, tuple(encoders), tuple(blocks))
        return replace(likeness, rows=likeness.features(texts, vectors))

    def features(self, texts: Sequence[str], vectors: dict[str, Any] | None = None) -> dict[str, Any]:
        """Blocks of other texts, as ``rows``."""
        if vectors is None:
            vectors = {
                _name(encoder): encode(texts, encoder=encoder, exact=True) for encoder in self.encoders
            }
        if not len(texts):
            return {name: rows[:0] for name, rows in self.rows.items()}
        read: dict[str, Callable[[Sequence[str]], Any]] = {
            "words": self.vectoriser.transform,
            "topics": topic_shares,
            "intents": _intents,
            "themes": _themes,
        }
        blocks = {name: read[name](texts) for name in self.blocks}
        return blocks | {name: unit_rows(rows - self.centres[name]) for name, rows in vectors.items()}

    def products(self, left: dict[str, Any], right: dict[str, Any] | None = None) -> NDArray[np.float64]:
        """Weighted sums of inner products, (left, right); ``right`` is ``rows`` by default."""
        right = self.rows if right is None else right
        total = sum(_weight(name) * _product(left[name], right[name]) for name in left)
        return np.asarray(total, dtype=np.float64)

    def cosines(self, left: dict[str, Any], right: dict[str, Any] | None = None) -> NDArray[np.float64]:
        """Mean cosine of words and sentence vectors, weighted, (left, right); 1 for the same text.

        ``right`` is ``rows`` by default.
        """
        right = self.rows if right is None else right
        names = ["words", *self.centres]
        total = sum(_weight(name) * _product(left[name], right[name]) for name in names)
        return np.asarray(total / sum(map(_weight, names)), dtype=np.float64)


def _intents(texts: Sequence[str]) -> NDArray[np.float64]:
    """Scaled log odds of each intent, (texts, intents)."""
    p = np.clip(intent_probabilities(texts, exact=True), _SMALLEST_PROBABILITY, 1 - _SMALLEST_PROBABILITY)
    return np.asarray((np.log(p / (1 - p)) - _RARE_LOG_ODDS) / _LOG_ODDS_UNIT, dtype=np.float64)


def _themes(texts: Sequence[str]) -> NDArray[np.float64]:
    """Roots of the probabilities of themes, (texts, themes).

    Their inner product is the affinity of two distributions (Bhattacharyya, Bulletin of the Calcutta
    Mathematical Society 35, 1943), 1 for the same one.
    """
    return np.asarray(np.sqrt(theme_probabilities(texts)), dtype=np.float64)


def clean_texts(texts: Sequence[object]) -> list[str]:
    """Normalise texts, and remove the masks of personal data.

    Examples
    --------
    >>> clean_texts(["厂门口没地方停車，请联系[手机号]", None])
    ['厂门口没地方停车,请联系', '']
    """
    return normalise([blank_masks(text) for text in as_texts(texts)])


def _vectors(texts: Sequence[str], encoders: Sequence[Encoder]) -> dict[str, Any]:
    """Encode texts by each encoder; exactly, so that a text that was encoded before is not encoded again."""
    return {_name(encoder): encode(texts, encoder=encoder, exact=True) for encoder in encoders}


def _name(encoder: Encoder) -> str:
    if encoder is None:
        return "use"
    return encoder if isinstance(encoder, str) else f"encoder {id(encoder)}"


def _weight(name: str) -> float:
    return _WEIGHTS.get(name, _OTHER_ENCODER)


def _product(left: Any, right: Any) -> Any:
    product = left @ right.T
    return product.toarray() if hasattr(product, "toarray") else product


# Two texts are about the same matter if their topics' cosine and their likeness reach these; chosen on the
# sample's 36,365 pairs of one place, of which they find 433, 83 % of one theme (2026-11-30). Likeness alone
# does not reach that share at any threshold that finds as many.
SAME_TOPICS: Final = 0.7
SAME_WORDS: Final = 0.1
#: Zero vectors added to the centres where few texts are compared; judgement.
DAMPING: Final = 30


# Rows or pairs that are compared at once: 20,000 texts then take some 80 MB and not 3 GB.
_BLOCK: Final = 512


def same_matter(likeness: Likeness, groups: NDArray[Any] | None = None) -> csr_array:
    """Whether each two of the texts learnt from are about the same matter, sparse (texts, texts).

    Parameters
    ----------
    likeness
        Of the texts, with words and topics.
    groups
        Group of each text, such as its theme; then only pairs of one group count, and of many texts only
        these are compared.

    Examples
    --------
    >>> texts = ["厂门口停车位不够，没地方停车", "停车位太少，停车难", "招不到焊工"]
    >>> same_matter(Likeness.learn(texts, ["lexical"], damping=DAMPING)).toarray().astype(int).tolist()
    [[1, 1, 0], [1, 1, 0], [0, 0, 1]]
    """
    from scipy import sparse

    n = len(likeness.rows["topics"])
    names = ["words", "topics", *likeness.centres]
    group = np.zeros(n, dtype=np.int64) if groups is None else np.unique(groups, return_inverse=True)[1]
    # Few texts are compared all at once, which is as fast, and gives the same last bits whatever the groups.
    parts = [np.arange(n)] if n <= _BLOCK else [np.flatnonzero(group == one) for one in np.unique(group)]
    pairs: list[tuple[NDArray[np.int64], NDArray[np.int64]]] = []
    for part in parts:
        right = {name: likeness.rows[name][part] for name in names}
        for start in range(0, len(part), _BLOCK):
            some = {name: rows[start : start + _BLOCK] for name, rows in right.items()}
            same = some["topics"] @ right["topics"].T >= SAME_TOPICS
            same &= likeness.cosines(some, right) >= SAME_WORDS
            here = np.arange(len(same))
            same[here, here + start] = True
            i, j = np.nonzero(same)
            pairs.append((part[i + start], part[j]))
    none = np.zeros(0, dtype=np.int64)
    row, column = (np.concatenate([none, *(pair[side] for pair in pairs)]) for side in (0, 1))
    kept = group[row] == group[column]
    row, column = row[kept], column[kept]
    return sparse.csr_array((np.ones(len(row), dtype=bool), (row, column)), shape=(n, n))


def are_same_matter(likeness: Likeness, left: Sequence[int], right: Sequence[int]) -> NDArray[np.bool_]:
    """Whether pairs of the texts learnt from are about the same matter, as ``same_matter`` says.

    Examples
    --------
    >>> texts = ["厂门口停车位不够，没地方停车", "停车位太少，停车难", "招不到焊工"]
    >>> likeness = Likeness.learn(texts, ["lexical"], damping=DAMPING)
    >>> are_same_matter(likeness, [0, 0], [1, 2]).tolist()
    [True, False]
    """
    one, other = np.asarray(left, dtype=np.int64), np.asarray(right, dtype=np.int64)
    same = np.zeros(len(one), dtype=bool)
    names = ["words", *likeness.centres]
    for start in range(0, len(one), _BLOCK):
        i, j = one[start : start + _BLOCK], other[start : start + _BLOCK]
        topics = _of_pairs(likeness.rows["topics"], i, j)
        total = sum(_weight(name) * _of_pairs(likeness.rows[name], i, j) for name in names)
        words = np.asarray(total / sum(map(_weight, names)), dtype=np.float64)
        same[start : start + _BLOCK] = (i == j) | ((topics >= SAME_TOPICS) & (words >= SAME_WORDS))
    return same


def _of_pairs(rows: Any, i: NDArray[np.int64], j: NDArray[np.int64]) -> Any:
    """Inner products of pairs of rows."""
    if hasattr(rows, "toarray"):
        return np.asarray(rows[i].multiply(rows[j]).sum(axis=1)).ravel()
    return np.einsum("ij,ij->i", rows[i], rows[j])
