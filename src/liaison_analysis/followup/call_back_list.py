"""Whom to call back and what to ask; which demands are solved, and not only closed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pandas as pd

from liaison_analysis._options import Language, language_for
from liaison_analysis._stats import with_rates
from liaison_analysis.followup.facts import DONE, By, count_day, group_columns
from liaison_analysis.followup.likeness import DAMPING, Likeness, are_same_matter, clean_texts
from liaison_analysis.followup.reminders import closed_by, repeats, settled_by
from liaison_analysis.ledger import ROLES, as_ledger

if TYPE_CHECKING:
    from collections.abc import Sequence

    from liaison_analysis.ledger import Ledger
    from liaison_analysis.text import Encoder

#: A demand counts as not solved if the same matter is asked again within this many calendar days.
AGAIN_WITHIN: Final = 90

# Reasons for a call, in order of priority, with questions and next steps.
_REASONS: Final[dict[str, dict[str, tuple[str, str]]]] = {
    "dissatisfied": {
        "zh": ("哪里没有解决？希望怎样、何时解决？", "重新办理，由上一级负责人牵头"),
        "en": ("What is not solved? What should be done, and by when?", "reopen, one level up"),
    },
    "asked again": {
        "zh": ("与上次反映的是同一件事吗？上次办结后哪里又出现问题？", "核实后并入原件重新办理"),
        "en": ("Is it the same matter as before? What came back after it was settled?", "check, then reopen"),
    },
    "not fed back": {
        "zh": ("问题是否真正解决？对办理过程和结果是否满意？", "回访后登记反馈日期和满意度"),
        "en": ("Is it really solved? Are you content with how and what?", "call, then note day and answer"),
    },
}
_COLUMNS: Final = [
    "demand_id", "enterprise_id", "enterprise", "text", "owner", "linked officer", "settled_on", "days_since",
    "reason", "later_demand_id", "ask", "then",
]  # fmt: skip


def call_backs(
    ledger: Ledger,
    on: Any = None,
    *,
    within: int = AGAIN_WITHIN,
    encoders: Sequence[Encoder] = ("use",),
    language: Language | None = None,
) -> pd.DataFrame:
    """List whom to call about which settled demand, why, and what to ask.

    An enterprise is called because it was dissatisfied, because it asked again about the same matter after
    the settlement, or because nobody has asked it yet whether the settlement holds. Each demand is listed
    once, with the first of these reasons.

    Parameters
    ----------
    ledger
        Its demands; ``links`` name the linked officer.
    on
        Day of the count; by default the last date of anything that happened in the ledger.
    within
        Calendar days after a settlement in which asking again counts.
    encoders
        As in ``suggest_owner``; they say whether two texts are about the same matter.
    language
        Of ``ask`` and ``then``: ``"zh"`` or ``"en"``.

    Returns
    -------
    DataFrame
        Columns demand_id, enterprise_id, enterprise, text, owner, linked officer, settled_on, days_since
        (calendar days; missing where the day is), reason (``dissatisfied``, ``asked again``,
        ``not fed back``), later_demand_id (with which it was asked again), ask, then. By reason in this
        order, the longest since the settlement first, then demand_id. ``attrs["on"]`` is the day.

    Examples
    --------
    >>> from liaison_analysis import load_liangjiang
    >>> call_backs(load_liangjiang(), "2022-12-31")["reason"].value_counts().to_dict()
    {'not fed back': 39, 'dissatisfied': 12}
    """
    ledger = as_ledger(ledger)
    day = count_day(ledger, on)
    states = _states(ledger, day, within, encoders)
    reason = np.select(
        [states["dissatisfied"], states["later_demand_id"].notna(), ~states["fed_back"]], list(_REASONS), ""
    )
    rows = states.assign(reason=reason)[reason != ""]
    names = ledger.enterprises.drop_duplicates("enterprise_id").set_index("enterprise_id")["name"]
    links = ledger.links[ledger.links["role"].fillna(next(iter(ROLES))).eq(next(iter(ROLES)))]
    links = links.dropna(subset="officer_id")
    officers = links.sort_values("officer_id").groupby("enterprise_id")["officer_id"].agg("、".join)
    texts = {name: both[language_for(language)] for name, both in _REASONS.items()}
    rows = rows.assign(
        enterprise=rows["enterprise_id"].map(names),
        days_since=(day - rows["settled_on"]).dt.days.astype("Int64"),
        ask=[texts[name][0] for name in rows["reason"]],
        then=[texts[name][1] for name in rows["reason"]],
        order=rows["reason"].map({name: i for i, name in enumerate(_REASONS)}),
    )
    rows["linked officer"] = officers.reindex(rows["enterprise_id"]).astype("str").fillna("").to_numpy()
    calls: pd.DataFrame = rows.sort_values(["order", "settled_on", "demand_id"], ignore_index=True)[_COLUMNS]
    calls.attrs = {"on": day}
    return calls


def solved(
    ledger: Ledger,
    by: By = None,
    *,
    on: Any = None,
    within: int = AGAIN_WITHIN,
    encoders: Sequence[Encoder] = ("use",),
) -> pd.DataFrame:
    """Distinguish closed from solved: the share of settled demands that stayed settled.

    A settled demand is solved if it was not reopened, its enterprise was not dissatisfied and did not ask
    about the same matter again within some days, in the same or in other words. That is known only after
    those days: what was settled later is in the denominators of ``closed`` and ``satisfied`` alone.

    Parameters
    ----------
    ledger, on, within, encoders
        As in ``call_backs``.
    by
        As in ``settlement``.

    Returns
    -------
    DataFrame
        Columns of the groups, measure, numerator, denominator, rate, low, high (Wilson's 95 % interval), few.
        Measures: ``closed`` (settled, of all); of those settled ``within`` days before the count or earlier:
        ``solved``, ``reopened``, ``dissatisfied``, ``asked again``; ``satisfied`` (of those who answered). By
        group and measure. ``attrs["on"]`` is the day.

    Examples
    --------
    >>> from liaison_analysis import load_liangjiang
    >>> rates = solved(load_liangjiang(), on="2022-12-31").set_index("measure")
    >>> rates.loc[["closed", "solved"], ["numerator", "denominator"]].to_numpy().tolist()
    [[198, 476], [113, 123]]
    """
    ledger = as_ledger(ledger)
    day = count_day(ledger, on)
    demands = ledger.demands[ledger.demands["raised_on"].le(day) | ledger.demands["raised_on"].isna()]
    groups = group_columns(ledger, by).loc[demands.index]
    states = _states(ledger, day, within, encoders).reindex(demands.index)
    was_settled = states["demand_id"].notna()
    ripe = was_settled & (states["settled_on"] + pd.Timedelta(days=within)).le(day).fillna(value=False)
    flags = {
        name: states[name].fillna(value=False).astype(bool)
        for name in ("dissatisfied", "was_reopened", "answered", "is_satisfied", "closed")
    }
    again = states["later_demand_id"].notna()
    counts = {
        "closed": (flags["closed"], was_settled | ~was_settled),
        "solved": (ripe & ~(flags["was_reopened"] | flags["dissatisfied"] | again), ripe),
        "reopened": (ripe & flags["was_reopened"], ripe),
        "dissatisfied": (ripe & flags["dissatisfied"], ripe),
        "asked again": (ripe & again, ripe),
        "satisfied": (flags["is_satisfied"], flags["answered"]),
    }
    names = list(groups.columns)
    parts = []
    for place, (measure, (part, whole)) in enumerate(counts.items()):
        cells = groups.assign(numerator=part.astype("int64"), denominator=whole.astype("int64"))
        sums = ["numerator", "denominator"]
        counted = cells.groupby(names, dropna=False)[sums].sum().reset_index() if names else (
            cells[sums].sum().to_frame().T
        )  # fmt: skip
        parts.append(counted.assign(measure=measure, place=place))
    frame = pd.concat(parts, ignore_index=True).sort_values([*names, "place"], ignore_index=True)
    frame = with_rates(frame)[[*names, "measure", "numerator", "denominator", "rate", "low", "high", "few"]]
    frame.attrs = {"on": day}
    return frame


def asked_again(
    ledger: Ledger, on: Any = None, *, within: int = AGAIN_WITHIN, encoders: Sequence[Encoder] = ("use",)
) -> pd.Series:
    """Find for each settled demand the first later one of its enterprise about the same matter.

    Returns
    -------
    Series
        Later demand_id by demand_id; only demands that were settled, and asked again within so many calendar
        days after it.
    """
    day = count_day(ledger, on)
    demands = ledger.demands
    demands = demands.assign(settled_on=demands["settled_on"].mask(closed_by(demands, day)))
    kept = demands["text"].notna() & demands["raised_on"].le(day).fillna(value=False)
    rows = demands[kept & demands["enterprise_id"].duplicated(keep=False)]
    rows = rows.sort_values(["enterprise_id", "raised_on", "demand_id"]).reset_index(drop=True)
    pairs = rows[["demand_id", "enterprise_id", "settled_on"]].dropna().merge(
        rows[["demand_id", "enterprise_id", "raised_on"]], on="enterprise_id", suffixes=("", "_later")
    )  # fmt: skip
    gap = (pairs["raised_on"] - pairs["settled_on"]).dt.days
    pairs = pairs[gap.gt(0) & gap.le(within) & pairs["settled_on"].le(day)]
    if not len(pairs):
        return pd.Series(dtype="str", name="later_demand_id")
    same = repeats(ledger)
    in_words = set(zip(same["repeats"], same["demand_id"], strict=True))
    involved = sorted({*pairs["demand_id"], *pairs["demand_id_later"]})
    texts = clean_texts(rows.set_index("demand_id")["text"].reindex(involved).tolist())
    likeness = Likeness.learn(texts, encoders, damping=DAMPING, blocks=["words", "topics"])
    place = pd.Series(range(len(involved)), index=involved)
    # Only the pairs of one enterprise are compared, not each demand with each.
    matter = are_same_matter(
        likeness, place[pairs["demand_id"]].tolist(), place[pairs["demand_id_later"]].tolist()
    )
    alike = [
        same or (first, later) in in_words
        for same, first, later in zip(matter, pairs["demand_id"], pairs["demand_id_later"], strict=True)
    ]
    later = pairs[alike].sort_values(["demand_id", "raised_on", "demand_id_later"])
    first = later.drop_duplicates("demand_id")
    return pd.Series(
        first["demand_id_later"].to_numpy(), index=first["demand_id"].to_numpy(), name="later_demand_id"
    )


def _states(ledger: Ledger, day: pd.Timestamp, within: int, encoders: Sequence[Encoder]) -> pd.DataFrame:
    """Demands ever settled by a day: what is known of how the settlement held."""
    demands = ledger.demands
    closed = settled_by(demands, day)
    ever = closed | demands["settled_on"].le(day).fillna(value=False)
    ever &= ~closed_by(demands, day)
    rows = demands[ever.astype(bool)].copy()
    answered = rows["fed_back_on"].le(day) | (rows["fed_back_on"].isna() & rows["status"].eq(DONE[1]))
    rows["fed_back"] = answered.fillna(value=False).astype(bool)
    rows["closed"] = closed[rows.index]
    rows["was_reopened"] = rows["reopened"].fillna(value=False).astype(bool)
    feedback = rows["satisfied"].where(rows["fed_back"])
    rows["answered"] = feedback.notna()
    rows["is_satisfied"] = feedback.fillna(value=False).astype(bool)
    rows["dissatisfied"] = feedback.eq(other=False).fillna(value=False).astype(bool)
    later = asked_again(ledger, day, within=within, encoders=encoders)
    rows["later_demand_id"] = rows["demand_id"].map(later).astype("str")
    return rows
