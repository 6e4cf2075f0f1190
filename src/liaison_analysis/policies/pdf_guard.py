"""How far the streams of a PDF unpack, measured before a PDF library unpacks them whole."""

from __future__ import annotations

import re
import zlib
from typing import Final

from liaison_analysis._messages import message
from liaison_analysis.policies.source import UnreadableError

#: Largest unpacked size of one stream that is no picture, and of all of them, in bytes. The text of a page is
#: below 1 MB, the largest Chinese fonts have some 20 MB, and 60 MB of text take over a minute to read.
MAX_STREAM: Final = 32 << 20
MAX_STREAMS: Final = 256 << 20
_STREAM: Final = re.compile(rb"stream\r?\n")
_PICTURE: Final = re.compile(rb"/Subtype\s*/Image\b")
_DICTIONARY: Final = 4096  # bytes before a stream that are searched for its dictionary; judgement
_CHUNK: Final = 1 << 20


def refuse_bomb(data: bytes) -> None:
    r"""Refuse a PDF whose streams unpack to far more than a document's.

    Streams are recognised by their own first bytes, since a dictionary may be wrong; a packed stream in a
    packed stream is measured too. Pictures, which are never unpacked, are left out. Takes no more memory
    than a few megabytes, and time for 256 MB at most.

    Parameters
    ----------
    data
        Bytes of the file.

    Raises
    ------
    UnreadableError
        One stream unpacks to more than 32 MB, or all to more than 256 MB.

    Examples
    --------
    >>> refuse_bomb(b"1 0 obj <</Filter/FlateDecode>> stream\n" + zlib.compress(b"BT ET") + b"\nendstream")
    >>> bomb = b"1 0 obj <<>> stream\n" + zlib.compress(bytes(80 << 20)) + b"\nendstream"
    >>> refuse_bomb(bomb)
    Traceback (most recent call last):
    liaison_analysis.policies.source.UnreadableError: unpacks to more than 32 MB in one part; split it
    """
    total = 0
    view = memoryview(data)
    for found in _STREAM.finditer(data):
        start = found.end()
        if data[max(0, start - 12) : start].lstrip().startswith(b"endstream"):
            continue
        before = data[max(0, found.start() - _DICTIONARY) : found.start()]
        if _PICTURE.search(before, max(0, before.rfind(b"obj"))) or not _is_packed(data[start : start + 2]):
            continue
        total += _unpacked(view[start:])
        if total > MAX_STREAMS:
            raise UnreadableError(
                message(
                    "unpacks to more than {max_unpacked} MB and was not read; save it again",
                    max_unpacked=MAX_STREAMS >> 20,
                )
            )


def _is_packed(head: bytes) -> bool:
    """Whether two bytes are the head of a zlib stream (RFC 1950, section 2.2)."""
    return len(head) == 2 and head[0] & 0x0F == 8 and head[0] >> 4 <= 7 and (head[0] << 8 | head[1]) % 31 == 0


def _unpacked(packed: memoryview) -> int:
    """Unpacked size of a stream and of those packed in it, in bytes; damaged data count until the damage."""
    outer = zlib.decompressobj()
    inner = None
    rest: bytes | memoryview = packed[:_CHUNK]
    at = len(rest)
    size = 0
    try:
        while rest and not outer.eof:
            piece = outer.decompress(rest, _CHUNK)
            if not size and _is_packed(piece[:2]):
                inner = zlib.decompressobj()
            size += len(piece)
            if inner is not None:
                size += _drain(inner, piece, MAX_STREAM - size)
            if size > MAX_STREAM:
                raise UnreadableError(
                    message(
                        "unpacks to more than {max_part} MB in one part; split it", max_part=MAX_STREAM >> 20
                    )
                )
            rest = outer.unconsumed_tail
            if not rest:
                rest = packed[at : at + _CHUNK]
                at += len(rest)
    except zlib.error:
        return size
    return size


def _drain(inner: zlib._Decompress, piece: bytes, room: int) -> int:
    """Size to which a piece of a packed stream unpacks, a little more than ``room`` at most."""
    size = 0
    while piece and not inner.eof and size <= room:
        try:
            size += len(inner.decompress(piece, _CHUNK))
        except zlib.error:  # the first bytes only looked like those of a packed stream
            return size
        piece = inner.unconsumed_tail
    return size
