"""Arguments and options that several commands take."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from liaison_analysis._messages import message
from liaison_analysis.errors import LiaisonError

Source = Annotated[
    Path, typer.Argument(help="Workbook, table or Word document of the ledger, or a folder of such files.")
]
Year = Annotated[
    int | None,
    typer.Option(min=1990, max=2100, help="Year of dates that are written without one, such as 6.15."),
]
Answers = Annotated[
    Path | None,
    typer.Option(exists=True, dir_okay=False, help="Workbook of `liaison adopt` with your decisions."),
]
Overwrite = Annotated[
    bool,
    typer.Option("--overwrite", help="Replace files that the command did not write, or that were changed."),
]


def must_be_workbook(path: Path) -> None:
    """Raise ``LiaisonError`` where a file that is to be a workbook does not end with .xlsx.

    Examples
    --------
    >>> must_be_workbook(Path("lists.csv"))
    Traceback (most recent call last):
    ...
    liaison_analysis.errors.LiaisonError: lists.csv: not a workbook's name; end it with .xlsx
    """
    if path.suffix.lower() != ".xlsx":
        raise LiaisonError(message("{file}: not a workbook's name; end it with .xlsx", file=path))
