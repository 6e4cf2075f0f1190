import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from liaison_analysis.names.features import FEATURES, WEIGHTS, utilities
from liaison_analysis.names.parts import take_apart
from liaison_analysis.names.register import (
    AMONG_STRANGERS,
    STANDING,
    crowd_utilities,
    is_crowd,
    matched,
    standing,
)


def test_a_crowd_has_a_thousand_names_and_twenty_an_enterprise():
    assert [is_crowd(n, firms) for n, firms in ((999, 1), (1_000, 50), (1_000, 51), (0, 0))] == [
        False,
        True,
        False,
        False,
    ]


def test_standing_counts_names_that_begin_or_end_alike():
    features = standing(take_apart(["云岫", "云岫集团", "重庆云岫集团", "砚山", "砚山石"]))
    assert np.expm1(features[:, 0]).round().tolist() == [3, 3, 3, 2, 2]
    assert np.expm1(features[:, 1]).round().tolist() == [1, 2, 2, 1, 1]
    assert features[:, 2:].tolist() == [[1, 0, 0], [0, 0, 0], [0, 0, 1], [1, 0, 0], [0, 1, 0]]


def test_standing_is_weighed_beside_the_pairs_features():
    parts = take_apart(["云岫集团", "重庆云岫新能源集团"])
    rng = np.random.default_rng(0)
    features, places = rng.random((2, 3, len(FEATURES))), np.array([[0, 1, -1], [1, 0, 2]])
    utility = crowd_utilities(parts, standing(parts), features, places, np.arange(3))
    pair, of_name = AMONG_STRANGERS[0, : len(FEATURES)], AMONG_STRANGERS[0, len(FEATURES) : -1]
    of_names = standing(parts)[0] @ of_name
    assert utility[0, 0] == pytest.approx(features[0, 0] @ pair + of_names + AMONG_STRANGERS[0, -1])
    assert utility[0, 2] == -np.inf
    ledger = utilities(features, places, np.arange(3), np.array([True, True]), weights=WEIGHTS)
    assert utility[1] == pytest.approx(ledger[1])
    assert AMONG_STRANGERS.shape == (2, len(FEATURES) + len(STANDING) + 1)


markets = st.integers(1, 6).flatmap(
    lambda k: st.lists(
        st.lists(st.tuples(st.integers(-1, 4), st.floats(-8, 12)), min_size=k, max_size=k),
        min_size=1,
        max_size=12,
    )
)


@given(markets)
@settings(deadline=None)
def test_a_name_and_a_firm_are_matched_at_most_once(rows):
    firms = np.array([[firm for firm, _ in row] for row in rows])
    for row in firms:  # a firm is a name's candidate once
        for at in range(1, len(row)):
            if row[at] in row[:at]:
                row[at] = -1
    utility = np.array([[fit for _, fit in row] for row in rows])
    shares = matched(firms, np.where(firms >= 0, utility, -np.inf))
    assert (shares >= 0).all()
    assert (shares[firms < 0] == 0).all()
    assert (shares.sum(axis=1) <= 1 + 1e-9).all()
    for firm in range(5):
        assert shares[firms == firm].sum() <= 1 + 1e-9


def test_the_market_clears():
    firms = np.array([[0, 1], [0, 1], [1, 0]])
    utility = np.array([[5.0, 1.0], [4.0, 3.0], [2.0, -1.0]])
    shares = matched(firms, utility)
    name = 1 - shares.sum(axis=1)
    firm = 1 - np.array([shares[firms == f].sum() for f in (0, 1)])
    assert shares == pytest.approx(np.exp(utility) * name[:, None] * firm[firms], rel=1e-4)


def test_without_rivals_a_name_keeps_the_probability_of_its_firm():
    shares = matched(np.array([[0]]), np.array([[0.0]]))
    assert shares[0, 0] == pytest.approx((3 - np.sqrt(5)) / 2, abs=1e-5)
    assert matched(np.array([[-1]]), np.array([[-np.inf]])).tolist() == [[0.0]]
    assert matched(np.empty((0, 6), int), np.empty((0, 6))).shape == (0, 6)
