"""Possible extensions of the chain: products not made here although some of their inputs are."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import pandas as pd

from liaison_analysis.demands import TRADE_WORD_SCORE
from liaison_analysis.ledger import as_ledger
from liaison_analysis.supply_chain.locality import among, counted, locality, named, texts_for
from liaison_analysis.supply_chain.needs import nearest_makers
from liaison_analysis.supply_chain.sought import asked_products

if TYPE_CHECKING:
    import networkx as nx

    from liaison_analysis.ledger import Ledger

_EXTENSIONS: Final = [
    "product",
    "n_inputs",
    "n_inputs_here",
    "share_here",
    "inputs_here",
    "inputs_missing",
    "n_enterprises",
    "asked_for",
    "nearest",
    "n_elsewhere",
]


def chain_extensions(ledger: Ledger | nx.Graph[Any], town: str | None = None) -> pd.DataFrame:
    """Find possible extensions of the chain: products not made here although some of their inputs are.

    Parameters
    ----------
    ledger, town
        As for ``chain_gaps``.

    Returns
    -------
    DataFrame
        Columns product, n_inputs (materials and parts known to go into it), n_inputs_here (those that
        somebody local makes), share_here (0–1), inputs_here and inputs_missing (three at most each, those
        with most makers first), n_enterprises (local makers of its inputs), asked_for (demands of local
        enterprises that look for its makers as customers), nearest, n_elsewhere (as in ``chain_gaps``).
        Sorted by n_inputs_here × share_here, most first, then product: many inputs here, and few missing.

    Raises
    ------
    LedgerError, ValueError
        As ``chain_gaps``.

    Examples
    --------
    >>> from liaison_analysis import load_liangjiang
    >>> longer = chain_extensions(load_liangjiang())
    >>> longer["share_here"].between(0, 1).all().item(), longer["n_inputs_here"].min().item()
    (True, 1)
    """
    ledger = as_ledger(ledger)
    here = locality(ledger, town)
    inputs = here.feeds[~among(here.feeds["downstream"], here.made)]
    is_made = among(inputs["upstream"], here.made)
    products = sorted(set(inputs.loc[is_made, "downstream"]))
    inputs = inputs[among(inputs["downstream"], products)]
    n_makers = inputs["upstream"].map(here.offers["product"].value_counts()).fillna(0)
    inputs = inputs.assign(n_makers=n_makers, made=among(inputs["upstream"], here.made))
    inputs = inputs.sort_values(["downstream", "n_makers", "upstream"], ascending=[True, False, True])
    own, absent = inputs[inputs["made"]], inputs[~inputs["made"]]
    who = own.merge(here.offers, left_on="upstream", right_on="product")
    who = who[["downstream", "enterprise_id"]].drop_duplicates()
    asked = asked_products(ledger, "customer")
    asked = asked[asked["score"].ge(TRADE_WORD_SCORE) & among(asked["enterprise_id"], here.firms)]
    longer = pd.DataFrame({"product": pd.Series(products, dtype="str")})
    longer["n_inputs"] = counted(products, inputs["downstream"])
    longer["n_inputs_here"] = counted(products, own["downstream"])
    longer["share_here"] = (longer["n_inputs_here"] / longer["n_inputs"].clip(lower=1)).round(6)
    longer["inputs_here"] = texts_for(products, named(own["downstream"], own["upstream"]))
    longer["inputs_missing"] = texts_for(products, named(absent["downstream"], absent["upstream"]))
    longer["n_enterprises"] = counted(products, who["downstream"])
    longer["asked_for"] = counted(products, asked.drop_duplicates(["product", "demand_id"])["product"])
    longer["nearest"] = texts_for(products, nearest_makers(ledger, here))
    longer["n_elsewhere"] = counted(products, here.elsewhere["product"])
    longer["worth"] = (longer["n_inputs_here"] * longer["share_here"]).round(6)
    longer = longer.sort_values(["worth", "product"], ascending=[False, True], ignore_index=True)
    return longer[_EXTENSIONS]
