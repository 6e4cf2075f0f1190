"""Frames as plain tables for the page, its JSON and the workbook: one list of columns, words and kinds."""

from __future__ import annotations

import json
import math
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any

import pandas as pd

from liaison_analysis.analysis import THEME_WORDS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from liaison_analysis.analysis import Text

#: Significant digits that are kept of numbers; a page needs no more (judgement).
_DIGITS = 4


@cache
def vocabulary() -> dict[str, dict[str, list[str]]]:
    """Words of the page in Chinese and English: ``words`` by key, ``columns`` with kind and meaning.

    A column is ``[Chinese header, English header, kind, Chinese meaning, English meaning]``; its kind is one
    of ``text``, ``number``, ``share``, ``score``, ``date``, ``month``, ``flag``, ``word`` (a key of
    ``words``), ``words`` (several, separated by 、), ``counts`` (words, each with a number behind it),
    ``column`` (the key of a column), ``checks`` (keys of columns, or conditions in words, separated by ；),
    ``enterprise`` or ``enterprises`` (ids), ``demand`` (an id), ``long`` (a text of a sentence).

    Examples
    --------
    >>> vocabulary()["columns"]["raised_on"][:3]
    ['提出日期', 'Raised on', 'date']
    """
    source = files("liaison_analysis.report").joinpath("assets", "words.json")
    words: dict[str, dict[str, list[str]]] = json.loads(source.read_text("utf-8"))
    words["words"] = {zh: [zh, en] for zh, en in THEME_WORDS.items()} | words["words"]
    return words


def as_table(frame: pd.DataFrame, columns: Sequence[str] = (), *, name: str = "") -> dict[str, Any]:
    """Write a frame as columns and rows of plain JSON values.

    Parameters
    ----------
    frame
        Any frame.
    columns
        Which of its columns, in this order; those that it does not have are left out. All by default.
    name
        Key of the table's title in ``vocabulary``.

    Returns
    -------
    dict
        name, columns (names) and rows (lists): dates as ``2022-12-30``, shares and numbers rounded, missing
        values ``None``.

    Examples
    --------
    >>> frame = pd.DataFrame({"n": [1, 2], "rate": [1 / 3, None]})
    >>> as_table(frame)
    {'name': '', 'columns': ['n', 'rate'], 'rows': [[1, 0.3333], [2, None]]}
    """
    kept = [column for column in (columns or frame.columns) if column in frame]
    cells = [[plain_value(value) for value in frame[column].tolist()] for column in kept]
    return {"name": name, "columns": kept, "rows": [list(row) for row in zip(*cells, strict=True)]}


def named_tables(**tables: pd.DataFrame | dict[str, Any]) -> dict[str, dict[str, Any]]:
    """Plain tables by key, each with its key as name where it has none of its own.

    Examples
    --------
    >>> named_tables(towns=pd.DataFrame({"n": [1]}))
    {'towns': {'name': 'towns', 'columns': ['n'], 'rows': [[1]]}}
    """
    return {
        name: as_table(table, name=name)
        if isinstance(table, pd.DataFrame)
        else {**table, "name": table["name"] or name}
        for name, table in tables.items()
    }


def both_languages(text: Text) -> dict[str, str]:
    """Write what a result says as a plain value."""
    return {"zh": text["zh"], "en": text["en"]}


def plain_value(value: object) -> Any:
    """Convert one value to a plain JSON value.

    Examples
    --------
    >>> [plain_value(v) for v in (pd.Timestamp("2022-03-05"), pd.NA, 0.123456, True, ("E1", "E2"))]
    ['2022-03-05', None, 0.1235, True, ['E1', 'E2']]
    """
    if isinstance(value, list | tuple | set | frozenset):
        return [plain_value(one) for one in value]
    if isinstance(value, dict):
        return {str(key): plain_value(one) for key, one in value.items()}
    if value is None or value is pd.NA or value is pd.NaT:
        return None
    if isinstance(value, bool | str):
        return value
    if isinstance(value, pd.Timestamp):
        return f"{value:%Y-%m-%d}"
    number = float(value)  # type: ignore[arg-type]  # numbers of numpy and pandas
    if math.isnan(number) or math.isinf(number):
        return None
    return int(number) if number.is_integer() and abs(number) < 2**53 else round(number, _DIGITS)


def header(column: str, language: str) -> str:
    """Header of a column in one language; a column of the user's own keeps its name.

    Examples
    --------
    >>> header("raised_on", "zh"), header("own_column", "zh")
    ('提出日期', 'own_column')
    """
    named = vocabulary()["columns"].get(column)
    return column if named is None else named[0 if language == "zh" else 1]


def kind(column: str) -> str:
    """Kind of a column, see ``vocabulary``.

    Examples
    --------
    >>> kind("rate"), kind("own_column")
    ('share', 'text')
    """
    named = vocabulary()["columns"].get(column)
    return "text" if named is None else named[2]


def word(key: object, language: str) -> str:
    """Word for a coded value or a title; what has none stays as it is.

    Examples
    --------
    >>> word("collected", "zh"), word("own word", "en")
    ('已收集', 'own word')
    """
    found = vocabulary()["words"].get(str(key))
    return str(key) if found is None else found[0 if language == "zh" else 1]
