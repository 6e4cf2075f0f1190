"""The tables of products that people read and correct, as one frame."""

from __future__ import annotations

import csv
import io
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, Final

import pandas as pd

if TYPE_CHECKING:
    import os

#: Columns of a table. Several values of a cell stand between ``|``.
COLUMNS: Final = (
    "product",
    "synonyms",
    "is_a",
    "code",
    "material",
    "part",
    "equipment",
    "service",
)
#: Kinds of inputs, as the ledger's ``product_chain.relation`` writes them.
RELATIONS: Final = ("material", "part", "equipment", "service")


def product_tables(folder: str | os.PathLike[str] | None = None) -> pd.DataFrame:
    """Read the tables of the general product chain, or those of another folder.

    Parameters
    ----------
    folder
        CSV files with the columns below, in UTF-8; by default those that come with the package, one for each
        division of GB/T 4754-2017.

    Returns
    -------
    DataFrame
        A row for each product: product (its ordinary Chinese name), synonyms, is_a (one broader product,
        empty for the broadest), code (GB/T 4754-2017 of who makes it, two to four digits), material, part,
        equipment and service (what its maker buys), and table (the file's name). All are texts; several
        values stand between ``|``. In the order of files and rows.

    Raises
    ------
    ValueError
        A folder without tables, or a table without one of the columns or with a row of other length.

    Examples
    --------
    >>> from liaison_analysis.products import product_tables
    >>> tables = product_tables()
    >>> tables.loc[tables["product"].eq("RV减速器"), ["is_a", "code"]].to_numpy().tolist()
    [['精密减速器', '3453']]
    """
    if folder is None:
        return _shipped().copy()
    paths = sorted(Path(folder).glob("*.csv"))
    if not paths:
        raise ValueError(f"expected CSV tables of products in {str(folder)!r}, got none")
    return _frame([(path.stem, path.read_text("utf-8-sig")) for path in paths])


@cache
def _shipped() -> pd.DataFrame:
    tables = files("liaison_analysis.products").joinpath("knowledge")
    named = sorted((path.name, path) for path in tables.iterdir() if path.name.endswith(".csv"))
    return _frame([(name.removesuffix(".csv"), path.read_text("utf-8")) for name, path in named])


def _frame(texts: list[tuple[str, str]]) -> pd.DataFrame:
    """One frame of several tables."""
    rows, problems = [], []
    for name, text in texts:
        reader = csv.reader(io.StringIO(text))
        header = next(reader, [])
        if header != list(COLUMNS):
            problems.append(f"{name}: expected the columns {','.join(COLUMNS)}, got {','.join(header)}")
            continue
        for row in reader:
            if len(row) != len(COLUMNS):
                problems.append(f"{name}, row {reader.line_num}: expected {len(COLUMNS)} values, got {row!r}")
            else:
                rows.append((*row, name))
    if problems:
        raise ValueError("\n".join(problems))
    return pd.DataFrame(rows, columns=[*COLUMNS, "table"], dtype="str")
