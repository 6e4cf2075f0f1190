"""Days in several columns (年, 月, 日), under bare names of steps, or in a cell with something else."""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING, Final

from liaison_analysis.ledger.cell_looks import is_ditto
from liaison_analysis.ledger.cells import one_line
from liaison_analysis.ledger.days import DAY_IN_TEXT, looks_like_day, read_day, years_in
from liaison_analysis.ledger.headers import meaning_of, means_text

if TYPE_CHECKING:
    from collections.abc import Sequence

    from liaison_analysis.ledger.layout import Block

# Words that head a day of a step in the life of a demand.
_STEPS: Final = re.compile(
    r"受理|收集|登记|提出|接收|走访|上报|交办|转办|派发|分派|派单|办结|完成|解决|销号|反馈|答复|回复"
)
# 走访时间及人员, and its cells; the share of them that begin with a day is judgement.
_DAY_AND: Final = re.compile(
    r"^(?P<day>[\u4e00-\u9fff]{0,4}(?:时间|日期))[及和与、/／](?P<other>[\u4e00-\u9fff]{2,6})$"
)
_DAY_THEN: Final = re.compile(
    rf"^\s*(?P<day>{DAY_IN_TEXT})(?!\d)[\s,，、;；(（:：]*(?P<rest>[^)）]*)[)）]?\s*$"
)
# A day before each of several visits in a cell.
_VISIT: Final = re.compile(
    rf"(?:^|(?<=[\n;；。]))\s*(?:\d{{1,2}}\s*[、)）]\s*)?[【(（\[]?(?P<day>{DAY_IN_TEXT}(?!\d))[】)）\]]?\s*[:：]\s*"
)
_DATED_SHARE: Final = 0.6
# A column of years beside days without one, a day of the month, and a year.
_OF_YEARS: Final = re.compile(r"^(所属|统计|诉求|走访|提出)?(年|年度|年份)$")
_DAY_OF_MONTH: Final = re.compile(r"^\d{1,2}[日号]$")
_YEAR: Final = re.compile(r"^((?:19|20)\d\d)年?度?$")


def head_step_days(block: Block) -> None:
    """Head columns of days as such whose headers only name a step: 受理 | 交办 | 办结."""
    steps = {
        j: f"{word}日期"
        for j, header in enumerate(block.headers)
        if _STEPS.fullmatch(word := one_line(header))
        and any(filled := [cell for cell in block.cells[j] if cell])
        and all(map(looks_like_day, filled))
    }
    known = {meaning_of(header, "demands") for header in block.headers if header}
    have = {meaning.column for meaning in known if meaning}
    for j, header in steps.items():
        meaning = meaning_of(header, "demands")
        if meaning and (meaning.column not in have or meaning_of(block.headers[j], "demands") is not None):
            block.headers[j] = header
            have.add(meaning.column)


def split_days(block: Block) -> None:
    """Write days that share a cell with something else into a column: 走访时间及人员."""
    for j in range(len(block.headers)):
        found = _DAY_AND.match(one_line(block.headers[j]))
        if not found or meaning_of(block.headers[j], "demands") is not None:
            continue
        parted = [_DAY_THEN.match(cell) for cell in block.cells[j]]
        filled = sum(map(bool, block.cells[j]))
        if not filled or sum(map(bool, parted)) < _DATED_SHARE * filled:
            continue
        block.add_column(found["day"], [one["day"].strip() if one else "" for one in parted], j)
        block.add_column(found["other"], [one["rest"].strip() if one else "" for one in parted], j)


def split_visits(block: Block) -> None:
    """Give each of several visits in a cell a row with its day: 2024年5月1日：招工难；2024年6月3日：停电."""
    have = block.meant()
    j = have.get("text")
    if j is None or "raised_on" in have:
        return
    parts = [_visits_of(cell) for cell in block.cells[j]]
    filled = sum(map(bool, block.cells[j]))
    if not filled or sum(map(bool, parts)) < _DATED_SHARE * filled:
        return
    rows = [some or [("", cell)] for some, cell in zip(parts, block.cells[j], strict=True)]
    at = [i for i, some in enumerate(rows) for _ in some]
    pairs = [pair for some in rows for pair in some]
    header, whole = block.headers[j], [block.cells[j][i] for i in at]
    block.take(at)
    block.cells[j] = whole
    block.headers[j] = "原文"
    block.add_column(header if means_text(header) else "诉求内容", [text for _, text in pairs], j)
    block.add_column("提出日期", [day for day, _ in pairs], j)


def _visits_of(cell: str) -> list[tuple[str, str]]:
    """Days of a cell's entries and their texts; none where it does not begin with a day."""
    found = list(_VISIT.finditer(cell))
    if not found or cell[: found[0].start()].strip():
        return []
    ends = [*(one.start() for one in found[1:]), len(cell)]
    texts = [cell[one.end() : end].strip(" \n;；") for one, end in zip(found, ends, strict=True)]
    return [(one["day"].strip(), text) for one, text in zip(found, texts, strict=True)] if all(texts) else []


def join_days(block: Block) -> None:
    """Join columns headed 年, 月 and 日 to one of days."""
    plain = [one_line(header) for header in block.headers]
    if "日" in plain and not {"月", "月份"} & set(plain) and "raised_on" not in block.headed():
        j = plain.index("日")  # the month stands in a title or the name of the sheet
        days = [f"{cell}日" if cell.isdecimal() and len(cell) <= 2 else cell for cell in block.cells[j]]
        if all(map(_DAY_OF_MONTH.match, filter(None, days))):
            block.add_column("提出日期", days, j)
        return
    for j in range(len(plain) - 1):
        if plain[j] not in {"月", "月份"} or plain[j + 1] not in {"日", "号"}:
            continue
        if block.headed().get("raised_on", j) != j:
            continue
        headed = years_in(block.groups[j])
        year = str(min(headed)) if len(headed) == 1 else ""  # 2022年 above the columns of months and days
        last = block.cells[j + 1]
        months = _carried(block.cells[j], last)
        years = _carried(block.cells[j - 1], last) if j and plain[j - 1] == "年" else [year] * len(last)
        parts = zip(years, months, ["" if is_ditto(d) else d for d in _carried(last, months)], strict=True)
        days = [f"{f'{y}年' if y else ''}{m}月{d}日" if m and d else "" for y, m, d in parts]
        days = [re.sub(r"([年月日])\1", r"\1", day) for day in days]
        group = block.groups[j]
        known = meaning_of(group, "demands") if group else None
        block.add_column(group if known and known.column.endswith("_on") else "提出日期", days, j)
        return


def _carried(cells: Sequence[str], beside: Sequence[str]) -> list[str]:
    """Cells of a year, month or day with the value above where they are blank or say the same."""
    carried = list(cells)
    for i, there in enumerate(beside):
        if i and (is_ditto(carried[i]) or (there and not carried[i])):
            carried[i] = carried[i - 1]
    return carried


def join_years(block: Block) -> None:
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
