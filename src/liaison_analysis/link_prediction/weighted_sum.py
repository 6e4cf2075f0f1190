"""How much each kind of evidence for a trade link counts, learnt from links that came later."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Literal

import numpy as np

from liaison_analysis.link_prediction.features import DECAY

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from numpy.typing import NDArray

    from liaison_analysis.link_prediction.features import Candidates

#: Weights before anything is learnt: what paths, walks and the product chain say counts alike.
START: Final = {
    "l3": 1.0, "five": 1.0, "walk": 1.0, "peers": 0.0, "reverse": 0.0, "growth": 0.0, "size": 0.0,
    "chain": 1.0, "bought": 1.0, "alike": 1.0, "substitute": 1.0,
    "place": 1.0,
}  # fmt: skip
#: Weights and decays that are tried.
WEIGHTS: Final = (0.0, 0.25, 0.5, 1.0, 2.0, 4.0)
DECAYS: Final = (DECAY, 0.6, 1.0)
#: What reasons are made of counts in any case.
ALWAYS: Final = frozenset({"l3", "five", "walk", "chain", "place"})
_SIDES: Final[tuple[Literal["left"], Literal["right"]]] = ("left", "right")
#: A change must gain more than so many of its standard errors.
CLEARLY: Final = 2.0


@dataclass(frozen=True)
class Lesson:
    """Candidates before a snapshot, and which of them became suppliers in it.

    Attributes
    ----------
    customer
        Code of each candidate's customer, ascending.
    strength
        Logarithms of the evidence, one column a source.
    new
        Of a candidate that became a supplier, its place among all ``many`` new links; -1 of the others.
    many
        How many new links there are, those that are no candidates too.
    """

    customer: NDArray[np.int64]
    strength: NDArray[np.float64]
    new: NDArray[np.int64]
    many: int

    def gains(self, weights: NDArray[np.float64]) -> NDArray[np.float64]:
        """Reciprocal rank of each new link, a customer's other new ones left out; 0 where no candidate.

        Examples
        --------
        >>> lesson = Lesson(
        ...     np.array([7, 7, 7]), np.array([[3.0], [2.0], [1.0]]), np.array([-1, 2, 0]), 3
        ... )
        >>> lesson.gains(np.ones(1)).tolist()
        [0.5, 0.0, 0.5]
        """
        score = self.strength @ weights
        rows = np.flatnonzero(self.new >= 0)
        old = np.where(self.new >= 0, -np.inf, score)
        begin, end = (np.searchsorted(self.customer, self.customer[rows], side=side) for side in _SIDES)
        found = np.zeros(self.many)
        for row, first, last in zip(rows, begin, end, strict=True):
            others = old[first:last]
            ahead = (others > score[row]).sum() + (others == score[row]).sum() / 2
            found[self.new[row]] = 1 / (1 + ahead)
        return found


def floors(found: Sequence[Candidates], sources: list[str]) -> NDArray[np.float64]:
    """Tell what counts as next to nothing, by source: the lowest tenth of what there is.

    What a place counts for is one more than its evidence: a floor of 1 makes its strength the log-odds.
    """
    told = np.concatenate([part.evidence for part in found]) if found else np.zeros((0, len(sources)))
    return np.array(
        [
            np.quantile(column[column > 0], 0.1) if (column > 0).any() and name != "place" else 1.0
            for name, column in zip(sources, told.T, strict=True)
        ]
    )


def strength(evidence: NDArray[np.float64], floor: NDArray[np.float64]) -> NDArray[np.float64]:
    """Logarithm of evidence, with a floor under what says nothing; rises with the evidence."""
    found: NDArray[np.float64] = np.log1p(evidence / floor)
    return found


def learn(
    lessons: Callable[[float], Sequence[Lesson]], sources: Sequence[str], *, fading: bool
) -> tuple[dict[str, float], float]:
    """Choose the weights and the decay by which new suppliers would have ranked highest.

    One weight at a time is changed to the best of ``WEIGHTS``, and only where the mean reciprocal rank rises
    by more than twice the standard error of its rise: what is noise leaves a weight alone.

    Parameters
    ----------
    lessons
        Lessons for a decay.
    sources
        Names of the columns of the lessons.
    fading
        Whether links were seen more than once, so that a decay matters.
    """
    weights = np.array([START[name] for name in sources])
    best, decay = lessons(DECAY), DECAY
    base = _gains(best, weights)
    for other in DECAYS[1:] if fading else ():
        tried = lessons(other)
        gain = _gains(tried, weights)
        if clear(gain, base):
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
                if clear(gain, base):
                    weights, base = changed, gain
        if np.array_equal(before, weights):
            break
    return dict(zip(sources, weights.tolist(), strict=True)), decay


def shares(weights: Mapping[str, float]) -> dict[str, float]:
    """Weights that sum to 1.

    Examples
    --------
    >>> shares({"l3": 3.0, "walk": 1.0})
    {'l3': 0.75, 'walk': 0.25}
    """
    total = sum(weights.values())
    return {name: weight / total for name, weight in weights.items()}


def _gains(lessons: Sequence[Lesson], weights: NDArray[np.float64]) -> NDArray[np.float64]:
    """Reciprocal ranks in all lessons."""
    return np.concatenate([lesson.gains(weights) for lesson in lessons])


def clear(gain: NDArray[np.float64], base: NDArray[np.float64], *, errors: float = CLEARLY) -> bool:
    """Tell whether the mean of ``gain`` is above that of ``base`` by more than so many standard errors."""
    rise = gain - base
    return bool(rise.mean() > errors * rise.std() / np.sqrt(len(rise)) and rise.mean() > 0)
