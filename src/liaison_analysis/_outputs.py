"""Files that a command writes: recognition of its own files, and protection of others.

A command replaces a file without being asked only where it wrote the file itself and nobody has changed it
since. Workbooks carry a mark in their properties, beside the day on which they were last changed, which every
spreadsheet program sets when it saves; pages carry a mark in their head.
"""

from __future__ import annotations

import contextlib
import datetime as dt
import errno
import io
import os
import re
import stat
import sys
import zipfile
from contextvars import ContextVar
from typing import TYPE_CHECKING, Any, Final

from liaison_analysis._files import is_writable
from liaison_analysis._messages import message
from liaison_analysis.errors import LiaisonError, system_reason

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

_LIBRARY: Final = "liaison-analysis"
_WRITER: ContextVar[str] = ContextVar("liaison_writer", default=_LIBRARY)
#: A fixed day makes the same frames give the same bytes.
_WRITTEN_ON: Final = dt.datetime(2022, 1, 1)  # noqa: DTZ001 - workbooks know no time zone
_HEAD: Final = 4096  # bytes of a page in which its mark stands
_LONGEST_NAME: Final = 255  # of ext4, NTFS, APFS and most others


@contextlib.contextmanager
def writing_as(command: str) -> Iterator[None]:
    """Mark the files that are written in a block as those of a command.

    Examples
    --------
    >>> with writing_as("lists"):
    ...     print(writer())
    liaison-analysis lists
    """
    token = _WRITER.set(f"{_LIBRARY} {command}")
    try:
        yield
    finally:
        _WRITER.reset(token)


def writer() -> str:
    """Mark of the files that are written now: the package's name, and the command's where one runs."""
    return _WRITER.get()


def workbook_properties() -> dict[str, object]:
    """Properties of a workbook that is written now, for ``xlsxwriter.Workbook.set_properties``."""
    return {"created": _WRITTEN_ON, "comments": writer()}


def word_bytes(document: Any) -> bytes:
    """Bytes of a document of python-docx that is written now; the same content gives the same bytes."""
    properties, mark = document.core_properties, workbook_properties()
    properties.created = properties.modified = mark["created"]
    properties.comments = str(mark["comments"])
    dated, undated = io.BytesIO(), io.BytesIO()
    document.save(dated)
    with zipfile.ZipFile(dated) as old, zipfile.ZipFile(undated, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():  # without the times at which they were written
            new.writestr(zipfile.ZipInfo(name), old.read(name), zipfile.ZIP_DEFLATED)
    return undated.getvalue()


def is_own(path: Path) -> bool:
    """Whether this command wrote a file, and nobody has changed it since.

    Parameters
    ----------
    path
        A workbook, Word document, page or JSON file; any other file counts as not written by the command.

    Examples
    --------
    >>> from pathlib import Path
    >>> is_own(Path("notes.xlsx"))
    False
    """
    try:
        if path.suffix.lower() in {".xlsx", ".docx"}:
            with zipfile.ZipFile(path) as book:
                properties = book.read("docProps/core.xml").decode("utf-8", errors="replace")
            times = re.findall(r"<dcterms:(?:created|modified)[^>]*>([^<]*)<", properties)
            written = f"{_WRITTEN_ON.isoformat()}Z"
            return f">{writer()}</dc:description>" in properties and set(times) == {written}
        if path.suffix.lower() in {".html", ".htm"}:
            with path.open("rb") as file:
                return f'<meta name="generator" content="{writer()}">'.encode() in file.read(_HEAD)
        if path.suffix.lower() == ".json":
            with path.open("rb") as file:
                return f'"generator": "{writer()}"'.encode() in file.read(_HEAD)
    except (OSError, KeyError, zipfile.BadZipFile, RuntimeError):
        return False
    return False


def check_outputs(outputs: Iterable[Path], *, inputs: Iterable[Path | None], overwrite: bool = False) -> None:
    """Refuse, before any work, to write files that would destroy something or cannot be written.

    Parameters
    ----------
    outputs
        Files that are going to be written.
    inputs
        Files and folders that are read, None for none; no output may be one of them or lie in one.
    overwrite
        Whether a file that the command did not write may be replaced.

    Raises
    ------
    LiaisonError
        An output is an input or lies in one; it exists and was not written by the command (unless
        ``overwrite``); or it cannot be written: its name is too long, its folder is a file, read-only or
        full, or it is a folder itself, read-only, open in another program, or a broken link.

    Examples
    --------
    >>> import tempfile
    >>> from pathlib import Path
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     path = Path(folder, "notes.xlsx")
    ...     check_outputs([path], inputs=[])
    ...     _ = path.write_text("somebody's work")
    ...     check_outputs([path], inputs=[])
    Traceback (most recent call last):
    ...
    liaison_analysis.errors.LiaisonError: ...notes.xlsx is there already, and this command did not write ...
    """
    read = [path.resolve() for path in inputs if path is not None]
    for path in outputs:
        reason = _unwritable(path) or _input(path, read) or ("" if overwrite else _foreign(path))
        if reason:
            raise LiaisonError(reason)


def _input(path: Path, read: list[Path]) -> str:
    target = path.resolve()
    for source in read:
        same = target == source or (target.exists() and source.exists() and target.samefile(source))
        if same:
            return message(
                "{file} is an input of this command; give another name, so that it is not lost",
                file=path.as_posix(),
            )
        if source.is_dir() and source in target.parents:
            return message(
                "{file} lies in the folder that is read; give another place, so that it is not read as "
                "a part of it next time",
                file=path.as_posix(),
            )
    return ""


def _foreign(path: Path) -> str:
    if not path.exists() or is_own(path):
        return ""
    return message(
        "{file} is there already, and this command did not write it, or somebody has changed it since; give "
        "another name, or --overwrite to replace it",
        file=path.as_posix(),
    )


def _is_there(path: Path) -> bool:
    """Whether a file, a folder or a link exists; other errors are raised."""
    try:
        path.lstat()
    except (FileNotFoundError, NotADirectoryError):
        return False
    return True


def _length(name: str) -> int:
    """Length of a name as file systems count it: characters on Windows, bytes elsewhere."""
    return len(name) if sys.platform == "win32" else len(os.fsencode(name))


def _irreplaceable(path: Path) -> str:
    """Reason why an existing path cannot be replaced by a file; ``""`` where it can."""
    file = path.as_posix()
    if not path.exists():
        return message("{file} is a link to a file that is not there; give another name", file=file)
    if path.is_dir():
        return message("{file} is a folder; name a file", file=file)
    if not path.stat().st_mode & stat.S_IWUSR:
        return message("{file} is read-only; give another name, or allow to write it", file=file)
    with path.open("r+b"):  # raises where another program holds it, on Windows
        return ""


def _unwritable(path: Path) -> str:
    """Why a file cannot be written; ``""`` where it can."""
    file = path.as_posix()
    try:
        if any(_length(part) > _LONGEST_NAME for part in path.parts):
            raise OSError(errno.ENAMETOOLONG, os.strerror(errno.ENAMETOOLONG))  # noqa: TRY301 - as the system
        if _is_there(path) and (reason := _irreplaceable(path)):
            return reason
        for parent in path.absolute().parents:
            if parent.is_symlink() and not parent.exists():
                return message(
                    "{file} is a link to a folder that is not there; give another name",
                    file=parent.as_posix(),
                )
        folder = path.resolve().parent
        while not _is_there(folder):
            folder = folder.parent
        if not folder.is_dir():
            return message(
                "{file} cannot be written: {folder} is no folder; give another place",
                file=file,
                folder=folder.as_posix(),
            )
        if not is_writable(folder):
            return message(
                "{file} cannot be written: the folder {folder} is read-only or full; give another place",
                file=file,
                folder=folder.as_posix(),
            )
    except OSError as error:
        if error.errno == errno.ENAMETOOLONG:
            return message(
                "{file} cannot be written: the name is too long; give a shorter one",
                file=f"{path.as_posix()[:40]}…",
            )
        return message(
            "{file} cannot be written ({why}); close it in other programs, or give another name",
            file=file,
            why=system_reason(error),
        )
    return ""
