"""Layered layout of a figure that is read from left to right: columns, and rows in them."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any, Final, TypeAlias

from liaison_analysis.supply_chain.locality import among

if TYPE_CHECKING:
    import networkx as nx
    import pandas as pd


#: A node of a view: its kind and its id or name.
Node: TypeAlias = tuple[str, str]

#: A part of the chain that is small enough to draw.
View: TypeAlias = "nx.MultiDiGraph[Node]"

#: Nodes in one column that can be read on a page (judgement).
TALLEST: Final = 12

# Columns beside each other that can be read on a page (judgement).
_WIDEST: Final = 6

# Sweeps over the columns that order them by their neighbours (Sugiyama et al. 1981,
# doi:10.1109/TSMC.1981.4308636; six: judgement, later ones move few nodes).
_SWEEPS: Final = 6


def connected(links: pd.DataFrame, ranked: list[str], most: int) -> list[str]:
    """Choose the first of a ranking that are linked with each other, so that no box is isolated.

    A name that is linked to none of the chosen ones brings its first linked predecessor along.

    Parameters
    ----------
    links
        Columns upstream and downstream.
    ranked
        Names, the most relevant first.
    most
        Largest number of names.

    Examples
    --------
    >>> import pandas as pd
    >>> links = pd.DataFrame({"upstream": ["铝", "钢"], "downstream": ["轮毂", "车"]})
    >>> connected(links, ["铝", "车", "座椅", "轮毂", "钢"], 3)
    ['铝', '轮毂']
    """
    near: dict[str, set[str]] = {}
    inside = links[among(links["upstream"], ranked) & among(links["downstream"], ranked)]
    for u, v in zip(inside["upstream"], inside["downstream"], strict=True):
        near.setdefault(u, set()).add(v)
        near.setdefault(v, set()).add(u)
    order = {name: at for at, name in enumerate(ranked)}
    seen, chosen = set[str](), set[str]()
    for name in ranked:
        joined = near.get(name, set()) & seen
        seen.add(name)
        room = most - len(chosen) - 1
        if joined and room >= (0 if joined & chosen else 1):
            chosen |= {name, *sorted(joined - chosen, key=order.__getitem__)[:room]}
    return [name for name in ranked if name in chosen]


def columns(links: pd.DataFrame, names: list[str]) -> tuple[dict[str, int], Counter[int]]:
    """Give each name its column: length of the longest path to it, cycles in one column, six columns at most.

    Returns
    -------
    tuple
        The column of each name that is placed, twelve names per column, the first names first; and how many
        names of each column are left out: those without space, and those without a link to any placed name.

    Examples
    --------
    >>> import pandas as pd
    >>> links = pd.DataFrame({"upstream": ["铝", "轮毂"], "downstream": ["轮毂", "车"]})
    >>> columns(links, ["车", "轮毂", "铝"])
    ({'车': 2, '轮毂': 1, '铝': 0}, Counter())
    """
    import networkx as nx

    graph: nx.DiGraph[str] = nx.DiGraph()
    graph.add_nodes_from(names)
    inside = links[among(links["upstream"], names) & among(links["downstream"], names)]
    graph.add_edges_from(inside[["upstream", "downstream"]].itertuples(index=False, name=None))
    whole = nx.condensation(graph)
    depth: dict[int, int] = {}
    for node in nx.topological_sort(whole):
        depth[node] = max((depth[before] + 1 for before in whole.predecessors(node)), default=0)
    deepest = max(depth.values(), default=0)
    squeeze = min(1.0, (_WIDEST - 1) / deepest) if deepest else 1.0
    column = {name: round(depth[whole.graph["mapping"][name]] * squeeze) for name in names}
    size, first = Counter[int](), list[str]()
    for name in names:
        size[column[name]] += 1
        if size[column[name]] <= TALLEST:
            first.append(name)
    placed = connected(inside, first, len(first))
    return {name: column[name] for name in placed}, size - Counter(column[name] for name in placed)


def arranged(view: View) -> View:
    """Give every node its row: columns are ordered by the mean row of their neighbours, in several sweeps.

    Layers are renumbered from 0 without gaps. Ties are ordered by label, so that the same view always gives
    the same figure.
    """
    used = {data["layer"] for data in view.nodes.values()} | {at for at, n in view.graph["more"].items() if n}
    number = {layer: i for i, layer in enumerate(sorted(used))}
    view.graph["more"] = {number[at]: n for at, n in sorted(view.graph["more"].items()) if n}
    stacks: list[list[Node]] = [[] for _ in used]
    labels = {node: data["label"] for node, data in view.nodes.items()}
    for node in sorted(labels, key=labels.__getitem__):
        data = view.nodes[node]
        data["layer"] = number[data["layer"]]
        stacks[data["layer"]].append(node)
    place = {node: i - (len(column) - 1) / 2 for column in stacks for i, node in enumerate(column)}
    near: dict[Node, list[Node]] = {
        n: sorted({*view.predecessors(n), *view.successors(n)} - {n}) for n in view
    }

    def mean(node: Node, side: int) -> float:
        at = view.nodes[node]["layer"]
        rows = [place[m] for m in near[node] if (view.nodes[m]["layer"] - at) * side < 0]
        return round(sum(rows) / len(rows), 9) if rows else place[node]

    for sweep in range(_SWEEPS):
        side = 1 if sweep % 2 == 0 else -1
        for column in stacks[::side]:
            keys: dict[Node, Any] = {node: (mean(node, side), place[node]) for node in column}
            column.sort(key=keys.__getitem__)
            place.update({node: i - (len(column) - 1) / 2 for i, node in enumerate(column)})
    for column in stacks:
        for row, node in enumerate(column):
            view.nodes[node]["row"] = row
    return view
