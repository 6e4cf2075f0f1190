"""Who could work with whom, as the page gets it."""

import re
from dataclasses import replace

import pandas as pd
from helpers.small_ledger import ledger

from liaison_analysis import Analysis
from liaison_analysis.introductions import unanswered_requests
from liaison_analysis.introductions.unanswered import CAUSES
from liaison_analysis.report.page_data import page_data
from liaison_analysis.report.tables import vocabulary


def test_demands_without_introduction_are_beside_the_introductions_with_the_cause(analysis, data):
    found = data["views"]["introductions"]["tables"]["without_introduction"]
    rows = [dict(zip(found["columns"], row, strict=True)) for row in found["rows"]]
    missing = unanswered_requests(analysis.ledger, analysis.introductions.table)
    assert [(row["demand_id"], row["cause"]) for row in rows] == list(
        missing[["demand_id", "cause"]].itertuples(index=False, name=None)
    )
    assert rows, "some demand of the ledger finds nobody"
    words, columns = vocabulary()["words"], vocabulary()["columns"]
    assert {row["cause"] for row in rows} <= set(CAUSES) <= set(words)
    assert set(found["columns"]) <= set(columns)
    assert words["without_introduction"] == ["没有找到对接对象的诉求", "Demands that got no introduction"]


def test_slots_and_tables_of_the_salon_count_from_one(data):
    meetings = data["views"]["salons"]["meetings"]
    assert min(row[meetings["columns"].index("slot")] for row in meetings["rows"]) == 1


def test_where_products_lack_the_general_chain_is_not_asked_for():
    bare = ledger()
    nothing = bare.enterprises.assign(main_business=pd.NA)
    bare = replace(
        bare, enterprises=nothing, offers=bare.offers.iloc[:0], product_chain=bare.product_chain.iloc[:0]
    )
    assert page_data(Analysis(bare))["views"]["chain"]["missing"] == ["offers"]


def test_gaps_say_what_to_do_in_both_languages(data):
    table = data["views"]["chain"]["tables"]["gaps"]
    row = dict(zip(table["columns"], table["rows"][0], strict=True))
    assert re.search("[一-鿿]", row["evidence"]["zh"])
    assert re.match("[0-9a-z]", row["evidence"]["en"].replace(row["nearest"] or "?", "a"))
    assert row["action"] in vocabulary()["words"]


def test_enterprises_hard_to_replace_are_those_whose_loss_affects_others(data):
    table = data["views"]["chain"]["tables"]["key"]
    at = [table["columns"].index(name) for name in ("n_sole", "enterprises_hit")]
    assert all(any(row[i] for i in at) for row in table["rows"])
