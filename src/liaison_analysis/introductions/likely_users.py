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

    @cached_property
    def _users(self) -> dict[str, Floats]:
        """How near each user of the table is to each phrase."""
        listed = (word for use in use_table() for word in (*use.users, *use.sometimes))
        words = sorted({word for word in listed if word not in {ANY_MAKER, MANY_PEOPLE}})
        near = self._near(words, self.phrases)
        scaled = ((near - _CHANCE) / (_CLOSE - _CHANCE)).clip(0.0, 1.0).round(6)
        return dict(zip(words, scaled, strict=True))

    @cached_property
    def _offered(self) -> tuple[list[str], list[Use]]:
        pairs = [(word, use) for use in use_table() for word in use.offered]
        return [word for word, _ in pairs], [use for _, use in pairs]

    def _near(self, a: Sequence[str], b: Sequence[str]) -> Floats:
        if not a or not b:
            return np.zeros((len(a), len(b)))
        rows = encode(a, encoder=self.encoder) @ encode(b, encoder=self.encoder).T
        return rows.astype("float64")

    def rows(self, thing: str, known: Sequence[Used]) -> list[tuple[Use, float]]:
        """Rows of the table that match a thing: those that name it, or else those nearest by meaning."""
        if known:
            return [(row.use, row.strength) for row in known]
        words, uses = self._offered
        near = self._near([thing], words)[0]
        best: dict[Use, float] = {}
        for at in np.argsort(-near.round(6), kind="stable")[: 4 * _ROWS]:
            if near[at] >= _ROW and len(best) < _ROWS:
                best.setdefault(uses[at], round(float(near[at]), 6))
        return list(best.items())

    def strengths(self, use: Use) -> Floats:
        """How likely each phrase's enterprise is a user that a row lists, 0–1."""
        best = np.zeros(len(self.phrases))
        for listed, share in ((use.users, 1.0), (use.sometimes, _SOMETIMES)):
            for word in listed:
                if word in self._users:
                    best = np.maximum(best, share * self._users[word])
        return best
