"""Likeness of texts and phrases of business: words in common, the rarer the more, and meaning."""

from __future__ import annotations

import itertools
import math
import re
from collections import Counter
from functools import cached_property
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from liaison_analysis.text import encode

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    import pandas as pd

    from liaison_analysis.text import Encoder

    Floats = np.ndarray[Any, np.dtype[np.float64]]

#: Weight of a single character relative to a pair of characters of the same frequency.
SINGLE: Final = 0.45
# Smallest and largest total weight of a phrase of business: a rare character in common with a short phrase
# is no match, a rare word in common with a long one may be (development regions).
_LEAST_WEIGHT: Final = 4.0
_MOST_WEIGHT: Final = 15.0
_LEAST_WEIGHT_OF_TEXT: Final = 7.0

# Cosines that count 0 and 1.
_CHANCE: Final = 0.2
_CLOSE: Final = 0.8

_HAN: Final = re.compile(r"[\u4e00-\u9fff]")
_LATIN: Final = re.compile(r"[A-Z][A-Z0-9\-]+|\d+-\d+")
# Characters too common in notes to distinguish goods.
_COMMON: Final = frozenset(
    "一二三四五六七八九十的了和与及或在是有做能会可要想找个家不没无这那就也还都给把被到为对用好很太再请帮年月日天万千百吨"
    "台套件条只多少大小上下中内外前后左右新老高低本地区厂企业公司我他们自己人员问说现今明去来出入进行将已从向等其各每比"
    "较最更又并且但因所以如果若需求希望联系介绍认识机产品生力量"
)


def units(text: str) -> frozenset[str]:
    """Characters and pairs of characters that distinguish goods, and Latin words."""
    upper = text.upper()
    found = {c for c in upper if _HAN.match(c) and c not in _COMMON}
    for a, b in itertools.pairwise(upper):
        if (_HAN.match(a) or a.isalnum()) and (_HAN.match(b) or b.isalnum()) and not {a, b} <= _COMMON:
            found.add(a + b)
    return frozenset(found | set(_LATIN.findall(upper)))


class PhraseLikeness:
    """Phrases of enterprises, compared with texts.

    Parameters
    ----------
    phrases
        Their words.
    owners
        Number of the enterprise of each phrase, from 0.
    notes
        Demands, by which words are common or rare.
    encoder
        As in ``text.encode``.

    Examples
    --------
    >>> import pandas as pd
    >>> like = PhraseLikeness(["豆腐", "配合饲料"], np.array([0, 1]), pd.Series(["豆渣没人拉"]))
    >>> of_thing, of_phrase = like.overlap("饲料")
    >>> of_thing.round(2).tolist()
    [0.0, 1.0]
    """

    def __init__(
        self, phrases: Sequence[str], owners: Any, notes: pd.Series, *, encoder: Encoder = None
    ) -> None:
        self._phrases, self._owners, self._notes, self._encoder = phrases, owners, notes, encoder
        self._n_firms = len(set(np.asarray(owners).tolist()))

    def cosines(self, texts: Sequence[str]) -> Floats:
        """Scaled cosine of each text and each phrase, shape (texts, phrases)."""
        if not texts or not self._phrases:
            return np.zeros((max(len(texts), 1), len(self._phrases)))
        vectors = encode(texts, encoder=self._encoder) @ encode(self._phrases, encoder=self._encoder).T
        scaled = (vectors.astype("float64") - _CHANCE) / (_CLOSE - _CHANCE)
        return np.asarray(scaled.clip(0.0, 1.0).round(6))

    @cached_property
    def _units(self) -> list[frozenset[str]]:
        return [units(words) for words in self._phrases]

    @cached_property
    def _rare(self) -> dict[str, float]:
        """Weight of each unit: higher for units that few enterprises and notes have."""
        pairs = {(u, firm) for us, firm in zip(self._units, self._owners, strict=True) for u in us}
        of_firms = Counter(unit for unit, _ in pairs)
        notes = Counter(unit for text in self._notes.dropna() for unit in units(text))
        n_firms, n_notes = self._n_firms, len(self._notes)
        return {
            unit: (math.log((n_firms + 1) / (n + 0.5)) + math.log((n_notes + 1) / (notes[unit] + 0.5)))
            / 2
            * (SINGLE if len(unit) == 1 else 1.0)
            for unit, n in of_firms.items()
        }

    def overlap(self, thing: str) -> tuple[Floats, Floats]:
        """Shares of a thing's words that each phrase has, and of each phrase's words that the thing has."""
        mine, most = units(thing), math.log(self._n_firms + 1) + 1.0
        whole = sum(self._rare.get(u, most * (SINGLE if len(u) == 1 else 1.0)) for u in mine)
        shared = np.array([sum(self._rare[u] for u in mine & us) for us in self._units])
        return shared / max(whole, 1e-9), np.minimum(shared / self._weights(_LEAST_WEIGHT), 1.0)

    def shared(self, text: str, without: Iterable[str] = ()) -> Floats:
        """Share of each phrase's words that a text has beside some things."""
        mine = units(text) - frozenset(u for thing in without for u in units(thing))
        shared = np.array([sum(self._rare[u] for u in mine & us) for us in self._units])
        return np.minimum(shared / self._weights(_LEAST_WEIGHT_OF_TEXT), 1.0)

    @cached_property
    def _whole(self) -> Floats:
        return np.array([sum(self._rare[u] for u in us) for us in self._units])

    def _weights(self, least: float) -> Floats:
        return np.asarray(np.clip(self._whole, least, _MOST_WEIGHT))
