"""Cells that hold several labelled texts: 【经营情况】…【企业诉求】…, or a line for each label."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from liaison_analysis.ledger.cell_looks import OFFICE_NAME, SAMPLED
from liaison_analysis.ledger.cells import one_line
from liaison_analysis.ledger.headers import means_text
from liaison_analysis.ledger.splitting import numbered_list
from liaison_analysis.ledger.states import status_of

if TYPE_CHECKING:
    from liaison_analysis.ledger.layout import Block

_LABEL: Final = re.compile(
    r"\s*【\s*([^】\n]{2,10}?)\s*】\s*[:：]?|(?:^|(?<=[\n。；;]))\s*(?:\d{1,2}[.、]\s*)?([\u4e00-\u9fff]{2,8}(?:\d{1,2}|[一二三四五六七八九十])?)\s*[:：]"
)
_COUNT: Final = re.compile(r"(?<=[\u4e00-\u9fff])(?:\d{1,2}|[一二三四五六七八九十])$")
# Share of a column's cells that hold labels; judgement.
_SHARE: Final = 0.6
# A department before its progress, and the share of cells that are such; judgement.
_OFFICE_BEFORE: Final = re.compile(r"^\s*([\u4e00-\u9fff]{2,15})\s*[：:]\s*([^：:]{2,})$")
_OFFICE_SHARE: Final = 0.6


def open_labels(block: Block) -> None:
    """Give each label of a column's cells a column of its own, where one of them heads demands.

    Parameters
    ----------
    block
        A table, whose cells as written stay in a column beside.
    """
    text = block.headed().get("text")
    for j, cells in enumerate(block.cells):
        sample = [cell for cell in cells if cell][:SAMPLED]
        if not sample or text not in {None, j} or _SHARE * len(sample) > sum(map(_holds_demand, sample)):
            continue
        found = [labelled(cell) if _holds_demand(cell) else {} for cell in cells]
        heads = list(dict.fromkeys(head for one in found for head in one))
        if any(head in block.headers for head in heads):
            continue
        header = "诉求内容" if text is None else one_line(block.headers[j])
        demands = [head for head in heads if means_text(head)]
        if len(demands) != 1:
            continue
        demand = demands[0]
        block.headers[j] = "原文"
        # A cell without labels is a demand as it stands.
        rest = ["" if one else cell for one, cell in zip(found, cells, strict=True)]
        for head in heads:
            values = [one.get(head, "") for one in found]
            if head == demand:
                values = [value or cell for value, cell in zip(values, rest, strict=True)]
            block.add_column(header if head == demand else head, values, j)
        return


def labelled(cell: str) -> dict[str, str]:
    r"""Texts of a cell by their labels; empty where it has fewer than two, or begins without one.

    Examples
    --------
    >>> labelled("【经营情况】订单稳定。【企业诉求】停车难。")
    {'经营情况': '订单稳定。', '企业诉求': '停车难。'}
    >>> labelled("停车难：厂门口没有车位")
    {}
    >>> labelled("问题1：停车难\n进展：已解决\n问题2：停电\n进展：在办")
    {'问题': '1、停车难；2、停电', '进展': '1、已解决；2、在办'}
    """
    found = list(_LABEL.finditer(cell))
    heads = [one[1] or one[2] for one in found]
    if len(found) < 2 or found[0].start():
        return {}
    ends = [*(one.start() for one in found[1:]), len(cell)]
    values = [cell[one.end() : end].strip() for one, end in zip(found, ends, strict=True)]
    plain = [_COUNT.sub("", head) for head in heads]
    if len(set(plain)) == len(plain):
        return dict(zip(plain, values, strict=True))
    n = len(plain) // max(1, plain.count(plain[0]))
    # Every demand has the same labels in the same order, so that their parts go together.
    if n < 2 or plain != plain[:n] * (len(plain) // n) or len(set(plain[:n])) < n:
        return dict(zip(heads, values, strict=True)) if len(set(heads)) == len(heads) else {}
    return {
        head: numbered_list([one.rstrip("。；;") for one in values[i::n]]) for i, head in enumerate(plain[:n])
    }


def _holds_demand(cell: str) -> bool:
    # 诉求一 and 诉求二 are a list.
    return ("】" in cell or "：" in cell or ":" in cell) and sum(map(means_text, labelled(cell))) == 1


def split_offices(block: Block) -> None:
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
