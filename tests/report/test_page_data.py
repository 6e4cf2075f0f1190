import json
from dataclasses import replace

import pandas as pd
import pytest
from helpers.listed_demands import GIVEN
from helpers.small_ledger import ledger

from liaison_analysis import Analysis
from liaison_analysis.ledger import typed
from liaison_analysis.report.page_data import VIEWS, failures, page_data, schema
from liaison_analysis.report.tables import vocabulary


@pytest.fixture
def analysis(hostile_analysis):
    return hostile_analysis


@pytest.fixture
def data(hostile_data):
    return hostile_data


def test_every_view_is_there_and_progress_names_each(analysis, data):
    named = []
    page_data(analysis, progress=named.append)
    assert sorted(named) == sorted([*VIEWS, "home"])
    assert named[-2:] == ["salons", "home"], "salons are planned beside the other views"
    assert list(data["views"]) == list(VIEWS)
    assert failures(data) == {}


def test_tables_are_those_of_the_analysis(analysis, data):
    gaps = data["views"]["chain"]["tables"]["gaps"]
    assert [row[0] for row in gaps["rows"]] == analysis.chain.table["product"].tolist()
    demands = data["views"]["demands"]["rows"]
    assert len(demands["rows"]) == 30
    assert data["views"]["demands"]["text"]["zh"] == analysis.overview.text.zh
    assert data["views"]["themes"]["text"]["zh"] == analysis.themes.text.zh


def test_slots_and_tables_of_the_salon_count_from_one(data):
    meetings = data["views"]["salons"]["meetings"]
    assert min(row[meetings["columns"].index("slot")] for row in meetings["rows"]) == 1


def test_single_demands_and_enterprises_are_not_listed_where_groups_are_protected(protected_data):
    views = protected_data["views"]
    assert views["demands"]["rows"]["rows"] == []
    lists = {
        "loop": ("tasks", "late", "dispatch", "chances"),
        "today": tuple(views["today"]["tables"]),
        "policies": ("answers", "grants", "asked_fields", "invitations"),
        "visits": ("coverage", "priorities"),
        "themes": ("weak", "differences"),
    }
    for view, names in lists.items():
        for name in names:
            assert views[view]["tables"][name]["rows"] == [], (view, name)
    assert protected_data["meta"]["min_group"] == 3


def test_a_part_that_lacks_a_table_names_it():
    data = page_data(Analysis(ledger()))
    assert data["views"]["visits"]["missing"] == ["links", "visits"]
    assert data["views"]["policies"]["missing"] == ["policies"]
    assert failures(data) == {}


def test_meanings_are_part_of_the_schema():
    assert schema()["competitor"]["meaning_en"] == "Both offer the same product: think twice."


def test_without_remit_and_days_of_settlement_the_page_has_neither():
    demands = GIVEN.demands.assign(in_remit=pd.NA, settled_on=pd.NaT, fed_back_on=pd.NaT, assigned_on=pd.NaT)
    data = page_data(Analysis(replace(GIVEN, demands=typed("demands", demands))))
    serialised = json.dumps(data, ensure_ascii=False)
    assert "remit" not in serialised
    assert "职责" not in serialised
    tables = data["views"]["loop"]["tables"]
    assert not {"backlog", "times", "times_by_owner", "curve"} & set(tables)
    assert tables["by_owner"]["name"] == "by_owner_all"
    keys = {one["key"]: one["value"] for one in data["home"]["figures"]}
    assert "fig_settled" not in keys
    assert keys["fig_open_day"] == 5
    rates = [
        tuple(row[table["columns"].index(name)] for name in ("numerator", "denominator"))
        for table in (tables["rates"], tables["steps"])
        for row in table["rows"]
        if row[0] == "settled"
    ]
    assert rates == [(3, 8), (3, 8)]


def test_what_cannot_be_solved_is_a_state_that_is_not_open():
    status = ["cannot be solved", *["solving"] * (len(GIVEN.demands) - 1)]
    demands = GIVEN.demands.assign(status=status, settled_on=pd.NaT, fed_back_on=pd.NaT)
    rows = page_data(Analysis(replace(GIVEN, demands=demands)))["views"]["demands"]["rows"]
    at = {name: rows["columns"].index(name) for name in ("status", "is_open")}
    assert [row[at["is_open"]] for row in rows["rows"]][:2] == [False, True]
    assert vocabulary()["words"]["cannot be solved"][0] == "无法解决"
