"""The rows of one block while they are read: which stay, what is left out of them, what is asked."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from liaison_analysis.ledger.records import own_name

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import pandas as pd

    from liaison_analysis.ledger.headers import Meaning
    from liaison_analysis.ledger.layout import Block
    from liaison_analysis.ledger.records import Gathered, Options


@dataclass
class BlockRows:
    """Rows of one block, which ``block_reading`` reads step by step.

    Attributes
    ----------
    block
        Where they stand.
    table
        Name of the table of the ledger that the block is.
    meanings
        What each column of the block means, by its position.
    frame
        The rows as text, under the names of the ledger's columns or their own.
    own
        Whether the block is in the ledger's own layout.
    source
        Name of the file.
    options
        What the caller said about the file.
    out
        Takes what is left out, asked and decided.
    at
        Row of the block that each row of the frame comes from.
    place
        Position of each known column in the block.
    """

    block: Block
    table: str
    meanings: Mapping[int, Meaning]
    frame: pd.DataFrame
    own: bool
    source: str
    options: Options
    out: Gathered
    at: list[int] = field(init=False)
    place: dict[str, int] = field(init=False)

    def __post_init__(self) -> None:
        """Begin with all rows."""
        self.at = list(range(len(self.block.rows)))
        self.place = {meaning.column: j for j, meaning in self.meanings.items()}

    def keep(self, kept: Sequence[bool]) -> None:
        """Keep some rows."""
        if not all(kept):
            self.at = [at for at, keep in zip(self.at, kept, strict=True) if keep]
            self.frame = self.frame.loc[list(kept)].reset_index(drop=True)

    def leave(self, i: int, column: str, value: str, why: str) -> None:
        """Note a cell of a row as left out."""
        sheet = self.block.sheet
        self.out.leave(sheet, sheet.place(self.block.rows[self.at[i]]), column, value, why)

    def ask(self, i: int, column: str, written: str, why: str, *, status: str = "unread") -> None:
        """Ask a clerk about a cell of a row."""
        sheet = self.block.sheet
        row = sheet.place(self.block.rows[self.at[i]]) + 1
        self.out.ask(sheet.name, row, column, written, why, status=status)

    def leave_row(self, i: int, why: str) -> None:
        """Note every cell of a row as left out."""
        self.out.leave_row(self.frame.iloc[i], why)

    def firm_column(self) -> str:
        """Column of enterprises' names, or ``""``."""
        place = self.place.get("enterprise")
        name = "" if place is None else own_name(self.block.headers[place], "demands")
        return name if name in self.frame else ""
