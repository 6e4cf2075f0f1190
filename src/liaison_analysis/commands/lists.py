"""Commands about tasks: lists, dispatch sheet, documents of the meeting, the form of visits."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from liaison_analysis._messages import message
from liaison_analysis._outputs import check_outputs
from liaison_analysis.commands.console import values_as_messages
from liaison_analysis.commands.options import Answers, Overwrite, Source, Year, must_be_workbook
from liaison_analysis.errors import LiaisonError, system_reason
from liaison_analysis.ledger import read_ledger, write_ledger

if TYPE_CHECKING:
    import pandas as pd


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
        str | None, typer.Option(help="Day of the last dispatch; if not given, the end of last month.")
    ] = None,
    before: Annotated[
        Path | None,
        typer.Option(
            help="The ledger as it was at the last dispatch; with it, changes without a date are found too."
        ),
    ] = None,
    within: Annotated[
        int | None,
        typer.Option(
            min=0,
            help="Days allowed to settle a demand; if not given, those of the sheet 时限 (limits), or 30.",
        ),
    ] = None,
    unit: Annotated[Days, typer.Option(help="Which days count.")] = Days.calendar,
    year: Year = None,
    answers: Answers = None,
    overwrite: Overwrite = False,
) -> None:
    """Write the lists of problems, tasks and responsibilities, and the dispatch sheet."""
    from liaison_analysis.analysis import Analysis

    must_be_workbook(out)
    check_outputs([out], inputs=[source, before, answers], overwrite=overwrite)
    ledger = read_ledger(source, year=year, mapping=answers)
    last = None if before is None else read_ledger(before, year=year, mapping=answers)
    with values_as_messages():
        analysis = Analysis(ledger, on=on, within=within)
        written = analysis.write_lists(out, since=since, before=last, unit=unit.value)
    typer.echo(written)


def dispatch(
    source: Source,
    out: Annotated[
        Path,
        typer.Argument(
            help="Workbook to write, such as meeting.xlsx; a Word document of the same name goes beside it."
        ),
    ],
    *,
    on: Annotated[
        str | None, typer.Option(help="Day of the meeting; the ledger's last date if not given.")
    ] = None,
    since: Annotated[
        str | None, typer.Option(help="Day of the last meeting; if not given, the end of last month.")
    ] = None,
    before: Annotated[
        Path | None,
        typer.Option(
            help="The ledger as it was at the last meeting; with it, changes without a date are found too."
        ),
    ] = None,
    limits: Annotated[
        str | None,
        typer.Option(
            help="Name of a set of limits, or a .csv table; if not given, the ledger's sheet 时限 (limits)."
        ),
    ] = None,
    decisions: Annotated[
        Path | None,
        typer.Option(
            help="Workbook of an earlier meeting with its decisions filled in; what became of them is listed."
        ),
    ] = None,
    year: Year = None,
    answers: Answers = None,
    overwrite: Overwrite = False,
) -> None:
    """Write the documents of the monthly meeting: changes, late demands with reasons, decisions needed."""
    from liaison_analysis.analysis import Analysis
    from liaison_analysis.followup import read_decisions

    must_be_workbook(out)
    table = Path(limits) if limits and limits.lower().endswith(".csv") else None
    check_outputs(
        [out, out.with_suffix(".docx")],
        inputs=[source, before, table, decisions, answers],
        overwrite=overwrite,
    )
    ledger = read_ledger(source, year=year, mapping=answers)
    last = None if before is None else read_ledger(before, year=year, mapping=answers)
    with values_as_messages():
        rules = limits if table is None else _table_of_limits(table)
        decided = None if decisions is None else read_decisions(decisions, ledger)
        papers = Analysis(ledger, on=on).write_meeting(
            out, since=since, before=last, limits=rules, decisions=decided
        )
    for path in papers:
        typer.echo(path)


def visits(
    source: Source,
    out: Annotated[Path, typer.Argument(help="Workbook to write: the form, or with --read the ledger.")],
    *,
    read: Annotated[
        list[Path] | None,
        typer.Option(
            help="Form that an officer filled in, to add to the ledger; may be given several times."
        ),
    ] = None,
    quarter: Annotated[
        str | None, typer.Option(help="Quarter of the visits, such as 2023Q1; the next one if not given.")
    ] = None,
    on: Annotated[
        str | None, typer.Option(help="Day of the count; the ledger's last date if not given.")
    ] = None,
    year: Year = None,
    answers: Answers = None,
    overwrite: Overwrite = False,
) -> None:
    """Write the form that officers fill in after visits; with --read, add filled forms to the ledger."""
    import pandas as pd

    from liaison_analysis.followup import (
        count_day,
        plan_visits,
        read_visit_form,
        with_visits,
        write_visit_form,
    )

    must_be_workbook(out)
    forms = read or []
    check_outputs([out], inputs=[source, answers, *forms], overwrite=overwrite)
    ledger = read_ledger(source, year=year, mapping=answers)
    with values_as_messages():
        if forms:
            # All forms are read before the first is added: either all of them are, or none.
            filled = [read_visit_form(form, ledger) for form in forms]
            for one in filled:
                ledger = with_visits(ledger, one)
            typer.echo(write_ledger(ledger, out))
            return
        day = count_day(ledger, on)
        planned = quarter or str(pd.Period(day, freq="Q") + 1)
        typer.echo(write_visit_form(ledger, plan_visits(ledger, planned, on=day), out, on=day))


def _table_of_limits(path: Path) -> pd.DataFrame:
    """Read a table of limits; what its cells hold is checked where they are used."""
    import pandas as pd

    try:
        return pd.read_csv(path)
    except (OSError, ValueError) as error:
        why = system_reason(error) if isinstance(error, OSError) else str(error)
        reason = message("{file}: not a table of limits ({why})", file=path.as_posix(), why=why)
        raise LiaisonError(reason) from error
