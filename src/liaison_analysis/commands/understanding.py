"""Commands that show how a clerk's file was understood, adopt it, and write a blank one."""

from __future__ import annotations

import contextlib
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from liaison_analysis._messages import message, plural_message
from liaison_analysis._outputs import check_outputs
from liaison_analysis.commands.console import Language
from liaison_analysis.commands.options import Answers, Overwrite, Source, Year, must_be_workbook
from liaison_analysis.ledger import read_ledger

if TYPE_CHECKING:
    from collections.abc import Iterator

    import pandas as pd

    from liaison_analysis.ledger import Ledger

# Columns and words of a kind that are shown on a line before the rest is counted.
_ON_A_LINE = 12


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
    ledger = read_ledger(source, year=year, mapping=answers)
    written = write_adopted(ledger, out, language=language.value)
    typer.echo(
        plural_message("{file}: {n} question", "{file}: {n} questions", len(ledger.review), file=written)
    )


def template(
    out: Annotated[Path, typer.Argument(help="Workbook to write, such as ledger.xlsx.")],
    *,
    language: Annotated[Language, typer.Option(help="Language of sheets and headers.")] = Language.zh,
    overwrite: Overwrite = False,
) -> None:
    """Write a blank ledger with drop-downs, and comments that say what to fill in."""
    from liaison_analysis.ledger import write_template

    must_be_workbook(out)
    check_outputs([out], inputs=[], overwrite=overwrite)
    typer.echo(write_template(out, language=language.value))


@contextlib.contextmanager
def decided(source: Path, year: int | None, answers: Path | None) -> Iterator[Path]:
    """Give the ledger as a file that needs neither year nor answers, a temporary one if need be."""
    from liaison_analysis.ledger import write_ledger

    if year is None and answers is None:
        yield source
        return
    ledger = read_ledger(source, year=year, mapping=answers)
    with tempfile.TemporaryDirectory(prefix="liaison-") as folder:
        yield write_ledger(ledger, Path(folder) / f"{source.stem}.xlsx")


def print_understanding(ledger: Ledger) -> None:
    """Print in a few lines how a file was understood: sheets, headers, states, rows left out, questions."""
    known = ledger.understanding
    for sheet, table, n in _rows(known, "sheet", "sheet", "meaning", "n"):
        what = message("{n:,} rows of {table}", n=n, table=table) if table else message("not used")
        typer.echo(f"  {sheet} → {what}")
    headers = known[known["kind"].eq("header")].drop_duplicates(["written", "meaning"])
    mapped = headers[headers["meaning"].ne("") & headers["written"].ne(headers["meaning"])]
    pairs = [f"{one.written} → {one.meaning} ({_short(one.example)})" for one in mapped.itertuples()]
    _line(message("headers"), pairs)
    _line(message("kept under their own header"), headers.loc[headers["meaning"].eq(""), "written"].tolist())
    states: dict[tuple[object, object], int] = {}
    for word, to, n in _rows(known, "state", "written", "meaning", "n"):
        states[word, to] = states.get((word, to), 0) + int(str(n))
    _line(message("states"), [f"{word} → {to or '?'} ({n})" for (word, to), n in states.items()])
    for column, year, how, n in _rows(known, "year", "written", "meaning", "evidence", "n"):
        typer.echo(
            "  "
            + message("year of {n} days of {column}: {year} ({how})", n=n, column=column, year=year, how=how)
        )
    if len(ledger.left_out):
        rows = ledger.left_out.drop_duplicates(["file", "sheet", "row", "why"])
        counts = rows.groupby("why", sort=False).size()
        _line(message("rows left out"), [f"{why} {n}" for why, n in counts.items()])
    for (why, status), asked in ledger.review.groupby(["why", "status"], sort=False):
        cells = [f"{one.sheet} {one.row} {one.written}".strip() for one in asked.head(3).itertuples()]
        typer.echo(
            "  "
            + message(
                "open: {why} ({status}, {n}): {cells}",
                why=why,
                status=status,
                n=len(asked),
                cells="; ".join(cells),
            )
        )


def _short(example: object) -> str:
    return str(example)[:12]


def _rows(known: pd.DataFrame, kind: str, *columns: str) -> list[tuple[object, ...]]:
    chosen = known[known["kind"].eq(kind)]
    return list(chosen[list(columns)].itertuples(index=False, name=None))


def _line(label: str, parts: list[str]) -> None:
    if parts:
        more = "" if len(parts) <= _ON_A_LINE else message(" and {n} more", n=len(parts) - _ON_A_LINE)
        typer.echo(f"  {label}: " + ", ".join(parts[:_ON_A_LINE]) + more)
