"""What a text asks for: customers, suppliers, money, tests, research, staff, policy, site or utilities."""

from __future__ import annotations

import functools
import re
import unicodedata
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from liaison_analysis.demands.asking import CLAUSE, Span, asking_sentences
from liaison_analysis.demands.intent_model import INTENTS, IntentModel, packaged_examples, packaged_model
from liaison_analysis.demands.intent_reading import IntentReader, Reading, example_weight, packaged_reader
from liaison_analysis.demands.request_examples import intent_examples
from liaison_analysis.privacy import blank_masks
from liaison_analysis.text import encode

if TYPE_CHECKING:
    from collections.abc import Sequence

    from liaison_analysis.text import Encoder

#: Smallest probability for the likeliest intent of a text, for every further intent of it (most
#: texts ask for one thing), and for an intent of one sentence among several. Chosen on the region
#: ``machinery`` of ``benchmarks/regions.py``, 200 demands of the sample and 160 written ones, 2026-12.
LEAST_FIRST: Final = 0.36
LEAST_FURTHER: Final = 0.38
LEAST_OF_SENTENCE: Final = 0.75

# A request for site or utilities has a word of need or trouble; 车门锁 and 电力防污闪材料 only name a thing.
_WANTING: Final = re.compile(
    r"[想要缺找请盼望催没太坏贵漏堵挤裂涨溢坑挡占吗呢难脏臭味锈吵乱慢远租修只怎哪谁]|不(?!锈)|有[没无]|[能可]否"
    r"|急|申请|建议|希望|麻烦|协调|影响|何时|多久|什么|啥|[费价]|排队|增[加容设]|报装|停[水电气]|断[水电网供]|[进积渗]水|倒灌|超标"
)
# Who asks, by its business, and what a school says of its pupils.
_LENDS: Final = re.compile(
    "存贷款|贷款|授信|(?:融资|信用|银行)?担保|融资租赁|直租|回租|保理|小额贷|承兑|贴现"
)
_TEACHES: Final = re.compile("院校|学院|学校|职业教育|个?专业(?:$|[，。、；）)])|培训班|学历|技师|中专|高职")
_PUPILS: Final = re.compile("毕业|学生|实习|顶岗|订单班|跟岗|在校生")
# Characters that must be left of a text for it to ask for something (judgement).
_SHORTEST: Final = 4

# Folds of cross-fitting: decisions about an example are of classifiers fitted without it.
_FOLDS: Final = 3

_Found = tuple[str, int, int, float]
_Rows = np.ndarray[Any, np.dtype[np.float64]]
_GIVEN: Final = [INTENTS.index(intent) for intent in ("site", "utilities")]


def find_intents(
    texts: Sequence[str], *, business: Sequence[str] | None = None, encoder: Encoder = None
) -> list[list[tuple[str, int, int, float]]]:
    """Find what each text asks for, with which probability, and in which clause.

    Clauses that negate, and sentences that report something settled, are left out beforehand
    (``asking_sentences``). Each intent has a linear support vector machine on sentence vectors of the text
    and of the business, words, characters, and the thesaurus' topics (``text.topic_shares``). It also reads
    the text with its goods replaced by marks of whose they are (delexicalisation, ``goods_marks``): 缺Ⓑ
    where what is missing goes into the enterprise's own products. It is fitted to 4,293 labelled phrases
    (``intent_phrases.csv``) and 5,605 demands of many trades whose parts are marked (``intent_examples``). A
    logistic regression combines their decisions about the text, its sentences and its clauses, the phrases
    of ``intent_cues.csv``, and whether the words stand beside the enterprise's own goods (stacking, Wolpert
    1992, doi:10.1016/S0893-6080(05)80023-1). The fitted weights come with the package; for another encoder
    than the packaged one the classifiers are learnt at the first call, in some twenty seconds.

    A text of one clause without a word of need or trouble, such as a title, asks for no site and no
    utilities. The likeliest intent counts from a probability of 0.36, every further one from 0.38; where a
    text has several sentences, what one of them asks for with at least 0.75 counts.

    Parameters
    ----------
    texts
        Chinese texts.
    business
        For each text what the asking enterprise does, in its own words (主营业务); ``""`` where that is not
        known. A seller names its own goods, a buyer those of others.
    encoder
        As in ``text.encode``.

    Returns
    -------
    list
        For each text its (intent, start, end, probability), in the order of ``INTENTS``; start and end are
        the characters, end exclusive, of the clause in which the intent is most probable.

    Raises
    ------
    ValueError
        ``business`` has another length than ``texts``.

    Examples
    --------
    >>> [[(intent, start) for intent, start, *_ in asked] for asked in find_intents(["不缺人，就缺订单"])]
    [[('customer', 4)]]
    """
    if business is not None and len(business) != len(texts):
        raise ValueError(
            f"expected one business for each of the {len(texts)} texts, got {len(business)}; write '' where "
            "it is not known"
        )
    # [银行卡号] is not about money.
    plain = [_in_one_width(blank_masks(text)) for text in texts]
    asking = [asking_sentences(text) for text in plain]
    filled = [i for i, sentences in enumerate(asking) if sentences]
    model = packaged_model() if encoder is None or encoder == "use" else learnt_model(encoder)
    firms = [""] * len(texts) if business is None else business
    whole = _readings(
        model, [plain[i] for i in filled], [asking[i] for i in filled], [firms[i] for i in filled], encoder
    )
    reader = packaged_reader()
    of_whole = reader.probabilities(whole)
    # Sentences are read alone only where there are several.
    alone = [part for reading in whole for part in _sentence_readings(reading)]
    of_alone = reader.probabilities(alone)
    chosen: list[list[_Found]] = [[] for _ in texts]
    for i, reading, probabilities in zip(filled, whole, of_whole, strict=True):
        sentences = asking[i]
        if len(sentences) == 1 and len(sentences[0]) == 1 and not _WANTING.search(reading.sentences[0]):
            probabilities[_GIVEN] = 0.0
        by_sentence = probabilities[None]
        if len(sentences) > 1:
            by_sentence, of_alone = np.split(of_alone, [len(sentences)])
        found = _chosen(probabilities, by_sentence, reading.of_clauses, sentences)
        chosen[i] = _by_who_asks(found, texts[i], firms[i])
    return chosen


def _by_who_asks(found: list[_Found], text: str, business: str) -> list[_Found]:
    """Read by who asks: a lender that mentions loans offers them, and a school's pupils are not vacancies."""
    if not business:
        return found
    if _LENDS.search(business):
        named = {intent for intent, *_ in found}
        found = [row for row in found if row[0] != "finance" or "customer" not in named]
        found = [("customer", *row[1:]) if row[0] == "finance" else row for row in found]
    if _TEACHES.search(business) and _PUPILS.search(text):
        found = [row for row in found if row[0] != "staff"]
    return sorted(found, key=lambda row: INTENTS.index(row[0]))


def _chosen(whole: _Rows, sentences: _Rows, clauses: _Rows, asking: list[list[Span]]) -> list[_Found]:
    """Intents of one text that are probable enough, each with the clause in which it is most probable."""
    least = np.where(np.arange(len(INTENTS)) == whole.argmax(), LEAST_FIRST, LEAST_FURTHER)
    counts = whole >= least
    probability = whole
    if len(asking) > 1:
        best = sentences.max(axis=0)
        counts |= best >= LEAST_OF_SENTENCE
        probability = np.maximum(whole, best)
    places = [clause for sentence in asking for clause in sentence]
    of_sentence = np.repeat(np.arange(len(asking)), [len(sentence) for sentence in asking])
    found = []
    for j in np.flatnonzero(counts):
        sentence = sentences[:, j].argmax() if len(asking) > 1 else 0
        inside = np.flatnonzero(of_sentence == sentence)
        at = inside[clauses[inside, j].argmax()]
        found.append((INTENTS[j], *places[int(at)], round(float(probability[j]), 3)))
    return found


def _readings(
    model: IntentModel,
    texts: Sequence[str],
    asking: Sequence[list[list[Span]]],
    business: Sequence[str],
    encoder: Encoder,
) -> list[Reading]:
    """Decide about each text, its sentences and its clauses, all in one pass."""
    sentences = [[_joined(text, part) for part in parts] for text, parts in zip(texts, asking, strict=True)]
    units: dict[tuple[str, str], int] = {}
    for text, parts, joined, firm in zip(texts, asking, sentences, business, strict=True):
        for unit in ["".join(joined), *joined, *(text[a:b] for part in parts for a, b in part)]:
            units.setdefault((unit, firm), len(units))
    written, firms = [unit for unit, _ in units], [firm for _, firm in units]
    decisions = model.decisions(written, _n_clauses(written), firms, encoder=encoder)
    readings = []
    for text, parts, joined, firm in zip(texts, asking, sentences, business, strict=True):
        clauses = [units[text[a:b], firm] for part in parts for a, b in part]
        readings.append(
            Reading(
                tuple(joined),
                decisions[units["".join(joined), firm]],
                decisions[[units[sentence, firm] for sentence in joined]],
                decisions[clauses],
                firm,
            )
        )
    return readings


def _sentence_readings(reading: Reading) -> list[Reading]:
    """Sentences of a text read alone, where it has several."""
    if len(reading.sentences) == 1:
        return []
    counts = [len(CLAUSE.findall(sentence)) for sentence in reading.sentences]
    clauses = np.split(reading.of_clauses, np.cumsum(counts)[:-1])
    return [
        Reading((sentence,), decided, decided[None], of_clauses, reading.business)
        for sentence, decided, of_clauses in zip(
            reading.sentences, reading.of_sentences, clauses, strict=True
        )
    ]


def _joined(text: str, clauses: list[tuple[int, int]]) -> str:
    return "".join(text[a:b] for a, b in clauses)


def _n_clauses(texts: Sequence[str]) -> list[int]:
    return [len(CLAUSE.findall(text)) for text in texts]


class _Widths(dict[int, str]):
    """Letters and digits half-width, punctuation full-width; the length of a text stays the same."""

    def __missing__(self, code: int) -> str:
        """Fold a character when it is met first."""
        folded = unicodedata.normalize("NFKC", chr(code))
        narrow = folded if len(folded) == 1 else chr(code)
        self[code] = {",": "，", ";": "；", "!": "！", "?": "？", ":": "："}.get(narrow, narrow)
        return self[code]


_WIDTHS: Final = _Widths()


def _in_one_width(text: str) -> str:
    return text.translate(_WIDTHS)


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
    """Probability of each intent in each whole text by its words alone, before cues and rules about clauses.

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
    """Fit the classifiers to the packaged examples, without clauses that ask for nothing."""
    return _learn(range(len(_examples())), encoder)


def learnt_reader() -> IntentReader:
    """Learn the weights of ``IntentReader`` by the packaged encoder; a minute.

    The examples are cut into three parts; decisions about each are of classifiers fitted to the
    other two.
    """
    rows = [row for fold in range(_FOLDS) for row in held_out_readings(fold)]
    return IntentReader.learn([row[0] for row in rows], [row[1] for row in rows], [row[2] for row in rows])


def held_out_readings(fold: int) -> list[tuple[Reading, set[str], float]]:
    """Decide about one fold of the examples by classifiers of the others: readings, intents, weights."""
    examples = _examples()
    part = np.random.default_rng(0).permutation(len(examples)) % _FOLDS
    model = _learn(np.flatnonzero(part != fold).tolist(), _known_vectors)
    held = [examples[i] for i in np.flatnonzero(part == fold)]
    asking = [asking_sentences(text) for text, *_ in held]
    kept = [i for i, sentences in enumerate(asking) if sentences]
    read = _readings(
        model,
        [held[i][0] for i in kept],
        [asking[i] for i in kept],
        [held[i][1] for i in kept],
        _known_vectors,
    )
    rows = []
    for i, reading in zip(kept, read, strict=True):
        _, _, asked, sentences = held[i]
        rows.append((reading, asked, example_weight(sentence=False)))
        alone = _sentence_readings(reading) if sentences else []
        rows += [
            (part_read, of_sentence, example_weight(sentence=True))
            for part_read, (_, of_sentence) in zip(alone, sentences, strict=bool(alone))
        ]
    return rows


_vectors: dict[str, np.ndarray[Any, Any]] = {}


def _known_vectors(texts: list[str]) -> np.ndarray[Any, Any]:
    """Encode by the packaged encoder what was not encoded before: folds share most of their texts."""
    new = [text for text in texts if text not in _vectors]
    _vectors.update(zip(new, encode(new), strict=True))
    return np.stack([_vectors[text] for text in texts])


@functools.cache
def _examples() -> list[tuple[str, str, set[str], list[tuple[str, set[str]]]]]:
    """Text, business, intents, and sentences with their intents, of all packaged examples, in one width."""
    rows = [(_in_one_width(text), "", intents, list[Any]()) for text, intents in packaged_examples()]
    return rows + [
        (example.text, example.business, example.intents, example.sentences())
        for example in intent_examples()
    ]


def _learn(numbers: Sequence[int], encoder: Encoder) -> IntentModel:
    """Learn from some of the examples: whole texts, and the parts of those that are marked."""
    first = len(packaged_examples())
    rows = []
    for i in numbers:
        text, firm, intents, _ = _examples()[i]
        rows.append(("".join(_joined(text, part) for part in asking_sentences(text)), intents, firm))
        parts = intent_examples()[i - first].parts if i >= first else ()
        if len(parts) > 1:
            rows += [(part.words, set(part.intents), firm) for part in parts]
    rows = [row for row in rows if row[0]]
    texts = [text for text, *_ in rows]
    return IntentModel.learn(
        texts,
        _n_clauses(texts),
        [intents for _, intents, _ in rows],
        [firm for *_, firm in rows],
        encoder=encoder,
    )
