"""Known trade links up to a moment, and known products of firms: the input of all evidence."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from liaison_analysis.link_prediction.sparse_matrices import Sparse


@dataclass(frozen=True)
class LinkHistory:
    """Known links up to a moment, one row for each pair, as integer codes.

    Attributes
    ----------
    supplier, customer
        Codes of the two firms.
    since, idle
        Snapshots since the pair was first and last seen; 1 is the newest snapshot.
    seen
        Number of snapshots in which the pair was seen.
    n_firms
        Number of codes.
    """

    supplier: NDArray[np.int64]
    customer: NDArray[np.int64]
    since: NDArray[np.int64]
    idle: NDArray[np.int64]
    seen: NDArray[np.int64]
    n_firms: int

    @classmethod
    def before(
        cls,
        supplier: NDArray[np.int64],
        customer: NDArray[np.int64],
        period: NDArray[np.int64],
        *,
        now: int,
        n_firms: int,
    ) -> LinkHistory:
        """Build the history of the links of all periods before ``now``.

        Parameters
        ----------
        supplier, customer, period
            One entry for each link of a snapshot: codes of the firms, and the snapshot counted from 0.
        now
            Links of this snapshot and later ones are left out.
        n_firms
            Number of codes of firms.

        Examples
        --------
        >>> s, c, t = np.array([0, 0, 2]), np.array([1, 1, 1]), np.array([0, 1, 2])
        >>> known = LinkHistory.before(s, c, t, now=2, n_firms=3)
        >>> known.supplier.tolist(), known.since.tolist(), known.idle.tolist(), known.seen.tolist()
        ([0], [2], [1], [2])
        """
        past = period < now
        key, row, seen = np.unique(
            supplier[past] * n_firms + customer[past], return_inverse=True, return_counts=True
        )
        first, last = np.full(len(key), now), np.full(len(key), -1)
        np.minimum.at(first, row, period[past])
        np.maximum.at(last, row, period[past])
        return cls(key // max(n_firms, 1), key % max(n_firms, 1), now - first, now - last, seen, n_firms)


@dataclass(frozen=True)
class ProductKnowledge:
    """Offers of firms and links between products, as far as known.

    Attributes
    ----------
    offers
        Firms × products, 1 where offered.
    feeds
        Upstream products × downstream products, 1 where the first goes into the second.
    names
        Of the products.
    """

    offers: Sparse
    feeds: Sparse
    names: tuple[str, ...]

    def match(self, customer: int, supplier: int) -> tuple[str, str] | None:
        """Find a product of the supplier that goes into one of the customer's; both names, or None."""
        offers = self.offers
        own, used = (offers.indices[offers.indptr[f] : offers.indptr[f + 1]] for f in (supplier, customer))
        up, down = self.feeds[own][:, used].nonzero()
        if not len(up):
            return None
        first = min(zip(own[up], used[down], strict=True))
        return self.names[first[0]], self.names[first[1]]
