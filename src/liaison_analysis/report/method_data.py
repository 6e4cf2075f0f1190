"""What the view "method" shows: sizes of tables, cells left out, questions, what was taken in part only."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final

import pandas as pd

from liaison_analysis.report.chain_data import HARD_TO_REPLACE, MANY, hard_to_replace
from liaison_analysis.report.ledger_data import RAISERS
from liaison_analysis.report.tables import as_table, both_languages, named_tables
from liaison_analysis.report.today_data import CASES

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from liaison_analysis.analysis import Analysis

_REVIEW: Final = [
    "sheet", "row", "column", "written", "review_status", "enterprise_id", "score", "candidates",
    "review_why",
]  # fmt: skip
# Ids before the names of candidates, which distinguish equal names.
_ID: Final = re.compile(r"(?:^|(?<=; ))\S+ (?=\S)")


def _in_both(frame: pd.DataFrame, messages: Mapping[str, dict[str, str]]) -> pd.DataFrame:
    """Give reasons in both languages where the messages of reading hold them."""
    why = [messages.get(str(one), one) for one in frame["review_why"]]
    if "candidates" in frame:
        named = [_ID.sub("", str(one)) for one in frame["candidates"].fillna("")]
        frame = frame.assign(candidates=named)
    return frame.assign(review_why=pd.Series(why, index=frame.index, dtype=object))


def method_part(
    analysis: Analysis, messages: Mapping[str, dict[str, str]], built: Mapping[str, dict[str, Any]]
) -> dict[str, Any]:
    """Collect what the view "method" shows.

    Parameters
    ----------
    analysis
        Whose ledger is described.
    messages
        As in ``page_data``.
    built
        The other views, but for the salons.
    """
    overview = analysis.overview
    ledger = analysis.ledger
    # "visits" names the view of visits and projects.
    rows, empty = (
        frame.assign(table_name=frame["table"].replace({"visits": "table_visits"})).drop(columns="table")
        for frame in (overview.rows, overview.empty_cells)
    )
    tables = named_tables(
        table_rows=rows[["table_name", *rows.columns.drop("table_name")]],
        empty_cells=empty[["table_name", *empty.columns.drop("table_name")]],
    )
    if len(ledger.left_out):
        left_out = _in_both(
            ledger.left_out.rename(columns={"value": "written", "why": "review_why"}), messages
        )
        tables |= named_tables(left_out=analysis.single(left_out))
    if len(ledger.review):
        review = ledger.review.rename(columns={"status": "review_status", "why": "review_why"})
        review = analysis.single(_in_both(review, messages))
        tables |= named_tables(review=as_table(review, _REVIEW))
    limits, unknown = _limits(analysis, built)
    part = {"text": both_languages(overview.text), "limits": limits, "tables": tables}
    return part | ({"limits_unknown": unknown} if unknown else {})


def _limits(
    analysis: Analysis, built: Mapping[str, dict[str, Any]]
) -> tuple[list[list[Any]], dict[str, dict[str, Any]]]:
    """List what was taken in part only: the key of a sentence, how many were taken, of how many.

    Of a view that could not be built this is not known: it is named with what it lacks.
    """

    def compared(table: pd.DataFrame) -> tuple[int, int]:
        taken = int(table.attrs.get("compared", 0))
        return taken, taken + int(table.attrs.get("left_out", 0))

    counts: dict[str, tuple[str, Callable[[], tuple[int, int]]]] = {
        "limit_weak": ("themes", lambda: compared(analysis.themes.weak)),
        "limit_precedents": ("today", lambda: compared(analysis.today.precedents)),
        "limit_cases": ("today", lambda: (CASES, len(analysis.today.cases))),
        "limit_raisers": ("demands", lambda: (RAISERS, len(analysis.overview.raisers))),
        "limit_key": ("chain", lambda: (HARD_TO_REPLACE, len(hard_to_replace(analysis)))),
        "limit_introductions": ("introductions", lambda: (MANY, len(analysis.ledger.enterprises))),
    }
    limits: list[list[Any]] = []
    unknown: dict[str, dict[str, Any]] = {}
    for key, (view, count) in counts.items():
        why: dict[str, Any] = {
            name: built[view][name] for name in ("missing", "failed") if name in built[view]
        }
        if why:
            unknown[view] = why
            continue
        taken, every = count()
        if taken < every:
            limits.append([key, taken, every])
    return limits, unknown
