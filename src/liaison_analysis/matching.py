"""Which meetings to hold: b-matching, placement and a time-indexed program, with the proof of the gap."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np

from liaison_analysis.placement import Board
from liaison_analysis.solver import silenced

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from scipy.sparse import csr_array

_EXACT = 1e-9
_LARGEST_PROOF = 60_000
_SMALL = 1_000
_PATIENCE = 20
_NODES = 300
_ENOUGH = 2e-4


@dataclass(frozen=True, eq=False)
class MeetingProblem:
    """Pairs of participants, both numbered from 0, and what a schedule of them must respect.

    Attributes
    ----------
    ends
        Shape (pairs, 2): the two participants of each pair.
    score
        What each meeting is worth.
    free
        Shape (participants, slots): True where a participant can meet.
    room
        How many tables each slot has.
    most
        How many meetings each participant may have.
    promises, promised
        Of the pairs marked 1 in a row of ``promises`` (shape (promises, pairs)) at least ``promised`` are to
        be held.
    """

    ends: NDArray[np.int_]
    score: NDArray[np.float64]
    free: NDArray[np.bool_]
    room: NDArray[np.int_]
    most: NDArray[np.int_]
    promises: csr_array
    promised: NDArray[np.int_]

    def shortfall(self, held: NDArray[np.bool_]) -> int:
        """How many promised meetings are missing."""
        return int(np.maximum(self.promised - self.promises @ held.astype(float), 0).sum().round())

    def value(self, held: NDArray[np.bool_]) -> float:
        """Sum the scores, the same to the last digit in whatever order they stand."""
        return math.fsum(self.score[held])


@dataclass(frozen=True, eq=False)
class MeetingAnswer:
    """The slot of each pair (-1: not held), and what is proven of the best there can be.

    Attributes
    ----------
    slot
        One number a pair.
    value, bound
        The sum of scores, and the most that any schedule with as small a shortfall can reach.
    shortfall, shortfall_bound
        Promised meetings that are missing, and the fewest that any schedule misses.
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
    """Choose meetings, place them, fill up, and settle by a time-indexed program what is then open.

    Parameters
    ----------
    problem
        What is to be scheduled.

    Returns
    -------
    The schedule with its bounds. The same problem gives the same schedule.

    Notes
    -----
    The b-matching forgets which slot is which, so its optimum bounds the problem from above. Pairs whose
    reduced cost in its linear relaxation exceeds the gap are in no better schedule (reduced-cost fixing;
    Dantzig, Fulkerson and Johnson 1954), which keeps the time-indexed program small.

    Examples
    --------
    >>> from scipy.sparse import csr_array
    >>> triangle = MeetingProblem(
    ...     ends=np.array([[0, 1], [1, 2], [0, 2]]), score=np.array([3.0, 2.0, 2.0]),
    ...     free=np.ones((3, 2), dtype=bool), room=np.array([1, 1]), most=np.array([2, 2, 2]),
    ...     promises=csr_array((0, 3)), promised=np.zeros(0, dtype=int),
    ... )
    >>> answer = solve_meetings(triangle)
    >>> answer.value, answer.bound, answer.slot.tolist()
    (5.0, 5.0, [0, -1, 1])
    """
    chosen = _Program.of_pairs(problem)
    fewest = 0
    if len(problem.promised):
        _, least = chosen.solve(fewest=None)
        fewest = math.ceil(least - 1e-6)
    solution, bound = chosen.solve(fewest=fewest)
    held = np.zeros(len(problem.score), dtype=bool)
    held[chosen.pair] = False if solution is None else solution > 0.5
    best = _take_stock(problem, _place(problem, held, fewest), bound, fewest)
    return best if best.proven else _settle(problem, chosen, best)


def _take_stock(problem: MeetingProblem, slot: NDArray[np.int_], bound: float, fewest: int) -> MeetingAnswer:
    """Drop meetings that nobody gains from, and count."""
    held = slot >= 0
    shortfall = problem.shortfall(held)
    for pair in np.flatnonzero(held & (problem.score <= 0)):
        held[pair] = False
        held[pair] = problem.shortfall(held) > shortfall
    value = problem.value(held)
    return MeetingAnswer(np.where(held, slot, -1), value, max(bound, value), shortfall, fewest)


def _place(problem: MeetingProblem, held: NDArray[np.bool_], fewest: int) -> NDArray[np.int_]:
    """Give the chosen pairs slots, then add whatever else still fits."""
    board = Board([(int(u), int(v)) for u, v in problem.ends], problem.free, problem.room.tolist())
    chosen = [int(pair) for pair in np.flatnonzero(held)]
    chosen.sort(key=lambda pair: (len(board.shared[pair]), -problem.score[pair], pair))
    placed = [board.add(pair) for pair in chosen]
    if all(placed) and problem.shortfall(held) == fewest:
        return np.array(board.slot, dtype=int)
    if not all(placed) and sum(map(len, board.shared)) > _SMALL:
        needed = problem.promises @ held.astype(float) <= problem.promised
        bonus = 1 + 2 * np.abs(problem.score).max(initial=0)
        worth = np.maximum(problem.score, 0) + bonus * (needed.astype(float) @ problem.promises)
        board.squeeze(chosen, worth.tolist())
    _fill(problem, board)
    return np.array(board.slot, dtype=int)


def _fill(problem: MeetingProblem, board: Board) -> None:
    """Add pairs that are not held, those first that a promise misses, as long as they fit."""
    held = np.array(board.slot) >= 0
    short = (problem.promises @ held.astype(float) < problem.promised).astype(float) @ problem.promises
    meetings = np.bincount(problem.ends[held].ravel(), minlength=len(problem.most))
    for pair in np.lexsort((-problem.score, -short)):
        ends = problem.ends[pair]
        wanted = problem.score[pair] > 0 or short[pair] > 0
        if wanted and not held[pair] and (meetings[ends] < problem.most[ends]).all() and board.add(int(pair)):
            meetings[ends] += 1


def _settle(problem: MeetingProblem, chosen: _Program, best: MeetingAnswer) -> MeetingAnswer:
    """Close the gap by programs that know the slots, over the meetings that could still be of use."""
    nothing = np.full(len(problem.score), -1)
    program = _Program.of_slots(problem)
    if len(program.gain) > _LARGEST_PROOF:
        return best
    if best.shortfall > best.shortfall_bound:
        solution, least = program.solve(fewest=None)
        fewest = max(best.shortfall_bound, math.ceil(least - 1e-6))
        best = _better(problem, best, program.slots(solution, nothing), best.bound, fewest)
    pairs, slots = chosen.relax(best.shortfall), program.relax(best.shortfall)
    best = replace(best, bound=max(best.value, min(best.bound, slots.bound)))
    is_large = len(program.gain) > _SMALL
    if is_large:
        best = _exchange(problem, best)
    if best.gap <= (_ENOUGH if is_large else 0):
        return best
    useful = np.zeros(len(problem.score), dtype=bool)
    useful[chosen.pair] = pairs.useful(best.value)
    program = program.only(useful[program.pair] & slots.useful(best.value))
    solution, bound = program.solve(fewest=best.shortfall, enough=_ENOUGH if is_large else 0)
    return _better(problem, best, program.slots(solution, nothing), bound, best.shortfall_bound)


def _better(
    problem: MeetingProblem, best: MeetingAnswer, slot: NDArray[np.int_], bound: float, fewest: int
) -> MeetingAnswer:
    """Take the better one of a schedule and another, with what has been proven since."""
    bound = min(best.bound, max(bound, best.value))
    other = _take_stock(problem, slot, bound, fewest)
    if (other.shortfall, -other.value) < (best.shortfall, -best.value):
        return other
    return _take_stock(problem, best.slot, bound, fewest)


def _exchange(problem: MeetingProblem, best: MeetingAnswer) -> MeetingAnswer:
    """Schedule a few slots anew, the others as they are, until that has stopped helping."""
    n_slots = problem.free.shape[1]
    dice = np.random.default_rng(0)
    idle = 0
    while idle < _PATIENCE and best.gap > _ENOUGH:
        anew = dice.choice(n_slots, size=min(3, n_slots), replace=False)
        kept = (best.slot >= 0) & ~np.isin(best.slot, anew)
        held = np.bincount(problem.ends[kept].ravel(), minlength=len(problem.most))
        open_slots = np.isin(np.arange(n_slots), anew)
        part = replace(
            problem,
            free=problem.free & open_slots,
            most=problem.most - held,
            promised=np.maximum(
                problem.promised - (problem.promises @ kept.astype(float)).round().astype(int), 0
            ),
        )
        program = _Program.of_slots(part)
        program = program.only(~kept[program.pair])
        fewest = part.shortfall((best.slot >= 0) & ~kept)
        solution, _ = program.solve(fewest=fewest)
        other = _better(
            problem,
            best,
            program.slots(solution, np.where(kept, best.slot, -1)),
            best.bound,
            best.shortfall_bound,
        )
        idle = 0 if other.value > best.value + _EXACT else idle + 1
        best = other
    return best


@dataclass(frozen=True, eq=False)
class _Relaxed:
    """What a linear relaxation proves: a bound, and what each variable takes off it when it is 1."""

    bound: float
    reduced: NDArray[np.float64]

    def useful(self, value: float) -> NDArray[np.bool_]:
        """Which variables can be 1 in an answer worth more than ``value``."""
        return self.bound - self.reduced > value + _EXACT


@dataclass(frozen=True, eq=False)
class _Program:
    """Choose x in {0, 1}: most ``gain @ x`` with ``rows @ x <= limit`` and ``promises @ x >= promised``.

    Variable i is the pair ``pair[i]``, in the slot ``slot[i]`` (-1 where slots are not told apart).
    """

    gain: NDArray[np.float64]
    pair: NDArray[np.int_]
    slot: NDArray[np.int_]
    rows: csr_array
    limit: NDArray[np.float64]
    promises: csr_array
    promised: NDArray[np.int_]

    @classmethod
    def of_pairs(cls, problem: MeetingProblem) -> _Program:
        """Make the b-matching: how many meetings each participant has, not when."""
        from scipy.sparse import csr_array, vstack

        u, v = problem.ends.T
        pair = np.flatnonzero((problem.free[u] & problem.free[v]).any(axis=1))
        most = np.minimum(problem.most, problem.free.sum(axis=1))
        total = np.minimum(problem.room, problem.free.sum(axis=0) // 2).sum()
        rows = vstack([incidence(problem.ends[pair], len(most)), csr_array(np.ones((1, len(pair))))]).tocsr()
        return cls(
            problem.score[pair],
            pair,
            np.full(len(pair), -1),
            rows,
            np.append(most, total).astype(float),
            problem.promises[:, pair],
            problem.promised,
        )

    @classmethod
    def of_slots(cls, problem: MeetingProblem) -> _Program:
        """Make the whole problem: one variable a pair and slot."""
        from scipy.sparse import csr_array, vstack

        u, v = problem.ends.T
        pair, slot = np.nonzero(problem.free[u] & problem.free[v])
        n_people, n_slots = problem.free.shape
        ones, here = np.ones(len(pair)), np.arange(len(pair))
        busy = incidence(problem.ends[pair] * n_slots + slot[:, None], n_people * n_slots)
        inside = csr_array((ones, (slot, here)), shape=(n_slots, len(pair)))
        once = csr_array((ones, (pair, here)), shape=(len(u), len(pair)))
        often = incidence(problem.ends[pair], n_people)
        return cls(
            problem.score[pair],
            pair,
            slot,
            vstack([busy, inside, once, often]).tocsr(),
            np.concatenate([np.ones(busy.shape[0]), problem.room, np.ones(len(u)), problem.most]).astype(
                float
            ),
            problem.promises[:, pair],
            problem.promised,
        )

    def only(self, kept: NDArray[np.bool_]) -> _Program:
        """Make the same program over fewer variables, without the rows that then say nothing."""
        rows = self.rows[:, kept]
        says = rows.sum(axis=1) > self.limit
        return replace(
            self,
            gain=self.gain[kept],
            pair=self.pair[kept],
            slot=self.slot[kept],
            rows=rows[says],
            limit=self.limit[says],
            promises=self.promises[:, kept],
        )

    def slots(self, solution: NDArray[np.float64] | None, elsewhere: NDArray[np.int_]) -> NDArray[np.int_]:
        """Read the slot of each pair of the problem; ``elsewhere`` for what the solution does not hold."""
        slot = elsewhere.copy()
        if solution is not None:
            taken = solution > 0.5
            slot[self.pair[taken]] = self.slot[taken]
        return slot

    def _arrays(self, fewest: int | None) -> tuple[NDArray[np.float64], csr_array, NDArray[np.float64]]:
        """Costs, rows and limits; behind the meetings stands one variable a promise, what it misses."""
        from scipy.sparse import block_array, csr_array, eye_array

        n, missing = len(self.gain), len(self.promised)
        if not missing:
            return -self.gain, self.rows, self.limit
        short = np.concatenate([np.zeros(n), np.ones(missing)])
        blocks: list[list[csr_array | None]] = [
            [self.rows, None],
            [-self.promises, csr_array(-eye_array(missing))],
        ]
        limit = np.concatenate([self.limit, -self.promised])
        if fewest is None:
            return short, block_array(blocks, format="csr"), limit
        blocks.append([None, csr_array(np.ones((1, missing)))])
        return (
            np.append(-self.gain, np.zeros(missing)),
            block_array(blocks, format="csr"),
            np.append(limit, fewest),
        )

    def solve(self, *, fewest: int | None, enough: float = 0) -> tuple[NDArray[np.float64] | None, float]:
        """Find the best x, or None, and a bound: of the value if ``fewest`` may be missing, else of these."""
        from scipy.optimize import Bounds, LinearConstraint, milp

        n = len(self.gain)
        if n == 0:
            return np.zeros(0), 0.0 if fewest is not None else float(self.promised.sum())
        cost, rows, limit = self._arrays(fewest)
        is_meeting = np.arange(len(cost)) < n
        with silenced():
            result = milp(
                cost,
                constraints=LinearConstraint(rows, ub=limit),
                integrality=is_meeting.astype(int),
                bounds=Bounds(0, np.where(is_meeting, 1, np.inf)),
                options={"mip_rel_gap": enough, "node_limit": _NODES},
            )
        bound = result.mip_dual_bound
        if bound is None or not math.isfinite(bound):
            return None, 0.0 if fewest is None else math.inf
        return (None if result.x is None else result.x[:n]), -bound if fewest is not None else bound

    def relax(self, fewest: int) -> _Relaxed:
        """Solve without asking for whole numbers."""
        cost, rows, limit = self._arrays(fewest)
        n = len(self.gain)
        bounds = np.column_stack([np.zeros(len(cost)), np.where(np.arange(len(cost)) < n, 1, np.inf)])
        bound, reduced = relax_program(-cost, rows, limit, bounds)
        return _Relaxed(bound, reduced[:n])


def incidence(ends: NDArray[np.int_], n: int) -> csr_array:
    """Rows of ends by pairs, 1 where the row is an end of the pair."""
    from scipy.sparse import csr_array

    columns = np.tile(np.arange(len(ends)), 2)
    return csr_array((np.ones(2 * len(ends)), (ends.T.ravel(), columns)), shape=(n, len(ends)))


def relax_program(
    gain: NDArray[np.float64], rows: csr_array, limit: NDArray[np.float64], bounds: NDArray[np.float64]
) -> tuple[float, NDArray[np.float64]]:
    """Solve a program without asking for whole numbers.

    Parameters
    ----------
    gain, rows, limit
        Most ``gain @ x`` is sought with ``rows @ x <= limit``.
    bounds
        Shape (variables, 2): the least and the most of each.

    Returns
    -------
    The optimum, and by how much it falls at least for each unit that a variable is above its least value;
    infinity and zeros where the solver gave up.

    Examples
    --------
    >>> from scipy.sparse import csr_array
    >>> one_of_two = csr_array([[1.0, 1.0]])
    >>> relax_program(np.array([3.0, 2.0]), one_of_two, np.array([1.0]), np.array([[0, np.inf]] * 2))
    (3.0, array([0., 1.]))
    """
    from scipy.optimize import linprog

    run: Any = linprog  # its stubs know no sparse rows
    result = run(-gain, A_ub=rows, b_ub=limit, bounds=bounds, method="highs")
    if result.status != 0:
        return math.inf, np.zeros(len(gain))
    return -float(result.fun), np.asarray(result.lower.marginals)
