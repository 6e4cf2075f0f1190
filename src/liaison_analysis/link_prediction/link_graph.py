"""Known links as the sparse matrices that evidence multiplies: `LinkGraph`."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

import numpy as np
from scipy.sparse import csr_array, diags_array

from liaison_analysis.link_prediction.product_inference import makers_and_needs, market_shares, sizes
from liaison_analysis.link_prediction.saturation import remaining_needs, town_preference
from liaison_analysis.link_prediction.sparse_matrices import (
    inverse_power,
    pair_matrix,
    rows_to_one,
    single_precision,
    without_entries,
)

if TYPE_CHECKING:
    from collections.abc import Iterable

    from numpy.typing import NDArray

    from liaison_analysis.link_prediction.history import LinkHistory, ProductKnowledge
    from liaison_analysis.link_prediction.sparse_matrices import Sparse

#: Factor of a link for each snapshot since it was last seen, before it is fitted: the middle
#: of the three values that ``weighted_sum.DECAYS`` tries (judgement).
DECAY: Final = 0.85
#: In the measure of growth a new customer of the last two snapshots counts 1, and every customer this much in
#: addition, which breaks ties between firms of equal growth (judgement).
_SIZE_IN_GROWTH: Final = 0.01


@dataclass(frozen=True, eq=False)
class LinkGraph:
    """A history of links as sparse firms × firms matrices; made by ``LinkGraph.of``.

    Attributes
    ----------
    history
        The known links.
    knowledge
        Offers of firms and links between products, or None.
    town
        Code of each firm's town, -1 where unknown.
    has_towns
        Whether towns were given at all.
    both
        1 where two firms trade, in either direction.
    damped
        ``both``, each column divided by the root of the number of its firm's partners.
    supply
        Suppliers × customers, normalised symmetrically by the links of both ends.
    near
        ``supply`` in both directions.
    step
        Probability of a random walk's step from the column's firm to the row's.
    decayed
        Suppliers × customers: weight of each link by its age.
    fresh
        ``supply`` of the pairs first seen in the last two snapshots.
    products
        Kind of evidence → the matrices through which it spreads from a customer to suppliers.
    locality
        Fitted log odds ratio of a supplier from the customer's town against another one; 0 for no preference.
    new_customers
        Number of new customers of each firm within the last two snapshots.
    growth, size
        Of each firm: logarithm of new customers, and number of all customers.
    """

    history: LinkHistory
    knowledge: ProductKnowledge | None
    town: NDArray[np.int64]
    has_towns: bool
    both: Sparse
    damped: Sparse
    supply: Sparse
    near: Sparse
    step: Sparse
    decayed: Sparse
    fresh: Sparse
    products: dict[str, list[Sparse]]
    locality: float
    new_customers: NDArray[np.int64]
    growth: NDArray[np.float32]
    size: NDArray[np.float32]

    @classmethod
    def of(
        cls,
        history: LinkHistory,
        products: ProductKnowledge | None = None,
        *,
        town: NDArray[np.int64] | None = None,
        decay: float = DECAY,
    ) -> LinkGraph:
        """Build the matrices of a history.

        Parameters
        ----------
        history
            The known links.
        products
            Offers of firms and links between products; may be absent.
        town
            Code of each firm's town, -1 where unknown; may be absent.
        decay
            Factor of a link for each snapshot since it was last seen.
        """
        n = history.n_firms
        pairs = (history.supplier, history.customer)
        plain = pair_matrix(np.ones(len(pairs[0])), pairs, n)
        decayed = pair_matrix(decay ** (history.idle - 1.0), pairs, n)
        both = plain + plain.T
        both.data[:] = 1
        faded = decayed + decayed.T
        root = diags_array(inverse_power(faded.sum(axis=1), 0.5))
        supply = single_precision(root @ decayed @ root)
        near = single_precision(supply + supply.T)
        near.sort_indices()
        decayed = single_precision(decayed)
        known_town = np.full(n, -1) if town is None else town
        newest = single_precision(pair_matrix((history.since == 1).astype(float), pairs, n))
        by_product, locality = _product_paths(products, decayed, newest, supply, known_town)
        new_customers: NDArray[np.int64] = np.bincount(history.supplier[history.since <= 2], minlength=n)
        n_customers = np.bincount(history.supplier, minlength=n)
        return cls(
            history=history,
            knowledge=products,
            town=known_town,
            has_towns=town is not None,
            both=single_precision(both),
            damped=single_precision(both @ diags_array(inverse_power(both.sum(axis=1), 0.5))),
            supply=supply,
            near=near,
            step=single_precision(faded @ diags_array(inverse_power(faded.sum(axis=0), 1))),
            decayed=decayed,
            fresh=single_precision(supply.multiply(pair_matrix(history.since <= 2, pairs, n))),
            products=by_product,
            locality=locality,
            new_customers=new_customers,
            growth=np.log1p(new_customers + _SIZE_IN_GROWTH * n_customers).astype(np.float32),
            size=n_customers.astype(np.float32),
        )

    def without(self, pairs: Iterable[tuple[int, int]]) -> LinkGraph:
        """Copy the graph without some links, (supplier, customer), in any path or walk; sizes stay the same.

        The needs estimated from all links (``bought``) stay as well. The difference is the contribution of
        the links: with recomputed sizes, the other links of a firm would gain weight.
        """
        gone = list(pairs)
        ends = tuple(np.array(gone, dtype=np.int64).reshape(-1, 2).T)
        removed = pair_matrix(np.ones(len(gone)), ends, self.history.n_firms)
        either_way = removed + removed.T
        supply, decayed = without_entries(self.supply, removed), without_entries(self.decayed, removed)
        replaced = {id(self.supply): supply, id(self.decayed): decayed}
        return replace(
            self,
            both=without_entries(self.both, either_way),
            damped=without_entries(self.damped, either_way),
            near=without_entries(self.near, either_way),
            step=without_entries(self.step, either_way),
            supply=supply,
            decayed=decayed,
            fresh=without_entries(self.fresh, removed),
            products={
                name: [replaced.get(id(matrix), matrix) for matrix in path]
                for name, path in self.products.items()
            },
        )

    def suppliers_of(self, customer: int) -> NDArray[np.int64]:
        """Codes of the firms known to supply a customer."""
        suppliers: NDArray[np.int64] = self.history.supplier[self.history.customer == customer]
        return suppliers

    def same_town(self, customers: NDArray[np.int64]) -> NDArray[np.float32]:
        """Whether firms are in the town of the customers: 1 or 0, all firms × the customers given."""
        same: NDArray[np.bool_] = (self.town[:, None] == self.town[customers]) & (self.town[:, None] >= 0)
        return same.astype(np.float32)


def _product_paths(
    products: ProductKnowledge | None, links: Sparse, newest: Sparse, supply: Sparse, town: NDArray[np.int64]
) -> tuple[dict[str, list[Sparse]], float]:
    """Matrices that spread evidence by products from a customer to suppliers, and the locality.

    ``chain``: firms that offer inputs of its products. ``substitute``: firms that offer the same as its
    suppliers. The others also use inferred products. ``bought``: the estimated number of further suppliers
    that it needs of each input, times each maker's share. ``alike``: suppliers of firms that make the same.
    """
    if products is None:
        anything = csr_array(np.ones((len(town), 1)))
        return {}, town_preference(links, market_shares(anything, sizes(links)), anything, town)
    offers = products.offers
    per_firm = diags_array(inverse_power(offers.sum(axis=1), 0.5))
    per_product = diags_array(inverse_power(offers.sum(axis=0), 0.5))
    offered = single_precision(per_firm @ offers @ per_product)
    offered_by = single_precision(offered.T)
    made, needs = makers_and_needs(offers, products.feeds, links)
    share = market_shares(made, sizes(links))
    needed, locality = remaining_needs(links, newest, share, csr_array(made @ needs.T), town)
    likely = rows_to_one(made)
    same = single_precision(likely @ diags_array(inverse_power(likely.sum(axis=0), 0.5)))
    return {
        "chain": [offered_by, single_precision(products.feeds), offered],
        "bought": [single_precision(needed.T), single_precision(share)],
        "alike": [single_precision(likely.T), same, links],
        "substitute": [supply, offered_by, offered],
    }, locality
