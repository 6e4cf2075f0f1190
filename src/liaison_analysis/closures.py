"""What nodes of a network reach: by sparse products, or in blocks of bits where that is much."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, Final

import numpy as np
from scipy import sparse
from scipy.sparse import csgraph

from liaison_analysis.networks import row_entries

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from liaison_analysis.networks import Matrix

    Codes = NDArray[np.intp]

# Beyond so many pairs of a node and what it reaches, or so many layers, bits are quicker and smaller.
_MOST_PAIRS: Final = 5_000_000
_MOST_LAYERS: Final = 64
# Bytes of one block of bits, and rows of it that are joined at a time.
_BLOCK_BYTES: Final = 48_000_000
_ROWS_AT_ONCE: Final = 32_768


def reach_counts(matrix: Matrix, items: Matrix | None = None) -> NDArray[np.int64]:
    """Count the distinct items at all nodes that walks from each node reach.

    As ``len(networkx.descendants(graph, node))`` for every node. Strongly connected components are made
    one node each (their members reach the same), and what remains has no cycles: nodes take over what
    their successors reach, last ones first.

    Parameters
    ----------
    matrix
        Links of n nodes; an entry (u, v) leads from u to v.
    items
        n × m: the items that lie at each node; by default each node is its own item and a node does not
        count itself. An item of the start counts where a walk comes by it again.

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
    n = matrix.shape[0]
    if n == 0 or matrix.nnz == 0:
        return np.zeros(n, dtype=np.int64)
    n_parts, part = csgraph.connected_components(matrix, connection="strong")
    links = matrix.tocoo()
    source, target = part[links.row], part[links.col]
    joined = source != target
    ones = np.ones(int(joined.sum()), dtype=bool)
    condensed = sparse.csr_array((ones, (source[joined], target[joined])), shape=(n_parts, n_parts))
    condensed.sum_duplicates()
    layer = _layers(condensed)
    order = np.argsort(layer, kind="stable")
    place = np.empty(n_parts, dtype=np.int32)
    place[order] = np.arange(n_parts)
    nodes = np.arange(n, dtype=np.int32)
    members = sparse.csr_array((np.ones(n, dtype=bool), (place[part], nodes)), shape=(n_parts, n))
    own = members if items is None else (members @ items.astype(bool)).tocsr()
    # Items in the order in which their first holder stands, so that blocks of bits skip what comes before.
    own = own[:, np.argsort(own.argmax(axis=0), kind="stable")] if items is not None else _by_rows(own)
    ends = np.cumsum(np.bincount(layer))
    condensed = condensed[order][:, order]
    cyclic = np.bincount(place[part], minlength=n_parts) > 1
    counts = _sparse_counts(condensed, own, ends, cyclic) if len(ends) <= _MOST_LAYERS else None
    if counts is None:
        counts = _bit_counts(condensed, own, ends, cyclic)
    found = counts[place[part]]
    return found - cyclic[place[part]] if items is None else found


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
        k × n, true where a walker comes by; its starts only where a walk leads back to them.

    Examples
    --------
    >>> chain = sparse.csr_array(np.array([[0, 1, 0], [0, 0, 1], [0, 0, 0]]))
    >>> reached(chain, sparse.csr_array(np.array([[1, 0, 0], [0, 1, 1]]))).toarray().astype(int).tolist()
    [[0, 1, 1], [0, 0, 1]]
    """
    step = links.astype(bool)
    found = layer = (starts.astype(bool) @ step).tocsr()
    while layer.nnz:
        after = (layer @ step).tocsr()
        layer = (after - after.multiply(found)).tocsr() if found.nnz else after
        layer.eliminate_zeros()
        found = (found + layer).tocsr()
    return found


def _by_rows(own: Matrix) -> Matrix:
    """Columns of a matrix with one entry a column, in the order of its rows."""
    return sparse.csr_array((own.data, np.arange(own.nnz, dtype=np.int32), own.indptr), shape=own.shape)


def _layers(links: Matrix) -> NDArray[np.int64]:
    """Longest way on from each node of a network without cycles; 0 where none leads on."""
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


def _sparse_counts(
    links: Matrix, own: Matrix, ends: NDArray[np.int64], cyclic: NDArray[np.bool_]
) -> NDArray[np.int64] | None:
    """Count with one sparse product a layer; None where that takes too many pairs."""
    counts = np.zeros(links.shape[0], dtype=np.int64)
    kept = sparse.csr_array(own.multiply(cyclic[:, None]))
    kept.eliminate_zeros()
    closed = own[: ends[0]]
    counts[: ends[0]] = np.diff(kept.indptr[: ends[0] + 1])
    for start, end in pairwise(ends.tolist()):
        rows = links[start:end, :start]
        if int(np.diff(closed.indptr)[rows.indices].sum()) > _MOST_PAIRS:
            return None
        strict = (rows @ closed + kept[start:end]).tocsr()
        counts[start:end] = np.diff(strict.indptr)
        closed = sparse.vstack([closed, strict + own[start:end]], format="csr")
        if closed.nnz > _MOST_PAIRS:
            return None
    return counts


def _bit_counts(
    links: Matrix, own: Matrix, ends: NDArray[np.int64], cyclic: NDArray[np.bool_]
) -> NDArray[np.int64]:
    """Count with one bit an item, a block of items at a time."""
    n, n_items = own.shape
    counts = np.zeros(n, dtype=np.int64)
    n_words = int(np.clip(_BLOCK_BYTES // (8 * n), 1, -(-n_items // 64)))
    columns = own.tocsc()
    for first in range(0, n_items, 64 * n_words):
        last = min(first + 64 * n_words, n_items)
        bits = np.zeros((n, n_words), dtype=np.uint64)
        item = np.repeat(np.arange(last - first), np.diff(columns.indptr[first : last + 1]))
        holder = columns.indices[columns.indptr[first] : columns.indptr[last]]
        np.bitwise_or.at(bits, (holder, item // 64), np.uint64(1) << (item % 64).astype(np.uint64))
        lowest = int(holder.min()) if len(holder) else n
        for start, end in zip(np.concatenate(([0], ends[:-1])), ends, strict=True):
            for at in range(max(int(start), lowest), int(end), _ROWS_AT_ONCE):
                rows = np.arange(at, min(at + _ROWS_AT_ONCE, int(end)))
                mine = bits[rows]
                strict = np.where(cyclic[rows, None], mine, np.uint64(0))
                _take_over(strict, bits, links, rows)
                counts[rows] += np.bitwise_count(strict).sum(axis=1, dtype=np.int64)
                bits[rows] = mine | strict
    return counts


def _take_over(strict: NDArray[np.uint64], bits: NDArray[np.uint64], links: Matrix, rows: Codes) -> None:
    """Join the bits of successors to some rows: of all first successors, of all second ones, and so on."""
    sizes = np.diff(links.indptr)[rows]
    by_size = np.argsort(-sizes, kind="stable")
    # Rows with many successors first: those that have a further one are then always the first few.
    n_with = np.searchsorted(-sizes[by_size], -np.arange(sizes.max(initial=0)), side="left")
    for nth, n_rows in enumerate(n_with):
        which = by_size[:n_rows]
        strict[which] |= bits[links.indices[links.indptr[rows[which]] + nth]]
