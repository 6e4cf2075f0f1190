"""Evidence for trade links that are not known yet: paths, walks, growth and products of the known links.

All kinds are products of sparse matrices over integer codes, for a batch of customers at a time. They are
monotone: for given sizes of firms, removing links never increases the evidence.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from liaison_analysis.link_prediction.link_graph import LinkGraph

#: A walk from the customer continues with this probability at each step (Page et al. 1999), for at most
#: ``STEPS`` steps (judgement: further steps spread what is left, 0.85 ** 11 = 17 %, over nearly all firms).
DAMPING: Final = 0.85
STEPS: Final = 10
#: Largest number of candidates from each kind of evidence (judgement: walks reach furthest).
QUOTAS: Final = {
    "walk": 1500, "five": 600, "l3": 400, "reverse": 150, "walk_growth": 300,
    "chain": 400, "bought": 300, "alike": 300, "substitute": 300,
}  # fmt: skip
#: The same for the choice model, which ranks candidates by all evidence.
WIDE: Final = QUOTAS | {
    "walk": 3000, "five": 1200, "l3": 800, "walk_growth": 1000, "peers": 400, "rivals": 400,
}  # fmt: skip
#: Names of ``further_evidence``.
FURTHER: Final = ("two", "second", "rivals", "inputs", "fresh")


@dataclass(frozen=True)
class Candidates:
    """Possible suppliers of a batch of customers, sorted by customer and firm; one row for each pair.

    Attributes
    ----------
    customer, firm
        Codes.
    evidence
        Strength of the evidence for each pair, 0 for none; one column for each of ``sources_of(graph)``, and
        of ``FURTHER`` where candidates are ``wide``.
    """

    customer: NDArray[np.int64]
    firm: NDArray[np.int64]
    evidence: NDArray[np.float64]


def sources_of(graph: LinkGraph) -> list[str]:
    """Names of the kinds of ``evidence`` that a graph has, in the order of its columns."""
    town = ["place"] if graph.has_towns else []
    return ["l3", "five", "walk", "peers", "reverse", "growth", "size", *graph.products, *town]


def evidence(graph: LinkGraph, customers: NDArray[np.int64]) -> dict[str, NDArray[np.float32]]:
    """Compute every kind of evidence for all firms × the customers given.

    Parameters
    ----------
    graph
        The known links.
    customers
        Codes.

    Returns
    -------
    dict
        By kind. ``l3``: paths of three steps, divided at each middle firm by the root of its number of links
        (Kovács et al. 2019, doi:10.1038/s41467-019-09177-y). ``five``: three and five steps over links
        weighted by age, normalised symmetrically. ``walk``: personalised PageRank (Page et al. 1999) over the
        same. ``peers``: who supplies the customers of the customer's suppliers. ``reverse``: the candidate
        already buys from the customer. ``growth``: number of recent new customers; ``size``: number of
        customers. ``place``: increase in the odds for a supplier from the customer's own town. ``chain``,
        ``bought``, ``alike`` and ``substitute``: by products, see ``link_graph``.
    """
    start = _starts(graph, customers)
    third = graph.near @ (graph.near @ (graph.near @ start))
    measured = {
        "l3": graph.damped @ (graph.damped @ (graph.both @ start)),
        "five": third + graph.near @ (graph.near @ third),
        "walk": _walk(graph, start),
        "peers": graph.supply @ (graph.supply.T @ (graph.supply @ start)),
        "reverse": graph.supply.T @ start,
        "growth": np.repeat(graph.growth[:, None], len(customers), axis=1),
        "size": np.repeat(graph.size[:, None], len(customers), axis=1),
    }
    for name, path in graph.products.items():
        spread = start
        for matrix in path:
            spread = matrix @ spread
        measured[name] = spread
    if graph.has_towns:
        measured["place"] = np.float32(np.expm1(graph.locality)) * graph.same_town(customers)
    return measured


def further_evidence(
    graph: LinkGraph, customers: NDArray[np.int64], measured: dict[str, NDArray[np.float32]]
) -> dict[str, NDArray[np.float32]]:
    """Compute the kinds that only the choice model uses, for all firms × the customers given.

    Parameters
    ----------
    graph, customers
        As for ``evidence``.
    measured
        What ``evidence`` returned for the same customers.

    Returns
    -------
    dict
        By kind. ``two``: two steps. ``second``: suppliers of the suppliers. ``rivals``: suppliers of those
        that sell to the customer's customers. ``inputs``: firms that buy from the suppliers of the customer's
        suppliers. ``fresh``: as ``peers``, with a last link from the last two snapshots.
    """
    start = _starts(graph, customers)
    up, to = graph.supply @ start, graph.supply.T
    alike = to @ up
    return {
        "two": graph.near @ (graph.near @ start),
        "second": graph.supply @ up,
        "rivals": graph.supply @ (graph.supply @ measured["reverse"]),
        "inputs": to @ (graph.supply @ up),
        "fresh": graph.fresh @ alike,
    }


def candidates(
    graph: LinkGraph, customers: NDArray[np.int64], *, batch: int = 32, wide: bool = False
) -> Iterator[Candidates]:
    """List possible suppliers of each customer, with the evidence, by batches of customers.

    Every candidate is connected to the customer by known links, or by a product that is an input of the
    customer's. Neither known suppliers nor the customer itself are among them.

    Parameters
    ----------
    graph, customers
        As for ``evidence``.
    batch
        Number of customers in a batch.
    wide
        Whether to list more candidates, with ``further_evidence``.
    """
    sources = sources_of(graph)
    names, quotas = ([*sources, *FURTHER], WIDE) if wide else (sources, QUOTAS)
    customers = np.sort(customers)
    for begin in range(0, len(customers), batch):
        block = customers[begin : begin + batch]
        measured = evidence(graph, block)
        if wide:
            measured |= further_evidence(graph, block, measured)
        by_customer = {name: np.ascontiguousarray(value.T) for name, value in measured.items()}
        rows = []
        for row, (code, firms) in enumerate(zip(block, _proposals(by_customer, quotas), strict=True)):
            connected = by_customer["walk"][row, firms] > 0
            if "chain" in by_customer:
                connected |= by_customer["chain"][row, firms] > 0
            kept = np.setdiff1d(firms[connected], np.append(graph.suppliers_of(code), code))
            values = np.column_stack([by_customer[name][row, kept] for name in names]).astype(float)
            rows.append((np.full(len(kept), code), kept, values))
        yield Candidates(*(np.concatenate(part) for part in zip(*rows, strict=True)))


def _starts(graph: LinkGraph, customers: NDArray[np.int64]) -> NDArray[np.float32]:
    """One column for each customer, 1 in its own row."""
    start = np.zeros((graph.history.n_firms, len(customers)), np.float32)
    start[customers, np.arange(len(customers))] = 1
    return start


def _walk(graph: LinkGraph, start: NDArray[np.float32]) -> NDArray[np.float32]:
    """Personalised PageRank from each column of ``start``."""
    reached, now = (1 - DAMPING) * start, start
    for _ in range(STEPS):
        now = DAMPING * (graph.step @ now)
        reached = reached + (1 - DAMPING) * now
    return np.asarray(reached, dtype=np.float32)


def _proposals(
    by_customer: dict[str, NDArray[np.float32]], quotas: dict[str, int]
) -> list[NDArray[np.int64]]:
    """List the firms that any kind of evidence proposes, for each customer (row)."""
    chosen: list[list[NDArray[np.int64]]] = [[] for _ in by_customer["walk"]]
    for name, quota in quotas.items():
        if name != "walk_growth" and name not in by_customer:
            continue
        value = by_customer["walk"] * by_customer["growth"] if name == "walk_growth" else by_customer[name]
        top = (
            np.argpartition(-value, quota, axis=1)[:, :quota]
            if quota < value.shape[1]
            else np.broadcast_to(np.arange(value.shape[1]), value.shape)
        )
        for row, firms in enumerate(top):
            chosen[row].append(firms[value[row, firms] > 0])
    return [np.unique(np.concatenate(lists)) for lists in chosen]
