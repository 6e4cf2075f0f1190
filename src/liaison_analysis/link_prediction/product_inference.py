"""Inference of unlisted products of firms, and of inputs of products, from trade links."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import numpy as np
from scipy.sparse import csr_array, diags_array, hstack

from liaison_analysis.link_prediction.sparse_matrices import (
    entries_at,
    inverse_power,
    rows_to_one,
    unit_rows,
)

if TYPE_CHECKING:
    from liaison_analysis.link_prediction.sparse_matrices import Sparse

#: Number of inferred products kept for a firm (judgement: memory).
_KEPT: Final = 6
#: Exponent of a firm's similarity to the makers of a product, which emphasises the most similar
#: (judgement).
_SHARPNESS: Final = 3
#: Total weight of inferred products beside known offers of a firm (judgement).
_BESIDE: Final = 0.2
#: Number of unknown makers that is added to each product, since few makers are weak evidence
#: (judgement; a gamma prior).
_UNSEEN: Final = 2.0
#: Number of links that are disregarded where no chain links the two products (judgement).
_CHANCE: Final = 1.0
#: Factor of disregarded links, above 0 so that they keep an order (judgement).
_DOUBT: Final = 0.01
#: Rounds of expectation–maximisation; the fit changes little after them (judgement).
_ROUNDS: Final = 15
#: Firms in one batch of comparisons with the makers of all products.
_BATCH: Final = 2000


def likely_products(offers: Sparse, links: Sparse, *, rounds: int = 2) -> Sparse:
    """Distribute each firm over the products that it is likely to make.

    Lists of offers have gaps. But firms with the same products sell to, and buy from, firms with the same
    products. A firm's trade profile is what its customers and its suppliers make; its similarity to a product
    is the cosine between its profile and the mean profile of the product's known makers.

    Parameters
    ----------
    offers
        Firms × products, 1 where a firm is known to offer one.
    links
        Suppliers × customers, above 0 where known.
    rounds
        How often profiles are recomputed with inferred products.

    Returns
    -------
    csr_array
        Firms × products, with the shares of each firm, which sum to 1: four fifths for its known offers, if
        there are any, and the rest for the six likeliest products. A firm without known offers and without
        links to firms with offers has an empty row.

    Examples
    --------
    Two gear makers supply the carmaker, and so does a firm that lists nothing:

    >>> offers = csr_array(np.array([[1, 0], [1, 0], [0, 0], [0, 1]], float))
    >>> links = csr_array((np.ones(3), ([0, 1, 2], [3, 3, 3])), shape=(4, 4))
    >>> likely_products(offers, links).toarray().round(2).tolist()
    [[1.0, 0.0], [1.0, 0.0], [1.0, 0.0], [0.0, 1.0]]
    """
    known = rows_to_one(csr_array(offers))
    listed = known.sum(axis=1) > 0
    likely = known
    for _ in range(rounds):
        trade = csr_array(hstack([unit_rows(links @ likely), unit_rows(links.T @ likely)]))
        typical = unit_rows(known.T @ trade)  # of length 1, so that a sum gives the same as a mean
        guessed = rows_to_one(_nearest(trade, typical))
        share = np.where(listed, np.where(guessed.sum(axis=1) > 0, _BESIDE, 0.0), 1.0)
        likely = csr_array(diags_array(1 - share) @ known + diags_array(share) @ guessed)
    likely.eliminate_zeros()
    likely.sort_indices()
    return likely


def _nearest(trade: Sparse, typical: Sparse) -> Sparse:
    """Similarity of each firm's trade profile to those of its likeliest products, to a power."""
    none = np.zeros(0, np.int64)
    rows, columns, values = [none], [none], [np.zeros(0)]
    for begin in range(0, trade.shape[0], _BATCH):
        cosine = csr_array(trade[begin : begin + _BATCH] @ typical.T)
        row = np.repeat(np.arange(cosine.shape[0]), np.diff(cosine.indptr))
        order = np.lexsort((cosine.indices, -cosine.data.round(9), row))
        place = np.arange(len(order)) - cosine.indptr[row]
        kept = order[place < _KEPT]
        rows.append(begin + row[kept])
        columns.append(cosine.indices[kept])
        values.append(cosine.data[kept].astype(float) ** _SHARPNESS)
    where = (np.concatenate(rows), np.concatenate(columns))
    return csr_array((np.concatenate(values), where), shape=(trade.shape[0], typical.shape[0]))


def makers_and_needs(
    offers: Sparse, feeds: Sparse, links: Sparse, *, rounds: int = _ROUNDS
) -> tuple[Sparse, Sparse]:
    """Infer from known links what firms make and which inputs it needs.

    The model of a link: the customer makes some product, needs an input for it, and chooses the supplier
    among the input's makers by size. Links from s to c are Poisson with mean Σ share[s, p] · needs[p, q] ·
    made[c, q] over products p and q. The products of a link are unknown; each round distributes it over the
    possible pairs of products by the current fit, and then updates the fit.

    Parameters
    ----------
    offers
        Firms × products, 1 where a firm is known to offer one.
    feeds
        Upstream × downstream products, 1 where one is known to go into the other. Before links are seen, a
        maker is assumed to have the usual number of suppliers of such an input; for any other pair the first
        link is disregarded.
    links
        Suppliers × customers: weight of each known link.
    rounds
        Rounds of expectation–maximisation.

    Returns
    -------
    made
        Firms × products: 1 where offered, between 0 and 1 where inferred.
    needs
        Products supplied × products made from them: number of suppliers of the former for a maker of the
        latter.

    Notes
    -----
    Poisson factorisation by expectation–maximisation (Ball, Karrer and Newman 2011, doi
    10.1103/PhysRevE.84.036103), with gamma priors. The prior of a product that is not listed is its share by
    ``likely_products``; where that is 0, the product is never inferred, so that the matrices stay sparse.

    Examples
    --------
    Steel goes into gears, and the third firm makes steel too; neither is listed:

    >>> offers = csr_array(np.array([[1, 0], [1, 0], [0, 0], [0, 1], [0, 1]], float))
    >>> links = csr_array((np.ones(4), ([0, 1, 2, 2], [3, 4, 3, 4])), shape=(5, 5))
    >>> made, needs = makers_and_needs(offers, csr_array((2, 2)), links)
    >>> made.toarray().round(1).tolist()
    [[1.0, 0.0], [1.0, 0.0], [1.0, 0.0], [0.0, 1.0], [0.0, 1.0]]
    >>> needs.toarray().round(1).tolist()
    [[0.0, 0.8], [0.0, 0.0]]
    """
    listed, links = csr_array(offers).astype(float), csr_array(links).astype(float)
    likely = likely_products(listed, links)
    made = csr_array(listed + likely - likely.multiply(listed))
    made.sort_indices()
    firm, product = np.repeat(np.arange(made.shape[0]), np.diff(made.indptr)), made.indices
    certain, prior = entries_at(listed, firm, product) > 0, made.data.copy()
    size = sizes(links)
    traded = csr_array(likely.T @ (links @ likely))
    needs = _averaged(traded, feeds, made)
    for _ in range(rounds):
        share, wanted = market_shares(made, size), csr_array(made @ needs.T)
        about = _explained(links, share, wanted)
        got = csr_array(about.T @ share)
        as_customer = made.data * entries_at(got @ needs, firm, product)
        as_supplier = entries_at(share, firm, product) * entries_at(about @ wanted, firm, product)
        sold = wanted.sum(axis=0) * inverse_power(size @ made)
        expected = needs.sum(axis=0)[product] + size[firm] * sold[product]
        fitted = np.minimum((prior + as_customer + as_supplier) / (1 + expected), 1)
        needs = _averaged(needs.multiply(got.T @ made), feeds, made)
        made.data = np.where(certain, 1.0, fitted)
    return made, needs


def _averaged(traded: Sparse, feeds: Sparse, made: Sparse) -> Sparse:
    """Average number of links for each input and product, per maker of the product."""
    makers = made.sum(axis=0)
    listed = csr_array(feeds.multiply(traded))
    usual = listed.sum() / max((feeds.sum(axis=0) * makers).sum(), 1e-9)
    other = csr_array(traded - listed)
    other.data = np.maximum(other.data - _CHANCE, _DOUBT * other.data)
    other.data[other.data < _DOUBT**2] = 0
    other.eliminate_zeros()
    return csr_array((other + listed + feeds * (usual * _UNSEEN)) @ diags_array(1 / (makers + _UNSEEN)))


def sizes(links: Sparse) -> Any:
    """Count the customers of each firm, at least one half."""
    return links.sum(axis=1) + 0.5


def market_shares(made: Sparse, size: Any) -> Sparse:
    """Share of each maker in each product, by size."""
    return csr_array(diags_array(size) @ made @ diags_array(inverse_power(size @ made)))


def _explained(links: Sparse, share: Sparse, wanted: Sparse) -> Sparse:
    """Links, each divided by its expected number."""
    supplier, customer = links.nonzero()
    mean = share[supplier].multiply(wanted[customer]).sum(axis=1)
    ratio = entries_at(links, supplier, customer) * inverse_power(mean)
    return csr_array((ratio, (supplier, customer)), shape=links.shape)
