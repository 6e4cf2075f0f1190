"""Evidence for an introduction: frames read out of a ledger, and the joins that combine them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np
import pandas as pd

from liaison_analysis.demands import demand_mentions, products_of
from liaison_analysis.introductions.business_words import business_texts
from liaison_analysis.introductions.direct_matches import direct_matches, requests_in_role
from liaison_analysis.introductions.known_trades import KnownTrades
from liaison_analysis.introductions.match_probability import BACK_FLOOR
from liaison_analysis.introductions.named_firms import how_named
from liaison_analysis.introductions.roles import (
    COMPLEMENT,
    PAIR,
    ROLES,
    SERVICE_ROLES,
    serving_roles,
    sides,
)
from liaison_analysis.ledger import ledger_catalogue
from liaison_analysis.names import brands_of
from liaison_analysis.products import GENERAL
from liaison_analysis.supply_chain import MAX_HOPS, PACKAGING, asked_products, chain_paths
from liaison_analysis.text import encode

if TYPE_CHECKING:
    import ibis

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

# Path strength at which the chain's evidence counts half: that of the sample's best two-link paths.
_HALF: Final = 0.1
# Least share of revenue of an offer, so that a path over it still counts; exponent of the share where a
# demand matches an offer, as in the geometric mean of both shares on the chain; and an upper bound on a
# path's strength, so that its odds are finite (judgement).
_LEAST_SHARE: Final = 0.01
_OF_SHARE: Final = 0.5
_NEARLY_ONE: Final = 0.999999

# Strength of a demand for a service as evidence for any server of that kind; those who offer what it names
# get 1 (judgement).
_UNNAMED: Final = 0.5

# Cosines of a demand and a product's name that count 0 and 1: 99 % of the sample's lie below the first, all
# below the second.
_CHANCE: Final = 0.24
_CLOSE: Final = 0.5

# Most names that are compared with demands, and demands in one batch: some 60 MB.
_MOST_NAMES: Final = 20_000
_AT_ONCE: Final = 2_000
# Columns of what the seeker asks for, and of what the counterpart does: product, demand, strength.
_ASKED: Final = ["product", "demand_id", "object", "match", "needed", "asked"]
_ASKED_BACK: Final = [
    "counterpart_wanted_product", "counterpart_demand_id", "seeker_product", "counterpart_match",
    "counterpart_needed", "back_asked",
]  # fmt: skip


# Weight of a match with a maker where research is asked for (judgement).
_OF_MAKER: Final = 0.6
_INSTITUTES: Final = "高校|大学|院所|院校|研究院|研究所|教授|课题组"

# Demands for a loan and those that refuse one, and lenders that only invest.
_LOAN: Final = r"贷|授信|抵押|质押|利率|银行"
_NO_LOAN: Final = r"(?:不愿|不想|不要|不敢|不打算|不考虑)[^，。；]{0,6}(?:贷|借|债|银行)"
_EQUITY: Final = r"投资|股权|入股|股份|基金|上市|融资轮"
_INVESTS: Final = r"基金|股权|创投|私募|投资"
_LENDS: Final = r"贷|授信|租|保理|担保|银行|保险|小贷|典当"

# Smallest strength of a match of a request, so that counterparts that answer a demand rank above those whom
# only the general chain proposes; and weight of a share of revenue read out of a business text against one
# that the ledger lists (development regions).
_ANSWERS: Final = 0.4
_READ: Final = 0.2
_READ_FROM: Final = "主营业务："

# Divisions of GB/T 4754 up to this one produce goods; the others are services.
_LAST_OF_GOODS: Final = "50"

# Strength of a demand that names nothing, for servers whose own words do not answer it either.
_UNSURE: Final = 0.2
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
    asking = _Asking(ledger, role, seekers, serving, silent, requests, encoder, trades)
    listed = offers[~offers["enterprise_id"].isin(silent)]
    asked = _asked(ledger, ROLES[role], mentions)
    # Lenders and laboratories do not look for a lender or a laboratory.
    asked = asked[asked["enterprise_id"].isin(seekers) & asked["enterprise_id"].map(serving).ne(role)]
    # A demand for customers names what they make, not what they would buy.
    goods = None if role == "customer" else "product"
    named = _matches(asked, listed, "seeker_id", "counterpart_id", _ASKED, trades=trades, goods=goods)
    wanted, counterparts = asking.wanted(named, asked, counterparts)
    back = _asked(ledger, COMPLEMENT.get(role, ""), mentions)
    goods = None if role == "supplier" else "product"
    theirs = _matches(back, listed, "counterpart_id", "seeker_id", _ASKED_BACK, trades=trades, goods=goods)
    theirs = _best_of_pair(pd.concat([theirs, asking.wanted_of_seekers()], ignore_index=True), _ASKED_BACK)
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


class _Asking(NamedTuple):
    """Who asks for a role, and which enterprises are known only by their own words."""

    ledger: Ledger
    role: str
    seekers: list[str]
    serving: pd.Series
    silent: set[str]
    requests: pd.DataFrame | None
    encoder: Encoder
    trades: KnownTrades | None

    def wanted(
        self, named: pd.DataFrame, asked: pd.DataFrame, counterparts: set[str]
    ) -> tuple[pd.DataFrame, set[str]]:
        """Pairs where the seeker asks for what the counterpart does, and who the counterparts are then."""
        role, ledger = self.role, self.ledger
        everyone = ledger.enterprises["enterprise_id"]
        # An institute that looks for a research partner wants a maker.
        askers = [e for e in self.seekers if self.serving.get(e, "") != role or role == "research partner"]
        may_serve = counterparts if role in {"financier", "tester"} else set(everyone)
        direct = direct_matches(
            ledger, role, seekers=askers, counterparts=self.silent & may_serve, encoder=self.encoder,
            requests=self.requests, trades=self.trades,
        )  # fmt: skip
        direct["asked"] = _ANSWERS + (1 - _ANSWERS) * direct["asked"]
        if role not in SERVICE_ROLES:
            return _best_of_pair(pd.concat([named, direct], ignore_index=True), _ASKED), counterparts
        named["asked"] = _UNNAMED + (1 - _UNNAMED) * named["asked"]
        unnamed = _unnamed(asked, sorted(counterparts))
        if self.trades is not None:
            unnamed = self.trades.only_new(unnamed, None)
        texts = business_texts(ledger)
        unsure = unnamed["counterpart_id"].isin(self.silent & set(texts.index[texts.ne("")]))
        if role != "financier" and self.silent:
            # Enterprises known by their own words are not proposed for a named thing that they do not
            # mention, nor where the words of others answer. Any lender can be asked for money.
            naming = requests_in_role(ledger, role, set(askers), self.requests)
            answered = {*direct["demand_id"], *(request.demand_id for request in naming if request.things)}
            unnamed = unnamed[~(unsure & unnamed["demand_id"].isin(answered))]
        brands = brands_of({str(firm): str(name) for firm, name in ledger.names().items()})
        demand_texts = ledger.demands.set_index("demand_id")["text"].astype("str")
        turned = [
            how_named(brands.get(firm, ""), demand_texts.get(demand, ""), brands.values())[1]
            for firm, demand in unnamed[["counterpart_id", "demand_id"]].itertuples(index=False)
        ]
        unnamed = unnamed[~np.array(turned, dtype=bool)]
        if role == "financier":
            unnamed, direct = (
                _without_unfit_lenders(pairs, demand_texts, texts) for pairs in (unnamed, direct)
            )
        unsure = unsure[unnamed.index]
        unnamed = unnamed.assign(asked=unnamed["asked"].where(~unsure, _UNSURE))
        # A maker can be a research partner too, ranked after institutes, and only where the probability is
        # high.
        trade = direct["counterpart_id"].isin(counterparts) | direct["seeker_id"].map(self.serving).eq(role)
        if role == "research partner":
            # Who wishes for a university wishes for no maker.
            of_institutes = direct["demand_id"].map(demand_texts).str.contains(_INSTITUTES)
            kept = trade | ~of_institutes.fillna(value=False).astype(bool)
            direct, trade = direct[kept], trade[kept]
        direct["asked"] = direct["asked"].where(trade, _OF_MAKER * direct["asked"])
        direct = direct[direct["counterpart_id"].isin(counterparts) | direct["match"].ne("")]
        wanted = _best_of_pair(pd.concat([named, unnamed, direct], ignore_index=True), _ASKED)
        return wanted, counterparts | set(direct["counterpart_id"])

    def wanted_of_seekers(self) -> pd.DataFrame:
        """Pairs where the counterpart asks for what the seeker writes that it does."""
        if self.role not in COMPLEMENT:
            return pd.DataFrame(columns=[*PAIR, *_ASKED_BACK])
        makers = self.silent & set(self.seekers) & set(self.serving.index[self.serving.eq("")])
        found = direct_matches(
            self.ledger, COMPLEMENT[self.role], seekers=self.ledger.enterprises["enterprise_id"],
            counterparts=makers, encoder=self.encoder, requests=self.requests, trades=self.trades,
        )  # fmt: skip
        found = found[found["asked"].ge(BACK_FLOOR)]
        return pd.DataFrame(
            {
                "seeker_id": found["counterpart_id"], "counterpart_id": found["seeker_id"],
                "counterpart_wanted_product": found["object"], "counterpart_demand_id": found["demand_id"],
                "seeker_product": found["product"], "counterpart_match": found["match"],
                "counterpart_needed": found["needed"],
                "back_asked": _ANSWERS + (1 - _ANSWERS) * found["asked"],
            }
        )  # fmt: skip


def _without_unfit_lenders(pairs: pd.DataFrame, demands: pd.Series, business: pd.Series) -> pd.DataFrame:
    """Leave out those who only invest where a loan is asked for, and who only lend where it is refused."""
    asks, does = pairs["demand_id"].map(demands), pairs["counterpart_id"].map(business)
    loan, no_loan, equity, invests, lends = (
        texts.astype("str").str.contains(words).fillna(value=False).to_numpy(dtype=bool)
        for texts, words in (
            (asks, _LOAN), (asks, _NO_LOAN), (asks, _EQUITY), (does, _INVESTS), (does, _LENDS),
        )
    )  # fmt: skip
    only_invests, only_lends = invests & ~lends, lends & ~invests
    return pairs[~(loan & ~equity & ~no_loan & only_invests) & ~(no_loan & only_lends)]


def _asked(ledger: Ledger, intent: str, mentions: pd.DataFrame) -> pd.DataFrame:
    """Products that demands of an intent name; empty, without reading the chain, where nobody asks."""
    if mentions["value"].eq(intent).any():
        return asked_products(ledger, intent, mentions=mentions)
    empty = {"demand_id": "str", "enterprise_id": "str", "product": "str", "score": "float64"}
    return pd.DataFrame(columns=list(empty)).astype(empty)


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


def _matches(
    asked: pd.DataFrame,
    offers: pd.DataFrame,
    asker: str,
    maker: str,
    columns: list[str],
    *,
    trades: KnownTrades | None,
    goods: str | None,
) -> pd.DataFrame:
    """Pairs where one asks for what the other offers: the mention with the highest score of each pair."""
    named = asked.dropna(subset=["product"]).rename(columns={"enterprise_id": asker})
    pairs = named.merge(offers.rename(columns={"enterprise_id": maker}), on="product")
    if trades is not None:
        pairs = trades.only_new(pairs, goods)
    pairs[columns[-1]] = pairs["score"] * pairs["share"] ** _OF_SHARE
    pairs = pairs.rename(columns={"product": columns[0], "demand_id": columns[1]})
    return _best_of_pair(pairs[pairs[asker] != pairs[maker]], columns)


def _unnamed(asked: pd.DataFrame, counterparts: list[str]) -> pd.DataFrame:
    """Pair a demand for a service with every server of the kind."""
    # ``product`` is what the counterpart offers and the demand names; here it names none.
    first = asked.sort_values("demand_id").drop_duplicates("enterprise_id")
    pairs = first.rename(columns={"enterprise_id": "seeker_id"})[["seeker_id", "demand_id"]].merge(
        pd.DataFrame({"counterpart_id": counterparts}), how="cross"
    )
    return _best_of_pair(
        pairs[pairs["seeker_id"] != pairs["counterpart_id"]].assign(asked=_UNNAMED, product=None), _ASKED
    )


def _best_of_pair(pairs: pd.DataFrame, columns: list[str]) -> pd.DataFrame:
    """Best row of each pair; texts that are missing are empty, since engines differ on missing ones."""
    what, demand, *further, strength = columns
    order = pairs.sort_values(
        [*PAIR, strength, what, demand], ascending=[True, True, False, True, True], kind="stable"
    )
    texts = [what, demand, *further]
    best = order.drop_duplicates(PAIR)
    best = best.assign(**{name: "" for name in texts if name not in best})[[*PAIR, *columns]]
    best[texts] = best[texts].astype("object").fillna("")
    return best.astype(dict.fromkeys([*PAIR, *texts], "str") | {strength: "float64"})


def chain_links(tables: dict[str, ibis.Table], role: str, pairs: ibis.Table | None = None) -> ibis.Table:
    """Every path of the product chain from the supplying side's offers to the receiving side's.

    Parameters
    ----------
    tables
        ``evidence_frames`` as tables.
    role
        One of ``ROLES``. A service is for one product only: paths of one link.
    pairs
        Only these; by default all.

    Returns
    -------
    ibis.Table
        seeker_id, counterpart_id, path and strength (that of the path, times the geometric mean of both
        shares of revenue).
    """
    import ibis

    supplier, customer = sides(role)
    side = {"seeker_id": tables["seekers"], "counterpart_id": tables["counterparts"]}
    if pairs is not None:
        side = {column: pairs.select(column).distinct() for column in PAIR}
    offers = tables["offers"]
    makers = offers.select(**{supplier: offers.enterprise_id}, start=offers["product"], share=offers.share)
    makers = makers.semi_join(side[supplier], supplier)
    users = offers.select(
        **{customer: offers.enterprise_id}, end=offers["product"], share_of_user=offers.share
    )
    users = users.semi_join(side[customer], customer)
    hops = MAX_HOPS if role in COMPLEMENT else 1
    paths = chain_paths(tables["feeds"], makers.select(product="start"), hops=hops)
    joined = makers.join(paths, "start")
    joined = joined.join(users, joined["product"] == users.end)
    joined = joined.filter(ibis._.seeker_id != ibis._.counterpart_id)
    strength = ibis._.strength * (ibis._.share * ibis._.share_of_user).sqrt()
    return joined.select(*PAIR, "path", strength=strength)


def chain_evidence(links: ibis.Table) -> ibis.Table:
    """Pairs that the product chain joins, with ``chain`` as the joint strength of their paths."""
    # 1 − s stays above 0: both shares and every link's strength are at most 1, but all can be 1.
    left = (1.0 - links.strength.clip(upper=_NEARLY_ONE)).ln()
    summed = links.group_by(PAIR).agg(missed=left.sum().exp())
    joint = 1.0 - summed.missed
    return summed.select(*PAIR, chain=joint / (joint + _HALF))


def best_paths(links: ibis.Table) -> ibis.Table:
    """Strongest path of each pair, ties broken by its text."""
    import ibis

    order = [links.strength.round(9).desc(), links.path]
    place = ibis.row_number().over(group_by=PAIR, order_by=order)
    return links.mutate(place=place).filter(ibis._.place == 0).select(*PAIR, "path")


def linked_evidence(tables: dict[str, ibis.Table], role: str, pairs: ibis.Table) -> ibis.Table:
    """Known links of similar firms: who supplies firms like this one.

    A firm that makes what the customer makes and buys from the supplier, or one that makes what the supplier
    makes and sells to the customer, is evidence for the pair; n of them count n / (n + 1) (as two-sided L3,
    Kovács et al. 2019, doi:10.1038/s41467-019-09177-y).

    Returns
    -------
    ibis.Table
        seeker_id, counterpart_id, linked and linked_via (the first such firm by id), for pairs with any.
    """
    import ibis

    supplier, customer = sides(role)
    traded, offers = tables["traded"], tables["offers"]
    mine = offers.select(like="enterprise_id", product="product")
    traders = ibis.union(traded.select(via="supplier_id"), traded.select(via="customer_id"), distinct=True)
    theirs = offers.select(via="enterprise_id", product="product").semi_join(traders, "via")
    alike = mine.join(theirs, "product").select("like", "via").distinct()
    alike = alike.filter(alike.like != alike.via)
    wanted = pairs.select(*PAIR)
    buys_too = wanted.join(alike, wanted[customer] == alike.like)
    sold = traded.select(**{supplier: traded.supplier_id}, via=traded.customer_id)
    buys_too = buys_too.semi_join(sold, [supplier, "via"]).select(*PAIR, "via")
    sells_too = wanted.join(alike, wanted[supplier] == alike.like)
    bought = traded.select(**{customer: traded.customer_id}, via=traded.supplier_id)
    sells_too = sells_too.semi_join(bought, [customer, "via"]).select(*PAIR, "via")
    standing = ibis.union(buys_too, sells_too, distinct=True).group_by(PAIR)
    n = ibis._.count().cast("float64")
    return standing.agg(linked=n / (n + 1.0), linked_via=ibis._.via.min())


def context_evidence(tables: dict[str, ibis.Table], role: str, pairs: ibis.Table) -> ibis.Table:
    """Add context, which can only re-order pairs: linked, linked_via, similar, town, size and category."""
    import ibis

    firms = tables["firms"]
    mine = firms.select(
        seeker_id="enterprise_id", my_town=firms.town, my_size=firms.headcount.cast("float64")
    )
    theirs = firms.select(
        counterpart_id="enterprise_id", their_town=firms.town, their_size=firms.headcount.cast("float64"),
        category=firms.recognised.cast("float64"),
    )  # fmt: skip
    offers = tables["offers"].select(counterpart_id="enterprise_id", product="product")
    # Pairs are joined first: products similar to a demand have many makers, few of them on the shortlist.
    near = (
        pairs.select(*PAIR).join(offers, "counterpart_id").join(tables["similar"], ["seeker_id", "product"])
    )
    near = near.group_by(PAIR).agg(similar=ibis._.similar.max())
    linked = linked_evidence(tables, role, pairs)
    whole = pairs.join(mine, "seeker_id").join(theirs, "counterpart_id")
    whole = whole.left_join(near, PAIR, rname="{name}_of_near").left_join(
        linked, PAIR, rname="{name}_of_linked"
    )
    small, large = (f(whole.my_size, whole.their_size) for f in (ibis.least, ibis.greatest))
    same = (whole.my_town == whole.their_town) & (whole.my_town != "")
    return whole.select(
        *pairs.columns,
        "linked_via",
        "category",
        linked=whole.linked.fill_null(0.0),
        similar=whole.similar.fill_null(0.0),
        town=ibis.ifelse(same, 1.0, 0.0),
        size=ibis.ifelse(small > 0, small / ibis.ifelse(large > 0, large, 1.0), 0.0),
    )
