"""One figure for each of many enterprises, towns or themes, of which a reader of a notebook chooses one."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any, Final

from liaison_analysis._checks import described
from liaison_analysis._messages import message

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    import pandas as pd

# More options than this are searched by typing, fewer are listed (judgement: what fits beside a figure).
_MOST_LISTED: Final = 15


def choose(
    draw: Callable[[Any], object],
    options: Mapping[Any, str] | pd.Series | Iterable[Any],
    *,
    first: object = None,
    label: str = "",
    live: bool | None = None,
) -> object:
    """Show what ``draw`` makes of one option, and let the reader of a notebook choose another.

    In a notebook that a person has open (JupyterLab, Notebook, VS Code) a list stands above the figure, or a
    field in which one types where there are many options; figure and frame change with the choice. Both are
    outputs of the cell as any other, so that a saved notebook keeps them.

    Without a person (``jupyter nbconvert``, papermill, nbval, a script), and without ipywidgets, this is the
    same as ``draw(first)``: recorded outputs hold the figure and the frame, and no state of a widget.

    Parameters
    ----------
    draw
        Called with an option. It may draw a figure, the last one counts, and returns what stands below it,
        such as a frame.
    options
        What can be chosen: labels by option, as ``Ledger.names`` gives them, or the options themselves.
        Labels that occur twice get the option behind them.
    first
        The option shown first; where it is none of the options, the first of them.
    label
        What is chosen, for the label of the list.
    live
        Whether a reader can choose; found out where ``None``: a kernel is asked to run a cell with or without
        somebody to answer its questions (``allow_stdin`` of the Jupyter protocol).

    Returns
    -------
    object
        What ``draw`` returned; ``None`` where there is nothing to choose from, and where a reader can choose,
        since all is shown then.

    Raises
    ------
    ValueError
        ``draw`` is no function.

    Examples
    --------
    >>> choose(str.upper, {"a": "first", "b": "second"}, first="b")
    'B'
    """
    if not callable(draw):
        got = described(draw)
        raise ValueError(message("{what}: expected a function, got {got}", what="draw", got=got))  # noqa: TRY004 - as of every argument
    labels = _labels(options)
    if not labels:
        return None
    start = first if first in labels else next(iter(labels))
    if live is False or not _has_widgets() or (live is None and not _has_reader()):
        return draw(start)
    _show_choice(draw, labels, start, label)
    return None


def _labels(options: Mapping[Any, str] | pd.Series | Iterable[Any]) -> dict[Any, str]:
    """Give each option a label, no two the same."""
    pairs = options.items() if hasattr(options, "items") else ((option, option) for option in options)
    labels = {option: str(label) for option, label in pairs}
    seen: dict[str, int] = {}
    for label in labels.values():
        seen[label] = seen.get(label, 0) + 1
    return {option: label if seen[label] == 1 else f"{label} ({option})" for option, label in labels.items()}


def _has_widgets() -> bool:
    try:
        import ipywidgets  # noqa: F401 - whether it is there
    except ImportError:
        return False
    return True


def _has_reader() -> bool:
    """Whether a person sits before the notebook whose cell runs now.

    The name that JupyterLab gives its kernels (JPY_SESSION_NAME) would not do: kernels of VS Code lack it,
    and what a notebook starts (``!jupyter nbconvert``) inherits it.
    """
    # Whatever runs in a kernel has imported IPython; a script need not.
    ipython = sys.modules.get("IPython")
    kernel = getattr(ipython.get_ipython(), "kernel", None) if ipython else None
    request = kernel.get_parent("shell") if kernel else {}
    return bool(request.get("content", {}).get("allow_stdin"))


def _show_choice(draw: Callable[[Any], object], labels: dict[Any, str], start: object, label: str) -> None:
    """Show a list or a field, and below it figure and frame, which every choice replaces."""
    import ipywidgets
    from IPython.display import display

    keys = {shown: option for option, shown in labels.items()}
    look: dict[str, Any] = {
        "description": label,
        "style": {"description_width": "initial"},
        "layout": {"width": "min(36em, 95%)"},
    }
    if len(keys) > _MOST_LISTED:
        field = ipywidgets.Combobox(
            options=list(keys), ensure_option=True, placeholder="输入即查找 type to search", **look
        )
    else:
        field = ipywidgets.Dropdown(options=list(keys), value=labels[start], **look)
    # Shows the traceback of a `draw` that fails after the cell has run: Jupyter only logs it.
    trouble = ipywidgets.Output()
    display(ipywidgets.VBox([field, trouble]))
    figure, below = _drawn(draw, start)
    figure_place, below_place = display(figure, display_id=True), display(below, display_id=True)

    def redraw(change: dict[str, Any]) -> None:
        shown = None
        trouble.clear_output()
        with trouble:
            shown = _drawn(draw, keys[change["new"]])
        if shown is not None:
            figure_place.update(shown[0])
            below_place.update(shown[1])

    field.observe(redraw, names="value")


def _drawn(draw: Callable[[Any], object], option: object) -> tuple[object, object]:
    """Call ``draw``: its last figure as the picture that Jupyter would show, and what it returned."""
    import matplotlib.pyplot as plt
    from IPython.core.pylabtools import print_figure
    from IPython.display import HTML, Image

    before = set(plt.get_fignums())
    picture: object = HTML("")
    try:
        below = draw(option)
        numbers = [number for number in plt.get_fignums() if number not in before]
        if numbers:
            picture = Image(print_figure(plt.figure(numbers[-1]), "png"))
    finally:
        # What stays open is shown once more at the end of the cell.
        for number in set(plt.get_fignums()) - before:
            plt.close(number)
    return picture, HTML("") if below is None else below
