"""Restate columns in the usual form: tags of web editors, steps over days, 问：/答：, states in remarks."""

from __future__ import annotations

import html
import re
from typing import TYPE_CHECKING, Final

from liaison_analysis.ledger.cells import one_line
from liaison_analysis.ledger.days import looks_like_day
from liaison_analysis.ledger.headers import column_meanings, meaning_of
from liaison_analysis.ledger.states import status_of

if TYPE_CHECKING:
    from collections.abc import Collection

    from liaison_analysis.ledger.layout import Block

_TAG: Final = re.compile(
    r"</?(?:p|br|div|span|b|strong|em|i|u|ul|ol|li|font|a|h[1-6]|table|tbody|tr|td)(?:\s[^<>]*)?/?>",
    re.IGNORECASE,
)
_BREAK: Final = re.compile(r"</(?:p|div|li|tr|h[1-6])>|<br\s*/?>", re.IGNORECASE)
ASKED: Final = re.compile(
    r"^(企业|群众)?(诉求|问题|需求|困难|建议|反映|提问|来电|留言|问)(内容|事项|情况)?[:：]?$"
)
ANSWERED: Final = re.compile(
    r"^(部门|单位|政府|官方)?(答复|回复|反馈|办理|处理|答|回应|落实|解决|办复)(内容|情况|意见|结果|措施)?[:：]?$"
)
# Header of the column that says whether a row is a demand or an answer: no category of demands.
OF_ROWS: Final = "行的类型"
_PREFIXED: Final = re.compile(
    r"^\s*(?P<who>问|答|企业提问|提问|企业反映|反映|诉求|问题|回复|答复|部门答复|部门回复|办理情况|办理)\s*[:：]\s*(?P<text>\S.*)$",
    re.DOTALL,
)
# Words that head a day of a step in the life of a demand.
_STEPS: Final = re.compile(
    r"受理|收集|登记|提出|接收|走访|上报|交办|转办|派发|分派|派单|办结|完成|解决|销号|反馈|答复|回复"
)
# 走访时间及人员, and its cells; the share of them that begin with a day is judgement.
_DAY_AND: Final = re.compile(
    r"^(?P<day>[\u4e00-\u9fff]{0,4}(?:时间|日期))[及和与、/／](?P<other>[\u4e00-\u9fff]{2,6})$"
)
_DAY_THEN: Final = re.compile(
    r"^\s*(?P<day>(?:20\d\d\s*[年./-]\s*)?\d{1,2}\s*(?:月\s*\d{1,2}\s*[日号]|[./-]\s*\d{1,2}))(?!\d)[\s,，、;；(（:：]*"
    r"(?P<rest>[^)）]*)[)）]?\s*$"
)
_VISIT: Final = re.compile(
    r"(?:^|(?<=[\n;；。]))\s*(?:\d{1,2}\s*[、)）]\s*)?[【(（\[]?(?P<day>(?:20\d\d\s*[年./-]\s*)?\d{1,2}\s*"
    r"(?:月\s*\d{1,2}\s*[日号]|[./-]\s*\d{1,2})(?!\d))[】)）\]]?\s*[:：]\s*"
)
_DATED_SHARE: Final = 0.6
# Share of remarks that say a state; judgement.
_STATED_SHARE: Final = 0.5


def head_steps(block: Block) -> None:
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


def part_days(block: Block) -> None:
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


def part_visits(block: Block) -> None:
    """Give each of several visits in a cell a row with its day: 2024年5月1日：招工难；2024年6月3日：停电."""
    meanings = column_meanings(block.headers, block.cells, "demands")
    have = {meaning.column: j for j, meaning in meanings.items() if any(block.cells[j])}
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
    block.rows = [block.rows[i] for i in at]
    block.sections = [block.sections[i] for i in at]
    block.cells = [[column[i] for i in at] for column in block.cells]
    block.cells[j] = whole
    block.headers[j] = "原文"
    block.add_column(header if _is_text(header) else "诉求内容", [text for _, text in pairs], j)
    block.add_column("提出日期", [day for day, _ in pairs], j)


def _visits_of(cell: str) -> list[tuple[str, str]]:
    """Days of a cell's entries and their texts; none where it does not begin with a day."""
    found = list(_VISIT.finditer(cell))
    if not found or cell[: found[0].start()].strip():
        return []
    ends = [*(one.start() for one in found[1:]), len(cell)]
    texts = [cell[one.end() : end].strip(" \n;；") for one, end in zip(found, ends, strict=True)]
    return [(one["day"].strip(), text) for one, text in zip(found, texts, strict=True)] if all(texts) else []


def part_rows_of_answers(block: Block) -> None:
    """Write what begins rows of questions and answers into a column of its own: 问：停车难 | 答：已增设."""
    for j, cells in enumerate(block.cells):
        found = [_PREFIXED.match(cell) for cell in cells]
        filled = sum(map(bool, cells))
        asked = {one["who"] for one in found if one}
        if filled < 2 or sum(map(bool, found)) < filled or not _both(asked):
            continue
        kinds = [one["who"] if one else "" for one in found]
        texts = [one["text"].strip() if one else "" for one in found]
        header, meanings = block.headers[j], column_meanings(block.headers, block.cells, "demands")
        has_text = any(meaning.column == "text" for meaning in meanings.values()) or _is_text(header)
        block.headers[j] = "原文"
        block.add_column(header if has_text else "诉求内容", texts, j)
        block.add_column(OF_ROWS, kinds, j)
        return


def _both(words: Collection[str]) -> bool:
    return any(map(ASKED.match, words)) and any(map(ANSWERED.match, words))


def _is_text(header: str) -> bool:
    meaning = meaning_of(header, "demands")
    return meaning is not None and meaning.column == "text"


def strip_tags(block: Block) -> None:
    """Write texts that an editor of web pages made without their tags: <p>停车难</p>."""
    for j, cells in enumerate(block.cells):
        if not any(map(_TAG.search, cells)):
            continue
        plain = [_without_tags(cell) if _TAG.search(cell) else cell for cell in cells]
        header = block.headers[j]
        block.headers[j] = f"原文{j}" if "原文" in block.headers else "原文"
        block.add_column(header, plain, j)


def _without_tags(cell: str) -> str:
    lines = _BREAK.sub("\n", cell)
    text = html.unescape(_TAG.sub("", lines)).replace("\xa0", " ")
    return "\n".join(line for one in text.split("\n") if (line := one.strip()))


def read_remarks(block: Block) -> None:
    """Take the state from remarks where no column has it: 备注: 已于4月1日解决."""
    meanings = column_meanings(block.headers, block.cells, "demands")
    have = {meaning.column for j, meaning in meanings.items() if any(block.cells[j])}
    if "text" not in have or {"status", "done"} & have:
        return
    for j, header in enumerate(block.headers):
        meaning = meaning_of(header, "demands") if header else None
        filled = [cell for cell in block.cells[j] if cell]
        if meaning is None or meaning.column != "note" or not filled:
            continue
        stated = [cell if cell and status_of(cell) else "" for cell in block.cells[j]]
        if _STATED_SHARE * len(filled) <= sum(map(bool, stated)):
            block.add_column("办理情况", stated, j)
            return
