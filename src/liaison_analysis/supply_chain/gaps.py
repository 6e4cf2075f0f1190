"""Gaps of the chain: what enterprises here need and nobody here makes."""

from __future__ import annotations

import threading
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

import pandas as pd

from liaison_analysis._fingerprints import fingerprint
from liaison_analysis.demands import TRADE_WORD_SCORE, read_requests
from liaison_analysis.ledger import as_ledger, ledger_catalogue
from liaison_analysis.supply_chain.gap_actions import choose_actions
from liaison_analysis.supply_chain.locality import among, counted, locality
from liaison_analysis.supply_chain.needs import count_reached, needed_table
from liaison_analysis.supply_chain.sought import asked_products

if TYPE_CHECKING:
    import networkx as nx

    from liaison_analysis.ledger import Ledger
    from liaison_analysis.products import ProductCatalogue

_GAPS: Final = [
    "product",
    "n_enterprises",
    "feeds",
    "needed_by",
    "asked_for",
    "nearest",
    "n_beneficiaries",
    "n_elsewhere",
    "action",
    "evidence",
]

# Score of a mention by the product's own name.
_EXACT: Final = 1.0


def chain_gaps(ledger: Ledger | nx.Graph[Any], town: str | None = None) -> pd.DataFrame:
    """Find products that local enterprises need for their own products and nobody local makes.

    An enterprise is local if it has a town, or lies in ``town``; where the ledger gives no towns, all are
    local. A product is needed when it feeds something that a local enterprise makes, or when a local
    enterprise's demand looks for it as an input. A product is made here according to ``offers`` or
    ``supplies``.

    Parameters
    ----------
    ledger
        Needs ``offers`` and ``product_chain``.
    town
        One town; by default all of them together.

    Returns
    -------
    DataFrame
        Columns product, n_enterprises (local ones that need it), feeds (the local products it goes into,
        three at most, those with most makers first), needed_by (their makers' names, three at most),
        asked_for (demands that look for it), nearest (names of enterprises elsewhere that make it, three at
        most, those with a town first, then those that supply a local enterprise already, then by its share of
        their revenue; empty if there is none), n_beneficiaries (local enterprises that need it, directly or
        through materials and parts made here), n_elsewhere (makers elsewhere), action (one of ``ACTIONS``)
        and evidence (the reason for the action, in the language of ``options``). A demand counts only for the
        product that it asks for, not for others that it mentions. Sorted by asked_for and n_enterprises, most
        first, then product; ``sort_values("n_beneficiaries")`` ranks gaps by how many enterprises gain if the
        gap is filled.

    Raises
    ------
    LedgerError
        ``offers`` or ``product_chain`` has no rows.
    ValueError
        No enterprise lies in ``town``.

    Examples
    --------
    >>> from liaison_analysis import load_liangjiang
    >>> gaps = chain_gaps(load_liangjiang())
    >>> gaps[["product", "n_enterprises", "asked_for", "n_beneficiaries"]].head(2).to_numpy().tolist()
    [['冲压机', 13, 2, 93], ['编码器', 7, 1, 35]]
    """
    ledger = as_ledger(ledger)
    gaps, asked = _found(ledger, town)
    gaps["action"], gaps["evidence"] = choose_actions(ledger, gaps, asked)
    return gaps[_GAPS].sort_values(
        ["asked_for", "n_enterprises", "product"], ascending=[False, False, True], ignore_index=True
    )


@dataclass(eq=False)
class _Found:
    """What was worked out for a ledger: what its demands ask for, and the gaps of each town."""

    asked: pd.DataFrame
    things: dict[str, set[str]] = field(default_factory=dict)
    gaps: dict[str | None, tuple[pd.DataFrame, pd.DataFrame]] = field(default_factory=dict)


# Of the ledgers used last: a report needs the gaps of the same ledger many times, of each town and in each
# language, and most of the work is to read what its demands ask for.
_kept: dict[bytes, _Found] = {}
_KEPT_LEDGERS: Final = 2
_lock = threading.RLock()


def _found(ledger: Ledger, town: str | None) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Gaps without what can be done about them, and the demands that ask for them; worked out once."""
    key = _fingerprint(ledger)
    with _lock:
        found = _kept.pop(key, None)
        if found is None:
            asked = asked_products(ledger, "supplier")
            found = _Found(asked[asked["score"].ge(TRADE_WORD_SCORE)])
        _kept[key] = found
        while len(_kept) > _KEPT_LEDGERS:
            del _kept[next(iter(_kept))]
        if town not in found.gaps:
            found.gaps[town] = _gaps_and_askers(ledger, town, found)
        gaps, asked = found.gaps[town]
    return gaps.copy(), asked


def _fingerprint(ledger: Ledger) -> bytes:
    """Fingerprint of everything that gaps are worked out from."""
    whole = ledger.completed
    return fingerprint(
        (whole.demands, ("demand_id", "enterprise_id", "text")),
        (whole.offers, ("enterprise_id", "product", "weight")),
        (whole.product_chain, ("upstream", "downstream", "relation", "source")),
        (whole.synonyms, ("term", "product")),
        (whole.enterprises, ("enterprise_id", "name", "town", "main_business")),
        (whole.aliases, ("enterprise_id", "alias")),
        (ledger.supplies, ("supplier_id", "customer_id", "product", "weight")),
    )


def _gaps_and_askers(ledger: Ledger, town: str | None, found: _Found) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Gaps of one town or of all, and the demands that ask for them."""
    here = locality(ledger, town)
    needs = here.chain.merge(here.offers, left_on="downstream", right_on="product")
    needs = needs.loc[~among(needs["upstream"], here.made), ["upstream", "downstream", "enterprise_id"]]
    asked = found.asked[among(found.asked["enterprise_id"], here.firms)]
    asked = asked[~among(asked["product"], here.made)]
    asked = asked[_is_the_thing(ledger, asked, found.things)]
    missing = sorted({*needs["upstream"], *asked["product"]})
    askers = asked[["product", "enterprise_id"]].rename(columns={"product": "upstream"})
    gaps = needed_table(ledger, here, missing, needs, askers)
    gaps["asked_for"] = counted(missing, asked.drop_duplicates(["product", "demand_id"])["product"])
    gaps["n_beneficiaries"] = count_reached(here, missing, askers)
    return gaps, asked


def _is_the_thing(ledger: Ledger, asked: pd.DataFrame, things: dict[str, set[str]]) -> pd.Series:
    """Whether each product is what its demand asks for, as far as this can be read.

    ``things`` holds what demands ask for that were read before, and is added to.
    """
    catalogue = ledger_catalogue(ledger)
    _read_things(ledger, asked["demand_id"], catalogue, things)
    kept = []
    for demand, product, score in asked[["demand_id", "product", "score"]].itertuples(index=False):
        named = things[demand]
        meant = catalogue.recognise(product)
        kinds = {product} if meant is None else {product, meant.product, *catalogue.kinds_of(meant.product)}
        # A product named in full is the thing asked for more often than what is read beside it.
        kept.append(
            score >= _EXACT or not named or any(t in kinds or t in product or product in t for t in named)
        )
    return pd.Series(kept, asked.index, dtype="bool")


def _read_things(
    ledger: Ledger, demand_ids: pd.Series, catalogue: ProductCatalogue, things: dict[str, set[str]]
) -> None:
    """Read what demands ask for that were not read before."""
    new = set(demand_ids) - things.keys()
    if not new:
        return
    demands = ledger.demands[ledger.demands["demand_id"].isin(new)]
    requests = read_requests(demands[["demand_id", "enterprise_id", "text"]])
    requests = requests[requests["intent"].eq("supplier") & requests["live"]]
    things |= {demand: set() for demand in new}
    for demand, thing, product in requests[["demand_id", "object", "product"]].itertuples(index=False):
        meant = catalogue.recognise(thing) if thing else None
        known = {name for name in (product, meant.product if meant else "") if name}
        # A thing that is read but not in the catalogue may be any product.
        things[demand].update(known and {thing, *known})
