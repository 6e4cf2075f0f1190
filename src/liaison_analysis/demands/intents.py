"""What a text asks for: customers, suppliers, money, tests, research, staff, policy, site or utilities."""

from __future__ import annotations

import functools
import re
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from liaison_analysis.demands.intent_model import INTENTS, IntentModel, packaged_examples, packaged_model
from liaison_analysis.privacy import blank_masks

if TYPE_CHECKING:
    from collections.abc import Sequence

    from liaison_analysis.text import Encoder

#: Smallest probability at which the likeliest intent of a text counts, and at which every further one does:
#: most texts ask for one thing. Chosen by cross-validation on the packaged examples.
LEAST_FIRST: Final = 0.25
LEAST_FURTHER: Final = 0.5

# An intent that is improbable in the whole text counts all the same, if the text leaves it at least the first
# probability and one of its clauses, read alone, gives it the second. Half of the intents found in that way
# alone were right in texts written apart from the packaged examples.
_HINTED, _PLAIN = 0.1, 0.97

# A clause that only says what is not wanted, or what is settled, asks for nothing.
_NOT_ASKED: Final = re.compile(
    r"不缺|不用|不愁|(?<!是)不是|无需|不需要|不要(?!求)|用不着|不想|不打算|不考虑"
    r"|没有?[^，。；]{0,12}(?:困难|需求|问题)"
    r"|(?:已|经)[^，。；]{0,8}(?:解决|到账|下来|办好|办结|通过|谈好|拿到|发放|到位|处理|退款|完成|招满|找到)"
    r"|(?<![没未不])(?:下来|修好|谈妥|解决|处理|招满|补齐|到账)了|(?<!不)(?:饱满|良好|顺利)|满编|谢"
)
_CLAUSE: Final = re.compile(r"[^，。；？！,;?!：:]+[，。；？！,;?!：:]*")

# What a park gives is asked for in words of want or trouble; 车门锁 and 电力防污闪材料 only name a thing.
_WANTING: Final = re.compile(
    r"[想要缺找请盼望催没太坏贵漏堵挤裂涨溢坑挡占吗呢难脏臭味锈吵乱慢远租修只怎哪谁]|不(?!锈)|有[没无]|[能可]否"
    r"|急|申请|建议|希望|麻烦|协调|影响|何时|多久|什么|啥|[费价]|排队|增[加容设]|报装|停[水电气]|断[水电网供]|[进积渗]水|倒灌|超标"
)
# Characters that a text must keep to be about something (judgement).
_SHORTEST: Final = 4

_GIVEN: Final = [INTENTS.index(intent) for intent in ("site", "utilities")]


def find_intents(texts: Sequence[str], *, encoder: Encoder = None) -> list[list[tuple[str, int, int, float]]]:
    """Find what each text asks for, with which probability, and in which clause it says so.

    Each intent has a linear support vector machine on sentence vectors, words and characters, and the
    thesaurus' topics (``text.topic_shares``), fitted to 3,987 labelled examples (``intent_phrases.csv``).
    The fitted weights come with the package; for another encoder than the packaged one they are learnt at
    the first call, in some seconds. Decision values become probabilities by Platt's (1999) sigmoid.

    Clauses that negate, or report something settled, are left out beforehand. A text of one clause without
    a word of want or trouble, such as a title, asks for no site and no utilities. The likeliest intent
    counts from a probability of 0.25, every further one from 0.5; one that a clause read alone gives at
    least 0.97 counts with 0.5, if the whole text gives it at least 0.1.

    Parameters
    ----------
    texts
        Chinese texts.
    encoder
        As in ``text.encode``.

    Returns
    -------
    list
        For each text its (intent, start, end, probability), in the order of ``INTENTS``; start and end are
        the characters, end exclusive, of the clause in which the intent is most probable.

    Examples
    --------
    >>> [[(intent, start) for intent, start, *_ in asked] for asked in find_intents(["不缺人，就缺订单"])]
    [[('customer', 4)]]
    """
    # [银行卡号] is not about money.
    texts = [blank_masks(text) for text in texts]
    spans = [_asking(text) for text in texts]
    asking = ["".join(text[a:b] for a, b in kept) for text, kept in zip(texts, spans, strict=True)]
    filled = [i for i, text in enumerate(asking) if text.strip()]
    probabilities = np.zeros((len(texts), len(INTENTS)))
    probabilities[filled] = intent_probabilities([asking[i] for i in filled], encoder=encoder)
    titles = [i for i in filled if len(spans[i]) == 1 and not _WANTING.search(asking[i])]
    probabilities[np.ix_(titles, _GIVEN)] = 0.0
    # Clauses are read alone only where there are several and the text asks for something.
    several = [i for i in filled if len(spans[i]) > 1 and probabilities[i].max() >= LEAST_FIRST]
    rest = intent_probabilities([texts[i][a:b] for i in several for a, b in spans[i]], encoder=encoder)
    by_clause: dict[int, Any] = {}
    for i in several:
        by_clause[i], rest = np.split(rest, [len(spans[i])])
    intents: list[list[tuple[str, int, int, float]]] = []
    for i, row in enumerate(probabilities):
        clauses = by_clause.get(i, row[None])
        plain = (row >= _HINTED) & (clauses.max(axis=0) >= _PLAIN) & (i in by_clause)
        final = np.where(plain, np.maximum(row, LEAST_FURTHER), row)
        least = np.where(np.arange(len(INTENTS)) == final.argmax(), LEAST_FIRST, LEAST_FURTHER)
        asked = []
        for j in np.flatnonzero(final >= least):
            start, end = spans[i][int(clauses[:, j].argmax())]
            asked.append((INTENTS[j], start, end, round(float(final[j]), 3)))
        intents.append(asked)
    return intents


def _asking(text: str) -> list[tuple[int, int]]:
    """Places of the clauses that may ask for something."""
    clauses = [match.span() for match in _CLAUSE.finditer(text)]
    return [(a, b) for a, b in clauses if text[a:b].strip() and not _NOT_ASKED.search(text[a:b])]


def _n_clauses(texts: Sequence[str]) -> list[int]:
    return [len(_CLAUSE.findall(text)) for text in texts]


def asking_text(text: str) -> str:
    """Leave out the clauses that negate or report something settled; the whole text where nothing is left.

    Examples
    --------
    >>> asking_text("贷款已经批下来了，现在缺焊工"), asking_text("补贴已经到账")
    ('现在缺焊工', '补贴已经到账')
    """
    kept = "".join(text[a:b] for a, b in _asking(text))
    return kept if len(kept) >= _SHORTEST else text


def intent_probabilities(
    texts: Sequence[str], *, encoder: Encoder = None, exact: bool = False
) -> np.ndarray[Any, np.dtype[np.float64]]:
    """Probability of each intent in each whole text, before any rule about clauses.

    Parameters
    ----------
    texts
        Chinese texts, or single clauses.
    encoder, exact
        As in ``text.encode``.

    Returns
    -------
    numpy.ndarray
        (texts, intents), 0–1, in the order of ``INTENTS``.

    Examples
    --------
    >>> INTENTS[int(intent_probabilities(["招不到焊工，想请园区帮忙招工"]).argmax())]
    'staff'
    """
    model = packaged_model() if encoder is None or encoder == "use" else learnt_model(encoder)
    return model.probabilities(texts, _n_clauses(texts), encoder=encoder, exact=exact)


@functools.lru_cache(maxsize=2)
def learnt_model(encoder: Encoder = None) -> IntentModel:
    """Learn the model from the packaged examples, read as texts are: without clauses that ask for nothing."""
    examples = packaged_examples()
    texts = ["".join(text[a:b] for a, b in _asking(text)) for text, _ in examples]
    kept = [i for i, text in enumerate(texts) if text]
    texts = [texts[i] for i in kept]
    return IntentModel.learn(texts, _n_clauses(texts), [examples[i][1] for i in kept], encoder=encoder)
