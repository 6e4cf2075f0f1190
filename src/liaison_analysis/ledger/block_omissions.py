"""Rows of one block that are left out: numbered in advance, void by a remark, or without a request."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from liaison_analysis._messages import message
from liaison_analysis.ledger.cell_looks import REQUEST
from liaison_analysis.ledger.records import PLACE, own_name
from liaison_analysis.ledger.schema import header_key
from liaison_analysis.ledger.side_by_side import AS_USUAL
from liaison_analysis.text import asks_nothing

if TYPE_CHECKING:
    from liaison_analysis.ledger.block_rows import BlockRows

# Remarks by which a row does not count (此条作废; 与序号3重复，已删除), or repeats another.
_ROW: Final = r"(?:此|本|该|这)(?:条|行|件|项|单|诉求|问题|记录|数据)"
_AGAIN: Final = (
    r"(?:(?:与|同|和|跟)?\s*(?:序号|编号|第|上面?|前面?)?\s*[A-Za-z0-9一二三四五六七八九十\-]{0,8}\s*"
    r"(?:号|条|行|项|个)?的?(?:诉求|问题)?(?:重复|相同|一样|雷同)(?:登记|录入|上报|填报|件)?)"
)
_GONE: Final = (
    r"(?:已|应|请|可|需|建议|拟|予以)*"
    r"(?:作废|删除|删掉|删去|删了|剔除|误填|误录|误报|录错|填错|录入错误|填报错误|无效|不计入?|不算)"
)
_VOID_REMARK: Final = re.compile(
    rf"^(?:{_ROW}|因?{_AGAIN})?[,，;；、:：\s]*{_GONE}(?:处理|了|统计|{_ROW})*(?:[,，(（][^,，]{{0,15}})?$"
)
_REPEATED_REMARK: Final = re.compile(rf"^(?:{_ROW})?(?:系|为|是)?{_AGAIN}$")
# Headers of a column that says whether a row holds a demand, and how it says no.
_IS_DEMAND: Final = re.compile(
    r"^(?:是否|有无|有没有)(?:有|为|属于|是|提出|存在)?(?:企业)?(?:诉求|需求|问题|困难)(?:问题|困难|诉求)?$"
)
_NO: Final = frozenset({"否", "无", "没有", "不是", "×", "N", "n", "no", "No", "false"})
# Characters of a remark about the row itself; judgement.
_LONGEST_REMARK: Final = 30


def leave_unfilled(rows: BlockRows) -> None:
    """Leave out rows that hold nothing but a number: forms are numbered in advance."""
    numbers = {
        "demand_id",
        "visit_id",
        *(
            own_name(rows.block.headers[j], rows.table)
            for j, m in rows.meanings.items()
            if m.column == "number"
        ),
    }
    others = [name for name in rows.frame.columns if name not in PLACE and name not in numbers]
    if not others or len(others) == len(rows.frame.columns) - len(PLACE):
        return
    filled = (rows.frame[others] != "").any(axis=1).tolist()
    empty = [i for i, full in enumerate(filled) if not full]
    for i in empty:
        rows.leave_row(i, message("numbered row with nothing else"))
    if empty:
        rows.out.notes.append(
            message(
                "sheet {sheet!r}: {n} numbered rows hold nothing else",
                sheet=rows.block.sheet.name,
                n=len(empty),
            )
        )
    rows.keep(filled)


def leave_void(rows: BlockRows) -> None:
    """Leave out rows that a remark declares void, and ask about those that it calls repeated."""
    if rows.table != "demands":
        return
    names = [
        own_name(rows.block.headers[j], rows.table) for j, m in rows.meanings.items() if m.column == "note"
    ]
    for name in [one for one in names if one in rows.frame]:
        remarks = [cell.strip(" 。.!！()（）【】[]") for cell in rows.frame[name]]
        void = [len(cell) <= _LONGEST_REMARK and bool(_VOID_REMARK.match(cell)) for cell in remarks]
        for i, cell in enumerate(remarks):
            if void[i]:
                rows.leave_row(i, message("a remark says {remark}", remark=cell))
            elif cell and len(cell) <= _LONGEST_REMARK and _REPEATED_REMARK.match(cell):
                why = message(
                    "a remark says that this row repeats another; delete it unless both are to be counted"
                )
                rows.ask(
                    i,
                    "text",
                    rows.frame["text"].iloc[i] if "text" in rows.frame else "",
                    why,
                    status="repeated",
                )
        if any(void):
            rows.out.notes.append(
                message(
                    "sheet {sheet!r}: {n} rows are void by their remark and left out",
                    sheet=rows.block.sheet.name,
                    n=sum(void),
                )
            )
            rows.keep([not one for one in void])


def leave_nothing_asked(rows: BlockRows) -> None:
    """Leave out rows in which nothing is asked: visits without a demand, and rows without a text."""
    if "text" not in rows.frame:
        return
    _leave_answered_no(rows)
    nothing = [asks_nothing(cell) or bool(AS_USUAL.match(cell)) for cell in rows.frame["text"]]
    for i in [i for i, one in enumerate(nothing) if one]:
        rows.leave_row(i, message("nothing asked"))
    if any(nothing):
        rows.out.quiet.append(rows.frame.loc[nothing])
        rows.out.notes.append(
            message(
                "sheet {sheet!r}: {n} visits at which nothing was asked",
                sheet=rows.block.sheet.name,
                n=sum(nothing),
            )
        )
    rows.keep([not one for one in nothing])
    if rows.own:
        return
    blank = [not cell for cell in rows.frame["text"]]
    for i in [i for i, one in enumerate(blank) if one]:
        rows.leave_row(i, message("no demand in this row"))
        why = message("a row without a demand; fill it in or delete the row")
        rows.ask(i, "text", "", why, status="missing")
    rows.keep([not one for one in blank])


def _leave_answered_no(rows: BlockRows) -> None:
    """Leave out rows of which a column says that they hold no demand; ask about a request among them."""
    keys = {str(name): header_key(name) for name in rows.frame.columns}
    column = next((name for name, key in keys.items() if _IS_DEMAND.match(key)), "")
    if not column or rows.own:
        return
    kept = [True] * len(rows.frame)
    answers = zip(rows.frame[column].tolist(), rows.frame["text"].tolist(), strict=True)
    for i, (answer, text) in enumerate(answers):
        if answer not in _NO or not text or asks_nothing(text):
            continue
        why = message("{column} says {answer}", column=column, answer=answer)
        if REQUEST.search(text):
            rows.ask(i, "text", text, why, status="contradicts")
        else:
            rows.leave_row(i, why)
            kept[i] = False
    rows.keep(kept)
