"""Several demands of a row beside each other: a column for each problem, month or topic."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Final

from liaison_analysis._messages import message
from liaison_analysis.ledger.boards import of_cards, read_card
from liaison_analysis.ledger.cell_looks import FIRM_NAME, OFFICE_NAME, SAMPLED
from liaison_analysis.ledger.cells import one_line
from liaison_analysis.ledger.column_choice import column_meanings
from liaison_analysis.ledger.days import looks_like_day
from liaison_analysis.ledger.headers import meaning_of, means_text
from liaison_analysis.ledger.states import status_of
from liaison_analysis.text import asks_nothing

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from liaison_analysis.ledger.layout import Block
    from liaison_analysis.ledger.records import Gathered

_NUMBER: Final = r"[0-9一二三四五六七八九十]{1,2}"
_NUMBERED: Final = re.compile(
    rf"^(?:第?({_NUMBER})[个条项]?)?(诉求|问题|困难|需求|事项|建议)({_NUMBER})?(.*)$"
)
_BEHIND: Final = re.compile(rf"^(\D{{2,8}}?)({_NUMBER})$")
#: Header of a column of one month's demands: 3月诉求.
MONTHLY: Final = re.compile(r"^(?:20\d\d年)?(1[0-2]|0?[1-9])月份?的?(.*)$")
_CHINESE_MONTHS: Final = {
    word + "月": f"{n}月"
    for n, word in reversed([*enumerate("一二三四五六七八九十", 1), (11, "十一"), (12, "十二")])
}
_TOPIC: Final = re.compile(r"^(.{2,8}?)(?:方面|类)?的?(问题|诉求|困难|需求)$|^(.{2,6}?)(?:方面|类|领域)$")
# What enterprises ask about, as heads of columns of demands.
_BARE_TOPIC: Final = re.compile(
    r"^(用工|招工|人才|用工招聘|用地|土地|厂房|用地厂房|融资|资金|金融|贷款|用电|用水|用气|用能|水电气|要素保障|物流|"
    r"交通|环保|审批|政策|政务服务|市场|市场开拓|订单|技术|科技|创新|税务|税费|法律|安全|子女入学|住房|配套|其他|其它)$"
)


# Bare states as heads of columns of demands: 已解决 | 推进中 | 未解决; 答复 or 落实 head answers.
_STATE_TOPIC: Final = re.compile(r"^((?:已|未|尚|正在|暂|无法|不能|待).{1,6}?|.{2,4}中)的?(?:事项)?$")
_WEEK: Final = re.compile(r"^第?(?:\d{1,2}|[一二三四五六七八九十]{1,3})周$")
_WORDS: Final = re.compile(r"[\u4e00-\u9fff]{3}")
#: Cells that say that all goes as usual, which is no demand: 正常, 经营平稳.
AS_USUAL: Final = re.compile(
    r"^(?:企业|公司)?(?:生产|经营|运行|运营|一切)*(?:情况)?(?:正常|良好|稳定|平稳)[。.]?$"
)
_ADVICE: Final = re.compile(r"注明|写明|说明|列明|填写|描述|详细|[多单]选|必填|选填|可不填|如有|字以内")
_IN_BRACKETS: Final = re.compile(r"^(.{2,}?)\s*[(（]([^()（）]{2,12})[)）]$")


@dataclass
class _Group:
    """Columns that hold one of several demands of a row: its text first, then its other columns."""

    key: str
    columns: dict[int, str]  # position in the block → header without the number
    says: dict[str, str] = field(default_factory=dict)  # what its headers say of its demands, by header


def separated(block: Block, out: Gathered) -> list[Block]:
    """Blocks with one demand in a row each; none where demands do not stand beside each other."""
    return _numbered(block) or _monthly(block, out) or _weekly(block) or _by_topic(block)


def _numbered(block: Block) -> list[Block]:
    """Blocks of 问题1 · 问题1办理情况 · 问题2 · 问题2办理情况, and of equal headers under several groups."""
    groups = _by_number(block)
    if len(groups) < 2 or not any(
        means_text(head) for columns in groups.values() for head in columns.values()
    ):
        groups = _by_group(block)
    made = [_Group(key, columns) for key, columns in groups.items()]
    return _spread(block, made) if len(made) > 1 else []


def _by_number(block: Block) -> dict[str, dict[int, str]]:
    """Columns with a number in their headers, and the headers without it."""
    groups: dict[str, dict[int, str]] = {}
    for j, header in enumerate(block.headers):
        plain = unicodedata.normalize("NFKC", one_line(header))
        found, behind = _NUMBERED.match(plain), _BEHIND.match(plain)
        if found and (found[1] or found[3]) and not (found[1] and found[3]):
            groups.setdefault(found[1] or found[3], {})[j] = found[4].strip() or found[2]
        elif behind and meaning_of(behind[1], "demands"):
            groups.setdefault(behind[2], {})[j] = behind[1]
    _add_repeated(block, groups)
    return groups


def _add_repeated(block: Block, groups: dict[str, dict[int, str]]) -> None:
    """Add columns without a number that follow each numbered one: 诉求一 | 办理情况 | 诉求二 | 办理情况."""
    of = {j: key for key, columns in groups.items() for j in columns}
    if len(groups) < 2:
        return
    places: dict[str, list[int]] = {}
    for j, header in enumerate(block.headers):
        if header and j not in of:
            places.setdefault(one_line(header), []).append(j)
    firsts = sorted(min(columns) for columns in groups.values())
    for header, some in places.items():
        owners = [max((first for first in firsts if first < j), default=-1) for j in some]
        if len(some) > 1 and -1 not in owners and len(set(owners)) == len(owners):
            for j, first in zip(some, owners, strict=True):
                groups[of[first]][j] = header


def _by_group(block: Block) -> dict[str, dict[int, str]]:
    """Columns whose headers stand under several headings, demands among them."""
    places: dict[str, list[int]] = {}
    for j, header in enumerate(block.headers):
        if header and block.groups[j]:
            places.setdefault(header, []).append(j)
    again = {header: some for header, some in places.items() if len(some) > 1}
    groups: dict[str, dict[int, str]] = {}
    if any(map(means_text, again)):
        for header, some in again.items():
            for j in some:
                groups.setdefault(block.groups[j], {})[j] = header
    return groups


def _monthly(block: Block, out: Gathered) -> list[Block]:
    """Blocks of 3月诉求 · 4月诉求: a column of demands per month."""
    groups: dict[str, dict[int, str]] = {}
    for j, header in enumerate(block.headers):
        plain = unicodedata.normalize("NFKC", one_line(header))
        for word, digits in _CHINESE_MONTHS.items():
            plain = plain.replace(word, digits)
        found = MONTHLY.match(plain)
        if found and not found[2] and _has_requests(block, j):
            groups.setdefault(f"{int(found[1])}月", {})[j] = "诉求内容"
        elif found and (not found[2] or meaning_of(found[2], "demands")) and _has_sentences(block.cells[j]):
            groups.setdefault(f"{int(found[1])}月", {})[j] = found[2] or "诉求内容"
        elif found and found[2] and meaning_of(found[2], "demands"):
            groups.setdefault(f"{int(found[1])}月", {})[j] = found[2]
    made = [_Group(key, columns) for key, columns in groups.items() if any(map(means_text, columns.values()))]
    if len(made) < 2:
        return []
    dated = "raised_on" in block.headed()
    if not dated:
        for group in made:
            group.says["提出日期"] = f"{group.key}1日"
            header = block.headers[min(group.columns)]
            why = message(
                "only the month of these demands is written; {key}1日 is used, give the days if known",
                key=group.key,
            )
            out.ask(block.sheet.name, block.header + 1, "raised_on", one_line(header), why, status="part")
    return _spread(block, made)


def _weekly(block: Block) -> list[Block]:
    """Blocks of 第1周 · 第2周: a column of demands per week."""
    groups = [
        _Group(one_line(header), {j: "诉求内容"}, {"周次": one_line(header)})
        for j, header in enumerate(block.headers)
        if _WEEK.match(one_line(header)) and _has_requests(block, j)
    ]
    return _spread(block, groups) if len(groups) > 1 else []


def _has_requests(block: Block, j: int) -> bool:
    """Whether a column beside enterprises has words that are no states, where no other has demands."""
    have = block.headed()
    if "text" in have or not ("enterprise" in have or _names_firms(block)):
        return False
    filled = [cell for cell in block.cells[j] if cell and not asks_nothing(cell) and not AS_USUAL.match(cell)]
    return bool(filled) and all(_WORDS.search(cell) and not status_of(cell, exact=True) for cell in filled)


def _by_topic(block: Block) -> list[Block]:
    """Blocks of 用工问题 · 用地问题, or 已解决的问题 · 未解决的问题: a column per topic or state."""
    have = block.headed()
    if "text" in have and not _TOPIC.match(_office_behind(block.headers[have["text"]])[0]):
        return []
    if firms := _by_firm(block, have):
        return firms
    groups, asked = _topics(block, have)
    cards = all(of_cards(block.cells[j]) for group in groups for j in group.columns)
    if len(groups) < 2 or not (asked or "enterprise" in have or cards or _names_firms(block)):
        return []
    states = [status_of(group.key, exact=True) for group in groups]
    of_states = "status" not in have and "done" not in have and sum(map(bool, states)) > 1
    for group, state in zip(groups, states, strict=True):
        if of_states and state:
            group.says["办理状态"] = group.key
        elif "kind" not in have and group.key not in group.says.values():
            group.says["诉求类别"] = group.key
    blocks = _spread(block, groups)
    if cards and "enterprise" not in have:
        for one in blocks:
            _open_cards(one)
    return blocks


def _topics(block: Block, have: Mapping[str, int]) -> tuple[list[_Group], bool]:
    """Columns whose headers name a topic, a state or a department, and whether one of them names demands."""
    groups: list[_Group] = []
    asked = "text" in have
    for j, header in enumerate(block.headers):
        plain, office = _office_behind(header)
        found = _TOPIC.match(plain)
        of_state = _STATE_TOPIC.match(plain)
        of_office = "owner" not in have and bool(OFFICE_NAME.search(plain))
        bare = not (found and found[1]) and (found or _BARE_TOPIC.match(plain) or of_state or of_office)
        known = meaning_of(header, "demands") if header else None
        known = None if bare and known and known.column == "note" else known
        if known is not None or not any(block.cells[j]) or not (found or bare):
            continue
        requests = [cell for cell in block.cells[j] if not asks_nothing(cell)]
        if bare and not _has_sentences(requests) and not of_cards(requests):
            continue
        asked = asked or bool(found and found[1])
        topic = (found[1] or found[3]) if found else of_state[1] if of_state else plain
        office = office or (plain if bare and of_office else "")
        says = {"责任部门": office} if office and "owner" not in have else {}
        groups.append(_Group(topic, {j: "诉求内容"}, says))
    return groups, asked


def _open_cards(block: Block) -> None:
    """Take enterprise and day out of the cards in a column of demands: 甲公司：停车难（3月5日）."""
    j = block.headers.index("诉求内容")
    cards = [read_card(cell) for cell in block.cells[j]]
    block.add_column("原文", list(block.cells[j]), j)
    block.cells[j] = [text for _, text, _ in cards]
    block.add_column("企业名称", [firm for firm, _, _ in cards], j)
    if any(day for _, _, day in cards) and "raised_on" not in block.headed():
        block.add_column("提出日期", [day for _, _, day in cards], j)


def _by_firm(block: Block, have: Mapping[str, int]) -> list[Block]:
    """Blocks of 甲公司 · 乙公司: a column of demands per enterprise, and a row per visit."""
    if {"text", "enterprise"} & have.keys():
        return []
    columns = [
        j
        for j, header in enumerate(block.headers)
        if FIRM_NAME.search(one_line(header)) and not meaning_of(header, "demands") and any(block.cells[j])
    ]
    others = [j for j, header in enumerate(block.headers) if header and j not in columns]
    if len(columns) < 2 or len(others) > len(columns) + 1:
        return []
    groups = [
        _Group(block.headers[j], {j: "诉求内容"}, {"企业名称": one_line(block.headers[j])}) for j in columns
    ]
    return _spread(block, groups)


def _office_behind(header: str) -> tuple[str, str]:
    """Header without a department or advice in brackets, and that department: 用工需求（人社局）."""
    plain = one_line(header)
    found = _IN_BRACKETS.match(plain)
    if not found:
        return plain, ""
    if OFFICE_NAME.search(found[2]):
        return found[1], found[2]
    return (found[1] if _ADVICE.search(found[2]) else plain), ""


def _names_firms(block: Block) -> bool:
    return "enterprise" in {
        one.column for one in column_meanings(block.headers, block.cells, "demands").values()
    }


def _has_sentences(cells: Sequence[str]) -> bool:
    sample = [cell for cell in cells if len(cell) > 2][:SAMPLED]
    return (
        bool(sample)
        and sum(map(len, sample)) >= 5 * len(sample)
        and not all(cell.replace(".", "").isdigit() or looks_like_day(cell) for cell in sample)
    )


def _spread(block: Block, groups: Sequence[_Group]) -> list[Block]:
    """One block a group: the shared columns, its own under their plain headers, and what its headers say."""
    own = {j for group in groups for j in group.columns}
    shared = [j for j in range(len(block.headers)) if j not in own]
    blocks: list[Block] = []
    taken: set[int] = set()
    for n, group in enumerate(groups):
        columns = [*shared, *group.columns]
        filled = [i for i in range(len(block.rows)) if any(block.cells[j][i] for j in group.columns)]
        blocks.append(_part(block, columns, filled, group.columns))
        taken |= set(filled)
        for header, value in group.says.items():
            blocks[n].add_column(header, [value] * len(filled), 0)
    rest = [i for i in range(len(block.rows)) if i not in taken]
    if rest:  # rows without any demand: noted by the reading of rows
        blocks.append(_part(block, [*shared, *groups[0].columns], rest, groups[0].columns))
    return blocks


def _part(block: Block, columns: Sequence[int], rows: Sequence[int], heads: dict[int, str]) -> Block:
    return replace(
        block,
        headers=[heads.get(j, block.headers[j]) for j in columns],
        written=[block.written[j] for j in columns],
        groups=["" if j in heads else block.groups[j] for j in columns],
        columns=[block.columns[j] for j in columns],
        rows=[block.rows[i] for i in rows],
        cells=[[block.cells[j][i] for i in rows] for j in columns],
        sections=[block.sections[i] for i in rows],
        titles=list(block.titles),
    )
