"""Single demands that need attention: those over their limit, and those asked again."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pandas as pd

from liaison_analysis._calendar import WITHIN, Unit, check_unit, day_numbers, due_days, elapsed_days
from liaison_analysis._checks import check_frame
from liaison_analysis.followup.facts import DONE, closing_days, count_day
from liaison_analysis.ledger import CLOSED_UNSOLVED, LOOP_STATUSES, as_ledger
from liaison_analysis.text import bigram_vectors, normalise

if TYPE_CHECKING:
    from liaison_analysis.ledger import Ledger

# Tolerance of cosines rounded to six decimals: so little below the threshold counts as reaching it.
_ROUNDING: Final = 1e-6

# Pairs compared in one multiplication; judgement: some 100 MB of a sparse product.
_PAIRS_AT_ONCE: Final = 200_000
#: Cosine of bigram counts from which two demands of one enterprise are the same; judgement, as in
#: ``text.near_duplicates``.
ALIKE: Final = 0.7


def open_demands(ledger: Ledger, on: Any = None) -> pd.DataFrame:
    """Demands that were open on a day.

    A demand is open if it was raised by then and neither settled by then nor closed without being solved.
    Demands settled or closed on an unknown day, by their status only, are not open; reopened ones that are
    dealt with again are.

    Parameters
    ----------
    ledger
        Its demands.
    on
        Day of the count; by default the last date of anything that happened in the ledger.

    Returns
    -------
    DataFrame
        The rows of ``ledger.demands``, in their order, index kept.

    Examples
    --------
    >>> from liaison_analysis import load_liangjiang
    >>> len(open_demands(load_liangjiang()))
    278
    """
    ledger = as_ledger(ledger)
    day, demands = count_day(ledger, on), ledger.demands
    raised = demands["raised_on"].le(day) | demands["raised_on"].isna()
    return demands[raised.astype(bool) & ~settled_by(demands, day) & ~closed_by(demands, day)]


def settled_by(demands: pd.DataFrame, day: pd.Timestamp) -> pd.Series:
    """Whether each demand was settled by a day, as ``open_demands`` counts it.

    Parameters
    ----------
    demands
        As in ``Ledger.demands``.
    day
        Day of the count.

    Returns
    -------
    Series
        Of bool, with the index of ``demands``.

    Examples
    --------
    >>> from liaison_analysis import load_liangjiang
    >>> settled_by(load_liangjiang().demands, pd.Timestamp("2022-12-31")).sum().item()
    198
    """
    check_frame(demands, "demands", ["status", "settled_on", "reopened"])
    status = demands["status"].fillna("")
    again = demands["reopened"].fillna(value=False) & status.isin([s for s in LOOP_STATUSES if s not in DONE])
    settled = demands["settled_on"].le(day) & ~again
    settled |= demands["settled_on"].isna() & status.isin(DONE)
    return settled.fillna(value=False).astype(bool) & ~status.isin(CLOSED_UNSOLVED)


def closed_by(demands: pd.DataFrame, day: pd.Timestamp) -> pd.Series:
    """Whether each demand was closed by a day without being solved: it cannot be, or was not accepted.

    Parameters
    ----------
    demands
        As in ``Ledger.demands``.
    day
        Day of the count.

    Returns
    -------
    Series
        Of bool, with the index of ``demands``; True too where the day of closing is not known.

    Examples
    --------
    >>> from liaison_analysis import load_liangjiang
    >>> demands = load_liangjiang().demands.head(2).assign(status=["not accepted", "solving"])
    >>> closed_by(demands.assign(settled_on=pd.NaT), pd.Timestamp("2022-12-31")).tolist()
    [True, False]
    """
    check_frame(demands, "demands", ["status", "settled_on", "fed_back_on"])
    ended = closing_days(demands)
    closed = demands["status"].isin(CLOSED_UNSOLVED) & (ended.isna() | ended.le(day))
    return closed.fillna(value=False).astype(bool)


def overdue(
    ledger: Ledger, on: Any = None, *, within: int = WITHIN, unit: Unit = "calendar", late: bool = False
) -> pd.DataFrame:
    """Open demands that have waited longer than allowed, the longest over first.

    Parameters
    ----------
    ledger
        Its demands.
    on
        Day of the count; by default the last date of anything that happened in the ledger.
    within
        Days allowed from the day a demand was raised.
    unit
        ``calendar`` days, or ``working`` days of mainland China.
    late
        Whether to list as well what was settled by ``on`` but later than allowed.

    Returns
    -------
    DataFrame
        Columns demand_id, enterprise_id, owner, status, raised_on, due_on, days (waited), days_over, unit,
        is_open; a demand of unknown day is not in it. By days_over, most first, then demand_id.

    Raises
    ------
    ValueError
        ``within`` is below 0, or a day lies outside the years of the working-day calendar.

    Examples
    --------
    >>> from liaison_analysis import load_liangjiang
    >>> overdue(load_liangjiang(), "2022-12-31", within=90)[["demand_id", "due_on", "days_over"]].head(2)
      demand_id     due_on  days_over
    0      D001 2022-04-03        272
    1      D002 2022-04-07        268
    """
    ledger = as_ledger(ledger)
    check_unit(unit)
    if within < 0:
        raise ValueError(f"within must be a number of days, 0 or more; got {within!r}")
    day = count_day(ledger, on)
    is_open = ledger.demands.index.isin(open_demands(ledger, day).index)
    settled = ledger.demands["settled_on"].le(day).to_numpy(dtype=bool)
    settled = settled & ~closed_by(ledger.demands, day).to_numpy(dtype=bool)
    kept = ledger.demands["raised_on"].le(day).to_numpy(dtype=bool) & (is_open | (settled & late))
    rows = ledger.demands[kept].assign(is_open=is_open[kept])
    raised, _ = day_numbers(rows["raised_on"])
    ended = rows["settled_on"].where(~rows["is_open"], day)
    end, _ = day_numbers(ended)
    days = elapsed_days(end, unit) - elapsed_days(raised, unit)
    rows = rows.assign(
        days=days, days_over=days - within, unit=unit, due_on=_dates(due_days(raised, within, unit))
    )
    columns = ["demand_id", "enterprise_id", "owner", "status", "raised_on", "due_on", "days", "days_over"]
    rows = rows.loc[rows["days_over"].gt(0), [*columns, "unit", "is_open"]]
    frame: pd.DataFrame = rows.sort_values(
        ["days_over", "demand_id"], ascending=[False, True], ignore_index=True
    )
    frame.attrs["on"] = day
    return frame


def _dates(days: Any) -> Any:
    return np.asarray(days).astype("datetime64[D]").astype("datetime64[s]")


def repeats(ledger: Ledger, *, threshold: float = ALIKE) -> pd.DataFrame:
    """Demands in which an enterprise asks again what it asked before, in nearly the same words.

    Two demands of one enterprise are alike where the cosine of their character-bigram counts reaches
    ``threshold``, as in ``text.near_duplicates``; only pairs of one enterprise are compared, so the
    work grows with the demands of each.

    Parameters
    ----------
    ledger
        Its demands.
    threshold
        Smallest cosine, above 0 up to 1; 1 finds identical wording only, in millions of demands as well.

    Returns
    -------
    DataFrame
        Columns enterprise_id, demand_id, raised_on, text, repeats (the demand_id of the most similar earlier
        one), similarity, days_after (calendar days), was_open (whether the earlier one was still open when
        it was asked again). By enterprise, day and demand_id. Of one day the lower demand_id is the earlier;
        a demand without the day it was raised is not compared.

    Raises
    ------
    ValueError
        ``threshold`` is not above 0 and at most 1.

    Examples
    --------
    >>> import pandas as pd
    >>> from liaison_analysis.ledger import typed
    >>> from liaison_analysis.ledger import Ledger
    >>> rows = {"demand_id": ["D1", "D2", "D3"], "enterprise_id": "E1", "raised_on": ["2022-01-03"] * 3}
    >>> rows["text"] = ["园区停车位不足", "贷款利率高", "园区的停车位不足"]
    >>> ledger = Ledger(demands=typed("demands", pd.DataFrame(rows)))
    >>> repeats(ledger, threshold=0.6)[["demand_id", "repeats"]].to_numpy().tolist()
    [['D3', 'D1']]
    """
    ledger = as_ledger(ledger)
    if not 0 < threshold <= 1:
        raise ValueError(f"expected a threshold above 0 up to 1, got {threshold!r}; write 0.7")
    demands = ledger.demands.dropna(subset=["raised_on", "enterprise_id", "text"])
    demands = demands[demands["enterprise_id"].duplicated(keep=False)]
    if threshold == 1:
        demands = demands[demands.duplicated(["enterprise_id", "text"], keep=False)]
    demands = demands.sort_values(["enterprise_id", "raised_on", "demand_id"], ignore_index=True)
    pairs = _same(demands) if threshold == 1 else _alike(demands, threshold)
    later, earlier = (demands.iloc[pairs[c]].reset_index(drop=True) for c in ("row", "earlier"))
    columns = ["enterprise_id", "demand_id", "raised_on", "text"]
    days = later["raised_on"] - earlier["raised_on"]
    return later[columns].assign(
        repeats=earlier["demand_id"],
        similarity=pairs["similarity"].to_numpy(),
        days_after=days.dt.days.astype("int64"),
        was_open=~earlier["settled_on"].le(later["raised_on"]).astype(bool),
    )


def _same(demands: pd.DataFrame) -> pd.DataFrame:
    """Rows whose enterprise used the same words before, and the last time it did."""
    at = pd.Series(np.arange(len(demands)), index=demands.index)
    earlier = at.groupby([demands["enterprise_id"], demands["text"]], sort=False).shift()
    row = np.flatnonzero(earlier.notna())
    return pd.DataFrame({"row": row, "earlier": earlier.iloc[row].astype("int64"), "similarity": 1.0})


def _alike(demands: pd.DataFrame, threshold: float) -> pd.DataFrame:
    """Rows that are similar to an earlier one of their enterprise, and the most similar of these."""
    clean = normalise(demands["text"])
    kept = np.flatnonzero([bool(text) for text in clean])
    nothing = pd.DataFrame({"row": pd.Series(dtype=int), "earlier": pd.Series(dtype=int), "similarity": 0.0})
    if not len(kept):
        return nothing
    vectors = bigram_vectors([clean[i] for i in kept])
    firm = demands["enterprise_id"].to_numpy()[kept]
    starts = np.flatnonzero(np.r_[True, firm[1:] != firm[:-1]])
    # Each row against all rows of its enterprise before it.
    before = np.arange(len(kept)) - np.repeat(starts, np.diff(np.r_[starts, len(kept)]))
    ends = np.cumsum(before)
    pairs, first = [nothing], 0
    while first < len(kept):
        done = ends[first - 1] if first else 0
        last = max(int(np.searchsorted(ends, done + _PAIRS_AT_ONCE, side="right")), first + 1)
        later = np.repeat(np.arange(first, last), before[first:last])
        place = np.arange(len(later)) - np.repeat(
            ends[first:last] - before[first:last] - done, before[first:last]
        )
        earlier = later - before[later] + place
        cosine = np.asarray(vectors[later].multiply(vectors[earlier]).sum(axis=1)).ravel().round(6)
        near = cosine >= threshold - _ROUNDING
        pairs.append(
            pd.DataFrame(
                {"row": kept[later[near]], "earlier": kept[earlier[near]], "similarity": cosine[near]}
            )
        )
        first = last
    every = pd.concat(pairs[1:], ignore_index=True).sort_values(
        ["row", "similarity", "earlier"], ascending=[True, False, True]
    )
    return every.drop_duplicates("row", ignore_index=True)
