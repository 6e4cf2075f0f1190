"""What firms are likely to make besides what is listed: told by whom they sell to and buy from."""

from __future__ import annotations

from typing import Any, Final

import numpy as np
from scipy.sparse import csr_array, diags_array, hstack

Sparse = Any  # csr_array; its stubs ask for a shape and a type at every step

#: Guesses kept for a firm.
_KEPT: Final = 3
#: A firm's likeness to the makers of a product is raised to this power, so that the likeliest stand out.
_SHARPNESS: Final = 3
#: What guesses count for, in all, beside what a firm is known to offer.
_BESIDE: Final = 0.2
#: Makers that a product is taken to have besides, of which nothing is known: few makers prove little.
_UNSEEN: Final = 0.5
#: Firms that are compared with the makers of all products at a time.
_BATCH: Final = 2000


def likely_products(offers: Sparse, links: Sparse, *, rounds: int = 2) -> Sparse:
    """Share out each firm among the products that it is likely to make.

    Lists of offers have gaps, and no listed product leads to a firm that has lost its own. Yet who makes the
    same sells to, and buys from, firms that make the same. A firm's trade is what its customers and its
    suppliers make; its likeness to a product is the cosine between its trade and the mean trade of the
    product's known makers.

    Parameters
    ----------
    offers
        Firms × products, 1 where a firm is known to offer one.
    links
        Suppliers × customers, above 0 where known.
    rounds
        How often trades are taken anew with what was guessed.

    Returns
    -------
    csr_array
        Firms × products, with the shares of each firm, which add up to 1: four fifths for what it is known to
        offer, if anything is, and the rest for the three likeliest products. A firm without known offers and
        without links to anyone that has some gets nothing.

    Examples
    --------
    Two gear makers supply the carmaker, and so does a firm that lists nothing:

    >>> offers = csr_array(np.array([[1, 0], [1, 0], [0, 0], [0, 1]], float))
    >>> links = csr_array((np.ones(3), ([0, 1, 2], [3, 3, 3])), shape=(4, 4))
    >>> likely_products(offers, links).toarray().round(2).tolist()
    [[1.0, 0.0], [1.0, 0.0], [1.0, 0.0], [0.0, 1.0]]
    """
    known = _rows_to_one(csr_array(offers))
    listed = known.sum(axis=1) > 0
    likely = known
    for _ in range(rounds):
        trade = csr_array(hstack([_trade(links @ likely), _trade(links.T @ likely)]))
        typical = _trade(known.T @ trade)  # of length 1: a sum does as well as a mean
        guessed = _rows_to_one(_nearest(trade, typical))
        share = np.where(listed, np.where(guessed.sum(axis=1) > 0, _BESIDE, 0.0), 1.0)
        likely = csr_array(diags_array(1 - share) @ known + diags_array(share) @ guessed)
    likely.eliminate_zeros()
    likely.sort_indices()
    return likely


def _trade(mass: Any) -> Sparse:
    """Rows of length 1."""
    rows = csr_array(mass)
    length = np.sqrt(rows.multiply(rows).sum(axis=1))
    return _divided(rows, length)


def _nearest(trade: Sparse, typical: Sparse) -> Sparse:
    """Likeness of each firm's trade to that of its likeliest products, sharpened."""
    none = np.zeros(0, np.int64)
    rows, columns, values = [none], [none], [np.zeros(0)]
    for begin in range(0, trade.shape[0], _BATCH):
        found = csr_array(trade[begin : begin + _BATCH] @ typical.T)
        row = np.repeat(np.arange(found.shape[0]), np.diff(found.indptr))
        order = np.lexsort((found.indices, -found.data.round(9), row))
        place = np.arange(len(order)) - found.indptr[row]
        kept = order[place < _KEPT]
        rows.append(begin + row[kept])
        columns.append(found.indices[kept])
        values.append(found.data[kept].astype(float) ** _SHARPNESS)
    where = (np.concatenate(rows), np.concatenate(columns))
    return csr_array((np.concatenate(values), where), shape=(trade.shape[0], typical.shape[0]))


def _rows_to_one(matrix: Sparse) -> Sparse:
    """Rows that add up to 1, where they hold anything."""
    return _divided(matrix, matrix.sum(axis=1))


def _divided(rows: Sparse, by: Any) -> Sparse:
    """Rows divided by what is above 0."""
    return csr_array(diags_array(np.divide(1, by, out=np.zeros(len(by)), where=by > 0)) @ rows)


def product_needs(likely: Sparse, feeds: Sparse, links: Sparse) -> Sparse:
    """Tell how many suppliers that make one product a maker of another has: its needs.

    Parameters
    ----------
    likely
        Firms × products, shares as of ``likely_products``.
    feeds
        Upstream × downstream products, 1 where one is known to go into the other: that counts as one link of
        average strength, where no known link says more.
    links
        Suppliers × customers, what each known link counts for.

    Returns
    -------
    csr_array
        Products supplied × products made from them.

    Examples
    --------
    >>> likely = csr_array(np.array([[1.0, 0.0], [1.0, 0.0], [0.0, 1.0]]))
    >>> links = csr_array((np.ones(2), ([0, 1], [2, 2])), shape=(3, 3))
    >>> product_needs(likely, csr_array((2, 2)), links).toarray().round(2).tolist()
    [[0.0, 1.33], [0.0, 0.0]]
    """
    mass = likely.sum(axis=0)
    told = csr_array(likely.T @ (csr_array(links) @ likely))
    usual = told.sum() / max(mass.sum() * len(mass), 1e-9)
    return csr_array((told + usual * feeds) @ diags_array(1 / (mass + _UNSEEN)))
