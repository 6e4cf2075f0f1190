"""Rows below a header that are no data: totals, signatures, notes, section titles, struck-out rows."""

from __future__ import annotations

import functools
import re
import unicodedata
from typing import TYPE_CHECKING, Final

from liaison_analysis._messages import message
from liaison_analysis.ledger.cell_looks import FIRM_NAME
from liaison_analysis.ledger.headers import meaning_of
from liaison_analysis.ledger.legends import word_of_strikes

if TYPE_CHECKING:
    from collections.abc import Sequence

    from liaison_analysis.ledger.sheets import Marks, Sheet

_TOTAL: Final = re.compile(
    r"^(本?[月年周季旬]度?|全[年月区市部]|上半年|下半年|以上|累)?\s*(合\s*计|小\s*计|总\s*计|共\s*计|累\s*计|总\s*数|汇\s*总)"
    r"(\s*[(（:：].*|\s*[\d.,]+\s*[家条件项个户]?)?$"
)
# 玉山镇小计, 机械行业合计: a total with the name of its group before it.
_TOTAL_OF: Final = re.compile(r"^\S{1,15}?(小计|合计|总计|共计)\s*[:：]?$")
# 合计3件，其中已办结1件
_TOTAL_TOLD: Final = re.compile(
    r"^(以上|本[月周季年])?\s*(合计|小计|总计|共计|累计)\s*\d+\s*[家条件项个户].{0,40}$"
)
_PAGE: Final = re.compile(
    r"^[-—\s]*(第\s*\d+\s*页|共\s*\d+\s*页|page\s*\d+)([\s,，、/(（]*(共\s*\d+\s*页|of\s*\d+)[)）]?)?[-—\s]*$",
    re.IGNORECASE,
)
_CARRIED: Final = re.compile(r"^[(（]?(?:承|转|接|过|续)(?:前|上|下|次)(?:页|表)[)）]?[:：]?$")
_RULE: Final = re.compile(r"^[:：]?[-—=_*·.]{2,}[:：]?$")
SIGNED: Final = re.compile(
    r"^(填表人?|填报人|填报单位|填报部门|填报时间|填报日期|填表时间|填表日期|报送单位|报送时间|"
    r"制表人?|制表单位|制表时间|制表日期|"
    r"审核人?|审批人?|复核人?|负责人|(?:填报|填表|报送)?单位(?:主要)?(?:负责人|领导)|主管领导|科室负责人|部门负责人|主要负责人|分管领导|分管负责人|经办人|"
    r"联系人|联系电话|电话|签字|签名|"
    r"盖章|单位\(盖章\)|统计人|统计时间|统计日期|汇总单位|编制单位|截止时间|截至时间|数据截止|更新时间|单位|日期)\s*(\([^)]*\))?\s*:"
)
_NOTE: Final = re.compile(
    r"^(注|备注|说明|填表说明|填报说明|填写说明|使用说明|温馨提示|提示|注意事项|附注|附)\s*\d?\s*[:：]|^[*※]\s*[^\W\d_]{4}"
)
# First characters of rows that may be no data: all others are data without a closer look.
_TELLING: Final = frozenset(
    "承转接过续合小总共累本全上下以填审复负经联电签盖统汇编截数更单日制报主分部注备说使温提附"
    "*※012一二三四五六七八九十（(第\u3000 示样范举例1"
)
_EXAMPLE: Final = re.compile(r"^\(?(填写|填报)?(示例|样例|范例|举例|例|例如)\d*\)?\s*[:：]?$")
_SECTION: Final = re.compile(
    r"^([一二三四五六七八九十]+、|\([一二三四五六七八九十]+\)|第[一二三四五六七八九十]+[部批类季])"
)
_PERIOD: Final = re.compile(
    r"^(?=.)(?:(?:19|20)\d\d\s*年度?)?\s*(?:1[0-2]月份?|0?[1-9]月份?|第?[一二三四1-4]季度|上半年|下半年)?[:：]?$"
)
_ORDINAL: Final = re.compile(r"^\(?[一二三四五六七八九十]{1,3}\)?$")
_GROUP: Final = re.compile(
    r"(?:镇|乡|街道|区|县|园|园区|片区|组团|局|委|办|部|类|方面|行业|问题|诉求)(?:\s*\(.*\))?$|\(\d+\s*[家条件项个]\)$"
)
# Cells beside 小计 are numbers, or short words such as 共6件; judgement.
_LONGEST_TOTAL: Final = 20
# Characters of a section's title, or of a name that stands as one; judgement.
_LONGEST_TITLE: Final = 40
# Numbers from which a row only counts the columns: 1, 2, 3; judgement.
_FEWEST_NUMBERS: Final = 3
_COUNTED: Final = [str(n) for n in range(1, 100)]
_LONGEST_LABEL: Final = 10
_LABELLED: Final = re.compile(r"^\s*[【\[]?([^\s:：【】\[\]]{2,10})[】\]]?\s*[:：]\s*(\S.*)$", re.DOTALL)
# What may stand in a row of its own beneath a demand.
_BENEATH: Final = frozenset({"text", "status", "owner", "settled_on", "fed_back_on"})
_VOID: Final = re.compile(r"作废|删除|删掉|取消|撤销|重复|误填|误录|无效")


def row_kind(  # noqa: C901, PLR0911, PLR0912 - one return a kind
    row: Sequence[str], sheet: Sheet, at: int, headers: Sequence[str]
) -> str:
    """Reason why a row below a header is not data, or ``""``.

    Examples
    --------
    >>> from liaison_analysis.ledger.sheets import Sheet
    >>> heads = ["序号", "企业名称", "诉求内容"]
    >>> rows = [["小计", "", "本月共7条"], ["填表人：赵某", "", "审核：钱某"], ["说明：每月5日前报送"],
    ...     heads, ["一、东区"]]
    >>> [row_kind(row, Sheet("", rows), 0, heads) for row in rows]
    ['total', 'signature or note', 'signature or note', 'header repeated', 'section title']
    """
    lead = next(cell for cell in row if cell)
    if lead.startswith("\0"):
        return message("beside the labels of a form")
    telling = lead[0] in _TELLING or lead[-1] in "计:："
    if not (telling or lead in headers or sum(map(bool, row)) < 5 or _has_marks(sheet.marks)):
        return (
            message("line of signs") if _RULE.match(lead) and all(map(_RULE.match, filter(None, row))) else ""
        )
    cells = [(j, cell) for j, cell in enumerate(row) if cell]
    first = _nfkc(lead)
    texts = [cell for _, cell in cells]
    if [cell for cell in headers if cell] == texts:
        return message("header repeated")
    if len(first) <= 30 and _TOTAL.match(first):
        return message("total")
    if len(cells) <= 2 and _TOTAL_TOLD.match(first):
        return message("total")
    if _TOTAL_OF.match(first) and not any(len(cell) > _LONGEST_TOTAL for cell in texts):
        return message("total")
    if all(map(_RULE.match, texts)):
        return message("line of signs")
    if _CARRIED.match(first) and not any(len(cell) > _LONGEST_TOTAL for cell in texts):
        return message("total")
    if len(cells) <= 2 and all(_PAGE.match(_nfkc(text)) for text in texts):
        return message("page number")
    if 1 < len(cells) <= 4 and first.isdigit() and _TOTAL.match(_nfkc(cells[1][1])):
        return message("total")
    if _EXAMPLE.match(first):
        return message("example of how to fill in")
    if (
        len(texts) >= _FEWEST_NUMBERS
        and [_nfkc(text).strip("()") for text in texts] == _COUNTED[: len(texts)]
    ):
        return message("numbers of columns")
    if is_signed(row) or (len(cells) <= 2 and _NOTE.match(first)):
        return message("signature or note")
    if len(cells) == 1:
        across = any(top == at and right > left for top, left, _, right in sheet.marks.merged)
        if (
            across
            or _names_group(lead, cells[0][0], headers)
            or (cells[0][0] == 0 and _SECTION.match(first) and len(first) <= _LONGEST_TITLE)
            or _PERIOD.match(first)
        ):
            return message("section title")
    if len(cells) == 2 and _ORDINAL.match(first) and _heads_group(cells[1], headers):
        return message("section title")
    comment = next(
        (text for (i, _), text in sheet.marks.comments.items() if i == at and _VOID.search(text)), ""
    )
    if comment:
        return message("comment says {comment}", comment=comment[:20])
    struck = [(at, j) in sheet.marks.struck for j, _ in cells] if sheet.marks.struck else []
    if struck and all(struck) and not word_of_strikes(sheet):
        return message("struck out")
    return ""


def _heads_group(cell: tuple[int, str], headers: Sequence[str]) -> bool:
    """Whether a cell beside 一 or （二） names a group of rows and no enterprise: 东山镇（2家）."""
    column, text = cell
    meaning = meaning_of(headers[column], "demands") if column < len(headers) and headers[column] else None
    if len(text) > _LONGEST_TITLE or FIRM_NAME.search(text) or (meaning and meaning.column == "text"):
        return False
    return bool(_GROUP.search(_nfkc(text)))


def _has_marks(marks: Marks) -> bool:
    """Whether merged, commented or struck-out cells may tell of a row."""
    return bool(marks.merged or marks.comments or marks.struck)


def _names_group(lead: str, column: int, headers: Sequence[str]) -> bool:
    """Whether an enterprise stands alone above its demands, in a table without a column of enterprises."""
    if len(lead) > _LONGEST_TITLE or not FIRM_NAME.search(_nfkc(lead)):
        return False
    meanings = [meaning_of(header, "demands") if header else None for header in headers]
    have = {meaning.column for meaning in meanings if meaning}
    return column < len(headers) and "text" in have and not have & {"enterprise", "enterprise_id"}


def is_signed(row: Sequence[str]) -> bool:
    """Whether a row only states who filled in the sheet, and when."""
    cells = [_nfkc(cell) for cell in row if cell]
    signed = sum(bool(SIGNED.match(cell)) for cell in cells)
    return bool(cells) and bool(SIGNED.match(cells[0])) and 2 * signed >= len(cells)


def names_next(row: Sequence[str]) -> bool:
    """Whether a row says of which enterprise, day or department the table below it is: 企业名称：甲公司.

    Examples
    --------
    >>> names_next(["企业名称：甲公司", "", "联系人：赵某"]), names_next(["办理情况：已办结"])
    (True, False)
    """
    label, sign, _ = _nfkc(next((cell for cell in row if cell), "")).partition(":")
    meaning = meaning_of(label, "demands") if sign and len(label) <= _LONGEST_LABEL else None
    return meaning is not None and meaning.column in {"enterprise", "raised_on"}


def answer_beneath(row: Sequence[str]) -> tuple[str, str] | None:
    """Label and value of a row that goes on with the demand above it: 办理情况：已修复.

    Examples
    --------
    >>> answer_beneath(["", "办理情况：已修复", ""]), answer_beneath(["填表人：赵某"])
    (('办理情况', '已修复'), None)
    """
    cells = [cell for cell in row if cell]
    found = _LABELLED.match(cells[0]) if len(cells) == 1 else None
    if not found or SIGNED.match(_nfkc(cells[0])):
        return None
    meaning = meaning_of(found[1], "demands")
    return (found[1], found[2].strip()) if meaning and meaning.column in _BENEATH else None


@functools.lru_cache(maxsize=4096)
def _nfkc(text: str) -> str:
    return unicodedata.normalize("NFKC", text).strip()
