"""What became of demands, as the page gets it."""

import json
from dataclasses import replace

import pandas as pd
from helpers.listed_demands import GIVEN

from liaison_analysis import Analysis
from liaison_analysis.ledger import typed
from liaison_analysis.report.page_data import page_data


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
