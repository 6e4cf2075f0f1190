"""What stands in a ledger: rows, months, towns, who raised most, what is empty."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from liaison_analysis.analysis.demand_texts import overview_text
from liaison_analysis.analysis.results import OverviewResult
from liaison_analysis.followup import has_settling_days, settled_by, settlement
from liaison_analysis.plots import demands_by_month, plot_demands_by_month

if TYPE_CHECKING:
    from liaison_analysis.analysis.core import Analysis
    from liaison_analysis.ledger import Ledger


def overview_of(analysis: Analysis) -> OverviewResult:
    """Count what stands in the ledger of an analysis."""
    ledger = analysis.ledger
    on = analysis.day
    figures = analysis.count(lambda part: _figures(part, on), "figure")
    # Columns that are not additive over enterprises are missing where groups are protected.
    figures = figures.reindex(columns=["figure", "n", "of"]).dropna(subset="n", ignore_index=True)
    months = analysis.count(lambda part: _months(part, on), "month")
    raisers = _raisers(ledger)
    rates = settlement(ledger, on=on)
    raisers = analysis.single(raisers)
    return OverviewResult(
        table=figures,
        text=overview_text(figures, raisers, rates),
        draw=lambda ax: plot_demands_by_month(ledger, ax, counts=months),
        rows=analysis.count(_rows, "table"),
        months=months,
        towns=analysis.count(lambda part: _towns(part, on), "town"),
        raisers=raisers,
        empty_cells=analysis.count(_empty_cells, ["table", "column"]),
    )


def _rows(ledger: Ledger) -> pd.DataFrame:
    rows = [
        (name, len(frame), int(frame["is_synthetic"].fillna(value=False).sum()))
        for name, frame in ledger.tables.items()
        if len(frame)
    ]
    return pd.DataFrame(rows, columns=["table", "rows", "synthetic_rows"])


def _figures(ledger: Ledger, on: pd.Timestamp) -> pd.DataFrame:
    """Figures that are asked for first: DataFrame[figure, n, of]."""
    towns = ledger.enterprises["town"].dropna()
    rates = settlement(ledger, on=on)
    rates = rates[rates["scope"].eq("all")]
    counts = dict(
        zip(rates["measure"], zip(rates["numerator"], rates["denominator"], strict=True), strict=True)
    )
    # Banks and test centres are enterprises without a town and are not visited.
    rows: list[tuple[str, int, int | None]] = [("enterprises", len(towns) or len(ledger.enterprises), None)]
    rows += [("towns", towns.nunique(), None)] if len(towns) else []
    rows.append(("demands", counts["collected"][0], None))
    for measure in ("in_remit", "settled_in_remit", "settled", "fed_back"):
        n, of = counts.get(measure, (0, 0))
        rows += [(measure, n, of)] if of else []
    return pd.DataFrame(rows, columns=["figure", "n", "of"]).astype({"n": "int64", "of": "Int64"})


def _months(ledger: Ledger, on: pd.Timestamp) -> pd.DataFrame:
    if ledger.demands["raised_on"].isna().all():
        return pd.DataFrame(columns=["month", "raised", "settled", "open"])
    months = demands_by_month(ledger)
    if not has_settling_days(ledger.demands) and settled_by(ledger.demands, on).any():
        return months[["month", "raised"]]
    return months.assign(open=(months["raised"] - months["settled"]).cumsum())


def _towns(ledger: Ledger, on: pd.Timestamp) -> pd.DataFrame:
    """DataFrame[town, enterprises, demands, in_remit, settled]; without the last two where unknown."""
    sizes = ledger.enterprises.dropna(subset=["town"]).groupby("town").size()
    rates = settlement(ledger, by="town", on=on)
    rates = rates[rates["scope"].eq("all")].pivot_table(index="town", columns="measure", values="numerator")
    columns = {"collected": "demands", "in_remit": "in_remit", "settled": "settled"}
    for measure in columns.keys() - set(rates.columns):
        del columns[measure]
    counts = rates.reindex(index=sizes.index, columns=list(columns)).rename(columns=columns)
    counts.insert(0, "enterprises", sizes)
    return counts.fillna(0).astype("int64").rename_axis("town").reset_index()


def _raisers(ledger: Ledger) -> pd.DataFrame:
    counts = ledger.demands["enterprise_id"].value_counts().rename_axis("enterprise_id")
    raisers = counts.reset_index(name="demands")
    raisers.insert(1, "name", raisers["enterprise_id"].map(ledger.names()))
    return raisers.sort_values(["demands", "enterprise_id"], ascending=[False, True], ignore_index=True)


def _empty_cells(ledger: Ledger) -> pd.DataFrame:
    rows = [
        (name, column, int(frame[column].isna().sum()), len(frame))
        for name, frame in ledger.tables.items()
        for column in frame.columns
        # A column without any value is one that the ledger does not record.
        if frame[column].isna().any() and not frame[column].isna().all()
    ]
    return pd.DataFrame(rows, columns=["table", "column", "empty", "of"])
