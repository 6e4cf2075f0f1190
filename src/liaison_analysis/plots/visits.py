"""Figures of visits and projects: the plan of a quarter, and projects that are late."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from liaison_analysis._checks import check_frame
from liaison_analysis.ledger import as_ledger
from liaison_analysis.plots.style import (
    BLUE,
    COLOURS,
    GREY,
    GRID,
    ORANGE,
    QUIET,
    axes_or_new,
    clipped,
    finished,
    in_house_style,
    is_synthetic,
    short_name,
)

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes

    from liaison_analysis.ledger import Ledger


@in_house_style
def plot_visit_plan(plan: pd.DataFrame, ax: Axes | None = None, *, ledger: Ledger | None = None) -> Axes:
    """Draw a visit plan: officers as rows, weeks as columns, one square per visit in the colour of its town.

    Parameters
    ----------
    plan
        From ``plan_visits``.
    ax
        Where to draw; a new figure by default.
    ledger
        Where the plan comes from; the figure says so if it holds synthetic rows.

    Returns
    -------
    matplotlib.axes.Axes
        Where it was drawn.

    Examples
    --------
    >>> from liaison_analysis import load_liangjiang
    >>> from liaison_analysis.followup import plan_visits
    >>> ledger = load_liangjiang()
    >>> len(plot_visit_plan(plan_visits(ledger, "2023Q1")).get_yticks()) > 0
    True
    """
    ledger = None if ledger is None else as_ledger(ledger)
    check_frame(plan, "plan", ["week", "officer_id", "town"], source="plan_visits")
    officers = sorted(plan["officer_id"].unique())
    towns = sorted(plan["town"].dropna().unique())
    weeks = max(13, int(plan["week"].max()) if len(plan) else 0)
    ax = axes_or_new(ax, 8, 1.1 + 0.22 * max(len(officers), 4))
    colour = dict(zip(towns, COLOURS, strict=False))
    row = {officer: i for i, officer in enumerate(officers)}
    for _, part in plan.groupby(["officer_id", "week"], sort=True):
        officer, week = part["officer_id"].iloc[0], int(part["week"].iloc[0])
        width = 0.84 / len(part)
        for k, town in enumerate(part["town"].fillna("").sort_values()):
            x = week - 0.42 + k * width
            ax.barh(row[officer], width * 0.92, left=x, height=0.72, color=colour.get(town, GREY))
    for town in towns:
        ax.barh(0, 0, color=colour.get(town, GREY), label=town)
    ax.set_yticks(range(len(officers)), officers, fontsize=8)
    ax.set_ylim(max(len(officers), 1) - 0.4, -0.6)
    ax.set_xlim(0.5, weeks + 0.5)
    ax.set_xticks(range(1, weeks + 1), [str(week) for week in range(1, weeks + 1)], fontsize=8)
    ax.set_xlabel(
        "第几周 week；每格一次走访，颜色为新城 one square a visit, coloured by town", fontsize=8, color=QUIET
    )
    ax.xaxis.grid(visible=True, color=GRID)
    if towns:
        ax.legend(frameon=False, fontsize=8, loc="upper right")
    return finished(ax, "走访计划 Visit plan", synthetic=is_synthetic(ledger))


@in_house_style
def plot_late_projects(
    status: pd.DataFrame, ax: Axes | None = None, *, most: int = 15, ledger: Ledger | None = None
) -> Axes:
    """Draw the delay of the next milestone of each late project, and its open demands.

    Parameters
    ----------
    status
        From ``projects.project_status``.
    ax
        Where to draw; a new figure by default.
    most
        Projects drawn, the latest first; a note gives the number left out.
    ledger
        Where the projects come from; the figure says so if it holds synthetic rows.

    Returns
    -------
    matplotlib.axes.Axes
        Where it was drawn.

    Examples
    --------
    >>> from liaison_analysis import load_liangjiang
    >>> from liaison_analysis.followup import project_status
    >>> len(plot_late_projects(project_status(load_liangjiang()), most=5).patches) > 0
    True
    """
    ledger = None if ledger is None else as_ledger(ledger)
    check_frame(
        status,
        "status",
        ["project_id", "name", "next_milestone", "days_late", "unit", "open_demands"],
        source="project_status",
    )
    late = status[status["days_late"].gt(0)]
    shown: list[dict[Any, Any]] = late.head(most).to_dict("records")
    ax = axes_or_new(ax, 8, 0.9 + 0.34 * max(len(shown), 3))
    for i, row in enumerate(shown):
        blocked = row["open_demands"] > 0
        ax.barh(i, row["days_late"], height=0.66, color=ORANGE if blocked else BLUE)
        blocking = f"，未办结诉求 {row['open_demands']} 件" if blocked else ""
        ax.text(
            row["days_late"], i, f" {row['next_milestone']}{blocking}", va="center", fontsize=8, color=QUIET
        )
    labels = [f"{row['project_id']} {clipped(short_name(row['name']), 12)}" for row in shown]
    ax.set_yticks(range(len(shown)), labels, fontsize=9)
    ax.set_ylim(max(len(shown), 1) - 0.5, -0.5)
    ax.set_xlim(0, 1.4 * max([row["days_late"] for row in shown], default=1))
    ax.xaxis.grid(visible=True, color=GRID)
    more = f"；另有 {len(late) - len(shown)} 个 more" if len(late) > len(shown) else ""
    days = "工作日数 working" if late["unit"].eq("working").any() else "日历天数 calendar"
    ax.set_xlabel(
        f"下一节点逾期{days} days late；橙色：企业有未办结诉求 open demands{more}", fontsize=8, color=QUIET
    )
    return finished(ax, "逾期项目 Late projects", synthetic=is_synthetic(ledger))
