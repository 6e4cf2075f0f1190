"""Commands about what is to be done next: the lists and the dispatch sheet."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path  # noqa: TC003 - typer reads the annotations when it runs
from typing import Annotated

import typer

from liaison_analysis._calendar import WITHIN
from liaison_analysis._outputs import check_outputs
from liaison_analysis.commands.options import Overwrite, Source, must_be_workbook
from liaison_analysis.errors import LiaisonError
from liaison_analysis.ledger import read_ledger


class Days(StrEnum):
    """Which days a limit counts."""

    calendar = "calendar"
    working = "working"


def lists(
    source: Source,
    out: Annotated[Path, typer.Argument(help="Workbook to write, such as lists.xlsx.")],
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
    overwrite: Overwrite = False,
) -> None:
    """Write the lists of problems, tasks and responsibilities, and the dispatch sheet."""
    from liaison_analysis.followup import write_lists

    must_be_workbook(out)
    check_outputs([out], inputs=[source, before], overwrite=overwrite)
    ledger = read_ledger(source)
    last = None if before is None else read_ledger(before)
    try:
        written = write_lists(ledger, out, since=since, on=on, before=last, within=within, unit=unit.value)
    except LiaisonError:
        raise
    except ValueError as error:
        raise LiaisonError(str(error)) from error
    typer.echo(written)
