"""A thesaurus of what enterprises and citizens ask about: the share of each of its topics in a text."""

from __future__ import annotations

import csv
import functools
from importlib.resources import files
from typing import TYPE_CHECKING

import numpy as np

from liaison_analysis.text.encoding import unit_rows

if TYPE_CHECKING:
    from collections.abc import Sequence

    from liaison_analysis.text.encoding import Floats

# A single character is a weaker sign of a topic than a word (judgement).
_SINGLE = 0.5


@functools.lru_cache(maxsize=1)
def _thesaurus() -> tuple[list[str], dict[str, list[int]], int]:
    """Topics, the topics of each word, and the longest word's length, from ``demand_words.csv``."""
    table = files("liaison_analysis.text").joinpath("demand_words.csv").read_text(encoding="utf-8")
    rows = list(csv.DictReader(table.splitlines()))
    of_word: dict[str, list[int]] = {}
    for i, row in enumerate(rows):
        for word in row["words"].split():
            of_word.setdefault(word, []).append(i)
    return [row["topic"] for row in rows], of_word, max(map(len, of_word))


def topic_shares(texts: Sequence[str]) -> Floats:
    """Share of each of the thesaurus' 34 topics in each text.

    Topics and their words stand in ``demand_words.csv``, a thesaurus of parks and public services written
    for this package: the topic 停车 holds 车位 and 道闸, which have no character in common. At each place
    of a text the longest known word counts, 1 for a word of two characters and more and ½ for a single
    character, divided among the topics it belongs to.

    Parameters
    ----------
    texts
        Texts, normalised.

    Returns
    -------
    numpy.ndarray
        (texts, 34), float32: square roots of the counts, scaled to rows of length 1; a row of zeros where
        no word of the text is known.

    Examples
    --------
    >>> shares = topic_shares(["车位太少", "道闸坏了", "天气不错"])
    >>> float(shares[0] @ shares[1]), float(shares[2].sum())
    (1.0, 0.0)
    """
    topics, of_word, longest = _thesaurus()
    counts = np.zeros((len(texts), len(topics)), dtype=np.float32)
    for row, text in enumerate(texts):
        low, i = text.lower(), 0
        while i < len(low):
            for size in range(min(longest, len(low) - i), 0, -1):
                hit = of_word.get(low[i : i + size])
                if hit:
                    counts[row, hit] += (1 if size > 1 else _SINGLE) / len(hit)
                    i += size - 1 if size > 2 else 0
                    break
            i += 1
    return unit_rows(np.sqrt(counts))
