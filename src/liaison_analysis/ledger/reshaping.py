"""Reshape tables of other layouts: a column for each state, month or problem, a day in three columns.

A clerk's table may hold several demands beside each other, the state as a tick under its word, question and
answer in one cell, or the enterprise only in a title. Each becomes a table with a row for each demand and a
column for each meaning; the original columns are kept as the user's own.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from liaison_analysis._messages import message
from liaison_analysis.ledger.cells import one_line
from liaison_analysis.ledger.days import read_day, years_in
from liaison_analysis.ledger.headers import FIRM_NAME, OFFICE_NAME, column_meanings, meaning_of
from liaison_analysis.ledger.row_kinds import SIGNED
from liaison_analysis.ledger.states import status_of
from liaison_analysis.ledger.tables import begun_table
from liaison_analysis.ledger.unfolding import TICKS, unfold
from liaison_analysis.text import asks_nothing

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from liaison_analysis.ledger.layout import Block
    from liaison_analysis.ledger.records import Gathered

#: Column that names of sheets and section titles stand in where they are towns.
TOWN: Final = "所属园区"
PLACE_NAME: Final = re.compile(r"(园|园区|片区|组团|新城|街道|镇|乡|区|县)$")
# Cells of a column that are looked at before all of them are.
_SAMPLED: Final = 200
_NUMBER: Final = r"[0-9一二三四五六七八九十]{1,2}"
_NUMBERED: Final = re.compile(
    rf"^(?:第?({_NUMBER})[个条项]?)?(诉求|问题|困难|需求|事项|建议)({_NUMBER})?(.*)$"
)
_BEHIND: Final = re.compile(rf"^(\D{{2,8}}?)({_NUMBER})$")
_MONTHLY: Final = re.compile(r"^(?:20\d\d年)?(1[0-2]|0?[1-9])月份?的?(.*)$")
_CHINESE_MONTHS: Final = {
    word + "月": f"{n}月"
    for n, word in reversed([*enumerate("一二三四五六七八九十", 1), (11, "十一"), (12, "十二")])
}
_OF_YEARS: Final = re.compile(r"^(所属|统计|诉求|走访|提出)?(年|年度|年份)$")
_YEAR: Final = re.compile(r"^((?:19|20)\d\d)年?度?$")
_TOPIC: Final = re.compile(r"^(.{2,8}?)(?:方面|类)?的?(问题|诉求|困难|需求)$|^(.{2,6}?)(?:方面|类|领域)$")
# What enterprises ask about, as heads of columns of demands.
_BARE_TOPIC: Final = re.compile(
    r"^(用工|招工|人才|用工招聘|用地|土地|厂房|用地厂房|融资|资金|金融|贷款|用电|用水|用气|用能|水电气|要素保障|物流|"
    r"交通|环保|审批|政策|政务服务|市场|市场开拓|订单|技术|科技|创新|税务|税费|法律|安全|子女入学|住房|配套|其他|其它)$"
)
_QUESTION: Final = re.compile(
    r"^\s*(?:企业|反映|存在|主要)?(?:诉求|问题|需求|困难|反映|问)(?:内容|情况)?\s*[:：]\s*(?P<asked>.+?)[。；;，,]?\s*"
    r"(?:办理|答复|处理|回复|解决|落实|反馈|进展|整改|措施|答)(?:情况|结果|进展|意见|措施)?\s*[:：]\s*(?P<answer>.+)$",
    re.DOTALL,
)
_STATE_BEFORE: Final = re.compile(
    r"^\s*[【\[（(〔]\s*([^】\]）)〕]{2,10})\s*[】\]）)〕]\s*(.{4,})$", re.DOTALL
)
_LABELLED: Final = re.compile(r"([^\s:：，,。；;]{2,10})\s*[:：]\s*([^:：]*?)(?=\s+[^\s:：]{2,10}\s*[:：]|$)")
_NUMBERING: Final = re.compile(
    r"^(?:[一二三四五六七八九十]+、|[(（][一二三四五六七八九十\d]+[)）]|\d+[、.．])\s*"
)
_COUNT: Final = re.compile(r"\s*[(（](?:共|合计)?\s*\d+\s*[家条件项个户]?[)）]$")


def reshaped(block: Block, out: Gathered) -> list[Block]:
    """Tables of a block with a row for each demand; the block itself where it is such a table already.

    Parameters
    ----------
    block
        As ``find_blocks`` gives it.
    out
        Takes what a clerk has to decide.
    """
    block.written = block.written or list(block.headers)
    if begun_table(block.headers):  # the ledger's own layout
        return [block]
    unfold(block, out)
    for step in (_join_days, _join_years, _read_ticks, _part_answers, _part_states):
        step(block)
    _name_by_title(block, out)
    return _numbered(block) or _monthly(block, out) or _by_topic(block) or [block]


def _join_days(block: Block) -> None:
    """Join columns headed 年, 月 and 日 to one of days."""
    plain = [one_line(header) for header in block.headers]
    for j in range(len(plain) - 1):
        if plain[j] not in {"月", "月份"} or plain[j + 1] not in {"日", "号"}:
            continue
        if block.headed().get("raised_on", j) != j:
            continue
        headed = years_in(block.groups[j])
        year = str(min(headed)) if len(headed) == 1 else ""  # 2022年 above the columns of months and days
        years = block.cells[j - 1] if j and plain[j - 1] == "年" else [year] * len(block.rows)
        parts = zip(years, block.cells[j], block.cells[j + 1], strict=True)
        days = [f"{f'{y}年' if y else ''}{m}月{d}日" if m and d else "" for y, m, d in parts]
        days = [re.sub(r"([年月日])\1", r"\1", day) for day in days]
        group = block.groups[j]
        known = meaning_of(group, "demands") if group else None
        block.add_column(group if known and known.column.endswith("_on") else "提出日期", days, j)
        return


def _join_years(block: Block) -> None:
    """Put the year of a column of its own before days without one: 2024 | 3月5日."""
    j = next((j for j, header in enumerate(block.headers) if _OF_YEARS.match(one_line(header))), -1)
    day = block.headed().get("raised_on", -1)
    if j < 0 or day in {-1, j} or not all(map(_YEAR.match, filter(None, block.cells[j]))):
        return
    for i, (year, cell) in enumerate(zip(block.cells[j], block.cells[day], strict=True)):
        if year and cell and read_day(cell).open == "year":
            plain = unicodedata.normalize("NFKC", cell)
            sign = next((sign for sign in "月./-" if sign in plain), "月").replace("月", "年")
            block.cells[day][i] = f"{_YEAR.match(year)[1]}{sign}{plain}"  # type: ignore[index]


def _read_ticks(block: Block) -> None:
    """Take the state from the column that is ticked: 已办结 √ | 办理中 | 未办理."""
    have = block.headed()
    if "status" in have or "done" in have:
        return
    states = [
        j
        for j, header in enumerate(block.headers)
        if header
        and len(one_line(header)) >= 2
        and status_of(one_line(header), exact=True)
        and {one for cell in block.cells[j] if (one := unicodedata.normalize("NFKC", cell).casefold())}
        <= TICKS
    ]
    if len(states) < 2 or not any(any(block.cells[j]) for j in states):
        return
    heads = [one_line(block.headers[j]) for j in states]
    ticked = zip(*(block.cells[j] for j in states), strict=True)
    words = ["、".join(head for head, cell in zip(heads, row, strict=True) if cell) for row in ticked]
    block.add_column("办理状态", words, states[0])


def _part_answers(block: Block) -> None:
    """Split cells that hold a demand and its answer: 诉求：… 办理：…."""
    for j, cells in enumerate(block.cells):
        sample = [cell for cell in cells if cell][:_SAMPLED]
        if not sample or 2 * sum(":" in cell or "：" in cell for cell in sample) < len(sample):
            continue
        if 2 * sum(bool(_QUESTION.match(cell)) for cell in sample) < len(sample):
            continue
        parted = [_QUESTION.match(cell) for cell in cells]
        if meaning_of(one_line(block.headers[j]), "demands"):
            block.headers[j] = "原文"
        asked = [one["asked"].strip() if one else cell for one, cell in zip(parted, cells, strict=True)]
        block.add_column("诉求内容", asked, j)
        status = "办理情况" if "status" not in block.headed() else "答复内容"
        block.add_column(status, [one["answer"].strip() if one else "" for one in parted], j)
        return


def _part_states(block: Block) -> None:
    """Take the state that stands in brackets before a demand, where no column has one: 【已解决】停车难."""
    have = block.headed()
    j = have.get("text")
    if j is None or "status" in have or "done" in have:
        return
    found = [_STATE_BEFORE.match(cell) for cell in block.cells[j]]
    stated = [one if one and status_of(one[1], exact=True) else None for one in found]
    if 2 * sum(map(bool, stated)) <= sum(map(bool, block.cells[j])):
        return
    cells = zip(stated, block.cells[j], strict=True)
    block.cells[j] = [one[2].strip() if one else cell for one, cell in cells]
    block.add_column("办理状态", [one[1] if one else "" for one in stated], j)


def _name_by_title(block: Block, out: Gathered) -> None:
    """Take from titles, sections and the sheet's name what no column has: enterprise, town, state, day."""
    have = _known(block)
    if "text" not in have:
        return
    sections = [_COUNT.sub("", _NUMBERING.sub("", one_line(one))).strip() for one in block.sections]
    for column, header, test in _IN_TITLES:
        cells = [test(one) for one in sections]
        if column in have or not any(cells):
            continue
        block.add_column(header, cells, 0)
        have.add(column)
        if column == "owner":
            row = block.sheet.place(block.rows[0]) + 1
            why = message(
                "headings are taken for the departments that are responsible; say so if they only reported"
            )
            out.ask(block.sheet.name, row, "owner", next(filter(None, cells)), why, status="part")
    name = one_line(block.sheet.name)
    for column, header, test in _IN_TITLES[:2]:
        if column not in have and (found := test(name)):
            block.add_column(header, [found] * len(block.rows), 0)
            have.add(column)
    if "enterprise" not in have and (firm := _firm_of_titles(block)):
        block.add_column("企业名称", [firm] * len(block.rows), 0)
        have.add("enterprise")
        why = message("no column of enterprises; the one that the title begins with is used for every row")
        row = block.sheet.place(max(block.header, 0)) + 1
        out.ask(block.sheet.name, row, "enterprise", firm, why, status="part")
    towns = [one for one in map(one_line, block.titles) if _TOWN_TITLE.match(one)]
    if "town" not in have and towns:  # the heading of a document's table
        block.add_column(TOWN, [towns[-1]] * len(block.rows), 0)
        have.add("town")
    _take_labels(block, have)
    if "raised_on" not in have and not any(map(_MONTHLY.match, block.headers)):
        _day_by_title(block, out)


def _take_labels(block: Block, have: set[str]) -> None:
    """Take what labels of titles say: 企业名称：甲公司."""
    for label, value in dict(_labels(block.titles)).items():
        meaning = meaning_of(label, "demands")
        wanted = meaning is not None and meaning.column in {"enterprise", "raised_on", "owner"} - have
        if meaning and wanted and value and not label.startswith(("填", "报", "制")):
            have.add(meaning.column)
            block.add_column(label, [value] * len(block.rows), 0)


def _firm_of_titles(block: Block) -> str:
    """Name of the one enterprise that titles begin with, or ``""``."""
    firms = {found[1] for title in block.titles if (found := _FIRM_TITLE.match(one_line(title)))}
    return firms.pop() if len(firms) == 1 else ""


def _known(block: Block) -> set[str]:
    """Find what the columns of a block mean, by header or look; a town counts as well."""
    have = {one.column for one in column_meanings(block.headers, block.cells, "demands").values()}
    of_firms = [meaning_of(header, "enterprises") for header in block.headers if header]
    have |= {"town"} & {one.column for one in of_firms if one}
    have |= {"enterprise"} if "enterprise_id" in have else set()
    return have | ({"status"} if "done" in have else set())


def _day_by_title(block: Block, out: Gathered) -> None:
    """Take the one day that a title or the sheet's name mentions, and ask about it."""
    titles = [unicodedata.normalize("NFKC", one) for one in (*block.titles, block.sheet.name)]
    days = {day for title in titles if not SIGNED.match(title) for day in _DAY.findall(title)}
    if len(days) != 1 or not block.rows:
        return
    day = days.pop()
    block.add_column("提出日期", [day] * len(block.rows), 0)
    why = message(
        "no column of days; the day of the title is used for every row, give the days if they differ"
    )
    row = block.sheet.place(max(block.header, 0)) + 1
    out.ask(block.sheet.name, row, "raised_on", day, why, status="part")


def _firm_in(section: str) -> str:
    return section if FIRM_NAME.search(section) and len(section) >= _SHORTEST_FIRM else ""


def _state_in(section: str) -> str:
    plain = _OF_STATE.sub("", section)
    return plain if len(plain) >= 2 and status_of(plain, exact=True) else ""


def _town_in(section: str) -> str:
    return section if PLACE_NAME.search(section) else ""


def _kind_in(section: str) -> str:
    return section if _KIND.match(section) else ""


def _office_in(section: str) -> str:
    return section if OFFICE_NAME.search(section) else ""


# Characters of a name below which a heading names no enterprise (judgement).
_SHORTEST_FIRM: Final = 4
# 甲公司诉求办理情况: a sheet about one enterprise, which its title begins with.
_TOWN_TITLE: Final = re.compile(r"^[\u4e00-\u9fff]{1,7}(街道|镇|乡|园区|片区|开发区)$")
_FIRM_TITLE: Final = re.compile(
    r"^(?:关于)?([^\s，,。；;：:、《]{2,30}?(?:公司|集团|厂|合作社|研究院|研究所))"
    r"(?:20\d\d年|\d{1,2}月|企业|的|提出|反映|存在|主要|有关|相关)*(?:诉求|问题|困难|需求|走访|服务|办理|台账|清单|事项)"
)
_OF_STATE: Final = re.compile(r"(的|事项|类|件|诉求|问题|企业|清单|台账|情况|部分)+$")
_KIND: Final = re.compile(r"^[^，。；：:]{2,10}(类|方面|问题|诉求)$")
# Not the day up to which a list was kept.
_DAY: Final = re.compile(r"(?<![至止到于])(20\d\d\s*年\s*\d{1,2}\s*月\s*\d{1,2}\s*日)(?!\s*[-—至到])")
# What a section title may say of the rows under it: column, its header, and how to tell.
_IN_TITLES: Final[tuple[tuple[str, str, Callable[[str], str]], ...]] = (
    ("enterprise", "企业名称", _firm_in),
    ("status", "办理状态", _state_in),
    ("town", TOWN, _town_in),
    ("kind", "诉求类别", _kind_in),
    ("owner", "责任部门", _office_in),
)


def _labels(titles: Sequence[str]) -> Iterator[tuple[str, str]]:
    """Labels of titles and their values: 企业名称：甲公司　走访时间：6月15日, or in the next cell."""
    for i, title in enumerate(titles):
        text = " ".join(unicodedata.normalize("NFKC", title).split())
        for label, value in _LABELLED.findall(text):
            if value.strip():
                yield label, value.strip()
            elif i + 1 < len(titles) and ":" not in titles[i + 1] and "：" not in titles[i + 1]:
                yield label, titles[i + 1].strip()


@dataclass
class _Group:
    """Columns that hold one of several demands of a row: its text first, then its other columns."""

    key: str
    columns: dict[int, str]  # position in the block → header without the number


def _numbered(block: Block) -> list[Block]:
    """Blocks of 问题1 · 问题1办理情况 · 问题2 · 问题2办理情况, and of equal headers under several groups."""
    groups = _by_number(block)
    if len(groups) < 2 or not any(_is_text(head) for columns in groups.values() for head in columns.values()):
        groups = _by_group(block)
    made = [_Group(key, columns) for key, columns in groups.items()]
    return _spread(block, made, "") if len(made) > 1 else []


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
    return groups


def _by_group(block: Block) -> dict[str, dict[int, str]]:
    """Columns whose headers stand under several headings, demands among them."""
    places: dict[str, list[int]] = {}
    for j, header in enumerate(block.headers):
        if header and block.groups[j]:
            places.setdefault(header, []).append(j)
    again = {header: some for header, some in places.items() if len(some) > 1}
    groups: dict[str, dict[int, str]] = {}
    if any(map(_is_text, again)):
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
        found = _MONTHLY.match(plain)
        if found and (not found[2] or meaning_of(found[2], "demands")) and _has_sentences(block.cells[j]):
            groups.setdefault(f"{int(found[1])}月", {})[j] = found[2] or "诉求内容"
        elif found and found[2] and meaning_of(found[2], "demands"):
            groups.setdefault(f"{int(found[1])}月", {})[j] = found[2]
    made = [_Group(key, columns) for key, columns in groups.items() if any(map(_is_text, columns.values()))]
    if len(made) < 2:
        return []
    dated = "raised_on" in block.headed()
    blocks = _spread(block, made, "" if dated else "提出日期", lambda key: f"{key}1日")
    if not dated:
        for group in made:
            header = block.headers[min(group.columns)]
            why = message(
                "only the month of these demands is written; {key}1日 is used, give the days if known",
                key=group.key,
            )
            out.ask(block.sheet.name, block.header + 1, "raised_on", one_line(header), why, status="part")
    return blocks


def _by_topic(block: Block) -> list[Block]:
    """Blocks of 用工问题 · 用地问题 · 融资问题, or 用工方面 · 用地方面: a column of demands per topic."""
    have = block.headed()
    if "text" in have and not _TOPIC.match(one_line(block.headers[have["text"]])):
        return []
    groups, asked = [], "text" in have
    for j, header in enumerate(block.headers):
        plain = one_line(header)
        found = _TOPIC.match(plain)
        bare = not (found and found[1]) and (found or _BARE_TOPIC.match(plain))
        known = meaning_of(header, "demands") if header else None
        known = None if bare and known and known.column == "note" else known
        if known is not None or not any(block.cells[j]) or not (found or bare):
            continue
        if bare and not _has_sentences([c for c in block.cells[j] if not asks_nothing(c)]):
            continue
        asked = asked or bool(found and found[1])
        topic = (found[1] or found[3]) if found else plain
        groups.append(_Group(topic, {j: "诉求内容"}))
    if len(groups) < 2 or not (asked or "enterprise" in have or _names_firms(block)):
        return []
    return _spread(block, groups, "" if "kind" in have else "诉求类别", lambda key: key)


def _names_firms(block: Block) -> bool:
    return "enterprise" in {
        one.column for one in column_meanings(block.headers, block.cells, "demands").values()
    }


def _is_text(header: str) -> bool:
    meaning = meaning_of(header, "demands")
    return meaning is not None and meaning.column == "text"


def _has_sentences(cells: Sequence[str]) -> bool:
    sample = [cell for cell in cells if len(cell) > 2][:_SAMPLED]
    return (
        bool(sample)
        and sum(map(len, sample)) >= 5 * len(sample)
        and not all(cell.replace(".", "").isdigit() for cell in sample)
    )


def _spread(
    block: Block, groups: Sequence[_Group], extra: str, value: Callable[[str], str] = str
) -> list[Block]:
    """One block a group: the shared columns, its own under their plain headers, and one that says its key."""
    own = {j for group in groups for j in group.columns}
    shared = [j for j in range(len(block.headers)) if j not in own]
    blocks: list[Block] = []
    taken: set[int] = set()
    for n, group in enumerate(groups):
        columns = [*shared, *group.columns]
        filled = [i for i in range(len(block.rows)) if any(block.cells[j][i] for j in group.columns)]
        blocks.append(_part(block, columns, filled, group.columns))
        taken |= set(filled)
        if extra:
            blocks[n].add_column(extra, [value(group.key)] * len(filled), 0)
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
