"""Dual prices of tables and of participants' time: bounds of a schedule, and usually its meetings."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

# Rounds at most, and rounds without a lower bound after which prices are no better (judgement: the proof
# rests on the prices, however they were found); differences that are rounding.
_ROUNDS = 30
_IDLE = 5
_EXACT = 1e-9


@dataclass(frozen=True, eq=False)
class Prices:
    """Upper bound of any choice of pairs, and the reduced value of each pair.

    Attributes
    ----------
    bound
        Upper bound of the value of a permitted choice.
    surplus
        One number for each pair: a choice that holds a pair of negative surplus, or does not hold one of
        positive surplus, is at least so much below the bound.
    """

    bound: float
    surplus: NDArray[np.float64]


def price_pairs(
    ends: NDArray[np.int_],
    score: NDArray[np.float64],
    *,
    least: NDArray[np.int_],
    most: NDArray[np.int_],
    total: int,
) -> Prices:
    """Find prices of tables and participants that minimise the bound of a b-matching.

    Parameters
    ----------
    ends, score
        Shape (pairs, 2), the two participants of each pair, numbered from 0; and what it is worth.
    least, most
        Smallest and largest number of pairs of each participant; ``least`` is relaxed where both are
        impossible.
    total
        How many pairs may be chosen.

    Returns
    -------
    The prices of the lowest bound that was found.

    Notes
    -----
    The Lagrangian dual of the linear program, by coordinate descent (Lagrangian bounds: Held and Karp,
    Operations Research 18, 1970). The price of a table is the value of the last pair that gets one; the price
    of a participant in too many pairs lies between the last pair that it has time for and the next, and a
    participant in too few pairs has a negative price. Where few participants are short of time, as at most
    events, this ends after a few rounds with the optimum of the linear program; it may stop above it where
    prices of neighbours block each other.

    Examples
    --------
    >>> star = np.array([[0, 1], [0, 2], [0, 3]])
    >>> prices = price_pairs(
    ...     star, np.array([9.0, 8.0, 4.0]), least=np.zeros(4, int), most=np.array([2, 1, 1, 1]), total=9
    ... )
    >>> prices.bound, prices.surplus.tolist()
    (17.0, [3.0, 2.0, -2.0])
    """
    n, n_pairs = len(most), len(score)
    person = ends.T.ravel()
    order = np.argsort(person, kind="stable")
    pair = order % max(n_pairs, 1)
    first = np.searchsorted(person[order], np.arange(n + 1))
    least = np.minimum(np.minimum(least, most), np.diff(first))
    price, best, idle = np.zeros(n), Prices(np.inf, score), 0
    for _ in range(_ROUNDS):
        surplus = score - price[ends].sum(axis=1)
        table = max(_between(surplus, total), 0.0)
        surplus -= table
        paid = most @ np.maximum(price, 0) + least @ np.minimum(price, 0)
        bound = float(table * total + paid + np.maximum(surplus, 0).sum())
        idle = 0 if bound < best.bound - _EXACT else idle + 1
        best = Prices(bound, surplus.copy()) if bound < best.bound else best
        count = np.bincount(ends[surplus > _EXACT].ravel(), minlength=n)
        wrong = (count > most) | ((price > 0) & (count < most))
        wrong |= (count < least) | ((price < 0) & (count > least))
        if idle == _IDLE or not wrong.any():
            break
        for who in np.flatnonzero(wrong):
            own = pair[first[who] : first[who + 1]]
            worth = surplus[own] + price[who]
            new = max(_between(worth, most[who]), 0.0) + min(_between(worth, least[who]), 0.0)
            surplus[own] = worth - new
            price[who] = new
    return best


def _between(worth: NDArray[np.float64], count: int) -> float:
    """Return a value that exactly ``count`` of the numbers exceed."""
    if count >= len(worth):
        # All may exceed it, and all must where it is negative: then zero or what the lowest one lacks.
        return min(float(worth.min(initial=0.0)), 0.0) if count == len(worth) else 0.0
    ranked = np.partition(worth, len(worth) - count - 1)
    below = float(ranked[len(worth) - count - 1])
    above = float(ranked[len(worth) - count :].min(initial=np.inf))
    if above == np.inf:
        return max(below, 0.0)
    return 0.0 if below <= 0 <= above else (below + above) / 2
