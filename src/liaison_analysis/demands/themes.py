"""Group demand texts by theme: ``DemandThemes``."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Self

import numpy as np
import pandas as pd
from sklearn.base import BaseEstimator, ClusterMixin, TransformerMixin
from sklearn.utils.validation import check_is_fitted

from liaison_analysis.demands import editing as theme_edits
from liaison_analysis.demands import persistence as theme_files
from liaison_analysis.demands.clustering import (
    central_rows,
    group,
    group_sums,
    neighbour_graph,
    smooth,
    smooth_new,
)
from liaison_analysis.demands.inputs import checked_seeds, column, sample, sentences
from liaison_analysis.demands.naming import short_phrase, theme_table, theme_words
from liaison_analysis.demands.representation import ThemeSpace
from liaison_analysis.demands.scorers import (
    Centres,
    Classifier,
    Prototypes,
    free_groups,
    shares_of,
    theme_curve,
)
from liaison_analysis.demands.trends import theme_counts
from liaison_analysis.text import distinct_names, normalise, unit_rows

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from pathlib import Path

    from liaison_analysis.demands.clustering import Mode
    from liaison_analysis.demands.representation import Floats, Integers
    from liaison_analysis.text import Encoder

_BATCH = 50_000
_SPACE_WEIGHT = 3.0
_MOST_PROTOTYPES = 5_000


class DemandThemes(ClusterMixin, TransformerMixin, BaseEstimator):  # type: ignore[misc]
    """Groups short Chinese texts by what they are about; every text gets a theme.

    Sentence vectors with the mood regressed out, beside latent semantic analysis of words and characters,
    what texts with the same words are about, and a thesaurus of what enterprises and citizens raise
    (``theme_space.ThemeSpace``), smoothed over nearest neighbours and grouped by k-means on that and the
    neighbour graph's eigenvectors. With seeds,
    the nearest phrases decide; with labels, logistic regression and the nearest labelled texts. Texts alike
    after cleaning count as one while learning.

    Parameters
    ----------
    n_themes
        Number of themes. ``None`` takes the number of seeds or labels, or else that of ``curve_``. More
        than there are seeds: the rest are free themes, found in the texts.
    seeds
        Wanted themes with phrases that belong to them: a mapping from name to phrases, or a taxonomy table
        DataFrame[theme, phrase].
    encoder
        As in ``text.encode``: ``None`` for the packaged model, ``"lexical"``, or a callable.
    mode
        ``"kmeans"``, or ``"spectral"`` which no seed changes.
    mask
        Names to leave out of account (enterprises, towns, products).
    min_confidence
        Texts whose best theme has a smaller share get the label -1; 0 assigns all.
    sample_size
        Above so many distinct texts, a random sample is grouped and a classifier of its words and
        characters assigns the rest.
    progress
        Show a progress bar while assigning.
    random_state
        Seed of every random choice.

    Attributes
    ----------
    labels_
        Theme of each fitted text, 0 the largest.
    confidence_
        Share of that theme in each text, 0–1.
    themes_
        DataFrame[theme, name, terms, size, share, phrase].
    curve_
        Where ``n_themes`` was chosen: DataFrame[n_themes, stability, separation, score, error, chosen].

    Examples
    --------
    >>> texts = ["停车位不足", "园区停车难", "厂区没地方停车"]
    >>> texts += ["贷款利率高", "想申请贷款贴息", "银行贷款审批慢"]
    >>> themes = DemandThemes(2).fit(texts)
    >>> themes.labels_.tolist()
    [0, 0, 0, 1, 1, 1]
    >>> themes.predict(["没有贷款抵押物"]).tolist()
    [1]
    >>> themes.rename({0: "停车"}).themes_["name"].iloc[0]
    '停车'
    """

    def __init__(
        self,
        n_themes: int | None = None,
        *,
        seeds: Mapping[str, Sequence[str]] | pd.DataFrame | None = None,
        encoder: Encoder = None,
        mode: Mode = "kmeans",
        mask: Iterable[str] = (),
        min_confidence: float = 0.0,
        sample_size: int = 20_000,
        progress: bool = False,
        random_state: int = 0,
    ) -> None:
        self.n_themes = n_themes
        self.seeds = seeds
        self.encoder = encoder
        self.mode = mode
        self.mask = mask
        self.min_confidence = min_confidence
        self.sample_size = sample_size
        self.progress = progress
        self.random_state = random_state

    def __sklearn_tags__(self) -> Any:
        """Tell scikit-learn that texts come in: one column of strings."""
        tags = super().__sklearn_tags__()
        tags.input_tags.string = True
        tags.input_tags.one_d_array = True
        tags.input_tags.two_d_array = False
        return tags

    def fit(self, texts: Iterable[object], y: Iterable[object] | None = None) -> Self:
        """Learn the themes of texts.

        Parameters
        ----------
        texts
            Texts; missing ones count as empty.
        y
            Theme name of each text where it is known, else ``None``, NaN or ``""``; a few labels a theme do.

        Raises
        ------
        ValueError
            A parameter is out of range, there is no text, or ``y`` is of another length.
        """
        seeds = checked_seeds(self)
        given = column(texts)
        self.scorer_: Centres | Prototypes | Classifier
        labels = None if y is None else ["" if pd.isna(v) else str(v) for v in column(y)]
        if not given or (labels is not None and len(labels) != len(given)):
            got = f"{len(given)} texts" if labels is None else f"{len(given)} texts and {len(labels)} labels"
            raise ValueError(f"expected at least one text, and as many labels as texts, got {got}")
        clean = normalise(given, mask=self.mask)
        unique = list(dict.fromkeys(clean))
        self.sample_: list[str] = sample(unique, self.sample_size, self.random_state)
        self.operations_: list[dict[str, Any]] = []
        names = list(seeds)
        if labels is None and not names:
            found = self._fit_free()
        else:
            names, found = self._fit_guided(seeds, clean, labels)
        n = self.n_themes_
        self.sample_labels_: Integers = found
        if len(unique) > len(self.sample_):
            self.scorer_ = Classifier.learn(
                self.space_, self.sample_, found, n_themes=n, space_weight=0.0
            )  # fast: no encoder
        self.texts_: list[str] = ["" if pd.isna(text) else str(text) for text in given]
        self.known_ = {text: i for i, text in enumerate(self.sample_)}
        self.labels_: Integers
        self.confidence_: Floats
        self.labels_, self.confidence_ = self._assign(clean)
        if not names:
            self._renumber(clean)
        self.describe(names + [""] * (n - len(names)))
        return self

    def _fit_free(self) -> Integers:
        """Themes out of the texts alone: the theme of each sampled text."""
        self.space_ = ThemeSpace(self.encoder)
        self.rows_ = rows = self.space_.fit_map(self.sample_)
        graph = neighbour_graph(rows) if len(rows) > 1 else None
        self.points_ = smooth(rows, graph=graph)
        base = rows if self.mode == "spectral" else self.points_
        wanted = self.n_themes
        if wanted is None:
            most = max(2, len(self.sample_) // 5)
            self.curve_ = theme_curve(base, most=most, mode=self.mode, seed=self.random_state)
            wanted = int(self.curve_.loc[self.curve_["chosen"], "n_themes"].iloc[0])
        found = group(
            rows, wanted, smoothed=self.points_, graph=graph, mode=self.mode, seed=self.random_state
        )
        self.n_themes_ = int(found.max()) + 1
        self.scorer_ = Centres(group_sums(self.points_, found, self.n_themes_))
        return found

    def _fit_guided(
        self,
        seeds: dict[str, list[str]],
        clean: list[str],
        labels: list[str] | None,
    ) -> tuple[list[str], Integers]:
        """Themes from seeds and labels: their names, and the theme of each sampled text."""
        marked = [(t, v) for t, v in zip(clean, labels or [], strict=False) if v]
        names = list(dict.fromkeys([*seeds, *sorted({v for _, v in marked})]))
        if self.n_themes is not None and self.n_themes < len(names):
            raise ValueError(
                f"n_themes: expected at least the {len(names)} themes of the seeds and labels, "
                f"got {self.n_themes!r}; leave it None or name fewer",
            )
        number = {name: i for i, name in enumerate(names)}
        phrases = [(p, number[name]) for name, ps in seeds.items() for p in normalise([name, *ps])]
        phrases += [(text, number[v]) for text, v in marked]
        self.space_ = ThemeSpace(self.encoder)
        extra = list(dict.fromkeys(p for p, _ in phrases))
        everything = list(dict.fromkeys([*self.sample_, *extra]))
        rows = self.space_.fit_map(everything)
        of = {text: rows[i] for i, text in enumerate(everything)}
        self.rows_ = rows[: len(self.sample_)]
        self.points_ = smooth(self.rows_)
        owners = np.array([owner for _, owner in phrases], dtype=np.int64)
        near = Prototypes(np.array([of[p] for p, _ in phrases]), owners)
        free = (self.n_themes or len(names)) - len(names)
        if free:
            guided = near.shares_of_points(self.rows_).argmax(axis=1)
            for i, centre in enumerate(
                free_groups(self.points_, guided, len(names), free, self.random_state)
            ):
                phrases += [(self.sample_[row], len(names) + i) for row in centre]
            owners = np.array([owner for _, owner in phrases], dtype=np.int64)
            near = Prototypes(np.array([of[p] for p, _ in phrases]), owners)
        self.n_themes_ = int(owners.max()) + 1
        self.scorer_ = near
        if marked:
            self.scorer_ = Classifier.learn(
                self.space_,
                [p for p, _ in phrases],
                owners,
                n_themes=self.n_themes_,
                space_weight=_SPACE_WEIGHT,
                near=near if len(phrases) <= _MOST_PROTOTYPES else None,
            )
        return names, np.asarray(
            self.scorer_.shares(self.space_, self.sample_).argmax(axis=1), dtype=np.int64
        )

    def _assign(self, clean: Sequence[str]) -> tuple[Integers, Floats]:
        """Theme and confidence of each cleaned text, in batches of distinct ones."""
        unique = list(dict.fromkeys(clean))
        where = {text: i for i, text in enumerate(unique)}
        best = np.empty(len(unique), dtype=np.int64)
        sure = np.empty(len(unique), dtype=np.float32)
        starts: Iterable[int] = range(0, len(unique), _BATCH)
        if self.progress:
            from tqdm.auto import tqdm

            starts = tqdm(starts, desc="themes", unit="batch")
        for start in starts:
            shares = self.shares_of_clean(unique[start : start + _BATCH])
            best[start : start + _BATCH] = shares.argmax(axis=1)
            sure[start : start + _BATCH] = shares.max(axis=1)
        index = np.fromiter((where[text] for text in clean), dtype=np.int64, count=len(clean))
        best[sure < self.min_confidence] = -1
        return best[index], sure[index]

    def shares_of_clean(self, unique: list[str]) -> Floats:
        """Share of each theme in distinct cleaned texts; a text seen in fitting keeps its theme on top."""
        known = np.array([self.known_.get(text, -1) for text in unique], dtype=np.int64)
        seen = known >= 0
        if isinstance(self.scorer_, Centres):
            shares = np.empty((len(unique), len(self.scorer_.sums)), dtype=np.float32)
            shares[seen] = self.scorer_.shares_of_points(self.points_[known[seen]])
            new = [text for text, old in zip(unique, seen, strict=True) if not old]
            if new:
                shares[~seen] = self.scorer_.shares_of_points(self._points(new))
        else:
            shares = self.scorer_.shares(self.space_, unique)
        for operation in self.operations_:
            if operation["kind"] == "merge":
                merged = np.zeros((len(shares), max(operation["map"]) + 1), dtype=np.float32)
                for old, theme in enumerate(operation["map"]):
                    merged[:, theme] += shares[:, old]
                shares = merged
            else:
                points = self._points(unique)
                parts = shares_of(points @ operation["centres"].T) * shares[:, [operation["theme"]]]
                shares = np.hstack([shares, parts[:, 1:]])
                shares[:, operation["theme"]] = parts[:, 0]
        rows = np.flatnonzero(seen)
        own, top = self.sample_labels_[known[rows]], shares[rows].argmax(axis=1)
        shares[rows, own], shares[rows, top] = shares[rows, top], shares[rows, own]
        return shares

    def _points(self, unique: list[str]) -> Floats:
        """Smoothed coordinates of cleaned texts."""
        return smooth_new(self.space_.map(unique), self.rows_)

    def _renumber(self, clean: list[str]) -> None:
        """Renumber the themes by size, 0 the largest; among equals the one seen first comes first."""
        sizes = np.bincount(self.labels_[self.labels_ >= 0], minlength=self.n_themes_)
        first = {int(label): i for i, label in reversed(list(enumerate(self.labels_)))}
        order = sorted(range(self.n_themes_), key=lambda i: (-sizes[i], first.get(i, len(clean))))
        number = np.empty(self.n_themes_ + 1, dtype=np.int64)
        number[order], number[-1] = np.arange(self.n_themes_), -1
        self.labels_, self.sample_labels_ = number[self.labels_], number[self.sample_labels_]
        if isinstance(self.scorer_, Centres):
            self.scorer_.sums = self.scorer_.sums[order]
        elif isinstance(self.scorer_, Classifier):
            self.scorer_.weights = self.scorer_.weights[:, order]

    def describe(self, names: Sequence[str]) -> None:
        """Rebuild ``themes_``; an empty name is made from the theme's words."""
        terms = theme_words(self.sample_, self.sample_labels_, n_themes=self.n_themes_)
        central = central_rows(self.points_, self.sample_labels_, self.n_themes_, k=20)
        phrases = [short_phrase([self.sample_[i] for i in c], t) for c, t in zip(central, terms, strict=True)]
        unnamed = [i for i, name in enumerate(names) if not name]
        made = distinct_names([terms[i] for i in unnamed], taken=[name for name in names if name])
        full = list(names)
        for i, name in zip(unnamed, made, strict=True):
            full[i] = name
        sizes = np.bincount(self.labels_[self.labels_ >= 0], minlength=self.n_themes_).tolist()
        self.themes_ = theme_table(full, terms, phrases, sizes)

    def partial_fit(self, texts: Iterable[object], y: object = None) -> Self:  # noqa: ARG002 - scikit-learn's
        """Add texts that came later: assign them, count them, and move the free themes' centres.

        The first call is ``fit``. ``labels_``, ``confidence_`` and ``themes_`` then cover all texts so far;
        the words and the neighbours stay those of the first.
        """
        if not hasattr(self, "scorer_"):
            return self.fit(texts)
        given = column(texts)
        clean = normalise(given, mask=self.mask)
        labels, confidence = self._assign(clean)
        if isinstance(self.scorer_, Centres) and not self.operations_ and clean:
            kept = labels >= 0
            points = self._points([text for text, keep in zip(clean, kept, strict=True) if keep])
            self.scorer_.sums = self.scorer_.sums + group_sums(points, labels[kept], self.n_themes_)
        self.labels_ = np.concatenate([self.labels_, labels])
        self.confidence_ = np.concatenate([self.confidence_, confidence])
        self.texts_ += ["" if pd.isna(text) else str(text) for text in given]
        sizes = np.bincount(self.labels_[self.labels_ >= 0], minlength=self.n_themes_)
        self.themes_ = self.themes_.assign(size=sizes, share=sizes / max(1, sizes.sum()))
        return self

    def predict_proba(self, texts: Iterable[object]) -> Floats:
        """Share of each theme in each text: (texts, themes), rows sum to 1."""
        check_is_fitted(self)
        clean = normalise(column(texts), mask=self.mask)
        unique = list(dict.fromkeys(clean))
        if not unique:
            return np.empty((0, self.n_themes_), dtype=np.float32)
        where = {text: i for i, text in enumerate(unique)}
        return self.shares_of_clean(unique)[[where[text] for text in clean]]

    def transform(self, texts: Iterable[object]) -> Floats:
        """As ``predict_proba``, for pipelines."""
        return self.predict_proba(texts)

    def predict(self, texts: Iterable[object]) -> Integers:
        """Theme of each text, seen before or new; -1 below ``min_confidence``."""
        check_is_fitted(self)
        return self._assign(normalise(column(texts), mask=self.mask))[0]

    def top_themes(self, texts: Iterable[object], *, top: int = 2, at_least: float = 0.2) -> pd.DataFrame:
        """Themes that each text carries: DataFrame[row, rank, theme, name, share].

        The best theme always, as ``predict`` gives it, up to ``top`` in all where a further one has a share
        of ``at_least``. In a text of several sentences a theme's share is that in the whole or half of that
        in a sentence, whichever is more, and at most the best one's; shares sum to 1 over all themes.
        """
        clean = normalise(column(texts), mask=self.mask)
        shares = self.predict_proba(clean)
        said = [(row, part) for row, text in enumerate(clean) for part in sentences(text)]
        best = np.arange(shares.shape[1]) == shares.argmax(axis=1)[:, None]
        if said:
            rows, parts = (list(part) for part in zip(*said, strict=True))
            most = shares.max(axis=1, keepdims=True)
            np.maximum.at(shares, rows, np.minimum(self.predict_proba(parts) / 2, most[rows]))
            shares = shares / shares.sum(axis=1, keepdims=True)
        order = np.argsort(-(np.round(shares, 6) + 1e-7 * best), axis=1, kind="stable")[:, : max(1, top)]
        value = np.take_along_axis(shares, order, axis=1)
        row, rank = np.nonzero((value >= at_least) | (np.arange(order.shape[1]) == 0))
        theme = order[row, rank]
        frame = {"row": row, "rank": rank + 1, "theme": theme, "name": self.themes_["name"].to_numpy()[theme]}
        return pd.DataFrame({**frame, "share": value[row, rank].astype(float)})

    def representatives(self, k: int = 3) -> pd.DataFrame:
        """List the ``k`` most central texts a theme: DataFrame[theme, name, rank, row, text, score]."""
        check_is_fitted(self)
        first: dict[str, int] = {}
        for row, text in enumerate(normalise(self.texts_, mask=self.mask)):
            first.setdefault(text, row)
        found = []
        for theme, members in enumerate(central_rows(self.points_, self.sample_labels_, self.n_themes_, k=k)):
            centre = unit_rows(self.points_[self.sample_labels_ == theme].sum(axis=0, keepdims=True))[0]
            for rank, i in enumerate(members):
                row = first[self.sample_[i]]
                score = round(float(self.points_[i] @ centre), 6)
                found.append((theme, self.themes_["name"][theme], rank + 1, row, self.texts_[row], score))
        return pd.DataFrame(found, columns=["theme", "name", "rank", "row", "text", "score"])

    def over_time(self, dates: Iterable[Any], *, visits: Iterable[Any] | None = None) -> pd.DataFrame:
        """Count the fitted texts by theme and month, as ``theme_trends.theme_counts``.

        Parameters
        ----------
        dates
            Date of each fitted text.
        visits
            Dates of the visits that the texts came from, one a visit, for rates per visit.
        """
        check_is_fitted(self)
        return theme_counts(self.labels_, dates, names=self.themes_["name"], visits=visits)

    def rename(self, names: Mapping[int | str, str]) -> Self:
        """Give themes other names: number or present name to new name."""
        check_is_fitted(self)
        theme_edits.rename(self, names)
        return self

    def merge(self, themes: Sequence[int | str], *, name: str | None = None) -> Self:
        """Make one theme of several, under ``name`` or the first one's name and number."""
        check_is_fitted(self)
        theme_edits.merge(self, themes, name=name)
        return self

    def split(self, theme: int | str, n: int = 2, *, names: Sequence[str] | None = None) -> Self:
        """Make ``n`` themes of one; the first keeps its number, the others come last.

        Names are ``names``, or the parts' own words.
        """
        check_is_fitted(self)
        theme_edits.split(self, theme, n, names=names)
        return self

    def save(self, path: str | Path) -> None:
        """Write everything to one JSON file: readable, versioned, no code in it."""
        check_is_fitted(self)
        theme_files.write(self, path)

    @classmethod
    def load(cls, path: str | Path, *, encoder: Encoder = None) -> Self:
        """Read what ``save`` wrote; a callable encoder is not in the file and must be given again."""
        model: Self = theme_files.read(cls, path, encoder=encoder)
        return model

    def get_feature_names_out(self, input_features: object = None) -> np.ndarray[Any, Any]:  # noqa: ARG002 - scikit-learn's
        """Name ``transform``'s columns: ``theme_0``, ``theme_1``, …."""
        check_is_fitted(self)
        return np.array([f"theme_{i}" for i in range(self.n_themes_)], dtype=object)
