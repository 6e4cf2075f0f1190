"""Commands that write the report."""

from __future__ import annotations

from pathlib import Path  # noqa: TC003 - typer reads the annotations when it runs
from typing import Annotated

import typer

from liaison_analysis._outputs import check_outputs
from liaison_analysis.commands.options import Overwrite, Source  # noqa: TC001 - as above

_FILES = ("index.html", "introductions.xlsx")


def report(
    source: Source,
    out: Annotated[Path, typer.Option(file_okay=False, help="Folder for the report.")],
    *,
    notebooks: Annotated[
        Path | None, typer.Option(exists=True, file_okay=False, help="Folder with notebooks of your own.")
    ] = None,
    min_group: Annotated[
        int | None, typer.Option(min=2, help="Show no figure of fewer enterprises, such as 3.")
    ] = None,
    overwrite: Overwrite = False,
) -> None:
    """Run the notebooks on a ledger; write index.html and introductions.xlsx."""
    from liaison_analysis.report import run_report

    check_outputs([out / name for name in _FILES], inputs=[source], overwrite=overwrite)
    typer.echo(run_report(source, out, notebooks=notebooks, min_group=min_group))
