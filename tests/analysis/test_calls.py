import pytest
from helpers.small_ledger import frame, ledger

from liaison_analysis import Analysis
from liaison_analysis.errors import LedgerError


def with_visits(**changes):
    links = frame(
        "links",
        ["officer_id", "enterprise_id", "role"],
        [("G1", "R", "linked officer"), ("G1", "V", "linked officer"), ("G1", "G", "linked officer")],
    )
    visits = frame(
        "visits", ["visit_id", "officer_id", "enterprise_id", "visited_on"], [("V1", "G1", "R", "2022-04-06")]
    )
    projects = frame(
        "projects",
        ["project_id", "enterprise_id", "name", "stage", "milestone", "planned_on", "done_on"],
        [
            ("P1", "R", "厂房", "建设", "开工", "2022-03-01", None),
            ("P2", "V", "产线", "建设", "开工", "2022-03-01", "2022-03-02"),
        ],
    )
    return Analysis(ledger(links=links, visits=visits, projects=projects), **changes)


def test_visits_due_and_made_and_the_plan_of_the_next_quarter():
    visits = with_visits().visits
    assert visits.quarter == "2022Q2"
    made = [["G", False], ["R", True], ["V", False]]
    assert visits.table[["enterprise_id", "covered"]].to_numpy().tolist() == made
    assert sorted(visits.plan["enterprise_id"]) == ["G", "R", "V"]
    assert visits.text.zh.startswith("本季应访3家，已访1家")


def test_late_projects_and_open_demands_of_theirs():
    projects = with_visits().projects
    assert projects.text.en == (
        "1 of 2 projects have a milestone that is due and not done; 1 of these enterprises have open demands."
    )
    assert with_visits(min_group=2).projects.table.empty


def test_a_ledger_without_visits_or_projects_lacks_them():
    analysis = Analysis(ledger())
    for name in ("visits", "projects"):
        with pytest.raises(LedgerError, match="has no rows"):
            getattr(analysis, name)
