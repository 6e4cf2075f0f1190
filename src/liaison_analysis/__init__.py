"""From an enterprise-liaison ledger to the right introductions."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from liaison_analysis.clusters import describe_clusters, find_clusters
    from liaison_analysis.counterfactuals import what_if, without_each
    from liaison_analysis.datasets import load_liangjiang, read_chain_knowledge_graph, read_links
    from liaison_analysis.dependence import key_enterprises, reach
    from liaison_analysis.dispatch import dispatch_sheet, write_lists
    from liaison_analysis.errors import LedgerError
    from liaison_analysis.followup import backlog, settlement
    from liaison_analysis.gaps import chain_extensions, chain_gaps, single_suppliers
    from liaison_analysis.graph import build_supply_graph
    from liaison_analysis.introductions import rank_introductions
    from liaison_analysis.ledger import Ledger, read_ledger, write_ledger
    from liaison_analysis.loop import loop_conformance
    from liaison_analysis.markets import MarketEntry, market_entry
    from liaison_analysis.meetings import schedule_meetings
    from liaison_analysis.mentions import find_mentions
    from liaison_analysis.names import NameIndex
    from liaison_analysis.outcomes import fit_outcomes, salon_funnel
    from liaison_analysis.policies import PolicyIndex
    from liaison_analysis.policy_documents import policy_evidence, read_policies
    from liaison_analysis.preferences import combine_wishes
    from liaison_analysis.privacy import mask_personal_data, suppress_small_groups
    from liaison_analysis.projection import could_supply
    from liaison_analysis.projects import project_progress
    from liaison_analysis.reminders import overdue, repeats
    from liaison_analysis.replanning import replan_meetings
    from liaison_analysis.report import run_report
    from liaison_analysis.routes import route_risks, supply_routes
    from liaison_analysis.salon_files import (
        SalonTimes,
        salon_calendar,
        write_salon_calendars,
        write_salon_page,
        write_salon_workbook,
    )
    from liaison_analysis.salon_proposals import propose_salons
    from liaison_analysis.salons import SalonPlan, plan_salon
    from liaison_analysis.seatings import seat_tables
    from liaison_analysis.settling import ageing, time_to_settle
    from liaison_analysis.small_groups import without_small_groups
    from liaison_analysis.suppliers import find_suppliers
    from liaison_analysis.supply_links import SupplyLinkModel
    from liaison_analysis.task_lists import task_list
    from liaison_analysis.theme_trends import near_duplicates, over_represented, rising_themes
    from liaison_analysis.themes import DemandThemes
    from liaison_analysis.views import (
        enterprise_view,
        product_view,
        route_view,
        supply_view,
        town_view,
        view_table,
    )
    from liaison_analysis.visit_plans import plan_visits
    from liaison_analysis.visits import visit_coverage

# Public name → module. Modules are imported when a name is first used, so that importing the package takes
# a blink although scikit-learn, DuckDB and Jupyter stand behind it.
_HOMES = {
    "DemandThemes": "themes",
    "Ledger": "ledger",
    "LedgerError": "errors",
    "MarketEntry": "markets",
    "NameIndex": "names",
    "PolicyIndex": "policies",
    "SalonPlan": "salons",
    "SalonTimes": "salon_files",
    "SupplyLinkModel": "supply_links",
    "ageing": "settling",
    "backlog": "followup",
    "build_supply_graph": "graph",
    "chain_extensions": "gaps",
    "chain_gaps": "gaps",
    "combine_wishes": "preferences",
    "could_supply": "projection",
    "describe_clusters": "clusters",
    "dispatch_sheet": "dispatch",
    "enterprise_view": "views",
    "find_clusters": "clusters",
    "find_mentions": "mentions",
    "find_suppliers": "suppliers",
    "fit_outcomes": "outcomes",
    "key_enterprises": "dependence",
    "load_liangjiang": "datasets",
    "loop_conformance": "loop",
    "market_entry": "markets",
    "mask_personal_data": "privacy",
    "near_duplicates": "theme_trends",
    "over_represented": "theme_trends",
    "overdue": "reminders",
    "plan_salon": "salons",
    "plan_visits": "visit_plans",
    "policy_evidence": "policy_documents",
    "product_view": "views",
    "project_progress": "projects",
    "propose_salons": "salon_proposals",
    "rank_introductions": "introductions",
    "reach": "dependence",
    "read_chain_knowledge_graph": "datasets",
    "read_ledger": "ledger",
    "read_links": "datasets",
    "read_policies": "policy_documents",
    "repeats": "reminders",
    "replan_meetings": "replanning",
    "rising_themes": "theme_trends",
    "route_risks": "routes",
    "route_view": "views",
    "run_report": "report",
    "salon_calendar": "salon_files",
    "salon_funnel": "outcomes",
    "schedule_meetings": "meetings",
    "seat_tables": "seatings",
    "settlement": "followup",
    "single_suppliers": "gaps",
    "supply_routes": "routes",
    "supply_view": "views",
    "suppress_small_groups": "privacy",
    "task_list": "task_lists",
    "time_to_settle": "settling",
    "town_view": "views",
    "view_table": "views",
    "visit_coverage": "visits",
    "what_if": "counterfactuals",
    "without_each": "counterfactuals",
    "without_small_groups": "small_groups",
    "write_ledger": "ledger",
    "write_lists": "dispatch",
    "write_salon_calendars": "salon_files",
    "write_salon_page": "salon_files",
    "write_salon_workbook": "salon_files",
}

__all__ = [
    "DemandThemes",
    "Ledger",
    "LedgerError",
    "MarketEntry",
    "NameIndex",
    "PolicyIndex",
    "SalonPlan",
    "SalonTimes",
    "SupplyLinkModel",
    "ageing",
    "backlog",
    "build_supply_graph",
    "chain_extensions",
    "chain_gaps",
    "combine_wishes",
    "could_supply",
    "describe_clusters",
    "dispatch_sheet",
    "enterprise_view",
    "find_clusters",
    "find_mentions",
    "find_suppliers",
    "fit_outcomes",
    "key_enterprises",
    "load_liangjiang",
    "loop_conformance",
    "market_entry",
    "mask_personal_data",
    "near_duplicates",
    "over_represented",
    "overdue",
    "plan_salon",
    "plan_visits",
    "policy_evidence",
    "product_view",
    "project_progress",
    "propose_salons",
    "rank_introductions",
    "reach",
    "read_chain_knowledge_graph",
    "read_ledger",
    "read_links",
    "read_policies",
    "repeats",
    "replan_meetings",
    "rising_themes",
    "route_risks",
    "route_view",
    "run_report",
    "salon_calendar",
    "salon_funnel",
    "schedule_meetings",
    "seat_tables",
    "settlement",
    "single_suppliers",
    "supply_routes",
    "supply_view",
    "suppress_small_groups",
    "task_list",
    "time_to_settle",
    "town_view",
    "view_table",
    "visit_coverage",
    "what_if",
    "without_each",
    "without_small_groups",
    "write_ledger",
    "write_lists",
    "write_salon_calendars",
    "write_salon_page",
    "write_salon_workbook",
]


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)


def __dir__() -> list[str]:
    return sorted(__all__)
