"""Titles and numbers of acts and notices: whether a line reads like one, and the title of a document."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from liaison_analysis.policies.source import join_lines

if TYPE_CHECKING:
    from collections.abc import Sequence

#: How a title of an act or a notice ends.
TITLE: Final = re.compile(
    r"(?:办法|措施|细则|意见|规定|方案|指南|指引|须知|政策|条例|规则|通知|公告|通告|公示|通报|决定|计划|纲要|批复|解读|条款|清单)(?:[（(][^）)]*[）)])*$"
)
#: Number of a document: 某府规〔2024〕3号, 某市人民政府令第179号.
DOCUMENT_NUMBER: Final = re.compile(
    r"[一-鿿]{1,16}\s*[〔\[［（(【]\s*\d{4}\s*[〕\]］）)】]\s*第?\s*\d{1,5}\s*号"
    r"|(?:[一-鿿]{2,24}令\s*)?第\s*\d{1,5}\s*号(?:令|公告)?|[一-鿿]{2,24}令\s*\d{4}\s*年\s*第?\s*\d{1,4}\s*号"
)
# A line above the last line of a title that is broken over lines names a place, a body or a matter, and is
# neither the head of a printed document (某局文件) nor a label of the site.
_TITLE_BEGINS: Final = re.compile(
    r"(?!.*(?:公报|第[\d一二三四五六七八九十 ]+期))"
    r"(?=.*(?:[省市区县旗州盟乡镇]|关于|促进|支持|国务院|[委局厅部院会]$))[一-鿿《》“”（）()、\d ]{4,40}"
    r"(?<!文件)(?<!公报)(?<!汇编)(?<!公开)(?<!平台)(?<!网站)(?<!网)(?<!频道)(?<!专栏)(?<!号)(?<!通知)(?<!日)(?<!页)"
)
_KIND: Final = re.compile(r"(?:一图(?:读懂|看懂|速览)|(?:政策)?图解|(?:图文|政策)解读)[:：|]?")
_SENTENCE: Final = re.compile(r"[。；？?，]|^.{41}")
_TITLE_LINES: Final = 3  # further lines of a title at most; judgement
_ACT_TITLE: Final = 80  # characters of a title at most; judgement


def is_title(line: str) -> bool:
    """Whether a line ends as titles of acts and notices do: 某办法, 关于某事的通知, 某方案（试行）.

    Examples
    --------
    >>> is_title("某市奖励办法（试行）"), is_title("某市财政局文件")
    (True, False)
    """
    return len(line) <= _ACT_TITLE and bool(TITLE.search(line)) and not re.search(r"[。；|>»]", line)


def split_title(lines: Sequence[str], known: str = "") -> tuple[str, str]:
    """Separate the title from what stands between it and the first number."""
    if known:
        bare = "".join(known.split())
        return known, "\n".join(line for line in lines if "".join(line.split()) != bare)
    if not lines:
        return "", ""
    at = next((i for i, line in enumerate(lines) if len(line) <= _ACT_TITLE and TITLE.search(line)), 0)
    first = first_title_line(lines, at)
    # 一图读懂 stands above what it explains.
    if at == 0 and len(lines) > 1 and _KIND.fullmatch(lines[0]) and not _SENTENCE.search(lines[1]):
        at = 1
    return join_lines(lines[first : at + 1]), "\n".join([*lines[:first], *lines[at + 1 :]])


def first_title_line(lines: Sequence[str], last: int) -> int:
    """Give the first line of a title that is broken over lines, by its last one.

    Examples
    --------
    >>> first_title_line(["二、施行。", "某市人民政府", "关于印发某办法的通知"], 2)
    1
    """
    first = last
    while first and last - first < _TITLE_LINES and _TITLE_BEGINS.fullmatch(lines[first - 1]):
        first -= 1
    return first
