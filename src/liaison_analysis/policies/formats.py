"""Readers of document formats, from bytes: Word, PDF, web pages, Markdown, plain text."""

from __future__ import annotations

import functools
import itertools
import re
import shutil
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from liaison_analysis._files import work_folder
from liaison_analysis._messages import message
from liaison_analysis.policies.page_furniture import is_printed_furniture
from liaison_analysis.policies.page_lines import lines_of
from liaison_analysis.policies.page_tree import parse_html
from liaison_analysis.policies.pdf_files import read_pdf
from liaison_analysis.policies.source import (
    Note,
    Paragraph,
    SourceDocument,
    UnreadableError,
    closed_up,
    plain,
    unified,
)
from liaison_analysis.policies.web_pages import read_page
from liaison_analysis.policies.word_files import read_word

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

#: Time that one document may take, in seconds.
SECONDS: Final = 60
_ENCODINGS: Final = ("utf-8-sig", "gb18030")


def read_bytes(data: bytes, suffix: str) -> SourceDocument:
    r"""Read a document of one of the formats in ``SUFFIXES``; its parser may raise any error.

    Examples
    --------
    >>> read_bytes("某办法\n第一条 甲。".encode(), ".txt").paragraphs[1].place
    '第2段'
    """
    return _READERS[suffix](data)


def _numbered(texts: Iterable[str], notes: Iterable[tuple[Note, ...]] | None = None) -> list[Paragraph]:
    pairs = zip(texts, itertools.repeat(()) if notes is None else notes, strict=False)
    kept = [(plain, of_it) for text, of_it in pairs if (plain := closed_up(" ".join(unified(text).split())))]
    return [Paragraph(text, f"第{i}段", of_it) for i, (text, of_it) in enumerate(kept, start=1)]


def _text(data: bytes) -> SourceDocument:
    return plain(_numbered(_decoded(data).splitlines()))


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
    """Convert to HTML, with numbers kept as written: ``1.`` is not renumbered as a list."""
    import mistune

    source = re.sub(r"^(\s*\d{1,3})([.)])(\s)", r"\1\\\2\3", _decoded(data), flags=re.MULTILINE)
    render: Callable[[str], Any] = mistune.create_markdown(plugins=["table"], hard_wrap=True)
    return plain(_numbered(lines_of(parse_html(str(render(source)).encode()))))


def _html(data: bytes) -> SourceDocument:
    page = read_page(data)
    return SourceDocument(_numbered(page.lines), page.stated, page.attachments, page.note, [])


def _word(data: bytes) -> SourceDocument:
    lines, apart = read_word(data)
    paragraphs = _numbered((line.text for line in lines), (line.notes for line in lines))
    return plain(paragraphs)._replace(footnotes=apart)


def _pdf(data: bytes) -> SourceDocument:
    lines, apart, empty = read_pdf(data)
    note = (
        message("pages without text, perhaps scans: {names}", names=", ".join(map(str, empty)))
        if lines and empty
        else ""
    )
    lines = [line for line in lines if not is_printed_furniture(line.text)]
    paragraphs = [Paragraph(closed_up(line.text), f"第{line.page}页", line.notes) for line in lines]
    return SourceDocument(paragraphs, {}, [], note, apart)


def _old_word(data: bytes, *, suffix: str) -> SourceDocument:
    """Convert to ``.docx`` with LibreOffice, where it is installed."""
    office = shutil.which("soffice") or shutil.which("libreoffice")
    if office is None:
        raise UnreadableError(
            message(
                "is a {suffix} file, which is not read; open it in Word or WPS and save it as "
                ".docx, or install LibreOffice",
                suffix=suffix,
            )
        )
    with work_folder(Path()) as folder:
        source = folder / f"document{suffix}"
        source.write_bytes(data)
        profile = f"-env:UserInstallation={(folder / 'profile').as_uri()}"
        command = [
            office,
            profile,
            "--headless",
            "--convert-to",
            "docx",
            "--outdir",
            str(folder),
            str(source),
        ]
        try:
            subprocess.run(command, check=True, capture_output=True, timeout=SECONDS)  # noqa: S603 - no shell, our own file
            return _word(source.with_suffix(".docx").read_bytes())
        except (subprocess.SubprocessError, OSError) as error:
            raise UnreadableError(
                message("could not be turned into .docx by LibreOffice; save it as .docx")
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
