"""Checks of arguments that every package makes: frames, texts, missing values, whole numbers."""

from __future__ import annotations

import sys
from numbers import Integral
from typing import TYPE_CHECKING, Final

from liaison_analysis._messages import message, plural_message

if TYPE_CHECKING:
    from collections.abc import Iterable

# Characters of a text that a message shows (judgement: one line).
_LONGEST_TEXT: Final = 60


def check_frame(frame: object, what: str, columns: Iterable[str] = (), *, source: str = "") -> None:
    """Raise one error unless ``frame`` is a DataFrame with these columns.

    Parameters
    ----------
    frame
        What a caller gave.
    what
        Name of the argument, for the message.
    columns
        Columns that it must have; others do not matter.
    source
        Which function makes such a frame, for the message.

    Raises
    ------
    ValueError
        It is no DataFrame, or lacks columns: all of them are named, with those that it has.

    Examples
    --------
    >>> import pandas as pd
    >>> pairs = pd.DataFrame({"a": ["E1"], "score": [0.5]})
    >>> check_frame(pairs, "pairs", ["a", "b"], source="meeting_pairs")
    Traceback (most recent call last):
    ...
    ValueError: pairs: column b is missing; this has a, score; meeting_pairs makes such a frame
    """
    hint = message("; {function} makes such a frame", function=source) if source else ""
    # Whoever has a DataFrame has imported pandas; this module must not, it is read at every start.
    pandas = sys.modules.get("pandas")
    if pandas is None or not isinstance(frame, pandas.DataFrame):
        got = described(frame)
        raise ValueError(message("{what}: expected a DataFrame, got {got}", what=what, got=got) + hint)
    missing = [name for name in columns if name not in frame.columns]
    if missing:
        had = ", ".join(map(str, frame.columns)) or message("no columns")
        reason = plural_message(
            "{what}: column {names} is missing; this has {had}",
            "{what}: columns {names} are missing; this has {had}",
            len(missing), what=what, names=", ".join(missing), had=had,
        )  # fmt: skip
        raise ValueError(reason + hint)


def check_kind(value: object, what: str, kind: str, *, source: str) -> None:
    """Raise one error unless ``value`` is of a class.

    Parameters
    ----------
    value
        What a caller gave.
    what
        Name of the argument, for the message.
    kind
        Name of the class: whoever made one has imported it, and not every module that checks does.
    source
        Which function makes one, for the message.

    Raises
    ------
    ValueError
        It is of another class.

    Examples
    --------
    >>> check_kind(None, "plan", "SalonPlan", source="plan_salon")
    Traceback (most recent call last):
    ...
    ValueError: plan: expected a SalonPlan, got None; plan_salon makes one
    """
    if kind not in {base.__name__ for base in type(value).__mro__}:
        raise ValueError(
            message(
                "{what}: expected a {kind}, got {got}; {function} makes one",
                what=what,
                kind=kind,
                got=described(value),
                function=source,
            )
        )


def is_graph(value: object) -> bool:
    """Whether a value is a graph of NetworkX, which is not imported for those who have none.

    Examples
    --------
    >>> import networkx as nx
    >>> is_graph(nx.DiGraph()), is_graph({})
    (True, False)
    """
    networkx = sys.modules.get("networkx")
    return networkx is not None and isinstance(value, networkx.Graph)


def check_view(view: object, what: str = "view") -> None:
    """Raise one error unless ``view`` is a graph that one of the views of the chain made.

    Raises
    ------
    ValueError
        It is no graph, or one without the places at which a view draws its nodes.

    Examples
    --------
    >>> import networkx as nx
    >>> check_view(nx.DiGraph([("a", "b")]))
    Traceback (most recent call last):
    ...
    ValueError: view: this graph has no places to draw its nodes at; supply_chain.town_view(graph) ...
    """
    if not is_graph(view):
        got = described(view)
        raise ValueError(message("{what}: expected a graph of NetworkX, got {got}", what=what, got=got))
    nodes = view.nodes  # type: ignore[attr-defined]
    if "more" not in view.graph or not all("layer" in data for _, data in nodes(data=True)):  # type: ignore[attr-defined]
        raise ValueError(
            message(
                "{what}: this graph has no places to draw its nodes at; supply_chain.town_view(graph) and "
                "the other views make one",
                what=what,
            )
        )


def described(value: object) -> str:
    """Describe a value for a message that it is not what was expected: its type; a short text itself.

    Examples
    --------
    >>> described(None), described("台账.xlsx"), described({"a": 1})
    ('None', "'台账.xlsx'", 'a dict')
    """
    if value is None or (isinstance(value, str) and len(value) <= _LONGEST_TEXT):
        return repr(value)
    return message("a {kind}", kind=type(value).__name__)


def as_texts(values: Iterable[object], *, what: str = "text") -> list[str]:
    """Convert each value to a text, missing ones to ``""``; a single text is refused.

    Parameters
    ----------
    values
        Texts or other values.
    what
        What one of them is, for the message: ``"name"``, ``"question"``.

    Raises
    ------
    ValueError
        ``values`` is one text: each of its characters would count as a text.

    Examples
    --------
    >>> as_texts(["停车难", None, 24])
    ['停车难', '', '24']
    >>> as_texts("停车难")
    Traceback (most recent call last):
    ...
    ValueError: expected a list of texts, got one text '停车难'; write [text]
    """
    refuse_one_text(values, what=what)
    return ["" if is_missing(value) else str(value) for value in values]


def refuse_one_text(values: object, *, what: str = "text") -> None:
    """Raise ``ValueError`` for one text instead of several."""
    if isinstance(values, str):
        raise ValueError(f"expected a list of {what}s, got one text {values!r}; write [{what}]")  # noqa: TRY004 - bad arguments are a ValueError throughout


def is_missing(value: object) -> bool:
    """Whether a value is None, NaN, NaT or ``pandas.NA``; needs no pandas, since none of them equals itself.

    Examples
    --------
    >>> [is_missing(value) for value in (None, float("nan"), "", 0, "nan")]
    [True, True, False, False, False]
    """
    if value is None:
        return True
    if isinstance(value, str):
        return False
    try:
        return not bool(value == value)  # noqa: PLR0124 - a missing value does not equal itself
    except (TypeError, ValueError):  # the truth value of pandas.NA is undefined
        return True


def is_whole(value: object, least: int | None = None) -> bool:
    """Whether a value is a whole number, of Python or numpy, and at least ``least``; booleans are not.

    Examples
    --------
    >>> [is_whole(value, 1) for value in (1, 0, 2.0, True, "1")]
    [True, False, False, False, False]
    """
    if not isinstance(value, Integral) or isinstance(value, bool):
        return False
    return least is None or int(value) >= least
