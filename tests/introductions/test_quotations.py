"""Demands quoted in their own words."""

import pandas as pd
import pytest

from liaison_analysis.demands.asking import CLAUSE
from liaison_analysis.introductions.quotations import QuotedDemand, quotation, quoted_demands
from liaison_analysis.ledger.frames import typed
from liaison_analysis.ledger.model import Ledger

LONG = (
    "厂里这几年换了三拨人，老板从前在外省做，回来也有七八年了，说起来总是笑。今年上了一条新线，"
    "两班倒也忙不过来，年轻人学得慢。注塑件要改小，模具得重新开，想在近处找一家做精密模具的，试模能随叫随到。"
)


@pytest.mark.parametrize(
    ("thing", "quote"),
    [
        (
            "精密模具",
            "…两班倒也忙不过来，年轻人学得慢。注塑件要改小，模具得重新开，想在近处找一家做精密模具的，试模能随叫随到",
        ),
        (
            "新线",
            "…说起来总是笑。今年上了一条新线，两班倒也忙不过来，年轻人学得慢。注塑件要改小，模具得重新开，想在近处找一家做精密模具的…",
        ),
    ],
)
def test_a_long_demand_is_quoted_where_it_names_the_thing_and_what_is_left_out_is_marked(thing, quote):
    clauses = [match.span() for match in CLAUSE.finditer(LONG)]
    assert quotation(QuotedDemand(LONG, clauses), thing) == quote


def test_demands_are_masked_and_only_the_clauses_that_ask_are_quoted():
    rows = [("D1", "贷款批下来了，谢谢。想买焊机，电话13812345678"), ("D2", None), ("D3", "停车难")]
    demands = pd.DataFrame(rows, columns=["demand_id", "text"]).assign(enterprise_id="E1")
    read = quoted_demands(Ledger(demands=typed("demands", demands)), {"D1", "D2"})
    assert sorted(read) == ["D1", "D2"]
    assert "13812345678" not in read["D1"].text
    assert quotation(read["D1"], "焊机").startswith("…想买焊机")
    assert quotation(read["D2"], "焊机") == ""
