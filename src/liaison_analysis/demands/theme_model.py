"""The fitted state of ``DemandThemes``: an immutable value that is replaced, never changed."""

from __future__ import annotations

import functools
import logging
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np

from liaison_analysis._progress import parts_of_step
from liaison_analysis.demands.clustering import central_rows, group, group_sums, smooth_new
from liaison_analysis.demands.naming import short_phrase, theme_table, theme_words
from liaison_analysis.demands.representation import strip_numbers
from liaison_analysis.demands.scorers import Centres, Classifier, shares_of
from liaison_analysis.demands.taxonomy import TaxonomyScorer
from liaison_analysis.demands.theme_names import name_parts, ranked_names
from liaison_analysis.text import distinct_names, unit_rows

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import pandas as pd

    from liaison_analysis.demands.representation import Floats, Integers, ThemeSpace
    from liaison_analysis.demands.scorers import Prototypes

_LOG = logging.getLogger(__name__)

# Texts of one batch.
_BATCH = 50_000

# Average number of themes in a coarse group (judgement).
_THEMES_PER_GROUP = 3

# A theme's phrase is picked from this many of its most central texts.
_CENTRAL = 20
# Words of a theme that its name is sought with; its table shows the first ten.
_TERMS_OF_NAME, _TERMS = 25, 10
# Texts that names are sought in, of each theme and of all (judgement: more take longer).
_TEXTS_OF_NAME, _TEXTS_OF_NAMES = 400, 8_000


@dataclass(frozen=True)
class ThemeModel:
    """The space, the sampled texts in it, and what assigns texts to themes.

    Attributes
    ----------
    space
        Makes coordinates of texts.
    scorer
        Gives the share of each theme as it was fitted.
    sample
        The distinct cleaned texts that were grouped.
    sample_labels
        Theme of each of them now.
    rows, points
        Their coordinates, and these smoothed over nearest neighbours: (texts, coordinates).
    n_themes
        Number of themes now.
    operations
        Merges and splits since the fit, in their order: {"kind": "merge", "map": new number of each theme}
        or {"kind": "split", "theme": number, "centres": directions of its parts}.
    """

    space: ThemeSpace
    scorer: Centres | Prototypes | Classifier | TaxonomyScorer
    sample: list[str]
    sample_labels: Integers
    rows: Floats
    points: Floats
    n_themes: int
    operations: tuple[Mapping[str, Any], ...] = ()

    @functools.cached_property
    def row_of(self) -> dict[str, int]:
        """Row of each sampled text."""
        return {text: row for row, text in enumerate(self.sample)}

    def smoothed(self, texts: list[str]) -> Floats:
        """Smoothed coordinates of cleaned texts: (texts, coordinates)."""
        return smooth_new(self.space.map(texts), self.rows)

    def shares(self, texts: list[str]) -> Floats:
        """Share of each theme in distinct cleaned texts; a sampled text keeps its theme as the likeliest."""
        known = np.array([self.row_of.get(text, -1) for text in texts], dtype=np.int64)
        seen = known >= 0
        if isinstance(self.scorer, Centres):
            shares = np.empty((len(texts), len(self.scorer.sums)), dtype=np.float32)
            shares[seen] = self.scorer.shares_of_points(self.points[known[seen]])
            new = [text for text, old in zip(texts, seen, strict=True) if not old]
            if new:
                shares[~seen] = self.scorer.shares_of_points(self.smoothed(new))
        else:
            shares = self.scorer.shares(self.space, texts)
        for operation in self.operations:
            if operation["kind"] == "merge":
                merged = np.zeros((len(shares), max(operation["map"]) + 1), dtype=np.float32)
                for old, theme in enumerate(operation["map"]):
                    merged[:, theme] += shares[:, old]
                shares = merged
            else:
                points = self.smoothed(texts)
                parts = shares_of(points @ operation["centres"].T) * shares[:, [operation["theme"]]]
                shares = np.hstack([shares, parts[:, 1:]])
                shares[:, operation["theme"]] = parts[:, 0]
        rows = np.flatnonzero(seen)
        own, top = self.sample_labels[known[rows]], shares[rows].argmax(axis=1)
        shares[rows, own], shares[rows, top] = shares[rows, top], shares[rows, own]
        return shares

    def assign(
        self, texts: Sequence[str], *, min_confidence: float = 0.0, progress: bool = False
    ) -> tuple[Integers, Floats]:
        """Theme of each cleaned text (-1 where its share is below ``min_confidence``), and that share."""
        unique = list(dict.fromkeys(texts))
        where = {text: i for i, text in enumerate(unique)}
        best = np.empty(len(unique), dtype=np.int64)
        confidence = np.empty(len(unique), dtype=np.float32)
        starts = range(0, len(unique), _BATCH)
        for start in parts_of_step(_LOG, "themes", starts, unit="batch", hidden=not progress):
            shares = self.shares(unique[start : start + _BATCH])
            best[start : start + _BATCH] = shares.argmax(axis=1)
            confidence[start : start + _BATCH] = shares.max(axis=1)
        index = np.fromiter((where[text] for text in texts), dtype=np.int64, count=len(texts))
        best[confidence < min_confidence] = -1
        return best[index], confidence[index]

    def reordered(self, order: Sequence[int]) -> ThemeModel:
        """Renumber the themes: ``order[i]`` becomes i."""
        if isinstance(self.scorer, TaxonomyScorer):
            raise TypeError("themes of a taxonomy cannot be reordered: they keep the order of the taxonomy")
        number = np.empty(self.n_themes, dtype=np.int64)
        number[list(order)] = np.arange(self.n_themes)
        return replace(self, scorer=self.scorer.reordered(order), sample_labels=number[self.sample_labels])

    def with_word_classifier(self) -> ThemeModel:
        """Assign by a classifier of words and characters learnt from the sample, which needs no encoder."""
        scorer = Classifier.learn(
            self.space, self.sample, self.sample_labels, n_themes=self.n_themes, space_weight=0.0
        )
        return replace(self, scorer=scorer)

    def with_texts(self, texts: list[str], labels: Integers) -> ThemeModel:
        """Move the centres of free themes, as fitted, by texts that were assigned to them later."""
        if not isinstance(self.scorer, Centres) or self.operations or not texts:
            return self
        kept = labels >= 0
        points = self.smoothed([text for text, keep in zip(texts, kept, strict=True) if keep])
        sums = self.scorer.sums + group_sums(points, labels[kept], self.n_themes)
        return replace(self, scorer=Centres(sums))

    def merged(self, mapping: Sequence[int]) -> ThemeModel:
        """Put themes together: theme i becomes ``mapping[i]``."""
        return replace(
            self,
            sample_labels=np.asarray(mapping)[self.sample_labels],
            n_themes=max(mapping) + 1,
            operations=(*self.operations, {"kind": "merge", "map": list(mapping)}),
        )

    def split(self, theme: int, n: int, *, seed: int) -> ThemeModel | None:
        """Split a theme into ``n``; the first part keeps its number. ``None`` where that is impossible."""
        members = np.flatnonzero(self.sample_labels == theme)
        if not 1 < n <= len(members):
            return None
        parts = group(self.points[members], n, seed=seed)
        if parts.max() + 1 < n:
            return None
        labels = self.sample_labels.copy()
        labels[members] = np.where(parts == 0, theme, self.n_themes + parts - 1)
        centres = unit_rows(group_sums(self.points[members], parts, n))
        return replace(
            self,
            sample_labels=labels,
            n_themes=self.n_themes + n - 1,
            operations=(*self.operations, {"kind": "split", "theme": theme, "centres": centres}),
        )

    def central(self, k: int) -> list[list[tuple[int, float]]]:
        """List the ``k`` sampled texts of each theme nearest to its mean direction: (row, cosine)."""
        ranked = []
        for theme, rows in enumerate(central_rows(self.points, self.sample_labels, self.n_themes, k=k)):
            centre = unit_rows(self.points[self.sample_labels == theme].sum(axis=0, keepdims=True))[0]
            ranked.append([(row, round(float(self.points[row] @ centre), 6)) for row in rows])
        return ranked

    def coarse(self, themes: pd.DataFrame) -> list[str]:
        """Name the coarse group of each theme: that of its largest theme, three themes per group on average.

        Parameters
        ----------
        themes
            From ``described``; a theme without texts is a group of its own.
        """
        from scipy.cluster.hierarchy import fcluster, linkage

        names = themes["name"].tolist()
        filled = np.flatnonzero(np.bincount(self.sample_labels, minlength=self.n_themes) > 0)
        if len(filled) < _THEMES_PER_GROUP:
            return names
        centres = unit_rows(group_sums(self.points, self.sample_labels, self.n_themes))[filled]
        n_groups = max(2, round(len(filled) / _THEMES_PER_GROUP))
        tree = linkage(np.round(centres.astype(np.float64), 6), method="ward")
        group_of = fcluster(tree, n_groups, criterion="maxclust")
        for group_number in set(group_of.tolist()):
            members = filled[group_of == group_number]
            largest = max(members.tolist(), key=lambda theme: (themes["size"][theme], -theme))
            for theme in members.tolist():
                names[theme] = themes["name"][largest]
        return names

    def _full_names(self, names: Sequence[str], terms: Sequence[Sequence[str]]) -> list[str]:
        """Names of all themes: those given, and for each empty one the best that is not taken."""
        if all(names):
            return list(names)
        full, taken = list(names), {name for name in names if name}
        most = max(1, min(_TEXTS_OF_NAME, _TEXTS_OF_NAMES // self.n_themes))
        texts = []
        for rows in central_rows(self.points, self.sample_labels, self.n_themes, k=len(self.sample)):
            spread = rows[:: max(1, -(-len(rows) // most))]  # near the centre and far from it alike
            texts.append(strip_numbers([self.sample[i] for i in spread]))
        parts = name_parts(texts, terms)
        centres = unit_rows(group_sums(self.points, self.sample_labels, self.n_themes))
        for i in [i for i, name in enumerate(names) if not name]:
            ranked = ranked_names(parts[i], centres, i, vectors_of=self.space.map)
            full[i] = next((name for name in ranked if name not in taken), "")
            taken.add(full[i])
        unnamed = [i for i, name in enumerate(full) if not name]
        made = distinct_names([terms[i][:_TERMS] for i in unnamed], taken=taken)
        for i, name in zip(unnamed, made, strict=True):
            full[i] = name
        return full

    def described(self, names: Sequence[str], labels: Integers) -> pd.DataFrame:
        """Name, words, size and phrase of each theme; an empty name is made of the theme's words.

        Parameters
        ----------
        names
            One for each theme.
        labels
            Theme of each text that is counted.

        Returns
        -------
        pandas.DataFrame
            [theme, name, terms, size, share, phrase].
        """
        known = theme_words(self.sample, self.sample_labels, n_themes=self.n_themes, k=_TERMS_OF_NAME)
        full = self._full_names(names, known)
        terms = [some[:_TERMS] for some in known]
        central = central_rows(self.points, self.sample_labels, self.n_themes, k=_CENTRAL)
        phrases = [short_phrase([self.sample[i] for i in c], t) for c, t in zip(central, terms, strict=True)]
        sizes = np.bincount(labels[labels >= 0], minlength=self.n_themes).tolist()
        return theme_table(full, terms, phrases, sizes)
