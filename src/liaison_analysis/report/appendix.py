"""The notebooks run on a ledger, as an appendix of the report."""

from __future__ import annotations

import logging
from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd

from liaison_analysis._files import replacing, work_folder
from liaison_analysis._messages import plural_message
from liaison_analysis._outputs import writer
from liaison_analysis._progress import long_step
from liaison_analysis.errors import LiaisonError
from liaison_analysis.ledger import read_ledger, shipped, without_small_figures, write_ledger
from liaison_analysis.report.chapter_pages import answer_html, chapter_html
from liaison_analysis.report.chapters import Chapter, find_chapters, run_chapter
from liaison_analysis.report.fonts import font_face

if TYPE_CHECKING:
    from collections.abc import Mapping

    from liaison_analysis.ledger import Ledger

_LOG = logging.getLogger(__name__)


class ReportError(LiaisonError):
    """Some parts failed; the report is written without them.

    Attributes
    ----------
    path
        The report that was written.
    failures
        Why, by view, or by the notebook's file name without its suffix.

    Examples
    --------
    >>> print(ReportError(Path("out/index.html"), {"02_supply": "stopped at code cell 3 with KeyError: 'x'"}))
    1 part of the report failed: 02_supply stopped at code cell 3 with KeyError: 'x'; the rest: out/index.html
    """

    def __init__(self, path: Path, failures: dict[str, str]) -> None:
        self.path = path
        self.failures = failures
        super().__init__(path, failures)

    def __str__(self) -> str:
        """One line with every failed part."""
        reasons = "; ".join(f"{name} {reason}" for name, reason in self.failures.items())
        return plural_message(
            "{n} part of the report failed: {reasons}; the rest: {file}",
            "{n} parts of the report failed: {reasons}; the rest: {file}",
            len(self.failures),
            reasons=reasons,
            file=self.path.as_posix(),
        )


def write_appendix(
    source: str | Path,
    out: str | Path,
    *,
    notebooks: str | Path | None = None,
    min_group: int | None = None,
    year: int | None = None,
    mapping: Mapping[str, str] | str | Path | None = None,
) -> Path:
    """Run notebooks on a ledger and write their outputs as one self-contained page.

    Parameters
    ----------
    source
        What ``read_ledger`` reads.
    out
        Folder for ``index.html``; made if it is not there, the file replaced when the new one is complete.
    notebooks
        Folder of notebooks named ``NN_topic.ipynb`` that take a parameter ``data_dir``, one a chapter;
        those of the package if not given.
    min_group
        The ledger that notebooks get is protected (``Ledger.protected``). One that has a parameter
        ``min_group`` gets it, for its ``Analysis``; what a cell tagged ``single`` shows is left out.
    year, mapping
        As for ``read_ledger``.

    Returns
    -------
    Path
        The page. It opens offline and fetches nothing.

    Raises
    ------
    LedgerError
        The ledger cannot be read; nothing is written.
    ReportError
        Chapters failed. Everything else is written, and the page says what failed. A chapter that only lacks
        a table of the ledger is not a failure.
    ValueError
        ``notebooks`` holds no notebook of such a name.

    Examples
    --------
    >>> write_appendix("no_such_ledger.xlsx", "out")
    Traceback (most recent call last):
    ...
    liaison_analysis.errors.LedgerError: no_such_ledger.xlsx: ...
    """
    from tqdm import tqdm

    source, out = Path(source), Path(out)
    ledger = read_ledger(source, year=year, mapping=mapping)
    paths = find_chapters(shipped("notebooks") if notebooks is None else Path(notebooks))
    _warm_fonts()
    out.mkdir(parents=True, exist_ok=True)
    chapters = []
    with work_folder(out) as folder:
        given = source
        # A folder stays a folder; any other file becomes a workbook.
        named = source.resolve().name if source.is_dir() else f"{source.resolve().stem}.xlsx"
        if min_group is not None:
            given = write_ledger(ledger.protected(min_group), folder / named)
        elif year is not None or mapping is not None:
            given = write_ledger(ledger, folder / named)
        with long_step(_LOG, "notebooks"), tqdm(paths, unit="notebook", leave=False) as progress:
            for path in progress:
                progress.set_description(path.stem)
                chapters.append(run_chapter(path, data_dir=given, min_group=min_group))
    failures = {c.name: str(c.stop) for c in chapters if c.stop and not c.stop.lacks_data}
    page = out / "index.html"
    with replacing(page) as temporary:
        temporary.write_text(_page(ledger, chapters, least=min_group or 0), encoding="utf-8")
    if failures:
        raise ReportError(page, failures)
    return page


def _warm_fonts() -> None:
    """Have matplotlib make its list of fonts here, since in a notebook it reports it among the outputs."""
    import matplotlib.font_manager  # noqa: F401 - importing it writes the list


def _rows_of_tables(ledger: Ledger) -> pd.DataFrame:
    rows = [(name, len(frame)) for name, frame in ledger.tables.items() if len(frame)]
    return pd.DataFrame(rows, columns=["table", "n"]).astype({"n": "int64"})


def _page(ledger: Ledger, chapters: list[Chapter], *, least: int) -> str:
    import jinja2
    from pygments.formatters import HtmlFormatter

    environment = jinja2.Environment(
        loader=jinja2.PackageLoader("liaison_analysis.report", "assets"),
        autoescape=True,
        trim_blocks=True,
        undefined=jinja2.StrictUndefined,
    )
    counts = without_small_figures(_rows_of_tables, ledger, "table", least=least)
    values = {
        "generator": writer(),
        "source": ledger.source,
        "least": least,
        "counts": [(name, f"{n:,}") for name, n in counts.itertuples(index=False)],
        "synthetic": int(ledger.enterprises["is_synthetic"].fillna(value=False).sum()),
        "enterprises": len(ledger.enterprises),
        "notes": ledger.notes,
        "chapters": [(chapter, chapter_html(chapter)) for chapter in chapters],
        "answers": [(chapter, answer) for chapter in chapters if (answer := answer_html(chapter))],
        "code_style": HtmlFormatter(cssclass="code").get_style_defs(),
    }
    template = environment.get_template("appendix.html.j2")
    bare = template.render(values, font_face="")
    return template.render(values, font_face=font_face(bare))
