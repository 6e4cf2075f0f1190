"""Read the rows of one block, step by step; a module for each kind of step."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from liaison_analysis._messages import message
from liaison_analysis.ledger.block_days import read_all_days
from liaison_analysis.ledger.block_dittos import repeat_dittos
from liaison_analysis.ledger.block_firms import (
    join_lines_of_names,
    leave_failed_firms,
    split_firm_cells,
    split_several_firms,
)
from liaison_analysis.ledger.block_omissions import leave_nothing_asked, leave_unfilled, leave_void
from liaison_analysis.ledger.block_states import read_answers, read_states, states_explained
from liaison_analysis.ledger.names_in_cells import leading_office, office_of_person
from liaison_analysis.ledger.records import own_name
from liaison_analysis.ledger.row_splitting import join_merged_rows, split_demand_cells, split_product_cells
from liaison_analysis.ledger.schema import TABLES
from liaison_analysis.ledger.spoken import spoken_name
from liaison_analysis.text import asks_nothing

if TYPE_CHECKING:
    import pandas as pd

    from liaison_analysis.ledger.block_rows import BlockRows

# Columns of names, in which a mark for "none" (/, 无) is not a name.
_NAMED: Final = ("owner", "transferred_to", "kind", "status")
_LONGEST_NONE: Final = 4
# Share of departments beside a person that a column of them has; judgement.
_PERSONS_SHARE: Final = 0.6


def read_block(rows: BlockRows) -> pd.DataFrame:
    """Rows of a table; a step may need what those before it made."""
    leave_unfilled(rows)
    repeat_dittos(rows)
    join_lines_of_names(rows)
    if rows.table in {"demands", "visits"}:
        leave_void(rows)
        split_firm_cells(rows)
        leave_failed_firms(rows)
        split_several_firms(rows)
    if rows.table == "demands":
        _leave_none_given(rows)
        _take_leading_offices(rows)
        join_merged_rows(rows)
        leave_nothing_asked(rows)
        split_demand_cells(rows)
        read_answers(rows)
        read_states(rows)
    if rows.table == "offers":
        split_product_cells(rows)
    read_all_days(rows)
    return rows.frame


def _leave_none_given(rows: BlockRows) -> None:
    """Leave out signs for none (/, 无) in columns where they would be taken for a department or firm."""
    names = [
        *_NAMED,
        *(column.name for column in TABLES["demands"].columns if column.kind == "date"),
    ]
    firm = rows.place.get("enterprise")
    if firm is not None:
        names.append(own_name(rows.block.headers[firm], "demands"))
    for name in names:
        if name not in rows.frame or (rows.own and name not in {"owner", "transferred_to", "kind"}):
            continue
        cells = rows.frame[name].tolist()
        signs = {**states_explained(rows), **rows.options.states} if name == "status" else {}
        none = [
            i
            for i, cell in enumerate(cells)
            if 0 < len(cell) <= _LONGEST_NONE and cell not in signs and asks_nothing(cell)
        ]
        for i in none:
            rows.leave(i, name, cells[i], message("says that there is none"))
            cells[i] = ""
        if none:
            rows.frame[name] = cells


def _take_leading_offices(rows: BlockRows) -> None:
    """Take the department that leads or that a person is of; the whole cell stays in a column beside."""
    if rows.own or "owner" not in rows.frame:
        return
    cells = rows.frame["owner"].tolist()
    leading = [leading_office(cell) for cell in cells]
    of_persons = [office_of_person(cell) for cell in cells]
    if _PERSONS_SHARE * sum(map(bool, cells)) <= sum(map(bool, of_persons)):
        leading = [one or other for one, other in zip(leading, of_persons, strict=True)]
    if not any(leading):
        return
    header = rows.block.headers[rows.place["owner"]] if "owner" in rows.place else ""
    name = "原" + own_name(header or spoken_name("owner"), "demands")
    if name in rows.frame:
        return
    rows.frame[name] = [cell if one else "" for cell, one in zip(cells, leading, strict=True)]
    rows.frame["owner"] = [one or cell for cell, one in zip(cells, leading, strict=True)]
