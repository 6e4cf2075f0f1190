import numpy as np
import pandas as pd
import pytest

from liaison_analysis import load_liangjiang
from liaison_analysis.errors import LedgerError
from liaison_analysis.followup.projects import project_progress, project_status
from liaison_analysis.ledger.frames import typed
from liaison_analysis.ledger.model import Ledger


def ledger(*rows, demands=()):
    """Milestones as (project, milestone, planned, done)."""
    frame = pd.DataFrame(rows, columns=["project_id", "milestone", "planned_on", "done_on"])
    frame = frame.assign(enterprise_id="E" + frame["project_id"].str[1:], name="项目", stage="推进")
    asked = pd.DataFrame(demands, columns=["demand_id", "enterprise_id", "raised_on"]).assign(text="诉求")
    return Ledger(projects=typed("projects", frame), demands=typed("demands", asked))


GIVEN = ledger(
    ("P1", "签约", "2022-01-01", "2022-01-11"), ("P1", "开工", "2022-03-01", None),
    ("P2", "签约", "2022-01-01", "2021-12-27"), ("P2", "开工", "2022-03-01", "2022-03-01"),
    ("P3", "签约", "2022-02-01", None), ("P3", "开工", "2022-09-01", None),
    demands=[("D1", "E1", "2022-02-01"), ("D2", "E1", "2022-01-01"), ("D3", "E2", "2022-01-01")],
)  # fmt: skip


def test_planned_against_done():
    found = project_progress(GIVEN, "2022-03-11").set_index("milestone")
    assert found.index.tolist() == ["签约", "开工"]
    assert found.loc["签约", ["n", "numerator", "denominator", "n_late", "n_late_blocked"]].tolist() == [
        3,
        2,
        3,
        1,
        0,
    ]
    assert found.loc["开工", ["n", "numerator", "denominator", "n_late", "n_late_blocked"]].tolist() == [
        3,
        1,
        2,
        1,
        1,
    ]
    # −5, 10 and one still open after 38 days.
    assert found.loc["签约", "slip_days"] == 10
    assert found.loc["签约", "done_median"] == 2.5
    # 0 of three at risk; one open after 10 days and one not due for long.
    assert found.loc["开工", "slip_days"] == 0


def test_milestones_done_early_are_counted():
    found = project_progress(GIVEN, "2021-12-28").set_index("milestone")
    assert found.loc["签约", ["numerator", "denominator", "done_early"]].tolist() == [0, 0, 1]
    assert np.isnan(found.loc["签约", "rate"])


def test_where_each_project_stands_and_what_blocks():
    found = project_status(GIVEN, "2022-03-11").set_index("project_id")
    assert found.index.tolist() == ["P3", "P1", "P2"]
    assert found["days_late"].tolist() == [38, 10, 0]
    columns = ["next_milestone", "last_slip", "open_demands", "oldest_days", "demand_ids"]
    assert found.loc["P1", columns].tolist() == ["开工", 10, 2, 69, "D2、D1"]
    assert pd.isna(found.loc["P2", "next_milestone"])
    assert found["n_done"].tolist() == [0, 1, 2]


def test_milestones_without_a_planned_day_are_kept():
    found = project_progress(ledger(("P1", "签约", None, "2022-01-05")), "2022-02-01")
    assert found[["n", "denominator", "done_early"]].to_numpy().tolist() == [[1, 0, 1]]
    assert found["slip_days"].isna().all()
    assert project_status(ledger(("P1", "签约", None, None)), "2022-02-01")["days_late"].tolist() == [0]


def test_working_days_and_missing_tables():
    units = ("calendar", "working")
    found = [project_progress(GIVEN, "2022-03-11", unit=unit)["slip_days"][0] for unit in units]
    assert found == [10, 6]
    with pytest.raises(LedgerError, match="projects"):
        project_progress(Ledger(), "2022-01-01")


def test_stated_projects():
    assert project_status(load_liangjiang())["stage"].value_counts().to_dict() == {
        "加快推进": 18,
        "前期准备": 13,
    }
