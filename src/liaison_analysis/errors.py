"""Exceptions of the package: what is wrong, where, and how to correct it."""

from __future__ import annotations

import errno
from typing import TYPE_CHECKING, Any

import pandas as pd

from liaison_analysis._messages import marked, message, message_language, plural_message

if TYPE_CHECKING:
    from collections.abc import Sequence

PROBLEM_COLUMNS = ["sheet", "row", "column", "value", "reason"]
Problem = dict[str, Any]

# Rows of problems in a message, and characters of a value in it (judgement: a screen).
_SHOWN = 5
_LONGEST_VALUE = 40


def problem(sheet: str, row: int | None, column: str, value: str, reason: str) -> Problem:
    """One row of ``LedgerError.problems``.

    Parameters
    ----------
    sheet
        Sheet, table or file that the problem is in.
    row
        Row as Excel counts it, or None where the problem concerns the whole sheet.
    column
        Header, or ``""``.
    value
        What the cell holds, or ``""``.
    reason
        What is wrong, and how to correct it.
    """
    return dict(zip(PROBLEM_COLUMNS, (sheet, row, column, value, reason), strict=True))


_SYSTEM: dict[int, str] = {
    errno.EACCES: marked("permission denied"),
    errno.EPERM: marked("permission denied"),
    errno.ENOSPC: marked("the disk is full"),
    errno.EDQUOT: marked("the disk is full"),
    errno.EFBIG: marked("the file is too large"),
    errno.EROFS: marked("the disk is read-only"),
    errno.ENOENT: marked("no such file or folder"),
}


def system_reason(error: OSError) -> str:
    """Why the system refused something, in the user's language where it is one of the usual reasons.

    Examples
    --------
    >>> system_reason(PermissionError(errno.EACCES, "Permission denied"))
    'permission denied'
    """
    known = _SYSTEM.get(error.errno or 0)
    return message(known) if known else error.strerror or type(error).__name__


class LiaisonError(Exception):
    """Base of every error that the package raises on purpose."""


class MissingDependencyError(LiaisonError, ImportError):
    """An optional package is not installed; the message names it and says what to do without it."""


class LedgerError(LiaisonError, ValueError):
    """A ledger cannot be used as it is.

    Parameters
    ----------
    source
        Name of the file, folder or object that the problems are in; ``""`` for one made in memory.
    problems
        The problems: a DataFrame as in the attribute below, or a list of ``problem(...)``.

    Attributes
    ----------
    source
        File or folder name, without its folders.
    problems
        DataFrame[sheet, row, column, value, reason], one row for each problem; ``row`` counts as Excel does
        (the header is usually row 1) and is missing where the problem is not in a row.
    understanding
        How the file was understood as far as it was read, as in ``Ledger.understanding``; None if it was not.

    Examples
    --------
    >>> wrong = problem("demands", 7, "raised_on", "2022-13-01", "not a date; write 2022-03-31")
    >>> print(LedgerError("ledger.xlsx", [wrong]))
    ledger.xlsx · demands: 1 problem
      row 7 · raised_on = '2022-13-01': not a date; write 2022-03-31
    """

    def __init__(
        self,
        source: str,
        problems: pd.DataFrame | Sequence[Problem],
        *,
        understanding: pd.DataFrame | None = None,
    ) -> None:
        table = pd.DataFrame(problems, columns=PROBLEM_COLUMNS).astype({"row": "Int64"})
        self.source = source
        self.problems = table.reset_index(drop=True)
        self.understanding = understanding
        super().__init__(source, self.problems)

    @classmethod
    def of_file(cls, source: str, reason: str, *, sheet: str = "") -> LedgerError:
        """One problem of a whole file or sheet, in one line.

        Examples
        --------
        >>> print(LedgerError.of_file("ledger.xlsx", "the file is empty; save the workbook again"))
        ledger.xlsx: the file is empty; save the workbook again
        """
        return cls(source, [problem(sheet, None, "", "", reason)])

    def __str__(self) -> str:
        """Headline with the number of problems, then the first five of them."""
        sheets = [sheet for sheet in self.problems["sheet"].unique() if sheet]
        source = self.source or message("ledger")  # one made in memory has no file's name
        n = len(self.problems)
        if n == 1 and pd.isna(self.problems["row"].iloc[0]):
            where = " · ".join([source, *sheets])
            return f"{where}{_colon()}{self._line(0)}"
        where = " · ".join([source, ", ".join(sheets)]) if sheets else source
        lines = [where + _colon() + plural_message("{n} problem", "{n} problems", n)]
        lines += [f"  {self._line(i, name_sheet=len(sheets) > 1)}" for i in range(min(n, _SHOWN))]
        if n > _SHOWN:
            lines.append("  " + message("and {n} more; the whole table is in .problems", n=n - _SHOWN))
        return "\n".join(lines)

    def _line(self, i: int, *, name_sheet: bool = False) -> str:
        """Write one problem on a line: place, value, reason."""
        problem = self.problems.iloc[i]
        sheet, column, value, reason = (str(problem[name]) for name in ("sheet", "column", "value", "reason"))
        where = [sheet] if name_sheet and sheet else []
        where += [] if pd.isna(self.problems["row"].iloc[i]) else [message("row {row}", row=problem["row"])]
        if column:
            where.append(f"{column} = {_shorten(value)!r}" if value else column)
        return f"{' · '.join(where)}{_colon()}{reason}" if where else reason


class MissingTableError(LedgerError):
    """A table that a function needs has no rows; nothing in the ledger is wrong.

    Raised by ``Ledger.require``, so that a caller can leave a result out instead of failing.
    """


def _colon() -> str:
    return "：" if message_language() == "zh" else ": "


def _shorten(value: object) -> str:
    """Cut a long value, to keep the message readable."""
    text = str(value)
    return text if len(text) <= _LONGEST_VALUE else text[: _LONGEST_VALUE - 1] + "…"
