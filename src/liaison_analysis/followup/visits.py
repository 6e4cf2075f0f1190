"""Visits due and made in a quarter, and whether every enterprise has its whole team."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pandas as pd

from liaison_analysis._checks import check_frame
from liaison_analysis._stats import RATE, with_rates
from liaison_analysis.followup.facts import count_day
from liaison_analysis.ledger import ROLES, as_ledger

if TYPE_CHECKING:
    from liaison_analysis.ledger import Ledger

#: Role of the "1+3" team whose visit is due; the other three roles support it.
LINKED: Final = "linked officer"


def quarter_days(quarter: str) -> tuple[pd.Timestamp, pd.Timestamp]:
    """First and last day of a quarter.

    Raises
    ------
    ValueError
        It is not written like ``2022Q3``.

    Examples
    --------
    >>> [str(day.date()) for day in quarter_days("2022Q3")]
    ['2022-07-01', '2022-09-30']
    """
    if not re.fullmatch(r"\d{4}\s*-?[Qq][1-4]", str(quarter)):
        raise ValueError(f"expected a quarter such as '2022Q3', got {quarter!r}")
    period = pd.Period(re.sub(r"[\s-]", "", str(quarter)).upper(), freq="Q")
    return period.start_time.normalize(), period.end_time.normalize()


def linked_enterprises(ledger: Ledger) -> pd.DataFrame:
    """Pairs of an enterprise and the officer linked to it, whose visit is due every quarter.

    A link without a role counts as that of a linked officer. Enterprises that have other links but no linked
    officer, or a town but no link at all, stand with a missing officer: no visit is due there.

    Returns
    -------
    DataFrame
        Columns enterprise_id, officer_id; sorted by them.

    Raises
    ------
    LedgerError
        ``links`` has no rows.
    """
    ledger.require("links")
    links = ledger.links
    is_linked = links["role"].isna() | links["role"].eq(LINKED)
    pairs = links.loc[is_linked, ["enterprise_id", "officer_id"]].drop_duplicates()
    in_scope = ledger.enterprises.loc[ledger.enterprises["town"].notna(), "enterprise_id"]
    others = sorted({*links["enterprise_id"], *in_scope} - set(pairs["enterprise_id"]))
    rest = pd.DataFrame({"enterprise_id": others, "officer_id": None}, dtype="str")
    both = pd.concat([pairs, rest], ignore_index=True)
    return both.sort_values(["enterprise_id", "officer_id"], ignore_index=True)


def visit_coverage(ledger: Ledger, quarter: str, *, on: Any = None) -> pd.DataFrame:
    """Visits due and done in a quarter, by enterprise and linked officer, with the gaps in calendar days.

    Parameters
    ----------
    ledger
        Needs ``links`` and ``visits``.
    quarter
        Such as ``2022Q3``.
    on
        Day of the count; by default the last date of anything that happened in the ledger. A quarter that
        is not over by then is counted up to it.

    Returns
    -------
    DataFrame
        Columns enterprise_id, name, town, officer_id, due (visits owed: 1 by each linked officer, 0 where
        there is none), done (visits by that officer in the quarter), done_by_others, covered (whether what
        is due is done; missing where nothing is), last_visit (by anybody, up to the count),
        days_since (from it to the end of the quarter or the count), longest_gap (longest stretch of days
        without a visit by anybody that reaches into the quarter; without an earlier visit counted from
        its first day), team_complete (a person in each of the four roles of the "1+3" team), missing_roles
        (in Chinese, separated by 、). By enterprise and officer.

    Raises
    ------
    LedgerError
        ``links`` or ``visits`` has no rows.
    ValueError
        The quarter is not written like ``2022Q3``, or begins after the day of the count.

    Examples
    --------
    >>> from liaison_analysis import load_liangjiang
    >>> coverage = visit_coverage(load_liangjiang(), "2022Q3")
    >>> int(coverage["due"].sum()), int(coverage["covered"].sum()), coverage["team_complete"].all().item()
    (240, 218, True)
    """
    ledger = as_ledger(ledger)
    start, end = quarter_days(quarter)
    ledger.require("links", "visits")
    day = count_day(ledger, on)
    if start > day:
        raise ValueError(f"{quarter} begins on {start:%Y-%m-%d}, after the day of the count {day:%Y-%m-%d}")
    end = min(end, day)
    rows = linked_enterprises(ledger)
    seen = ledger.visits[ledger.visits["visited_on"].le(end)]
    inside = seen[seen["visited_on"].ge(start)]
    pair = ["enterprise_id", "officer_id"]
    own = inside.groupby(pair).size().rename("done").reset_index()
    rows = rows.merge(own, on=pair, how="left")
    rows["done"] = rows["done"].fillna(0).astype(np.int64)
    total = rows["enterprise_id"].map(inside["enterprise_id"].value_counts()).fillna(0).astype(np.int64)
    has_officer = rows["officer_id"].notna()
    rows["due"] = has_officer.astype(np.int64)
    rows["done_by_others"] = total - rows["done"]
    rows["covered"] = rows["done"].ge(1).astype("boolean").where(has_officer)
    last = seen.groupby("enterprise_id")["visited_on"].max()
    rows["last_visit"] = last.reindex(rows["enterprise_id"]).to_numpy()
    rows["days_since"] = (end - rows["last_visit"]).dt.days.astype("Int64")
    gaps = _longest_gaps(seen, rows["enterprise_id"].unique(), start, end)
    rows["longest_gap"] = rows["enterprise_id"].map(gaps).astype(np.int64)
    missing = _missing_roles(ledger)
    rows["missing_roles"] = rows["enterprise_id"].map(missing).fillna("、".join(ROLES.values())).astype("str")
    rows["team_complete"] = rows["missing_roles"].eq("")
    firms = ledger.enterprises.set_index("enterprise_id")
    rows["name"], rows["town"] = (rows["enterprise_id"].map(firms[c]) for c in ("name", "town"))
    columns = ["enterprise_id", "name", "town", "officer_id", "due", "done", "done_by_others", "covered"]
    rows = rows[[*columns, "last_visit", "days_since", "longest_gap", "team_complete", "missing_roles"]]
    rows.attrs["on"] = day
    return rows


def _longest_gaps(seen: pd.DataFrame, firms: Any, start: pd.Timestamp, end: pd.Timestamp) -> pd.Series:
    """Longest stretch without a visit that reaches into the quarter, by enterprise."""
    days = seen[["enterprise_id", "visited_on"]]
    inside = days[days["visited_on"].ge(start)]
    before = days[days["visited_on"].lt(start)].groupby("enterprise_id")["visited_on"].max().reindex(firms)
    first = before.fillna(start).rename_axis("enterprise_id").rename("visited_on").reset_index()
    last = first.assign(visited_on=end)
    every = pd.concat([first, inside[inside["enterprise_id"].isin(firms)], last], ignore_index=True)
    every = every.sort_values(["enterprise_id", "visited_on"])
    every["gap"] = every.groupby("enterprise_id")["visited_on"].diff().dt.days
    return every.groupby("enterprise_id")["gap"].max()


def _missing_roles(ledger: Ledger) -> pd.Series:
    """Roles that nobody has, in Chinese, by enterprise that has any link."""
    links = ledger.links.assign(role=ledger.links["role"].fillna(LINKED))
    held = links.groupby("enterprise_id")["role"].agg(set)
    return held.map(lambda roles: "、".join(word for role, word in ROLES.items() if role not in roles))


def officer_coverage(coverage: pd.DataFrame) -> pd.DataFrame:
    """Sum up ``visit_coverage`` by officer.

    Parameters
    ----------
    coverage
        From ``visit_coverage``.

    Returns
    -------
    DataFrame
        Columns officer_id, numerator (enterprises visited as due), denominator (due), rate, low, high
        (Wilson), few (fewer than 10 due: no rate to rank by), visits, longest_gap (of any of its
        enterprises). By officer_id, not by rate.

    Examples
    --------
    >>> from liaison_analysis import load_liangjiang
    >>> officers = officer_coverage(visit_coverage(load_liangjiang(), "2022Q3"))
    >>> officers.loc[officers["officer_id"].eq("G01"), ["numerator", "denominator"]].to_numpy().tolist()
    [[9, 10]]
    """
    check_frame(
        coverage, "coverage", ["officer_id", "due", "done", "covered", "longest_gap"], source="visit_coverage"
    )
    due = coverage[coverage["officer_id"].notna()]
    grouped = due.groupby("officer_id")
    frame = grouped.agg(
        numerator=("covered", "sum"), denominator=("due", "sum"), visits=("done", "sum"),
        longest_gap=("longest_gap", "max"),
    ).reset_index()  # fmt: skip
    frame = with_rates(frame.astype({"numerator": np.int64}))
    columns = ["officer_id", *RATE, "visits", "longest_gap"]
    return frame[columns].sort_values("officer_id", ignore_index=True)


def visits_by_quarter(ledger: Ledger, *, on: Any = None) -> pd.DataFrame:
    """Coverage of each quarter that saw a visit or a demand, and demands a visit.

    Parameters
    ----------
    ledger
        Needs ``links`` and ``visits``.
    on
        Day of the count; by default the last date of anything that happened in the ledger.

    Returns
    -------
    DataFrame
        Columns quarter, numerator (visits made of those due), denominator (due), rate, low, high, few, visits
        (all), demands (raised in it), demands_per_visit (missing without visits).

    Raises
    ------
    LedgerError
        ``links`` or ``visits`` has no rows.

    Examples
    --------
    >>> from liaison_analysis import load_liangjiang
    >>> visits_by_quarter(load_liangjiang())[["quarter", "numerator", "denominator", "visits", "demands"]]
      quarter  numerator  denominator  visits  demands
    0  2022Q1        185          240     237       63
    1  2022Q2        211          240     333      140
    2  2022Q3        218          240     335      131
    3  2022Q4        199          240     312      142
    """
    ledger = as_ledger(ledger)
    ledger.require("links", "visits")
    day = count_day(ledger, on)
    quarters = {
        name: dates[dates.le(day)].dt.to_period("Q")
        for name, dates in (("visits", ledger.visits["visited_on"]), ("demands", ledger.demands["raised_on"]))
    }
    rows = []
    for period in sorted({*quarters["visits"], *quarters["demands"]}):
        coverage = visit_coverage(ledger, str(period), on=day)
        visits, demands = (int(quarters[name].eq(period).sum()) for name in ("visits", "demands"))
        part, whole = int(coverage["covered"].sum()), int(coverage["due"].sum())
        rows.append((str(period), part, whole, visits, demands, demands / visits if visits else np.nan))
    columns = ["quarter", "numerator", "denominator", "visits", "demands", "demands_per_visit"]
    frame = with_rates(pd.DataFrame(rows, columns=columns))
    return frame[[*columns[:3], "rate", "low", "high", "few", *columns[3:]]]
