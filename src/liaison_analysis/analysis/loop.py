"""What became of a ledger's demands: rates, times, backlog, and what needs a look."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd

from liaison_analysis.analysis.demand_texts import loop_text
from liaison_analysis.analysis.results import FollowUpResult
from liaison_analysis.followup import (
    ageing,
    backlog,
    directly_follows,
    has_settling_days,
    has_states,
    loop_conformance,
    open_demands,
    overdue,
    repeats,
    settled_by,
    settlement,
    settling_curves,
    time_to_settle,
)
from liaison_analysis.plots import plot_rates

if TYPE_CHECKING:
    from collections.abc import Callable

    from liaison_analysis.analysis.core import Analysis
    from liaison_analysis.ledger import Ledger

_TITLES = {
    "settled_in_remit": "各部门职责内办结率 Settled of those in remit",
    "settled": "各部门办结率 Settled, by department",
}


def follow_up_of(analysis: Analysis) -> FollowUpResult:
    """Measure what became of the demands of an analysis up to its day."""
    ledger, on, within = analysis.ledger, analysis.day, analysis.within

    def counted(measure: Callable[..., pd.DataFrame], keys: str | list[str], **options: Any) -> pd.DataFrame:
        return analysis.count(lambda part: measure(part, on=on, **options), keys)

    measure = main_measure(ledger)
    dated = has_settling_days(ledger.demands) or not settled_by(ledger.demands, on).any()

    def settled(part: Ledger, **options: Any) -> pd.DataFrame:
        return _settled(part, measure, **options)

    rates = counted(settlement, ["scope", "measure"])
    times = counted(time_to_settle, "unit")
    by_remit = times.iloc[:0].assign(in_remit=pd.Series(dtype="str"))
    if measure == "settled_in_remit":
        by_remit = counted(time_to_settle, "in_remit", by=["in_remit"])
        by_remit = by_remit.sort_values("in_remit", ascending=False, ignore_index=True)
    months = counted(backlog, "month")
    every_late = overdue(ledger, on, within=within)
    by_owner = counted(settled, "owner", by="owner")
    waiting = open_demands(ledger, on)
    n_undated = int(waiting["raised_on"].isna().sum()) if analysis.min_group is None else 0
    known = ledger.demands["raised_on"].notna().any()
    themes = analysis.themes.labels
    by_theme = by_owner.iloc[:0].rename(columns={"owner": "theme"})
    if themes.notna().any():
        by_theme = counted(settled, "theme", by=themes)
    curves = settling_curves(ledger, on=on)
    return FollowUpResult(
        table=rates,
        text=loop_text(
            rates,
            by_remit if len(by_remit) else times,
            months if known else months.iloc[:0],
            _number(analysis, every_late) if known else None,
            within=within,
            dated=dated,
            n_undated=n_undated,
        ),
        measure=measure,
        dated=dated,
        draw=lambda ax: plot_rates(by_owner, "owner", ax, title=_TITLES[measure], ledger=ledger),
        by_owner=by_owner,
        by_town=counted(settled, "town", by="town"),
        by_theme=by_theme,
        months=months,
        times=times,
        times_by_owner=counted(time_to_settle, "owner", by="owner"),
        times_by_remit=by_remit,
        curves=analysis.single(curves if has_states(ledger.demands) else curves.iloc[:0]),
        ages=counted(ageing, "bracket"),
        steps=counted(loop_conformance, "step", written_only=True),
        follows=counted(directly_follows, ["step", "next_step"]),
        late=analysis.single(every_late),
        again=analysis.single(repeats(ledger)),
        tasks=analysis.tasks,
        dispatch=analysis.dispatch,
    )


def main_measure(ledger: Ledger) -> str:
    """Rate of settlement to judge by: of demands in remit, or of all where the ledger knows of no remit.

    Examples
    --------
    >>> from liaison_analysis import load_liangjiang
    >>> main_measure(load_liangjiang())
    'settled_in_remit'
    """
    return "settled" if ledger.demands["in_remit"].isna().all() else "settled_in_remit"


def _settled(part: Ledger, measure: str, **options: Any) -> pd.DataFrame:
    rates = settlement(part, **options)
    rates = rates[rates["scope"].eq("all") & rates["measure"].eq(measure)]
    return rates.drop(columns=["scope", "measure"]).reset_index(drop=True)


def _number(analysis: Analysis, rows: pd.DataFrame) -> int | None:
    """How many rows there are; ``None`` where fewer enterprises are behind them than may be shown."""
    few = analysis.min_group is not None and rows["enterprise_id"].nunique() < analysis.min_group
    return None if few else len(rows)
