"""Figures of themes: over time, and as a map."""

from __future__ import annotations

from typing import TYPE_CHECKING

from liaison_analysis._checks import check_frame
from liaison_analysis.ledger import as_ledger
from liaison_analysis.plots.style import INK, axes_or_new, finished, in_house_style, is_synthetic

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes

    from liaison_analysis.ledger import Ledger

# Area of the largest theme's circle, in square points (judgement).
_LARGEST = 1500


@in_house_style
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

    Returns
    -------
    matplotlib.axes.Axes
        Where it was drawn.

    Examples
    --------
    >>> import pandas as pd
    >>> monthly = pd.DataFrame({"month": ["2022-03", "2022-04"], "theme": 0, "name": "停车", "n": [3, 1]})
    >>> [label.get_text() for label in plot_theme_months(monthly).get_yticklabels()]
    ['停车']
    """
    ledger = None if ledger is None else as_ledger(ledger)
    check_frame(monthly, "monthly", ["month", "theme", "name", "n"], source="theme_counts")
    order = monthly.groupby(["theme", "name"])["n"].sum().reset_index()
    order = order.sort_values(["n", "theme"], ascending=[False, True])
    grid = monthly.pivot_table(index="theme", columns="month", values="n", aggfunc="sum", fill_value=0).loc[
        order["theme"]
    ]
    ax = axes_or_new(ax, 1.8 + 0.6 * grid.shape[1], 0.9 + 0.32 * len(grid))
    cells = grid.to_numpy(dtype=float)
    ax.imshow(cells, cmap="Blues", aspect="auto", vmin=0, vmax=max(cells.max() * 1.25, 1))
    for i, row in enumerate(cells):
        for j, n in enumerate(row):
            if n:
                colour = "white" if n > cells.max() * 0.7 else INK
                ax.text(j, i, f"{n:g}", ha="center", va="center", fontsize=8, color=colour)
    ax.set_xticks(
        range(grid.shape[1]), [str(month) for month in grid.columns], rotation=45, ha="right", fontsize=8
    )
    ax.set_yticks(range(len(grid)), order["name"].tolist(), fontsize=9)
    ax.tick_params(length=0)
    for side in ax.spines.values():
        side.set_visible(False)
    return finished(ax, "各月主题 Themes by month", synthetic=is_synthetic(ledger))


@in_house_style
def plot_theme_map(places: pd.DataFrame, ax: Axes | None = None, *, ledger: Ledger | None = None) -> Axes:
    """Draw a map of themes: like beside like, a circle for each with the area of its number of demands.

    Parameters
    ----------
    places
        From ``theme_map``.
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
    >>> import pandas as pd
    >>> places = pd.DataFrame({"name": ["停车"], "size": 3, "x": 0.0, "y": 0.0})
    >>> places = places.assign(label_x=0.0, label_y=0.0)
    >>> [text.get_text() for text in plot_theme_map(places).texts]
    ['停车']
    """
    ledger = None if ledger is None else as_ledger(ledger)
    check_frame(places, "places", ["name", "size", "x", "y", "label_x", "label_y"], source="theme_map")
    ax = axes_or_new(ax, 8.0, 6.0)
    most = max(places["size"].max(), 1) if len(places) else 1
    ax.scatter(places["x"], places["y"], s=_LARGEST * places["size"] / most, alpha=0.35, linewidths=0)
    for name, x, y, at_x, at_y in places[["name", "x", "y", "label_x", "label_y"]].itertuples(index=False):
        if (x, y) != (at_x, at_y):
            ax.plot([x, at_x], [y, at_y], color=INK, linewidth=0.4, alpha=0.5)
        ax.text(at_x, at_y, name, ha="center", va="center", fontsize=8, color=INK)
    ax.set_xlim(-1.2, 1.2)
    ax.set_ylim(-1.2, 1.2)
    ax.set_axis_off()
    return finished(ax, "主题地图 Map of themes", synthetic=is_synthetic(ledger))
