"""Who meets whom in which slot: the best schedule of meetings, and the proof of how good it is."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
import pandas as pd

from liaison_analysis.salons.b_matching import MeetingAnswer, solve_meetings
from liaison_analysis.salons.idle_gaps import SlotProblem, close_gaps, idle_slots, rearrange
from liaison_analysis.salons.timetable_checks import (
    PAIR_COLUMNS,
    REFUSED,
    check_arguments,
    in_order,
    number_people,
    pair_key,
)
from liaison_analysis.salons.timetable_milp import MeetingProblem

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from numpy.typing import NDArray


def schedule_meetings(
    pairs: pd.DataFrame,
    *,
    slots: int,
    tables: int,
    unavailable: Mapping[Any, Collection[int]] | None = None,
    breaks: Collection[int] = (),
    min_meetings: int | Mapping[Any, int] | Literal["fair"] = 0,
    max_meetings: int | Mapping[Any, int] | None = None,
    hosts: Mapping[Any, int] | None = None,
    locked: pd.DataFrame | None = None,
    first: Sequence[tuple[Any, Any]] = (),
    rivals: Collection[Any] | None = None,
    compact: bool = True,
) -> pd.DataFrame:
    """Choose the meetings worth most, give each a slot and a table, and let nobody wait longer than need be.

    Parameters
    ----------
    pairs
        DataFrame[a, b, score]: who could meet whom and what the meeting is worth. Each two participants
        stand at most once, in either order. A column ``wish`` may say more of a pair: "must" (a promise, as
        those of ``min_meetings``), "meet" or nothing, "no thanks" or "already met" (never scheduled). Other
        columns are ignored.
    slots, tables
        How many slots there are and how many meetings can go on at the same time; both are numbered from 0.
    unavailable
        The slots in which a participant cannot meet; who is not named can always.
    breaks
        Slots in which nobody meets.
    min_meetings
        How many meetings everybody in ``pairs`` is promised, or a number for each participant named. Where
        not all promises can be kept, as few meetings as possible are missing, and only then counts the score.
        "fair" promises everybody the most that all can have who could at all: first the worst-off, then the
        sum.
    max_meetings
        How many meetings a participant has at most, one number for all or one for each participant named.
    hosts
        The table of a participant who stays there: all its meetings are held at it, and others use it only
        when no other is free and the host has no meeting.
    locked
        DataFrame[slot, a, b] and perhaps ``table``: meetings already accepted. They stand as they are, the
        rest is planned around them; each is one of ``pairs``. They count for ``min_meetings`` and
        ``max_meetings`` but are never taken away.
    first
        Pairs whose meetings are promised and come first, in this order: each in the earliest slot in which
        both can, and none at the same time as one named before it with the same participant.
    rivals
        Who meets the second participant of a pair in ``first`` only after the first one has; by default
        everybody else.
    compact
        Whether the meetings move between slots, once they are chosen, so that participants wait less.

    Returns
    -------
    DataFrame[slot, table, a, b, score], sorted by slot and table; in a slot the meetings worth most have the
    first tables that are neither locked nor a host's. ``attrs`` holds floats: ``value`` (the sum of scores),
    ``bound`` (no schedule that misses as few promised meetings can be worth more), ``gap``
    (``(bound - value) / bound``), ``shortfall`` (promised meetings that are missing), ``shortfall_bound``
    (the fewest that any schedule misses), ``min_meetings`` (what "fair" came to, or the least given),
    ``idle`` (slots in which somebody who is there waits between its first and its last meeting, summed over
    all), ``idle_bound`` (how few they are at least for these meetings; 0 where that is not known) and
    ``idle_before`` (how many they were before the second stage).

    Raises
    ------
    ValueError
        If an argument cannot be used, or names who stands in no pair; the message lists every problem, with
        the nearest names.

    Notes
    -----
    First a maximum-weight b-matching says which meetings to hold when every participant has as many as it has
    slots: its optimum bounds the whole problem. Prices find and prove it (see `price_pairs`), or a
    mixed-integer program, solved by HiGHS, over what they leave open. Then edge colouring places the meetings
    (see `placement`). What cannot be placed is settled by time-indexed programs over the meetings that the
    bound leaves open, which also lower the bound. Up to 1,000 possible (pair, slot) the optimum is proven,
    except where the solver's fixed number of nodes runs out; above, the work ends at a gap of 0.1 %; above
    60,000 the programs with slots are left out. Then the meetings move between slots until as few slots as
    possible are idle; none is given up for that (`idle_gaps.close_gaps`; doi:10.1613/jair.1.12670). Where
    the best meetings leave no room for ``first``, these are fixed beforehand, and the bound is that of what
    can be added to them. The same input gives the same schedule, in whatever order the pairs stand.

    Examples
    --------
    >>> pairs = pd.DataFrame(
    ...     [("robot maker", "car maker", 0.9), ("robot maker", "bank", 0.5), ("car maker", "bank", 0.4)],
    ...     columns=["a", "b", "score"],
    ... )
    >>> plan = schedule_meetings(pairs, slots=2, tables=5, unavailable={"bank": {0}})
    >>> print(plan.to_string(index=False))
     slot  table           a         b  score
        0      0 robot maker car maker    0.9
        1      0 robot maker      bank    0.5
    >>> plan.attrs["gap"]
    0.0
    """
    most = slots if max_meetings is None else max_meetings
    least = 0 if min_meetings == "fair" else min_meetings
    locked = pd.DataFrame(columns=["slot", "a", "b"]) if locked is None else locked
    check_arguments(
        pairs, slots=slots, tables=tables, unavailable=unavailable or {}, breaks=breaks, hosts=hosts or {},
        limits={"min_meetings": least, "max_meetings": most}, locked=locked, first=first,
        rivals=rivals or (),
    )  # fmt: skip
    if first:
        pairs = _promise(pairs, first)
    event = _Event.of(pairs, locked, slots=slots, tables=tables, unavailable=unavailable or {}, breaks=breaks)
    if min_meetings == "fair":
        least, answer = event.solve_fairly(most)
    else:
        answer = event.solve(_per_person(least, event.people, 0), most)
    order = event.order(first, rivals)
    if not event.stands(answer.slot, order):
        arranged = event.arrange(answer, order)
        if arranged is None:
            return schedule_meetings(
                pairs, slots=slots, tables=tables, breaks=breaks, min_meetings=min_meetings,
                max_meetings=max_meetings, hosts=hosts, locked=_with(locked, event.fixed(order)),
                unavailable=event.waiting(unavailable or {}, order), compact=compact,
            )  # fmt: skip
        answer = replace(answer, slot=arranged)
    before = event.idle(answer)
    slot, idle, fewest = event.close_gaps(answer, order) if compact else (answer.slot, before, 0)
    lowest = min(least.values(), default=0) if isinstance(least, Mapping) else least
    frame = event.frame(replace(answer, slot=slot), locked, hosts or {})
    frame.attrs |= {
        "min_meetings": float(lowest),
        "idle": float(idle),
        "idle_bound": float(fewest),
        "idle_before": float(before),
    }
    return frame


def _with(locked: pd.DataFrame, more: pd.DataFrame) -> pd.DataFrame:
    """Lock more meetings, whose tables are open."""
    if "table" in locked:
        locked, more = locked.assign(table=locked["table"].astype(object)), more.assign(table=None)
    return pd.concat([locked, more], ignore_index=True) if len(locked) else more


def _promise(pairs: pd.DataFrame, first: Sequence[tuple[Any, Any]]) -> pd.DataFrame:
    """Mark the pairs that come first as promised, unless they are refused."""
    keys = {pair_key(a, b) for a, b in first}
    wish = pairs["wish"].fillna("meet") if "wish" in pairs else pd.Series("meet", index=pairs.index)
    own = [pair_key(a, b) in keys for a, b in zip(pairs["a"], pairs["b"], strict=True)]
    return pairs.assign(wish=wish.mask(pd.Series(own, index=pairs.index) & ~wish.isin(REFUSED), "must"))


@dataclass(frozen=True)
class _First:
    """A pair that comes first: its slot, its second participant, and the pairs that come after it."""

    pair: int
    slot: int
    host: int
    late: list[int]


@dataclass(frozen=True, eq=False)
class _Event:
    """The pairs of an event in order, its participants by number, when they are free and what is locked."""

    pairs: pd.DataFrame
    people: list[Any]
    ends: NDArray[np.int_]
    free: NDArray[np.bool_]
    present: NDArray[np.bool_]
    kept: NDArray[np.int_]
    tables: int

    @classmethod
    def of(
        cls,
        pairs: pd.DataFrame,
        locked: pd.DataFrame,
        *,
        slots: int,
        tables: int,
        unavailable: Mapping[Any, Collection[int]],
        breaks: Collection[int],
    ) -> _Event:
        """Put checked arguments into numbers."""
        pairs = in_order(pairs)
        people, ends = number_people(pairs)
        number = {person: i for i, person in enumerate(people)}
        free = np.ones((len(people), slots), dtype=bool)
        free[:, list(breaks)] = False
        for person, closed in unavailable.items():
            if person in number:
                free[number[person], list(closed)] = False
        kept = _kept_slots(pairs, locked)
        present = free.copy()
        free[ends[kept >= 0].T, kept[kept >= 0]] = False
        return cls(pairs, people, ends, free, present, kept, tables)

    @property
    def open(self) -> NDArray[np.bool_]:
        """The pairs that are neither locked nor refused."""
        return (self.kept < 0) & ~self.pairs["wish"].isin(REFUSED).to_numpy()

    @property
    def room(self) -> NDArray[np.int_]:
        """How many tables each slot has beside the locked meetings."""
        return self.tables - np.bincount(self.kept[self.kept >= 0], minlength=self.free.shape[1])

    def order(self, first: Sequence[tuple[Any, Any]], rivals: Collection[Any] | None) -> list[_First]:
        """Find for each pair that comes first its slot, and the numbers of the pairs that come after it."""
        number = {
            pair_key(a, b): i for i, (a, b) in enumerate(zip(self.pairs["a"], self.pairs["b"], strict=True))
        }
        after = None if rivals is None else set(rivals)
        seats: set[tuple[Any, int]] = set()
        found = []
        for a, b in first:
            pair = number[pair_key(a, b)]
            if not self.open[pair]:
                continue
            u, v = self.ends[pair]
            times = np.flatnonzero(self.free[u] & self.free[v] & (self.room > 0)).tolist()
            slot = next((t for t in times if not {(u, t), (v, t)} & seats), None)
            if slot is None:
                continue
            seats |= {(u, slot), (v, slot)}
            host = self.people.index(b)
            others = np.flatnonzero((self.ends == host).any(axis=1) & self.open)
            late = [
                i
                for i in others.tolist()
                if i != pair and (after is None or self.people[int(self.ends[i].sum()) - host] in after)
            ]
            found.append(_First(pair, slot, host, late))
        return found

    def _allowed(self, order: list[_First]) -> NDArray[np.bool_]:
        """Mark where each pair may stand, shape (pairs, slots)."""
        u, v = self.ends.T
        allowed: NDArray[np.bool_] = self.free[u] & self.free[v]
        starts = {one.pair for one in order}
        for one in order:
            allowed[one.pair] &= np.arange(allowed.shape[1]) == one.slot
            for other in one.late:
                if other not in starts:
                    allowed[other, : one.slot + 1] = False
        return allowed

    def stands(self, slot: NDArray[np.int_], order: list[_First]) -> bool:
        """Whether those who come first do so in a schedule of the open pairs."""
        if not order:
            return True
        whole = self.kept.copy()
        whole[self.open] = slot
        held = np.flatnonzero(self.open & (whole >= 0))
        first = {one.pair for one in order}
        return bool(self._allowed(order)[held, whole[held]].all()) and first <= set(held.tolist())

    def _slots(self, answer: MeetingAnswer, order: list[_First]) -> tuple[SlotProblem, NDArray[np.bool_]]:
        """Make the problem of the second stage, and mark the open pairs that are held."""
        held = answer.slot >= 0
        pairs = np.flatnonzero(self.open)[held]
        taken = np.zeros_like(self.free)
        taken[self.ends[self.kept >= 0].T, self.kept[self.kept >= 0]] = True
        problem = SlotProblem(self.ends[pairs], self._allowed(order)[pairs], taken, self.present, self.room)
        return problem, held

    def arrange(self, answer: MeetingAnswer, order: list[_First]) -> NDArray[np.int_] | None:
        """Place the meetings held anew, those first that come first; None where they find no room."""
        problem, held = self._slots(answer, order)
        wanted = {one.pair for one in order}
        if not wanted <= set(np.flatnonzero(self.open)[held].tolist()):
            return None
        placed = rearrange(problem)
        if placed is None:
            return None
        slot = answer.slot.copy()
        slot[held] = placed
        return slot

    def fixed(self, order: list[_First]) -> pd.DataFrame:
        """Locked meetings of those who come first."""
        rows = [(one.slot, *self.pairs.loc[one.pair, ["a", "b"]]) for one in order]
        return pd.DataFrame(rows, columns=["slot", "a", "b"])

    def waiting(self, unavailable: Mapping[Any, Collection[int]], order: list[_First]) -> dict[Any, set[int]]:
        """Keep the second participants of those who come first away before their meeting."""
        busy: dict[Any, set[int]] = {who: set(slots) for who, slots in unavailable.items()}
        seats = {(int(end), one.slot) for one in order for end in self.ends[one.pair]}
        for one in order:
            if one.late:
                closed = {t for t in range(one.slot) if (one.host, t) not in seats}
                busy.setdefault(self.people[one.host], set()).update(closed)
        return busy

    def idle(self, answer: MeetingAnswer) -> int:
        """Count the idle slots of a schedule."""
        problem, held = self._slots(answer, [])
        return int(idle_slots(problem.occupied(answer.slot[held]), self.present).sum())

    def close_gaps(self, answer: MeetingAnswer, order: list[_First]) -> tuple[NDArray[np.int_], int, int]:
        """Move the open meetings so that nobody waits longer than need be."""
        problem, held = self._slots(answer, order)
        moved, idle, fewest = close_gaps(problem, answer.slot[held])
        slot = answer.slot.copy()
        slot[held] = moved
        return slot, idle, fewest

    def solve(self, least: NDArray[np.int_], most: int | Mapping[Any, int]) -> MeetingAnswer:
        """Schedule the open pairs around the locked ones."""
        held = self._held()
        n_slots = self.free.shape[1]
        problem = MeetingProblem(
            ends=self.ends[self.open],
            score=self.pairs["score"].to_numpy(dtype=float)[self.open],
            free=self.free,
            room=self.room,
            most=np.maximum(_per_person(most, self.people, n_slots) - held, 0),
            least=np.maximum(least - held, 0),
            must=(self.pairs["wish"] == "must").to_numpy()[self.open],
        )
        return solve_meetings(problem)

    def solve_fairly(self, most: int | Mapping[Any, int]) -> tuple[int, MeetingAnswer]:
        """Raise what everybody is promised until it cannot be kept; a promise is never more than possible."""
        u, v = self.ends.T
        slots = self.free[u] & self.free[v] & self.open[:, None]
        partners = np.bincount(self.ends[slots.any(axis=1)].ravel(), minlength=len(self.people))
        able = np.zeros_like(self.free)
        for end in (u, v):
            np.logical_or.at(able, end, slots)
        possible = np.minimum(partners, able.sum(axis=1)) + self._held()
        possible = np.minimum(possible, _per_person(most, self.people, self.free.shape[1]))
        best: tuple[int, MeetingAnswer] | None = None
        for least in range(1 + int(possible.max(initial=0))):
            answer = self.solve(np.minimum(possible, least), most)
            if best is not None and answer.shortfall > best[1].shortfall:
                break
            best = (least, answer)
        return best or (0, self.solve(np.zeros_like(possible), most))

    def _held(self) -> NDArray[np.int_]:
        """How many locked meetings each participant has."""
        return np.bincount(self.ends[self.kept >= 0].ravel(), minlength=len(self.people))

    def frame(self, answer: MeetingAnswer, locked: pd.DataFrame, hosts: Mapping[Any, int]) -> pd.DataFrame:
        """Make a frame of the meetings held, with their tables and what is proven of them."""
        slot = self.kept.copy()
        slot[self.open] = answer.slot
        given = {}
        if "table" in locked:
            rows = zip(locked["a"], locked["b"], locked["table"], strict=True)
            given = {pair_key(a, b): int(table) for a, b, table in rows if table is not None}
        frame = self.pairs.assign(slot=slot)[slot >= 0].sort_values("slot", kind="stable")
        frame["table"] = _give_tables(frame, given, hosts, self.tables)
        frame = frame.sort_values(["slot", "table"], ignore_index=True)
        already = math.fsum(self.pairs.loc[self.kept >= 0, "score"])
        value, bound = already + answer.value, already + answer.bound
        frame.attrs = {
            "value": value,
            "bound": bound,
            "gap": (bound - value) / abs(bound) if answer.gap else 0.0,
            "shortfall": float(answer.shortfall),
            "shortfall_bound": float(answer.shortfall_bound),
        }
        return frame[["slot", "table", *PAIR_COLUMNS]]


def _give_tables(
    frame: pd.DataFrame, given: Mapping[Any, int], hosts: Mapping[Any, int], tables: int
) -> list[int]:
    """Seat the meetings of each slot, best first: the locked, the hosts', then the others."""
    seats: dict[int, dict[int, int]] = {}
    rows = list(zip(frame["slot"], frame["a"], frame["b"], strict=True))
    table = [given.get(pair_key(a, b), -1) for _, a, b in rows]
    for place, (slot, _, _) in enumerate(rows):
        if table[place] >= 0:
            seats.setdefault(slot, {})[table[place]] = place
    for place, (slot, a, b) in enumerate(rows):
        own = [hosts[end] for end in (a, b) if end in hosts and hosts[end] not in seats.get(slot, {})]
        if table[place] < 0 and own:
            table[place] = own[0]
            seats.setdefault(slot, {})[own[0]] = place
    order = sorted(range(tables), key=lambda at: (at in set(hosts.values()), at))
    for place, (slot, _, _) in enumerate(rows):
        if table[place] < 0:
            taken = seats.setdefault(slot, {})
            table[place] = next(free for free in order if free not in taken)
            taken[table[place]] = place
    return table


def _per_person(limit: int | Mapping[Any, int], people: list[Any], default: int) -> NDArray[np.int_]:
    """Spread a limit over participants."""
    if isinstance(limit, Mapping):
        return np.array([int(limit.get(person, default)) for person in people], dtype=int)
    return np.full(len(people), int(limit))


def _kept_slots(pairs: pd.DataFrame, locked: pd.DataFrame) -> NDArray[np.int_]:
    """Find the locked slot of each pair, -1 where there is none."""
    if not len(locked):
        return np.full(len(pairs), -1)
    rows = zip(locked["a"], locked["b"], locked["slot"], strict=True)
    slot = {pair_key(a, b): int(slot) for a, b, slot in rows}
    ends = zip(pairs["a"], pairs["b"], strict=True)
    return np.array([slot.get(pair_key(a, b), -1) for a, b in ends], dtype=int)
