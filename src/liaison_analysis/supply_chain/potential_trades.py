"""Who could supply whom: enterprises linked by a product of one that is an input of the other."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from liaison_analysis.ledger import as_ledger
from liaison_analysis.supply_chain.locality import Locality, locality, strengths

if TYPE_CHECKING:
    import networkx as nx
    from numpy.typing import NDArray

    from liaison_analysis.ledger import Ledger

    Codes = NDArray[np.int64]


#: Least share of revenue of an offer: it is made, so that no path over it counts nothing (judgement).
LEAST_SHARE = 0.01
# Keeps the odds of a certain trade finite.
_NEARLY_ONE = 0.999999


def could_supply(ledger: Ledger | nx.Graph[Any], town: str | None = None) -> pd.DataFrame:
    """Join local enterprises that could supply each other.

    The metapath is maker → product → product it goes into → its maker. A link from product u to v weighs
    ``1 / (outdegree(u) · indegree(v)) ** 0.25`` as in ``chain_paths``, times the square root of both makers'
    shares of revenue (where unknown, one divided by the number of products). Several links of a pair are
    combined as probabilities: 1 − ∏(1 − weight).

    Parameters
    ----------
    ledger, town
        As for ``chain_gaps``.

    Returns
    -------
    DataFrame
        Columns supplier_id, customer_id, product and into (the strongest link of the pair), n_links, score
        (0–1), known (``supplies`` has the pair). Sorted by score, most first, then by both ids.

    Raises
    ------
    LedgerError, ValueError
        As ``chain_gaps``.

    Examples
    --------
    >>> from liaison_analysis import load_liangjiang
    >>> pairs = could_supply(load_liangjiang(), "水土")
    >>> pairs["score"].between(0, 1).all().item(), pairs["supplier_id"].ne(pairs["customer_id"]).all().item()
    (True, True)
    """
    ledger = as_ledger(ledger)
    here = locality(ledger, town)
    firms, goods = here.firms, here.made
    supplier, customer, product, into, weight = _trade_paths(here)
    # Codes follow the order of ids and names, so that one sort orders pairs, the strongest link first.
    pair = supplier * len(firms) + customer
    order = np.lexsort((into, product, -weight, pair))
    pair = pair[order]
    first = np.flatnonzero(np.diff(pair, prepend=-1))
    missed = np.add.reduceat(np.log1p(-weight[order]), first) if len(first) else weight
    score = (1 - np.exp(missed)).round(9)
    ranked = np.lexsort((pair[first], -score))
    best = order[first][ranked]
    trade = (firms.get_indexer(pd.Index(ledger.supplies[end])) for end in ("supplier_id", "customer_id"))
    sold, bought = (codes.astype(np.int64) for codes in trade)
    known = (sold * len(firms) + bought)[(sold >= 0) & (bought >= 0)]
    return pd.DataFrame(
        {
            "supplier_id": firms.take(supplier[best]),
            "customer_id": firms.take(customer[best]),
            "product": goods.take(product[best]),
            "into": goods.take(into[best]),
            "n_links": np.diff(first, append=len(pair))[ranked],
            "score": score[ranked],
            "known": np.isin(pair[first][ranked], known),
        }
    )


def _trade_paths(here: Locality) -> tuple[Codes, Codes, Codes, Codes, NDArray[np.float64]]:
    """Maker, user, product and the product it goes into, as codes, and the weight of each path."""
    links = here.chain.assign(strength=strengths(here.chain["upstream"], here.chain["downstream"]))
    links = links.merge(here.feeds[["upstream", "downstream"]])
    made = pd.DataFrame(
        {
            "firm": here.firms.get_indexer(pd.Index(here.offers["enterprise_id"])),
            "product": here.made.get_indexer(pd.Index(here.offers["product"])),
            "share": _shares(here.offers).to_numpy(dtype="float64"),
        }
    )
    for end in ("upstream", "downstream"):
        links[end] = here.made.get_indexer(pd.Index(links[end]))
    paths = links.merge(made, left_on="upstream", right_on="product")
    paths = paths.merge(made, left_on="downstream", right_on="product", suffixes=("", "_into"))
    paths = paths[paths["firm"].ne(paths["firm_into"])]
    weight = paths["strength"] * np.sqrt(paths["share"] * paths["share_into"])
    supplier, customer, product, into = (
        paths[column].to_numpy(dtype=np.int64) for column in ("firm", "firm_into", "product", "product_into")
    )
    return supplier, customer, product, into, weight.clip(upper=_NEARLY_ONE).round(9).to_numpy()


def _shares(offers: pd.DataFrame) -> pd.Series:
    """Share of revenue of each offer; where unknown, one divided by the number of products."""
    alike = 1.0 / offers.groupby("enterprise_id")["product"].transform("size")
    return offers["weight"].astype("float64").fillna(alike).clip(lower=LEAST_SHARE)
