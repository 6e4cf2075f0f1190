"""Which enterprises to visit first, and with whom."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pandas as pd

from liaison_analysis._calendar import WITHIN
from liaison_analysis.followup.chances import settlement_chances
from liaison_analysis.followup.facts import count_day
from liaison_analysis.followup.reminders import open_demands, overdue
from liaison_analysis.followup.visits import linked_enterprises
from liaison_analysis.ledger import as_ledger

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from liaison_analysis.ledger import Ledger

# What each sign adds to an enterprise's risk; judgement: an open demand counts 1, one that is over its limit
# twice as much, a quarter without a visit as much as one demand.
_WEIGHTS: Final = {
    "open_demands": 1.0, "overdue": 1.0, "likely_breaches": 0.5, "quarters_silent": 1.0, "is_key": 2.0,
    "has_window": 1.5,
}  # fmt: skip
# Days of a quarter, approximate, for the time without a visit.
_QUARTER_DAYS: Final = 90
#: Quarters without a visit that count for an enterprise never visited, and the most that count; judgement.
NEVER_VISITED, MOST_SILENT = 2.0, 4.0
#: Departments that have open demands of one enterprise from which a visit is one of a group (组团上门).
GROUP_FROM: Final = 2


def visit_priorities(
    ledger: Ledger,
    on: Any = None,
    *,
    key: Collection[str] = (),
    windows: Mapping[str, str] | None = None,
    within: int = WITHIN,
) -> pd.DataFrame:
    """Rank linked enterprises by the risk of not visiting them, with departments that should come along.

    The risk adds up open demands, those over their limit, those likely to be (``settlement_chances``), the
    quarters since the last visit (two if there was none, at most four), whether the enterprise is a key one
    of its chain and whether a policy that it could apply for is open.

    Parameters
    ----------
    ledger
        Needs ``links``; ``visits`` and ``demands`` say what is urgent.
    on
        Day of the count; by default the last date of anything that happened in the ledger.
    key
        enterprise_ids of key enterprises, such as ``key_enterprises`` gives.
    windows
        By enterprise_id the policy whose window is open, as a text.
    within
        Days allowed to settle a demand.

    Returns
    -------
    DataFrame
        Columns enterprise_id, name, town, officer_id (linked; separated by 、), risk, open_demands, overdue,
        likely_breaches, days_since_visit (missing: never), is_key, window, departments (that have open
        demands of it, separated by 、), is_group (two departments or more), why (in Chinese). By risk, the
        highest first, then enterprise_id. ``plan_visits(..., urgency=)`` takes the risk. ``attrs["on"]`` is
        the day.

    Raises
    ------
    LedgerError
        ``links`` has no rows.

    Examples
    --------
    >>> from liaison_analysis import load_liangjiang
    >>> first = visit_priorities(load_liangjiang(), "2022-12-31").iloc[0]
    >>> first["open_demands"].item(), first["is_group"].item()
    (23, False)
    """
    ledger = as_ledger(ledger)
    day = count_day(ledger, on)
    pairs = linked_enterprises(ledger)
    officers = pairs.dropna().groupby("enterprise_id")["officer_id"].agg("、".join)
    firms = pairs[["enterprise_id"]].drop_duplicates(ignore_index=True)
    ids = firms["enterprise_id"]
    waiting = open_demands(ledger, day)
    late = overdue(ledger, day, within=within)
    try:
        chances = settlement_chances(ledger, day, within=within)
        likely = chances.loc[chances["likely_breach"], "enterprise_id"]
    except ValueError:
        # Nothing was settled yet: no chance is known.
        likely = pd.Series(dtype="str")
    seen = ledger.visits[ledger.visits["visited_on"].le(day)].groupby("enterprise_id")["visited_on"].max()
    since = (day - seen.reindex(ids).reset_index(drop=True)).dt.days
    named = ledger.enterprises.drop_duplicates("enterprise_id").set_index("enterprise_id")
    owners = waiting.dropna(subset=["owner"]).sort_values("owner").groupby("enterprise_id")["owner"]
    departments = ids.map(owners.agg(lambda names: "、".join(dict.fromkeys(names)))).astype("str").fillna("")
    signs = {
        "open_demands": _counted(ids, waiting["enterprise_id"]),
        "overdue": _counted(ids, late["enterprise_id"]),
        "likely_breaches": _counted(ids, likely),
        "quarters_silent": (since / _QUARTER_DAYS).fillna(NEVER_VISITED).clip(upper=MOST_SILENT),
        "is_key": ids.isin(set(key)),
        "has_window": ids.isin(set(windows or {})),
    }
    risk = sum(_WEIGHTS[name] * values.astype("float64") for name, values in signs.items())
    frame = firms.assign(
        name=ids.map(named["name"]),
        town=ids.map(named["town"]),
        officer_id=ids.map(officers).astype("str").fillna(""),
        risk=np.asarray(risk, dtype=np.float64).round(3),
        open_demands=signs["open_demands"],
        overdue=signs["overdue"],
        likely_breaches=signs["likely_breaches"],
        days_since_visit=since.astype("Int64"),
        is_key=signs["is_key"],
        window=ids.map(dict(windows or {})).astype("str").fillna(""),
        departments=departments,
        is_group=departments.str.count("、").ge(GROUP_FROM - 1),
    )
    frame["why"] = [_why(row) for row in frame.to_dict("records")]
    frame = frame.sort_values(["risk", "enterprise_id"], ascending=[False, True], ignore_index=True)
    frame.attrs = {"on": day}
    return frame


def _counted(ids: pd.Series, which: pd.Series) -> pd.Series:
    return ids.map(which.value_counts()).fillna(0).astype("int64")


def _why(row: dict[Any, Any]) -> str:
    reasons = [
        f"未办结诉求 {row['open_demands']} 件" if row["open_demands"] else "",
        f"其中超期 {row['overdue']} 件" if row["overdue"] else "",
        f"可能超期 {row['likely_breaches']} 件" if row["likely_breaches"] else "",
        "从未走访" if pd.isna(row["days_since_visit"]) else "",
        f"{row['days_since_visit']} 天未走访"
        if pd.notna(row["days_since_visit"]) and row["days_since_visit"] > _QUARTER_DAYS
        else "",
        "产业链关键企业" if row["is_key"] else "",
        f"政策窗口：{row['window']}" if row["window"] else "",
        f"需组团上门：{row['departments']}" if row["is_group"] else "",
    ]
    return "；".join(reason for reason in reasons if reason)
