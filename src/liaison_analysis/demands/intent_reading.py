"""What a demand asks for, from its words, its phrases and the business of the enterprise that asks."""

from __future__ import annotations

import functools
import io
import re
from dataclasses import dataclass
from importlib.resources import files
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from liaison_analysis.demands.intent_cues import cue_flags, cues
from liaison_analysis.demands.intent_model import INTENTS
from liaison_analysis.demands.noun_pieces import noun_pieces, stands_sought

if TYPE_CHECKING:
    from collections.abc import Sequence

    Floats = np.ndarray[Any, np.dtype[np.float64]]

# Inverse strength of the regularisation of the logistic regressions, and weight of a sentence beside the
# demand it is from: chosen so that intents of the demands of each of the regions medical, display and food
# were found best by weights learnt without that region, and those of the sample no worse than before.
_C, _SENTENCE = 0.05, 0.7

# Scales of the columns before the regression is fitted: decisions of classifiers lie within
# -1 to 1 (judgement).
_OWN, _LAST = 2.0, 0.5

_FILE: Final = "intent_reader.npz"
_PACKAGE: Final = "liaison_analysis.demands"

#: What kind of organisation asks, by words of its business: phrases that are offers of a bank or laboratory
#: are not those of a factory.
_KINDS: Final = tuple(
    re.compile(pattern)
    for pattern in (
        "银行|小贷|担保|租赁|保理|投资|基金|保险|证券|融资",
        "检测|检验|计量|认证|校准",
        "研究院|研究所|大学|学院|实验室|科学院|院所|学校",
        "物流|仓储|运输|货运|快递|港口|配送|供应链",
        "服务|咨询|代理|软件|设计|人力|物业|工程|维修|安装",
    )
)

#: Cues whose meaning depends on whether the goods beside them are the enterprise's own or another's.
_BY_OWNER: Final = (
    "idle capacity", "no buyers", "buyers sought", "who would use it", "offered", "by-product",
    "introduction", "who makes it", "goods sought", "supply fails", "orders lost", "new product", "capacity",
    "test", "research", "hazardous waste", "service", "staff", "money", "bought outright", "sold outright",
    "money outright", "lent outright", "test outright", "research outright", "staff outright",
)  # fmt: skip


@dataclass(frozen=True)
class Reading:
    """One text, or one sentence, with what ``IntentModel`` decides about its parts.

    Attributes
    ----------
    sentences
        What asks, sentence by sentence.
    of_whole, of_sentences, of_clauses
        Decisions: (intents,), (sentences, intents) and (clauses, intents).
    business
        What the enterprise does; ``""`` where that is not known.
    """

    sentences: tuple[str, ...]
    of_whole: Floats
    of_sentences: Floats
    of_clauses: Floats
    business: str


@dataclass(frozen=True)
class IntentReader:
    """Logistic regression of every intent on decisions of ``IntentModel``, cues and the asker's business.

    Attributes
    ----------
    weights
        (columns, intents).
    offsets
        (intents,).
    """

    weights: Floats
    offsets: Floats

    def probabilities(self, readings: Sequence[Reading]) -> Floats:
        """Probability of each intent in each reading: (readings, intents)."""
        if not readings:
            return np.zeros((0, len(INTENTS)))
        decisions, flags = _columns(readings)
        scores = [_of_intent(decisions, flags, j) @ self.weights[:, j] for j in range(len(INTENTS))]
        return np.asarray(1 / (1 + np.exp(-(np.column_stack(scores) + self.offsets))))

    @classmethod
    def learn(
        cls, readings: Sequence[Reading], intents: Sequence[set[str]], weights: Sequence[float]
    ) -> IntentReader:
        """Fit; decisions must be of classifiers that were not fitted to the same texts.

        Parameters
        ----------
        readings
            Texts and sentences.
        intents
            What each asks for.
        weights
            How much each counts.
        """
        from sklearn.linear_model import LogisticRegression
        from threadpoolctl import threadpool_limits  # type: ignore[import-untyped]

        decisions, flags = _columns(readings)
        fitted = []
        with threadpool_limits(1):
            for j, intent in enumerate(INTENTS):
                asked = np.array([intent in of_text for of_text in intents])
                model = LogisticRegression(C=_C, max_iter=500)
                fitted.append(model.fit(_of_intent(decisions, flags, j), asked, sample_weight=weights))
        return cls(
            np.column_stack([model.coef_[0] for model in fitted]),
            np.array([model.intercept_[0] for model in fitted]),
        )

    def to_bytes(self) -> bytes:
        """Write the weights as a compressed ``.npz`` of numbers."""
        written = io.BytesIO()
        np.savez_compressed(
            written, weights=self.weights.astype(np.float32), offsets=self.offsets.astype(np.float32)
        )
        return written.getvalue()

    @classmethod
    def from_bytes(cls, written: bytes) -> IntentReader:
        """Read what ``to_bytes`` wrote."""
        with np.load(io.BytesIO(written), allow_pickle=False) as stored:
            return cls(stored["weights"].astype(np.float64), stored["offsets"].astype(np.float64))


@functools.lru_cache(maxsize=1)
def packaged_reader() -> IntentReader:
    """Read the weights that come with the package."""
    return IntentReader.from_bytes(files(_PACKAGE).joinpath(_FILE).read_bytes())


def example_weight(*, sentence: bool) -> float:
    """Weight of an example: a sentence counts less than the demand that it is from."""
    return _SENTENCE if sentence else 1.0


def _of_intent(decisions: tuple[Floats, Floats, Floats], flags: Floats, intent: int) -> Floats:
    """Columns for one intent: its own decisions first, then all decisions, then the flags."""
    whole, sentences, clauses = decisions
    others = np.delete(whole, intent, axis=1).max(axis=1)
    own = [
        whole[:, intent] * _OWN, sentences[:, intent] * _OWN, clauses[:, intent], whole[:, intent] - others
    ]  # fmt: skip
    return np.hstack([np.column_stack(own), whole, flags])


def _columns(readings: Sequence[Reading]) -> tuple[tuple[Floats, Floats, Floats], Floats]:
    """Decisions about whole texts, likeliest sentences and clauses; flags for cues and business."""
    whole = np.array([reading.of_whole for reading in readings])
    sentences = np.array([reading.of_sentences.max(axis=0) for reading in readings])
    clauses = np.array([reading.of_clauses.max(axis=0) for reading in readings])
    of_texts = cue_flags(["".join(reading.sentences) for reading in readings])
    places = np.cumsum([0, *(len(reading.sentences) for reading in readings)])
    by_sentence = cue_flags([sentence for reading in readings for sentence in reading.sentences])
    rows = [
        _flags(reading, of_text, by_sentence[a:b])
        for reading, of_text, a, b in zip(readings, of_texts, places, places[1:], strict=False)
    ]
    return (whole, sentences, clauses), np.array(rows)


def _flags(reading: Reading, of_text: Floats, by_sentence: Floats) -> Floats:
    """Cues of the text and of its last sentence, the asker's business, and cues beside its own goods."""
    names = list(cues())
    by_owner = by_sentence[:, [names.index(name) for name in _BY_OWNER]]
    own = _pairs(reading.business)
    mine = np.array([bool(own & _pairs(sentence)) for sentence in reading.sentences])
    known = bool(reading.business)
    none = np.zeros(len(_BY_OWNER))
    beside_own = by_owner[mine].max(axis=0, initial=0) if known else none
    beside_other = by_owner[~mine].max(axis=0, initial=0) if known else none
    shared = min(1.0, len(own & _pairs("".join(reading.sentences))) / 3)
    pieces = [
        (stands_sought(sentence, start), bool(own & _pairs(sentence[start:end])))
        for sentence in reading.sentences
        for start, end in noun_pieces(sentence)
    ]
    about = [
        known,
        shared,
        *(pattern.search(reading.business) is not None for pattern in _KINDS),
        known and shared > 0,
        known and not shared,
        any(sought and of_own for sought, of_own in pieces),
        known and any(sought and not of_own for sought, of_own in pieces),
        any(of_own for _, of_own in pieces),
        len(reading.sentences) == 1,
        len(reading.sentences) > 2,
        len(reading.of_clauses) == 1,
    ]
    return np.concatenate(
        [of_text, by_sentence[-1] * _LAST, np.array(about, dtype=float), beside_own, beside_other]
    )


def _pairs(words: str) -> set[str]:
    """Pairs of neighbouring characters that are letters, numbers or Chinese."""
    return {words[i : i + 2] for i in range(len(words) - 1) if words[i : i + 2].isalnum()}
