"""Complete a ledger from the general product chain."""

from __future__ import annotations

import threading
from dataclasses import replace
from typing import TYPE_CHECKING, Final

import pandas as pd

from liaison_analysis._fingerprints import fingerprint
from liaison_analysis.ledger.frames import typed
from liaison_analysis.ledger.graphs import as_ledger
from liaison_analysis.products import (
    ProductCatalogue,
    business_offers,
    find_product_words,
    local_chain,
    product_catalogue,
)

if TYPE_CHECKING:
    from liaison_analysis.ledger.model import Ledger


def ledger_catalogue(ledger: Ledger) -> ProductCatalogue:
    """Give the general catalogue with the ledger's own links and words, which take precedence.

    Parameters
    ----------
    ledger
        Its ``product_chain`` and ``synonyms``.

    Returns
    -------
    ProductCatalogue
        To recognise terms with.

    Examples
    --------
    >>> from liaison_analysis import load_liangjiang
    >>> ledger_catalogue(load_liangjiang()).recognise("工业机器人").product
    '工业机器人'
    """
    ledger = as_ledger(ledger)
    chain, synonyms = ledger.product_chain, ledger.synonyms
    if chain.empty and synonyms.empty:
        return product_catalogue()
    key = fingerprint((chain, chain.columns.tolist()), (synonyms, synonyms.columns.tolist()))
    with _lock:  # a report's threads ask for it side by side
        if key not in _catalogues:
            while len(_catalogues) >= _MOST_CATALOGUES:
                del _catalogues[next(iter(_catalogues))]
            _catalogues[key] = product_catalogue().with_own(chain, synonyms)
        return _catalogues[key]


# Of the ledgers used last, as they are and completed: a report asks for each of them a dozen times.
_MOST_CATALOGUES: Final = 4
_catalogues: dict[bytes, ProductCatalogue] = {}
_lock = threading.Lock()


def complete_ledger(ledger: Ledger) -> Ledger:
    """Add offers that enterprises write as their business, and the general chain around what is made here.

    An enterprise without a row of ``offers`` gets those of its ``main_business``. A ledger without a product
    chain of its own gets the part of the general chain that leads to and from what is made and asked for
    here; one with a chain of its own gets it only for products that its chain does not name.

    Parameters
    ----------
    ledger
        Any ledger.

    Returns
    -------
    Ledger
        The same ledger where nothing is added. ``product_chain.source`` of what is added says 通用产业链,
        ``offers.evidence`` quotes the business.

    Examples
    --------
    >>> from liaison_analysis import load_liangjiang
    >>> ledger = load_liangjiang()
    >>> len(complete_ledger(ledger).offers) == len(ledger.offers)
    True
    """
    ledger = as_ledger(ledger)
    offers = _with_business(ledger)
    own = ledger.product_chain
    own_names = {*own["upstream"], *own["downstream"]}
    # A product of no enterprise has no maker and no user to lead to.
    unnamed = sorted(set(offers["product"]) - own_names)
    chain = own
    if unnamed:
        catalogue = ledger_catalogue(ledger)
        sought = find_product_words(ledger.demands["text"], catalogue) if own.empty else sorted(own_names)
        offered = sorted(set(offers["product"]))
        added = local_chain(catalogue, offered, sought)
        named = added["upstream"].isin(own_names) & added["downstream"].isin(own_names)
        # Only links that touch what the ledger's own chain leaves out.
        touches = added["upstream"].isin(unnamed) | added["downstream"].isin(unnamed)
        added = added[~named & (touches | own.empty)]
        if len(added):
            chain = pd.concat([own, typed("product_chain", added)], ignore_index=True)
    if chain is own and offers is ledger.offers:
        return ledger
    completed = replace(ledger, offers=offers, product_chain=chain)
    completed.__dict__["completed"] = completed
    return completed


def _with_business(ledger: Ledger) -> pd.DataFrame:
    """Offers, with those read from the main business of enterprises that have none."""
    firms = ledger.enterprises
    silent = firms[
        ~firms["enterprise_id"].isin(ledger.offers["enterprise_id"]) & firms["main_business"].notna()
    ]
    if silent.empty:
        return ledger.offers
    read = business_offers(silent, catalogue=ledger_catalogue(ledger))
    if read.empty:
        return ledger.offers
    synthetic = silent.set_index("enterprise_id")["is_synthetic"]
    read["is_synthetic"] = read["enterprise_id"].map(synthetic).astype("boolean")
    read["evidence"] = "主营业务：" + read["evidence"]
    return pd.concat([ledger.offers, typed("offers", read)], ignore_index=True)
