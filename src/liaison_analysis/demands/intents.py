"""What a text asks for: customers, suppliers, money, tests, research, staff, policy, site or utilities."""

from __future__ import annotations

import csv
import functools
import re
from importlib.resources import files
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from liaison_analysis.privacy import blank_masks
from liaison_analysis.text import char_ngrams, encode, matter_shares, word_and_char_features

if TYPE_CHECKING:
    from collections.abc import Sequence

    from liaison_analysis.text import Encoder

#: What a demand can ask to be brought together with, or to be given; a text may carry several.
INTENTS: Final = (
    "customer", "supplier", "finance", "test", "research", "staff", "policy", "site", "utilities",
)  # fmt: skip

#: From this probability the likeliest intent of a text counts as told; every further one needs more, since
#: most texts ask for one thing. Chosen by cross-validation on the packaged examples.
TOLD: Final = 0.25
TOLD_TOO: Final = 0.5

# In a long text the rest can hide what one clause says plainly: of such finds every second was right.
_HINTED, _PLAIN = 0.1, 0.97

# A clause that only says what is not wanted, or what is settled, asks for nothing.
_NOT_ASKED: Final = re.compile(
    r"不缺|不用|不愁|(?<!是)不是|无需|不需要|不要(?!求)|用不着|不想|不打算|不考虑"
    r"|没有?[^，。；]{0,12}(?:困难|需求|问题)"
    r"|(?:已|经)[^，。；]{0,8}(?:解决|到账|下来|办好|办结|通过|谈好|拿到|发放|到位|处理|退款|完成|招满|找到)"
    r"|(?<![没未不])(?:下来|修好|谈妥|解决|处理|招满|补齐|到账)了|(?<!不)(?:饱满|良好|顺利)|满编|谢"
)
_CLAUSE: Final = re.compile(r"[^，。；？！,;?!：:]+[，。；？！,;?!：:]*")

# What a park gives is asked for in words of want or trouble; 车门锁 and 电力防污闪材料 only name a matter.
_WANTING: Final = re.compile(
    r"[想要缺找请盼望催没太坏贵漏堵挤裂涨溢坑挡占吗呢难脏臭味锈吵乱慢远租修只怎哪谁]|不(?!锈)|有[没无]|[能可]否"
    r"|急|申请|建议|希望|麻烦|协调|影响|何时|多久|什么|啥|[费价]|排队|增[加容设]|报装|停[水电气]|断[水电网供]|[进积渗]水|倒灌|超标"
)
_GIVEN: Final = [INTENTS.index(intent) for intent in ("site", "utilities")]

# Chosen by cross-validation on the packaged examples and on texts written apart from them.
_VECTOR, _WORDS, _ALONE, _C = 0.7, 2.0, 0.5, 0.5

# Decision values of held-out examples against their labels, all intents together (Platt 1999).
_SLOPE, _OFFSET = 4.8, 0.39


def find_intents(texts: Sequence[str], *, encoder: Encoder = None) -> list[list[tuple[str, int, int, float]]]:
    """Find what each text asks for, how sure that is, and in which clause it is said.

    A linear support vector machine for each intent on sentence vectors, words and characters, and the
    thesaurus of matters (``theme_space.matter_shares``), fitted to 3,987 labelled examples that come with the
    package (``intent_phrases.csv``). Clauses that negate or report something settled are left out beforehand.
    A text of one clause that says neither want nor trouble, such as a title, asks a park for no site and no
    utilities. The likeliest intent counts from ``TOLD``, every further one from ``TOLD_TOO``, and one that a
    clause says plainly when read alone counts with ``TOLD_TOO`` if the whole text does not speak against it.

    Parameters
    ----------
    texts
        Chinese texts.
    encoder
        As in ``text.encode``.

    Returns
    -------
    list
        For each text its (intent, start, end, probability), by ``INTENTS``; places are those of the clause
        that speaks for it most.

    Examples
    --------
    >>> [[(intent, start) for intent, start, *_ in found] for found in find_intents(["不缺人，就缺订单"])]
    [[('customer', 4)]]
    """
    # [银行卡号] is no matter of money.
    texts = [blank_masks(text) for text in texts]
    spans = [_asking(text) for text in texts]
    asking = ["".join(text[a:b] for a, b in kept) for text, kept in zip(texts, spans, strict=True)]
    spoken = [i for i, text in enumerate(asking) if text.strip()]
    told = np.zeros((len(texts), len(INTENTS)))
    told[spoken] = _probabilities([asking[i] for i in spoken], encoder)
    titles = [i for i in spoken if len(spans[i]) == 1 and not _WANTING.search(asking[i])]
    told[np.ix_(titles, _GIVEN)] = 0.0
    # Clauses are looked at only where there are several and something is told.
    several = [i for i in spoken if len(spans[i]) > 1 and told[i].max() >= TOLD]
    alone = _probabilities([texts[i][a:b] for i in several for a, b in spans[i]], encoder)
    by_clause: dict[int, Any] = {}
    for i in several:
        by_clause[i], alone = np.split(alone, [len(spans[i])])
    found: list[list[tuple[str, int, int, float]]] = []
    for i, row in enumerate(told):
        clauses = by_clause.get(i, row[None])
        plainly = (row >= _HINTED) & (clauses.max(axis=0) >= _PLAIN) & (i in by_clause)
        sure = np.where(plainly, np.maximum(row, TOLD_TOO), row)
        least = np.where(np.arange(len(INTENTS)) == sure.argmax(), TOLD, TOLD_TOO)
        said = []
        for j in np.flatnonzero(sure >= least):
            start, end = spans[i][int(clauses[:, j].argmax())]
            said.append((INTENTS[j], start, end, round(float(sure[j]), 3)))
        found.append(said)
    return found


def _asking(text: str) -> list[tuple[int, int]]:
    """Places of the clauses that may ask for something."""
    clauses = [match.span() for match in _CLAUSE.finditer(text)]
    return [(a, b) for a, b in clauses if text[a:b].strip() and not _NOT_ASKED.search(text[a:b])]


def _features(text: str) -> list[str]:
    return word_and_char_features(text) + char_ngrams(text, low=2, high=2)


def _matrix(texts: list[str], words: Any, encoder: Encoder) -> Any:
    from scipy import sparse

    alone = np.array([[len(_CLAUSE.findall(text)) == 1] for text in texts], float)
    dense = np.hstack([encode(texts, encoder=encoder) * _VECTOR, matter_shares(texts), alone * _ALONE])
    return sparse.hstack([sparse.csr_matrix(dense), words.transform(texts) * _WORDS], format="csr")


def _probabilities(texts: list[str], encoder: Encoder) -> np.ndarray[Any, np.dtype[np.float64]]:
    """(texts, intents)."""
    if not texts:
        return np.zeros((0, len(INTENTS)))
    words, weights, offsets = _fitted(encoder)
    decisions = _matrix(texts, words, encoder) @ weights + offsets
    return np.asarray(1 / (1 + np.exp(-(_SLOPE * decisions + _OFFSET))))


@functools.lru_cache(maxsize=2)
def _fitted(encoder: Encoder) -> tuple[Any, Any, Any]:
    """Learn from the packaged examples; some seconds, once a process."""
    return _learnt(_examples(), encoder)


def _examples() -> list[tuple[str, set[str]]]:
    """Texts and their intents, from ``intent_phrases.csv``."""
    table = files("liaison_analysis.demands").joinpath("intent_phrases.csv").read_text(encoding="utf-8")
    rows = csv.DictReader(table.splitlines())
    return [(row["text"], set(filter(None, row["intents"].split(";")))) for row in rows]


def _learnt(examples: Sequence[tuple[str, set[str]]], encoder: Encoder) -> tuple[Any, Any, Any]:
    """Weights of words, (features, intents) and offsets of the classifiers."""
    from sklearn.feature_extraction.text import TfidfVectorizer
    from sklearn.svm import LinearSVC
    from threadpoolctl import threadpool_limits  # type: ignore[import-untyped]

    # Examples are read as texts are: without the clauses that ask for nothing.
    read = [("".join(text[a:b] for a, b in _asking(text)), intents) for text, intents in examples]
    texts = [text for text, _ in read if text]
    words = TfidfVectorizer(analyzer=_features, sublinear_tf=True).fit(texts)
    features = _matrix(texts, words, encoder)
    models = []
    with threadpool_limits(1):  # BLAS threads wait for each other in a busy machine
        for intent in INTENTS:
            asked = np.array([intent in intents for text, intents in read if text])
            models.append(LinearSVC(C=_C, random_state=0).fit(features, asked))
    weights = np.column_stack([model.coef_[0] for model in models])
    return words, weights, np.array([model.intercept_[0] for model in models])
