"""Commands about the ledger itself: check it, decide names, write the sample."""

from __future__ import annotations

from pathlib import Path  # noqa: TC003 - typer reads the annotations when it runs
from typing import TYPE_CHECKING, Annotated

import pandas as pd
import typer

from liaison_analysis._messages import message, plural_message
from liaison_analysis._outputs import check_outputs
from liaison_analysis.commands.console import Language
from liaison_analysis.commands.frames import in_words
from liaison_analysis.commands.options import Answers, Overwrite, Source, Year, must_be_workbook
from liaison_analysis.commands.understanding import print_understanding
from liaison_analysis.errors import LedgerError
from liaison_analysis.ledger import read_ledger, write_ledger, write_workbook

if TYPE_CHECKING:
    from liaison_analysis.ledger import Ledger


def check(
    path: Source,
    *,
    year: Year = None,
    answers: Answers = None,
    problems: Annotated[
        Path | None, typer.Option(help="Workbook to write every problem and question to.")
    ] = None,
    overwrite: Overwrite = False,
) -> None:
    """Check a ledger: how it was understood, every problem in it, and enterprises that are entered twice."""
    from liaison_analysis.names import NameIndex

    if problems is not None:
        must_be_workbook(problems)
        check_outputs([problems], inputs=[path, answers], overwrite=overwrite)
    try:
        ledger = read_ledger(path, year=year, mapping=answers)
    except LedgerError as error:
        if error.problems["row"].isna().all() and len(error.problems) == 1:
            raise
        if problems is not None:
            typer.echo(write_workbook(problems, {"problems": error.problems}))
        with pd.option_context("display.unicode.east_asian_width", True, "display.width", None):  # noqa: FBT003 - pandas' own way to set options
            table = in_words(error.problems).to_string(
                index=False, na_rep="", max_colwidth=60, justify="left"
            )
        count = plural_message("{n} problem", "{n} problems", len(error.problems))
        typer.echo(f"{error.source}: {count}\n\n{table}")
        raise typer.Exit(1) from error
    _print_summary(ledger)
    print_understanding(ledger)
    if problems is not None:
        columns = ["sheet", "row", "column", "written", "status", "candidates", "why"]
        sheets = {"questions": ledger.review[columns], "left_out": ledger.left_out}
        typer.echo(write_workbook(problems, sheets))
    duplicates = NameIndex(ledger.enterprises).duplicates()
    if len(duplicates):
        columns = ["enterprise_id", "other_id", "name", "other_name", "why"]
        table = in_words(duplicates[columns]).to_string(index=False, justify="left")
        typer.echo("\n" + message("may be one enterprise") + "\n" + table)
    if len(ledger.masked):
        table = in_words(ledger.masked).to_string(index=False, justify="left")
        typer.echo("\n" + message("masked on reading") + "\n" + table)


def _print_summary(ledger: Ledger) -> None:
    typer.echo(message("ok {source}", source=ledger.source))
    for name, frame in ledger.tables.items():
        if len(frame):
            typer.echo("  " + message("{table:<14}{n:>8,} rows", table=name, n=len(frame)))
    for note in ledger.notes:
        typer.echo(f"  {note}")


def resolve(
    source: Annotated[Path, typer.Argument(help="Workbook (.xlsx) or folder that names enterprises.")],
    review: Annotated[Path, typer.Argument(help="Workbook of names to decide, such as review.xlsx.")],
    *,
    out: Annotated[Path | None, typer.Option(help="Ledger with ids to write from the answers.")] = None,
    overwrite: Overwrite = False,
) -> None:
    """Write the names to decide, each with a drop-down; with --out, read the answers back as aliases."""
    from liaison_analysis.ledger import read_review, with_aliases, write_review

    inputs = [source, None if out is None else review]
    check_outputs([out or review], inputs=inputs, overwrite=overwrite)
    ledger = read_ledger(source, resolve=True)
    if out is None:
        written = write_review(ledger.review, review, ledger.enterprises)
        n = ledger.review["written"].nunique()
        typer.echo(plural_message("{file}: {n} name", "{file}: {n} names", n, file=written))
        return
    answers = read_review(review, ledger.enterprises)
    ledger = with_aliases(read_ledger(source, resolve=True, aliases=answers), answers)
    typer.echo(
        message(
            "{file}: {answers} answers, {rows} rows left out",
            file=write_ledger(ledger, out),
            answers=len(answers),
            rows=len(ledger.review),
        )
    )


def sample(
    out: Annotated[Path, typer.Argument(help="Workbook to write, such as ledger.xlsx.")],
    *,
    language: Annotated[Language, typer.Option(help="Language of sheets and headers.")] = Language.en,
    overwrite: Overwrite = False,
) -> None:
    """Write the sample ledger as a workbook to start from."""
    from liaison_analysis.ledger import load_liangjiang

    must_be_workbook(out)
    check_outputs([out], inputs=[], overwrite=overwrite)
    typer.echo(write_ledger(load_liangjiang(), out, language=language.value))
