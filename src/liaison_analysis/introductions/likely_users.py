"""Who may use a thing, by meaning: where no word of the table of users stands in a business text."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from liaison_analysis.products import ANY_MAKER, MANY_PEOPLE, use_table
from liaison_analysis.text import encode

if TYPE_CHECKING:
    from collections.abc import Sequence

    from liaison_analysis.products import Use, Used
    from liaison_analysis.text import Encoder

    Floats = np.ndarray[Any, np.dtype[np.float64]]

# Cosines of short words below which nothing is said, and at which as much as can be (read off pairs of words
# of the development regions: 印染 and 轧染 have 0.76, 印染 and 工装 0.34).
_CHANCE: Final = 0.45
_CLOSE: Final = 0.85
# Cosine from which a row of the table matches a thing that it does not name, and how many such rows.
_ROW: Final = 0.6
_ROWS: Final = 2
_SOMETIMES: Final = 0.6


class LikelyUsers:
    """Words of the table of users, compared by meaning with phrases of business.

    Parameters
    ----------
    phrases
        Phrases of business.
    encoder
        As in ``text.encode``.
    """

    def __init__(self, phrases: Sequence[str], *, encoder: Encoder = None) -> None:
        self.phrases = list(phrases)
        self.encoder = encoder
        self._vectors: dict[str, Floats] = {}

    def _encoded(self, words: Sequence[str]) -> Floats:
        """Vectors of words, shape (words, dimensions); each is encoded once."""
        new = [word for word in dict.fromkeys(words) if word not in self._vectors]
        if new:
            rows = encode(new, encoder=self.encoder).astype("float64")
            self._vectors |= dict(zip(new, rows, strict=True))
        return np.array([self._vectors[word] for word in words])

    @cached_property
    def _phrase_rows(self) -> Floats:
        return self._encoded(self.phrases)

    def rows(self, thing: str, known: Sequence[Used]) -> list[tuple[Use, float]]:
        """Rows of the table that match a thing: those that name it, or else those nearest by meaning.

        Only words that have a character of the thing are compared: encoding the whole table takes seconds.
        """
        if known:
            return [(row.use, row.strength) for row in known]
        pairs = [(word, use) for use in use_table() for word in use.offered if set(word) & set(thing)]
        if not pairs:
            return []
        near = self._encoded([word for word, _ in pairs]) @ self._encoded([thing])[0]
        best: dict[Use, float] = {}
        for at in np.argsort(-near.round(6), kind="stable")[: 4 * _ROWS]:
            if near[at] >= _ROW and len(best) < _ROWS:
                best.setdefault(pairs[at][1], round(float(near[at]), 6))
        return list(best.items())

    def strengths(self, use: Use) -> Floats:
        """How likely each phrase's enterprise is a user that a row lists, 0–1."""
        best = np.zeros(len(self.phrases))
        if not self.phrases:
            return best
        for listed, share in ((use.users, 1.0), (use.sometimes, _SOMETIMES)):
            words = [word for word in listed if word not in {ANY_MAKER, MANY_PEOPLE}]
            if words:
                near = (self._phrase_rows @ self._encoded(words).T).max(axis=1)
                scaled = ((near - _CHANCE) / (_CLOSE - _CHANCE)).clip(0.0, 1.0).round(6)
                best = np.maximum(best, share * scaled)
        return best
