"""Which maker of an input a customer chooses: planted effects are learnt, and none where there are none."""

import numpy as np
import pytest
from scipy.sparse import csr_array

from liaison_analysis.link_prediction.saturation import (
    covered,
    local_shares,
    remaining_needs,
    saturated,
    saturation,
    town_preference,
)


def market(odds, seed=0, firms=900, towns=6, again=1.0):
    """Customers choose two makers of each of two inputs by size and town; the second choice comes later.

    ``again``: how readily a second supplier of an input is looked for, against a first one of the other.
    """
    rng = np.random.default_rng(seed)
    town = rng.integers(towns, size=firms)
    made = np.zeros((firms, 2))
    made[:200, 0] = made[200:400, 1] = 1
    wanted = np.zeros((firms, 2))
    wanted[400:] = 1
    size = rng.pareto(2, firms) + 1
    old, new = np.zeros((2, firms, firms))
    for customer in range(400, firms):
        first = rng.integers(2)
        second = first if rng.random() < again / (1 + again) else 1 - first
        for links, product in ((old, first), (new, second)):
            near = np.where(town == town[customer], odds, 1)
            chance = size * made[:, product] * near * (old[:, customer] == 0)
            links[rng.choice(firms, p=chance / chance.sum()), customer] = 1
    links = old + new
    share = made * (links.sum(axis=1) + 0.5)[:, None]
    return *(csr_array(part) for part in (links, new, share / share.sum(axis=0), wanted)), town


@pytest.mark.parametrize("odds", [2.0, 4.0])
def test_planted_odds_of_the_town_are_learnt(odds):
    links, _, share, wanted, town = market(odds)
    assert np.exp(town_preference(links, share, wanted, town)) == pytest.approx(odds, rel=0.2)


@pytest.mark.parametrize("odds", [1.0, 0.3])
def test_no_preference_for_the_own_town_is_none(odds):
    links, _, share, wanted, town = market(odds)
    assert town_preference(links, share, wanted, town) == 0


def test_unknown_towns_say_nothing_and_known_ones_still_do():
    links, _, share, wanted, town = market(4.0)
    assert town_preference(links, share, wanted, np.full_like(town, -1)) == 0
    some = np.where(np.random.default_rng(1).random(len(town)) < 0.4, -1, town)
    assert np.exp(town_preference(links, share, wanted, some)) == pytest.approx(4, rel=0.3)


def test_towns_where_the_makers_are_anyway_show_no_preference():
    # All makers of either input sit in the town of its only customers: nobody could choose otherwise.
    share = np.zeros((60, 2))
    share[:10, 0] = share[10:20, 1] = 0.1
    wanted = np.zeros((60, 2))
    wanted[20:40, 0] = wanted[40:, 1] = 1
    town = np.repeat([0, 1, 0, 1], [10, 10, 20, 20])
    rng = np.random.default_rng(0)
    links = np.zeros((60, 60))
    for customer in range(20, 60):
        links[rng.integers(10) + 10 * (customer >= 40), customer] = 1
    assert town_preference(*(csr_array(part) for part in (links, share, wanted)), town) == 0


@pytest.mark.parametrize(("again", "least", "most"), [(0.1, -3.6, -2.4), (1.0, 0, 0), (6.0, 1.7, 2.8)])
def test_what_a_known_supplier_does_to_the_next_choice_is_learnt(again, least, most):
    # One supplier against none: 2 ** γ should be the planted ratio.
    links, new, share, wanted, _ = market(1.0, again=again)
    found = saturation(new, share, wanted, covered(csr_array(links - new), share, wanted))
    assert least <= found <= most


def test_nothing_is_learnt_where_all_links_are_new():
    links, _, share, wanted, town = market(1.0, again=0.1)
    wished, strength = remaining_needs(links, links, share, wanted, town)
    assert strength == 0
    assert np.array_equal(wished.toarray(), wanted.toarray())


def test_wishes_leave_less_for_an_input_with_a_supplier():
    links, new, share, wanted, town = market(1.0, again=0.1)
    had = covered(links, share, wanted).toarray()
    wished = remaining_needs(links, new, share, wanted, town)[0].toarray()
    customers = slice(400, None)
    assert had[customers].sum(axis=1) == pytest.approx(np.full(500, 2))
    assert wished[customers][had[customers] > 0.9].max() < 0.2
    assert (np.diff(wished[customers], axis=1) * np.diff(had[customers], axis=1) <= 0).all()


def test_makers_that_cannot_be_chosen_twice_are_shared_out_by_town():
    share = csr_array(np.array([[0.5, 0.0], [0.25, 1.0], [0.25, 0.0]]))
    assert local_shares(share, np.array([0, 1, -1])).toarray().tolist() == [[0.5, 0.25], [0.0, 1.0]]
    assert local_shares(share, np.full(3, -1)).shape == (2, 0)


def test_saturated_by_hand():
    wanted, had = csr_array([[9.0, 0.0, 4.0]]), csr_array([[2.0, 5.0, 0.0]])
    assert saturated(wanted, had, -2).toarray().tolist() == [[1.0, 0.0, 4.0]]
