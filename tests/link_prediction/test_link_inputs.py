"""Tables of links become codes; what a snapshot means is read out of them."""

import pandas as pd
from scipy.sparse import csr_array

from liaison_analysis.ledger import load_liangjiang
from liaison_analysis.link_prediction.link_inputs import link_table, product_knowledge, town_codes


def links(rows):
    return pd.DataFrame(rows, columns=["supplier_id", "customer_id", "snapshot"])


def test_codes_follow_the_order_of_ids_and_a_firm_does_not_supply_itself():
    table = link_table(links([("c", "a", 2), ("b", "b", 1), ("a", "b", 1)]))
    assert table.firms.tolist() == ["a", "b", "c"]
    assert (table.supplier.tolist(), table.customer.tolist()) == ([2, 0], [0, 1])
    assert (table.period.tolist(), table.n_periods) == ([1, 0], 2)


def test_missing_snapshots_are_the_oldest():
    table = link_table(links([("a", "b", "2024"), ("a", "b", "2025"), ("b", "c", None)]))
    assert (table.period.tolist(), table.n_periods, table.begin) == ([1, 2, 0], 3, False)


def test_days_that_pairs_are_seen_on_once_are_beginnings_by_half_years():
    days = ["2023-01-05", "2023-06-30", "2023-07-01", "2024-02-01"]
    table = link_table(links([(f"s{day}", "c", day) for day in days]))
    assert table.begin
    assert (table.period.tolist(), table.n_periods) == ([0, 0, 1, 2], 3)


def test_the_sample_ledgers_days_are_beginnings():
    assert link_table(load_liangjiang().supplies.rename(columns={"since": "snapshot"})).begin


def test_towns_that_are_blank_or_not_listed_are_unknown():
    firms = pd.DataFrame({"enterprise_id": ["a", "b", "d"], "town": ["西", " ", "东"]})
    assert town_codes(firms, pd.Index(["a", "b", "c", "d"])).tolist() == [1, -1, -1, 0]


def test_offers_count_once_and_only_of_firms_with_links():
    offers = pd.DataFrame({"enterprise_id": ["a", "a", "z"], "product": ["车", "车", "铝"]})
    chain = pd.DataFrame({"upstream": ["铝", "铝"], "downstream": ["车", "车"]})
    known = product_knowledge(offers, chain, pd.Index(["a"]))
    assert known.names == ("车", "铝")
    assert known.offers.toarray().tolist() == [[1, 0]]
    assert known.feeds.toarray().tolist() == [[0, 0], [1, 0]]
    assert isinstance(known.feeds, csr_array)
