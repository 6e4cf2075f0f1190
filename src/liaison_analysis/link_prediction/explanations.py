"""Say through which known links or products two firms are connected."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, Any, Final

import numpy as np
from scipy.sparse.csgraph import breadth_first_order

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    import pandas as pd

    from liaison_analysis.link_prediction.features import LinkGraph

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


class Ways:
    """Strongest paths of three known links from one customer to any firm.

    Parameters
    ----------
    graph
        Known links. They may be walked from either end.
    customer
        Code of the firm where paths begin.

    Examples
    --------
    >>> from liaison_analysis.link_prediction.features import LinkGraph, LinkHistory
    >>> ones = np.ones(3, np.int64)
    >>> known = LinkHistory(np.array([1, 1, 3]), np.array([0, 2, 2]), ones, ones, ones, 5)
    >>> ways = Ways(LinkGraph(known), 0)
    >>> ways.to(3), ways.to(4)
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

        The way with the fewest links where there is none of three; empty where none leads there. The pair's
        own reverse link is no path.
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
        """Find the way with the fewest links by one of the firms beside the supplier."""
        if self._before is None:
            _, self._before = breadth_first_order(self._near, self._start)
        ways = []
        for firm in last[self._before[last] >= 0]:
            way = [int(firm)]
            while way[-1] != self._start:
                way.append(int(self._before[way[-1]]))
            if supplier not in way:
                ways.append([*way[::-1], supplier])
        return min(ways, key=lambda way: (len(way), way), default=[])


def _around(near: Any, firm: int) -> tuple[Any, Any]:
    """Firms linked to one, by code, and how strongly."""
    begin, end = near.indptr[firm], near.indptr[firm + 1]
    return near.indices[begin:end], near.data[begin:end]


def tell(
    graph: LinkGraph, top: pd.DataFrame, firms: pd.Index, *, language: str, names: Mapping[Any, str]
) -> list[str]:
    """Give a reason for each pair: reverse link, path, product, place, growth, whichever there are.

    Parameters
    ----------
    graph
        Known links.
    top
        Columns customer and supplier, as codes.
    firms
        Ids by code.
    language
        ``zh`` or ``en``.
    names
        Names by id; ids stand in where absent.
    """
    words = _PHRASES[language]

    def name(code: int) -> str:
        return str(names.get(firms[code], firms[code]))

    ways: dict[int, Ways] = {}
    said = []
    for customer, supplier in zip(top["customer"].tolist(), top["supplier"].tolist(), strict=True):
        if customer not in ways:
            ways = {customer: Ways(graph, customer)}  # the frame goes customer by customer
        said.append(_say(graph, ways[customer].to(supplier), (customer, supplier), name, words))
    return said


def _say(
    graph: LinkGraph, way: list[int], pair: tuple[int, int], name: Callable[[int], str], words: dict[str, str]
) -> str:
    """Tell one pair's reason."""
    customer, supplier = pair
    new = int(graph.new_customers[supplier])
    ends = {"customer": name(customer), "supplier": name(supplier)}
    said = []
    if graph.supply[customer, supplier] > 0:
        said.append(words["reverse"].format(**ends))
    steps = [
        words["supplier" if graph.supply[other, one] > 0 else "customer"].format(
            one=name(one), other=name(other)
        )
        for one, other in pairwise(way)
    ]
    if steps:
        said.append(words["then"].join(steps))
    match = graph.product_match(customer, supplier)
    if match:
        said.append(words["product"].format(upstream=match[0], downstream=match[1], **ends))
    if graph.locality and graph.together(np.array([customer]))[supplier, 0]:
        said.append(words["place"].format(**ends))
    if new:
        said.append(words["growth"].format(new=new, **ends))
    return words["and"].join(said)
