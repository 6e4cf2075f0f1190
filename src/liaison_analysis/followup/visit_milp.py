"""Who visits whom in which week, as a mixed-integer program over numbers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

# Branch and bound stops at this gap or after so many nodes, not at a time limit, so plans are reproducible.
# Judgement: within 1 % of the bound; the nodes take under 30 s (benchmarks/followup.py, 240 × 40 × 13).
_GAP: Final = 0.009
_NODES: Final = 2_000


@dataclass(frozen=True, eq=False)
class VisitProblem:
    """Visits to place: enterprises, officers and weeks are numbers from 0.

    Attributes
    ----------
    pairs
        Shape (pairs, 2): enterprise and officer who may visit it; every enterprise has at least one.
    stand_in
        Additional cost of each pair's visit, 0 for the officer whose visit it is.
    urgency
        Of each enterprise: cost of a visit in the last week; earlier weeks cost in proportion.
    town
        Number of each enterprise's town.
    free
        Shape (officers, weeks): whether an officer can visit in a week.
    per_week
        Most visits of an officer in a week.
    trip
        Cost of each town an officer goes to in a week.
    """

    pairs: NDArray[np.int64]
    stand_in: NDArray[np.float64]
    urgency: NDArray[np.float64]
    town: NDArray[np.int64]
    free: NDArray[np.bool_]
    per_week: int
    trip: float

    @property
    def room(self) -> NDArray[np.int64]:
        """Most visits of each officer in all weeks."""
        return np.asarray(self.free.sum(axis=1) * self.per_week, dtype=np.int64)

    def crowded(self) -> tuple[NDArray[np.int64], NDArray[np.int64]] | None:
        """Enterprises that together have too few officers' visits, and those officers; None if all fit in.

        Hall's condition: a maximum flow that leaves enterprises out ends at a minimum cut, and what lies on
        the near side of it is a set of enterprises larger than the room of everyone who may visit one.
        """
        flow = self._flow(self.room)
        n = len(self.urgency)
        if flow.flow_value == n:
            return None
        from scipy.sparse.csgraph import breadth_first_order

        left = self._network(self.room) - flow.flow
        left.data = np.maximum(left.data, 0)
        left.eliminate_zeros()
        near = np.zeros(left.shape[0], dtype=bool)
        near[breadth_first_order(left, 0, return_predecessors=False)] = True
        return np.flatnonzero(near[1 : n + 1]), np.flatnonzero(near[n + 1 : -1])

    def fewest(self) -> int:
        """Smallest number of visits such that no officer need make more."""
        if len(self.free) == 1:
            return len(self.urgency)
        low, high = 0, int(self.room.max())
        while low < high:
            middle = (low + high) // 2
            fits = self._flow(np.minimum(self.room, middle)).flow_value == len(self.urgency)
            low, high = (low, middle) if fits else (middle + 1, high)
        return low

    def _network(self, room: NDArray[np.int64]) -> Any:
        """Network from a source (0) over enterprises and officers to a sink: one visit each, ``room`` out."""
        from scipy.sparse import csr_array

        n, m = len(self.urgency), len(room)
        firm, officer = self.pairs.T
        start = np.r_[np.zeros(n, dtype=int), firm + 1, np.arange(m) + n + 1]
        end = np.r_[np.arange(n) + 1, officer + n + 1, np.full(m, n + m + 1)]
        capacity = np.r_[np.ones(n), np.ones(len(firm)), room].astype(np.int32)
        return csr_array((capacity, (start, end)), shape=(n + m + 2, n + m + 2))

    def _flow(self, room: NDArray[np.int64]) -> Any:
        from scipy.sparse.csgraph import maximum_flow

        network = self._network(room)
        return maximum_flow(network, 0, network.shape[0] - 1)

    def parts(self) -> list[tuple[NDArray[np.int64], NDArray[np.int64], VisitProblem]]:
        """Split into problems that share no officer: numbers of their enterprises and officers, and each."""
        from scipy.sparse import csr_array
        from scipy.sparse.csgraph import connected_components

        n, m = len(self.urgency), len(self.free)
        firm, officer = self.pairs.T
        joined = csr_array((np.ones(len(firm)), (firm, officer + n)), shape=(n + m, n + m))
        label = connected_components(joined, directed=False)[1]
        subproblems = []
        for part in np.unique(label[:n]).tolist():
            firms, officers = np.flatnonzero(label[:n] == part), np.flatnonzero(label[n:] == part)
            own = label[firm] == part
            pairs = np.column_stack(
                [np.searchsorted(firms, firm[own]), np.searchsorted(officers, officer[own])]
            )
            problem = VisitProblem(
                pairs, self.stand_in[own], self.urgency[firms], self.town[firms], self.free[officers],
                self.per_week, self.trip,
            )  # fmt: skip
            subproblems.append((firms, officers, problem))
        return subproblems

    def solve(self) -> tuple[NDArray[np.int64], NDArray[np.int64], float, float]:
        """Officer and week of each enterprise's visit, its cost, and a lower bound of the cost."""
        officer, week = (np.zeros(len(self.urgency), dtype=np.int64) for _ in range(2))
        cost = bound = 0.0
        for firms, officers, problem in self.parts():
            at, when, part_cost, part_bound = _solve(problem)
            officer[firms], week[firms] = officers[at], when
            cost, bound = cost + part_cost, bound + part_bound
        return officer, week, cost, min(bound, cost)


def _solve(problem: VisitProblem) -> tuple[NDArray[np.int64], NDArray[np.int64], float, float]:
    """Solve one part: variables for each pair and week, for trips (officer, week, town) and officers' visits.

    The last ones even out the load: the k-th visit of an officer costs 2k − 1, so that loads cost their
    squares, minus the least that any plan must pay.
    """
    from scipy.optimize import Bounds, LinearConstraint, milp
    from scipy.sparse import csr_array, eye_array

    firm, officer = problem.pairs.T
    m, weeks = problem.free.shape
    pair, week = np.nonzero(problem.free[officer])
    who, whom = officer[pair], firm[pair]
    place = (who * weeks + week) * (problem.town.max() + 1) + problem.town[whom]
    trips, trip = np.unique(place, return_inverse=True)
    n, n_trips, most = len(problem.urgency), len(trips), problem.fewest()
    goes = _ones(np.arange(len(pair)), trip, (len(pair), n_trips))
    rows = _stack(
        [
            [_ones(whom, np.arange(len(pair)), (n, len(pair))), None, None],
            [_ones(who, np.arange(len(pair)), (m, len(pair))), None, _steps(m, most)],
            [_ones(who * weeks + week, np.arange(len(pair)), (m * weeks, len(pair))), None, None],
            [csr_array(eye_array(len(pair))), -goes, None],
            [goes.T, -problem.per_week * csr_array(eye_array(n_trips)), None],
        ]
    )
    high = np.r_[np.ones(n), np.zeros(m), np.full(m * weeks, problem.per_week), np.zeros(len(pair) + n_trips)]
    low = np.r_[np.ones(n), np.zeros(m), np.full(len(high) - n - m, -np.inf)]
    lateness = problem.urgency[whom] * week / max(weeks - 1, 1)
    # The last variable is 1 and subtracts what any plan must pay, so the gap is a share of avoidable cost.
    cost = np.r_[
        lateness + problem.stand_in[pair], np.full(n_trips, problem.trip), _squares(m, most),
        -_least_squares(problem, most),
    ]  # fmt: skip
    rows = _stack([[rows, csr_array((rows.shape[0], 1))]])
    result = milp(
        cost,
        constraints=LinearConstraint(rows, low, high),
        integrality=(np.arange(len(cost)) < len(pair) + n_trips).astype(np.int64),
        bounds=Bounds(np.arange(len(cost)) == len(cost) - 1, 1),
        options={"mip_rel_gap": _GAP, "node_limit": _NODES},
    )
    if result.x is None:
        raise RuntimeError(f"HiGHS found no visit plan though there is one: {result.message}")
    chosen = np.flatnonzero(result.x[: len(pair)] > 0.5)
    chosen = chosen[np.argsort(whom[chosen])]
    bound = 0.0 if result.mip_dual_bound is None else float(result.mip_dual_bound)
    return who[chosen], week[chosen], float(cost @ result.x), max(bound, 0.0)


def _least_squares(problem: VisitProblem, most: int) -> float:
    """Smallest sum of squared loads of any assignment: a flow with convex costs, hence a linear program."""
    from scipy.optimize import linprog

    firm, officer = problem.pairs.T
    n, m, here = len(problem.urgency), len(problem.free), np.arange(len(firm))
    if m == 1:
        # Most officers share no enterprise with another: a large park has hundreds of such parts.
        return float(n**2)
    rows = _stack(
        [[_ones(firm, here, (n, len(firm))), None], [_ones(officer, here, (m, len(firm))), _steps(m, most)]]
    )
    # No officer has more visits than weeks have room.
    room = (np.arange(most) < problem.room[:, None]).ravel()
    high = np.r_[np.ones(len(firm)), room]
    solution: Any = linprog(
        np.r_[np.zeros(len(firm)), _squares(m, most)],
        A_eq=rows,
        b_eq=np.r_[np.ones(n), np.zeros(m)],
        bounds=np.column_stack([np.zeros(len(high)), high]).tolist(),
    )
    return round(float(solution.fun), 6)


def _ones(row: NDArray[Any], column: NDArray[Any], shape: tuple[int, int]) -> Any:
    from scipy.sparse import csr_array

    return csr_array((np.ones(len(row)), (row, column)), shape=shape)


def _steps(officers: int, most: int) -> Any:
    """Take the first, second, … visit of each officer from its row."""
    from scipy.sparse import csr_array

    return -csr_array(np.repeat(np.eye(officers), most, axis=1))


def _squares(officers: int, most: int) -> NDArray[np.float64]:
    """Cost of an officer's first, second, … visit, whose sum is the square of their number."""
    return np.tile(2.0 * np.arange(most) + 1, officers)


def _stack(blocks: Any) -> Any:
    from scipy.sparse import block_array

    return block_array(blocks, format="csr")
