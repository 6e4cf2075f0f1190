from dataclasses import replace

import pandas as pd
import pytest

from liaison_analysis.followup.visit_plans import plan_visits
from liaison_analysis.followup.visit_risk import visit_priorities
from liaison_analysis.ledger.frames import typed
from liaison_analysis.ledger.model import Ledger

ON = "2022-12-31"


def frame(table, columns, rows):
    result = pd.DataFrame(rows, columns=columns)
    for column in columns:
        if column.endswith("_on"):
            result[column] = pd.to_datetime(result[column])
    return typed(table, result)


def ledger():
    firms = ["E1", "E2", "E3", "E4"]
    return Ledger(
        enterprises=frame(
            "enterprises", ["enterprise_id", "name", "town"], [(f, f"{f}厂", "东") for f in firms]
        ),
        links=frame("links", ["officer_id", "enterprise_id"], [(f"G{f[1]}", f) for f in firms]),
        visits=frame(
            "visits",
            ["visit_id", "officer_id", "enterprise_id", "visited_on"],
            [
                ("V1", "G1", "E1", "2022-12-01"),
                ("V2", "G2", "E2", "2022-10-02"),
                ("V4", "G4", "E4", "2010-01-01"),
            ],
        ),
        demands=frame(
            "demands",
            ["demand_id", "enterprise_id", "raised_on", "settled_on", "text", "owner"],
            [
                ("D1", "E1", "2022-12-20", None, "停车", "甲部"),
                ("D2", "E1", "2022-10-01", None, "招工", "乙部"),
                ("D3", "E2", "2022-12-20", None, "停车", "甲部"),
                ("D4", "E2", "2022-12-01", "2022-12-05", "贷款", "丙部"),
            ],
        ),
    )


def test_risk_adds_up_what_is_open_late_silent_key_and_due():
    found = visit_priorities(ledger(), ON, key=["E3"], windows={"E2": "技改申报"}).set_index("enterprise_id")
    assert found["risk"].to_dict() == {
        "E1": round(2 + 1 + 0.5 + 30 / 90, 3),  # two open, one over its limit, one soon, a month of silence
        "E2": round(1 + 0.5 + 1 + 1.5, 3),  # one open and late soon, a quarter of silence, a window
        "E3": 2 + 2,  # never visited, key
        "E4": 4,  # silent for longer than what counts
    }
    assert found.index.tolist() == ["E2", "E3", "E4", "E1"]
    assert found["departments"].tolist() == ["甲部", "", "", "乙部、甲部"]
    assert found["is_group"].tolist() == [False, False, False, True]
    assert found.loc["E1", "why"] == "未办结诉求 2 件；其中超期 1 件；可能超期 1 件；需组团上门：乙部、甲部"
    assert found.loc["E3", "why"] == "从未走访；产业链关键企业"
    assert found.loc["E2", "why"] == "未办结诉求 1 件；可能超期 1 件；政策窗口：技改申报"


def test_a_likely_breach_counts_half_a_demand():
    given = ledger()
    slow = [(f"S{i}", "E4", "2022-06-01", f"2022-10-{i:02}", "停车", "甲部") for i in range(1, 29)]
    rows = frame("demands", ["demand_id", "enterprise_id", "raised_on", "settled_on", "text", "owner"], slow)
    given = Ledger(**given.tables | {"demands": pd.concat([given.demands, rows], ignore_index=True)})
    found = visit_priorities(given, ON).set_index("enterprise_id")
    assert found["likely_breaches"].to_dict() == {"E1": 1, "E2": 1, "E3": 0, "E4": 0}
    assert found.loc["E2", "risk"] == 1 + 0.5 + 1


def test_a_plan_by_risk_goes_to_the_riskiest_first():
    given = ledger()
    urgency = {"E1": 0.0, "E2": 0.0, "E3": 0.0, "E4": 50.0}
    plan = plan_visits(given, "2023Q1", on=ON, urgency=urgency, trip=0, roles=None, per_week=1)
    assert plan.set_index("enterprise_id").loc["E4", ["week", "urgency"]].tolist() == [1, 50.0]
    partly = plan_visits(given, "2023Q1", on=ON, urgency={"E4": 50.0})
    own = plan_visits(given, "2023Q1", on=ON)
    assert partly.set_index("enterprise_id")["urgency"].drop("E4").to_dict() == (
        own.set_index("enterprise_id")["urgency"].drop("E4").to_dict()
    )
    with pytest.raises(ValueError, match="urgency: finite numbers"):
        plan_visits(given, "2023Q1", on=ON, urgency={"E4": -1.0})


def test_a_ledger_without_visits_has_enterprises_that_were_never_visited():
    given = ledger()
    without = replace(given, visits=given.visits.iloc[:0])
    assert visit_priorities(without, ON)["days_since_visit"].isna().all()
