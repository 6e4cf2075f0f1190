"""Evidence for trade links that are not known yet: paths, walks and growth among the known ones.

All of it is sparse matrix products over integer codes, for a batch of customers at a time.
"""

from __future__ import annotations

from copy import copy
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np
from scipy.sparse import csr_array, diags_array

from liaison_analysis.link_prediction.product_inference import (
    makers_and_needs,
    market_shares,
    rows_to_one,
    sizes,
)
from liaison_analysis.link_prediction.saturation import locality, wishes

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from numpy.typing import NDArray

    Sparse = Any  # csr_array; its stubs ask for a shape and a type at every step

#: What a link counts for, per snapshot since it was last seen, unless something else is learnt.
DECAY: Final = 0.85
#: A walk from the customer goes on with this probability at each step, for at most ``STEPS`` steps.
DAMPING: Final = 0.85
STEPS: Final = 10
#: How many firms each kind of evidence may propose. Walks reach furthest.
QUOTAS: Final = {
    "walk": 1500, "five": 600, "l3": 400, "reverse": 150, "walk_growth": 300,
    "chain": 400, "bought": 300, "alike": 300, "substitute": 300,
}  # fmt: skip
#: And where candidates are told by all evidence.
WIDE: Final = QUOTAS | {
    "walk": 3000, "five": 1200, "l3": 800, "walk_growth": 1000, "peers": 400, "rivals": 400,
}  # fmt: skip


@dataclass(frozen=True)
class LinkHistory:
    """Known links up to a moment, one row a pair, as integer codes.

    Attributes
    ----------
    supplier, customer
        Codes of the two firms.
    since, idle
        Snapshots since the pair was first and last seen; 1 is the newest snapshot.
    seen
        In how many snapshots the pair was seen.
    n_firms
        How many codes there are.
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
        """History of the links of all periods before ``now``.

        Examples
        --------
        >>> s, c, t = np.array([0, 0, 2]), np.array([1, 1, 1]), np.array([0, 1, 2])
        >>> told = LinkHistory.before(s, c, t, now=2, n_firms=3)
        >>> told.supplier.tolist(), told.since.tolist(), told.idle.tolist(), told.seen.tolist()
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
    """What firms offer and what goes into what, where that is known.

    Attributes
    ----------
    offers
        Firms × products, 1 where offered.
    feeds
        Upstream products × downstream products, 1 where one goes into the other.
    names
        Of the products.
    """

    offers: Sparse
    feeds: Sparse
    names: tuple[str, ...]


@dataclass(frozen=True)
class Candidates:
    """Possible suppliers of a batch of customers, sorted by customer and firm; one row a pair.

    Attributes
    ----------
    customer, firm
        Codes.
    evidence
        How much speaks for each pair, 0 for nothing; one column for each of ``LinkGraph.sources``.
    """

    customer: NDArray[np.int64]
    firm: NDArray[np.int64]
    evidence: NDArray[np.float64]


class LinkGraph:
    """A history of links, made ready for evidence.

    Parameters
    ----------
    history
        What is known.
    products
        What firms offer and what goes into what; may be absent.
    town
        Code of each firm's town, -1 where unknown; may be absent.
    decay
        What a link counts for, per snapshot since it was last seen.

    Attributes
    ----------
    sources
        Names of the kinds of evidence.
    further
        Names of more kinds, for those who learn what each is worth.
    locality
        Logarithm of the odds of a supplier from the customer's town against another one, as learnt.
    new_customers
        Of each firm, within the last two snapshots.

    Notes
    -----
    ``l3``: paths of three steps, each middle firm dividing by the root of its links (Kovács 2019).
    ``five``: three and five steps over links that fade with time, normalised symmetrically. ``walk``:
    personalised PageRank (Page 1999) over the same. ``peers``: who supplies the customers of the customer's
    suppliers. ``reverse``: the candidate already buys from the customer. ``growth``: how many customers it
    won of late; ``size``: how many it has. ``place``: by how much the odds of a supplier from the customer's
    own town are higher. All count links, none subtracts any: with the firms' sizes as they
    are, fewer links never mean more evidence.

    Further kinds: ``two``, two steps; ``second``, suppliers of the suppliers; ``rivals``, suppliers of those
    that sell to the customer's customers; ``inputs``, who buys from those that the customer's suppliers buy
    from; ``fresh``, as ``peers``, the last link being one of the last two snapshots.
    """

    def __init__(
        self,
        history: LinkHistory,
        products: ProductKnowledge | None = None,
        *,
        town: NDArray[np.int64] | None = None,
        decay: float = DECAY,
    ) -> None:
        self.history = history
        n = history.n_firms
        pairs = (history.supplier, history.customer)
        plain = _matrix(np.ones(len(pairs[0])), pairs, n)
        fading = _matrix(decay ** (history.idle - 1.0), pairs, n)
        both = plain + plain.T
        both.data[:] = 1
        faded = fading + fading.T
        root = diags_array(_inverse(faded.sum(axis=1), 0.5))
        self.both = _csr(both)
        self.damped = _csr(both @ diags_array(_inverse(both.sum(axis=1), 0.5)))
        self.supply = _csr(root @ fading @ root)
        self.near = _csr(self.supply + self.supply.T)
        self.near.sort_indices()
        self.step = _csr(faded @ diags_array(_inverse(faded.sum(axis=0), 1)))
        self.knowledge = products
        self.fading = _csr(fading)
        self.town = np.full(n, -1) if town is None else town
        fresh = _csr(_matrix((history.since == 1).astype(float), pairs, n))
        self.products, self.locality = _choices(products, self.fading, fresh, self.supply, self.town)
        self.fresh = _csr(self.supply.multiply(_matrix(history.since <= 2, pairs, n)))
        self.further = ["two", "second", "rivals", "inputs", "fresh"]
        self.new_customers: NDArray[np.int64] = np.bincount(history.supplier[history.since <= 2], minlength=n)
        # Firms that grow alike are told apart by all their customers.
        sells = np.bincount(history.supplier, minlength=n)
        self.growth: NDArray[np.float32] = np.log1p(self.new_customers + 0.01 * sells).astype(np.float32)
        self.size: NDArray[np.float32] = sells.astype(np.float32)
        self.sources = ["l3", "five", "walk", "peers", "reverse", "growth", "size", *self.products]
        self.sources += [] if town is None else ["place"]

    def without(self, pairs: Iterable[tuple[int, int]]) -> LinkGraph:
        """Take links away, (supplier, customer), from all paths and walks; what firms weigh stays as it is.

        So does what all links together say goes into what, and is still wanted (``bought``). That is what a
        path contributes: were all sizes computed anew, a firm with a link less would pass more on by its
        others.
        """
        gone = list(pairs)
        n = self.history.n_firms
        ends = tuple(np.array(gone, dtype=np.int64).reshape(-1, 2).T)
        there = _matrix(np.ones(len(gone)), ends, n)
        left = copy(self)
        for name in ("both", "damped", "near", "step"):
            setattr(left, name, _cut(getattr(self, name), there + there.T))
        left.supply, left.fading = _cut(self.supply, there), _cut(self.fading, there)
        left.fresh = _cut(self.fresh, there)
        cut = {id(self.supply): left.supply, id(self.fading): left.fading}
        left.products = {
            name: [cut.get(id(step), step) for step in path] for name, path in self.products.items()
        }
        return left

    def evidence(self, customers: NDArray[np.int64]) -> dict[str, NDArray[np.float32]]:
        """Every kind of evidence for all firms × the customers given."""
        start = np.zeros((self.history.n_firms, len(customers)), np.float32)
        start[customers, np.arange(len(customers))] = 1
        third = self.near @ (self.near @ (self.near @ start))
        found = {
            "l3": self.damped @ (self.damped @ (self.both @ start)),
            "five": third + self.near @ (self.near @ third),
            "walk": self._walk(start),
            "peers": self.supply @ (self.supply.T @ (self.supply @ start)),
            "reverse": self.supply.T @ start,
            "growth": np.repeat(self.growth[:, None], len(customers), axis=1),
            "size": np.repeat(self.size[:, None], len(customers), axis=1),
        }
        for name, path in self.products.items():
            spread = start
            for matrix in path:
                spread = matrix @ spread
            found[name] = spread
        if "place" in self.sources:
            found["place"] = np.float32(np.expm1(self.locality)) * self.together(customers)
        return found

    def together(self, customers: NDArray[np.int64]) -> NDArray[np.float32]:
        """Whether firms are in the town of the customers: 1 or 0, all firms × the customers given."""
        town = self.town
        same: NDArray[np.bool_] = (town[:, None] == town[customers]) & (town[:, None] >= 0)
        return same.astype(np.float32)

    def more_evidence(
        self, customers: NDArray[np.int64], found: dict[str, NDArray[np.float32]]
    ) -> dict[str, NDArray[np.float32]]:
        """Further kinds of evidence, as ``evidence``, of which some is ``found``."""
        start = np.zeros((self.history.n_firms, len(customers)), np.float32)
        start[customers, np.arange(len(customers))] = 1
        up, to = self.supply @ start, self.supply.T
        alike = to @ up
        return {
            "two": self.near @ (self.near @ start),
            "second": self.supply @ up,
            "rivals": self.supply @ (self.supply @ found["reverse"]),
            "inputs": to @ (self.supply @ up),
            "fresh": self.fresh @ alike,
        }

    def _walk(self, start: NDArray[np.float32]) -> NDArray[np.float32]:
        """Personalised PageRank from each column of ``start``."""
        reached, now = (1 - DAMPING) * start, start
        for _ in range(STEPS):
            now = DAMPING * (self.step @ now)
            reached = reached + (1 - DAMPING) * now
        return np.asarray(reached, dtype=np.float32)

    def known_suppliers(self, customer: int) -> NDArray[np.int64]:
        """Codes of the firms known to supply a customer."""
        found: NDArray[np.int64] = self.history.supplier[self.history.customer == customer]
        return found

    def product_match(self, customer: int, supplier: int) -> tuple[str, str] | None:
        """Find a product of the supplier that goes into one of the customer's; both, or nothing."""
        if self.knowledge is None:
            return None
        offers = self.knowledge.offers
        own, used = (offers.indices[offers.indptr[f] : offers.indptr[f + 1]] for f in (supplier, customer))
        up, down = self.knowledge.feeds[own][:, used].nonzero()
        if not len(up):
            return None
        first = min(zip(own[up], used[down], strict=True))
        return self.knowledge.names[first[0]], self.knowledge.names[first[1]]

    def candidates(
        self, customers: NDArray[np.int64], *, batch: int = 32, wide: bool = False
    ) -> Iterator[Candidates]:
        """Possible suppliers of each customer, with the evidence, a batch of customers at a time.

        Every candidate can be reached over known links, or a product of it goes into one of the customer's.
        Neither known suppliers nor the customer itself are among them. ``wide``: more of them, told
        by further evidence, too.
        """
        names, quotas = ([*self.sources, *self.further], WIDE) if wide else (self.sources, QUOTAS)
        customers = np.sort(customers)
        for begin in range(0, len(customers), batch):
            block = customers[begin : begin + batch]
            told = self.evidence(block)
            if wide:
                told |= self.more_evidence(block, told)
            found = {name: np.ascontiguousarray(value.T) for name, value in told.items()}
            rows = []
            for row, (code, firms) in enumerate(zip(block, _proposals(found, quotas), strict=True)):
                sound = found["walk"][row, firms] > 0
                if "chain" in found:
                    sound |= found["chain"][row, firms] > 0
                kept = np.setdiff1d(firms[sound], np.append(self.known_suppliers(code), code))
                values = np.column_stack([found[name][row, kept] for name in names]).astype(float)
                rows.append((np.full(len(kept), code), kept, values))
            yield Candidates(*(np.concatenate(part) for part in zip(*rows, strict=True)))


def _csr(matrix: Any) -> Sparse:
    """Compressed rows of single precision."""
    made: Sparse = csr_array(matrix)
    return made.astype(np.float32)


def _matrix(values: Any, pairs: Any, n: int) -> Sparse:
    """Firms × firms."""
    made: Sparse = csr_array((values, pairs), shape=(n, n))
    return made


def _cut(matrix: Sparse, there: Sparse) -> Sparse:
    """Take entries out."""
    left = _csr(matrix - matrix.multiply(there.astype(bool)))
    left.eliminate_zeros()
    left.sort_indices()
    return left


def _inverse(degree: NDArray[Any], power: float) -> NDArray[np.float64]:
    """``degree ** -power``, and 0 for a firm without links."""
    there = degree > 0
    found: NDArray[np.float64] = np.where(there, np.where(there, degree, 1.0) ** -power, 0.0)
    return found


def _proposals(found: dict[str, NDArray[np.float32]], quotas: dict[str, int]) -> list[NDArray[np.int64]]:
    """List the firms that any kind of evidence proposes, for each customer (row)."""
    chosen: list[list[NDArray[np.int64]]] = [[] for _ in found["walk"]]
    for name, quota in quotas.items():
        if name != "walk_growth" and name not in found:
            continue
        value = found["walk"] * found["growth"] if name == "walk_growth" else found[name]
        top = (
            np.argpartition(-value, quota, axis=1)[:, :quota]
            if quota < value.shape[1]
            else np.broadcast_to(np.arange(value.shape[1]), value.shape)
        )
        for row, firms in enumerate(top):
            chosen[row].append(firms[value[row, firms] > 0])
    return [np.unique(np.concatenate(lists)) for lists in chosen]


def _choices(
    products: ProductKnowledge | None, links: Sparse, new: Sparse, supply: Sparse, town: NDArray[np.int64]
) -> tuple[dict[str, list[Sparse]], float]:
    """Paths through products as matrices to go through, from a customer to its suppliers, and the locality.

    ``chain``: what goes into what it makes, and who offers that. ``substitute``: who offers what its
    suppliers offer. The others count what firms are likely to make, too. ``bought``: how many more suppliers
    known links say it wants of each input, and each maker's share in that. ``alike``: who supplies those that
    make the same.
    """
    if products is None:
        anything = csr_array(np.ones((len(town), 1)))
        return {}, locality(links, market_shares(anything, sizes(links)), anything, town)
    offers = products.offers
    many = diags_array(_inverse(offers.sum(axis=1), 0.5))
    common = diags_array(_inverse(offers.sum(axis=0), 0.5))
    offered = _csr(many @ offers @ common)
    of = _csr(offered.T)
    made, needs = makers_and_needs(offers, products.feeds, links)
    share = market_shares(made, sizes(links))
    wished, strength = wishes(links, new, share, csr_array(made @ needs.T), town)
    likely = rows_to_one(made)
    same = _csr(likely @ diags_array(_inverse(likely.sum(axis=0), 0.5)))
    return {
        "chain": [of, _csr(products.feeds), offered],
        "bought": [_csr(wished.T), _csr(share)],
        "alike": [_csr(likely.T), same, links],
        "substitute": [supply, of, offered],
    }, strength
