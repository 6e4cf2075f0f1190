"""Phrases by which cells, clauses and texts are recognised as no requests.

A cell of a list has no request where set phrases (暂无诉求) fill it. In running text a phrase excludes its
clause, the sentence before it, or the whole text.
"""

from __future__ import annotations

import re
import unicodedata
from typing import Final

# Longest cell without a request, in characters (judgement: the phrases below, once or twice).
_LONGEST_NOTHING: Final = 30

_NOTHING: Final = re.compile(
    r"^(该?企业|公司|该公司|我司|本次|本月|本期|目前|当前|走访|时)*(表示|反映|反馈)?(暂时|暂|目前|尚|均|并)?"
    r"(无|没有|未提出|未反映|未收到|未提|不存在|不需要|没)"
    r"(其[他它]|任何|特殊|具体|明确|新增?|相关|需|要|须|协调|解决|政府|处理|帮助|支持|办理|的|什么|大的?|太多|较大)*"
    r"(诉求|需求|问题|困难|意见|建议|事项|反映|反馈|提出|上报|情况|要求|之处|地方|及|和|与|或|、|/)*[。.!！]?$"
)
# Reports of business as usual, which may stand beside a phrase for nothing: 经营正常，无困难.
_FINE: Final = re.compile(
    r"^(该?企业|公司|目前|当前)*(生产|经营|生产经营|运行|运营|发展|一切|各项|情况|状况|总体|基本)*"
    r"(正常|良好|稳定|平稳|顺利|较好|很好)(有序)?[。.!！]?$"
    r"|^(?:企业)?(?:对.{1,12}?)?(?:表示|均)?(?:非常|十分|很|比较)?(?:满意|感谢|认可|肯定|赞赏)[。.!！]?$"
)
_NOTHING_SIGNS: Final = frozenset(
    {"/", "\\", "-", "--", "—", "——", "－", "无", "0", "n/a", "na", "none", "nil", "空", "空白"}
    | {"不涉及", "未涉及", "不适用", "均无", "无需", "不需要"}
    # What surveys write for a question without an answer: (空), (跳过).
    | {
        "跳过",
        "已跳过",
        "未填",
        "未填写",
        "未作答",
        "未答",
        "未回答",
        "skipped",
        "no answer",
        "blank",
        "null",
        "nan",
        "nat",
    }
)
_IN_BRACKETS: Final = re.compile(r"^[(\[【〔<]\s*(.+?)\s*[)\]】〕>]$")

# Clauses that only name what is not wanted, or what is settled, are no requests.
_NOT_ASKED: Final = re.compile(
    r"不缺|不用|不愁|(?<!是)不是|无需|不需要|(?<!要)不要(?!求)|用不着|(?<!再)不想|不打算|不考虑|别再"
    r"|没有?[^，。；]{0,12}(?:困难|需求|问题)"
    r"|(?:已|经)[^，。；]{0,8}(?:解决|到账|下来|办好|办结|通过|谈好|拿到|发放|到位|处理|退款|完成|招满|找到)"
    r"|(?<![没未不])(?:下来|修好|谈妥|解决|处理|招满|补齐|到账)了|(?<!不)(?:饱满|良好|顺利)|满编|谢"
)

# A settled matter: the rest of the sentence is no request either, up to a clause that starts another topic.
_OVER: Final = re.compile(
    r"不用(?:再|我们|你们)?(?:跟|管|帮|协调|麻烦|操心)|不用(?:我们|你们)|不麻烦|无需(?:协调|跟|园区)|撤销|已兑现|致谢|报备"
    r"|没(?:什么|啥)?事(?!干|做|可)|无诉求|没(?:什么|啥)要|已解释|表示理解|问清楚了|(?<!不)满意|办得好|感谢|多谢|谢谢|谢$"
)

# A text with this phrase is no request, except for sentences that hold a word of asking.
_NO_REQUEST: Final = re.compile(
    r"没(?:什么|啥)?(?:大)?事(?!干|做)|无(?:其他|其它)?诉求|别的没|没(?:什么|啥)要|都妥|不用再(?:跟|管)|不劳|报个?备|当闲话|别往外说"
    r"|(?:自己|已经?)[^，。；]{0,8}(?:谈上|谈妥|谈好|约好)"
)


def asks_nothing(written: str) -> bool:
    """Whether a cell states that there is no request.

    Parameters
    ----------
    written
        A cell of a list of demands.

    Returns
    -------
    bool
        True where the cell has no request.

    Examples
    --------
    >>> [asks_nothing(cell) for cell in ("暂无诉求", "/", "(跳过)", "经营正常，无困难")]
    [True, True, True, True]
    >>> asks_nothing("无法停车"), asks_nothing("没有食堂")
    (False, False)
    """
    text = unicodedata.normalize("NFKC", written).strip()
    if (bracketed := _IN_BRACKETS.match(text)) and len(text) <= _LONGEST_NOTHING:
        text = bracketed[1]
    if text.casefold() in _NOTHING_SIGNS:
        return True
    if len(text) > _LONGEST_NOTHING:
        return False
    clauses = [one for one in re.split(r"[，,;；。\n]", text) if one.strip()]
    nothing = [bool(_NOTHING.match(one.strip())) for one in clauses]
    return any(nothing) and all(
        there or _FINE.match(one.strip()) for there, one in zip(nothing, clauses, strict=True)
    )


def asks_nothing_new(clause: str) -> bool:
    """Whether a clause only names what is not wanted, or what is settled.

    Parameters
    ----------
    clause
        One clause of a demand.

    Returns
    -------
    bool
        True where the clause is no request.

    Examples
    --------
    >>> [asks_nothing_new(clause) for clause in ("不缺订单", "贷款已经到账", "就缺师傅")]
    [True, True, False]
    """
    return _NOT_ASKED.search(clause) is not None


def ends_requests(clause: str) -> bool:
    """Whether a clause withdraws the requests before it in its sentence, or calls them settled.

    Parameters
    ----------
    clause
        One clause of a demand.

    Returns
    -------
    bool
        True where the sentence up to this clause is no request.

    Examples
    --------
    >>> [ends_requests(clause) for clause in ("不用再跟了", "多谢", "请协调")]
    [True, True, False]
    """
    return _OVER.search(clause) is not None


def disclaims_requests(text: str) -> bool:
    """Whether a text states that it is not a request.

    Parameters
    ----------
    text
        One demand.

    Returns
    -------
    bool
        True where the text is no request, except for sentences with a word of asking.

    Examples
    --------
    >>> disclaims_requests("报备一下，下周停产检修"), disclaims_requests("想找两家铸造厂")
    (True, False)
    """
    return _NO_REQUEST.search(text) is not None
