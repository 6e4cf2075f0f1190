"""Fitting of the ranking of suppliers to the newest snapshots of known links."""

from __future__ import annotations

import logging
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

import numpy as np

from liaison_analysis._progress import parts_of_step
from liaison_analysis.link_prediction.choice_model import ChoiceModel
from liaison_analysis.link_prediction.evidence import FURTHER, candidates, sources_of
from liaison_analysis.link_prediction.history import LinkHistory
from liaison_analysis.link_prediction.link_graph import DECAY, LinkGraph
from liaison_analysis.link_prediction.weighted_sum import (
    START,
    TrainingSnapshot,
    feature_floors,
    learn_weights,
    strength,
    sum_to_one,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from liaison_analysis.link_prediction.evidence import Candidates
    from liaison_analysis.link_prediction.history import ProductKnowledge
    from liaison_analysis.link_prediction.link_inputs import LinkTable

_LOG = logging.getLogger(__name__)

#: Number of snapshots for the fit: the newest ones, each with at least one before it (judgement).
_SNAPSHOTS: Final = 3
#: Smallest number of new links for a fit (judgement).
_FEWEST: Final = 50
#: Number of customers sampled in each snapshot, for the weighted sum and for the choice model, and for the
#: feature floors (judgement: memory and time).
_CUSTOMERS: Final = 800
_CHOOSING: Final = 1600
_SAMPLE: Final = 64


@dataclass(frozen=True, eq=False)
class Ranking:
    """A fitted ranking of suppliers: the result of ``train``.

    Attributes
    ----------
    graph
        All known links.
    floor
        Feature floor of each kind of evidence.
    weights
        Share of each kind of evidence in the weighted sum.
    choice
        The choice model that replaces the sum, or None.
    decay
        Factor of a link for each snapshot since it was last seen.
    learned
        Whether there was enough data to fit weights.
    note
        A sentence on how the order was computed.
    """

    graph: LinkGraph
    floor: NDArray[np.float64]
    weights: dict[str, float]
    choice: ChoiceModel | None
    decay: float
    learned: bool
    note: str

    def shares(self) -> dict[str, float]:
        """Share of each kind of evidence in the score, by name; sums to 1."""
        return self.weights if self.choice is None else self.choice.shares()

    def scores(
        self, graph: LinkGraph, customers: NDArray[np.int64]
    ) -> Iterator[tuple[Candidates, NDArray[np.float64]]]:
        """Candidates of customers and their scores by ``graph``: all known links, or those that are left."""
        if self.choice is not None:
            yield from self.choice.score(graph, self.graph, customers)
            return
        weights = np.array([self.weights[name] for name in sources_of(graph)])
        for part in candidates(graph, customers):
            yield part, strength(part.evidence, self.floor) @ weights


def train(
    links: LinkTable,
    *,
    products: ProductKnowledge | None = None,
    town: NDArray[np.int64] | None = None,
    random_state: int = 0,
) -> Ranking:
    """Fit weights, decay and, where it ranks significantly better, a choice model.

    Parameters
    ----------
    links
        Known links of all snapshots.
    products, town
        As for ``LinkGraph.of``.
    random_state
        Seed of the sample of customers.
    """
    graphs = _SnapshotGraphs(links, products, town)
    graph = graphs.before(links.n_periods, DECAY)
    sources = sources_of(graph)
    rng = np.random.default_rng(random_state)
    floor = feature_floors(list(candidates(graph, _some_buyers(graph, rng))), sources)
    seed = int(rng.integers(2**31))
    newest = range(max(1, links.n_periods - _SNAPSHOTS), links.n_periods)

    def snapshots(decay: float) -> list[TrainingSnapshot]:
        chooser = np.random.default_rng(seed)
        each = [
            graphs.training_snapshot(now, decay, floor, chooser)
            for now in parts_of_step(_LOG, f"snapshots learnt from, decay {decay}", newest)
        ]
        return [snapshot for snapshot in each if snapshot is not None]

    weights, decay, choice = {name: START[name] for name in sources}, DECAY, None
    first = snapshots(DECAY)
    n_links = sum(snapshot.n_links for snapshot in first)
    learned = n_links >= _FEWEST
    if learned:
        use_decay = bool((graph.history.idle > 1).any())
        weights, decay = learn_weights(
            lambda decay: first if decay == DECAY else snapshots(decay), sources, use_decay=use_decay
        )
        graph = graphs.before(links.n_periods, decay)
        note = f"Weights learnt from {n_links} new links of {len(first)} snapshots."
        choice = _choice_model(graphs, graph, newest, decay=decay, floor=floor, weights=weights, seed=seed)
        if choice is not None:
            note += (
                f" They are those of a choice model of {len(choice.names)} columns: fitted to the other "
                "snapshots, it ranked the newest of them higher than a weighted sum."
            )
    else:
        note = (
            f"Ranked by the initial weights: {links.n_periods} snapshots with {n_links} new "
            f"links between known firms; at least 2 snapshots and {_FEWEST} links are needed to fit them."
        )
    if not graph.locality:
        weights |= dict.fromkeys(weights.keys() & {"place"}, 0.0)
    return Ranking(graph, floor, sum_to_one(weights), choice, decay, learned, note)


def _choice_model(
    graphs: _SnapshotGraphs,
    graph: LinkGraph,
    newest: range,
    *,
    decay: float,
    floor: NDArray[np.float64],
    weights: dict[str, float],
    seed: int,
) -> ChoiceModel | None:
    """Fit a choice model to the same snapshots; None unless it ranks the newest better than the sum."""
    rng = np.random.default_rng(seed)
    some = _some_buyers(graph, rng)
    wide = feature_floors(list(candidates(graph, some, wide=True)), [*sources_of(graph), *FURTHER])
    model = ChoiceModel(graph, np.append(floor, wide[len(floor) :]))
    asked = [
        graphs.new_links(now, decay, rng, _CHOOSING)
        for now in parts_of_step(_LOG, "snapshots learnt from, choices", newest)
    ]
    choices = [model.choices(*each, rng) for each in asked if len(each[1])]
    if not model.outperforms(weights, choices):
        return None
    model.fit(choices)
    return model


def _some_buyers(graph: LinkGraph, rng: np.random.Generator) -> NDArray[np.int64]:
    """Draw a sample of customers of a graph."""
    buyers = np.unique(graph.history.customer)
    return rng.choice(buyers, min(_SAMPLE, len(buyers)), replace=False)


class _SnapshotGraphs:
    """Graphs of the links known before each snapshot, each built once, since products make that slow."""

    def __init__(
        self, links: LinkTable, products: ProductKnowledge | None, town: NDArray[np.int64] | None
    ) -> None:
        self._links, self._products, self._town = links, products, town
        self._made: dict[tuple[int, float], LinkGraph] = {}

    def before(self, now: int, decay: float) -> LinkGraph:
        """Graph of everything known before a snapshot."""
        if (now, decay) not in self._made:
            links = self._links
            known = LinkHistory.before(
                links.supplier, links.customer, links.period, now=now, n_firms=len(links.firms)
            )
            if links.begin:
                known = replace(known, idle=np.ones_like(known.idle))
            self._made[now, decay] = LinkGraph.of(known, self._products, town=self._town, decay=decay)
        return self._made[now, decay]

    def new_links(
        self, now: int, decay: float, rng: np.random.Generator, most: int
    ) -> tuple[LinkGraph, NDArray[np.int64], NDArray[np.int64]]:
        """Give the graph before a snapshot, a sample of its buyers, and their new links to known firms."""
        links = self._links
        graph = self.before(now, decay)
        n = max(len(links.firms), 1)
        known = graph.history
        pair = (links.supplier * n + links.customer)[links.period == now]
        new = np.setdiff1d(pair, known.supplier * n + known.customer)
        firms = np.union1d(known.supplier, known.customer)
        new = new[np.isin(new % n, known.customer) & np.isin(new // n, firms)]
        buyers = np.unique(new % n)
        buyers = rng.choice(buyers, min(most, len(buyers)), replace=False)
        return graph, buyers, new[np.isin(new % n, buyers)]

    def training_snapshot(
        self, now: int, decay: float, floor: NDArray[np.float64], rng: np.random.Generator
    ) -> TrainingSnapshot | None:
        """Candidates as they were before a snapshot, and which of them became suppliers in it."""
        graph, buyers, new = self.new_links(now, decay, rng, _CUSTOMERS)
        if not len(buyers):
            return None
        n = len(self._links.firms)
        parts = list(candidates(graph, buyers))
        pair = np.concatenate([part.firm * n + part.customer for part in parts])
        place = np.minimum(np.searchsorted(new, pair), len(new) - 1)
        return TrainingSnapshot(
            np.concatenate([part.customer for part in parts]),
            np.concatenate([strength(part.evidence, floor) for part in parts]),
            np.where(new[place] == pair, place, -1),
            len(new),
        )
