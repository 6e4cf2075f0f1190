"""Matrices under which texts that belong together are near each other: two towers, learnt by contrast."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, NamedTuple

import numpy as np

from liaison_analysis.text import encode

if TYPE_CHECKING:
    from collections.abc import Sequence

    from liaison_analysis.text import Floats

# Step size and decay are those usual for Adam (Kingma and Ba 2015, https://arxiv.org/abs/1412.6980); the
# first steps are smaller.
_STEP: Final = 3e-3
_DECAY: Final = 1e-4
_WARMING: Final = 200


class Pairs(NamedTuple):
    """What is learnt from.

    Attributes
    ----------
    left, right
        (pairs,): rows of the two sides that belong together.
    likely
        (pairs,): how often each pair is drawn, in any unit.
    wrong
        For each row of the left side, rows of the right side that do not belong to it though they look alike.
    """

    left: np.ndarray[Any, np.dtype[np.int64]]
    right: np.ndarray[Any, np.dtype[np.int64]]
    likely: np.ndarray[Any, np.dtype[np.float64]]
    wrong: Sequence[Sequence[int]] = ()


def text_vectors(texts: Sequence[str]) -> Floats:
    """Meaning by the packaged encoder beside words and characters: (texts, 1,024), zeros of an empty text."""
    return np.hstack([encode(list(texts)), encode(list(texts), encoder="lexical")])


def above_chance(cosines: np.ndarray[Any, Any], chance: float) -> np.ndarray[Any, np.dtype[np.float64]]:
    """Scale cosines above a chance to 0–1, rounded, so that processors agree."""
    above = (cosines.astype("float64") - chance) / (1.0 - chance)
    return np.asarray(above.clip(0.0, 1.0).round(6))


def learn_by_contrast(
    lefts: Sequence[Floats],
    rights: Floats,
    pairs: Pairs,
    *,
    columns: int,
    steps: int,
    at_once: int,
    temperature: float,
    left_out: float = 0.0,
) -> list[Floats]:
    """Learn a matrix for each part of the left side, and one for the right side.

    In-batch contrastive learning of two towers (van den Oord et al. 2018, https://arxiv.org/abs/1807.03748):
    of the rows drawn together, the one that belongs to a left row is to be nearest to it. The vector of a
    left row is the sum of its parts', scaled to length 1.

    Parameters
    ----------
    lefts
        Vectors of each part of the left rows: (rows, width) each.
    rights
        Vectors of the right rows: (rows, width).
    pairs
        Which belong together, and which do not.
    columns
        Length of the learnt vectors.
    steps, at_once
        Number of steps, and of pairs compared in each.
    temperature
        What cosines are divided by.
    left_out
        Probability that a part of a left row is left out of a step, so that each is useful alone.

    Returns
    -------
    list
        (width, columns) each: of the parts of the left side, then of the right side.
    """
    from scipy.sparse import csr_matrix

    left, right, likely, wrong = pairs
    shape = (len(lefts[0]), len(rights))
    known = csr_matrix((np.ones(len(left), "int8"), (left, right)), shape=shape)
    known.data[:] = 1  # pairs that are given twice
    counts = np.array([len(rows) for rows in wrong] or [0] * shape[0])
    first_wrong = np.r_[0, np.cumsum(counts)[:-1]]
    all_wrong = np.array([row for rows in wrong for row in rows], dtype=np.int64)
    rng = np.random.default_rng(0)
    draws = rng.choice(len(left), (steps, at_once), p=likely / likely.sum())
    width = rights.shape[1]
    first = rng.normal(0.0, width**-0.5, (width, columns)).astype("float32")
    matrices = [first.copy() for _ in (*lefts, rights)]
    moments = [(np.zeros_like(first), np.zeros_like(first)) for _ in matrices]
    own = np.arange(at_once)
    for step, drawn in enumerate(draws, start=1):
        row, column = left[drawn], right[drawn]
        if counts.any():
            having = row[counts[row] > 0]
            which = first_wrong[having] + (rng.random(len(having)) * counts[having]).astype(int)
            column = np.r_[column, all_wrong[which]]
        inputs = [part[row] for part in lefts]
        if left_out:
            inputs = [part * (rng.random((at_once, 1)) >= left_out).astype("float32") for part in inputs]
        inputs.append(rights[column])
        raw = (sum(x @ m for x, m in zip(inputs[:-1], matrices, strict=False)), inputs[-1] @ matrices[-1])
        lengths = [np.linalg.norm(x, axis=1, keepdims=True) + 1e-6 for x in raw]
        a, b = (x / length for x, length in zip(raw, lengths, strict=True))
        near = a @ b.T / temperature
        also = known[row][:, column].toarray() > 0
        also[own, own] = False
        near[also] = -1e9  # what also belongs to the row is no wrong answer
        share = np.exp(near - near.max(axis=1, keepdims=True))
        share /= share.sum(axis=1, keepdims=True)
        share[own, own] -= 1.0
        share /= at_once * temperature
        slopes = [_across(share @ b, a, lengths[0]), _across(share.T @ a, b, lengths[1])]
        rate = _STEP * min(1.0, step / _WARMING) * (1.0 - step / steps) + 1e-5
        for i, x in enumerate(inputs):
            gradient = x.T @ slopes[i == len(lefts)]
            mean, square = moments[i]
            mean += 0.1 * (gradient - mean)
            square += 0.001 * (gradient * gradient - square)
            move = (mean / (1 - 0.9**step)) / (np.sqrt(square / (1 - 0.999**step)) + 1e-8)
            matrices[i] -= rate * (move + _DECAY * matrices[i])
    return matrices


def _across(slope: Floats, unit: Floats, length: Floats) -> Floats:
    """Part of a slope across a unit vector, for the vector before it was scaled."""
    across: Floats = (slope - (slope * unit).sum(axis=1, keepdims=True) * unit) / length
    return across
