"""Gaps of the chain, dependence on one enterprise, and possible extensions."""

from __future__ import annotations

import re
import threading
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pandas as pd

from liaison_analysis._fingerprints import fingerprint
from liaison_analysis._options import language_for
from liaison_analysis.demands import TRADE_WORD_SCORE, read_requests
from liaison_analysis.ledger import as_ledger, ledger_catalogue
from liaison_analysis.supply_chain.locality import (
    Locality,
    among,
    counted,
    incidence,
    locality,
    named,
    sole_makers,
    texts_for,
)
from liaison_analysis.supply_chain.reachability import reached
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
_SINGLE: Final = [
    "product",
    "enterprise_id",
    "name",
    "n_enterprises",
    "feeds",
    "needed_by",
    "n_dependents",
    "nearest",
    "n_elsewhere",
]
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


#: What can be done about a gap: make contact with a maker near by, attract a maker, buy jointly, or import
#: the product.
ACTIONS: Final = ("near by", "attract", "buy jointly", "import")

# Smallest numbers of enterprises that need a product, and that gain by it, for attracting a maker; and
# smallest number for joint buying (judgement: a plant is not built for one customer).
_ATTRACT: Final = (5, 10)
_TOGETHER: Final = 2

# Score of a mention by the product's own name.
_EXACT: Final = 1.0

# Words of a demand to buy jointly with others, and of a demand whose product comes from abroad.
_JOINTLY: Final = re.compile("拼着买|拼单|一起买|一起采购|合着买|凑单|打捆|联合采购|团购|集采")
_ABROAD: Final = re.compile("进口|国外|洋货|海外|从(?:日本|德国|美国|韩国|台湾)")

_ACTION_WORDS: Final = {
    "zh": {
        "near by": "名册中外地的{nearest}生产，可就近对接",
        "attract": "本地{n}家在用、{gain}家受益，无人生产，可招引",
        "buy jointly": "本地{n}家都要，用量分散，可联合采购",
        "jointly": "诉求说愿与别家合买（{quote}），可联合采购",
        "import": "只有{n}家要，从外地引入",
        "abroad": "只有{n}家要，诉求说现用进口（{quote}），从境外或外地引入",
        "asked": "；{asked}条诉求点名",
    },
    "en": {
        "near by": "{nearest}, elsewhere in the roster, makes it: make contact",
        "attract": "{n} here need it, {gain} gain, nobody makes it: attract a maker",
        "buy jointly": "{n} here need it, each a little: buy together",
        "jointly": "a demand would buy with others ({quote}): buy together",
        "import": "{n} here needs it: bring it in from elsewhere",
        "abroad": "{n} here needs it, and has it from abroad by its demand ({quote}): bring it in",
        "asked": "; named by demands: {asked}",
    },
}


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
    gaps["action"], gaps["evidence"] = _actions(ledger, gaps, asked)
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
    gaps = _needed(ledger, here, missing, needs, askers)
    gaps["asked_for"] = counted(missing, asked.drop_duplicates(["product", "demand_id"])["product"])
    gaps["n_beneficiaries"] = _n_reached(here, missing, askers)
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


def _actions(ledger: Ledger, gaps: pd.DataFrame, asked: pd.DataFrame) -> tuple[list[str], list[str]]:
    """Choose what can be done about each gap, and give the reason."""
    words = _ACTION_WORDS[language_for(None)]
    texts = ledger.demands.set_index("demand_id")["text"]
    abroad: dict[str, str] = {}
    jointly: dict[str, str] = {}
    for product, demand in asked[["product", "demand_id"]].itertuples(index=False):
        for pattern, quotes in ((_ABROAD, abroad), (_JOINTLY, jointly)):
            found = pattern.search(str(texts[demand]))
            if found:
                quotes.setdefault(product, found[0])
    actions, evidence = [], []
    columns = ["product", "nearest", "n_enterprises", "n_beneficiaries", "asked_for"]
    for product, nearest, n, gain, n_asked in gaps[columns].itertuples(index=False):
        if nearest:
            action = wording = "near by"
        elif product in jointly:
            action, wording = "buy jointly", "jointly"
        elif n >= _ATTRACT[0] and gain >= _ATTRACT[1]:
            action = wording = "attract"
        elif n >= _TOGETHER:
            action = wording = "buy jointly"
        else:
            action, wording = "import", "abroad" if product in abroad else "import"
        quotes = jointly if wording == "jointly" else abroad
        text = words[wording].format(nearest=nearest, n=n, gain=gain, quote=quotes.get(product, ""))
        actions.append(action)
        evidence.append(text + (words["asked"].format(asked=n_asked) if n_asked else ""))
    return actions, evidence


def single_suppliers(ledger: Ledger | nx.Graph[Any], town: str | None = None) -> pd.DataFrame:
    """Find products that other local enterprises need and exactly one local enterprise makes.

    Parameters
    ----------
    ledger, town
        As for ``chain_gaps``.

    Returns
    -------
    DataFrame
        Columns product, enterprise_id and name (its only local maker), n_enterprises (other local
        enterprises that make something it goes into), feeds, needed_by, n_dependents (other local enterprises
        that depend on it, directly or through materials and parts made here), nearest, n_elsewhere (makers
        elsewhere); the rest as in ``chain_gaps``. Sorted by n_enterprises and n_dependents, most first, then
        product.

    Raises
    ------
    LedgerError, ValueError
        As ``chain_gaps``.

    Examples
    --------
    >>> from liaison_analysis import load_liangjiang
    >>> risks = single_suppliers(load_liangjiang())
    >>> risks[["product", "n_enterprises"]].head(2).to_numpy().tolist()
    [['可编程控制器', 15], ['表面贴装生产线', 13]]
    """
    ledger = as_ledger(ledger)
    here = locality(ledger, town)
    only = sole_makers(here.offers)
    needs = here.chain[among(here.chain["upstream"], only.index)]
    needs = needs.merge(here.offers, left_on="downstream", right_on="product")
    needs = needs[needs["enterprise_id"].ne(needs["upstream"].map(only))]
    products = sorted(set(needs["upstream"]))
    nobody = needs[["upstream", "enterprise_id"]].iloc[:0]
    risks = _needed(ledger, here, products, needs, nobody)
    risks["enterprise_id"] = risks["product"].map(only)
    risks["name"] = risks["enterprise_id"].map(ledger.names())
    risks["n_dependents"] = _n_reached(here, products, nobody, without=only)
    return risks[_SINGLE].sort_values(
        ["n_enterprises", "n_dependents", "product"], ascending=[False, False, True], ignore_index=True
    )


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
    longer["nearest"] = texts_for(products, _nearest(ledger, here))
    longer["n_elsewhere"] = counted(products, here.elsewhere["product"])
    longer["worth"] = (longer["n_inputs_here"] * longer["share_here"]).round(6)
    longer = longer.sort_values(["worth", "product"], ascending=[False, True], ignore_index=True)
    return longer[_EXTENSIONS]


def _needed(
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
    needed["nearest"] = texts_for(products, _nearest(ledger, here))
    needed["n_elsewhere"] = counted(products, here.elsewhere["product"])
    return needed


def _feeds(needs: pd.DataFrame) -> pd.Series:
    """Products that each needed product goes into, as text; those with most makers first."""
    size = needs.groupby(["upstream", "downstream"]).size().rename("n").reset_index()
    size = size.sort_values(["upstream", "n", "downstream"], ascending=[True, False, True])
    return named(size["upstream"], size["downstream"])


def _nearest(ledger: Ledger, here: Locality) -> pd.Series:
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


def _n_reached(
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
