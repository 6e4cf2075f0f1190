"""Figures of themes over time."""

from __future__ import annotations

from typing import TYPE_CHECKING

from liaison_analysis.plots.style import _INK, _axes, _figure, _finished, _is_synthetic

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes

    from liaison_analysis.ledger import Ledger


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
    return _finished(ax, "各月主题 Themes by month", synthetic=_is_synthetic(ledger))
