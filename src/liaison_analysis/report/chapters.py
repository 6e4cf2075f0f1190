"""Run a notebook on a ledger: its cells with the outputs of this run, and why it stopped."""

from __future__ import annotations

import os
import re
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from liaison_analysis._files import work_folder
from liaison_analysis.errors import MissingTableError

if TYPE_CHECKING:
    from jupyter_client.manager import AsyncKernelManager
    from nbformat import NotebookNode

# Tag of a cell that lists single enterprises or demands in a chapter that is not about them.
_SINGLE = "single"
#: Shown in the place of what lists single enterprises, where these are protected.
LEFT_OUT = "*Left out: it lists single enterprises. 涉及单家企业，未列出。*"
#: Colours and movements of the cursor in the text of a terminal.
ANSI = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]")
_LOG = "kernel.log"


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
            cell.outputs = failed or [new_output("display_data", {"text/markdown": LEFT_OUT})]


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
    trace = ANSI.sub("", "\n".join(output.get("traceback", [])))
    # The cell that sets the parameters is not one of the notebook's own.
    trace = re.sub(r"\bIn ?\[(\d+)\]", lambda found: f"In [{int(found[1]) - 1}]", trace)
    return Stop(cell, output.ename, ANSI.sub("", output.evalue), trace)
