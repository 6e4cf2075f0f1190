"""Read a workbook or folder into a validated ``Ledger``, all problems at once."""

from __future__ import annotations

import math
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd

from liaison_analysis.errors import LedgerError, problem
from liaison_analysis.ledger.cells import cell_text, one_line
from liaison_analysis.ledger.frames import _mask
from liaison_analysis.ledger.model import Ledger, _missing_columns
from liaison_analysis.ledger.resolution import resolve_sheets
from liaison_analysis.ledger.schema import TABLES, table_of
from liaison_analysis.ledger.sheets import Sheet, read_sheets
from liaison_analysis.ledger.tables import masked_texts, name_columns, read_table
from liaison_analysis.ledger.validation import check_columns, check_references, check_rows
from liaison_analysis.names import credit_code_notes
from liaison_analysis.privacy import Masker, find_personal_data, mask_personal_data

if TYPE_CHECKING:
    from collections.abc import Mapping

    from liaison_analysis.errors import Problem


def read_ledger(
    path: str | Path, *, mask: bool = True, resolve: bool = False, aliases: pd.DataFrame | None = None
) -> Ledger:
    """Read and check a ledger, with what identifies persons masked.

    Parameters
    ----------
    path
        An ``.xlsx`` workbook with a sheet a table, or a folder with a ``.csv`` or ``.parquet`` file a
        table. Sheets, files and headers may be named in English or Chinese; titles may stand above the
        header; dates may be text, Chinese text or Excel serial numbers. CSV may be UTF-8, UTF-16 with a
        mark, or GB 18030.
    mask
        Whether phone numbers, identity cards, bank cards, e-mail, plates, WeChat and QQ are masked (see
        ``mask_personal_data``), in every column and header before anything else is done with them, and in
        what an error says. Where values must stay apart (ids, products, names and codes of enterprises),
        the mask has a number that is the same for the same value in all tables: an officer whose id is a
        phone number is ``[手机号 1]`` in links and visits. Numbers follow the order of the rows, so such an
        id is another when rows have come before it; a name beside it stays. The file itself is not changed.
    resolve
        Whether tables may name enterprises instead of giving ids (see ``resolve_sheets``). Rows
        whose enterprise is not sure are left out and listed in ``.review``.
    aliases
        Aliases to resolve with besides the file's, such as ``read_review`` gives them.

    Returns
    -------
    Ledger
        Every table typed; ``.notes`` names the sheets that were not used, the results that missing tables
        switch off, and how much was masked; ``.masked`` counts that by sheet and kind.

    Raises
    ------
    LedgerError
        The file cannot be read, or holds problems: all of them, of every table, in ``.problems``.

    Examples
    --------
    >>> read_ledger("no-such.xlsx")
    Traceback (most recent call last):
    ...
    liaison_analysis.errors.LedgerError: no-such.xlsx: no such file or folder; check the path
    """
    path = Path(path)
    source = path.name or path.absolute().name
    if not mask:
        given = read_sheets(path, wanted=_is_wanted)
        return _resolved(given, source, None, aliases) if resolve else _checked(given, source, None)
    failure = None
    try:
        given = read_sheets(path, wanted=_is_wanted)
    except LedgerError as error:
        failure = _masked_error(error)
    # Raised out here, since an error that is raised while another is handled keeps that one's words.
    if failure:
        raise failure
    given = [replace(sheet, name=_mask(sheet.name)) for sheet in given]
    masker = Masker(cell for sheet in given for row in sheet.rows for cell in row)
    source = _mask(source)
    return _resolved(given, source, masker, aliases) if resolve else _checked(given, source, masker)


def _resolved(given: list[Sheet], source: str, masker: Masker | None, aliases: pd.DataFrame | None) -> Ledger:
    """Read a ledger out of its sheets, after names have become ids."""
    given, review = resolve_sheets(given, aliases, mask=mask_personal_data if masker else None)
    ledger = _checked(given, source, masker)
    if masker:
        texts = ("sheet", "column", "written", "status", "candidates", "why")
        review = review.assign(**{name: mask_personal_data(review[name]) for name in texts})
        # After the tables, so that an id has the number that it has there.
        review = review.assign(enterprise_id=masker.keys(review["enterprise_id"], "review"))
    note = f"{len(review)} names are not surely one enterprise's; their rows are left out, see .review"
    return replace(ledger, review=review, notes=ledger.notes + ((note,) if len(review) else ()))


def _is_wanted(sheet: str) -> bool:
    return table_of(sheet) is not None


def _masked_error(error: LedgerError) -> LedgerError:
    """Give an error without personal data; only one that had none keeps what caused it."""
    chain = [error, error.__cause__, error.__context__]
    if not any(find_personal_data(str(one)) for one in chain) and _is_clean(error.problems):
        return error
    columns = {name: mask_personal_data(error.problems[name]) for name in ("sheet", "value", "reason")}
    return LedgerError(_mask(error.source), error.problems.assign(**columns))


def _is_clean(problems: pd.DataFrame) -> bool:
    texts = problems[["sheet", "value", "reason"]].to_numpy().ravel()
    return not any(find_personal_data(text) for text in texts)


def _checked(given: list[Sheet], source: str, masker: Masker | None) -> Ledger:
    """Read a ledger out of its sheets."""
    sheets, notes, problems = _match_sheets(given)
    texts: dict[str, pd.DataFrame] = {}
    # In the schema's order, so that numbers of masks do not depend on the order of sheets.
    for name, sheet in sorted(sheets.items(), key=lambda item: list(TABLES).index(item[0])):
        read, header_problems = read_table(sheet, TABLES[name], masker)
        problems += header_problems
        if read is not None:
            texts[name] = read
    frames, cell_problems = _validated(texts, {name: sheet.name for name, sheet in sheets.items()})
    problems += cell_problems
    for table in TABLES.values():
        if table.required and table.name in frames and frames[table.name].empty:
            problems.append(
                problem(sheets[table.name].name, None, "", "", "no rows below the header; fill it in")
            )
    if problems:
        raise LedgerError(source, _sorted_problems(problems, given))
    notes += [
        f"no {t.name} ({t.chinese[0]}): {_SWITCHED_OFF[t.name]}"
        for t in TABLES.values()
        if t.name not in frames and t.name in _SWITCHED_OFF
    ]
    return _assembled(frames, source, masker, notes)


def _validated(
    texts: Mapping[str, pd.DataFrame], names: Mapping[str, str]
) -> tuple[dict[str, pd.DataFrame], list[Problem]]:
    """Typed frames of tables of text, and every problem in them; ``names`` has the sheet of each table."""
    frames: dict[str, pd.DataFrame] = {}
    problems: list[Problem] = []
    for name, cells in texts.items():
        frames[name], cell_problems = check_columns(cells, TABLES[name], names[name])
        problems += cell_problems
        problems += check_rows(frames[name], TABLES[name], names[name])
    problems += check_references(frames, names)
    return frames, problems


def _assembled(
    frames: Mapping[str, pd.DataFrame], source: str, masker: Masker | None, notes: list[str]
) -> Ledger:
    """Ledger of valid frames, with notes about credit codes and masked data."""
    tables: dict[str, Any] = {name: frame.reset_index(drop=True) for name, frame in frames.items()}
    if "enterprises" in tables:
        notes += credit_code_notes(tables["enterprises"])
    masked = (masker or Masker()).masked()
    if len(masked):
        n = masked.groupby("kind", sort=False)["n"].sum()
        counts = ", ".join(f"{kind} {count:,}" for kind, count in n.items())
        notes.append(f"masked on reading, by kind: {counts}; the file keeps the originals")
    return Ledger(**tables, source=source, notes=tuple(notes), masked=masked)


def ledger_from_frames(frames: Mapping[str, pd.DataFrame], *, source: str, mask: bool) -> Ledger:
    """Check DataFrames and make a ledger of them, as ``Ledger.from_frames`` describes."""
    masker = Masker() if mask else None
    texts: dict[str, pd.DataFrame] = {}
    problems: list[Problem] = []
    if not hasattr(frames, "items"):
        raise TypeError(f"frames: expected a dict of DataFrames by table name, got {type(frames).__name__}")
    for written, frame in frames.items():
        table = table_of(written)
        if not isinstance(frame, pd.DataFrame):
            raise TypeError(f"{written}: expected a DataFrame, got {type(frame).__name__}")
        if table is None or table.name in texts:
            reason = "given twice; keep one" if table else f"unknown table; use one of {', '.join(TABLES)}"
            problems.append(problem(str(written), None, "", "", reason))
            continue
        cells = frame.set_axis(pd.RangeIndex(1, len(frame) + 1))
        headers = [one_line(header) for header in frame.columns]
        names, repeated = name_columns(masker.texts(headers, table.name) if masker else headers, table)
        problems += _missing_columns(table.name, frame.columns)
        problems += [
            problem(table.name, None, headers[j], "", "a second column of this meaning; keep one")
            for j in repeated
        ]
        columns = {name: cells.iloc[:, j].astype(object).map(_frame_text) for j, name in enumerate(names)}
        read = pd.DataFrame(columns, index=cells.index, dtype="str")
        texts[table.name] = masked_texts(read, table, table.name, masker) if masker else read
    checked, cell_problems = _validated(texts, {name: name for name in texts})
    if problems or cell_problems:
        raise LedgerError(_mask(source) if mask else source, [*problems, *cell_problems])
    return _assembled(checked, _mask(source) if mask else source, masker, [])


def _frame_text(cell: object) -> str:
    """Text of a cell of a DataFrame; lists and other objects as Python writes them."""
    is_nan = isinstance(cell, float) and math.isnan(cell)
    return "" if is_nan else cell_text(cell)


_SWITCHED_OFF = {
    "aliases": "former and short names are not resolved",
    "offers": "what enterprises make is read out of main_business, where there is any",
    "product_chain": "the general product chain is used",
    "supplies": "known trade links are not left out of introductions",
    "links": "no coverage or plan of visits",
    "visits": "no coverage of visits",
    "policies": "no answers about policies",
    "projects": "no progress of projects",
    "salons": "outcomes of earlier salons are not used",
}


def _match_sheets(sheets: list[Sheet]) -> tuple[dict[str, Sheet], list[str], list[Problem]]:
    """Find the sheet of each table; a second one for the same table is a problem, others are noted."""
    matched: dict[str, Sheet] = {}
    notes, problems = [], []
    for sheet in sheets:
        table = table_of(sheet.name)
        hidden = " is hidden and" if sheet.hidden else ""
        if table is None:
            notes.append(f"sheet {sheet.name!r} is not a table of the ledger and was not read")
        elif table.name in matched:
            reason = f"a second sheet for {table.name}, beside {matched[table.name].name!r}; keep one"
            reason += " (this one is hidden)" if sheet.hidden else ""
            problems.append(problem(sheet.name, None, "", "", reason))
        elif not sheet.rows and not table.required:
            notes.append(f"sheet {sheet.name!r}{hidden} holds no cells")
        else:
            matched[table.name] = sheet
            if hidden:
                notes.append(f"sheet {sheet.name!r}{hidden} was read")
    names = ", ".join(repr(sheet.name) for sheet in sheets)
    for table in TABLES.values():
        if table.required and table.name not in matched:
            reason = f"sheet is missing; name one {table.name} or {table.chinese[0]} (found: {names})"
            problems.append(problem(table.name, None, "", "", reason))
    return matched, notes, problems


def _sorted_problems(rows: list[Problem], sheets: list[Sheet]) -> list[Problem]:
    """Sort problems by the order of the sheets, missing ones first, then by row and column."""
    order = {sheet.name: i for i, sheet in reversed(list(enumerate(sheets)))}
    columns = {
        (sheet.name, column.name): j
        for sheet in sheets
        if (table := table_of(sheet.name))
        for j, column in enumerate(table.columns)
    }

    def place(row: Problem) -> tuple[int, int, int]:
        sheet, at, column = row["sheet"], row["row"], row["column"]
        return order.get(sheet, -1), -1 if at is None else at, columns.get((sheet, column), -1)

    return sorted(rows, key=place)
