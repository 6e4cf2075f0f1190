"""Meanings of headers: by a dictionary of synonyms and by patterns.

``headers.csv`` holds the synonyms (``|`` between them, the most specific first) and ``header_patterns.csv``
regular expressions for headers that no list can hold; both are read in order, and users add to them with
``read_ledger(..., mapping=)``. Besides the columns of the schema they contain what a clerk's sheet has
instead: ``enterprise`` (a name instead of an id), ``done`` (是否办结), ``title``, ``number`` (序号).
"""

from __future__ import annotations

import functools
import re
from dataclasses import dataclass
from importlib import resources
from typing import TYPE_CHECKING, Final

from liaison_analysis.ledger.cells import simplified
from liaison_analysis.ledger.schema import TABLES, header_key

if TYPE_CHECKING:
    from collections.abc import Mapping

#: Names that stand in the place of ids.
NAME_COLUMNS: Final = {
    "enterprise": "enterprise_id",
    "supplier": "supplier_id",
    "customer": "customer_id",
    "seeker": "seeker_id",
    "counterpart": "counterpart_id",
}
#: What a header may mean besides the columns of the schema.
EXTRA_COLUMNS: Final = frozenset({*NAME_COLUMNS, "done", "title", "number"})
_NUMBERED: Final = re.compile(
    r"^(?:[(（]?[0-9一二三四五六七八九十]{1,3}[)）.、:：]|q\s?\d{1,2}[.、:：_]?)\s*(?=\D)"
)
# Words that columns of data bases are headed by: CUST_NAME, CREATE_DT.
_ABBREVIATED: Final = {
    "cust": "customer", "desc": "description", "dt": "date", "dept": "department", "org": "organisation",
    "ent": "enterprise", "corp": "company", "req": "request", "cat": "category",
    "stat": "status", "sts": "status", "resp": "responsible", "qty": "quantity", "rmk": "remark",
}  # fmt: skip
# A header in both languages: 企业名称 Company name.
_BILINGUAL: Final = re.compile(
    r"^([\u4e00-\u9fff]{1,12})[\s_/|]+([a-z][a-z_ .]{1,30})$|"
    r"^([a-z][a-z_ .]{1,30}?)[\s_/|]+([\u4e00-\u9fff]{1,12})$"
)
# Marks and numbers of an English header that do not matter: Responsible Dept., 4. Issue / Request.
_ENGLISH: Final = re.compile(r"^[a-z0-9_ .,/&'?()\-]+$")
_LONGEST_ENGLISH: Final = 40


@dataclass(frozen=True)
class Meaning:
    """What a header was understood as.

    Attributes
    ----------
    column
        Column of the schema, one of ``NAME_COLUMNS``, ``done``, ``title`` or ``number``.
    rank
        Place of the synonym in its list: lower is more specific.
    evidence
        ``header`` (the schema's own), ``synonym``, ``pattern``, ``look`` of the cells, or ``mapping``.
    """

    column: str
    rank: int
    evidence: str


@functools.cache
def _synonyms() -> dict[str, dict[str, Meaning]]:
    """Meaning of every synonym, by table; ``*`` holds for all tables."""
    known: dict[str, dict[str, Meaning]] = {name: {} for name in [*TABLES, "*"]}
    for name, table in TABLES.items():
        for column in table.columns:
            for rank, written in enumerate((column.name, *column.chinese)):
                known[name].setdefault(header_key(written), Meaning(column.name, rank, "header"))
    for line in _table("headers.csv"):
        table_name, column_name, written = line.split(",", 2)
        for rank, one in enumerate(written.split("|"), 10):
            known[table_name].setdefault(header_key(one), Meaning(column_name, rank, "synonym"))
    return known


@functools.cache
def _patterns() -> dict[str, list[tuple[str, re.Pattern[str]]]]:
    """Columns by patterns of their headers, by table."""
    known: dict[str, list[tuple[str, re.Pattern[str]]]] = {name: [] for name in TABLES}
    for line in _table("header_patterns.csv"):
        table, column, pattern = line.split(",", 2)
        known[table].append((column, re.compile(pattern)))
    return known


def _table(name: str) -> list[str]:
    text = resources.files("liaison_analysis.ledger").joinpath(name).read_text(encoding="utf-8")
    return [line for line in text.splitlines()[1:] if line]


def meaning_of(written: str, table: str, mapping: Mapping[str, str] | None = None) -> Meaning | None:
    """Find what a header means in a table, or None.

    Parameters
    ----------
    written
        The header as it stands in the sheet.
    table
        Name of the table.
    mapping
        The user's own meanings: column by header; ``""`` for a header that means nothing here.

    Examples
    --------
    >>> meaning_of("责任单位", "demands").column, meaning_of("提出日期（年月日）", "demands").column
    ('owner', 'raised_on')
    >>> meaning_of("问题上报的时间", "demands"), meaning_of("天气", "demands") is None
    (Meaning(column='raised_on', rank=100, evidence='pattern'), True)
    """
    key = header_key(written)
    if mapping and (given := mapping.get(key)) is not None:
        return Meaning(given, -1, "mapping") if given else None
    return _meaning(key, table)


def means_text(header: str) -> bool:
    """Whether a header is that of the texts of demands.

    Examples
    --------
    >>> means_text("诉求内容"), means_text("责任单位")
    (True, False)
    """
    meaning = meaning_of(header, "demands")
    return meaning is not None and meaning.column == "text"


# A ledger's headers, and cells that might be headers, are looked up in every table, and again in each block.
@functools.lru_cache(maxsize=20_000)
def _meaning(key: str, table: str) -> Meaning | None:
    """Find what a header's key means in a table."""
    known, (plain, written) = _synonyms(), _ways_to_write(key)
    for one in written:
        found = known[table].get(one) or known["*"].get(one)
        if found:
            return found
    if len(plain) <= _LONGEST_ENGLISH and _ENGLISH.match(plain):
        return _of_english(plain, table)
    if len(plain) <= 20:
        for column, pattern in _patterns()[table]:
            if pattern.search(plain):
                return Meaning(column, 100, "pattern")
    return None


@functools.lru_cache(maxsize=4096)
def _ways_to_write(key: str) -> tuple[str, tuple[str, ...]]:
    """Give a header's key without its number, and the words by which it may be known."""
    key = simplified(key)
    plain = _NUMBERED.sub("", key)
    both = _BILINGUAL.match(plain)
    return plain, tuple(dict.fromkeys((key, plain, *(filter(None, both.groups()) if both else ()))))


def _of_english(key: str, table: str) -> Meaning | None:
    """Meaning of an English header by its words, or by the words before or after a slash."""
    known, (whole, parts) = _synonyms(), _english_words(key)
    found: list[Meaning] = []
    for one in dict.fromkeys((whole, *parts)):
        meaning = known[table].get(one) or known["*"].get(one)
        column = "" if meaning else next((c for c, p in _patterns()[table] if p.search(one)), "")
        if meaning := meaning or (Meaning(column, 100, "pattern") if column else None):
            if one == whole:
                return meaning
            found.append(meaning)
    # Words on both sides of a slash that mean different columns are no header of either.
    return found[0] if len({one.column for one in found}) == 1 else None


@functools.lru_cache(maxsize=4096)
def _english_words(key: str) -> tuple[str, tuple[str, ...]]:
    """Join the words of an English header by underscores: all of them, and those beside each slash."""
    whole = re.sub(r"[^a-z0-9]+", "_", re.sub(r"(?<=[a-z])'s?(?![a-z])", "", key)).strip("_")
    whole = re.sub(r"^\d+_(?=\D)", "", whole)
    whole = "_".join(_ABBREVIATED.get(word, word) for word in whole.split("_"))
    return whole, tuple(re.sub(r"[^a-z0-9]+", "_", part).strip("_") for part in re.split(r"[/&]", key))


@functools.cache
def known_headers() -> frozenset[str]:
    """Headers of all tables as they are written in the schema and the list of synonyms."""
    written = {one for line in _table("headers.csv") for one in line.split(",", 2)[2].split("|")}
    own = {
        one for table in TABLES.values() for column in table.columns for one in (column.name, *column.chinese)
    }
    return frozenset(one + mark for one in written | own for mark in ("", "*"))


@functools.lru_cache(maxsize=4096)
def is_known(written: str) -> bool:
    """Whether any table knows a header.

    Examples
    --------
    >>> is_known("办理情况"), is_known("员工宿舍不够")
    (True, False)
    """
    if not written or len(written) > 40:
        return False
    return any(meaning_of(written, table) for table in TABLES)
