"""Files that are replaced as a whole or not at all, and file names in messages."""

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
    """Give a temporary path beside ``path``, which replaces it when the block ends without an error.

    A reader never meets half a file, and a failed write leaves the file that was there before.

    Raises
    ------
    LedgerError
        The disk is full.

    Examples
    --------
    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     with replacing(Path(folder, "a.txt")) as temporary:
    ...         _ = temporary.write_text("done")
    ...     print(*(path.name for path in Path(folder).iterdir()))
    a.txt
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    # Part of the name only: with the whole of it, a long name would exceed the file system's limit.
    handle, name = tempfile.mkstemp(prefix=f".{path.stem[:16]}-", suffix=path.suffix, dir=path.parent)
    os.close(handle)
    temporary = Path(name)
    try:
        with explaining_full_disk(path):
            yield temporary
            temporary.chmod(0o666 & ~_umask())
            temporary.replace(path)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise


@contextlib.contextmanager
def explaining_full_disk(path: Path) -> Iterator[None]:
    """Raise a ``LedgerError`` that names the file where the disk is full; leave other errors as they are."""
    try:
        yield
    except Exception as error:
        # XlsxWriter wraps the system's error.
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
