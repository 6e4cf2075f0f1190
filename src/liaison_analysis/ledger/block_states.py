"""States and answers by yes or no in the rows of one block."""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING, Final

from liaison_analysis._messages import message
from liaison_analysis.ledger.days import DAY_BESIDE, WITH_YEAR
from liaison_analysis.ledger.legends import states_by_sign
from liaison_analysis.ledger.progress_logs import latest_entry
from liaison_analysis.ledger.records import ROW, own_name
from liaison_analysis.ledger.schema import TABLES
from liaison_analysis.ledger.states import state_words, status_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from liaison_analysis.ledger.block_rows import BlockRows

# Words for yes and no of one column, besides those that hold for all; blank where somebody gave no answer.
_ANSWERS: Final = {
    "satisfied": {
        "是": "满意|非常满意|很满意|十分满意|比较满意|较满意|基本满意|企业满意|企业表示满意|好评|好",
        "否": "不满意|非常不满意|很不满意|不太满意|较不满意|企业不满意|差评|差|很差",
        "": "一般|未评价|未作评价|暂未评价|待评价|未回访|待回访|不予评价|无评价|/|-|—|——|无|暂无|中立|不清楚",
    },
    "in_remit": {
        "是": "属于|职责内|职责范围内|范围内|本级|属本级|属于本级|属于职责范围|本单位|属于本单位",
        "否": "不属于|非|职责外|职责范围外|范围外|非本级|上级|不属于职责范围|不在职责范围|非本单位",
        "": "/|-|—|待定|待核实|不确定",
    },
    "reopened": {"是": "重办|已重办|重新办理", "否": "未重办|无需重办", "": "/|-|—"},
}
# What programs write in cells without a value.
_NOT_A_VALUE: Final = ("nan", "NaN", "NaT", "null", "NULL", "None", "<NA>", "N/A")
_YES_OR_NO: Final = frozenset({"是", "否", "true", "false", "yes", "no", "y", "n", "1", "0", ""})
_LEADING_DAY: Final = re.compile(rf"^{DAY_BESIDE.pattern}\s*[,，:：、]?\s*")
_CODE: Final = re.compile(r"(?<![0-9A-Za-z])([0-9A-Da-d])\s*[.、:=-]?\s*([\u4e00-\u9fff]{2,8})")
_DAY_OF_STATE: Final = {"settled": "settled_on", "fed back": "fed_back_on", "assigned": "assigned_on"}
# Headers of a day that may be the one by which a demand is to be settled.
_DEADLINE_TOO: Final = re.compile(r"^(完成|办理|解决|落实|整改)(时间|日期|日)$")
_OPEN_STATES: Final = frozenset({"collected", "assigned", "solving"})
_CLOSED_STATES: Final = frozenset({"settled", "fed back"})
# Headers whose answer says that a demand is settled; 是否答复 and 是否销号 say less or more than that.
_SETTLES: Final = re.compile(
    r"办结|解决|完成|落实|化解|闭环|结案|完结|办毕|办理完毕|整改|清零|resolved|solved|closed"
)


def read_answers(rows: BlockRows) -> None:
    """Read words for yes and no, such as 非常满意 or 不属于; longer answers are also kept as written."""
    for column, words in _ANSWERS.items():
        if column not in rows.frame or column not in rows.place:
            continue
        known = {one: answer for answer, some in words.items() for one in some.split("|")}
        known |= dict.fromkeys(_NOT_A_VALUE, "")
        written = rows.frame[column].tolist()
        plain = [unicodedata.normalize("NFKC", cell).strip(" 。.!") for cell in written]
        answers = [known.get(cell, raw) for cell, raw in zip(plain, written, strict=True)]
        if answers == written:
            continue
        if any(cell.casefold() not in _YES_OR_NO for cell in plain):
            name = "原" + own_name(rows.block.headers[rows.place[column]], "demands")
            if name not in rows.frame:
                rows.frame[name] = written
        rows.frame[column] = answers


def states_explained(rows: BlockRows) -> dict[str, str]:
    """States by the codes or signs that a header, its comment or a note explains: 办理状态（1已办结）."""
    j = rows.place.get("status")
    header = "" if j is None else unicodedata.normalize("NFKC", rows.block.headers[j])
    place = (rows.block.header, -1 if j is None else rows.block.columns[j])
    comment = unicodedata.normalize("NFKC", rows.block.sheet.marks.comments.get(place, ""))
    for text in (header.partition("(")[2], comment):
        found = {code.casefold(): status_of(word, exact=True) for code, word in _CODE.findall(text)}
        known = {code: state for code, state in found.items() if state}
        if len(found) > 1 and len(known) == len(found):
            return known
    return states_by_sign(rows.block.sheet)


def read_states(rows: BlockRows) -> None:
    """Understand the words for a demand's state, and keep what was written."""
    done = next(
        (own_name(rows.block.headers[j], "demands") for j, m in rows.meanings.items() if m.column == "done"),
        "",
    )
    done = done if done in rows.frame else ""
    if "status" not in rows.frame and not done:
        return
    settles = bool(done and _SETTLES.search(done.casefold()))
    words = states_explained(rows) | {_key(word): state for word, state in rows.options.states.items()}
    choices = TABLES["demands"]["status"].choices
    schema = {_key(word) for pair in choices.items() for word in pair}
    written = rows.frame["status"].tolist() if "status" in rows.frame else [""] * len(rows.frame)
    flags = rows.frame[done].tolist() if done else [""] * len(rows.frame)
    status: list[str] = []
    seen: dict[tuple[str, str], list[int]] = {}
    strict = rows.own and "status" in rows.place and rows.meanings[rows.place["status"]].evidence == "header"
    row_of = rows.frame[ROW].tolist()
    asked = {
        (one["sheet"], one["row"], one["written"]) for one in rows.out.review if one["column"] == "status"
    }
    for i, (cell, flag) in enumerate(zip(written, flags, strict=True)):
        entry = latest_entry(cell) if cell else None
        plain = entry[1] if entry else _LEADING_DAY.sub("", cell)
        found = words.get(_key(cell)) or (status_of(plain or cell) if cell else None)
        by = cell
        if found is None and flag:
            found, by = words.get(_key(flag)) or status_of(flag), flag
        row = int(row_of[i])
        if found and flag and settles and by == cell:
            found = _beside_answer(rows, i, found, cell, flag, words.get(_key(flag)) or "", done)
        if found is None and cell and not strict and (rows.block.sheet.name, row, cell) not in asked:
            asked.add((rows.block.sheet.name, row, cell))
            rows.out.ask(
                rows.block.sheet.name,
                row,
                "status",
                cell,
                message("state not understood; say which state of the ledger it is"),
                status="unknown",
            )
        status.append(found or (cell if strict else ""))
        seen.setdefault((by, found or ""), []).append(i)
    kept = [cell or flag for cell, flag in zip(written, flags, strict=True)]
    if any(kept) and (not rows.own or any(one and _key(one) not in schema for one in kept)):
        old = (
            rows.frame["status_as_written"].tolist()
            if "status_as_written" in rows.frame
            else [""] * len(kept)
        )
        rows.frame["status_as_written"] = [a or b for a, b in zip(old, kept, strict=True)]
    rows.frame["status"] = status
    _keep_deadlines(rows)
    if not strict:
        _take_days_beside(rows, kept, status)
    for (word, meaning), places in seen.items():
        if word:
            evidence = "mapping" if _key(word) in words else "known word" if meaning else "not understood"
            rows.out.decide("state", rows.block.sheet.name, word[:60], meaning, evidence, n=len(places))


def _beside_answer(  # noqa: PLR0917 - one state and all that may change it
    rows: BlockRows, i: int, state: str, cell: str, flag: str, given: str, header: str
) -> str:
    """State of a demand beside an answer to 是否办结; what contradicts is asked about."""
    answer = given or status_of(flag, exact=True)
    if not answer:
        return state
    state, contradicts = _by_answer(state, answer, whole=status_of(cell, exact=True) is not None)
    if contradicts:
        why = message("{header} says {flag!r}; say which state is right", header=header, flag=flag)
        rows.ask(i, "status", cell, why, status="contradicts")
    return state


def _by_answer(state: str, answer: str, *, whole: bool) -> tuple[str, bool]:
    """State of a demand whose words and whose answer to 是否办结 are both given, and whether they contradict.

    A sentence about the progress may be older than the answer to 是否办结, and does not settle a demand that
    is said to be open (已电话答复). ``whole`` says that the cell has nothing but the word of a state, which
    stays; where it is 已办结 and the answer is no, they contradict.
    """
    if answer in _OPEN_STATES and state in _CLOSED_STATES:
        return (state, state == "settled") if whole else ("solving", False)
    if answer in _CLOSED_STATES and state in _OPEN_STATES:
        return (state, True) if whole else (answer, False)
    return state, False


def _keep_deadlines(rows: BlockRows) -> None:
    """Keep days under their own header where open demands have them as well: they are deadlines."""
    j = rows.place.get("settled_on")
    if j is None or "settled_on" not in rows.frame:
        return
    header = own_name(rows.block.headers[j], "demands")
    if not _DEADLINE_TOO.match(header):
        return
    is_open = rows.frame["status"].isin(_OPEN_STATES)
    n = int((is_open & rows.frame["settled_on"].ne("")).sum())
    if n < 2 or 2 * n < int(is_open.sum()):
        return
    rows.frame = rows.frame.rename(columns={"settled_on": header})
    del rows.place["settled_on"]
    why = "open demands have such days too: a deadline, kept under its own header"
    rows.out.decide("header", rows.block.sheet.name, header, "", why, n=len(rows.frame))


def _take_days_beside(rows: BlockRows, written: list[str], status: Sequence[str]) -> None:
    """Take the day that stands in the cell of a state, where its own column is blank."""
    words = state_words()
    # Days that have no year of their own take it from another day of the row.
    dated = any(column in rows.frame for column in ("raised_on", "assigned_on"))
    columns: dict[str, list[str]] = {}
    for i, (cell, state) in enumerate(zip(written, status, strict=True)):
        column = _DAY_OF_STATE.get(state)
        if not column or not any(c.isdigit() for c in cell):
            continue
        plain = unicodedata.normalize("NFKC", cell)
        if (entry := latest_entry(cell)) and (dated or WITH_YEAR.match(entry[0])):
            plain = " ".join(entry)
        days = DAY_BESIDE.findall(plain)
        if len(days) != 1:
            continue
        rest = DAY_BESIDE.sub("", plain)
        rest = re.sub(r"[\s()\[\]。.,，:：;；于在日期时间]", "", rest)
        if words.get(rest) != state:
            continue
        if column not in columns:
            held = column in rows.frame
            columns[column] = rows.frame[column].tolist() if held else [""] * len(written)
        columns[column][i] = columns[column][i] or days[0]
    for column, cells in columns.items():
        rows.frame[column] = cells


def _key(word: str) -> str:
    return word.strip().casefold().replace("_", " ")
