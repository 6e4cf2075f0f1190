"""What firms are likely to make: told by whom they trade with, beside what they list."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.sparse import csr_array

from liaison_analysis.link_products import likely_products, product_needs


def tiers(seed=0, n=300, products=12):
    """Makers of product p sell to makers of p + 1; each firm makes one product."""
    dice = np.random.default_rng(seed)
    made = dice.integers(products, size=n)
    pairs = [
        (supplier, customer)
        for customer in range(n)
        for supplier in dice.choice(np.flatnonzero(made == (made[customer] - 1) % products), 3)
    ]
    links = csr_array((np.ones(len(pairs)), np.array(pairs).T), shape=(n, n))
    offers = csr_array((np.ones(n), (np.arange(n), made)), shape=(n, products))
    return made, offers, links


def test_a_lost_product_is_guessed_from_trade():
    made, offers, links = tiers()
    lost = np.random.default_rng(1).random(len(made)) < 0.4
    told = csr_array(offers.multiply(~lost[:, None]))
    likely = likely_products(told, links).toarray()
    # One of twelve products is right by chance.
    assert (likely.argmax(axis=1) == made)[lost].mean() > 0.95
    assert likely[~lost, made[~lost]].min() >= 0.8


def test_needs_say_what_goes_into_what():
    _, offers, links = tiers()
    needs = product_needs(likely_products(offers, links), csr_array((12, 12)), links).toarray()
    assert (needs.argmax(axis=0) == (np.arange(12) - 1) % 12).all()
    feeds = csr_array((np.ones(1), ([3], [9])), shape=(12, 12))
    more = product_needs(likely_products(offers, links), feeds, links).toarray() - needs
    assert more[3, 9] > 0
    assert np.count_nonzero(more.round(9)) == 1


@settings(max_examples=30, deadline=None)
@given(st.integers(0, 10_000), st.integers(0, 30), st.integers(0, 40))
def test_shares_add_up_to_one_or_nothing(seed, many, offered):
    dice = np.random.default_rng(seed)
    links = csr_array((np.ones(many), dice.integers(9, size=(2, many))), shape=(9, 9))
    offers = csr_array(
        (np.ones(offered), (dice.integers(9, size=offered), dice.integers(5, size=offered))), shape=(9, 5)
    )
    offers.data[:] = 1
    likely = likely_products(offers, links).toarray()
    assert likely.min() >= 0
    total = likely.sum(axis=1)
    assert np.logical_or(np.isclose(total, 1), total == 0).all()
    assert total[offers.sum(axis=1) > 0] == pytest.approx(1)
    assert np.isfinite(product_needs(csr_array(likely), csr_array((5, 5)), links).toarray()).all()
