"""The sample ledger, and readers of public data that users already have."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Final

import pandas as pd

from liaison_analysis.errors import PROBLEM_COLUMNS, LedgerError
from liaison_analysis.ledger import Ledger, read_ledger
from liaison_analysis.schema import Column
from liaison_analysis.sheets import read_sheets, shown_name
from liaison_analysis.validation import parse, problem

#: Columns of a table of links, and the headers that mean them.
LINK_HEADERS: Final = {
    "supplier_id": (
        "supplier",
        "supplier id",
        "seller",
        "vendor",
        "供应商",
        "供应商编号",
        "供货方",
        "供方",
        "卖方",
    ),
    "customer_id": (
        "customer",
        "customer id",
        "buyer",
        "purchaser",
        "客户",
        "客户编号",
        "采购方",
        "需方",
        "买方",
    ),
    "snapshot": (
        "date",
        "since",
        "period",
        "as of",
        "日期",
        "快照",
        "快照日期",
        "时间",
        "起始日期",
        "报告期",
    ),
}


def shipped(name: str) -> Path:
    """Folder that comes with the package: ``data/liangjiang`` or ``notebooks``.

    In the wheel it lies inside the package, in a checkout at the top of the repository.

    Examples
    --------
    >>> (shipped("data/liangjiang") / "demands.csv").exists()
    True
    """
    package = Path(__file__).parent
    installed = package / "_shipped" / name
    return installed if installed.exists() else package.parent.parent / name


@cache
def load_liangjiang() -> Ledger:
    """Sample ledger of the Liangjiang New Area in 2022: stated margins, synthetic rows.

    240 visited enterprises in three new towns, 476 demands of which 309 are in the group's own remit and
    198 of those settled; one enterprise raised 36. ``data/liangjiang/README.md`` lists what is stated and
    what is assumed; every synthetic row has ``is_synthetic`` true.

    Returns
    -------
    Ledger
        All eleven tables but ``policies``.

    Examples
    --------
    >>> ledger = load_liangjiang()
    >>> len(ledger.demands), ledger.enterprises["town"].notna().sum().item()
    (476, 240)
    """
    return read_ledger(shipped("data/liangjiang"))


def read_links(path: str | Path) -> pd.DataFrame:
    r"""Known trade links from a table with a supplier, a customer and a date.

    Parameters
    ----------
    path
        A ``.csv`` file (or one ``.parquet``, or an ``.xlsx`` with one sheet). Columns are found by name, in
        any order and case: ``supplier_id``, ``customer_id`` and ``snapshot``, or one of the words of
        ``LINK_HEADERS`` (供应商, 客户, 日期, …); others are left out.

    Returns
    -------
    DataFrame
        supplier_id and customer_id as they are written (``007`` stays ``007``), snapshot as a date; sorted by
        snapshot and ids, without repeats.

    Raises
    ------
    LedgerError
        The file cannot be read, a column is missing or there twice, an id is empty, or a date is none: every
        problem with its row.

    Examples
    --------
    >>> from tempfile import TemporaryDirectory
    >>> with TemporaryDirectory() as folder:
    ...     table = Path(folder) / "links.csv"
    ...     _ = table.write_text("客户,供应商,日期\nB1,007,2024年6月30日\n", encoding="utf-8")
    ...     links = read_links(table)
    >>> links.astype("str").iloc[0].tolist()
    ['007', 'B1', '2024-06-30']
    """
    file = Path(path)
    sheets = [sheet for sheet in read_sheets(file) if sheet.rows]
    if len(sheets) != 1:
        found = ", ".join(sheet.name for sheet in sheets)
        raise LedgerError.of_file(shown_name(file), f"expected one table, got {len(sheets)} ({found})")
    header, *rows = sheets[0].rows
    place = _link_columns(header, shown_name(file))
    texts = pd.DataFrame(
        [[row[at] if at < len(row) else "" for at in place.values()] for row in rows],
        columns=list(place),
        dtype="str",
    )
    # Row 1 is the header; a blank row is no link.
    texts.index = pd.RangeIndex(2, len(texts) + 2)
    texts = texts[texts.astype(bool).any(axis=1)]
    dates = parse(texts["snapshot"], Column("snapshot", (), "date"))
    wrong = [
        problem("", int(row), str(name), "", "is empty; fill it in or delete the row")
        for name in texts
        for row in texts.index[texts[name].eq("")].tolist()
    ]
    wrong += [
        problem("", int(row), "snapshot", texts.loc[row, "snapshot"], "not a date; write 2022-06-30")
        for row in texts.index[dates.isna() & texts["snapshot"].ne("")]
    ]
    if wrong:
        problems = pd.DataFrame(wrong, columns=PROBLEM_COLUMNS).sort_values(["row", "column"])
        raise LedgerError(shown_name(file), problems)
    order = ["snapshot", "supplier_id", "customer_id"]
    links = texts.assign(snapshot=dates).drop_duplicates().sort_values(order, ignore_index=True)
    return links[list(LINK_HEADERS)]


def _link_columns(header: list[str], source: str) -> dict[str, int]:
    """Place of each column of a table of links, by its header."""
    plain = [" ".join(cell.casefold().replace("_", " ").split()) for cell in header]
    found = {
        name: [at for at, cell in enumerate(plain) if cell in {name.replace("_", " "), *words}]
        for name, words in LINK_HEADERS.items()
    }
    wrong = [
        problem("", 1, name, ", ".join(header[at] for at in places), reason)
        for name, places in found.items()
        if len(places) != 1
        for reason in [
            "is there twice; keep one"
            if places
            else f"no such column among {', '.join(header)}; name it {name} or {LINK_HEADERS[name][-1]}"
        ]
    ]
    if wrong:
        raise LedgerError(source, pd.DataFrame(wrong, columns=PROBLEM_COLUMNS))
    return {name: places[0] for name, places in found.items()}
