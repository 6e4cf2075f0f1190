"""Commands that show how a clerk's file was understood, adopt it, and write a blank one."""

from __future__ import annotations

from pathlib import Path  # noqa: TC003 - typer reads the annotations when it runs
from typing import TYPE_CHECKING, Annotated

import typer

from liaison_analysis._messages import message, plural_message
from liaison_analysis._outputs import check_outputs
from liaison_analysis.commands.console import Language, values_as_messages
from liaison_analysis.commands.options import Answers, Overwrite, Source, Year, must_be_workbook
from liaison_analysis.commands.punctuation import bracketed, clauses, labelled, listed
from liaison_analysis.ledger import read_ledger, spoken_code, spoken_name

if TYPE_CHECKING:
    import pandas as pd

    from liaison_analysis.ledger import Ledger


def adopt(
    source: Source,
    out: Annotated[Path, typer.Argument(help="Workbook to write, such as ledger.xlsx.")],
    *,
    year: Year = None,
    answers: Answers = None,
    language: Annotated[Language, typer.Option(help="Language of sheets and headers.")] = Language.zh,
    overwrite: Overwrite = False,
) -> None:
    """Write a clerk's ledger in the project's own layout, with what is open; --answers applies decisions."""
    from liaison_analysis.ledger import write_adopted

    must_be_workbook(out)
    check_outputs([out], inputs=[source, answers], overwrite=overwrite)
    ledger = read_ledger(source, year=year, mapping=answers, open_years=True)
    written = write_adopted(ledger, out, language=language.value, answers=answers, year=year)
    typer.echo(
        plural_message("{file}: {n} question", "{file}: {n} questions", len(ledger.review), file=written)
    )
    if len(ledger.review) and answers is None:
        command = f"liaison adopt {source} {out} --answers EDITED.xlsx"
        typer.echo(message("decide in its sheets, save it as EDITED.xlsx, then: {command}", command=command))


def template(
    out: Annotated[Path, typer.Argument(help="Workbook to write, such as ledger.xlsx.")],
    *,
    language: Annotated[Language, typer.Option(help="Language of sheets and headers.")] = Language.zh,
    limits: Annotated[
        str, typer.Option(help="Name of a set of limits to write into the sheet of limits.")
    ] = "30 days",
    overwrite: Overwrite = False,
) -> None:
    """Write a blank ledger with drop-downs, and comments that say what to fill in."""
    from liaison_analysis.demands import park_taxonomy
    from liaison_analysis.followup import limit_table
    from liaison_analysis.ledger import write_template

    must_be_workbook(out)
    check_outputs([out], inputs=[], overwrite=overwrite)
    with values_as_messages():
        # Limits and the packaged themes stand there to be edited; results follow what the sheets hold.
        rows = {"themes": park_taxonomy(), "limits": limit_table(limits)}
    typer.echo(write_template(out, language=language.value, rows=rows))


def print_understanding(ledger: Ledger) -> None:
    """Print in a few lines how a file was understood: sheets, headers, states, years, rows left out."""
    print_meanings(ledger.understanding)
    rows = ledger.left_out.drop_duplicates(["file", "sheet", "row", "why"])
    parts = []
    for why, some in rows.groupby("why", sort=False):
        sheet, row = some[["sheet", "row"]].iloc[0]
        where = message("{n}, the first in {sheet}, row {row}", n=len(some), sheet=sheet, row=row)
        parts.append(f"{why}{bracketed(where)}")
    _line(message("rows left out"), parts)


def print_meanings(known: pd.DataFrame) -> None:
    """Print what sheets, headers, words for states and years were understood to mean."""
    _line(message("sheets"), _sheets(known))
    headers = known[known["kind"].eq("header")].drop_duplicates(["written", "meaning"])
    own = headers["evidence"].eq("header")
    pairs = [
        f"{one.written} → {spoken_name(str(one.meaning))}{bracketed(str(one.example))}"
        for one in headers[headers["meaning"].ne("") & ~own].itertuples()
    ]
    if own.any():
        plain = listed(dict.fromkeys(headers.loc[own, "written"]))
        pairs.append(message("as the ledger has them: {headers}", headers=plain))
    _line(message("headers"), pairs)
    of_firms = headers["evidence"].eq("read for the register of enterprises")
    read = headers.loc[of_firms, "written"]
    _line(message("read for the register of enterprises"), [listed(read)] if len(read) else [])
    kept = headers.loc[headers["meaning"].eq("") & ~of_firms, "written"]
    _line(message("kept under their own header"), [listed(kept)] if len(kept) else [])
    unknown = message("not understood")
    states = _counted(known, "state", "written", "meaning")
    _line(
        message("states"),
        [
            f"{word} → {spoken_name(to) if to else unknown}{bracketed(str(n))}"
            for (word, to), n in states.items()
        ],
    )
    years = [
        message(
            "{n} days of {column} without one are in {year} ({how})",
            n=n,
            column=spoken_name(column),
            year=year,
            how=spoken_code(how),
        )
        for (column, year, how), n in _counted(known, "year", "written", "meaning", "evidence").items()
    ]
    _line(message("years"), years)


def _sheets(known: pd.DataFrame) -> list[str]:
    """Sheets with the table that each is part of, those of one table together."""
    names: dict[str, list[str]] = {}
    rows: dict[str, int] = {}
    for (sheet, table), n in _counted(known, "sheet", "sheet", "meaning").items():
        names.setdefault(table, []).append(sheet)
        rows[table] = rows.get(table, 0) + n
    unused = message("not used")
    return [
        f"{listed(sheets)} → "
        + (message("{n:,} rows of {table}", n=rows[table], table=spoken_name(table)) if table else unused)
        for table, sheets in names.items()
    ]


def _counted(known: pd.DataFrame, kind: str, *columns: str) -> dict[tuple[str, ...], int]:
    """Cells by what these columns hold, in the order of their first."""
    rows = known[known["kind"].eq(kind)]
    counted: dict[tuple[str, ...], int] = {}
    for *values, n in rows[[*columns, "n"]].itertuples(index=False, name=None):
        key = tuple(map(str, values))
        counted[key] = counted.get(key, 0) + int(n)
    return counted


def _line(label: str, parts: list[str]) -> None:
    if parts:
        typer.echo("  " + labelled(label, clauses(parts)))
