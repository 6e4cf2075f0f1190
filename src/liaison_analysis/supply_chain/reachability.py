"""Reachable nodes of a network: by sparse products, or by blocks of bits where there are many."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, Any, Final

import numpy as np
from scipy import sparse
from scipy.sparse import csgraph

from liaison_analysis.supply_chain.networks import row_entries

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from liaison_analysis.supply_chain.networks import Matrix

    Codes = NDArray[np.intp]

# From this number of pairs of a node and a reachable one (in one product) bits are faster and smaller
# (judgement).
_MOST_PAIRS: Final = 5_000_000
# Bytes of one block of bits, and rows of it that are joined at once.
_BLOCK_BYTES: Final = 48_000_000
_ROWS_AT_ONCE: Final = 32_768


def reach_counts(matrix: Matrix, items: Matrix | None = None) -> NDArray[np.int64]:
    """Count the distinct items at all nodes that walks from each node reach.

    As ``len(networkx.descendants(graph, node))`` for every node.

    Parameters
    ----------
    matrix
        Links of n nodes; an entry (u, v) leads from u to v.
    items
        n × m: the items that lie at each node; by default each node is its own item and a node does not
        count itself. An item of the start counts where a walk returns to it.

    Returns
    -------
    ndarray
        n whole numbers.

    Examples
    --------
    >>> chain = sparse.csr_array(np.array([[0, 1, 0], [0, 0, 1], [0, 0, 0]]))
    >>> reach_counts(chain).tolist()
    [2, 1, 0]
    >>> reach_counts(chain, sparse.csr_array(np.array([[1, 0], [0, 1], [0, 1]]))).tolist()
    [1, 1, 0]
    """
    straight = matrix.astype(bool) if items is None else (matrix.astype(bool) @ items.astype(bool)).tocsr()
    counts = np.diff(straight.indptr).astype(np.int64)
    # Walks continue only at nodes with links of their own, which are rare in a shallow chain.
    source, target = matrix.nonzero()
    onward = np.diff(matrix.indptr)[target] > 0
    nodes, ends = np.unique(np.stack([source[onward], target[onward]]), return_inverse=True)
    if not len(nodes):
        return counts
    links = _pairs(ends[0], ends[1], (len(nodes), len(nodes)))
    part = csgraph.connected_components(links, connection="strong")[1]
    few = _sparse_counts(links, straight[nodes])
    counts[nodes] = _bit_counts(links, straight[nodes], part) if few is None else few
    if items is None:
        # Walks in a cycle return to their start.
        source, target = part[ends]
        counts[nodes[np.isin(part, source[source == target])]] -= 1
    return counts


def reached(links: Matrix, starts: Matrix) -> Matrix:
    """Find the nodes that walks of one step and more reach from sets of nodes.

    Parameters
    ----------
    links
        Links of n nodes.
    starts
        k × n: the nodes that each of k walkers starts from.

    Returns
    -------
    csr_array
        k × n, true at reachable nodes; at starts only where a walk returns to them.

    Examples
    --------
    >>> chain = sparse.csr_array(np.array([[0, 1, 0], [0, 0, 1], [0, 0, 0]]))
    >>> reached(chain, sparse.csr_array(np.array([[1, 0, 0], [0, 1, 1]]))).toarray().astype(int).tolist()
    [[0, 1, 1], [0, 0, 1]]
    """
    step = links.astype(bool)
    visited = layer = (starts.astype(bool) @ step).tocsr()
    while layer.nnz:
        after = (layer @ step).tocsr()
        layer = (after - after.multiply(visited)).tocsr() if visited.nnz else after
        layer.eliminate_zeros()
        visited = (visited + layer).tocsr()
    return visited


def _pairs(rows: NDArray[Any], columns: NDArray[Any], shape: tuple[int, int]) -> Matrix:
    """Matrix that is true at some pairs."""
    pairs: Matrix = sparse.csr_array((np.ones(len(rows), dtype=bool), (rows, columns)), shape=shape)
    return pairs


def _layers(links: Matrix) -> NDArray[np.int64]:
    """Length of the longest path from each node of an acyclic network; 0 where there is none."""
    back = links.T.tocsr()
    left = np.diff(links.indptr).astype(np.int64)
    layer = np.zeros(links.shape[0], dtype=np.int64)
    now, at = np.flatnonzero(left == 0), 0
    while len(now):
        layer[now] = at
        before = back.indices[row_entries(back.indptr, now)[0]]
        left -= np.bincount(before, minlength=len(left))
        now = np.unique(before[left[before] == 0])
        at += 1
    return layer


def _sparse_counts(links: Matrix, straight: Matrix) -> NDArray[np.int64] | None:
    """Count by repeated squaring: walks of up to 1, 2, 4, … steps; None where there are too many pairs."""
    ahead = (links + sparse.eye_array(links.shape[0], dtype=bool)).tocsr()
    n_pairs = 0
    while ahead.nnz > n_pairs:
        n_pairs = ahead.nnz
        if int(np.diff(ahead.indptr)[ahead.indices].sum()) > _MOST_PAIRS:
            return None
        ahead = ahead @ ahead
    if int(np.diff(straight.indptr)[ahead.indices].sum()) > _MOST_PAIRS:
        return None
    return np.diff((ahead @ straight).indptr)


def _bit_counts(links: Matrix, straight: Matrix, part: NDArray[np.int32]) -> NDArray[np.int64]:
    """Count with one bit for each item, block by block.

    Each strongly connected component becomes one row (its members reach the same nodes), which leaves no
    cycles: rows join the bits of their successors, in reverse topological order.
    """
    ends, n = links.tocoo(), int(part.max()) + 1
    source, target = part[ends.row], part[ends.col]
    joined = source != target
    condensed = _pairs(source[joined], target[joined], (n, n))
    layer = _layers(condensed)
    order = np.argsort(layer, kind="stable")
    bounds = [0, *np.cumsum(np.bincount(layer)).tolist()]
    condensed = condensed[order][:, order]
    place = np.empty(n, dtype=np.int32)
    place[order] = np.arange(n)
    place = place[part]
    columns = (_pairs(place, np.arange(len(part)), (n, len(part))) @ straight).tocsc()
    held = np.flatnonzero(np.diff(columns.indptr))
    # Items are ordered by the first row that has them, so that blocks skip earlier rows.
    columns = columns[:, held[np.argsort(columns.indices[columns.indptr[held]], kind="stable")]]
    n_items = len(held)
    counts = np.zeros(n, dtype=np.int64)
    n_words = int(np.clip(_BLOCK_BYTES // (8 * n), 1, n_items // 64 + 1))
    for first in range(0, n_items, 64 * n_words):
        last = min(first + 64 * n_words, n_items)
        bits = np.zeros((n, n_words), dtype=np.uint64)
        item = np.repeat(np.arange(last - first), np.diff(columns.indptr[first : last + 1]))
        holder = columns.indices[columns.indptr[first] : columns.indptr[last]]
        np.bitwise_or.at(bits, (holder, item // 64), np.uint64(1) << (item % 64).astype(np.uint64))
        lowest = int(holder.min())
        for start, end in pairwise(bounds):
            for at in range(max(start, lowest), end, _ROWS_AT_ONCE):
                rows = np.arange(at, min(at + _ROWS_AT_ONCE, end))
                mine = bits[rows]
                _join_successors(mine, bits, condensed, rows)
                counts[rows] += np.bitwise_count(mine).sum(axis=1, dtype=np.int64)
                bits[rows] = mine
    return counts[place]


def _join_successors(mine: NDArray[np.uint64], bits: NDArray[np.uint64], links: Matrix, rows: Codes) -> None:
    """Join the bits of successors to some rows: of all first successors, of all second ones, and so on."""
    sizes = np.diff(links.indptr)[rows]
    by_size = np.argsort(-sizes, kind="stable")
    # Sorted by number of successors, descending: the rows with a further successor are then a prefix.
    n_with = np.searchsorted(-sizes[by_size], -np.arange(sizes.max(initial=0)), side="left")
    for nth, n_rows in enumerate(n_with):
        which = by_size[:n_rows]
        mine[which] |= bits[links.indices[links.indptr[rows[which]] + nth]]
