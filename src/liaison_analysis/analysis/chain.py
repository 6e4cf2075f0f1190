"""Gaps of a ledger's chain, single points of failure, and possible extensions."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from liaison_analysis.analysis.introduction_texts import chain_text
from liaison_analysis.analysis.results import ChainResult
from liaison_analysis.plots import plot_bars
from liaison_analysis.supply_chain import (
    chain_extensions,
    chain_gaps,
    describe_clusters,
    find_clusters,
    key_enterprises,
    single_suppliers,
)

if TYPE_CHECKING:
    from liaison_analysis.analysis.core import Analysis

_TITLE = "断链缺链（诉求点名者在前）Chain gaps"


def chain_of(analysis: Analysis) -> ChainResult:
    """Find the gaps of the chain of an analysis's ledger, its extensions and key enterprises.

    Raises
    ------
    MissingTableError
        The ledger holds no offers or no product chain.
    """
    ledger = analysis.ledger
    least = analysis.min_group or 0
    gaps = chain_gaps(ledger)
    gaps = gaps[gaps["n_enterprises"].ge(least)].reset_index(drop=True)
    single = single_suppliers(ledger)
    members = find_clusters(ledger)
    clusters = describe_clusters(ledger, members)
    extensions = chain_extensions(ledger)
    key = key_enterprises(ledger)
    return ChainResult(
        table=gaps,
        text=chain_text(gaps, extensions, key, clusters),
        draw=lambda ax: plot_bars(gaps, "product", "n_enterprises", title=_TITLE, ledger=ledger, ax=ax),
        by_town=_by_town(analysis),
        extensions=extensions,
        single=single[single["n_enterprises"].ge(least)].reset_index(drop=True),
        key=key,
        clusters=clusters,
        members=members,
    )


def _by_town(analysis: Analysis) -> pd.DataFrame:
    """DataFrame[town, gaps, asked_for, first, made_elsewhere]."""
    rows = []
    for town in sorted(analysis.ledger.enterprises["town"].dropna().unique()):
        gaps = chain_gaps(analysis.ledger, town)
        named = gaps["asked_for"].gt(0)
        first = "、".join(gaps.loc[named, "product"].head(3))
        rows.append((town, len(gaps), int(named.sum()), first, int(gaps["nearest"].ne("").sum())))
    return pd.DataFrame(rows, columns=["town", "gaps", "asked_for", "first", "made_elsewhere"])
