"""Products that demands ask for, read from their mentions and intents."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import pandas as pd

from liaison_analysis._checks import check_frame
from liaison_analysis.demands import demand_mentions
from liaison_analysis.ledger import as_ledger
from liaison_analysis.supply_chain.paths import MAX_HOPS

if TYPE_CHECKING:
    import networkx as nx

    from liaison_analysis.ledger import Ledger

#: Intents of a demand that mean that a product named in it is sought.
SEEKING_INTENTS: Final = ("customer", "supplier")


def asked_products(
    ledger: Ledger | nx.Graph[Any], intent: str, *, mentions: pd.DataFrame | None = None
) -> pd.DataFrame:
    """List the products that the demands of one intent name.

    Products of the enterprise itself are left out: by these the demand describes the enterprise. Where one
    demand asks for customers and for suppliers, the chain decides which product is which: products that its
    own products go into are for customers, inputs of its own products are for suppliers.

    Parameters
    ----------
    ledger
        Its demands are read.
    intent
        One of ``mentions.INTENTS``.
    mentions
        From ``demand_mentions``; computed where not given.

    Returns
    -------
    DataFrame
        Columns demand_id, enterprise_id, product, score (0–1): one row for each demand and product, and one
        without product for a demand that names none. In the order of the demands.

    Examples
    --------
    >>> from liaison_analysis import load_liangjiang
    >>> asked = asked_products(load_liangjiang(), "customer")
    >>> asked[asked["enterprise_id"].eq("E001")]["product"].tolist()
    ['新能源乘用车', '燃油乘用车']
    """
    ledger = as_ledger(ledger)
    if mentions is not None:
        check_frame(
            mentions,
            "mentions",
            ["demand_id", "enterprise_id", "kind", "value", "score"],
            source="demand_mentions",
        )
    mentions = demand_mentions(ledger) if mentions is None else mentions
    intents = mentions[mentions["kind"].eq("intent")]
    asking = intents.loc[intents["value"].eq(intent), ["demand_id", "enterprise_id"]]
    named = mentions[mentions["kind"].eq("product")].rename(columns={"value": "product"})
    named = named.sort_values("score", ascending=False, kind="stable").drop_duplicates(
        ["demand_id", "product"]
    )
    ends = ["enterprise_id", "product"]
    fits = ~_are_in(named[ends], ledger.completed.offers[ends])
    if intent in SEEKING_INTENTS:
        both = intents[intents["value"].isin(SEEKING_INTENTS)].groupby("demand_id")["value"].nunique()
        unclear = named["demand_id"].isin(both.index[both.eq(len(SEEKING_INTENTS))])
        firms = named.loc[unclear, "enterprise_id"]
        own = ledger.completed.offers.loc[ledger.completed.offers["enterprise_id"].isin(firms), ends]
        links = ledger.completed.product_chain[["upstream", "downstream"]]
        outputs, inputs = _within(links, own), _within(links[["downstream", "upstream"]], own)
        wrong, right = (inputs, outputs) if intent == "customer" else (outputs, inputs)
        fits &= ~unclear | ~_are_in(named[ends], wrong) | _are_in(named[ends], right)
    named = named.loc[fits, ["demand_id", "product", "score"]].sort_index()
    return asking.merge(named, on="demand_id", how="left").reset_index(drop=True)


def _are_in(pairs: pd.DataFrame, among: pd.DataFrame) -> pd.Series:
    """Whether each pair is one of some pairs."""
    return pd.Series(pd.MultiIndex.from_frame(pairs).isin(pd.MultiIndex.from_frame(among)), pairs.index)


def _within(links: pd.DataFrame, own: pd.DataFrame) -> pd.DataFrame:
    """Pairs of an enterprise and a product within ``MAX_HOPS`` links (start, end) of its own products."""
    links = links.set_axis(["product", "next"], axis=1)
    reached = layer = own
    for _ in range(MAX_HOPS):
        layer = layer.merge(links)[["enterprise_id", "next"]].drop_duplicates()
        layer = layer.rename(columns={"next": "product"})
        reached = pd.concat([reached, layer])
    return reached.iloc[len(own) :]


def sought_products(ledger: Ledger | nx.Graph[Any]) -> pd.DataFrame:
    """List the products that enterprises look for, as customers' products or as inputs, in their demands.

    Parameters
    ----------
    ledger
        Its demands.

    Returns
    -------
    DataFrame
        Columns enterprise_id, product, intent (``customer`` or ``supplier``), demand_id, score (0–1); the
        mention with the highest score of each (enterprise, product, intent), sorted by these three.

    Examples
    --------
    >>> from liaison_analysis import load_liangjiang
    >>> sought = sought_products(load_liangjiang())
    >>> sought[sought["enterprise_id"].eq("E001")]["product"].tolist()
    ['新能源乘用车', '燃油乘用车']
    """
    ledger = as_ledger(ledger)
    mentions = demand_mentions(ledger)
    sought = pd.concat(
        [
            asked_products(ledger, intent, mentions=mentions).assign(intent=intent)
            for intent in SEEKING_INTENTS
        ]
    )
    columns = ["enterprise_id", "product", "intent", "demand_id", "score"]
    ordered = sought.dropna(subset=["product"]).sort_values(
        ["enterprise_id", "product", "intent", "score", "demand_id"],
        ascending=[True, True, True, False, True],
    )
    return ordered.drop_duplicates(columns[:3])[columns].reset_index(drop=True)
