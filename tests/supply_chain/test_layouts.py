"""Columns and rows: every node has a link, columns follow the chain, and all that is shown has a place."""

import networkx as nx
import pandas as pd
from hypothesis import given
from hypothesis import strategies as st

from liaison_analysis.supply_chain.layouts import TALLEST, arranged, columns, connected

NAMES = [f"n{i}" for i in range(8)]
PAIRS = st.sets(st.tuples(st.sampled_from(NAMES), st.sampled_from(NAMES)).filter(lambda p: p[0] != p[1]))


def table(pairs):
    return pd.DataFrame(sorted(pairs), columns=["upstream", "downstream"], dtype="str")


@given(PAIRS, st.permutations(NAMES), st.integers(1, 8))
def test_every_chosen_node_is_linked_to_another_one(pairs, ranked, most):
    chosen = connected(table(pairs), ranked, most)
    assert len(chosen) <= most
    assert chosen == [name for name in ranked if name in chosen]
    assert all(any({name, other} == {*p} for p in pairs for other in chosen) for name in chosen)
    if most == len(NAMES):
        assert set(chosen) == {name for pair in pairs for name in pair}


@given(PAIRS)
def test_links_lead_to_a_column_further_right_unless_they_lie_in_a_circle(pairs):
    placed, more = columns(table(pairs), NAMES)
    assert placed.keys() == {name for pair in pairs for name in pair}
    assert more.total() == len(NAMES) - len(placed)
    graph = nx.DiGraph(list(pairs))
    deepest = max(nx.condensation(graph), default=0)
    for u, v in pairs:
        circle = nx.has_path(graph, v, u)
        assert placed[u] == placed[v] if circle else placed[u] < placed[v] or deepest > 5


def test_a_full_column_keeps_the_first_names_and_nobody_who_is_linked_to_the_others_alone():
    first = [f"n{i:02d}" for i in range(TALLEST + 3)]
    last = [*((name, "end") for name in first[:-1]), (first[-1], "else")]
    placed, more = columns(table(last), [*first, "end", "else"])
    assert placed == dict.fromkeys(first[:TALLEST], 0) | {"end": 1}
    assert more == {0: 3, 1: 1}


def test_columns_are_numbered_anew_and_rows_follow_neighbours():
    view = nx.MultiDiGraph(more={-1: 2, 7: 0})
    for name, layer in (("a", 2), ("b", 2), ("y", 5), ("z", 5)):
        view.add_node(("product", name), label=name, layer=layer)
    view.add_edges_from([(("product", "a"), ("product", "z")), (("product", "b"), ("product", "y"))])
    arranged(view)
    assert view.graph["more"] == {0: 2}
    place = {name: (data["layer"], data["row"]) for (_, name), data in view.nodes.items()}
    assert {name: layer for name, (layer, _) in place.items()} == {"a": 1, "b": 1, "y": 2, "z": 2}
    assert place["a"][1] == place["z"][1]
    assert place["b"][1] == place["y"][1]


def test_a_hub_that_ranks_last_takes_as_many_along_as_there_is_room_for():
    parts = [f"n{i:02d}" for i in range(9)]
    star = table((part, "hub") for part in parts)
    assert connected(star, [*parts, "hub"], 4) == [*parts[:3], "hub"]
    assert connected(star, [*parts, "hub"], 1) == []
    # A neighbour of a chosen node is added alone where there is no more room.
    more = table([("a", "b"), ("b", "c"), ("x", "c"), ("y", "c")])
    assert connected(more, ["a", "b", "x", "y", "c"], 3) == ["a", "b", "c"]
