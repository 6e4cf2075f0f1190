"""An event in numbers: who is free when, what is locked, who comes first; solved, arranged and seated."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from liaison_analysis.salons.b_matching import MeetingAnswer, solve_meetings
from liaison_analysis.salons.idle_gaps import SlotProblem, close_gaps, idle_slots, rearrange
from liaison_analysis.salons.timetable_checks import (
    PAIR_COLUMNS,
    REFUSED,
    in_order,
    number_people,
    pair_key,
)
from liaison_analysis.salons.timetable_milp import MeetingProblem

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from numpy.typing import NDArray


@dataclass(frozen=True)
class First:
    """A pair that comes first: its slot, its second participant, and the pairs that come after it."""

    pair: int
    slot: int
    host: int
    late: list[int]


@dataclass(frozen=True, eq=False)
class Event:
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
    ) -> Event:
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

    def order(self, first: Sequence[tuple[Any, Any]], rivals: Collection[Any] | None) -> list[First]:
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
            found.append(First(pair, slot, host, late))
        return found

    def _allowed(self, order: list[First]) -> NDArray[np.bool_]:
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

    def stands(self, slot: NDArray[np.int_], order: list[First]) -> bool:
        """Whether those who come first do so in a schedule of the open pairs."""
        if not order:
            return True
        whole = self.kept.copy()
        whole[self.open] = slot
        held = np.flatnonzero(self.open & (whole >= 0))
        first = {one.pair for one in order}
        return bool(self._allowed(order)[held, whole[held]].all()) and first <= set(held.tolist())

    def _slots(self, answer: MeetingAnswer, order: list[First]) -> tuple[SlotProblem, NDArray[np.bool_]]:
        """Make the problem of the second stage, and mark the open pairs that are held."""
        held = answer.slot >= 0
        pairs = np.flatnonzero(self.open)[held]
        taken = np.zeros_like(self.free)
        taken[self.ends[self.kept >= 0].T, self.kept[self.kept >= 0]] = True
        problem = SlotProblem(self.ends[pairs], self._allowed(order)[pairs], taken, self.present, self.room)
        return problem, held

    def arrange(self, answer: MeetingAnswer, order: list[First]) -> NDArray[np.int_] | None:
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

    def fixed(self, order: list[First]) -> pd.DataFrame:
        """Locked meetings of those who come first."""
        rows = [(one.slot, *self.pairs.loc[one.pair, ["a", "b"]]) for one in order]
        return pd.DataFrame(rows, columns=["slot", "a", "b"])

    def waiting(self, unavailable: Mapping[Any, Collection[int]], order: list[First]) -> dict[Any, set[int]]:
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

    def close_gaps(self, answer: MeetingAnswer, order: list[First]) -> tuple[NDArray[np.int_], int, int]:
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
            most=np.maximum(per_person(most, self.people, n_slots) - held, 0),
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
        possible = np.minimum(possible, per_person(most, self.people, self.free.shape[1]))
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


def per_person(limit: int | Mapping[Any, int], people: list[Any], default: int) -> NDArray[np.int_]:
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
