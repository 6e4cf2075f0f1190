"""Constraints of a guest list, and its mixed-integer program."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np

from liaison_analysis._solver import incidence, relax_program, silenced

if TYPE_CHECKING:
    from collections.abc import Iterable

    from numpy.typing import NDArray
    from scipy.sparse import csr_array

# Nodes of branch and bound times pairs: a fixed amount of work, whatever the machine.
_WORK = 30_000
ENOUGH = 5e-3


@dataclass(frozen=True, eq=False)
class GuestProblem:
    """Candidates numbered from 0, pairs of them who could meet, and the wishes for the list.

    Attributes
    ----------
    ends
        Shape (pairs, 2): the two candidates of each pair, which stands once.
    score
        What it is worth that both meet, not negative.
    capacity, meetings
        How many guests there may be, and how many meetings each of them can hold.
    required, barred
        Candidates who must and who must not be there.
    strong
        Pairs that are a sufficient reason to come: guests who are not required hold at least one of them.
    roles
        For each counted role, shape (candidates, pairs): 1 where the pair makes the candidate come in
        that role.
    low, high
        How many guests are to meet somebody in each role, and how many at most may be there with somebody
        to meet in it.
    groups, group_limit
        Of the guests weighted by a row of ``groups``, shape (groups, candidates), the sum is at most
        ``group_limit``: quotas of a town, shares, guests who do not come together.
    """

    ends: NDArray[np.int_]
    score: NDArray[np.float64]
    capacity: int
    meetings: int
    required: NDArray[np.bool_]
    barred: NDArray[np.bool_]
    strong: NDArray[np.bool_]
    roles: tuple[csr_array, ...]
    low: NDArray[np.float64]
    high: NDArray[np.float64]
    groups: csr_array
    group_limit: NDArray[np.float64]

    @classmethod
    def of_pairs(
        cls, ends: NDArray[np.int_], score: NDArray[np.float64], n: int, *, capacity: int, meetings: int
    ) -> GuestProblem:
        """Make a problem of ``n`` candidates without any wish but for the number of guests.

        Examples
        --------
        >>> line = np.array([[0, 1], [1, 2], [2, 3]])
        >>> problem = GuestProblem.of_pairs(line, np.array([1.0, 2.0, 4.0]), 4, capacity=3, meetings=1)
        >>> problem.value(np.array([True, True, True, False]))
        -inf
        >>> replace(problem, meetings=2).value(np.array([True, True, True, False]))
        3.0
        """
        from scipy.sparse import csr_array

        nobody, none = np.zeros(n, dtype=bool), np.zeros(0)
        strong = np.ones(len(ends), dtype=bool)
        return cls(
            ends, score, capacity, meetings, nobody, nobody, strong, (), none, none, csr_array((0, n)), none
        )

    @property
    def size(self) -> int:
        """The number of candidates."""
        return len(self.required)

    def value(self, invited: NDArray[np.bool_]) -> float:
        """Sum the scores of the best meetings of these guests; minus infinity if the wishes are violated."""
        if (self.required & ~invited).any() or (self.barred & invited).any():
            return -math.inf
        part = replace(self.only(np.flatnonzero(invited)), capacity=self.capacity)
        program = GuestProgram(part)
        held = program.meetings_of_all()
        return -math.inf if held is None else math.fsum(part.score[held])

    def only(self, kept: NDArray[np.int_]) -> GuestProblem:
        """Make the same problem over some candidates."""
        number = np.full(self.size, -1)
        number[kept] = np.arange(len(kept))
        ends = number[self.ends]
        inside = (ends >= 0).all(axis=1)
        return replace(
            self,
            ends=ends[inside],
            score=self.score[inside],
            required=self.required[kept],
            barred=self.barred[kept],
            strong=self.strong[inside],
            roles=tuple(role[kept][:, np.flatnonzero(inside)] for role in self.roles),
            groups=self.groups[:, kept],
        )

    def without(self, wishes: Iterable[tuple[str, int]]) -> GuestProblem:
        """Make the same problem with some wishes given up."""
        names = ("required", "barred", "low", "high", "group_limit")
        changed = {name: getattr(self, name).copy() for name in names}
        capacity = self.capacity
        for kind, number in wishes:
            if kind == "capacity":
                capacity = self.size
            else:
                name = "group_limit" if kind == "group" else kind
                changed[name][number] = {"low": 0, "high": math.inf, "group": math.inf}.get(kind, False)
        return replace(self, capacity=capacity, **changed)


class GuestProgram:
    """The mixed-integer program: who comes, which pairs meet, and who counts for a role."""

    def __init__(self, problem: GuestProblem) -> None:
        from scipy.sparse import csr_array, eye_array

        self.problem = problem
        n, n_pairs = problem.size, len(problem.score)
        self._rows: list[dict[str, csr_array]] = []
        self._limits: list[NDArray[np.float64]] = []
        self._sizes = {"comes": n, "meets": n_pairs}
        guests, each = csr_array(eye_array(n)), csr_array(eye_array(n_pairs))
        ends = [
            csr_array((np.ones(n_pairs), (np.arange(n_pairs), end)), (n_pairs, n)) for end in problem.ends.T
        ]
        touches = incidence(problem.ends, n)
        for end in ends:
            self._limit({"comes": -end, "meets": each}, np.zeros(n_pairs))
        self._limit({"comes": -float(problem.meetings) * guests, "meets": touches}, np.zeros(n))
        self._limit({"comes": csr_array(np.ones((1, n)))}, np.array([float(problem.capacity)]))
        asked = np.flatnonzero(~problem.required)
        reason = touches.multiply(problem.strong[None, :]).tocsr()
        self._limit({"comes": guests[asked], "meets": -reason[asked]}, np.zeros(len(asked)))
        self._limit({"comes": problem.groups}, problem.group_limit)
        for i, role in enumerate(problem.roles):
            if problem.low[i] > 0:
                name = f"low {i}"
                self._sizes[name] = n
                self._limit({name: guests, "meets": -role}, np.zeros(n))
                self._limit({name: csr_array(-np.ones((1, n)))}, -problem.low[[i]])
            if np.isfinite(problem.high[i]):
                name = f"high {i}"
                self._sizes[name] = n
                guest, pair = role.nonzero()
                here = csr_array((np.ones(len(guest)), (np.arange(len(guest)), guest)), (len(guest), n))
                both = (ends[0] + ends[1]).tocsr()[pair]
                self._limit({"comes": both, name: -here}, np.ones(len(guest)))
                self._limit({name: csr_array(np.ones((1, n)))}, problem.high[[i]])

    def _limit(self, row: dict[str, csr_array], at_most: NDArray[np.float64]) -> None:
        """Remember rows, by the kind of variable that they weigh."""
        self._rows.append(row)
        self._limits.append(at_most)

    def _arrays(self) -> tuple[NDArray[np.float64], csr_array, NDArray[np.float64], NDArray[np.float64]]:
        """Gains, rows, limits and bounds of the variables."""
        from scipy.sparse import block_array, csr_array

        blocks = [
            [row.get(name, csr_array((len(limit), size))) for name, size in self._sizes.items()]
            for row, limit in zip(self._rows, self._limits, strict=True)
        ]
        problem = self.problem
        gain = np.zeros(sum(self._sizes.values()))
        gain[problem.size : problem.size + len(problem.score)] = problem.score
        bounds = np.tile([0.0, 1.0], (len(gain), 1))
        bounds[: problem.size] = np.column_stack([problem.required, ~problem.barred])
        rows, limit = block_array(blocks, format="csr"), np.concatenate(self._limits)
        return gain, rows[np.isfinite(limit)], limit[np.isfinite(limit)], bounds

    def relax(self) -> tuple[float, NDArray[np.float64]]:
        """Find a bound, and by how much at least it decreases if a candidate comes."""
        gain, rows, limit, bounds = self._arrays()
        if (bounds[:, 0] > bounds[:, 1]).any():
            return math.inf, np.zeros(self.problem.size)
        bound, reduced = relax_program(gain, rows, limit, bounds)
        return bound, reduced[: self.problem.size]

    def _run(
        self,
        *,
        at_least: float = 0,
        whole: bool = True,
        blind: bool = False,
        everybody: bool = False,
        enough: float = ENOUGH,
        nodes: int | None = None,
    ) -> tuple[NDArray[np.float64] | None, float]:
        """Solve it, ``whole`` with whole meetings, ``blind`` to the scores, ``everybody`` coming."""
        from scipy.optimize import Bounds, LinearConstraint, milp
        from scipy.sparse import csr_array, vstack

        gain, rows, limit, bounds = self._arrays()
        if everybody:
            bounds[: self.problem.size, 0] = 1
        if (bounds[:, 0] > bounds[:, 1]).any():
            return None, -math.inf
        if not len(gain):
            return (np.zeros(0), 0.0) if (limit >= 0).all() else (None, -math.inf)
        if at_least > 0:
            rows, limit = (
                vstack([rows, csr_array(-gain[None, :])]).tocsr(),
                np.append(limit, -at_least),
            )
        kinds = np.repeat(
            [name == "comes" or (whole and name == "meets") for name in self._sizes], [*self._sizes.values()]
        )
        if nodes is None:
            nodes = max(1, min(1_000, _WORK // max(len(self.problem.score), 1)))
        options: dict[str, Any] = (
            {} if blind else {"node_limit": nodes, "mip_rel_gap": 0 if whole else enough}
        )
        with silenced():
            result = milp(
                np.zeros(len(gain)) if blind else -gain,
                constraints=LinearConstraint(rows, ub=limit),
                integrality=kinds.astype(int),
                bounds=Bounds(bounds[:, 0], bounds[:, 1]),
                options=options,  # type: ignore[arg-type]
            )
        if result.status == 2:
            return None, -math.inf
        bound = math.inf if result.mip_dual_bound is None else -float(result.mip_dual_bound)
        return result.x, bound

    def solve(
        self, at_least: float, *, whole: bool, enough: float = ENOUGH, nodes: int | None = None
    ) -> tuple[NDArray[np.bool_] | None, float]:
        """Find the best list worth ``at_least`` so much, to a gap of ``enough``, and a bound of its value."""
        solution, bound = self._run(at_least=at_least, whole=whole, enough=enough, nodes=nodes)
        return None if solution is None else solution[: self.problem.size] > 0.5, bound

    def any_list(self) -> NDArray[np.bool_] | None:
        """Find a guest list that fulfils the wishes, None if there is none."""
        solution, _ = self._run(blind=True)
        return None if solution is None else solution[: self.problem.size] > 0.5

    def meetings_of_all(self) -> NDArray[np.bool_] | None:
        """Say which pairs meet if every candidate comes, None where the wishes forbid that."""
        solution, _ = self._run(everybody=True)
        n = self.problem.size
        return None if solution is None else solution[n : n + len(self.problem.score)] > 0.5
