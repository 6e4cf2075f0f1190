"""Figures of follow-up: demands by month, rates with intervals, backlog, time to settle, the loop."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from liaison_analysis._checks import check_frame
from liaison_analysis.ledger import CLOSED_UNSOLVED, as_ledger
from liaison_analysis.plots.style import (
    BLUE,
    COLOURS,
    GREEN,
    GREY,
    GRID,
    INK,
    ORANGE,
    QUIET,
    axes_or_new,
    finished,
    in_house_style,
    is_synthetic,
)

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from liaison_analysis.ledger import Ledger

_RED = "#b5483a"


@in_house_style
def plot_rates(
    rates: pd.DataFrame,
    label: str,
    ax: Axes | None = None,
    *,
    title: str = "",
    most: int = 30,
    ledger: Ledger | None = None,
) -> Axes:
    """Draw rates as dots with intervals and denominators; rates of few cases are hollow.

    Parameters
    ----------
    rates
        One row for each rate, in the order wanted: numerator, denominator, rate, low, high, few.
    label
        Column with their names.
    ax
        Where to draw; a new figure by default.
    title
        Title of the figure.
    most
        Rates drawn; a note gives the number left out.
    ledger
        Where the rates come from; the figure says so if it holds synthetic rows.

    Returns
    -------
    matplotlib.axes.Axes
        Where it was drawn.

    Examples
    --------
    >>> rates = pd.DataFrame(
    ...     {"town": ["水土"], "numerator": [8], "denominator": [10], "rate": [0.8]}
    ... ).assign(low=0.49, high=0.94, few=False)
    >>> [label.get_text() for label in plot_rates(rates, "town").get_yticklabels()]
    ['水土']
    """
    ledger = None if ledger is None else as_ledger(ledger)
    check_frame(
        rates, "rates", [label, "numerator", "denominator", "rate", "low", "high", "few"], source="settlement"
    )
    shown = rates[rates["denominator"].gt(0)].head(most)
    ax = axes_or_new(ax, 8, 0.9 + 0.32 * max(len(shown), 3))
    rows = zip(
        *(shown[c].tolist() for c in ("rate", "low", "high", "few", "numerator", "denominator")), strict=True
    )
    for i, (rate, low, high, few, part, whole) in enumerate(rows):
        ax.plot([low, high], [i, i], color=GREY, lw=2.4, solid_capstyle="round", zorder=1)
        ax.plot(rate, i, "o", ms=7, mfc="white" if few else BLUE, mec=BLUE, zorder=2, clip_on=False)
        ax.text(1.02, i, f"{rate:.0%}  {part}/{whole}", va="center", fontsize=8, color=QUIET)
    ax.set_yticks(range(len(shown)), shown[label].fillna("（空）").astype(str).tolist(), fontsize=9)
    ax.set_ylim(max(len(shown), 1) - 0.5, -0.5)
    ax.set_xlim(0, 1)
    ax.set_xticks([0, 0.25, 0.5, 0.75, 1], ["0", "25%", "50%", "75%", "100%"], fontsize=8)
    ax.xaxis.grid(visible=True, color=GRID)
    notes = ["横线：95% 区间 interval（Wilson）"]
    notes += ["空心：少于 10 件，不宜排名 too few to rank"] if shown["few"].any() else []
    notes += [f"另有 {len(rates) - len(shown)} 项未画 more"] if len(rates) > len(shown) else []
    ax.set_xlabel("；".join(notes), fontsize=8, color=QUIET)
    return finished(ax, title, synthetic=is_synthetic(ledger))


@in_house_style
def plot_backlog(months: pd.DataFrame, ax: Axes | None = None, *, ledger: Ledger | None = None) -> Axes:
    """Draw the demands raised and settled in each month, and those open at its end.

    Parameters
    ----------
    months
        From ``followup.backlog``, without groups.
    ax
        Where to draw; a new figure by default.
    ledger
        Where the demands come from; the figure says so if it holds synthetic rows.

    Returns
    -------
    matplotlib.axes.Axes
        Where it was drawn.

    Examples
    --------
    >>> from liaison_analysis import load_liangjiang
    >>> from liaison_analysis.followup import backlog
    >>> len(plot_backlog(backlog(load_liangjiang())).get_xticks()) > 0
    True
    """
    ledger = None if ledger is None else as_ledger(ledger)
    check_frame(
        months, "months", ["month", "raised", "settled", "unsolved", "reopened", "closing"], source="backlog"
    )
    ax = axes_or_new(ax, 8, 3.4)
    at = np.arange(len(months))
    ax.bar(
        at - 0.2, months["raised"] + months["reopened"], 0.4, color=BLUE, label="提出和重办 raised, reopened"
    )
    ax.bar(at + 0.2, months["settled"], 0.4, color=GREEN, label="办结 settled")
    if months["unsolved"].any():
        label = "无法解决、不予受理 closed unsolved"
        ax.bar(at + 0.2, months["unsolved"], 0.4, bottom=months["settled"], color=GREY, label=label)
    ax.plot(at, months["closing"], "o-", ms=4, color=ORANGE, label="月末未办结 open at month's end")
    for x, n in zip(at, months["closing"], strict=True):
        ax.annotate(f"{n}", (x, n), (0, 5), textcoords="offset points", ha="center", fontsize=8, color=QUIET)
    ax.set_xticks(at, months["month"].tolist(), rotation=45, ha="right", fontsize=8)
    ax.yaxis.grid(visible=True, color=GRID)
    ax.margins(y=0.12)
    ax.legend(frameon=False, loc="upper left", fontsize=9)
    return finished(ax, "未办结诉求 Backlog by month", synthetic=is_synthetic(ledger))


@in_house_style
def plot_settling(
    curves: pd.DataFrame, by: str | None = None, ax: Axes | None = None, *, ledger: Ledger | None = None
) -> Axes:
    """Draw the share of demands not settled after so many days, with its band; dots where half are settled.

    Parameters
    ----------
    curves
        From ``followup.settling_curves``.
    by
        Column of its groups, six at most.
    ax
        Where to draw; a new figure by default.
    ledger
        Where the demands come from; the figure says so if it holds synthetic rows.

    Returns
    -------
    matplotlib.axes.Axes
        Where it was drawn.

    Raises
    ------
    ValueError
        There are more than six groups.

    Examples
    --------
    >>> from liaison_analysis import load_liangjiang
    >>> from liaison_analysis.followup import settling_curves
    >>> len(plot_settling(settling_curves(load_liangjiang())).lines) > 0
    True
    """
    ledger = None if ledger is None else as_ledger(ledger)
    check_frame(
        curves,
        "curves",
        [*([by] if by else []), "days", "open_share", "low", "high", "unit"],
        source="settling_curves",
    )
    groups = [("", curves)] if by is None else list(curves.groupby(by, dropna=False, sort=True))
    if len(groups) > len(COLOURS):
        raise ValueError(f"expected {len(COLOURS)} groups at most, got {len(groups)}; draw some of them")
    ax = axes_or_new(ax, 8, 3.8)
    for i, ((name, curve), colour) in enumerate(zip(groups, COLOURS, strict=False)):
        days = np.r_[0, curve["days"]]
        share, low, high = (np.r_[1.0, curve[c]] for c in ("open_share", "low", "high"))
        ax.step(days, share, where="post", color=colour, label=str(name) if by else None)
        ax.fill_between(
            days, low, high, step="post", color=colour, alpha=0.15 if len(groups) < 4 else 0.08, lw=0
        )
        half = np.flatnonzero(share <= 0.5)
        if len(half):
            ax.plot(days[half[0]], 0.5, "o", color=colour, ms=6)
            at = (days[half[0]], 0.5)
            style: dict[str, Any] = {"textcoords": "offset points", "fontsize": 8, "color": colour}
            ax.annotate(f"{days[half[0]]:g}", at, (5, 5 + 9 * i), **style)
    ax.axhline(0.5, color=GREY, lw=0.8, ls=(0, (4, 4)))
    ax.set_ylim(0, 1)
    ax.set_xlim(left=0)
    ax.set_yticks([0, 0.25, 0.5, 0.75, 1], ["0", "25%", "50%", "75%", "100%"], fontsize=8)
    days = "提出后工作日数 working" if curves["unit"].eq("working").any() else "提出后日历天数 calendar"
    ax.set_xlabel(f"{days} days since raised；阴影：95% 区间 band", fontsize=8, color=QUIET)
    ax.set_ylabel("尚未办结 not settled", fontsize=9)
    if by:
        ax.legend(frameon=False, fontsize=9, loc="upper right")
    return finished(ax, "多久办结 Time to settle（Kaplan–Meier）", synthetic=is_synthetic(ledger))


@in_house_style
def plot_loop(steps: pd.DataFrame, ax: Axes | None = None, *, ledger: Ledger | None = None) -> Axes:
    """Draw how many demands reach each step of the loop in order, and why the others went no further.

    Parameters
    ----------
    steps
        From ``followup.loop_conformance``, without groups.
    ax
        Where to draw; a new figure by default.
    ledger
        Where the demands come from; the figure says so if it holds synthetic rows.

    Returns
    -------
    matplotlib.axes.Axes
        Where it was drawn.

    Examples
    --------
    >>> from liaison_analysis import load_liangjiang
    >>> from liaison_analysis.followup import loop_conformance
    >>> len(plot_loop(loop_conformance(load_liangjiang())).patches) > 0
    True
    """
    ledger = None if ledger is None else as_ledger(ledger)
    check_frame(
        steps,
        "steps",
        ["step", "numerator", "rate", "left", "waiting", "skipped", "out_of_order", "closed"],
        source="loop_conformance",
    )
    ax = axes_or_new(ax, 8, 3.2)
    words = {
        "collected": "收集",
        "assigned": "交办",
        "solving": "办理",
        "settled": "办结",
        "fed back": "反馈",
    }
    at = np.arange(len(steps))
    on = (steps["numerator"] - steps["left"]).to_numpy()
    ax.barh(at, on, color=BLUE, height=0.66, label="走到下一步或走完 went on")
    left = on
    parts = {
        "waiting": ("停在此步 waiting", GREY),
        "skipped": ("漏记下一步 skipped", ORANGE),
        "out_of_order": ("顺序颠倒 out of order", _RED),
        "closed": ("无法解决、不予受理 closed unsolved", INK),
    }
    for name, (label, colour) in parts.items():
        if steps[name].sum():
            ax.barh(at, steps[name], left=left, color=colour, height=0.66, label=label)
            left = left + steps[name].to_numpy()
    for i, (n, rate) in enumerate(zip(steps["numerator"], steps["rate"], strict=True)):
        ax.text(n, i, f" {n}（{rate:.0%}）", va="center", fontsize=8, color=QUIET)
    ax.set_yticks(at, [f"{words.get(step, step)} {step}" for step in steps["step"]], fontsize=9)
    ax.invert_yaxis()
    ax.margins(x=0.14)
    ax.xaxis.grid(visible=True, color=GRID)
    ax.legend(frameon=False, fontsize=8, loc="lower right")
    return finished(ax, "闭环各步 Through the loop in order", synthetic=is_synthetic(ledger))


@in_house_style
def plot_demands_by_month(
    ledger: Ledger, ax: Axes | None = None, *, counts: pd.DataFrame | None = None
) -> Axes:
    """Draw demands raised and settled in each month as bars side by side.

    Parameters
    ----------
    ledger
        Its demands.
    ax
        Where to draw; a new figure by default.
    counts
        From ``demands_by_month``, where they are at hand already.

    Returns
    -------
    matplotlib.axes.Axes
        Where it was drawn.

    Examples
    --------
    >>> from liaison_analysis import load_liangjiang
    >>> len(plot_demands_by_month(load_liangjiang()).patches)
    24
    """
    ledger = as_ledger(ledger)
    if counts is not None:
        check_frame(counts, "counts", ["month", "raised", "settled"], source="demands_by_month")
    ax = axes_or_new(ax, 8, 3.2)
    counts = demands_by_month(ledger) if counts is None else counts
    at = range(len(counts))
    ax.bar([i - 0.2 for i in at], counts["raised"], width=0.4, color=BLUE, label="提出 raised")
    if "settled" in counts:
        ax.bar([i + 0.2 for i in at], counts["settled"], width=0.4, color=GREEN, label="办结 settled")
    ax.set_xticks(list(at), counts["month"].tolist(), rotation=45, ha="right", fontsize=8)
    ax.yaxis.grid(visible=True, color=GRID)
    ax.legend(frameon=False, loc="upper left", fontsize=9)
    return finished(ax, "每月诉求 Demands by month", synthetic=is_synthetic(ledger))


def demands_by_month(ledger: Ledger) -> pd.DataFrame:
    """Count the demands raised and settled in each month: the frame behind ``plot_demands_by_month``.

    Parameters
    ----------
    ledger
        Its demands.

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
    ledger = as_ledger(ledger)
    raised = ledger.demands["raised_on"].dt.to_period("M")
    solved = ~ledger.demands["status"].isin(CLOSED_UNSOLVED)
    settled = ledger.demands.loc[solved, "settled_on"].dropna().dt.to_period("M")
    months = pd.period_range(raised.min(), max([raised.max(), *settled]), freq="M")
    return pd.DataFrame(
        {
            "month": months.astype(str),
            "raised": raised.value_counts().reindex(months, fill_value=0).to_numpy(),
            "settled": settled.value_counts().reindex(months, fill_value=0).to_numpy(),
        }
    )
