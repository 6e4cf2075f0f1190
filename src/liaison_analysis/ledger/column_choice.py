"""What each column of a table means, each meaning once: by its header, its cells, and the other columns."""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING, Final

from liaison_analysis.ledger.cell_looks import BUREAU, FIRM_NAME, OFFICE_NAME, REQUEST, SAMPLED
from liaison_analysis.ledger.days import looks_like_day
from liaison_analysis.ledger.headers import Meaning, meaning_of
from liaison_analysis.ledger.states import status_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

# Columns of other departments, officers or calls that are no owner and no state.
_NO_OWNER: Final = re.compile(
    r"挂钩|挂点|联系|协办|配合|走访|报送|填报|上报|来源|推荐|属地|联络|帮扶|包联|包保|人$|领导|干部|股东|银行"
)
# Days that are not the one on which a demand was raised.
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
