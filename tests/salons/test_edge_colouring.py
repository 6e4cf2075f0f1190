"""The board keeps every rule whatever is done to it, and places what theory says can be placed."""

from __future__ import annotations

from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from liaison_analysis.salons import edge_colouring as placement
from liaison_analysis.salons.edge_colouring import Board


@st.composite
def boards(draw):
    n, slots = draw(st.integers(2, 8)), draw(st.integers(1, 5))
    every = [(a, b) for b in range(n) for a in range(b)]
    ends = draw(st.lists(st.sampled_from(every), unique=True, min_size=1, max_size=16))
    free = [[draw(st.booleans()) or draw(st.booleans()) for _ in range(slots)] for _ in range(n)]
    return Board(ends, free, draw(st.lists(st.integers(0, 3), min_size=slots, max_size=slots)))


def broken_rules(board):
    placed = [(pair, slot) for pair, slot in enumerate(board.slot) if slot >= 0]
    seats = [(end, slot) for pair, slot in placed for end in board.ends[pair]]
    loads = [sum(slot == s for _, slot in placed) for s in range(len(board.room))]
    return {
        "twice in a slot": len(seats) != len(set(seats)),
        "not free": not all(board.free[end][slot] for end, slot in seats),
        "over the room": any(load > room for load, room in zip(loads, board.room, strict=True)),
        "wrong load": loads != board.load,
        "wrong seat": {(e, s): p for p, s in placed for e in board.ends[p]}
        != {(e, s): p for e, row in enumerate(board.at) for s, p in enumerate(row) if p >= 0},
    }


@settings(max_examples=150, deadline=None)
@given(boards())
def test_every_move_keeps_the_rules(board):
    for pair in range(len(board.ends)):
        before = board.slot.copy()
        assert board.add(pair) == (board.slot[pair] >= 0)
        assert board.slot[pair] >= 0 or board.slot == before
        assert all(slot >= 0 for other, slot in enumerate(board.slot) if before[other] >= 0)
        assert not any(broken_rules(board).values())


@settings(max_examples=25, deadline=None)
@given(boards(), st.data())
def test_squeezing_never_loses_worth_and_repeats_itself(board, data):
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(placement, "_WORK", 5_000)
        squeeze_twice(board, data)


def squeeze_twice(board, data):
    n = len(board.ends)
    worth = data.draw(st.lists(st.integers(1, 9), min_size=n, max_size=n))
    for pair in range(n):
        board.add(pair)
    twin = Board(board.ends, board.free, board.room)
    for pair in range(n):
        twin.add(pair)
    before = sum(worth[pair] for pair in range(n) if board.slot[pair] >= 0)
    board.squeeze(range(n), worth)
    twin.squeeze(range(n), worth)
    assert sum(worth[pair] for pair in range(n) if board.slot[pair] >= 0) >= before
    assert not any(broken_rules(board).values())
    assert board.slot == twin.slot


@settings(max_examples=40, deadline=None)
@given(st.integers(1, 7), st.integers(1, 7), st.randoms(use_true_random=False))
def test_a_bipartite_graph_fits_into_as_many_slots_as_its_busiest_has_meetings(left, right, dice):
    ends = [(i, left + j) for i, j in product(range(left), range(right))]
    dice.shuffle(ends)
    slots = max(left, right)
    board = Board(ends, [[True] * slots] * (left + right), [min(left, right)] * slots)
    assert all(board.add(pair) for pair in range(len(ends)))
    assert board.load == [min(left, right)] * slots
