"""Investment projects: milestones planned and done, slippage, and blocking demands."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from liaison_analysis._calendar import Unit, check_unit, day_numbers, elapsed_days
from liaison_analysis._stats import RATE, kaplan_meier, median_days, settled_median, with_rates
from liaison_analysis.followup.facts import count_day
from liaison_analysis.followup.reminders import open_demands
from liaison_analysis.ledger import as_ledger

if TYPE_CHECKING:
    from liaison_analysis.ledger import Ledger


def _milestones(ledger: Ledger, day: pd.Timestamp, unit: Unit) -> pd.DataFrame:
    """Milestones with is_done, is_due, slip (days late when done, or so far), order and open demands."""
    ledger.require("projects")
    check_unit(unit)
    rows = ledger.projects.copy()
    rows["is_done"] = rows["done_on"].le(day)
    rows["is_due"] = rows["planned_on"].le(day)
    planned, no_plan = day_numbers(rows["planned_on"])
    seen, _ = day_numbers(rows["done_on"].where(rows["is_done"], day))
    slip = np.zeros(len(rows), dtype=np.int64)
    slip[~no_plan] = elapsed_days(seen[~no_plan], unit) - elapsed_days(planned[~no_plan], unit)
    rows["slip"] = pd.Series(slip, index=rows.index).astype("Int64").mask(no_plan)
    waiting = open_demands(ledger, day)
    rows["open_demands"] = (
        rows["enterprise_id"].map(waiting["enterprise_id"].value_counts()).fillna(0).astype(np.int64)
    )
    return rows


def project_progress(ledger: Ledger, on: Any = None, *, unit: Unit = "calendar") -> pd.DataFrame:
    """Milestones planned and done by stage, how many days late, and how many late ones have open demands.

    Slippage is the number of days from the planned to the actual day, below 0 if early. A milestone that is
    not done is right-censored at the day of the count, so the medians are Kaplan–Meier's, and
    ``done_median`` beside them leaves the open ones out.

    Parameters
    ----------
    ledger
        Needs ``projects``; ``demands`` are what may block them.
    on
        Day of the count; by default the last date of anything that happened in the ledger.
    unit
        ``calendar`` days, or ``working`` days of mainland China.

    Returns
    -------
    DataFrame
        Columns stage, milestone, n, numerator (done of those due), denominator (due by now), rate, low, high,
        few, done_early (done before they were due), slip_days, slip_low, slip_high (median and band;
        missing: not reached, or no milestone with a planned day), done_median, unit, n_late (due and not
        done), n_late_blocked (of these, of an enterprise with open demands). By stage, and within it by the
        median planned day.

    Raises
    ------
    LedgerError
        ``projects`` has no rows.
    ValueError
        A day lies outside the years of the working-day calendar.

    Examples
    --------
    >>> from liaison_analysis import load_liangjiang
    >>> progress = project_progress(load_liangjiang(), "2022-12-31")
    >>> progress[["stage", "milestone", "numerator", "denominator", "slip_days"]].head(2)
      stage milestone  numerator  denominator  slip_days
    0  前期准备        签约         13           13        9.0
    1  前期准备        开工          0            4        NaN
    """
    ledger = as_ledger(ledger)
    day = count_day(ledger, on)
    rows = _milestones(ledger, day, unit)
    records = []
    for (stage, milestone), part in rows.groupby(["stage", "milestone"], dropna=False, sort=True):
        due, late = part["is_due"], part["is_due"] & ~part["is_done"]
        dated = part[part["slip"].notna()]
        done = dated["is_done"].astype(np.int64)
        counts = pd.DataFrame(
            {"days": dated["slip"].astype(np.int64), "settled": done, "still_open": 1 - done}
        )
        slips = median_days(kaplan_meier(counts)) if len(counts) else (np.nan,) * 3
        records.append(
            {
                "stage": stage,
                "milestone": milestone,
                "order": part["planned_on"].median(),
                "n": len(part),
                "numerator": int((due & part["is_done"]).sum()),
                "denominator": int(due.sum()),
                "done_early": int((part["is_done"] & ~due).sum()),
                **dict(zip(("slip_days", "slip_low", "slip_high"), slips, strict=True)),
                "done_median": settled_median(counts),
                "n_late": int(late.sum()),
                "n_late_blocked": int((late & part["open_demands"].gt(0)).sum()),
            }
        )
    frame = with_rates(pd.DataFrame(records))
    frame = frame.sort_values(["stage", "order", "milestone"], ignore_index=True)
    frame.attrs["on"] = day
    columns = ["stage", "milestone", "n", *RATE, "done_early"]
    slippage = ["slip_days", "slip_low", "slip_high", "done_median", "unit"]
    return frame.assign(unit=unit)[[*columns, *slippage, "n_late", "n_late_blocked"]]


def project_status(ledger: Ledger, on: Any = None, *, unit: Unit = "calendar") -> pd.DataFrame:
    """Where each project stands: what is next, how late it is, and which demands of its enterprise are open.

    A demand names no project: what may block one is every open demand of its enterprise.

    Parameters
    ----------
    ledger, on, unit
        As in ``project_progress``.

    Returns
    -------
    DataFrame
        Columns project_id, name, enterprise_id, stage, n_milestones, n_done, next_milestone (the first
        planned that is not done; missing when all are), planned_on (its day), days_late (of it, 0 if not
        due), last_slip (days late of the last one done), unit (of the days before it), open_demands,
        oldest_days (calendar days), demand_ids (the oldest first, separated by 、). The latest first, then
        by project_id.

    Examples
    --------
    >>> from liaison_analysis import load_liangjiang
    >>> status = project_status(load_liangjiang(), "2022-12-31")
    >>> len(status), status["days_late"].gt(0).sum().item()
    (37, 11)
    """
    ledger = as_ledger(ledger)
    day = count_day(ledger, on)
    rows = _milestones(ledger, day, unit).sort_values(["project_id", "planned_on", "milestone"])
    waiting = open_demands(ledger, day).sort_values(["raised_on", "demand_id"])
    ids = waiting.groupby("enterprise_id")["demand_id"].agg("、".join)
    oldest = (day - waiting.groupby("enterprise_id")["raised_on"].min()).dt.days
    records = []
    for project, part in rows.groupby("project_id", sort=True):
        undone, done = part[~part["is_done"]], part[part["is_done"]]
        upcoming = undone.iloc[0] if len(undone) else None
        late = 0 if upcoming is None or pd.isna(upcoming["slip"]) else max(int(upcoming["slip"]), 0)
        firm = part["enterprise_id"].iloc[0]
        records.append(
            {
                "project_id": project,
                "name": part["name"].iloc[0],
                "enterprise_id": firm,
                "stage": part["stage"].iloc[0],
                "n_milestones": len(part),
                "n_done": len(done),
                "next_milestone": None if upcoming is None else upcoming["milestone"],
                "planned_on": pd.NaT if upcoming is None else upcoming["planned_on"],
                "days_late": late,
                "last_slip": done["slip"].iloc[-1] if len(done) else pd.NA,
                "unit": unit,
                "open_demands": int(part["open_demands"].iloc[0]),
                "oldest_days": oldest.get(firm, pd.NA),
                "demand_ids": ids.get(firm, ""),
            }
        )
    frame = pd.DataFrame(records).astype(
        {"next_milestone": "str", "planned_on": "datetime64[s]", "last_slip": "Int64", "oldest_days": "Int64"}
    )
    frame = frame.sort_values(["days_late", "project_id"], ascending=[False, True], ignore_index=True)
    frame.attrs["on"] = day
    return frame
