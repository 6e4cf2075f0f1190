"""Parts of the supply chain small enough to read: one enterprise, product, town, route, who supplies whom.

A view is a small ``networkx.MultiDiGraph``. Nodes are ``("product", name)`` and ``("enterprise", id)`` with
``label``, ``note`` (who makes it, or what it makes), ``layer`` (column, from the left), ``row`` (place in the
column, from the top) and ``state``: ``centre``, ``sought`` (a demand asks for it), ``made`` (here),
``elsewhere`` (made only elsewhere) or ``missing`` (nobody makes it). ``graph`` holds title, more (number of
nodes left out of each layer), rest (number of nodes left out that have no layer) and is_synthetic.
"""

from __future__ import annotations

from collections import Counter
from itertools import pairwise
from typing import TYPE_CHECKING, Any, Final, Literal

import pandas as pd

from liaison_analysis._checks import check_view
from liaison_analysis.ledger import as_ledger
from liaison_analysis.supply_chain.layouts import TALLEST, arranged, columns, connected
from liaison_analysis.supply_chain.locality import SHOWN, Locality, among, locality, named
from liaison_analysis.supply_chain.networks import network, pagerank
from liaison_analysis.supply_chain.potential_trades import could_supply
from liaison_analysis.supply_chain.routes import k_best_routes, routing_graph
from liaison_analysis.supply_chain.sought import sought_products

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping

    import networkx as nx

    from liaison_analysis.ledger import Ledger
    from liaison_analysis.supply_chain.layouts import View

# Candidates for each enterprise that a figure shows: those with most potential trades (judgement).
_LOOKED_AT: Final = 20

# Names that an error suggests (judgement).
_NEAR: Final = 5


def enterprise_view(
    ledger: Ledger | nx.Graph[Any], enterprise_id: str, *, steps: int = 2, most: int = 26
) -> View:
    """View of one enterprise: the inputs of its products, its products, and the products they go into.

    Its products are chosen in this order: those in the chain, then by share of revenue. Inputs: those that
    its demands ask for, then those of most of its products. Downstream products: those that its demands ask
    for and the products on the way there, then those with a maker.

    Parameters
    ----------
    ledger
        Needs ``offers`` and ``product_chain``.
    enterprise_id
        The enterprise in the middle.
    steps
        How many links to follow downstream.
    most
        How many products may be shown in all; at most 12 in a column, and at most half of them its own.

    Returns
    -------
    networkx.MultiDiGraph
        A view, see the module. Edge keys are ``offers``, ``feeds`` and ``needs`` (product → enterprise).

    Raises
    ------
    LedgerError
        ``offers`` or ``product_chain`` has no rows.
    ValueError
        The enterprise is not in the ledger, or ``steps`` or ``most`` is below 1.

    Examples
    --------
    >>> from liaison_analysis import load_liangjiang
    >>> view = enterprise_view(load_liangjiang(), "E001")
    >>> view.nodes["product", "新能源乘用车"]["state"], view.nodes["product", "伺服电机"]["layer"]
    ('sought', 0)
    """
    ledger = as_ledger(ledger)
    here = locality(ledger)
    names = ledger.names()
    if enterprise_id not in names.index or steps < 1 or most < 1:
        expected = "expected an enterprise_id of the ledger, steps >= 1 and most >= 1"
        near = _near(enterprise_id, {name: f"{i} ({name})" for i, name in names.items()})
        raise ValueError(f"{expected}; got {enterprise_id!r}, steps={steps!r}, most={most!r}{near}")
    offers = pd.concat([here.offers, here.elsewhere])
    mine = offers[offers["enterprise_id"].eq(enterprise_id)]
    alone = ~among(mine["product"], [*here.chain["upstream"], *here.chain["downstream"]])
    mine = mine.assign(alone=alone, share=mine["weight"].astype("float64").fillna(0))
    mine = mine.sort_values(["alone", "share", "product"], ascending=[True, False, True])
    own: list[str] = mine["product"].tolist()
    sought = sought_products(ledger)
    wanted = set(sought.loc[sought["enterprise_id"].eq(enterprise_id), "product"])
    made = set(offers["product"])
    inputs = here.chain[among(here.chain["downstream"], own) & ~among(here.chain["upstream"], own)]
    n_uses = Counter(inputs["upstream"])
    first = sorted(n_uses, key=lambda p: (p not in wanted, -n_uses[p], p not in made, p))
    n_own = min(max(most // 2, 1), TALLEST)
    chosen, more = dict.fromkeys(own[:n_own], 1), Counter({1: len(own[n_own:])})
    room = (most - len(chosen)) // (steps + 1)
    chosen |= dict.fromkeys(first[: min(room, TALLEST)], -1)
    more[-1] = len(first) - min(room, TALLEST, len(first))
    shown = [p for p in chosen if chosen[p] == 1]
    leads = set(here.chain.loc[among(here.chain["downstream"], wanted), "upstream"])
    for step in range(2, steps + 2):
        nexts = here.chain.loc[among(here.chain["upstream"], shown), "downstream"]
        new = sorted(
            set(nexts) - chosen.keys(), key=lambda p: (p not in wanted, p not in leads, p not in made, p)
        )
        n = min(max((most - len(chosen)) // (steps + 2 - step), 0), TALLEST)
        shown, more[step] = new[:n], len(new[n:])
        chosen |= dict.fromkeys(shown, step)
    view = _products_drawn(
        ledger,
        here,
        chosen,
        wanted,
        title=f"{names[enterprise_id]}：上游与去向 Inputs and uses",
        more=more,
        not_by=[enterprise_id],
    )
    centre = ("enterprise", enterprise_id)
    view.add_node(centre, label=names[enterprise_id], note="", layer=0, state="centre")
    for product, layer in chosen.items():
        if layer == 1:
            view.add_edge(centre, ("product", product), key="offers")
        elif layer == -1:
            view.add_edge(("product", product), centre, key="needs")
    # Inputs are linked to the enterprise, which represents all its products.
    straight = [(u, v) for u, v in view.edges() if chosen.get(u[1]) == -1 and v != centre]
    view.remove_edges_from(straight)
    return arranged(view)


def product_view(
    ledger: Ledger | nx.Graph[Any],
    product: str,
    town: str | None = None,
    *,
    upstream: int = 2,
    downstream: int = 1,
    most: int = 40,
) -> View:
    """View of the chain around one product: its inputs, and the products it goes into.

    Each further column shows products linked to products of the column before, chosen by personalised
    PageRank from the product along the chain.

    Parameters
    ----------
    ledger, town
        As for ``chain_gaps``; products made in ``town`` count as made here.
    product
        The product in the middle; with ``downstream=0`` the end of its chain.
    upstream, downstream
        How many links to follow.
    most
        How many products may be shown in all; at most 12 in a column.

    Returns
    -------
    networkx.MultiDiGraph
        A view, see the module, with edges ``feeds``.

    Raises
    ------
    LedgerError
        ``offers`` or ``product_chain`` has no rows.
    ValueError
        The chain does not name the product, or a number is below 0 (``most``: 1).

    Examples
    --------
    >>> from liaison_analysis import load_liangjiang
    >>> view = product_view(load_liangjiang(), "新能源乘用车", upstream=3, downstream=0)
    >>> view.nodes["product", "新能源乘用车"]["layer"] == max(n for _, n in view.nodes(data="layer"))
    True
    """
    ledger = as_ledger(ledger)
    here = locality(ledger, town)
    chain = here.chain
    known = product in set(chain["upstream"]) | set(chain["downstream"])
    if not known or upstream < 0 or downstream < 0 or most < 1:
        expected = "expected a product of the chain, upstream and downstream >= 0 and most >= 1"
        meant = "" if known else _near(product, dict.fromkeys([*chain["upstream"], *chain["downstream"]]))
        got = f"{product!r}, upstream={upstream!r}, downstream={downstream!r}, most={most!r}{meant}"
        raise ValueError(f"{expected}; got {got}")
    around = _within(chain, product, upstream, downstream)
    near = chain[among(chain["upstream"], around) & among(chain["downstream"], around)]
    both = pd.concat([near, near.rename(columns={"upstream": "downstream", "downstream": "upstream"})])
    rank = pagerank(network(both, "upstream", "downstream", nodes=[product]), {product: 1.0}).round(9)
    chosen, more = {product: 0}, Counter[int]()
    columns_left = upstream + downstream
    for sign, start, end, n_steps in (
        (-1, "downstream", "upstream", upstream),
        (1, "upstream", "downstream", downstream),
    ):
        shown, seen = [product], {product}
        for step in range(1, n_steps + 1):
            reached = set(chain.loc[among(chain[start], shown), end]) - chosen.keys() - seen
            seen |= reached
            new = sorted(reached, key=lambda p: (-rank.get(p, 0.0), p))
            # As many as fit into the remaining columns, rounded up.
            n = min(-((len(chosen) - most) // columns_left), TALLEST)
            columns_left -= 1
            shown, more[sign * step] = new[:n], len(new[n:])
            chosen |= dict.fromkeys(shown, sign * step)
    title = f"{product} 的产业链" + (f"（{town}）" if town else "") + " Chain"
    view = _products_drawn(ledger, here, chosen, set(), title=title, more=more)
    view.nodes["product", product]["state"] = "centre"
    return arranged(view)


def town_view(ledger: Ledger | nx.Graph[Any], town: str | None = None, *, most: int = 40) -> View:
    """View of the chain of one town: the products that most of its enterprises make or need, and their links.

    A product without a link to another one shown is counted in ``rest``. Columns follow the longest path
    along the chain; products of a cycle are in one column.

    Parameters
    ----------
    ledger, town
        As for ``chain_gaps``; by default all towns together.
    most
        How many products may be shown; at most 12 in a column and 6 columns.

    Returns
    -------
    networkx.MultiDiGraph
        A view, see the module, with edges ``feeds`` by materials and parts.

    Raises
    ------
    LedgerError, ValueError
        As ``chain_gaps``; ``most`` is below 1.

    Examples
    --------
    >>> from liaison_analysis import load_liangjiang
    >>> view = town_view(load_liangjiang(), "水土", most=20)
    >>> len(view), view.nodes["product", "伺服驱动器"]["state"]
    (20, 'made')
    """
    ledger = as_ledger(ledger)
    if most < 1:
        raise ValueError(f"expected most >= 1; got {most!r}")
    here = locality(ledger, town)
    needs = here.feeds.merge(here.offers, left_on="downstream", right_on="product")
    needs = needs.rename(columns={"product": "into", "upstream": "product"})
    involved = pd.concat([here.offers[["product", "enterprise_id"]], needs[["product", "enterprise_id"]]])
    linked = {*needs["product"], *here.feeds.loc[among(here.feeds["upstream"], here.made), "downstream"]}
    n_firms = involved[among(involved["product"], linked)].drop_duplicates()["product"].value_counts()
    ranked = sorted(n_firms.index, key=lambda p: (-n_firms[p], p))
    shown = connected(here.feeds, ranked, most)
    chosen, more = columns(here.feeds, shown)
    title = f"{town or '本地'}产业链（牵涉企业最多的产品） Chain of products that concern most"
    rest = len(ranked) - len(shown)
    return arranged(_products_drawn(ledger, here, chosen, set(), title=title, more=more, rest=rest))


def supply_view(
    ledger: Ledger | nx.Graph[Any],
    town: str | None = None,
    *,
    enterprises: Iterable[str] | None = None,
    most: int = 30,
) -> View:
    """View of who could supply whom: enterprises only, and the strongest links.

    Parameters
    ----------
    ledger, town
        As for ``chain_gaps``.
    enterprises
        Ids to choose from, such as those of a cluster; by default all that are local.
    most
        How many enterprises may be shown; at most 12 in a column and 6 columns.

    Returns
    -------
    networkx.MultiDiGraph
        A view, see the module; edges ``supplies`` (known) and ``could supply``, with product, into and score.

    Raises
    ------
    LedgerError, ValueError
        As ``chain_gaps``; ``most`` is below 1, or an id of ``enterprises`` is not in the ledger.

    Examples
    --------
    >>> from liaison_analysis import load_liangjiang
    >>> view = supply_view(load_liangjiang(), "水土", most=12)
    >>> {key for _, _, key in view.edges(keys=True)} <= {"supplies", "could supply"}
    True
    """
    ledger = as_ledger(ledger)
    if most < 1:
        raise ValueError(f"expected most >= 1; got {most!r}")
    pairs = could_supply(ledger, town)
    names = ledger.names()
    if enterprises is not None:
        pairs = _between(pairs, _ids(enterprises, names))
    sides = (pairs.groupby(end)["score"].sum() for end in ("supplier_id", "customer_id"))
    weight = next(sides).add(next(sides), fill_value=0).round(9).sort_index()
    ranked: list[str] = weight.sort_values(ascending=False, kind="stable").index.tolist()
    # Thousands of enterprises have millions of pairs, of which a page can show few.
    pairs = _between(pairs, ranked[: _LOOKED_AT * most])
    ends = pairs.rename(columns={"supplier_id": "upstream", "customer_id": "downstream"})
    firms = connected(ends, ranked[: _LOOKED_AT * most], most)
    shown = _between(pairs, firms)
    # Only the strongest link of each to a supplier and to a customer: all of them would be unreadable.
    kept = ~shown.duplicated("supplier_id") | ~shown.duplicated("customer_id") | shown["known"]
    shown = shown[kept]
    layer, more = columns(ends.loc[shown.index], firms)
    goods = pd.concat([shown.set_index("supplier_id")["product"], shown.set_index("customer_id")["into"]])
    notes = named(goods.index.to_series(), goods, most=2)
    where = town or ("本地" if enterprises is None else "所选企业")
    title = f"{where}：谁可以供货给谁 Who could supply whom"
    view = _empty(ledger, title, more, len(ranked) - len(firms))
    for firm, at in layer.items():
        note = notes.get(firm, "")
        view.add_node(("enterprise", firm), label=names[firm], note=note, layer=at, state="made")
    for row in shown.to_dict("records"):
        u, v = ("enterprise", row["supplier_id"]), ("enterprise", row["customer_id"])
        if u in view and v in view:
            key = "supplies" if row["known"] else "could supply"
            view.add_edge(u, v, key=key, product=row["product"], into=row["into"], score=row["score"])
    return arranged(view)


def route_view(
    ledger: Ledger | nx.Graph[Any],
    start: str,
    end: str,
    *,
    k: int = 5,
    town: str | None = None,
    without: Iterable[str] = (),
    over_gaps: bool = False,
) -> View:
    """View of the strongest routes along the chain from one enterprise or product to another.

    Parameters
    ----------
    ledger, start, end, k, town, without, over_gaps
        As for ``supply_routes``.

    Returns
    -------
    networkx.MultiDiGraph
        A view, see the module, with the links of these routes alone, as edges ``feeds``. Both ends have the
        state ``centre``; for an enterprise, its products name only it as their maker. Empty where there is no
        route.

    Raises
    ------
    LedgerError
        ``offers`` or ``product_chain`` has no rows.
    ValueError
        As ``supply_routes``.

    Examples
    --------
    >>> from liaison_analysis import load_liangjiang
    >>> view = route_view(load_liangjiang(), "E001", "E241", k=2)
    >>> sorted(data["label"] for _, data in view.nodes(data=True) if data["state"] == "centre")
    ['工业机器人', '新能源乘用车', '装配机器人']
    """
    ledger = as_ledger(ledger)
    out = _ids(without, ledger.names())
    whole = routing_graph(ledger, start, end, town=town, without=out, over_gaps=over_gaps)
    goods = k_best_routes(whole, k)["goods"]
    links = pd.DataFrame(
        sorted({pair for route in goods for pair in pairwise(route)}), columns=["upstream", "downstream"]
    )
    chosen, more = columns(links, list(dict.fromkeys(p for route in goods for p in route)))
    here = locality(ledger, town)
    called = [whole.names.get(place, place) for place in (start, end)]
    gone = f"（若{'、'.join(whole.names[firm] for firm in out)}退出）" if out else ""
    title = f"{called[0]} → {called[1]}：供应路径{gone} Routes"
    view = _products_drawn(ledger, here, chosen, set(), title=title, more=more, not_by=out, links=links)
    for (_, product), data in view.nodes.items():
        if data["state"] == "made" and product not in whole.made:
            data["state"] = "missing"
    for place, name, at in ((start, called[0], 0), (end, called[1], -1)):
        for product in {route[at] for route in goods} & chosen.keys():
            node = view.nodes["product", product]
            node["state"] = "centre"
            if place in whole.names.index:
                node["makers"] = [name]
    return arranged(view)


def _near(written: str, known: Mapping[str, str | None]) -> str:
    """Suggest known names that contain the given text, or are contained in it."""
    near = sorted(
        {name for name in known if str(written) in name or name in str(written)},
        key=lambda name: (abs(len(name) - len(str(written))), name),
    )
    return f"; near it: {', '.join(known[name] or name for name in near[:_NEAR])}" if near else ""


def _between(pairs: pd.DataFrame, firms: Iterable[str]) -> pd.DataFrame:
    """Pairs both of whose ends are among some enterprises."""
    firms = list(firms)
    return pairs[among(pairs["supplier_id"], firms) & among(pairs["customer_id"], firms)]


def _ids(chosen: Iterable[str], names: pd.Series) -> list[str]:
    """Check that all ids asked for are in the ledger."""
    ids = [chosen] if isinstance(chosen, str) else list(chosen)
    if unknown := sorted({repr(i) for i in ids} - {repr(i) for i in names.index}):
        raise ValueError(f"expected ids of the ledger's enterprises; got {', '.join(unknown[:5])}")
    return ids


def _within(chain: pd.DataFrame, product: str, upstream: int, downstream: int) -> set[str]:
    """Products within some steps upstream and downstream of a product."""
    around = {product}
    for start, end, n_steps in (("downstream", "upstream", upstream), ("upstream", "downstream", downstream)):
        layer = {product}
        for _ in range(n_steps):
            layer = set(chain.loc[among(chain[start], layer), end]) - around
            around |= layer
    return around


def _empty(ledger: Ledger, title: str, more: Counter[int], rest: int) -> View:
    """View without nodes."""
    import networkx as nx

    synthetic = bool(ledger.enterprises["is_synthetic"].fillna(value=False).any())
    return nx.MultiDiGraph(title=title, more=more, rest=rest, is_synthetic=synthetic)


def _products_drawn(
    ledger: Ledger,
    here: Locality,
    chosen: dict[str, int],
    wanted: set[str],
    *,
    title: str,
    more: Counter[int],
    rest: int = 0,
    not_by: Collection[str] = (),
    links: pd.DataFrame | None = None,
) -> View:
    """View of some products, their makers, and the links between them (all of the chain, or given ones)."""
    view = _empty(ledger, title, more, rest)
    names = ledger.names()
    by: dict[str, list[str]] = {}
    for part in (here.offers, here.elsewhere):
        rows = part[among(part["product"], chosen) & ~among(part["enterprise_id"], not_by)]
        for product, firms in rows.groupby("product")["enterprise_id"]:
            by.setdefault(str(product), []).extend(names[firm] for firm in firms)
    made, elsewhere = here.made, set(here.elsewhere["product"])

    def state(product: str) -> Literal["sought", "made", "elsewhere", "missing"]:
        if product in wanted:
            return "sought"
        return "made" if product in made else "elsewhere" if product in elsewhere else "missing"

    for product, layer in chosen.items():
        view.add_node(
            ("product", product), label=product, makers=by.get(product, []), layer=layer, state=state(product)
        )
    shown = here.chain[among(here.chain["upstream"], chosen) & among(here.chain["downstream"], chosen)]
    shown = shown if links is None else shown.merge(links)
    for row in shown.to_dict("records"):
        relation = None if pd.isna(row["relation"]) else row["relation"]
        view.add_edge(
            ("product", row["upstream"]), ("product", row["downstream"]), key="feeds", relation=relation
        )
    return view


def view_table(view: View) -> pd.DataFrame:
    """List what a view shows, as its figure draws it.

    Parameters
    ----------
    view
        From ``enterprise_view`` or another of the views.

    Returns
    -------
    DataFrame
        Columns layer and row (place in the figure, from 0), label, state (see the module), who (makers of a
        product, three names at most; products of an enterprise), n_links (links in the view). In the figure's
        order.

    Examples
    --------
    >>> from liaison_analysis import load_liangjiang
    >>> shown = view_table(enterprise_view(load_liangjiang(), "E001"))
    >>> shown.loc[shown["state"].eq("centre"), "label"].tolist()
    ['重庆华数机器人有限公司']
    """
    check_view(view)
    rows = [
        (
            data["layer"],
            data["row"],
            data["label"],
            data["state"],
            data.get("note") or "、".join(data.get("makers", [])[:SHOWN]),
            view.in_degree(node) + view.out_degree(node),
        )
        for node, data in view.nodes.items()
    ]
    shown = pd.DataFrame(rows, columns=["layer", "row", "label", "state", "who", "n_links"])
    return shown.sort_values(["layer", "row"], ignore_index=True)
