"""Expressions of Ibis on tables in memory, carried out by an engine; DuckDB's SQL of each is written once."""

from __future__ import annotations

import functools
import itertools
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Mapping

    import ibis
    import pyarrow as pa

# Names of tables in SQL begin with this, so that each call can give them names of its own.
_MARK: Final = "liaison_given_"
_calls = itertools.count()


def tables_like(given: Mapping[str, pa.Table]) -> dict[str, ibis.Table]:
    """Make a table without data for each of ``given``, to write expressions with.

    Equal columns give equal expressions, whatever the data, so that ``collect`` knows them again: to write
    the SQL of one takes a tenth of a second, to carry it out on a ledger's tables some thousandths.

    Examples
    --------
    >>> import pyarrow as pa
    >>> tables_like({"offers": pa.table({"product": ["减速器"]})})["offers"].columns
    ('product',)
    """
    import ibis

    return {
        name: ibis.table(ibis.Schema.from_pyarrow(data.schema), name=_MARK + name)
        for name, data in given.items()
    }


def collect(engine: ibis.BaseBackend, expression: ibis.Table, given: Mapping[str, pa.Table]) -> pa.Table:
    """Carry out an expression on the data of ``given``, from whose ``tables_like`` it was written.

    Examples
    --------
    >>> import ibis
    >>> import pyarrow as pa
    >>> given = {"offers": pa.table({"product": ["减速器", "电机"]})}
    >>> table = tables_like(given)["offers"]
    >>> collect(ibis.duckdb.connect(), table.filter(table["product"] != "电机"), given).to_pylist()
    [{'product': '减速器'}]
    """
    if engine.name != "duckdb":
        import ibis

        bound = {table.op(): ibis.memtable(given[name]).op() for name, table in tables_like(given).items()}
        return engine.to_pyarrow(expression.op().replace(bound).to_expr())
    from ibis.backends.duckdb.converter import DuckDBPyArrowData

    con, sql, mark = engine.con, _sql(expression.op()), f"{_MARK}{next(_calls)}_"
    named = {mark + name: data for name, data in given.items() if _MARK + name in sql}
    for name, data in named.items():
        con.register(name, data)
    try:
        rows = con.sql(sql.replace(_MARK, mark)).to_arrow_table()
    finally:
        for name in named:
            con.unregister(name)
    return expression.__pyarrow_result__(rows, data_mapper=DuckDBPyArrowData)


@functools.lru_cache(maxsize=1_000)
def _sql(operation: ibis.expr.operations.Relation) -> str:
    """Write an expression as DuckDB's SQL."""
    import ibis

    return str(ibis.duckdb.compile(operation.to_expr()))
