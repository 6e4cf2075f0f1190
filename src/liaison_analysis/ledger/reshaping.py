"""Reshape a table of another layout into one with a row for each demand and a column for each meaning.

A clerk's table may hold a meaning in another shape than a column of its own (``unfolding``), the enterprise
only in a title (``titles``), or several demands beside each other (``side_by_side``). The original columns
are kept as the user's own.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from liaison_analysis.ledger.side_by_side import separated
from liaison_analysis.ledger.tables import begun_table
from liaison_analysis.ledger.titles import name_by_titles
from liaison_analysis.ledger.unfolding import unfold

if TYPE_CHECKING:
    from liaison_analysis.ledger.layout import Block
    from liaison_analysis.ledger.records import Gathered


def reshaped(block: Block, out: Gathered) -> list[Block]:
    """Tables of a block with a row for each demand; the block itself where it is such a table already.

    Parameters
    ----------
    block
        As ``find_blocks`` gives it.
    out
        Takes what a clerk has to decide.
    """
    block.written = block.written or list(block.headers)
    if begun_table(block.headers):  # the ledger's own layout
        return [block]
    unfold(block, out)
    name_by_titles(block, out)
    return separated(block, out) or [block]
