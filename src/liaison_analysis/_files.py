"""Files replaced as a whole or not at all, and how a message shows a file's name."""

from __future__ import annotations

import contextlib
import errno
import os
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from liaison_analysis.errors import LedgerError

if TYPE_CHECKING:
    from collections.abc import Iterator

_NO_ROOM = {errno.ENOSPC, errno.EFBIG, errno.EDQUOT}


def shown_name(path: Path) -> str:
    r"""Name of a file or folder as a message shows it: without its folders, on one line.

    Examples
    --------
    >>> shown_name(Path("in/ledger\n2022.xlsx"))
    'ledger 2022.xlsx'
    """
    name = path.name or path.absolute().name
    return " ".join("".join(c for c in name if c.isprintable() or c.isspace()).split())


@contextlib.contextmanager
def replacing(path: Path) -> Iterator[Path]:
    """Give a temporary path beside ``path`` that takes its place when the block ends well.

    Nobody sees half a file, and a failed write leaves what stood there before.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    # A short prefix: with the whole name before it, a long name would grow past the file system's limit.
    handle, name = tempfile.mkstemp(prefix=f".{path.stem[:16]}-", suffix=path.suffix, dir=path.parent)
    os.close(handle)
    temporary = Path(name)
    try:
        with no_room_told(path):
            yield temporary
            temporary.chmod(0o666 & ~_umask())
            temporary.replace(path)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise


@contextlib.contextmanager
def no_room_told(path: Path) -> Iterator[None]:
    """Say in words that a disk is full; other faults of the system stay as they are."""
    try:
        yield
    except Exception as error:
        # XlsxWriter wraps what the system says.
        causes = [error, *error.args, error.__cause__, error.__context__]
        full = [one for one in causes if isinstance(one, OSError) and one.errno in _NO_ROOM]
        if not full:
            raise
        reason = f"cannot be written ({full[0].strerror}); free some space or write elsewhere"
        raise LedgerError.of_file(shown_name(path), reason) from error


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask
