"""The second stage of a timetable: the same meetings, moved so that guests wait as little as possible."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from liaison_analysis._solver import silenced

if TYPE_CHECKING:
    from numpy.typing import NDArray

#: Up to this number of possible (meeting, slot) a program minimises the idle slots (judgement: an afternoon
#: of twenty guests has 300; one such program takes a second or two).
_LARGEST_PROGRAM: Final = 600
#: Nodes of branch and bound in that program: a fixed amount of work, whatever the machine.
_NODES: Final = 400
#: How often the exchanges go over all pairs of slots; they found nothing more after four on the benchmark's
#: families (2026-11).
_PASSES: Final = 6
# Of a count that a solver gives.
_ROUNDING: Final = 1e-6


@dataclass(frozen=True, eq=False)
class SlotProblem:
    """Meetings to be held, and the permitted slots of each.

    Attributes
    ----------
    ends
        Shape (meetings, 2): the two participants of each meeting, numbered from 0.
    allowed
        Shape (meetings, slots): True where a meeting may stand: both are there, and neither is ``taken``.
    taken
        Shape (participants, slots): True where a participant has a meeting that is not to be moved.
    present
        Shape (participants, slots): True where a participant is there and would wait if it had no meeting;
        breaks, and slots in which it is away, are no waiting.
    room
        How many of the meetings each slot has tables for.
    """

    ends: NDArray[np.int_]
    allowed: NDArray[np.bool_]
    taken: NDArray[np.bool_]
    present: NDArray[np.bool_]
    room: NDArray[np.int_]

    def occupied(self, slot: NDArray[np.int_]) -> NDArray[np.bool_]:
        """Mark with True, shape (participants, slots), where somebody meets if the meetings stand so."""
        busy = self.taken.copy()
        for end in self.ends.T:
            busy[end, slot] = True
        return busy


def idle_slots(busy: NDArray[np.bool_], present: NDArray[np.bool_]) -> NDArray[np.int_]:
    """Count for each participant the slots without a meeting between its first and its last.

    Parameters
    ----------
    busy, present
        Shape (participants, slots): where it meets, and where it is there.

    Examples
    --------
    >>> busy = np.array([[True, False, False, True], [False, True, True, False]])
    >>> away = np.array([[True, True, False, True], [True, True, True, True]])
    >>> idle_slots(busy, away).tolist()
    [1, 0]
    """
    begun = np.logical_or.accumulate(busy, axis=1)
    ahead = np.logical_or.accumulate(busy[:, ::-1], axis=1)[:, ::-1]
    return np.asarray(np.count_nonzero(begun & ahead & ~busy & present, axis=1))


def close_gaps(problem: SlotProblem, slot: NDArray[np.int_]) -> tuple[NDArray[np.int_], int, int]:
    """Move meetings to other slots so that participants have as few idle slots as possible.

    Parameters
    ----------
    problem
        The meetings and where they may stand.
    slot
        Where each stands now.

    Returns
    -------
    The new slot of each meeting, the idle slots of all participants together, and how few any arrangement of
    these meetings has at least (0 where that is not known).

    Notes
    -----
    No meeting is given up, so that value and promises stay the same: value first, waiting second. Idle slots
    are the criterion of Bofill, Coll, Garcia, Giráldez-Cru, Pesant, Suy and Villaret, Constraint solving
    approaches to the business-to-business meeting scheduling problem, JAIR 74 (2022),
    doi:10.1613/jair.1.12670. First two slots at a time exchange the meetings of a Kempe chain, as long as
    that helps; then, up to 600 possible (meeting, slot), a mixed-integer program with a fixed number of nodes
    goes on from there.

    Examples
    --------
    >>> line = SlotProblem(
    ...     ends=np.array([[0, 1], [0, 2]]), allowed=np.ones((2, 3), dtype=bool),
    ...     taken=np.zeros((3, 3), dtype=bool), present=np.ones((3, 3), dtype=bool), room=np.array([1, 1, 1]),
    ... )
    >>> moved, idle, fewest = close_gaps(line, np.array([0, 2]))
    >>> sorted(moved.tolist()), idle, fewest
    ([1, 2], 0, 0)
    """
    if not len(slot):
        return slot, 0, 0
    slot = _exchange(problem, slot)
    idle = int(idle_slots(problem.occupied(slot), problem.present).sum())
    fewest = 0
    if idle and np.count_nonzero(problem.allowed) <= _LARGEST_PROGRAM:
        other, fewest = _arrange(problem, at_most=idle)
        if other is not None:
            found = int(idle_slots(problem.occupied(other), problem.present).sum())
            if found < idle:
                slot, idle = other, found
    return slot, idle, min(fewest, idle)


def rearrange(problem: SlotProblem) -> NDArray[np.int_] | None:
    """Place every meeting where it may stand; None where that is impossible, or the problem is a large one.

    Examples
    --------
    >>> both = SlotProblem(
    ...     ends=np.array([[0, 1], [0, 2]]), allowed=np.array([[True, False], [True, True]]),
    ...     taken=np.zeros((3, 2), dtype=bool), present=np.ones((3, 2), dtype=bool), room=np.array([1, 1]),
    ... )
    >>> rearrange(both).tolist()
    [0, 1]
    """
    if not problem.allowed.any(axis=1).all() or np.count_nonzero(problem.allowed) > _LARGEST_PROGRAM:
        return None
    return _arrange(problem, at_most=None)[0]


def _exchange(problem: SlotProblem, slot: NDArray[np.int_]) -> NDArray[np.int_]:
    """Exchange Kempe chains between two slots while that lessens the idle slots."""
    slot = slot.copy()
    busy = problem.occupied(slot)
    load = np.bincount(slot, minlength=len(problem.room))
    n_slots = busy.shape[1]
    for _ in range(_PASSES):
        better = False
        for s in range(n_slots):
            for t in range(s + 1, n_slots):
                for chain in _chains(problem.ends, slot, s, t):
                    better |= _try(problem, chain, (slot, busy, load), (s, t))
        if not better:
            break
    return slot


def _chains(ends: NDArray[np.int_], slot: NDArray[np.int_], s: int, t: int) -> list[list[int]]:
    """Find the connected components of the meetings of two slots, each a path or a cycle."""
    here = np.flatnonzero((slot == s) | (slot == t)).tolist()
    meetings_of: dict[int, list[int]] = {}
    pairs = ends[here].tolist()
    for meeting, (a, b) in zip(here, pairs, strict=True):
        meetings_of.setdefault(a, []).append(meeting)
        meetings_of.setdefault(b, []).append(meeting)
    ends_of = dict(zip(here, pairs, strict=True))
    seen: set[int] = set()
    chains = []
    for first in here:
        if first in seen:
            continue
        seen.add(first)
        chain, ahead = [], [first]
        while ahead:
            meeting = ahead.pop()
            chain.append(meeting)
            for end in ends_of[meeting]:
                for other in meetings_of[end]:
                    if other not in seen:
                        seen.add(other)
                        ahead.append(other)
        chains.append(chain)
    return chains


def _try(
    problem: SlotProblem,
    chain: list[int],
    board: tuple[NDArray[np.int_], NDArray[np.bool_], NDArray[np.int_]],
    slots: tuple[int, int],
) -> bool:
    """Exchange one chain in place if it is allowed and lessens the idle slots."""
    (slot, busy, load), (s, t) = board, slots
    new = np.where(slot[chain] == s, t, s)
    if not problem.allowed[chain, new].all():
        return False
    more = int(np.count_nonzero(new == t)) - int(np.count_nonzero(new == s))
    if load[t] + more > problem.room[t] or load[s] - more > problem.room[s]:
        return False
    who = np.unique(problem.ends[chain])
    own, present = busy[who], problem.present[who]
    changed = own.copy()
    changed[:, [s, t]] = problem.taken[who][:, [s, t]]
    place = {person: i for i, person in enumerate(who.tolist())}
    for (a, b), at in zip(problem.ends[chain].tolist(), new.tolist(), strict=True):
        changed[place[a], at] = changed[place[b], at] = True
    if idle_slots(changed, present).sum() >= idle_slots(own, present).sum():
        return False
    slot[chain] = new
    busy[who] = changed
    load[t] += more
    load[s] -= more
    return True


def _arrange(problem: SlotProblem, *, at_most: int | None) -> tuple[NDArray[np.int_] | None, int]:
    """Solve the program: slots of the meetings with the fewest idle ones, or any (``at_most`` None)."""
    from scipy.optimize import Bounds, LinearConstraint, milp
    from scipy.sparse import csr_array

    meeting, slot = np.nonzero(problem.allowed)
    n, n_slots = len(meeting), len(problem.room)
    rows: list[tuple[dict[int, float], float, float]] = []
    rows += [
        (dict.fromkeys(np.flatnonzero(meeting == i).tolist(), 1.0), 1, 1) for i in range(len(problem.ends))
    ]
    rows += [
        (dict.fromkeys(np.flatnonzero(slot == t).tolist(), 1.0), 0, float(problem.room[t]))
        for t in range(n_slots)
    ]
    people = np.unique(problem.ends).tolist()
    seats: dict[tuple[int, int], dict[int, float]] = {}
    for x, (i, t) in enumerate(zip(meeting.tolist(), slot.tolist(), strict=True)):
        for person in problem.ends[i].tolist():
            seats.setdefault((person, t), {})[x] = 1.0
    rows += [(seat, 0, float(not problem.taken[key])) for key, seat in seats.items()]
    cost = np.zeros(n)
    if at_most is not None:
        cost = np.concatenate([cost, *_waiting_rows(problem, people, seats, rows, n)])
    where = [(r, x, weight) for r, (row, _, _) in enumerate(rows) for x, weight in row.items()]
    at_row, at_column, weights = (np.array(column) for column in zip(*where, strict=True))
    matrix = csr_array((weights, (at_row, at_column)), shape=(len(rows), len(cost)))
    options: dict[str, Any] = {"node_limit": _NODES}
    with silenced():
        result = milp(
            cost,
            constraints=LinearConstraint(
                matrix, lb=np.array([low for _, low, _ in rows]), ub=np.array([high for _, _, high in rows])
            ),
            integrality=(np.arange(len(cost)) < n).astype(int),
            bounds=Bounds(0, 1),
            options=options,  # type: ignore[arg-type]
        )
    bound = 0 if result.mip_dual_bound is None else int(np.ceil(result.mip_dual_bound - _ROUNDING))
    if result.x is None:
        return None, max(bound, 0)
    placed = np.zeros(len(problem.ends), dtype=int)
    chosen = np.flatnonzero(result.x[:n] > 0.5)
    placed[meeting[chosen]] = slot[chosen]
    return placed, max(bound, 0)


def _waiting_rows(
    problem: SlotProblem,
    people: list[int],
    seats: dict[tuple[int, int], dict[int, float]],
    rows: list[tuple[dict[int, float], float, float]],
    n: int,
) -> list[NDArray[np.float64]]:
    """Add variables begun, ahead and idle of each participant and slot, with rows; return their costs."""
    n_slots = len(problem.room)
    costs = []
    for person in people:
        begun, ahead, idle = (n + kind * n_slots for kind in range(3))
        for t in range(n_slots):
            meets, known = seats.get((person, t), {}), float(problem.taken[person, t])
            # Begun and ahead are at least what the person meets there, and carry on.
            rows.append(({**meets, begun + t: -1.0}, -np.inf, -known))
            rows.append(({**meets, ahead + t: -1.0}, -np.inf, -known))
            if t:
                rows.append(({begun + t - 1: 1.0, begun + t: -1.0}, -np.inf, 0.0))
                rows.append(({ahead + t: 1.0, ahead + t - 1: -1.0}, -np.inf, 0.0))
            minus = {x: -weight for x, weight in meets.items()}
            rows.append(({**minus, begun + t: 1.0, ahead + t: 1.0, idle + t: -1.0}, -np.inf, 1.0 + known))
        costs.append(np.concatenate([np.zeros(2 * n_slots), problem.present[person].astype(float)]))
        n += 3 * n_slots
    return costs
