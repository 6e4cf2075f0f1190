"""The exceptions of the package, each carrying a table of what is wrong."""

from __future__ import annotations

from typing import Any

import pandas as pd

PROBLEM_COLUMNS = ["sheet", "row", "column", "value", "reason"]
Problem = dict[str, Any]

_SHOWN = 5
_LONGEST_VALUE = 40


def problem(sheet: str, row: int | None, column: str, value: str, reason: str) -> Problem:
    """One row of a problems table."""
    return dict(zip(PROBLEM_COLUMNS, (sheet, row, column, value, reason), strict=True))


class LiaisonError(Exception):
    """Base of every error that the package raises on purpose."""


class MissingDependencyError(LiaisonError, ImportError):
    """An optional package is not installed; the message names it and the way around it."""


class LedgerError(LiaisonError, ValueError):
    """A ledger cannot be used as it is.

    Attributes
    ----------
    source
        File or folder name, without its folders.
    problems
        DataFrame[sheet, row, column, value, reason], one row a problem; ``row`` counts as Excel does
        (the header is usually row 1) and is missing where the problem is not in a row.

    Examples
    --------
    >>> problems = pd.DataFrame(
    ...     [("demands", 7, "raised_on", "2022-13-01", "not a date; write 2022-03-31")],
    ...     columns=PROBLEM_COLUMNS,
    ... )
    >>> print(LedgerError("ledger.xlsx", problems))
    ledger.xlsx · demands: 1 problem
      row 7 · raised_on = '2022-13-01': not a date; write 2022-03-31
    """

    def __init__(self, source: str, problems: pd.DataFrame) -> None:
        self.source = source
        self.problems = problems[PROBLEM_COLUMNS].reset_index(drop=True)
        super().__init__(source, self.problems)

    @classmethod
    def of_file(cls, source: str, reason: str, *, sheet: str = "") -> LedgerError:
        """One problem of a whole file or sheet, in one line.

        Examples
        --------
        >>> print(LedgerError.of_file("ledger.xlsx", "the file is empty; save the workbook again"))
        ledger.xlsx: the file is empty; save the workbook again
        """
        row = {"sheet": sheet, "row": None, "column": "", "value": "", "reason": reason}
        return cls(source, pd.DataFrame([row]).astype({"row": "Int64"}))

    def __str__(self) -> str:
        """Headline, then the first problems."""
        sheets = [sheet for sheet in self.problems["sheet"].unique() if sheet]
        source = self.source or "ledger"  # one made in memory has no file's name
        n = len(self.problems)
        if n == 1 and pd.isna(self.problems["row"].iloc[0]):
            where = " · ".join([source, *sheets])
            return f"{where}: {self._line(0)}"
        where = " · ".join([source, ", ".join(sheets)]) if sheets else source
        lines = [f"{where}: {n} problem{'s' if n != 1 else ''}"]
        lines += [f"  {self._line(i, name_sheet=len(sheets) > 1)}" for i in range(min(n, _SHOWN))]
        if n > _SHOWN:
            lines.append(f"  and {n - _SHOWN} more; the whole table is in .problems")
        return "\n".join(lines)

    def _line(self, i: int, *, name_sheet: bool = False) -> str:
        """One problem in words: where, what stands there, what to do."""
        problem = self.problems.iloc[i]
        sheet, column, value, reason = (str(problem[name]) for name in ("sheet", "column", "value", "reason"))
        where = [sheet] if name_sheet and sheet else []
        where += [] if pd.isna(self.problems["row"].iloc[i]) else [f"row {problem['row']}"]
        if column:
            where.append(f"{column} = {_shorten(value)!r}" if value else column)
        return f"{' · '.join(where)}: {reason}" if where else reason


def _shorten(value: object) -> str:
    """Keep a message readable when a cell holds a novel."""
    text = str(value)
    return text if len(text) <= _LONGEST_VALUE else text[: _LONGEST_VALUE - 1] + "…"
