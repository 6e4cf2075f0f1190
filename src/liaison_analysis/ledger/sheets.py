"""Sheets as they stand in a file: rows of cells as text, and marks of cells."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from liaison_analysis._messages import marked, message
from liaison_analysis.errors import LedgerError
from liaison_analysis.ledger.cells import Place, cell_text
from liaison_analysis.ledger.sheet_measuring import MAX_CELLS, MAX_CHARACTERS, MAX_COLUMNS, MAX_ROWS

if TYPE_CHECKING:
    from collections.abc import Iterable

#: Reason given for a cell that shows an error, such as #DIV/0!, instead of a value.
FORMULA_FAILED = marked("formula error; fix or clear the cell")
#: Top row, left column, bottom row and right column of merged cells, counted from 0.
Merge = tuple[int, int, int, int]


@dataclass(frozen=True)
class Marks:
    """What a workbook records about its cells besides their values; places count from 0.

    Attributes
    ----------
    merged
        Ranges of merged cells; the value stands in the first cell of each.
    struck
        Cells whose text is struck out.
    comments
        Comments on cells.
    formulas
        Formulas whose value was never computed, and does not follow from other cells.
    computed
        Formulas whose value was computed here, since the file holds none.
    numbers
        Cells that hold a number below 13 with decimals, such as 6.1, which loses the zero of 6.10.
    date1904
        Whether days without a date format count from 1904, as on old Macs.
    partly_struck
        The struck-out part of cells whose other text is valid; the cell has only the valid text.
    hidden_rows, hidden_columns
        Rows and columns that are hidden or filtered away; they are read as others are.
    colours
        Colours (``ff0000``) of the cells of a row, filled or of their text, black and white apart.
    """

    merged: tuple[Merge, ...] = ()
    struck: frozenset[Place] = frozenset()
    comments: dict[Place, str] = field(default_factory=dict)
    formulas: dict[Place, str] = field(default_factory=dict)
    computed: dict[Place, str] = field(default_factory=dict)
    numbers: frozenset[Place] = frozenset()
    date1904: bool = False
    partly_struck: dict[Place, str] = field(default_factory=dict)
    hidden_rows: frozenset[int] = frozenset()
    hidden_columns: frozenset[int] = frozenset()
    colours: dict[int, frozenset[str]] = field(default_factory=dict)


@dataclass(frozen=True)
class Sheet:
    """One sheet as it stands in the file.

    Attributes
    ----------
    name
        Name of the worksheet or of the file without its suffix, on one line.
    rows
        Cells as text, one list a row from the sheet's first row on, without the blank cells and rows at
        the end.
    hidden
        Whether Excel hides the worksheet.
    file
        Name of the file, where several were read.
    marks
        Merged cells, struck-out text, comments, formulas without a value.
    unread
        Whether it stands for a file of a folder that is not read, since it may be anything.
    places
        Row of the file that each row comes from, counted from 0, where they were brought into another order.
    heading
        Title of the document that the sheet is a later table of: its year holds for it too.
    """

    name: str
    rows: list[list[str]]
    hidden: bool = False
    file: str = ""
    marks: Marks = field(default_factory=Marks)
    places: tuple[int, ...] = ()
    unread: bool = False
    heading: str = ""

    def place(self, row: int) -> int:
        """Row of the file, counted from 0, that a row comes from."""
        return self.places[row] if row < len(self.places) else row


def rows_of(cells: Iterable[Iterable[object]], name: str) -> list[list[str]]:
    """Cells as text, without the blank ones at the end; refuses a block that would not fit into memory."""
    rows: list[list[str]] = []
    width = filled = characters = 0
    for row in cells:
        texts = [cell_text(cell) for cell in row]
        while texts and not texts[-1]:
            texts.pop()
        rows.append(texts)
        if texts:
            width, filled = max(width, len(texts)), len(rows)
            characters += sum(map(len, texts))
        if characters > MAX_CHARACTERS:
            reason = message(
                "holds more than {max_characters:,} characters; split the table or shorten its texts",
                max_characters=MAX_CHARACTERS,
            )
            raise LedgerError.of_file(name, reason)
        too_long = len(rows) > min(MAX_CELLS, filled + MAX_ROWS)  # more blank rows in a row than Excel has
        if width > MAX_COLUMNS or width * filled > MAX_CELLS or too_long:
            reason = message(
                "spans more than {max_cells:,} cells or {max_columns:,} columns; keep the used ones only",
                max_cells=MAX_CELLS,
                max_columns=MAX_COLUMNS,
            )
            raise LedgerError.of_file(name, reason)
    del rows[filled:]
    return rows
