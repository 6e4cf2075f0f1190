"""Meanings of headers: by a dictionary of synonyms, by patterns, and by the content of a column's cells.

``headers.csv`` holds the synonyms (``|`` between them, the most specific first) and ``header_patterns.csv``
regular expressions for headers that no list can hold; both are read in order, and users add to them with
``read_ledger(..., mapping=)``. Besides the columns of the schema they contain what a clerk's sheet has
instead: ``enterprise`` (a name instead of an id), ``done`` (是否办结), ``title``, ``number`` (序号).
"""

from __future__ import annotations

import functools
import re
from collections import Counter
from dataclasses import dataclass
from importlib import resources
from typing import TYPE_CHECKING, Final

from liaison_analysis.ledger.cells import simplified
from liaison_analysis.ledger.days import looks_like_day
from liaison_analysis.ledger.schema import TABLES, header_key
from liaison_analysis.ledger.states import status_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

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
#: Number of cells by which the content of a column is judged; judgement.
SAMPLED: Final = 200
#: How names of enterprises and institutions end.
FIRM_NAME: Final = re.compile(
    r"(公司|集团|厂|店|中心|合作社|研究院|研究所|银行|支行|分行|学院|大学|医院|事务所|协会|经营部|商行)([(（].*[)）])?$"
    r"|(?:Ltd|Limited|Inc|GmbH|LLC|Corp|Corporation|Company|PLC)\.?$"
)
#: How names of departments end, where they are known to be such.
BUREAU: Final = re.compile(r"(局|委|办|部|处|科|所|队|公司|中心|管委会|办公室|街道)$")
#: The same for a column or heading that says nothing more: firms and teams may be anything there.
OFFICE_NAME: Final = re.compile(
    r"(局|委|办|部|处|科|管委会|办公室|街道|海关|支队|大队|总队|供电公司|水务公司|燃气公司|热力公司|公交公司)$"
)
# Columns of other departments, officers or calls that are no owner and no state.
_NO_OWNER: Final = re.compile(
    r"挂钩|挂点|联系|协办|配合|走访|报送|填报|上报|来源|推荐|属地|联络|帮扶|包联|包保|人$|领导|干部|股东|银行"
)
_NO_RAISED: Final = re.compile(
    r"时限|期限|截止|截至|限期|计划|预计|拟|完成|办结|解决|销号|反馈|回复|答复|回访|交办|派单|签收|下次|成立|注册|出生|生日|到期|有效"
)
# Amounts such as 1.5 under a header without a word of time are no days, although 6.15 may be one.
_OF_DAYS: Final = re.compile(
    r"时|日|月|号|周|走访|来访|登记|收到|提出|反映|上报|受理|date|time|day|when|week", re.IGNORECASE
)
_OF_AMOUNTS: Final = re.compile(r"投资|金额|产值|营收|收入|税|面积|规模|容量|[亿万]|元|亩|吨|平方|占比|%|率$")
_AMOUNT: Final = re.compile(r"^\d{1,2}\.\d{1,2}$")
_NO_STATE: Final = re.compile(r"回访|评价|满意|签收|经营|生产|来源|渠道|方式|是否")
_YES_OR_NO: Final = frozenset(
    {"是", "否", "有", "无", "√", "×", "✓", "✗", "y", "n", "yes", "no", "true", "false", "1", "0"}
)
_OF_STATES: Final = re.compile(
    r"办|解决|完成|落实|销号|结|答复|回复|进展|进度|状态|closed|resolved|done|solved"
)
# What a header of demands names; 服务内容 or 事项 may be anything.
_OF_TEXTS: Final = re.compile(r"诉求|问题|困难|需求|难点|堵点|建议|意见|愁盼|訴求|問題|困難")
_OF_ADVICE: Final = re.compile(r"建议|意见")
#: Words of a request.
REQUEST: Final = re.compile(r"希望|请|建议|协调|解决|申请|需要|困难|不足|问题|诉求|不够|缺|难|能否|求")
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
# Shares of a column's filled cells that must look alike; judgement, tried on benchmarks/layouts.
_DAY_SHARE: Final = 0.7
_FIRM_SHARE: Final = 0.5
_STATE_SHARE: Final = 0.6
# Nearly all cells of a column of states in other words are understood, and they are short.
_PHRASE_SHARE: Final = 0.8
_STATE_LENGTH: Final = 14
_OFFICE_SHARE: Final = 0.6
_SENTENCE_LENGTH: Final = 8
# Characters of a person's name; firms' names are longer.
_LONGEST_PERSON: Final = 4
# Mean characters of a cell times the share of cells that ask, which a column of texts exceeds (as above).
_TEXT_WEIGHT: Final = 3.0


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


def column_meanings(
    headers: Sequence[str],
    cells: Sequence[Sequence[str]],
    table: str,
    mapping: Mapping[str, str] | None = None,
) -> dict[int, Meaning]:
    """Meaning of each column, each meaning once; where the header says nothing, by the look of its cells.

    Parameters
    ----------
    headers
        Header of each column.
    cells
        Cells of each column, as many as there are headers.
    table
        Name of the table.
    mapping
        As for ``meaning_of``.

    Examples
    --------
    >>> found = column_meanings(["谁家", "何时", "说了啥"],
    ...     [["甲机械有限公司"] * 3, ["2022-03-05"] * 3, ["希望协调解决停车位不足的问题"] * 3], "demands")
    >>> {place: (one.column, one.evidence) for place, one in found.items()}
    {0: ('enterprise', 'look'), 1: ('raised_on', 'look'), 2: ('text', 'look')}
    """
    read = {
        j: found
        for j, header in enumerate(headers)
        if header and (found := meaning_of(header, table, mapping))
    }
    best: dict[str, int] = {}
    for j, meaning in sorted(read.items(), key=lambda item: (item[1].rank, item[0])):
        filled = any(cells[j])
        held = best.get(meaning.column)
        # Of two headers with one meaning, the more specific one that has any cells.
        if held is None or (filled and not any(cells[held])):
            best[meaning.column] = j
    _choose_states(best, read, cells)
    _choose_texts(best, read, headers, cells)
    meanings = {j: read[j] for j in sorted(best.values())}
    if table == "demands":
        _exchange_units(meanings, cells)
        _add_by_look(meanings, headers, cells)
    return dict(sorted(meanings.items()))


def _choose_states(best: dict[str, int], read: Mapping[int, Meaning], cells: Sequence[Sequence[str]]) -> None:
    """Of columns headed as states, take one of words (工单状态) instead of one of sentences (办理结果)."""
    held = best.get("status")
    others = [j for j, meaning in read.items() if meaning.column == "status" and j != held]
    if held is None or not others or read[held].rank < 0:
        return

    def understood(j: int) -> int:
        return sum(status_of(cell, exact=True) is not None for cell in cells[j][:SAMPLED] if cell)

    def filled(j: int) -> int:
        return sum(map(bool, cells[j][:SAMPLED]))

    if read[held].evidence == "header" and understood(held):
        return
    other = max(others, key=lambda j: (understood(j), -j))
    if understood(other) > understood(held) and understood(other) >= _PHRASE_SHARE * filled(other):
        best["status"] = other


def _choose_texts(
    best: dict[str, int], read: Mapping[int, Meaning], headers: Sequence[str], cells: Sequence[Sequence[str]]
) -> None:
    """Of columns headed as texts, take one that names problems (发现问题) instead of contents (服务内容)."""
    held = best.get("text")
    if held is None or read[held].evidence in {"header", "mapping"}:
        return
    same = [
        j
        for j, meaning in read.items()
        if meaning.column == "text" and any(cells[j]) and not _OF_ADVICE.search(headers[j])
    ]
    longest = max(same, key=lambda j: (_mean_length(cells[j]), -j), default=held)
    if _mean_length(cells[longest]) >= _SENTENCE_LENGTH > 2 * _mean_length(cells[held]):
        best["text"] = longest  # 问题: 受访1; what they ask stands in the other column
        return
    if _OF_TEXTS.search(headers[held]):
        return
    others = [j for j, meaning in read.items() if meaning.column == "text" and _OF_TEXTS.search(headers[j])]
    filled = [j for j in others if any(cells[j])]
    if filled:
        best["text"] = min(filled, key=lambda j: (read[j].rank, j))


def _mean_length(cells: Sequence[str]) -> float:
    filled = [cell for cell in cells if cell][:SAMPLED]
    return sum(map(len, filled)) / max(1, len(filled))


def _exchange_units(found: dict[int, Meaning], cells: Sequence[Sequence[str]]) -> None:
    """Take departments headed 单位 for the owner, and persons for none, where other columns hold firms."""
    place = next((j for j, meaning in found.items() if meaning.column == "enterprise"), None)
    if place is None or _share(cells[place], FIRM_NAME):
        return
    firms = [j for j in range(len(cells)) if j not in found and _share(cells[j], FIRM_NAME)]
    if firms and all(len(cell) <= _LONGEST_PERSON for cell in cells[place]):  # 诉求人 beside 所在单位
        del found[place]
        found[firms[0]] = Meaning("enterprise", 1_000, "look")
    elif firms and _share(cells[place], BUREAU):
        free = all(meaning.column != "owner" for meaning in found.values())
        del found[place]
        if free:
            found[place] = Meaning("owner", 1_000, "look")


def _is_town(header: str) -> bool:
    """Whether a header is known for the place of an enterprise: 斗南街道 is no department there."""
    meaning = meaning_of(header, "enterprises") if header else None
    return meaning is not None and meaning.column == "town"


def _may_be_amounts(header: str, cells: Sequence[str]) -> bool:
    """Whether a column without a word of time in its header has nothing but numbers such as 1.5."""
    named = bool(_OF_DAYS.search(header)) and not _OF_AMOUNTS.search(header)
    return bool(header) and not named and all(map(_AMOUNT.match, cells))


def _share(cells: Sequence[str], pattern: re.Pattern[str]) -> bool:
    sample = [cell for cell in cells if cell][:SAMPLED]
    return bool(sample) and sum(bool(pattern.search(cell)) for cell in sample) >= _FIRM_SHARE * len(sample)


def _add_by_look(found: dict[int, Meaning], headers: Sequence[str], cells: Sequence[Sequence[str]]) -> None:
    """Find columns that a demand needs, by their content, among those whose headers mean nothing known."""
    have = {meaning.column for meaning in found.values()}
    free = {
        j: sample
        for j in range(len(headers))
        if j not in found and (sample := [cell for cell in cells[j] if cell][:SAMPLED])
    }

    def take(column: str, share: Mapping[int, float], least: float) -> None:
        good = {j: value for j, value in share.items() if value >= least and j in free}
        if column not in have and good:
            j = max(good, key=lambda one: (good[one], -one))
            found[j] = Meaning(column, 1_000, "look")
            have.add(column)
            del free[j]

    def share(test: Iterable[bool]) -> float:
        counts = Counter(test)
        return counts[True] / max(1, counts.total())

    days = {
        j: share(map(looks_like_day, s))
        for j, s in free.items()
        if not _NO_RAISED.search(headers[j]) and not _may_be_amounts(headers[j], s)
    }
    take("raised_on", days, _DAY_SHARE)
    if "enterprise_id" not in have:
        # A contact may stand below the name in its cell.
        lines = {j: [cell.partition("\n")[0].strip() for cell in s] for j, s in free.items()}
        firms = {j: share(bool(FIRM_NAME.search(cell)) for cell in s) for j, s in lines.items()}
        take("enterprise", firms, _FIRM_SHARE)
    sentences = {
        j: sum(map(len, s)) / len(s) * share(bool(REQUEST.search(cell)) for cell in s)
        for j, s in free.items()
        if share(len(cell) >= _SENTENCE_LENGTH for cell in s) >= _FIRM_SHARE
    }
    take("text", sentences, _TEXT_WEIGHT)
    if "done" not in have:
        lists = {
            j: s
            for j, s in free.items()
            if not _NO_STATE.search(headers[j])
            # 是 and 否 answer the header: under 四上企业 they are no states.
            and (_OF_STATES.search(headers[j]) or not {cell.casefold() for cell in s} <= _YES_OR_NO)
        }
        words = {j: share(status_of(cell, exact=True) is not None for cell in s) for j, s in lists.items()}
        take("status", words, _STATE_SHARE)
        short = {j: s for j, s in lists.items() if sum(map(len, s)) <= _STATE_LENGTH * len(s)}
        phrases = {j: share(status_of(cell) is not None for cell in s) for j, s in short.items()}
        take("status", phrases, _PHRASE_SHARE)
    offices = {
        j: share(bool(OFFICE_NAME.search(cell)) for cell in s)
        for j, s in free.items()
        if not _NO_OWNER.search(headers[j]) and not _is_town(headers[j])
    }
    take("owner", offices, _OFFICE_SHARE)
