"""Results of reading besides the ledger: tables as text, cells left out, questions and decisions."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from liaison_analysis.ledger.cells import one_line
from liaison_analysis.ledger.schema import TABLES

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pandas as pd

    from liaison_analysis.errors import Problem
    from liaison_analysis.ledger.sheets import Sheet

#: Sheets that ``write_adopted`` adds to a ledger, with what they are called in Chinese: no part of it.
ADDED_SHEETS: Final = {
    "understood": "如何理解",
    "left_out": "未读入",
    "questions": "待答问题",
    "review": "待定名称",
    "choices": "候选企业",
    "roster": "名录",
    "meanings": "可选含义",
}
RESERVED_SHEETS: Final = frozenset({*ADDED_SHEETS, *ADDED_SHEETS.values()})
#: Columns of a gathered frame that say where a row stands in the file.
PLACE: Final = ["\0file", "\0sheet", "\0row"]
FILE, SHEET, ROW = PLACE


@dataclass
class Options:
    """How sheets are to be read.

    Attributes
    ----------
    year
        The caller's year of days without one.
    headers, states
        Column or state by header or word.
    aliases
        Enterprises by written name.
    strangers
        Written names that are no enterprise of the register, and are not asked about again.
    open_years
        Whether days with an unknown year stay blank and become questions, instead of problems.
    year_of_titles
        The one year that titles of the file say, for sheets on which nothing says one.
    """

    year: int | None = None
    headers: Mapping[str, str] = field(default_factory=dict)
    states: Mapping[str, str] = field(default_factory=dict)
    aliases: pd.DataFrame | None = None
    strangers: frozenset[str] = frozenset()
    open_years: bool = False
    year_of_titles: int | None = None


@dataclass
class Gathered:
    """Tables as text, with decisions and cells left out.

    Attributes
    ----------
    texts
        Frame of text by table, with the columns of ``PLACE``.
    own
        Tables all of whose required columns have the schema's own headers: their cells are checked as such.
    named
        Tables that name enterprises where the schema wants ids, with the columns that do.
    left_out
        Rows of ``Ledger.left_out``.
    review
        Rows of ``Ledger.review``.
    decisions
        Rows of ``Ledger.understanding``.
    problems
        Problems that must be solved before the ledger can be used.
    sheets
        First sheet of each table, for messages.
    merged_days
        Sheet, row and column of days that a merged cell spreads over several rows.
    headers
        Row of each table's first header as Excel counts.
    beside_ids
        Column of demands with the names of enterprises whose ids stand beside them, or ``""``.
    derived
        Tables read out of the rows of another, whose questions are asked there.
    strangers
        As in ``Options``.
    quiet
        Rows of demands that were left out since nothing was asked: they may describe enterprises.
    """

    texts: dict[str, pd.DataFrame] = field(default_factory=dict)
    own: dict[str, bool] = field(default_factory=dict)
    named: dict[str, dict[str, str]] = field(default_factory=dict)
    left_out: list[dict[str, Any]] = field(default_factory=list)
    review: list[dict[str, Any]] = field(default_factory=list)
    decisions: list[dict[str, Any]] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    sheets: dict[str, str] = field(default_factory=dict)
    merged_days: set[tuple[str, int, str]] = field(default_factory=set)
    headers: dict[str, int] = field(default_factory=dict)
    beside_ids: str = ""
    derived: set[str] = field(default_factory=set)
    strangers: frozenset[str] = frozenset()
    quiet: list[pd.DataFrame] = field(default_factory=list)

    def leave(self, sheet: Sheet, row: int, column: str, value: str, why: str) -> None:
        """Note a cell that is in no table; ``row`` counts from 0."""
        if value:
            place = (sheet.file, sheet.name, row + 1)
            self.leave_cell(dict(zip(PLACE, place, strict=True)), column, value, why)

    def leave_cell(self, row: Mapping[str, Any] | pd.Series, column: str, value: str, why: str) -> None:
        """Note a cell of a gathered row, which knows its place."""
        file, sheet, number = (row[name] for name in PLACE)
        self.left_out.append(
            {"file": file, "sheet": sheet, "row": int(number), "column": column, "value": value, "why": why}
        )

    def leave_row(self, row: Mapping[str, Any] | pd.Series, why: str) -> None:
        """Note every cell of a gathered row."""
        for column, value in row.items():
            if column not in PLACE and isinstance(value, str) and value:
                self.leave_cell(row, str(column), value, why)

    def ask(
        self, sheet: str, row: int, column: str, written: str, why: str, *, status: str = "unread"
    ) -> None:
        """Note what a clerk has to decide; ``row`` counts as Excel does."""
        self.review.append(
            {"sheet": sheet, "row": row, "column": column, "written": written, "status": status,
             "enterprise_id": "", "score": float("nan"), "candidates": "", "why": why}
        )  # fmt: skip

    def decide(  # noqa: PLR0917 - the columns of a record
        self, kind: str, sheet: str, written: str, meaning: str, evidence: str, example: str = "", n: int = 0
    ) -> None:
        """Note how something was understood."""
        names = ("kind", "sheet", "written", "meaning", "evidence", "example", "n")
        self.decisions.append(
            dict(zip(names, (kind, sheet, written, meaning, evidence, example, n), strict=True))
        )


def own_name(header: str, table: str) -> str:
    r"""Name of a column of the user's own: its header, unless the schema has a column of that name.

    Examples
    --------
    >>> own_name("走访\n领导", "demands"), own_name("status", "demands")
    ('走访 领导', 'status (原)')
    """
    name = one_line(header)
    return f"{name} (原)" if name in {c.name for c in TABLES[table].columns} else name
