"""Sentences of a demand that ask for something: without what is negated, settled or withdrawn."""

from __future__ import annotations

import itertools
import re
from typing import Final

from liaison_analysis.text import asks_nothing_new, disclaims_requests, ends_requests

#: A clause with the mark that ends it.
CLAUSE: Final = re.compile(r"[^，。；？！,;?!：:]+[，。；？！,;?!：:]*")

# A clause that opens another topic after a settled one, or asks for something all the same.
_TURN: Final = re.compile(
    r"^(?:但|不过|另|唯独|只是|就是|就|现在|还有|提到|顺便|可(?!以))"
    r"|要不要|有没有|能不能|能否|可否|要的是|^(?:还)?(?:想|缺|差|找(?!到|着))"
)
_SENTENCE: Final = re.compile(r"[^。；;！!？?]+[。；;！!？?]*|[。；;！!？?]+")
_NUMBERED: Final = re.compile(
    r"(?<![0-9.])(?=(?:[一二三四五六七八九]、|[1-9](?:、|[.．](?!\d))))"
    r"|(?<=[，,])(?=另外|此外|再就是|再有|顺便|还有(?!没)|另(?=[有想问]))"
)

# Words of asking, in a text that is no request otherwise.
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
    nothing = disclaims_requests(text)
    for start, end in _sentences(text):
        clauses = [(start + m.start(), start + m.end()) for m in CLAUSE.finditer(text[start:end])]
        over = [i for i, (a, b) in enumerate(clauses) if ends_requests(text[a:b])]
        if over:
            rest = clauses[over[-1] + 1 :]
            turn = next((i for i, (a, b) in enumerate(rest) if _TURN.search(text[a:b])), len(rest))
            clauses = rest[turn:]
        clauses = [(a, b) for a, b in clauses if text[a:b].strip() and not asks_nothing_new(text[a:b])]
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
