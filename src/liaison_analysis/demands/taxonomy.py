"""A taxonomy of what parks are asked for, and the classifier fitted to it."""

from __future__ import annotations

import csv
import functools
from dataclasses import dataclass
from importlib.resources import files
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pandas as pd

from liaison_analysis.demands import word_weights
from liaison_analysis.demands.intents import asking_text
from liaison_analysis.demands.representation import strip_numbers
from liaison_analysis.demands.request_examples import intent_examples
from liaison_analysis.demands.scorers import shares_of
from liaison_analysis.demands.word_weights import WordWeights, learnt_vectorizer
from liaison_analysis.text import encode, normalise, topic_shares, unit_rows

if TYPE_CHECKING:
    from collections.abc import Sequence

    from liaison_analysis.demands.representation import Floats, ThemeSpace
    from liaison_analysis.text import Encoder

# Weights of the centred sentence vector, the topics and the words, and the regression's C: chosen on demands
# of three fictional regions written apart from the examples (232 demands), 2026-11. Decisions of the
# classifiers of intents on texts that these were not fitted to add less than 0.01 (ten regions, 2026-12).
_VECTOR, _TOPICS, _WORDS, _C = 2.0, 1.0, 2.0, 2.0
# A phrase or example weighs (average number a theme / number of its theme) to this power; chosen there too.
_BALANCE: Final = 0.5
# Share of a theme's packaged phrases that a table must keep for the packaged examples to teach it (judgement:
# with fewer the theme is another one of the same name).
_SAME_THEME: Final = 0.5
# Change of the coefficients at which the fit is done (judgement: small, so that machines agree).
_TOLERANCE: Final = 1e-6

#: A text fits no theme unless its likeliest theme exceeds this probability: in two fictional regions and the
#: sample the likeliest theme of all four texts below it was wrong.
FITS: Final = 0.2

_PACKAGE: Final = "liaison_analysis.demands"
_FILE: Final = "taxonomy_weights.npz"


def park_taxonomy() -> pd.DataFrame:
    """Read the packaged taxonomy of what enterprises ask a park for.

    Twenty-two themes in seven groups, each with 30 to 40 phrases as officers and enterprises use them,
    written for this package. Edit it as a table, drop or add themes and phrases, and give it to
    ``DemandThemes``.

    Returns
    -------
    pandas.DataFrame
        [group, theme, phrase], one row for each phrase, by group and theme in their order.

    Examples
    --------
    >>> taxonomy = park_taxonomy()
    >>> taxonomy["group"].nunique(), taxonomy["theme"].nunique()
    (7, 22)
    >>> taxonomy.loc[taxonomy["group"].eq("交通与出行"), "theme"].unique().tolist()
    ['停车与充电', '道路与物流', '公共交通']
    """
    table = files(_PACKAGE).joinpath("taxonomy.csv").read_text(encoding="utf-8")
    return pd.DataFrame(list(csv.DictReader(table.splitlines()))).astype("str")


def taxonomy_examples(taxonomy: pd.DataFrame) -> pd.DataFrame:
    """Give the packaged demands that say what a taxonomy's themes sound like in notes of visits.

    They are those of ``taxonomy_examples.csv`` and of ``intent_examples`` that have a theme.
    Only themes count that have the name and at least half of the phrases of a packaged one.

    Returns
    -------
    pandas.DataFrame
        [theme, text]; empty for a taxonomy that has nothing of the packaged one.

    Examples
    --------
    >>> taxonomy = park_taxonomy()
    >>> len(taxonomy_examples(taxonomy)) > 5_000
    True
    >>> taxonomy_examples(taxonomy.assign(theme="停车")).empty
    True
    """
    table = files(_PACKAGE).joinpath("taxonomy_examples.csv").read_text(encoding="utf-8")
    rows = [(row["theme"], row["text"]) for row in csv.DictReader(table.splitlines())]
    rows += [(example.theme, example.text) for example in intent_examples() if example.theme]
    packaged = park_taxonomy().set_index("phrase")["theme"]
    of_phrase = taxonomy.drop_duplicates("phrase").set_index("phrase")["theme"].reindex(packaged.index)
    kept = of_phrase.eq(packaged).groupby(packaged).mean()
    same = set(kept.index[kept >= _SAME_THEME])
    return pd.DataFrame([row for row in rows if row[0] in same], columns=["theme", "text"]).astype("str")


def checked_taxonomy(taxonomy: pd.DataFrame) -> pd.DataFrame:
    """Check a taxonomy and give it as [group, theme, phrase] without empty rows; the group may be missing.

    Raises
    ------
    ValueError
        A column is missing, there are fewer than two themes, a theme is listed under two groups, or a phrase
        under two themes; all problems at once.
    """
    if absent := [name for name in ("theme", "phrase") if name not in taxonomy]:
        raise ValueError(
            f"taxonomy: expected the columns theme and phrase, got {list(taxonomy)!r}; add {absent!r}"
        )
    table = taxonomy.assign(group=taxonomy.get("group", ""))[["group", "theme", "phrase"]]
    table = table.dropna(subset=["theme", "phrase"]).fillna({"group": ""}).astype("str")
    for name in table:
        table[name] = table[name].str.strip()
    filled = table["theme"].ne("") & table["phrase"].ne("")
    table = pd.DataFrame(table[filled].drop_duplicates(ignore_index=True))
    wrong = []
    if table["theme"].nunique() < 2:
        wrong.append(f"expected two themes or more, got {table['theme'].unique().tolist()!r}")
    for many, of, what in (("theme", "group", "groups"), ("phrase", "theme", "themes")):
        counts = table.groupby(many, sort=False)[of].nunique()
        wrong += [f"{many} {name!r} is in several {what}; keep one" for name in counts[counts > 1].index]
    if wrong:
        raise ValueError("taxonomy: " + "; ".join(wrong))
    return table


@dataclass(frozen=True)
class TaxonomyModel:
    """Multinomial logistic regression on sentence vectors, topics and words.

    Attributes
    ----------
    words
        Weights of words, characters and pairs of characters.
    mean
        Mean sentence vector of the phrases: (columns,).
    of_dense
        Weights of the centred sentence vector and the topics: (dense columns, themes).
    offsets
        (themes,).
    """

    words: WordWeights
    mean: np.ndarray[Any, Any]
    of_dense: np.ndarray[Any, Any]
    offsets: np.ndarray[Any, Any]

    def probabilities(
        self, texts: Sequence[str], *, encoder: Encoder = None
    ) -> np.ndarray[Any, np.dtype[np.float64]]:
        """Probability of each theme in each cleaned text: (texts, themes), rows sum to 1.

        Clauses that negate, or report something settled, are left out where others remain.
        """
        if not len(texts):
            return np.zeros((0, len(self.offsets)))
        asked = strip_numbers([asking_text(text) for text in texts])
        decisions = _dense(asked, self.mean, encoder, exact=True) @ self.of_dense + self.offsets
        decisions += _WORDS * self.words.decisions(asked)
        odds = np.exp(decisions - decisions.max(axis=1, keepdims=True))
        return np.asarray(odds / odds.sum(axis=1, keepdims=True))

    @classmethod
    def learn(
        cls, taxonomy: pd.DataFrame, *, encoder: Encoder = None, start: TaxonomyModel | None = None
    ) -> TaxonomyModel:
        """Fit the regression to the phrases, names and examples of a checked taxonomy; some ten seconds.

        The steps begin at ``start`` where that has the same words: the fit ends at the same weights, sooner
        if they are near.
        """
        from scipy import sparse
        from sklearn.linear_model import LogisticRegression
        from threadpoolctl import threadpool_limits  # type: ignore[import-untyped]

        names = taxonomy["theme"].unique().tolist()
        number = {name: i for i, name in enumerate(names)}
        examples = taxonomy_examples(taxonomy)
        texts = normalise([*taxonomy["phrase"], *names])
        texts += [asking_text(text) for text in normalise(examples["text"].tolist())]
        texts = strip_numbers(texts)
        themes = np.array([number[name] for name in [*taxonomy["theme"], *names, *examples["theme"]]])
        of_theme = np.bincount(themes)
        weight = (of_theme.mean() / of_theme[themes]) ** _BALANCE
        vectorizer = learnt_vectorizer()
        counts = vectorizer.fit_transform(texts) * _WORDS
        # A convex problem does not magnify rounding, so the quicker vectors will do.
        mean = encode(texts, encoder=encoder).astype(np.float64).mean(axis=0)
        dense = _dense(texts, mean, encoder, exact=False)
        words = {word: int(row) for word, row in vectorizer.vocabulary_.items()}
        regression = LogisticRegression(C=_C, max_iter=500, tol=_TOLERANCE, warm_start=True)
        if start is not None and len(names) == len(start.offsets) > 2 and start.words.words == words:
            regression.coef_ = np.vstack([start.of_dense, start.words.weights]).T
            regression.intercept_ = start.offsets
        with threadpool_limits(1):
            fitted = regression.fit(
                sparse.hstack([sparse.csr_array(dense), counts], format="csr"), themes, sample_weight=weight
            )
        weights, offsets = fitted.coef_.T, fitted.intercept_
        if len(names) == 2:
            weights, offsets = np.hstack([-weights, weights]) / 2, np.array([-1, 1]) * offsets / 2
        split = dense.shape[1]
        model = cls(
            WordWeights(words, vectorizer.idf_, weights[split:]), mean, weights[:split], np.asarray(offsets)
        )
        return cls.from_bytes(model.to_bytes())  # with the rounding of the stored file

    def to_bytes(self) -> bytes:
        """Write the model as a compressed ``.npz`` of numbers."""
        arrays = {"mean": self.mean, "of_dense": self.of_dense, "offsets": self.offsets}
        return word_weights.to_bytes(self.words, arrays)

    @classmethod
    def from_bytes(cls, written: bytes) -> TaxonomyModel:
        """Read what ``to_bytes`` wrote."""
        words, arrays = word_weights.from_bytes(written)
        return cls(words, **arrays)


@functools.lru_cache(maxsize=1)
def packaged_model() -> TaxonomyModel:
    """Read the model that was fitted to the packaged taxonomy when the package was built."""
    return TaxonomyModel.from_bytes(files(_PACKAGE).joinpath(_FILE).read_bytes())


def theme_probabilities(texts: Sequence[str]) -> np.ndarray[Any, np.dtype[np.float64]]:
    """Probability of each theme of the packaged taxonomy in each text.

    Parameters
    ----------
    texts
        Chinese demands, normalised (``text.normalise``).

    Returns
    -------
    numpy.ndarray
        (texts, themes), rows sum to 1; themes in the order in which ``park_taxonomy`` first names them.

    Examples
    --------
    >>> themes = park_taxonomy()["theme"].unique()
    >>> str(themes[theme_probabilities(["厂门口没地方停车"]).argmax()])
    '停车与充电'
    """
    return packaged_model().probabilities(texts)


def model_of(taxonomy: pd.DataFrame, *, encoder: Encoder = None) -> TaxonomyModel:
    """Give the packaged model for the packaged taxonomy and encoder; fit one for any other."""
    default = encoder is None or encoder == "use"
    if default and taxonomy.reset_index(drop=True).equals(park_taxonomy()):
        return packaged_model()
    return TaxonomyModel.learn(taxonomy, encoder=encoder)


def _dense(
    texts: Sequence[str], mean: np.ndarray[Any, Any], encoder: Encoder, *, exact: bool
) -> np.ndarray[Any, Any]:
    """Centred sentence vector and topics: (texts, columns)."""
    vectors = unit_rows(encode(texts, encoder=encoder, exact=exact) - mean)
    return np.hstack([vectors * _VECTOR, topic_shares(texts) * _TOPICS])


@dataclass(frozen=True)
class TaxonomyScorer:
    """Scores a taxonomy's themes first, then the themes of texts that fit none of them.

    Attributes
    ----------
    model
        Gives the probability of each of the taxonomy's themes.
    new
        Centres of the themes found among texts that fit none, in the space's coordinates: (new themes,
        coordinates); ``None`` where such texts are left together as one last theme.
    """

    model: TaxonomyModel
    new: np.ndarray[Any, np.dtype[np.float64]] | None = None

    def shares(self, space: ThemeSpace, texts: Sequence[str]) -> Floats:
        """Share of each theme in each text: (texts, themes), the taxonomy's before the new ones.

        The weight of "none of them" is ``FITS`` beside the taxonomy's probabilities: it wins where none of
        these is greater.
        """
        probabilities = self.model.probabilities(texts, encoder=space.encoder)
        rest = np.full((len(texts), 1), FITS)
        if self.new is not None and len(texts):
            nearest = shares_of(space.map(texts).astype(np.float64) @ unit_rows(self.new).T)
            rest = FITS * nearest / nearest.max(axis=1, keepdims=True)
        shares = np.hstack([probabilities, rest])
        return np.asarray(shares / shares.sum(axis=1, keepdims=True), dtype=np.float32)
