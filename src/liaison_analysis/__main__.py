"""The command line ``liaison``."""

from __future__ import annotations

import contextlib
from enum import StrEnum
from pathlib import Path  # noqa: TC003 - typer reads the annotations when it runs
from typing import TYPE_CHECKING, Annotated

import pandas as pd
import typer

from liaison_analysis._calendar import WITHIN
from liaison_analysis.errors import LedgerError, LiaisonError
from liaison_analysis.ledger import read_ledger, write_ledger

if TYPE_CHECKING:
    from collections.abc import Iterator

# Typer's own tracebacks print the values of local variables, and those may be people's data.
app = typer.Typer(
    help="From an enterprise-liaison ledger to the right introductions.",
    pretty_exceptions_enable=False,
    add_completion=False,
)


class Language(StrEnum):
    """Languages of sheet names, headers and coded values."""

    en = "en"
    zh = "zh"


class Days(StrEnum):
    """Which days a limit counts."""

    calendar = "calendar"
    working = "working"


@app.callback(invoke_without_command=True)
def _help(context: typer.Context) -> None:
    if context.invoked_subcommand is None:
        typer.echo(context.get_help())


@contextlib.contextmanager
def _errors_as_messages() -> Iterator[None]:
    """Print an error of the package as a message and exit with status 1; others keep their traceback."""
    try:
        yield
    except LiaisonError as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(1) from error


@app.command()
def check(
    path: Annotated[Path, typer.Argument(help="Workbook (.xlsx) or folder of the ledger.")],
) -> None:
    """Check a ledger: list every problem in it, and enterprises that are entered twice."""
    from liaison_analysis.names import NameIndex

    with _errors_as_messages():
        try:
            ledger = read_ledger(path)
        except LedgerError as error:
            if error.problems["row"].isna().all() and len(error.problems) == 1:
                raise
            with pd.option_context("display.unicode.east_asian_width", True, "display.width", None):  # noqa: FBT003 - pandas' own way to set options
                table = error.problems.to_string(index=False, na_rep="", max_colwidth=60, justify="left")
            n = len(error.problems)
            typer.echo(f"{error.source}: {n} problem{'s' if n != 1 else ''}\n\n{table}")
            raise typer.Exit(1) from error
        typer.echo(f"ok {ledger.source}")
        for name, frame in ledger.tables.items():
            if len(frame):
                typer.echo(f"  {name:<14}{len(frame):>8,} rows")
        for note in ledger.notes:
            typer.echo(f"  {note}")
        alike = NameIndex(ledger.enterprises).duplicates()
        if len(alike):
            columns = ["enterprise_id", "other_id", "name", "other_name", "why"]
            typer.echo(f"\nmay be one enterprise\n{alike[columns].to_string(index=False, justify='left')}")
        if len(ledger.masked):
            typer.echo(f"\nmasked on reading\n{ledger.masked.to_string(index=False, justify='left')}")


@app.command()
def lists(
    source: Annotated[Path, typer.Argument(help="Workbook (.xlsx) or folder of the ledger.")],
    out: Annotated[Path, typer.Argument(help="Workbook to write, such as lists.xlsx.", dir_okay=False)],
    *,
    on: Annotated[
        str | None, typer.Option(help="Day of the lists; the ledger's last date if not given.")
    ] = None,
    since: Annotated[
        str | None, typer.Option(help="Day of the last dispatch; the end of the month before if not given.")
    ] = None,
    before: Annotated[
        Path | None,
        typer.Option(help="The ledger as it was at the last dispatch; finds changes that have no day."),
    ] = None,
    within: Annotated[int, typer.Option(min=0, help="Days allowed to settle a demand.")] = WITHIN,
    unit: Annotated[Days, typer.Option(help="Which days count.")] = Days.calendar,
) -> None:
    """Write the lists of problems, tasks and responsibilities, and the dispatch sheet."""
    from liaison_analysis.followup import write_lists

    with _errors_as_messages():
        if out.suffix.lower() != ".xlsx":
            raise LiaisonError(f"{out}: not a workbook's name; end it with .xlsx")
        ledger = read_ledger(source)
        last = None if before is None else read_ledger(before)
        try:
            written = write_lists(
                ledger, out, since=since, on=on, before=last, within=within, unit=unit.value
            )
        except LiaisonError:
            raise
        except ValueError as error:
            raise LiaisonError(str(error)) from error
        typer.echo(written)


@app.command()
def report(
    source: Annotated[Path, typer.Argument(help="Workbook (.xlsx) or folder of the ledger.")],
    out: Annotated[Path, typer.Option(file_okay=False, help="Folder for the report.")],
    notebooks: Annotated[
        Path | None, typer.Option(exists=True, file_okay=False, help="Folder with notebooks of your own.")
    ] = None,
    min_group: Annotated[
        int | None, typer.Option(min=2, help="Show no figure of fewer enterprises, such as 3.")
    ] = None,
) -> None:
    """Run the notebooks on a ledger; write index.html and introductions.xlsx."""
    from liaison_analysis.report import run_report

    with _errors_as_messages():
        typer.echo(run_report(source, out, notebooks=notebooks, min_group=min_group))


@app.command()
def resolve(
    source: Annotated[Path, typer.Argument(help="Workbook (.xlsx) or folder that names enterprises.")],
    review: Annotated[Path, typer.Argument(help="Workbook of names to decide, such as review.xlsx.")],
    out: Annotated[Path | None, typer.Option(help="Ledger with ids to write from the answers.")] = None,
) -> None:
    """Write the names to decide, each with a drop-down; with --out, read the answers back as aliases."""
    from liaison_analysis.ledger import read_review, with_aliases, write_review

    with _errors_as_messages():
        ledger = read_ledger(source, resolve=True)
        target = out or review
        if target.exists():
            raise LiaisonError(f"{target} is there already; give another name, so that no answer is lost")
        if out is None:
            written = write_review(ledger.review, review, ledger.enterprises)
            typer.echo(f"{written}: {ledger.review['written'].nunique()} names")
            return
        answers = read_review(review, ledger.enterprises)
        ledger = with_aliases(read_ledger(source, resolve=True, aliases=answers), answers)
        typer.echo(f"{write_ledger(ledger, out)}: {len(answers)} answers, {len(ledger.review)} rows left out")


@app.command()
def policies(
    documents: Annotated[Path, typer.Argument(help="Folder of policy documents, or one document.")],
    out: Annotated[Path, typer.Argument(help="Workbook to write, such as clauses.xlsx.", dir_okay=False)],
    town: Annotated[
        list[str] | None, typer.Option(help="A town that conditions may name; repeatable.")
    ] = None,
) -> None:
    """Cut policy documents into clauses; write them, and each condition with the words it came from."""
    from liaison_analysis.policies import write_policies

    with _errors_as_messages():
        if out.exists():
            raise LiaisonError(f"{out} is there already; give another name, so that no correction is lost")
        typer.echo(write_policies(documents, out, towns=town or ()))


@app.command()
def sample(
    out: Annotated[Path, typer.Argument(help="Workbook to write, such as ledger.xlsx.", dir_okay=False)],
    language: Annotated[Language, typer.Option(help="Language of sheets and headers.")] = Language.en,
) -> None:
    """Write the sample ledger as a workbook to start from."""
    from liaison_analysis.ledger import load_liangjiang

    with _errors_as_messages():
        if out.suffix.lower() != ".xlsx":
            raise LiaisonError(f"{out}: not a workbook's name; end it with .xlsx")
        if out.exists():
            raise LiaisonError(f"{out} is there already; give another name, so that no ledger is lost")
        typer.echo(write_ledger(load_liangjiang(), out, language=language.value))


if __name__ == "__main__":
    app(prog_name="liaison")
