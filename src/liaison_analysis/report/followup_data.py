"""What the views "loop", "policies", "visits" and "projects" show: what became of demands and plans."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from liaison_analysis.followup import has_states
from liaison_analysis.policies import policy_calendar
from liaison_analysis.report.tables import as_table, both_languages, named_tables
from liaison_analysis.report.today_data import chances_table

if TYPE_CHECKING:
    from liaison_analysis.analysis import Analysis

_RATES: Final = ["numerator", "denominator", "rate", "low", "high", "few"]
_TIMES: Final = [
    *("median_days", "low_days", "high_days", "closed_median"),
    *("n", "n_settled", "n_open", "n_closed", "n_undated"),
]
# Tables of days up to settlement, left out where the ledger has no such days.
_DATED: Final = ("backlog", "times", "times_by_owner", "curve")
_PRIORITIES: Final = [
    "enterprise_id", "town", "officer_id", "risk", "open_demands", "overdue", "likely_breaches",
    "days_since_visit", "is_key", "window", "departments", "is_group",
]  # fmt: skip


def loop_part(analysis: Analysis) -> dict[str, Any]:
    """Collect what the view "loop" shows: how far demands came, how long they took, what is next."""
    follow_up = analysis.follow_up
    days = {"low": "low_days", "high": "high_days"}
    of = "" if follow_up.measure == "settled_in_remit" else "_all"
    rates = follow_up.table[follow_up.table["scope"].eq("all")]
    # No answers, no feedback, nothing closed unsolved: the ledger does not record these, so they have no
    # rates.
    if "denominator" in rates:  # which does not add up over enterprises where groups are protected
        none = rates["measure"].isin(["fed_back", "closed_unsolved"]) & rates["numerator"].eq(0)
        rates = rates[~none & rates["denominator"].gt(0)]
    really = analysis.today.solved
    if "denominator" in really:
        really = really[really["denominator"].gt(0)]
    ages = follow_up.ages
    if "denominator" in ages:
        ages = ages[ages["denominator"].gt(0)]
    tables = named_tables(
        rates=as_table(rates, ["measure", *_RATES]),
        by_owner=as_table(follow_up.by_owner, ["owner", *_RATES], name=f"by_owner{of}"),
        by_town=as_table(follow_up.by_town, ["town", *_RATES], name=f"by_town{of}"),
        by_theme=as_table(follow_up.by_theme, ["theme", *_RATES], name=f"by_theme{of}"),
        backlog=follow_up.months if has_states(analysis.ledger.demands) else follow_up.months.iloc[:0],
        solved=as_table(really, ["measure", *_RATES]),
        chances=chances_table(analysis),
        times=as_table(follow_up.times.rename(columns=days), ["unit", *_TIMES]),
        times_by_owner=as_table(follow_up.times_by_owner.rename(columns=days), ["owner", *_TIMES]),
        curve=as_table(follow_up.curves, ["days", "open_share", "low", "high"]),
        ages=as_table(ages, ["bracket", "numerator", "denominator", "rate"]),
        steps=follow_up.steps,
        late=as_table(
            follow_up.late,
            ["demand_id", "enterprise_id", "owner", "status", "raised_on", "due_on", "days", "days_over"],
        ),
        again=follow_up.again,
        tasks=as_table(
            follow_up.tasks,
            [
                "demand_id",
                "enterprise_id",
                "next_step",
                "owner",
                "linked officer",
                "due_on",
                "days_left",
                "status",
            ],
        ),
        dispatch=as_table(
            follow_up.dispatch,
            ["changed_on", "change", "demand_id", "enterprise_id", "owner", "next_step"],
        ),
    )
    if not follow_up.dated:
        tables = {name: table for name, table in tables.items() if name not in _DATED}
    return {"text": both_languages(follow_up.text), "tables": tables}


def policies_part(analysis: Analysis) -> dict[str, Any]:
    """Collect what the view "policies" shows: clauses, what they answer and grant, and briefings."""
    policies = analysis.policies
    clauses = policies.index.policies
    plan = policies.briefings
    calendar = policy_calendar(analysis.ledger.policies).decode("utf-8")
    return {
        "text": both_languages(policies.text),
        "clauses": as_table(
            clauses, ["clause_id", "policy", "article", "text", "benefit", "valid_from", "valid_to"]
        ),
        "tables": named_tables(
            answers=policies.table,
            unanswered=as_table(
                policies.unanswered.rename(columns={"nearest": "nearest_clause"}),
                ["demand_id", "enterprise_id", "raised_on", "text", "nearest_clause"],
            ),
            fits=as_table(policies.fits, ["clause_id", "policy", "fits", "to_check", "text"]),
            expiring=policies.expiring,
            grants=as_table(
                policies.grants, ["clause_id", "policy", "article", "benefit", "enterprise_id", "amount"]
            ),
            asked_fields=as_table(
                policies.fields, ["enterprise_id", "field", "n_clauses", "amount", "clauses"]
            ),
            windows=as_table(policies.windows, ["policy", "article", "opens", "closes", "words"]),
            briefings=as_table(
                plan.sessions, ["session", "policy", "town", "n_invited", "n_clauses", "worth"]
            ),
            invitations=as_table(plan.invitations, ["session", "enterprise_id", "n_sure", "n_unsure"]),
        ),
        "calendar": calendar if "BEGIN:VEVENT" in calendar else "",
    }


def visits_part(analysis: Analysis) -> dict[str, Any]:
    """Collect what the view "visits" shows: visits owed, made and planned."""
    visits = analysis.visits
    coverage = visits.table.drop(columns=["name"], errors="ignore")
    return {
        "text": both_languages(visits.text),
        "quarter": visits.quarter,
        "tables": named_tables(
            officers=visits.officers,
            quarters=visits.quarters,
            coverage=coverage,
            plan=as_table(
                visits.plan,
                [
                    "week",
                    "week_of",
                    "officer_id",
                    "enterprise_id",
                    "town",
                    "open_demands",
                    "days_since_visit",
                ],
            ),
            priorities=as_table(analysis.today.priorities, _PRIORITIES),
        ),
    }


def projects_part(analysis: Analysis) -> dict[str, Any]:
    """Collect what the view "projects" shows: how far projects are."""
    projects = analysis.projects
    return {
        "text": both_languages(projects.text),
        "tables": named_tables(
            projects=projects.table.drop(columns="unit", errors="ignore"),
            progress=as_table(projects.progress, ["stage", "milestone", "n", *_RATES, "slip_days", "n_late"]),
        ),
    }
