"""Check the sizes that a Parquet file states of itself, and refuse a damaged or too large one.

A parser allocates as much memory as the headers of pages state, before it checks that the bytes exist. So
the footer and the header of every page are read here first (Thrift compact protocol; Apache Parquet format
2.11, ``parquet.thrift``), and their sizes are compared with the size of the file.
"""

from __future__ import annotations

from typing import Any, Final, NoReturn

from liaison_analysis._messages import marked, message
from liaison_analysis.errors import LedgerError
from liaison_analysis.ledger.sheet_measuring import MAX_CELLS
from liaison_analysis.ledger.workbook_guard import MAX_BYTES

_MAGIC: Final = b"PAR1"
# Most bytes of metadata, and most unpacked bytes per byte of file; ledgers stay far below (judgement).
_MAX_FOOTER: Final = 1 << 24
_MAX_RATIO: Final = 400
# Rows of one batch times this many bytes are all that a column of fixed width may take; a UUID has 16.
_MAX_FIXED: Final = 1_024
_MAX_DEPTH: Final = 12
#: Reason given for a file that is not a Parquet file.
DAMAGED: Final = marked("is not a Parquet file, or damaged; write it again with pandas.DataFrame.to_parquet")

Fields = dict[int, Any]


def refuse_unsafe_parquet(data: bytes, name: str) -> None:
    """Raise for a file that is not a Parquet file, is damaged, or would not fit into memory.

    Parameters
    ----------
    data
        The whole file.
    name
        Name of the file in the message.

    Raises
    ------
    LedgerError
        One line that says what is wrong and how to correct it.

    Examples
    --------
    >>> refuse_unsafe_parquet(b"PAR1 and no more", "offers.parquet")
    Traceback (most recent call last):
    ...
    liaison_analysis.errors.LedgerError: offers.parquet: is not a Parquet file, or damaged; write it again
    with pandas.DataFrame.to_parquet
    """
    size = int.from_bytes(data[-8:-4], "little")
    if not data.startswith(_MAGIC) or not data.endswith(_MAGIC) or not 0 < size <= len(data) - 12:
        _refuse(name, message(DAMAGED))
    if size > _MAX_FOOTER:
        _refuse(name, message("has a footer of more than 16 MB; keep the used columns only"))
    try:
        footer = _Thrift(data, len(data) - 8 - size, len(data) - 8).struct()
        columns = [c for group in footer.get(4, []) for c in group.get(1, [])]
        _refuse_cells(footer, columns, name)
        unpacked = sum(_chunk_size(data, column[3]) for column in columns)
    # A value of an unexpected type fails in many ways.
    except (ValueError, IndexError, KeyError, TypeError, AttributeError) as error:
        if isinstance(error, LedgerError):
            raise
        raise LedgerError.of_file(name, message(DAMAGED)) from error
    if unpacked > min(MAX_BYTES, max(1 << 24, _MAX_RATIO * len(data))):
        size_note = message(
            "would unpack to {unpacked:,.0f} MB from {n:,.1f} MB and was not opened",
            unpacked=unpacked / 1e6,
            n=len(data) / 1e6,
        )
        _refuse(name, message("{size_note}; split the table", size_note=size_note))


def _refuse(name: str, reason: str) -> NoReturn:
    raise LedgerError.of_file(name, reason)


def _refuse_cells(footer: Fields, columns: list[Fields], name: str) -> None:
    """Refuse by the numbers of rows and values: those of the file, of its groups and of each column."""
    groups = footer.get(4, [])
    rows = max(footer[3], sum(max(0, group[3]) for group in groups))
    # The first element of a schema is its root; those with children are no columns.
    leaves = [element for element in footer[2][1:] if not element.get(5)]
    if any(len(group.get(1, [])) != len(leaves) for group in groups):
        raise ValueError("a group of rows has not all columns")
    if any(element.get(2, 0) > _MAX_FIXED for element in leaves):
        _refuse(
            name,
            message(
                "has values of more than {max_fixed:,} bytes of fixed width; write them as text",
                max_fixed=_MAX_FIXED,
            ),
        )
    cells = max(rows * max(1, len(leaves)), sum(max(0, column[3][5]) for column in columns))
    if cells > MAX_CELLS:
        _refuse(
            name,
            message(
                "has more than {max_cells:,} cells; split the table or keep the used columns only",
                max_cells=MAX_CELLS,
            ),
        )


def _chunk_size(data: bytes, about: Fields) -> int:
    """Bytes that the pages of one column unpack to, by their headers."""
    if not about[5]:
        return 0  # without values no page is read
    start, end = about[9], len(data) - 8
    if 0 < about.get(11, 0) < start:
        start = about[11]
    if start < len(_MAGIC) or about[7] < 0 or start + about[7] > end:
        raise ValueError("a column lies outside of the file")
    end, seen, unpacked = start + about[7], 0, 0
    while start < end and seen < about[5]:
        reader = _Thrift(data, start, end)
        page = reader.struct()
        if page[2] < 0 or page[3] < 0 or reader.at + page[3] > end:
            raise ValueError("a page lies outside of its column")
        values = (page.get(5) or page.get(8) or {}).get(1, 0)
        words = page.get(7, {}).get(1, 0)
        if not 0 <= values <= about[5] or not 0 <= words <= page[2]:
            raise ValueError("a page states more values than it can hold")
        seen += values
        unpacked += page[2]
        start = reader.at + page[3]
    return unpacked


class _Thrift:
    """Reader of structs in the compact protocol; field numbers stand for names."""

    def __init__(self, data: bytes, at: int, end: int) -> None:
        self.data, self.at, self.end = data, at, end

    def struct(self, depth: int = 0) -> Fields:
        if depth > _MAX_DEPTH:
            raise ValueError("structs within structs")
        fields: Fields = {}
        number = 0
        while head := self._byte():
            number = number + (head >> 4) if head >> 4 else self._zigzag()
            fields[number] = self._value(head & 15, depth, in_list=False)
        return fields

    def _value(self, kind: int, depth: int, *, in_list: bool) -> Any:
        match kind:
            case 1 | 2:
                return self._byte() == 1 if in_list else kind == 1
            case 3:
                return self._byte()
            case 4 | 5 | 6:
                return self._zigzag()
            case 7:
                return self._bytes(8)
            case 8:
                return self._bytes(self._varint())
            case 9 | 10:
                head = self._byte()
                n = self._varint() if head >> 4 == 15 else head >> 4
                # Each element takes a byte at least, so that the bytes left bound their number.
                if n > self.end - self.at:
                    raise ValueError("a list longer than the file")
                return [self._value(head & 15, depth + 1, in_list=True) for _ in range(n)]
            case 12:
                return self.struct(depth + 1)
        raise ValueError(f"no kind {kind}")

    def _byte(self) -> int:
        if self.at >= self.end:
            raise ValueError("the bytes end early")
        self.at += 1
        return self.data[self.at - 1]

    def _bytes(self, n: int) -> bytes:
        if n > self.end - self.at:
            raise ValueError("the bytes end early")
        self.at += n
        return self.data[self.at - n : self.at]

    def _varint(self) -> int:
        value = shift = 0
        while shift < 70:
            byte = self._byte()
            value |= (byte & 127) << shift
            if byte < 128:
                return value
            shift += 7
        raise ValueError("a number of more than ten bytes")

    def _zigzag(self) -> int:
        value = self._varint()
        return (value >> 1) ^ -(value & 1)
