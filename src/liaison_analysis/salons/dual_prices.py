"""Prices of tables and of participants' time: they bound a schedule and mostly say which meetings it has."""

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
    """What no choice of pairs can exceed, and how much each pair is worth above its prices.

    Attributes
    ----------
    bound
        No permitted choice is worth more.
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
    """Price tables and participants so that the bound of a b-matching is as low as can be.

    Parameters
    ----------
    ends, score
        Shape (pairs, 2), the two participants of each pair, numbered from 0; and what it is worth.
    least, most
        How many pairs of each participant are to be chosen; ``least`` gives way where both cannot be.
    total
        How many pairs may be chosen.

    Returns
    -------
    The prices of the lowest bound that was found.

    Notes
    -----
    The Lagrangian dual of the linear program, by coordinate descent (Lagrangian bounds: Held and Karp,
    Operations Research 18, 1970). A table costs as much as the last pair that still gets one; a participant
    asked for too often costs what lies between the last pair that it has time for and the next, one asked
    for too seldom is paid in the same way. Where few participants are short of time, as at most events, that
    ends after a few rounds with the optimum of the linear program; it stops short of it where prices of
    neighbours hold each other up.

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
    """Return a value that ``count`` of the numbers exceed, amid those that do."""
    if count >= len(worth):
        # All may exceed it, and all must where it is negative: then zero or what the lowest one lacks.
        return min(float(worth.min(initial=0.0)), 0.0) if count == len(worth) else 0.0
    ranked = np.partition(worth, len(worth) - count - 1)
    below = float(ranked[len(worth) - count - 1])
    above = float(ranked[len(worth) - count :].min(initial=np.inf))
    if above == np.inf:
        return max(below, 0.0)
    return 0.0 if below <= 0 <= above else (below + above) / 2
