"""Pairs that trade already, and what demands ask of them that is not what they trade."""

from __future__ import annotations

import unicodedata
from collections import defaultdict
from typing import TYPE_CHECKING

import pandas as pd

from liaison_analysis.introductions.product_matches import product_matcher
from liaison_analysis.introductions.roles import PAIR
from liaison_analysis.ledger import ledger_catalogue

if TYPE_CHECKING:
    from liaison_analysis.ledger import Ledger

# Last characters in which two products of a sort agree (judgement).
_HEAD = 2


class KnownTrades:
    """What pairs of enterprises trade, whoever sells.

    Parameters
    ----------
    ledger
        Its ``supplies``.

    Examples
    --------
    >>> from liaison_analysis import load_liangjiang
    >>> trades = KnownTrades(load_liangjiang())
    >>> trades.products("E245", "E001")
    ['工业机器人']
    >>> trades.is_new("E245", "E001", "机器人"), trades.is_new("E245", "E001", "伺服电机")
    (False, True)
    """

    def __init__(self, ledger: Ledger) -> None:
        self._ledger = ledger
        self._products: dict[frozenset[str], set[str]] = defaultdict(set)
        columns = ["supplier_id", "customer_id", "product"]
        rows = ledger.supplies[columns].astype("object").fillna("").astype("str")
        for supplier, customer, product in rows.itertuples(index=False):
            self._products[frozenset((supplier, customer))].add(product.strip())

    def products(self, one: str, other: str) -> list[str]:
        """Products that a pair trades, sorted; ``""`` where the ledger does not name one."""
        return sorted(self._products.get(frozenset((one, other)), ()))

    def is_new(self, one: str, other: str, product: str) -> bool:
        """Whether a product is surely none of those that a pair trades, nor a kind of them or the reverse."""
        traded = self.products(one, other)
        return bool(product) and all(known and not self._same(product, known) for known in traded)

    def only_new(self, matches: pd.DataFrame, product: str | None) -> pd.DataFrame:
        """Leave out matches of pairs that trade, except those for a product that they do not trade yet.

        A demand that names a product they trade beside another is not taken for something new.

        Parameters
        ----------
        matches
            Columns seeker_id, counterpart_id and demand_id.
        product
            Column of the product to be delivered; None where the matches do not name it.

        Returns
        -------
        DataFrame
            Some of the rows.
        """
        if not self._products or matches.empty:
            return matches
        keys = [*PAIR, "demand_id"]
        trade = pd.Series(
            [frozenset(pair) in self._products for pair in matches[PAIR].itertuples(index=False)],
            index=matches.index,
            dtype="bool",
        )
        among = matches[trade]
        goods = among[product].fillna("").astype("str") if product is not None else [""] * len(among)
        rows = zip(among[keys].itertuples(index=False, name=None), goods, strict=True)
        old = {key for key, thing in rows if not self.is_new(key[0], key[1], thing)}
        is_old = pd.Series(
            [key in old for key in matches[keys].itertuples(index=False, name=None)],
            index=matches.index,
            dtype="bool",
        )
        return matches[~is_old]

    def _same(self, one: str, other: str) -> bool:
        a, b = (unicodedata.normalize("NFKC", text).casefold().replace(" ", "") for text in (one, other))
        # A Chinese compound's head stands last: 电芯 read as 软包电芯 may be the 圆柱电芯 that they trade.
        if a in b or b in a or a[-_HEAD:] == b[-_HEAD:]:
            return True
        matcher = product_matcher(ledger_catalogue(self._ledger))
        mine, theirs, fits = matcher.meant(one), matcher.meant(other), matcher.answers
        return any(fits(p, q) > 0 or fits(q, p) > 0 for p in mine for q in theirs)
