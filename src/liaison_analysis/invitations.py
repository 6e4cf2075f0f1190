"""Whom to invite: the guest list of most value within its wishes, its bound, and wishes that clash."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from liaison_analysis.matching import relax_program

if TYPE_CHECKING:
    from collections.abc import Iterable

    from numpy.typing import NDArray
    from scipy.sparse import csr_array

_EXACT = 1e-9
_NODES = 300
_PATIENCE = 60
_SEEDS = 6
_TRIES = 30
_LARGEST_PROOF = 1_200


@dataclass(frozen=True, eq=False)
class GuestProblem:
    """Candidates numbered from 0, pairs of them to introduce, and the wishes for the list.

    Attributes
    ----------
    ends
        Shape (pairs, 2): the two candidates of each pair, which stands once.
    score
        What it is worth to have both ends there, not negative.
    capacity
        How many guests there may be.
    required, barred
        Candidates who must and who must not be there.
    roles
        For each counted role, shape (candidates, pairs): 1 where the pair makes the candidate come in
        that role.
    low, high
        How many guests are to come in each role.
    """

    ends: NDArray[np.int_]
    score: NDArray[np.float64]
    capacity: int
    required: NDArray[np.bool_]
    barred: NDArray[np.bool_]
    roles: tuple[csr_array, ...]
    low: NDArray[np.float64]
    high: NDArray[np.float64]

    def held(self, invited: NDArray[np.bool_]) -> NDArray[np.bool_]:
        """Say which pairs have both ends invited."""
        return np.asarray(invited[self.ends].all(axis=1), dtype=np.bool_)

    def value(self, invited: NDArray[np.bool_]) -> float:
        """Sum the scores of the pairs with both ends invited."""
        return math.fsum(self.score[self.held(invited)])

    def allows(self, invited: NDArray[np.bool_]) -> bool:
        """Whether a guest list fulfils every wish."""
        held = self.held(invited)
        met = np.bincount(self.ends[held].ravel(), minlength=len(invited)) > 0
        counts = np.array([np.count_nonzero(role @ held.astype(float)) for role in self.roles])
        return bool(
            invited.sum() <= self.capacity
            and invited[self.required].all()
            and not invited[self.barred].any()
            and met[invited & ~self.required].all()
            and (counts >= self.low).all()
            and (counts <= self.high).all()
        )

    def solve(self) -> tuple[NDArray[np.bool_], float] | None:
        """Find the best guest list and a bound that no list can exceed; None where the wishes clash.

        Notes
        -----
        This is the heaviest-subgraph problem with side constraints. A tabu search by exchange (Glover 1989)
        finds the list; the linear relaxation, in which a guest has at most ``capacity - 1`` pairs, bounds
        it and rules out candidates by reduced cost; branch and bound (HiGHS) then closes the gap as far as
        its fixed number of nodes reaches, so that the same problem always gives the same list.

        Examples
        --------
        >>> line = GuestProblem(
        ...     ends=np.array([[0, 1], [1, 2], [2, 3]]), score=np.array([1.0, 2.0, 4.0]), capacity=3,
        ...     required=np.zeros(4, dtype=bool), barred=np.zeros(4, dtype=bool),
        ...     roles=(), low=np.zeros(0), high=np.zeros(0),
        ... )
        >>> line.solve()
        (array([False,  True,  True,  True]), 6.0)
        """
        program = _Program(self)
        starts = self._starts()
        if not starts:
            any_list = program.any_list()
            if any_list is None:
                return None
            starts = [any_list]
        found = [_search(self, start) for start in starts]
        best = max(found, key=self.value)
        value = self.value(best)
        bound, useful = program.relax(value)
        if bound > value + _EXACT and np.count_nonzero(self.held(useful)) <= _LARGEST_PROOF:
            other, proven = program.prove(useful, value)
            bound = min(bound, max(value, proven))
            if other is not None and self.allows(other) and self.value(other) > value + _EXACT:
                best = _search(self, other)
                bound = max(bound, self.value(best))
        return best, bound

    def _starts(self) -> list[NDArray[np.bool_]]:
        """Make guest lists to start from: the best without lower quotas, from some pairs, then mended."""
        free = replace(self, low=np.zeros_like(self.low))
        if not free.allows(self.required):
            return []
        starts = []
        seeds = [[], *self.ends[np.argsort(-self.score, kind="stable")[:_SEEDS]].tolist()]
        for seed in seeds:
            start = self.required.copy()
            start[seed] = True
            if free.allows(start):
                start = _mend(self, _search(free, start))
                starts += [start] if self.allows(start) else []
        return starts

    def missing(self, invited: NDArray[np.bool_]) -> int:
        """Count the guests that lower quotas still want."""
        held = self.held(invited).astype(float)
        counts = np.array([np.count_nonzero(role @ held) for role in self.roles])
        return int(np.maximum(self.low - counts, 0).sum())

    def clash(self) -> list[tuple[str, int]]:
        """Find an irreducible set of wishes that cannot all be fulfilled, by deletion filtering.

        Returns
        -------
        Pairs of a kind ("capacity", "required", "barred", "low", "high") and a number (of a candidate or a
        role; 0 for the capacity): together they clash, and without any one of them the rest can be met.

        Notes
        -----
        Chinneck and Dravnieks, ORSA Journal on Computing 3 (1991).
        """
        wishes = [("barred", int(i)) for i in np.flatnonzero(self.barred)]
        wishes += [("high", i) for i in np.flatnonzero(np.isfinite(self.high)).tolist()]
        wishes += [("capacity", 0)]
        wishes += [("required", int(i)) for i in np.flatnonzero(self.required)]
        wishes += [("low", i) for i in np.flatnonzero(self.low > 0).tolist()]
        clashing, problem = [], self
        unbarred = self.without(wish for wish in wishes if wish[0] == "barred")
        if _Program(unbarred).any_list() is None:
            problem, wishes = unbarred, [wish for wish in wishes if wish[0] != "barred"]
        for wish in wishes:
            without = problem.without([wish])
            if _Program(without).any_list() is None:
                problem = without
            else:
                clashing.append(wish)
        return clashing

    def without(self, wishes: Iterable[tuple[str, int]]) -> GuestProblem:
        """Make the same problem with some wishes given up."""
        changed = {name: getattr(self, name).copy() for name in ("required", "barred", "low", "high")}
        capacity = self.capacity
        for kind, number in wishes:
            if kind == "capacity":
                capacity = len(self.required)
            else:
                changed[kind][number] = {"low": 0, "high": math.inf}.get(kind, False)
        return replace(self, capacity=capacity, **changed)


def _search(problem: GuestProblem, invited: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Add guests while there is room, then exchange one for another under a tabu rule."""
    from scipy.sparse import csr_array

    n = len(invited)
    u, v = problem.ends.T
    weight = csr_array((np.tile(problem.score, 2), (np.r_[u, v], np.r_[v, u])), shape=(n, n))
    now = _grow(problem, weight, invited.copy())
    best, most = now.copy(), problem.value(now)
    tabu = np.zeros(n, dtype=int)
    step = idle = 0
    while idle < _PATIENCE:
        step, idle = step + 1, idle + 1
        move = _exchange(problem, weight, now, blocked=tabu > step)
        if move is None:
            break
        gone, come = move
        now[gone], now[come] = False, True
        tabu[gone], tabu[come] = step + 7, step + 3
        now = _grow(problem, weight, now)
        value = problem.value(now)
        if value > most + _EXACT:
            best, most, idle = now.copy(), value, 0
    return best


def _mend(problem: GuestProblem, invited: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Exchange guests of little worth for those whom lower quotas want, for as little loss as possible."""
    loose = replace(problem, low=np.zeros_like(problem.low))
    u, v = problem.ends.T
    while short := problem.missing(invited):
        best, best_value = None, -math.inf
        touching = invited[u] ^ invited[v]
        wanted = np.zeros(len(invited), dtype=bool)
        for role in problem.roles:
            guest, pair = role.nonzero()
            wanted[guest[touching[pair]]] = True
            wanted[problem.ends[pair[touching[pair]]].ravel()] = True
        gain = np.bincount(problem.ends[problem.held(invited)].ravel(), minlength=len(invited))
        leave = np.flatnonzero(invited & ~problem.required)
        leave = leave[np.argsort(gain[leave], kind="stable")[:_TRIES]].tolist()
        for come in np.flatnonzero(wanted & ~invited & ~problem.barred).tolist():
            for gone in leave if invited.sum() >= problem.capacity else [come]:
                other = invited.copy()
                other[gone], other[come] = False, True
                if problem.missing(other) < short and loose.allows(other):
                    value = problem.value(other)
                    if value > best_value + _EXACT:
                        best, best_value = other, value
        if best is None:
            break
        invited = best
    return invited


def _grow(problem: GuestProblem, weight: csr_array, invited: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Invite the candidate who adds most, or the best two strangers, as long as there is room."""
    u, v = problem.ends.T
    while (room := problem.capacity - invited.sum()) > 0:
        gain = np.where(invited | problem.barred, -1.0, weight @ invited.astype(float))
        options = [[int(i)] for i in np.argsort(-gain, kind="stable")[:_TRIES] if gain[i] > 0]
        if room > 1 and not options:
            strangers = np.flatnonzero(
                ~(invited | problem.barred)[problem.ends].any(axis=1) & (problem.score > 0)
            )
            strangers = strangers[np.argsort(-problem.score[strangers], kind="stable")[:_TRIES]]
            options = [[int(u[pair]), int(v[pair])] for pair in strangers]
        for option in options:
            invited[option] = True
            if problem.allows(invited):
                break
            invited[option] = False
        else:
            break
    return invited


def _exchange(
    problem: GuestProblem, weight: csr_array, invited: NDArray[np.bool_], *, blocked: NDArray[np.bool_]
) -> tuple[int, int] | None:
    """Choose the guest to leave and the candidate to come that together change the value for the best."""
    gain = weight @ invited.astype(float)
    leave = np.flatnonzero(invited & ~problem.required & ~blocked)
    come = np.flatnonzero(~invited & ~problem.barred & ~blocked & (gain > 0))
    if not len(leave) or not len(come):
        return None
    change = (gain[come][None, :] - gain[leave][:, None] - weight[leave][:, come].toarray()).round(9)
    tries = min(_TRIES, change.size)
    for flat in np.argsort(-change, axis=None, kind="stable")[:tries]:
        gone, new = leave[flat // len(come)], come[flat % len(come)]
        other = invited.copy()
        other[gone], other[new] = False, True
        if problem.allows(other):
            return int(gone), int(new)
    return None


class _Program:
    """The mixed-integer program: a variable a candidate, one a pair, and one a candidate and counted role."""

    def __init__(self, problem: GuestProblem) -> None:
        from scipy.sparse import block_array, csr_array, eye_array

        self.problem = problem
        n, n_pairs, n_roles = len(problem.required), len(problem.score), len(problem.roles)
        here, (u, v) = np.arange(n_pairs), problem.ends.T
        end_u = csr_array((np.ones(n_pairs), (here, u)), shape=(n_pairs, n))
        end_v = csr_array((np.ones(n_pairs), (here, v)), shape=(n_pairs, n))
        touches, guests = (end_u + end_v).T.tocsr(), csr_array(eye_array(n))
        each = csr_array(eye_array(n_pairs))
        asked = np.flatnonzero(~problem.required)
        rows: list[list[csr_array | None]] = []
        limits: list[NDArray[np.float64]] = []

        def limit(invited: csr_array | None, held: csr_array | None, at_most: NDArray[np.float64]) -> None:
            rows.append([invited, held, *[None] * n_roles])
            limits.append(at_most)

        limit(-end_u, each, np.zeros(n_pairs))
        limit(-end_v, each, np.zeros(n_pairs))
        limit(csr_array(np.ones((1, n))), None, np.array([float(problem.capacity)]))
        limit(guests[asked], -touches[asked], np.zeros(len(asked)))
        limit(-(problem.capacity - 1) * guests, touches, np.zeros(n))
        if np.isfinite(problem.high).any():
            limit(end_u + end_v, -each, np.ones(n_pairs))
        for i, role in enumerate(problem.roles):
            limit(None, -role, np.zeros(n))
            rows[-1][2 + i] = guests
            limit(None, None, -problem.low[[i]])
            rows[-1][2 + i] = csr_array(-np.ones((1, n)))
            if np.isfinite(problem.high[i]):
                guest, pair = role.nonzero()
                one = (np.ones(len(guest)), np.arange(len(guest)))
                limit(
                    None,
                    csr_array((one[0], (one[1], pair)), shape=(len(guest), n_pairs)),
                    np.zeros(len(guest)),
                )
                rows[-1][2 + i] = csr_array((-one[0], (one[1], guest)), shape=(len(guest), n))
                limit(None, None, problem.high[[i]])
                rows[-1][2 + i] = csr_array(np.ones((1, n)))
        self.rows = block_array(rows, format="csr")
        self.limit = np.concatenate(limits)
        self.gain = np.concatenate([np.zeros(n), problem.score, np.zeros(n * n_roles)])

    def _bounds(self, useful: NDArray[np.bool_] | None = None) -> NDArray[np.float64]:
        """Shape (variables, 2): who is required comes, who is barred or of no use does not."""
        bounds = np.tile([0.0, 1.0], (len(self.gain), 1))
        n = len(self.problem.required)
        bounds[:n, 0] = self.problem.required
        bounds[:n, 1] = ~self.problem.barred if useful is None else ~self.problem.barred & useful
        return bounds

    def _solve(
        self,
        gain: NDArray[np.float64],
        bounds: NDArray[np.float64],
        rows: csr_array | None = None,
        limit: NDArray[np.float64] | None = None,
    ) -> tuple[NDArray[np.bool_] | None, float]:
        """Find the best list and the bound of its gain; no list and minus infinity where there is none."""
        from scipy.optimize import Bounds, LinearConstraint, milp

        if (bounds[:, 0] > bounds[:, 1]).any():
            return None, -math.inf
        n = len(self.problem.required)
        result = milp(
            -gain,
            constraints=LinearConstraint(
                self.rows if rows is None else rows, ub=self.limit if limit is None else limit
            ),
            integrality=(np.arange(len(gain)) < n).astype(int),
            bounds=Bounds(bounds[:, 0], bounds[:, 1]),
            options={"node_limit": _NODES} if gain.any() else {},
        )
        if result.status == 2:
            return None, -math.inf
        bound = math.inf if result.mip_dual_bound is None else -float(result.mip_dual_bound)
        return (None if result.x is None else result.x[:n] > 0.5), bound

    def any_list(self) -> NDArray[np.bool_] | None:
        """Find a guest list that fulfils the wishes, None if there is none."""
        return self._solve(np.zeros(len(self.gain)), self._bounds())[0]

    def relax(self, value: float) -> tuple[float, NDArray[np.bool_]]:
        """Find a bound, and the candidates who can be in a list worth more than ``value``."""
        bound, reduced = relax_program(self.gain, self.rows, self.limit, self._bounds())
        useful = bound - reduced[: len(self.problem.required)] > value + _EXACT
        return max(value, bound), useful | self.problem.required

    def prove(self, useful: NDArray[np.bool_], value: float) -> tuple[NDArray[np.bool_] | None, float]:
        """Look for a list worth more than ``value`` by branch and bound, and say what bound that reaches."""
        from scipy.sparse import csr_array, vstack

        rows = vstack([self.rows, csr_array(-self.gain[None, :])]).tocsr()
        return self._solve(self.gain, self._bounds(useful), rows, np.append(self.limit, -value))
