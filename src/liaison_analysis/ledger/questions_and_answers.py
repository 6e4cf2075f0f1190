"""Answers that stand below their demands or behind them in a cell: 问：停车难 | 答：已增设车位."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from liaison_analysis._messages import message
from liaison_analysis.ledger.cell_looks import SAMPLED
from liaison_analysis.ledger.cells import one_line, plain_word
from liaison_analysis.ledger.column_choice import column_meanings
from liaison_analysis.ledger.headers import meaning_of, means_text

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from liaison_analysis.ledger.layout import Block
    from liaison_analysis.ledger.records import Gathered

# Words for a demand and for an answer, in a column of such words or before the text of a row.
_ASKED: Final = re.compile(
    r"^(企业|群众)?(诉求|问题|需求|困难|建议|反映|提问|来电|留言|问)(内容|事项|情况)?[:：]?$"
)
_ANSWERED: Final = re.compile(
    r"^(部门|单位|政府|官方)?(答复|回复|反馈|办理|处理|答|回应|落实|解决|办复)(内容|情况|意见|结果|措施)?[:：]?$"
)
# Header of the column that says whether a row is a demand or an answer: no category of demands.
_OF_ROWS: Final = "行的类型"
_PREFIXED: Final = re.compile(
    r"^\s*(?P<who>问|答|企业提问|提问|企业反映|反映|诉求|问题|回复|答复|部门答复|部门回复|办理情况|办理)\s*[:：]\s*(?P<text>\S.*)$",
    re.DOTALL,
)
# Different cells of a column that says of its rows whether they are demands or answers; judgement.
_MOST_WORDS: Final = 12
_QUESTION: Final = re.compile(
    r"^\s*(?:企业|反映|存在|主要)?(?:诉求|问题|需求|困难|反映|问)(?:内容|情况)?\s*[:：]\s*(?P<asked>.+?)[。；;，,]?\s*"
    r"(?:办理|答复|处理|回复|解决|落实|反馈|进展|整改|措施|答)(?:情况|结果|进展|意见|措施)?\s*[:：]\s*(?P<answer>.+)$",
    re.DOTALL,
)


def label_answer_rows(block: Block) -> None:
    """Write what begins rows of questions and answers into a column of its own: 问：停车难 | 答：已增设."""
    for j, cells in enumerate(block.cells):
        found = [_PREFIXED.match(cell) for cell in cells]
        filled = sum(map(bool, cells))
        asked = {one["who"] for one in found if one}
        if filled < 2 or sum(map(bool, found)) < filled or not _are_both(asked):
            continue
        kinds = [one["who"] if one else "" for one in found]
        texts = [one["text"].strip() if one else "" for one in found]
        header, meanings = block.headers[j], column_meanings(block.headers, block.cells, "demands")
        has_text = any(meaning.column == "text" for meaning in meanings.values()) or means_text(header)
        block.headers[j] = "原文"
        block.add_column(header if has_text else "诉求内容", texts, j)
        block.add_column(_OF_ROWS, kinds, j)
        return


def _are_both(words: Collection[str]) -> bool:
    return any(map(_ASKED.match, words)) and any(map(_ANSWERED.match, words))


def join_answers(block: Block, out: Gathered) -> None:
    """Put an answer that has a row of its own beside the demand above it."""
    j = next((j for j in range(len(block.headers)) if _alternates(block.cells[j])), -1)
    text = block.meant().get("text", -1)
    if j < 0 or text in {-1, j}:
        return
    block.headers[j] = _OF_ROWS
    kinds = block.cells[j]
    kept: list[int] = []
    answers: dict[int, list[int]] = {}
    for i, kind in enumerate(kinds):
        if _ANSWERED.match(plain_word(kind)) and kept:
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
    block.take(kept)
    block.add_column("答复内容", [reply.get(i, "") for i in kept], text)


def _alternates(cells: Sequence[str]) -> bool:
    """Whether a column says of each row that it is a demand or an answer."""
    # Distinct cells are few in such columns; cleaning every cell of a long table takes seconds.
    words = {plain_word(cell) for cell in some} if len(some := set(cells) - {""}) <= _MOST_WORDS else set()
    if not 2 <= len(words) <= 4:
        return False
    asked = [bool(_ASKED.match(word)) for word in words]
    answered = [bool(_ANSWERED.match(word)) for word in words]
    return any(asked) and any(answered) and all(a or b for a, b in zip(asked, answered, strict=True))


def split_answers(block: Block) -> None:
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
