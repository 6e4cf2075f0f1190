"""How long demands take to be settled, and how long the open ones have waited."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pandas as pd

from liaison_analysis._stats import FEW, kaplan_meier, log_rank, median_days, settled_median, with_rates
from liaison_analysis.followup.facts import By, Facts, by_group, demand_facts
from liaison_analysis.ledger import as_ledger

if TYPE_CHECKING:
    import ibis

    from liaison_analysis._calendar import Unit
    from liaison_analysis.ledger import Ledger

#: Days open, in brackets: last day of each but the last. As in accounts-receivable ageing.
BRACKETS: Final = {"0–30": 30, "31–60": 60, "61–90": 90, "over 90": None}


def _time_counts(facts: Facts) -> pd.DataFrame:
    """Count settled, still_open and closed by group and number of days; ``undated`` where there are no days.

    What was closed without being solved is among ``still_open`` too: it can never be settled, so it stays at
    risk up to the day of the count. With that day as the only reason for censoring, one minus the curve is
    then the share that is settled, other endings counted (Fine and Gray, Journal of the American Statistical
    Association 94, 1999, complete censoring times); censoring at the day of closing would make it too large.
    """
    table = facts.table
    table = table.mutate(days=table.undated.ifelse(None, table.days))
    counted = table.group_by([*facts.keys, "days"]).agg(
        settled=(table.is_settled & ~table.undated).cast("int64").sum(),
        still_open=(~table.is_settled & ~table.undated).cast("int64").sum(),
        closed=(table.is_closed & ~table.undated).cast("int64").sum(),
        undated=table.undated.cast("int64").sum(),
    )
    return facts.collect(counted, "days")


def time_to_settle(
    ledger: Ledger,
    by: By = None,
    *,
    on: Any = None,
    unit: Unit = "calendar",
    confidence: float = 0.95,
    engine: ibis.BaseBackend | None = None,
) -> pd.DataFrame:
    """Estimate how long demands take to be settled, with the open ones as right-censored.

    The median comes from the Kaplan–Meier curve, in which an open demand counts as not settled up to ``on``.
    ``closed_median`` beside it leaves the open ones out, as spreadsheets do: it is too short, because the
    demands that take long are still open. A demand that was closed without being solved counts as not
    settled, for good (Fine & Gray 1999): it shortens nothing.

    Parameters
    ----------
    ledger
        Its demands; enterprises where a group is theirs.
    by
        As in ``settlement``.
    on
        Day of the count, on which open demands are censored; by default the last date of anything that
        happened in the ledger. Days of settlement after it count as still to come.
    unit
        ``calendar`` days, or ``working`` days of mainland China.
    confidence
        Of the band (Brookmeyer & Crowley 1982 on the log(-log) scale).
    engine
        Ibis backend that counts; DuckDB in this process by default.

    Returns
    -------
    DataFrame
        Columns of the groups, median_days, low, high (missing: not reached), summary (the three in words), n,
        n_settled, n_open, n_closed (without being solved), n_undated (of unknown days, in no other number),
        closed_median, few (n below 10),
        p (log-rank test that all groups settle alike; missing without groups), unit. A demand that was
        reopened and is dealt with again counts as open since it was raised; one reopened and settled again
        counts up to the settlement that the ledger holds. ``attrs["on"]`` is the day of the count.

    Raises
    ------
    LedgerError
        Demands were settled before they were raised; ``problems`` lists every one.
    ValueError
        No such group, or a day outside the years of the working-day calendar.

    Examples
    --------
    >>> from liaison_analysis import load_liangjiang
    >>> time_to_settle(load_liangjiang(), on="2022-12-31")[["summary", "n", "n_settled", "closed_median"]]
                  summary    n  n_settled  closed_median
    0  176 (121–291) days  476        198           55.5
    """
    ledger = as_ledger(ledger)
    facts = demand_facts(ledger, by, on=on, unit=unit, engine=engine)
    counts = _time_counts(facts)
    rows, groups = [], []
    for key, part in by_group(counts, facts.names):
        dated = part[part["days"].notna()]
        median, low, high = median_days(kaplan_meier(dated, confidence=confidence))
        settled, waiting, closed = (int(dated[c].sum()) for c in ("settled", "still_open", "closed"))
        groups.append(dated)
        numbers = settled + waiting, settled, waiting - closed, closed, int(part["undated"].sum())
        rows.append(
            (*key, median, low, high, _in_words(median, low, high, unit), *numbers, settled_median(dated))
        )
    counted = ["n", "n_settled", "n_open", "n_closed", "n_undated"]
    columns = [*facts.names, "median_days", "low", "high", "summary", *counted, "closed_median"]
    frame = pd.DataFrame(rows, columns=columns)
    frame["few"] = frame["n"] < FEW
    frame["p"] = log_rank(groups)[1] if facts.names else np.nan
    frame["unit"] = unit
    frame.attrs["on"] = facts.on
    return frame


def _in_words(median: float, low: float, high: float, unit: str) -> str:
    """Median and band in words."""
    days = "days" if unit == "calendar" else "working days"
    if np.isnan(median):
        return "not reached" if np.isnan(low) else f"not reached (over {low:g} {days})"
    upper = "not reached" if np.isnan(high) else f"{high:g}"
    return f"{median:g} ({low:g}–{upper}) {days}"


def settling_curves(
    ledger: Ledger,
    by: By = None,
    *,
    on: Any = None,
    unit: Unit = "calendar",
    engine: ibis.BaseBackend | None = None,
) -> pd.DataFrame:
    """Share of demands not settled after each number of days: the curves behind ``time_to_settle``.

    Parameters
    ----------
    ledger, by, on, unit, engine
        As for ``time_to_settle``.

    Returns
    -------
    DataFrame
        Columns of the groups, days, at_risk, settled, still_open, open_share, low, high, unit. Demands that
        were closed without being solved count as not settled for good.

    Examples
    --------
    >>> from liaison_analysis import load_liangjiang
    >>> curve = settling_curves(load_liangjiang(), on="2022-12-31")
    >>> curve.loc[curve["days"].le(30), "open_share"].iloc[-1].round(3).item()
    0.904
    """
    ledger = as_ledger(ledger)
    facts = demand_facts(ledger, by, on=on, unit=unit, engine=engine)
    counts = _time_counts(facts)
    curves = []
    for key, part in by_group(counts[counts["days"].notna()], facts.names):
        curve = kaplan_meier(part)
        for place, (name, value) in enumerate(zip(facts.names, key, strict=True)):
            curve.insert(place, name, value)
        curves.append(curve)
    frame = pd.concat(curves, ignore_index=True) if curves else pd.DataFrame(columns=[*facts.names])
    return frame.astype({"days": np.int64}).assign(unit=unit) if len(frame) else frame


def ageing(
    ledger: Ledger,
    on: Any = None,
    by: By = None,
    *,
    unit: Unit = "calendar",
    engine: ibis.BaseBackend | None = None,
) -> pd.DataFrame:
    """How long the open demands have been open, in brackets.

    Parameters
    ----------
    ledger, by, unit, engine
        As in ``time_to_settle``.
    on
        Day of the count; by default the last date of anything that happened in the ledger.

    Returns
    -------
    DataFrame
        Columns of the groups, bracket (0–30, 31–60, 61–90, over 90), numerator (open that long), denominator
        (open), rate, low, high, few, oldest (days; missing where there are none), unit. Every bracket of
        every group that has demands; a demand of unknown day, or closed without being solved, is in none.

    Examples
    --------
    >>> from liaison_analysis import load_liangjiang
    >>> ageing(load_liangjiang(), "2022-12-31")[["bracket", "numerator", "denominator", "oldest"]]
       bracket  numerator  denominator  oldest
    0     0–30         42          278      30
    1    31–60         43          278      60
    2    61–90         31          278      90
    3  over 90        162          278     362
    """
    ledger = as_ledger(ledger)
    facts = demand_facts(ledger, by, on=on, unit=unit, engine=engine)
    counts = _time_counts(facts)
    counts["still_open"] -= counts["closed"]
    edges = [-1, *(last for last in BRACKETS.values() if last is not None), np.inf]
    rows = []
    for key, part in by_group(counts, facts.names):
        waiting = part[part["days"].notna() & part["still_open"].gt(0)]
        whole = int(waiting["still_open"].sum())
        for i, bracket in enumerate(BRACKETS):
            inside = waiting[waiting["days"].gt(edges[i]) & waiting["days"].le(edges[i + 1])]
            oldest = inside["days"].max() if len(inside) else pd.NA
            rows.append((*key, bracket, int(inside["still_open"].sum()), whole, oldest))
    columns = [*facts.names, "bracket", "numerator", "denominator", "oldest"]
    frame = with_rates(pd.DataFrame(rows, columns=columns))
    frame.attrs["on"] = facts.on
    frame["unit"] = unit
    return frame[[*columns[:-1], "rate", "low", "high", "few", "oldest", "unit"]].astype({"oldest": "Int64"})
