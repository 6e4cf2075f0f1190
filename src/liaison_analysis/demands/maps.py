"""A map of themes in two dimensions, on which no labels overlap."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pandas as pd
from sklearn.utils.validation import check_is_fitted

from liaison_analysis._checks import check_frame, check_kind
from liaison_analysis.demands.clustering import group_sums
from liaison_analysis.text import unit_rows

if TYPE_CHECKING:
    from liaison_analysis.demands.themes import DemandThemes

    Floats = np.ndarray[Any, np.dtype[Any]]

#: Size of a label on the map, which reaches from -1 to 1: width of a Chinese character, and height.
CHARACTER: Final = 0.05
HEIGHT: Final = 0.08

# Themes that an earlier map must share for this one to be turned to it: two fix a rotation, a third whether
# it is mirrored.
_FEWEST_SHARED: Final = 3

# Steps by which a label moves away from its theme until it is free, and the most of them.
_STEP, _MOST_STEPS = HEIGHT / 2, 200


def theme_map(themes: DemandThemes, *, before: pd.DataFrame | None = None) -> pd.DataFrame:
    """Place themes in two dimensions, like beside like, with labels that do not overlap.

    The places are the two leading principal components of the themes' centres, each with the weight of its
    number of texts; nothing in it is random. With an earlier map they are turned and mirrored so that themes
    of the same name come as near to their former places as possible (orthogonal Procrustes, Schönemann 1966,
    doi:10.1007/BF02289451).

    Parameters
    ----------
    themes
        Fitted.
    before
        An earlier map, of a fit that this one is a ``refit`` of.

    Returns
    -------
    pandas.DataFrame
        [theme, name, size, x, y, label_x, label_y]: themes with texts, the largest first; the greatest
        distance from the middle is 1. ``label_x`` and ``label_y`` are the middle of the label, which is 0.05
        wide for each character and 0.08 high.

    Examples
    --------
    >>> from liaison_analysis.demands import DemandThemes
    >>> texts = ["停车位不足", "园区停车难", "厂区没地方停车"]
    >>> texts += ["贷款利率高", "想申请贷款", "银行贷款审批慢"]
    >>> places = theme_map(DemandThemes(2).fit(texts))
    >>> places["x"].abs().round(3).tolist()
    [1.0, 1.0]
    """
    check_kind(themes, "themes", "DemandThemes", source="DemandThemes(n).fit(texts)")
    if before is not None:
        check_frame(before, "before", ["name", "x", "y"], source="theme_map")
    check_is_fitted(themes)
    model, table = themes.model_, themes.themes_
    filled = np.flatnonzero(np.bincount(model.sample_labels, minlength=model.n_themes) > 0)
    sizes = table["size"].to_numpy(dtype=np.float64)[filled]
    centres = unit_rows(group_sums(model.points, model.sample_labels, model.n_themes))[filled]
    frame = pd.DataFrame(
        {
            "theme": table["theme"].to_numpy()[filled],
            "name": pd.Series(table["name"].to_numpy()[filled], dtype="str"),
            "size": table["size"].to_numpy()[filled],
        }
    )
    places = _places(np.round(np.asarray(centres, dtype=np.float64), 6), np.maximum(sizes, 1.0))
    frame = frame.assign(x=places[:, 0], y=places[:, 1])
    if before is not None:
        places = _turned(frame, before)
        frame = frame.assign(x=places[:, 0], y=places[:, 1])
    frame = frame.sort_values(["size", "theme"], ascending=[False, True], ignore_index=True)
    labels = _labels(frame)
    return frame.assign(label_x=labels[:, 0], label_y=labels[:, 1])


def _places(centres: Floats, weights: Floats) -> Floats:
    """Two weighted principal components, each with its greatest value positive: (themes, 2)."""
    centred = centres - np.average(centres, axis=0, weights=weights)
    axes = np.linalg.svd(centred * np.sqrt(weights)[:, None], full_matrices=False)[2][:2]
    places = np.zeros((len(centres), 2))
    places[:, : len(axes)] = centred @ axes.T
    for j in range(2):
        most = np.round(places[:, j], 6)
        if -most.min() > most.max():
            places[:, j] *= -1
    reach = np.sqrt((places**2).sum(axis=1)).max()
    return np.round(places / reach if reach > 0 else places, 4)


def _turned(frame: pd.DataFrame, before: pd.DataFrame) -> Floats:
    """Turn and mirror places towards those of the same names in an earlier map."""
    places = frame[["x", "y"]].to_numpy(dtype=np.float64)
    former = before.drop_duplicates("name").set_index("name")[["x", "y"]]
    shared = frame["name"].isin(former.index).to_numpy()
    if shared.sum() < _FEWEST_SHARED:
        return places
    wanted = former.loc[frame.loc[shared, "name"]].to_numpy(dtype=np.float64)
    left, _, right = np.linalg.svd(places[shared].T @ wanted)
    return np.asarray(np.round(places @ (left @ right), 4))


def _labels(frame: pd.DataFrame) -> Floats:
    """Put each label at its theme or at the nearest free place around it, the largest theme first."""
    taken: list[tuple[float, float, float]] = []
    for name, x, y in frame[["name", "x", "y"]].itertuples(index=False):
        width = len(name) * CHARACTER
        for step in range(_MOST_STEPS):
            # Places on a spiral: eight directions at each distance.
            reach, angle = _STEP * ((step + 7) // 8), np.pi / 4 * (step % 8)
            at = x + reach * np.cos(angle), y + reach * np.sin(angle)
            free = all(abs(at[0] - a) >= (width + w) / 2 or abs(at[1] - b) >= HEIGHT for a, b, w in taken)
            if free:
                break
        taken.append((at[0], at[1], width))
    return np.round(np.array([(a, b) for a, b, _ in taken]).reshape(len(taken), 2), 4)
