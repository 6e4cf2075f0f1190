"""A ledger out of a graph of one's own, and the check of what functions of a ledger are given."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import pandas as pd

from liaison_analysis._checks import described, is_graph
from liaison_analysis._messages import message
from liaison_analysis.ledger.frames import typed
from liaison_analysis.ledger.model import Ledger
from liaison_analysis.ledger.schema import RELATIONS

if TYPE_CHECKING:
    import networkx as nx

#: Kinds of nodes of a graph of the chain.
_KINDS: Final = ("enterprise", "product")
# Attributes of nodes and edges that a ledger has columns for.
_OF_FIRMS: Final = ("name", "town", "category", "industry_code", "main_business", "headcount", "is_synthetic")


def as_ledger(ledger: Ledger | nx.Graph[Any], what: str = "ledger") -> Ledger:
    """Return what a function of a ledger works on: the ledger itself, or one made of a graph.

    Parameters
    ----------
    ledger
        A ledger, or a graph of NetworkX as for ``Ledger.from_graph``.
    what
        Name of the argument, for the message.

    Returns
    -------
    Ledger
        The same object if it is one.

    Raises
    ------
    ValueError
        Anything else, with what makes a ledger of it.

    Examples
    --------
    >>> as_ledger("台账.xlsx")
    Traceback (most recent call last):
    ...
    ValueError: ledger: expected a Ledger, got '台账.xlsx'; read_ledger('台账.xlsx') makes one
    """
    if isinstance(ledger, Ledger):
        return ledger
    if is_graph(ledger):
        return ledger_from_graph(ledger)
    if isinstance(ledger, str | Path):
        how = message("read_ledger({path!r}) makes one", path=str(ledger))
    elif isinstance(ledger, Mapping):
        how = message("Ledger.from_frames(...) makes one of DataFrames by table name")
    elif isinstance(ledger, pd.DataFrame):
        how = message("Ledger.from_frames({example}) makes one", example="{'demands': frame}")
    elif isinstance(getattr(ledger, "ledger", None), Ledger):
        how = message("give its attribute .ledger")
    else:
        how = message("read_ledger(path), Ledger.from_frames(...) or Ledger.from_graph(...) makes one")
    got = described(ledger)
    raise ValueError(message("{what}: expected a Ledger, got {got}; {how}", what=what, got=got, how=how))


def ledger_from_graph(graph: nx.Graph[Any], *, source: str = "graph") -> Ledger:
    """Make a ledger of a graph: ``Ledger.from_graph``."""
    if not is_graph(graph):
        raise ValueError(message("graph: expected a graph of NetworkX, got {got}", got=described(graph)))
    if not graph.is_directed():
        raise ValueError(
            message(
                "graph: edges have no direction; give a DiGraph whose edges lead from the supplier or input "
                "to the customer or product"
            )
        )
    kinds, names = _nodes(graph)
    firms = [
        {"enterprise_id": names[node], "name": names[node], **_chosen(data, _OF_FIRMS)}
        for node, data in graph.nodes(data=True)
        if kinds[node] != "product"
    ]
    offers = [{"enterprise_id": names[node], "product": names[node]} for node in graph if kinds[node] is None]
    chain: list[dict[str, Any]] = []
    supplies: list[dict[str, Any]] = []
    for one, other, key, data in _edges(graph):
        ends = names[one], names[other]
        pair = kinds[one] or _other_kind(kinds[other]), kinds[other] or _other_kind(kinds[one])
        if "seeks" in (key, data.get("kind")):
            continue  # a demand has a text, which a graph does not keep
        if pair == ("enterprise", "enterprise"):
            supplies.append({"supplier_id": ends[0], "customer_id": ends[1], **_chosen(data, ("product",))})
        elif pair == ("product", "product"):
            chain.append({"upstream": ends[0], "downstream": ends[1], "relation": _relation(data)})
            if kinds[one] is kinds[other] is None:
                supplies.append({"supplier_id": ends[0], "customer_id": ends[1], "product": ends[0]})
        elif pair == ("enterprise", "product"):
            offers.append({"enterprise_id": ends[0], "product": ends[1], **_chosen(data, ("weight",))})
        else:
            raise ValueError(
                message(
                    "graph: an edge leads from the product {product!r} to the enterprise {enterprise!r}; let "
                    "it lead from the enterprise to the products that it makes",
                    product=ends[0],
                    enterprise=ends[1],
                )
            )
    frames: dict[str, Any] = {
        name: typed(name, pd.DataFrame(rows, columns=_columns(rows, *first)))
        for name, rows, *first in (
            ("enterprises", firms, "enterprise_id", "name"),
            ("offers", offers, "enterprise_id", "product"),
            ("product_chain", chain, "upstream", "downstream"),
            ("supplies", supplies, "supplier_id", "customer_id"),
        )
    }
    keys = {"offers": ["enterprise_id", "product"], "product_chain": ["upstream", "downstream"]}
    for name, key in keys.items():
        frames[name] = frames[name].drop_duplicates(key, ignore_index=True)
    return Ledger(**frames, source=source)


def _nodes(graph: nx.Graph[Any]) -> tuple[dict[Any, str | None], dict[Any, str]]:
    """Kind (None where nothing says it) and name of every node; two nodes with one name are an error."""
    kinds: dict[Any, str | None] = {}
    names: dict[Any, str] = {}
    for node, data in graph.nodes(data=True):
        kind, name = data.get("kind"), node
        if isinstance(node, tuple) and len(node) == len(_KINDS) and node[0] in _KINDS:
            kind, name = node
        if kind not in (*_KINDS, None):
            raise ValueError(
                message(
                    "graph: kind of the node {node!r} is {kind!r}; write enterprise or product, or "
                    "leave it out",
                    node=node,
                    kind=kind,
                )
            )
        kinds[node], names[node] = kind, str(name).strip()
        if not names[node]:
            raise ValueError(message("graph: a node has an empty name; name it"))
    seen: dict[tuple[bool, str], Any] = {}
    for node, name in names.items():
        other = seen.setdefault((kinds[node] == "product", name), node)
        if other != node:
            raise ValueError(
                message(
                    "graph: the nodes {one!r} and {other!r} have the same name; rename one",
                    one=other,
                    other=node,
                )
            )
    return kinds, names


def _other_kind(kind: str | None) -> str:
    """Read a node of no kind, which is both enterprise and product, by the other end of its edge."""
    return kind or "product"


def _edges(graph: nx.Graph[Any]) -> list[tuple[Any, Any, Any, dict[str, Any]]]:
    """List ends, key and attributes of every edge; a graph without parallel edges has no keys."""
    if graph.is_multigraph():
        return list(graph.edges(keys=True, data=True))  # type: ignore[call-overload]
    return [(one, other, None, data) for one, other, data in graph.edges(data=True)]


def _chosen(data: dict[str, Any], names: tuple[str, ...]) -> dict[str, Any]:
    return {name: data[name] for name in names if data.get(name) is not None}


def _relation(data: dict[str, Any]) -> str | None:
    """Relation of an edge, if it is one that a ledger knows."""
    relation = data.get("relation")
    return relation if relation in RELATIONS else None


def _columns(rows: list[dict[str, Any]], *first: str) -> list[str]:
    """Columns of a table of these rows: also of no rows."""
    return list(dict.fromkeys([*first, *(name for row in rows for name in row)]))
