"""Group demand texts by theme: ``DemandThemes``."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal, Self

import numpy as np
import pandas as pd
from sklearn.base import BaseEstimator, ClusterMixin, TransformerMixin, clone
from sklearn.utils.validation import check_is_fitted

from liaison_analysis._checks import as_texts
from liaison_analysis.demands import editing, persistence
from liaison_analysis.demands.fitting import fit_free, fit_guided, fit_taxonomy
from liaison_analysis.demands.inputs import checked_seeds, column, sample, sentences
from liaison_analysis.demands.matching import kept_numbers, match_themes
from liaison_analysis.demands.taxonomy import checked_taxonomy, park_taxonomy
from liaison_analysis.demands.trends import theme_counts
from liaison_analysis.text import normalise

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from pathlib import Path

    from liaison_analysis.demands.clustering import Mode
    from liaison_analysis.demands.representation import Floats, Integers
    from liaison_analysis.demands.theme_model import ThemeModel
    from liaison_analysis.text import Encoder


# Shares that are equal to so many decimals are ties, which the best theme of the whole text wins.
_DECIMALS = 6
_TIE = 1e-7


class DemandThemes(ClusterMixin, TransformerMixin, BaseEstimator):  # type: ignore[misc]
    """Groups short Chinese texts by what they are about; every text gets a theme.

    The coordinates of a text are its sentence vector, from which flags of style are regressed out, latent
    semantic analysis of its words and characters, the mean vectors of texts with the same words, and its
    shares of a thesaurus' topics (``representation.ThemeSpace``). They are smoothed over nearest neighbours
    and grouped by k-means, beside the leading eigenvectors of the neighbour graph. With seeds, the nearest
    phrases decide; with labels, logistic regression and the nearest labelled texts. Texts that are equal
    after cleaning count once while learning.

    Parameters
    ----------
    n_themes
        Number of themes. ``None`` takes the number of seeds or labels, or else that of ``curve_``; below 30
        distinct texts that is 1. An ``UnreliableThemesWarning`` is given below 150 distinct texts, and where
        parts of the texts do not agree. If it exceeds the number of seeds, the rest are found in the texts.
    taxonomy
        Themes that are expected: ``"parks"`` for the packaged ones (``park_taxonomy``), or a table
        DataFrame[theme, phrase, group] of your own. A classifier learnt from the phrases assigns texts; new
        themes are sought among those that fit none, if there are 150 texts or more and 20 of them fit none,
        and else these are left together as 其他.
    seeds
        Wanted themes with phrases that belong to them: a mapping from name to phrases, or a taxonomy table
        DataFrame[theme, phrase].
    encoder
        As in ``text.encode``: ``None`` for the packaged model, ``"lexical"``, or a callable.
    mode
        ``"kmeans"``, or ``"spectral"``, which does not depend on the seed.
    mask
        Names to ignore (enterprises, towns, products).
    min_confidence
        Texts whose best theme has a smaller share get the label -1; 0 assigns all.
    sample_size
        Above this number of distinct texts, a random sample is grouped and a classifier of its words and
        characters assigns the rest.
    progress
        Show a progress bar while assigning.
    random_state
        Seed of every random choice.

    Attributes
    ----------
    labels_
        Theme of each fitted text, 0 the largest; in the order of the taxonomy, or of seeds and labels, where
        there are any.
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
    >>> parks = DemandThemes(taxonomy="parks").fit(texts)
    >>> parks.themes_["name"][parks.labels_[0]], parks.themes_["name"][parks.labels_[3]]
    ('停车与充电', '融资')
    """

    def __init__(
        self,
        n_themes: int | None = None,
        *,
        taxonomy: pd.DataFrame | Literal["parks"] | None = None,
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
        self.taxonomy = taxonomy
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
            Theme name of each text where it is known, else ``None``, NaN or ``""``; a few labels for each
            theme are enough.

        Returns
        -------
        DemandThemes
            Itself, fitted.

        Raises
        ------
        ValueError
            A parameter is out of range, there is no text, or ``y`` is of another length.

        Examples
        --------
        >>> texts = ["停车位不足", "园区停车难", "厂区没地方停车"]
        >>> texts += ["贷款利率高", "想申请贷款", "银行贷款审批慢"]
        >>> themes = DemandThemes(2).fit(texts)
        >>> themes.labels_.tolist()
        [0, 0, 0, 1, 1, 1]
        """
        seeds = checked_seeds(self)
        given = column(texts)
        labels = None if y is None else as_texts(column(y))
        if not given or (labels is not None and len(labels) != len(given)):
            got = f"{len(given)} texts" if labels is None else f"{len(given)} texts and {len(labels)} labels"
            raise ValueError(f"expected at least one text, and as many labels as texts, got {got}")
        clean = self._clean(given)
        unique = sorted(set(clean))  # so that the result does not depend on the order of rows
        chosen = sample(unique, self.sample_size, self.random_state)
        seed = self.random_state
        names: list[str] = []
        if self.taxonomy is not None:
            if labels is not None:
                raise ValueError("expected a taxonomy or labels y, got both; leave one of them out")
            taxonomy = self._taxonomy_table()
            model, names = fit_taxonomy(chosen, taxonomy, self.n_themes, encoder=self.encoder, seed=seed)
        elif labels is None and not seeds:
            model, curve = fit_free(chosen, self.n_themes, encoder=self.encoder, mode=self.mode, seed=seed)
            if curve is not None:
                self.curve_ = curve
        else:
            phrases = {name: normalise([name, *some]) for name, some in seeds.items()}
            labelled = [(text, name) for text, name in zip(clean, labels or [], strict=False) if name]
            model, names = fit_guided(
                chosen, phrases, labelled, self.n_themes, encoder=self.encoder, seed=seed
            )
        if len(unique) > len(chosen):
            model = model.with_word_classifier()
        self.model_: ThemeModel = model
        self.texts_: list[str] = as_texts(given)
        self.labels_: Integers
        self.confidence_: Floats
        self.labels_, self.confidence_ = self._assign(clean)
        if not names:
            self._renumber_by_size()
        names += [""] * (model.n_themes - len(names))
        self.themes_: pd.DataFrame = self.model_.described(names, self.labels_)
        return self

    @property
    def n_themes_(self) -> int:
        """Number of themes."""
        check_is_fitted(self)
        return self.model_.n_themes

    def _assign(self, clean: Sequence[str]) -> tuple[Integers, Floats]:
        """Theme and confidence of each cleaned text."""
        return self.model_.assign(clean, min_confidence=self.min_confidence, progress=self.progress)

    def _clean(self, texts: Iterable[object]) -> list[str]:
        """Texts as they are compared: normalised, without the names to ignore."""
        return normalise(column(texts), mask=self.mask)

    def _taxonomy_table(self) -> pd.DataFrame:
        """Give the expected themes as a checked table."""
        return checked_taxonomy(self.taxonomy if isinstance(self.taxonomy, pd.DataFrame) else park_taxonomy())

    def _sizes(self) -> Integers:
        """Count the texts of each theme."""
        return np.bincount(self.labels_[self.labels_ >= 0], minlength=self.model_.n_themes)

    def _renumber(self, order: Sequence[int]) -> None:
        """Give the themes other numbers: ``order`` has the present number of each."""
        self.labels_ = np.append(np.argsort(order), -1)[self.labels_]
        self.model_ = self.model_.reordered(order)

    def _renumber_by_size(self) -> None:
        """Renumber the themes, 0 the largest; ties: the theme seen first."""
        sizes = self._sizes()
        first = {int(label): i for i, label in reversed(list(enumerate(self.labels_)))}
        self._renumber(sorted(range(len(sizes)), key=lambda i: (-sizes[i], first.get(i, len(self.labels_)))))

    def partial_fit(self, texts: Iterable[object], y: object = None) -> Self:  # noqa: ARG002 - scikit-learn's
        """Add texts that came later: assign them, count them, and move the free themes' centres.

        The first call is ``fit``. ``labels_``, ``confidence_`` and ``themes_`` then cover all texts so far;
        the words and the neighbours stay those of the first.

        Parameters
        ----------
        texts
            Further texts.
        y
            Not used; scikit-learn's pipelines give it.

        Returns
        -------
        DemandThemes
            Itself.

        Raises
        ------
        ValueError
            There is no text.

        Examples
        --------
        >>> texts = ["停车位不足", "园区停车难", "厂区没地方停车"]
        >>> texts += ["贷款利率高", "想申请贷款", "银行贷款审批慢"]
        >>> themes = DemandThemes(2).fit(texts)
        >>> len(themes.partial_fit(["厂门口没地方停车"]).labels_)
        7
        """
        if not hasattr(self, "model_"):
            return self.fit(texts)
        given = column(texts)
        clean = self._clean(given)
        labels, confidence = self._assign(clean)
        self.model_ = self.model_.with_texts(clean, labels)
        self.labels_ = np.concatenate([self.labels_, labels])
        self.confidence_ = np.concatenate([self.confidence_, confidence])
        self.texts_ += as_texts(given)
        sizes = self._sizes()
        self.themes_ = self.themes_.assign(size=sizes, share=sizes / max(1, sizes.sum()))
        return self

    def refit(self, texts: Iterable[object]) -> Self:
        """Fit again to more texts, such as the next quarter's, and keep themes that are still the same.

        A theme keeps its name where it shares half of its texts or more with the theme that this model gives
        to the same texts, and its number where the new model has that number. Names given by ``rename`` are
        kept like others; merges and splits are not repeated. A taxonomy's themes keep the taxonomy's order.

        Parameters
        ----------
        texts
            All texts, old and new.

        Returns
        -------
        DemandThemes
            Another model, with ``changes_``: DataFrame[change, before, after, overlap, name] says of every
            theme whether it was kept, split, merged, appeared or vanished (``match_themes``).

        Examples
        --------
        >>> texts = ["停车位不足", "园区停车难", "厂区没地方停车"]
        >>> texts += ["贷款利率高", "银行贷款审批慢", "想申请贷款"]
        >>> themes = DemandThemes(2).fit(texts).rename({0: "停车"})
        >>> later = themes.refit([*texts, "银行不给贷款", "贷款没有抵押物"])
        >>> later.themes_["name"].tolist()[0], later.changes_["change"].tolist()
        ('停车', ['kept', 'kept'])
        """
        check_is_fitted(self)
        given = column(texts)
        later: Self = clone(self).fit(given)
        n = later.model_.n_themes
        before = set(self._clean(self.texts_))
        clean = self._clean(given)
        seen = np.array([text in before for text in clean])
        changes = match_themes(self._assign(clean)[0], later.labels_, self.n_themes_, n, seen=seen)
        order = list(range(n))
        if self.taxonomy is None:
            order = kept_numbers(changes, later._sizes().tolist())
            later._renumber(order)
        number = dict(zip(order, range(n), strict=True))
        changes["after"] = changes["after"].map(number, na_action="ignore").astype("Int64")
        names = ["" if self.taxonomy is None else name for name in later.themes_["name"]]
        kept = changes[changes["change"].eq("kept")]
        for old, new in zip(kept["before"].astype(int), kept["after"].astype(int), strict=True):
            names[new] = self.themes_["name"][old]
        later.themes_ = later.model_.described(names, later.labels_)
        was = self.themes_["name"].reindex(changes["before"]).to_numpy()
        now = later.themes_["name"].reindex(changes["after"]).to_numpy()
        changes["name"] = pd.Series(np.where(changes["after"].notna(), now, was), dtype="str")
        later.changes_ = changes.sort_values(["after", "before"], ignore_index=True)
        return later

    @property
    def levels_(self) -> pd.DataFrame:
        """Two levels of themes: DataFrame[theme, name, group, origin, size, confidence].

        ``group`` is the coarse level: of a taxonomy's theme the table's group, of themes found in the texts
        the name of the largest theme of those that lie together (Ward's tree of their centres, one group for
        three themes); ``origin`` is ``taxonomy``, ``new`` (found in the texts) or ``given`` (seeds, labels);
        ``confidence`` the mean share of the theme in its texts, missing where it has none.
        """
        check_is_fitted(self)
        table = self.themes_[["theme", "name"]].copy()
        table["group"] = pd.Series(self.model_.coarse(self.themes_), dtype="str")
        table["origin"] = "new" if self.taxonomy is None and self.seeds is None else "given"
        if self.taxonomy is not None:
            taxonomy = self._taxonomy_table()
            group_of = taxonomy.drop_duplicates("theme").set_index("theme")["group"]
            known = table["name"].isin(group_of.index)
            table["group"] = table["name"].map(group_of).where(known, table["group"])
            table["origin"] = known.map({True: "taxonomy", False: "new"}).astype("str")
        table["size"] = self.themes_["size"]
        shares = pd.Series(self.confidence_).groupby(self.labels_).mean()
        table["confidence"] = table["theme"].map(shares).astype(float)
        return table

    def predict_proba(self, texts: Iterable[object]) -> Floats:
        """Share of each theme in each text: (texts, themes), rows sum to 1.

        Parameters
        ----------
        texts
            Texts, seen before or new.

        Returns
        -------
        numpy.ndarray
            (texts, themes), 0–1.

        Examples
        --------
        >>> texts = ["停车位不足", "园区停车难", "厂区没地方停车"]
        >>> texts += ["贷款利率高", "想申请贷款", "银行贷款审批慢"]
        >>> themes = DemandThemes(2).fit(texts)
        >>> themes.predict_proba(["没地方停车"]).shape
        (1, 2)
        """
        check_is_fitted(self)
        clean = self._clean(texts)
        unique = list(dict.fromkeys(clean))
        if not unique:
            return np.empty((0, self.n_themes_), dtype=np.float32)
        where = {text: i for i, text in enumerate(unique)}
        return self.model_.shares(unique)[[where[text] for text in clean]]

    def transform(self, texts: Iterable[object]) -> Floats:
        """As ``predict_proba``, for pipelines.

        Parameters
        ----------
        texts
            Texts, seen before or new.

        Returns
        -------
        numpy.ndarray
            (texts, themes), 0–1; rows sum to 1.

        Examples
        --------
        >>> texts = ["停车位不足", "园区停车难", "厂区没地方停车"]
        >>> texts += ["贷款利率高", "想申请贷款", "银行贷款审批慢"]
        >>> themes = DemandThemes(2).fit(texts)
        >>> themes.transform(["没地方停车"]).sum().round(6).item()
        1.0
        """
        return self.predict_proba(texts)

    def predict(self, texts: Iterable[object]) -> Integers:
        """Theme of each text, seen before or new; -1 below ``min_confidence``.

        Parameters
        ----------
        texts
            Texts, seen before or new.

        Returns
        -------
        numpy.ndarray
            Theme number of each text.

        Examples
        --------
        >>> texts = ["停车位不足", "园区停车难", "厂区没地方停车"]
        >>> texts += ["贷款利率高", "想申请贷款", "银行贷款审批慢"]
        >>> themes = DemandThemes(2).fit(texts)
        >>> themes.predict(["没地方停车"]).tolist()
        [0]
        """
        check_is_fitted(self)
        return self._assign(self._clean(texts))[0]

    def top_themes(self, texts: Iterable[object], *, top: int = 2, at_least: float = 0.2) -> pd.DataFrame:
        """Themes that each text carries: DataFrame[row, rank, theme, name, share].

        The best theme always, as ``predict`` gives it, up to ``top`` in all where a further one has a share
        of ``at_least``. In a text of several sentences a theme's share is that in the whole or half of that
        in a sentence, whichever is more, and at most the best one's; shares sum to 1 over all themes.

        Parameters
        ----------
        texts
            Texts, seen before or new.
        top
            Most themes of a text.
        at_least
            Smallest share (0–1) of a further theme.

        Returns
        -------
        DataFrame
            Columns row (place of the text, from 0), rank (from 1), theme, name, share (0–1); by row and rank.

        Examples
        --------
        >>> texts = ["停车位不足", "园区停车难", "厂区没地方停车"]
        >>> texts += ["贷款利率高", "想申请贷款", "银行贷款审批慢"]
        >>> themes = DemandThemes(2).fit(texts)
        >>> themes.top_themes(["没地方停车"], top=1)["rank"].tolist()
        [1]
        """
        clean = self._clean(texts)
        shares = self.predict_proba(clean)
        several = [(row, part) for row, text in enumerate(clean) for part in sentences(text)]
        best = np.arange(shares.shape[1]) == shares.argmax(axis=1)[:, None]
        if several:
            rows, parts = (list(part) for part in zip(*several, strict=True))
            most = shares.max(axis=1, keepdims=True)
            np.maximum.at(shares, rows, np.minimum(self.predict_proba(parts) / 2, most[rows]))
            shares = shares / shares.sum(axis=1, keepdims=True)
        rounded = np.round(shares, _DECIMALS) + _TIE * best
        order = np.argsort(-rounded, axis=1, kind="stable")[:, : max(1, top)]
        value = np.take_along_axis(shares, order, axis=1)
        row, rank = np.nonzero((value >= at_least) | (np.arange(order.shape[1]) == 0))
        theme = order[row, rank]
        frame = {"row": row, "rank": rank + 1, "theme": theme, "name": self.themes_["name"].to_numpy()[theme]}
        return pd.DataFrame({**frame, "share": value[row, rank].astype(float)})

    def representatives(self, k: int = 3) -> pd.DataFrame:
        """List the ``k`` most central texts of each theme: DataFrame[theme, name, rank, row, text, score].

        Parameters
        ----------
        k
            Largest number of texts of a theme.

        Returns
        -------
        DataFrame
            Columns theme, name, rank (from 1), row (place among the fitted texts), text, score.

        Examples
        --------
        >>> texts = ["停车位不足", "园区停车难", "厂区没地方停车"]
        >>> texts += ["贷款利率高", "想申请贷款", "银行贷款审批慢"]
        >>> themes = DemandThemes(2).fit(texts)
        >>> themes.representatives(1)["rank"].tolist()
        [1, 1]
        """
        check_is_fitted(self)
        first: dict[str, int] = {}
        for row, text in enumerate(self._clean(self.texts_)):
            first.setdefault(text, row)
        rows = []
        for theme, central in enumerate(self.model_.central(k)):
            for rank, (i, score) in enumerate(central):
                row = first[self.model_.sample[i]]
                rows.append((theme, self.themes_["name"][theme], rank + 1, row, self.texts_[row], score))
        return pd.DataFrame(rows, columns=["theme", "name", "rank", "row", "text", "score"])

    def over_time(self, dates: Iterable[Any], *, visits: Iterable[Any] | None = None) -> pd.DataFrame:
        """Count the fitted texts by theme and month, as ``theme_counts``.

        Parameters
        ----------
        dates
            Date of each fitted text.
        visits
            Date of each visit that the texts came from, for rates per visit.

        Returns
        -------
        DataFrame
            As ``theme_counts`` gives it.

        Examples
        --------
        >>> texts = ["停车位不足", "园区停车难", "厂区没地方停车"]
        >>> texts += ["贷款利率高", "想申请贷款", "银行贷款审批慢"]
        >>> themes = DemandThemes(2).fit(texts)
        >>> themes.over_time(["2022-03-01"] * 6)["n"].tolist()
        [3, 3]
        """
        check_is_fitted(self)
        return theme_counts(self.labels_, dates, names=self.themes_["name"], visits=visits)

    def rename(self, names: Mapping[int | str, str]) -> Self:
        """Give themes other names: number or present name to new name.

        Parameters
        ----------
        names
            New name of each theme to rename, by number or present name.

        Returns
        -------
        DemandThemes
            Itself.

        Raises
        ------
        ValueError
            An unknown theme, or a name that another theme has.

        Examples
        --------
        >>> texts = ["停车位不足", "园区停车难", "厂区没地方停车"]
        >>> texts += ["贷款利率高", "想申请贷款", "银行贷款审批慢"]
        >>> themes = DemandThemes(2).fit(texts)
        >>> themes.rename({0: "停车"}).themes_["name"].iloc[0]
        '停车'
        """
        check_is_fitted(self)
        self.themes_ = editing.renamed(self.themes_, names)
        return self

    def merge(self, themes: Sequence[int | str], *, name: str | None = None) -> Self:
        """Merge several themes into one, with ``name`` or the name of the first, and the number of the first.

        Parameters
        ----------
        themes
            Numbers or names of two or more.
        name
            Name of the merged theme.

        Returns
        -------
        DemandThemes
            Itself.

        Raises
        ------
        ValueError
            An unknown theme, or fewer than two.

        Examples
        --------
        >>> texts = ["停车位不足", "园区停车难", "厂区没地方停车"]
        >>> texts += ["贷款利率高", "想申请贷款", "银行贷款审批慢"]
        >>> themes = DemandThemes(2).fit(texts)
        >>> len(themes.merge([0, 1]).themes_)
        1
        """
        check_is_fitted(self)
        state = self.model_, self.themes_, self.labels_
        self.model_, self.themes_, self.labels_ = editing.merged(*state, themes, name=name)
        return self

    def split(self, theme: int | str, n: int = 2, *, names: Sequence[str] | None = None) -> Self:
        """Make ``n`` themes of one; the first keeps its number, the others come last.

        Names are ``names``, or the parts' own words.

        Parameters
        ----------
        theme
            Number or name.
        n
            Parts, at least 2.
        names
            One name for each part.

        Returns
        -------
        DemandThemes
            Itself.

        Raises
        ------
        ValueError
            An unknown theme, or a theme with fewer distinct texts than parts.

        Examples
        --------
        >>> texts = ["停车位不足", "园区停车难", "厂区没地方停车"]
        >>> texts += ["贷款利率高", "想申请贷款", "银行贷款审批慢"]
        >>> themes = DemandThemes(2).fit(texts)
        >>> len(themes.split(0, 2).themes_)
        3
        """
        check_is_fitted(self)
        clean = self._clean(self.texts_)
        state = self.model_, self.themes_, self.labels_
        self.model_, self.themes_, self.labels_ = editing.split(
            *state, theme, n, texts=clean, seed=self.random_state, names=names
        )
        return self

    def save(self, path: str | Path) -> None:
        """Write everything to one JSON file: readable, versioned, no code in it.

        Parameters
        ----------
        path
            File to write.

        Examples
        --------
        >>> texts = ["停车位不足", "园区停车难", "厂区没地方停车"]
        >>> texts += ["贷款利率高", "想申请贷款", "银行贷款审批慢"]
        >>> themes = DemandThemes(2).fit(texts)
        >>> import tempfile
        >>> from pathlib import Path
        >>> path = Path(tempfile.mkdtemp()) / "themes.json"
        >>> themes.save(path)
        >>> DemandThemes.load(path).predict(texts).tolist() == themes.labels_.tolist()
        True
        """
        check_is_fitted(self)
        persistence.write(self, path)

    @classmethod
    def load(cls, path: str | Path, *, encoder: Encoder = None) -> Self:
        """Read what ``save`` wrote; a callable encoder is not in the file and must be given again.

        Parameters
        ----------
        path
            File that ``save`` wrote.
        encoder
            The encoder that the themes were fitted with, where it is a callable.

        Returns
        -------
        DemandThemes
            Fitted, as it was saved.

        Raises
        ------
        ValueError
            The file was not written by ``save``, or needs a callable encoder.

        Examples
        --------
        >>> texts = ["停车位不足", "园区停车难", "厂区没地方停车"]
        >>> texts += ["贷款利率高", "想申请贷款", "银行贷款审批慢"]
        >>> themes = DemandThemes(2).fit(texts)
        >>> import tempfile
        >>> from pathlib import Path
        >>> path = Path(tempfile.mkdtemp()) / "themes.json"
        >>> themes.save(path)
        >>> len(DemandThemes.load(path).themes_)
        2
        """
        model: Self = persistence.read(cls, path, encoder=encoder)
        return model

    def get_feature_names_out(self, input_features: object = None) -> np.ndarray[Any, Any]:  # noqa: ARG002 - scikit-learn's
        """Name ``transform``'s columns: ``theme_0``, ``theme_1``, ….

        Parameters
        ----------
        input_features
            Not used; scikit-learn's pipelines give it.

        Returns
        -------
        numpy.ndarray
            One name for each theme.

        Examples
        --------
        >>> texts = ["停车位不足", "园区停车难", "厂区没地方停车"]
        >>> texts += ["贷款利率高", "想申请贷款", "银行贷款审批慢"]
        >>> themes = DemandThemes(2).fit(texts)
        >>> themes.get_feature_names_out().tolist()
        ['theme_0', 'theme_1']
        """
        check_is_fitted(self)
        return np.array([f"theme_{i}" for i in range(self.n_themes_)], dtype=object)
