"""How likely each piece of a sentence is to name the thing asked for: weights, and how they are learnt."""

from __future__ import annotations

import functools
import io
import re
from collections import Counter
from dataclasses import dataclass
from importlib.resources import files
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from liaison_analysis.demands.asking import CLAUSE, Span
from liaison_analysis.demands.goods_marks import MARKS, piece_mark
from liaison_analysis.demands.noun_pieces import (
    character_pairs,
    noun_pieces,
    product_places,
    stands_sought,
    words_of,
)
from liaison_analysis.demands.request_examples import examples_with_things
from liaison_analysis.products import product_catalogue

if TYPE_CHECKING:
    from collections.abc import Sequence

    from liaison_analysis.products import ProductCatalogue

    Floats = np.ndarray[Any, np.dtype[np.float64]]

#: Intents whose demands ask for a thing: goods, a service, a test, money for something.
OF_THINGS: Final = ("customer", "supplier", "test", "research", "finance")

# Inverse strength of the regularisation, and share of characters from which a piece is a marked thing: chosen
# by cross-validation on the marked things and on the regions medical, display and food.
_C, _MOSTLY = 0.3, 0.45
# Characters looked at on each side of a piece, lengths of the runs of its clause, and how much such a run,
# the words of the piece and their ends count beside what stands next to it: chosen by five-fold
# cross-validation on the marked things (2026-12).
_BESIDE: Final = 4
_CLAUSE_RUNS, _OF_CLAUSE, _OF_WORDS, _OF_ENDS = (2, 3), 0.4, 0.5, 0.7
# What only one piece has is not kept.
_LEAST_PIECES: Final = 2

_PACKAGE: Final = "liaison_analysis.demands"
_FILE: Final = "object_weights.npz"
_ASKERS: Final = ("customer", "supplier", "test")
_FLAGS: Final = (
    "product in it", "product ends it", "product is it", "length", "two characters", "behind a seeking word",
    "before a word of trouble", "organisation", "no object", "begins a clause", "clause asks", "first",
    "last", "own business", "share of own business", "Latin letters", "place of the clause", "last clause",
    "waste",
)  # fmt: skip
_ASKS: Final = re.compile(
    "想|要|找|求|缺|差|买|换|谁|哪|请|有没有|盼|希望|能不能|能否|可以来|愿意|推|认识|介绍|引荐|打听|外协|外发|急"
)
_TROUBLED: Final = re.compile(
    "(?:还|也|都|又|老|一直|现在|目前|这|那|以前|全|的|用)?"
    "(?:一直|靠|都|停|断|涨|空|闲|没|富余|剩|吃|卖|堆|满|不够|用|从|发|进口|外|太|谁|想|怎|有没|要|在|缺|坏|飘|老|跟不上)"
)
_OF_ORGANISATION: Final = re.compile("的?(?:厂|企业|公司|老师|教授|专家|师傅|单位)")
_LATIN: Final = re.compile("[A-Za-z]")


@dataclass(frozen=True)
class ObjectModel:
    """Logistic regression on flags of a piece and on what stands beside it.

    Attributes
    ----------
    of_flags
        Weights of ``piece_flags``: (flags,).
    of_context
        Weight of each feature of ``piece_context``.
    offset
        Decision without any.
    """

    of_flags: Floats
    of_context: dict[str, float]
    offset: float

    def chances(
        self,
        sentence: str,
        pieces: Sequence[Span],
        intent: str,
        business: str,
        catalogue: ProductCatalogue,
    ) -> Floats:
        """Chance of each piece to be what the sentence asks for: (pieces,), 0–1."""
        flags = np.array(piece_flags(sentence, pieces, intent, business, catalogue))
        known = self.of_context
        beside = [
            sum(known.get(name, 0.0) * value for name, value in row.items())
            for row in piece_context(sentence, pieces, intent, business)
        ]
        return np.asarray(1 / (1 + np.exp(-(flags @ self.of_flags + beside + self.offset))))

    @classmethod
    def learn(cls) -> ObjectModel:
        """Learn from the things marked in the packaged examples."""
        from scipy import sparse
        from sklearn.feature_extraction import DictVectorizer
        from sklearn.linear_model import LogisticRegression

        catalogue, flags, right = product_catalogue(), list[list[float]](), list[bool]()
        context: list[dict[str, float]] = []
        for example in examples_with_things():
            live = [part for part in example.parts if part.live]
            things = [thing for part in live for thing in part.things]
            intents = [i for part in live for i in sorted(part.intents) if i in OF_THINGS]
            if not things or not intents:
                continue
            sentence = "".join(part.words for part in live)
            pieces = noun_pieces(sentence)
            flags += piece_flags(sentence, pieces, intents[0], example.business, catalogue)
            context += piece_context(sentence, pieces, intents[0], example.business)
            marked = "".join(things)
            right += [_is_of(sentence[a:b], marked) for a, b in pieces]
        often = Counter(name for row in context for name in row)
        kept = [{name: v for name, v in row.items() if often[name] >= _LEAST_PIECES} for row in context]
        vectorizer = DictVectorizer()
        beside = vectorizer.fit_transform(kept)
        both = sparse.hstack([sparse.csr_array(np.array(flags)), beside], format="csr")
        fitted = LogisticRegression(C=_C, max_iter=1_000, tol=1e-6).fit(both, np.array(right))
        n_flags = len(flags[0])
        weights = fitted.coef_[0]
        names = vectorizer.get_feature_names_out().tolist()
        of_context = dict(zip(names, weights[n_flags:].tolist(), strict=True))
        model = cls(weights[:n_flags], of_context, float(fitted.intercept_[0]))
        return cls.from_bytes(model.to_bytes())  # with the rounding of the stored file

    def to_bytes(self) -> bytes:
        """Write the model as a compressed ``.npz`` of numbers, without pickled code."""
        written = io.BytesIO()
        names = np.frombuffer("\n".join(self.of_context).encode(), dtype=np.uint8)
        weights = np.array([self.offset, *self.of_flags, *self.of_context.values()], dtype=np.float32)
        np.savez_compressed(written, names=names, weights=weights)
        return written.getvalue()

    @classmethod
    def from_bytes(cls, written: bytes) -> ObjectModel:
        """Read what ``to_bytes`` wrote."""
        with np.load(io.BytesIO(written), allow_pickle=False) as stored:
            names = stored["names"].tobytes().decode().split("\n")
            weights = stored["weights"].astype(np.float64)
        split = len(weights) - len(names)
        of_context = dict(zip(names, weights[split:].tolist(), strict=True))
        return cls(weights[1:split], of_context, float(weights[0]))


@functools.lru_cache(maxsize=1)
def packaged_model() -> ObjectModel:
    """Read the weights that come with the package."""
    return ObjectModel.from_bytes(files(_PACKAGE).joinpath(_FILE).read_bytes())


def piece_context(
    sentence: str, pieces: Sequence[Span], intent: str, business: str
) -> list[dict[str, float]]:
    """List what stands beside each piece, with and without the intent, and how much each counts.

    These are the characters before it (``l:``) and behind it (``r:``), runs of its clause in which the piece
    is □ (``c:``), whose goods it names by ``goods_marks`` (``m:``), its words (``w:``) and their last one and
    two characters (``e:``).

    Examples
    --------
    >>> context = piece_context("就缺轴承。", [(2, 4)], "supplier", "减速器")[0]
    >>> [name for name in context if name.startswith(("l:", "m:", "w:"))]
    ['l:缺', 'l:就缺', 'm:Ⓑ', 'w:轴承']
    """
    clauses = [match.span() for match in CLAUSE.finditer(sentence)] or [(0, len(sentence))]
    marks = [piece_mark(sentence[a:b], business) for a, b in pieces]
    marks = [mark if mark in MARKS else "" for mark in marks]
    names_own = MARKS[0] in marks
    rows = []
    for (start, end), mark in zip(pieces, marks, strict=True):
        row: dict[str, float] = {}
        left, right = sentence[max(0, start - _BESIDE) : start], sentence[end : end + _BESIDE]
        for length in range(1, _BESIDE + 1):
            sides = [f"l:{left[-length:]}"] if len(left) >= length else []
            sides += [f"r:{right[:length]}"] if len(right) >= length else []
            for side in sides:
                row[side] = row[f"{intent} {side}"] = 1.0
        a, b = next((clause for clause in clauses if clause[0] <= start < clause[1]), clauses[0])
        clause = f"{sentence[a:start]}□{sentence[end:b]}"
        for length in _CLAUSE_RUNS:
            for at in range(len(clause) - length + 1):
                row[f"{intent} c:{clause[at : at + length]}"] = _OF_CLAUSE
        row[f"m:{mark}"] = row[f"{intent} m:{mark}"] = 1.0
        row[f"{intent} m:{mark} {names_own:d}"] = 1.0
        words = sentence[start:end]
        row[f"w:{words}"] = _OF_WORDS
        row[f"e:{words[-1:]}"] = row[f"e:{words[-2:]}"] = _OF_ENDS
        rows.append(row)
    return rows


def piece_flags(
    sentence: str, pieces: Sequence[Span], intent: str, business: str, catalogue: ProductCatalogue
) -> list[list[float]]:
    """List flags of each piece: its own, then those of each kind of asker, then who asks."""
    clauses = [match.span() for match in CLAUSE.finditer(sentence)] or [(0, len(sentence))]
    products = product_places(sentence, catalogue)
    own = character_pairs(business)
    asked = [float(intent == kind) for kind in _ASKERS]
    rows = []
    for number, (start, end) in enumerate(pieces):
        words = sentence[start:end]
        place = next((i for i, (a, b) in enumerate(clauses) if a <= start < b), 0)
        known = [p for p in products if p[0] < end and p[1] > start]
        shared = len(character_pairs(words) & own) / (len(words) - 1)
        base = [
            bool(known),
            any(p[1] == end for p in known),
            any(p[0] <= start and p[1] >= end for p in known),
            min(len(words), 8) / 8,
            len(words) == 2,
            stands_sought(sentence, start),
            _TROUBLED.match(sentence, end) is not None,
            words.endswith(words_of("organisation")) or _OF_ORGANISATION.match(sentence, end) is not None,
            words in words_of("no object"),
            clauses[place][0] >= start - 1,
            _ASKS.search(sentence, *clauses[place]) is not None,
            number == 0,
            number == len(pieces) - 1,
            shared > 0,
            shared,
            _LATIN.search(words) is not None,
            place / len(clauses),
            place == len(clauses) - 1,
            words.startswith("废"),
        ]
        flags = [float(flag) for flag in base]
        rows.append([*flags, *(flag * one for one in asked for flag in flags), *asked])
    return rows


def _is_of(words: str, marked: str) -> bool:
    """Whether most of the characters of a piece and of the marked things are the same."""
    both = Counter(words) & Counter(marked)
    return words in marked or 2 * both.total() >= _MOSTLY * (len(words) + len(marked))
