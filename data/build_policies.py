"""Write the sample's policy documents, ``data/liangjiang/policies/``, in the formats that offices use.

``build_liangjiang.py`` calls this; it needs ReportLab, a test dependency. The texts in
``data/sources/policies/`` are written for this project: every document says that it is synthetic. Their
first signs tell what a line is: ``=`` title, ``~`` preamble, ``#`` heading, ``@`` a clause, ``*`` an item
that is a clause of its own, ``+`` a further paragraph of the clause, ``|`` a table row; tests hold the
splitter to them.
"""

from __future__ import annotations

import html
import io
import re
import zipfile
from pathlib import Path
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Callable

HERE: Final = Path(__file__).parent

Lines = list[tuple[str, str]]


def lines_of(path: Path) -> Lines:
    """Sign and text of each line of a source."""
    found = []
    for line in path.read_text(encoding="utf-8").splitlines():
        sign, _, text = line.partition(" ")
        found.append((sign[0], text) if sign and sign[0] in "=~#@*+" else ("|" if sign == "|" else "#", line))
    return found


def clauses_of(path: Path) -> list[str]:
    """List the clauses that a source marks, without their numbers, items with the sentence that leads in."""
    lines = lines_of(path)
    found: list[str] = []
    lead = ""
    for (sign, text), (following, _) in zip(lines, [*lines[1:], ("", "")], strict=True):
        bare = re.sub(r"^(?:第[一二三四五六七八九十]+条 ?|（[一二三四五六七八九十]）|\d\. )", "", text)
        if sign == "@" and following == "*":
            lead = bare
        elif sign in {"@", "*"}:
            found.append(bare if sign == "@" else lead + bare)
        elif sign in {"+", "|"}:
            found[-1] += text
    return found


def as_text(lines: Lines) -> bytes:
    """Plain text, a paragraph a line, indented as officials write."""
    shown = [text if sign in "=#" else f"　　{text}" for sign, text in lines]
    return ("\r\n".join(shown) + "\r\n").encode()


def as_gb18030(lines: Lines) -> bytes:
    """As plain text in the encoding of older Chinese systems."""
    return as_text(lines).decode().encode("gb18030")


def as_markdown(lines: Lines) -> bytes:
    """Markdown with headings and tables."""
    shown, rows = [], 0
    for sign, text in lines:
        head = {"=": "# ", "#": "## ", "~": "> "}.get(sign, "")
        rows = rows + 1 if sign == "|" else 0
        shown.append(("" if rows > 1 else "\n") + head + text)
        if rows == 1:
            shown.append("|" + " --- |" * (text.count("|") - 1))
    return ("\n".join(shown).strip() + "\n").encode()


def as_html(lines: Lines) -> bytes:
    """Write a page as a government site would show it."""
    tags = {"=": "h1", "#": "h2", "~": "p"}
    body, in_table = "", False
    for sign, text in lines:
        if in_table != (sign == "|"):
            body += "</table>\n" if in_table else "<table>\n"
            in_table = sign == "|"
        if sign == "|":
            body += (
                "<tr>"
                + "".join(f"<td>{html.escape(c.strip())}</td>" for c in text.strip("|").split("|"))
                + "</tr>\n"
            )
        else:
            tag = tags.get(sign, "p")
            body += f"<{tag}>{html.escape(text)}</{tag}>\n"
    title = html.escape(lines[0][1])
    head = f'<head><meta charset="utf-8"><title>{title}</title></head>'
    return (
        f'<!doctype html>\n<html lang="zh">{head}\n<body>\n'
        "<nav>首页 &gt; 政策 &gt; 正文</nav>\n" + body + "</body></html>\n"
    ).encode()


def as_word(lines: Lines) -> bytes:
    """Write a Word document with headings and real tables; the same bytes every time."""
    import datetime as dt

    import docx

    document = docx.Document()
    document.core_properties.created = dt.datetime(2022, 1, 1, tzinfo=dt.UTC).replace(tzinfo=None)
    document.core_properties.modified = document.core_properties.created
    rows: list[list[str]] = []
    for sign, text in [*lines, ("", "")]:
        if sign == "|":
            rows.append([cell.strip() for cell in text.strip("|").split("|")])
            continue
        if rows:
            table = document.add_table(rows=0, cols=len(rows[0]))
            for row in rows:
                for cell, content in zip(table.add_row().cells, row, strict=True):
                    cell.text = content
            rows = []
        if sign in {"=", "#"}:
            document.add_heading(text, level=0 if sign == "=" else 1)
        elif text:
            document.add_paragraph(text)
    written = io.BytesIO()
    document.save(written)
    fixed = io.BytesIO()
    with zipfile.ZipFile(written) as source, zipfile.ZipFile(fixed, "w", zipfile.ZIP_DEFLATED) as target:
        for name in source.namelist():
            target.writestr(
                zipfile.ZipInfo(name, (2022, 1, 1, 0, 0, 0)), source.read(name), zipfile.ZIP_DEFLATED
            )
    return fixed.getvalue()


def as_pdf(lines: Lines) -> bytes:
    """Write a PDF with broken lines, a running head and page numbers; the same bytes every time."""
    from reportlab.lib.pagesizes import A5
    from reportlab.lib.styles import ParagraphStyle
    from reportlab.pdfbase import pdfmetrics
    from reportlab.pdfbase.ttfonts import TTFont
    from reportlab.platypus import Paragraph, SimpleDocTemplate, Spacer

    from liaison_analysis.plots import chinese_font

    pdfmetrics.registerFont(TTFont("Noto", str(chinese_font())))
    body = ParagraphStyle(
        "body", fontName="Noto", fontSize=12, leading=20, firstLineIndent=24, wordWrap="CJK"
    )
    head = ParagraphStyle("head", parent=body, fontSize=14, leading=24, firstLineIndent=0, alignment=1)
    title = lines[0][1]

    def edge(canvas: object, document: object) -> None:
        canvas.setFont("Noto", 9)  # type: ignore[attr-defined]
        canvas.drawString(60, A5[1] - 30, title)  # type: ignore[attr-defined]
        canvas.drawCentredString(A5[0] / 2, 24, f"— {document.page} —")  # type: ignore[attr-defined]

    written = io.BytesIO()
    page = SimpleDocTemplate(
        written,
        pagesize=A5,
        invariant=1,
        title=title,
        leftMargin=56,
        rightMargin=56,
        topMargin=64,
        bottomMargin=64,
    )
    flow: list[object] = []
    for sign, text in lines:
        flow += [Paragraph(html.escape(text), head if sign in "=#" else body), Spacer(1, 4)]
    page.build(flow, onFirstPage=edge, onLaterPages=edge)
    return written.getvalue()


FORMATS: Final[dict[str, tuple[str, Callable[[Lines], bytes]]]] = {
    "01": (".txt", as_text), "02": (".docx", as_word), "03": (".pdf", as_pdf), "04": (".html", as_html),
    "05": (".md", as_markdown), "06": (".txt", as_gb18030), "07": (".docx", as_word), "08": (".pdf", as_pdf),
    "09": (".html", as_html), "10": (".md", as_markdown), "11": (".docx", as_word), "12": (".txt", as_text),
    "13": (".pdf", as_pdf), "14": (".html", as_html),
}  # fmt: skip


def write_documents(folder: Path) -> None:
    """Write every document of the sample into a folder."""
    folder.mkdir(parents=True)
    for source in sorted((HERE / "sources" / "policies").glob("*.txt")):
        suffix, write = FORMATS[source.name[:2]]
        (folder / source.with_suffix(suffix).name).write_bytes(write(lines_of(source)))
