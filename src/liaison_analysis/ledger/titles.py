"""What titles, headings of sections and the name of a sheet say of the rows below, where no column does."""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING, Final

from liaison_analysis._messages import message
from liaison_analysis.ledger.cell_looks import FIRM_NAME, OFFICE_NAME
from liaison_analysis.ledger.cells import one_line
from liaison_analysis.ledger.column_choice import column_meanings
from liaison_analysis.ledger.headers import is_known, meaning_of
from liaison_analysis.ledger.row_kinds import SIGNED
from liaison_analysis.ledger.side_by_side import MONTHLY
from liaison_analysis.ledger.states import status_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from liaison_analysis.ledger.layout import Block
    from liaison_analysis.ledger.records import Gathered

#: Column that names of sheets and section titles stand in where they are towns.
TOWN: Final = "所属园区"
#: Name of a town, park or street.
PLACE_NAME: Final = re.compile(r"(园|园区|片区|组团|新城|街道|镇|乡|区|县)$")
_LABELLED: Final = re.compile(r"([^\s:：，,。；;]{2,10})\s*[:：]\s*([^:：]*?)(?=\s+[^\s:：]{2,10}\s*[:：]|$)")
_NUMBERING: Final = re.compile(
    r"^(?:[一二三四五六七八九十]+、|[(（][一二三四五六七八九十\d]+[)）]|\d+[、.．])\s*"
)
_COUNT: Final = re.compile(r"\s*[(（](?:共|合计)?\s*\d+\s*[家条件项个户]?[)）]$")
# Characters of a name below which a heading names no enterprise (judgement).
_LONGEST_LABEL: Final = 10
_SHORTEST_FIRM: Final = 4
_TOWN_TITLE: Final = re.compile(r"^[\u4e00-\u9fff]{1,7}(街道|镇|乡|园区|片区|开发区)$")
_FILLED_BY: Final = re.compile(
    r"^(?:填报|填表|报送|上报|制表)?(?:单位|镇街|街道|乡镇|部门)\s*(?:\(盖?章?\)|\(公章\))?\s*:\s*(\S+)$"
)
# 甲公司诉求办理情况: a sheet about one enterprise, which its title begins with.
_FIRM_TITLE: Final = re.compile(
    r"^(?:关于)?([^\s，,。；;：:、《]{2,30}?(?:公司|集团|厂|合作社|研究院|研究所))"
    r"(?:20\d\d年|\d{1,2}月|企业|的|提出|反映|存在|主要|有关|相关)*(?:诉求|问题|困难|需求|走访|服务|办理|台账|清单|事项)"
)
# 企业服务档案——甲公司
_FIRM_BEHIND: Final = re.compile(
    r"(?:—+|-+|:|：|\(|（|\s)\s*([^\s，,。；;：:、《—\-(（]{2,30}?(?:公司|集团|厂|合作社|研究院|研究所))\s*[)）]?$"
)
_OF_STATE: Final = re.compile(r"(的|事项|类|件|诉求|问题|企业|清单|台账|情况|部分)+$")
_KIND: Final = re.compile(r"^[^，。；：:]{2,10}(类|方面|问题|诉求)$")
# Not the day up to which a list was kept.
_DAY: Final = re.compile(r"(?<![至止到于])(20\d\d\s*年\s*\d{1,2}\s*月\s*\d{1,2}\s*日)(?!\s*[-—至到])")


def name_by_titles(block: Block, out: Gathered) -> None:
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
    _name_all(block, have)
    if "enterprise" not in have and (firm := _firm_of_titles(block)):
        block.add_column("企业名称", [firm] * len(block.rows), 0)
        have.add("enterprise")
        why = message("no column of enterprises; the one that the title names is used for every row")
        row = block.sheet.place(max(block.header, 0)) + 1
        out.ask(block.sheet.name, row, "enterprise", firm, why, status="part")
    towns = [
        one for one in map(_town_of_title, block.titles) if _TOWN_TITLE.match(one) and not _is_label(one)
    ]
    if "town" not in have and towns:  # the heading of a document's table
        block.add_column(TOWN, [towns[-1]] * len(block.rows), 0)
        have.add("town")
    _take_labels(block, have)
    if "raised_on" not in have and not any(map(MONTHLY.match, block.headers)):
        _day_by_title(block, out)


def _town_of_title(title: str) -> str:
    """Title, or the town that fills in the table: 填报单位：城关镇."""
    found = _FILLED_BY.match(unicodedata.normalize("NFKC", one_line(title)))
    return found[1] if found else one_line(title)


def _name_all(block: Block, have: set[str]) -> None:
    """Take the enterprise or state of all rows from a heading over the table, or the name of the sheet."""
    for name in (_heading(block), one_line(block.sheet.name)):
        for column, header, test in _IN_TITLES[:2]:
            if column not in have and (found := test(name)):
                block.add_column(header, [found] * len(block.rows), 0)
                have.add(column)


def _take_labels(block: Block, have: set[str]) -> None:
    """Take what labels of titles say: 企业名称：甲公司."""
    for label, value in dict(_labels(block.titles)).items():
        meaning = meaning_of(label, "demands") or meaning_of(label, "enterprises")
        wanted = meaning is not None and meaning.column in _OF_LABELS - have
        if meaning and wanted and value and not label.startswith(("填", "报", "制")):
            have.add(meaning.column)
            block.add_column(label, [value] * len(block.rows), 0)


def _heading(block: Block) -> str:
    """Heading over all columns of a table, as over tables beside each other: 已解决问题 | 未解决问题."""
    groups = {one_line(group) for group, header in zip(block.groups, block.headers, strict=True) if header}
    return _COUNT.sub("", _NUMBERING.sub("", groups.pop())).strip() if len(groups) == 1 else ""


def _firm_of_titles(block: Block) -> str:
    """Name of the one enterprise that titles begin or end with, or ``""``."""
    titles = [unicodedata.normalize("NFKC", one_line(title)) for title in block.titles]
    # 填报单位：… fills in the sheet.
    found = [_FIRM_TITLE.match(one) or _FIRM_BEHIND.search(one) for one in titles if not SIGNED.match(one)]
    firms = {one[1] for one in found if one}
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


# What a section title may say of the rows under it: column, its header, and how to tell.
_IN_TITLES: Final[tuple[tuple[str, str, Callable[[str], str]], ...]] = (
    ("enterprise", "企业名称", _firm_in),
    ("status", "办理状态", _state_in),
    ("town", TOWN, _town_in),
    ("kind", "诉求类别", _kind_in),
    ("owner", "责任部门", _office_in),
)


# What labels above a table may say of all its rows.
_OF_LABELS: Final = frozenset({"enterprise", "raised_on", "owner", "town", "main_business"})


def _labels(titles: Sequence[str]) -> Iterator[tuple[str, str]]:
    """Labels of titles and their values: 企业名称：甲公司　走访时间：6月15日, or in the next cell."""
    for i, title in enumerate(titles):
        text = " ".join(unicodedata.normalize("NFKC", title).split())
        for label, value in _LABELLED.findall(text):
            if value.strip():
                yield label, value.strip()
            elif i + 1 < len(titles) and ":" not in titles[i + 1] and "：" not in titles[i + 1]:
                yield label, titles[i + 1].strip()
        # A label without a colon, its value in the next cell: 企业名称 | 甲公司.
        after = titles[i + 1] if i + 1 < len(titles) else ""
        named = text != "单位" or FIRM_NAME.search(after)  # the office that fills in the table, or a firm
        if 1 < len(text) <= _LONGEST_LABEL and after and named and _is_label(text) and not _is_label(after):
            yield text, one_line(after)


def _is_label(title: str) -> bool:
    """Whether a title is nothing but a label of what a demand or an enterprise has."""
    return ":" not in title and len(title) <= _LONGEST_LABEL and is_known(title)
