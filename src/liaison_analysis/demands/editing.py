"""Rename, merge and split the themes of a fitted ``DemandThemes``, for its texts and those to come."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from liaison_analysis._checks import is_whole
from liaison_analysis.demands.clustering import group, group_sums
from liaison_analysis.text import normalise, unit_rows

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence


def rename(model: Any, names: Mapping[int | str, str]) -> None:
    """Give themes other names."""
    full = model.themes_["name"].tolist()
    for theme, name in names.items():
        full[number_of(model, theme)] = str(name)
    check_names(full)
    model.themes_ = model.themes_.assign(name=pd.Series(full, dtype="str"))


def merge(model: Any, themes: Sequence[int | str], *, name: str | None = None) -> None:
    """Make one theme of several."""
    numbers = [number_of(model, theme) for theme in themes]
    if len(set(numbers)) < 2:
        raise ValueError(f"expected two themes or more to merge, got {themes!r}")
    target, gone = numbers[0], set(numbers[1:]) - {numbers[0]}
    kept = [i for i in range(model.n_themes_) if i not in gone]
    place = {old: new for new, old in enumerate(kept)}
    mapping = [place[target if i in gone else i] for i in range(model.n_themes_)]
    names = [model.themes_["name"][i] for i in kept]
    names[place[target]] = name or names[place[target]]
    check_names(names)
    number = np.array([*mapping, -1])
    model.operations_.append({"kind": "merge", "map": mapping})
    model.labels_, model.sample_labels_ = number[model.labels_], number[model.sample_labels_]
    model.n_themes_ = len(kept)
    model.describe(names)


def split(model: Any, theme: int | str, n: int = 2, *, names: Sequence[str] | None = None) -> None:
    """Make several themes of one."""
    number = number_of(model, theme)
    members = np.flatnonzero(model.sample_labels_ == number)
    parts = group(model.points_[members], n, seed=model.random_state) if len(members) >= n > 1 else None
    if parts is None or parts.max() + 1 < n or (names is not None and len(names) != n):
        raise ValueError(
            f"expected 2 to {len(members)} parts of theme {theme!r} and as many names, got n={n!r}, "
            f"names={names!r}",
        )
    full = model.themes_["name"].tolist() + [""] * (n - 1)
    given = list(names or [""] * n)
    full[number], full[model.n_themes_ :] = given[0], given[1:]
    check_names([name for name in full if name])
    centres = unit_rows(group_sums(model.points_[members], parts, n))
    model.operations_.append({"kind": "split", "theme": number, "centres": centres})
    model.sample_labels_[members] = np.where(parts == 0, number, model.n_themes_ + parts - 1)
    model.n_themes_ += n - 1
    rows = np.flatnonzero(model.labels_ == number)
    clean = normalise([model.texts_[row] for row in rows], mask=model.mask)
    shares = model.shares_of_clean(clean)[:, [number, *range(model.n_themes_ - n + 1, model.n_themes_)]]
    best = shares.argmax(axis=1)
    model.labels_[rows] = np.where(best == 0, number, model.n_themes_ - n + best)
    model.describe(full)


def number_of(model: Any, theme: int | str) -> int:
    """Find a theme's number from its number or name."""
    names = model.themes_["name"].tolist()
    if is_whole(theme, 0) and int(theme) < model.n_themes_:
        return int(theme)
    if theme in names:
        return int(names.index(str(theme)))
    raise ValueError(f"expected a theme's number below {model.n_themes_} or one of {names!r}, got {theme!r}")


def check_names(names: Sequence[str]) -> None:
    """Refuse names that are empty or alike."""
    if len(set(names)) < len(names) or not all(names):
        raise ValueError(f"expected names that are neither empty nor alike, got {list(names)!r}")
