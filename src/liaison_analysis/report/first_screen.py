"""The first screen: five figures, six answers, ten calls, three decisions."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any, Final

import pandas as pd

from liaison_analysis.analysis import few_text
from liaison_analysis.followup import has_states, open_demands, overdue
from liaison_analysis.names import short_names, without_place
from liaison_analysis.report.tables import plain_value

if TYPE_CHECKING:
    from liaison_analysis.analysis import Analysis

#: Calls on the first screen.
CALLS: Final = 10

# Number of decisions on the first screen (judgement).
_DECISIONS: Final = 3

# Question, view and the sentences of the result that answer it, from the first.
_QUESTIONS: Final = (
    ("q_asks", "themes", 2),
    ("q_chain", "chain", 1),
    ("q_meet", "introductions", 1),
    ("q_salon", "salons", 1),
    ("q_policy", "policies", 1),
    ("q_settled", "loop", 1),
)


def first_screen(analysis: Analysis, parts: dict[str, Any]) -> dict[str, Any]:
    """Compute the content of the first screen.

    Parameters
    ----------
    analysis
        The results to summarise.
    parts
        The views that could be computed, as ``page_data`` makes them.

    Returns
    -------
    dict
        caution (a note on too few demands, in both languages, or ``None``), figures (key, value,
        change, month, view, part: whether the month is not over and compared with as many days of the one
        before), answers (question, view, text in both languages or
        ``None``), short (names of enterprises to call, by id, without place and legal form) and decisions
        (key, arguments, view); arguments that are ids of enterprises are ``{"enterprise": id}``.
    """
    few = few_text(len(analysis.ledger.demands))
    return {
        "caution": None if few is None else {"zh": few["zh"], "en": few["en"]},
        "figures": _figures(analysis, parts),
        "answers": [_answer(parts, *question) for question in _QUESTIONS],
        "short": _short(analysis) if "introductions" in parts else {},
        "decisions": _decisions(analysis, parts)[:_DECISIONS],
    }


def _short(analysis: Analysis) -> dict[str, str]:
    """Short names of enterprises to call, so that the reason stands in the same line; those that differ."""
    calls = analysis.introductions.calls.head(CALLS)
    names = {str(key): str(name) for key, name in analysis.ledger.names().items()}
    short = {key: without_place(name) for key, name in short_names(names).items()}
    again = Counter(short.values())
    called = {*calls["seeker_id"], *calls["counterpart_id"]} & names.keys()
    return {key: short[key] for key in sorted(called) if again[short[key]] == 1 and short[key] != names[key]}


def _answer(parts: dict[str, Any], question: str, view: str, sentences: int) -> dict[str, Any]:
    text = parts[view]["text"] if view in parts else None
    if text is not None:
        text = {
            "zh": "".join(f"{one}。" for one in text["zh"].split("。")[:-1][:sentences]),
            "en": ". ".join(text["en"].rstrip(".").split(". ")[:sentences]) + ".",
        }
    return {"question": question, "view": view, "text": text}


def _figures(analysis: Analysis, parts: dict[str, Any]) -> list[dict[str, Any]]:
    figures = []
    if "loop" in parts and analysis.ledger.demands["raised_on"].notna().any():
        figures += _of_the_month(analysis)
        if analysis.min_group is None and has_states(analysis.ledger.demands):
            figures.append(_late(analysis))
    visits = analysis.ledger.visits["visited_on"].dropna()
    if len(visits) and analysis.min_group is None:
        months = visits[visits.le(analysis.day)].dt.to_period("M")
        now = analysis.day.to_period("M")
        n, earlier = int(months.eq(now).sum()), _so_far(visits, analysis.day)
        figures.append(_figure("fig_visits", n, n - earlier, str(now), "visits", day=analysis.day))
    asked = 0
    if "introductions" in parts:
        asked = int(analysis.introductions.table["asked_share"].gt(0).sum())
        figures.append(_figure("fig_introductions", asked, None, None, "introductions"))
    figures.append(_figure("fig_enterprises", len(analysis.ledger.enterprises), None, None, "demands"))
    return figures[:5]


def _months(analysis: Analysis) -> pd.DataFrame:
    """Backlog by month with all demands raised, including those with an unknown day of settlement.

    Without settlements where the ledger has no days of settlement; then only the last month has open demands.
    Without open demands too where it has no states either.
    """
    months = analysis.follow_up.months
    if analysis.min_group is None:
        raised = analysis.ledger.demands["raised_on"].dt.strftime("%Y-%m").value_counts()
        months = months.assign(raised=months["month"].map(raised).fillna(0).astype("int64"))
    if not has_states(analysis.ledger.demands):
        return months.drop(columns=["settled", "closing"])
    return months if analysis.follow_up.dated else months.drop(columns="settled")


def _of_the_month(analysis: Analysis) -> list[dict[str, Any]]:
    """Count demands raised and settled in the last month, and in the same days of the month before."""
    months = _months(analysis)
    if months.empty:
        return []
    last, month = months.iloc[-1], str(months["month"].iloc[-1])
    before = months.iloc[-2] if len(months) > 1 else None
    day = analysis.day if month == f"{analysis.day:%Y-%m}" else None
    over = day is None or day == day + pd.offsets.MonthEnd(0)
    demands = analysis.ledger.demands
    figures = []
    for key, column, dates in (
        ("fig_raised", "raised", "raised_on"),
        ("fig_settled", "settled", "settled_on"),
    ):
        if column not in months:
            continue
        change = None
        known = column == "raised" or analysis.follow_up.dated
        if before is not None and known and (over or analysis.min_group is None):
            earlier = int(before[column]) if over or day is None else _so_far(demands[dates].dropna(), day)
            change = int(last[column]) - earlier
        figures.append(_figure(key, int(last[column]), change, month, "loop", day=day))
    if "closing" in months:
        undated = 0
        if analysis.min_group is None:  # demands raised on an unknown day are in no month
            undated = int(open_demands(analysis.ledger, analysis.day)["raised_on"].isna().sum())
        known = before is not None and analysis.follow_up.dated and not undated
        change = int(last["closing"]) - int(before["closing"]) if before is not None and known else None
        n = int(last["closing"]) + undated
        one = _figure("fig_open" if over else "fig_open_day", n, change, month, "loop")
        figures.append({**one, "on": plain_value(analysis.day)})
    return figures


def _so_far(dates: pd.Series, day: pd.Timestamp) -> int:
    """How many of the dates lie in the month before, on the days of it up to that of ``day``."""
    if day == day + pd.offsets.MonthEnd(0):
        return int(dates.dt.to_period("M").eq(day.to_period("M") - 1).sum())
    first = (day.to_period("M") - 1).to_timestamp()
    return int(dates.between(first, day - pd.DateOffset(months=1)).sum())


def _late(analysis: Analysis) -> dict[str, Any]:
    """Open demands over the limit, against the end of the month before."""

    def n(day: pd.Timestamp) -> int:
        late = overdue(analysis.ledger, day, within=analysis.within)
        return int(late["is_open"].sum())

    earlier = analysis.day.replace(day=1) - pd.Timedelta(days=1)
    value = n(analysis.day)
    return _figure("fig_late", value, value - n(earlier), None, "loop")


def _figure(
    key: str, value: int, change: int | None, month: str | None, view: str, *, day: pd.Timestamp | None = None
) -> dict[str, Any]:
    """Write a figure; of a month that is not over on ``day`` only a part is compared."""
    part = day is not None and day != day + pd.offsets.MonthEnd(0)
    return {"key": key, "value": value, "change": change, "month": month, "view": view, "part": part}


def _decisions(analysis: Analysis, parts: dict[str, Any]) -> list[dict[str, Any]]:
    decisions = []
    if "loop" in parts:
        tasks = analysis.follow_up.tasks
        own = tasks["in_remit"].fillna(value=bool(tasks["in_remit"].isna().all()))
        late = tasks[own.astype(bool) & tasks["is_overdue"].fillna(value=False)].dropna(subset="owner")
        if len(late):
            counts = late["owner"].value_counts().sort_index().sort_values(ascending=False, kind="stable")
            owner = str(counts.index[0])
            oldest = late.loc[late["owner"].eq(owner), "days"].max()
            decisions.append(
                _decision(
                    "decide_late" if tasks["in_remit"].notna().any() else "decide_late_all",
                    [owner, int(counts.iloc[0]), plain_value(oldest)],
                    "loop",
                )
            )
    if "chain" in parts:
        gaps = analysis.chain.table
        gaps = gaps[gaps["asked_for"].gt(0)]
        if len(gaps):
            order = ["n_beneficiaries", "asked_for", "product"]
            best = gaps.sort_values(order, ascending=[False, False, True]).iloc[0]
            arguments = [best["product"], int(best["asked_for"]), int(best["n_beneficiaries"])]
            decisions.append(_decision("decide_gap", arguments, "chain"))
    if "salons" in parts and analysis.salon.plan is not None:
        salon = analysis.salon
        guests = 0 if salon.plan is None else len(salon.plan.guests)
        decisions.append(
            _decision("decide_salon", [{"enterprise": salon.seeker}, guests, len(salon.table)], "salons")
        )
    if "policies" in parts and len(analysis.policies.unanswered):
        decisions.append(_decision("decide_policy", [len(analysis.policies.unanswered)], "policies"))
    if "visits" in parts and len(analysis.visits.table):
        coverage = analysis.visits.table
        n = int((coverage["due"].eq(1) & ~coverage["covered"].fillna(value=False).astype(bool)).sum())
        decisions += [_decision("decide_visits", [n], "visits")] if n else []
    return decisions


def _decision(key: str, arguments: list[Any], view: str) -> dict[str, Any]:
    return {"key": key, "arguments": arguments, "view": view}
