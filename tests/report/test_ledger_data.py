"""Demands with their state, as the page gets them."""

from dataclasses import replace

import pandas as pd
from helpers.listed_demands import GIVEN

from liaison_analysis import Analysis
from liaison_analysis.report.page_data import page_data
from liaison_analysis.report.tables import vocabulary


def test_what_cannot_be_solved_is_a_state_that_is_not_open():
    status = ["cannot be solved", *["solving"] * (len(GIVEN.demands) - 1)]
    demands = GIVEN.demands.assign(status=status, settled_on=pd.NaT, fed_back_on=pd.NaT)
    rows = page_data(Analysis(replace(GIVEN, demands=demands)))["views"]["demands"]["rows"]
    at = {name: rows["columns"].index(name) for name in ("status", "is_open")}
    assert [row[at["is_open"]] for row in rows["rows"]][:2] == [False, True]
    assert vocabulary()["words"]["cannot be solved"][0] == "无法解决"
