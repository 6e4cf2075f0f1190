"""Evidence for trade links that are not known yet: paths, walks and growth among the known ones.

All of it is sparse matrix products over integer codes, for a batch of customers at a time.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np
from scipy.sparse import csr_array, diags_array

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    Sparse = Any  # csr_array; its stubs ask for a shape and a type at every step

#: What a link counts for, per snapshot that has passed since it was last seen.
DECAY: Final = 0.85
#: A walk from the customer goes on with this probability at each step, for at most ``STEPS`` steps.
DAMPING: Final = 0.85
STEPS: Final = 10
#: How many firms each kind of evidence may propose. Walks reach furthest; growth finds what no path reaches.
QUOTAS: Final = {
    "walk": 1400, "five": 500, "l3": 300, "reverse": 150, "walk_growth": 300, "peers": 200, "growth": 300,
    "chain": 300, "bought": 300, "alike": 200, "substitute": 200,
}  # fmt: skip
#: Evidence whose rank among a customer's candidates is told to the ranker beside its size.
RANKED: Final = ("walk", "five", "l3", "blend", "peers", "reverse", "walk_growth", "chain", "bought", "alike")
#: Where a later model has to tell sizes apart, this is nothing.
NOTHING: Final = 1e-9
#: Rank of a firm for which a kind of evidence says nothing.
UNRANKED: Final = 9999


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

    def without(self, pairs: set[tuple[int, int]]) -> LinkHistory:
        """Leave out some (supplier, customer) pairs."""
        keep = np.array(
            [pair not in pairs for pair in zip(self.supplier, self.customer, strict=True)], dtype=bool
        )
        parts = (self.supplier, self.customer, self.since, self.idle, self.seen)
        return LinkHistory(*(part[keep] for part in parts), n_firms=self.n_firms)


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
    features
        One column for each of ``LinkGraph.columns``.
    """

    customer: NDArray[np.int64]
    firm: NDArray[np.int64]
    features: NDArray[np.float32]


class LinkGraph:
    """A history of links, made ready for evidence.

    Parameters
    ----------
    history
        What is known.
    products
        What firms offer and what goes into what; may be absent.

    Attributes
    ----------
    columns
        Names of the features of a candidate.
    new_customers
        Of each firm, within the last two snapshots.

    Notes
    -----
    ``l3``: paths of three steps, each middle firm dividing by the root of its links (Kovács 2019).
    ``five``: three and five steps over links that fade with time, normalised symmetrically. ``walk``:
    personalised PageRank (Page 1999) over the same. ``blend``: the geometric mean of these. Two- and
    three-step paths also count by direction, S for a step to a supplier and C for one to a customer, so that
    SCS is what the customers of my suppliers buy from whom (``peers``).
    """

    def __init__(self, history: LinkHistory, products: ProductKnowledge | None = None) -> None:
        self.history = history
        n = history.n_firms
        shape = (n, n)
        pairs = (history.supplier, history.customer)
        plain = csr_array((np.ones(len(pairs[0]), np.float32), pairs), shape=shape)
        fading = csr_array((DECAY ** (history.idle - 1.0), pairs), shape=shape)
        fresh = csr_array((0.5 ** (history.since - 1.0), pairs), shape=shape)
        both = plain + plain.T
        both.data[:] = 1
        faded = fading + fading.T
        root = diags_array(_inverse(faded.sum(axis=1), 0.5))
        middle = diags_array(_inverse(both.sum(axis=1), 0.5))
        self.both: Sparse = csr_array(both, dtype=np.float32)
        self.damped: Sparse = csr_array(both @ middle, dtype=np.float32)
        self.supply: Sparse = csr_array(root @ fading @ root, dtype=np.float32)
        self.demand: Sparse = csr_array(self.supply.T)
        self.near: Sparse = csr_array(self.supply + self.demand)
        self.near.sort_indices()
        begun = root @ fresh @ root
        self.begun: Sparse = csr_array(begun + begun.T, dtype=np.float32)
        self.step: Sparse = csr_array(faded @ diags_array(_inverse(faded.sum(axis=0), 1)), dtype=np.float32)
        self.knowledge = products
        self.products = _product_steps(products, fading, self.supply) if products is not None else {}
        self._firm = self._firms()
        self.new_customers: NDArray[np.int64] = self._firm["sells_new2"].astype(np.int64)
        # Firms that grow alike are told apart by all their customers.
        self._growth = (self._firm["sells_new2"] + 0.01 * self._firm["sells"]).astype(np.float32)
        self._key = history.supplier * n + history.customer
        one = self.evidence(np.zeros(1, np.int64)) if n else {}
        self.sources = [name for name in one if name != "growth"]
        self.ranked = [name for name in RANKED if name in one]
        self.columns = [
            *self.sources,
            *(f"share_{name}" for name in self.ranked),
            *(f"rank_{name}" for name in self.ranked),
            "back_since", "back_idle", "back_seen",
            *(f"firm_{name}" for name in self._firm),
            *(f"customer_{name}" for name in self._firm),
        ]  # fmt: skip
        self._firm_table = np.column_stack(list(self._firm.values())).astype(np.float32)

    def _firms(self) -> dict[str, NDArray[np.float64]]:
        """Tell of each firm by itself: how many links, how old, how fast it grows."""
        history, n = self.history, self.history.n_firms
        told: dict[str, NDArray[np.float64]] = {}
        weight = DECAY ** (history.idle - 1.0)
        since, idle = np.zeros(n), np.full(n, 99.0)
        for role, firm in (("sells", history.supplier), ("buys", history.customer)):
            told[role] = np.bincount(firm, minlength=n).astype(float)
            told[f"{role}_now"] = np.bincount(firm, weights=weight, minlength=n)
            for age in (1, 2, 4):
                told[f"{role}_new{age}"] = np.bincount(firm[history.since <= age], minlength=n).astype(float)
            np.maximum.at(since, firm, history.since)
            np.minimum.at(idle, firm, history.idle)
        told["since"], told["idle"] = since, idle
        return told

    def evidence(self, customers: NDArray[np.int64]) -> dict[str, NDArray[np.float32]]:
        """Every kind of evidence for all firms × the customers given."""
        start = np.zeros((self.history.n_firms, len(customers)), np.float32)
        start[customers, np.arange(len(customers))] = 1
        step = {"S": self.supply, "C": self.demand}
        one = {way: step[way] @ start for way in "SC"}
        two = {first + way: step[way] @ one[first] for first in one for way in "SC"}
        three = {first + way: step[way] @ two[first] for first in two for way in "SC"}
        three["peers"] = three.pop("SCS")
        third = sum(three.values())
        found = {"reverse": one["C"], **two, **three}
        found["l3"] = self.damped @ (self.damped @ (self.both @ start))
        found["five"] = third + self.near @ (self.near @ third)
        found["walk"] = self._walk(start)
        found["blend"] = np.cbrt(
            (found["l3"] + NOTHING) * (found["five"] + NOTHING) * (found["walk"] + NOTHING)
        )
        found["begun"] = self.begun @ (one["S"] + one["C"] + sum(two.values()))
        grown = self._growth[:, None]
        found["walk_growth"] = (found["walk"] + np.float32(1e-7)) * np.log1p(grown)
        found["growth"] = np.repeat(grown, len(customers), axis=1)
        for name, path in self.products.items():
            spread = start
            for matrix in path:
                spread = matrix @ spread
            found[name] = spread
        return found

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

    def candidates(self, customers: NDArray[np.int64], *, batch: int = 32) -> Iterator[Candidates]:
        """Possible suppliers of each customer, with their features, a batch of customers at a time.

        Neither known suppliers nor the customer itself are among them.
        """
        customers = np.sort(customers)
        for begin in range(0, len(customers), batch):
            block = customers[begin : begin + batch]
            found = {name: np.ascontiguousarray(value.T) for name, value in self.evidence(block).items()}
            proposed = _proposals(found)
            rows = [self._pairs(code, row, found, proposed[row]) for row, code in enumerate(block)]
            yield Candidates(*(np.concatenate(part) for part in zip(*rows, strict=True)))

    def _pairs(
        self, customer: int, row: int, found: dict[str, NDArray[np.float32]], firms: NDArray[np.int64]
    ) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.float32]]:
        """One customer's candidates and their features."""
        firms = np.setdiff1d(firms, np.append(self.known_suppliers(customer), customer))
        size = {name: np.log(np.maximum(found[name][row, firms], 0) + NOTHING) for name in self.sources}
        best = {name: size[name].max(initial=np.log(NOTHING)) for name in self.ranked}
        # A firm for which a kind of evidence says nothing stands last by it, not level with the first.
        rank = {
            name: np.where(
                found[name][row, firms] > 0, np.searchsorted(np.sort(-size[name]), -size[name]), UNRANKED
            )
            for name in self.ranked
        }
        # The reverse link: the candidate already buys from this customer.
        key = customer * self.history.n_firms + firms
        place = np.minimum(np.searchsorted(self._key, key), len(self._key) - 1)
        there = self._key[place] == key
        back = [
            np.where(there, told[place], -1)
            for told in (self.history.since, self.history.idle, self.history.seen)
        ]
        pair = [*size.values(), *(size[n] - best[n] for n in self.ranked), *rank.values(), *back]
        own = np.repeat(self._firm_table[[customer]], len(firms), axis=0)
        features = np.column_stack([*pair, self._firm_table[firms], own]).astype(np.float32)
        return np.full(len(firms), customer), firms, features


def _inverse(degree: NDArray[Any], power: float) -> NDArray[np.float64]:
    """``degree ** -power``, and 0 for a firm without links."""
    there = degree > 0
    found: NDArray[np.float64] = np.where(there, np.where(there, degree, 1.0) ** -power, 0.0)
    return found


def _proposals(found: dict[str, NDArray[np.float32]]) -> list[NDArray[np.int64]]:
    """List the firms that any kind of evidence proposes, for each customer (row)."""
    chosen: list[list[NDArray[np.int64]]] = [[] for _ in next(iter(found.values()))]
    for name, quota in QUOTAS.items():
        if name not in found:
            continue
        value = found[name]
        top = (
            np.argpartition(-value, quota, axis=1)[:, :quota]
            if quota < value.shape[1]
            else np.broadcast_to(np.arange(value.shape[1]), value.shape)
        )
        for row, firms in enumerate(top):
            chosen[row].append(firms[value[row, firms] > 0])
    return [np.unique(np.concatenate(lists)) for lists in chosen]


def _product_steps(products: ProductKnowledge, links: Sparse, supply: Sparse) -> dict[str, list[Sparse]]:
    """Paths through products as matrices to go through, from a customer to its possible suppliers.

    ``chain``: what goes into what it makes, and who offers that. ``bought``: the same, with what known links
    say goes into what. ``alike``: who supplies those that make the same. ``substitute``: who offers what its
    suppliers offer.
    """
    offers = products.offers
    many = diags_array(_inverse(offers.sum(axis=1), 0.5))
    common = diags_array(_inverse(offers.sum(axis=0), 0.5))
    made = csr_array(many @ offers @ common, dtype=np.float32)
    of = csr_array(made.T)
    bought = csr_array(made.T @ links @ made, dtype=np.float32)
    feeds = csr_array(products.feeds, dtype=np.float32)
    return {
        "chain": [of, feeds, made],
        "bought": [of, bought, made],
        "alike": [of, made, supply],
        "substitute": [supply, of, made],
    }
