"""Weights of the kinds of evidence for a trade link, fitted to later links."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Literal

import numpy as np

from liaison_analysis.link_prediction.link_graph import DECAY

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from numpy.typing import NDArray

    from liaison_analysis.link_prediction.evidence import Candidates

#: Initial weights: paths, walks and the product chain have equal weight.
START: Final = {
    "l3": 1.0, "five": 1.0, "walk": 1.0, "peers": 0.0, "reverse": 0.0, "growth": 0.0, "size": 0.0,
    "chain": 1.0, "bought": 1.0, "alike": 1.0, "substitute": 1.0,
    "place": 1.0,
}  # fmt: skip
#: Candidates for weights and decays (judgement: powers of two, so that there are few comparisons).
WEIGHTS: Final = (0.0, 0.25, 0.5, 1.0, 2.0, 4.0)
DECAYS: Final = (DECAY, 0.6, 1.0)
#: Kinds of evidence that reasons are made of, whose weights stay above 0.
ALWAYS: Final = frozenset({"l3", "five", "walk", "chain", "place"})
#: A change must gain more than this number of its standard errors: two is the usual 5 % level.
CLEARLY: Final = 2.0
#: Quantile of a feature's positive values that counts as its floor (judgement).
_FLOOR_QUANTILE: Final = 0.1
_SIDES: Final[tuple[Literal["left"], Literal["right"]]] = ("left", "right")


@dataclass(frozen=True)
class TrainingSnapshot:
    """Candidates before a snapshot, and which of them became suppliers in it.

    Attributes
    ----------
    customer
        Code of each candidate's customer, ascending.
    strength
        Logarithms of the evidence, one column for each source.
    new
        Index among all ``n_links`` new links of each candidate that became a supplier; -1 for the others.
    n_links
        Number of new links, including those that are not among the candidates.
    """

    customer: NDArray[np.int64]
    strength: NDArray[np.float64]
    new: NDArray[np.int64]
    n_links: int

    def gains(self, weights: NDArray[np.float64]) -> NDArray[np.float64]:
        """Reciprocal rank of each new link, without the customer's other new links; 0 for non-candidates.

        Examples
        --------
        >>> snapshot = TrainingSnapshot(
        ...     np.array([7, 7, 7]), np.array([[3.0], [2.0], [1.0]]), np.array([-1, 2, 0]), 3
        ... )
        >>> snapshot.gains(np.ones(1)).tolist()
        [0.5, 0.0, 0.5]
        """
        score = self.strength @ weights
        rows = np.flatnonzero(self.new >= 0)
        old = np.where(self.new >= 0, -np.inf, score)
        begin, end = (np.searchsorted(self.customer, self.customer[rows], side=side) for side in _SIDES)
        gain = np.zeros(self.n_links)
        for row, first, last in zip(rows, begin, end, strict=True):
            others = old[first:last]
            ahead = (others > score[row]).sum() + (others == score[row]).sum() / 2
            gain[self.new[row]] = 1 / (1 + ahead)
        return gain


def feature_floors(parts: Sequence[Candidates], sources: list[str]) -> NDArray[np.float64]:
    """Feature floor of each source: the 10th percentile of its positive values, 1 where there are none.

    The evidence of ``place`` is its odds less 1: a floor of 1 makes its strength the log odds.
    """
    values = np.concatenate([part.evidence for part in parts]) if parts else np.zeros((0, len(sources)))
    return np.array(
        [
            np.quantile(column[column > 0], _FLOOR_QUANTILE)
            if (column > 0).any() and name != "place"
            else 1.0
            for name, column in zip(sources, values.T, strict=True)
        ]
    )


def strength(evidence: NDArray[np.float64], floor: NDArray[np.float64]) -> NDArray[np.float64]:
    """``log(1 + evidence / floor)``: 0 for no evidence, and rising with it."""
    logarithm: NDArray[np.float64] = np.log1p(evidence / floor)
    return logarithm


def learn_weights(
    snapshots: Callable[[float], Sequence[TrainingSnapshot]], sources: Sequence[str], *, use_decay: bool
) -> tuple[dict[str, float], float]:
    """Choose the weights and the decay with which new suppliers rank highest.

    One weight at a time is changed to the best of ``WEIGHTS``, and only where the mean reciprocal rank rises
    by more than twice its standard error, so that noise does not change a weight.

    Parameters
    ----------
    snapshots
        Decay → the snapshots for the fit.
    sources
        Names of the columns of the snapshots.
    use_decay
        Whether links were seen more than once, so that a decay matters.

    Returns
    -------
    tuple
        Weight of each source, and the decay.
    """
    weights = np.array([START[name] for name in sources])
    best, decay = snapshots(DECAY), DECAY
    base = _gains(best, weights)
    for other in DECAYS[1:] if use_decay else ():
        tried = snapshots(other)
        gain = _gains(tried, weights)
        if clearly_above(gain, base):
            best, decay, base = tried, other, gain
    for _ in range(2):
        before = weights.copy()
        for place, name in enumerate(sources):
            for value in WEIGHTS:
                if value == weights[place] or (value == 0 and name in ALWAYS):
                    continue
                changed = weights.copy()
                changed[place] = value
                gain = _gains(best, changed)
                if clearly_above(gain, base):
                    weights, base = changed, gain
        if np.array_equal(before, weights):
            break
    return dict(zip(sources, weights.tolist(), strict=True)), decay


def sum_to_one(weights: Mapping[str, float]) -> dict[str, float]:
    """Weights divided by their sum.

    Examples
    --------
    >>> sum_to_one({"l3": 3.0, "walk": 1.0})
    {'l3': 0.75, 'walk': 0.25}
    """
    total = sum(weights.values())
    return {name: weight / total for name, weight in weights.items()}


def clearly_above(gain: NDArray[np.float64], base: NDArray[np.float64], *, errors: float = CLEARLY) -> bool:
    """Whether the mean of ``gain`` is above that of ``base`` by more than ``errors`` standard errors."""
    rise = gain - base
    return bool(rise.mean() > errors * rise.std() / np.sqrt(len(rise)) and rise.mean() > 0)


def _gains(snapshots: Sequence[TrainingSnapshot], weights: NDArray[np.float64]) -> NDArray[np.float64]:
    """Reciprocal ranks in all snapshots."""
    return np.concatenate([snapshot.gains(weights) for snapshot in snapshots])
