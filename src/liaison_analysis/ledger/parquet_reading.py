"""Read a Parquet file as rows of text."""

from __future__ import annotations

import io
import itertools
from typing import TYPE_CHECKING, Any

from liaison_analysis._messages import message
from liaison_analysis.errors import LedgerError
from liaison_analysis.ledger.parquet_guard import DAMAGED, refuse_unsafe_parquet
from liaison_analysis.ledger.sheet_measuring import MAX_CELLS
from liaison_analysis.ledger.sheets import rows_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator


def parquet_rows(data: bytes, name: str) -> list[list[str]]:
    """Header and rows of a Parquet file as text; ``name`` is the file's in messages."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    refuse_unsafe_parquet(data, name)
    try:
        file = pq.ParquetFile(io.BytesIO(data))
        names = [field.name for field in file.schema_arrow]
        # One text in a million rows is one text in the file, and must be one here too.
        texts = [field.name for field in file.schema_arrow if _is_text(field.type)]
        file = pq.ParquetFile(io.BytesIO(data), read_dictionary=texts)
        # A row may hold a list of any length, so that rows with lists come one by one.
        nested = any(file.schema.column(j).max_repetition_level for j in range(len(file.schema.names)))
        batches = file.iter_batches(batch_size=1 if nested else 10_000)
        cells = (
            row for batch in _bounded(batches, name) for row in zip(*map(_cells, batch.columns), strict=True)
        )
        return rows_of(itertools.chain([names], cells), name)
    except UnicodeDecodeError as error:
        reason = message("holds bytes that are no text in UTF-8 or GB 18030; write the column as text")
        raise LedgerError.of_file(name, reason) from error
    except (pa.ArrowException, OSError, ValueError, TypeError, KeyError, OverflowError) as error:
        if isinstance(error, LedgerError):
            raise
        raise LedgerError.of_file(name, message(DAMAGED)) from error


def _is_text(kind: Any) -> bool:
    from pyarrow import types

    kinds = (types.is_string, types.is_large_string, types.is_binary, types.is_large_binary)
    return any(is_kind(kind) for is_kind in kinds)


def _bounded(batches: Iterable[Any], name: str) -> Iterator[Any]:
    """Batches of rows, until the values in their lists are too many."""
    values = 0
    for batch in batches:
        batch.validate(full=True)  # damaged bytes may point past the end of a column's words
        for column in batch.columns:
            leaves = column
            while hasattr(leaves, "value_lengths"):
                leaves = leaves.flatten()
                values += len(leaves)
        if values > MAX_CELLS:
            reason = message(
                "has more than {max_cells:,} values in lists; write one value in a cell", max_cells=MAX_CELLS
            )
            raise LedgerError.of_file(name, reason)
        yield batch


def _cells(column: Any) -> list[object]:
    """Values of an Arrow column, equal texts of a dictionary as one object."""
    if not hasattr(column, "dictionary"):
        return column.to_pylist()  # type: ignore[no-any-return]
    words = [*column.dictionary.to_pylist(), None]
    return [words[-1 if i is None else i] for i in column.indices.to_pylist()]
