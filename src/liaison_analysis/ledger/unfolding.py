"""Bring what stands in other shapes inside a table into columns: records in cells, answers in rows, ticks.

Systems export a form as one cell of JSON; clerks write an answer in the row below its demand, tick the
department that is responsible, strike out what is settled, and give progress as a share of one.
"""

from __future__ import annotations

import json
import re
import unicodedata
from typing import TYPE_CHECKING, Final

from liaison_analysis._messages import message
from liaison_analysis.ledger.cell_labels import numbered, open_labels
from liaison_analysis.ledger.cells import cell_text, one_line
from liaison_analysis.ledger.days import read_day, years_in
from liaison_analysis.ledger.event_logs import join_events
from liaison_analysis.ledger.headers import FIRM_NAME, OFFICE_NAME, column_meanings, meaning_of
from liaison_analysis.ledger.legends import colour_named, word_of_strikes, words_of_colours
from liaison_analysis.ledger.progress_logs import latest_of_columns
from liaison_analysis.ledger.restated_columns import (
    ANSWERED,
    ASKED,
    OF_ROWS,
    head_steps,
    part_days,
    part_rows_of_answers,
    part_visits,
    read_remarks,
    strip_tags,
)
from liaison_analysis.ledger.splitting import is_ditto, split_demands
from liaison_analysis.ledger.states import status_of
from liaison_analysis.ledger.wrapped_lines import join_wrapped_lines

if TYPE_CHECKING:
    from collections.abc import Sequence

    from liaison_analysis.ledger.layout import Block
    from liaison_analysis.ledger.records import Gathered

# Signs by which a column is ticked.
_TICKS: Final = frozenset({"√", "✓", "✔", "☑", "●", "■", "★", "1", "是", "y", "yes", "v", "o", "ok", "有"})
# Words in the place of a tick: the department leads, or only helps.
_LEADS: Final = frozenset({"牵头", "主办", "主责", "责任", "负责", "承办", "牵头单位", "责任单位"})
_HELPS: Final = frozenset({"配合", "协办", "协助", "参与", "配合单位", "△", "○", "☆"})
_PROGRESS: Final = re.compile(r"进度|完成率|办结率|百分比|比例|%")
_PERCENT: Final = re.compile(r"^(?:100|\d{1,2})(?:\.\d+)?$")
# Different cells of a column of kinds or ticks; judgement.
_MOST_WORDS: Final = 12
_OF_YEARS: Final = re.compile(r"^(所属|统计|诉求|走访|提出)?(年|年度|年份)$")
_DAY_OF_MONTH: Final = re.compile(r"^\d{1,2}[日号]$")
_YEAR: Final = re.compile(r"^((?:19|20)\d\d)年?度?$")
_QUESTION: Final = re.compile(
    r"^\s*(?:企业|反映|存在|主要)?(?:诉求|问题|需求|困难|反映|问)(?:内容|情况)?\s*[:：]\s*(?P<asked>.+?)[。；;，,]?\s*"
    r"(?:办理|答复|处理|回复|解决|落实|反馈|进展|整改|措施|答)(?:情况|结果|进展|意见|措施)?\s*[:：]\s*(?P<answer>.+)$",
    re.DOTALL,
)
_STATE_BEFORE: Final = re.compile(
    r"^\s*[【\[（(〔]\s*([^】\]）)〕]{2,10})\s*[】\]）)〕]\s*(.{4,})$", re.DOTALL
)
_STATE_BEHIND: Final = re.compile(
    r"^\s*(.{3,}?)\s*[【\[（(〔]\s*([^【\[（(〔】\]）)〕]{2,10})\s*[】\]）)〕]\s*[。；;]?\s*$", re.DOTALL
)
_STATE_LABELLED: Final = re.compile(
    r"^\s*(?:\d{1,2}\s*[.、．]\s*(?=\D))?(?P<text>.{2,}?)[。；;，,\s]*[（(【]?(?:办理|落实|解决|处理|答复|整改)?(?:情况|进展|结果|状态|进度)"
    r"\s*[:：]\s*(?P<state>[^:：]{2,}?)[)）】]?\s*$",
    re.DOTALL,
)
# Characters of a firm's name in a row of its own, and share of texts that begin with a firm; judgement.
_LONGEST_NAME: Final = 30
_NAMED_SHARE: Final = 0.8
_FIRM_BEFORE: Final = re.compile(
    r"^\s*[【\[「『〔]?(?P<firm>[^\s，,。；;：:、【\[「『〔]{2,30}?(?:公司|集团|厂|合作社|研究院|研究所)(?:[（(][^）)]{1,10}[）)])?)\s*"
    r"(?:[】\]」』〕]|(?:反映|提出|表示|希望|诉求|问题)?[：:]|反映|提出)\s*[：:]?\s*(?P<text>.{3,})$",
    re.DOTALL,
)
# The same behind it: 停车难（甲公司）.
_FIRM_BEHIND: Final = re.compile(
    r"^\s*(?P<text>.{3,}?)\s*[（(【\[]\s*(?P<firm>[^\s，,。；;：:、（(]{2,30}?(?:公司|集团|厂|合作社|研究院|研究所))\s*"
    r"[)）】\]]\s*[。；;]?\s*$",
    re.DOTALL,
)
# A department before its progress, and the share of cells that are such; judgement.
_OFFICE_BEFORE: Final = re.compile(r"^\s*([\u4e00-\u9fff]{2,15})\s*[：:]\s*([^：:]{2,})$")
_OFFICE_SHARE: Final = 0.6
#: Cells of a column that are looked at before all of them are.
SAMPLED: Final = 200


def unfold(block: Block, out: Gathered) -> None:
    """Bring what stands in other shapes inside a block into columns of it.

    Parameters
    ----------
    block
        As ``find_blocks`` gives it, with its headers as written.
    out
        Takes cells that are in no column afterwards.
    """
    join_wrapped_lines(block)
    strip_tags(block)
    head_steps(block)
    part_days(block)
    part_visits(block)
    _open_records(block)
    join_events(block, out)
    part_rows_of_answers(block)
    _join_answers(block, out)
    _read_departments(block)
    _write_shares(block)
    _read_strikes(block)
    _read_colours(block, out)
    _join_days(block)
    _join_years(block)
    latest_of_columns(block)
    _read_ticks(block)
    _read_kinds(block)
    _part_answers(block)
    open_labels(block)
    _part_states(block)
    _part_labelled_states(block)
    _part_offices(block)
    read_remarks(block)
    _read_heads(block, out)
    _part_firms_of_texts(block)


def _means(block: Block) -> dict[str, int]:
    """Columns with cells, by what they mean among demands."""
    found = column_meanings(block.headers, block.cells, "demands")
    return {one.column: j for j, one in found.items() if any(block.cells[j])}


def _open_records(block: Block) -> None:
    """Give each key of records in cells a column of its own: {"诉求内容": …, "责任单位": …}."""
    for j in range(len(block.headers)):
        cells = block.cells[j]
        sample = [cell for cell in cells if cell][:SAMPLED]
        if not sample or not all(cell.startswith("{") and cell.endswith("}") for cell in sample):
            continue
        records = [_record(cell) for cell in cells]
        if not any(records):
            continue
        if meaning_of(block.headers[j], "demands"):
            block.headers[j] = f"{one_line(block.headers[j])}（原）"
        for key in dict.fromkeys(key for record in records for key in record):
            if key not in block.headers:
                block.add_column(key, [record.get(key, "") for record in records], j)


def _record(cell: str) -> dict[str, str]:
    """Texts of a record by key; ``{}`` where the cell is no record."""
    try:
        read = json.loads(cell) if cell else {}
    except (ValueError, RecursionError):
        return {}
    if not isinstance(read, dict):
        return {}
    several = {key: "、".join(map(cell_text, one)) for key, one in read.items() if isinstance(one, list)}
    plain = {key: cell_text(one) for key, one in read.items() if not isinstance(one, list | dict)}
    return {one_line(key): text for key, text in (plain | several).items() if one_line(key) and text}


def _join_answers(block: Block, out: Gathered) -> None:
    """Put an answer that has a row of its own beside the demand above it."""
    j = next((j for j in range(len(block.headers)) if _alternates(block.cells[j])), -1)
    text = _means(block).get("text", -1)
    if j < 0 or text in {-1, j}:
        return
    block.headers[j] = OF_ROWS
    kinds = block.cells[j]
    kept: list[int] = []
    answers: dict[int, list[int]] = {}
    for i, kind in enumerate(kinds):
        if ANSWERED.match(_plain(kind)) and kept:
            answers.setdefault(kept[-1], []).append(i)
        else:
            kept.append(i)
    reply = {
        i: "\n".join(block.cells[text][k] for k in some if block.cells[text][k])
        for i, some in answers.items()
    }
    for i, some in answers.items():
        for column, cells in enumerate(block.cells):
            if column == text:
                continue
            for k in some:
                if cells[k] and not cells[i]:
                    cells[i] = cells[k]
                elif cells[k] and cells[k] != cells[i]:
                    why = message("stands in the row of an answer, which is joined to its demand")
                    row = block.sheet.place(block.rows[k])
                    out.leave(block.sheet, row, one_line(block.headers[column]), cells[k], why)
    block.rows = [block.rows[i] for i in kept]
    block.sections = [block.sections[i] for i in kept]
    block.cells = [[cells[i] for i in kept] for cells in block.cells]
    block.add_column("答复内容", [reply.get(i, "") for i in kept], text)


def _alternates(cells: Sequence[str]) -> bool:
    """Whether a column says of each row that it is a demand or an answer."""
    # Distinct cells are few in such columns; cleaning every cell of a long table takes seconds.
    words = {_plain(cell) for cell in some} if len(some := set(cells) - {""}) <= _MOST_WORDS else set()
    if not 2 <= len(words) <= 4:
        return False
    asked = [bool(ASKED.match(word)) for word in words]
    answered = [bool(ANSWERED.match(word)) for word in words]
    return any(asked) and any(answered) and all(a or b for a, b in zip(asked, answered, strict=True))


def _read_departments(block: Block) -> None:
    """Take the departments whose columns are ticked: 区住建局 √ | 区人社局."""
    ticked = {
        j
        for j, header in enumerate(block.headers)
        if header
        and meaning_of(header, "demands") is None
        and status_of(one_line(header), exact=True) is None
        and len(several := set(block.cells[j]) - {""}) <= _MOST_WORDS
        and {_plain(cell) for cell in several} <= _TICKS | _LEADS | _HELPS
    }
    named = {j for j in ticked if OFFICE_NAME.search(one_line(block.headers[j]))}
    offices = sorted(j for j in ticked if any(set(range(min(j, k), max(j, k))) <= ticked for k in named))
    if len(named) < 2 or not any(any(block.cells[j]) for j in offices) or "owner" in _means(block):
        return
    heads = [one_line(block.headers[j]) for j in offices]
    owners = []
    for row in zip(*(block.cells[j] for j in offices), strict=True):
        marks = [_plain(cell) for cell in row]
        least = [head for head, mark in zip(heads, marks, strict=True) if mark in _LEADS]
        chosen = [head for head, mark in zip(heads, marks, strict=True) if mark and mark not in _HELPS]
        owners.append("、".join(least or chosen))
    block.add_column("责任部门", owners, offices[0])


def _write_shares(block: Block) -> None:
    """Write progress as Excel shows it, where cells hold shares of one under a format of per cent: 60%."""
    for j, header in enumerate(block.headers):
        filled = [cell for cell in block.cells[j] if cell]
        if not header or not filled or not _PROGRESS.search(one_line(header)):
            continue
        if all(re.fullmatch(r"[01]|0?\.\d+", cell) for cell in filled):
            block.cells[j] = [f"{float(cell) * 100:g}%" if cell else "" for cell in block.cells[j]]
        elif "0" in filled and any("%" in cell for cell in filled):
            block.cells[j] = ["0%" if cell == "0" else cell for cell in block.cells[j]]
        elif "%" in unicodedata.normalize("NFKC", header) and all(map(_PERCENT.match, filled)):
            block.cells[j] = [f"{cell}%" if cell else "" for cell in block.cells[j]]


def _read_strikes(block: Block) -> None:
    """Take the state of struck-out rows from the note that explains them."""
    if not block.sheet.marks.struck or not (word := word_of_strikes(block.sheet)):
        return
    if {"status", "done"} & set(_means(block)):
        return
    struck = {row for row, _ in block.sheet.marks.struck}
    cells = [word if i in struck and _all_struck(block, k, i) else "" for k, i in enumerate(block.rows)]
    if any(cells):
        block.add_column("办理状态", cells, 0)


def _read_colours(block: Block, out: Gathered) -> None:
    """Take the state from the colours of rows where a note explains them; several in one are a question."""
    colours = block.sheet.marks.colours
    words = words_of_colours(block.sheet) if colours else {}
    if not words or {"status", "done"} & set(_means(block)):
        return
    names = [name for name in words if name]
    found = [colour_named(colours.get(i, ()), names) for i in block.rows]
    if not any(found):
        return
    block.add_column("办理状态", [words.get(one or "", "") if one is not None else "" for one in found], 0)
    for i, one in zip(block.rows, found, strict=True):
        if one is None:
            why = message("several of the colours that a note explains stand in this row; write its state")
            out.ask(block.sheet.name, block.sheet.place(i) + 1, "status", "", why, status="missing")


def _all_struck(block: Block, at: int, row: int) -> bool:
    filled = [column for j, column in enumerate(block.columns) if block.cells[j][at]]
    own = [
        column for column in filled if column < len(block.sheet.rows[row]) and block.sheet.rows[row][column]
    ]
    return bool(own) and all((row, column) in block.sheet.marks.struck for column in own)


def _plain(cell: str) -> str:
    return unicodedata.normalize("NFKC", one_line(cell)).casefold()


def _join_days(block: Block) -> None:
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
        and _is_ticked(block.cells[j])
    ]
    _add_ticked(block, states, "办理状态")


def _read_kinds(block: Block) -> None:
    """Take the kind from the ticked columns under 诉求类型: 融资 √ | 用工 | 其他."""
    if "kind" in block.headed():
        return
    groups = {one_line(group) for group in block.groups if group}
    kinds = {group for group in groups if (found := meaning_of(group, "demands")) and found.column == "kind"}
    columns = [
        j
        for j, header in enumerate(block.headers)
        if header and one_line(block.groups[j]) in kinds and _is_ticked(block.cells[j])
    ]
    _add_ticked(block, columns, "诉求类别")


def _is_ticked(cells: Sequence[str]) -> bool:
    """Whether cells hold nothing but ticks."""
    return {one for cell in cells if (one := unicodedata.normalize("NFKC", cell).casefold())} <= _TICKS


def _add_ticked(block: Block, columns: list[int], header: str) -> None:
    """Add a column of the headers that each row ticks, where there are two such columns or more."""
    if len(columns) < 2 or not any(any(block.cells[j]) for j in columns):
        return
    heads = [one_line(block.headers[j]) for j in columns]
    rows = zip(*(block.cells[j] for j in columns), strict=True)
    ticked = ["、".join(head for head, cell in zip(heads, row, strict=True) if cell) for row in rows]
    block.add_column(header, ticked, columns[0])


def _part_answers(block: Block) -> None:
    """Split cells that hold a demand and its answer: 诉求：… 办理：…."""
    for j, cells in enumerate(block.cells):
        sample = [cell for cell in cells if cell][:SAMPLED]
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
    """Take the state in brackets before or behind a demand, where no column has one: 【已解决】停车难."""
    have = block.headed()
    j = have.get("text")
    if j is None or "status" in have or "done" in have:
        return
    for pattern, of_state, of_text in ((_STATE_BEFORE, 1, 2), (_STATE_BEHIND, 2, 1)):
        found = [_stated(cell, pattern, of_state) for cell in block.cells[j]]
        if 2 * sum(map(bool, found)) > sum(map(bool, block.cells[j])):
            states, texts = (
                [[one[at].strip() for one in some] for some in found] for at in (of_state, of_text)
            )
            cells = zip(texts, block.cells[j], strict=True)
            block.cells[j] = [_as_list(some) if some else cell for some, cell in cells]
            block.add_column("办理状态", [_as_list(some) for some in states], j)
            return


def _part_labelled_states(block: Block) -> None:
    """Take the state behind a label within each demand: 1.停车难。办理情况：已解决."""
    have = block.headed()
    j = have.get("text")
    if j is None or "status" in have or "done" in have:
        return
    parts = [split_demands(cell)[0] if cell else [] for cell in block.cells[j]]
    found = [[_STATE_LABELLED.match(part) for part in some] for some in parts]
    filled = sum(map(bool, block.cells[j]))
    whole = [bool(some) and all(some) for some in found]
    if not filled or 2 * sum(whole) <= filled:
        return
    cells = block.cells[j]
    pairs = [
        [(one["text"].strip(" 。；;，,\n"), one["state"].strip(" 。；;\n")) for one in some if one]
        if fits
        else [(cell, "")]
        for some, fits, cell in zip(found, whole, cells, strict=True)
    ]
    at = [i for i, some in enumerate(pairs) for _ in some]
    block.rows = [block.rows[i] for i in at]
    block.sections = [block.sections[i] for i in at]
    block.cells = [[column[i] for i in at] for column in block.cells]
    header = block.headers[j]
    block.headers[j] = "原文"
    block.add_column(header, [text for some in pairs for text, _ in some], j)
    block.add_column("办理状态", [state for some in pairs for _, state in some], j)


def _stated(cell: str, pattern: re.Pattern[str], of_state: int) -> list[re.Match[str]]:
    """Match each demand of a cell with its state in brackets; no match where one of them has none."""
    found = [pattern.match(part) for part in split_demands(cell)[0]] if cell else []
    stated = [one for one in found if one and status_of(one[of_state], exact=True)]
    return stated if len(stated) == len(found) else []


def _as_list(parts: Sequence[str]) -> str:
    return numbered(parts) if len(parts) > 1 else "".join(parts)


def _part_offices(block: Block) -> None:
    """Split cells that hold a department and its progress: 区住建局：已办结."""
    have = block.headed()
    for j, cells in enumerate(block.cells):
        sample = [cell for cell in cells if cell][:SAMPLED]
        if {have.get("owner", j), have.get("status", j)} != {j} or not block.headers[j]:
            continue
        if not sample or _OFFICE_SHARE * len(sample) > sum(map(_has_office, sample)):
            continue
        parted = [_OFFICE_BEFORE.match(cell) if _has_office(cell) else None for cell in cells]
        block.headers[j] = "原文"
        block.add_column("责任部门", [one[1] if one else "" for one in parted], j)
        answers = [one[2].strip() if one else cell for one, cell in zip(parted, cells, strict=True)]
        block.add_column("办理情况", answers, j)
        return


def _has_office(cell: str) -> bool:
    """Whether a cell is one department, a colon, and its state."""
    found = _OFFICE_BEFORE.match(cell)
    return found is not None and bool(OFFICE_NAME.search(found[1])) and status_of(found[2]) is not None


def _read_heads(block: Block, out: Gathered) -> None:
    """Take the enterprise from rows of its own above its demands: 1 甲公司 | 1.1 停车难 | 1.2 停电."""
    have = _means(block)
    j = have.get("text", have.get("enterprise", -1))
    if j < 0 or {"text", "enterprise"} <= have.keys() or "enterprise_id" in have:
        return
    cells = block.cells[j]
    heads = [len(cell) <= _LONGEST_NAME and bool(FIRM_NAME.search(cell)) for cell in cells]
    # Each has demands below, and there is no demand above the first.
    last = len(heads) - 1
    bare = any(head and (i == last or heads[i + 1]) for i, head in enumerate(heads))
    if sum(heads) < 2 or not heads[0] or bare:
        return
    above = [0] * len(heads)
    for i, head in enumerate(heads):
        above[i] = i if head or not i else above[i - 1]
    names = [cells[i] for i in above]
    numbers = {k for k, header in enumerate(block.headers) if header and _is_number(header)}
    for k, column in enumerate(block.cells):
        if k not in {j, *numbers}:
            column[:] = [cell or column[i] for cell, i in zip(column, above, strict=True)]
    kept = [i for i, head in enumerate(heads) if not head]
    for i in above:
        if heads[i]:
            heads[i] = False  # each once
            for k in range(len(block.headers)):
                why = message("enterprise above its demands")
                row = block.sheet.place(block.rows[i])
                out.leave(block.sheet, row, one_line(block.headers[k]), block.cells[k][i], why)
    block.rows = [block.rows[i] for i in kept]
    block.sections = [block.sections[i] for i in kept]
    block.cells = [[column[i] for i in kept] for column in block.cells]
    block.headers[j] = "诉求内容"
    block.add_column("企业名称", [names[i] for i in kept], j)


def _is_number(header: str) -> bool:
    meaning = meaning_of(header, "demands")
    return meaning is not None and meaning.column in {"number", "demand_id"}


def _part_firms_of_texts(block: Block) -> None:
    """Give each demand that names its enterprise a row: 1.甲公司：停车难；2.乙公司：停电."""
    found = _means(block)
    j = found.get("text", _names_firms_behind(block))
    if j is None or {"enterprise", "enterprise_id"} & found.keys():
        return
    if status_of(one_line(block.headers[j]), exact=True):
        return  # a column of one state beside those of others
    parts = [split_demands(cell)[0] if cell else [""] for cell in block.cells[j]]
    named = [[_FIRM_BEFORE.match(part) or _FIRM_BEHIND.match(part) for part in some] for some in parts]
    filled = [some for some, cell in zip(named, block.cells[j], strict=True) if cell]
    if not filled or sum(all(some) for some in filled) < _NAMED_SHARE * len(filled):
        return
    # A cell in which one part names none stays whole.
    whole = [all(some) for some in named]
    at = [i for i, some in enumerate(parts) for _ in (some if whole[i] else [""])]
    pairs = [
        (one["firm"], one["text"].strip()) if one else ("", block.cells[j][i])
        for i, some in enumerate(named)
        for one in (some if whole[i] else [None])
    ]
    block.rows = [block.rows[i] for i in at]
    block.sections = [block.sections[i] for i in at]
    block.cells = [[column[i] for i in at] for column in block.cells]
    block.cells[j] = [text for _, text in pairs]
    if not block.headers[j] or meaning_of(block.headers[j], "demands") is None:
        block.headers[j] = "诉求内容"  # its cells are now too short to be told by their look
    block.add_column("企业名称", [name for name, _ in pairs], j)


def _names_firms_behind(block: Block) -> int | None:
    """Column of texts under an unknown header that each name an enterprise behind them."""
    for j, cells in enumerate(block.cells):
        filled = [cell for cell in cells if cell][:SAMPLED]
        known = meaning_of(block.headers[j], "demands") if block.headers[j] else None
        if filled and known is None and all(map(_FIRM_BEHIND.match, filled)):
            return j
    return None
