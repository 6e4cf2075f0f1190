"""Punctuation of the language of messages: lists, parts of sentences, colons, brackets."""

from __future__ import annotations

from typing import TYPE_CHECKING

from liaison_analysis._messages import message_language

if TYPE_CHECKING:
    from collections.abc import Iterable


def listed(parts: Iterable[str]) -> str:
    """Join words of a list.

    Examples
    --------
    >>> from liaison_analysis._messages import speaking
    >>> with speaking("zh"):
    ...     listed(["企业", "诉求"])
    '企业、诉求'
    """
    return ("、" if message_language() == "zh" else ", ").join(parts)


def clauses(parts: Iterable[str]) -> str:
    """Join parts of a sentence.

    Examples
    --------
    >>> clauses(["a, b", "c"])
    'a, b; c'
    """
    return ("；" if message_language() == "zh" else "; ").join(parts)


def labelled(label: str, text: str) -> str:
    """Put a label before a text; a label or a text alone stays as it is.

    Examples
    --------
    >>> labelled("row 3", "2022-13-01"), labelled("", "x"), labelled("y", "")
    ('row 3: 2022-13-01', 'x', 'y')
    """
    if not (label and text):
        return label or text
    return f"{label}：{text}" if message_language() == "zh" else f"{label}: {text}"


def bracketed(text: str) -> str:
    """Put a text that is not empty in brackets, to follow a word.

    Examples
    --------
    >>> "demands" + bracketed("3 rows") + bracketed("")
    'demands (3 rows)'
    """
    if not text:
        return ""
    return f"（{text}）" if message_language() == "zh" else f" ({text})"
