"""Check raw sheets against the schema, all problems at once, and turn them into typed frames."""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING, Any, Final

import pandas as pd

from liaison_analysis.errors import PROBLEM_COLUMNS
from liaison_analysis.schema import DTYPES, TABLES, Column, Table, header_key

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from liaison_analysis.sheets import Sheet

Problem = dict[str, Any]

#: How far down a sheet the header row is looked for, below titles and notes.
HEADER_SEARCH_ROWS: Final = 30

_YES: Final = {"true", "yes", "y", "1", "是", "有", "√", "已", "对"}
_NO: Final = {"false", "no", "n", "0", "否", "无", "×", "x", "未", "不"}
_DATE: Final = re.compile(
    r"^(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*日?(?:[ T]\d{1,2}:\d{2}(?::\d{2})?(?:\.\d+)?)?$"
)
_SERIAL: Final = re.compile(r"^\d{5}(?:\.\d+)?$")
_SHORTENED: Final = re.compile(r"^-?\d(?:\.\d+)?[eE]\+\d+$")
# Serial day 1 is 1900-01-01, but Excel counts a 29 February 1900 that never was.
_EXCEL_EPOCH: Final = pd.Timestamp("1899-12-30")

_REMEDY: Final = {
    "date": "not a date; write it as 2022-03-31, 2022/3/31 or 2022年3月31日",
    "number": "not a number; write digits only, such as 0.35 or 35%",
    "integer": "not a whole number; write digits only, such as 120",
    "flag": "neither yes nor no; write yes or no (是 or 否)",
}


def problem(sheet: str, row: int | None, column: str, value: str, reason: str) -> Problem:
    """One row of a problems table."""
    return dict(zip(PROBLEM_COLUMNS, (sheet, row, column, value, reason), strict=True))


def parse(texts: pd.Series, column: Column) -> pd.Series:
    """Values of a column's texts; what is empty or cannot be read is missing.

    Parameters
    ----------
    texts
        Cells as text.
    column
        What the cells should hold; dates as ``2022-03-31``, ``2022/3/31``, ``2022年3月31日``,
        ``20220331`` or an Excel serial number; numbers with ``,`` and ``%``; yes and no in words.

    Examples
    --------
    >>> texts = pd.Series(["2022年3月5日", "44625", "2022-02-30", ""])
    >>> parse(texts, Column("raised_on", (), "date")).dt.strftime("%F").tolist()
    ['2022-03-05', '2022-03-05', nan, nan]
    >>> parse(pd.Series(["35%", "1,200", "many"]), Column("weight", (), "number")).tolist()
    [0.35, 1200.0, <NA>]
    """
    # A column repeats few texts: each is read once.
    distinct = texts.drop_duplicates()
    values: dict[str, Any]
    match column.kind:
        case "date":
            values = {text: _date(text) for text in distinct}
        case "number" | "integer":
            values = {text: _number(text, whole=column.kind == "integer") for text in distinct}
        case "flag":
            values = {text: _flag(text) for text in distinct}
        case "choice":
            words = {_plain(word): key for key, chinese in column.choices.items() for word in (key, chinese)}
            values = {text: words.get(_plain(text)) for text in distinct}
        case _:
            values = {text: text or None for text in distinct}
    found = [values[text] for text in texts]
    series = pd.Series(found, index=texts.index, dtype="object")
    return series.astype(DTYPES[column.kind])  # type: ignore[call-overload, no-any-return]


def _plain(text: str) -> str:
    return unicodedata.normalize("NFKC", text).strip().casefold()


def _date(text: str) -> pd.Timestamp | None:
    plain = _plain(text).upper()
    if match := _DATE.match(plain):
        year, month, day = (int(part) for part in match.groups())
    elif re.fullmatch(r"(?:19|20)\d{6}", plain):
        year, month, day = int(plain[:4]), int(plain[4:6]), int(plain[6:])
    elif _SERIAL.match(plain):
        return _EXCEL_EPOCH + pd.Timedelta(days=int(float(plain)))
    else:
        return None
    try:
        return pd.Timestamp(year=year, month=month, day=day)
    except ValueError:
        return None


def _number(text: str, *, whole: bool) -> float | None:
    plain = _plain(text).replace(",", "")
    percent = plain.endswith("%")
    if not re.fullmatch(r"[-+]?(?:\d+\.?\d*|\.\d+)(?:e[-+]?\d{1,2})?%?", plain):
        return None
    # 35% is read as the float nearest to 0.35, not as 0.35000000000000003.
    number = float(f"{plain.rstrip('%')}e-2") if percent and "e" not in plain else float(plain.rstrip("%"))
    return None if whole and not number.is_integer() else number


def _flag(text: str) -> bool | None:
    plain = _plain(text)
    return True if plain in _YES else False if plain in _NO else None


def find_header(sheet: Sheet, table: Table) -> int:
    """Index of the row that holds most of the table's headers, the topmost of equals; -1 if none has any."""
    known = table.headers()
    found = [
        len({known.get(header_key(cell)) for cell in row} - {None}) for row in sheet.rows[:HEADER_SEARCH_ROWS]
    ]
    best = max(found, default=0)
    return found.index(best) if best else -1


def read_table(sheet: Sheet, table: Table) -> tuple[pd.DataFrame | None, list[Problem]]:
    """Texts of a sheet as the columns of a table.

    Returns
    -------
    tuple
        DataFrame of text, a row an entry, index = row number as Excel counts, columns the table's by
        English name and further ones as written; None where a required column is missing. And the
        problems of the header.
    """
    at = find_header(sheet, table)
    if at < 0:
        expected = ", ".join(f"{c.name} ({c.chinese[0]})" for c in table.columns if c.required)
        reason = f"no header row in the first {HEADER_SEARCH_ROWS} rows; write one with at least {expected}"
        return None, [problem(sheet.name, None, "", "", reason)]
    header, body = sheet.rows[at], sheet.rows[at + 1 :]
    width = max(len(row) for row in sheet.rows[at:])
    frame = pd.DataFrame(
        [row + [""] * (width - len(row)) for row in body],
        index=pd.RangeIndex(at + 2, at + 2 + len(body)),
        columns=range(width),
        dtype="str",
    )
    frame = frame.loc[(frame != "").any(axis=1).to_numpy()]
    known, names, problems = table.headers(), [], []
    for j in range(width):
        written = header[j] if j < len(header) else ""
        name = known.get(header_key(written)) or written or f"column_{j + 1}"
        if name in names:
            if not written and not frame[j].ne("").any():
                continue
            reason = f"a second column of this meaning ({written!r}); keep one or rename the other"
            problems.append(problem(sheet.name, at + 1, name, written, reason))
        names.append(name)
    frame.columns = pd.Index(names)
    frame = frame.loc[:, ~frame.columns.duplicated()]
    blank = [n for j, n in enumerate(frame.columns) if n == f"column_{j + 1}" and not frame[n].ne("").any()]
    frame = frame.drop(columns=blank)
    missing = [column for column in table.columns if column.required and column.name not in names]
    for column in missing:
        headers = " or ".join([column.name, *column.chinese])
        problems.append(
            problem(sheet.name, at + 1, column.name, "", f"column is missing; add one headed {headers}")
        )
    return (None if missing else frame), problems


def check_columns(texts: pd.DataFrame, table: Table, sheet: str) -> tuple[pd.DataFrame, list[Problem]]:
    """Type a frame of text, and find the cells that do not fit their column.

    The checks run lazily on the raw text (pandera), so that every bad cell is found and none is coerced
    away; then the values are read.
    """
    import pandera.pandas as pa

    values = pd.DataFrame(index=texts.index)
    checks: dict[str, Any] = {}
    for column in table.columns:
        cells = texts.get(column.name, pd.Series("", index=texts.index, dtype="str"))
        values[column.name] = parse(cells, column)
        if column.name in texts:
            checks[column.name] = pa.Column(checks=list(_column_checks(column, values[column.name])))
    for extra in texts.columns.difference(list(values.columns), sort=False):
        values[extra] = texts[extra].where(texts[extra].ne(""))
    problems = []
    try:
        pa.DataFrameSchema(checks).validate(texts, lazy=True)
    except pa.errors.SchemaErrors as error:
        for case in error.failure_cases.itertuples():
            row = None if pd.isna(case.index) else int(case.index)
            problems.append(problem(sheet, row, str(case.column), str(case.failure_case), str(case.check)))
    return values, problems


def _column_checks(column: Column, values: pd.Series) -> Iterator[Any]:
    """Yield the checks of one column's texts, each with its remedy as pandera's error."""
    from pandera.pandas import Check

    def check(good: Any, reason: str) -> Any:
        return Check(good, error=reason, ignore_na=False)

    if column.required:
        yield check(lambda texts: texts.ne(""), "empty; every row needs a value here")
    if column.kind == "text":
        reason = "Excel kept only 15 digits of it; format the column as text and type the value again"
        yield check(lambda texts: ~texts.str.match(_SHORTENED), reason)
        return
    if column.kind == "choice":
        reason = "not one of " + ", ".join(f"{key} ({word})" for key, word in column.choices.items())
    else:
        reason = _REMEDY[column.kind]
    yield check(lambda texts: texts.eq("") | values.notna(), reason)
    if column.low is not None:
        low = column.low
        yield check(lambda _: values.ge(low).fillna(value=True).astype(bool), f"below {low:g}; correct it")
    if column.high is not None:
        high = column.high
        reason = f"above {high:g}; give a share between 0 and {high:g}, or a percentage such as 35%"
        yield check(lambda _: values.le(high).fillna(value=True).astype(bool), reason)


def check_rows(values: pd.DataFrame, table: Table, sheet: str) -> Iterator[Problem]:
    """Find the rows of one table that contradict each other or themselves."""
    key = [name for name in table.key if name in values]
    keyed = values[key].notna().all(axis=1)
    again = values.duplicated(key) & keyed
    first = {
        tuple(row): at for at, row in reversed(list(zip(values.index, values[key].to_numpy(), strict=True)))
    }
    for at in values.index[again]:
        row = values.loc[at, key]
        written = " / ".join(str(value) for value in row)
        reason = f"stands already in row {first[tuple(row)]}; remove one or give it another key"
        yield problem(sheet, at, " + ".join(key), written, reason)
    for before, after in table.ordered:
        wrong = values[after].lt(values[before])
        for at in values.index[wrong]:
            day, bound = (values.loc[at, name].date().isoformat() for name in (after, before))
            yield problem(sheet, at, after, day, f"before {before} ({bound}); correct one of the two dates")
    if table.name == "product_chain":
        for at in values.index[values["upstream"].eq(values["downstream"])]:
            reason = "a product cannot feed itself; correct upstream or downstream"
            yield problem(sheet, at, "downstream", values.loc[at, "downstream"], reason)
    if table.name == "demands":
        unsettled = values["settled_on"].notna() & values["status"].isin(["collected", "assigned", "solving"])
        for at in values.index[unsettled]:
            day = values.loc[at, "settled_on"].date().isoformat()
            status = values.loc[at, "status"]
            reason = f"has a date but the status is {status!r}; set it to settled or clear the date"
            yield problem(sheet, at, "settled_on", day, reason)


def check_references(frames: Mapping[str, pd.DataFrame], sheets: Mapping[str, str]) -> Iterator[Problem]:
    """Find ids and products that no other table knows."""
    for name, values in frames.items():
        for column in TABLES[name].columns:
            if column.references is None or column.references not in frames or column.references == name:
                continue
            known = frames[column.references][TABLES[column.references].key[0]]
            unknown = values[column.name].notna() & ~values[column.name].isin(known)
            for at in values.index[unknown]:
                reason = f"unknown; add it to {sheets[column.references]} or correct it"
                yield problem(sheets[name], at, column.name, values.loc[at, column.name], reason)
    if "supplies" in frames:
        yield from _unknown_products(frames, sheets)


def _unknown_products(frames: Mapping[str, pd.DataFrame], sheets: Mapping[str, str]) -> Iterator[Problem]:
    sources = {"offers": ["product"], "product_chain": ["upstream", "downstream"]}
    known = {
        p for name, columns in sources.items() if name in frames for c in columns for p in frames[name][c]
    }
    if not known:
        return
    supplies = frames["supplies"]
    where = " or ".join(sheets[name] for name in sources if name in frames)
    for at in supplies.index[supplies["product"].notna() & ~supplies["product"].isin(known)]:
        reason = f"unknown product; add it to {where} or correct it"
        yield problem(sheets["supplies"], at, "product", supplies.loc[at, "product"], reason)
