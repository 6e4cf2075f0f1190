"""Run the notebooks on a ledger and write the HTML report and the workbook."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import get_args

import pandas as pd

from liaison_analysis.calibration import UNCALIBRATED
from liaison_analysis.chapters import Chapter, answer_html, chapter_html, find_chapters, run_chapter
from liaison_analysis.datasets import shipped
from liaison_analysis.errors import LedgerError, LiaisonError
from liaison_analysis.ledger import Ledger, read_ledger, write_ledger
from liaison_analysis.page_fonts import font_face
from liaison_analysis.small_groups import without_small_figures, without_small_groups
from liaison_analysis.workbooks import replacing, write_workbook

_GUESTS, _SLOTS, _TABLES = 20, 6, 8

# Columns of the workbook, and how its readers call them; names stand beside ids.
_HEADERS = {
    "slot": "时段",
    "table": "桌号",
    "seeker_id": "提出方编号",
    "seeker_name": "提出方",
    "counterpart_id": "对接对象编号",
    "counterpart_name": "对接对象",
    "enterprise_id": "企业编号",
    "enterprise_name": "企业",
    "a": "甲方编号",
    "a_name": "甲方",
    "b": "乙方编号",
    "b_name": "乙方",
    "role": "对象角色",
    "rank": "名次",
    "score": "分值",
    "value": "价值",
    "n_introductions": "对接数",
    "why": "理由",
    "reason": "理由",
    "path": "产业链路径",
    "competitor": "同业竞争",
    "both_sides": "双方都提出",
    "confidence": "把握",
    "calibration": "把握的依据",
}
# What those columns mean that do not say it themselves.
_MEANINGS = {
    "role": "对接对象对提出方来说是什么。What the counterpart would be to the seeker.",
    "rank": "该提出方同一角色下的先后，1为最先。Place among this seeker's counterparts in this role.",
    "score": "建议表中为0到1，只比较同一提出方的各个对象；日程表中为该场会面的价值。Introductions: 0 to 1, "
    "orders one seeker's counterparts. Of the timetable: what the meeting is worth.",
    "confidence": "已校准时为促成送样或签约的概率，未校准时与分值相同。Calibrated: chance of a sample or "
    "contract; else the score again.",
    "calibration": "依据多少场对接的结果校准；未校准即账本中结果太少。On how many outcomes it was learnt.",
    "both_sides": "双方诉求互相点到对方的产品。Each side's demand names what the other offers.",
    "competitor": "双方做同一种产品，引见前请斟酌。Both offer the same product: think twice.",
    "path": "从供方产品到需方产品的产业链；空白表示只凭诉求。From what the one offers into what the other "
    "offers; empty: a demand alone speaks for the pair.",
    "reason": "凭什么推荐，括号内为各类证据占分值的比例。Why, with the share of each kind of evidence.",
    "n_introductions": "该企业在名单内可会见的对象数。Counterparts among the guests.",
    "value": "请来该企业带来的对接价值。What its meetings are worth.",
    "why": "为何邀请。Why it is invited.",
    "slot": "第几个时段，从1起。Time slot, from 1.",
    "table": "第几桌，从1起。Table, from 1.",
}


_WORDS = {
    True: "是",
    False: "否",
    UNCALIBRATED: "未校准 uncalibrated",
    "customer": "客户 customer",
    "supplier": "供应商 supplier",
    "financier": "金融机构 financier",
    "tester": "检测机构 tester",
    "research partner": "科研伙伴 research partner",
}


class ReportError(LiaisonError):
    """Some chapters failed; the report is written without their rest.

    Attributes
    ----------
    path
        The report that was written.
    failures
        Why, by the chapter's file name without its suffix.

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
        """One line with every failed chapter."""
        told = "; ".join(f"{name} {reason}" for name, reason in self.failures.items())
        parts = "part" if len(self.failures) == 1 else "parts"
        return f"{len(self.failures)} {parts} of the report failed: {told}; the rest: {self.path.as_posix()}"


def run_report(
    source: str | Path,
    out: str | Path,
    *,
    notebooks: str | Path | None = None,
    min_group: int | None = None,
) -> Path:
    """Run the notebooks on a ledger; write one self-contained page and a workbook of introductions.

    Parameters
    ----------
    source
        What ``read_ledger`` reads.
    out
        Folder for ``index.html`` and ``introductions.xlsx``; made if it is not there, and files of these
        names replaced when the new ones are complete.
    notebooks
        Folder of notebooks named ``NN_topic.ipynb`` that take a parameter ``data_dir``, one a chapter;
        those of the package if not given.
    min_group
        Fewest enterprises of a group that is shown: towns, categories, industries, owners and officers with
        fewer are put together as others (``without_small_groups``). A chapter that has a parameter
        ``min_group`` gets it, for the groups that it makes itself, such as themes, and to leave out rows of
        tables whose figures rest on fewer, or would give such a figure away by subtraction
        (``without_small_figures``). Cells tagged ``single``, which list single enterprises or demands, show
        nothing. The chain, introductions, salons and the plan of visits name enterprises on purpose, and
        stay, as does the workbook.

    Returns
    -------
    Path
        The page. It opens offline and fetches nothing.

    Raises
    ------
    LedgerError
        The ledger cannot be read; nothing is written.
    ReportError
        Chapters or the workbook failed. Everything else is written, and the page says what failed. A
        chapter that only lacks a table of the ledger is not a failure.
    ValueError
        ``notebooks`` holds no notebook of such a name.
    """
    from tqdm import tqdm

    source, out = Path(source), Path(out)
    ledger = read_ledger(source)
    shown = ledger if min_group is None else without_small_groups(ledger, least=min_group)
    paths = find_chapters(shipped("notebooks") if notebooks is None else Path(notebooks))
    _warm_fonts()
    out.mkdir(parents=True, exist_ok=True)
    chapters = []
    with tempfile.TemporaryDirectory(prefix="liaison-") as folder:
        given = source if min_group is None else write_ledger(shown, Path(folder) / source.resolve().name)
        with tqdm(paths, unit="chapter", leave=False) as progress:
            for path in progress:
                progress.set_description(path.stem)
                chapters.append(run_chapter(path, data_dir=given, min_group=min_group))
    failures = {c.name: str(c.stop) for c in chapters if c.stop and not c.stop.lacks_data}
    missing, cause = "", None
    try:
        write_introductions(ledger, out / "introductions.xlsx")
    except LedgerError as error:
        missing = str(error)
    except Exception as error:  # noqa: BLE001 - as with a chapter, the rest must come; it is raised below
        missing, cause = f"{type(error).__name__}: {error}", error
        failures["introductions.xlsx"] = "stopped with " + missing.partition("\n")[0]
    page = out / "index.html"
    with replacing(page) as temporary:
        temporary.write_text(_page(ledger, chapters, missing, least=min_group or 0), encoding="utf-8")
    if failures:
        raise ReportError(page, failures) from cause
    return page


def _warm_fonts() -> None:
    """Have matplotlib make its list of fonts here, since in a notebook it tells of it among the outputs."""
    import matplotlib.font_manager  # noqa: F401 - importing it writes the list


def write_introductions(ledger: Ledger, path: Path) -> Path:
    """Write introductions in every role, and the salon planned from them, as a workbook.

    Parameters
    ----------
    ledger
        Needs offers; the more tables the better.
    path
        The ``.xlsx`` file; what stood there is gone even if nothing can be written, since introductions
        of an earlier ledger must not pass for this one's.

    Raises
    ------
    LedgerError
        The ledger lacks a table that introductions need.
    """
    from liaison_analysis.introductions import Role, rank_introductions

    path.unlink(missing_ok=True)
    found = [rank_introductions(ledger, role=role, k=10) for role in get_args(Role)]
    introductions = pd.concat([frame for frame in found if len(frame)] or found[:1], ignore_index=True)
    introductions = introductions.sort_values(["seeker_id", "role", "rank"], ignore_index=True)
    guests, timetable = _salon(ledger, introductions)
    frames = {
        "牵线建议 introductions": introductions,
        "沙龙名单 guests": guests,
        "沙龙日程 timetable": timetable,
    }
    sheets = {name: _for_readers(frame, ledger) for name, frame in frames.items()}
    return write_workbook(path, {**sheets, "说明 columns": _explained(sheets)})


def _explained(sheets: dict[str, pd.DataFrame]) -> pd.DataFrame:
    """Say what the columns of the sheets mean."""
    rows = [
        (name, column, _MEANINGS[key])
        for name, frame in sheets.items()
        for column in frame.columns
        if (key := str(column).split()[-1]) in _MEANINGS
    ]
    return pd.DataFrame(rows, columns=["工作表 sheet", "列 column", "含义 meaning"])


def _salon(ledger: Ledger, introductions: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Plan the salon around the enterprise that seeks most, as the chapter on salons does: guests, timetable.

    Both are empty where the seeker is introduced to nobody.
    """
    from liaison_analysis.circles import first_doors, introductions_around, pick_seeker, salon_core
    from liaison_analysis.salons import plan_salon

    nothing = introductions[["seeker_id"]].iloc[:0]
    if introductions.empty:
        return nothing, nothing
    seeker = pick_seeker(ledger, introductions)
    around = introductions_around(introductions, seeker)
    if around.empty:
        return nothing, nothing
    plan = plan_salon(around, capacity=_GUESTS, required=salon_core(around, seeker))
    doors = [(seeker, door) for door in first_doors(around, seeker)]
    return plan.guests, plan.timetable(_SLOTS, _TABLES, must=doors, min_meetings=1)


def _for_readers(frame: pd.DataFrame, ledger: Ledger) -> pd.DataFrame:
    """Put the enterprise's name beside its id, count slots and tables from 1, and head columns in Chinese."""
    names = ledger.names()
    columns: dict[str, pd.Series] = {}
    shown = {name: frame[name] + 1 for name in ("slot", "table") if name in frame}
    shown |= {name: frame[name].round(3) for name in ("score", "value", "confidence") if name in frame}
    shown |= {name: frame[name].map(_WORDS) for name in ("competitor", "both_sides") if name in frame}
    shown |= {
        name: frame[name].map(lambda word: _WORDS.get(word, word))
        for name in ("role", "calibration")
        if name in frame
    }
    for column in [name for name in frame.columns if name in _HEADERS]:
        columns[f"{_HEADERS[column]} {column}"] = shown.get(column, frame[column])
        name = f"{column.removesuffix('_id')}_name"
        if name in _HEADERS:
            columns[f"{_HEADERS[name]} {name}"] = frame[column].map(names)
    return pd.DataFrame(columns)


def _rows_of_tables(ledger: Ledger) -> pd.DataFrame:
    rows = [(name, len(frame)) for name, frame in ledger.tables.items() if len(frame)]
    return pd.DataFrame(rows, columns=["table", "n"]).astype({"n": "int64"})


def _page(ledger: Ledger, chapters: list[Chapter], workbook_missing: str, *, least: int) -> str:
    import jinja2
    from pygments.formatters import HtmlFormatter

    environment = jinja2.Environment(
        loader=jinja2.PackageLoader("liaison_analysis", "."),
        autoescape=True,
        trim_blocks=True,
        undefined=jinja2.StrictUndefined,
    )
    counts = without_small_figures(_rows_of_tables, ledger, "table", least=least)
    values = {
        "source": ledger.source,
        "least": least,
        "counts": [(name, f"{n:,}") for name, n in counts.itertuples(index=False)],
        "synthetic": int(ledger.enterprises["is_synthetic"].fillna(value=False).sum()),
        "enterprises": len(ledger.enterprises),
        "notes": ledger.notes,
        "chapters": [(chapter, chapter_html(chapter)) for chapter in chapters],
        "answers": [(chapter, said) for chapter in chapters if (said := answer_html(chapter))],
        "workbook_missing": workbook_missing,
        "code_style": HtmlFormatter(cssclass="code").get_style_defs(),
    }
    template = environment.get_template("report.html.j2")
    bare = template.render(values, font_face="")
    return template.render(values, font_face=font_face(bare))
