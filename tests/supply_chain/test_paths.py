"""Paths through the chain, worked out by hand and against NetworkX."""

import ibis
import networkx as nx
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from liaison_analysis.supply_chain.paths import chain_paths


def paths(links: list[tuple[str, ...]], starts: list[str], hops: int = 3) -> dict[tuple[str, str], tuple]:
    columns = ["upstream", "downstream", "relation"][: len(links[0])]
    feeds = ibis.memtable(pd.DataFrame(links, columns=columns).astype("object"),
                          schema=dict.fromkeys(columns, "string"))  # fmt: skip
    start = ibis.memtable(pd.DataFrame({"product": starts}).astype("object"), schema={"product": "string"})
    table = ibis.duckdb.connect().to_pyarrow(chain_paths(feeds, start, hops=hops)).to_pylist()
    found = {(row["start"], row["product"]): (row["path"], row["hops"], row["strength"]) for row in table}
    assert len(found) == len(table)
    return found


def test_path_strengths_worked_out_on_five_products():
    # a→b→c→d→e and the shortcut a→c: out(a)=2, in(c)=2, all other degrees 1.
    links = [("a", "b"), ("b", "c"), ("c", "d"), ("d", "e"), ("a", "c")]
    found = paths(links, ["a"])
    ab = (1 / 2) ** 0.25
    bc = (1 / 2) ** 0.25
    ac = (1 / 4) ** 0.25
    assert {end: path for (_, end), (path, _, _) in found.items()} == {
        "b": "a→b",
        "c": "a→c",
        "d": "a→c→d",
        "e": "a→c→d→e",
    }
    assert found["a", "b"][1:] == (1, pytest.approx(ab))
    # Straight: .7071. By b: .8409² × .7 = .495.
    assert found["a", "c"][1:] == (1, pytest.approx(max(ac, ab * bc * 0.7)))
    assert found["a", "d"][1:] == (2, pytest.approx(ac * 0.7))
    assert found["a", "e"][1:] == (3, pytest.approx(ac * 0.49))


def test_the_way_round_a_busy_product_wins_but_never_round_a_direct_link():
    # However weak a→c, since a feeds 30 things and 30 feed c: a→b→c pays the same at both ends, and more.
    links = [("a", "c"), ("a", "b"), ("b", "c")]
    links += [("a", f"x{i}") for i in range(28)] + [(f"y{i}", "c") for i in range(28)]
    assert paths(links, ["a"])["a", "c"][:2] == ("a→c", 1)
    # a→m→c goes through a product of 81 inputs and outputs; a→p→q→c is longer, but every link says more.
    links = [("a", "m"), ("m", "c"), ("a", "p"), ("p", "q"), ("q", "c")]
    links += [("m", f"x{i}") for i in range(80)] + [(f"y{i}", "m") for i in range(80)]
    path, hops, strength = paths(links, ["a"])["a", "c"]
    assert (path, hops) == ("a→p→q→c", 3)
    assert strength == pytest.approx((1 / 2) ** 0.25 * 0.7 * 0.7 * (1 / 2) ** 0.25)


def test_paths_stop_at_the_hops_asked_for_and_never_come_back():
    links = [("a", "b"), ("b", "c"), ("c", "a"), ("c", "d"), ("d", "e")]
    assert {end: hops for (_, end), (_, hops, _) in paths(links, ["a"]).items()} == {"b": 1, "c": 2, "d": 3}
    assert set(paths(links, ["a"], hops=1)) == {("a", "b")}
    assert set(paths(links, ["a", "d"], hops=2)) == {("a", "b"), ("a", "c"), ("d", "e")}


def test_equal_paths_are_ordered_by_their_text():
    links = [("a", "乙"), ("a", "甲"), ("乙", "z"), ("甲", "z")]
    assert paths(links, ["a"])["a", "z"][0] == "a→乙→z"


def test_what_makes_a_part_does_not_go_into_what_the_part_goes_into():
    # Both ways are alike but for the relations: the robot becomes part of the line, which makes the car; the
    # grinder makes the wheel, which becomes part of the car, and stays with whoever makes wheels.
    links = [("robot", "line", "part"), ("line", "car", "equipment")]
    links += [("grinder", "wheel", "equipment"), ("wheel", "car", "part"), ("car", "fleet", "part")]
    found = paths(links, ["robot", "grinder"])
    line = (1 / 2) ** 0.25 * 0.7
    assert found["robot", "car"] == ("robot→line→car", 2, pytest.approx(line))
    assert found["grinder", "car"] == ("grinder→wheel→car", 2, pytest.approx(line * 0.3))
    assert found["grinder", "wheel"][2] == pytest.approx(1)
    # Every link beyond the one by equipment keeps 0.3 more: one here, two there.
    assert found["robot", "fleet"][2] == pytest.approx(line * 0.7 * 0.3)
    assert found["grinder", "fleet"][2] == pytest.approx(line * 0.7 * 0.3 * 0.3)


RELATION = st.sampled_from(["part", "equipment", None])


@settings(max_examples=25)
@given(
    st.dictionaries(
        st.tuples(st.integers(0, 7), st.integers(0, 7)).filter(lambda e: e[0] < e[1]), RELATION, min_size=1
    )
)
def test_paths_are_the_best_of_all_simple_paths(edges):
    links = sorted((f"p{a}", f"p{b}", relation) for (a, b), relation in edges.items())
    graph = nx.DiGraph((u, v) for u, v, _ in links)
    for u, v, relation in links:
        strength = (graph.out_degree(u) * graph.in_degree(v)) ** -0.25
        graph.edges[u, v].update(s=strength, tool=0.3 if relation == "equipment" else 1.0)
    best = {}
    for start in graph:
        for end in graph:
            for path in nx.all_simple_paths(graph, start, end, cutoff=3) if start != end else ():
                strength, onward = 0.7 ** (len(path) - 2), 1.0
                for u, v in nx.utils.pairwise(path):
                    strength *= graph.edges[u, v]["s"] * onward
                    onward *= graph.edges[u, v]["tool"]
                key = (-round(strength, 9), len(path), "→".join(path))
                best[start, end] = min(best.get((start, end), key), key)
    found = paths(links, sorted(graph))
    assert set(found) == set(best)
    for ends, (path, hops, strength) in found.items():
        assert strength == pytest.approx(-best[ends][0], abs=1e-8)
        assert path.count("→") == hops <= 3
        assert nx.is_path(graph, path.split("→"))
        if graph.number_of_edges() < 12:  # with few links no two strengths differ by rounding alone
            assert (path, hops) == (best[ends][2], best[ends][1] - 1)
