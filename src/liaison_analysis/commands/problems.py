"""Problems and questions of a ledger, grouped on the console and cell by cell in a workbook."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import pandas as pd
import typer

from liaison_analysis._messages import message, plural_message
from liaison_analysis.commands.punctuation import bracketed, labelled
from liaison_analysis.ledger import TABLES, spoken_code, spoken_name

if TYPE_CHECKING:
    from collections.abc import Mapping

# Cells of a group that are shown; judgement: enough to see what is wrong, few enough for one screen.
_SHOWN: Final = 5


def written_headers(understanding: pd.DataFrame | None) -> dict[tuple[str, str], str]:
    """Header as it is written, by sheet and by what it means.

    Examples
    --------
    >>> known = {"kind": ["header"], "sheet": ["台账"], "written": ["走访时间"], "meaning": ["raised_on"]}
    >>> written_headers(pd.DataFrame(known))
    {('台账', 'raised_on'): '走访时间'}
    """
    if understanding is None:
        return {}
    known = understanding[understanding["kind"].eq("header") & understanding["meaning"].ne("")]
    pairs = zip(known["sheet"], known["meaning"], known["written"], strict=True)
    headers = {(sheet, meaning): written for sheet, meaning, written in pairs}
    # A column of names stands for that of ids.
    ids = {one.name for table in TABLES.values() for one in table.columns if one.references}
    named = {(sheet, f"{means}_id"): one for (sheet, means), one in headers.items() if f"{means}_id" in ids}
    return named | headers


def as_problems(review: pd.DataFrame) -> pd.DataFrame:
    """Questions of ``Ledger.review`` with the columns of ``LedgerError.problems``."""
    reasons = [
        why if status == "unread" else f"{why}{bracketed(spoken_code(status))}"
        for why, status in zip(review["why"], review["status"], strict=True)
    ]
    values = [
        str(written) + bracketed(message("may be {names}", names=candidates) if candidates else "")
        for written, candidates in zip(review["written"], review["candidates"].fillna(""), strict=True)
    ]
    columns = {"sheet": review["sheet"], "row": review["row"], "column": review["column"]}
    return pd.DataFrame({**columns, "value": values, "reason": reasons})


def print_problems(problems: pd.DataFrame, headers: Mapping[tuple[str, str], str]) -> None:
    """Print problems or questions grouped by column and reason, each with its first cells, uncut.

    Parameters
    ----------
    problems
        DataFrame[sheet, row, column, value, reason].
    headers
        From ``written_headers``; a column that is not in it is called as the schema has it.
    """
    shown = _spoken(problems, headers)
    for (column, reason), cells in shown.groupby(["column", "reason"], sort=False):
        count = plural_message("{n} cell", "{n} cells", len(cells)) if cells["row"].notna().any() else ""
        typer.echo("  " + labelled(str(column), str(reason)) + bracketed(count))
        for sheet, row, value in cells[["sheet", "row", "value"]].head(_SHOWN).itertuples(index=False):
            at = sheet if pd.isna(row) else message("{sheet}, row {row}", sheet=sheet, row=row)
            if place := labelled(at, " ".join(str(value).split())):
                typer.echo(f"    {place}")
        if len(cells) > _SHOWN:
            typer.echo("    " + message("and {n} more", n=len(cells) - _SHOWN))


def problem_sheet(problems: pd.DataFrame, headers: Mapping[tuple[str, str], str]) -> pd.DataFrame:
    """Every problem beside its cell, headers in the user's language."""
    shown = _spoken(problems, headers)
    names = {
        "sheet": message("sheet"),
        "row": message("row"),
        "column": message("column"),
        "value": message("value"),
        "reason": message("what is wrong, and what to do"),
    }
    return shown[list(names)].rename(columns=names)


def question_sheet(review: pd.DataFrame, headers: Mapping[tuple[str, str], str]) -> pd.DataFrame:
    """Every question beside its cell, with what could be meant, headers in the user's language."""
    frame = problem_sheet(as_problems(review.assign(candidates="")), headers)
    return frame.assign(**{message("may be"): review["candidates"].fillna("").to_numpy()})


def left_out_sheet(left_out: pd.DataFrame) -> pd.DataFrame:
    """Every cell that is in no table, headers in the user's language."""
    names = {
        "file": message("file"),
        "sheet": message("sheet"),
        "row": message("row"),
        "column": message("column"),
        "value": message("value"),
        "why": message("why"),
    }
    columns = [spoken_name(str(one)) for one in left_out["column"]]
    return left_out.assign(column=columns)[list(names)].rename(columns=names)


def _spoken(problems: pd.DataFrame, headers: Mapping[tuple[str, str], str]) -> pd.DataFrame:
    names = [
        headers.get((sheet, column), spoken_name(str(column)))
        for sheet, column in zip(problems["sheet"], problems["column"], strict=True)
    ]
    sheets = [spoken_name(str(sheet)) for sheet in problems["sheet"]]
    return problems.assign(column=names, sheet=sheets).astype({"row": "Int64"})
