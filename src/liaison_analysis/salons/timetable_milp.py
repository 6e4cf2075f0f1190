"""Constraints of a schedule of meetings, and its mixed-integer programs, with and without slots."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from liaison_analysis._solver import incidence, relax_program, silenced

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from scipy.sparse import csr_array

# Nodes of branch and bound: a fixed amount of work, whatever the machine (judgement).
_NODES = 300
# Status of scipy.optimize.milp.
_INFEASIBLE = 2


@dataclass(frozen=True, eq=False)
class MeetingProblem:
    """Pairs of participants, both numbered from 0, and the constraints of their schedule.

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
        """Sum the scores; the result does not depend on their order."""
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
class MeetingProgram:
    """Choose x in {0, 1}: most ``gain @ x`` with ``rows @ x <= limit`` and ``promises @ x >= promised``.

    Variable i is the pair ``pair[i]``, in the slot ``slot[i]`` (-1 where slots are not distinguished).
    """

    gain: NDArray[np.float64]
    pair: NDArray[np.int_]
    slot: NDArray[np.int_]
    rows: csr_array
    limit: NDArray[np.float64]
    promises: csr_array
    promised: NDArray[np.int_]

    @classmethod
    def of_pairs(cls, problem: MeetingProblem, total: int) -> MeetingProgram:
        """Make the b-matching: how many meetings each participant has, not when."""
        from scipy.sparse import csr_array, vstack

        often = incidence(problem.ends, len(problem.most))
        rows = vstack([often, csr_array(np.ones((1, len(problem.ends))))]).tocsr()
        limit = np.append(problem.most, total).astype(float)
        here = np.arange(len(problem.ends))
        return cls(problem.score, here, np.full(len(here), -1), rows, limit, *_promises(problem, here))

    @classmethod
    def of_slots(cls, problem: MeetingProblem) -> MeetingProgram:
        """Make the whole problem: one variable for each pair and slot."""
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

    def only(self, kept: NDArray[np.bool_]) -> MeetingProgram:
        """Make the same program over fewer variables, without rows that become empty."""
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

    def near(self, fixed: NDArray[np.int_], floor: float) -> MeetingProgram:
        """Make the same program for solutions that hold some pairs and have at least some value."""
        from scipy.sparse import csr_array, vstack

        here = np.flatnonzero(np.isin(self.pair, fixed))
        row = np.searchsorted(fixed, self.pair[here])
        held = csr_array((-np.ones(len(here)), (row, here)), shape=(len(fixed), len(self.pair)))
        rows = vstack([self.rows, held, csr_array(-self.gain[None, :])]).tocsr()
        return replace(self, rows=rows, limit=np.concatenate([self.limit, -np.ones(len(fixed)), [-floor]]))

    def slots(self, solution: NDArray[np.float64] | None, elsewhere: NDArray[np.int_]) -> NDArray[np.int_]:
        """Read the slot of each pair of the problem; ``elsewhere`` for what the solution does not hold."""
        slot = elsewhere.copy()
        if solution is not None:
            taken = solution > 0.5
            slot[self.pair[taken]] = self.slot[taken]
        return slot

    def _arrays(self, fewest: int | None) -> tuple[NDArray[np.float64], csr_array, NDArray[np.float64]]:
        """Costs, rows and limits; after the meetings, one variable for each promise: its shortfall."""
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
    """Make one row for each participant with a promise, then one for each pair that must be held."""
    from scipy.sparse import csr_array, vstack

    owed, must = np.flatnonzero(problem.least), np.flatnonzero(problem.must)
    one = csr_array((np.ones(len(must)), (np.arange(len(must)), must)), shape=(len(must), len(problem.must)))
    rows = vstack([incidence(problem.ends, len(problem.most))[owed], one]).tocsr()
    return rows[:, pair], np.concatenate([problem.least[owed], np.ones(len(must), dtype=int)])
