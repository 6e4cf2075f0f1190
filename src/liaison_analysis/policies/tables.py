"""Rows of tables as lines of text."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence


def row_text(cells: Sequence[str]) -> str:
    """Write the cells of a row as one line, empty where all cells are.

    Examples
    --------
    >>> row_text(["甲级", "20万元"]), row_text(["", ""])
    ('| 甲级 | 20万元 |', '')
    """
    return "| " + " | ".join(cells) + " |" if any(cells) else ""
