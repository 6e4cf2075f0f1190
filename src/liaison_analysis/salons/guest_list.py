"""Whom to invite: the guest list with the largest value of meetings, its bound, and conflicting wishes."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from liaison_analysis.salons.guest_milp import ENOUGH, GuestProblem, GuestProgram

if TYPE_CHECKING:
    from numpy.typing import NDArray

# Differences of sums of scores that are rounding.
_EXACT = 1e-9
# Pairs up to which a program has whole numbers from the start, and above which not even its relaxation is
# solved; candidates beside twice the capacity that the first program may invite, and how often it is solved
# anew (judgement; benchmarks/salons.py measures seconds and gaps). Whatever they are, the bound holds.
_SMALL = 150
# Pairs up to which one program is over everybody, and how near to the best it comes. That proves the best
# list of the sample's salon for its robot maker (190 candidates, 1,737 pairs) in 4.0 s of a processor, where
# programs over some candidates first took 11.7 s and left a gap of 0.49 %; on `12 of 60` of
# benchmarks/salons.py it takes 1.2 s instead of 3.7, and on `20 of 240` (4,027 pairs) 5.6 s, with a gap of
# 0.00 instead of 0.47 % (2026-11-30).
_AT_ONCE = 5_000
_BEST = 1e-4
# The same where a quick list is enough: the root of a program over 4,566 pairs takes over half a minute of a
# processor (2026-12).
_AT_ONCE_QUICKLY = 1_500
_LARGEST_RELAXATION = 8_000
_KERNEL = 30
_ROUNDS = 6
# Subgradient steps for the bound: how many; after how many without a gain (of this share of the value) the
# length shrinks, and to what part; and what share of its bound a list is worth as a rule. Any step gives a
# bound that holds; these are judgement (Held, Wolfe and Crowder 1974 leave them open).
_STEPS = 400
_PATIENCE = 10
_GAIN = 1e-6
_SHRINK = 0.6
_REACHED = 0.97


@dataclass(frozen=True, eq=False)
class GuestList:
    """Who is invited, the value of their meetings, and its upper bound."""

    invited: NDArray[np.bool_]
    value: float
    bound: float


def solve_guests(problem: GuestProblem, *, quick: bool = False) -> GuestList | None:
    """Find the best guest list and a bound that no list can exceed; None where the wishes clash.

    Parameters
    ----------
    problem
        Candidates and wishes.
    quick
        Whether a good list is enough: no branching, and the bound is far. What the program's root finds was
        the best list of all six communities that the sample's proposals come from (2026-12).

    Notes
    -----
    A heaviest-subgraph problem in which a guest's meetings are limited by the slots. This limit makes its
    linear relaxation tight: without it, many candidates with small fractional values would meet everybody.
    Up to 5,000 pairs one program is over everybody. Beyond, or where it finds no list within its nodes, the
    relaxation bounds the value and orders the candidates; programs over the first of them, and then over
    those who would add most to the list, find the list (kernel search; Angelelli, Mansini and Speranza,
    Computers & Operations Research 37, 2010); what reduced costs leave open is settled by branch and bound,
    up to a fixed number of nodes, so that the same problem always gives the same list. Beyond 8,000 pairs
    the bound is a Lagrangian one (`split_bound`), and there is no branch and bound over everybody.

    Examples
    --------
    >>> square = np.array([[0, 1], [1, 2], [2, 3], [0, 3]])
    >>> problem = GuestProblem.of_pairs(square, np.array([1.0, 2, 4, 3]), 4, capacity=3, meetings=2)
    >>> solution = solve_guests(problem)
    >>> solution.invited.tolist(), solution.value, solution.bound
    ([True, False, True, True], 7.0, 7.0)
    """
    if len(problem.score) <= (_AT_ONCE_QUICKLY if quick else _AT_ONCE):
        kept = np.flatnonzero(~problem.barred | problem.required)
        everybody = _within(problem, kept, -1.0, enough=_BEST, nodes=1 if quick else None)
        if math.isfinite(everybody.value):
            return replace(everybody, bound=max(everybody.value, everybody.bound))
    is_large = quick or len(problem.score) > _LARGEST_RELAXATION
    if is_large:
        bound, worth = split_bound(problem)
    else:
        bound, reduced = GuestProgram(problem).relax()
        worth = -reduced
    # The bound of a large problem is the Lagrangian one, to which branching within a kernel adds nothing.
    nodes = 1 if is_large else None
    best = _kernel_search(problem, worth, rounds=0 if quick else _ROUNDS, nodes=nodes)
    if best is None or is_large or min(bound, best.bound) <= best.value + _EXACT:
        return None if best is None else replace(best, bound=max(best.value, min(bound, best.bound)))
    useful = np.flatnonzero((bound - reduced > best.value + _EXACT) | problem.required)
    if math.isfinite(best.bound) and len(useful) == np.count_nonzero(~problem.barred):
        # The search has included everybody already.
        return replace(best, bound=max(best.value, min(bound, best.bound)))
    other = _within(problem, useful, best.value)
    proven = max(best.value, min(bound, best.bound, other.bound))
    return replace(other if other.value > best.value else best, bound=max(proven, other.value))


def _kernel_search(
    problem: GuestProblem, worth: NDArray[np.float64], *, rounds: int, nodes: int | None
) -> GuestList | None:
    """Find a good list among few candidates, then among those who would add most to it."""
    foremost = _foremost(problem, worth)
    best = _within(problem, foremost, -1.0, nodes=nodes)
    if not math.isfinite(best.value):
        some = GuestProgram(problem).any_list()
        if some is None:
            return None
        best = _within(problem, np.union1d(foremost, np.flatnonzero(some)), -1.0, nodes=nodes)
    if len(foremost) == np.count_nonzero(~problem.barred):
        return best
    best = replace(best, bound=math.inf)
    for _ in range(rounds):
        nearest = _foremost(problem, _gain(problem, best.invited))
        other = _within(problem, np.union1d(nearest, np.flatnonzero(best.invited)), best.value, nodes=nodes)
        if other.value <= best.value + _EXACT:
            break
        best = replace(other, bound=math.inf)
    return best


def _foremost(problem: GuestProblem, worth: NDArray[np.float64]) -> NDArray[np.int_]:
    """Pick the required, the candidates worth most, and for each lower limit some who help to reach it."""
    order = np.argsort(-worth.round(9), kind="stable")
    order = order[~problem.barred[order]]
    wanted = [np.flatnonzero(problem.required), order[: 2 * problem.capacity + _KERNEL]]
    reaches = [row.toarray().ravel() < 0 for row in problem.groups]
    reaches += [role.sum(axis=1) > 0 for role, low in zip(problem.roles, problem.low, strict=True) if low]
    wanted += [order[helps[order]][: problem.capacity] for helps in reaches]
    return np.unique(np.concatenate(wanted))


def _gain(problem: GuestProblem, invited: NDArray[np.bool_]) -> NDArray[np.float64]:
    """Sum, for each candidate, the best scores with guests of the list that it has slots for."""
    person, other = np.concatenate([problem.ends, problem.ends[:, ::-1]]).T
    score = np.where(invited[other], np.tile(problem.score, 2), 0.0)
    return _best_of_each(person, score, problem.size, problem.meetings)[0]


def _within(
    problem: GuestProblem,
    kept: NDArray[np.int_],
    at_least: float,
    *,
    enough: float = ENOUGH,
    nodes: int | None = None,
) -> GuestList:
    """Find the best list among some candidates; one of minus infinity where there is none.

    The bound is for lists of these candidates with a value of ``at_least`` or more.
    """
    part = problem.only(kept)
    program = GuestProgram(part)
    whole = len(part.score) <= _SMALL
    invited, bound = program.solve(at_least, whole=whole, enough=enough, nodes=nodes)
    value = -math.inf if invited is None else part.value(invited)
    if invited is not None and not math.isfinite(value):
        # Fractional meetings gave every guest a reason to come, integer ones do not.
        invited, bound = program.solve(at_least, whole=True)
        value = -math.inf if invited is None else part.value(invited)
    everybody = np.zeros(problem.size, dtype=bool)
    if invited is not None:
        everybody[kept[invited]] = True
    return GuestList(everybody, value, bound)


def find_clash(problem: GuestProblem) -> list[tuple[str, int]]:
    """Find an irreducible set of wishes that cannot all be fulfilled, by deletion filtering.

    Returns
    -------
    Pairs of a kind ("capacity", "required", "barred", "low", "high", "group") and a number (of a
    candidate, a role or a group; 0 for the capacity): together they conflict, and without any one of them the
    rest can be met.

    Notes
    -----
    Chinneck and Dravnieks, ORSA Journal on Computing 3 (1991).
    """
    wishes = [("barred", int(i)) for i in np.flatnonzero(problem.barred)]
    wishes += [("high", i) for i in np.flatnonzero(np.isfinite(problem.high)).tolist()]
    wishes += [("group", i) for i in range(len(problem.group_limit))]
    wishes += [("capacity", 0)]
    wishes += [("required", int(i)) for i in np.flatnonzero(problem.required)]
    wishes += [("low", i) for i in np.flatnonzero(problem.low > 0).tolist()]
    clashing = []
    for kind in ("barred", "group"):
        without = problem.without(wish for wish in wishes if wish[0] == kind)
        if GuestProgram(without).any_list() is None:
            problem, wishes = without, [wish for wish in wishes if wish[0] != kind]
    for wish in wishes:
        without = problem.without([wish])
        if GuestProgram(without).any_list() is None:
            problem = without
        else:
            clashing.append(wish)
    return clashing


def _best_of_each(
    person: NDArray[np.int_], score: NDArray[np.float64], n: int, most: int
) -> tuple[NDArray[np.float64], NDArray[np.int_]]:
    """Sum each person's ``most`` best positive scores, and say which these are."""
    order = np.lexsort((-score, person))
    person, score = person[order], score[order]
    place = np.arange(len(person)) - np.searchsorted(person, np.arange(n))[person]
    top = (place < most) & (score > 0)
    return np.bincount(person[top], score[top], minlength=n).astype(float), order[top]


def split_bound(problem: GuestProblem) -> tuple[float, NDArray[np.float64]]:
    """Bound the value of a guest list without a program, whatever the quotas.

    Each meeting's score is divided between its two ends. For any division, the value of a list is at most the
    sum of its guests' largest shares, as many for each guest as it has slots; the division is improved by
    subgradient steps (Held, Wolfe and Crowder, Mathematical Programming 6, 1974) until both ends of a meeting
    agree.

    Returns
    -------
    The bound, and what each candidate adds to it at most.

    Examples
    --------
    >>> square = np.array([[0, 1], [1, 2], [2, 3], [0, 3]])
    >>> problem = GuestProblem.of_pairs(square, np.array([1.0, 2, 4, 3]), 4, capacity=3, meetings=2)
    >>> 7 <= split_bound(problem)[0] < 8
    True
    """
    n, n_pairs = problem.size, len(problem.score)
    person = problem.ends.T.ravel()
    first = problem.score / 2
    bound, worth, best, step, idle = math.inf, np.zeros(n), first, 1.0, 0
    for _ in range(_STEPS):
        own, top = _best_of_each(person, np.concatenate([first, problem.score - first]), n, problem.meetings)
        rank = np.where(problem.required, np.inf, np.where(problem.barred, -np.inf, own))
        comes = np.zeros(n, dtype=bool)
        comes[np.argsort(-rank, kind="stable")[: problem.capacity]] = True
        comes &= ~problem.barred
        now = math.fsum(own[comes])
        idle += 1
        if now < bound:
            idle = 0 if now < bound - _GAIN * now else idle
            bound, worth, best = now, own, first
        if idle > _PATIENCE:
            first, step, idle = best, step * _SHRINK, 0
            continue
        meets = np.zeros(2 * n_pairs)
        meets[top[comes[person[top]]]] = 1
        slope = meets[:n_pairs] - meets[n_pairs:]
        if not slope.any():
            break
        first = np.clip(first - step * (now - _REACHED * bound) / (slope @ slope) * slope, 0, problem.score)
    return bound, worth
