"""Which meetings to hold: b-matching, placement and a time-indexed program, with the proof of the gap."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from liaison_analysis.placement import Board
from liaison_analysis.prices import price_pairs
from liaison_analysis.solver import incidence, relax_program, silenced

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from scipy.sparse import csr_array

_EXACT = 1e-9
_LARGEST_PROOF = 60_000
_SMALL = 1_000
_INFEASIBLE = 2
# Branch and bound: nodes of a whole program, and of one for a few slots.
_NODES, _FEW_NODES = 300, 20
# Above _SMALL variables the work ends at a gap of _ENOUGH.
_ENOUGH = 1e-3
_FIRST_GUESS, _WIDER = 2e-4, 5
# Slots scheduled anew at a time, how often that may fail, and what share of the gap it is to close.
_MOST_ANEW, _PATIENCE, _STEP = 5, 12, 0.02


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
    least
        How many meetings each participant is promised.
    must
        True for the pairs whose meeting is promised.
    """

    ends: NDArray[np.int_]
    score: NDArray[np.float64]
    free: NDArray[np.bool_]
    room: NDArray[np.int_]
    most: NDArray[np.int_]
    least: NDArray[np.int_]
    must: NDArray[np.bool_]

    def met(self, held: NDArray[np.bool_]) -> NDArray[np.int_]:
        """How many meetings each participant has."""
        return np.bincount(self.ends[held].ravel(), minlength=len(self.most))

    def shortfall(self, held: NDArray[np.bool_]) -> int:
        """How many promised meetings are missing."""
        short = np.maximum(self.least - self.met(held), 0).sum()
        return int(short + np.count_nonzero(self.must & ~held))

    def value(self, held: NDArray[np.bool_]) -> float:
        """Sum the scores, the same to the last digit in whatever order they stand."""
        return math.fsum(self.score[held])

    @property
    def able(self) -> NDArray[np.bool_]:
        """The pairs whose ends are free at the same time at least once."""
        u, v = self.ends.T
        return np.asarray((self.free[u] & self.free[v]).any(axis=1), dtype=np.bool_)

    @property
    def total(self) -> int:
        """How many meetings there are tables for."""
        return int(self.room.sum())

    def around(self, kept: NDArray[np.bool_], open_pairs: NDArray[np.bool_]) -> MeetingProblem:
        """Make the problem of the open pairs that is left when the kept ones are held, slots aside."""
        met = self.met(kept)
        return replace(
            self,
            ends=self.ends[open_pairs],
            score=self.score[open_pairs],
            must=self.must[open_pairs],
            most=self.most - met,
            least=np.maximum(self.least - met, 0),
        )


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
    """Choose meetings, place them, fill up, and settle by time-indexed programs what is then open.

    Parameters
    ----------
    problem
        What is to be scheduled.

    Returns
    -------
    The schedule with its bounds. The same problem gives the same schedule.

    Notes
    -----
    The b-matching forgets which slot is which, so its optimum bounds the problem from above. Prices
    (`price_pairs`) find and prove it, or leave open the pairs whose surplus is smaller than the gap
    (reduced-cost fixing; Dantzig, Fulkerson and Johnson 1954), for a mixed-integer program. In the same way
    the time-indexed programs know only the pairs that a schedule near to the bound can hold or leave out.

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
        answer = solve_meetings(problem.around(~able & False, able))
        slot = np.full(len(able), -1)
        slot[able] = answer.slot
        lost = int(np.count_nonzero(problem.must & ~able))
        shortfall, fewest = answer.shortfall + lost, answer.shortfall_bound + lost
        return replace(answer, slot=slot, shortfall=shortfall, shortfall_bound=fewest)
    held, bound, fewest = _choose(problem)
    best = _take_stock(problem, _place(problem, held, fewest), bound, fewest)
    return best if best.proven else _settle(problem, best)


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
            sure = surplus > slack
            other, most = _match(problem, sure, (surplus >= -slack) & ~sure, fewest=0)
            return max(held, other, key=problem.value), min(bound, most), 0
    nothing = np.zeros_like(must)
    _, least = _Program.of_pairs(problem, problem.total).solve(fewest=None)
    fewest = math.ceil(least - 1e-6)
    return *_match(problem, nothing, ~nothing, fewest=fewest), fewest


def _match(
    problem: MeetingProblem,
    sure: NDArray[np.bool_],
    maybe: NDArray[np.bool_],
    *,
    fewest: int,
) -> tuple[NDArray[np.bool_], float]:
    """Find the best b-matching that holds what is sure, and a bound of those."""
    program = _Program.of_pairs(problem.around(sure, maybe), problem.total - int(np.count_nonzero(sure)))
    solution, bound = program.solve(fewest=fewest)
    held = sure.copy()
    held[maybe] = False if solution is None else solution > 0.5
    return held, problem.value(sure) + bound


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
    """Add pairs that are not held, those first that a promise misses, as long as they fit."""
    held = np.array(board.slot) >= 0
    met = problem.met(held)
    short = (met < problem.least)[problem.ends].sum(axis=1) + problem.must
    for pair in np.lexsort((-problem.score, -short)):
        ends = problem.ends[pair]
        wanted = problem.score[pair] > 0 or short[pair] > 0
        if wanted and not held[pair] and (met[ends] < problem.most[ends]).all() and board.add(int(pair)):
            met[ends] += 1
    return np.array(board.slot, dtype=int)


def _settle(problem: MeetingProblem, best: MeetingAnswer) -> MeetingAnswer:
    """Close the gap by programs that know the slots, over the meetings that could still be of use.

    A guess says how far the best schedule is below the bound. What a schedule as near as that must hold, and
    what it can hold, leave a small program; either it finds such a schedule, or there is none, and the bound
    falls by the guess.
    """
    nothing = np.full(len(problem.score), -1)
    program = _Program.of_slots(problem)
    if len(program.gain) > _LARGEST_PROOF:
        return best
    if best.shortfall > best.shortfall_bound:
        solution, least = program.solve(fewest=None)
        fewest = max(best.shortfall_bound, math.ceil(least - 1e-6))
        best = _better(problem, best, program.slots(solution, nothing), best.bound, fewest)
    by_pairs, surplus = _Program.of_pairs(problem, problem.total).relax(best.shortfall)
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
    """Schedule some slots anew, the others as they are, until that has stopped helping.

    Only what a better schedule than the present one can hold and must hold takes part, and only better ones
    are sought: most of these programs are seen to have no answer before they begin.
    """
    n_slots = problem.free.shape[1]
    dice = np.random.default_rng(0)
    size, idle = 3, 0
    while size <= _MOST_ANEW and best.gap > _ENOUGH:
        anew = np.isin(np.arange(n_slots), dice.choice(n_slots, size=min(size, n_slots), replace=False))
        held = best.slot >= 0
        kept = held & ~anew[best.slot]
        floor = best.value + _STEP * (best.bound - best.value)
        near = limit - floor + _EXACT
        maybe = ~kept & (surplus >= -min(near, _WIDER * _ENOUGH * abs(limit)))
        part = replace(problem.around(kept, maybe), free=problem.free & anew)
        program = _Program.of_slots(part)
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
    """Take the better one of a schedule and another, with what has been proven since."""
    bound = min(best.bound, max(bound, best.value))
    other = _take_stock(problem, slot, bound, fewest)
    if (other.shortfall, -other.value) < (best.shortfall, -best.value):
        return other
    return _take_stock(problem, best.slot, bound, fewest)


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
    def of_pairs(cls, problem: MeetingProblem, total: int) -> _Program:
        """Make the b-matching: how many meetings each participant has, not when."""
        from scipy.sparse import csr_array, vstack

        often = incidence(problem.ends, len(problem.most))
        rows = vstack([often, csr_array(np.ones((1, len(problem.ends))))]).tocsr()
        limit = np.append(problem.most, total).astype(float)
        here = np.arange(len(problem.ends))
        return cls(problem.score, here, np.full(len(here), -1), rows, limit, *_promises(problem, here))

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
        limit = np.concatenate([np.ones(busy.shape[0]), problem.room, np.ones(len(u)), problem.most])
        rows = vstack([busy, inside, once, often]).tocsr()
        return cls(problem.score[pair], pair, slot, rows, limit, *_promises(problem, pair))

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

    def near(self, sure: NDArray[np.int_], floor: float) -> _Program:
        """Make the same program of answers that hold some pairs for sure and are worth so much."""
        from scipy.sparse import csr_array, vstack

        here = np.flatnonzero(np.isin(self.pair, sure))
        row = np.searchsorted(sure, self.pair[here])
        held = csr_array((-np.ones(len(here)), (row, here)), shape=(len(sure), len(self.pair)))
        rows = vstack([self.rows, held, csr_array(-self.gain[None, :])]).tocsr()
        return replace(self, rows=rows, limit=np.concatenate([self.limit, -np.ones(len(sure)), [-floor]]))

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

    def solve(
        self, *, fewest: int | None, enough: float = 0, nodes: int = _NODES
    ) -> tuple[NDArray[np.float64] | None, float]:
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
                options={"mip_rel_gap": enough, "node_limit": nodes},
            )
        if result.status == _INFEASIBLE:
            return None, -math.inf
        bound = result.mip_dual_bound
        if bound is None or not math.isfinite(bound):
            return None, 0.0 if fewest is None else math.inf
        return (None if result.x is None else result.x[:n]), -bound if fewest is not None else bound

    def relax(self, fewest: int) -> tuple[float, NDArray[np.float64]]:
        """Solve without asking for whole numbers: a bound, and each variable's surplus (see `Prices`)."""
        cost, rows, limit = self._arrays(fewest)
        n = len(self.gain)
        bounds = np.column_stack([np.zeros(len(cost)), np.where(np.arange(len(cost)) < n, 1, np.inf)])
        bound, reduced = relax_program(-cost, rows, limit, bounds)
        return bound, -reduced[:n]


def _promises(problem: MeetingProblem, pair: NDArray[np.int_]) -> tuple[csr_array, NDArray[np.int_]]:
    """Make one row a participant who is promised something, then one a pair that must be held."""
    from scipy.sparse import csr_array, vstack

    owed, must = np.flatnonzero(problem.least), np.flatnonzero(problem.must)
    one = csr_array((np.ones(len(must)), (np.arange(len(must)), must)), shape=(len(must), len(problem.must)))
    rows = vstack([incidence(problem.ends, len(problem.most))[owed], one]).tocsr()
    return rows[:, pair], np.concatenate([problem.least[owed], np.ones(len(must), dtype=int)])
