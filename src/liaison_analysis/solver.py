"""HiGHS without the lines that it prints whatever its options say."""

from __future__ import annotations

import contextlib
import ctypes
import os
import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator


@contextlib.contextmanager
def silenced() -> Iterator[None]:
    """Keep what C code prints out of the terminal and of notebooks' outputs while the block runs.

    Examples
    --------
    >>> with silenced():
    ...     written = os.write(1, b"not seen")
    """
    sys.stdout.flush()
    _flush_c()
    saved, nowhere = os.dup(1), os.open(os.devnull, os.O_WRONLY)
    try:
        os.dup2(nowhere, 1)
        yield
    finally:
        _flush_c()
        os.dup2(saved, 1)
        os.close(saved)
        os.close(nowhere)


def _flush_c() -> None:
    """Empty the buffers of C's output, which would otherwise come after the block."""
    if os.name == "posix":
        ctypes.CDLL(None).fflush(None)
