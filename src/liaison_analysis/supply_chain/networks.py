"""Graphs as integer codes and sparse matrices, for algorithms that are too slow on NetworkX objects.

Every function gives the same result as its counterpart in NetworkX (named in the docstring), many times
faster.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pandas as pd
from scipy import sparse
from scipy.sparse import csgraph

from liaison_analysis._checks import check_frame, check_kind, is_graph

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    import networkx as nx
    from numpy.typing import NDArray

    Matrix = sparse.csr_array[Any, tuple[int, int]]

# Sources of one batch of betweenness: larger batches take memory and are little faster (judgement).
_SIDE_BY_SIDE: Final = 16


@dataclass(frozen=True, eq=False)
class Network:
    """Nodes and the weights of the links between them.

    Attributes
    ----------
    nodes
        Names, each once; the place of a name is its code.
    matrix
        Square; row and column are codes, ``matrix[u, v]`` the weight of the link from u to v.

    Examples
    --------
    >>> net = network(pd.DataFrame({"a": ["x"], "b": ["y"]}), "a", "b")
    >>> net.nodes.tolist(), net.matrix.toarray().tolist()
    (['x', 'y'], [[0.0, 1.0], [0.0, 0.0]])
    """

    nodes: pd.Index
    matrix: Matrix

    def codes(self, names: Iterable[object]) -> NDArray[np.intp]:
        """Codes of names; unknown names raise one ``ValueError`` that lists them.

        Parameters
        ----------
        names
            Names of nodes.

        Returns
        -------
        numpy.ndarray
            Place of each name in ``nodes``.

        Raises
        ------
        ValueError
            Names that are not in the network; all of them are listed.

        Examples
        --------
        >>> net = network(pd.DataFrame({"a": ["x"], "b": ["y"]}), "a", "b")
        >>> net.codes(["y", "x"]).tolist()
        [1, 0]
        >>> net.codes(["y", "z"])
        Traceback (most recent call last):
        ...
        ValueError: not in this network of 2 nodes: 'z'
        """
        wanted = list(names)
        # Few names are looked up among many nodes: building a hash table of all would take longer.
        at = np.flatnonzero(self.nodes.isin(wanted))
        codes = self.nodes[at].get_indexer(pd.Index(wanted, dtype=self.nodes.dtype if len(at) else None))
        if (codes < 0).any():
            missing = [repr(name) for name, code in zip(wanted, codes, strict=True) if code < 0]
            shown = ", ".join(missing[:5]) + (f" and {len(missing) - 5} more" if len(missing) > 5 else "")
            raise ValueError(f"not in this network of {len(self.nodes):,} nodes: {shown}")
        return at[codes]


def network(
    links: pd.DataFrame | nx.Graph[Any],
    source: str = "source",
    target: str = "target",
    *,
    weight: str | None = None,
    nodes: Iterable[object] = (),
) -> Network:
    """Build a network from a table of links or a NetworkX graph.

    Parameters
    ----------
    links
        One row for each link; rows without a source or a target are left out. Or a graph of NetworkX: each
        link of an undirected one counts in both directions, parallel links add up.
    source, target
        Columns with the names of both ends.
    weight
        Column, or attribute of links, with a weight above 0; every link weighs 1 by default, and so do links
        of a graph without the attribute. Weights of the same pair add up.
    nodes
        Names of further nodes, linked or not.

    Returns
    -------
    Network
        Nodes in the order of sources, targets, further nodes, or in that of the graph; and links.

    Raises
    ------
    ValueError
        A column is not in the table, or a weight is not above 0.

    Examples
    --------
    >>> links = pd.DataFrame({"upstream": ["铝锭", "铝锭"], "downstream": ["轮毂", "壳体"]})
    >>> net = network(links, "upstream", "downstream")
    >>> net.nodes.to_list(), net.matrix.toarray().tolist()
    (['铝锭', '轮毂', '壳体'], [[0.0, 1.0, 1.0], [0.0, 0.0, 0.0], [0.0, 0.0, 0.0]])
    >>> import networkx as nx
    >>> pagerank(network(nx.DiGraph([("x", "y"), ("z", "y")]))).round(3).to_dict()
    {'x': 0.213, 'y': 0.574, 'z': 0.213}
    """
    if not isinstance(links, pd.DataFrame):
        if not is_graph(links):
            check_frame(links, "links")
        return _of_graph(links, weight, nodes)
    if absent := [name for name in (source, target, weight) if name is not None and name not in links]:
        raise ValueError(f"expected columns {absent!r} in the links; got {list(links)!r}")
    links = links.dropna(subset=[source, target])
    further = list(nodes)
    n, extra = len(links), pd.Series(further, dtype=None if further else links[source].dtype)
    ends = pd.concat([links[source], links[target], extra], ignore_index=True)
    codes, names = pd.factorize(ends)
    codes = codes.astype(np.int32)  # half the memory, and the type that scipy's path functions need
    values = np.ones(n) if weight is None else links[weight].to_numpy(dtype="float64")
    return Network(pd.Index(names), _matrix(values, codes[:n], codes[n : 2 * n], len(names), weight))


def as_network(net: Network | nx.Graph[Any]) -> Network:
    """Return the network itself, or one made of a graph of NetworkX with the weights of its links.

    Raises
    ------
    ValueError
        It is neither.

    Examples
    --------
    >>> import networkx as nx
    >>> as_network(nx.DiGraph([("x", "y")])).nodes.tolist()
    ['x', 'y']
    """
    if is_graph(net):
        return network(net, weight="weight")  # type: ignore[arg-type]
    check_kind(net, "net", "Network", source="network")
    return net  # type: ignore[return-value]


def _of_graph(graph: nx.Graph[Any], weight: str | None, nodes: Iterable[object]) -> Network:
    """Build a network of a NetworkX graph, whose nodes may be tuples."""
    names = list(dict.fromkeys([*graph, *nodes]))
    code = {name: i for i, name in enumerate(names)}
    links = [
        (code[a], code[b], 1.0 if weight is None else float(data.get(weight, 1.0)))
        for a, b, data in graph.edges(data=True)
    ]
    if not graph.is_directed():
        links += [(b, a, value) for a, b, value in links if a != b]
    sources, targets = (np.array([link[end] for link in links], dtype=np.int32) for end in (0, 1))
    values = np.array([value for *_, value in links], dtype="float64")
    matrix = _matrix(values, sources, targets, len(names), weight)
    return Network(pd.Index(names, tupleize_cols=False), matrix)


def _matrix(values: NDArray[np.float64], sources: Any, targets: Any, n: int, weight: str | None) -> Matrix:
    """Put weighted links into a square matrix."""
    if not (values > 0).all():
        raise ValueError(f"expected weights above 0 in {weight!r}; got {float(values[~(values > 0)][0])!r}")
    return sparse.csr_array((values, (sources, targets)), shape=(n, n))


#: Chance to follow a link (Page et al. 1999).
DAMPING = 0.85


def pagerank(
    net: Network | nx.Graph[Any],
    starts: Mapping[Any, float] | None = None,
    *,
    damping: float = DAMPING,
    tolerance: float = 1e-10,
) -> pd.Series:
    """Personalised PageRank (Page et al. 1999): stationary shares of a random walk with restarts.

    As ``networkx.pagerank`` with ``personalization=starts``: the walk follows links by weight, restarts from
    nodes without links, and restarts with probability 1 − ``damping`` from everywhere. Between two restarts a
    walk reaches only nodes downstream of the starts, so that the computation is limited to these; the shares
    are the same.

    Parameters
    ----------
    net
        Its links, with their weights.
    starts
        Name → weight; by default the same for every node.
    damping
        Probability of following a link.
    tolerance
        Stop once at most this share of the walks has not restarted yet: the sum of all errors is at most
        ``tolerance · damping / (1 − damping)``, however many nodes there are.

    Returns
    -------
    Series
        Share of time at each node (adds up to 1), indexed by name, in the network's order.

    Raises
    ------
    ValueError
        A start is not in the network, a weight is negative, or all are 0.

    Examples
    --------
    >>> net = network(pd.DataFrame({"a": ["x", "x"], "b": ["y", "z"]}), "a", "b")
    >>> pagerank(net, {"x": 1}).round(3).to_dict()
    {'x': 0.541, 'y': 0.23, 'z': 0.23}
    """
    net = as_network(net)
    if not (0 <= damping < 1 and tolerance > 0):
        raise ValueError(
            f"expected damping from 0 to below 1 and a tolerance above 0; got {damping!r} and {tolerance!r}"
        )
    n = len(net.nodes)
    back = np.ones(n)
    if starts is not None:
        back = np.zeros(n)
        back[net.codes(starts)] = list(starts.values())
        if not (back >= 0).all() or not back.sum() > 0:
            raise ValueError(f"expected weights of starts of 0 and more, one above 0; got {dict(starts)!r}")
    near = _from(net.matrix, np.flatnonzero(back))
    links = net.matrix[near][:, near]
    out = links.sum(axis=1)
    onward = np.divide(damping, out, out=np.zeros(len(near)), where=out > 0)
    came_from = links.T.tocsr()
    walking = back[near] / back.sum()
    seen = walking.copy()
    while walking.sum() > tolerance:
        walking = came_from @ (walking * onward)
        seen += walking
    back[near] = seen / seen.sum()
    return pd.Series(back, index=net.nodes, name="pagerank")


def _from(links: Matrix, starts: NDArray[np.intp]) -> NDArray[np.intp]:
    """Nodes reachable from some nodes, including these, in order."""
    reached = np.zeros(links.shape[0], dtype=bool)
    layer = starts
    while len(layer):
        reached[layer] = True
        after = links.indices[row_entries(links.indptr, layer)[0]]
        layer = np.unique(after[~reached[after]])
    return np.flatnonzero(reached)


def betweenness(
    net: Network | nx.Graph[Any], sources: Sequence[object] | int = 64, *, random_state: int = 0
) -> pd.Series:
    """Share of shortest paths that run through each node, from a sample of sources (Brandes 2001, 2007).

    As ``networkx.betweenness_centrality(k=…)`` of a directed graph: each link is one step whatever its
    weight; the sum over the sources other than the node is divided by their number and n − 2 ends.
    Breadth-first search runs from several sources at once, layer by layer.

    Parameters
    ----------
    net
        Its links.
    sources
        Names to start from, or how many to draw; all nodes where there are no more.
    random_state
        Seed of the random choice.

    Raises
    ------
    ValueError
        No sources, or a name that is unknown.

    Returns
    -------
    Series
        Betweenness (0–1, estimated), indexed by name, in the network's order.

    Examples
    --------
    >>> net = network(pd.DataFrame({"a": ["x", "y"], "b": ["y", "z"]}), "a", "b")
    >>> betweenness(net).to_dict()
    {'x': 0.0, 'y': 0.5, 'z': 0.0}
    """
    net = as_network(net)
    n = len(net.nodes)
    if (isinstance(sources, int) and sources < 1) or (not isinstance(sources, int) and not len(sources)):
        raise ValueError(f"expected a number of sources of 1 and more, or names; got {sources!r}")
    if isinstance(sources, int):
        drawn = np.random.default_rng(random_state).permutation(n)[:sources]
    else:
        drawn = net.codes(sources)
    total = np.zeros(n)
    for at in range(0, len(drawn), _SIDE_BY_SIDE):
        total += _dependencies(net.matrix, drawn[at : at + _SIDE_BY_SIDE])
    others = np.full(n, len(drawn))
    others[drawn] -= 1
    pairs = others * max(n - 2, 0)
    scaled = np.divide(total, pairs, out=np.zeros(n), where=pairs > 0)
    return pd.Series(scaled, index=net.nodes, name="betweenness")


def _dependencies(links: Matrix, sources: NDArray[np.intp]) -> NDArray[np.float64]:
    """Sum over the sources of what Brandes calls dependency: paths to others that a node carries.

    The search from the i-th source uses positions i · n to i · n + n − 1 of one long array.
    """
    n, k = links.shape[0], len(sources)
    paths = np.zeros(n * k)
    depth = np.full(n * k, -1, dtype=np.int32)
    seen_at = np.empty(n * k, dtype=np.int32)
    layers = [np.arange(k) * n + sources]
    paths[layers[0]], depth[layers[0]] = 1, 0
    while len(layers[-1]):
        came_from, reached = _steps(links, layers[-1])
        new = depth[reached] < 0
        came_from, reached = came_from[new], reached[new]
        np.add.at(paths, reached, paths[layers[-1]][came_from])
        depth[reached] = len(layers)
        # Of several links to a node the one written last is kept; it represents the node.
        seen_at[reached] = numbers = np.arange(len(reached), dtype=np.int32)
        layers.append(reached[seen_at[reached] == numbers])
    carried = np.zeros(n * k)
    for at in range(len(layers) - 2, 0, -1):
        came_from, reached = _steps(links, layers[at])
        on = depth[reached] == at + 1
        came_from, reached = came_from[on], reached[on]
        handed = (1 + carried[reached]) / paths[reached]
        n_before = len(layers[at])
        carried[layers[at]] = paths[layers[at]] * np.bincount(came_from, handed, minlength=n_before)
    total: NDArray[np.float64] = carried.reshape(k, n).sum(axis=0)
    return total


def _steps(links: Matrix, layer: NDArray[np.intp]) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """Every link out of a layer of searches: the index of its source in the layer, and its target."""
    node = layer % links.shape[0]
    places, sizes = row_entries(links.indptr, node)
    reached = np.repeat(layer - node, sizes) + links.indices[places].astype(np.intp)
    return np.repeat(np.arange(len(layer)), sizes), reached


def row_entries(indptr: NDArray[Any], rows: NDArray[np.intp]) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """Places of all entries of some rows of a CSR matrix, row by row, and how many each row has.

    Examples
    --------
    >>> places, sizes = row_entries(np.array([0, 2, 2, 5]), np.array([2, 0]))
    >>> places.tolist(), sizes.tolist()
    ([2, 3, 4, 0, 1], [3, 2])
    """
    first = indptr[rows].astype(np.intp)
    sizes = indptr[rows + 1].astype(np.intp) - first
    skipped = np.repeat(first - np.cumsum(sizes) + sizes, sizes)
    return np.arange(len(skipped)) + skipped, sizes


def shortest_paths(net: Network | nx.Graph[Any], start: object, end: object, k: int = 3) -> pd.DataFrame:
    """List the k shortest simple paths by Yen's algorithm (1971, doi:10.1287/mnsc.17.11.712).

    As the first k of ``networkx.shortest_simple_paths`` with weights.

    Parameters
    ----------
    net
        Its weights are lengths; several links between the same two nodes are summed.
    start, end
        Names of two nodes.
    k
        Largest number of paths.

    Returns
    -------
    DataFrame
        Columns path (list of names), length; shortest first, then by the path's names. No rows where there is
        no path.

    Raises
    ------
    ValueError
        A name is unknown, or k is below 1.

    Examples
    --------
    >>> net = network(pd.DataFrame({"a": ["x", "y", "x"], "b": ["y", "z", "z"]}), "a", "b")
    >>> shortest_paths(net, "x", "z")["path"].tolist()
    [['x', 'z'], ['x', 'y', 'z']]
    """
    net = as_network(net)
    if k < 1:
        raise ValueError(f"expected k of 1 and more; got {k!r}")
    first, last = (int(code) for code in net.codes([start, end]))
    # Only nodes between the two can be on a path, usually a small part of the network.
    ahead, behind = _from(net.matrix, np.array([first])), _from(net.matrix.T.tocsr(), np.array([last]))
    near = np.intersect1d(ahead, behind)
    rows = [([start], 0.0)] if first == last else []
    if len(near) and first != last:
        first, last = (int(at) for at in np.searchsorted(near, [first, last]))
        links = net.matrix[near][:, near]
        lengths, before = csgraph.yen(links, first, last, k, return_predecessors=True)
        for length, came_from in zip(lengths, before, strict=True):
            path = [last]
            while path[-1] != first:
                path.append(int(came_from[path[-1]]))
            rows.append((net.nodes[near[path[::-1]]].tolist(), float(length)))
    rows.sort(key=lambda row: (round(row[1], 9), row[0]))
    return pd.DataFrame(rows, columns=["path", "length"])
