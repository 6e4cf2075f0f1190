"""Paragraphs of a policy document, whatever its format: Word, PDF, HTML, Markdown, plain text."""

from __future__ import annotations

import functools
import re
import shutil
import subprocess
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, NamedTuple, NoReturn

from liaison_analysis.errors import LedgerError
from liaison_analysis.policies.pdf_files import UnmappedTextError, read_pdf
from liaison_analysis.policies.web_pages import lines_of, parse_html, read_page
from liaison_analysis.policies.word_files import read_word

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

#: Largest document that is read, in bytes, and what a Word file may unpack to.
MAX_DOCUMENT: Final = 50 << 20
#: Time that one document may take.
SECONDS: Final = 60
_ENCODINGS: Final = ("utf-8-sig", "gb18030")


class UnreadableError(ValueError):
    """A document that cannot be read, with the reason and what to do, as the rest of a sentence."""


class Paragraph(NamedTuple):
    """A paragraph, a line or a table row, and where it stands: ``第2页`` in a PDF, else ``第7段``."""

    text: str
    place: str


class SourceDocument(NamedTuple):
    """Paragraphs of a document, and what it states about itself.

    ``stated`` may hold title, issuer, document_number, issued_on and published_on, as written in a page's
    head or table of particulars; ``attachments`` are the names of files that it links to; ``note`` says what
    a reader should know, such as that a page only lists links; ``footnotes`` stand apart from the text.
    """

    paragraphs: list[Paragraph]
    stated: dict[str, str]
    attachments: list[str]
    note: str
    footnotes: list[str]


def plain(paragraphs: list[Paragraph]) -> SourceDocument:
    """Wrap paragraphs of a format that states nothing beside its text."""
    return SourceDocument(paragraphs, {}, [], "", [])


def read_paragraphs(path: Path) -> list[Paragraph]:
    """Read the paragraphs of one document; see ``read_document``."""
    return read_document(path).paragraphs


def read_document(path: Path) -> SourceDocument:
    r"""Read the paragraphs of one document in reading order, tables row by row with ``|`` between cells.

    Parameters
    ----------
    path
        A ``.docx``, ``.pdf``, ``.html``, ``.htm``, ``.md`` or ``.txt`` file. Text files may be UTF-8,
        UTF-16 with a mark, or GB18030.

    Raises
    ------
    LedgerError
        Not one of these formats, empty, larger than 50 MB, damaged, or without any text (a scan).

    Examples
    --------
    >>> import tempfile, pathlib
    >>> path = pathlib.Path(tempfile.mkdtemp()) / "办法.md"
    >>> _ = path.write_text("# 办法\n\n第一条 给予补助。\n", encoding="utf-8")
    >>> read_document(path).paragraphs
    [Paragraph(text='办法', place='第1段'), Paragraph(text='第一条 给予补助。', place='第2段')]
    """
    read = _READERS.get(path.suffix.lower())
    if read is None:
        known = ", ".join(_READERS)
        _refuse(path, f"is of a format that is not read; save it as one of {known}")
    try:
        data = path.read_bytes()
    except OSError as error:
        _refuse(path, f"cannot be read ({error.strerror}); close it elsewhere and try again", error)
    if not data:
        _refuse(path, "is empty; save the document again")
    if len(data) > MAX_DOCUMENT:
        _refuse(path, f"is larger than {MAX_DOCUMENT >> 20} MB and was not opened; split it")
    try:
        document = read(data)
    except UnreadableError as error:
        _refuse(path, str(error), error)
    except Exception as error:  # noqa: BLE001 - parsers of foreign formats raise what they like
        _refuse(path, f"is damaged or of another format ({type(error).__name__}); save it again", error)
    if not document.paragraphs and not document.note:
        _refuse(path, "holds no text; if it is a scan, have its characters recognised (OCR) first")
    return document


def _refuse(path: Path, reason: str, error: Exception | None = None) -> NoReturn:
    raise LedgerError.of_file(path.name, reason) from error


def _numbered(texts: Iterator[str]) -> list[Paragraph]:
    kept = (" ".join(text.split()) for text in texts)
    return [Paragraph(text, f"第{i}段") for i, text in enumerate((t for t in kept if t), start=1)]


def _text(data: bytes) -> SourceDocument:
    return plain(_numbered(iter(_decoded(data).splitlines())))


def _decoded(data: bytes) -> str:
    if data[:2] in {b"\xff\xfe", b"\xfe\xff"}:
        return data.decode("utf-16")
    for encoding in _ENCODINGS:
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise ValueError("neither UTF-8 nor GB18030")


def _markdown(data: bytes) -> SourceDocument:
    """By way of HTML, with numbers kept as they are written: ``1.`` is no list to count anew."""
    import mistune

    source = re.sub(r"^(\s*\d{1,3})([.)])(\s)", r"\1\\\2\3", _decoded(data), flags=re.MULTILINE)
    render: Callable[[str], Any] = mistune.create_markdown(plugins=["table"], hard_wrap=True)
    return plain(_numbered(lines_of(parse_html(str(render(source)).encode()))))


def _html(data: bytes) -> SourceDocument:
    page = read_page(data)
    return SourceDocument(_numbered(iter(page.lines)), page.stated, page.attachments, page.note, [])


def _word(data: bytes) -> SourceDocument:
    lines, notes = read_word(data)
    return plain(_numbered(iter(lines)))._replace(footnotes=notes)


def _pdf(data: bytes) -> SourceDocument:
    try:
        lines, notes, empty = read_pdf(data)
    except UnmappedTextError as error:
        raise UnreadableError(
            "cannot be read: its fonts do not tell which characters they show; have them recognised (O"
            "CR), or ask "
            "for the Word file"
        ) from error
    note = f"pages without text, perhaps scans: {', '.join(map(str, empty))}" if lines and empty else ""
    paragraphs = [Paragraph(text, f"第{number}页") for text, number in lines]
    return SourceDocument(paragraphs, {}, [], note, notes)


def _old_word(data: bytes, *, suffix: str) -> SourceDocument:
    """By way of LibreOffice, which turns the file into a ``.docx``, where it is installed."""
    office = shutil.which("soffice") or shutil.which("libreoffice")
    if office is None:
        raise UnreadableError(
            f"is a {suffix} file, which is not read; open it in Word or WPS and save it as .docx, or i"
            f"nstall LibreOffice"
        )
    with tempfile.TemporaryDirectory() as folder:
        source = Path(folder) / f"document{suffix}"
        source.write_bytes(data)
        profile = f"-env:UserInstallation={(Path(folder) / 'profile').as_uri()}"
        command = [office, profile, "--headless", "--convert-to", "docx", "--outdir", folder, str(source)]
        try:
            subprocess.run(command, check=True, capture_output=True, timeout=SECONDS)  # noqa: S603 - no shell, our own file
            return _word(source.with_suffix(".docx").read_bytes())
        except (subprocess.SubprocessError, OSError) as error:
            raise UnreadableError(
                "could not be turned into .docx by LibreOffice; save it as .docx"
            ) from error


_OFFICE: Final = (".doc", ".wps", ".rtf", ".odt")
_READERS: Final[dict[str, Callable[[bytes], SourceDocument]]] = {
    ".docx": _word,
    ".docm": _word,
    ".pdf": _pdf,
    ".html": _html,
    ".htm": _html,
    ".md": _markdown,
    ".txt": _text,
    **{suffix: functools.partial(_old_word, suffix=suffix) for suffix in _OFFICE},
}
#: Suffixes of files that ``read_document`` reads.
SUFFIXES: Final = frozenset(_READERS)
