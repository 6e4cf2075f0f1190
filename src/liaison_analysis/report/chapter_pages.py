"""A notebook's cells and outputs as HTML: text, folded code, tables, figures as data URIs."""

from __future__ import annotations

import base64
import html
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

from liaison_analysis.report.chapters import ANSI, LEFT_OUT, Chapter

if TYPE_CHECKING:
    from bs4 import ResultSet, Tag
    from nbformat import NotebookNode

_UNSEEN_TAGS = {"parameters", "injected-parameters", "papermill-error-cell-tag"}
_PICTURES = ("image/png", "image/jpeg", "image/svg+xml")
_NUMBER = re.compile(r"[-+−]?(\d[\d,]*\.?\d*|\.\d+)(e[-+]?\d+)?\s*%?", re.IGNORECASE)
_DATE = re.compile(r"\d{4}-\d\d(-\d\d)?([ T]\d\d:\d\d(:\d\d)?)?")
_LONG = 16
_WIDE = 1000  # pixels
_MISSING = {"NaN", "NaT", "None", "<NA>", "nan"}


def chapter_html(chapter: Chapter) -> str:
    """HTML of a chapter's cells: text, folded code, outputs; figures as data URIs, nothing fetched.

    Headings are one level lower than in the notebook, since the page has its own first heading, and the
    chapter's first heading is left out for the page to set. The cell that holds the parameters is not
    shown, since another value took its place.

    Examples
    --------
    >>> from nbformat.v4 import new_markdown_cell
    >>> cells = (new_markdown_cell("# Ledger"), new_markdown_cell("Who asks for *what*?"))
    >>> chapter_html(Chapter("01_ledger", "Ledger", cells))
    '<div class="text"><p>Who asks for <em>what</em>?</p></div>'
    """
    parts: list[str] = []
    count, first = 0, True
    for cell in chapter.cells:
        tags = set(cell.metadata.get("tags", []))
        count += cell.cell_type == "code" and "injected-parameters" not in tags
        if cell.cell_type == "markdown":
            source = cell.source
            if first:
                source, found = re.subn(r"^#\s+.+$", "", source, count=1, flags=re.MULTILINE)
                first = not found
            text = markdown_html(source, trusted=True).strip()
            parts += [f'<div class="text">{text}</div>'] if text else []
        elif cell.cell_type == "code" and not tags & _UNSEEN_TAGS:
            parts.append(_code_html(cell.source, count))
            parts += [shown for shown in map(_output_html, cell.outputs) if shown]
    return "\n".join(parts)


def answer_html(chapter: Chapter) -> str:
    """HTML of the outputs of a chapter's cells tagged ``answer``: its result in words.

    Empty where none ran, or where it is left out to protect single enterprises.

    Examples
    --------
    >>> from nbformat.v4 import new_code_cell, new_output
    >>> output = new_output("execute_result", {"text/markdown": "Nine *gaps*."})
    >>> cell = new_code_cell("brief", outputs=[output], metadata={"tags": ["answer"]})
    >>> answer_html(Chapter("02_chain", "Chain", (cell,)))
    '<div class="text"><p>Nine <em>gaps</em>.</p></div>'
    """
    answers = [cell for cell in chapter.cells if "answer" in cell.metadata.get("tags", ())]
    shown = [output for cell in answers for output in cell.outputs]
    kept = [output for output in shown if output.get("data", {}).get("text/markdown") != LEFT_OUT]
    return "\n".join(map(_output_html, kept))


def markdown_html(source: str, *, trusted: bool) -> str:
    """HTML of Markdown text.

    Parameters
    ----------
    source
        Markdown.
    trusted
        Whether HTML tags in it are kept, as in a notebook's own text; in outputs, where text of the ledger
        may stand, they are shown as the characters they are.

    Examples
    --------
    >>> markdown_html("**华数** <b>x</b>", trusted=False).strip()
    '<p><strong>华数</strong> &lt;b&gt;x&lt;/b&gt;</p>'
    """
    from nbconvert.filters.markdown_mistune import IPythonRenderer, MarkdownWithMath

    class Renderer(IPythonRenderer):
        def heading(self, text: str, level: int, **_: Any) -> str:
            return f"<h{min(level + 1, 6)}>{text}</h{min(level + 1, 6)}>\n"

        def link(self, text: str, url: str, title: str | None = None) -> str:
            stem, suffix = Path(url).stem, Path(url).suffix
            return str(super().link(text, f"#{stem}" if suffix == ".ipynb" else url, title))

    renderer = Renderer(escape=not trusted, allow_harmful_protocols=False, exclude_anchor_links=True)
    return _tables_html(str(MarkdownWithMath(renderer=renderer).render(source)))


def _code_html(source: str, count: int) -> str:
    from pygments import highlight
    from pygments.formatters import HtmlFormatter
    from pygments.lexers import PythonLexer

    if not source.strip():
        return ""
    code = highlight(source, PythonLexer(), HtmlFormatter(cssclass="code"))
    return f'<details class="source"><summary>Code {count} 代码</summary>{code}</details>'


def _output_html(output: NotebookNode) -> str:
    """HTML of one output; errors are described by the page, in words."""
    if output.output_type == "error":
        return ""
    if output.output_type == "stream":
        text = html.escape(ANSI.sub("", output.text).strip("\n"))
        if output.name == "stderr":
            return f'<details class="source"><summary>Messages 提示</summary><pre>{text}</pre></details>'
        return f'<pre class="output">{text}</pre>' if text else ""
    data = output.data
    if "text/html" in data:
        return f'<div class="output">{_tables_html(data["text/html"])}</div>'
    for kind in _PICTURES:
        if kind in data:
            return _picture_html(kind, output)
    if "text/markdown" in data:
        return f'<div class="text">{markdown_html(data["text/markdown"], trusted=False).strip()}</div>'
    return f'<pre class="output">{html.escape(ANSI.sub("", data.get("text/plain", "")))}</pre>'


def _picture_html(kind: str, output: NotebookNode) -> str:
    raw = output.data[kind]
    encoded = base64.b64encode(raw.encode()).decode() if kind == "image/svg+xml" else re.sub(r"\s", "", raw)
    sizes = output.get("metadata", {}).get(kind, {})
    width = f' width="{int(sizes["width"])}"' if "width" in sizes else ""
    words = html.escape(str(sizes.get("alt", "figure")), quote=True)
    # The width of a PNG stands in its first chunk; a wide one is scrolled on a small screen.
    pixels = int.from_bytes(base64.b64decode(encoded[:32])[16:20]) if kind == "image/png" else 0
    wide = ' class="wide"' if pixels > _WIDE else ""
    return f'<figure{wide}><img src="data:{kind};base64,{encoded}" alt="{words}"{width}></figure>'


def _tables_html(source: str) -> str:
    """Make tables readable: columns of numbers to the right, gaps as dashes, scrolling on their own."""
    if "<table" not in source:
        return source
    from bs4 import BeautifulSoup

    soup = BeautifulSoup(source, "html.parser")
    for style in soup.find_all("style"):
        style.decompose()  # pandas' own style would override the page's
    for table in soup.find_all("table"):
        _align(table)
        for attribute in ("border", "style"):
            table.attrs.pop(attribute, None)
        table.wrap(soup.new_tag("div", attrs={"class": "scroll", "tabindex": "0"}))
    return str(soup).strip()


def _align(table: Tag) -> None:
    bodies = [row for body in table.find_all("tbody") for row in body.find_all("tr")]
    cells = [row.find_all(["th", "td"]) for row in bodies]
    width = max(map(len, cells), default=0)
    heads = [row for head in table.find_all("thead") for row in head.find_all("tr")]
    for row in heads:
        row.attrs.pop("style", None)
    # Rows of a hierarchical index leave out cells on the left, so columns are counted from the right.
    for back in range(1, width + 1):
        column = [row[-back] for row in cells if len(row) >= back]
        texts = [cell.get_text(strip=True) for cell in column]
        for cell, text in zip(column, texts, strict=True):
            if text in _MISSING:
                cell.string = "–"
        known = [text for text in texts if text and text not in _MISSING]
        headers = [row.find_all(["th", "td"])[-back:][:1] for row in heads]
        for cell in [*column, *(cell for found in headers for cell in found)]:
            cell["class"] = _kind(known)
    _drop_counter(cells, heads)


def _drop_counter(cells: list[ResultSet[Tag]], heads: list[Tag]) -> None:
    """Remove an index that only counts the rows from 0."""
    firsts = [row[0] for row in cells if row]
    counted = [cell.get_text(strip=True) for cell in firsts] == [str(i) for i in range(len(firsts))]
    corners = [row.find(["th", "td"]) for row in heads]
    if (
        counted
        and all(cell.name == "th" for cell in firsts)
        and not any(c and c.get_text(strip=True) for c in corners)
    ):
        for cell in [*firsts, *filter(None, corners)]:
            cell.decompose()


def _kind(texts: list[str]) -> str:
    """Class of a column, by what all its cells hold: numbers, dates or longer texts."""
    if texts and all(map(_NUMBER.fullmatch, texts)):
        return "number"
    if texts and all(map(_DATE.fullmatch, texts)):
        return "date"
    return "long" if max(map(len, texts), default=0) > _LONG else "short"
