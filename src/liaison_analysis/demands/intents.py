"""What a text asks for: customers, suppliers, money, tests, research, staff, policy, site or utilities."""

from __future__ import annotations

import functools
import re
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from liaison_analysis.demands.asking import CLAUSE, Span, asking_sentences
from liaison_analysis.demands.intent_cues import weigh_cues
from liaison_analysis.demands.intent_model import INTENTS, IntentModel, packaged_examples, packaged_model
from liaison_analysis.privacy import blank_masks

if TYPE_CHECKING:
    from collections.abc import Sequence

    from liaison_analysis.text import Encoder

#: Smallest probability at which the likeliest intent of a text counts, at which every further one does (most
#: texts ask for one thing), and at which the likeliest of one sentence among several does. Chosen on the two
#: development regions of ``benchmarks/regions.py``, 2026-11.
LEAST_FIRST: Final = 0.35
LEAST_FURTHER: Final = 0.6
LEAST_OF_SENTENCE: Final = 0.6

# An intent that is improbable in the whole text counts all the same, if the text leaves it at least the first
# probability and one of its clauses, read alone, gives it the second. Half of the intents found in that way
# alone were right in texts written apart from the packaged examples.
_HINTED, _PLAIN = 0.1, 0.97

# What a park gives is asked for in words of want or trouble; 车门锁 and 电力防污闪材料 only name a thing.
_WANTING: Final = re.compile(
    r"[想要缺找请盼望催没太坏贵漏堵挤裂涨溢坑挡占吗呢难脏臭味锈吵乱慢远租修只怎哪谁]|不(?!锈)|有[没无]|[能可]否"
    r"|急|申请|建议|希望|麻烦|协调|影响|何时|多久|什么|啥|[费价]|排队|增[加容设]|报装|停[水电气]|断[水电网供]|[进积渗]水|倒灌|超标"
)
# Characters that a text must keep to be about something (judgement).
_SHORTEST: Final = 4

_Found = tuple[str, int, int, float]
_Rows = np.ndarray[Any, np.dtype[np.float64]]
_GIVEN: Final = [INTENTS.index(intent) for intent in ("site", "utilities")]


def find_intents(texts: Sequence[str], *, encoder: Encoder = None) -> list[list[tuple[str, int, int, float]]]:
    """Find what each text asks for, with which probability, and in which clause it says so.

    Each intent has a linear support vector machine on sentence vectors, words and characters, and the
    thesaurus' topics (``text.topic_shares``), fitted to 4,271 labelled examples (``intent_phrases.csv``).
    The fitted weights come with the package; for another encoder than the packaged one they are learnt at
    the first call, in some seconds. Decision values become probabilities by Platt's (1999) sigmoid.

    Clauses that negate, and sentences that report something settled, are left out beforehand
    (``asking_sentences``); phrases that say outright what is asked for move the probabilities (``CUES``). A
    text of one clause without a word of want or trouble, such as a title, asks for no site and no utilities.
    The likeliest intent counts from a probability of 0.35, every further one from 0.6; where a text has
    several sentences, the likeliest intent of each counts from 0.6; one that a clause read alone gives at
    least 0.97 counts, if the whole text gives it at least 0.1.

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
    asking = [asking_sentences(text) for text in texts]
    read = [[_joined(text, clauses) for clauses in kept] for text, kept in zip(texts, asking, strict=True)]
    filled = [i for i, sentences in enumerate(read) if sentences]
    whole = np.zeros((len(texts), len(INTENTS)))
    whole[filled] = intent_probabilities(["".join(read[i]) for i in filled], encoder=encoder)
    # Sentences are read alone only where there are several.
    several = [i for i in filled if len(read[i]) > 1]
    alone = intent_probabilities([sentence for i in several for sentence in read[i]], encoder=encoder)
    alone = weigh_cues(alone, [sentence for i in several for sentence in read[i]])
    single = [i for i in filled if len(read[i]) == 1]
    whole[single] = weigh_cues(whole[single], [read[i][0] for i in single])
    titles = [i for i in single if len(asking[i][0]) == 1 and not _WANTING.search(read[i][0])]
    whole[np.ix_(titles, _GIVEN)] = 0.0
    by_sentence: dict[int, Any] = {i: whole[[i]] for i in single}
    for i in several:
        by_sentence[i], alone = np.split(alone, [len(read[i])])
    clauses = [[clause for sentence in kept for clause in sentence] for kept in asking]
    divided = [i for i in filled if len(clauses[i]) > 1 and whole[i].max() >= _HINTED]
    rest = intent_probabilities([texts[i][a:b] for i in divided for a, b in clauses[i]], encoder=encoder)
    chosen: list[list[tuple[str, int, int, float]]] = [[] for _ in texts]
    for i in filled:
        by_clause = whole[[i]]
        if i in divided:
            by_clause, rest = np.split(rest, [len(clauses[i])])
        chosen[i] = _chosen(whole[i], by_sentence[i], by_clause, asking[i])
    return chosen


def _chosen(whole: _Rows, sentences: _Rows, clauses: _Rows, asking: list[list[Span]]) -> list[_Found]:
    """Intents of one text that are probable enough, each with the clause that says so most plainly."""
    least = np.where(np.arange(len(INTENTS)) == whole.argmax(), LEAST_FIRST, LEAST_FURTHER)
    counts = whole >= least
    probability = np.maximum(whole, sentences.max(axis=0))
    if len(sentences) > 1:
        likeliest = sentences.argmax(axis=1)
        counts[likeliest[sentences.max(axis=1) >= LEAST_OF_SENTENCE]] = True
    if len(clauses) > 1:
        plain = (whole >= _HINTED) & (clauses.max(axis=0) >= _PLAIN)
        counts |= plain
        probability = np.where(plain, np.maximum(probability, LEAST_FURTHER), probability)
    places = [clause for sentence in asking for clause in sentence]
    of_sentence = np.repeat(np.arange(len(asking)), [len(sentence) for sentence in asking])
    found = []
    for j in np.flatnonzero(counts):
        best = sentences[:, j].argmax() if len(sentences) > 1 else 0
        inside = np.flatnonzero(of_sentence == best)
        at = inside[clauses[inside, j].argmax()] if len(clauses) == len(places) else inside[0]
        found.append((INTENTS[j], *places[int(at)], round(float(probability[j]), 3)))
    return found


def _joined(text: str, clauses: list[tuple[int, int]]) -> str:
    return "".join(text[a:b] for a, b in clauses)


def _n_clauses(texts: Sequence[str]) -> list[int]:
    return [len(CLAUSE.findall(text)) for text in texts]


def asking_text(text: str) -> str:
    """Leave out the clauses that negate or report something settled; the whole text where nothing is left.

    Examples
    --------
    >>> asking_text("贷款已经批下来了，现在缺焊工"), asking_text("补贴已经到账")
    ('现在缺焊工', '补贴已经到账')
    """
    kept = "".join(_joined(text, clauses) for clauses in asking_sentences(text))
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
    texts = ["".join(_joined(text, clauses) for clauses in asking_sentences(text)) for text, _ in examples]
    kept = [i for i, text in enumerate(texts) if text]
    texts = [texts[i] for i in kept]
    return IntentModel.learn(texts, _n_clauses(texts), [examples[i][1] for i in kept], encoder=encoder)
