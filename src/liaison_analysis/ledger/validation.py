"""Check texts against the schema, collect every problem, and turn the texts into typed frames."""

from __future__ import annotations

import math
import re
import unicodedata
from typing import TYPE_CHECKING, Any, Final

import pandas as pd

from liaison_analysis._messages import marked, message, message_language
from liaison_analysis.errors import problem
from liaison_analysis.ledger.schema import DTYPES, LIMIT_STAGES, TABLES, Column, Table
from liaison_analysis.ledger.sheets import FORMULA_FAILED
from liaison_analysis.ledger.spoken import spoken_name

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from liaison_analysis.errors import Problem

_YES: Final = {"true", "yes", "y", "1", "是", "有", "√", "已", "对"}
_NO: Final = {"false", "no", "n", "0", "否", "无", "×", "x", "未", "不"}
_DATE: Final = re.compile(
    r"^(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*[日号]?"
    r"(?:[ T]\d{1,2}:\d{2}(?::\d{2})?(?:\.\d+)?)?$"
)
_SERIAL: Final = re.compile(r"^\d{5}(?:\.\d+)?$")
# A number of more than 15 digits as Excel shortens it, in a workbook or a CSV file, or masked.
_SHORTENED: Final = r"(?:-?\d(?:\.\d+)?|\[[^\W\d]+(?: \d+)?\])[eE]\+(?:1[5-9]|[2-9]\d)"
# Error values of spreadsheets (#DIV/0!, #N/A); a CSV file holds them as text.
_FAILED: Final = r"#(?:[A-Z]{3,12}(?:/0)?[!?]|N/A|GETTING_DATA)"
FAILED: Final = re.compile(_FAILED)
# Serial day 1 is 1900-01-01, but Excel counts a 29 February 1900, which did not exist.
_EXCEL_EPOCH: Final = pd.Timestamp("1899-12-30")
# Years outside this range are typing errors, such as 0202 or 20222.
_YEARS: Final = range(1900, 2101)
# Whole numbers up to here are exact in a float.
_LARGEST: Final = 2**53

#: Stands before and behind a row's number in a reason, so that it can be replaced by that of the file.
STANDS: Final = "\1"
_REMEDY: Final = {
    "date": marked("not a date between 1900 and 2100; write it as 2022-03-31, 2022/3/31 or 2022年3月31日"),
    "number": marked("not a number; write digits only, such as 0.35 or 35%"),
    "integer": marked("not a whole number; write digits only, such as 120"),
    "flag": marked("neither yes nor no; write yes or no (是 or 否)"),
}


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
        return texts.where(texts.ne("") & ~_failed(texts))
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
            words = {_choice(word): key for key, chinese in column.choices.items() for word in (key, chinese)}
            values = {text: words.get(_choice(text)) for text in distinct}
    series = pd.Series([values[text] for text in texts], index=texts.index, dtype="object")
    return series.astype(DTYPES[column.kind])  # type: ignore[call-overload, no-any-return]


def _failed(texts: pd.Series) -> pd.Series:
    """Whether a cell shows the error of a formula."""
    # Nearly no cell begins like an error, and this test is many times faster.
    if not texts.str.startswith("#").any():
        return pd.Series(False, index=texts.index)  # noqa: FBT003 - pandas' own way
    return texts.str.fullmatch(_FAILED).fillna(value=False).astype(bool)


def _plain(text: str) -> str:
    return unicodedata.normalize("NFKC", text).strip().casefold()


def _choice(text: str) -> str:
    return _plain(text).replace("_", " ")


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


def check_columns(texts: pd.DataFrame, table: Table, sheet: str) -> tuple[pd.DataFrame, list[Problem]]:
    """Type a frame of text, and find the cells that do not fit their column.

    Every check runs on the raw text before the values are read, so that every bad cell is found and none is
    coerced away.
    """
    values: dict[str, pd.Series] = {}
    problems: list[Problem] = []
    for column in table.columns:
        if column.name not in texts:
            values[column.name] = pd.Series(None, index=texts.index, dtype=DTYPES[column.kind])
            continue
        cells = texts[column.name]
        if column.blank:
            cells = cells.where(cells.ne(""), column.blank)
        values[column.name] = parse(cells, column)
        for good, reason in _column_checks(column, cells, values[column.name]):
            if not good.all():
                bad = cells[~good.astype(bool)]
                at_fault = zip(bad.index.tolist(), bad.tolist(), strict=True)
                problems += [problem(sheet, row, column.name, value, reason) for row, value in at_fault]
    for extra in texts.columns.difference(list(values), sort=False):
        values[extra] = texts[extra].where(texts[extra].ne(""))
    return pd.DataFrame(values, index=texts.index), problems


def _column_checks(column: Column, texts: pd.Series, values: pd.Series) -> Iterator[tuple[pd.Series, str]]:
    """Yield the checks of one column's texts: which cells are good, and what is wrong with the others."""
    if column.required:
        yield texts.ne(""), message("empty; every row needs a value here")
    # Only texts that could not be read are tested; nearly all could.
    unread = texts[texts.ne("") & values.isna()]
    failed = _failed(unread).reindex(texts.index, fill_value=False)
    if failed.any():
        yield ~failed, message(FORMULA_FAILED)
    if column.kind == "text":
        reason = message(
            "Excel kept only 15 digits of it; format the column as text and type the value again"
        )
        yield ~texts.str.fullmatch(_SHORTENED), reason
        return
    if column.kind == "choice":
        words = ", ".join(f"{key} ({word})" for key, word in column.choices.items())
        if message_language() == "zh":
            words = "、".join(column.choices.values())
        reason = message("not one of {words}", words=words)
    else:
        remedy = _REMEDY[column.kind]
        reason = message(remedy)
    yield texts.eq("") | values.notna() | failed, reason
    if column.low is not None:
        low = column.low
        yield values.ge(low).fillna(value=True).astype(bool), message("below {low:g}; correct it", low=low)
    if column.high is not None:
        high = column.high
        reason = message(
            "above {high:g}; give a share between 0 and {high:g}, or a percentage such as 35%", high=high
        )
        yield values.le(high).fillna(value=True).astype(bool), reason


def check_rows(values: pd.DataFrame, table: Table, sheet: str) -> Iterator[Problem]:
    """Find the rows of one table that contradict each other or themselves.

    Two rows have the same key if they agree in all its columns, blank optional ones included.
    """
    if table.name == "limits":
        yield from _without_limit(values, sheet)
    yield from _same_key(values, table, sheet)
    for before, after in table.ordered:
        wrong = values[after].lt(values[before])
        for at, day, bound in _cells(values, wrong, after, before):
            reason = message(
                "before {before} ({bound:%F}); correct one of the two dates",
                before=spoken_name(before),
                bound=bound,
            )
            yield problem(sheet, at, after, f"{day:%F}", reason)
    if table.name == "product_chain":
        itself = values["upstream"].eq(values["downstream"])
        for at, product in _cells(values, itself, "downstream"):
            reason = message("a product cannot feed itself; correct upstream or downstream")
            yield problem(sheet, at, "downstream", product, reason)
    if table.name == "demands":
        unsettled = values["settled_on"].notna() & values["status"].isin(["collected", "assigned", "solving"])
        for at, day, status in _cells(values, unsettled, "settled_on", "status"):
            reason = message(
                "has a date but the status is {status!r}; set it to settled or clear the date",
                status=spoken_name(status),
            )
            yield problem(sheet, at, "settled_on", f"{day:%F}", reason)


def _cells(values: pd.DataFrame, rows: pd.Series, *columns: str) -> Iterator[tuple[Any, ...]]:
    """Row number and cells of these columns, for the rows where the mask is true."""
    wrong = rows.fillna(value=False).astype(bool)
    # Nearly always no row is wrong; testing that first reads a small ledger a third faster.
    return values.loc[wrong, list(columns)].itertuples(name=None) if wrong.any() else iter(())


def _without_limit(values: pd.DataFrame, sheet: str) -> Iterator[Problem]:
    """Find escalations of a stage and kind that has no limit itself."""
    known = values[values["stage"].notna()]
    group = [known["kind"].fillna(""), known["stage"]]
    least = known["level"].groupby(group).transform("min").gt(0)
    first = ~known.assign(kind=group[0]).duplicated(["kind", "stage"])
    for at, stage, level in _cells(known, least & first, "stage", "level"):
        reason = message(
            "an escalation of {stage!r} without its limit; add a row of level 0 for the same kind",
            stage=LIMIT_STAGES[stage] if message_language() == "zh" else stage,
        )
        yield problem(sheet, at, "level", str(level), reason)


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
            reason = message(
                "is already in row {stands}; remove one or give it another key",
                stands=f"{STANDS}{stands}{STANDS}",
            )
            yield problem(
                sheet, at, " + ".join(key), " / ".join(str(part) for part in parts if part != ""), reason
            )


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
                reason = message("unknown; add it to {sheet} or correct it", sheet=sheets[column.references])
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
    where = message(" or ").join(sheets[name] for name in sources if name in frames)
    unknown = supplies["product"].notna() & ~supplies["product"].isin(known)
    for at, product in _cells(supplies, unknown, "product"):
        reason = message("unknown product; add it to {where} or correct it", where=where)
        yield problem(sheets["supplies"], at, "product", product, reason)
