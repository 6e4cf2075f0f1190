"""Validation of tables of products, all problems at once."""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING, Any, Final, TypeAlias

import pandas as pd

from liaison_analysis._checks import check_frame
from liaison_analysis.products.tables import COLUMNS, RELATIONS
from liaison_analysis.products.terms import fold_term

if TYPE_CHECKING:
    from collections.abc import Iterator

Row: TypeAlias = dict[Any, Any]

_CODE: Final = re.compile(r"\d{2,4}")

#: Relations by which the upstream product becomes part of the downstream one: of two products only one can be
#: part of the other, while a machine may be made of parts that it makes.
_BUILT_IN: Final = ("material", "part")


def product_table_problems(tables: pd.DataFrame) -> pd.DataFrame:
    """List the contradictions in tables of products.

    Checked are: a name or word of two products; a code that is no code of GB/T 4754; a broader product or an
    input that no row defines; cycles of is_a; a product among its own inputs, or a kind of it among them; an
    input given twice; two products that are built into each other; and products without any link.

    Parameters
    ----------
    tables
        As ``product_tables`` reads them.

    Returns
    -------
    DataFrame
        Columns table, product, problem; empty where all is well. In the order of the tables.

    Examples
    --------
    >>> from liaison_analysis.products import product_tables
    >>> bad = product_tables().head(1).assign(is_a="没有的东西", material="")
    >>> product_table_problems(bad)["problem"].iloc[0]
    'is_a 没有的东西 is no product of the tables'
    """
    check_frame(tables, "tables", COLUMNS, source="product_tables")
    rows = tables.to_dict("records")
    terms = {fold_term(row["product"]): row["product"] for row in rows}
    problems = [*_names(rows, terms), *_kinds(rows, terms)]
    broader = {row["product"]: terms[key] for row in rows if (key := fold_term(row["is_a"])) in terms}
    links: dict[tuple[str, str], str] = {}
    for row in rows:
        if row["product"] in _above(row["product"], broader):
            problems.append((row, "is_a leads back to itself"))
        problems += [(row, problem) for problem in _inputs(row, terms, broader, links)]
    for row in rows:
        problems += [(row, problem) for problem in _directions(row, terms, links)]
    linked = {end for pair in links for end in pair} | set(broader) | set(broader.values())
    problems += [(row, "has no link and no kind") for row in rows if row["product"] not in linked]
    return pd.DataFrame(
        [(row["table"], row["product"], problem) for row, problem in problems],
        columns=["table", "product", "problem"],
        dtype="str",
    )


def _names(rows: list[Row], terms: dict[str, str]) -> Iterator[tuple[Row, str]]:
    """Names and words that stand for two products; words are added to ``terms``."""
    counts = Counter(fold_term(row["product"]) for row in rows)
    for row in rows:
        key = fold_term(row["product"])
        if counts[key] > 1:
            yield row, "stands in several rows"
        for word in _split(row["synonyms"]):
            other = terms.setdefault(fold_term(word), row["product"])
            if other != row["product"] or fold_term(word) == key:
                yield row, f"synonym {word} is a word for {other} already"


def _kinds(rows: list[Row], terms: dict[str, str]) -> Iterator[tuple[Row, str]]:
    """List invalid codes, and broader products that no row defines."""
    for row in rows:
        if not _CODE.fullmatch(row["code"]):
            yield row, f"code {row['code']!r} has not two to four digits"
        if row["is_a"] and fold_term(row["is_a"]) not in terms:
            yield row, f"is_a {row['is_a']} is no product of the tables"


def _inputs(
    row: Row, terms: dict[str, str], broader: dict[str, str], links: dict[tuple[str, str], str]
) -> Iterator[str]:
    """List inputs of one row that cannot be; the others are added to ``links``."""
    product = row["product"]
    for relation in RELATIONS:
        for word in _split(row[relation]):
            upstream = terms.get(fold_term(word))
            if upstream is None:
                yield f"{relation} {word} is no product of the tables"
            elif upstream == product:
                yield f"{relation} {word} is the product itself"
            elif product in _above(upstream, broader):
                yield f"{relation} {word} is a kind of the product"
            elif (upstream, product) in links:
                yield f"{relation} {word} is an input already"
            else:
                links[upstream, product] = relation


def _split(cell: str) -> list[str]:
    return [word for word in cell.split("|") if word]


def _above(product: str, broader: dict[str, str]) -> set[str]:
    """Products that one is a kind of, over any number of steps."""
    above: set[str] = set()
    while (product := broader.get(product, "")) and product not in above:
        above.add(product)
    return above


def _directions(row: Row, terms: dict[str, str], links: dict[tuple[str, str], str]) -> Iterator[str]:
    """List inputs that the product is built into as well."""
    for relation in _BUILT_IN:
        for word in _split(row[relation]):
            upstream = terms.get(fold_term(word), "")
            back = links.get((row["product"], upstream))
            if back in _BUILT_IN and upstream < row["product"]:
                yield f"{relation} {word} is made of the product as well ({back})"
