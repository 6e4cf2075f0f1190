"""What the views "chain", "introductions" and "salons" show: who could work with whom."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import pandas as pd

from liaison_analysis._options import options
from liaison_analysis.introductions import salon_funnel, unanswered_requests
from liaison_analysis.report.ledger_data import linked_officers
from liaison_analysis.report.tables import as_table, both_languages, named_tables, plain_value
from liaison_analysis.supply_chain import chain_gaps

if TYPE_CHECKING:
    from liaison_analysis.analysis import Analysis

#: Counterparts of a seeker in each role that the page lists; the workbook lists all.
LISTED: Final = 3
#: Enterprises hard to replace that the page lists (judgement: nobody reads further).
HARD_TO_REPLACE: Final = 200
#: Enterprises above which the page lists only introductions that a demand supports, so that it opens fast.
MANY: Final = 1_000
_INTRODUCTION: Final = [
    "seeker_id", "counterpart_id", "role", "rank", "score", "path", "object", "product", "match", "demand_id",
    "counterpart_wanted_product", "counterpart_demand_id", "chain_share", "asked_share",
    "back_share", "both_sides", "competitor", "officer_id",
]  # fmt: skip
_WITHOUT: Final = [
    "demand_id", "enterprise_id", "role", "object", "cause", "nearest_id", "nearest_does",
]  # fmt: skip


def chain_part(analysis: Analysis) -> dict[str, Any]:
    """Collect what the view "chain" shows: the graph, gaps, dependence and clusters."""
    chain = analysis.chain
    key = hard_to_replace(analysis)
    return {
        "text": both_languages(chain.text),
        "graph": {
            "offers": _edges(analysis, "offers"),
            "feeds": _edges(analysis, "feeds"),
            "supplies": _edges(analysis, "supplies"),
            "sought": _edges(analysis, "seeks"),
        },
        "tables": named_tables(
            gaps=_in_both_reasons(analysis, chain.table),
            gaps_by_town=chain.by_town,
            extensions=chain.extensions,
            single=chain.single.drop(columns="name", errors="ignore"),
            key=key.drop(columns=["name", "betweenness"], errors="ignore").head(HARD_TO_REPLACE),
            clusters=chain.clusters.drop(columns="cluster", errors="ignore").rename(
                columns={"n_enterprises": "enterprises_n", "towns": "town_counts", "asks_for": "asked_counts"}
            ),
        ),
    }


def hard_to_replace(analysis: Analysis) -> pd.DataFrame:
    """Enterprises whose loss affects others."""
    key = analysis.chain.key
    if {"n_sole", "enterprises_hit"} <= set(key.columns):
        key = key[key["n_sole"].gt(0) | key["enterprises_hit"].gt(0)]
    return key


def _in_both_reasons(analysis: Analysis, gaps: pd.DataFrame) -> pd.DataFrame:
    """Give what can be done about each gap in both languages."""
    if gaps.empty:
        return gaps
    reasons = {}
    for language in ("zh", "en"):
        with options(language=language):
            reasons[language] = chain_gaps(analysis.ledger).set_index("product")["evidence"]
    both = [{language: reasons[language][product] for language in reasons} for product in gaps["product"]]
    return gaps.assign(evidence=pd.Series(both, index=gaps.index, dtype=object))


def _edges(analysis: Analysis, key: str) -> list[list[str]]:
    """List the ends of the supply graph's edges of one kind."""
    edges = {(u[1], v[1]) for u, v, kind in analysis.graph.edges(keys=True) if kind == key}
    return [list(edge) for edge in sorted(edges)]


def introductions_part(analysis: Analysis) -> dict[str, Any]:
    """Collect what the view "introductions" shows: who should meet whom, whom to call, who got nobody."""
    result = analysis.introductions
    officers = linked_officers(analysis)
    table = result.table[result.table["rank"].le(LISTED) | result.table["asked_share"].gt(0)]
    if len(analysis.ledger.enterprises) > MANY:
        table = table[table["asked_share"].gt(0) | table["back_share"].gt(0)]
    table = table.assign(officer_id=table["seeker_id"].map(officers))
    calls = result.calls.assign(officer_id=result.calls["seeker_id"].map(officers))
    calibrated = len(result.table) > 0 and result.table["calibration"].ne("uncalibrated").any()
    return {
        "text": both_languages(result.text),
        "calibrated": bool(calibrated),
        "listed": LISTED,
        "rows": as_table(table, _INTRODUCTION),
        "calls": as_table(calls, _INTRODUCTION),
        "tables": named_tables(without_introduction=as_table(_without_introduction(analysis), _WITHOUT)),
    }


def _without_introduction(analysis: Analysis) -> pd.DataFrame:
    """Demands that ask for a counterpart and got none, with the cause."""
    return analysis.single(unanswered_requests(analysis.ledger, analysis.introductions.table))


def salons_part(analysis: Analysis) -> dict[str, Any]:
    """Collect what the view "salons" shows: one salon with its timetable, and proposals of others."""
    salon = analysis.salon
    ledger = analysis.ledger
    offers, asks = (_first_products(analysis, key) for key in ("offers", "seeks"))
    part: dict[str, Any] = {
        "text": both_languages(salon.text),
        "seeker": salon.seeker,
        "slots": salon.slots,
        "tables_n": salon.tables,
        "tables": named_tables(
            proposals=_proposals(analysis),
            **({"funnel": salon_funnel(ledger.salons)} if len(ledger.salons) else {}),
        ),
    }
    if salon.plan is not None:
        guests = salon.plan.guests
        guests = guests.assign(
            ask=guests["enterprise_id"].map(asks), offer=guests["enterprise_id"].map(offers)
        )
        part["guests"] = as_table(
            guests, ["enterprise_id", "role", "n_introductions", "value", "ask", "offer"], name="guests"
        )
        meetings = salon.table.assign(slot=salon.table["slot"] + 1, table=salon.table["table"] + 1)
        part["meetings"] = as_table(meetings, ["slot", "table", "a", "b", "score"], name="timetable")
        part["gaps"] = [plain_value(salon.plan.gap), plain_value(salon.table.attrs.get("gap", 0.0))]
    return part


def _proposals(analysis: Analysis) -> dict[str, Any]:
    """Proposals with title and what they lack in both languages."""
    proposals = analysis.proposals
    both = {
        name: pd.Series(
            [
                {"zh": zh, "en": en} if zh or en else None
                for zh, en in zip(proposals[name], proposals[f"{name}_en"], strict=True)
            ],
            index=proposals.index,
            dtype=object,
        )
        for name in ("title", "missing")
    }
    table = proposals.assign(title=both["title"], lacking=both["missing"])
    return as_table(
        table, ["rank", "title", "n_guests", "n_meetings", "value", "cost", "net", "gap", "lacking", "guests"]
    )


def _first_products(analysis: Analysis, key: str) -> dict[str, str]:
    """First three products that each enterprise offers or seeks."""
    products: dict[str, list[str]] = {}
    for enterprise_id, product in _edges(analysis, key):
        products.setdefault(enterprise_id, []).append(product)
    return {enterprise_id: "、".join(names[:3]) for enterprise_id, names in products.items()}
