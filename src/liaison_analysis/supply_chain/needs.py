"""Who here needs products, for which of their own, who elsewhere makes them, and how many would gain."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from liaison_analysis.supply_chain.locality import Locality, among, counted, incidence, named, texts_for
from liaison_analysis.supply_chain.reachability import reached

if TYPE_CHECKING:
    from liaison_analysis.ledger import Ledger


def needed_table(
    ledger: Ledger, here: Locality, products: list[str], needs: pd.DataFrame, askers: pd.DataFrame
) -> pd.DataFrame:
    """Table of needed products: who needs them, for which products, and who elsewhere could supply them.

    ``needs`` (upstream, downstream, enterprise_id) are who needs a product for what it makes, ``askers``
    (upstream, enterprise_id) who asks for it.
    """
    who = pd.concat([needs[["upstream", "enterprise_id"]], askers]).drop_duplicates()
    who = who.sort_values(["upstream", "enterprise_id"])
    needed = pd.DataFrame({"product": pd.Series(products, dtype="str")})
    needed["n_enterprises"] = counted(products, who["upstream"])
    needed["feeds"] = texts_for(products, _feeds(needs))
    needed["needed_by"] = texts_for(
        products, named(who["upstream"], who["enterprise_id"].map(ledger.names()))
    )
    needed["nearest"] = texts_for(products, nearest_makers(ledger, here))
    needed["n_elsewhere"] = counted(products, here.elsewhere["product"])
    return needed


def _feeds(needs: pd.DataFrame) -> pd.Series:
    """Products that each needed product goes into, as text; those with most makers first."""
    size = needs.groupby(["upstream", "downstream"]).size().rename("n").reset_index()
    size = size.sort_values(["upstream", "n", "downstream"], ascending=[True, False, True])
    return named(size["upstream"], size["downstream"])


def nearest_makers(ledger: Ledger, here: Locality) -> pd.Series:
    """Names of the makers elsewhere of each product, the nearest first."""
    towns = ledger.enterprises.set_index("enterprise_id")["town"]
    trade = ledger.supplies
    known = set(trade.loc[among(trade["customer_id"], here.firms), "supplier_id"])
    far = here.elsewhere.assign(
        far=here.elsewhere["enterprise_id"].map(towns).isna(),
        new=~among(here.elsewhere["enterprise_id"], known),
        weight=here.elsewhere["weight"].astype("float64").fillna(-1),
    )
    order = ["product", "far", "new", "weight", "enterprise_id"]
    far = far.sort_values(order, ascending=[True, True, True, False, True])
    return named(far["product"], far["enterprise_id"].map(ledger.names()))


def count_reached(
    here: Locality, products: list[str], askers: pd.DataFrame, *, without: pd.Series | None = None
) -> list[int]:
    """Count the local enterprises downstream of each product: first a link of any kind, then links made here.

    ``askers`` (upstream, enterprise_id) need a product themselves; ``without`` names an enterprise for each
    product that is not counted.
    """
    goods, firms = here.made, here.firms
    rank = pd.Index(products, dtype="str")
    local = here.feeds[among(here.feeds["upstream"], goods) & among(here.feeds["downstream"], goods)]
    first = here.chain[among(here.chain["upstream"], rank) & among(here.chain["downstream"], goods)]
    links = incidence(local["upstream"], local["downstream"], goods, goods)
    made_by = incidence(here.offers["product"], here.offers["enterprise_id"], goods, firms)
    straight = incidence(first["upstream"], first["downstream"], rank, goods)
    onward = (straight + reached(links, straight)).tocsr()
    who = onward @ made_by + incidence(askers["upstream"], askers["enterprise_id"], rank, firms)
    if without is not None:
        own = incidence(pd.Series(products), without.reindex(products), rank, firms)
        who = who - who.multiply(own)
        who.eliminate_zeros()
    return [int(n) for n in np.diff(who.tocsr().indptr)]
