"""Write a ledger as a workbook or a folder of CSV or Parquet files."""

from __future__ import annotations

import csv
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from liaison_analysis._files import replacing_folder
from liaison_analysis._messages import message
from liaison_analysis.ledger.cells import cell_text, safe_cell
from liaison_analysis.ledger.frames import typed
from liaison_analysis.ledger.graphs import as_ledger
from liaison_analysis.ledger.schema import TABLES, Table
from liaison_analysis.ledger.workbooks import write_workbook

if TYPE_CHECKING:
    import pandas as pd

    from liaison_analysis.ledger.model import Ledger


def write_ledger(ledger: Ledger, path: str | Path, *, language: Literal["en", "zh"] = "en") -> Path:
    """Write a ledger as a workbook, or as a folder of CSV files.

    Parameters
    ----------
    ledger
        What to write; tables without rows are left out, but for enterprises and demands.
    path
        An ``.xlsx`` file, replaced as a whole; anything else is a folder, which must not exist or be empty.
    language
        Language of sheet names, headers and coded values.

    Returns
    -------
    Path
        ``path``, which ``read_ledger`` reads back as the same ledger, in normal form; a product that is
        written as a list (减速机、注塑件) comes back as one row for each part.

    Raises
    ------
    FileExistsError
        The folder holds files already.
    LedgerError
        A table or text is larger than Excel's limits, or the disk is full; nothing is written.
    ValueError
        A frame has two columns of one meaning, or cells that are not of their column's kind.

    Examples
    --------
    >>> import tempfile
    >>> from liaison_analysis import load_liangjiang, read_ledger
    >>> ledger = load_liangjiang()
    >>> read_ledger(write_ledger(ledger, Path(tempfile.mkdtemp()) / "台账.xlsx", language="zh")) == ledger
    True
    """
    ledger = as_ledger(ledger)
    path = Path(path)
    frames = {n: typed(n, f) for n, f in ledger.tables.items()}
    kept = {n: f for n, f in frames.items() if len(f) or TABLES[n].required or _widened(n, f)}
    sheets = {sheet_name(TABLES[n], language): as_written(f, TABLES[n], language) for n, f in kept.items()}
    if path.suffix.lower() == ".xlsx":
        return write_workbook(path, sheets, choices=_choices(kept, language), whole=True)
    if path.exists() and (not path.is_dir() or any(path.iterdir())):
        raise FileExistsError(
            message("{path} holds files already; name a new folder or an .xlsx file", path=path)
        )
    with replacing_folder(path) as temporary:
        for name, frame in sheets.items():
            columns = [[_csv_text(cell) for cell in (c, *frame[c].astype(object))] for c in frame.columns]
            with (temporary / f"{name}.csv").open("w", encoding="utf-8", newline="") as file:
                csv.writer(file, lineterminator="\n").writerows(zip(*columns, strict=True))
    return path


def written_sheets(
    ledger: Ledger, *, language: str
) -> tuple[dict[str, pd.DataFrame], dict[tuple[str, str], list[str]]]:
    """Sheets of a ledger as they are written, by name, and the words of their drop-downs."""
    frames = {n: typed(n, f) for n, f in ledger.tables.items()}
    kept = {n: f for n, f in frames.items() if len(f) or TABLES[n].required or _widened(n, f)}
    sheets = {sheet_name(TABLES[n], language): as_written(f, TABLES[n], language) for n, f in kept.items()}
    return sheets, _choices(kept, language)


def _csv_text(value: object) -> str:
    return safe_cell(cell_text(value)) if isinstance(value, str) else cell_text(value)


def _widened(name: str, frame: pd.DataFrame) -> bool:
    """Whether a frame has columns beyond the schema's."""
    return frame.shape[1] > len(TABLES[name].columns)


def sheet_name(table: Table, language: str) -> str:
    """Name of a table's sheet."""
    return table.name if language == "en" else table.chinese[0]


_FLAG_WORDS: dict[str, dict[object, str]] = {
    "en": {True: "yes", False: "no"},
    "zh": {True: "是", False: "否"},
}


def coded_words(table: Table, name: str, language: str) -> dict[object, str]:
    """Coded values of a column and how they are written; empty for other columns."""
    column = next((c for c in table.columns if c.name == name), None)
    if column is None or column.kind not in {"flag", "choice"}:
        return {}
    if column.kind == "flag":
        return _FLAG_WORDS[language]
    return {key: key if language == "en" else chinese for key, chinese in column.choices.items()}


def as_written(frame: pd.DataFrame, table: Table, language: str) -> pd.DataFrame:
    """Frame with headers and coded values in the language asked for."""
    written = frame.copy()
    for name in frame.columns:
        if words := coded_words(table, name, language):
            written[name] = (
                frame[name].astype(object).map(words).fillna(frame[name].astype("str")).astype("str")
            )
    return written.rename(columns=_headers(table, language))


def _headers(table: Table, language: str) -> dict[str, str]:
    return {} if language == "en" else {column.name: column.chinese[0] for column in table.columns}


def _choices(frames: dict[str, pd.DataFrame], language: str) -> dict[tuple[str, str], list[str]]:
    return {
        (sheet_name(TABLES[n], language), _headers(TABLES[n], language).get(c, c)): list(words.values())
        for n, frame in frames.items()
        for c in frame.columns
        if (words := coded_words(TABLES[n], c, language))
    }
