"""Reasons in words: the known links or products that connect two firms."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, Any, Final

import numpy as np
from scipy.sparse.csgraph import breadth_first_order

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    import pandas as pd

    from liaison_analysis.link_prediction.link_graph import LinkGraph

_PHRASES: Final = {
    "zh": {
        "reverse": "{customer}已向{supplier}供货，方向相反",
        "supplier": "{one}的供应商{other}",
        "customer": "{one}的客户{other}",
        "product": "{supplier}的{upstream}用于{customer}的{downstream}",
        "place": "{supplier}与{customer}同镇街",
        "growth": "{supplier}近两期新增{new}家客户",
        "then": "→",
        "and": "；",
    },
    "en": {
        "reverse": "{customer} already supplies {supplier}, the other way round",
        "supplier": "{other} supplies {one}",
        "customer": "{other} buys from {one}",
        "product": "{upstream} of {supplier} goes into {downstream} of {customer}",
        "place": "{supplier} is in the same town as {customer}",
        "growth": "{supplier} won {new} new customers in the last two snapshots",
        "then": " → ",
        "and": "; ",
    },
}


class ThreeLinkPaths:
    """Strongest paths of three known links from one customer to any firm.

    Parameters
    ----------
    graph
        Known links, used in both directions.
    customer
        Code of the firm where paths begin.

    Examples
    --------
    >>> from liaison_analysis.link_prediction.history import LinkHistory
    >>> from liaison_analysis.link_prediction.link_graph import LinkGraph
    >>> ones = np.ones(3, np.int64)
    >>> known = LinkHistory(np.array([1, 1, 3]), np.array([0, 2, 2]), ones, ones, ones, 5)
    >>> paths = ThreeLinkPaths(LinkGraph.of(known), 0)
    >>> paths.to(3), paths.to(4)
    ([0, 1, 2, 3], [])
    """

    def __init__(self, graph: LinkGraph, customer: int) -> None:
        self._near = graph.near
        self._start = customer
        self._first, self._strong = _around(self._near, customer)
        self._second = self._reach(self._first, self._strong)
        self._before: Any = None

    def to(self, supplier: int) -> list[int]:
        """Codes of the firms on the strongest path, ends included.

        The shortest path where there is none of three links; empty where there is no path. The reverse link
        of the pair itself is not a path.
        """
        last, weak = _around(self._near, supplier)
        others = last != self._start
        last, weak = last[others], weak[others]
        if not len(last):
            return []
        first, strong, second = self._first, self._strong, self._second
        if supplier in first:
            other = first != supplier
            first, strong = first[other], strong[other]
            second = self._reach(first, strong)
        weight = second[last] * weak
        best = int(weight.argmax())
        if weight[best] > 0:
            end = int(last[best])
            middle, rest = _around(self._near, end)
            both, here, there = np.intersect1d(first, middle, return_indices=True)
            return [self._start, int(both[(strong[here] * rest[there]).argmax()]), end, supplier]
        both = np.intersect1d(first, last)
        return [self._start, int(both[0]), supplier] if len(both) else self._shortest(last, supplier)

    def _reach(self, first: Any, strong: Any) -> Any:
        """Strength of the best two links to each firm."""
        reach = np.zeros(self._near.shape[0], np.float32)
        rows = self._near[first]
        np.maximum.at(reach, rows.indices, rows.data * np.repeat(strong, np.diff(rows.indptr)))
        reach[self._start] = 0
        return reach

    def _shortest(self, last: Any, supplier: int) -> list[int]:
        """Find the path with the fewest links by one of the firms beside the supplier."""
        if self._before is None:
            _, self._before = breadth_first_order(self._near, self._start)
        paths = []
        for firm in last[self._before[last] >= 0]:
            path = [int(firm)]
            while path[-1] != self._start:
                path.append(int(self._before[path[-1]]))
            if supplier not in path:
                paths.append([*path[::-1], supplier])
        return min(paths, key=lambda path: (len(path), path), default=[])


def _around(near: Any, firm: int) -> tuple[Any, Any]:
    """Neighbours of a firm, by code, and the strengths of their links."""
    begin, end = near.indptr[firm], near.indptr[firm + 1]
    return near.indices[begin:end], near.data[begin:end]


def link_reasons(
    graph: LinkGraph, pairs: pd.DataFrame, firms: pd.Index, *, language: str, names: Mapping[Any, str]
) -> list[str]:
    """Give a reason for each pair: reverse link, path, product, place, growth, whichever there are.

    Parameters
    ----------
    graph
        Known links.
    pairs
        Columns customer and supplier, as codes.
    firms
        Ids by code.
    language
        ``zh`` or ``en``.
    names
        Names by id; ids are used where absent.
    """
    phrases = _PHRASES[language]

    def name(code: int) -> str:
        return str(names.get(firms[code], firms[code]))

    paths: dict[int, ThreeLinkPaths] = {}
    reasons = []
    for customer, supplier in zip(pairs["customer"].tolist(), pairs["supplier"].tolist(), strict=True):
        if customer not in paths:
            paths = {customer: ThreeLinkPaths(graph, customer)}  # rows are sorted by customer
        reasons.append(_reason(graph, paths[customer].to(supplier), (customer, supplier), name, phrases))
    return reasons


def _reason(
    graph: LinkGraph,
    path: list[int],
    pair: tuple[int, int],
    name: Callable[[int], str],
    phrases: dict[str, str],
) -> str:
    """Reason of one pair, empty where nothing connects the two."""
    customer, supplier = pair
    new = int(graph.new_customers[supplier])
    ends = {"customer": name(customer), "supplier": name(supplier)}
    parts = []
    if graph.supply[customer, supplier] > 0:
        parts.append(phrases["reverse"].format(**ends))
    steps = [
        phrases["supplier" if graph.supply[other, one] > 0 else "customer"].format(
            one=name(one), other=name(other)
        )
        for one, other in pairwise(path)
    ]
    if steps:
        parts.append(phrases["then"].join(steps))
    match = graph.knowledge.match(customer, supplier) if graph.knowledge is not None else None
    if match:
        parts.append(phrases["product"].format(upstream=match[0], downstream=match[1], **ends))
    if graph.locality and graph.same_town(np.array([customer]))[supplier, 0]:
        parts.append(phrases["place"].format(**ends))
    if new:
        parts.append(phrases["growth"].format(new=new, **ends))
    return phrases["and"].join(parts)
