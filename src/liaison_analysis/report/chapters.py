"""Run a notebook on a ledger, and convert its outputs to HTML."""

from __future__ import annotations

import base64
import html
import os
import re
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from liaison_analysis._files import work_folder
from liaison_analysis.errors import MissingTableError

if TYPE_CHECKING:
    from bs4 import ResultSet, Tag
    from jupyter_client.manager import AsyncKernelManager
    from nbformat import NotebookNode

# Tag of a cell that lists single enterprises or demands in a chapter that is not about them.
_SINGLE = "single"
_LEFT_OUT = "*Left out: it lists single enterprises. 涉及单家企业，未列出。*"
_UNSEEN_TAGS = {"parameters", "injected-parameters", "papermill-error-cell-tag"}
_PICTURES = ("image/png", "image/jpeg", "image/svg+xml")
_ANSI = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]")
_NUMBER = re.compile(r"[-+−]?(\d[\d,]*\.?\d*|\.\d+)(e[-+]?\d+)?\s*%?", re.IGNORECASE)
_DATE = re.compile(r"\d{4}-\d\d(-\d\d)?([ T]\d\d:\d\d(:\d\d)?)?")
_LONG = 16
_WIDE = 1000  # pixels
_LOG = "kernel.log"
_MISSING = {"NaN", "NaT", "None", "<NA>", "nan"}


@dataclass(frozen=True)
class Stop:
    """Why a chapter ended before its last cell.

    Attributes
    ----------
    cell
        Which of the notebook's own code cells, counted from 1; 0 where none had begun.
    kind
        Name of the exception, or ``KernelDied``.
    message
        What the exception says.
    trace
        The traceback as plain text, empty where there is none.
    """

    cell: int
    kind: str
    message: str
    trace: str = ""

    @property
    def lacks_data(self) -> bool:
        """Whether the ledger lacks a table that ``Ledger.require`` asked for, so that nothing is broken."""
        return self.kind == MissingTableError.__name__

    @property
    def where(self) -> str:
        """At which code cell it stopped, in words."""
        return f"stopped at code cell {self.cell}" if self.cell else "stopped before its first code cell"

    def __str__(self) -> str:
        """One line: cell, exception and the first line of its message."""
        first = self.message.strip().partition("\n")[0]
        return f"{self.where} with {self.kind}" + (f": {first}" if first else "")


@dataclass(frozen=True)
class Chapter:
    """A notebook as it ran on a ledger.

    Attributes
    ----------
    name
        File name without its suffix, such as ``02_supply_chain_graph``; the anchor in the page.
    title
        Text of the notebook's first heading.
    cells
        The cells with the outputs of this run, up to and with the one that stopped it.
    stop
        Why it ended early; ``None`` where it ran to its end.
    """

    name: str
    title: str
    cells: tuple[NotebookNode, ...]
    stop: Stop | None = None


def find_chapters(notebooks: Path) -> list[Path]:
    """Notebooks named ``NN_topic.ipynb`` of a folder, in the order of their numbers.

    Raises
    ------
    ValueError
        The folder holds none.

    Examples
    --------
    >>> find_chapters(Path("no-such-folder"))
    Traceback (most recent call last):
    ...
    ValueError: notebooks must be a folder with files named like 01_ledger.ipynb; none in 'no-such-folder'
    """
    found = sorted(path for path in notebooks.glob("*.ipynb") if re.match(r"\d\d_", path.name))
    if not found:
        raise ValueError(
            f"notebooks must be a folder with files named like 01_ledger.ipynb; none in {str(notebooks)!r}"
        )
    return found


def run_chapter(path: Path, *, data_dir: Path, min_group: int | None = None) -> Chapter:
    """Run a notebook from a fresh kernel of this interpreter, with ``data_dir`` as its parameter.

    Outputs in the file are removed first, so that all outputs of a chapter are of this ledger. A cell that
    fails ends the chapter but raises nothing; only an interrupt is raised.

    Parameters
    ----------
    path
        The notebook; its folder is the kernel's working folder.
    data_dir
        The ledger, as the notebook gives it to ``read_ledger``.
    min_group
        Given to a notebook whose parameters name it. What a cell tagged ``single`` shows is left out then.
    """
    import nbformat
    import papermill

    try:
        given = nbformat.read(path, as_version=4)
    except (ValueError, nbformat.ValidationError) as error:
        return Chapter(path.stem, path.stem, (), Stop(0, type(error).__name__, str(error)[:500]))
    with work_folder(Path()) as folder:
        written = folder / "chapter.ipynb"
        died = ""
        parameters: dict[str, object] = {"data_dir": str(data_dir.resolve())}
        if min_group is not None and _takes(given, "min_group"):
            parameters["min_group"] = min_group
        try:
            papermill.execute_notebook(
                given,
                str(written),
                parameters,
                kernel_name="python3",
                language="python",
                progress_bar=False,
                cwd=str(path.parent.resolve()),
                kernel_manager_class=_kernel_of_this_interpreter(folder),
            )
        except papermill.PapermillExecutionError:
            pass  # the failed cell is in the notebook, and is read from there
        except RuntimeError as error:
            died = "\n".join([str(error), *_errors_in(folder / _LOG)])
        ran = nbformat.read(written, as_version=4) if written.exists() else given
    if min_group:
        _leave_out_single(ran)
    return _chapter(path.stem, ran, died)


def _leave_out_single(ran: NotebookNode) -> None:
    from nbformat.v4 import new_output

    for cell in ran.cells:
        if cell.cell_type == "code" and _SINGLE in cell.metadata.get("tags", ()):
            failed = [out for out in cell.outputs if out.output_type == "error"]
            cell.outputs = failed or [new_output("display_data", {"text/markdown": _LEFT_OUT})]


def _takes(notebook: NotebookNode, parameter: str) -> bool:
    """Whether a cell tagged ``parameters`` sets this one."""
    tagged = [cell.source for cell in notebook.cells if "parameters" in cell.metadata.get("tags", ())]
    return any(re.search(rf"^{parameter} *=", source, re.MULTILINE) for source in tagged)


def _errors_in(log: Path) -> list[str]:
    """Lines of a dead kernel's log that say what it died of, such as a segmentation fault."""
    lines = log.read_text(encoding="utf-8", errors="replace").splitlines() if log.exists() else []
    return [line.strip() for line in lines if re.search(r"\berror\b|Error:", line, re.IGNORECASE)][:3]


def _kernel_of_this_interpreter(folder: Path) -> type[AsyncKernelManager]:
    """Kernel manager that needs no registered kernel and no home directory.

    A kernel named python3 that another environment registered would run without this package, and a
    user's IPython profile would change what cells show.
    """
    from jupyter_client.kernelspec import KernelSpec
    from jupyter_client.manager import AsyncKernelManager

    spec = KernelSpec(
        argv=[sys.executable, "-m", "ipykernel_launcher", "-f", "{connection_file}"],
        display_name="Python 3",
        language="python",
        env={
            "IPYTHONDIR": str(folder / "ipython"),
            "JUPYTER_CONFIG_DIR": str(folder / "config"),
            "JUPYTER_RUNTIME_DIR": str(folder / "runtime"),
            "MPLBACKEND": "module://matplotlib_inline.backend_inline",
            "PYTHONHASHSEED": "0",
            "TQDM_DISABLE": "1",
        },
    )

    class ThisInterpreter(AsyncKernelManager):
        def __init__(self, **options: Any) -> None:
            # Unix sockets, so that personal data in messages of a kernel do not pass the network.
            local = {"transport": "ipc", "ip": str(folder / "socket")} if os.name == "posix" else {}
            super().__init__(**{**options, **local, "connection_file": str(folder / "kernel.json")})

        async def start_kernel(self, **options: Any) -> None:  # type: ignore[override]  # as its parent's
            # What the kernel writes beside its cells is shown only where it matters: when it dies.
            with (folder / _LOG).open("wb") as log:
                await super().start_kernel(**options, stdout=log, stderr=log)

        @property
        def kernel_spec(self) -> KernelSpec:
            return spec

    return ThisInterpreter


def _chapter(name: str, ran: NotebookNode, died: str) -> Chapter:
    cells: list[NotebookNode] = []
    title, stop, count = "", None, 0
    for cell in ran.cells:
        tags = set(cell.metadata.get("tags", []))
        if "papermill-error-cell-tag" in tags:
            continue
        if cell.cell_type == "markdown" and not title:
            heading = re.search(r"^#\s+(.+?)\s*#*$", cell.source, re.MULTILINE)
            title = heading[1] if heading else ""
        if cell.cell_type != "code":
            cells.append(cell)
            continue
        if died and cell.metadata.get("papermill", {}).get("start_time") is None:
            break
        count += "injected-parameters" not in tags
        cells.append(cell)
        stop = next((_stop(out, count) for out in cell.outputs if out.output_type == "error"), None)
        if stop is not None:
            break
    if stop is None and died:
        stop = Stop(count, "KernelDied", died)
    return Chapter(name, title or name, tuple(cells), stop)


def _stop(output: NotebookNode, cell: int) -> Stop:
    trace = _ANSI.sub("", "\n".join(output.get("traceback", [])))
    # The cell that sets the parameters is not one of the notebook's own.
    trace = re.sub(r"\bIn ?\[(\d+)\]", lambda found: f"In [{int(found[1]) - 1}]", trace)
    return Stop(cell, output.ename, _ANSI.sub("", output.evalue), trace)


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
    kept = [output for output in shown if output.get("data", {}).get("text/markdown") != _LEFT_OUT]
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
        text = html.escape(_ANSI.sub("", output.text).strip("\n"))
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
    return f'<pre class="output">{html.escape(_ANSI.sub("", data.get("text/plain", "")))}</pre>'


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
