"""Groups of texts: neighbours, smoothing over them, clusters.

Everything is computed in double precision and coordinates are kept in single: the rounding hides the order in
which a processor adds up, so that the same texts are grouped alike on every machine.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal, TypeAlias

import numpy as np

from liaison_analysis.text import unit_rows

if TYPE_CHECKING:
    from collections.abc import Sequence

    from liaison_analysis.demands.representation import Floats, Integers

Mode: TypeAlias = Literal["kmeans", "spectral"]

# Neighbours of a text, and how far it moves towards them: tuned on the development halves of the citizens'
# messages, TNEWS and THUCNews (benchmarks/themes.py).
NEIGHBOURS = 40
SHARE = 0.7

# Smallest number of principal coordinates for k-means (judgement).
_CLUSTER_DIMENSIONS = 16

# Rows of one block of cosines, which bounds the memory.
_BLOCK = 2_000

# From this many rows on, k-means is started 6 times, below it 20 times: its seeds then agree (judgement).
_MANY_ROWS, _STARTS_OF_FEW, _STARTS_OF_MANY = 5_000, 20, 6

# Halvings of the interval in which a weight's rate is sought: to 1e-8 of it.
_HALVINGS = 30
# Rates between which that of a text is sought: cosines differ by 2 at most.
_RATES = (1e-6, 10.0)

# Cosines that differ by less are equal, and the earlier row comes first.
_COSINE_DECIMALS, _BY_ROW = 7, 1e-12

# Weight of an edge that joins parts of the graph without a neighbour in common, times its cosine (judgement:
# little beside a nearest neighbour's 1).
_BRIDGE = 0.1


def nearest(rows: Floats, among: Floats, k: int, *, itself: bool = False) -> tuple[Integers, Floats]:
    """Find the ``k`` nearest neighbours of each row and their cosines, nearest first.

    Ties: the earlier row. ``itself=True`` excludes row i from its own neighbours. Rows are taken in blocks
    of 2,000, so that memory stays at 2,000 × ``among``.
    """
    k = max(1, min(k, len(among) - int(itself)))
    index = np.empty((len(rows), k), dtype=np.int64)
    cosines = np.empty((len(rows), k))
    columns = among.T.astype(np.float64)
    later = np.arange(len(among)) * _BY_ROW
    for start in range(0, len(rows), _BLOCK):
        block = np.round(rows[start : start + _BLOCK].astype(np.float64) @ columns, _COSINE_DECIMALS) - later
        if itself:
            block[np.arange(len(block)), np.arange(start, start + len(block))] = -2
        chosen = np.argpartition(-block, k - 1, axis=1)[:, :k]
        near = np.take_along_axis(block, chosen, axis=1)
        order = np.argsort(-near, axis=1, kind="stable")
        index[start : start + _BLOCK] = np.take_along_axis(chosen, order, axis=1)
        cosines[start : start + _BLOCK] = np.take_along_axis(near, order, axis=1)
    return index, np.round(cosines, _COSINE_DECIMALS)


def umap_weights(cosines: np.ndarray[Any, Any]) -> np.ndarray[Any, np.dtype[np.float64]]:
    """Weigh neighbours, the nearest first, as UMAP does (McInnes, Healy & Melville 2018).

    The nearest weighs 1; the weights of the others fall exponentially with their distance beyond it, in each
    row at the rate that makes its weights sum to log2(k + 1), https://arxiv.org/abs/1802.03426. So a row
    with a few very near neighbours among forty is placed by those few.

    Parameters
    ----------
    cosines
        (rows, k) cosines of each row to its neighbours, the greatest first.

    Returns
    -------
    numpy.ndarray
        (rows, k) weights, 0–1, the first of each row 1.

    Examples
    --------
    >>> umap_weights(np.array([[0.9, 0.8, 0.1]], dtype=np.float32)).round(2).astype(str).tolist()
    [['1.0', '0.81', '0.19']]
    """
    beyond = cosines[:, :1] - cosines
    wanted = np.log2(cosines.shape[1] + 1)
    low, high = (np.full((len(cosines), 1), rate) for rate in _RATES)
    for _ in range(_HALVINGS):
        rate = (low + high) / 2
        above = np.exp(-beyond / rate).sum(axis=1, keepdims=True) > wanted
        low, high = np.where(above, low, rate), np.where(above, rate, high)
    return np.asarray(np.exp(-beyond / high), dtype=np.float64)


def _neighbours(n: int) -> int:
    """Give the number of neighbours: 40, or a tenth of the rows where that is fewer, and at least 2."""
    return min(NEIGHBOURS, max(2, n // 10))


def neighbour_graph(rows: Floats) -> Any:
    """Weights of each row's 40 nearest, or a tenth of the rows where they are few: sparse (n, n), connected.

    Parts of the graph without an edge between them are joined by their nearest pair of rows: else each part
    has an eigenvector of the same eigenvalue, and rounding chooses among their mixtures.
    """
    from scipy import sparse

    index, cosines = nearest(rows, rows, _neighbours(len(rows)), itself=True)
    n, k = index.shape
    graph = sparse.csr_array(
        (umap_weights(cosines).ravel(), index.ravel(), np.arange(0, n * k + 1, k)), shape=(n, n)
    )
    return _connected(graph, rows)


def _connected(graph: Any, rows: Floats) -> Any:
    """Join each smaller part of a graph to the rest, the smallest first, until there is one part."""
    from scipy import sparse
    from scipy.sparse.csgraph import connected_components

    n_parts, part = connected_components(graph, directed=False)
    while n_parts > 1:
        members = np.flatnonzero(part == np.bincount(part).argmin())
        others = np.flatnonzero(part != part[members[0]])
        index, cosines = nearest(rows[members], rows[others], 1)
        best = int(cosines[:, 0].argmax())
        a, b = members[best], others[index[best, 0]]
        weight = _BRIDGE * max(float(cosines[best, 0]), _BRIDGE)
        graph = graph + sparse.csr_array(([weight], ([a], [b])), shape=graph.shape)
        n_parts, part = connected_components(graph, directed=False)
    return graph


def smooth(rows: Floats, *, graph: Any = None, share: float = SHARE) -> Floats:
    """Move rows ``share`` of the way to the weighted mean of their nearest; rows of length 1.

    A low-pass filter on the nearest-neighbour graph (Zhang et al. 2019, adaptive graph convolution for
    attributed graph clustering, https://doi.org/10.24963/ijcai.2019/601). ``graph`` is that of
    ``neighbour_graph``, made here if it is not given.
    """
    if len(rows) < 3:
        return rows
    graph = neighbour_graph(rows) if graph is None else graph
    exact = rows.astype(np.float64)
    mean = (graph @ exact) / graph.sum(axis=1)[:, None]
    return unit_rows((1 - share) * exact + share * mean)


def smooth_new(rows: Floats, fitted: Floats, *, share: float = SHARE) -> Floats:
    """Move new rows as ``smooth`` moved the fitted ones, towards the fitted rows nearest to them."""
    if len(fitted) < 3:
        return rows
    moved = np.empty_like(rows)
    for start in range(0, len(rows), _BLOCK):
        block = rows[start : start + _BLOCK]
        index, cosines = nearest(block, fitted, _neighbours(len(fitted)))
        weights = umap_weights(cosines)
        mean = np.einsum("ik,ikd->id", weights, fitted[index].astype(np.float64))
        mean /= weights.sum(axis=1, keepdims=True)
        moved[start : start + _BLOCK] = unit_rows((1 - share) * block + share * mean)
    return moved


def principal_coordinates(rows: Floats, n_groups: int) -> np.ndarray[Any, np.dtype[np.float64]]:
    """Take the principal coordinates that k-means needs: as many as groups, at least 16."""
    exact = rows.astype(np.float64)
    centred = exact - exact.mean(axis=0)
    _, axes = np.linalg.eigh(centred.T @ centred)
    return np.asarray(centred @ axes[:, ::-1][:, : max(_CLUSTER_DIMENSIONS, n_groups)])


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
    """Group rows of length 1; the same seed gives the same groups.

    ``spectral`` cuts the nearest-neighbour graph (Ng, Jordan & Weiss 2001) from pivoted-QR starts (Damle,
    Minden & Ying 2019, https://doi.org/10.1093/imaiai/iay008) and does not depend on the seed. ``kmeans``
    takes the best of many k-means++ starts on the principal coordinates; where ``smoothed`` rows are given,
    on theirs beside the graph's eigenvectors, with the spectral groups as one more start.
    """
    from threadpoolctl import threadpool_limits  # type: ignore[import-untyped]

    n_groups = min(n_groups, len(np.unique(rows, axis=0)))
    starts = starts or (_STARTS_OF_FEW if len(rows) < _MANY_ROWS else _STARTS_OF_MANY)
    with threadpool_limits(limits=1):  # a fixed order of summation: threads vary it
        if n_groups >= len(rows) - 1 or (mode == "kmeans" and smoothed is None):
            return _lloyd(principal_coordinates(rows, n_groups), n_groups, seed=seed, starts=starts)[0]
        axes, first = _spectral_axes(rows, n_groups, graph)
        cut = _lloyd(axes, n_groups, centres=axes[first])[0]
        if mode == "spectral" or smoothed is None:
            return cut
        coordinates = principal_coordinates(smoothed, n_groups)
        scale = float(np.linalg.norm(coordinates, axis=1).mean()) or 1.0
        both = np.hstack([coordinates / scale, axes])
        kept = np.unique(cut, return_inverse=True)[1]
        runs = [_lloyd(both, n_groups, seed=seed, starts=starts)]
        if kept.max() + 1 == n_groups:
            means = np.stack([both[kept == i].mean(axis=0) for i in range(n_groups)])
            runs.append(_lloyd(both, n_groups, centres=means))
        return min(runs[::-1], key=lambda run: round(run[1], 6))[0]


def ward_groups(rows: Floats, numbers: Sequence[int]) -> list[Integers]:
    """Group rows into each of several numbers of groups, without randomness.

    Ward's (1963) tree of the principal coordinates is cut at each number, and k-means goes on from there.
    Where groups are as few as the tree allows, there may be fewer than asked for.
    """
    from scipy.cluster.hierarchy import fcluster, linkage
    from threadpoolctl import threadpool_limits

    most = max(numbers)
    with threadpool_limits(limits=1):
        tree = linkage(principal_coordinates(rows, most), method="ward")
        groups = []
        for n in numbers:
            cut = np.unique(fcluster(tree, n, criterion="maxclust"), return_inverse=True)[1]
            coordinates = principal_coordinates(rows, n)
            sums = np.zeros((int(cut.max()) + 1, coordinates.shape[1]))
            np.add.at(sums, cut, coordinates)
            centres = sums / np.bincount(cut)[:, None]
            groups.append(_lloyd(coordinates, len(centres), centres=centres)[0])
    return groups


def _lloyd(
    rows: np.ndarray[Any, np.dtype[np.float64]],
    n_groups: int,
    *,
    seed: int = 0,
    starts: int = 1,
    centres: np.ndarray[Any, np.dtype[np.float64]] | None = None,
) -> tuple[Integers, float]:
    """k-means: the group of each row, and the sum of squares within groups."""
    from sklearn.cluster import KMeans

    model = KMeans(
        n_groups, init="k-means++" if centres is None else centres, n_init=starts, random_state=seed
    )
    model.fit(rows)
    return np.asarray(model.labels_, dtype=np.int64), float(model.inertia_)


def _spectral_axes(
    rows: Floats, n_groups: int, graph: Any = None
) -> tuple[np.ndarray[Any, np.dtype[np.float64]], Integers]:
    """Leading eigenvectors of the symmetric normalised neighbour graph, and the rows that span them best."""
    from scipy import sparse
    from scipy.linalg import qr
    from scipy.sparse.linalg import eigsh

    graph = (neighbour_graph(rows) if graph is None else graph).astype(np.float64)
    graph = (graph + graph.T) / 2
    scale = sparse.diags_array(1 / np.sqrt(graph.sum(axis=1)))
    _, axes = eigsh(scale @ graph @ scale, k=n_groups, which="LA", v0=np.ones(len(rows)))
    _, pivots = qr(axes.T, pivoting=True, mode="r")
    return axes / np.linalg.norm(axes, axis=1, keepdims=True), pivots[:n_groups]


def group_sums(points: Floats, groups: Integers, n: int) -> np.ndarray[Any, np.dtype[np.float64]]:
    """Sum the points of each group: (groups, coordinates)."""
    sums = np.zeros((n, points.shape[1]))
    np.add.at(sums, groups, points.astype(np.float64))
    return sums


def central_rows(points: Floats, groups: Integers, n: int, *, k: int) -> list[list[int]]:
    """List rows of the ``k`` points of each group nearest to its mean direction, nearest first."""
    central = []
    for theme in range(n):
        members = np.flatnonzero(groups == theme)
        centre = unit_rows(points[members].astype(np.float64).sum(axis=0, keepdims=True))[0]
        score = np.round(points[members].astype(np.float64) @ centre, 6)
        central.append(members[np.lexsort((members, -score))[:k]].tolist())
    return central
