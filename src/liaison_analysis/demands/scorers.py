"""The share of each theme in a text: by centres, seed phrases or a classifier; the number of themes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from liaison_analysis.demands.clustering import (
    Mode,
    central_rows,
    group,
    principal_coordinates,
    ward_groups,
)
from liaison_analysis.demands.representation import strip_numbers
from liaison_analysis.text import unit_rows, word_and_char_features

if TYPE_CHECKING:
    from collections.abc import Sequence

    from liaison_analysis.demands.representation import Floats, Integers, ThemeSpace

# Temperature of the softmax of cosines (judgement: shares of clear texts exceed one half of fourteen themes).
_TEMPERATURE = 0.1

# Most rows used to choose the number of themes: more give the same curve and take minutes (judgement).
_CURVE_ROWS = 1_500

# Random parts of the rows that stability is measured on (judgement: the error no longer changes the choice).
_PARTS = 8
# Share of the texts in a random part on which the number of themes is tried again (judgement).
_PART = 0.7
# Log odds of a theme that no text has: exp(-30) rounds to nothing beside any other.
_NEVER = -30.0
# Change of the coefficients at which the fit is done (judgement).
_TOLERANCE = 1e-3

# Rows of one block of cosines, which bounds the memory.
_BLOCK = 2_000

# Central texts that serve as prototypes of a free theme beside seeds (judgement).
_CENTRAL = 5

# Numbers of themes that are tried: what a person can keep in mind, finer where they are few (judgement).
_CANDIDATES = (2, 3, 4, 5, 6, 7, 8, 10, 12, 14, 16, 18, 20, 24, 28, 32, 40)


def shares_of(scores: np.ndarray[Any, Any]) -> Floats:
    """Softmax of cosines at temperature 0.1: rows that sum to 1."""
    hot = np.exp((scores - scores.max(axis=1, keepdims=True)) / _TEMPERATURE)
    return np.asarray(hot / hot.sum(axis=1, keepdims=True), dtype=np.float32)


@dataclass(frozen=True)
class Centres:
    """Themes as directions in the smoothed space.

    Attributes
    ----------
    sums
        (themes, coordinates): summed rows of each theme's texts.
    """

    sums: np.ndarray[Any, np.dtype[np.float64]]

    def shares_of_points(self, points: Floats) -> Floats:
        """Share of each theme in each text, from its smoothed coordinates: (texts, themes)."""
        return shares_of(points.astype(np.float64) @ unit_rows(self.sums).T)

    def reordered(self, order: Sequence[int]) -> Centres:
        """Renumber the themes: ``order[i]`` becomes i."""
        return Centres(self.sums[list(order)])


@dataclass(frozen=True)
class Prototypes:
    """Themes as seed phrases: mean cosine to the phrases' direction and largest cosine to one of them.

    Attributes
    ----------
    rows
        (phrases, coordinates), rows of length 1.
    owners
        Theme of each phrase.
    """

    rows: Floats
    owners: Integers

    def shares(self, space: ThemeSpace, texts: Sequence[str]) -> Floats:
        """Share of each theme in each text: (texts, themes)."""
        return self.shares_of_points(space.map(texts))

    def reordered(self, order: Sequence[int]) -> Prototypes:
        """Renumber the themes: ``order[i]`` becomes i."""
        return Prototypes(self.rows, np.argsort(order)[self.owners])

    def shares_of_points(self, points: Floats) -> Floats:
        """``shares`` of rows in the space."""
        blocks = [self._block(points[i : i + _BLOCK]) for i in range(0, max(1, len(points)), _BLOCK)]
        return np.concatenate(blocks)

    def _block(self, points: Floats) -> Floats:
        exact, rows = points.astype(np.float64), self.rows.astype(np.float64)
        cosines = exact @ rows.T
        n = int(self.owners.max()) + 1
        best = np.stack([cosines[:, self.owners == i].max(axis=1) for i in range(n)], axis=1)
        means = unit_rows(np.stack([rows[self.owners == i].mean(axis=0) for i in range(n)]))
        return shares_of((best + exact @ means.T) / 2)


@dataclass(frozen=True)
class Classifier:
    """Themes as logistic regression on word and character TF-IDF, and on the space where labels are few.

    Attributes
    ----------
    vectorizer
        Fitted ``TfidfVectorizer``.
    weights
        (features + 1, themes), the intercepts last.
    space_weight
        Weight of the space's coordinates; 0 leaves them out, and with them the encoder.
    near
        Labelled texts as prototypes, whose shares multiply the probabilities.
    """

    vectorizer: Any
    weights: Floats
    space_weight: float = 0.0
    near: Prototypes | None = None

    @classmethod
    def learn(
        cls,
        space: ThemeSpace,
        texts: Sequence[str],
        owners: Integers,
        *,
        n_themes: int,
        space_weight: float,
        near: Prototypes | None = None,
        strength: float = 2.0,
    ) -> Classifier:
        """Learn from texts and the number of each one's theme."""
        from sklearn.feature_extraction.text import TfidfVectorizer
        from sklearn.linear_model import LogisticRegression
        from threadpoolctl import threadpool_limits  # type: ignore[import-untyped]

        many = len(texts) > 2_000
        vectorizer = TfidfVectorizer(
            analyzer=word_and_char_features,
            min_df=2 if many else 1,
            max_features=60_000,
            sublinear_tf=True,
            dtype=np.float32 if many else np.float64,
        )
        facts = strip_numbers(texts)
        try:
            vectorizer.fit(facts)
        except ValueError:  # nothing but punctuation
            vectorizer.fit(["停车", "停车"])
        model = cls(vectorizer, np.zeros((1, n_themes), dtype=np.float32), space_weight, near)
        features = model.features(space, texts)
        present, numbers = np.unique(owners, return_inverse=True)
        weights = np.zeros((features.shape[1] + 1, n_themes), dtype=np.float32)
        weights[-1] = _NEVER
        if len(present) == 1:
            weights[-1, present] = 0.0
        else:
            with threadpool_limits(limits=1):
                fitted = LogisticRegression(C=strength, max_iter=200, tol=_TOLERANCE).fit(features, numbers)
            both = len(present) == 2
            coefficients = np.vstack([-fitted.coef_ / 2, fitted.coef_ / 2]) if both else fitted.coef_
            intercepts = fitted.intercept_ if not both else np.array([-0.5, 0.5]) * fitted.intercept_
            weights[:-1, present], weights[-1, present] = coefficients.T, intercepts
        return cls(vectorizer, weights, space_weight, near)

    def features(self, space: ThemeSpace, texts: Sequence[str]) -> Any:
        """Sparse rows: word and character TF-IDF, and the space's coordinates where they count."""
        from scipy import sparse

        counts = sparse.csr_array(self.vectorizer.transform(strip_numbers(texts)))
        if not self.space_weight:
            return counts
        return sparse.csr_array(
            sparse.hstack([counts, sparse.csr_array(self.space_weight * space.map(texts))])
        )

    def reordered(self, order: Sequence[int]) -> Classifier:
        """Renumber the themes: ``order[i]`` becomes i."""
        near = self.near and self.near.reordered(order)
        return Classifier(self.vectorizer, self.weights[:, list(order)], self.space_weight, near)

    def shares(self, space: ThemeSpace, texts: Sequence[str]) -> Floats:
        """Share of each theme in each text: (texts, themes), the classifier's probabilities."""
        scores = self.features(space, texts) @ self.weights[:-1] + self.weights[-1]
        shares = shares_of(scores * _TEMPERATURE)
        if self.near is None:
            return shares
        shares = shares * self.near.shares(space, texts)
        return np.asarray(shares / shares.sum(axis=1, keepdims=True), dtype=np.float32)


def theme_curve(points: Floats, *, most: int, mode: Mode = "kmeans", seed: int = 0) -> pd.DataFrame:
    """Measure stability and separation of the themes for each candidate number of themes.

    ``stability`` is the mean adjusted Rand index between the grouping of all rows and those of eight random
    70 % of them (Ben-Hur, Elisseeff & Guyon 2002); ``separation`` the mean silhouette in principal
    coordinates (Rousseeuw 1987); ``score`` their product and ``error`` its standard error over the eight.
    ``chosen`` marks the smallest number whose score is within the mean error of the greatest (the one-
    standard-error rule of Breiman et al. 1984), so that more themes are taken only for a better score. At
    most 1,500 rows are used.

    Parameters
    ----------
    points
        Coordinates, rows of length 1.
    most
        Largest number of themes that is tried.
    mode
        As in ``group``.
    seed
        Of the random parts.

    Returns
    -------
    pandas.DataFrame
        [n_themes, stability, separation, score, error, chosen], one row for each candidate.
    """
    from sklearn.metrics import adjusted_rand_score, silhouette_score

    random = np.random.default_rng(seed)
    points = points if len(points) > 2 else points[:1]
    if len(points) > _CURVE_ROWS:
        points = points[np.sort(random.choice(len(points), _CURVE_ROWS, replace=False))]
    distinct = len(np.unique(points, axis=0))
    size = min(len(points), max(2, int(_PART * len(points))))
    parts = [np.sort(random.choice(len(points), size, replace=False)) for _ in range(_PARTS)]
    numbers = [n for n in _CANDIDATES if n <= most and n < distinct and n <= _PART * len(points)]
    wholes = _groups(points, numbers, mode)
    of_parts = [_groups(points[part], numbers, mode) for part in parts]
    curve_rows = []
    for i, (n, every) in enumerate(zip(numbers, wholes, strict=True)):
        rand = [
            adjusted_rand_score(every[part], groups[i]) for part, groups in zip(parts, of_parts, strict=True)
        ]
        apart = (
            silhouette_score(principal_coordinates(points, n), every) if len(set(every.tolist())) > 1 else 0.0
        )
        error = abs(apart) * np.std(rand, ddof=1) / np.sqrt(len(rand))
        curve_rows.append((n, float(np.mean(rand)), float(apart), np.mean(rand) * apart, error))
    curve = pd.DataFrame(
        curve_rows or [(min(distinct, 1), 1.0, 0.0, 0.0, 0.0)],
        columns=["n_themes", "stability", "separation", "score", "error"],
    ).round({"score": 9, "error": 9})
    enough = curve["score"].max() - curve["error"].mean()
    curve["chosen"] = curve.index == (curve["score"] >= enough).idxmax()
    return curve


def _groups(points: Floats, numbers: Sequence[int], mode: Mode) -> list[Integers]:
    """Group points into each number of groups without randomness, since rounding must not decide."""
    if mode == "spectral":
        return [group(points, n, mode=mode) for n in numbers]
    return ward_groups(points, numbers) if numbers else []


def free_groups(points: Floats, guided: Integers, n_seeds: int, n_free: int, seed: int) -> list[list[int]]:
    """List the central rows of the groups that overlap least with the seeded themes."""
    from scipy.optimize import linear_sum_assignment

    groups = group(points, n_seeds + n_free, seed=seed)
    n = int(groups.max()) + 1
    overlap = np.zeros((n_seeds, n))
    np.add.at(overlap, (guided, groups), 1)
    taken = set(linear_sum_assignment(-overlap)[1].tolist())
    central = central_rows(points, groups, n, k=_CENTRAL)
    return [central[i] for i in range(n) if i not in taken]
