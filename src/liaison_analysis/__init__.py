"""From an enterprise-liaison ledger to the right introductions."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from liaison_analysis.counterfactuals import what_if, without_each
    from liaison_analysis.datasets import load_liangjiang
    from liaison_analysis.errors import LedgerError
    from liaison_analysis.graph import build_supply_graph, chain_gaps
    from liaison_analysis.introductions import rank_introductions
    from liaison_analysis.ledger import Ledger, read_ledger, write_ledger
    from liaison_analysis.markets import MarketEntry, market_entry
    from liaison_analysis.meetings import schedule_meetings
    from liaison_analysis.mentions import find_mentions
    from liaison_analysis.names import NameIndex
    from liaison_analysis.privacy import mask_personal_data
    from liaison_analysis.report import run_report
    from liaison_analysis.salons import SalonPlan, plan_salon
    from liaison_analysis.themes import DemandThemes

# Public name → module. Modules are imported when a name is first used, so that importing the package takes
# a blink although scikit-learn, DuckDB and Jupyter stand behind it.
_HOMES = {
    "DemandThemes": "themes",
    "Ledger": "ledger",
    "LedgerError": "errors",
    "MarketEntry": "markets",
    "NameIndex": "names",
    "SalonPlan": "salons",
    "build_supply_graph": "graph",
    "chain_gaps": "graph",
    "find_mentions": "mentions",
    "load_liangjiang": "datasets",
    "market_entry": "markets",
    "mask_personal_data": "privacy",
    "plan_salon": "salons",
    "rank_introductions": "introductions",
    "read_ledger": "ledger",
    "run_report": "report",
    "schedule_meetings": "meetings",
    "what_if": "counterfactuals",
    "without_each": "counterfactuals",
    "write_ledger": "ledger",
}

__all__ = [
    "DemandThemes",
    "Ledger",
    "LedgerError",
    "MarketEntry",
    "NameIndex",
    "SalonPlan",
    "build_supply_graph",
    "chain_gaps",
    "find_mentions",
    "load_liangjiang",
    "market_entry",
    "mask_personal_data",
    "plan_salon",
    "rank_introductions",
    "read_ledger",
    "run_report",
    "schedule_meetings",
    "what_if",
    "without_each",
    "write_ledger",
]


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)


def __dir__() -> list[str]:
    return sorted(__all__)
