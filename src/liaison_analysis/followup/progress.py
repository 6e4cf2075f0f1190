"""Settlement of demands: rates, and the backlog by month."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pandas as pd

from liaison_analysis._stats import with_rates
from liaison_analysis.followup.facts import (
    By,
    Facts,
    by_group,
    demand_facts,
    has_states,
    is_known,
    month_text,
)
from liaison_analysis.ledger import as_ledger

if TYPE_CHECKING:
    import ibis

    from liaison_analysis.ledger import Ledger

# Measure, what is counted, and of what.
_RATES: Final = {
    "in_remit": ("in_remit", "remit_known"),
    "settled": ("settled", "n"),
    "settled_in_remit": ("settled_in_remit", "in_remit"),
    "closed_unsolved": ("closed_unsolved", "n"),
    "fed_back": ("fed_back", "settled"),
    "satisfied": ("satisfied", "answered"),
    "reopened": ("reopened", "ever_settled"),
}


# Measures that need to know which demands are in remit.
_OF_REMIT: Final = frozenset({"in_remit", "settled_in_remit"})
# Measures that need to know what became of a demand.
_OF_STATE: Final = frozenset(_RATES) - {"in_remit"}


def settlement(
    ledger: Ledger, by: By = None, *, on: Any = None, engine: ibis.BaseBackend | None = None
) -> pd.DataFrame:
    """Rates of settlement with their denominators, with and without the enterprise with most demands.

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
        - ``closed_unsolved`` of all: cannot be solved, or not accepted;
        - ``fed_back`` of the settled;
        - ``satisfied`` of those who answered;
        - ``reopened`` of those ever settled.

        The two measures of the remit are left out where the ledger does not record it; where it records
        neither states nor days of settlement or answer, only ``collected`` and ``in_remit`` are left.
        ``attrs["on"]`` is the day of the count.

    Raises
    ------
    ValueError
        No such group, or no date to count on.

    Examples
    --------
    >>> from liaison_analysis import load_liangjiang
    >>> rates = settlement(load_liangjiang()).set_index(["scope", "measure"])
    >>> rates.loc[("all", "settled_in_remit"), ["numerator", "denominator", "low", "high"]].round(3).tolist()
    [198.0, 309.0, 0.586, 0.692]
    """
    ledger = as_ledger(ledger)
    facts = demand_facts(ledger, by, on=on, engine=engine, in_order=False)
    raised = ledger.demands["enterprise_id"].value_counts().reset_index()
    raised = raised.sort_values(["count", "enterprise_id"], ascending=[False, True])
    largest = raised["enterprise_id"].iloc[0] if len(raised) else ""
    counted = facts.collect(_settlement_counts(facts, largest))
    groups = list(facts.names)
    numbers = [column for column in counted.columns if column not in {*groups, "is_largest"}]
    counted[numbers] = counted[numbers].fillna(0).astype(np.int64)
    unknown = _OF_REMIT if ledger.demands["in_remit"].isna().all() else frozenset()
    if not has_states(ledger.demands):
        unknown |= _OF_STATE
    measures = {"collected": ("n", "everything"), **_RATES}
    measures = {name: of for name, of in measures.items() if name not in unknown}
    scopes = {"all": counted, f"without {largest}": counted[~counted["is_largest"].astype(bool)]}
    parts = []
    for scope, rows in list(scopes.items())[: 1 + bool(largest)]:
        if groups:
            whole = rows.groupby(groups, dropna=False, sort=True)[numbers].sum().reset_index()
        else:
            whole = rows[numbers].sum().to_frame().T
        whole["everything"] = rows["n"].sum()
        for place, (measure, (part, of)) in enumerate(measures.items()):
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
    """Count each group; demands of the enterprise ``largest`` are counted separately."""
    table = facts.table
    yes = {flag: table[flag].fill_null(False) for flag in ("in_remit", "satisfied", "reopened")}  # noqa: FBT003 - as ibis takes it
    ever = table.is_settled | is_known(table.settled) | yes["reopened"]
    counts = {
        "remit_known": is_known(table.in_remit),
        "in_remit": yes["in_remit"],
        "settled": table.is_settled,
        "settled_in_remit": table.is_settled & yes["in_remit"],
        "closed_unsolved": table.is_closed,
        "fed_back": table.is_settled & table.is_fed_back,
        "answered": table.is_fed_back & is_known(table.satisfied),
        "satisfied": table.is_fed_back & yes["satisfied"],
        "ever_settled": ever,
        "reopened": yes["reopened"],
    }
    table = table.mutate(is_largest=table.enterprise_id == largest)
    sums = {name: condition.cast("int64").sum() for name, condition in counts.items()}
    return table.group_by([*facts.keys, "is_largest"]).agg(n=table.count(), **sums)


def backlog(
    ledger: Ledger, by: By = None, *, on: Any = None, engine: ibis.BaseBackend | None = None
) -> pd.DataFrame:
    """Open demands at the end of each month: opening + raised − settled − unsolved + reopened = closing.

    Parameters
    ----------
    ledger, engine
        As in ``settlement``.
    by
        As in ``settlement``, except ``month``: the backlog is by month already.
    on
        Day of the count, in the last month shown; by default the last date of anything that happened.

    Returns
    -------
    DataFrame
        Columns of the groups, month, opening, raised, settled, unsolved (closed without being solved),
        reopened, closing, undated: every month from the first to that of ``on`` in every group. ``undated``
        demands, raised, settled or closed on an unknown day, are in no other column; they stand in the month
        they were raised, or the first. The ledger holds no
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
    >>> backlog(load_liangjiang()).iloc[[0, -1], :7]
          month  opening  raised  settled  unsolved  reopened  closing
    0   2022-01        0       9        1         0         0        8
    11  2022-12      262      44       28         0         0      278
    """
    ledger = as_ledger(ledger)
    facts = demand_facts(ledger, by, on=on, engine=engine)
    if "month" in facts.names:
        raise ValueError("by: the backlog is by month already; leave 'month' out")
    unknown = facts.table.undated | facts.table.closed_undated
    table = facts.table.filter(~unknown)
    raised = table.group_by([*facts.keys, "month"]).agg(raised=table.count())
    done = table.filter(is_known(table.settled))
    settled = done.group_by([*facts.keys, "settled_month"]).agg(
        settled=done.count(), reopened=done.again.cast("int64").sum()
    )
    closed = table.filter(table.is_closed)
    unsolved = closed.group_by([*facts.keys, "closed_month"]).agg(unsolved=closed.count())
    lost = facts.table.filter(unknown)
    undated = lost.group_by([*facts.keys, "month"]).agg(undated=lost.count())
    names = list(facts.names)
    parts = [facts.collect(part) for part in (raised, settled, unsolved, undated)]
    parts = [part.rename(columns={"settled_month": "month", "closed_month": "month"}) for part in parts]
    moves = pd.concat(parts, ignore_index=True)
    last = (facts.on.year - 1970) * 12 + facts.on.month - 1
    first = int(moves["month"].min()) if moves["month"].notna().any() else last
    moves["month"] = moves["month"].fillna(first).astype(np.int64)
    numbers = ["raised", "settled", "unsolved", "reopened", "undated"]
    moves[numbers] = moves[numbers].fillna(0).astype(np.int64)
    every = np.arange(first, last + 1)
    frames = []
    for key, part in by_group(moves, facts.names):
        frame = (
            part.groupby("month")[numbers]
            .sum()
            .reindex(every, fill_value=0)
            .rename_axis("month")
            .reset_index()
        )
        frame["closing"] = (
            frame["raised"] - frame["settled"] - frame["unsolved"] + frame["reopened"]
        ).cumsum()
        frame["opening"] = frame["closing"].shift(fill_value=0)
        for name, value in zip(names, key, strict=True):
            frame[name] = value
        frames.append(frame)
    moved = ["raised", "settled", "unsolved", "reopened"]
    columns = [*names, "month", "opening", *moved, "closing", "undated"]
    frame = pd.concat(frames, ignore_index=True)[columns] if frames else pd.DataFrame(columns=columns)
    frame["month"] = month_text(frame["month"])
    frame.attrs["on"] = facts.on
    return frame
