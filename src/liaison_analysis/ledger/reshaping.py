"""Reshape a table of another layout into one with a row for each demand and a column for each meaning.

A clerk's table may hold a meaning in another shape than a column of its own; there is a module for each such
shape, and here is the order in which they are read. The enterprise may stand only in a title (``titles``),
or several demands beside each other (``side_by_side``). The original columns are kept as the user's own.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from liaison_analysis.ledger.cell_labels import open_labels, split_offices
from liaison_analysis.ledger.day_parts import head_step_days, join_days, join_years, split_days, split_visits
from liaison_analysis.ledger.event_logs import join_events
from liaison_analysis.ledger.firms_in_texts import read_firms_above, read_firms_in_texts
from liaison_analysis.ledger.progress_logs import latest_of_columns
from liaison_analysis.ledger.questions_and_answers import join_answers, label_answer_rows, split_answers
from liaison_analysis.ledger.raw_cells import open_records, strip_tags, write_shares
from liaison_analysis.ledger.side_by_side import separated
from liaison_analysis.ledger.state_marks import (
    read_bracketed_states,
    read_colours,
    read_labelled_states,
    read_remarks,
    read_strikes,
)
from liaison_analysis.ledger.tables import begun_table
from liaison_analysis.ledger.ticked_columns import (
    read_ticked_departments,
    read_ticked_kinds,
    read_ticked_states,
)
from liaison_analysis.ledger.titles import name_by_titles
from liaison_analysis.ledger.wrapped_lines import join_wrapped_lines

if TYPE_CHECKING:
    from liaison_analysis.ledger.layout import Block
    from liaison_analysis.ledger.records import Gathered


def reshaped(block: Block, out: Gathered) -> list[Block]:
    """Tables of a block with a row for each demand; the block itself where it is such a table already.

    Parameters
    ----------
    block
        As ``find_blocks`` gives it, with its headers as written.
    out
        Takes what a clerk has to decide, and cells that are in no column afterwards.
    """
    block.written = block.written or list(block.headers)
    if begun_table(block.headers):  # the ledger's own layout
        return [block]
    _unfold(block, out)
    name_by_titles(block, out)
    return separated(block, out) or [block]


def _unfold(block: Block, out: Gathered) -> None:
    """Bring what stands in other shapes into columns; a step may read columns that earlier ones made."""
    join_wrapped_lines(block)
    strip_tags(block)
    head_step_days(block)
    split_days(block)
    split_visits(block)
    open_records(block)
    join_events(block, out)
    label_answer_rows(block)
    join_answers(block, out)
    read_ticked_departments(block)
    write_shares(block)
    read_strikes(block)
    read_colours(block, out)
    join_days(block)
    join_years(block)
    latest_of_columns(block)
    read_ticked_states(block)
    read_ticked_kinds(block)
    split_answers(block)
    open_labels(block)
    read_bracketed_states(block)
    read_labelled_states(block)
    split_offices(block)
    read_remarks(block)
    read_firms_above(block, out)
    read_firms_in_texts(block)
