"""One workbook with every table of the report, for readers of Excel."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import pandas as pd

from liaison_analysis.ledger import write_workbook
from liaison_analysis.report.tables import header, kind, plain_value, vocabulary, word

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from liaison_analysis.analysis import Analysis

# Characters of a sheet's name that Excel allows.
_LONGEST_SHEET: Final = 31

#: Tables that come first, since officers use them most; the others follow in the order of the views.
_FIRST: Final = ("tasks", "calls", "guests", "timetable")

_INTRODUCTION: Final = [
    "seeker_id", "counterpart_id", "role", "rank", "score", "reason", "path", "product", "demand_id",
    "counterpart_wanted_product", "counterpart_demand_id", "both_sides", "competitor", "confidence",
    "calibration",
]  # fmt: skip


def write_report_workbook(analysis: Analysis, data: dict[str, Any], path: Path) -> Path:
    """Write every table of the report as a sheet, headers and coded values in the ledger's language.

    Parameters
    ----------
    analysis
        Its introductions are written whole, with their reasons; the page lists the first few.
    data
        As ``page_data`` gives it.
    path
        The ``.xlsx`` file; replaced as a whole.

    Returns
    -------
    Path
        ``path``. The first sheet says what the sheets and columns mean; each sheet can be filtered.
    """
    language = analysis.language
    names = {str(row[0]): row[1] for row in data["enterprises"]["rows"]}
    tables = dict(_tables(data))
    if "introductions" in tables:
        full = analysis.introductions.table[_INTRODUCTION]
        columns = [[plain_value(v) for v in full[column].tolist()] for column in full]
        rows = [list(row) for row in zip(*columns, strict=True)]
        tables["introductions"] = {"columns": _INTRODUCTION, "rows": rows}
    ordered = [*(name for name in _FIRST if name in tables), *(name for name in tables if name not in _FIRST)]
    sheets: dict[str, pd.DataFrame] = {}
    for name in ordered:
        title = word(name, language)[:_LONGEST_SHEET]
        title = title if title not in sheets else f"{title[: _LONGEST_SHEET - 2]} 2"
        sheets[title] = _sheet(tables[name], names, language)
    return write_workbook(path, {word("method", language): _notes(data, sheets, tables, language), **sheets})


def _tables(data: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    """Every table with rows, by the key of its title."""
    for view, part in data["views"].items():
        own = {"demands": "rows", "introductions": "rows", "policies": "clauses"}.get(view)
        if own and own in part and part[own]["rows"]:
            yield ("clauses" if view == "policies" else view), part[own]
        for extra, title in (("calls", "calls_first"), ("guests", "guests"), ("meetings", "timetable")):
            if extra in part and part[extra]["rows"]:
                yield title, part[extra]
        for name, table in part.get("tables", {}).items():
            if table["rows"]:
                yield table["name"] or name, table
    if data.get("changes", {}).get("rows"):
        yield "changes", data["changes"]


def _sheet(table: dict[str, Any], names: dict[str, Any], language: str) -> pd.DataFrame:
    """Columns as a person reads them: names for ids, words for codes, dates as dates."""
    columns: dict[str, pd.Series] = {}
    for i, column in enumerate(table["columns"]):
        values = [_cell(kind(column), row[i], names, language) for row in table["rows"]]
        series = pd.Series(values, dtype=object)
        if kind(column) == "date":
            series = pd.to_datetime(series).astype("datetime64[s]")
        elif series.dropna().map(lambda value: isinstance(value, int | float)).all():
            series = pd.to_numeric(series)
        label = header(column, language)
        columns[label if label not in columns else f"{label} {column}"] = series
    return pd.DataFrame(columns)


def _cell(what: str, value: Any, names: dict[str, Any], language: str) -> Any:
    if value is None:
        return None
    if isinstance(value, bool):
        return word("yes" if value else "no", language)
    if what == "enterprise":
        return names.get(str(value), value)
    if isinstance(value, dict):
        return value[language]
    if what == "column":
        return header(str(value), language)
    if what in {"words", "counts", "checks"} and isinstance(value, str):
        mark, written = ("；", header) if what == "checks" else ("、", _worded)
        return mark.join(written(one, language) for one in value.split(mark))
    if isinstance(value, list):
        return "、".join(str(names.get(str(one), one)) for one in value)
    return word(value, language) if isinstance(value, str) else value


def _worded(text: str, language: str) -> str:
    """Write a word, or a word followed by a number, in one language."""
    name = text.rstrip("0123456789")
    return f"{word(name, language)}{text[len(name) :]}"


def _notes(
    data: dict[str, Any], sheets: dict[str, pd.DataFrame], tables: dict[str, Any], language: str
) -> pd.DataFrame:
    """Say what sheets and columns mean, and what was left out."""
    meaning = 3 if language == "zh" else 4
    explained = vocabulary()["columns"]
    rows = [(sheet, "", f"{len(frame)}") for sheet, frame in sheets.items()]
    used = {column for table in tables.values() for column in table["columns"]}
    rows += [
        ("", header(column, language), explained[column][meaning])
        for column in sorted(used)
        if len(explained.get(column, ())) > meaning
    ]
    rows += [
        ("", word("left_out", language), note[language] if isinstance(note, dict) else note)
        for note in data["meta"]["notes"]
    ]
    rows += [
        ("", word("left_out", language), word(key, language).format(f"{taken:,}", f"{every:,}"))
        for key, taken, every in data["views"]["method"].get("limits", ())
    ]
    heads = [word("table", language), header("column", language), header("note", language)]
    return pd.DataFrame(rows, columns=heads)
