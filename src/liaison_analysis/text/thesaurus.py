"""A thesaurus of what enterprises ask about: how much of a text speaks of each of its matters."""

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


@functools.lru_cache(maxsize=1)
def _matters() -> tuple[list[str], dict[str, list[int]], int]:
    """Matters, the matters of each word, and the longest word's length, from ``demand_words.csv``."""
    table = files("liaison_analysis.text").joinpath("demand_words.csv").read_text(encoding="utf-8")
    rows = list(csv.DictReader(table.splitlines()))
    of_word: dict[str, list[int]] = {}
    for i, row in enumerate(rows):
        for word in row["words"].split():
            of_word.setdefault(word, []).append(i)
    return [row["matter"] for row in rows], of_word, max(map(len, of_word))


def matter_shares(texts: Sequence[str]) -> Floats:
    """How much each text speaks of each of 34 matters that enterprises and citizens raise.

    Matters and their words are a thesaurus of parks and public services, ``demand_words.csv``: 停车 knows
    车位 and 道闸, which share no character. The longest word at each place counts, shared out among the
    matters it stands for; rows have square roots and length 1, or are zero where no word is known.

    Examples
    --------
    >>> shares = matter_shares(["车位太少", "道闸坏了", "天气不错"])
    >>> float(shares[0] @ shares[1]), float(shares[2].sum())
    (1.0, 0.0)
    """
    matters, of_word, longest = _matters()
    found = np.zeros((len(texts), len(matters)), dtype=np.float32)
    for row, text in enumerate(texts):
        low, i = text.lower(), 0
        while i < len(low):
            for size in range(min(longest, len(low) - i), 0, -1):
                hit = of_word.get(low[i : i + size])
                if hit:
                    found[row, hit] += (1 if size > 1 else 0.5) / len(hit)
                    i += size - 1 if size > 2 else 0
                    break
            i += 1
    return unit_rows(np.sqrt(found))
