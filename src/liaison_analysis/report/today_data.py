"""What the views "today" and "themes" show, and a demand's card of its owner, limit and precedents."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import pandas as pd

from liaison_analysis.followup import settlement_chances
from liaison_analysis.report.tables import as_table, both_languages, named_tables

if TYPE_CHECKING:
    from liaison_analysis.analysis import Analysis

#: Cases of several enterprises that the page lists.
CASES: Final = 30

_CHANCES: Final = [
    "demand_id",
    "enterprise_id",
    "owner",
    "due_on",
    "chance",
    "expected_on",
    "speed",
    "drivers",
]
_LIMITS: Final = ["demand_id", "stage", "due_on", "waited", "paused", "state", "level", "notify"]
_WEAK: Final = ["name", "n", "firms", "first_half", "second_half", "texts"]
_CASE: Final = [
    "case_id", "place", "matter", "n_demands", "n_enterprises", "n_open", "first_on", "last_on", "owners",
    "demand_ids",
]  # fmt: skip
_PRECEDENTS: Final = [
    "demand_id", "rank", "precedent_id", "likeness", "done", "days", "satisfied", "reopened",
]  # fmt: skip


def today_part(analysis: Analysis) -> dict[str, Any]:
    """Collect what the view "today" and the cards show.

    Parameters
    ----------
    analysis
        Whose ``today`` is shown.

    Returns
    -------
    dict
        text in both languages, and tables: todo, suggestions, precedents, limits, cases (the first ``CASES``;
        lists of ids are lists) and stories.
    """
    today = analysis.today
    cases = today.cases.head(CASES)
    lists = {name: cases[name].fillna("").str.split("、") for name in ("owners", "demand_ids")}
    return {
        "text": both_languages(today.text),
        "tables": named_tables(
            todo=today.table,
            suggestions=today.suggestions,
            precedents=as_table(today.precedents, _PRECEDENTS),
            limits=as_table(today.limits, _LIMITS),
            cases=as_table(cases.assign(**lists), _CASE),
            stories=today.stories.drop(columns="note"),
        ),
    }


def chances_table(analysis: Analysis) -> dict[str, Any]:
    """Chances of open demands to be settled in time, with what drives them in both languages.

    Parameters
    ----------
    analysis
        Whose ``today.chances`` is shown.

    Returns
    -------
    dict
        As ``as_table`` gives it; ``drivers`` is ``{"zh": …, "en": …}`` or ``None``.
    """
    chances = analysis.today.chances
    if chances.empty:
        return as_table(chances, _CHANCES, name="chances")
    drivers = {
        language: settlement_chances(analysis.ledger, analysis.day, within=analysis.within, language=language)
        .set_index("demand_id")["drivers"]
        .str.replace("；", "；" if language == "zh" else "; ")
        for language in ("zh", "en")
    }  # fmt: skip
    both = [
        {language: drivers[language][one] for language in drivers} if drivers["zh"][one] else None
        for one in chances["demand_id"]
    ]
    return as_table(
        chances.assign(drivers=pd.Series(both, index=chances.index, dtype=object)), _CHANCES, name="chances"
    )


def themes_part(analysis: Analysis) -> dict[str, Any]:
    """Collect what the view "themes" shows.

    Parameters
    ----------
    analysis
        Whose ``themes`` are shown.

    Returns
    -------
    dict
        text in both languages, months (per theme, the counts of every month that the ledger has) and tables:
        themes, levels, weak, over, agreement and differences.
    """
    themes = analysis.themes
    trend = dict(zip(themes.trends["name"], themes.trends["trend"], strict=True))
    named = themes.table.assign(trend=themes.table["name"].map(trend))
    return {
        "text": both_languages(themes.text),
        "months": _by_month(themes.monthly),
        "tables": named_tables(
            themes=as_table(named, ["name", "terms", "size", "share", "trend", "phrase"]),
            levels=themes.levels,
            weak=as_table(themes.weak, _WEAK),
            trends=as_table(themes.trends, ["name", "n", "rate_ratio", "q", "trend"]),
            over=themes.over,
            agreement=themes.agreement,
            differences=themes.differences,
        ),
    }


def _by_month(monthly: pd.DataFrame) -> dict[str, Any]:
    """Months, and how many demands of each theme came in each of them."""
    wide = monthly.pivot_table(index="name", columns="month", values="n", aggfunc="sum", fill_value=0)
    return {
        "months": [str(month) for month in wide.columns],
        "counts": {
            str(name): [int(n) for n in row] for name, row in zip(wide.index, wide.to_numpy(), strict=True)
        },
    }
