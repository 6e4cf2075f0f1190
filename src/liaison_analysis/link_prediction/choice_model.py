"""Which of its possible suppliers a customer takes: a choice model, fitted to links that came later."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from liaison_analysis.link_prediction.conditional_logit import fit_conditional_logit
from liaison_analysis.link_prediction.evidence import FURTHER, candidates, sources_of
from liaison_analysis.link_prediction.weighted_sum import ALWAYS, clearly_above, strength

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from numpy.typing import NDArray

    from liaison_analysis.link_prediction.evidence import Candidates
    from liaison_analysis.link_prediction.history import LinkHistory
    from liaison_analysis.link_prediction.link_graph import LinkGraph

# Standard deviation below which a column never differs.
_CONSTANT: Final = 1e-6
#: Evidence that counts by its place within the customer's candidates, too; and so does that of products.
PLACED: Final = ("walk", "l3", "peers", "rivals")
#: What supports every reason keeps at least this weight (judgement).
_LEAST: Final = 0.05
#: Penalty on squared weights, each in standard deviations of its column (judgement: weak).
_RIDGE: Final = 2.0
#: About so many candidates are kept with certainty, and further ones as their place is further down
#: (judgement: what the tail says is kept by ``Choices.stands_for``).
_KEPT: Final = 40.0
#: Links count for this much less in each snapshot they were not seen, where a firm's size is measured
#: (judgement).
_FADES: Final = 0.7


@dataclass(frozen=True)
class Choices:
    """Candidates of one snapshot that were kept for learning, sorted by customer.

    Attributes
    ----------
    customer
        Code of each candidate's customer, ascending.
    columns
        What speaks for each: candidates × ``ChoiceModel.names``.
    new
        Whether it became a supplier.
    stands_for
        Of how many candidates alike it is the one that was kept; 1 of the new suppliers.
    n_links
        How many new links there are, those that are no candidates too.
    """

    customer: NDArray[np.int64]
    columns: NDArray[np.float32]
    new: NDArray[np.bool_]
    stands_for: NDArray[np.float64]
    n_links: int

    def gains(self, weights: NDArray[np.float64]) -> NDArray[np.float64]:
        """Discounted gain of each new supplier's rank among the customer's others, ``1 / log2(1 + rank)``.

        The tail of a list counts for more than in reciprocal ranks (Järvelin and Kekäläinen 2002,
        doi:10.1145/582415.582418). Nothing is gained by those that are no candidates.

        Examples
        --------
        >>> score, new = np.array([[3.0], [2.0], [1.0]], np.float32), np.array([False, True, False])
        >>> choices = Choices(np.array([7, 7, 7]), score, new, np.array([4.0, 1.0, 9.0]), 2)
        >>> choices.gains(np.ones(1)).round(3).tolist()
        [0.387, 0.0]
        """
        score = self.columns @ weights
        order = np.lexsort((self.new, -score, self.customer))
        others = np.where(self.new, 0.0, self.stands_for)[order]
        begin = np.searchsorted(self.customer, self.customer)
        ahead = np.cumsum(others) - others
        rank = np.empty(len(score))
        rank[order] = 1 + ahead - ahead[begin]
        gain = 1 / np.log2(1 + rank[self.new])
        return np.concatenate([gain, np.zeros(self.n_links - len(gain))])


class ChoiceModel:
    """Score candidates by how likely a customer takes them: a conditional logit.

    Its columns are the logarithm of each kind of evidence, its place among the customer's candidates, and
    what the firm itself is like: its size, how active it is, when it last won a customer. The weights of
    evidence and places are never negative, so that more of it never lowers a score.

    Parameters
    ----------
    graph
        Known links.
    floor
        Feature floor of each kind of evidence, see ``weighted_sum.feature_floors``.

    Attributes
    ----------
    names
        Of the columns: kinds of evidence, ``place of`` some of them, and traits of the firm.
    weights
        One a column; 0 before ``fit``.

    Notes
    -----
    Each new supplier is taken to be chosen among the customer's other candidates with a probability that is
    proportional to the exponential of its score (McFadden 1974). Few of the candidates far down are kept,
    each for all that it stands for.
    """

    def __init__(self, graph: LinkGraph, floor: NDArray[np.float64]) -> None:
        self._floor = floor
        self._evidence = [*sources_of(graph), *FURTHER]
        placed = [name for name in self._evidence if name in PLACED or name in graph.products]
        self._placed = [self._evidence.index(name) for name in placed]
        self.names = [*self._evidence, *(f"place of {name}" for name in placed), *TRAITS]
        self.weights = np.zeros(len(self.names))

    def columns(self, part: Candidates, whole: Candidates, history: LinkHistory) -> NDArray[np.float32]:
        """Columns of candidates: rows as in ``part``, columns as in ``names``.

        Parameters
        ----------
        part
            Candidates, ``wide``.
        whole
            The same customers' by all known links: a place is counted among these, so that taking away a link
            that others need, too, moves none of them up.
        history
            Of the firms, for their traits.
        """
        places = np.empty((len(part.firm), len(self._placed)))
        rows, ends = (_groups(each.customer) for each in (part, whole))
        for customer, begin, end in zip(*rows, strict=True):
            at = np.searchsorted(ends[0], customer)
            first, last = ends[1][at], ends[2][at]
            for column, source in enumerate(self._placed):
                others, mine = np.sort(whole.evidence[first:last, source]), part.evidence[begin:end, source]
                # Those level share the middle place: many have no evidence of a kind at all.
                below = np.searchsorted(others, mine, "left") + np.searchsorted(others, mine, "right")
                places[begin:end, column] = np.log(1 + history.n_firms) - np.log(
                    0.5 + len(others) - below / 2
                )
        strengths = strength(part.evidence, self._floor)
        return np.hstack([strengths, places, traits(history)[part.firm]]).astype(np.float32)

    def choices(
        self, graph: LinkGraph, buyers: NDArray[np.int64], new: NDArray[np.int64], rng: np.random.Generator
    ) -> Choices:
        """List what was to choose from before a snapshot, and what was chosen in it.

        Parameters
        ----------
        graph
            Links known before it.
        buyers
            Its customers.
        new
            Their new links, as supplier × number of firms + customer, sorted.
        rng
            Chooses the candidates that are kept.
        """
        kept = []
        for part in candidates(graph, buyers, wide=True):
            columns = self.columns(part, part, graph.history)
            best = columns[:, len(self._evidence) : len(self._evidence) + len(self._placed)].max(axis=1)
            chance = np.minimum(1.0, _KEPT * np.exp(best.astype(float)) / (1 + graph.history.n_firms))
            chosen = np.isin(part.firm * graph.history.n_firms + part.customer, new)
            chance[chosen] = 1
            some = rng.random(len(chance)) < chance
            kept.append((part.customer[some], columns[some], chosen[some], 1 / chance[some]))
        customer, rows, taken, stands_for = (np.concatenate(each) for each in zip(*kept, strict=True))
        return Choices(customer, rows, taken, stands_for, len(new))

    def fit(self, snapshots: Sequence[Choices]) -> None:
        """Take the weights that make the new suppliers of the snapshots likeliest."""
        columns = np.concatenate([part.columns for part in snapshots])
        self._spread = columns.std(axis=0, dtype=float)
        varying = np.flatnonzero(self._spread > _CONSTANT)  # what never differs says nothing
        spread = self._spread[varying]
        columns = columns[:, varying] / spread.astype(np.float32)
        starts = np.cumsum([0, *(len(part.customer) for part in snapshots)])
        begins = [_groups(part.customer)[1] + at for part, at in zip(snapshots, starts[:-1], strict=True)]
        traits_from = len(self.names) - len(TRAITS)
        self.weights = np.array([_LEAST * (name in ALWAYS) for name in self.names])
        least = self.weights[varying] * spread
        fitted = fit_conditional_logit(
            lambda weights: (columns @ weights.astype(np.float32)).astype(float),
            lambda slope: columns.T @ slope.astype(np.float32),
            least,
            begin=np.concatenate(begins),
            chosen=np.concatenate([part.new for part in snapshots]),
            stands_for=np.concatenate([part.stands_for for part in snapshots]),
            ridge=_RIDGE,
            rivals=False,
            bounds=[
                (low if at < traits_from else None, None) for at, low in zip(varying, least, strict=True)
            ],
        )
        self.weights[varying] = fitted / spread

    def shares(self) -> dict[str, float]:
        """Part of all differences in score that each kind of evidence makes: adds up to 1.

        A kind's places count with it; all traits count as ``firm``.
        """
        size = np.abs(self.weights) * self._spread
        share = dict.fromkeys([*self._evidence, "firm"], 0.0)
        for name, part in zip(self.names, size.tolist(), strict=True):
            share["firm" if name in TRAITS else name.removeprefix("place of ")] += part / size.sum()
        return share

    def outperforms(self, weights: dict[str, float], snapshots: Sequence[Choices]) -> bool:
        """Whether a choice model learnt from all snapshots but the newest ranks its links higher than a sum.

        The simpler sum stays unless the choice model is better by more than a standard error (Breiman et al.
        1984).

        Parameters
        ----------
        weights
            Of kinds of evidence: the sum of their strengths is what has to be outperformed.
        snapshots
            Oldest first. With fewer than two there is nothing to compare by.
        """
        if len(snapshots) < 2:
            return False
        self.fit(snapshots[:-1])
        plain = np.array([weights.get(name, 0.0) for name in self.names])
        return clearly_above(snapshots[-1].gains(self.weights), snapshots[-1].gains(plain), errors=1.0)

    def score(
        self, graph: LinkGraph, whole: LinkGraph, customers: NDArray[np.int64]
    ) -> Iterator[tuple[Candidates, NDArray[np.float64]]]:
        """Candidates and their scores, all above 0, a batch of customers at a time.

        Parameters
        ----------
        graph
            Known links, or what is left of them.
        whole
            All known links.
        customers
            Codes.
        """
        firm = len(self.names) - len(TRAITS)
        # Above 0 for the firm that traits speak least for, so that evidence makes every score positive.
        lowest = (traits(graph.history) @ self.weights[firm:]).min()
        every = candidates(whole, customers, wide=True) if whole is not graph else None
        for part in candidates(graph, customers, wide=True):
            columns = self.columns(part, next(every) if every else part, graph.history)
            yield part, columns @ self.weights - lowest


#: What a firm itself is like. Counts are logarithms.
TRAITS: Final = (
    "customers", "suppliers", "new customers 1", "new customers 2", "new customers 3", "new suppliers",
    "active customers", "active suppliers", "fading customers", "won now", "won by 2", "won by 4",
    "sells", "share active", "share new", "young",
)  # fmt: skip


def traits(history: LinkHistory) -> NDArray[np.float64]:
    """Measure what firms are like by their known links: firms × ``TRAITS``.

    Examples
    --------
    >>> from liaison_analysis.link_prediction.history import LinkHistory
    >>> ones = np.ones(2, np.int64)
    >>> rows = traits(LinkHistory(np.array([0, 0]), np.array([1, 2]), ones, ones + 1, ones, 3))
    >>> [name for name, value in zip(TRAITS, rows[0], strict=True) if value][:4]
    ['customers', 'new customers 1', 'fading customers', 'won now']
    """
    n = history.n_firms
    since, idle = history.since, history.idle

    def count(ends: NDArray[np.int64], weight: NDArray[Any]) -> NDArray[np.float64]:
        return np.bincount(ends, weight.astype(float), n).astype(float)

    every = np.ones(len(since), bool)
    sells, buys = count(history.supplier, every), count(history.customer, every)
    active = count(history.supplier, idle == 1)
    won = [count(history.supplier, since == ago) for ago in (1, 2, 3, 4)]
    counts = [
        sells, buys, *won[:3], count(history.customer, since == 1), active,
        count(history.customer, idle == 1), count(history.supplier, _FADES ** (idle - 1.0)),
    ]  # fmt: skip
    some = np.maximum(sells, 1)
    flags = [
        won[0] > 0, won[0] + won[1] > 0, sum(won) > 0, sells > 0, active / some, (won[0] + won[1]) / some,
        (sells > 0) & (count(history.supplier, since > 2) == 0),
    ]  # fmt: skip
    return np.column_stack([*(np.log1p(value) for value in counts), *flags])


def _groups(customer: NDArray[np.int64]) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]:
    """Of ascending customers, each one, and where its rows begin and end."""
    which = np.unique(customer)
    return which, np.searchsorted(customer, which), np.searchsorted(customer, which, "right")
