"""Hiding links, candidates and the fixed rule."""

import numpy as np
import scipy.sparse as sp
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from liaison_analysis.supplier_evidence import KINDS, Companies, build_names
from liaison_analysis.supplier_ranking import Block, blocks, fixed_scores, hide_links, learn


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


def test_blocks_cover_what_is_asked(monkeypatch):
    made = sp.csr_matrix(np.eye(4))
    companies = Companies(build_names(["甲", "乙", "丙", "丁"], chain=None, encoder="lexical"), made)
    whole = list(blocks(companies, np.arange(4)))
    monkeypatch.setattr("liaison_analysis.supplier_ranking._CELLS", 1)
    single = list(blocks(companies, np.arange(4)))
    assert len(whole) == 1
    assert [b.asked.tolist() for b in single] == [[0], [1], [2], [3]]
    assert np.allclose(np.concatenate([b.evidence for b in single], axis=1), whole[0].evidence, atol=1e-6)


def test_too_few_links_teach_nothing():
    names = build_names(["甲", "乙"], chain=None, encoder="lexical")
    assert learn(names, sp.csr_matrix(np.ones((5, 2)))) is None
