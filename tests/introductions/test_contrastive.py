"""Matrices that are learnt by contrast."""

import numpy as np

from liaison_analysis.introductions.contrastive import Pairs, learn_by_contrast, text_vectors

SIZES = {"columns": 16, "steps": 400, "at_once": 16, "temperature": 0.1}


def rows(n, width=32, seed=1):
    made = np.random.default_rng(seed).normal(size=(n, width)).astype("float32")
    return made / np.linalg.norm(made, axis=1, keepdims=True)


def nearest(left, right, matrices):
    a, b = left @ matrices[0], right @ matrices[-1]
    a, b = (x / np.linalg.norm(x, axis=1, keepdims=True) for x in (a, b))
    return (a @ b.T).argmax(axis=1)


def test_what_belongs_together_is_nearest_after_learning():
    left, right, own = rows(12), rows(12, seed=2), np.arange(12)
    before = nearest(left, right, [np.eye(32), np.eye(32)])
    learnt = learn_by_contrast([left], right, Pairs(own, own, np.ones(12)), **SIZES)
    assert (before == own).mean() < 0.5
    assert (nearest(left, right, learnt) == own).all()


def test_a_wrong_row_that_looks_like_the_right_one_is_pushed_away():
    left, right, own = rows(12), rows(12, seed=2), np.arange(12)
    alike = right + 0.2 * rows(12, seed=3)
    both, wrong = np.vstack([right, alike]), [[i + 12] for i in range(12)]
    pairs = Pairs(own, own, np.ones(12), wrong)
    margins = []
    for given in (pairs._replace(wrong=()), pairs):
        a, b = learn_by_contrast([left], both, given, **SIZES)
        near = (left @ a) @ (both @ b).T
        margins.append((near[own, own] - near[own, own + 12]).mean())
    assert margins[1] > 2 * margins[0]


def test_each_part_of_a_row_is_useful_alone_where_parts_are_left_out():
    parts, right, own = [rows(12), rows(12, seed=4)], rows(12, seed=2), np.arange(12)
    learnt = learn_by_contrast(parts, right, Pairs(own, own, np.ones(12)), left_out=0.5, **SIZES)
    assert len(learnt) == 3
    for part, matrix in zip(parts, learnt, strict=False):
        assert (nearest(part, right, [matrix, learnt[-1]]) == own).all()


def test_pairs_that_are_never_drawn_teach_nothing():
    left, right, own = rows(8), rows(8, seed=2), np.arange(8)
    swapped = np.roll(own, 1)
    pairs = Pairs(np.r_[own, own], np.r_[own, swapped], np.r_[np.ones(8), np.zeros(8)])
    learnt = learn_by_contrast([left], right, pairs, **SIZES)
    alone = learn_by_contrast([left], right, Pairs(own, own, np.ones(8)), **SIZES)
    assert (nearest(left, right, alone) == own).all()
    assert set(nearest(left, right, learnt)) == set(own)


def test_vectors_of_texts_hold_meaning_and_words():
    vectors = text_vectors(["停车难", "缺轴承"])
    assert vectors.shape == (2, 1024)
    assert np.allclose(np.linalg.norm(vectors[:, :512], axis=1), 1.0, atol=1e-5)
    assert np.allclose(np.linalg.norm(vectors[:, 512:], axis=1), 1.0, atol=1e-5)
