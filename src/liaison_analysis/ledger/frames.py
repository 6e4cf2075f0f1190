r"""Bring frames made in Python into the normal form of a ledger.

Every ledger that is read, from a workbook, CSV or Parquet, has one normal form, and ``typed`` gives it to
frames made in Python: text without white space at its ends, lines ended by ``\n`` alone, no control
characters, and missing where nothing is left (``cells.cell_text``); dates without a time of day; numbers of
15 digits, as many as Excel keeps; the schema's columns first, in its order, then further ones, as text, under
their own header on one line (``tables.name_columns``). A ledger in normal form is read back as it was
written.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pandas as pd

from liaison_analysis._checks import check_frame
from liaison_analysis._messages import message
from liaison_analysis.ledger.cells import cell_text
from liaison_analysis.ledger.schema import DTYPES, TABLES, Column
from liaison_analysis.ledger.tables import name_columns
from liaison_analysis.ledger.validation import kept_digits
from liaison_analysis.privacy import mask_personal_data

if TYPE_CHECKING:
    from liaison_analysis.ledger.model import Ledger


def typed(table: str, frame: pd.DataFrame) -> pd.DataFrame:
    """Give a frame made in Python the columns, dtypes and normal form of a ledger table.

    Parameters
    ----------
    table
        Name of the table.
    frame
        Rows of it; columns under any header that ``read_ledger`` knows. Missing columns are added, further
        ones become text, the index is counted anew.

    Returns
    -------
    DataFrame
        Every column of the table, in its order, then further ones.

    Raises
    ------
    ValueError
        Two columns mean the same, or cells are not of their column's kind.

    Examples
    --------
    >>> offers = typed("offers", pd.DataFrame({"企业编号": [" E1 "], "product": ["工业机器人"]}))
    >>> offers.loc[0, "enterprise_id"], offers.dtypes["weight"]
    ('E1', Float64Dtype())
    """
    check_frame(frame, "frame")
    schema = TABLES[table]
    names, repeated = name_columns(frame.columns, schema)
    wrong = [
        message(
            "column {column!r} means what another column holds; rename or drop one",
            column=masked_text(str(frame.columns[j])),
        )
        for j in repeated
    ]
    columns: dict[str, pd.Series] = {}
    kinds = {column.name: column for column in schema.columns}
    for name in [*kinds, *(name for name in names if name not in kinds)]:
        column = kinds.get(name, Column(name, ()))
        cells = frame.iloc[:, names.index(name)] if name in names else pd.Series(pd.NA, index=frame.index)
        try:
            columns[name] = _normal(cells.reset_index(drop=True), column)
        except (TypeError, ValueError, OverflowError) as error:
            wrong.append(
                f"column {masked_text(name)!r}: expected {DTYPES[column.kind]}, got {cells.dtype}: "
                f"{masked_text(str(error))}"
            )
    if wrong:
        raise ValueError(f"{table}: " + "; ".join(wrong))
    return pd.DataFrame(columns, index=pd.RangeIndex(len(frame)))


def _normal(cells: pd.Series, column: Column) -> pd.Series:
    """Cells of one column in normal form."""
    dtype = DTYPES[column.kind]
    if dtype == "str":
        texts = [None if pd.isna(cell) else cell_text(cell) or None for cell in cells.astype(object)]
        return pd.Series(texts, dtype=dtype)
    values: pd.Series = cells.astype(dtype)  # type: ignore[call-overload]
    if column.kind == "date":
        return pd.Series(values.dt.normalize())
    if column.kind == "number":
        values = values.map(kept_digits, na_action="ignore").astype(dtype)  # type: ignore[call-overload]
    return values


def with_aliases(ledger: Ledger, aliases: pd.DataFrame) -> Ledger:
    """Return a ledger with further aliases; one that it has already takes the further one's dates.

    Parameters
    ----------
    ledger
        Any ledger.
    aliases
        Columns enterprise_id and alias; valid_from and valid_to where they are known.

    Returns
    -------
    Ledger
        A copy.

    Examples
    --------
    >>> from liaison_analysis import load_liangjiang
    >>> answers = pd.DataFrame({"enterprise_id": ["E001", "E001"], "alias": ["华数", "华数机器人"]})
    >>> len(with_aliases(load_liangjiang(), answers).aliases) - len(load_liangjiang().aliases)
    1
    """
    from liaison_analysis.ledger.graphs import as_ledger

    ledger = as_ledger(ledger)
    check_frame(aliases, "aliases", ["enterprise_id", "alias"])
    both = pd.concat([ledger.aliases, aliases.reindex(columns=ledger.aliases.columns)], ignore_index=True)
    both = both.astype(ledger.aliases.dtypes.to_dict())
    key, dates = ["enterprise_id", "alias"], ["valid_from", "valid_to"]
    newest = both.drop_duplicates(key, keep="last").set_index(key)[dates]
    both = both.drop_duplicates(key, ignore_index=True)
    both[dates] = newest.loc[pd.MultiIndex.from_frame(both[key])].to_numpy()
    return replace(ledger, aliases=both.astype(ledger.aliases.dtypes.to_dict()))


def masked_text(text: str) -> str:
    """Mask personal data in one text."""
    return mask_personal_data([text])[0]
