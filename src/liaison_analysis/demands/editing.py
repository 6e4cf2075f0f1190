"""Rename, merge and split the themes of a fitted model."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from liaison_analysis._checks import is_whole

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from liaison_analysis.demands.representation import Integers
    from liaison_analysis.demands.theme_model import ThemeModel


def renamed(themes: pd.DataFrame, names: Mapping[int | str, str]) -> pd.DataFrame:
    """Give themes other names: the table of themes with them.

    Examples
    --------
    >>> renamed(pd.DataFrame({"name": ["车位", "贷款"]}), {"车位": "停车"})["name"].tolist()
    ['停车', '贷款']
    """
    full = themes["name"].tolist()
    for theme, name in names.items():
        full[number_of(themes, theme)] = str(name)
    check_names(full)
    return themes.assign(name=pd.Series(full, dtype="str"))


def merged(
    model: ThemeModel,
    themes: pd.DataFrame,
    labels: Integers,
    chosen: Sequence[int | str],
    *,
    name: str | None = None,
) -> tuple[ThemeModel, pd.DataFrame, Integers]:
    """Make one theme of those ``chosen``: the model, the table of themes and the labels after it."""
    numbers = [number_of(themes, theme) for theme in chosen]
    if len(set(numbers)) < 2:
        raise ValueError(f"expected two themes or more to merge, got {chosen!r}")
    target, gone = numbers[0], set(numbers[1:]) - {numbers[0]}
    kept = [i for i in range(model.n_themes) if i not in gone]
    place = {old: new for new, old in enumerate(kept)}
    mapping = [place[target if i in gone else i] for i in range(model.n_themes)]
    names = [themes["name"][i] for i in kept]
    names[place[target]] = name or names[place[target]]
    check_names(names)
    labels = np.array([*mapping, -1])[labels]
    model = model.merged(mapping)
    return model, model.described(names, labels), labels


def split(
    model: ThemeModel,
    themes: pd.DataFrame,
    labels: Integers,
    theme: int | str,
    n: int,
    *,
    texts: Sequence[str],
    seed: int,
    names: Sequence[str] | None = None,
) -> tuple[ThemeModel, pd.DataFrame, Integers]:
    """Make ``n`` themes of one: the model, the table of themes and the labels after it.

    Parameters
    ----------
    model, themes, labels
        As fitted.
    theme
        Number or name of the theme to split.
    n
        Number of its parts.
    texts
        The cleaned texts that ``labels`` belong to.
    seed
        Of the grouping.
    names
        Of the parts; made of their words where not given.
    """
    number = number_of(themes, theme)
    divided = model.split(number, n, seed=seed)
    if divided is None or (names is not None and len(names) != n):
        members = int((model.sample_labels == number).sum())
        raise ValueError(
            f"expected 2 to {members} parts of theme {theme!r} and as many names, got n={n!r}, "
            f"names={names!r}",
        )
    given = list(names or [""] * n)
    full = [*themes["name"], *given[1:]]
    full[number] = given[0]
    check_names([name for name in full if name])
    labels = labels.copy()
    rows = np.flatnonzero(labels == number)
    shares = divided.shares([texts[row] for row in rows.tolist()])[
        :, [number, *range(model.n_themes, divided.n_themes)]
    ]
    best = shares.argmax(axis=1)
    labels[rows] = np.where(best == 0, number, model.n_themes - 1 + best)
    return divided, divided.described(full, labels), labels


def number_of(themes: pd.DataFrame, theme: int | str) -> int:
    """Find a theme's number from its number or name."""
    names = themes["name"].tolist()
    if is_whole(theme, 0) and int(theme) < len(names):
        return int(theme)
    if theme in names:
        return int(names.index(str(theme)))
    raise ValueError(f"expected a theme's number below {len(names)} or one of {names!r}, got {theme!r}")


def check_names(names: Sequence[str]) -> None:
    """Refuse names that are empty or given twice."""
    if len(set(names)) < len(names) or not all(names):
        raise ValueError(f"expected names that are neither empty nor given twice, got {list(names)!r}")
