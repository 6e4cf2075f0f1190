"""Public functions that take a ledger, a graph or frames say what is missing where they are given others."""

import importlib
import inspect
import re

import networkx as nx
import pandas as pd
import pytest
from helpers.public_calls import CALLS
from test_structure import PACKAGES

from liaison_analysis import (
    Analysis,
    chain_gaps,
    find_clusters,
    key_enterprises,
    rank_introductions,
    supply_routes,
)
from liaison_analysis.introductions import what_if, without_each
from liaison_analysis.ledger import Ledger
from liaison_analysis.supply_chain import (
    graph_tables,
    pagerank,
    route_risks,
    single_suppliers,
    town_view,
    view_table,
)

LEDGERS = {"Ledger", "Ledger | None", "Ledger | nx.Graph[Any]"}
FRAMES = {"pd.DataFrame", "pd.DataFrame | None"}
#: What other arguments are where the one in question is wrong: it is checked before they are used.
OTHERS = {"int": 1, "float": 0.5, "str": "E1", "Any": "2022-06-30", "str | Path": "out.xlsx"}


def public_functions():
    for package in PACKAGES:
        face = importlib.import_module(f"liaison_analysis.{package}")
        for name in sorted(face.__all__):
            thing = getattr(face, name)
            if inspect.isroutine(thing):
                yield f"{package}.{name}", thing


FUNCTIONS = dict(public_functions())


def arguments(kinds):
    """Public functions and their arguments of these kinds."""
    return [
        pytest.param(name, argument.name, id=f"{name}-{argument.name}")
        for name, function in FUNCTIONS.items()
        for argument in inspect.signature(function).parameters.values()
        if argument.annotation in kinds
    ]


def called_with(function, argument, value, known=None):
    """Call a function with one argument; all others are there, and of the right kind where that is easy."""
    given = dict(known or {})
    for other in inspect.signature(function).parameters.values():
        if other.name == argument:
            given[other.name] = value
        elif other.name not in given and other.default is other.empty and other.kind is not other.VAR_KEYWORD:
            kind = str(other.annotation)
            given[other.name] = Ledger() if kind in LEDGERS else OTHERS.get(kind)
    return function(**given)


@pytest.mark.parametrize("wrong", [{"demands": []}, "台账.xlsx"], ids=repr)
@pytest.mark.parametrize(("name", "argument"), arguments(LEDGERS))
def test_what_is_no_ledger_is_refused_by_the_name_of_its_argument(name, argument, wrong):
    with pytest.raises(ValueError, match=rf"^{argument}: expected a Ledger, got .*(makes one|path)"):
        called_with(FUNCTIONS[name], argument, wrong)


@pytest.mark.parametrize(("name", "argument"), arguments(LEDGERS - {"Ledger | None"}))
def test_no_ledger_at_all_is_refused(name, argument):
    with pytest.raises(ValueError, match=f"^{argument}: expected a Ledger, got None; read_ledger"):
        called_with(FUNCTIONS[name], argument, None)


@pytest.mark.parametrize("wrong", [{"a": [1]}, "frame.csv"], ids=repr)
@pytest.mark.parametrize(("name", "argument"), arguments(FRAMES))
def test_what_is_no_frame_is_refused_by_the_name_of_its_argument(name, argument, wrong):
    with pytest.raises(ValueError, match=rf"^{argument}: expected a DataFrame, got "):
        called_with(FUNCTIONS[name], argument, wrong, CALLS[name]() if name in CALLS else {})


def refusal(function, given):
    """Message with which a function refuses its arguments, empty where it takes them."""
    try:
        function(**given)
    except ValueError as error:
        return str(error)
    return ""


FRAMES_GIVEN = [
    pytest.param(name, argument, id=f"{name}-{argument}")
    for name in CALLS
    for argument, kind in inspect.signature(FUNCTIONS[name]).parameters.items()
    if "DataFrame" in str(kind.annotation)
]


@pytest.mark.parametrize(("name", "argument"), FRAMES_GIVEN)
def test_a_frame_without_columns_is_told_which_it_needs_and_needs_no_others(
    name, argument, tmp_path, monkeypatch
):
    monkeypatch.chdir(tmp_path)
    function, given = FUNCTIONS[name], CALLS[name]()
    frame = given.get(argument)
    if not isinstance(frame, pd.DataFrame):
        pytest.skip("the call needs no such frame")
    said = refusal(function, given | {argument: frame[[]]})
    needed = [column for column in frame.columns if re.search(rf"\b{column}\b", said)]
    assert needed or not said or said.startswith(argument), said
    # Nothing but a refusal may come out: no KeyError of a column that is not among those needed.
    refusal(function, given | {argument: frame[needed]})


@pytest.mark.parametrize(
    ("wrong", "hint"),
    [
        (pd.DataFrame({"a": [1]}), "a DataFrame; Ledger.from_frames({'demands': frame}) makes one"),
        (3, "a int; read_ledger(path), Ledger.from_frames(...) or Ledger.from_graph(...) makes one"),
        (Analysis(Ledger()), "a Analysis; give its attribute .ledger"),
    ],
    ids=["frame", "number", "analysis"],
)
def test_the_hint_says_what_makes_a_ledger_of_what_was_given(wrong, hint):
    with pytest.raises(ValueError, match=re.escape(f"ledger: expected a Ledger, got {hint}")):
        chain_gaps(wrong)


@pytest.mark.parametrize("lacks", ["demand_ids", "enterprise_ids", "first_on"])
def test_a_case_that_lacks_an_entry_says_which(lacks):
    given = CALLS["followup.case_story"]()
    with pytest.raises(ValueError, match=f"^case: column {lacks} is missing; .* common_cases makes"):
        FUNCTIONS["followup.case_story"](**given | {"case": given["case"].drop(lacks)})
    with pytest.raises(ValueError, match="case: expected a row of common_cases, got None"):
        FUNCTIONS["followup.case_story"](**given | {"case": None})


OWN = nx.DiGraph([("铜杆", "漆包线"), ("漆包线", "电机"), ("电机", "机器人"), ("磁钢", "电机")])


def test_functions_of_the_chain_take_a_graph_of_nothing_but_edges():
    assert supply_routes(OWN, "铜杆", "机器人")["path"].tolist() == ["铜杆→漆包线→电机→机器人"]
    assert route_risks(OWN, "铜杆", "机器人")["enterprise_id"].tolist() == ["漆包线", "电机"]
    assert key_enterprises(OWN).set_index("enterprise_id")["enterprises_hit"].to_dict() == {
        "铜杆": 3, "漆包线": 2, "磁钢": 2, "电机": 1, "机器人": 0,
    }  # fmt: skip
    assert chain_gaps(OWN).empty
    assert set(single_suppliers(OWN)["product"]) == set(OWN) - {"机器人"}
    assert set(find_clusters(OWN)["id"]) == set(OWN)
    assert set(view_table(town_view(OWN))["label"]) == set(OWN)
    ranked = rank_introductions(OWN, ["铜杆"])
    # It supplies the makers of 漆包线 already, and is introduced to those beyond.
    assert ranked["counterpart_id"].tolist() == ["电机", "机器人"]
    assert without_each(OWN, "铜杆")["counterpart_id"].tolist() == ["电机", "机器人"]
    assert what_if(OWN, "铜杆", "电机", "机器人")["rank_a"].iloc[0] == 1
    assert pagerank(OWN)["机器人"] > pagerank(OWN)["铜杆"]


def test_tables_of_a_graph_of_ones_own_have_a_row_for_each_node_and_edge():
    nodes, edges = graph_tables(nx.DiGraph([("a", "b", {"weight": 2.0})]))
    assert nodes["id"].tolist() == ["a", "b"]
    assert edges[["source", "target", "weight"]].to_numpy().tolist() == [["a", "b", 2.0]]
    with pytest.raises(ValueError, match="graph: expected a graph of NetworkX, got a dict"):
        graph_tables({})


@pytest.mark.parametrize("name", ["supply_chain.view_table", "plots.plot_chain"])
def test_a_graph_without_places_is_no_view(name):
    with pytest.raises(ValueError, match=r"view: this graph has no places .*town_view\(graph\)"):
        FUNCTIONS[name](OWN)


@pytest.mark.parametrize("wrong", [None, {"a": 1}, "net"], ids=repr)
@pytest.mark.parametrize("name", ["betweenness", "communities", "pagerank"])
def test_what_is_no_network_is_refused(name, wrong):
    with pytest.raises(ValueError, match=r"^net: expected a Network, got .*; network makes one"):
        FUNCTIONS[f"supply_chain.{name}"](wrong)


@pytest.mark.parametrize(
    ("name", "argument", "maker"),
    [
        ("salons.schedule_salon", "plan", "plan_salon"),
        ("demands.theme_map", "themes", "DemandThemes"),
        ("demands.weak_signals", "themes", "DemandThemes"),
        ("products.find_product_words", "catalogue", "product_catalogue"),
        ("products.local_chain", "catalogue", "product_catalogue"),
    ],
)
def test_objects_of_the_package_say_what_makes_them(name, argument, maker):
    with pytest.raises(ValueError, match=rf"^{argument}: expected a \w+, got None; {maker}.* makes one"):
        called_with(FUNCTIONS[name], argument, None)
