"""From an enterprise-liaison ledger to the right introductions."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from liaison_analysis.datasets import load_liangjiang
    from liaison_analysis.errors import LedgerError
    from liaison_analysis.graph import build_supply_graph, chain_gaps
    from liaison_analysis.introductions import rank_introductions
    from liaison_analysis.ledger import Ledger, read_ledger, write_ledger
    from liaison_analysis.meetings import schedule_meetings
    from liaison_analysis.mentions import find_mentions
    from liaison_analysis.names import NameIndex
    from liaison_analysis.outcomes import fit_outcomes, salon_funnel
    from liaison_analysis.preferences import combine_wishes
    from liaison_analysis.privacy import mask_personal_data
    from liaison_analysis.replanning import replan_meetings
    from liaison_analysis.report import run_report
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
    from liaison_analysis.themes import DemandThemes

# Public name → module. Modules are imported when a name is first used, so that importing the package takes
# a blink although scikit-learn, DuckDB and Jupyter stand behind it.
_HOMES = {
    "DemandThemes": "themes",
    "Ledger": "ledger",
    "LedgerError": "errors",
    "NameIndex": "names",
    "SalonPlan": "salons",
    "SalonTimes": "salon_files",
    "build_supply_graph": "graph",
    "chain_gaps": "graph",
    "combine_wishes": "preferences",
    "find_mentions": "mentions",
    "fit_outcomes": "outcomes",
    "load_liangjiang": "datasets",
    "mask_personal_data": "privacy",
    "plan_salon": "salons",
    "propose_salons": "salon_proposals",
    "rank_introductions": "introductions",
    "read_ledger": "ledger",
    "replan_meetings": "replanning",
    "run_report": "report",
    "salon_calendar": "salon_files",
    "salon_funnel": "outcomes",
    "schedule_meetings": "meetings",
    "seat_tables": "seatings",
    "write_ledger": "ledger",
    "write_salon_calendars": "salon_files",
    "write_salon_page": "salon_files",
    "write_salon_workbook": "salon_files",
}

__all__ = [
    "DemandThemes",
    "Ledger",
    "LedgerError",
    "NameIndex",
    "SalonPlan",
    "SalonTimes",
    "build_supply_graph",
    "chain_gaps",
    "combine_wishes",
    "find_mentions",
    "fit_outcomes",
    "load_liangjiang",
    "mask_personal_data",
    "plan_salon",
    "propose_salons",
    "rank_introductions",
    "read_ledger",
    "replan_meetings",
    "run_report",
    "salon_calendar",
    "salon_funnel",
    "schedule_meetings",
    "seat_tables",
    "write_ledger",
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
