"""Read a workbook or folder into a validated ``Ledger``, all problems at once."""

from __future__ import annotations

import math
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd

from liaison_analysis._checks import check_frame
from liaison_analysis._messages import marked, message
from liaison_analysis.errors import LedgerError, problem
from liaison_analysis.ledger.cells import cell_text, one_line
from liaison_analysis.ledger.checking import ask_about_formulas, checked_frames, sorted_problems, validated
from liaison_analysis.ledger.day_columns import FIRST_PLAUSIBLE, last_plausible
from liaison_analysis.ledger.frames import masked_text
from liaison_analysis.ledger.gathering import gather
from liaison_analysis.ledger.headers import EXTRA_COLUMNS
from liaison_analysis.ledger.model import (
    LEFT_OUT_COLUMNS,
    UNDERSTANDING_COLUMNS,
    Ledger,
    missing_columns,
    no_origin,
)
from liaison_analysis.ledger.records import ADDED_SHEETS, FILE, RESERVED_SHEETS, ROW, SHEET, Gathered, Options
from liaison_analysis.ledger.resolution import REVIEW_COLUMNS, resolve_sheets
from liaison_analysis.ledger.roster import make_roster
from liaison_analysis.ledger.schema import STATUSES, TABLES, header_key, table_of
from liaison_analysis.ledger.sheet_reading import read_sheets
from liaison_analysis.ledger.structure import is_whole, raise_missing, sheet_notes
from liaison_analysis.ledger.tables import masked_texts, name_columns
from liaison_analysis.names import credit_code_notes
from liaison_analysis.privacy import Masker, find_personal_data, mask_personal_data

if TYPE_CHECKING:
    from collections.abc import Mapping

    from liaison_analysis.errors import Problem
    from liaison_analysis.ledger.sheets import Sheet


def read_ledger(
    path: str | Path,
    *,
    year: int | None = None,
    mapping: Mapping[str, str] | str | Path | None = None,
    mask: bool = True,
    resolve: bool = False,
    aliases: pd.DataFrame | None = None,
    open_years: bool = False,
) -> Ledger:
    """Read a ledger in any layout, validate it, and mask personal data.

    A sheet may be a table of the ledger with ids, or a clerk's own layout: one flat sheet of demands, one
    sheet per month or town, a title above and totals below, headers of several lines, merged cells, several
    demands in a cell. Enterprises then come from a register or from the names themselves. Uncertain values
    become questions (``.review``), cells in no table are listed (``.left_out``), and nothing is guessed.

    Parameters
    ----------
    path
        A workbook (``.xlsx``, ``.xlsm``, ``.xls``, ``.et``, ``.xlsb``, ``.ods``, ``.xml``), a table as
        ``.csv``, ``.tsv``, ``.txt``, ``.html`` or ``.parquet``, a ``.docx`` with tables, or a folder of such
        files. Sheets, files and headers may be named in English or Chinese.
    year
        Year of days that are written without one, such as 6.15, where neither a title nor the sheet's name
        nor other days say it.
    mapping
        What headers and words for states mean, beyond those that are known: column of the schema, or state,
        by word, such as ``{"挂牌时间": "raised_on", "已上会": "solving"}``; ``""`` for a header that means
        nothing here. Or the workbook of answers that ``write_adopted`` made.
    mask
        Whether phone numbers, identity cards, bank cards, e-mail, plates, WeChat and QQ are masked (see
        ``mask_personal_data``), in every column and header before anything else is done with them, and in
        what an error says. Where values must stay apart (ids, products, names and codes of enterprises),
        the mask has a number that is the same for the same value in all tables: an officer whose id is a
        phone number is ``[手机号 1]`` in links and visits. Numbers follow the order of the rows, so such an
        id changes when rows are added before it; a name beside it does not. The file itself is not changed.
    resolve
        Whether names that stand among ids are resolved too (see ``resolve_sheets``). Where a table has names
        and no ids, they are in any case.
    aliases
        Aliases to resolve with besides the file's, such as ``read_review`` gives them.
    open_years
        Whether days with an unknown year stay blank and become questions in ``.review``, as for ``liaison
        adopt``, instead of problems.

    Returns
    -------
    Ledger
        Every table typed. ``.notes`` says what a reader should know: rows that were left out, results that
        missing tables make impossible, how much was masked. ``.left_out``, ``.origin``, ``.review`` and
        ``.understanding`` hold every cell that is in no table, the place of every row, what a clerk has to
        decide, and how headers, states and days were understood.

    Raises
    ------
    LedgerError
        The file cannot be read, or holds problems: all of them, of every table, in ``.problems``. A day whose
        year is unknown is one.

    Examples
    --------
    >>> read_ledger("no-such.xlsx")
    Traceback (most recent call last):
    ...
    liaison_analysis.errors.LedgerError: no-such.xlsx: no such file or folder; check the path
    """
    if aliases is not None:
        check_frame(aliases, "aliases")
    path = Path(path)
    source = path.name or path.absolute().name
    options = replace(options_of(mapping, year), open_years=open_years)
    if not mask:
        return _understood(read_sheets(path), source, None, options, aliases, resolve=resolve)
    failure = None
    try:
        given = read_sheets(path)
    except LedgerError as error:
        failure = _masked_error(error)
    # Raised outside of the handler, since otherwise it would keep the text of the original error.
    if failure:
        raise failure
    given = [replace(sheet, name=masked_text(sheet.name), file=masked_text(sheet.file)) for sheet in given]
    masker = Masker(cell for sheet in given for row in sheet.rows for cell in row)
    return _understood(given, masked_text(source), masker, options, aliases, resolve=resolve)


def _understood(
    given: list[Sheet],
    source: str,
    masker: Masker | None,
    options: Options,
    aliases: pd.DataFrame | None,
    *,
    resolve: bool,
) -> Ledger:
    """Make a ledger of raw sheets."""
    review = pd.DataFrame(columns=REVIEW_COLUMNS)
    understood = {"understood", ADDED_SHEETS["understood"]}
    if any(sheet.name in understood for sheet in given):  # the sheets that `liaison adopt` adds
        given = [sheet for sheet in given if sheet.name not in RESERVED_SHEETS]
    if options.aliases is not None:
        aliases = options.aliases if aliases is None else pd.concat([options.aliases, aliases])
    if resolve:
        resolved, review = resolve_sheets(given, aliases, mask=mask_personal_data if masker else None)
        review = _masked_review(review, masker)
    else:
        resolved = given
    gathered = gather(resolved, source, options, masker)
    if resolve:
        _leave_unresolved(gathered, given, resolved)
    if not ({"demands", "enterprises"} & set(gathered.texts)) or not is_whole(gathered, resolved):
        raise_missing(given, source, gathered)
    gathered.strangers = options.strangers
    make_roster(gathered, aliases=aliases)
    frames, problems = checked_frames(gathered)
    problems = ask_about_formulas(resolved, gathered, [*problems, *gathered.problems])
    if problems:
        known = _decisions(gathered, masker)
        raise LedgerError(source, sorted_problems(problems, given), understanding=known)
    notes = [*gathered.notes, *sheet_notes(given, gathered)]
    notes += [
        message(
            "no {table} ({chinese}): {effect}", table=t.name, chinese=t.chinese[0], effect=message(effect)
        )
        for t in TABLES.values()
        if t.name not in frames and (effect := _SWITCHED_OFF.get(t.name))
    ]
    notes += _without_day(frames, gathered)
    notes += _implausible(frames, gathered)
    ledger = _assembled(frames, source, masker, notes)
    return _with_records(ledger, gathered, review, masker)


def _without_day(frames: Mapping[str, pd.DataFrame], gathered: Gathered) -> list[str]:
    """Ask for the day of demands without one: they count as demands, but in no month and no duration."""
    demands = frames.get("demands")
    if demands is None or not (missing := demands["raised_on"].isna()).any():
        return []
    texts = gathered.texts["demands"]
    if missing.all() and not any(one["column"] == "raised_on" for one in gathered.review):
        sheet, header = gathered.sheets["demands"], gathered.headers.get("demands", 1)
        why = message("no day on which a demand was raised; add a column 提出日期 where days are known")
        gathered.ask(sheet, header, "raised_on", "", why, status="missing")
    else:
        asked = {(one["sheet"], one["row"]) for one in gathered.review if one["column"] == "raised_on"}
        places = texts.loc[missing.to_numpy(), [SHEET, ROW]].itertuples(index=False, name=None)
        for sheet, row in dict.fromkeys((str(sheet), int(row)) for sheet, row in places):
            if (sheet, row) not in asked:
                why = message("a row without a day; fill it in")
                gathered.ask(sheet, row, "raised_on", "", why, status="missing")
    return [
        message(
            "{n} of {all} demands have no day on which they were raised: they are in no month and duration",
            n=int(missing.sum()),
            all=len(demands),
        )
    ]


def _implausible(frames: Mapping[str, pd.DataFrame], gathered: Gathered) -> list[str]:
    """Ask about days before any park kept a ledger, or far behind all others; they stay as written."""
    columns = [
        (name, column.name)
        for name, frame in frames.items()
        for column in TABLES[name].columns
        if column.kind == "date" and name in {"demands", "visits"} - gathered.derived and column.name in frame
    ]
    if not columns:
        return []
    latest = last_plausible(pd.concat([frames[name][column] for name, column in columns], ignore_index=True))
    if latest is None:  # not one day is known
        return []
    n = 0
    for name, column in columns:
        days = frames[name][column]
        odd = days.dt.year.lt(FIRST_PLAUSIBLE) | days.gt(latest)
        for i in odd[odd].index:
            place = gathered.texts[name].iloc[i]
            why = message(
                "day before {first_plausible} or more than a year behind all others; correct it if wrong",
                first_plausible=FIRST_PLAUSIBLE,
            )
            gathered.ask(place[SHEET], int(place[ROW]), column, f"{days[i]:%F}", why, status="implausible")
            n += 1
    return (
        [message("{n} days are implausible and do not count as the ledger's last day; see .review", n=n)]
        if n
        else []
    )


def options_of(mapping: Mapping[str, str] | str | Path | None, year: int | None) -> Options:
    """Options of a caller: a mapping of words, or a workbook of answers.

    Raises
    ------
    ValueError
        A word is mapped to neither a column nor a state.
    """
    if isinstance(mapping, str | Path):
        from liaison_analysis.ledger.adoption import read_answers

        answers = read_answers(mapping)
        return replace(answers, year=answers.year if year is None else year)
    columns = {
        header_key(one): c.name for t in TABLES.values() for c in t.columns for one in (c.name, *c.chinese)
    }
    columns |= {one: one for one in ("", *EXTRA_COLUMNS)}
    states = {word: key for key, chinese in STATUSES.items() for word in (key, chinese)}
    options = Options(year=year, headers={}, states={})
    for word, meaning in (mapping or {}).items():
        if meaning in states:
            options.states[word] = states[meaning]  # type: ignore[index]
        elif header_key(meaning) in columns:
            options.headers[header_key(word)] = columns[header_key(meaning)]  # type: ignore[index]
        else:
            known = ", ".join(sorted({*columns.values(), *STATUSES} - {""}))
            reason = f"{meaning!r} is neither a column nor a state; use one of {known}"
            raise ValueError(f"mapping: {word!r}: {reason}")
    return options


def _leave_unresolved(gathered: Gathered, given: list[Sheet], resolved: list[Sheet]) -> None:
    """Note the cells of rows that ``resolve_sheets`` took away."""
    for before, after in zip(given, resolved, strict=True):
        if before is after:
            continue
        for i, (row, now) in enumerate(zip(before.rows, after.rows, strict=True)):
            if row and not now:
                for cell in row:
                    gathered.leave(
                        before, i, "", cell, message("its enterprise could not be matched with the register")
                    )


def _masked_review(review: pd.DataFrame, masker: Masker | None) -> pd.DataFrame:
    if masker is None:
        return review
    texts = ("sheet", "column", "written", "status", "candidates", "why")
    return review.assign(**{name: mask_personal_data(review[name]) for name in texts})


def _masked_error(error: LedgerError) -> LedgerError:
    """Give an error without personal data; its cause is kept only if nothing was masked."""
    chain = [error, error.__cause__, error.__context__]
    if not any(find_personal_data(str(one)) for one in chain) and _is_clean(error.problems):
        return error
    columns = {name: mask_personal_data(error.problems[name]) for name in ("sheet", "value", "reason")}
    return LedgerError(masked_text(error.source), error.problems.assign(**columns))


def _is_clean(problems: pd.DataFrame) -> bool:
    texts = problems[["sheet", "value", "reason"]].to_numpy().ravel()
    return not any(find_personal_data(text) for text in texts)


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
        notes.append(
            message("masked on reading, by kind: {counts}; the file keeps the originals", counts=counts)
        )
    return Ledger(**tables, source=source, notes=tuple(notes), masked=masked)


def _with_records(ledger: Ledger, gathered: Gathered, review: pd.DataFrame, masker: Masker | None) -> Ledger:
    """Add what was left out, where rows come from, what is to be decided and how all was understood."""
    left = pd.DataFrame(gathered.left_out, columns=LEFT_OUT_COLUMNS)
    asked = pd.DataFrame(gathered.review, columns=REVIEW_COLUMNS)
    if masker:
        left = left.assign(value=mask_personal_data(left["value"]))
        asked = _masked_review(asked, masker)
        if len(review):
            review = review.assign(enterprise_id=masker.keys(review["enterprise_id"], "review"))
    if len(asked):
        review = pd.concat([review, asked], ignore_index=True) if len(review) else asked
    left["row"] = left["row"].astype("Int64")
    notes = list(ledger.notes)
    if len(review):
        notes.append(message("{n} questions are open, see .review", n=len(review)))
    origin = [
        pd.DataFrame({"table": name, "row": range(len(frame)), "file": frame[FILE],
                      "sheet": frame[SHEET], "source_row": frame[ROW].astype("Int64")})
        for name, frame in gathered.texts.items()
    ]  # fmt: skip
    return replace(
        ledger,
        notes=tuple(notes),
        review=review.astype({"row": "int64", "score": "float64"}).reset_index(drop=True),
        left_out=left.sort_values(["file", "sheet", "row"], kind="stable", ignore_index=True),
        origin=pd.concat(origin, ignore_index=True) if origin else no_origin(),
        understanding=_decisions(gathered, masker),
    )


def _decisions(gathered: Gathered, masker: Masker | None) -> pd.DataFrame:
    """How everything was understood, without personal data."""
    decisions = pd.DataFrame(gathered.decisions, columns=UNDERSTANDING_COLUMNS)
    if masker:
        texts = ("written", "meaning", "example")
        decisions = decisions.assign(
            **{name: mask_personal_data(decisions[name].astype(str)) for name in texts}
        )
    return decisions


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
            reason = (
                message("given twice; keep one")
                if table
                else message("unknown table; use one of {tables}", tables=", ".join(TABLES))
            )
            problems.append(problem(str(written), None, "", "", reason))
            continue
        cells = frame.set_axis(pd.RangeIndex(1, len(frame) + 1))
        headers = [one_line(header) for header in frame.columns]
        names, repeated = name_columns(masker.texts(headers, table.name) if masker else headers, table)
        problems += missing_columns(table.name, frame.columns)
        problems += [
            problem(table.name, None, headers[j], "", message("a second column of this meaning; keep one"))
            for j in repeated
        ]
        columns = {name: cells.iloc[:, j].astype(object).map(_frame_text) for j, name in enumerate(names)}
        read = pd.DataFrame(columns, index=cells.index, dtype="str")
        texts[table.name] = masked_texts(read, table, table.name, masker) if masker else read
    checked, cell_problems = validated(texts, {name: name for name in texts})
    if problems or cell_problems:
        raise LedgerError(masked_text(source) if mask else source, [*problems, *cell_problems])
    return _assembled(checked, masked_text(source) if mask else source, masker, [])


def _frame_text(cell: object) -> str:
    """Text of a cell of a DataFrame; lists and other objects as Python writes them."""
    is_nan = isinstance(cell, float) and math.isnan(cell)
    return "" if is_nan else cell_text(cell)


_SWITCHED_OFF = {
    "aliases": marked("former and short names are not resolved"),
    "offers": marked("what enterprises make is read out of main_business, where there is any"),
    "product_chain": marked("the general product chain is used"),
    "supplies": marked("known trade links are not left out of introductions"),
    "links": marked("no coverage or plan of visits"),
    "visits": marked("no coverage of visits"),
    "policies": marked("no answers about policies"),
    "projects": marked("no progress of projects"),
    "salons": marked("outcomes of earlier salons are not used"),
}
