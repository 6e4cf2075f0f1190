"""Inputs of ``DemandThemes``: its parameters, columns of texts, seeds, and a sample of many texts."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from liaison_analysis._checks import is_whole, refuse_one_text

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

#: The packaged taxonomy.
PARKS = "parks"

_SENTENCE = re.compile(r"[。;!?\n]+")
_SHORTEST = 4  # characters of the shortest sentence that is used (judgement)


def checked_seeds(model: Any) -> dict[str, list[str]]:
    """Check all parameters at once and give the seeds as one mapping."""
    problems = []
    if model.n_themes is not None and not is_whole(model.n_themes, 1):
        problems.append(f"n_themes: expected None or a whole number from 1, got {model.n_themes!r}")
    if model.mode not in {"kmeans", "spectral"}:
        problems.append(f"mode: expected 'kmeans' or 'spectral', got {model.mode!r}")
    if not 0 <= model.min_confidence <= 1:
        problems.append(f"min_confidence: expected 0 to 1, got {model.min_confidence!r}")
    if not is_whole(model.sample_size, 10):
        problems.append(f"sample_size: expected a whole number from 10, got {model.sample_size!r}")
    if isinstance(model.mask, str):
        problems.append(f"mask: expected a list of names, got one text {model.mask!r}; write [name]")
    if isinstance(model.seeds, pd.DataFrame) and not {"theme", "phrase"} <= set(model.seeds.columns):
        problems.append(f"seeds: expected columns theme and phrase, got {list(model.seeds.columns)!r}")
    if not (model.taxonomy is None or isinstance(model.taxonomy, pd.DataFrame) or model.taxonomy == PARKS):
        problems.append(f"taxonomy: expected None, {PARKS!r} or a DataFrame, got {model.taxonomy!r}")
    if model.taxonomy is not None and model.seeds is not None:
        problems.append("taxonomy and seeds: expected one of them, got both; add the seeds to the taxonomy")
    if problems:
        raise ValueError("; ".join(problems))
    return _phrases(model.seeds)


def column(values: Any) -> list[Any]:
    """One column of values as a list, from a list, Series, array or frame of one column."""
    refuse_one_text(values)
    if isinstance(values, pd.DataFrame):
        if values.shape[1] != 1:
            raise ValueError(f"expected one column of texts, got {list(values.columns)!r}; choose one")
        values = values.iloc[:, 0]
    if isinstance(values, np.ndarray) and values.ndim != 1:
        if values.ndim != 2 or values.shape[1] != 1:
            raise ValueError(f"expected one column of texts, got an array of shape {values.shape!r}")
        values = values[:, 0]
    return list(values)


def _phrases(seeds: Mapping[str, Sequence[str]] | pd.DataFrame | None) -> dict[str, list[str]]:
    """Phrases of each theme, from a mapping or a taxonomy table."""
    of_theme: dict[str, list[str]] = {}
    if isinstance(seeds, pd.DataFrame):
        for theme, phrase in seeds[["theme", "phrase"]].dropna().itertuples(index=False):
            of_theme.setdefault(str(theme), []).append(str(phrase))
    elif seeds is not None:
        for theme, phrases in seeds.items():
            of_theme[str(theme)] = [phrases] if isinstance(phrases, str) else [str(p) for p in phrases]
    return of_theme


def sample(unique: list[str], size: int, seed: int) -> list[str]:
    """At most ``size`` of the texts, drawn at random, in their order."""
    if len(unique) <= size:
        return unique
    chosen = np.sort(np.random.default_rng(seed).choice(len(unique), size, replace=False))
    return [unique[i] for i in chosen]


def sentences(text: str) -> list[str]:
    """Sentences of four characters and more of a normalised text, where there are two or more.

    Examples
    --------
    >>> sentences("停车位不足。好。银行贷款也难!"), sentences("停车位不足。")
    (['停车位不足', '银行贷款也难'], [])
    """
    parts = [part.strip() for part in _SENTENCE.split(text) if len(part.strip()) >= _SHORTEST]
    return parts if len(parts) > 1 else []
