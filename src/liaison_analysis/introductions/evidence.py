"""Evidence for an introduction: its weights, and the frames read from a ledger that it is computed from."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd

from liaison_analysis.demands import demand_mentions, products_of
from liaison_analysis.introductions.asked_pairs import (
    ASKED,
    ASKED_BACK,
    AskedPairs,
    best_of_pair,
    offer_matches,
    products_asked,
)
from liaison_analysis.introductions.known_trades import KnownTrades
from liaison_analysis.introductions.roles import COMPLEMENT, PAIR, ROLES, SERVICE_ROLES, serving_roles
from liaison_analysis.ledger import ledger_catalogue
from liaison_analysis.products import GENERAL
from liaison_analysis.supply_chain import PACKAGING
from liaison_analysis.text import encode

if TYPE_CHECKING:
    from liaison_analysis.ledger import Ledger
    from liaison_analysis.text import Encoder

# Weights and thresholds. benchmarks/sensitivity.py moves each by a fifth and prints what that changes.

#: Weights of the evidence that is enough for an introduction: the chain's paths, what the seeker's demand
#: asks for, what the counterpart's demand asks for. They sum to one. Judgement;
#: ``fit_outcomes`` learns them from salons.
WEIGHTS: Final = {"chain": 0.45, "asked": 0.40, "back": 0.15}

#: Weights of the context, which can only re-order introductions, by a tenth at most (judgement): who
#: supplies similar firms, similarity of the demand and what is offered, town, size, and whether the
#: counterpart is a recognised enterprise.
CONTEXT: Final = {"linked": 0.04, "similar": 0.03, "town": 0.01, "size": 0.01, "category": 0.01}

# Least share of revenue of an offer, so that a path over it still counts (judgement).
_LEAST_SHARE: Final = 0.01
# Weight of a share of revenue read out of a business text against one that the ledger lists (development
# regions), and how the evidence of such an offer begins.
_READ: Final = 0.2
_READ_FROM: Final = "主营业务："

# Cosines of a demand and a product's name that count 0 and 1: 99 % of the sample's lie below the first, all
# below the second.
_CHANCE: Final = 0.24
_CLOSE: Final = 0.5

# Most names that are compared with demands, and demands in one batch: some 60 MB.
_MOST_NAMES: Final = 20_000
_AT_ONCE: Final = 2_000

# Divisions of GB/T 4754 up to this one produce goods; the others are services.
_LAST_OF_GOODS: Final = "50"
# Categories of recognised enterprises.
_RECOGNISED: Final = ("四上", "专精特新", "小巨人")


def evidence_frames(
    ledger: Ledger,
    seekers: list[str],
    role: str,
    *,
    max_makers: int | None = None,
    mentions: pd.DataFrame | None = None,
    encoder: Encoder = None,
    requests: pd.DataFrame | None = None,
    past: bool = False,
) -> dict[str, pd.DataFrame]:
    """Read the small frames that the joins start from: who seeks, who may be met, what is offered and asked.

    Parameters
    ----------
    ledger
        Where to read.
    seekers
        Enterprise ids.
    role
        One of ``ROLES``.
    max_makers
        Products that more enterprises offer do not distinguish anybody and are left out of the chain's joins.
    mentions
        Those of the demands, from ``demand_mentions``, where they are at hand already.
    encoder
        As in ``text.encode``.
    requests
        As for ``direct_matches``.
    past
        Of pairs that have met already: those that trade now are treated like all others.

    Returns
    -------
    dict
        seekers, counterparts (one column each), offers (enterprise_id, product, share of revenue), made
        (those of ``offers`` that ``max_makers`` leaves out as well), feeds (upstream, downstream, relation),
        asked and back (one row for each pair: the mention with the highest score), known (pairs that trade,
        whoever sells, and of which no demand asks for a product that they do not trade yet), again (pairs
        that trade and where a demand does ask for such a product), silent (enterprise_id: who lists no
        offers), traded (supplier_id, customer_id), similar (seeker_id, product, similar) and firms
        (enterprise_id, town, headcount, recognised).

    Examples
    --------
    >>> from liaison_analysis import load_liangjiang
    >>> frames = evidence_frames(load_liangjiang(), ["E001"], "customer")
    >>> frames["asked"][["counterpart_id", "product"]].to_numpy().tolist()[:1]
    [['E241', '新能源乘用车']]
    """
    made = _offers(ledger)
    everyone = ledger.enterprises["enterprise_id"]
    mentions = demand_mentions(ledger) if mentions is None else mentions
    serving = serving_roles(ledger.enterprises)
    # Listed offers are used where there are any; only enterprises without them are matched by their own
    # words.
    silent = set(everyone[~everyone.isin(ledger.offers["enterprise_id"])])
    offers, feeds = _in_role(ledger, role, made)
    telling = made
    counterparts = set(everyone)
    if role in SERVICE_ROLES:
        offered = set(offers["enterprise_id"]) - silent
        counterparts = offered | set(serving.index[serving.eq(role)])
    else:
        # Business texts of lenders, laboratories and institutes name goods that others make.
        telling = made[~made["enterprise_id"].isin(silent & set(serving.index[serving.ne("")]))]
    # The general chain is not used for goods that the catalogue knows only by their last word.
    if silent:
        telling = telling[~telling["enterprise_id"].isin(silent) | telling["product"].isin(_known_of(ledger))]
    trades = None if past else KnownTrades(ledger)
    asking = AskedPairs(ledger, role, seekers, serving, silent, requests, encoder, trades)
    listed = offers[~offers["enterprise_id"].isin(silent)]
    asked = products_asked(ledger, ROLES[role], mentions)
    # Lenders and laboratories do not look for a lender or a laboratory.
    asked = asked[asked["enterprise_id"].isin(seekers) & asked["enterprise_id"].map(serving).ne(role)]
    # A demand for customers names what they make, not what they would buy.
    goods = None if role == "customer" else "product"
    named = offer_matches(asked, listed, "seeker_id", "counterpart_id", ASKED, trades=trades, goods=goods)
    wanted, counterparts = asking.wanted(named, asked, counterparts)
    back = products_asked(ledger, COMPLEMENT.get(role, ""), mentions)
    goods = None if role == "supplier" else "product"
    theirs = offer_matches(
        back, listed, "counterpart_id", "seeker_id", ASKED_BACK, trades=trades, goods=goods
    )
    theirs = best_of_pair(pd.concat([theirs, asking.wanted_of_seekers()], ignore_index=True), ASKED_BACK)
    traded = ledger.supplies[["supplier_id", "customer_id"]].drop_duplicates()
    both_ways = [traded.set_axis(columns, axis=1)[PAIR] for columns in (PAIR, PAIR[::-1])]
    known = pd.concat(both_ways, ignore_index=True).drop_duplicates().iloc[: 0 if past else None]
    anew = pd.concat([wanted[PAIR], theirs[PAIR]], ignore_index=True).drop_duplicates()
    again = known.merge(anew, on=PAIR)
    known = known.merge(anew, "left", PAIR, indicator="of_demand").query("of_demand == 'left_only'")[PAIR]
    if max_makers is not None:
        telling = telling[telling.groupby("product")["enterprise_id"].transform("size").le(max_makers)]
    return {
        "seekers": pd.DataFrame({"seeker_id": seekers}, dtype="str"),
        "counterparts": pd.DataFrame({"counterpart_id": sorted(counterparts)}, dtype="str"),
        "offers": telling,
        "made": made[["enterprise_id", "product"]],
        "feeds": feeds[["upstream", "downstream", "relation"]].fillna({"relation": ""}),
        "asked": wanted,
        "back": theirs,
        "known": known.reset_index(drop=True),
        "again": again,
        "silent": pd.DataFrame({"enterprise_id": sorted(silent)}, dtype="str"),
        "traded": traded,
        "similar": _similar(ledger, asked, encoder),
        "firms": _firms(ledger),
    }


def _in_role(ledger: Ledger, role: str, offers: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Offers and links of the chain that concern a role."""
    feeds = ledger.completed.product_chain
    # A path of the general chain counts only if everything on it is made here.
    here = set(offers["product"])
    general = feeds["source"].eq(GENERAL).fillna(value=False)
    if general.any():
        goods = _goods(ledger, feeds["downstream"])
        feeds = feeds[~general | (feeds["upstream"].isin(here) & feeds["downstream"].isin(here) & goods)]
        packed = feeds["source"].eq(GENERAL) & feeds["upstream"].isin(ledger_catalogue(ledger).packaging)
        feeds = feeds.assign(relation=feeds["relation"].mask(packed.astype(bool), PACKAGING))
    service = feeds["relation"].eq("service").fillna(value=False)
    if role in SERVICE_ROLES:
        _, words = SERVICE_ROLES[role]
        services = feeds.loc[service, "upstream"].unique()
        offers = offers[offers["product"].isin(services) & offers["product"].str.contains(words)]
        # Credit is an input of no product; a test or a study is for one product only.
        return offers, feeds[service & feeds["upstream"].str.contains(words) & (role != "financier")]
    # Lenders, laboratories and institutes have roles of their own and are no suppliers of parts.
    named = [feeds["upstream"].str.contains(words) for _, words in SERVICE_ROLES.values()]
    served = service & pd.concat(named, axis=1).any(axis=1)
    return offers[~offers["product"].isin(feeds.loc[served, "upstream"])], feeds[~served]


def _goods(ledger: Ledger, products: pd.Series) -> pd.Series:
    """Whether each product is a thing and no service to others, as far as the catalogue knows."""
    catalogue = ledger_catalogue(ledger)
    codes = catalogue.products["code"].fillna("").to_dict()
    known = {product: catalogue.recognise(product) for product in products.unique()}
    services = {
        p for p, meant in known.items() if meant and codes.get(meant.product, "")[:2] > _LAST_OF_GOODS
    }
    return ~products.isin(services)


def _known_of(ledger: Ledger) -> set[str]:
    """Offered products that are in the catalogue, or in the ledger's own chain."""
    catalogue = ledger_catalogue(ledger)
    offered = dict.fromkeys(ledger.completed.offers["product"])
    known = {product for product in offered if (meant := catalogue.recognise(product)) and meant.exact}
    return known | {*ledger.product_chain["upstream"], *ledger.product_chain["downstream"]}


def _offers(ledger: Ledger) -> pd.DataFrame:
    """Offers with their share of revenue; where no weight is given, all products weigh alike."""
    offers = ledger.completed.offers[["enterprise_id", "product"]].copy()
    alike = 1.0 / ledger.completed.offers.groupby("enterprise_id")["product"].transform("count")
    offers["share"] = (
        ledger.completed.offers["weight"].astype("float64").fillna(alike).clip(lower=_LEAST_SHARE)
    )
    read = (
        ledger.completed.offers["evidence"]
        .astype("object")
        .fillna("")
        .astype("str")
        .str.startswith(_READ_FROM)
    )
    offers["share"] = offers["share"].where(~read, _READ * offers["share"])
    return offers


def _firms(ledger: Ledger) -> pd.DataFrame:
    firms = ledger.enterprises
    return pd.DataFrame(
        {
            "enterprise_id": firms["enterprise_id"],
            "town": firms["town"].astype("str").where(firms["town"].notna(), ""),
            "headcount": firms["headcount"].astype("float64").fillna(0.0),
            "recognised": firms["category"].isin(_RECOGNISED).astype("float64"),
        }
    )


def _similar(ledger: Ledger, asked: pd.DataFrame, encoder: Encoder) -> pd.DataFrame:
    """Similarity of a seeker's demands and products' names, 0 at the level of chance and 1 at most."""
    texts = ledger.demands.set_index("demand_id")["text"]
    demands = asked[["demand_id", "enterprise_id"]].drop_duplicates()
    products = products_of(ledger) if len(demands) else []
    if not 0 < len(products) <= _MOST_NAMES:
        empty = {"seeker_id": "str", "product": "str", "similar": "float64"}
        return pd.DataFrame(columns=list(empty)).astype(empty)
    written, named = (
        encode(texts[demands["demand_id"]].tolist(), encoder=encoder),
        encode(products, encoder=encoder).T.astype("float64"),
    )
    askers, names = demands["enterprise_id"].to_numpy(), pd.Series(products, dtype="str").to_numpy()
    near = []
    for at in range(0, len(written), _AT_ONCE):  # all at once would not fit into memory
        # Summed in double precision: in single, the sixth decimal depends on the order of the rows.
        cosines = written[at : at + _AT_ONCE].astype("float64") @ named
        similar = ((cosines - _CHANCE) / (_CLOSE - _CHANCE)).clip(max=1.0).round(6)
        row, column = np.nonzero(similar > 0)
        rows = {"seeker_id": askers[at + row], "product": names[column], "similar": similar[row, column]}
        near.append(pd.DataFrame(rows))
    best = pd.concat(near).groupby(["seeker_id", "product"])["similar"].max().reset_index()
    return best.astype({"seeker_id": "str", "product": "str"})
