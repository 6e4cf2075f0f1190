"""Settled demands like a new one: what was done, how long it took, and whether the enterprise was content."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pandas as pd

from liaison_analysis._calendar import Unit, day_numbers, elapsed_days
from liaison_analysis._checks import as_texts, is_whole
from liaison_analysis.followup.facts import count_day
from liaison_analysis.followup.likeness import ENCODERS, Likeness, clean_texts
from liaison_analysis.followup.reminders import settled_by
from liaison_analysis.ledger import as_ledger

if TYPE_CHECKING:
    from collections.abc import Sequence

    from liaison_analysis.ledger import Ledger
    from liaison_analysis.text import Encoder

#: Users' own columns in which ledgers record what was done; the first that is there counts.
DONE_COLUMNS: Final = (
    "handling", "办理情况", "办理结果", "办理进展", "处理情况", "处理结果", "解决情况", "落实情况",
    "答复内容", "答复情况", "回复内容", "工作进展", "进展情况",
)  # fmt: skip
#: Least likeness of a precedent; judgement: below it, most pairs of the sample's demands differ in theme.
LEAST_ALIKE: Final = 0.25
_MOST_HISTORY: Final = 1_500
# Demands that are compared at once, so that thousands do not take gigabytes.
_BLOCK: Final = 1_024


def precedents(
    ledger: Ledger,
    demands: Sequence[str],
    *,
    on: Any = None,
    top: int = 3,
    least: float = LEAST_ALIKE,
    unit: Unit = "calendar",
    encoders: Sequence[Encoder] = ENCODERS,
) -> pd.DataFrame:
    """Find settled demands like each given one, with what was done and how it ended.

    Parameters
    ----------
    ledger
        Its demands.
    demands
        demand_ids of the ledger, or texts of new demands; a demand of the ledger does not find itself.
    on
        Day up to which settlements count; by default the last date of anything that happened in the ledger.
    top
        Most precedents of a demand.
    least
        Smallest likeness: the weighted mean of the cosines of words and of each encoder's centred vectors,
        1 for the same text.
    unit
        Unit of ``days``.
    encoders
        As in ``suggest_owner``.

    Returns
    -------
    DataFrame
        Columns row (of ``demands``, from 0), rank (from 1), demand_id, likeness, text, owner, done (what was
        done, from a column such as 办理情况; missing where the ledger has none), settled_on, days (from
        raised to settled; missing where a day is), unit, satisfied (missing: not asked), reopened. By row and
        rank; a demand without a precedent has no row. Only the newest 1,500 settled demands are compared.
        ``attrs``: on (the day), compared (settled demands), left_out (older ones that were not compared).

    Raises
    ------
    ValueError
        A demand is one text instead of a list, or a setting is out of range.

    Examples
    --------
    >>> from liaison_analysis import load_liangjiang
    >>> alike = precedents(load_liangjiang(), ["厂门口没地方停车"], encoders=["use"])
    >>> alike["rank"].tolist(), alike["likeness"].is_monotonic_decreasing
    ([1, 2], True)
    """
    ledger = as_ledger(ledger)
    asked = as_texts(demands, what="demand")
    if not is_whole(top, 1) or not 0 <= least <= 1:
        raise ValueError(f"expected top of 1 or more and least of 0 to 1; got {top!r} and {least!r}")
    day = count_day(ledger, on)
    by_id = ledger.demands.drop_duplicates("demand_id").set_index("demand_id")["text"]
    cleaned = clean_texts([by_id.get(one, one) for one in asked])
    past = ledger.demands[settled_by(ledger.demands, day) & ledger.demands["text"].notna()]
    n_settled = len(past)
    past = past.sort_values(["settled_on", "demand_id"], na_position="first").tail(_MOST_HISTORY)
    past = past.reset_index(drop=True)
    found: list[tuple[int, int, int, float]] = []  # row, rank, place among the past ones, likeness
    if len(past) and cleaned:
        likeness = Likeness.learn(clean_texts(past["text"].tolist()), encoders, blocks=["words"])
        ids = past["demand_id"].to_numpy()
        # Of equally alike ones the one settled last comes first.
        newest = np.arange(len(past))[::-1]
        for start in range(0, len(cleaned), _BLOCK):
            alike = likeness.cosines(likeness.features(cleaned[start : start + _BLOCK])).round(6)
            for i, row in enumerate(alike, start):
                order = newest[np.argsort(-row[newest], kind="stable")]
                order = order[(row[order] >= least) & (ids[order] != asked[i])][:top]
                found += [(i, rank, int(at), float(row[at])) for rank, at in enumerate(order, 1)]
    rows, ranks, places, cosines = (list(part) for part in zip(*found, strict=True)) if found else ([],) * 4
    frame = _described(past.iloc[places], unit).reset_index(drop=True)
    frame = frame.assign(
        row=np.array(rows, dtype="int64"),
        rank=np.array(ranks, dtype="int64"),
        likeness=np.array(cosines, dtype="float64").round(3),
    )
    frame.attrs = {"on": day, "compared": len(past), "left_out": n_settled - len(past)}
    columns = ["row", "rank", "demand_id", "likeness", "text", "owner", "done", "settled_on", "days", "unit"]
    return frame[[*columns, "satisfied", "reopened"]]


def what_was_done(demands: pd.DataFrame) -> pd.Series:
    """Text of what was done about each demand, from the first of ``DONE_COLUMNS`` that the ledger has.

    Examples
    --------
    >>> what_was_done(pd.DataFrame({"demand_id": ["D1"], "办理情况": ["已协调电力公司增容"]})).tolist()
    ['已协调电力公司增容']
    """
    column = next((name for name in DONE_COLUMNS if name in demands.columns), None)
    if column is None:
        return pd.Series(np.nan, index=demands.index, dtype="str")
    return demands[column].astype("str")


def _described(rows: pd.DataFrame, unit: Unit) -> pd.DataFrame:
    """Columns of a precedent beside its likeness."""
    raised, settled = day_numbers(rows["raised_on"]), day_numbers(rows["settled_on"])
    missing = raised[1] | settled[1]
    days = np.zeros(len(rows), dtype=np.int64)
    ends = [elapsed_days(numbers[~missing], unit) for numbers, _ in (raised, settled)]
    days[~missing] = ends[1] - ends[0]
    columns = ["demand_id", "text", "owner", "settled_on", "satisfied", "reopened"]
    waited = pd.Series(days, index=rows.index).astype("Int64").mask(missing)
    return rows[columns].assign(done=what_was_done(rows), days=waited, unit=unit)
