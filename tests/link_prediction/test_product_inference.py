"""What firms are likely to make: inferred from their trade links, beside their listed offers."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.sparse import csr_array

from liaison_analysis.link_prediction.product_inference import likely_products, makers_and_needs


def tiers(seed=0, n=300, products=12):
    """Makers of product p sell to makers of p + 1; each firm makes one product."""
    rng = np.random.default_rng(seed)
    made = rng.integers(products, size=n)
    pairs = [
        (supplier, customer)
        for customer in range(n)
        for supplier in rng.choice(np.flatnonzero(made == (made[customer] - 1) % products), 3)
    ]
    links = csr_array((np.ones(len(pairs)), np.array(pairs).T), shape=(n, n))
    offers = csr_array((np.ones(n), (np.arange(n), made)), shape=(n, products))
    return made, offers, links


def test_a_lost_product_is_guessed_from_trade():
    made, offers, links = tiers()
    lost = np.random.default_rng(1).random(len(made)) < 0.4
    listed = csr_array(offers.multiply(~lost[:, None]))
    likely = likely_products(listed, links).toarray()
    # One of twelve products is right by chance.
    assert (likely.argmax(axis=1) == made)[lost].mean() > 0.95
    assert likely[~lost, made[~lost]].min() >= 0.8


def test_needs_say_what_goes_into_what():
    _, offers, links = tiers()
    made, needs = makers_and_needs(offers, csr_array((12, 12)), links)
    assert (needs.toarray().argmax(axis=0) == (np.arange(12) - 1) % 12).all()
    # Each maker buys from three makers of the one product that goes into its own.
    assert needs.max(axis=0).toarray() == pytest.approx(np.full(12, 3), rel=0.25)
    assert made.multiply(offers).sum() == offers.sum()


def test_links_of_firms_with_two_products_are_attributed_to_each():
    # A third of the firms makes a second product, three steps on, which nobody needs the first one for.
    rng = np.random.default_rng(4)
    made, _, links = tiers(seed=4)
    both = rng.random(len(made)) < 0.3
    offers = np.eye(12)[made] + both[:, None] * np.eye(12)[(made + 3) % 12]
    _, needs = makers_and_needs(csr_array(offers), csr_array((12, 12)), links)
    right = needs.toarray()[(np.arange(12) - 1) % 12, np.arange(12)]
    assert right.sum() > 0.9 * needs.sum()


def test_a_known_input_that_no_link_shows_counts_as_a_usual_one():
    offers = csr_array(np.repeat(np.eye(4), 5, axis=0))
    pairs = [(supplier, 5 + supplier) for supplier in range(5)]
    links = csr_array((np.ones(5), np.array(pairs).T), shape=(20, 20))
    feeds = csr_array((np.ones(2), ([0, 2], [1, 3])), shape=(4, 4))
    needs = makers_and_needs(offers, feeds, links)[1].toarray()
    assert needs[0, 1] > needs[2, 3] > 0
    assert np.count_nonzero(needs.round(6)) == 2


def test_a_lost_second_product_is_found_by_what_the_firm_sells():
    made, offers, links = tiers(seed=2)
    listed = offers.toarray()
    # Firm 0 sells another product too, to five of its users; that is on no list.
    other = (made[0] + 5) % 12
    users = np.flatnonzero(made == (other + 1) % 12)[:5]
    more = links.tolil()
    more[0, users] = 1
    found = makers_and_needs(csr_array(listed), csr_array((12, 12)), csr_array(more))[0].toarray()
    assert found[0, made[0]] == 1
    assert found[0, other] > 0.5
    assert found[0].sum() < 2.1


@settings(max_examples=30)
@given(st.integers(0, 10_000), st.integers(0, 30), st.integers(0, 40))
def test_shares_add_up_to_one_or_nothing(seed, many, offered):
    rng = np.random.default_rng(seed)
    links = csr_array((np.ones(many), rng.integers(9, size=(2, many))), shape=(9, 9))
    offers = csr_array(
        (np.ones(offered), (rng.integers(9, size=offered), rng.integers(5, size=offered))), shape=(9, 5)
    )
    offers.data[:] = 1
    likely = likely_products(offers, links).toarray()
    assert likely.min() >= 0
    total = likely.sum(axis=1)
    assert np.logical_or(np.isclose(total, 1), total == 0).all()
    assert total[offers.sum(axis=1) > 0] == pytest.approx(1)
    made, needs = makers_and_needs(offers, csr_array((5, 5)), links)
    assert np.isfinite(needs.toarray()).all()
    assert needs.toarray().min() >= 0
    assert 0 <= made.toarray().min() <= made.toarray().max() <= 1
    assert (made.toarray()[offers.toarray() > 0] == 1).all()
