"""What business texts say that a firm does not do: 不做电镀, 暂不开展阻燃、抗菌, 无EMC暗室."""

from __future__ import annotations

import re
from typing import Final

_CLAUSE: Final = re.compile(r"[^，,；;。\n（）()]+")
# How a denial begins. 不锈钢, 无刷电机 and 未来 say nothing of it: 不 and 未 stand before a verb of business,
# and 无 only counts before what one has.
_DENIED: Final = re.compile(
    r"(?:本身|本行|本所|本公司|我们|目前|现在|现阶段|暂时|但|也|均|都)*"
    r"(?:(?:暂|尚|并)?不(?:再|能|可|会|对外)?(?:做|接|收|产|供|卖|办|放|贷|投|搞|设|出具|开展|提供|承接|从事|涉及|含|包括"
    r"|生产|销售|加工|具备|受理|代理|检测|检验|承担)"
    r"|(?:暂|尚)?未(?:能|曾)?(?:开展|取得|具备|通过|获得?|设|配|建)"
    r"|(?:暂|尚)?没(?:有|得)|(?:暂|尚)无|(?:暂|尚)?缺(?:少|乏)?)(?P<what>.*)"
    r"|无(?P<lacks>.*(?:资质|资格|许可|牌照|证|暗室|能力|场地|产能|冷藏车|产线))"
)


def without_denied(text: str) -> str:
    """Leave out of a business text what it says that the firm does not do or have.

    Parameters
    ----------
    text
        Main business, as the firm writes it.

    Returns
    -------
    str
        The text without these parts; its marks stay.

    Examples
    --------
    >>> without_denied("不锈钢件、铝件；不做电镀、喷粉")
    '不锈钢件、铝件；'
    """
    return _CLAUSE.sub(lambda clause: "、".join(_parts(clause[0])[0]), text)


def denied_words(text: str) -> list[str]:
    """List what a business text says that the firm does not do or have.

    Parameters
    ----------
    text
        Main business, as the firm writes it.

    Returns
    -------
    list of str
        In the order of the text.

    Examples
    --------
    >>> denied_words("电芯循环寿命；暂不开展阻燃、抗菌，无EMC暗室、不做并网")
    ['阻燃', '抗菌', 'EMC暗室', '并网']
    """
    return [words for clause in _CLAUSE.findall(text) for words in _parts(clause)[1] if words]


def _parts(clause: str) -> tuple[list[str], list[str]]:
    """Parts of a clause: what is done, and what is denied."""
    done: list[str] = []
    denied: list[str] = []
    # 不做阻燃、抗菌 denies both; 无EMC暗室、能做安规 only the first.
    goes_on = False
    for part in clause.split("、"):
        found = _DENIED.fullmatch(part.strip())
        goes_on = goes_on or (found is not None and found["what"] is not None)
        if found:
            denied.append(found["what"] or found["lacks"] or "")
        else:
            (denied if goes_on else done).append(part)
    return done, denied
