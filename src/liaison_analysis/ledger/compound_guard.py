"""Refuse a compound file (``.xls``) with cyclic chains of sectors, before a parser follows them."""

from __future__ import annotations

import struct
from typing import TYPE_CHECKING, Final

from liaison_analysis._messages import message
from liaison_analysis.errors import LedgerError

if TYPE_CHECKING:
    from collections.abc import Sequence

# Places and marks of a compound file, by [MS-CFB] 2.2 and 2.6.
_LAST_SECTOR: Final = 0xFFFFFFFA
_IN_HEADER: Final = 109
_ENTRY: Final = 128
_STREAM: Final = 2
_ROOT: Final = 5


def refuse_endless(data: bytes, name: str) -> None:
    """Raise for a compound file in which a chain of sectors comes back to itself.

    A parser that follows such a chain takes all memory of the machine.

    Raises
    ------
    LedgerError
        A chain is cyclic, or the file is shorter than its own header.

    Examples
    --------
    >>> refuse_endless(bytes(100), "a.xls")
    Traceback (most recent call last):
    ...
    liaison_analysis.errors.LedgerError: a.xls: is encrypted or damaged; open it and save it as .xlsx without
    a password
    """
    try:
        sound = _is_sound(data)
    except (struct.error, IndexError, ValueError):
        sound = False
    if not sound:
        reason = message("is encrypted or damaged; open it and save it as .xlsx without a password")
        raise LedgerError.of_file(name, reason)


def _is_sound(data: bytes) -> bool:  # noqa: C901 - the parts of one format, in their order
    (shift,) = struct.unpack_from("<H", data, 30)
    if not 9 <= shift <= 16:
        return False
    size = 1 << shift
    n_sectors = len(data) // size + 1

    def sector(i: int) -> bytes:
        return data[(i + 1) * size : (i + 2) * size]  # the header fills the first

    def numbers(part: bytes) -> list[int]:
        return list(struct.unpack(f"<{len(part) // 4}I", part[: len(part) // 4 * 4]))

    tables = [i for i in numbers(data[76 : 76 + 4 * _IN_HEADER]) if i < _LAST_SECTOR]
    (after,) = struct.unpack_from("<I", data, 68)
    for _ in range(n_sectors):  # further lists of tables, each of which names the next
        if after >= _LAST_SECTOR:
            break
        *more, after = numbers(sector(after))
        tables += [i for i in more if i < _LAST_SECTOR]
    if after < _LAST_SECTOR or len(tables) > n_sectors:
        return False
    following = [i for table in tables for i in numbers(sector(table))]
    (directory,) = struct.unpack_from("<I", data, 48)
    (small,) = struct.unpack_from("<I", data, 60)
    chain = _chain(directory, following)
    small_chain = _chain(small, following)
    if chain is None or small_chain is None:
        return False
    following_small = [i for at in small_chain for i in numbers(sector(at))]
    entries = b"".join(map(sector, chain))
    for at in range(0, len(entries) - _ENTRY + 1, _ENTRY):
        kind = entries[at + 66]
        start, length = struct.unpack_from("<II", entries, at + 116)
        if kind == _ROOT or (kind == _STREAM and length >= 4096):
            if _chain(start, following) is None:
                return False
        elif kind == _STREAM and _chain(start, following_small) is None:
            return False
    return True


def _chain(start: int, following: Sequence[int]) -> list[int] | None:
    """Sectors of a chain in order; None where it is cyclic. One that leaves the file ends there."""
    found: list[int] = []
    while start < len(following):
        found.append(start)
        if len(found) > len(following):
            return None
        start = following[start]
    return found
