"""Files that are replaced as a whole or not at all, temporary files, and file names in messages."""

from __future__ import annotations

import contextlib
import errno
import os
import platform
import re
import shutil
import sys
import tempfile
import time
import zlib
from pathlib import Path
from typing import TYPE_CHECKING, Final

from liaison_analysis._messages import message
from liaison_analysis.errors import LedgerError, LiaisonError, system_reason

if TYPE_CHECKING:
    from collections.abc import Iterator

NO_ROOM: Final = {errno.ENOSPC, errno.EFBIG, errno.EDQUOT}

# Temporary files say in their names which process of which machine they belong to, so that the next run can
# remove those of a process that was killed.
_TEMPORARY: Final = re.compile(r"\.?liaison-(?P<machine>[0-9a-f]{8})-(?P<process>[0-9]+)-")
_DAY: Final = 86_400  # seconds; judgement: no run takes longer
_LONGEST_FOLDER: Final = 200  # characters; judgement: names of up to 50 must fit into Windows' 260 behind it
_ROOM: Final = 1_000_000  # bytes that a folder for temporary files must have; judgement


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

    A reader never sees a partial file, and a write that fails, or is killed, keeps the old file. Leftovers of
    a killed process are removed when the next file is written into the folder. A symbolic link stays a link:
    the file that it points to is replaced.

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
    target = path.resolve()
    target.parent.mkdir(parents=True, exist_ok=True)
    remove_leftovers(target.parent)
    with explaining_full_disk(path):
        handle, name = tempfile.mkstemp(prefix="." + _prefix(), suffix=path.suffix, dir=target.parent)
    os.close(handle)
    temporary = Path(name)
    try:
        with explaining_full_disk(path):
            yield temporary
            temporary.chmod(0o666 & ~_umask())
            temporary.replace(target)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise


@contextlib.contextmanager
def replacing_folder(path: Path) -> Iterator[Path]:
    """Give a temporary folder beside ``path``, which takes its place when the block ends without an error.

    ``path`` must not exist, or be an empty folder.

    Examples
    --------
    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     with replacing_folder(Path(folder, "tables")) as temporary:
    ...         _ = (temporary / "a.csv").write_text("done")
    ...     print(*(path.name for path in Path(folder, "tables").iterdir()))
    a.csv
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    remove_leftovers(path.parent)
    temporary = Path(tempfile.mkdtemp(prefix="." + _prefix(), dir=path.parent))
    try:
        with explaining_full_disk(path):
            yield temporary
        temporary.chmod(0o777 & ~_umask())
        if path.exists():
            path.rmdir()
        temporary.replace(path)
    except BaseException:
        shutil.rmtree(temporary, ignore_errors=True)
        raise


@contextlib.contextmanager
def work_folder(near: Path) -> Iterator[Path]:
    """Give a folder for temporary files, which is removed at the end.

    It is made in the system's folder for such files, unless that is full, or its path is one that other
    programs cannot work with (braces, or more than 200 characters); then in ``near``, and hidden.

    Raises
    ------
    LiaisonError
        Neither can hold it.

    Examples
    --------
    >>> with work_folder(Path()) as folder:
    ...     folder.is_dir()
    True
    >>> folder.exists()
    False
    """
    for parent, hidden in ((_system_folder(), ""), (near.absolute(), ".")):
        if parent is None or not _fits(parent):
            continue
        remove_leftovers(parent)
        with tempfile.TemporaryDirectory(
            prefix=hidden + _prefix(), dir=parent, ignore_cleanup_errors=True
        ) as folder:
            yield Path(folder)
        return
    raise LiaisonError(
        message(
            "no folder for temporary files: {folder} is full or missing, or its path holds braces or is too "
            "long; set TMPDIR to a folder with some room",
            folder=_system_folder() or os.environ.get("TMPDIR", ""),
        )
    )


def _system_folder() -> Path | None:
    try:
        return Path(tempfile.gettempdir()).absolute()
    except FileNotFoundError:
        return None


def _fits(folder: Path) -> bool:
    if len(str(folder)) > _LONGEST_FOLDER or re.search(r"[{}]", str(folder)):
        return False
    return is_writable(folder) and shutil.disk_usage(folder).free >= _ROOM


def is_writable(folder: Path) -> bool:
    """Whether files can be written into a folder: one is created, since permissions alone do not decide it.

    Examples
    --------
    >>> is_writable(Path("no such folder"))
    False
    """
    try:
        with tempfile.TemporaryFile(dir=folder, prefix="." + _prefix()) as file:
            file.write(b"\0" * 65_536)
    except OSError:
        return False
    return True


def remove_leftovers(folder: Path) -> None:
    """Remove temporary files and folders of runs that were killed.

    Those are of a process of this machine that has ended, or a day old. What cannot be removed stays.

    Examples
    --------
    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     left = Path(folder, f".{_prefix(2**30)}x.xlsx")
    ...     left.touch()
    ...     remove_leftovers(Path(folder))
    ...     left.exists()
    False
    """
    try:
        paths = list(folder.iterdir())
    except OSError:
        return
    for path in paths:
        match = _TEMPORARY.match(path.name)
        if not match or path.is_symlink():
            continue
        ours = match["machine"] == _machine()
        with contextlib.suppress(OSError):
            if (ours and _has_ended(int(match["process"]))) or time.time() - path.stat().st_mtime > _DAY:
                shutil.rmtree(path) if path.is_dir() else path.unlink()


def _prefix(process: int | None = None) -> str:
    return f"liaison-{_machine()}-{os.getpid() if process is None else process}-"


def _machine() -> str:
    return f"{zlib.crc32(platform.node().encode()):08x}"


def _has_ended(process: int) -> bool:
    if sys.platform == "win32":  # where os.kill would end the process
        return False
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return True
    except (PermissionError, OverflowError):
        return False
    return False


@contextlib.contextmanager
def explaining_full_disk(path: Path) -> Iterator[None]:
    """Raise a ``LedgerError`` that names the file where the disk is full; leave other errors as they are."""
    try:
        yield
    except Exception as error:
        # XlsxWriter wraps the system's error.
        causes = [error, *error.args, error.__cause__, error.__context__]
        full = [one for one in causes if isinstance(one, OSError) and one.errno in NO_ROOM]
        if not full:
            raise
        reason = message(
            "cannot be written ({why}); free some space or write elsewhere", why=system_reason(full[0])
        )
        raise LedgerError.of_file(shown_name(path), reason) from error


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask
