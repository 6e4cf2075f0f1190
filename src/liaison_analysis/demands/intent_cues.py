"""Phrases that hint at what a sentence asks for: read from a table, found by pattern."""

from __future__ import annotations

import csv
import functools
import re
from importlib.resources import files
from typing import TYPE_CHECKING, Any, Final

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

# What ``~`` stands for in the table's patterns: a character inside a clause or list.
_INSIDE: Final = "[^，。；！？]"


@functools.cache
def cues() -> dict[str, re.Pattern[str]]:
    """Name and pattern of every cue of ``intent_cues.csv``: everyday phrases, no trade's own words.

    Examples
    --------
    >>> bool(cues()["idle capacity"].search("二号线夜班空着"))
    True
    """
    table = files("liaison_analysis.demands").joinpath("intent_cues.csv").read_text("utf-8")
    rows = csv.DictReader(table.splitlines())
    return {row["cue"]: re.compile(row["pattern"].replace("~", _INSIDE)) for row in rows}


def cue_flags(texts: Sequence[str]) -> np.ndarray[Any, np.dtype[np.float64]]:
    """Whether each text has each cue: (texts, cues), 0 or 1, in the order of ``cues``.

    Examples
    --------
    >>> flags = cue_flags(["二号线夜班空着", "您好"])
    >>> names = list(cues())
    >>> flags[:, names.index("idle capacity")].tolist()
    [1.0, 0.0]
    """
    patterns = list(cues().values())
    flags = [[pattern.search(text) is not None for pattern in patterns] for text in texts]
    return np.array(flags, dtype=float).reshape(len(texts), len(patterns))
