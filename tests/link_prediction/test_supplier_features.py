"""Evidence against plain loops."""

import numpy as np
import pandas as pd
import pytest
import scipy.sparse as sp

from liaison_analysis.link_prediction.supplier_features import KINDS, Companies, build_names, segment_max

KEYS = ["谐波减速器", "rv减速器", "行星减速器", "工业涂料", "防腐涂料", "银行授信"]
MADE = np.array(
    [
        [1, 1, 0, 0, 0, 0],
        [0, 1, 1, 0, 0, 0],
        [0, 0, 0, 1, 1, 0],
        [0, 1, 0, 0, 1, 1],
        [0, 0, 0, 0, 0, 0],
    ]
)
CHAIN = pd.DataFrame(
    {
        "upstream": ["rv减速器", "谐波减速器", "工业涂料"],
        "downstream": ["工业机器人", "工业机器人", "防腐涂料"],
    }
)


@pytest.fixture(scope="module")
def companies():
    names = build_names(KEYS, chain=CHAIN, encoder="lexical")
    return Companies(names, sp.csr_matrix(MADE))


@pytest.fixture(scope="module")
def evidence(companies):
    """By kind: (asked, companies)."""
    return dict(zip(KINDS, companies.evidence(np.arange(len(KEYS))), strict=True))


def others(company, asked):
    return [i for i in np.flatnonzero(MADE[company]) if i != asked]


def test_names_are_summed_over_the_other_products(companies, evidence):
    alike = {
        "grams": (companies.names.grams @ companies.names.grams.T).toarray(),
        "vectors": np.clip(companies.names.vectors @ companies.names.vectors.T, 0, None),
    }
    for asked in range(len(KEYS)):
        for company in range(len(MADE)):
            of = {kind: block[asked, others(company, asked)] for kind, block in alike.items()}
            assert evidence["grams_max"][asked, company] == pytest.approx(max(of["grams"], default=0))
            assert evidence["grams_sum"][asked, company] == pytest.approx(of["grams"].sum(), abs=1e-6)
            cubes, eighths = (of["grams"] ** 3).sum(), (of["vectors"] ** 8).sum()
            assert evidence["grams_sum3"][asked, company] == pytest.approx(cubes, abs=1e-6)
            assert evidence["vectors_sum8"][asked, company] == pytest.approx(eighths, abs=1e-6)


def test_shared_endings_are_counted_and_rare_last_characters_count_more(evidence):
    gears, paints, credit = (KEYS.index(name) for name in ("谐波减速器", "工业涂料", "银行授信"))
    assert evidence["ending"][gears].tolist() == [1, 2, 0, 1, 0]
    # 9 links, of which 5 end in 器, 3 in 料 and 1 in 信; by the root of what the company makes.
    rare = np.log(9 / 5)
    right = [rare / 2**0.5, 2 * rare / 2**0.5, 0, rare / 3**0.5, 0]
    assert evidence["last_character"][gears].tolist() == pytest.approx(right, abs=1e-6)
    assert evidence["last_character"][paints][3] == pytest.approx(np.log(9 / 3) / 3**0.5, abs=1e-6)
    assert np.abs(evidence["last_character"][credit]).max() == pytest.approx(0, abs=1e-6)


def test_alike_companies_are_weighed_by_the_square_of_their_likeness(companies, evidence):
    alike = companies.likeness(np.arange(len(MADE))) ** 2
    alike /= np.maximum(alike.sum(axis=1, keepdims=True), 1e-9)
    for kind, what in (("alike_grams", "grams_sum3"), ("alike_vectors", "vectors_sum8")):
        assert np.allclose(evidence[kind], (alike @ evidence[what].T).T, atol=1e-5)
    both = MADE.T + evidence["grams_sum3"] + evidence["vectors_sum8"]
    assert np.allclose(evidence["alike_makers"], (alike @ both.T).T, atol=1e-5)


def test_together_is_the_cosine_of_makers(evidence):
    n = MADE.sum(axis=0)
    cosine = (MADE.T @ MADE) / np.sqrt(np.outer(n, n))
    for asked in range(len(KEYS)):
        for company in range(len(MADE)):
            right = cosine[asked, others(company, asked)].sum()
            assert evidence["together"][asked, company] == pytest.approx(right, abs=1e-6)


def test_makers_leave_the_company_itself_out(companies, evidence):
    alike = companies.likeness(np.arange(len(MADE)))
    assert np.diag(alike).tolist() == [0] * len(MADE)
    for asked in range(len(KEYS)):
        for company in range(len(MADE)):
            makers = [i for i in np.flatnonzero(MADE[:, asked]) if i != company]
            total = alike[company, makers]
            assert evidence["makers"][asked, company] == pytest.approx(total.sum(), abs=1e-6)
            assert evidence["makers_max"][asked, company] == pytest.approx(max(total, default=0), abs=1e-6)
            grams = companies.profiles[0]
            right = (grams[company] @ grams[makers].T).sum() if makers else 0
            assert evidence["makers_grams"][asked, company] == pytest.approx(right, abs=1e-6)


def test_chain_links_count_by_degree(evidence):
    paints, gears = KEYS.index("防腐涂料"), KEYS.index("谐波减速器")
    assert evidence["chain"][paints].tolist() == [0, 0, 1, 0, 0]  # the company that makes what feeds it
    # Both gears feed robots, which have two neighbours: 1/√2 · 1/√2.
    assert evidence["chain_shared"][gears].tolist() == pytest.approx([0.5, 0.5, 0, 0.5, 0])


def test_a_company_without_products_has_no_evidence(evidence):
    for values in evidence.values():
        assert np.abs(values[:, 4]).max() == 0


def test_evidence_does_not_depend_on_what_else_is_asked(companies, evidence):
    alone = companies.evidence(np.array([3]))
    for kind, values in zip(KINDS, alone, strict=True):
        assert values[0] == pytest.approx(evidence[kind][3], abs=1e-6)


def test_segment_max():
    values = np.array([[3, 1, 2], [-1, -5, 0]], dtype=np.float32)
    made = sp.csr_matrix([[1, 1, 0], [0, 0, 0], [0, 1, 1]])
    assert segment_max(values, made).tolist() == [[3, 0, 2], [-1, 0, 0]]
