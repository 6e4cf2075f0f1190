"""Every figure: takes ``ax``, returns the ``Axes``; Chinese labels need no font of the machine."""

from __future__ import annotations

import functools
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, ParamSpec

import pandas as pd

if TYPE_CHECKING:
    from collections.abc import Callable

    from matplotlib.axes import Axes

    from liaison_analysis.ledger import Ledger

_P = ParamSpec("_P")

_INK, _QUIET, _GRID = "#22313f", "#7f8c8d", "#e5e8e8"
_BLUE, _ORANGE, _GREEN, _GREY = "#2f6db3", "#e08a2e", "#4a9d6e", "#b8c2cc"

#: Fonts of every figure: the packaged Chinese font first, then matplotlib's own for what it lacks.
FONTS: Final = ["Noto Sans SC", "DejaVu Sans"]

_STYLE: Final[dict[Any, Any]] = {
    "font.family": FONTS,
    "axes.unicode_minus": False,
    # A name with two dollar signs is no formula, and need not be one that can be read.
    "text.parse_math": False,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.edgecolor": _GREY,
    "axes.labelcolor": _INK,
    "axes.titlelocation": "left",
    "axes.titlesize": 12,
    "text.color": _INK,
    "xtick.color": _QUIET,
    "ytick.color": _INK,
    "axes.axisbelow": True,
}


@functools.cache
def chinese_font() -> Path:
    """Register the packaged Chinese font with matplotlib, and return its file.

    Examples
    --------
    >>> chinese_font().name
    'NotoSansSC-Regular.ttf'
    """
    import zhplot
    from matplotlib import font_manager

    path = Path(zhplot.__file__).parent / "fonts" / "NotoSansSC-Regular.ttf"
    font_manager.fontManager.addfont(path)
    return path


def _figure(draw: Callable[_P, Axes]) -> Callable[_P, Axes]:
    """Draw under the house style without changing the user's."""

    @functools.wraps(draw)
    def styled(*args: _P.args, **kwargs: _P.kwargs) -> Axes:
        import matplotlib as mpl
        from matplotlib.text import Text

        chinese_font()
        # Not rc_context, which puts every setting back: the first figure of a notebook starts its backend,
        # and that turns on what shows the figures after it.
        before = {key: mpl.rcParams[key] for key in _STYLE}
        mpl.rcParams.update(_STYLE)
        try:
            ax = draw(*args, **kwargs)
            # Titles and ticks of an Axes that the caller made keep the caller's font otherwise.
            for text in ax.findobj(Text):
                text.set_fontfamily(FONTS)
                text.set_parse_math(False)
        finally:
            mpl.rcParams.update(before)
        return ax

    return styled


def _axes(ax: Axes | None, width: float, height: float) -> Axes:
    if ax is not None:
        return ax
    import matplotlib.pyplot as plt

    return plt.subplots(figsize=(width, height), layout="constrained")[1]


def short_name(name: str) -> str:
    """Name of an enterprise for a label: without the city and the legal form.

    Examples
    --------
    >>> short_name("重庆华数机器人有限公司"), short_name("岚砺(重庆)精密科技股份有限公司")
    ('华数机器人', '岚砺精密')
    """
    brief = re.sub(r"^重庆(?:市)?|[(（]重庆[)）]|(?:股份|责任)?有限(?:责任)?公司", "", name)
    brief = re.sub(r"(?:科技|技术|股份|有限)+$", "", brief)
    return brief if len(brief) > 1 else name


def _synthetic_note(ax: Axes, *, synthetic: bool, above: float = 3) -> None:
    """Say on the figure itself that it draws on synthetic rows: figures travel without their page."""
    if synthetic:
        ax.annotate(
            "合成示例数据 · synthetic sample", (1, 1), (0, above), xycoords="axes fraction",
            textcoords="offset points", ha="right", va="bottom", fontsize=7, color=_QUIET,
        )  # fmt: skip


def _is_synthetic(ledger: Ledger | None) -> bool:
    return ledger is not None and bool(ledger.enterprises["is_synthetic"].fillna(value=False).any())


@_figure
def plot_demands_by_month(
    ledger: Ledger, ax: Axes | None = None, *, counts: pd.DataFrame | None = None
) -> Axes:
    """Draw demands raised and settled in each month as bars side by side."""
    ax = _axes(ax, 8, 3.2)
    counts = demands_by_month(ledger) if counts is None else counts
    at = range(len(counts))
    ax.bar([i - 0.2 for i in at], counts["raised"], width=0.4, color=_BLUE, label="提出 raised")
    ax.bar([i + 0.2 for i in at], counts["settled"], width=0.4, color=_GREEN, label="办结 settled")
    ax.set_xticks(list(at), counts["month"].tolist(), rotation=45, ha="right", fontsize=8)
    ax.yaxis.grid(visible=True, color=_GRID)
    ax.legend(frameon=False, loc="upper left", fontsize=9)
    ax.set_title("每月诉求 Demands by month")
    _synthetic_note(ax, synthetic=_is_synthetic(ledger))
    return ax


def demands_by_month(ledger: Ledger) -> pd.DataFrame:
    """Count the demands raised and settled in each month: the frame behind ``plot_demands_by_month``.

    Returns
    -------
    DataFrame
        Columns month (``2022-03``), raised, settled; every month between the first and the last.

    Examples
    --------
    >>> from liaison_analysis import load_liangjiang
    >>> demands_by_month(load_liangjiang())[["raised", "settled"]].sum().tolist()
    [476, 198]
    """
    raised = ledger.demands["raised_on"].dt.to_period("M")
    settled = ledger.demands["settled_on"].dropna().dt.to_period("M")
    months = pd.period_range(raised.min(), max([raised.max(), *settled]), freq="M")
    return pd.DataFrame(
        {
            "month": months.astype(str),
            "raised": raised.value_counts().reindex(months, fill_value=0).to_numpy(),
            "settled": settled.value_counts().reindex(months, fill_value=0).to_numpy(),
        }
    )


@_figure
def plot_bars(
    frame: pd.DataFrame,
    label: str,
    value: str,
    ax: Axes | None = None,
    *,
    title: str = "",
    most: int = 15,
    ledger: Ledger | None = None,
) -> Axes:
    """Draw one column of a frame as horizontal bars, the frame's first row on top.

    Parameters
    ----------
    frame
        One row a bar, in the order wanted.
    label, value
        Columns with the bars' names and lengths.
    ax
        Where to draw; a new figure by default.
    title
        Title of the figure.
    most
        Bars drawn; how many are left out is said below.
    ledger
        Where the frame comes from; the figure says so if it holds synthetic rows.
    """
    shown = frame.head(most)
    ax = _axes(ax, 8, 0.6 + 0.3 * max(len(shown), 3))
    ax.barh(range(len(shown)), shown[value], color=_BLUE, height=0.68)
    ax.set_yticks(range(len(shown)), shown[label].astype(str).tolist(), fontsize=9)
    for i, length in enumerate(shown[value]):
        ax.text(length, i, f" {length:g}", va="center", fontsize=8, color=_QUIET)
    ax.invert_yaxis()
    ax.xaxis.grid(visible=True, color=_GRID)
    ax.margins(x=0.08)
    if len(frame) > most:
        ax.set_xlabel(f"另有 {len(frame) - most} 项 · {len(frame) - most} more", fontsize=8, color=_QUIET)
    ax.set_title(title)
    _synthetic_note(ax, synthetic=_is_synthetic(ledger))
    return ax


@_figure
def plot_theme_months(monthly: pd.DataFrame, ax: Axes | None = None, *, ledger: Ledger | None = None) -> Axes:
    """Draw themes by month as a table of shaded cells, the largest theme on top.

    Parameters
    ----------
    monthly
        Columns month, theme, name, n, from ``DemandThemes.over_time``.
    ax
        Where to draw; a new figure by default.
    ledger
        Where the demands come from; the figure says so if it holds synthetic rows.
    """
    order = monthly.groupby(["theme", "name"])["n"].sum().reset_index()
    order = order.sort_values(["n", "theme"], ascending=[False, True])
    grid = monthly.pivot_table(index="theme", columns="month", values="n", aggfunc="sum", fill_value=0).loc[
        order["theme"]
    ]
    ax = _axes(ax, 1.8 + 0.6 * grid.shape[1], 0.9 + 0.32 * len(grid))
    cells = grid.to_numpy(dtype=float)
    ax.imshow(cells, cmap="Blues", aspect="auto", vmin=0, vmax=max(cells.max() * 1.25, 1))
    for i, row in enumerate(cells):
        for j, n in enumerate(row):
            if n:
                colour = "white" if n > cells.max() * 0.7 else _INK
                ax.text(j, i, f"{n:g}", ha="center", va="center", fontsize=8, color=colour)
    ax.set_xticks(
        range(grid.shape[1]), [str(month) for month in grid.columns], rotation=45, ha="right", fontsize=8
    )
    ax.set_yticks(range(len(grid)), order["name"].tolist(), fontsize=9)
    ax.tick_params(length=0)
    for side in ax.spines.values():
        side.set_visible(False)
    ax.set_title("各月主题 Themes by month")
    _synthetic_note(ax, synthetic=_is_synthetic(ledger))
    return ax


@_figure
def plot_introductions(
    introductions: pd.DataFrame, ledger: Ledger, seeker_id: str, ax: Axes | None = None, *, most: int = 10
) -> Axes:
    """Draw the counterparts of one seeker with their scores, split by evidence.

    Parameters
    ----------
    introductions
        From ``rank_introductions``.
    ledger
        Names the counterparts.
    seeker_id
        Whose introductions.
    ax
        Where to draw; a new figure by default.
    most
        Counterparts drawn.
    """
    rows = introductions[introductions["seeker_id"].eq(seeker_id)].sort_values(["rank", "role"]).head(most)
    ax = _axes(ax, 8, 0.8 + 0.34 * max(len(rows), 3))
    names = ledger.names()
    parts = {
        "chain": ("产业链 chain", _BLUE),
        "asked": ("本方诉求 own demand", _ORANGE),
        "back": ("对方诉求 their demand", _GREEN),
        "context": ("旁证 context", _GREY),
    }
    carried = rows["chain_share"] + rows["asked_share"] + rows["back_share"]
    rows = rows.assign(context_share=(1 - carried).clip(lower=0))
    left = pd.Series(0.0, index=rows.index)
    for part, (label, colour) in parts.items():
        width = rows["score"] * rows[f"{part}_share"]
        ax.barh(range(len(rows)), width, left=left, color=colour, height=0.68, label=label)
        left += width
    labels = [
        f"{rank}  {short_name(names[i])}"
        for rank, i in zip(rows["rank"], rows["counterpart_id"], strict=True)
    ]
    ax.set_yticks(range(len(rows)), labels, fontsize=9)
    ax.invert_yaxis()
    ax.set_xlim(0, 1)
    ax.xaxis.grid(visible=True, color=_GRID)
    ax.set_xlabel("得分 score")
    ax.legend(frameon=False, fontsize=8, loc="lower right")
    ax.set_title(f"{short_name(names[seeker_id])}：见谁 whom to meet")
    _synthetic_note(ax, synthetic=_is_synthetic(ledger))
    return ax


@_figure
def plot_timetable(timetable: pd.DataFrame, ledger: Ledger, ax: Axes | None = None) -> Axes:
    """Draw a salon's meetings as a grid of slots and tables.

    Parameters
    ----------
    timetable
        Columns slot, table, a, b, score: enterprise ids that meet, from ``SalonPlan.timetable``.
    ledger
        Names the guests.
    ax
        Where to draw; a new figure by default.
    """
    slots, tables = (int(timetable[c].max()) + 1 if len(timetable) else 1 for c in ("slot", "table"))
    ax = _axes(ax, 1.2 + 1.55 * tables, 0.8 + 0.62 * slots)
    names = ledger.names()
    top = float(timetable["score"].max()) if len(timetable) else 1.0
    for row in timetable[["slot", "table", "a", "b", "score"]].to_dict("records"):
        x, y = row["table"], row["slot"]
        shade = 0.10 + 0.35 * row["score"] / top
        ax.add_patch(_cell(x, y, shade))
        text = "\n".join(_clip(short_name(names[i])) for i in (row["a"], row["b"]))
        ax.text(x, y, text, ha="center", va="center", fontsize=7.5, linespacing=1.35)
    ax.set_xlim(-0.5, tables - 0.5)
    ax.set_ylim(slots - 0.5, -0.5)
    ax.set_xticks(range(tables), [f"{i + 1} 号桌" for i in range(tables)], fontsize=8)
    ax.set_yticks(range(slots), [f"第 {i + 1} 轮" for i in range(slots)], fontsize=8)
    ax.tick_params(length=0)
    ax.xaxis.tick_top()
    for side in ax.spines.values():
        side.set_visible(False)
    ax.set_title("沙龙日程 Timetable（颜色越深，对接价值越高）", pad=24)
    _synthetic_note(ax, synthetic=_is_synthetic(ledger), above=24)
    return ax


def _cell(x: float, y: float, shade: float) -> Any:
    from matplotlib.patches import FancyBboxPatch

    return FancyBboxPatch(
        (x - 0.44, y - 0.38), 0.88, 0.76, boxstyle="round,pad=0.02", fc=_BLUE, alpha=shade, ec="none"
    )


def _clip(name: str, longest: int = 8) -> str:
    return name if len(name) <= longest else f"{name[: longest - 1]}…"
