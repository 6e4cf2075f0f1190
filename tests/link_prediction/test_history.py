"""Histories of links: ages, sightings, and no use of later links."""

import numpy as np
from scipy.sparse import csr_array

from liaison_analysis.link_prediction.history import LinkHistory, ProductKnowledge


def history(rows, now, n=7):
    s, c, t = (np.array(column) for column in zip(*rows, strict=True))
    return LinkHistory.before(s, c, t, now=now, n_firms=n)


ROWS = [(1, 0, 0), (1, 2, 0), (3, 2, 0), (1, 0, 1), (4, 2, 1), (0, 5, 1)]


def test_age_and_number_of_sightings():
    known = history(ROWS, 2)
    row = list(zip(known.supplier, known.customer, strict=True)).index((1, 0))
    assert (known.since[row], known.idle[row], known.seen[row]) == (2, 1, 2)


def test_links_of_the_moment_itself_and_later_are_not_known():
    known = history([*ROWS, (6, 5, 2), (6, 4, 3)], 2)
    assert (6, 5) not in set(zip(known.supplier.tolist(), known.customer.tolist(), strict=True))
    assert len(known.supplier) == 5


def test_the_first_product_of_the_supplier_that_goes_into_one_of_the_customers():
    offers = csr_array(np.array([[0, 0, 1], [1, 1, 0], [0, 0, 0]]))
    feeds = csr_array(np.array([[0, 0, 0], [0, 0, 1], [0, 0, 0]]))
    known = ProductKnowledge(offers, feeds, ("wheel", "gear", "car"))
    assert known.match(0, 1) == ("gear", "car")
    assert known.match(1, 0) is None
    assert known.match(0, 2) is None
