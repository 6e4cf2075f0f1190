"""Communities of a network: the Louvain method, and the modularity of a partition."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from scipy import sparse

from liaison_analysis.supply_chain.networks import as_network

if TYPE_CHECKING:
    import networkx as nx
    from numpy.typing import NDArray

    from liaison_analysis.supply_chain.networks import Network


def communities(
    net: Network | nx.Graph[Any], *, resolution: float = 1.0, random_state: int = 0
) -> NDArray[np.int64]:
    """Group the nodes of a network so that links lie within groups, by the Louvain method.

    As ``networkx.community.louvain_communities`` of the undirected graph whose links have the summed weight
    of both directions in ``net``; by scikit-network. Blondel et al. 2008,
    doi:10.1088/1742-5468/2008/10/P10008.

    Parameters
    ----------
    net
        Its links and weights.
    resolution
        Larger values give smaller groups (Reichardt and Bornholdt 2006, doi:10.1103/PhysRevE.74.016110).
    random_state
        Seed.

    Returns
    -------
    ndarray
        Group of each node, counted from 0, the largest first.

    Examples
    --------
    >>> import pandas as pd
    >>> from liaison_analysis.supply_chain import network
    >>> links = pd.DataFrame({"a": list("xxydde"), "b": list("yzzeff")})
    >>> net = network(links, "a", "b")
    >>> communities(net)[net.codes("xyzdef")].tolist()
    [0, 0, 0, 1, 1, 1]
    """
    net = as_network(net)
    from sknetwork.clustering import Louvain

    both = sparse.csr_matrix(net.matrix + net.matrix.T)
    if not both.nnz:
        return np.arange(len(net.nodes))
    louvain = Louvain(
        resolution=resolution,
        modularity="newman",
        return_probs=False,
        return_aggregate=False,
        random_state=random_state,
    )
    groups: NDArray[np.int64] = louvain.fit_predict(both).astype(np.int64)
    return groups


def modularity(net: Network | nx.Graph[Any], groups: NDArray[Any], *, resolution: float = 1.0) -> float:
    """Share of link weight within groups above the share expected from the degrees alone.

    As ``networkx.community.modularity`` of the undirected graph (see ``communities``); Newman 2006,
    doi:10.1073/pnas.0601602103.

    Parameters
    ----------
    net
        Its links and weights.
    groups
        Group of each node, a whole number from 0.
    resolution
        As for ``communities``.

    Returns
    -------
    float
        At most 1; 0 where the groups are no denser than chance.

    Examples
    --------
    >>> import pandas as pd
    >>> from liaison_analysis.supply_chain import network
    >>> links = pd.DataFrame({"a": list("xxydde"), "b": list("yzzeff")})
    >>> net = network(links, "a", "b")
    >>> round(modularity(net, net.nodes.isin(list("xyz")).astype(int)), 9)
    0.5
    """
    net = as_network(net)
    links = net.matrix.tocoo()
    weight = links.data.sum()
    if not weight:
        return 0.0
    inside = links.data[groups[links.row] == groups[links.col]].sum() / weight
    degree = net.matrix.sum(axis=0) + net.matrix.sum(axis=1)
    share = np.bincount(groups, degree) / degree.sum()
    return float(inside - resolution * (share**2).sum())
