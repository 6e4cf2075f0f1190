"""Who meets whom in which slot: the best schedule of meetings, and the proof of how good it is."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
import pandas as pd

from liaison_analysis.salons.b_matching import MeetingAnswer, solve_meetings
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
    from collections.abc import Collection

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
) -> pd.DataFrame:
    """Choose the meetings worth most and give each a slot and a table.

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

    Returns
    -------
    DataFrame[slot, table, a, b, score], sorted by slot and table; in a slot the meetings worth most have the
    first tables that are neither locked nor a host's. ``attrs`` holds floats: ``value`` (the sum of scores),
    ``bound`` (no schedule that misses as few promised meetings can be worth more), ``gap``
    (``(bound - value) / bound``), ``shortfall`` (promised meetings that are missing), ``shortfall_bound``
    (the fewest that any schedule misses) and ``min_meetings`` (what "fair" came to, or the least given).

    Raises
    ------
    ValueError
        If an argument cannot be used; the message lists every problem.

    Notes
    -----
    First a maximum-weight b-matching says which meetings to hold when every participant has as many as it has
    slots: its optimum bounds the whole problem. Prices find and prove it (see `price_pairs`), or a
    mixed-integer program, solved by HiGHS, over what they leave open. Then edge colouring places the meetings
    (see `placement`). What cannot be placed is settled by time-indexed programs over the meetings that the
    bound leaves open, which also lower the bound. Up to 1,000 possible (pair, slot) the optimum is proven,
    except where the solver's fixed number of nodes runs out; above, the work ends at a gap of 0.1 %; above
    60,000 the programs with slots are left out. The same input gives the same schedule, in whatever order
    the pairs stand.

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
        limits={"min_meetings": least, "max_meetings": most}, locked=locked,
    )  # fmt: skip
    event = _Event.of(pairs, locked, slots=slots, tables=tables, unavailable=unavailable or {}, breaks=breaks)
    if min_meetings == "fair":
        least, answer = event.solve_fairly(most)
    else:
        answer = event.solve(_per_person(least, event.people, 0), most)
    lowest = min(least.values(), default=0) if isinstance(least, Mapping) else least
    frame = event.frame(answer, locked, hosts or {})
    frame.attrs["min_meetings"] = float(lowest)
    return frame


@dataclass(frozen=True, eq=False)
class _Event:
    """The pairs of an event in order, its participants by number, when they are free and what is locked."""

    pairs: pd.DataFrame
    people: list[Any]
    ends: NDArray[np.int_]
    free: NDArray[np.bool_]
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
        free[ends[kept >= 0].T, kept[kept >= 0]] = False
        return cls(pairs, people, ends, free, kept, tables)

    @property
    def open(self) -> NDArray[np.bool_]:
        """The pairs that are neither locked nor refused."""
        return (self.kept < 0) & ~self.pairs["wish"].isin(REFUSED).to_numpy()

    def solve(self, least: NDArray[np.int_], most: int | Mapping[Any, int]) -> MeetingAnswer:
        """Schedule the open pairs around the locked ones."""
        held = self._held()
        n_slots = self.free.shape[1]
        problem = MeetingProblem(
            ends=self.ends[self.open],
            score=self.pairs["score"].to_numpy(dtype=float)[self.open],
            free=self.free,
            room=self.tables - np.bincount(self.kept[self.kept >= 0], minlength=n_slots),
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
            given = {pair_key(a, b): int(table) for a, b, table in rows}
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
