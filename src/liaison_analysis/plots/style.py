"""What all figures share: palette, the packaged Chinese font, axes, notes on synthetic rows; bars."""

from __future__ import annotations

import functools
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, ParamSpec

from liaison_analysis._checks import check_frame
from liaison_analysis.ledger import as_ledger
from liaison_analysis.names import short_names, without_place

if TYPE_CHECKING:
    from collections.abc import Callable

    import pandas as pd
    from matplotlib.axes import Axes

    from liaison_analysis.ledger import Ledger

_P = ParamSpec("_P")
#: Palette of every figure.
INK, QUIET, GRID = "#22313f", "#7f8c8d", "#e5e8e8"
BLUE, ORANGE, GREEN, GREY = "#2f6db3", "#e08a2e", "#4a9d6e", "#b8c2cc"
#: Colours of groups beside each other, in their order.
COLOURS: Final = (BLUE, ORANGE, GREEN, "#8e6bb0", "#4aa3a3", INK)

#: Fonts of every figure: the packaged Chinese font first, then matplotlib's own for what it lacks.
FONTS: Final = ["Noto Sans SC", "DejaVu Sans"]

_STYLE: Final[dict[Any, Any]] = {
    "font.family": FONTS,
    "axes.unicode_minus": False,
    # A name with two dollar signs is not a formula, and matplotlib could not parse it.
    "text.parse_math": False,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.edgecolor": GREY,
    "axes.labelcolor": INK,
    "axes.titlelocation": "left",
    "axes.titlesize": 12,
    "text.color": INK,
    "xtick.color": QUIET,
    "ytick.color": INK,
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


def in_house_style(draw: Callable[_P, Axes]) -> Callable[_P, Axes]:
    """Draw under the house style without changing the user's."""

    @functools.wraps(draw)
    def styled(*args: _P.args, **kwargs: _P.kwargs) -> Axes:
        import matplotlib as mpl
        from matplotlib.text import Text

        chinese_font()
        # Not rc_context, which puts every setting back: the first figure of a notebook starts its backend,
        # and that starts to show all later figures.
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


def axes_or_new(ax: Axes | None, width: float, height: float) -> Axes:
    """Axes to draw on: the given one, or that of a new figure so many inches wide and high."""
    if ax is not None:
        return ax
    import matplotlib.pyplot as plt

    return plt.subplots(figsize=(width, height), layout="constrained")[1]


def short_name(name: str) -> str:
    """Name of an enterprise for a label: without the place and the legal form.

    Places are those of GB/T 2260; a name stays whole where nothing, one character or a place would be left.

    Parameters
    ----------
    name
        Full name.

    Returns
    -------
    str
        What a label shows.

    Examples
    --------
    >>> short_name("重庆华数机器人有限公司"), short_name("岚砺(佛山)精密科技股份有限公司")
    ('华数机器人', '岚砺精密')
    """
    return without_place(short_names({"": name})[""])


def clipped(name: str, longest: int = 8) -> str:
    """Shorten a name that is too long for a label.

    Examples
    --------
    >>> clipped("甲智能装备制造"), clipped("甲智能装备制造股份", 4)
    ('甲智能装备制造', '甲智能…')
    """
    return name if len(name) <= longest else f"{name[: longest - 1]}…"


def finished(ax: Axes, title: str, *, synthetic: bool, note_above: float = 3, **style: Any) -> Axes:
    """Give a figure its title, and a note of its own on synthetic rows: figures travel without their page."""
    ax.set_title(title, **style)
    if synthetic:
        ax.annotate(
            "合成示例数据 · synthetic sample", (1, 1), (0, note_above), xycoords="axes fraction",
            textcoords="offset points", ha="right", va="bottom", fontsize=7, color=QUIET,
        )  # fmt: skip
    return ax


def is_synthetic(ledger: Ledger | None) -> bool:
    """Whether any enterprise of a ledger is invented."""
    return ledger is not None and bool(ledger.enterprises["is_synthetic"].fillna(value=False).any())


@in_house_style
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
        One row for each bar, in the order wanted.
    label, value
        Columns with the bars' names and lengths.
    ax
        Where to draw; a new figure by default.
    title
        Title of the figure.
    most
        Bars drawn; a note gives the number left out.
    ledger
        Where the frame comes from; the figure says so if it holds synthetic rows.

    Returns
    -------
    matplotlib.axes.Axes
        Where it was drawn.

    Examples
    --------
    >>> import pandas as pd
    >>> frame = pd.DataFrame({"town": ["水土", "龙兴"], "n": [3, 2]})
    >>> [label.get_text() for label in plot_bars(frame, "town", "n").get_yticklabels()]
    ['水土', '龙兴']
    """
    ledger = None if ledger is None else as_ledger(ledger)
    check_frame(frame, "frame", [label, value])
    # A bar whose length is not known is not drawn, and no length is written beside it.
    shown = frame.head(most).assign(**{value: frame[value].astype("float64")})
    ax = axes_or_new(ax, 8, 0.6 + 0.3 * max(len(shown), 3))
    ax.barh(range(len(shown)), shown[value], color=BLUE, height=0.68)
    ax.set_yticks(range(len(shown)), shown[label].astype(str).tolist(), fontsize=9)
    for i, length in enumerate(shown[value]):
        if length != length:  # noqa: PLR0124 - a missing number does not equal itself
            continue
        ax.text(length, i, f" {length:g}", va="center", fontsize=8, color=QUIET)
    ax.invert_yaxis()
    ax.xaxis.grid(visible=True, color=GRID)
    ax.margins(x=0.08)
    if len(frame) > most:
        ax.set_xlabel(f"另有 {len(frame) - most} 项 · {len(frame) - most} more", fontsize=8, color=QUIET)
    return finished(ax, title, synthetic=is_synthetic(ledger))
