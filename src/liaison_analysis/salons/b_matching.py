"""Which meetings to hold: b-matching, placement and a time-indexed program, with the proof of the gap."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from liaison_analysis.salons.dual_prices import price_pairs
from liaison_analysis.salons.edge_colouring import Board
from liaison_analysis.salons.timetable_milp import MeetingProblem, MeetingProgram

if TYPE_CHECKING:
    from numpy.typing import NDArray

# Differences of sums of scores, and of counts that a solver gives, which are rounding.
_EXACT = 1e-9
_ROUNDING = 1e-6
# Variables (pair, slot) above which no program with slots is built, and up to which the optimum is proven
# (judgement; benchmarks/salons.py measures seconds and gaps).
_LARGEST_PROOF = 60_000
_SMALL = 1_000
# Nodes of branch and bound in a program for a few slots.
_FEW_NODES = 20
# Above _SMALL variables the work ends at a gap of _ENOUGH.
_ENOUGH = 1e-3
_FIRST_GUESS, _WIDER = 2e-4, 5
# Slots scheduled anew at a time, how often that may fail, and what share of the gap it is to close.
_MOST_ANEW, _PATIENCE, _STEP = 5, 12, 0.02


@dataclass(frozen=True, eq=False)
class MeetingAnswer:
    """The slot of each pair (-1: not held), with proven bounds.

    Attributes
    ----------
    slot
        One number for each pair.
    value, bound
        The sum of scores, and an upper bound for all schedules with the same shortfall.
    shortfall, shortfall_bound
        Number of promised meetings that are missing, and its lower bound for all schedules.
    """

    slot: NDArray[np.int_]
    value: float
    bound: float
    shortfall: int
    shortfall_bound: int

    @property
    def gap(self) -> float:
        """How far the value may be from the best, as a share of the bound."""
        rest = self.bound - self.value
        return rest / abs(self.bound) if rest > _EXACT * max(1.0, abs(self.bound)) else 0.0

    @property
    def proven(self) -> bool:
        """Whether nothing better exists."""
        return self.gap == 0 and self.shortfall == self.shortfall_bound


def solve_meetings(problem: MeetingProblem) -> MeetingAnswer:
    """Choose meetings, give them slots, add further ones, and close the gap by time-indexed programs.

    Parameters
    ----------
    problem
        What is to be scheduled.

    Returns
    -------
    The schedule with its bounds. The same problem gives the same schedule.

    Notes
    -----
    The b-matching ignores the slots, so its optimum is an upper bound of the problem. Dual prices
    (`price_pairs`) find and prove it, or leave open the pairs whose surplus is smaller than the gap
    (reduced-cost fixing; Dantzig, Fulkerson and Johnson 1954), for a mixed-integer program. In the same way
    the time-indexed programs contain only the pairs that a schedule near the bound can include or exclude.

    Examples
    --------
    >>> triangle = MeetingProblem(
    ...     ends=np.array([[0, 1], [1, 2], [0, 2]]), score=np.array([3.0, 2.0, 2.0]),
    ...     free=np.ones((3, 2), dtype=bool), room=np.array([1, 1]), most=np.array([2, 2, 2]),
    ...     least=np.zeros(3, dtype=int), must=np.zeros(3, dtype=bool),
    ... )
    >>> answer = solve_meetings(triangle)
    >>> answer.value, answer.bound, answer.slot.tolist()
    (5.0, 5.0, [0, 1, -1])
    """
    problem = replace(
        problem,
        most=np.minimum(problem.most, problem.free.sum(axis=1)),
        room=np.minimum(problem.room, problem.free.sum(axis=0) // 2),
    )
    able = problem.able
    if not able.all():
        answer = solve_meetings(problem.around(np.zeros_like(able), able))
        slot = np.full(len(able), -1)
        slot[able] = answer.slot
        lost = int(np.count_nonzero(problem.must & ~able))
        shortfall, fewest = answer.shortfall + lost, answer.shortfall_bound + lost
        return replace(answer, slot=slot, shortfall=shortfall, shortfall_bound=fewest)
    held, bound, fewest = _choose(problem)
    best = _with_bounds(problem, _assign_slots(problem, held, fewest), bound, fewest)
    return best if best.proven else _close_gap_by_slots(problem, best)


def _choose(problem: MeetingProblem) -> tuple[NDArray[np.bool_], float, int]:
    """Find the best b-matching: its pairs, its bound, and how many promised meetings it misses at least."""
    must = problem.must
    rest, total = problem.around(must, ~must), problem.total - int(np.count_nonzero(must))
    if total >= 0 and (rest.most >= 0).all():
        prices = price_pairs(rest.ends, rest.score, least=rest.least, most=rest.most, total=total)
        held = must.copy()
        held[~must] = _take(rest, prices.surplus, total)
        if problem.shortfall(held) == 0:
            value, bound = problem.value(held), problem.value(must) + prices.bound
            slack = bound - value + _EXACT
            if slack < 2 * _EXACT * max(1.0, abs(value)):
                return held, value, 0
            surplus = np.full(len(held), np.inf)
            surplus[~must] = prices.surplus
            fixed = surplus > slack
            other, most = _match(problem, fixed, (surplus >= -slack) & ~fixed, fewest=0)
            return max(held, other, key=problem.value), min(bound, most), 0
    nothing = np.zeros_like(must)
    _, least = MeetingProgram.of_pairs(problem, problem.total).solve(fewest=None)
    fewest = math.ceil(least - _ROUNDING)
    return *_match(problem, nothing, ~nothing, fewest=fewest), fewest


def _match(
    problem: MeetingProblem,
    fixed: NDArray[np.bool_],
    maybe: NDArray[np.bool_],
    *,
    fewest: int,
) -> tuple[NDArray[np.bool_], float]:
    """Find the best b-matching that holds the fixed pairs, and its bound."""
    program = MeetingProgram.of_pairs(
        problem.around(fixed, maybe), problem.total - int(np.count_nonzero(fixed))
    )
    solution, bound = program.solve(fewest=fewest)
    held = fixed.copy()
    held[maybe] = False if solution is None else solution > 0.5
    return held, problem.value(fixed) + bound


def _take(problem: MeetingProblem, surplus: NDArray[np.float64], total: int) -> NDArray[np.bool_]:
    """Take pairs by falling surplus as long as their ends have time."""
    held = np.zeros(len(surplus), dtype=bool)
    left = problem.most.tolist()
    order = np.lexsort((-problem.score, -surplus.round(9)))
    order = order[(surplus[order] > -_EXACT) | (problem.score[order] > 0)]
    for pair, (u, v) in zip(order.tolist(), problem.ends[order].tolist(), strict=True):
        if total <= 0:
            break
        if left[u] > 0 and left[v] > 0:
            held[pair] = True
            left[u], left[v], total = left[u] - 1, left[v] - 1, total - 1
    return held


def _with_bounds(problem: MeetingProblem, slot: NDArray[np.int_], bound: float, fewest: int) -> MeetingAnswer:
    """Drop meetings of no value, and compute value and shortfall."""
    held = slot >= 0
    shortfall = problem.shortfall(held)
    for pair in np.flatnonzero(held & (problem.score <= 0)):
        held[pair] = False
        held[pair] = problem.shortfall(held) > shortfall
    value = problem.value(held)
    return MeetingAnswer(np.where(held, slot, -1), value, max(bound, value), shortfall, fewest)


def _assign_slots(problem: MeetingProblem, held: NDArray[np.bool_], fewest: int) -> NDArray[np.int_]:
    """Give the chosen pairs slots, then add further pairs that fit."""
    board = Board(problem.ends, problem.free, problem.room)
    chosen = np.flatnonzero(held).tolist()
    chosen.sort(key=lambda pair: (len(board.shared(pair)), -problem.score[pair], pair))
    placed = [board.add(pair) for pair in chosen]
    if not all(placed) and sum(len(board.shared(pair)) for pair in chosen) > _SMALL / 4:
        short = problem.met(held) <= problem.least
        promised = short[problem.ends].sum(axis=1) + problem.must
        worth = np.maximum(problem.score, 0) + (1 + 2 * np.abs(problem.score).max(initial=0)) * promised
        board.squeeze(chosen, worth.tolist())
    slot = np.array(board.slot, dtype=int)
    if (slot[held] >= 0).all() and problem.shortfall(held) == fewest:
        return slot
    return _fill(problem, board)


def _fill(problem: MeetingProblem, board: Board) -> NDArray[np.int_]:
    """Add further pairs as long as they fit, those with a missing promise first."""
    held = np.array(board.slot) >= 0
    met = problem.met(held)
    short = (met < problem.least)[problem.ends].sum(axis=1) + problem.must
    for pair in np.lexsort((-problem.score, -short)):
        ends = problem.ends[pair]
        wanted = problem.score[pair] > 0 or short[pair] > 0
        if wanted and not held[pair] and (met[ends] < problem.most[ends]).all() and board.add(int(pair)):
            met[ends] += 1
    return np.array(board.slot, dtype=int)


def _close_gap_by_slots(problem: MeetingProblem, best: MeetingAnswer) -> MeetingAnswer:
    """Close the gap by time-indexed programs over the meetings that are not fixed by their surplus.

    A guess of the gap between the best schedule and the bound fixes the pairs that any such schedule must
    include or exclude, which leaves a small program. Either it finds such a schedule, or there is none and
    the bound is lowered by the guess.
    """
    nothing = np.full(len(problem.score), -1)
    program = MeetingProgram.of_slots(problem)
    if len(program.gain) > _LARGEST_PROOF:
        return best
    if best.shortfall > best.shortfall_bound:
        solution, least = program.solve(fewest=None)
        fewest = max(best.shortfall_bound, math.ceil(least - _ROUNDING))
        best = _better(problem, best, program.slots(solution, nothing), best.bound, fewest)
    by_pairs, surplus = MeetingProgram.of_pairs(problem, problem.total).relax(best.shortfall)
    by_slots, in_slots = program.relax(best.shortfall)
    best = replace(best, bound=max(best.value, min(best.bound, by_slots)))
    enough = 0.0
    if len(program.gain) > _SMALL:
        enough = _ENOUGH
        best = _exchange(problem, best, by_pairs, surplus)
    guess = _FIRST_GUESS if enough == 0 else enough
    while best.gap > enough:
        floor = max(best.bound - guess * max(1.0, abs(best.bound)), best.value)
        guess *= _WIDER
        near = by_pairs - floor + _EXACT
        part = program.only((surplus >= -near)[program.pair] & (in_slots >= floor - by_slots - _EXACT))
        part = part.near(np.flatnonzero(surplus > near), floor - _EXACT)
        solution, bound = part.solve(fewest=best.shortfall, enough=enough)
        best = _better(problem, best, part.slots(solution, nothing), max(floor, bound), best.shortfall_bound)
        if floor <= best.value or bound == math.inf:
            break
    return best


def _exchange(
    problem: MeetingProblem, best: MeetingAnswer, limit: float, surplus: NDArray[np.float64]
) -> MeetingAnswer:
    """Large-neighbourhood search: reschedule some slots with the others fixed, until there is no improvement.

    Only what a better schedule than the present one can hold and must hold takes part, and only better ones
    are sought: most of these programs are seen to have no answer before they begin.
    """
    n_slots = problem.free.shape[1]
    rng = np.random.default_rng(0)
    size, idle = 3, 0
    while size <= _MOST_ANEW and best.gap > _ENOUGH:
        anew = np.isin(np.arange(n_slots), rng.choice(n_slots, size=min(size, n_slots), replace=False))
        held = best.slot >= 0
        kept = held & ~anew[best.slot]
        floor = best.value + _STEP * (best.bound - best.value)
        near = limit - floor + _EXACT
        maybe = ~kept & (surplus >= -min(near, _WIDER * _ENOUGH * abs(limit)))
        part = replace(problem.around(kept, maybe), free=problem.free & anew)
        program = MeetingProgram.of_slots(part)
        program = program.near(np.flatnonzero(surplus[maybe] > near), floor - problem.value(kept))
        solution, _ = program.solve(fewest=part.shortfall((held & ~kept)[maybe]), nodes=_FEW_NODES)
        idle += 1
        if idle == _PATIENCE:
            size, idle = size + 1, 0
        if solution is not None:
            slot = np.where(kept, best.slot, -1)
            slot[maybe] = program.slots(solution, slot[maybe])
            best = _better(problem, best, slot, best.bound, best.shortfall_bound)
            idle = 0
    return best


def _better(
    problem: MeetingProblem, best: MeetingAnswer, slot: NDArray[np.int_], bound: float, fewest: int
) -> MeetingAnswer:
    """Take the better of two schedules, with the bounds proven since."""
    bound = min(best.bound, max(bound, best.value))
    other = _with_bounds(problem, slot, bound, fewest)
    if (other.shortfall, -other.value) < (best.shortfall, -best.value):
        return other
    return _with_bounds(problem, best.slot, bound, fewest)
