"""Checks of arguments that every package makes: texts, missing values, whole numbers."""

from __future__ import annotations

from numbers import Integral
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable


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
