"""Reading of a policy document in any format, or an error with a remedy."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Final, NoReturn

from liaison_analysis._messages import message
from liaison_analysis.errors import LedgerError, system_reason
from liaison_analysis.policies.formats import SUFFIXES, read_bytes
from liaison_analysis.policies.limits import ParserError, read_bounded
from liaison_analysis.policies.source import UnreadableError

if TYPE_CHECKING:
    from pathlib import Path

    from liaison_analysis.policies.source import Paragraph, SourceDocument

#: Largest document that is read, in bytes, and largest unpacked size of a Word file.
MAX_DOCUMENT: Final = 50 << 20
#: Characters that are read at most; an act has some ten thousand, a whole handbook 70,000.
MAX_CHARACTERS: Final = 5_000_000
# Container formats, and any file from this size on, are read in a separate process.
_CONTAINERS: Final = frozenset({".docx", ".docm", ".pdf"})
_LARGE: Final = 1 << 20


def shown_name(path: Path) -> str:
    """Give a file's name as text, in whatever encoding its bytes are.

    Examples
    --------
    >>> import pathlib
    >>> shown_name(pathlib.Path(os.fsdecode("办法.txt".encode("gb18030"))))
    '办法.txt'
    """
    name = os.fsencode(path.name)
    for encoding in ("utf-8", "gb18030"):
        try:
            return name.decode(encoding)
        except UnicodeDecodeError:
            continue
    return name.decode("utf-8", "replace")


def read_paragraphs(path: Path) -> list[Paragraph]:
    """Read the paragraphs of one document; see ``read_document``."""
    return read_document(path).paragraphs


def read_document(path: Path) -> SourceDocument:
    r"""Read the paragraphs of one document in reading order, tables row by row with ``|`` between cells.

    Parameters
    ----------
    path
        A ``.docx``, ``.docm``, ``.pdf``, ``.html``, ``.htm``, ``.md`` or ``.txt`` file; also ``.doc``,
        ``.wps``, ``.rtf`` and ``.odt`` where LibreOffice is installed. Text may be UTF-8, UTF-16 with a mark,
        or GB18030.

    Raises
    ------
    LedgerError
        Not one of these formats, empty, larger than 50 MB, damaged, without any text (a scan), or it
        takes more than 60 seconds or 1 GB to read.

    Examples
    --------
    >>> import tempfile, pathlib
    >>> path = pathlib.Path(tempfile.mkdtemp()) / "办法.md"
    >>> _ = path.write_text("# 办法\n\n第一条 给予补助。\n", encoding="utf-8")
    >>> [(paragraph.text, paragraph.place) for paragraph in read_document(path).paragraphs]
    [('办法', '第1段'), ('第一条 给予补助。', '第2段')]
    """
    suffix = path.suffix.lower()
    if suffix not in SUFFIXES:
        known = ", ".join(sorted(SUFFIXES))
        _refuse(path, message("is of a format that is not read; save it as one of {known}", known=known))
    try:
        data = path.read_bytes()
    except OSError as error:
        _refuse(
            path,
            message("cannot be read ({why}); close it elsewhere and try again", why=system_reason(error)),
            error,
        )
    if not data:
        _refuse(path, message("is empty; save the document again"))
    if len(data) > MAX_DOCUMENT:
        _refuse(
            path,
            message(
                "is larger than {max_document} MB and was not opened; split it",
                max_document=MAX_DOCUMENT >> 20,
            ),
        )
    try:
        is_bounded = suffix in _CONTAINERS or len(data) >= _LARGE
        document = (read_bounded if is_bounded else read_bytes)(data, suffix)
    except UnreadableError as error:
        _refuse(path, str(error), error)
    except Exception as error:  # noqa: BLE001 - parsers of other formats raise arbitrary errors
        kind = str(error) if isinstance(error, ParserError) else type(error).__name__
        _refuse(path, message("is damaged or of another format ({kind}); save it again", kind=kind), error)
    if sum(len(paragraph.text) for paragraph in document.paragraphs) > MAX_CHARACTERS:
        _refuse(
            path,
            message(
                "holds more than {max_characters:,} characters and was not read; split it",
                max_characters=MAX_CHARACTERS,
            ),
        )
    if not document.paragraphs and not document.note:
        _refuse(
            path,
            message(
                "holds no text that can be read; if it is a scan, have its characters recognised (OCR) first"
            ),
        )
    return document


def _refuse(path: Path, reason: str, error: Exception | None = None) -> NoReturn:
    raise LedgerError.of_file(shown_name(path), reason) from error
