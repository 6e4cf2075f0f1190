"""From an enterprise-liaison ledger to the right introductions."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from liaison_analysis.datasets import load_liangjiang, read_links
    from liaison_analysis.errors import LedgerError
    from liaison_analysis.graph import build_supply_graph, chain_gaps
    from liaison_analysis.introductions import rank_introductions
    from liaison_analysis.ledger import Ledger, read_ledger, write_ledger
    from liaison_analysis.meetings import schedule_meetings
    from liaison_analysis.mentions import find_mentions
    from liaison_analysis.names import NameIndex
    from liaison_analysis.privacy import mask_personal_data
    from liaison_analysis.report import run_report
    from liaison_analysis.salons import SalonPlan, plan_salon
    from liaison_analysis.supply_links import SupplyLinkModel
    from liaison_analysis.themes import DemandThemes

# Public name → module. Modules are imported when a name is first used, so that importing the package takes
# a blink although scikit-learn, DuckDB and Jupyter stand behind it.
_HOMES = {
    "DemandThemes": "themes",
    "Ledger": "ledger",
    "LedgerError": "errors",
    "NameIndex": "names",
    "SalonPlan": "salons",
    "SupplyLinkModel": "supply_links",
    "build_supply_graph": "graph",
    "chain_gaps": "graph",
    "find_mentions": "mentions",
    "load_liangjiang": "datasets",
    "mask_personal_data": "privacy",
    "plan_salon": "salons",
    "rank_introductions": "introductions",
    "read_ledger": "ledger",
    "read_links": "datasets",
    "run_report": "report",
    "schedule_meetings": "meetings",
    "write_ledger": "ledger",
}

__all__ = [
    "DemandThemes",
    "Ledger",
    "LedgerError",
    "NameIndex",
    "SalonPlan",
    "SupplyLinkModel",
    "build_supply_graph",
    "chain_gaps",
    "find_mentions",
    "load_liangjiang",
    "mask_personal_data",
    "plan_salon",
    "rank_introductions",
    "read_ledger",
    "read_links",
    "run_report",
    "schedule_meetings",
    "write_ledger",
]


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)


def __dir__() -> list[str]:
    return sorted(__all__)
