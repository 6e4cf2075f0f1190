"""Check raw sheets against the schema, all problems at once, and turn them into typed frames."""

from __future__ import annotations

import math
import re
import unicodedata
from itertools import zip_longest
from typing import TYPE_CHECKING, Any, Final

import pandas as pd

from liaison_analysis.errors import PROBLEM_COLUMNS
from liaison_analysis.schema import DTYPES, TABLES, Column, Table, header_key
from liaison_analysis.sheets import one_line

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from liaison_analysis.privacy import Masker
    from liaison_analysis.sheets import Sheet

Problem = dict[str, Any]

#: How far down a sheet the header row is looked for, below titles and notes.
HEADER_SEARCH_ROWS: Final = 30

_YES: Final = {"true", "yes", "y", "1", "是", "有", "√", "已", "对"}
_NO: Final = {"false", "no", "n", "0", "否", "无", "×", "x", "未", "不"}
_DATE: Final = re.compile(
    r"^(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*[日号]?"
    r"(?:[ T]\d{1,2}:\d{2}(?::\d{2})?(?:\.\d+)?)?$"
)
_SERIAL: Final = re.compile(r"^\d{5}(?:\.\d+)?$")
# What is left of a number of more than 15 digits, in a workbook as in a CSV file saved by Excel, or masked.
_SHORTENED: Final = r"(?:-?\d(?:\.\d+)?|\[[^\W\d]+(?: \d+)?\])[eE]\+(?:1[5-9]|[2-9]\d)"
# Serial day 1 is 1900-01-01, but Excel counts a 29 February 1900 that never was.
_EXCEL_EPOCH: Final = pd.Timestamp("1899-12-30")
# Years outside are slips of the hand, such as 0202 or 20222.
_YEARS: Final = range(1900, 2101)
# Whole numbers up to here are exact in a float.
_LARGEST: Final = 2**53

_REMEDY: Final = {
    "date": "not a date between 1900 and 2100; write it as 2022-03-31, 2022/3/31 or 2022年3月31日",
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
    if column.kind == "text":
        return texts.where(texts.ne(""))
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
        case _:
            words = {_plain(word): key for key, chinese in column.choices.items() for word in (key, chinese)}
            values = {text: words.get(_plain(text)) for text in distinct}
    found = [values[text] for text in texts]
    series = pd.Series(found, index=texts.index, dtype="object")
    return series.astype(DTYPES[column.kind])  # type: ignore[call-overload, no-any-return]


def _plain(text: str) -> str:
    return unicodedata.normalize("NFKC", text).strip().casefold()


def _date(text: str) -> pd.Timestamp | None:
    plain = _plain(text).upper()
    if match := _DATE.match(plain):
        year, month, day = (int(part) for part in match.groups())
    elif re.fullmatch(r"\d{8}", plain):
        year, month, day = int(plain[:4]), int(plain[4:6]), int(plain[6:])
    elif _SERIAL.match(plain):
        day_read = _EXCEL_EPOCH + pd.Timedelta(days=int(float(plain)))
        return day_read if day_read.year in _YEARS else None
    else:
        return None
    try:
        return pd.Timestamp(year=year, month=month, day=day) if year in _YEARS else None
    except ValueError:
        return None


def _number(text: str, *, whole: bool) -> float | None:
    plain = _plain(text).replace(",", "")
    percent = plain.endswith("%")
    if not re.fullmatch(r"[-+]?(?:\d+\.?\d*|\.\d+)(?:e[-+]?\d{1,3})?%?", plain):
        return None
    # 35% is read as the float nearest to 0.35, not as 0.35000000000000003.
    exact = float(f"{plain.rstrip('%')}e-2") if percent and "e" not in plain else float(plain.rstrip("%"))
    number = kept_digits(exact)
    if not math.isfinite(number) or (whole and not (number.is_integer() and abs(number) <= _LARGEST)):
        return None
    return number


def kept_digits(number: float) -> float:
    """Round a number to the 15 digits that Excel keeps, so that CSV and workbook give the same.

    Examples
    --------
    >>> kept_digits(0.1 + 0.2)
    0.3
    """
    return float(f"{number:.15g}")


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


def name_columns(written: Iterable[object], table: Table) -> tuple[list[str], list[int]]:
    """Column names for headers: the table's for those it knows, else what is written, made unlike the others.

    Returns
    -------
    tuple
        A name for every header, and the positions of those that mean a column which stands there already.

    Examples
    --------
    >>> name_columns(["产品编号", "产品", "", "备注", "备注", "Product"], TABLES["product_chain"])
    (['产品编号', '产品', 'column_3', '备注', '备注_2', 'Product'], [])
    >>> name_columns(["企业编号", "产品", "Product"], TABLES["offers"])
    (['enterprise_id', 'product', 'Product'], [2])
    """
    known = table.headers()
    lines = [one_line(header) for header in written]
    means = [known.get(header_key(line)) for line in lines]
    taken = {name for name in means if name}
    names, again, seen = [], [], set[str]()
    for j, (line, meaning) in enumerate(zip(lines, means, strict=True)):
        if meaning and meaning not in seen:
            seen.add(meaning)
            names.append(meaning)
            continue
        if meaning:
            again.append(j)
        plain = name = line or f"column_{j + 1}"
        n = 1
        while name in taken:
            n += 1
            name = f"{plain}_{n}"
        taken.add(name)
        names.append(name)
    return names, again


def read_table(
    sheet: Sheet, table: Table, masker: Masker | None = None
) -> tuple[pd.DataFrame | None, list[Problem]]:
    """Texts of a sheet as the columns of a table.

    A blank header takes the header above it, as merged cells leave it. Further columns keep their own
    header as name; one without a header but with cells is called ``column_5`` by its place, and a second
    one of the same header gets ``_2``. With a ``masker``, headers and cells are masked before anything is
    said of them.

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
    at, written = _header_lines(sheet, at, table)
    if masker:
        written = masker.texts(written, sheet.name)
    body = sheet.rows[at + 1 :]
    problems = []
    for i, other in enumerate(map(_begun, body)):
        if other and body[i] != sheet.rows[at]:
            reason = f"a second table ({other}) begins here; move it to a sheet of its own"
            problems.append(problem(sheet.name, at + 2 + i, "", "", reason))
            # What stands below would be found wrong cell by cell.
            del body[i:]
            break
    cells = list(zip_longest(*body, fillvalue=""))
    header = written + [""] * (len(cells) - len(written))
    cells += [("",) * len(body)] * (len(header) - len(cells))
    kept = [j for j, name in enumerate(header) if name or any(cells[j])]
    beside = list(_beside(header, kept, table))
    for other, columns in beside:
        reason = (
            f"a second table ({other}) stands from column {columns[0] + 1} on; move it to a sheet of its own"
        )
        problems.append(problem(sheet.name, at + 1, "", "", reason))
        kept = [j for j in kept if j not in columns]
        header = ["" if j in columns else name for j, name in enumerate(header)]
    # Columns without a header are named by their place, so that place must not move.
    names, again = name_columns(header, table)
    problems += [
        problem(sheet.name, at + 1, name, header[j], "a second column of this meaning; keep one")
        for j in again
        if (name := table.headers()[header_key(header[j])])
    ]
    frame = pd.DataFrame(
        {names[j]: cells[j] for j in kept}, index=pd.RangeIndex(at + 2, at + 2 + len(body)), dtype="str"
    )
    header_again = [i for i, row in enumerate(body) if row == sheet.rows[at]]
    problems += [
        problem(sheet.name, at + 2 + i, "", "", "the header once more; remove this row") for i in header_again
    ]
    filled = [bool(row) for row in body]
    if beside:
        filled = [any(cells[j][i] for j in kept) for i in range(len(body))]
    for i in header_again:
        filled[i] = False
    missing = [column for column in table.columns if column.required and column.name not in names]
    for column in missing:
        headers = " or ".join([column.name, *column.chinese])
        problems.append(
            problem(sheet.name, at + 1, column.name, "", f"column is missing; add one headed {headers}")
        )
    frame = frame.loc[filled]
    return (None if missing else _masked(frame, table, sheet.name, masker) if masker else frame), problems


def _begun(row: Sequence[str]) -> str | None:
    """Name of the table whose required headers all stand in a row; of several, the one with most."""
    # The cheap question first, since nearly every row is none of headers.
    if len(_HEADERS.intersection(row)) < 2:
        return None
    keys = {header_key(cell) for cell in row if cell}
    begun = [name for name in TABLES if _has_needed(name, keys)]
    return max(begun, key=lambda name: len(_NEEDED[name]), default=None)


def _has_needed(table: str, keys: set[str]) -> bool:
    return all(keys & any_of for any_of in _NEEDED[table])


def _beside(header: list[str], kept: list[int], table: Table) -> Iterator[tuple[str, list[int]]]:
    """Find whole tables beside the first one of a sheet, a blank column between, and their columns."""
    groups: list[list[int]] = []
    for j in kept:
        if groups and groups[-1][-1] == j - 1:
            groups[-1].append(j)
        else:
            groups.append([j])
    mine = [group for group in groups if _has_needed(table.name, {header_key(header[j]) for j in group})]
    for group in groups if mine else []:
        other = _begun([header[j] for j in group])
        if other and group is not mine[0]:
            yield other, group


# Headers of which a table must have one each, and all headers as they are written.
_NEEDED: Final = {
    table.name: [
        {header_key(written) for written in (column.name, *column.chinese)}
        for column in table.columns
        if column.required
    ]
    for table in TABLES.values()
}
_HEADERS: Final = {
    written + mark
    for table in TABLES.values()
    for column in table.columns
    for written in (column.name, *column.chinese)
    for mark in ("", "*")
}


def _masked(texts: pd.DataFrame, table: Table, sheet: str, masker: Masker) -> pd.DataFrame:
    """Mask every column, whatever it should hold: a phone number may stand in the column of headcounts."""
    apart = {column.name for column in table.columns if column.kind == "text" and column.name in _APART}
    columns = {
        name: (masker.keys if name in apart else masker.texts)(cells, sheet) for name, cells in texts.items()
    }
    return pd.DataFrame(columns, index=texts.index, columns=texts.columns, dtype="str")


# Columns that join tables or make a key in any of them, and what names are resolved by: in these, values that
# differ must go on to differ when they are masked.
_APART: Final = {name for table in TABLES.values() for name in table.key} | {
    *(column.name for table in TABLES.values() for column in table.columns if column.references),
    *("name", "uscc", "product"),
}


def _header_lines(sheet: Sheet, at: int, table: Table) -> tuple[int, list[str]]:
    """Index of the header's last line, and the headers: merged cells leave some of them in a line above."""
    known = table.headers()
    top = at
    below = sheet.rows[at + 1] if at + 1 < len(sheet.rows) else []
    under = [header_key(h) in known for h, cell in zip_longest(sheet.rows[at], below, fillvalue="") if cell]
    if any(header_key(cell) in known for cell in below) and not any(under):
        at += 1
    header = sheet.rows[at] + [""] * (len(sheet.rows[top]) - len(sheet.rows[at]))
    used = {known.get(header_key(written)) for written in header}
    for j in (j for j, written in enumerate(header) if not written):
        above = [i for i in range(at) if j < len(sheet.rows[i]) and sheet.rows[i][j]]
        if above:
            line = max(above)
            meaning = known.get(header_key(sheet.rows[line][j]))
            # A line above the header is a title, unless it names a column that is wanted still.
            if (meaning and meaning not in used) or (not meaning and line >= top):
                header[j] = sheet.rows[line][j]
    return at, header


def check_columns(texts: pd.DataFrame, table: Table, sheet: str) -> tuple[pd.DataFrame, list[Problem]]:
    """Type a frame of text, and find the cells that do not fit their column.

    The checks run lazily on the raw text (pandera), so that every bad cell is found and none is coerced
    away; then the values are read.
    """
    import pandera.pandas as pa

    values: dict[str, pd.Series] = {}
    checks: dict[str, Any] = {}
    for column in table.columns:
        cells = texts.get(column.name, pd.Series("", index=texts.index, dtype="str"))
        values[column.name] = parse(cells, column)
        if column.name in texts:
            checks[column.name] = pa.Column(checks=list(_column_checks(column, values[column.name])))
    for extra in texts.columns.difference(list(values), sort=False):
        values[extra] = texts[extra].where(texts[extra].ne(""))
    problems = []
    try:
        pa.DataFrameSchema(checks).validate(texts[list(checks)], lazy=True)
    except pa.errors.SchemaErrors as error:
        found = error.failure_cases[["index", "column", "failure_case", "check"]]
        problems = [
            problem(sheet, int(at), str(column), str(value), str(reason))
            for at, column, value, reason in found.itertuples(index=False)
        ]
    return pd.DataFrame(values, index=texts.index), problems


def _column_checks(column: Column, values: pd.Series) -> Iterator[Any]:
    """Yield the checks of one column's texts, each with its remedy as pandera's error."""
    from pandera.pandas import Check

    def check(good: Any, reason: str) -> Any:
        return Check(good, error=reason, ignore_na=False)

    if column.required:
        yield check(lambda texts: texts.ne(""), "empty; every row needs a value here")
    if column.kind == "text":
        reason = "Excel kept only 15 digits of it; format the column as text and type the value again"
        yield check(lambda texts: ~texts.str.fullmatch(_SHORTENED), reason)
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
    """Find the rows of one table that contradict each other or themselves.

    Two rows have the same key if they agree in all its columns, blank optional ones included.
    """
    yield from _same_key(values, table, sheet)
    for before, after in table.ordered:
        wrong = values[after].lt(values[before])
        for at, day, bound in _cells(values, wrong, after, before):
            reason = f"before {before} ({bound:%F}); correct one of the two dates"
            yield problem(sheet, at, after, f"{day:%F}", reason)
    if table.name == "product_chain":
        itself = values["upstream"].eq(values["downstream"])
        for at, product in _cells(values, itself, "downstream"):
            reason = "a product cannot feed itself; correct upstream or downstream"
            yield problem(sheet, at, "downstream", product, reason)
    if table.name == "demands":
        unsettled = values["settled_on"].notna() & values["status"].isin(["collected", "assigned", "solving"])
        for at, day, status in _cells(values, unsettled, "settled_on", "status"):
            reason = f"has a date but the status is {status!r}; set it to settled or clear the date"
            yield problem(sheet, at, "settled_on", f"{day:%F}", reason)


def _cells(values: pd.DataFrame, rows: pd.Series, *columns: str) -> Iterator[tuple[Any, ...]]:
    """Row number and cells of these columns, for the rows that are true."""
    wrong = rows.fillna(value=False).astype(bool)
    # Nearly always none is: a small ledger is read a third faster with the question asked first.
    return values.loc[wrong, list(columns)].itertuples(name=None) if wrong.any() else iter(())


def _same_key(values: pd.DataFrame, table: Table, sheet: str) -> Iterator[Problem]:
    key = list(table.key)
    needed = [name for name in key if table[name].required]
    keyed = values.loc[values[needed].notna().all(axis=1), key]
    twice = keyed.duplicated(keep=False)
    if not twice.any():
        return
    same = keyed[twice]
    first: dict[tuple[str, ...], int] = {}
    for at, *parts in same.astype(object).where(same.notna(), "").itertuples(name=None):
        stands = first.setdefault(tuple(parts), at)
        if stands != at:
            reason = f"stands already in row {stands}; remove one or give it another key"
            yield problem(sheet, at, " + ".join(key), " / ".join(map(str, filter(None, parts))), reason)


def check_references(frames: Mapping[str, pd.DataFrame], sheets: Mapping[str, str]) -> Iterator[Problem]:
    """Find ids and products that no other table knows."""
    for name, values in frames.items():
        for column in TABLES[name].columns:
            if column.references is None or column.references not in frames or column.references == name:
                continue
            known = frames[column.references][TABLES[column.references].key[0]]
            # An id that lost its digits has been found already.
            shortened = values[column.name].str.fullmatch(_SHORTENED).fillna(value=False).astype(bool)
            unknown = values[column.name].notna() & ~values[column.name].isin(known) & ~shortened
            for at, value in _cells(values, unknown, column.name):
                reason = f"unknown; add it to {sheets[column.references]} or correct it"
                yield problem(sheets[name], at, column.name, value, reason)
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
    unknown = supplies["product"].notna() & ~supplies["product"].isin(known)
    for at, product in _cells(supplies, unknown, "product"):
        reason = f"unknown product; add it to {where} or correct it"
        yield problem(sheets["supplies"], at, "product", product, reason)
