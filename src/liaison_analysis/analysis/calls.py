"""Visits owed and made, the plan of the next quarter, and projects."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from liaison_analysis.analysis.results import ProjectsResult, VisitsResult
from liaison_analysis.analysis.service_texts import projects_text, visits_text
from liaison_analysis.followup import (
    NoVisitPlanError,
    officer_coverage,
    plan_visits,
    project_progress,
    project_status,
    visit_coverage,
    visits_by_quarter,
)
from liaison_analysis.plots import plot_late_projects, plot_rates

if TYPE_CHECKING:
    from liaison_analysis.analysis.core import Analysis


def visits_of(analysis: Analysis) -> VisitsResult:
    """Measure the visits of an analysis's quarter, and plan those of the next.

    Raises
    ------
    MissingTableError
        The ledger holds no links or no visits.
    """
    ledger, on = analysis.ledger, analysis.day
    ledger.require("links", "visits")
    quarter = f"{on:%Y}Q{on.quarter}"
    following = str(pd.Period(quarter, freq="Q") + 1)
    coverage = visit_coverage(ledger, quarter, on=on)
    officers = analysis.count(officer_coverage, "officer_id", source=coverage)
    plan, no_plan = pd.DataFrame(), ""
    try:
        plan = plan_visits(ledger, following, on=on)
    except NoVisitPlanError as error:
        no_plan = str(error)
    title = f"{quarter} 走访覆盖 Visits made of those due"
    return VisitsResult(
        table=analysis.single(coverage),
        text=visits_text(coverage, plan),
        draw=lambda ax: plot_rates(officers, "officer_id", ax, title=title, ledger=ledger),
        officers=officers,
        quarters=analysis.count(lambda part: visits_by_quarter(part, on=on), "quarter"),
        plan=plan,
        no_plan=no_plan,
        quarter=quarter,
    )


def projects_of(analysis: Analysis) -> ProjectsResult:
    """Measure how the projects of an analysis run.

    Raises
    ------
    MissingTableError
        The ledger holds no projects.
    """
    ledger, on = analysis.ledger, analysis.day
    ledger.require("projects")
    status = project_status(ledger, on)
    progress = analysis.count(lambda part: project_progress(part, on), ["stage", "milestone"])
    return ProjectsResult(
        table=analysis.single(status),
        text=projects_text(status),
        draw=lambda ax: plot_late_projects(status, ax, ledger=ledger),
        progress=progress,
    )
