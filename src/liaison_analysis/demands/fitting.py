"""How ``DemandThemes`` learns: from texts alone, with a taxonomy, or guided by seeds and labels."""

from __future__ import annotations

import warnings
from typing import TYPE_CHECKING

import numpy as np

from liaison_analysis.demands.clustering import group, group_sums, neighbour_graph, smooth
from liaison_analysis.demands.representation import ThemeSpace
from liaison_analysis.demands.scorers import Centres, Classifier, Prototypes, free_groups, theme_curve
from liaison_analysis.demands.taxonomy import TaxonomyScorer, model_of
from liaison_analysis.demands.theme_model import ThemeModel

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import pandas as pd

    from liaison_analysis.demands.clustering import Mode
    from liaison_analysis.text import Encoder

# Weight of the space's coordinates beside TF-IDF in the classifier of labelled texts: tuned on the
# development half of the citizens' messages, five-fold and with ten labels a theme.
_SPACE_WEIGHT = 3.0

# With more labelled texts their nearest neighbours add nothing to the classifier and cost time (judgement).
_MOST_PROTOTYPES = 5_000

#: Below this number of distinct texts, themes found in the texts alone raise a warning (judgement).
FEWEST_FOR_FREE = 150

#: Below this number of distinct texts no themes are sought: a person reads them all (judgement).
FEWEST_FOR_THEMES = 30

#: Below this adjusted Rand index between parts of the texts, a warning says that they are not reliable
#: (judgement).
LEAST_STABILITY = 0.5

# New themes are sought from this number of texts that fit none of a taxonomy's themes (judgement).
_FEWEST_NEW = 20

#: Name of what fits none of a taxonomy's themes.
OTHERS = "其他"

# Largest candidate for the number of themes: one theme per five texts (judgement).
_TEXTS_PER_THEME = 5


def fit_free(
    sample: list[str], n_themes: int | None, *, encoder: Encoder, mode: Mode, seed: int
) -> tuple[ThemeModel, pd.DataFrame | None]:
    """Find themes in the texts alone.

    Parameters
    ----------
    sample
        Distinct cleaned texts.
    n_themes
        Number of themes, or ``None`` to choose it by ``theme_curve``.
    encoder, mode, seed
        As in ``DemandThemes``.

    Returns
    -------
    tuple
        The model, and the curve where the number was chosen, else ``None``.
    """
    space = ThemeSpace(encoder)
    rows = space.fit_map(sample)
    graph = neighbour_graph(rows) if len(rows) > 1 else None
    points = smooth(rows, graph=graph)
    curve = None
    if n_themes is None and len(sample) < FEWEST_FOR_THEMES:
        _warn(f"{len(sample)} distinct texts are too few for themes: they form one group")
        n_themes = 1
    if n_themes is None:
        base = rows if mode == "spectral" else points
        curve = theme_curve(base, most=max(2, len(sample) // _TEXTS_PER_THEME), mode=mode, seed=seed)
        best = curve[curve["chosen"]].iloc[0]
        n_themes = int(best["n_themes"])
        if len(sample) < FEWEST_FOR_FREE:
            _warn(f"themes of {len(sample)} distinct texts, fewer than {FEWEST_FOR_FREE}, are not reliable")
        elif best["stability"] < LEAST_STABILITY:
            agreed = best["stability"]
            _warn(f"themes of random parts of the texts agree by a Rand index of only {agreed:.2f}")
    labels = group(rows, n_themes, smoothed=points, graph=graph, mode=mode, seed=seed)
    n = int(labels.max()) + 1
    scorer = Centres(group_sums(points, labels, n))
    return ThemeModel(space, scorer, sample, labels, rows, points, n), curve


class UnreliableThemesWarning(UserWarning):
    """Themes were found in too few texts, or parts of the texts do not agree on them.

    Examples
    --------
    >>> issubclass(UnreliableThemesWarning, UserWarning)
    True
    """


def _warn(what: str) -> None:
    warnings.warn(
        f"{what}; start from a taxonomy, DemandThemes(taxonomy='parks'), or name the number of themes",
        UnreliableThemesWarning,
        stacklevel=4,
    )


def fit_taxonomy(
    sample: list[str], taxonomy: pd.DataFrame, n_themes: int | None, *, encoder: Encoder, seed: int
) -> tuple[ThemeModel, list[str]]:
    """Assign texts to a taxonomy's themes, and look for new themes among those that fit none.

    Parameters
    ----------
    sample
        Distinct cleaned texts.
    taxonomy
        From ``checked_taxonomy``.
    n_themes
        Number of themes with the new ones; ``None`` looks for new themes where there are enough texts, and
        leaves the texts that fit none together otherwise.
    encoder, seed
        As in ``DemandThemes``.

    Returns
    -------
    tuple
        The model, and the names of the taxonomy's themes, followed by ``OTHERS`` where there are no new ones.
    """
    names = taxonomy["theme"].unique().tolist()
    if n_themes is not None and n_themes < len(names):
        raise ValueError(
            f"n_themes: expected at least the {len(names)} themes of the taxonomy, got {n_themes!r}; "
            "leave it None or drop themes",
        )
    space = ThemeSpace(encoder)
    rows = space.fit_map(sample)
    points = smooth(rows)
    scorer = TaxonomyScorer(model_of(taxonomy, encoder=encoder))
    labels = np.asarray(scorer.shares(space, sample).argmax(axis=1), dtype=np.int64)
    rest = np.flatnonzero(labels == len(names))
    n_new = None if n_themes is None else n_themes - len(names)
    if n_new is None and len(sample) >= FEWEST_FOR_FREE and len(rest) >= _FEWEST_NEW:
        curve = theme_curve(points[rest], most=len(rest) // _TEXTS_PER_THEME, seed=seed)
        n_new = int(curve.loc[curve["chosen"], "n_themes"].iloc[0])
    if n_new and len(rest):
        groups = group(points[rest], n_new, seed=seed)
        scorer = TaxonomyScorer(scorer.model, group_sums(rows[rest], groups, int(groups.max()) + 1))
        labels = np.asarray(scorer.shares(space, sample).argmax(axis=1), dtype=np.int64)
    new = 1 if scorer.new is None else len(scorer.new)
    model = ThemeModel(space, scorer, sample, labels, rows, points, len(names) + new)
    return model, names if scorer.new is not None else [*names, OTHERS]


def fit_guided(
    sample: list[str],
    phrases: Mapping[str, Sequence[str]],
    labelled: Sequence[tuple[str, str]],
    n_themes: int | None,
    *,
    encoder: Encoder,
    seed: int,
) -> tuple[ThemeModel, list[str]]:
    """Learn themes from seed phrases and labelled texts, and find further ones if more are wanted.

    Parameters
    ----------
    sample
        Distinct cleaned texts.
    phrases
        Cleaned phrases of each seeded theme.
    labelled
        Cleaned text and theme of each labelled text.
    n_themes
        Number of themes; those beyond the seeds and labels are found in the texts.
    encoder, seed
        As in ``DemandThemes``.

    Returns
    -------
    tuple
        The model, and the names of the seeded and labelled themes in their order.

    Raises
    ------
    ValueError
        Fewer themes are wanted than seeds and labels name.
    """
    names = list(dict.fromkeys([*phrases, *sorted({theme for _, theme in labelled})]))
    if n_themes is not None and n_themes < len(names):
        raise ValueError(
            f"n_themes: expected at least the {len(names)} themes of the seeds and labels, "
            f"got {n_themes!r}; leave it None or name fewer",
        )
    number = {name: i for i, name in enumerate(names)}
    examples = [(phrase, number[name]) for name, some in phrases.items() for phrase in some]
    examples += [(text, number[theme]) for text, theme in labelled]
    space = ThemeSpace(encoder)
    everything = list(dict.fromkeys([*sample, *(text for text, _ in examples)]))
    every_row = space.fit_map(everything)
    row_of = {text: every_row[i] for i, text in enumerate(everything)}
    rows = every_row[: len(sample)]
    points = smooth(rows)
    owners = np.array([owner for _, owner in examples], dtype=np.int64)
    near = Prototypes(np.array([row_of[text] for text, _ in examples]), owners)
    free = (n_themes or len(names)) - len(names)
    if free:
        guided = near.shares_of_points(rows).argmax(axis=1)
        for i, central in enumerate(free_groups(points, guided, len(names), free, seed)):
            examples += [(sample[row], len(names) + i) for row in central]
        owners = np.array([owner for _, owner in examples], dtype=np.int64)
        near = Prototypes(np.array([row_of[text] for text, _ in examples]), owners)
    n = int(owners.max()) + 1
    scorer: Prototypes | Classifier = near
    if labelled:
        scorer = Classifier.learn(
            space,
            [text for text, _ in examples],
            owners,
            n_themes=n,
            space_weight=_SPACE_WEIGHT,
            near=near if len(examples) <= _MOST_PROTOTYPES else None,
        )
    labels = np.asarray(scorer.shares(space, sample).argmax(axis=1), dtype=np.int64)
    return ThemeModel(space, scorer, sample, labels, rows, points, n), names
