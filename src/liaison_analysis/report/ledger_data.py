"""What stands in the ledger: where it is from, its enterprises and its demands."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final

from liaison_analysis import __version__
from liaison_analysis.followup import open_demands
from liaison_analysis.report.tables import as_table, both_languages, named_tables, plain_value

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pandas as pd

    from liaison_analysis.analysis import Analysis

#: Enterprises that raised most demands that the page lists (judgement: nobody reads further).
RAISERS: Final = 50
_DEMAND: Final = [
    "demand_id", "enterprise_id", "raised_on", "text", "theme", "owner", "in_remit", "status", "assigned_on",
    "responded_on", "settled_on", "fed_back_on", "satisfied", "reopened", "is_open",
]  # fmt: skip
_OPTIONAL: Final = (
    "aliases", "offers", "product_chain", "supplies", "links", "visits", "policies", "projects", "salons",
)  # fmt: skip
# Notes on reading that the page replaces by its own text: missing tables, open questions.
_SHOWN_ELSEWHERE: Final = re.compile(rf"no (?:{'|'.join(_OPTIONAL)}) \(|\d+ questions? (?:is|are) open")
# Where notes name attributes of ``Ledger``, which a reader of the page does not have.
_FOR_PROGRAMS: Final = re.compile(r"（程序中见 \.\w+）|[;,] see \.\w+$")


def about_ledger(
    analysis: Analysis, *, compared: bool, messages: Mapping[str, dict[str, str]]
) -> dict[str, Any]:
    """Where the ledger is from, what it counts on which day, what it lacks, and notes on its reading."""
    ledger = analysis.ledger
    notes = [
        {language: _FOR_PROGRAMS.sub("", words) for language, words in messages.get(note, {"": note}).items()}
        for note in ledger.notes
    ]
    notes = [note for note in notes if not _SHOWN_ELSEWHERE.match(note.get("en", note.get("", "")))]
    synthetic = ledger.enterprises["is_synthetic"].fillna(value=False)
    return {
        "source": ledger.source,
        "day": plain_value(analysis.day),
        "language": analysis.language,
        "min_group": analysis.min_group,
        "within": analysis.within,
        "version": __version__,
        "compared": compared,
        "enterprises": len(ledger.enterprises),
        "synthetic": int(synthetic.sum()) if not analysis.min_group else int(synthetic.any()),
        "notes": [note.get("", note) for note in notes],
        "lacks": [name for name in _OPTIONAL if not len(ledger.tables[name])],
        "left_out": len(ledger.left_out),
        "review": len(ledger.review),
    }


def enterprises_table(analysis: Analysis) -> dict[str, Any]:
    """Enterprises with their linked officers."""
    ledger = analysis.ledger
    firms = ledger.enterprises[["enterprise_id", "name", "town", "category", "is_synthetic"]].copy()
    linked = linked_officers(analysis)
    firms["officer_id"] = firms["enterprise_id"].map(linked)
    return as_table(firms)


def linked_officers(analysis: Analysis) -> pd.Series:
    """Linked officer of each enterprise; several stand beside each other."""
    links = analysis.ledger.links
    links = links[links["role"].fillna("linked officer").eq("linked officer")].dropna(subset="officer_id")
    links = links.sort_values(["enterprise_id", "officer_id"])
    officers: pd.Series = links.groupby("enterprise_id")["officer_id"].agg("、".join)
    return officers


def demands_part(analysis: Analysis) -> dict[str, Any]:
    """Collect what the view "demands" shows: every demand with its place in the file, and counts of them."""
    ledger = analysis.ledger
    themes = analysis.themes
    is_open = ledger.demands.index.isin(open_demands(ledger, analysis.day).index)
    demands = ledger.demands.assign(theme=themes.labels.to_numpy(), is_open=is_open)
    if demands["in_remit"].isna().all():
        demands = demands.drop(columns="in_remit")
    demands = analysis.single(demands)
    origin = ledger.origin
    mine = origin[origin["table"].eq("demands")]
    # Positions hold for the whole table: an analysis of one year has dropped rows of it.
    places = (
        {
            str(demands["demand_id"].iloc[int(row)]): [plain_value(v) for v in place]
            for row, *place in mine[["row", "file", "sheet", "source_row"]].itertuples(index=False)
            if int(row) < len(demands)
        }
        if len(demands) and analysis.year is None
        else {}
    )
    return {
        "text": both_languages(analysis.overview.text),
        "rows": as_table(demands, _DEMAND),
        "origin": places,
        "tables": named_tables(
            by_month=analysis.overview.months,
            raisers=analysis.overview.raisers.drop(columns="name", errors="ignore").head(RAISERS),
            towns=analysis.overview.towns,
        ),
    }
