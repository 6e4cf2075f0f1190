"""``run_report``: the page, its JSON, the workbook, and on request the notebooks, of one ledger."""

from __future__ import annotations

import json
import logging
from pathlib import Path
from typing import TYPE_CHECKING, Any

from liaison_analysis._files import replacing, replacing_folder
from liaison_analysis._messages import in_both_languages
from liaison_analysis._outputs import writer
from liaison_analysis._progress import long_step
from liaison_analysis.analysis import Analysis
from liaison_analysis.followup import dispatch_sheet
from liaison_analysis.ledger import read_ledger, shipped, write_ledger
from liaison_analysis.report.appendix import ReportError, write_appendix
from liaison_analysis.report.book import write_report_workbook
from liaison_analysis.report.bundle import page_html
from liaison_analysis.report.page_data import VIEWS, failures, page_data, schema
from liaison_analysis.report.tables import word

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pandas as pd

_LOG = logging.getLogger(__name__)

#: Files that a report consists of.
FILES = ("index.html", "report.json", "report.xlsx")


def run_report(
    source: str | Path,
    out: str | Path,
    *,
    min_group: int | None = None,
    since: str | Path | None = None,
    notebooks: bool | str | Path = False,
    year: int | None = None,
    mapping: Mapping[str, str] | str | Path | None = None,
) -> Path:
    """Analyse a ledger; write a page to open, the same as JSON, and one workbook with everything.

    Parameters
    ----------
    source
        What ``read_ledger`` reads.
    out
        Folder for ``index.html``, ``report.json`` and ``report.xlsx``; made if it is not there, and files of
        these names replaced when the new ones are complete.
    min_group
        Fewest enterprises that a figure may describe, see ``Analysis``.
    since
        An earlier state of the ledger; what changed since then is marked and listed.
    notebooks
        Whether to run the notebooks as well and write what they show to the folder ``notebooks`` in ``out``;
        or a folder of other notebooks.
    year, mapping
        As for ``read_ledger``, of both ledgers.

    Returns
    -------
    Path
        The page. It opens offline, fetches nothing and holds no path of this machine.

    Raises
    ------
    LedgerError
        A ledger cannot be read; nothing is written.
    ReportError
        Parts failed. Everything else is written, and the page says what failed; a part that only lacks a
        table of the ledger is not a failure.

    Examples
    --------
    >>> run_report("no_such_ledger.xlsx", "out")
    Traceback (most recent call last):
    ...
    liaison_analysis.errors.LedgerError: no_such_ledger.xlsx: ...
    """
    from tqdm import tqdm

    source, out = Path(source), Path(out)
    with in_both_languages() as messages:
        ledger = read_ledger(source, year=year, mapping=mapping)
    before = None if since is None else read_ledger(since, year=year, mapping=mapping)
    analysis = Analysis(ledger, min_group=min_group)
    changes = None if before is None else _changes(analysis, Analysis(before))
    out.mkdir(parents=True, exist_ok=True)
    with long_step(_LOG, "report"), tqdm(total=len(VIEWS) + 2, unit="part", leave=False) as progress:

        def step(name: str) -> None:
            progress.set_description(word(name, analysis.language))
            progress.update()

        data = page_data(analysis, changes=changes, messages=messages, progress=step)
        step("xlsx")
        page, described, book = (out / name for name in FILES)
        with replacing(book) as temporary:
            write_report_workbook(analysis, data, temporary)
        with replacing(described) as temporary:
            temporary.write_text(_as_json(data), encoding="utf-8")
        with replacing(page) as temporary:
            temporary.write_text(page_html(data), encoding="utf-8")
    failed = failures(data)
    if notebooks:
        own = None if isinstance(notebooks, bool) else notebooks
        try:
            write_appendix(
                source, out / "notebooks", notebooks=own, min_group=min_group, year=year, mapping=mapping
            )
        except ReportError as error:
            failed |= error.failures
    if failed:
        raise ReportError(page, failed)
    return page


def _changes(analysis: Analysis, before: Analysis) -> pd.DataFrame:
    """List what changed since an earlier state of the ledger, up to the day of this one."""
    since = min(before.day, analysis.day - analysis.day.resolution)
    return dispatch_sheet(analysis.ledger, since, analysis.day, before=before.ledger, within=analysis.within)


def _as_json(data: dict[str, Any]) -> str:
    """Write the data with the schema of its columns, the same bytes for the same ledger."""
    return (
        json.dumps({"generator": writer(), "schema": schema(), **data}, ensure_ascii=False, indent=1) + "\n"
    )


def copy_notebooks(
    source: str | Path,
    out: str | Path,
    *,
    year: int | None = None,
    mapping: Mapping[str, str] | str | Path | None = None,
) -> Path:
    """Copy the notebooks of the package to a folder, set to read another ledger.

    Parameters
    ----------
    source
        What ``read_ledger`` reads; it is read here once, so that errors are found before anything is copied.
    out
        Folder to make; it must not be there or be empty.
    year, mapping
        As for ``read_ledger``. With one of them, the ledger as it was understood is written beside the
        notebooks, as ``ledger.xlsx``, and they read that.

    Returns
    -------
    Path
        ``out``, with the notebooks without outputs, each with ``data_dir`` set to the ledger. It appears
        when all of them are written.

    Raises
    ------
    LedgerError
        The ledger cannot be read.
    FileExistsError
        The folder holds files already.

    Examples
    --------
    >>> import tempfile
    >>> from pathlib import Path
    >>> from liaison_analysis.ledger import shipped
    >>> out = copy_notebooks(shipped("data/liangjiang"), Path(tempfile.mkdtemp()) / "mine")
    >>> sorted(path.name for path in out.glob("*.ipynb"))[0]
    '00_start_here.ipynb'
    """
    import nbformat

    source, out = Path(source), Path(out)
    ledger = read_ledger(source, year=year, mapping=mapping)
    if out.exists() and any(out.iterdir()):
        raise FileExistsError(f"{out} holds files already; name a new folder")
    data = source.resolve()
    with replacing_folder(out) as temporary:
        if year is not None or mapping is not None:
            data = out.resolve() / "ledger.xlsx"
            write_ledger(ledger, temporary / data.name)
        for path in sorted(shipped("notebooks").glob("*.ipynb")):
            notebook = nbformat.read(path, as_version=4)
            for cell in notebook.cells:
                if cell.cell_type == "code":
                    cell.outputs, cell.execution_count = [], None
                if "parameters" in cell.metadata.get("tags", ()):
                    cell.source = _with_path(cell.source, data)
            nbformat.write(notebook, temporary / path.name)
    return out


def _with_path(source: str, path: Path) -> str:
    """Set ``data_dir`` in the lines of a cell of parameters."""
    lines = source.splitlines()
    return "\n".join(
        f"data_dir = {path.as_posix()!r}" if line.startswith("data_dir") else line for line in lines
    )
