"""Who sits with whom at round tables, round by round."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from liaison_analysis._checks import check_frame, is_whole
from liaison_analysis._solver import incidence, relax_program
from liaison_analysis.salons.timetable_checks import by_name, pair_problems

if TYPE_CHECKING:
    from collections.abc import Iterable

    from numpy.typing import NDArray

# Simulated annealing (Kirkpatrick et al. 1983, doi:10.1126/science.220.4598.671): starts, steps for each
# guest and round, first and last temperature in units of the greatest score (judgement).
_RESTARTS = 4
_STEPS = 400
_HOT, _COLD = 0.3, 0.03


def seat_tables(
    pairs: pd.DataFrame,
    *,
    tables: int,
    seats: int,
    rounds: int = 1,
    guests: Iterable[Any] = (),
    apart: Iterable[tuple[Any, Any]] = (),
    seed: int = 0,
) -> pd.DataFrame:
    """Seat guests at round tables so that the value of the pairs that meet is largest.

    Parameters
    ----------
    pairs
        DataFrame[a, b, score]: what it is worth, not negative, that two sit at one table at least once.
    tables, seats, rounds
        How many tables there are, with how many seats each, and how many times guests change places. Guests
        are spread over the tables as evenly as possible.
    guests
        Who sits there besides those in ``pairs``.
    apart
        Pairs that never sit at one table, such as competitors.
    seed
        Of the search.

    Returns
    -------
    DataFrame[round, table, guest], sorted, both numbered from 0. ``attrs`` holds floats: ``value`` (of the
    pairs that sit together at least once), ``bound`` (an upper bound) and ``gap``.

    Raises
    ------
    ValueError
        If an argument cannot be used, with every problem listed, or pairs in ``apart`` could not be parted.

    Notes
    -----
    Simulated annealing from several starts; each step draws one exchange of two guests in one round, or
    none, with odds of ``exp(change / temperature)`` (heat bath), from all exchanges at once. The bound is
    that of a b-matching in which a guest meets as many as its tables have seats.

    Examples
    --------
    >>> pairs = pd.DataFrame(
    ...     [
    ...         ("robots", "cars", 0.9), ("bank", "parts", 0.8), ("robots", "bank", 0.5),
    ...         ("robots", "parts", 0.4),
    ...     ],
    ...     columns=["a", "b", "score"],
    ... )
    >>> seated = seat_tables(pairs, tables=2, seats=2)
    >>> print(seated.to_string(index=False))
     round  table  guest
         0      0   bank
         0      0  parts
         0      1   cars
         0      1 robots
    >>> seated.attrs["gap"]
    0.0
    """
    check_frame(pairs, "pairs")
    apart = [tuple(pair) for pair in apart]
    people = sorted({*pairs.get("a", []), *pairs.get("b", []), *guests}, key=by_name)
    _check(pairs, len(people), tables=tables, seats=seats, rounds=rounds)
    number = {person: i for i, person in enumerate(people)}
    n = len(people)
    worth = np.zeros((n, n))
    ends = np.column_stack([pairs["a"].map(number), pairs["b"].map(number)]).astype(int)
    worth[tuple(ends.T)] = worth[tuple(ends.T)[::-1]] = pairs["score"].to_numpy(dtype=float)
    parted = np.zeros((n, n), dtype=bool)
    for a, b in apart:
        if a in number and b in number:
            parted[number[a], number[b]] = parted[number[b], number[a]] = True
    sizes = np.bincount(np.arange(n) % tables, minlength=tables)
    place = _anneal(np.where(parted, 0, worth), parted, sizes, rounds, np.random.default_rng(seed))
    together = _together(place)
    left = [f"{people[i]!r} and {people[j]!r}" for i, j in np.argwhere(np.triu(together & parted, 1))]
    if left:
        raise ValueError(f"cannot part {', '.join(left)}; give more tables or take pairs out of apart")
    value = math.fsum(worth[np.triu(together, 1)])
    bound = max(value, _bound(np.where(parted, 0, worth), sizes, rounds))
    rows = [(r, _first_come(place[r])[i], people[i]) for r in range(rounds) for i in range(n)]
    frame = pd.DataFrame(rows, columns=["round", "table", "guest"])
    frame = frame.sort_values(["round", "table"], kind="stable", ignore_index=True)
    rest = bound - value
    frame.attrs = {"value": value, "bound": bound, "gap": rest / bound if rest > 1e-9 * bound else 0.0}
    return frame


def _check(pairs: pd.DataFrame, n: int, *, tables: int, seats: int, rounds: int) -> None:
    """Raise one error that names everything wrong with the arguments."""
    problems = pair_problems(pairs)
    if not problems and (pairs["score"] < 0).any():
        problems.append("pairs.score must not be negative; name such pairs in apart")
    counts = {"tables": tables, "seats": seats, "rounds": rounds}
    wrong = [name for name, count in counts.items() if not is_whole(count, 1)]
    problems += [f"{name} must be a whole number from 1, got {counts[name]!r}" for name in wrong]
    if not wrong and n > tables * seats:
        problems.append(f"{n} guests do not fit at {tables} tables of {seats}; give more tables or seats")
    if problems:
        raise ValueError("\n  ".join(["cannot seat the guests:", *problems]))


def _together(place: NDArray[np.int_]) -> NDArray[np.bool_]:
    """Who shares a table in some round; ``place`` has shape (rounds, guests)."""
    shared = (place[:, :, None] == place[:, None, :]).any(axis=0)
    np.fill_diagonal(shared, val=False)
    return np.asarray(shared, dtype=np.bool_)


def _first_come(table: NDArray[np.int_]) -> list[int]:
    """Give tables numbers by their first guests, so that equal seatings have equal numbers."""
    names = {old: new for new, old in enumerate(dict.fromkeys(table.tolist()))}
    return [names[old] for old in table.tolist()]


def _bound(worth: NDArray[np.float64], sizes: NDArray[np.int_], rounds: int) -> float:
    """Bound the value: a guest sits beside so many others, and so many pairs share a table at all."""
    from scipy.sparse import csr_array, vstack

    ends = np.argwhere(np.triu(worth, 1) > 0)
    if not len(ends):
        return 0.0
    score = worth[tuple(ends.T)]
    rows = vstack([incidence(ends, len(worth)), csr_array(np.ones((1, len(ends))))]).tocsr()
    limit = np.append(
        np.full(len(worth), rounds * (sizes.max() - 1)), rounds * (sizes * (sizes - 1) // 2).sum()
    )
    return relax_program(score, rows, limit.astype(float), np.tile([0.0, 1.0], (len(ends), 1)))[0]


def _anneal(
    worth: NDArray[np.float64],
    parted: NDArray[np.bool_],
    sizes: NDArray[np.int_],
    rounds: int,
    rng: np.random.Generator,
) -> NDArray[np.int_]:
    """Search for the places worth most, shape (rounds, guests)."""
    n = len(worth)
    most, best = -math.inf, np.zeros((rounds, n), dtype=int)
    if not n:
        return best
    harm = parted * (1 + worth.sum())
    steps, start = _STEPS * n * rounds, _HOT * max(worth.max(), 1e-9)
    for _ in range(_RESTARTS):
        place = np.array([rng.permutation(np.repeat(np.arange(len(sizes)), sizes)) for _ in range(rounds)])
        for step in range(steps):
            heat = start * (_COLD / _HOT) ** (step / steps)
            _exchange(place, step % rounds, worth, harm, heat=heat, rng=rng)
            if step > steps // 2:
                value = _value(place, worth, harm)
                if value > most + 1e-9:
                    most, best = value, place.copy()
    return best


def _value(place: NDArray[np.int_], worth: NDArray[np.float64], harm: NDArray[np.float64]) -> float:
    together = _together(place)
    return float((worth * together).sum() / 2 - (harm * together).sum())


def _exchange(
    place: NDArray[np.int_],
    here: int,
    worth: NDArray[np.float64],
    harm: NDArray[np.float64],
    *,
    heat: float,
    rng: np.random.Generator,
) -> None:
    """Exchange two guests of a round, or none, by the odds of what that changes."""
    n = len(worth)
    table = place[here]
    # What pairs add that share no table in another round.
    adds = np.where(_together(np.delete(place, here, axis=0)), 0, worth) - harm
    np.fill_diagonal(adds, 0)
    at = np.equal.outer(table, np.arange(table.max() + 1)).astype(float)
    beside = adds @ at
    joins = beside[:, table] - beside[np.arange(n), table][:, None]
    change = joins + joins.T - 2 * adds
    change[np.equal.outer(table, table)] = -np.inf
    change[0, 0] = 0
    odds = change / heat - np.log(rng.exponential(size=(n, n)))
    i, j = divmod(int(odds.argmax()), n)
    table[i], table[j] = table[j], table[i]
