"""Commands about policy documents."""

from __future__ import annotations

from pathlib import Path  # noqa: TC003 - typer reads the annotations when it runs
from typing import Annotated

import typer

from liaison_analysis._outputs import check_outputs
from liaison_analysis.commands.console import values_as_messages
from liaison_analysis.commands.options import Overwrite, must_be_workbook


def policies(
    documents: Annotated[Path, typer.Argument(help="Folder of policy documents, or one document.")],
    out: Annotated[Path, typer.Argument(help="Workbook to write, such as clauses.xlsx.")],
    *,
    town: Annotated[
        list[str] | None, typer.Option(help="A town that conditions may name; repeatable.")
    ] = None,
    overwrite: Overwrite = False,
) -> None:
    """Divide policy documents into clauses; write them, and each condition with the words it came from."""
    from liaison_analysis.policies import write_policies

    must_be_workbook(out)
    check_outputs([out], inputs=[documents], overwrite=overwrite)
    typer.echo(write_policies(documents, out, towns=town or ()))


def handbook(
    documents: Annotated[Path, typer.Argument(help="Folder of policy documents, or one document.")],
    out: Annotated[Path, typer.Argument(help="Folder to write the handbook to.")],
    *,
    town: Annotated[
        list[str] | None, typer.Option(help="A town that conditions may name; repeatable.")
    ] = None,
    on: Annotated[
        str | None,
        typer.Option(
            help="Day, such as 2023-03-31: leave out policies not in force on it, list those that end soon."
        ),
    ] = None,
    overwrite: Overwrite = False,
) -> None:
    """Write a handbook of policies by theme, as Word and HTML: who may apply, for what, how, by when."""
    from liaison_analysis.policies import read_policies, write_handbook

    paths = [out / "handbook.docx", out / "handbook.html"]
    check_outputs(paths, inputs=[documents], overwrite=overwrite)
    read = read_policies(documents, towns=town or ())
    with values_as_messages():
        written = write_handbook(read, out, towns=town or (), on=on)
    for path in written:
        typer.echo(path)
