"""What became of demands: rates, time to settle, age and backlog."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pandas as pd

from liaison_analysis.demand_facts import By, Facts, demand_facts, is_known, month_text
from liaison_analysis.rates import FEW, with_rates
from liaison_analysis.survival import kaplan_meier, log_rank, median_days, settled_median

if TYPE_CHECKING:
    from collections.abc import Iterator

    import ibis

    from liaison_analysis.ledger import Ledger
    from liaison_analysis.workdays import Unit

#: Days open, in brackets: last day of each but the last.
BRACKETS: Final = {"0–30": 30, "31–60": 60, "61–90": 90, "over 90": None}

# Measure, what is counted, and of what.
_RATES: Final = {
    "in_remit": ("in_remit", "remit_known"),
    "settled": ("settled", "n"),
    "settled_in_remit": ("settled_in_remit", "in_remit"),
    "fed_back": ("fed_back", "settled"),
    "satisfied": ("satisfied", "answered"),
    "reopened": ("reopened", "ever_settled"),
}


def settlement(
    ledger: Ledger, by: By = None, *, on: Any = None, engine: ibis.BaseBackend | None = None
) -> pd.DataFrame:
    """Count how far demands got, as rates with what they are of, with and without the largest asker.

    Parameters
    ----------
    ledger
        Its demands; enterprises where a group is theirs.
    by
        What to group by: ``month`` (in which it was raised), a column of demands or of enterprises
        (``town``, ``owner``, ``category``, …), a mapping or Series from demand_id to a group, such as a
        theme, or a list of several of these. A missing group stays a group.
    on
        Day of the count; by default the last date of anything that happened in the ledger.
    engine
        Ibis backend that counts; DuckDB in this process by default.

    Returns
    -------
    DataFrame
        Columns of the groups, scope (``all``, or ``without E002``: without the one enterprise that raised
        most), measure, numerator, denominator, rate, low, high (Wilson's 95 % interval), few (denominator
        below 10: no rate to rank by). Sorted by group, not by rate. Measures:

        - ``collected``: the group's demands of all;
        - ``in_remit``: of those where the remit is known;
        - ``settled`` of all, ``settled_in_remit`` of those in remit;
        - ``fed_back`` of the settled;
        - ``satisfied`` of those who answered;
        - ``reopened`` of those ever settled.

        ``attrs["on"]`` is the day of the count.

    Raises
    ------
    ValueError
        No such group, or no date to count on.

    Examples
    --------
    >>> from liaison_analysis import load_liangjiang
    >>> found = settlement(load_liangjiang()).set_index(["scope", "measure"])
    >>> found.loc[("all", "settled_in_remit"), ["numerator", "denominator", "low", "high"]].round(3).tolist()
    [198.0, 309.0, 0.586, 0.692]
    """
    facts = demand_facts(ledger, by, on=on, engine=engine, in_order=False)
    askers = ledger.demands["enterprise_id"].value_counts().reset_index()
    askers = askers.sort_values(["count", "enterprise_id"], ascending=[False, True])
    largest = askers["enterprise_id"].iloc[0] if len(askers) else ""
    counted = facts.collect(_settlement_counts(facts, largest))
    groups = list(facts.names)
    numbers = [column for column in counted.columns if column not in {*groups, "is_largest"}]
    counted[numbers] = counted[numbers].fillna(0).astype(np.int64)
    scopes = {"all": counted, f"without {largest}": counted[~counted["is_largest"].astype(bool)]}
    parts = []
    for scope, rows in list(scopes.items())[: 1 + bool(largest)]:
        if groups:
            whole = rows.groupby(groups, dropna=False, sort=True)[numbers].sum().reset_index()
        else:
            whole = rows[numbers].sum().to_frame().T
        whole["everything"] = rows["n"].sum()
        for place, (measure, (part, of)) in enumerate({"collected": ("n", "everything"), **_RATES}.items()):
            rates = whole[groups].assign(
                scope=scope, measure=measure, numerator=whole[part], denominator=whole[of], place=place
            )
            parts.append(rates)
    frame = pd.concat(parts, ignore_index=True)
    order = frame["scope"].ne("all").rename("order")
    frame = frame.assign(order=order).sort_values([*groups, "order", "place"], ignore_index=True)
    frame = with_rates(frame.drop(columns=["order", "place"]))
    frame.attrs["on"] = facts.on
    return frame


def _settlement_counts(facts: Facts, largest: str) -> ibis.Table:
    """Count each group, the demands of the largest asker apart."""
    table = facts.table
    yes = {flag: table[flag].fill_null(False) for flag in ("in_remit", "satisfied", "reopened")}  # noqa: FBT003 - as ibis takes it
    ever = table.is_settled | is_known(table.settled) | yes["reopened"]
    counts = {
        "remit_known": is_known(table.in_remit),
        "in_remit": yes["in_remit"],
        "settled": table.is_settled,
        "settled_in_remit": table.is_settled & yes["in_remit"],
        "fed_back": table.is_settled & table.is_fed_back,
        "answered": table.is_fed_back & is_known(table.satisfied),
        "satisfied": table.is_fed_back & yes["satisfied"],
        "ever_settled": ever,
        "reopened": yes["reopened"],
    }
    table = table.mutate(is_largest=table.enterprise_id == largest)
    sums = {name: condition.cast("int64").sum() for name, condition in counts.items()}
    return table.group_by([*facts.keys, "is_largest"]).agg(n=table.count(), **sums)


def _time_counts(facts: Facts) -> pd.DataFrame:
    """Count settled and still_open by group and number of days; ``undated`` where there are no days."""
    table = facts.table
    table = table.mutate(days=table.undated.ifelse(None, table.days))
    counted = table.group_by([*facts.keys, "days"]).agg(
        settled=(table.is_settled & ~table.undated).cast("int64").sum(),
        still_open=(~table.is_settled & ~table.undated).cast("int64").sum(),
        undated=table.undated.cast("int64").sum(),
    )
    return facts.collect(counted, "days")


def _by_group(counts: pd.DataFrame, names: tuple[str, ...]) -> Iterator[tuple[tuple[Any, ...], pd.DataFrame]]:
    """Go through the counts of each group, in order."""
    if not names:
        yield (), counts
        return
    for key, part in counts.groupby(list(names), dropna=False, sort=True):
        yield key if isinstance(key, tuple) else (key,), part


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
    ``closed_median`` beside it leaves the open ones out, as spreadsheets do: it is too short, since what
    takes long is still open.

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
        Columns of the groups, median_days, low, high (missing: not reached), told (the same in words), n,
        n_settled, n_open, n_undated (of unknown days, in no other number), closed_median, few (n below 10),
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
    >>> time_to_settle(load_liangjiang(), on="2022-12-31")[["told", "n", "n_settled", "closed_median"]]
                     told    n  n_settled  closed_median
    0  176 (121–291) days  476        198           55.5
    """
    facts = demand_facts(ledger, by, on=on, unit=unit, engine=engine)
    counts = _time_counts(facts)
    rows, groups = [], []
    for key, part in _by_group(counts, facts.names):
        dated = part[part["days"].notna()]
        median, low, high = median_days(kaplan_meier(dated, confidence=confidence))
        settled, still_open = int(dated["settled"].sum()), int(dated["still_open"].sum())
        groups.append(dated)
        numbers = settled + still_open, settled, still_open, int(part["undated"].sum())
        rows.append(
            (*key, median, low, high, _told(median, low, high, unit), *numbers, settled_median(dated))
        )
    columns = ["median_days", "low", "high", "told", "n", "n_settled", "n_open", "n_undated", "closed_median"]
    frame = pd.DataFrame(rows, columns=[*facts.names, *columns])
    frame["few"] = frame["n"] < FEW
    frame["p"] = log_rank(groups)[1] if facts.names else np.nan
    frame["unit"] = unit
    frame.attrs["on"] = facts.on
    return frame


def _told(median: float, low: float, high: float, unit: str) -> str:
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
    """Share of demands still open after each number of days: the curves behind ``time_to_settle``.

    Returns
    -------
    DataFrame
        Columns of the groups, days, at_risk, settled, still_open, open_share, low, high.

    Examples
    --------
    >>> from liaison_analysis import load_liangjiang
    >>> curve = settling_curves(load_liangjiang(), on="2022-12-31")
    >>> curve.loc[curve["days"].le(30), "open_share"].iloc[-1].round(3).item()
    0.904
    """
    facts = demand_facts(ledger, by, on=on, unit=unit, engine=engine)
    counts = _time_counts(facts)
    curves = []
    for key, part in _by_group(counts[counts["days"].notna()], facts.names):
        curve = kaplan_meier(part)
        for place, (name, value) in enumerate(zip(facts.names, key, strict=True)):
            curve.insert(place, name, value)
        curves.append(curve)
    frame = pd.concat(curves, ignore_index=True) if curves else pd.DataFrame(columns=[*facts.names])
    return frame.astype({"days": np.int64}) if len(frame) else frame


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
        (open), rate, low, high, few, oldest (days; missing where there are none). Every bracket of every
        group that has demands; a demand of unknown day is in none.

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
    facts = demand_facts(ledger, by, on=on, unit=unit, engine=engine)
    counts = _time_counts(facts)
    edges = [-1, *(last for last in BRACKETS.values() if last is not None), np.inf]
    rows = []
    for key, part in _by_group(counts, facts.names):
        waiting = part[part["days"].notna() & part["still_open"].gt(0)]
        whole = int(waiting["still_open"].sum())
        for i, bracket in enumerate(BRACKETS):
            inside = waiting[waiting["days"].gt(edges[i]) & waiting["days"].le(edges[i + 1])]
            oldest = inside["days"].max() if len(inside) else pd.NA
            rows.append((*key, bracket, int(inside["still_open"].sum()), whole, oldest))
    columns = [*facts.names, "bracket", "numerator", "denominator", "oldest"]
    frame = with_rates(pd.DataFrame(rows, columns=columns))
    frame.attrs["on"] = facts.on
    return frame[[*columns[:-1], "rate", "low", "high", "few", "oldest"]].astype({"oldest": "Int64"})


def backlog(
    ledger: Ledger, by: By = None, *, on: Any = None, engine: ibis.BaseBackend | None = None
) -> pd.DataFrame:
    """Open demands at the end of each month, reconciled: opening + raised − settled + reopened = closing.

    Parameters
    ----------
    ledger, engine
        As in ``settlement``.
    by
        As in ``settlement``; by ``month`` it is anyway.
    on
        Day of the count, in the last month shown; by default the last date of anything that happened.

    Returns
    -------
    DataFrame
        Columns of the groups, month, opening, raised, settled, reopened, closing, undated: every month from
        the first to that of ``on`` in every group. ``undated`` demands, raised or settled on an unknown day,
        are in no other column; they stand in the month they were raised, or the first. The ledger holds no
        day of reopening: a demand that was reopened and is dealt with again is settled and reopened in the
        month of its settlement, and one reopened and settled again is settled once, at the last.

    Raises
    ------
    LedgerError
        Demands were settled before they were raised; ``problems`` lists every one.
    ValueError
        No such group.

    Examples
    --------
    >>> from liaison_analysis import load_liangjiang
    >>> backlog(load_liangjiang()).iloc[[0, -1], :6]
          month  opening  raised  settled  reopened  closing
    0   2022-01        0       9        1         0        8
    11  2022-12      262      44       28         0      278
    """
    facts = demand_facts(ledger, by, on=on, engine=engine)
    if "month" in facts.names:
        raise ValueError("by: the backlog is by month anyway; leave it out")
    table = facts.table.filter(~facts.table.undated)
    raised = table.group_by([*facts.keys, "month"]).agg(raised=table.count())
    done = table.filter(is_known(table.settled))
    settled = done.group_by([*facts.keys, "settled_month"]).agg(
        settled=done.count(), reopened=done.again.cast("int64").sum()
    )
    lost = facts.table.filter(facts.table.undated)
    undated = lost.group_by([*facts.keys, "month"]).agg(undated=lost.count())
    names = list(facts.names)
    parts = [facts.collect(part) for part in (raised, settled, undated)]
    parts[1] = parts[1].rename(columns={"settled_month": "month"})
    moves = pd.concat(parts, ignore_index=True)
    last = (facts.on.year - 1970) * 12 + facts.on.month - 1
    first = int(moves["month"].min()) if moves["month"].notna().any() else last
    moves["month"] = moves["month"].fillna(first).astype(np.int64)
    numbers = ["raised", "settled", "reopened", "undated"]
    moves[numbers] = moves[numbers].fillna(0).astype(np.int64)
    every = np.arange(first, last + 1)
    frames = []
    for key, part in _by_group(moves, facts.names):
        frame = (
            part.groupby("month")[numbers]
            .sum()
            .reindex(every, fill_value=0)
            .rename_axis("month")
            .reset_index()
        )
        frame["closing"] = (frame["raised"] - frame["settled"] + frame["reopened"]).cumsum()
        frame["opening"] = frame["closing"].shift(fill_value=0)
        for name, value in zip(names, key, strict=True):
            frame[name] = value
        frames.append(frame)
    columns = [*names, "month", "opening", "raised", "settled", "reopened", "closing", "undated"]
    frame = pd.concat(frames, ignore_index=True)[columns] if frames else pd.DataFrame(columns=columns)
    frame["month"] = month_text(frame["month"])
    frame.attrs["on"] = facts.on
    return frame
