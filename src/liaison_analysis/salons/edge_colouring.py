"""Put chosen meetings into slots: edge colouring with Kempe chains and ejection."""

from __future__ import annotations

import random
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from numpy.typing import NDArray

_EMPTY = -1
# Steps of the repair: a fixed amount of work, whatever the machine (judgement).
_WORK = 100_000


class Board:
    """Meetings and their slots, with nobody twice in a slot and no slot over its number of tables.

    Participants and pairs are whole numbers from 0. Every method keeps the board valid; a method that returns
    False has changed nothing.

    Parameters
    ----------
    ends
        The two participants of each pair.
    free
        Shape (participants, slots): True where a participant can meet.
    room
        How many meetings each slot has tables for.

    Attributes
    ----------
    slot
        The slot of each pair, -1 where it has none.

    Notes
    -----
    A schedule is an edge colouring of the graph of meetings, a colour being a slot. A pair whose two ends
    have no free slot in common is placed by swapping two colours along an alternating path (Kempe 1879;
    Vizing 1964), which always succeeds in a bipartite graph where everybody is free (König 1916). Pairs that
    cannot be placed because of limited availability eject others under a tabu rule (PartialCol; Blöchliger
    and Zufferey, Computers & Operations Research 35, 2008).

    Examples
    --------
    >>> board = Board([(0, 1), (1, 2), (2, 0)], [[True] * 3] * 3, [1, 1, 1])
    >>> [board.add(pair) for pair in range(3)], board.slot
    ([True, True, True], [0, 1, 2])
    """

    def __init__(
        self,
        ends: Sequence[Sequence[int]] | NDArray[np.int_],
        free: Sequence[Sequence[bool]] | NDArray[np.bool_],
        room: Sequence[int] | NDArray[np.int_],
    ) -> None:
        self.ends: list[list[int]] = np.asarray(ends, dtype=int).reshape(-1, 2).tolist()
        self.free: list[list[bool]] = np.asarray(free, dtype=bool).tolist()
        self.room: list[int] = np.asarray(room, dtype=int).tolist()
        self.slot = [_EMPTY] * len(self.ends)
        self.load = [0] * len(self.room)
        self.at = [[_EMPTY] * len(self.room) for _ in self.free]
        self._shared: dict[int, list[int]] = {}

    def shared(self, pair: int) -> list[int]:
        """List the slots with tables in which both ends of a pair can meet."""
        if pair not in self._shared:
            self._shared[pair] = [s for s, room in enumerate(self.room) if room and self._open(pair, s)]
        return self._shared[pair]

    def _open(self, pair: int, slot: int) -> bool:
        """Whether both ends can meet in the slot at all."""
        u, v = self.ends[pair]
        return self.free[u][slot] and self.free[v][slot]

    def _put(self, pair: int, slot: int) -> None:
        u, v = self.ends[pair]
        self.at[u][slot] = self.at[v][slot] = pair
        self.slot[pair] = slot
        self.load[slot] += 1

    def lift(self, pair: int) -> None:
        """Take a pair off the board."""
        slot = self.slot[pair]
        u, v = self.ends[pair]
        self.at[u][slot] = self.at[v][slot] = self.slot[pair] = _EMPTY
        self.load[slot] -= 1

    def add(self, pair: int) -> bool:
        """Place a pair: in a free slot, else by one Kempe chain, else by relieving a full slot."""
        return self._add_directly(pair) or self._add_by_chain(pair) or self._add_by_relief(pair)

    def _add_directly(self, pair: int) -> bool:
        """Take the emptiest slot in which both ends are idle."""
        u, v = self.ends[pair]
        idle = [
            s
            for s in self.shared(pair)
            if self.at[u][s] == _EMPTY and self.at[v][s] == _EMPTY and self.load[s] < self.room[s]
        ]
        if not idle:
            return False
        self._put(pair, min(idle, key=lambda s: (self.load[s] - self.room[s], s)))
        return True

    def _path(self, start: int, first: int, second: int) -> tuple[list[int], int]:
        """Pairs on the path from ``start`` that alternates between two slots, and where it ends."""
        path: list[int] = []
        here, slot = start, first
        while (pair := self.at[here][slot]) != _EMPTY:
            path.append(pair)
            u, v = self.ends[pair]
            here = v if here == u else u
            slot = second if slot == first else first
        return path, here

    def _swap(self, path: list[int], first: int, second: int) -> None:
        moves = [(pair, second if self.slot[pair] == first else first) for pair in path]
        for pair in path:
            self.lift(pair)
        for pair, slot in moves:
            self._put(pair, slot)

    def _add_by_chain(self, pair: int) -> bool:
        """Free a slot at one end by swapping two slots along the path that starts there."""
        for u, v in (self.ends[pair], self.ends[pair][::-1]):
            idle_u = [s for s in self.shared(pair) if self.at[u][s] == _EMPTY]
            idle_v = [s for s, yes in enumerate(self.free[v]) if yes and self.at[v][s] == _EMPTY]
            for a in idle_u:
                for b in idle_v:
                    if a == b:
                        continue
                    path, last = self._path(v, a, b)
                    if last == u or not all(self._open(p, a) and self._open(p, b) for p in path):
                        continue
                    moved = len(path) % 2
                    if self.load[a] - moved < self.room[a] and self.load[b] + moved <= self.room[b]:
                        self._swap(path, a, b)
                        self._put(pair, a)
                        return True
        return False

    def _add_by_relief(self, pair: int) -> bool:
        """Where only tables are missing: move one meeting from a full slot into one with a free table."""
        u, v = self.ends[pair]
        for a in self.shared(pair):
            if self.at[u][a] != _EMPTY or self.at[v][a] != _EMPTY:
                continue
            for b, load in enumerate(self.load):
                if load >= self.room[b] or a == b:
                    continue
                for path in self._heavy_paths(a, b):
                    if all(u not in self.ends[p] and v not in self.ends[p] for p in path):
                        self._swap(path, a, b)
                        self._put(pair, a)
                        return True
        return False

    def _heavy_paths(self, a: int, b: int) -> Iterable[list[int]]:
        """Alternating paths with one meeting more in ``a`` than in ``b`` whose swap everybody can follow."""
        for here, row in enumerate(self.at):
            if row[a] == _EMPTY or row[b] != _EMPTY:
                continue
            path, last = self._path(here, a, b)
            if len(path) % 2 and here < last and all(self._open(p, a) and self._open(p, b) for p in path):
                yield path

    def squeeze(self, wanted: Iterable[int], worth: Sequence[float], *, seed: int = 0) -> None:
        """Place ``wanted`` pairs of the largest total value that a tabu search finds, ejecting others.

        Parameters
        ----------
        wanted
            Pairs to have on the board, those already there among them.
        worth
            What each pair is worth.
        seed
            Of the tie-breaks and of the tabu tenures.
        """
        rng = random.Random(seed)  # noqa: S311 - breaks ties, not for security
        wanted = sorted(set(wanted))
        out = [pair for pair in wanted if self.slot[pair] == _EMPTY and self.shared(pair)]
        missing = least = sum(worth[pair] for pair in out)
        best = self.slot.copy()
        tabu: dict[tuple[int, int], int] = {}
        work, step = 0, 0
        while out and work < _WORK:
            step += 1
            moves = []
            for pair in out:
                for slot in self.shared(pair):
                    victims = self._ejected(pair, slot, worth)
                    loss = sum(worth[p] for p in victims) - worth[pair]
                    if tabu.get((pair, slot), 0) < step or missing + loss < least - 1e-9:
                        moves.append((round(loss, 9), rng.random(), pair, slot, victims))
            work += 1 + sum(len(self.shared(pair)) for pair in out)
            if not moves:
                continue
            loss, _, pair, slot, victims = min(moves)
            for victim in victims:
                self.lift(victim)
                tabu[victim, slot] = step + 5 + len(out) + rng.randrange(10)
            self._put(pair, slot)
            out = [p for p in out if p != pair]
            out += [victim for victim in victims if not self.add(victim)]
            missing = sum(worth[p] for p in out)
            if missing < least - 1e-9:
                least, best = missing, self.slot.copy()
        self._restore(best)

    def _ejected(self, pair: int, slot: int, worth: Sequence[float]) -> list[int]:
        """Pairs that must leave the slot for this one to enter it."""
        u, v = self.ends[pair]
        victims = [p for p in (self.at[u][slot], self.at[v][slot]) if p != _EMPTY]
        if not victims and self.load[slot] >= self.room[slot]:
            inside = {row[slot] for row in self.at} - {_EMPTY}
            victims = [min(inside, key=lambda p: (worth[p], p))]
        return victims

    def _restore(self, slots: Sequence[int]) -> None:
        for pair, slot in enumerate(self.slot):
            if slot != _EMPTY:
                self.lift(pair)
        for pair, slot in enumerate(slots):
            if slot != _EMPTY:
                self._put(pair, slot)
