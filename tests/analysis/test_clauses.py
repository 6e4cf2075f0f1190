import pandas as pd
import pytest
from helpers.small_ledger import frame, ledger

from liaison_analysis import Analysis
from liaison_analysis.analysis.clauses import _first_asked
from liaison_analysis.followup import open_demands


@pytest.fixture(scope="module")
def analysis():
    clauses = frame(
        "policies",
        ["clause_id", "policy", "article", "text", "town", "valid_to"],
        [
            (
                "c1",
                "技改办法",
                "第一条",
                "企业实施技术改造、购置设备的，按设备投资的百分之十给予补助。",
                "水土",
                "2022-05-01",
            ),
            ("c2", "人才办法", "第二条", "引进博士的企业，每人补助五万元。", None, None),
        ],
    )
    demands = frame(
        "demands",
        ["demand_id", "enterprise_id", "raised_on", "text"],
        [
            ("D1", "R", "2022-04-05", "请问技术改造购置设备有什么补助政策可以申报"),
            ("D2", "V", "2022-04-06", "请问出口退税政策怎么办理"),
            ("D3", "V", "2022-04-07", "停车位不够"),
        ],
    )
    return Analysis(ledger(policies=clauses, demands=demands))


def test_a_demand_about_policy_is_answered_or_listed_as_unanswered(analysis):
    policies = analysis.policies
    answered, unanswered = set(policies.table["demand_id"]), set(policies.unanswered["demand_id"])
    assert answered | unanswered <= {"D1", "D2"}
    assert not answered & unanswered
    assert "D3" not in answered | unanswered


def test_clauses_with_conditions_count_whom_they_fit(analysis):
    fits = analysis.policies.fits
    assert fits["clause_id"].tolist() == ["c1"]
    # R and G stand in 水土; W and M have no town, so that it must be checked.
    assert fits[["fits", "to_check"]].to_numpy().tolist() == [[2, 2]]


def test_what_ends_soon_is_counted_from_the_day_of_the_analysis(analysis):
    assert analysis.policies.expiring[["clause_id", "days_left"]].to_numpy().tolist() == [["c1", 24]]
    assert "六十天内到期1条，涉及技改办法" in analysis.policies.text.zh


def test_of_too_many_demands_about_policy_the_open_and_then_the_newest_are_compared(analysis):
    asked = pd.DataFrame(
        {
            "demand_id": ["D1", "X1", "D2", "X2", "X3"],
            "raised_on": pd.to_datetime(["2020-01-01", "2021-01-01", "2022-01-01", "2023-01-01", None]),
        }
    )
    waiting = set(open_demands(analysis.ledger, analysis.day)["demand_id"])
    assert {"D1", "D2"} <= waiting
    assert not {"X1", "X2", "X3"} & waiting
    assert _first_asked(analysis, asked, 3)["demand_id"].tolist() == ["D1", "D2", "X2"]
    assert _first_asked(analysis, asked, 1)["demand_id"].tolist() == ["D2"]
    assert _first_asked(analysis, asked, 5) is asked
