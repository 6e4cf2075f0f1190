"""Routes against every simple path of small chains, and routes left after an enterprise drops out."""

from dataclasses import replace
from itertools import pairwise

import networkx as nx
import pytest
from helpers.small_ledger import frame, ledger
from helpers.tiered_chain import tiers
from helpers.two_ways import FIRMS, TWO_WAYS
from hypothesis import given, settings
from hypothesis import strategies as st

from liaison_analysis import load_liangjiang
from liaison_analysis.errors import LedgerError
from liaison_analysis.ledger import Ledger
from liaison_analysis.supply_chain.routes import route_risks, supply_routes

GOODS = "甲乙丙丁戊己"
LINKS = st.dictionaries(
    st.tuples(st.sampled_from(GOODS), st.sampled_from(GOODS)).filter(lambda p: p[0] != p[1]),
    st.sampled_from(["part", "equipment", None]),
    min_size=1,
    max_size=14,
)
MADE = st.sets(st.tuples(st.sampled_from("abc"), st.sampled_from(GOODS)), min_size=1, max_size=9)


def strength(way, links):
    """Of a path, by the formula of the docstring."""
    weight = 0.7 ** (len(way) - 2)
    for at, (u, v) in enumerate(pairwise(way)):
        n_out, n_in = (sum(pair[i] == end for pair in links) for i, end in ((0, u), (1, v)))
        last = at == len(way) - 2
        weight *= (n_out * n_in) ** -0.25 * (0.3 if links[u, v] == "equipment" and not last else 1)
    return weight


@settings(max_examples=30)
@given(LINKS, MADE)
def test_ways_are_the_strongest_of_all_simple_paths(links, made):
    goods = {end for pair in links for end in pair}
    start, end = min(goods), max(goods)
    by = {product for _, product in made}
    graph = nx.DiGraph(list(links))
    every = [way for way in nx.all_simple_paths(graph, start, end) if {*way[1:-1]} <= by]
    found = supply_routes(tiers(sorted(made), [(*p, r) for p, r in links.items()]), start, end, k=99)
    assert sorted(found["path"]) == sorted("→".join(way) for way in every)
    by_path = {"→".join(way): strength(way, links) for way in every}
    assert found["strength"].tolist() == pytest.approx([by_path[path] for path in found["path"]], abs=1e-8)
    assert found["strength"].is_monotonic_decreasing
    assert found["route"].tolist() == list(range(1, len(every) + 1))
    assert found["n_links"].tolist() == [path.count("→") for path in found["path"]]


def test_who_alone_makes_what_lies_between_is_named_and_can_drop_out():
    led = tiers(FIRMS, TWO_WAYS)
    found = supply_routes(led, "铜", "车")
    assert found[["path", "depends_on", "missing"]].to_numpy().tolist() == [
        ["铜→板→机→车", "企业e", ""],
        ["铜→线→机→车", "企业b、企业e", ""],
    ]
    assert supply_routes(led, "铜", "车", without=["b"])["path"].tolist() == ["铜→板→机→车"]
    # One of two makers of 板 leaves: the route stays, and depends on the other.
    assert supply_routes(led, "铜", "车", without=["c"])["depends_on"].tolist() == [
        "企业d、企业e",
        "企业b、企业e",
    ]
    assert supply_routes(led, "铜", "车", without="e").empty
    over = supply_routes(led, "铜", "车", without=["e"], over_gaps=True)
    assert over["missing"].tolist() == ["机", "机"]
    assert route_risks(led, "铜", "车").to_numpy().tolist() == [
        ["e", "企业e", "机", 2, "", 0.0],
        ["b", "企业b", "线", 1, "铜→板→机→车", found["strength"][0]],
    ]


def test_an_enterprise_stands_for_all_that_it_makes():
    led = tiers([*FIRMS, ("a", "线"), ("f", "机")], TWO_WAYS)
    # From copper and wire to motors and cars of the same maker: each way ends at the first of them.
    found = supply_routes(led, "a", "f", k=9)
    assert sorted(found["path"]) == ["线→机", "铜→板→机"]
    # Not over what the end makes itself, nor on from what the start makes.
    assert sorted(supply_routes(led, "a", "车", k=9)["path"]) == ["线→机→车", "铜→板→机→车"]
    both = supply_routes(led, "a", "b")
    assert both["path"].tolist() == ["铜→线"]
    assert supply_routes(led, "f", "a").empty


def test_order_of_the_ledgers_rows_does_not_matter():
    goods = [f"件{i}" for i in range(6)]
    chain = [(u, v, "part") for p in goods for u, v in (("铜", p), (p, "车"))]
    led = tiers([(f"m{p}", p) for p in goods], chain)
    back = replace(led, product_chain=led.product_chain[::-1], offers=led.offers[::-1])
    assert supply_routes(led, "铜", "车", k=2).equals(supply_routes(back, "铜", "车", k=2))


def test_makers_of_one_town_alone():
    led = tiers(FIRMS, TWO_WAYS, towns={"c": "鱼复", "d": "鱼复"})
    assert supply_routes(led, "铜", "车", town="水土")["path"].tolist() == ["铜→线→机→车"]
    with pytest.raises(ValueError, match="no enterprise lies in '龙兴'"):
        supply_routes(led, "铜", "车", town="龙兴")


def test_a_product_that_feeds_itself_or_is_listed_twice_changes_nothing():
    led = tiers(FIRMS, TWO_WAYS)
    again = tiers([*FIRMS, FIRMS[1]], [*TWO_WAYS, ("机", "机", "part"), ("铜", "线", "equipment")])
    assert supply_routes(again, "铜", "车").equals(supply_routes(led, "铜", "车"))


def test_of_the_sample_robots_reach_cars_over_the_lines_that_build_them():
    found = supply_routes(load_liangjiang(), "E001", "E241", k=5)
    lines = {"总装生产线", "涂装生产线", "焊装生产线"}
    assert {path.split("→")[1] for path in found["path"]} == lines
    assert found.loc[found["path"].str.contains("焊装生产线"), "depends_on"].eq("").all()
    # Paint is applied by one enterprise, cars are put together by another.
    risks = route_risks(load_liangjiang(), "E001", "E241", k=5)
    assert dict(zip(risks["products"], risks["routes_lost"], strict=True)) == {
        "总装生产线": 2,
        "涂装生产线": 1,
    }
    assert "总装生产线" not in risks.loc[risks["products"].eq("总装生产线"), "path"].item()


def test_one_error_names_every_problem():
    with pytest.raises(
        ValueError, match=r"'x' is neither .*; 'z' of without is not an enterprise_id; 'R' cannot"
    ):
        supply_routes(ledger(), "x", "R", without=["z", "R"])
    with pytest.raises(ValueError, match="expected k of 1 and more; got 0"):
        supply_routes(ledger(), "R", "V", k=0)
    with pytest.raises(LedgerError, match="product_chain"):
        supply_routes(Ledger(enterprises=ledger().enterprises), "R", "V")
    # Without a chain of its own the ledger has the general one.
    general = replace(ledger(), product_chain=ledger().product_chain.iloc[:0])
    assert not supply_routes(general, "M", "R").empty
    nobody = replace(ledger(), offers=frame("offers", ["enterprise_id", "product"], []))
    assert supply_routes(nobody, "R", "V").empty
    assert list(route_risks(nobody, "R", "V")) == [
        "enterprise_id",
        "name",
        "products",
        "routes_lost",
        "path",
        "strength",
    ]
