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
def _thesaurus() -> tuple[list[str], dict[str, list[int]], dict[str, list[int]]]:
    """Topics, the topics of each word, and the lengths of words by their first character, longest first.

    From ``demand_words.csv``.
    """
    table = files("liaison_analysis.text").joinpath("demand_words.csv").read_text(encoding="utf-8")
    rows = list(csv.DictReader(table.splitlines()))
    of_word: dict[str, list[int]] = {}
    for i, row in enumerate(rows):
        for word in row["words"].split():
            of_word.setdefault(word, []).append(i)
    sizes: dict[str, set[int]] = {}
    for word in of_word:
        sizes.setdefault(word[0], set()).add(len(word))
    longest_first = {first: sorted(some, reverse=True) for first, some in sizes.items()}
    return [row["topic"] for row in rows], of_word, longest_first


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
    counts = np.zeros((len(texts), len(_thesaurus()[0])), dtype=np.float32)
    for row, text in enumerate(texts):
        counts[row] = _counts(text)
    return unit_rows(np.sqrt(counts))


# The report asks for the topics of the same texts a dozen times; a row takes 136 bytes.
@functools.lru_cache(maxsize=100_000)
def _counts(text: str) -> Floats:
    """Count the words of each topic in one text."""
    topics, of_word, sizes = _thesaurus()
    counts = np.zeros(len(topics), dtype=np.float32)
    low, i = text.lower(), 0
    while i < len(low):
        for size in sizes.get(low[i], ()):
            hit = of_word.get(low[i : i + size])
            if hit and i + size <= len(low):
                counts[hit] += (1 if size > 1 else _SINGLE) / len(hit)
                i += size - 1 if size > 2 else 0
                break
        i += 1
    return counts
