"""Figures of introductions and of a salon's timetable."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd

from liaison_analysis._checks import check_frame
from liaison_analysis.ledger import as_ledger
from liaison_analysis.plots.style import (
    BLUE,
    GREEN,
    GREY,
    GRID,
    ORANGE,
    axes_or_new,
    clipped,
    finished,
    in_house_style,
    is_synthetic,
    short_name,
)

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from liaison_analysis.ledger import Ledger


@in_house_style
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

    Returns
    -------
    matplotlib.axes.Axes
        Where it was drawn.

    Examples
    --------
    >>> from liaison_analysis import load_liangjiang, rank_introductions
    >>> ledger = load_liangjiang()
    >>> ax = plot_introductions(rank_introductions(ledger, ["E001"], k=3), ledger, "E001")
    >>> len(ax.get_yticklabels())
    3
    """
    ledger = as_ledger(ledger)
    check_frame(
        introductions,
        "introductions",
        ["seeker_id", "counterpart_id", "role", "score", "rank", "chain_share", "asked_share", "back_share"],
        source="rank_introductions",
    )
    rows = introductions[introductions["seeker_id"].eq(seeker_id)].sort_values(["rank", "role"]).head(most)
    ax = axes_or_new(ax, 8, 0.8 + 0.34 * max(len(rows), 3))
    names = ledger.names()
    parts = {
        "chain": ("产业链 chain", BLUE),
        "asked": ("本方诉求 own demand", ORANGE),
        "back": ("对方诉求 their demand", GREEN),
        "context": ("旁证 context", GREY),
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
    ax.xaxis.grid(visible=True, color=GRID)
    ax.set_xlabel("得分 score")
    ax.legend(frameon=False, fontsize=8, loc="lower right")
    return finished(ax, f"{short_name(names[seeker_id])}：见谁 whom to meet", synthetic=is_synthetic(ledger))


@in_house_style
def plot_timetable(timetable: pd.DataFrame, ledger: Ledger, ax: Axes | None = None) -> Axes:
    """Draw a salon's meetings as a grid of slots and tables.

    Parameters
    ----------
    timetable
        Columns slot, table, a, b, score: enterprise ids that meet, from ``salons.schedule_salon``.
    ledger
        Names the guests.
    ax
        Where to draw; a new figure by default.

    Returns
    -------
    matplotlib.axes.Axes
        Where it was drawn.

    Examples
    --------
    >>> from liaison_analysis import load_liangjiang
    >>> meetings = pd.DataFrame({"slot": [0], "table": [0], "a": ["E001"], "b": ["E241"], "score": [0.9]})
    >>> len(plot_timetable(meetings, load_liangjiang()).texts) > 0
    True
    """
    ledger = as_ledger(ledger)
    check_frame(timetable, "timetable", ["slot", "table", "a", "b", "score"], source="schedule_meetings")
    slots, tables = (int(timetable[c].max()) + 1 if len(timetable) else 1 for c in ("slot", "table"))
    ax = axes_or_new(ax, 1.2 + 1.55 * tables, 0.8 + 0.62 * slots)
    names = ledger.names()
    top = float(timetable["score"].max()) if len(timetable) else 1.0
    for row in timetable[["slot", "table", "a", "b", "score"]].to_dict("records"):
        x, y = row["table"], row["slot"]
        shade = 0.10 + 0.35 * row["score"] / top
        ax.add_patch(_cell(x, y, shade))
        text = "\n".join(clipped(short_name(names[i])) for i in (row["a"], row["b"]))
        ax.text(x, y, text, ha="center", va="center", fontsize=7.5, linespacing=1.35)
    ax.set_xlim(-0.5, tables - 0.5)
    ax.set_ylim(slots - 0.5, -0.5)
    ax.set_xticks(range(tables), [f"{i + 1} 号桌" for i in range(tables)], fontsize=8)
    ax.set_yticks(range(slots), [f"第 {i + 1} 轮" for i in range(slots)], fontsize=8)
    ax.tick_params(length=0)
    ax.xaxis.tick_top()
    for side in ax.spines.values():
        side.set_visible(False)
    return finished(
        ax,
        "沙龙日程 Timetable（颜色越深，对接价值越高）",
        pad=24,
        synthetic=is_synthetic(ledger),
        note_above=24,
    )


def _cell(x: float, y: float, shade: float) -> Any:
    from matplotlib.patches import FancyBboxPatch

    return FancyBboxPatch(
        (x - 0.44, y - 0.38), 0.88, 0.76, boxstyle="round,pad=0.02", fc=BLUE, alpha=shade, ec="none"
    )
