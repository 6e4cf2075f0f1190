r"""Read a workbook or folder into a validated ``Ledger``; write one back.

What is read has one normal form, the same from a workbook, CSV and Parquet, and ``typed`` gives it to frames
made in Python: text without white space at its ends, lines ended by ``\n`` alone, no control characters, and
missing where nothing is left (``sheets.cell_text``); dates without a time of day; numbers of 15 digits, as
many as Excel keeps; the schema's columns first, in its order, then further ones, as text, under their own
header on one line (``validation.name_columns``). A ledger in normal form is read back as it was written.
"""

from __future__ import annotations

import csv
import os
import shutil
import tempfile
from dataclasses import dataclass, field, fields, replace
from pathlib import Path
from typing import Any, Literal

import pandas as pd

from liaison_analysis.enterprise_codes import codes_told
from liaison_analysis.errors import PROBLEM_COLUMNS, LedgerError, problem
from liaison_analysis.name_review import resolve_sheets
from liaison_analysis.personal_data import find_personal_data
from liaison_analysis.privacy import Masker, mask_personal_data, safe_cell
from liaison_analysis.schema import DTYPES, TABLES, Column, Table, table_of
from liaison_analysis.sheet_tables import name_columns, read_table
from liaison_analysis.sheets import Sheet, cell_text, read_sheets
from liaison_analysis.validation import (
    check_columns,
    check_references,
    check_rows,
    kept_digits,
)
from liaison_analysis.workbooks import no_room_told, write_workbook


@dataclass(frozen=True, eq=False, repr=False)
class Ledger:
    """The ledger's tables as DataFrames; a table that was not given has no rows.

    Columns, units and allowed values of each table stand in ``liaison_analysis.schema.TABLES``; further
    columns of the file are kept as text. Text is ``str``, dates ``datetime64[s]``, numbers ``Float64``,
    whole numbers ``Int64``, yes/no ``boolean``; what is unknown is missing.

    ``masked`` tells what ``read_ledger`` masked: DataFrame[sheet, kind, n], without the values.
    ``review`` lists the names that ``read_ledger(..., resolve=True)`` could not tell for sure.

    Examples
    --------
    >>> from liaison_analysis import load_liangjiang
    >>> ledger = load_liangjiang()
    >>> ledger
    Ledger(liangjiang: enterprises 254, ..., demands 476, ...)
    >>> ledger.demands["in_remit"].sum().item()
    309
    """

    enterprises: pd.DataFrame = field(default_factory=TABLES["enterprises"].empty)
    aliases: pd.DataFrame = field(default_factory=TABLES["aliases"].empty)
    offers: pd.DataFrame = field(default_factory=TABLES["offers"].empty)
    product_chain: pd.DataFrame = field(default_factory=TABLES["product_chain"].empty)
    supplies: pd.DataFrame = field(default_factory=TABLES["supplies"].empty)
    demands: pd.DataFrame = field(default_factory=TABLES["demands"].empty)
    links: pd.DataFrame = field(default_factory=TABLES["links"].empty)
    visits: pd.DataFrame = field(default_factory=TABLES["visits"].empty)
    policies: pd.DataFrame = field(default_factory=TABLES["policies"].empty)
    projects: pd.DataFrame = field(default_factory=TABLES["projects"].empty)
    salons: pd.DataFrame = field(default_factory=TABLES["salons"].empty)
    source: str = ""
    notes: tuple[str, ...] = ()
    masked: pd.DataFrame = field(default_factory=lambda: Masker().masked())
    review: pd.DataFrame = field(default_factory=pd.DataFrame)

    @property
    def tables(self) -> dict[str, pd.DataFrame]:
        """Frames by table name, in the schema's order."""
        return {f.name: getattr(self, f.name) for f in fields(self) if f.name in TABLES}

    def require(self, *names: str) -> None:
        """Raise a ``LedgerError`` that names every one of these tables that has no rows.

        Examples
        --------
        >>> Ledger(source="ledger.xlsx").require("offers")
        Traceback (most recent call last):
        ...
        liaison_analysis.errors.LedgerError: ledger.xlsx · offers: has no rows, and this needs them; add the
        sheet offers (企业产品) with the columns enterprise_id, product
        """
        absent = [TABLES[name] for name in names if self.tables[name].empty]
        if absent:
            rows = [
                problem(
                    table.name,
                    None,
                    "",
                    "",
                    "has no rows, and this needs them; add the sheet "
                    f"{table.name} ({table.chinese[0]}) with the columns {', '.join(table.required_columns)}",
                )
                for table in absent
            ]
            raise LedgerError(self.source, _problems(rows))

    def names(self) -> pd.Series:
        """Name of every enterprise, indexed by its id."""
        return self.enterprises.set_index("enterprise_id")["name"]

    def __eq__(self, other: object) -> bool:
        """Whether all tables hold the same rows; where they were read from does not matter."""
        if not isinstance(other, Ledger):
            return NotImplemented
        theirs = other.tables
        return all(
            frame.reset_index(drop=True).equals(theirs[name].reset_index(drop=True))
            for name, frame in self.tables.items()
        )

    __hash__ = None  # type: ignore[assignment]

    def __repr__(self) -> str:
        """Source and number of rows of every table that has any."""
        rows = ", ".join(f"{name} {len(frame)}" for name, frame in self.tables.items() if len(frame))
        return f"Ledger({self.source}: {rows})"


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
        Whether tables may name enterprises instead of giving ids (see ``name_review.resolve_sheets``). Rows
        whose enterprise is not sure are left out and listed in ``.review``.
    aliases
        Aliases to resolve with besides the file's, such as ``name_review.read_review`` gives them.

    Returns
    -------
    Ledger
        Every table typed; ``.notes`` tells which sheets were not used, what missing tables switch off and
        how much was masked, and ``.masked`` tells that by sheet and kind.

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


def _mask(text: str) -> str:
    return mask_personal_data([text])[0]


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
    frames: dict[str, pd.DataFrame] = {}
    # In the schema's order, so that numbers of masks do not hang on the order of sheets.
    for name, sheet in sorted(sheets.items(), key=lambda item: list(TABLES).index(item[0])):
        texts, header_problems = read_table(sheet, TABLES[name], masker)
        problems += header_problems
        if texts is not None:
            frames[name], cell_problems = check_columns(texts, TABLES[name], sheet.name)
            problems += cell_problems
            problems += check_rows(frames[name], TABLES[name], sheet.name)
    problems += check_references(frames, {name: sheet.name for name, sheet in sheets.items()})
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
        if t.name not in frames
    ]
    frames = {name: frame.reset_index(drop=True) for name, frame in frames.items()}
    notes += codes_told(frames["enterprises"])
    masked = (masker or Masker()).masked()
    if len(masked):
        n = masked.groupby("kind", sort=False)["n"].sum()
        told = ", ".join(f"{kind} {count:,}" for kind, count in n.items())
        notes.append(f"masked on reading, by kind: {told}; the file keeps the originals")
    return Ledger(**frames, source=source, notes=tuple(notes), masked=masked)


_SWITCHED_OFF = {
    "aliases": "former and short names are not resolved",
    "offers": "no graph, chain gaps or introductions",
    "product_chain": "introductions rest on texts alone, without chain paths",
    "supplies": "known trade links are not left out of introductions",
    "links": "no coverage or plan of visits",
    "visits": "no coverage of visits",
    "policies": "no answers about policies",
    "projects": "no progress of projects",
    "salons": "outcomes of earlier salons are not used",
}


def _match_sheets(sheets: list[Sheet]) -> tuple[dict[str, Sheet], list[str], list[dict[str, object]]]:
    """Find the sheet of each table; a second one for the same table is a problem, others are noted."""
    found: dict[str, Sheet] = {}
    notes, problems = [], []
    for sheet in sheets:
        table = table_of(sheet.name)
        hidden = " is hidden and" if sheet.hidden else ""
        if table is None:
            notes.append(f"sheet {sheet.name!r} is no table of the ledger and was not read")
        elif table.name in found:
            reason = f"a second sheet for {table.name}, beside {found[table.name].name!r}; keep one"
            reason += " (this one is hidden)" if sheet.hidden else ""
            problems.append(problem(sheet.name, None, "", "", reason))
        elif not sheet.rows and not table.required:
            notes.append(f"sheet {sheet.name!r}{hidden} holds no cells")
        else:
            found[table.name] = sheet
            if hidden:
                notes.append(f"sheet {sheet.name!r}{hidden} was read")
    names = ", ".join(repr(sheet.name) for sheet in sheets)
    for table in TABLES.values():
        if table.required and table.name not in found:
            reason = f"sheet is missing; name one {table.name} or {table.chinese[0]} (found: {names})"
            problems.append(problem(table.name, None, "", "", reason))
    return found, notes, problems


def _problems(rows: list[dict[str, object]]) -> pd.DataFrame:
    return pd.DataFrame(rows, columns=PROBLEM_COLUMNS).astype({"row": "Int64"})


def _sorted_problems(rows: list[dict[str, object]], sheets: list[Sheet]) -> pd.DataFrame:
    """Sort problems by the order of the sheets, missing ones first, then by row and column."""
    order = {sheet.name: i for i, sheet in reversed(list(enumerate(sheets)))}
    columns = {
        (sheet.name, column.name): j
        for sheet in sheets
        if (table := table_of(sheet.name))
        for j, column in enumerate(table.columns)
    }

    def place(row: dict[str, Any]) -> tuple[int, int, int]:
        sheet, at, column = row["sheet"], row["row"], row["column"]
        return order.get(sheet, -1), -1 if at is None else at, columns.get((sheet, column), -1)

    return _problems(sorted(rows, key=place))


def write_ledger(ledger: Ledger, path: str | Path, *, language: Literal["en", "zh"] = "en") -> Path:
    """Write a ledger as a workbook, or as a folder of CSV files.

    Parameters
    ----------
    ledger
        What to write; tables without rows are left out, but for enterprises and demands.
    path
        An ``.xlsx`` file, replaced as a whole; anything else is a folder, which must not exist or be empty.
    language
        Language of sheet names, headers and coded values.

    Returns
    -------
    Path
        ``path``, which ``read_ledger`` reads back as the same ledger, in normal form.

    Raises
    ------
    FileExistsError
        The folder holds files already.
    LedgerError
        A table or text is larger than Excel's limits, or the disk is full; nothing is written.
    ValueError
        A frame has two columns of one meaning, or cells that are not of their column's kind.

    Examples
    --------
    >>> from liaison_analysis import load_liangjiang
    >>> ledger = load_liangjiang()
    >>> read_ledger(write_ledger(ledger, Path(tempfile.mkdtemp()) / "台账.xlsx", language="zh")) == ledger
    True
    """
    path = Path(path)
    frames = {n: typed(n, f) for n, f in ledger.tables.items()}
    kept = {n: f for n, f in frames.items() if len(f) or TABLES[n].required or _widened(n, f)}
    sheets = {_sheet_name(TABLES[n], language): _as_written(f, TABLES[n], language) for n, f in kept.items()}
    if path.suffix.lower() == ".xlsx":
        return write_workbook(path, sheets, choices=_choices(kept, language))
    if path.exists() and (not path.is_dir() or any(path.iterdir())):
        raise FileExistsError(f"{path} holds files already; name a new folder or an .xlsx file")
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = Path(tempfile.mkdtemp(prefix=f".{path.name}-", dir=path.parent))
    try:
        with no_room_told(path):
            for name, frame in sheets.items():
                columns = [[_csv_text(cell) for cell in (c, *frame[c].astype(object))] for c in frame.columns]
                with (temporary / f"{name}.csv").open("w", encoding="utf-8", newline="") as file:
                    csv.writer(file, lineterminator="\n").writerows(zip(*columns, strict=True))
        temporary.chmod(0o755)
        if path.exists():
            path.rmdir()
        os.replace(temporary, path)  # noqa: PTH105 - Path.replace is the same; this names the atomic call
    except BaseException:
        shutil.rmtree(temporary, ignore_errors=True)
        raise
    return path


def _csv_text(value: object) -> str:
    return safe_cell(cell_text(value)) if isinstance(value, str) else cell_text(value)


def _widened(name: str, frame: pd.DataFrame) -> bool:
    """Whether a frame has columns beyond the schema's."""
    return frame.shape[1] > len(TABLES[name].columns)


def _sheet_name(table: Table, language: str) -> str:
    return table.name if language == "en" else table.chinese[0]


_FLAG_WORDS: dict[str, dict[object, str]] = {
    "en": {True: "yes", False: "no"},
    "zh": {True: "是", False: "否"},
}


def _words(table: Table, name: str, language: str) -> dict[object, str]:
    """Coded values of a column and how they are written; empty for other columns."""
    column = next((c for c in table.columns if c.name == name), None)
    if column is None or column.kind not in {"flag", "choice"}:
        return {}
    if column.kind == "flag":
        return _FLAG_WORDS[language]
    return {key: key if language == "en" else chinese for key, chinese in column.choices.items()}


def _as_written(frame: pd.DataFrame, table: Table, language: str) -> pd.DataFrame:
    """Frame with headers and coded values in the language asked for."""
    written = frame.copy()
    for name in frame.columns:
        if words := _words(table, name, language):
            written[name] = (
                frame[name].astype(object).map(words).fillna(frame[name].astype("str")).astype("str")
            )
    return written.rename(columns=_headers(table, language))


def _headers(table: Table, language: str) -> dict[str, str]:
    return {} if language == "en" else {column.name: column.chinese[0] for column in table.columns}


def _choices(frames: dict[str, pd.DataFrame], language: str) -> dict[tuple[str, str], list[str]]:
    return {
        (_sheet_name(TABLES[n], language), _headers(TABLES[n], language).get(c, c)): list(words.values())
        for n, frame in frames.items()
        for c in frame.columns
        if (words := _words(TABLES[n], c, language))
    }


def typed(table: str, frame: pd.DataFrame) -> pd.DataFrame:
    """Give a frame made in Python the columns, dtypes and normal form of a ledger table.

    Parameters
    ----------
    table
        Name of the table.
    frame
        Rows of it; columns under any header that ``read_ledger`` knows. Missing columns are added, further
        ones become text, the index is counted anew.

    Raises
    ------
    ValueError
        Two columns mean the same, or cells are not of their column's kind.

    Examples
    --------
    >>> offers = typed("offers", pd.DataFrame({"企业编号": [" E1 "], "product": ["工业机器人"]}))
    >>> offers.loc[0, "enterprise_id"], offers.dtypes["weight"]
    ('E1', Float64Dtype())
    """
    schema = TABLES[table]
    names, again = name_columns(frame.columns, schema)
    wrong = [
        f"column {_mask(str(frame.columns[j]))!r} means what another column holds; rename or drop one"
        for j in again
    ]
    columns: dict[str, pd.Series] = {}
    kinds = {column.name: column for column in schema.columns}
    for name in [*kinds, *(name for name in names if name not in kinds)]:
        column = kinds.get(name, Column(name, ()))
        cells = frame.iloc[:, names.index(name)] if name in names else pd.Series(pd.NA, index=frame.index)
        try:
            columns[name] = _normal(cells.reset_index(drop=True), column)
        except (TypeError, ValueError, OverflowError) as error:
            told = _mask(str(error))
            wrong.append(
                f"column {_mask(name)!r}: {DTYPES[column.kind]} expected, came {cells.dtype}: {told}"
            )
    if wrong:
        raise ValueError(f"{table}: " + "; ".join(wrong))
    return pd.DataFrame(columns, index=pd.RangeIndex(len(frame)))


def _normal(cells: pd.Series, column: Column) -> pd.Series:
    """Cells of one column in normal form."""
    dtype = DTYPES[column.kind]
    if dtype == "str":
        texts = [None if pd.isna(cell) else cell_text(cell) or None for cell in cells.astype(object)]
        return pd.Series(texts, dtype=dtype)
    values: pd.Series = cells.astype(dtype)  # type: ignore[call-overload]
    if column.kind == "date":
        return pd.Series(values.dt.normalize())
    if column.kind == "number":
        values = values.map(kept_digits, na_action="ignore").astype(dtype)  # type: ignore[call-overload]
    return values


def with_aliases(ledger: Ledger, aliases: pd.DataFrame) -> Ledger:
    """Return a ledger with further aliases; one that it has already is valid when the further one is.

    Examples
    --------
    >>> from liaison_analysis import load_liangjiang
    >>> answers = pd.DataFrame({"enterprise_id": ["E001", "E001"], "alias": ["华数", "华数机器人"]})
    >>> len(with_aliases(load_liangjiang(), answers).aliases) - len(load_liangjiang().aliases)
    1
    """
    both = pd.concat([ledger.aliases, aliases.reindex(columns=ledger.aliases.columns)], ignore_index=True)
    both = both.astype(ledger.aliases.dtypes.to_dict())
    key, dates = ["enterprise_id", "alias"], ["valid_from", "valid_to"]
    newest = both.drop_duplicates(key, keep="last").set_index(key)[dates]
    both = both.drop_duplicates(key, ignore_index=True)
    both[dates] = newest.loc[pd.MultiIndex.from_frame(both[key])].to_numpy()
    return replace(ledger, aliases=both.astype(ledger.aliases.dtypes.to_dict()))
