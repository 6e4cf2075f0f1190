"""Figures of the chain: views drawn in columns from left to right."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from liaison_analysis._checks import check_view
from liaison_analysis.plots.style import (
    BLUE,
    GREEN,
    GREY,
    INK,
    ORANGE,
    QUIET,
    axes_or_new,
    clipped,
    finished,
    in_house_style,
    short_name,
)

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from liaison_analysis.supply_chain import Node, View

# Half a box, in columns and rows; characters that a box and a note hold.
_HALF_WIDTH: Final = 0.33
_HALF_HEIGHT: Final = 0.19
_LABEL: Final = 10
_NOTE: Final = 7
_NOTES: Final = 2

# How far a link bends around boxes of its row; up to how many links all are drawn dark.
_BEND: Final = 0.32
_FEW: Final = 20
_PALE, _RED = "#eef1f4", "#c0392b"
# Fill, line and text of a box by state.
_BOXES: Final = {
    "centre": (INK, INK, "white"),
    "sought": (ORANGE, ORANGE, "white"),
    "made": (BLUE, BLUE, "white"),
    "elsewhere": (_PALE, BLUE, INK),
    "missing": ("white", _RED, _RED),
}
_LEGEND: Final = {
    "sought": "橙：诉求所找 asked for",
    "made": "蓝：本地有企业生产 made here",
    "elsewhere": "浅：外地有企业生产 made elsewhere",
    "missing": "红虚框：台账内无人生产 made by nobody",
}
# Font sizes of title and lines in points, and the last code point of a narrow character.
_TITLE, _LINE, _LATIN = 11, 8, 0x2E7F


@in_house_style
def plot_chain(view: View, ax: Axes | None = None) -> Axes:
    """Draw a view of the chain in columns, upstream on the left.

    Boxes are filled by state, with a legend below; grey words below a box are its makers, or the products of
    an enterprise. Among many links, those to the next column are darker than those that skip one. Within a
    column only links of neighbours are drawn, curved; backward links of cycles are not drawn. A note gives
    the number of links not drawn, and of nodes left out of each column.

    Parameters
    ----------
    view
        From ``views``.
    ax
        Where to draw; a new figure by default.

    Returns
    -------
    matplotlib.axes.Axes
        Where it was drawn.

    Examples
    --------
    >>> from liaison_analysis import load_liangjiang
    >>> from liaison_analysis.supply_chain import enterprise_view
    >>> plot_chain(enterprise_view(load_liangjiang(), "E001")).get_title(loc="left")
    '重庆华数机器人有限公司：上游与去向 Inputs and uses'
    """
    check_view(view)
    columns: dict[int, list[Node]] = {layer: [] for layer in view.graph["more"]}
    for node, data in sorted(view.nodes.items(), key=lambda item: (item[1]["layer"], item[1]["row"])):
        columns.setdefault(data["layer"], []).append(node)
    tallest = max((len(column) for column in columns.values()), default=1)
    n_columns = max(columns, default=0) + 1
    # The note on synthetic rows stands beside the title.
    titled = _wide(view.graph["title"]) * _TITLE / 72 + (2.0 if view.graph["is_synthetic"] else 0.2)
    wide = round(max(2.15 * n_columns + 0.2, titled), 1)
    ax = axes_or_new(ax, wide, 1.1 + 0.6 * tallest)
    place = {
        node: (float(x), row - (len(column) - 1) / 2)
        for x, column in columns.items()
        for row, node in enumerate(column)
    }
    undrawn, crowded = 0, view.number_of_edges() > _FEW
    for u, v, key in sorted(view.edges(keys=True)):
        undrawn += not _link(ax, place[u], place[v], known=key == "supplies", crowded=crowded)
    for node, (x, y) in place.items():
        data = view.nodes[node]
        _node(ax, x, y, data, short_name(data["label"]) if node[0] == "enterprise" else data["label"])
    for layer, n in view.graph["more"].items():
        y = len(columns[layer]) / 2 + 0.2
        ax.text(layer, y, f"另有 {n} 个 · {n} more", ha="center", va="center", fontsize=7.5, color=QUIET)
    states = {data["state"] for data in view.nodes.values()}
    legend = [words for state, words in _LEGEND.items() if state in states]
    if any(key == "could supply" for _, _, key in view.edges(keys=True)):
        legend = ["绿线：已知供货 known trade", "灰线：可以供货（按产品链推算） could trade, by the chain"]
    legend += [f"另有 {undrawn} 条同列或回环关系未画 · {undrawn} links not drawn"] if undrawn else []
    below = _lines(legend, (wide - 0.2) * 72 / _LINE)
    if rest := view.graph["rest"]:
        below += f"\n另有 {rest} 个未列入 · {rest} more"
    ax.text(0, -0.01, below, transform=ax.transAxes, ha="left", va="top", fontsize=_LINE, color=QUIET,
            linespacing=1.6)  # fmt: skip
    if not place:
        nothing = "没有可画的内容 · nothing to show"
        ax.text(0.5, 0.5, nothing, transform=ax.transAxes, ha="center", fontsize=_LINE, color=QUIET)
    ax.set_xlim(-0.45, n_columns - 0.55)
    ax.set_ylim(tallest / 2 + 0.35, -tallest / 2 - 0.1)
    ax.axis("off")
    return finished(ax, view.graph["title"], fontsize=_TITLE, synthetic=view.graph["is_synthetic"])


def _wide(text: str) -> float:
    """Width of a text in heights of its letters: Chinese ones are square."""
    return sum(1.0 if ord(letter) > _LATIN else 0.6 for letter in text)


def _lines(parts: list[str], widest: float) -> str:
    """Parts beside each other, in lines that are no wider than that unless a part is."""
    lines: list[str] = []
    for part in parts:
        if lines and _wide(f"{lines[-1]}　{part}") <= widest:
            lines[-1] += f"　{part}"
        else:
            lines.append(part)
    return "\n".join(lines)


def _link(
    ax: Axes, start: tuple[float, float], end: tuple[float, float], *, known: bool, crowded: bool
) -> bool:
    """Draw a link if it is readable; return whether it was drawn."""
    (x, y), (to_x, to_y) = start, end
    style: dict[str, Any] = {"arrowstyle": "-|>", "color": GREEN if known else GREY, "lw": 0.9}
    style |= {"shrinkA": 0, "shrinkB": 0, "mutation_scale": 7}
    if to_x > x:
        begin, finish = (x + _HALF_WIDTH, y), (to_x - _HALF_WIDTH, to_y)
        if to_x - x > 1:
            # Links that skip a column pass under its boxes, and are light where there are many.
            style["alpha"] = 0.4 if crowded else 1.0
            # A straight link would be hidden by the boxes of its own row.
            style |= {"connectionstyle": f"arc3,rad={-_BEND / (to_x - x)}"} if to_y == y else {}
    elif to_x == x and abs(to_y - y) == 1:
        begin, finish = (x + _HALF_WIDTH, y), (to_x + _HALF_WIDTH, to_y)
        style |= {"connectionstyle": f"arc3,rad={0.3 if to_y > y else -0.3}"}
    else:
        return False
    ax.annotate("", xy=finish, xytext=begin, arrowprops=style, zorder=1)
    return True


def _node(ax: Axes, x: float, y: float, data: dict[str, Any], label: str) -> None:
    from matplotlib.patches import FancyBboxPatch

    fill, line, ink = _BOXES[data["state"]]
    width, height = 2 * _HALF_WIDTH - 0.04, 2 * _HALF_HEIGHT - 0.04
    ax.add_patch(
        FancyBboxPatch(
            (x - width / 2, y - height / 2), width, height, boxstyle="round,pad=0.02", fc=fill, ec=line,
            lw=0.9, ls="--" if data["state"] == "missing" else "-", zorder=2,
        )
    )  # fmt: skip
    ax.text(x, y, clipped(label, _LABEL), ha="center", va="center", fontsize=8.5, color=ink, zorder=3)
    note = clipped(data.get("note", ""), 2 * _NOTE + 4) or _makers(data.get("makers", []))
    if note:
        ax.text(x, y + 0.36, note, ha="center", va="center", fontsize=6.5, color=QUIET, zorder=3,
                bbox={"fc": "white", "ec": "none", "pad": 0.4, "alpha": 0.8})  # fmt: skip


def _makers(makers: list[str]) -> str:
    more = f"等{len(makers)}家" if len(makers) > _NOTES else ""
    return "、".join(clipped(short_name(name), _NOTE) for name in makers[:_NOTES]) + more
