"""Routes between two enterprises or products along the chain, and what is left if an enterprise drops out."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pandas as pd

from liaison_analysis.ledger import as_ledger
from liaison_analysis.supply_chain.locality import (
    TOOLS,
    among,
    locality,
    makers,
    named,
    sole_makers,
    strengths,
)
from liaison_analysis.supply_chain.networks import network, shortest_paths
from liaison_analysis.supply_chain.paths import DECAY, TOOL

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

    import networkx as nx

    from liaison_analysis.ledger import Ledger

_ROUTES: Final = ["route", "path", "n_links", "strength", "depends_on", "missing"]
_RISKS: Final = ["enterprise_id", "name", "products", "routes_lost", "path", "strength"]

# Node names of the two ends: blank, so that they differ from every product of the ledger.
_START, _END, _FROM = "", "\n", "\n\n"


def supply_routes(
    ledger: Ledger | nx.Graph[Any],
    start: str,
    end: str,
    *,
    k: int = 3,
    town: str | None = None,
    without: Iterable[str] = (),
    over_gaps: bool = False,
) -> pd.DataFrame:
    """Find the strongest routes along the chain from one enterprise or product to another.

    A route leads from product to product, and every product between its ends has a maker. A link weighs
    ``1 / (outdegree · indegree) ** 0.25`` times 0.7 for each link after the first, as in ``chain_paths``, and
    times 0.3 for a link by equipment or service unless it is the last. The k routes with the greatest product
    are the k shortest simple paths by the logarithm (Yen 1971, doi:10.1287/mnsc.17.11.712).

    Parameters
    ----------
    ledger
        Needs ``product_chain``; ``offers`` and ``supplies`` say who makes what.
    start, end
        Two enterprise ids or products of the chain. An enterprise means all of its products.
    k
        Largest number of routes.
    town
        Count only makers of this town; by default all of the ledger.
    without
        Ids of enterprises that drop out: products that only they make are no longer on any route.
    over_gaps
        Whether routes may contain products that nobody makes, which would have to be bought from outside.

    Returns
    -------
    DataFrame
        Columns route (from 1), path (products joined by ``→``), n_links, strength (0–1), depends_on
        (names of enterprises that are the only maker of a product between the ends, in the route's order;
        empty where all products have several makers), missing (products between the ends that nobody makes).
        Strongest first, then by path. No rows where there is no route.

    Raises
    ------
    LedgerError
        ``product_chain`` has no rows; with ``town``, ``offers`` has none.
    ValueError
        An end is neither an enterprise nor a product of the chain, ``without`` has an enterprise that is not
        in the ledger or is an end, ``k`` is below 1, or no enterprise lies in ``town``.

    Examples
    --------
    >>> from liaison_analysis import load_liangjiang
    >>> routes = supply_routes(load_liangjiang(), "湿电子化学品", "人形机器人", k=2)
    >>> routes["path"].str.split("→").str[1:-1].tolist()
    [['印制电路板', '边缘计算设备'], ['晶圆', '传感器芯片', '惯性测量单元']]
    """
    ledger = as_ledger(ledger)
    out = [without] if isinstance(without, str) else list(without)
    graph = routing_graph(ledger, start, end, town=town, without=out, over_gaps=over_gaps)
    return k_best_routes(graph, k)[_ROUTES]


def route_risks(
    ledger: Ledger | nx.Graph[Any], start: str, end: str, *, k: int = 3, town: str | None = None
) -> pd.DataFrame:
    """List the enterprises that routes depend on, and the best route left if each drops out.

    Parameters
    ----------
    ledger, start, end, k, town
        As for ``supply_routes``.

    Returns
    -------
    DataFrame
        Columns enterprise_id, name, products (those between the ends of the k routes that only it makes),
        routes_lost (of the k routes), path and strength (of the strongest route left without it; empty and 0
        where none is). Sorted by strength, least first, then routes_lost, most first, then
        enterprise_id.

    Raises
    ------
    LedgerError, ValueError
        As ``supply_routes``.

    Examples
    --------
    >>> from liaison_analysis import load_liangjiang
    >>> risks = route_risks(load_liangjiang(), "湿电子化学品", "人形机器人")
    >>> risks[["products", "routes_lost"]].head(2).to_numpy().tolist()
    [['边缘计算设备', 1], ['晶圆', 2]]
    """
    ledger = as_ledger(ledger)
    whole = routing_graph(ledger, start, end, town=town)
    routes = k_best_routes(whole, k)
    between = routes[["route", "goods"]].assign(goods=routes["goods"].str[1:-1])
    between = between.explode("goods").dropna()
    between = between.assign(enterprise_id=between["goods"].map(whole.only)).dropna()
    products = named(between["enterprise_id"], between["goods"], most=len(between))
    lost = between.groupby("enterprise_id")["route"].nunique()
    rows = []
    for firm in lost.index:
        left = k_best_routes(routing_graph(ledger, start, end, town=town, without=[firm]), 1)
        path, strength = left[["path", "strength"]].iloc[0] if len(left) else ("", 0.0)
        rows.append((firm, whole.names[firm], products[firm], int(lost[firm]), path, float(strength)))
    risks = pd.DataFrame(rows, columns=_RISKS)
    return risks.sort_values(
        ["strength", "routes_lost", "enterprise_id"], ascending=[True, False, True], ignore_index=True
    )


@dataclass(frozen=True, eq=False)
class RoutingGraph:
    """Links and makers that routes between two ends may use.

    Attributes
    ----------
    links
        DataFrame[upstream, downstream, length], with the two ends.
    made
        Products that somebody makes.
    only
        Products with a single maker: its id, indexed by product.
    names
        Names of enterprises, indexed by id.
    """

    links: pd.DataFrame
    made: pd.Index
    only: pd.Series
    names: pd.Series


def routing_graph(
    ledger: Ledger,
    start: str,
    end: str,
    *,
    town: str | None = None,
    without: Collection[str] = (),
    over_gaps: bool = False,
) -> RoutingGraph:
    """Links from the start's products to the end's, and the products between; see ``supply_routes``."""
    ledger.completed.require("product_chain")
    names, made = ledger.names(), makers(ledger)
    chain = ledger.completed.product_chain[["upstream", "downstream", "relation"]]
    chain = chain[chain["upstream"].ne(chain["downstream"])].drop_duplicates(["upstream", "downstream"])
    # The order of equal routes depends on the order of links; sorted, it does not depend on the ledger's
    # rows.
    chain = chain.sort_values(["upstream", "downstream"])
    _check(start, end, set(without), names, {*chain["upstream"], *chain["downstream"]})
    own = [
        set(made.loc[made["enterprise_id"].eq(place), "product"]) if place in names.index else {place}
        for place in (start, end)
    ]
    if town is not None:
        made = locality(ledger, town).offers
    made = made[~among(made["enterprise_id"], without)]
    by_tool = chain["relation"].isin(TOOLS) & ~among(chain["downstream"], own[1])
    step = strengths(chain["upstream"], chain["downstream"]) * np.where(by_tool, TOOL, 1.0)
    chain = chain.assign(length=-np.log(DECAY * step))
    first = chain[among(chain["upstream"], own[0])]
    # Products of the start or the end are not between them.
    between = chain[~among(chain["upstream"], own[0] | own[1])]
    if not over_gaps:
        between = between[among(between["upstream"], made["product"])]
    ends = [(_START, _FROM + p, 1.0) for p in sorted(own[0])] + [(p, _END, 1.0) for p in sorted(own[1])]
    columns = ["upstream", "downstream", "length"]
    first = first.assign(upstream=_FROM + first["upstream"])
    links = pd.concat([first[columns], between[columns], pd.DataFrame(ends, columns=columns)])
    return RoutingGraph(links, pd.Index(made["product"]).unique(), sole_makers(made), names)


def k_best_routes(whole: RoutingGraph, k: int) -> pd.DataFrame:
    """``supply_routes``, with a column goods: the products of each route, as a list."""
    net = network(whole.links, "upstream", "downstream", weight="length", nodes=[_START, _END])
    shortest = shortest_paths(net, _START, _END, k)
    rows = []
    for nodes, length in zip(shortest["path"], shortest["length"], strict=True):
        goods = [nodes[1].removeprefix(_FROM), *nodes[2:-1]]
        firms = dict.fromkeys(whole.only[p] for p in goods[1:-1] if p in whole.only.index)
        depends_on = "、".join(whole.names[firm] for firm in firms)
        missing = "、".join(p for p in goods[1:-1] if p not in whole.made)
        strength = round(float(np.exp(2.0 - length)) / DECAY, 9)
        rows.append(("→".join(goods), len(goods) - 1, strength, depends_on, missing, goods))
    routes = pd.DataFrame(rows, columns=[*_ROUTES[1:], "goods"])
    routes = routes.sort_values(["strength", "path"], ascending=[False, True], ignore_index=True)
    routes.insert(0, "route", routes.index + 1)
    return routes


def _check(start: str, end: str, without: set[str], names: pd.Series, goods: set[str]) -> None:
    """Raise one error that names every unknown end and enterprise."""
    wrong = [
        f"{place!r} is neither an enterprise_id nor a product of the chain"
        for place in dict.fromkeys((start, end))
        if place not in names.index and place not in goods
    ]
    wrong += [f"{firm!r} of without is not an enterprise_id" for firm in sorted(without - set(names.index))]
    wrong += [f"{firm!r} cannot be left out, it is an end" for firm in sorted(without & {start, end})]
    if wrong:
        raise ValueError("; ".join(wrong))
