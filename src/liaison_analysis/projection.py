"""Who could supply whom: enterprises joined through what one makes and the other's products are made of."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd

from liaison_analysis.locality import Locality, locality

if TYPE_CHECKING:
    from liaison_analysis.ledger import Ledger

COLUMNS: Final = ["supplier_id", "customer_id", "product", "into", "n_links", "score", "known"]


def could_supply(ledger: Ledger, town: str | None = None) -> pd.DataFrame:
    """Join local enterprises that could supply each other: maker → product → what it goes into → its maker.

    A metapath over one chain link. A link from product u to v weighs
    ``1 / (outdegree(u) · indegree(v)) ** 0.25`` as in ``graph.chain_paths``, times the root of both makers'
    shares of revenue (where unknown, one part in as many as it makes). Several links of a pair add up as
    chances: 1 − ∏(1 − weight).

    Parameters
    ----------
    ledger, town
        As for ``gaps.chain_gaps``.

    Returns
    -------
    DataFrame
        Columns supplier_id, customer_id, product and into (the strongest link of the pair), n_links, score
        (0–1), known (``supplies`` has the pair). Sorted by score, most first, then by both ids.

    Raises
    ------
    LedgerError, ValueError
        As ``gaps.chain_gaps``.

    Examples
    --------
    >>> from liaison_analysis import load_liangjiang
    >>> pairs = could_supply(load_liangjiang(), "水土")
    >>> pairs["score"].between(0, 1).all().item(), pairs["supplier_id"].ne(pairs["customer_id"]).all().item()
    (True, True)
    """
    here = locality(ledger, town)
    links = _strengths(here)
    share = _shares(here.offers)
    made = here.offers.assign(share=share)[["enterprise_id", "product", "share"]]
    pairs = made.rename(columns={"enterprise_id": "supplier_id"}).merge(
        links, left_on="product", right_on="upstream"
    )
    users = made.rename(columns={"enterprise_id": "customer_id", "product": "into", "share": "share_into"})
    pairs = pairs.merge(users, left_on="downstream", right_on="into")
    pairs = pairs[pairs["supplier_id"].ne(pairs["customer_id"])]
    ends = ["supplier_id", "customer_id"]
    weight = (pairs["strength"] * np.sqrt(pairs["share"] * pairs["share_into"])).clip(upper=0.999999).round(9)
    pairs = pairs.assign(weight=weight, missed=np.log1p(-weight))
    pairs = pairs.sort_values(
        [*ends, "weight", "product", "into"], ascending=[True, True, False, True, True], kind="stable"
    )
    found = pairs.groupby(ends, as_index=False).agg(
        product=("product", "first"),
        into=("into", "first"),
        n_links=("into", "size"),
        missed=("missed", "sum"),
    )
    known = pd.MultiIndex.from_frame(ledger.supplies[ends])
    found["score"] = (1 - np.exp(found["missed"])).round(9)
    found["known"] = pd.MultiIndex.from_frame(found[ends]).isin(known)
    return found[COLUMNS].sort_values(["score", *ends], ascending=[False, True, True], ignore_index=True)


def _strengths(here: Locality) -> pd.DataFrame:
    """Links by materials and parts, weaker where an input is common or the product has many inputs."""
    n_out = here.chain["upstream"].map(here.chain["upstream"].value_counts())
    n_in = here.chain["downstream"].map(here.chain["downstream"].value_counts())
    links = here.chain.assign(strength=(n_out * n_in).astype("float64") ** -0.25)
    return links.merge(here.feeds[["upstream", "downstream"]])[["upstream", "downstream", "strength"]]


def _shares(offers: pd.DataFrame) -> pd.Series:
    """Share of revenue of each offer; where unknown, one part in as many as the enterprise makes."""
    alike = 1.0 / offers.groupby("enterprise_id")["product"].transform("size")
    return offers["weight"].astype("float64").fillna(alike).clip(lower=0.01)
