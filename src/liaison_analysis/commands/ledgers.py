"""Commands about the ledger itself: check it, decide names, write the sample."""

from __future__ import annotations

from pathlib import Path  # noqa: TC003 - typer reads the annotations when it runs
from typing import TYPE_CHECKING, Annotated

import pandas as pd
import typer

from liaison_analysis._messages import message, message_language, plural_message
from liaison_analysis._outputs import check_outputs
from liaison_analysis.commands.console import Language
from liaison_analysis.commands.frames import in_words
from liaison_analysis.commands.options import Answers, Overwrite, Source, Year, must_be_workbook
from liaison_analysis.commands.problems import (
    as_problems,
    left_out_sheet,
    print_problems,
    problem_sheet,
    question_sheet,
    written_headers,
)
from liaison_analysis.commands.punctuation import labelled
from liaison_analysis.commands.understanding import print_meanings, print_understanding
from liaison_analysis.errors import LedgerError
from liaison_analysis.ledger import TABLES, read_ledger, spoken_name, write_ledger, write_workbook

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
        _print_refused(error, problems)
        raise typer.Exit(1) from error
    _print_summary(ledger)
    print_understanding(ledger)
    for note in [note for note in ledger.notes if note not in _lacking(ledger)]:
        typer.echo(f"  {note}")
    _print_questions(ledger, problems)
    _print_lacking(ledger)
    duplicates = NameIndex(ledger.enterprises).duplicates()
    if len(duplicates):
        columns = ["enterprise_id", "other_id", "name", "other_name", "why"]
        typer.echo("\n" + message("may be one enterprise") + "\n" + _printed(duplicates[columns]))
    if len(ledger.masked):
        typer.echo("\n" + message("masked on reading") + "\n" + _printed(ledger.masked))


def _print_refused(error: LedgerError, out: Path | None) -> None:
    """Print what must be corrected before a ledger can be used, and how it was understood so far."""
    headers = written_headers(error.understanding)
    count = plural_message("{n} problem", "{n} problems", len(error.problems))
    typer.echo(message("{source}: {count}; correct them first", source=error.source, count=count))
    print_problems(error.problems, headers)
    if error.understanding is not None:
        typer.echo("\n" + message("understood so far"))
        print_meanings(error.understanding)
    if out is not None:
        sheets = {message("problems"): problem_sheet(error.problems, headers)}
        typer.echo(write_workbook(out, sheets))


def _print_questions(ledger: Ledger, out: Path | None) -> None:
    """Print what a clerk has to decide; write all of it, and what was left out, to a workbook if asked."""
    headers = written_headers(ledger.understanding)
    if len(ledger.review):
        typer.echo("\n" + plural_message("{n} question", "{n} questions", len(ledger.review)))
        print_problems(as_problems(ledger.review), headers)
    if out is not None:
        sheets = {
            message("questions"): question_sheet(ledger.review, headers),
            message("left out"): left_out_sheet(ledger.left_out),
        }
        typer.echo(write_workbook(out, sheets))


def _lacking(ledger: Ledger) -> list[str]:
    """Find the notes on tables that the ledger does not have, and what is left out for it."""
    begun = []
    for name, table in TABLES.items():
        if not len(ledger.tables[name]):
            note = message(
                "no {table} ({chinese}): {effect}", table=name, chinese=table.chinese[0], effect=""
            )
            begun.append(note.rstrip())
    return [note for note in ledger.notes if note.startswith(tuple(begun))]


def _print_lacking(ledger: Ledger) -> None:
    if notes := _lacking(ledger):
        typer.echo("\n" + message("tables that are not there; the rest works without them"))
    for note in notes:
        typer.echo(f"  {note}")


def _printed(frame: pd.DataFrame) -> str:
    """Table for the console: Chinese characters take two columns, and nothing is cut or wrapped."""
    with pd.option_context("display.unicode.east_asian_width", True, "display.width", None):  # noqa: FBT003 - pandas' own way to set options
        return in_words(frame).to_string(index=False, na_rep="", justify="left")


def _print_summary(ledger: Ledger) -> None:
    typer.echo(message("ok {source}", source=ledger.source))
    for name, frame in ledger.tables.items():
        if len(frame):
            rows = message("{n:,} rows", n=len(frame))
            typer.echo("  " + labelled(spoken_name(name), rows))


def resolve(
    source: Annotated[Path, typer.Argument(help="Workbook (.xlsx) or folder that names enterprises.")],
    review: Annotated[Path, typer.Argument(help="Workbook of names to decide, such as review.xlsx.")],
    *,
    out: Annotated[
        Path | None, typer.Option(help="Workbook to write: the ledger with the ids that the answers give.")
    ] = None,
    year: Year = None,
    answers: Answers = None,
    overwrite: Overwrite = False,
) -> None:
    """Write the names to decide, each with a drop-down; with --out, read the answers back as aliases."""
    from liaison_analysis.ledger import read_review, with_aliases, write_review

    if out is None:
        must_be_workbook(review)
    inputs = [source, answers, None if out is None else review]
    check_outputs([out or review], inputs=inputs, overwrite=overwrite)
    ledger = read_ledger(source, year=year, mapping=answers, resolve=True)
    if out is None:
        written = write_review(ledger.review, review, ledger.enterprises, language=message_language())
        n = ledger.review["written"].nunique()
        typer.echo(plural_message("{file}: {n} name", "{file}: {n} names", n, file=written))
        return
    names = read_review(review, ledger.enterprises)
    given = read_ledger(source, year=year, mapping=answers, resolve=True, aliases=names)
    ledger = with_aliases(given, names)
    typer.echo(
        message(
            "{file}: {answers} answers, {rows} rows left out",
            file=write_ledger(ledger, out),
            answers=len(names),
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
