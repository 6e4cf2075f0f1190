"""Which of its possible suppliers a customer chooses: a choice model, fitted to later links."""

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
#: Kinds of evidence that also count by their rank among the customer's candidates, as those of products do.
PLACED: Final = ("walk", "l3", "peers", "rivals")
#: Smallest weight of the evidence that reasons are made of (judgement).
_LEAST: Final = 0.05
#: Penalty on squared weights, each in standard deviations of its column (judgement: weak).
_RIDGE: Final = 2.0
#: Number of top candidates that are kept with certainty; lower ones are sampled with decreasing probability
#: (judgement: ``Choices.stands_for`` are the sampling weights of the tail).
_KEPT: Final = 40.0
#: Factor of a link for each snapshot since it was last seen, in the measure of a firm's size
#: (judgement).
_FADES: Final = 0.7


@dataclass(frozen=True)
class Choices:
    """Candidates of one snapshot, sampled for fitting, sorted by customer.

    Attributes
    ----------
    customer
        Code of each candidate's customer, ascending.
    columns
        Features: candidates × ``ChoiceModel.names``.
    new
        Whether it became a supplier.
    stands_for
        Sampling weight: how many similar candidates each represents; 1 for new suppliers.
    n_links
        Number of new links, including those that are not among the candidates.
    """

    customer: NDArray[np.int64]
    columns: NDArray[np.float32]
    new: NDArray[np.bool_]
    stands_for: NDArray[np.float64]
    n_links: int

    def gains(self, weights: NDArray[np.float64]) -> NDArray[np.float64]:
        """Discounted gain of each new supplier's rank among the customer's others, ``1 / log2(1 + rank)``.

        The tail of a list has more weight than in reciprocal ranks (Järvelin and Kekäläinen 2002,
        doi:10.1145/582415.582418). The gain is 0 for new suppliers that are not among the candidates.

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
    """Score candidates by the probability that a customer chooses them: a conditional logit.

    Its features are the logarithm of each kind of evidence, its rank among the customer's candidates, and
    traits of the firm: its size, activity, and time since its last new customer. The weights of evidence and
    ranks are not negative, so that more evidence never lowers a score.

    Parameters
    ----------
    graph
        Known links.
    floor
        Feature floor of each kind of evidence, see ``weighted_sum.feature_floors``.

    Attributes
    ----------
    names
        Names of the features: kinds of evidence, ``place of`` some of them (their ranks), and traits of the
        firm.
    weights
        Weight of each feature; 0 before ``fit``.

    Notes
    -----
    Each new supplier is assumed to be chosen among the customer's other candidates with a probability
    proportional to the exponential of its score (McFadden 1974). Candidates of low rank are sampled, with
    weights.
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
            Candidates of the same customers by all known links. Ranks are computed among these, so that the
            removal of a link which other candidates need as well does not move any of them up.
        history
            Links of the firms, for their traits.
        """
        places = np.empty((len(part.firm), len(self._placed)))
        rows, ends = (_groups(each.customer) for each in (part, whole))
        for customer, begin, end in zip(*rows, strict=True):
            at = np.searchsorted(ends[0], customer)
            first, last = ends[1][at], ends[2][at]
            for column, source in enumerate(self._placed):
                others, mine = np.sort(whole.evidence[first:last, source]), part.evidence[begin:end, source]
                # Ties get the mean rank: many candidates have no evidence of a kind at all.
                below = np.searchsorted(others, mine, "left") + np.searchsorted(others, mine, "right")
                places[begin:end, column] = np.log(1 + history.n_firms) - np.log(
                    0.5 + len(others) - below / 2
                )
        strengths = strength(part.evidence, self._floor)
        return np.hstack([strengths, places, traits(history)[part.firm]]).astype(np.float32)

    def choices(
        self, graph: LinkGraph, buyers: NDArray[np.int64], new: NDArray[np.int64], rng: np.random.Generator
    ) -> Choices:
        """List the candidates before a snapshot, and which of them were chosen in it.

        Parameters
        ----------
        graph
            Links known before the snapshot.
        buyers
            Its customers.
        new
            Their new links, as supplier × number of firms + customer, sorted.
        rng
            Samples the candidates.
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
        """Fit the weights by maximum likelihood of the new suppliers of the snapshots."""
        columns = np.concatenate([part.columns for part in snapshots])
        self._spread = columns.std(axis=0, dtype=float)
        varying = np.flatnonzero(self._spread > _CONSTANT)  # a constant feature has no effect
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
        """Share of the differences in score that is due to each kind of evidence: sums to 1.

        Ranks of a kind are included in it; all traits together are ``firm``.
        """
        size = np.abs(self.weights) * self._spread
        share = dict.fromkeys([*self._evidence, "firm"], 0.0)
        for name, part in zip(self.names, size.tolist(), strict=True):
            share["firm" if name in TRAITS else name.removeprefix("place of ")] += part / size.sum()
        return share

    def outperforms(self, weights: dict[str, float], snapshots: Sequence[Choices]) -> bool:
        """Whether a choice model fitted to the older snapshots ranks the newest links higher than a sum.

        The simpler sum is kept unless the choice model is better by more than a standard error (Breiman et
        al. 1984).

        Parameters
        ----------
        weights
            Weights of the kinds of evidence in the weighted sum.
        snapshots
            Oldest first; at least two are needed for a comparison.
        """
        if len(snapshots) < 2:
            return False
        self.fit(snapshots[:-1])
        plain = np.array([weights.get(name, 0.0) for name in self.names])
        return clearly_above(snapshots[-1].gains(self.weights), snapshots[-1].gains(plain), errors=1.0)

    def score(
        self, graph: LinkGraph, whole: LinkGraph, customers: NDArray[np.int64]
    ) -> Iterator[tuple[Candidates, NDArray[np.float64]]]:
        """Candidates and their scores, all above 0, by batches of customers.

        Parameters
        ----------
        graph
            Known links, or those that are left.
        whole
            All known links.
        customers
            Codes.
        """
        firm = len(self.names) - len(TRAITS)
        # Shifted so that the firm with the lowest traits is above 0; with evidence every score is positive.
        lowest = (traits(graph.history) @ self.weights[firm:]).min()
        every = candidates(whole, customers, wide=True) if whole is not graph else None
        for part in candidates(graph, customers, wide=True):
            columns = self.columns(part, next(every) if every else part, graph.history)
            yield part, columns @ self.weights - lowest


#: Traits of a firm. Counts are logarithms.
TRAITS: Final = (
    "customers", "suppliers", "new customers 1", "new customers 2", "new customers 3", "new suppliers",
    "active customers", "active suppliers", "fading customers", "won now", "won by 2", "won by 4",
    "sells", "share active", "share new", "young",
)  # fmt: skip


def traits(history: LinkHistory) -> NDArray[np.float64]:
    """Compute the traits of firms from their known links: firms × ``TRAITS``.

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
    """Each of the sorted customers, and where its rows begin and end."""
    which = np.unique(customer)
    return which, np.searchsorted(customer, which), np.searchsorted(customer, which, "right")
