"""Neighbours, smoothing and grouping."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.sparse.csgraph import connected_components
from sklearn.metrics import adjusted_rand_score

from liaison_analysis.demands.clustering import (
    group,
    nearest,
    neighbour_graph,
    principal_coordinates,
    smooth,
    smooth_new,
    umap_weights,
    ward_groups,
)
from liaison_analysis.text.encoding import unit_rows


def blobs(n=60, k=3, spread=0.1, seed=0):
    random = np.random.default_rng(seed)
    centres = unit_rows(random.normal(size=(k, 20)))
    truth = np.arange(n) % k
    return unit_rows(centres[truth] + spread * random.normal(size=(n, 20))), truth


def test_nearest_are_those_of_a_full_sort():
    rows, _ = blobs()
    cosines = rows @ rows.T
    np.fill_diagonal(cosines, -2)
    expected = np.sort(np.argsort(-cosines, axis=1)[:, :5], axis=1)
    index, near = nearest(rows, rows, 5, itself=True)
    assert (np.sort(index, axis=1) == expected).all()
    assert near == pytest.approx(np.take_along_axis(cosines, index, axis=1))
    assert (np.diff(near, axis=1) <= 0).all()
    assert (nearest(rows, rows, 1)[0][:, 0] == np.arange(len(rows))).all()


def test_weights_of_neighbours_add_up_to_the_logarithm_in_dense_and_sparse_places():
    tight = np.linspace(0.99, 0.97, 15, dtype=np.float32)
    weights = umap_weights(np.stack([tight, 1 - 20 * (1 - tight)]))
    assert weights.sum(axis=1) == pytest.approx(4, abs=1e-3)
    assert weights[0] == pytest.approx(weights[1], abs=1e-3)
    assert weights[:, 0].tolist() == [1, 1]
    assert (np.diff(weights, axis=1) < 0).all()
    assert (umap_weights(np.ones((2, 3), dtype=np.float32)) == 1).all()


def test_of_equal_cosines_the_earlier_rows_are_nearest():
    rows = unit_rows(np.ones((6, 3)))
    index, cosines = nearest(rows, rows, 3, itself=True)
    assert index.tolist()[0] == [1, 2, 3]
    assert index.tolist()[4] == [0, 1, 2]
    assert (cosines == 1).all()


def test_parts_of_the_graph_without_neighbours_in_common_are_joined():
    rows = unit_rows(np.repeat(np.eye(4), 8, axis=0) + 0.01 * np.arange(32)[:, None] % 0.07)
    graph = neighbour_graph(rows)
    assert connected_components(graph, directed=False)[0] == 1
    assert graph.nnz == 32 * 3 + 3  # three neighbours each, and three bridges
    assert graph.data.min() < 0.1


def test_ward_groups_need_no_seed_and_are_refined():
    rows, truth = blobs(n=120, spread=0.08)
    two, three = ward_groups(rows, [2, 3])
    assert adjusted_rand_score(truth, three) == 1
    assert len(set(two.tolist())) == 2
    assert set(ward_groups(unit_rows(np.ones((5, 4))), [3])[0].tolist()) == {0}


def test_the_graph_has_forty_neighbours_fewer_among_few():
    for n, k in ((600, 40), (120, 12), (9, 2)):
        rows, _ = blobs(n=n)
        assert np.median(np.diff(neighbour_graph(rows).indptr)) == k


def test_smoothing_draws_groups_together_and_new_rows_follow():
    rows, truth = blobs(n=90, spread=0.25)
    points = smooth(rows)
    same = truth[:, None] == truth

    def gap(matrix):
        cosines = matrix @ matrix.T
        return cosines[same].mean() - cosines[~same].mean()

    assert gap(points) > gap(rows) + 0.1
    assert ((smooth_new(rows[:5], rows) * points[:5]).sum(axis=1) > 0.95).all()
    assert (smooth(rows[:2]) == rows[:2]).all()


def test_leading_coordinates_keep_distances_of_flat_data():
    rows, _ = blobs()
    flat = rows[:, :3]
    a, b = principal_coordinates(flat, 2), flat - flat.mean(axis=0)
    assert a @ a.T == pytest.approx(b @ b.T, abs=1e-5)


@pytest.mark.parametrize("mode", ["kmeans", "spectral"])
def test_groups_are_found_and_repeat_bit_for_bit(mode):
    rows, truth = blobs(n=120, spread=0.08)
    result = group(rows, 3, mode=mode, seed=1)
    assert adjusted_rand_score(truth, result) == 1
    assert (group(rows, 3, mode=mode, seed=1) == result).all()


def test_spectral_groups_do_not_depend_on_the_seed():
    rows, _ = blobs(n=120, k=6, spread=0.4)
    assert (group(rows, 6, mode="spectral", seed=1) == group(rows, 6, mode="spectral", seed=2)).all()


def test_no_more_groups_than_distinct_rows():
    assert set(group(unit_rows(np.ones((5, 4))), 3).tolist()) == {0}
