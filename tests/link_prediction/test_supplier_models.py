"""Hiding links, candidates and the fixed rule."""

import numpy as np
import scipy.sparse as sp
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from liaison_analysis.link_prediction.supplier_features import KINDS, Companies, build_names
from liaison_analysis.link_prediction.supplier_models import (
    Block,
    _logit_weights,
    blocks,
    fixed_scores,
    hide_links,
    learn_ranker,
    standings,
)


@settings(deadline=None)
@given(arrays(np.int8, (12, 9), elements=st.integers(0, 1)), st.integers(0, 5))
def test_hidden_links_can_be_spared(made, most):
    stay, makers, products = hide_links(sp.csr_matrix(made, dtype=float), most=most, seed=0)
    assert len(makers) <= most
    assert len(set(makers.tolist())) == len(makers)
    left = stay.toarray()
    hidden = np.zeros_like(left)
    hidden[makers, products] = 1
    assert (left + hidden == made).all()
    assert (made[makers].sum(axis=1) >= 2).all()
    assert (left.sum(axis=0)[products] >= 1).all()


def block(**kinds):
    n = len(next(iter(kinds.values())))
    evidence = np.zeros((len(KINDS), 1, n), dtype=np.float32)
    for kind, values in kinds.items():
        evidence[KINDS.index(kind), 0] = values
    known = np.zeros((1, n), dtype=bool)
    known[0, 0] = True
    return Block(np.array([0]), evidence, known, np.zeros((1, 3)))


def test_fixed_rule_by_hand():
    given_block = block(
        grams_max=[0, 0.6, 0.6, 0],
        vectors_max=[0, 1.0, 1.0, 0],
        makers=[0, 0, 0.5, 0],
        together=[0, 0, 0.25, 0],
        chain_shared=[0, 0, 2, 0.2],
    )
    right = [0, 0.8**2, 1 - (1 - 0.64) * np.exp(-0.75) * 0.5, 0.1]
    assert np.allclose(fixed_scores(given_block)[0], right)


def test_candidates_are_the_first_of_each_kind_and_never_known():
    given_block = block(grams_sum=[9, 3, 2, 1, 0], together=[9, 0, 0, 0, 5])
    assert given_block.candidates(1)[0].tolist() == [False, True, False, False, True]
    assert given_block.candidates(10)[0].tolist() == [False, True, True, True, True]


def test_standings_are_distances_from_the_mean_of_the_chosen():
    given_block = block(grams_sum=[100, 1, 9, 25, 4], together=[9, 2, 2, 2, 0])
    rows, columns, values = standings(given_block, np.array([[False, True, True, True, False]]))
    assert rows.tolist() == [0, 0, 0]
    assert columns.tolist() == [1, 2, 3]
    assert np.allclose(values[:, KINDS.index("grams_sum")], np.array([-2, 0, 2]) / np.sqrt(8 / 3))
    assert np.allclose(values[:, KINDS.index("together")], 0, atol=1e-3)


def test_logit_weightsts_follow_the_traits_of_the_product():
    rng = np.random.default_rng(0)
    n_products, n_candidates = 400, 30
    of = np.repeat(np.arange(n_products), n_candidates)
    seen = rng.normal(size=(len(of), 2)).astype(np.float32)
    trait = np.repeat(rng.choice([-1.0, 1.0], n_products), n_candidates)
    traits = np.stack([np.ones(len(of)), trait], axis=1)
    # The first kind says 2 of every product, the second 1.5 for one sort of product and -1.5 for the other.
    odds = 2 * seen[:, 0] + 1.5 * seen[:, 1] * trait + rng.gumbel(size=len(of))
    found = odds == np.repeat(odds.reshape(n_products, -1).max(axis=1), n_candidates)
    weights = _logit_weights(seen, found, of, traits, 1.0)
    assert np.allclose(weights, [[2, 0], [0, 1.5]], atol=0.25)
    few = found | (rng.random(len(of)) < 0.5)
    assert np.allclose(_logit_weights(seen[few], found[few], of[few], traits[few], 0.5), weights, atol=0.35)


def test_blocks_cover_what_is_asked(monkeypatch):
    made = sp.csr_matrix(np.eye(4))
    companies = Companies(build_names(["甲", "乙", "丙", "丁"], chain=None, encoder="lexical"), made)
    whole = list(blocks(companies, np.arange(4)))
    monkeypatch.setattr("liaison_analysis.link_prediction.supplier_models._CELLS", 1)
    single = list(blocks(companies, np.arange(4)))
    assert len(whole) == 1
    assert [b.asked.tolist() for b in single] == [[0], [1], [2], [3]]
    assert np.allclose(np.concatenate([b.evidence for b in single], axis=1), whole[0].evidence, atol=1e-6)


def test_too_few_links_teach_nothing():
    names = build_names(["甲", "乙"], chain=None, encoder="lexical")
    assert learn_ranker(names, sp.csr_matrix(np.ones((5, 2)))) is None
