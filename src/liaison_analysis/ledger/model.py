"""``Ledger``: a frozen bundle of data frames, with where they came from."""

from __future__ import annotations

from dataclasses import dataclass, field, fields

import pandas as pd

from liaison_analysis.errors import PROBLEM_COLUMNS, LedgerError, problem
from liaison_analysis.ledger.schema import TABLES
from liaison_analysis.privacy import Masker


@dataclass(frozen=True, eq=False, repr=False)
class Ledger:
    """The ledger's tables as DataFrames; a table that was not given has no rows.

    Columns, units and allowed values of each table stand in ``liaison_analysis.ledger.TABLES``; further
    columns of the file are kept as text. Text is ``str``, dates ``datetime64[s]``, numbers ``Float64``,
    whole numbers ``Int64``, yes/no ``boolean``; what is unknown is missing.

    ``masked`` tells what ``read_ledger`` masked: DataFrame[sheet, kind, n], without the values.
    ``review`` lists the names that ``read_ledger(..., resolve=True)`` could not tell for sure.

    Examples
    --------
    >>> from liaison_analysis import load_liangjiang
    >>> ledger = load_liangjiang()
    >>> ledger
    Ledger(liangjiang: enterprises 254, ..., demands 476, ...)
    >>> ledger.demands["in_remit"].sum().item()
    309
    """

    enterprises: pd.DataFrame = field(default_factory=TABLES["enterprises"].empty)
    aliases: pd.DataFrame = field(default_factory=TABLES["aliases"].empty)
    offers: pd.DataFrame = field(default_factory=TABLES["offers"].empty)
    product_chain: pd.DataFrame = field(default_factory=TABLES["product_chain"].empty)
    supplies: pd.DataFrame = field(default_factory=TABLES["supplies"].empty)
    demands: pd.DataFrame = field(default_factory=TABLES["demands"].empty)
    links: pd.DataFrame = field(default_factory=TABLES["links"].empty)
    visits: pd.DataFrame = field(default_factory=TABLES["visits"].empty)
    policies: pd.DataFrame = field(default_factory=TABLES["policies"].empty)
    projects: pd.DataFrame = field(default_factory=TABLES["projects"].empty)
    salons: pd.DataFrame = field(default_factory=TABLES["salons"].empty)
    source: str = ""
    notes: tuple[str, ...] = ()
    masked: pd.DataFrame = field(default_factory=lambda: Masker().masked())
    review: pd.DataFrame = field(default_factory=pd.DataFrame)

    @property
    def tables(self) -> dict[str, pd.DataFrame]:
        """Frames by table name, in the schema's order."""
        return {f.name: getattr(self, f.name) for f in fields(self) if f.name in TABLES}

    def require(self, *names: str) -> None:
        """Raise a ``LedgerError`` that names every one of these tables that has no rows.

        Examples
        --------
        >>> Ledger(source="ledger.xlsx").require("offers")
        Traceback (most recent call last):
        ...
        liaison_analysis.errors.LedgerError: ledger.xlsx · offers: has no rows, and this needs them; add the
        sheet offers (企业产品) with the columns enterprise_id, product
        """
        absent = [TABLES[name] for name in names if self.tables[name].empty]
        if absent:
            rows = [
                problem(
                    table.name,
                    None,
                    "",
                    "",
                    "has no rows, and this needs them; add the sheet "
                    f"{table.name} ({table.chinese[0]}) with the columns {', '.join(table.required_columns)}",
                )
                for table in absent
            ]
            raise LedgerError(self.source, _problems(rows))

    def names(self) -> pd.Series:
        """Name of every enterprise, indexed by its id."""
        return self.enterprises.set_index("enterprise_id")["name"]

    def __eq__(self, other: object) -> bool:
        """Whether all tables hold the same rows; where they were read from does not matter."""
        if not isinstance(other, Ledger):
            return NotImplemented
        theirs = other.tables
        return all(
            frame.reset_index(drop=True).equals(theirs[name].reset_index(drop=True))
            for name, frame in self.tables.items()
        )

    __hash__ = None  # type: ignore[assignment]

    def __repr__(self) -> str:
        """Source and number of rows of every table that has any."""
        rows = ", ".join(f"{name} {len(frame)}" for name, frame in self.tables.items() if len(frame))
        return f"Ledger({self.source}: {rows})"


def _problems(rows: list[dict[str, object]]) -> pd.DataFrame:
    return pd.DataFrame(rows, columns=PROBLEM_COLUMNS).astype({"row": "Int64"})
