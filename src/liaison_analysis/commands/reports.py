"""Commands that write the report, and notebooks to work on."""

from __future__ import annotations

from pathlib import Path  # noqa: TC003 - typer reads the annotations when it runs
from typing import Annotated

import typer

from liaison_analysis._messages import message
from liaison_analysis._outputs import check_outputs
from liaison_analysis.commands.console import values_as_messages
from liaison_analysis.commands.options import Answers, Overwrite, Source, Year  # noqa: TC001 - as above
from liaison_analysis.errors import LiaisonError

_FILES = ("index.html", "report.json", "report.xlsx")
_APPENDIX = ("notebooks/index.html",)


def report(
    source: Source,
    out: Annotated[Path, typer.Option(help="Folder for the report.")],
    *,
    since: Annotated[
        Path | None, typer.Option(help="An earlier state of the ledger; what changed since then is marked.")
    ] = None,
    notebooks: Annotated[
        bool, typer.Option("--notebooks", help="Run the notebooks too, as an appendix.")
    ] = False,
    notebook_folder: Annotated[
        Path | None,
        typer.Option(
            exists=True, file_okay=False, help="Folder with notebooks of your own for the appendix."
        ),
    ] = None,
    min_group: Annotated[
        int | None, typer.Option(min=2, help="Show no figure about fewer enterprises than this, such as 3.")
    ] = None,
    year: Year = None,
    answers: Answers = None,
    overwrite: Overwrite = False,
) -> None:
    """Analyse a ledger; write a page to open, a workbook with every table, and the same as JSON."""
    from liaison_analysis.report import run_report

    appendix = notebook_folder if notebook_folder is not None else notebooks
    files = (*_FILES, *(_APPENDIX if appendix else ()))
    check_outputs([out / name for name in files], inputs=[source, since, answers], overwrite=overwrite)
    with values_as_messages():
        written = run_report(
            source, out, min_group=min_group, since=since, notebooks=appendix, year=year, mapping=answers
        )
    typer.echo(written)


def notebooks(
    source: Source,
    out: Annotated[Path, typer.Option(help="Folder for the notebooks.")],
    *,
    year: Year = None,
    answers: Answers = None,
) -> None:
    """Copy the notebooks to a folder, set to read your ledger."""
    from liaison_analysis.report import copy_notebooks

    check_outputs([out / "00_start_here.ipynb"], inputs=[source, answers], overwrite=True)
    if out.is_dir() and any(out.iterdir()):
        raise LiaisonError(message("{file} holds files already; name a new folder", file=out.as_posix()))
    typer.echo(copy_notebooks(source, out, year=year, mapping=answers))
