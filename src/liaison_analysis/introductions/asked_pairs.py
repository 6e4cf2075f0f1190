"""Pairs of enterprises where one asks for what the other offers, or writes that it does."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np
import pandas as pd

from liaison_analysis.introductions.business_words import business_texts
from liaison_analysis.introductions.direct_matches import direct_matches, requests_in_role
from liaison_analysis.introductions.match_probability import BACK_FLOOR
from liaison_analysis.introductions.named_firms import how_named
from liaison_analysis.introductions.roles import COMPLEMENT, PAIR, SERVICE_ROLES
from liaison_analysis.names import brands_of
from liaison_analysis.supply_chain import asked_products

if TYPE_CHECKING:
    from liaison_analysis.introductions.known_trades import KnownTrades
    from liaison_analysis.ledger import Ledger
    from liaison_analysis.text import Encoder

# Weights and thresholds. benchmarks/sensitivity.py moves each by a fifth and prints what that changes.

# Exponent of the share of revenue of an offer that a demand matches, as in the geometric mean of both shares
# on the chain (judgement).
_OF_SHARE: Final = 0.5

# Strength of a demand for a service as evidence for any server of that kind; those who offer what it names
# get 1 (judgement).
_UNNAMED: Final = 0.5
# Strength of a demand that names nothing, for servers whose own words do not answer it either.
_UNSURE: Final = 0.2

# Smallest strength of a match of a request, so that counterparts that answer a demand rank above those whom
# only the general chain proposes (development regions).
_ANSWERS: Final = 0.4

# Weight of a match with a maker where research is asked for (judgement).
_OF_MAKER: Final = 0.6
_INSTITUTES: Final = "高校|大学|院所|院校|研究院|研究所|教授|课题组"

# Demands for a loan and those that refuse one, and lenders that only invest.
_LOAN: Final = r"贷|授信|抵押|质押|利率|银行"
_NO_LOAN: Final = r"(?:不愿|不想|不要|不敢|不打算|不考虑)[^，。；]{0,6}(?:贷|借|债|银行)"
_EQUITY: Final = r"投资|股权|入股|股份|基金|上市|融资轮"
_INVESTS: Final = r"基金|股权|创投|私募|投资"
_LENDS: Final = r"贷|授信|租|保理|担保|银行|保险|小贷|典当"

#: Columns of what the seeker asks for, and of what the counterpart does: product, demand, strength.
ASKED: Final = ["product", "demand_id", "object", "match", "needed", "asked"]
ASKED_BACK: Final = [
    "counterpart_wanted_product", "counterpart_demand_id", "seeker_product", "counterpart_match",
    "counterpart_needed", "back_asked",
]  # fmt: skip


class AskedPairs(NamedTuple):
    """Pairs for one role, where one side asks for what the other offers or writes that it does.

    ``silent`` are the enterprises that list no offers and are known only by their own words; ``serving`` says
    which kind of server each enterprise is.
    """

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
            return best_of_pair(pd.concat([named, direct], ignore_index=True), ASKED), counterparts
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
        wanted = best_of_pair(pd.concat([named, unnamed, direct], ignore_index=True), ASKED)
        return wanted, counterparts | set(direct["counterpart_id"])

    def wanted_of_seekers(self) -> pd.DataFrame:
        """Pairs where the counterpart asks for what the seeker writes that it does."""
        if self.role not in COMPLEMENT:
            return pd.DataFrame(columns=[*PAIR, *ASKED_BACK])
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


def products_asked(ledger: Ledger, intent: str, mentions: pd.DataFrame) -> pd.DataFrame:
    """Products that demands of an intent name; empty, without reading the chain, where nobody asks."""
    if mentions["value"].eq(intent).any():
        return asked_products(ledger, intent, mentions=mentions)
    empty = {"demand_id": "str", "enterprise_id": "str", "product": "str", "score": "float64"}
    return pd.DataFrame(columns=list(empty)).astype(empty)


def offer_matches(
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
    return best_of_pair(pairs[pairs[asker] != pairs[maker]], columns)


def _unnamed(asked: pd.DataFrame, counterparts: list[str]) -> pd.DataFrame:
    """Pair a demand for a service with every server of the kind."""
    # ``product`` is what the counterpart offers and the demand names; here it names none.
    first = asked.sort_values("demand_id").drop_duplicates("enterprise_id")
    pairs = first.rename(columns={"enterprise_id": "seeker_id"})[["seeker_id", "demand_id"]].merge(
        pd.DataFrame({"counterpart_id": counterparts}), how="cross"
    )
    return best_of_pair(
        pairs[pairs["seeker_id"] != pairs["counterpart_id"]].assign(asked=_UNNAMED, product=None), ASKED
    )


def best_of_pair(pairs: pd.DataFrame, columns: list[str]) -> pd.DataFrame:
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
