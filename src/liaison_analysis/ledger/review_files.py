"""Names that a clerk has to decide, as a workbook with drop-downs, and the answers read back."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Final, Literal

import pandas as pd

from liaison_analysis._checks import check_frame
from liaison_analysis._files import replacing
from liaison_analysis._messages import message, message_language, speaking
from liaison_analysis._outputs import workbook_properties
from liaison_analysis.errors import LedgerError, problem
from liaison_analysis.ledger.cells import cell_text, safe_cell
from liaison_analysis.ledger.records import ADDED_SHEETS
from liaison_analysis.ledger.sheet_reading import read_sheets
from liaison_analysis.ledger.spoken import spoken_code
from liaison_analysis.ledger.workbooks import fitting_cell
from liaison_analysis.privacy import mask_personal_data, without_mask_numbers

if TYPE_CHECKING:
    from collections.abc import Mapping

    import xlsxwriter

#: What a clerk picks where no candidate is meant.
NONE_OF_THESE: Final = "none of these / 都不是"
_HEADERS: Final = {
    "en": ["written", "answer 选择", "status", "why", "where"],
    "zh": ["所写名称", "选择", "情况", "原因", "位置"],
}


def write_review(
    review: pd.DataFrame,
    path: str | Path,
    enterprises: pd.DataFrame | None = None,
    *,
    language: Literal["en", "zh"] = "en",
) -> Path:
    """Write names to decide as a workbook, each with a drop-down of its own candidates.

    Parameters
    ----------
    review
        As ``resolve_sheets`` gives it; a name is asked once, however often it is written.
    path
        An ``.xlsx`` file, replaced as a whole. ``read_review`` reads the answers back.
    enterprises
        The roster, with enterprise_id and name: a name without candidates has all of it to pick from, and
        any other may be answered with one that is no candidate, after a warning.
    language
        Language of sheets and headers.

    Returns
    -------
    Path
        ``path``.

    Examples
    --------
    >>> import tempfile
    >>> from pathlib import Path
    >>> roster = pd.DataFrame({"enterprise_id": ["E1", "E2"], "name": ["云岫机器人", "云岫轴承"]})
    >>> review = pd.DataFrame(
    ...     {
    ...         "written": ["云岫"], "candidates": ["E1 云岫机器人 (0.5); E2 云岫轴承 (0.4)"],
    ...         "status": ["ambiguous"], "why": [""], "sheet": ["诉求"], "row": [2],
    ...     }
    ... )
    >>> write_review(review, Path(tempfile.mkdtemp()) / "review.xlsx", roster).name
    'review.xlsx'
    """
    import xlsxwriter

    check_frame(review, "review", ["written", "candidates", "status", "why", "sheet", "row"])
    if enterprises is not None:
        check_frame(enterprises, "enterprises", ["enterprise_id", "name"])

    path = Path(path)
    options = {"strings_to_formulas": False, "strings_to_urls": False, "in_memory": True}
    with replacing(path) as temporary, xlsxwriter.Workbook(str(temporary), options) as book:
        book.set_properties(workbook_properties())
        with speaking(language):
            add_review_sheets(book, review, enterprises)
    return path


def add_review_sheets(
    book: xlsxwriter.Workbook,
    review: pd.DataFrame,
    enterprises: pd.DataFrame | None = None,
    *,
    decided: Mapping[str, str] | None = None,
) -> None:
    """Add the sheets ``review``, ``choices`` and ``roster`` of ``write_review`` to an open workbook.

    ``decided`` has answers by written name that were given before; they stand below what is asked. Sheets and
    headers are in the language of messages.
    """
    from xlsxwriter.utility import xl_col_to_name

    asked = review.drop_duplicates("written")
    language = message_language()
    names = {one: one if language == "en" else chinese for one, chinese in ADDED_SHEETS.items()}
    everyone: list[str] = []
    if enterprises is not None:
        known = enterprises.sort_values("enterprise_id")
        everyone = (known["enterprise_id"] + " " + known["name"].fillna("")).tolist()
    sheet, choices, roster = (book.add_worksheet(names[name]) for name in ("review", "choices", "roster"))
    choices.hide()
    for at, pick in enumerate([NONE_OF_THESE, *everyone]):
        roster.write_string(at, 0, safe_cell(pick))
    sheet.write_row(0, 0, _HEADERS[language])
    sheet.set_column(0, 4, 40)
    roster.set_column(0, 0, 60)
    for at, row in enumerate(asked.itertuples(index=False), 1):
        picks = [p.rsplit(" (", 1)[0] for p in str(row.candidates).split("; ") if p and p != "nan"]
        options_here = [*picks, NONE_OF_THESE]
        where = f"{row.sheet} · {message('row {row}', row=row.row)}"
        texts = (row.written, "", spoken_code(str(row.status)), row.why, where)
        for place, text in enumerate(texts):
            sheet.write_string(at, place, safe_cell(fitting_cell(str(text))))
        for place, text in enumerate(options_here):
            choices.write_string(at, place, safe_cell(text))
        last = xl_col_to_name(len(options_here) - 1)
        among = f"={names['choices']}!$A${at + 1}:${last}${at + 1}"
        span = among if picks else f"={names['roster']}!$A$1:$A${len(everyone) + 1}"
        rule = {"validate": "list", "source": span, "error_type": "warning" if everyone else "stop"}
        sheet.data_validation(at, 1, at, 1, rule)
    for at, (written, answer) in enumerate((decided or {}).items(), len(asked) + 1):
        for place, text in enumerate((written, answer, spoken_code("mapping"))):
            sheet.write_string(at, place, safe_cell(fitting_cell(text)))


def read_review(path: str | Path, enterprises: pd.DataFrame) -> pd.DataFrame:
    """Read a clerk's answers back as aliases: each holds for the name as written, on any day.

    Parameters
    ----------
    path
        Workbook that ``write_review`` wrote.
    enterprises
        The roster, with enterprise_id and name.

    Returns
    -------
    DataFrame
        Columns enterprise_id, alias, valid_from, valid_to (missing: for good), a row for each answered name;
        unanswered ones and those that are none of the candidates are left out.

    Raises
    ------
    LedgerError
        The workbook has no sheet ``review`` as ``write_review`` writes it, or an answer is no enterprise of
        the roster; all such answers are in ``.problems``.

    Examples
    --------
    >>> import tempfile
    >>> from pathlib import Path
    >>> from liaison_analysis.ledger import write_review
    >>> roster = pd.DataFrame({"enterprise_id": ["E1", "E2"], "name": ["云岫机器人", "云岫轴承"]})
    >>> review = pd.DataFrame(
    ...     {
    ...         "written": ["云岫"], "candidates": ["E1 云岫机器人 (0.5); E2 云岫轴承 (0.4)"],
    ...         "status": ["ambiguous"], "why": [""], "sheet": ["诉求"], "row": [2],
    ...     }
    ... )
    >>> path = write_review(review, Path(tempfile.mkdtemp()) / "review.xlsx", roster)
    >>> len(read_review(path, roster))
    0
    """
    check_frame(enterprises, "enterprises", ["enterprise_id", "name"])
    path = Path(path)
    sheets = read_sheets(path, wanted={"review", ADDED_SHEETS["review"]}.__contains__)
    found = next((sheet for sheet in sheets if sheet.name in {"review", ADDED_SHEETS["review"]}), None)
    rows = found.rows if found else []
    if not rows or rows[0][:2] not in [headers[:2] for headers in _HEADERS.values()]:
        raise LedgerError.of_file(
            path.name, message("no sheet 'review' with names and answers; write the review once more")
        )
    picks: dict[str, str | None] = {}
    for enterprise_id, name in enterprises[["enterprise_id", "name"]].itertuples(index=False):
        pick = cell_text(safe_cell(without_mask_numbers(f"{enterprise_id} {name}")))
        picks[pick] = None if pick in picks else enterprise_id
    answers, problems = [], []
    for at, row in enumerate(rows[1:], 2):
        (answer,) = mask_personal_data([row[1].strip() if len(row) > 1 else ""])
        picked = picks.get(without_mask_numbers(answer))
        if picked is not None:
            answers.append((picked, row[0].removeprefix("'")))
        elif answer not in {"", NONE_OF_THESE}:
            reason = message("not one enterprise of the roster; pick one from the list")
            problems.append(problem(found.name if found else "review", at, rows[0][1], answer, reason))
    if problems:
        raise LedgerError(path.name, problems)
    frame = pd.DataFrame(answers, columns=["enterprise_id", "alias"], dtype="str")
    forever = pd.Series(pd.NaT, index=frame.index, dtype="datetime64[s]")
    return frame.assign(valid_from=forever, valid_to=forever)
