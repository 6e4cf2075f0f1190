"""Small operations on sparse matrices."""

import numpy as np
from scipy.sparse import csr_array

from liaison_analysis.link_prediction.sparse_matrices import (
    entries_at,
    entry_places,
    inverse_power,
    rows_to_one,
    unit_rows,
)

MATRIX = csr_array(np.array([[3.0, 4.0, 0.0], [0.0, 0.0, 0.0], [0.0, 0.0, 2.0]]))


def test_empty_rows_stay_empty_and_others_are_scaled():
    assert unit_rows(MATRIX).toarray().round(9).tolist() == [[0.6, 0.8, 0], [0, 0, 0], [0, 0, 1]]
    assert rows_to_one(MATRIX).sum(axis=1).tolist() == [1, 0, 1]


def test_powers_of_nothing_are_nothing():
    assert inverse_power(np.array([0.0, 4.0, -1.0])).tolist() == [0, 0.25, 0]


def test_places_and_values_agree():
    rows, columns = entry_places(MATRIX)
    assert list(zip(rows.tolist(), columns.tolist(), strict=True)) == [(0, 0), (0, 1), (2, 2)]
    assert entries_at(MATRIX, [0, 2, 1], [1, 2, 0]).tolist() == [4, 2, 0]
    assert entries_at(MATRIX, [], []).tolist() == []
