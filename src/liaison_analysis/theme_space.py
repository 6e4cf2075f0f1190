"""The space that demand texts are grouped in: sentence vectors, words, matters, neighbours."""

from __future__ import annotations

import csv
import functools
import re
from dataclasses import dataclass
from importlib.resources import files
from typing import TYPE_CHECKING, Any, Literal, TypeAlias

import numpy as np

from liaison_analysis.text import Encoder, encode, word_and_char_features

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

Floats: TypeAlias = "np.ndarray[Any, np.dtype[np.float32]]"
Integers: TypeAlias = "np.ndarray[Any, np.dtype[np.int64]]"
Mode: TypeAlias = Literal["kmeans", "spectral"]

NEIGHBOURS = 15
STEPS = 2
SHARE = 0.7
_WORDS_WEIGHT = 0.5
_MATTERS_WEIGHT = 0.6
_LSA_DIMENSIONS = 100
_DIMENSIONS = 128
_CLUSTER_DIMENSIONS = 16
_BLOCK = 2_000
_MANY = 5_000

#: How a text is put, not what it is about: question mark, exclamation mark, question words, request words,
#: pronouns.
_MOODS = tuple(
    re.compile(pattern)
    for pattern in (
        r"\?",
        r"!",
        "如何|怎么|怎样|什么|为何|哪|吗|呢|何时|是否|能否|可否|多少",
        "希望|请问|建议|咨询|请求|恳请|反映|投诉|举报|要求|呼吁|求助|盼",
        "我|你|他|她|您|咱|本人",
    )
)
_NUMBER = re.compile(r"\d+(?:[.,:%]\d+)*%?")
_PLACE_CODE = re.compile(r"[A-Z]\d{0,3}(?:省|市|县|区|镇|村|州)")


def unit_rows(matrix: np.ndarray[Any, Any]) -> Floats:
    """Scale rows to length 1; a row of zeros stays."""
    norms = np.linalg.norm(matrix, axis=1, keepdims=True)
    return np.asarray(matrix / np.where(norms > 0, norms, 1), dtype=np.float32)


def matter_of_fact(texts: Iterable[str]) -> list[str]:
    """Take out numbers and anonymised place codes, unless nothing else is left.

    Examples
    --------
    >>> matter_of_fact(["A3区缺300个车位", "2022"])
    ['缺 个车位', '2022']
    """
    stripped = ((_NUMBER.sub(" ", _PLACE_CODE.sub("", text)).strip(), text) for text in texts)
    return [short or text for short, text in stripped]


def mood_flags(texts: Sequence[str]) -> Floats:
    """Five yes/no flags of how a text is put, after a column of ones: (texts, 6).

    Examples
    --------
    >>> mood_flags(["请问停车位什么时候能增加?"]).tolist()
    [[1.0, 1.0, 0.0, 1.0, 1.0, 0.0]]
    """
    rows = [[True, *(mood.search(text) is not None for mood in _MOODS)] for text in texts]
    return np.array(rows, dtype=np.float32).reshape(len(texts), 1 + len(_MOODS))


@functools.lru_cache(maxsize=1)
def _matters() -> tuple[list[str], dict[str, list[int]], int]:
    """Matters, the matters of each word, and the longest word's length, from ``demand_words.csv``."""
    table = files("liaison_analysis").joinpath("demand_words.csv").read_text(encoding="utf-8")
    rows = list(csv.DictReader(table.splitlines()))
    of_word: dict[str, list[int]] = {}
    for i, row in enumerate(rows):
        for word in row["words"].split():
            of_word.setdefault(word, []).append(i)
    return [row["matter"] for row in rows], of_word, max(map(len, of_word))


def matter_shares(texts: Sequence[str]) -> Floats:
    """How much each text speaks of each of 34 matters that enterprises and citizens raise.

    Matters and their words are a thesaurus of parks and public services, ``demand_words.csv``: 停车 knows
    车位 and 道闸, which share no character. The longest word at each place counts, shared out among the
    matters it stands for; rows have square roots and length 1, or are zero where no word is known.

    Examples
    --------
    >>> shares = matter_shares(["车位太少", "道闸坏了", "天气不错"])
    >>> float(shares[0] @ shares[1]), float(shares[2].sum())
    (1.0, 0.0)
    """
    matters, of_word, longest = _matters()
    found = np.zeros((len(texts), len(matters)), dtype=np.float32)
    for row, text in enumerate(texts):
        low, i = text.lower(), 0
        while i < len(low):
            for size in range(min(longest, len(low) - i), 0, -1):
                hit = of_word.get(low[i : i + size])
                if hit:
                    found[row, hit] += (1 if size > 1 else 0.5) / len(hit)
                    i += size - 1 if size > 2 else 0
                    break
            i += 1
    return unit_rows(np.sqrt(found))


@dataclass
class ThemeSpace:
    """Coordinates in which demands about the same matter lie near each other.

    Sentence vectors, from which five flags of mood are regressed out, beside latent semantic analysis of
    words and single characters (Deerwester et al. 1990, weight 0.5) and the thesaurus of matters (weight
    0.6 × the square of the share of texts that hold one of its words), rotated to 128 coordinates.

    Attributes
    ----------
    encoder
        As in ``text.encode``.
    """

    encoder: Encoder = None
    moods: Floats | None = None
    vectorizer: Any = None
    components: Floats | None = None
    rarity: Floats | None = None
    matters_weight: float = 0.0
    rotation: Floats | None = None

    def fit_map(self, texts: Sequence[str]) -> Floats:
        """Learn the space from distinct texts and return their coordinates, rows of length 1."""
        from threadpoolctl import threadpool_limits  # type: ignore[import-untyped]

        with threadpool_limits(limits=1, user_api="blas"):  # small matrices: threads only wait for each other
            return self._fit_map(texts)

    def _fit_map(self, texts: Sequence[str]) -> Floats:
        facts = matter_of_fact(texts)
        vectors = encode(facts, encoder=self.encoder).astype(np.float64)
        moods = mood_flags(texts).astype(np.float64)
        self.moods = np.linalg.lstsq(moods, vectors, rcond=None)[0].astype(np.float32)
        self._fit_words(facts)
        shares = matter_shares(texts)
        known = np.count_nonzero(shares, axis=0) + 1
        self.rarity = np.log1p(len(texts) / known).astype(np.float32)
        self.matters_weight = _MATTERS_WEIGHT * float((shares.sum(axis=1) > 0).mean()) ** 2
        raw = self._raw(texts)
        _, axes = np.linalg.eigh(raw.T.astype(np.float64) @ raw)
        self.rotation = np.ascontiguousarray(axes[:, ::-1][:, :_DIMENSIONS], dtype=np.float32)
        return unit_rows(raw @ self.rotation)

    def map(self, texts: Sequence[str]) -> Floats:
        """Coordinates of new texts, rows of length 1: (texts, at most 128)."""
        if self.rotation is None:
            raise ValueError("the space has no axes yet; call fit_map first")
        return unit_rows(self._raw(texts) @ self.rotation)

    def _fit_words(self, facts: Sequence[str]) -> None:
        """TF-IDF of words and characters that occur in two texts or more, or in any if none does."""
        from sklearn.feature_extraction.text import TfidfVectorizer
        from sklearn.utils.extmath import randomized_svd

        for least, most in ((2, 0.2), (1, 1.0)):
            vectorizer = TfidfVectorizer(
                analyzer=word_and_char_features,
                min_df=least,
                max_df=max(most, least / max(len(facts), 1)),
                sublinear_tf=True,
                dtype=np.float32,
            )
            try:
                counts = vectorizer.fit_transform(facts)
            except ValueError:  # no feature is left: few texts, or only punctuation
                continue
            rank = max(1, min(_LSA_DIMENSIONS, min(counts.shape) - 1))
            self.components = randomized_svd(counts, rank, n_iter=4, random_state=0)[2].astype(np.float32)
            self.vectorizer = vectorizer
            return

    def _raw(self, texts: Sequence[str]) -> Floats:
        if self.moods is None or self.rarity is None:
            raise ValueError("the space has no axes yet; call fit_map first")
        facts = matter_of_fact(texts)
        vectors = encode(facts, encoder=self.encoder)
        parts = [unit_rows(vectors - mood_flags(texts) @ self.moods)]
        if self.vectorizer is not None and self.components is not None:
            lexical = self.vectorizer.transform(facts) @ self.components.T
            parts.append((2.0 if self.encoder == "lexical" else _WORDS_WEIGHT) * unit_rows(lexical))
        parts.append(self.matters_weight * unit_rows(matter_shares(texts) * self.rarity))
        return np.hstack(parts)


def nearest(rows: Floats, among: Floats, k: int, *, itself: bool = False) -> Integers:
    """Find the ``k`` nearest by cosine of each row; ``itself`` leaves row i out of its own.

    Works in blocks of 2,000 rows, so memory stays at 2,000 × ``among``.
    """
    k = max(1, min(k, len(among) - int(itself)))
    index = np.empty((len(rows), k), dtype=np.int64)
    for start in range(0, len(rows), _BLOCK):
        block = rows[start : start + _BLOCK] @ among.T
        if itself:
            block[np.arange(len(block)), np.arange(start, start + len(block))] = -2
        index[start : start + _BLOCK] = np.argpartition(-block, k - 1, axis=1)[:, :k]
    return index


def _neighbours(n: int) -> int:
    """15, fewer among few rows: else everything is everything's neighbour."""
    return min(NEIGHBOURS, max(2, n // 10))


def neighbour_graph(rows: Floats) -> Any:
    """Sparse matrix (n, n) with 1 where a row is among another's 15 nearest, fewer where there are few."""
    from scipy import sparse

    index = nearest(rows, rows, _neighbours(len(rows)), itself=True)
    n, k = index.shape
    ones = np.ones(n * k, dtype=np.float32)
    return sparse.csr_array((ones, index.ravel(), np.arange(0, n * k + 1, k)), shape=(n, n))


def smooth(rows: Floats, *, graph: Any = None, steps: int = STEPS, share: float = SHARE) -> list[Floats]:
    """Rows after each step of moving ``share`` of the way to the mean of their 15 nearest; first as given.

    One step is a low-pass graph filter on the nearest-neighbour graph (Zhang et al. 2019, adaptive graph
    convolution for attributed graph clustering, https://doi.org/10.24963/ijcai.2019/601). ``graph`` is that
    of ``neighbour_graph``, made here if it is not given.
    """
    if len(rows) < 3:
        return [rows] * (steps + 1)
    graph = neighbour_graph(rows) if graph is None else graph
    mean = graph / graph.sum(axis=1)[0]
    levels = [rows]
    for _ in range(steps):
        levels.append(np.asarray((1 - share) * levels[-1] + share * (mean @ levels[-1]), dtype=np.float32))
    return levels


def follow(rows: Floats, levels: Sequence[Floats], *, share: float = SHARE) -> Floats:
    """Move new rows as ``smooth`` moved the fitted ones, towards the fitted rows nearest to them."""
    if len(levels[0]) < 3:
        return rows
    for start in range(0, len(rows), _BLOCK):
        block = rows[start : start + _BLOCK]
        index = nearest(block, levels[0], _neighbours(len(levels[0])))
        for level in levels[:-1]:
            block = np.asarray((1 - share) * block + share * level[index].mean(axis=1), dtype=np.float32)
        rows = np.concatenate([rows[:start], block, rows[start + _BLOCK :]])
    return rows


def leading(rows: Floats, n_groups: int) -> Floats:
    """Principal coordinates that k-means needs: as many as groups, at least 16."""
    centred = (rows - rows.mean(axis=0)).astype(np.float64)
    _, axes = np.linalg.eigh(centred.T @ centred)
    return np.asarray(centred @ axes[:, ::-1][:, : max(_CLUSTER_DIMENSIONS, n_groups)], dtype=np.float32)


def group(
    rows: Floats,
    n_groups: int,
    *,
    smoothed: Floats | None = None,
    graph: Any = None,
    mode: Mode = "kmeans",
    seed: int = 0,
    starts: int = 0,
) -> Integers:
    """Group rows of length 1; the same seed gives the same bytes on one machine.

    ``spectral`` cuts the nearest-neighbour graph (Ng, Jordan & Weiss 2001) from pivoted-QR starts (Damle,
    Minden & Ying 2019, https://doi.org/10.1093/imaiai/iay008) and does not depend on the seed. ``kmeans``
    takes the best of many k-means++ starts on the leading coordinates; where ``smoothed`` rows are given,
    on theirs beside the graph's eigenvectors, with the spectral groups as one more start.
    """
    from threadpoolctl import threadpool_limits

    n_groups = min(n_groups, len(np.unique(rows, axis=0)))
    starts = starts or (20 if len(rows) < _MANY else 6)
    with threadpool_limits(limits=1):  # sums in one order: threads add up in any
        if n_groups >= len(rows) - 1 or (mode == "kmeans" and smoothed is None):
            return _lloyd(leading(rows, n_groups), n_groups, seed=seed, starts=starts)[0]
        axes, first = _spectral_axes(rows, n_groups, graph)
        cut = _lloyd(axes, n_groups, centres=axes[first])[0]
        if mode == "spectral" or smoothed is None:
            return cut
        coordinates = leading(smoothed, n_groups)
        scale = float(np.linalg.norm(coordinates, axis=1).mean()) or 1.0
        both = np.hstack([coordinates / scale, axes])
        kept = np.unique(cut, return_inverse=True)[1]
        runs = [_lloyd(both, n_groups, seed=seed, starts=starts)]
        if kept.max() + 1 == n_groups:
            means = np.stack([both[kept == i].mean(axis=0) for i in range(n_groups)])
            runs.append(_lloyd(both, n_groups, centres=means))
        return min(runs[::-1], key=lambda run: round(run[1], 6))[0]


def _lloyd(
    rows: Floats,
    n_groups: int,
    *,
    seed: int = 0,
    starts: int = 1,
    centres: Floats | None = None,
) -> tuple[Integers, float]:
    """k-means: the group of each row, and the sum of squares within groups."""
    from sklearn.cluster import KMeans

    model = KMeans(
        n_groups, init="k-means++" if centres is None else centres, n_init=starts, random_state=seed
    )
    model.fit(rows)
    return np.asarray(model.labels_, dtype=np.int64), float(model.inertia_)


def _spectral_axes(rows: Floats, n_groups: int, graph: Any = None) -> tuple[Floats, Integers]:
    """Leading eigenvectors of the symmetric normalised neighbour graph, and the rows that span them best."""
    from scipy import sparse
    from scipy.linalg import qr
    from scipy.sparse.linalg import eigsh

    graph = (neighbour_graph(rows) if graph is None else graph).astype(np.float64)
    graph = (graph + graph.T) / 2
    scale = sparse.diags_array(1 / np.sqrt(graph.sum(axis=1)))
    _, axes = eigsh(scale @ graph @ scale, k=n_groups, which="LA", v0=np.ones(len(rows)))
    _, pivots = qr(axes.T, pivoting=True, mode="r")
    return unit_rows(axes), pivots[:n_groups]


def group_sums(points: Floats, found: Integers, n: int) -> np.ndarray[Any, np.dtype[np.float64]]:
    """Sum the points of each group: (groups, coordinates)."""
    sums = np.zeros((n, points.shape[1]))
    np.add.at(sums, found, points.astype(np.float64))
    return sums


def central_rows(points: Floats, found: Integers, n: int, *, k: int) -> list[list[int]]:
    """List rows of the ``k`` points of each group nearest to its mean direction, nearest first."""
    central = []
    for theme in range(n):
        members = np.flatnonzero(found == theme)
        centre = unit_rows(points[members].sum(axis=0, keepdims=True))[0]
        score = np.round(points[members] @ centre, 6)
        central.append(members[np.lexsort((members, -score))[:k]].tolist())
    return central
