"""Readers of public data that users already have: a chain knowledge graph, tables of trade links."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, Final

import pandas as pd

from liaison_analysis._files import shown_name
from liaison_analysis._messages import message
from liaison_analysis.errors import LedgerError, problem
from liaison_analysis.ledger.frames import typed
from liaison_analysis.ledger.model import Ledger
from liaison_analysis.ledger.parquet_guard import refuse_unsafe_parquet
from liaison_analysis.ledger.schema import Column
from liaison_analysis.ledger.sheet_reading import read_sheets
from liaison_analysis.ledger.validation import parse

# Files of the chain knowledge graph, the columns that are read, and whether the file must be there.
_CHAIN_FILES: Final[dict[str, tuple[tuple[str, ...], bool]]] = {
    "company": (("code", "name", "fullname"), True),
    "company_product": (("company_code", "product_name", "rel_weight"), True),
    "product_product": (("from_entity", "to_entity", "rel"), True),
    "company_industry": (("company_code", "industry_name"), False),
}

# What the source writes for a product of the business scope whose share of revenue is not reported.
_NO_SHARE: Final = 0.001

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


def read_chain_knowledge_graph(folder: str | Path) -> Ledger:
    """Read the public industry-chain knowledge graph of listed companies as a ledger.

    The form of liuhuanyong/ChainKnowledgeGraph: ``company``, ``company_product`` and ``product_product``,
    optionally ``company_industry``, each as ``.json`` or ``.jsonl`` (one object a line) or ``.parquet``.

    Enterprises are companies by the six digits of their code, without a town. A renamed company stands there
    twice: the first row names it, other names and short names become aliases. An offer's weight is the share
    of revenue where the source gives one: values outside 0 to 1 count as missing, and 0.001 is what the
    source writes for products of the business scope without a share. Shares of one company may add up to more
    than 1, since reports break the same revenue down by product and by industry. ``上游材料`` says that
    ``to_entity`` is a material of ``from_entity``, ``下游产品`` that ``from_entity`` goes into ``to_entity``;
    ``产品小类`` is a match of names, not an input, and is left out, as are products that are their own input.
    The links were extracted by machine: none of them is checked.

    Parameters
    ----------
    folder
        Where the files are.

    Returns
    -------
    Ledger
        enterprises (with ``industry`` if known), aliases, offers and product_chain; no demands.

    Raises
    ------
    LedgerError
        Files or columns are missing, lines are no JSON objects, or cells hold lists: all of them, in
        ``.problems``. Rows without what they need (a code, a name, an end) are left out.

    Examples
    --------
    >>> read_chain_knowledge_graph("no-such-folder")
    Traceback (most recent call last):
    ...
    liaison_analysis.errors.LedgerError: no-such-folder: no such folder; give the one that holds company.json
    """
    folder = Path(folder)
    source = shown_name(folder)
    if not folder.is_dir():
        raise LedgerError.of_file(source, message("no such folder; give the one that holds company.json"))
    frames: dict[str, pd.DataFrame] = {}
    problems: list[dict[str, object]] = []
    for name, (columns, required) in _CHAIN_FILES.items():
        paths = [
            path for ending in ("parquet", "json", "jsonl") if (path := folder / f"{name}.{ending}").exists()
        ]
        if paths:
            frames[name], wrong = _chain_file(paths[0], columns)
            problems += wrong
        elif required:
            reason = message("file is missing; put {name}.json or {name}.parquet into the folder", name=name)
            problems.append(problem(name, None, "", "", reason))
    if problems:
        raise LedgerError(source, problems)
    tables: dict[str, Any] = dict(_chain_tables(frames))
    return Ledger(**tables, source=source)


def _chain_file(path: Path, columns: tuple[str, ...]) -> tuple[pd.DataFrame, list[dict[str, object]]]:
    """Columns of one file, and what is wrong with it."""
    problems = []
    if path.suffix == ".parquet":
        try:
            refuse_unsafe_parquet(path.read_bytes(), path.name)
            frame = pd.read_parquet(path)
        except LedgerError as error:
            return pd.DataFrame(columns=columns), [
                problem(path.name, None, "", "", reason) for reason in error.problems["reason"]
            ]
        except (OSError, ValueError) as error:
            return pd.DataFrame(columns=columns), [
                problem(
                    path.name,
                    None,
                    "",
                    "",
                    message("not a Parquet file ({error}); download it again", error=error),
                )
            ]
    else:
        rows = []
        for number, line in enumerate(path.read_bytes().splitlines(), start=1):
            try:
                row = json.loads(line.decode("utf-8-sig")) if line.strip() else {}
            except ValueError:  # base class of encoding and JSON errors
                row = None
            if not isinstance(row, dict):
                shown = line.decode("utf-8", "replace")
                problems.append(
                    problem(
                        path.name, number, "", shown, message("not a JSON object; correct or delete the line")
                    )
                )
                continue
            problems += [
                problem(
                    path.name,
                    number,
                    c,
                    row[c],
                    message("holds more than one value; correct or delete the line"),
                )
                for c in columns
                if isinstance(row.get(c), dict | list)
            ]
            rows += [row] if row else []
        frame = pd.DataFrame(rows)
    absent = [column for column in columns if column not in frame.columns]
    if absent and not problems:
        came = ", ".join(map(str, frame.columns)) or "none"
        problems = [
            problem(path.name, None, c, "", message("column is missing; columns found: {came}", came=came))
            for c in absent
        ]
    return frame.reindex(columns=list(columns)).map(_stripped), problems


def _stripped(cell: object) -> object:
    """Strip a text of blanks around it; None where nothing is left."""
    return (cell.strip() or None) if isinstance(cell, str) else cell


def _codes(written: pd.Series) -> pd.Series:
    """Six digits of companies' codes: without the exchange, with the zeros that a number loses."""
    return written.astype("str").str.split(".").str[0].str[:6].str.zfill(6)


def _chain_tables(frames: dict[str, pd.DataFrame]) -> dict[str, pd.DataFrame]:
    """Tables of a ledger from the graph's files."""
    company = frames["company"].dropna(subset=["code", "fullname"])
    company = company.assign(enterprise_id=_codes(company["code"]))
    firms = company.drop_duplicates("enterprise_id").rename(
        columns={"fullname": "enterprise", "name": "short"}
    )
    firms = firms[["enterprise_id", "enterprise"]].rename(columns={"enterprise": "name"})
    if "company_industry" in frames:
        of = frames["company_industry"].dropna()
        industry = of["industry_name"].groupby(_codes(of["company_code"])).first()
        firms["industry"] = firms["enterprise_id"].map(industry)
    called = company.melt("enterprise_id", ["name", "fullname"], value_name="alias").dropna(subset=["alias"])
    called = called.drop_duplicates(["enterprise_id", "alias"])[["enterprise_id", "alias"]]
    called = called[called["alias"].ne(called["enterprise_id"].map(firms.set_index("enterprise_id")["name"]))]
    made = frames["company_product"].dropna(subset=["company_code", "product_name"])
    weight = pd.to_numeric(made["rel_weight"], errors="coerce")
    offers = pd.DataFrame(
        {
            "enterprise_id": _codes(made["company_code"]),
            "product": made["product_name"],
            "weight": weight.where(weight.gt(0) & weight.le(1) & weight.ne(_NO_SHARE)),
        }
    )
    offers = offers[offers["enterprise_id"].isin(firms["enterprise_id"])]
    # Of several shares of the same product the greatest: reports name it under several headings.
    offers = offers.sort_values("weight", ascending=False, kind="stable", na_position="last")
    offers = offers.drop_duplicates(["enterprise_id", "product"]).sort_index()
    links = frames["product_product"].dropna()
    up, down = links[links["rel"].eq("上游材料")], links[links["rel"].eq("下游产品")]
    chain = pd.concat(
        [
            pd.DataFrame(
                {"upstream": up["to_entity"], "downstream": up["from_entity"], "relation": "material"}
            ),
            pd.DataFrame({"upstream": down["from_entity"], "downstream": down["to_entity"]}),
        ]
    )
    chain = chain[chain["upstream"].ne(chain["downstream"])].drop_duplicates(["upstream", "downstream"])
    tables = {"enterprises": firms, "aliases": called, "offers": offers, "product_chain": chain}
    return {name: typed(name, frame.reset_index(drop=True)) for name, frame in tables.items()}


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
        The file cannot be read, a column is missing or there twice, an id is empty, or a date is not a date:
        every problem with its row.

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
        names = ", ".join(sheet.name for sheet in sheets)
        raise LedgerError.of_file(
            shown_name(file), message("expected one table, got {n} ({names})", n=len(sheets), names=names)
        )
    header, *rows = sheets[0].rows
    place = _link_columns(header, shown_name(file))
    texts = pd.DataFrame(
        [[row[at] if at < len(row) else "" for at in place.values()] for row in rows],
        columns=list(place),
        dtype="str",
    )
    # Row 1 is the header; blank rows hold no link.
    texts.index = pd.RangeIndex(2, len(texts) + 2)
    texts = texts[texts.astype(bool).any(axis=1)]
    dates = parse(texts["snapshot"], Column("snapshot", (), "date"))
    wrong = [
        problem("", int(row), str(name), "", message("is empty; fill it in or delete the row"))
        for name in texts
        for row in texts.index[texts[name].eq("")].tolist()
    ]
    wrong += [
        problem("", int(row), "snapshot", texts.loc[row, "snapshot"], message("not a date; write 2022-06-30"))
        for row in texts.index[dates.isna() & texts["snapshot"].ne("")]
    ]
    if wrong:
        raise LedgerError(shown_name(file), sorted(wrong, key=lambda one: (one["row"], one["column"])))
    order = ["snapshot", "supplier_id", "customer_id"]
    links = texts.assign(snapshot=dates).drop_duplicates().sort_values(order, ignore_index=True)
    return links[list(LINK_HEADERS)]


def _link_columns(header: list[str], source: str) -> dict[str, int]:
    """Place of each column of a table of links, by its header."""
    plain = [" ".join(cell.casefold().replace("_", " ").split()) for cell in header]
    places_of = {
        name: [at for at, cell in enumerate(plain) if cell in {name.replace("_", " "), *words}]
        for name, words in LINK_HEADERS.items()
    }
    wrong = [
        problem("", 1, name, ", ".join(header[at] for at in places), reason)
        for name, places in places_of.items()
        if len(places) != 1
        for reason in [
            message("is listed twice; keep one")
            if places
            else message(
                "no such column among {columns}; name it {name} or {chinese}",
                columns=", ".join(header),
                name=name,
                chinese=LINK_HEADERS[name][-1],
            )
        ]
    ]
    if wrong:
        raise LedgerError(source, wrong)
    return {name: places[0] for name, places in places_of.items()}
