"""What a text asks for: customers, suppliers, money, tests, research, staff, policy, site or utilities."""

from __future__ import annotations

import csv
import functools
import re
from importlib.resources import files
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from liaison_analysis.privacy import blank_masks
from liaison_analysis.text import char_ngrams, encode, word_and_char_features
from liaison_analysis.theme_space import matter_shares

if TYPE_CHECKING:
    from collections.abc import Sequence

    from liaison_analysis.text import Encoder

#: What a demand can ask to be brought together with, or to be given; a text may carry several.
INTENTS: Final = (
    "customer", "supplier", "finance", "test", "research", "staff", "policy", "site", "utilities",
)  # fmt: skip

#: From this probability an intent counts as told.
TOLD: Final = 0.6

# A clause that only says what is not wanted, or what is settled, asks for nothing.
_NOT_ASKED: Final = re.compile(
    r"不缺|不用|不愁|不是|无需|不需要|不要|用不着|不想|没有?[^，。；]{0,12}(?:困难|需求|问题)"
    r"|(?:已|经)[^，。；]{0,8}(?:解决|到账|下来|办好|办结|通过|谈好|拿到|发放|到位)|谢"
)
_CLAUSE: Final = re.compile(r"[^，。；？！,;?!：:]+[，。；？！,;?!：:]*")

# What a park gives is asked for in words of want or trouble; 车门锁 and 电力防污闪材料 only name a matter.
_WANTING: Final = re.compile(
    r"[想要缺找请盼望催没太坏贵漏堵挤裂涨溢坑挡占吗呢难脏臭味锈吵乱慢远租修只怎哪谁]|不(?!锈)|有[没无]|[能可]否"
    r"|急|申请|建议|希望|麻烦|协调|影响|何时|多久|什么|啥|[费价]|排队|增[加容设]|报装|停[水电气]|断[水电网供]|[进积渗]水|倒灌|超标"
)
_GIVEN: Final = [INTENTS.index(intent) for intent in ("site", "utilities")]

# Chosen by cross-validation on the packaged examples and on texts written apart from them.
_VECTOR, _WORDS, _CUES, _C = 0.7, 2.0, 0.5, 10.0


def find_intents(texts: Sequence[str], *, encoder: Encoder = None) -> list[list[tuple[str, int, int, float]]]:
    """Find what each text asks for, how sure that is, and in which clause it is said.

    Logistic regression for each intent on sentence vectors, words and characters, the thesaurus of matters
    (``theme_space.matter_shares``) and wordings that speak for an intent (``intent_cues.csv``), fitted to
    1,799 labelled examples that come with the package (``intent_phrases.csv``). Clauses that negate or report
    something settled are left out beforehand. A text of one clause that says neither want nor trouble, such
    as a title, asks a park for no site and no utilities.

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
    pieces = [(i, a, b) for i in several for a, b in spans[i]]
    # Words say where; vectors of clauses would take as long as those of the texts.
    by_clause = _probabilities([texts[i][a:b] for i, a, b in pieces], encoder, vectors=False)
    found: list[list[tuple[str, int, int, float]]] = []
    at = 0
    for i, row in enumerate(told):
        n = len(spans[i]) if len(spans[i]) > 1 and row.max() >= TOLD else 0
        mine, at = by_clause[at : at + n], at + n
        said = []
        for j in np.flatnonzero(row >= TOLD):
            start, end = spans[i][int(mine[:, j].argmax())] if n else spans[i][0]
            said.append((INTENTS[j], start, end, round(float(row[j]), 3)))
        found.append(said)
    return found


def _asking(text: str) -> list[tuple[int, int]]:
    """Places of the clauses that may ask for something."""
    clauses = [match.span() for match in _CLAUSE.finditer(text)]
    return [(a, b) for a, b in clauses if text[a:b].strip() and not _NOT_ASKED.search(text[a:b])]


def _features(text: str) -> list[str]:
    return word_and_char_features(text) + char_ngrams(text, low=2, high=2)


@functools.lru_cache(maxsize=1)
def _cues() -> list[re.Pattern[str]]:
    """Wordings that speak for or against an intent; how much each counts is learnt.

    Words for a matter of each intent and for two that no intent stands for (schools, permits); who is sought
    (``seek_``: 找 … 公司 or 找 … 专家); and that the writer offers (``offer_``: 做轴承的, 产能富余), for
    needing bearings and making them share their noun.
    """
    return [re.compile(row["pattern"]) for row in _rows("intent_cues.csv")]


def _rows(name: str) -> list[dict[str, str]]:
    table = files("liaison_analysis").joinpath(name).read_text(encoding="utf-8")
    return list(csv.DictReader(table.splitlines()))


def _matrix(texts: list[str], words: Any, encoder: Encoder, *, vectors: bool = True) -> Any:
    from scipy import sparse

    cues = np.array([[cue.search(text) is not None for cue in _cues()] for text in texts], float)
    alone = np.array([[len(_CLAUSE.findall(text)) == 1] for text in texts], float)
    meant = encode(texts if vectors else texts[:1], encoder=encoder) * _VECTOR
    if not vectors:
        meant = np.zeros((len(texts), meant.shape[1]), meant.dtype)
    dense = np.hstack([meant, matter_shares(texts), cues * _CUES, alone * _CUES])
    return sparse.hstack([sparse.csr_matrix(dense), words.transform(texts) * _WORDS], format="csr")


def _probabilities(
    texts: list[str], encoder: Encoder, *, vectors: bool = True
) -> np.ndarray[Any, np.dtype[np.float64]]:
    """(texts, intents)."""
    if not texts:
        return np.zeros((0, len(INTENTS)))
    words, models = _fitted(encoder)
    features = _matrix(texts, words, encoder, vectors=vectors)
    return np.column_stack([model.predict_proba(features)[:, 1] for model in models])


@functools.lru_cache(maxsize=2)
def _fitted(encoder: Encoder) -> tuple[Any, list[Any]]:
    """Weights of words and one classifier an intent; a second's work, once a process."""
    from sklearn.feature_extraction.text import TfidfVectorizer
    from sklearn.linear_model import LogisticRegression
    from threadpoolctl import threadpool_limits  # type: ignore[import-untyped]

    rows = _rows("intent_phrases.csv")
    texts = [row["text"] for row in rows]
    words = TfidfVectorizer(analyzer=_features, sublinear_tf=True).fit(texts)
    features = _matrix(texts, words, encoder)
    models = []
    for intent in INTENTS:
        labels = np.array([intent in row["intents"].split(";") for row in rows])
        model = LogisticRegression(C=_C, class_weight="balanced", max_iter=3000)
        with threadpool_limits(1):  # BLAS threads wait for each other in a busy machine
            models.append(model.fit(features, labels))
    return words, models
