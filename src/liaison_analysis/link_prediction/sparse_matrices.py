"""Sparse matrices of firms and products: the operations from which the evidence is computed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeAlias

import numpy as np
from scipy.sparse import csr_array, diags_array

if TYPE_CHECKING:
    from numpy.typing import NDArray

#: ``scipy.sparse.csr_array``, whose stubs ask for a shape and a type at every step.
Sparse: TypeAlias = Any


def single_precision(matrix: Any) -> Sparse:
    """Compressed rows of single precision."""
    made: Sparse = csr_array(matrix)
    return made.astype(np.float32)


def pair_matrix(values: Any, pairs: Any, n: int) -> Sparse:
    """Square matrix of ``n`` firms with a value at each (row, column) of ``pairs``; repeated pairs add up."""
    made: Sparse = csr_array((values, pairs), shape=(n, n))
    return made


def without_entries(matrix: Sparse, removed: Sparse) -> Sparse:
    """Copy of a matrix, of single precision, without the entries at which ``removed`` has any.

    Examples
    --------
    >>> left = without_entries(csr_array([[1.0, 2.0]]), csr_array([[0.0, 9.0]]))
    >>> left.toarray().tolist(), left.nnz
    ([[1.0, 0.0]], 1)
    """
    left = single_precision(matrix - matrix.multiply(removed.astype(bool)))
    left.eliminate_zeros()
    left.sort_indices()
    return left


def inverse_power(values: Any, power: float = 1.0) -> NDArray[np.float64]:
    """``values ** -power`` of what is above 0, and 0 of the rest.

    Examples
    --------
    >>> inverse_power(np.array([4.0, 0.0]), 0.5).tolist()
    [0.5, 0.0]
    """
    positive = values > 0
    inverse: NDArray[np.float64] = np.where(positive, np.where(positive, values, 1.0) ** -power, 0.0)
    return inverse


def rows_to_one(matrix: Sparse) -> Sparse:
    """Rows divided by their sums; empty rows stay empty.

    Examples
    --------
    >>> rows_to_one(csr_array([[1.0, 3.0], [0.0, 0.0]])).toarray().tolist()
    [[0.25, 0.75], [0.0, 0.0]]
    """
    return csr_array(diags_array(inverse_power(matrix.sum(axis=1))) @ matrix)


def unit_rows(matrix: Any) -> Sparse:
    """Rows divided by their Euclidean lengths; empty rows stay empty."""
    rows = csr_array(matrix)
    length = np.sqrt(rows.multiply(rows).sum(axis=1))
    return csr_array(diags_array(inverse_power(length)) @ rows)


def entries_at(matrix: Sparse, rows: Any, columns: Any) -> Any:
    """Values of a matrix at some (row, column) places, as one array."""
    if not len(rows):
        return np.zeros(0)
    return np.asarray(csr_array(matrix)[rows, columns]).ravel()


def entry_places(matrix: Sparse) -> tuple[Any, Any]:
    """Row and column of each stored entry, in the order of ``matrix.data``."""
    return np.repeat(np.arange(matrix.shape[0]), np.diff(matrix.indptr)), matrix.indices
