"""Sentences of a demand that ask for something: without what is negated, settled or withdrawn."""

from __future__ import annotations

import itertools
import re
from typing import Final

#: A clause with the mark that ends it.
CLAUSE: Final = re.compile(r"[^，。；？！,;?!：:]+[，。；？！,;?!：:]*")

# Clauses that only name what is not wanted, or what is settled, are no requests.
_NOT_ASKED: Final = re.compile(
    r"不缺|不用|不愁|(?<!是)不是|无需|不需要|不要(?!求)|用不着|不想|不打算|不考虑|别再"
    r"|没有?[^，。；]{0,12}(?:困难|需求|问题)"
    r"|(?:已|经)[^，。；]{0,8}(?:解决|到账|下来|办好|办结|通过|谈好|拿到|发放|到位|处理|退款|完成|招满|找到)"
    r"|(?<![没未不])(?:下来|修好|谈妥|解决|处理|招满|补齐|到账)了|(?<!不)(?:饱满|良好|顺利)|满编|谢"
)

# A settled matter: the rest of the sentence is no request either, up to a clause that starts another topic.
_OVER: Final = re.compile(
    r"不用(?:再|我们|你们)?(?:跟|管|帮|协调|麻烦|操心)|不用(?:我们|你们)|不麻烦|无需(?:协调|跟|园区)|撤销|已兑现|致谢|报备"
    r"|没(?:什么|啥)?事|无诉求|没(?:什么|啥)要|已解释|表示理解|问清楚了|(?<!不)满意|办得好|感谢|多谢|谢谢|谢$"
)
_TURN: Final = re.compile(r"^(?:但|不过|另|唯独|只是|就是|就|现在|还有|提到|顺便)")
_SENTENCE: Final = re.compile(r"[^。；;！!？?]+[。；;！!？?]*|[。；;！!？?]+")
_NUMBERED: Final = re.compile(
    r"(?<![0-9.])(?=(?:[一二三四五六七八九]、|[1-9](?:、|[.．](?!\d))))"
    r"|(?<=[，,])(?=另外|此外|再就是|再有|顺便|还有(?!没)|另(?=[有想问]))"
)

# A text with this phrase is no request, except for sentences that hold a word of asking.
_NO_REQUEST: Final = re.compile(
    r"没(?:什么|啥)?(?:大)?事(?!干|做)|无(?:其他|其它)?诉求|别的没|没(?:什么|啥)要|都妥|不用再(?:跟|管)|不劳|报个?备|当闲话|别往外说"
    r"|(?:自己|已经?)[^，。；]{0,8}(?:谈上|谈妥|谈好|约好)"
)
_ASKING_WORD: Final = re.compile(
    r"想|要(?!求)|请|问|找|缺|求|希望|盼|能不能|能否|可否|建议|提[到了]|反映|麻烦|何时|几时|怎么|谁|哪|吗|[？?]"
)

# A question of at most this length refers to the sentence before it.
_SHORT_QUESTION: Final = 10

Span = tuple[int, int]


def asking_sentences(text: str) -> list[list[Span]]:
    """Places of the clauses that may ask for something, sentence by sentence.

    Items of a numbered note, and what 另外 or 顺便 adds, are sentences of their own; a short question belongs
    to the sentence before it.

    Parameters
    ----------
    text
        One demand.

    Returns
    -------
    list
        For each sentence the (start, end) of its clauses, end exclusive; sentences without any are left out.

    Examples
    --------
    >>> text = "贷款批下来了，谢谢。不缺订单，就缺师傅；1.停车难2.水压低"
    >>> [[text[a:b] for a, b in sentence] for sentence in asking_sentences(text)]
    [['就缺师傅；'], ['1.停车难'], ['2.水压低']]
    """
    sentences: list[list[Span]] = []
    nothing = _NO_REQUEST.search(text) is not None
    for start, end in _sentences(text):
        clauses = [(start + m.start(), start + m.end()) for m in CLAUSE.finditer(text[start:end])]
        over = [i for i, (a, b) in enumerate(clauses) if _OVER.search(text[a:b])]
        if over:
            rest = clauses[over[-1] + 1 :]
            turn = next((i for i, (a, b) in enumerate(rest) if _TURN.search(text[a:b])), len(rest))
            clauses = rest[turn:]
        clauses = [(a, b) for a, b in clauses if text[a:b].strip() and not _NOT_ASKED.search(text[a:b])]
        if not clauses or (nothing and not any(_ASKING_WORD.search(text[a:b]) for a, b in clauses)):
            continue
        if sentences and end - start <= _SHORT_QUESTION and text[start:end].endswith(("？", "?")):
            sentences[-1] += clauses
        else:
            sentences.append(clauses)
    return sentences


def _sentences(text: str) -> list[Span]:
    """Places of sentences, numbered items apart."""
    places = []
    for match in _SENTENCE.finditer(text):
        start, end = match.span()
        cuts = [start, *(start + m.start() for m in _NUMBERED.finditer(text[start:end]) if m.start()), end]
        places += [(a, b) for a, b in itertools.pairwise(cuts) if text[a:b].strip()]
    return places
